//! From events to rows, in six steps, each in its own module: what stands ([`versions`]), how each opportunity stands
//! ([`opportunity`]), the cycles of each lead ([`cycles`]), which opportunity belongs to which cycle and what was won
//! ([`outcome`]), which activities and touches fall in which cycle ([`route`]); and who had each lead in turn ([`turns`]).
//!
//! Not here: sentences (`explain` makes them of the same steps). Invariant: no step allocates once the scratch space
//! has grown, and no step looks at more than the journey it is given.

mod cycles;
mod opportunity;
mod outcome;
mod recorder;
mod route;
mod span;
mod turns;
mod versions;

use agreement::Definitions;
use terms::Stage;

use crate::{
    Code, Event, JourneyFacts, JourneyInput, LeadCycle, LeadLink, LeadSeen, OpportunityLink, OpportunitySeen, Source,
};
pub(crate) use recorder::{HandoffRule, Recorder, Step};
pub(crate) use span::Span;

/// The fold of many journeys under one set of definitions; it keeps its scratch space between journeys.
pub struct Fold<'d> {
    definitions: &'d Definitions,
    as_if: Option<i32>,
    scratch: Scratch,
}

impl<'d> Fold<'d> {
    /// A fold under these definitions, as if it were `as_if` (minutes since 1970), or with all that is known.
    pub fn new(definitions: &'d Definitions, as_if: Option<i32>) -> Fold<'d> {
        Fold { definitions, as_if, scratch: Scratch::default() }
    }

    /// Folds one journey and appends its rows to `facts`. Allocates nothing once its scratch space has grown.
    pub fn run(&mut self, input: &JourneyInput<'_>, facts: &mut JourneyFacts) {
        self.run_with(input, facts, &mut recorder::Silent);
    }

    /// The same, telling each step.
    pub(crate) fn run_with<R: Recorder>(
        &mut self,
        input: &JourneyInput<'_>,
        facts: &mut JourneyFacts,
        recorder: &mut R,
    ) {
        let scratch = &mut self.scratch;
        versions::gather(input, versions::AsIf(self.as_if), scratch, recorder);
        opportunity::settle(scratch, recorder);
        cycles::walk(self.definitions, scratch, recorder);
        outcome::decide(self.definitions, scratch, recorder);
        route::all(self.definitions, scratch, facts, recorder);
        turns::all(input.journey, scratch, facts, recorder);
        for cycle in &mut scratch.cycles {
            cycle.row.journey = input.journey;
            facts.cycles.push(cycle.row);
        }
        for opportunity in &scratch.opportunities {
            facts.opportunities.push(opportunity.row(input.journey, &scratch.leads, &scratch.cycles));
        }
    }
}

/// Folds one journey.
pub fn fold(input: &JourneyInput<'_>, definitions: &Definitions, as_if: Option<i32>) -> JourneyFacts {
    let mut facts = JourneyFacts::default();
    Fold::new(definitions, as_if).run(input, &mut facts);
    facts
}

/// When something sorts among everything that happened, as [`Event::order`] says it.
type Order = (i64, u16);

/// What is at hand while one journey is folded.
#[derive(Default)]
struct Scratch {
    versions: Vec<Event>,
    /// Ids and places of the events, by id.
    by_id: Vec<(u64, u32)>,
    /// What stands and had happened, in order.
    events: Vec<Event>,
    /// Changes of fields that had not happened yet: they know the value before.
    later: Vec<Event>,
    /// Hand-offs and responses that versions of leads record.
    marks: Vec<Mark>,
    leads: Vec<Lead>,
    opportunities: Vec<Opportunity>,
    /// What identity knows, by key: a shared mailbox can tie thousands of leads into one journey.
    lead_links: Vec<LeadLink>,
    opportunity_links: Vec<OpportunityLink>,
    steps: Vec<StageStep>,
    /// By lead, then number.
    cycles: Vec<Cycle>,
    /// Places in `cycles`, by their start.
    by_start: Vec<u32>,
    /// The cycle and the time of each attempt on its clock.
    attempts: Vec<(u32, i32)>,
    /// Who versions of leads say has them.
    held: Vec<turns::Held>,
    /// Of one lead, while its turns are told.
    turns: Vec<turns::Held>,
}

impl Scratch {
    fn clear(&mut self) {
        self.events.clear();
        self.later.clear();
        self.marks.clear();
        self.leads.clear();
        self.opportunities.clear();
        self.lead_links.clear();
        self.opportunity_links.clear();
        self.steps.clear();
        self.cycles.clear();
        self.by_start.clear();
        self.attempts.clear();
        self.held.clear();
    }

    fn lead_at(&self, key: u64) -> Option<usize> {
        find(&self.leads, key, |l| l.key)
    }

    fn opportunity_at(&self, key: u64) -> Option<usize> {
        find(&self.opportunities, key, |o| o.key)
    }
}

fn find<T>(sorted: &[T], key: u64, of: impl Fn(&T) -> u64) -> Option<usize> {
    if key == 0 {
        return None;
    }
    sorted.binary_search_by_key(&key, of).ok()
}

/// A moment that a version of a lead records.
#[derive(Clone, Copy)]
struct Mark {
    lead: u64,
    span: Span,
    is_handoff: bool,
    source: Source,
}

/// A lead as it stands.
#[derive(Clone, Copy)]
struct Lead {
    key: u64,
    record: LeadSeen,
    source: Source,
    /// When its last version was valid, and the last one that gave a stage.
    seen_at: Order,
    stage_at: Order,
    converted_later: bool,
    won_later: bool,
    contradicted: bool,
    /// Its cycles in `Scratch::cycles`.
    from: usize,
    to: usize,
}

impl Default for Lead {
    fn default() -> Self {
        Lead {
            key: 0,
            record: LeadSeen::default(),
            source: Source::default(),
            seen_at: (i64::MIN, 0),
            stage_at: (i64::MIN, 0),
            converted_later: false,
            won_later: false,
            contradicted: false,
            from: 0,
            to: 0,
        }
    }
}

/// An opportunity as it stands.
#[derive(Clone, Copy)]
struct Opportunity {
    key: u64,
    record: OpportunitySeen,
    source: Source,
    seen_at: Order,
    stage_at: Order,
    /// All its versions are later than the moment folded for: only what is dated counts.
    is_ahead: bool,
    /// Its close date is later than that moment.
    closes_later: bool,
    link: OpportunityLink,
    created: Span,
    /// `Opportunity` while open, `ClosedWon`, `ClosedLost`.
    outcome: Stage,
    closed: Span,
    stage_raw: Code,
    contradicted: bool,
    /// Its lead, and the cycle it belongs to.
    lead: Option<u32>,
    cycle: Option<u32>,
}

impl Default for Opportunity {
    fn default() -> Self {
        Opportunity {
            key: 0,
            record: OpportunitySeen::default(),
            source: Source::default(),
            seen_at: (i64::MIN, 0),
            stage_at: (i64::MIN, 0),
            is_ahead: false,
            closes_later: false,
            link: OpportunityLink::default(),
            created: Span::NONE,
            outcome: Stage::Opportunity,
            closed: Span::NONE,
            stage_raw: 0,
            contradicted: false,
            lead: None,
            cycle: None,
        }
    }
}

/// A lead entered a stage, or one of its opportunities was lost.
#[derive(Clone, Copy)]
struct StageStep {
    lead: u32,
    order: Order,
    stage: Stage,
    raw: Code,
    span: Span,
    /// The event, `None` for a lost opportunity.
    event: Option<u32>,
}

/// A cycle while it is folded; `row` is what becomes of it.
#[derive(Clone, Copy)]
struct Cycle {
    lead: u32,
    start: Span,
    /// How far it got: 0 inquiry to 5 won.
    rank: u8,
    exit: Option<(Stage, Span, Order)>,
    /// The last stage it entered.
    last: Option<(Order, Stage, Code)>,
    converted: Span,
    /// The win as the lead itself records it, and whether one is recorded.
    own_win: Span,
    is_own_win: bool,
    primary: Option<u32>,
    /// The first minute at which the sales clock runs.
    clock: i32,
    row: LeadCycle,
}

impl Cycle {
    /// The last minute that belongs to it.
    fn end(&self) -> i32 {
        let span = if self.row.reached_won == 1 {
            Span { first: self.row.won_at, last: self.own_win.last.max(self.row.won_at) }
        } else {
            self.exit.map_or(Span::NONE, |e| e.1)
        };
        if span.is_known() { span.last } else { i32::MAX }
    }
}
