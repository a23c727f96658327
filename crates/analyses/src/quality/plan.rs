//! What is compared: at which grain, by which columns, with what outcome; and the specs that count it.
//!
//! Here: the choice of rows, rep and outcomes. Not here: which of the outcomes is old enough (only counts can tell).
//! Invariant: one tally holds the cells of both periods and of the history.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Dim, Grain, Measure, Spec, Test};
use terms::{PeriodUnit, Stage};

use super::settings::{COARSE, FAST_MINUTES, HORIZONS, MONTHS, REP_KNOWN, REP_KNOWN_GAP, WORKED};
use crate::columns::{DAY, at, by_lot, dimension, got_to, tried};
use crate::lay::LEAD_REPS;
use crate::{Lay, Question, records};

/// Something that a row may come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub stage: Stage,
    /// Within so many days of the start; `None` where rows are counted when they end.
    pub days: Option<i64>,
    pub there: Vec<Test>,
}

/// Why there is no rep to tell apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRep {
    /// No column names one.
    NotRecorded,
    /// Known for those who won and for few others.
    OnlyWhenWon,
    /// Somebody holds many rows of which nothing came, or all: to be held by another is a part of the outcome.
    Held,
}

/// Everything that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub grain: Grain,
    pub source: Column,
    /// The columns that name the rep, the first that does counts.
    pub rep: Result<&'static [Column], NoRep>,
    /// A second column that is held fixed.
    pub segment: Option<Column>,
    /// When a row counts: its start, or its end where only ended rows do.
    pub when: Column,
    /// Minutes in the unit of `when`, 1 or a day's.
    pub unit: i64,
    /// Whether rows that were never attempted are left out.
    pub worked: bool,
    /// Whether some leads were dealt out by lot; these are counted by themselves.
    pub by_lot: bool,
    pub has_attempts: bool,
    /// Months or quarters.
    pub calendar: PeriodUnit,
    /// First and last of `when` (in its unit) that are counted.
    pub window: (i64, i64),
    /// Where `when` is cut: at the ends of both periods and at the ages of the horizons.
    pub edges: Vec<i64>,
    pub outcomes: Vec<Outcome>,
}

/// Why nothing can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPlan {
    Dates,
    Source,
    Outcome,
}

/// The plan for a question.
pub fn plan(question: &Question, lay: &Lay) -> Result<Plan, NoPlan> {
    let lay = &lay.followed();
    if lay.dated_leads > 0 {
        of_leads(question, lay)
    } else if lay.dated_opportunities > 0 {
        of_opportunities(question, lay)
    } else {
        Err(NoPlan::Dates)
    }
}

fn of_leads(question: &Question, lay: &Lay) -> Result<Plan, NoPlan> {
    // where not every lead becomes mql, what sales was given is judged, from when it was given
    let by_handoff = lay.stages().iter().skip(1).any(|s| *s == Stage::Mql);
    // where attempts are recorded for what was won, what was never tried says nothing of leads or reps
    let of_tried = lay.ends[usize::from(by_handoff) + 2];
    let worked = of_tried.0 > 0 && of_tried.0 as f64 >= WORKED * lay.ends[usize::from(by_handoff)].0 as f64;
    let when = if by_handoff { lead::HANDOFF_AT } else { lead::CREATED_AT };
    let recorded = [(Stage::ClosedWon, 5), (Stage::Opportunity, 4), (Stage::Sql, 3)];
    let stages = recorded.into_iter().filter(|(_, place)| lay.timed[*place] > 0).take(2);
    let outcomes: Vec<Outcome> = stages
        .filter_map(|(stage, _)| Some((stage, at(stage)?)))
        .flat_map(|(stage, at)| {
            HORIZONS.map(|days| {
                let later = Test::Elapsed(when, at, days * DAY + 1, i64::MAX);
                let mut there = got_to(stage);
                there.push(Test::Not(Box::new(later)));
                Outcome { stage, days: Some(days), there }
            })
        })
        .collect();
    if outcomes.is_empty() {
        return Err(NoPlan::Outcome);
    }
    let which = usize::from(by_handoff) + 2 * usize::from(worked);
    let rep = LEAD_REPS.into_iter().zip(&lay.lead_reps).map(|(columns, known)| (columns, known[which]));
    finish(
        question,
        Plan {
            grain: Grain::LeadCycle,
            source: lay.column(Grain::LeadCycle, &asked(question, Grain::LeadCycle)).ok_or(NoPlan::Source)?,
            rep: rep_columns(rep, lay.ends[which]),
            segment: asked(question, Grain::LeadCycle).get(1).and_then(|name| dimension(Grain::LeadCycle, name)),
            when,
            unit: 1,
            worked,
            by_lot: lay.by_lot > 0,
            has_attempts: lay.attempts > 0,
            calendar: if lay.leads > COARSE { PeriodUnit::Quarter } else { PeriodUnit::Month },
            window: (0, 0),
            edges: vec![],
            outcomes,
        },
    )
}

fn of_opportunities(question: &Question, lay: &Lay) -> Result<Plan, NoPlan> {
    if lay.lost == 0 || lay.won == 0 {
        return Err(NoPlan::Outcome);
    }
    const OWNER: &[Column] = &[opp::OWNER];
    let rep = [(OWNER, lay.opportunity_owners)].into_iter();
    finish(
        question,
        Plan {
            grain: Grain::Opportunity,
            source: lay.column(Grain::Opportunity, &asked(question, Grain::Opportunity)).ok_or(NoPlan::Source)?,
            rep: rep_columns(rep, (lay.won, lay.lost)),
            segment: asked(question, Grain::Opportunity).get(1).and_then(|name| dimension(Grain::Opportunity, name)),
            when: opp::CLOSED_ON,
            unit: DAY,
            worked: false,
            by_lot: false,
            has_attempts: false,
            calendar: if lay.opportunities > COARSE { PeriodUnit::Quarter } else { PeriodUnit::Month },
            window: (0, 0),
            edges: vec![],
            outcomes: vec![Outcome { stage: Stage::ClosedWon, days: None, there: vec![Test::Has(opp::WON_ON)] }],
        },
    )
}

/// The columns asked for that rows can be told apart by.
fn asked(question: &Question, grain: Grain) -> Vec<String> {
    question.by.iter().filter(|name| dimension(grain, name).is_some()).cloned().collect()
}

/// The first columns that name the rep alike for rows with and without a win.
fn rep_columns(
    columns: impl Iterator<Item = (&'static [Column], (u64, u64))>,
    (won, not): (u64, u64),
) -> Result<&'static [Column], NoRep> {
    let mut why = NoRep::NotRecorded;
    for (columns, known) in columns {
        let share = |known: u64, of: u64| if of > 0 { known as f64 / of as f64 } else { 0.0 };
        let (of_won, of_others) = (share(known.0, won), share(known.1, not));
        if of_others >= REP_KNOWN && of_won - of_others <= REP_KNOWN_GAP {
            return Ok(columns);
        }
        if known.0 > 0 && of_won - of_others > REP_KNOWN_GAP {
            why = NoRep::OnlyWhenWon;
        }
    }
    Err(why)
}

fn finish(question: &Question, mut plan: Plan) -> Result<Plan, NoPlan> {
    let (base, asked) = (question.base(), question.period);
    let month = question.fiscal.index(PeriodUnit::Month, asked.last);
    let oldest = question.fiscal.period(PeriodUnit::Month, month - MONTHS + 1).first;
    let in_unit = |day: i32| i64::from(day) * DAY / plan.unit;
    let first = in_unit(oldest.0.min(base.first.0).min(asked.first.0));
    let last = in_unit(asked.last.0.max(base.last.0) + 1) - 1;
    let seen = (question.as_of_minutes + 1).div_euclid(plan.unit) - 1;
    let mut edges: Vec<i64> = [base, asked].iter().flat_map(|p| [in_unit(p.first.0), in_unit(p.last.0 + 1)]).collect();
    edges.extend(plan.outcomes.iter().filter_map(|o| o.days).map(|days| question.as_of_minutes - days * DAY + 1));
    edges.retain(|edge| (first + 1..=last.min(seen)).contains(edge));
    edges.push(first);
    edges.sort_unstable();
    edges.dedup();
    plan.window = (first, last.min(seen));
    plan.edges = edges;
    Ok(plan)
}

impl Plan {
    /// The word for a row.
    pub fn rows(&self) -> &'static str {
        if self.grain == Grain::LeadCycle { "leads" } else { "opportunities" }
    }

    /// The test that a row lies between two values of `when`.
    pub fn between(&self, first: i64, last: i64) -> Test {
        Test::Between(self.when, first, last)
    }

    /// The columns that name the rep, none where it is not told apart.
    pub fn rep_columns(&self) -> &'static [Column] {
        self.rep.unwrap_or(&[])
    }

    /// Which rows are meant at all: opportunities that closed, leads that were handed off and attempted.
    pub fn which(&self) -> Vec<Test> {
        let mut out = self.given();
        out.extend(if self.worked { tried() } else { vec![] });
        out
    }

    /// The same with those that were never attempted.
    pub fn given(&self) -> Vec<Test> {
        let mut out = self.dealt();
        out.extend(self.by_lot.then(|| Test::Not(Box::new(by_lot()))));
        out
    }

    /// The same with those dealt out by lot.
    pub fn dealt(&self) -> Vec<Test> {
        match self.grain {
            Grain::Opportunity => vec![Test::Any(vec![Test::Has(opp::WON_ON), Test::Has(opp::LOST_ON)])],
            _ if self.by_handoff() => got_to(Stage::Mql),
            _ => vec![],
        }
    }

    /// Whether rows count from their hand-off.
    pub fn by_handoff(&self) -> bool {
        self.when == lead::HANDOFF_AT
    }

    /// Leads dealt out by lot beside the others: all that were handed off, tried or not.
    fn lot(&self) -> Spec {
        let (first, last) = self.window;
        let mut measures = vec![Measure::Count];
        measures.extend(self.outcomes.iter().map(|o| Measure::CountIf(o.there.clone())));
        // last, as `lot::counts` reads it
        measures.push(Measure::CountIf(vec![Test::Elapsed(lead::HANDOFF_AT, lead::FIRST_ATTEMPT_AT, 0, FAST_MINUTES)]));
        Spec {
            name: "quality.lot",
            grain: self.grain,
            filter: [vec![self.between(first, last)], self.dealt()].concat(),
            dims: vec![Dim::Code(self.source), Dim::Bins(self.when, self.edges.clone()), Dim::Code(lead::LANE)],
            measures,
        }
    }

    fn dims(&self, question: &Question) -> Vec<Dim> {
        let mut dims = vec![
            Dim::Code(self.source),
            Dim::Period(self.when, self.calendar, question.fiscal),
            Dim::Bins(self.when, self.edges.clone()),
        ];
        dims.extend(self.rep_columns().iter().copied().map(Dim::Code));
        if self.has_attempts {
            dims.push(Dim::Elapsed(lead::HANDOFF_AT, lead::FIRST_ATTEMPT_AT, vec![0, FAST_MINUTES + 1]));
            dims.push(Dim::Value(lead::FIRST_IS_DAY));
        }
        if let Some(segment) = self.segment {
            dims.push(Dim::Code(segment));
        }
        dims
    }
}

/// What to count: the cells, then (for leads) how many were attempted, and whether wins are missing before a date.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    let Ok(plan) = plan(question, lay) else { return Vec::new() };
    let mut measures = vec![Measure::Count];
    measures.extend(plan.outcomes.iter().map(|o| Measure::CountIf(o.there.clone())));
    let (first, last) = plan.window;
    let filter = [vec![plan.between(first, last)], plan.which()].concat();
    let dims = plan.dims(question);
    let mut out = vec![Spec { name: "quality.cells", grain: plan.grain, filter, dims, measures }];
    if plan.grain == Grain::LeadCycle {
        let filter = [vec![plan.between(first, last)], plan.given()].concat();
        let dims = vec![Dim::Bins(plan.when, plan.edges.clone())];
        let measures = vec![Measure::Count, Measure::CountIf(tried())];
        out.push(Spec { name: "quality.worked", grain: plan.grain, filter, dims, measures });
        out.extend(records::specs(question, plan.grain, lead::CREATED_AT, &[lead::WON_AT]));
        out.extend(plan.by_lot.then(|| plan.lot()));
    }
    out
}
