//! Who had each lead in turn, and when it waited in a stage in which an agreement lets clocks stand still.
//!
//! Not here: offices, what a clause allows, deadlines. Invariant: a lead that one had all the time has no turn; turns of a lead
//! follow each other without a gap.

use terms::Entity;

use super::Scratch;
use super::recorder::{Recorder, Step};
use crate::{Changed, Code, Event, JourneyFacts, LeadTurn, NO_TIME, Source, What};

/// Somebody has a lead from a time on.
#[derive(Clone, Copy)]
pub(super) struct Held {
    lead: u64,
    order: super::Order,
    at: i32,
    owner: Code,
    /// Who had it until then, where that is recorded.
    before: Option<Code>,
    source: Source,
    /// The event that says so; none of a version of the record.
    event: Option<u32>,
}

impl Held {
    /// As a version of the record says.
    pub fn seen(event: &Event, owner: Code) -> Held {
        let (lead, order, at, source) = (event.id, event.order(), event.minutes(), event.source);
        Held { lead, order, at, owner, before: None, source, event: None }
    }
}

pub(super) fn all<R: Recorder>(journey: u64, scratch: &mut Scratch, facts: &mut JourneyFacts, recorder: &mut R) {
    let is_passed = |e: &Event| matches!(e.what, What::FieldChanged { field: Changed::Owner, .. });
    let waits = |e: &Event| matches!(e.what, What::StageEntered { waits: true, .. });
    let (any_passed, any_waits) = (scratch.events.iter().any(is_passed), scratch.events.iter().any(waits));
    if !any_passed && !any_waits && scratch.held.len() <= scratch.leads.len() {
        return; // each has one owner
    }
    let mut turns = std::mem::take(&mut scratch.turns);
    for lead in &scratch.leads {
        turns.clear();
        turns.extend(scratch.held.iter().filter(|h| h.lead == lead.key));
        let own = |e: &&Event| e.of == Entity::Lead && e.subject == lead.key;
        if any_passed {
            turns.extend(scratch.events.iter().zip(0u32..).filter(|(e, _)| own(e)).filter_map(|(e, n)| passed(e, n)));
        }
        turns.retain(|h| h.at != NO_TIME);
        // at one time a version of the record comes first, as everywhere
        turns.sort_by_key(|h| (h.order, h.event.is_some(), h.source));
        who(journey, &turns, &scratch.events, facts, recorder);
        if any_waits {
            waited(journey, scratch.events.iter().filter(own), facts, recorder);
        }
    }
    scratch.turns = turns;
}

fn passed(event: &Event, place: u32) -> Option<Held> {
    let What::FieldChanged { field: Changed::Owner, old, new } = event.what else { return None };
    let code = |value: i64| Code::try_from(value).unwrap_or(0);
    let (lead, order, at, source) = (event.subject, event.order(), event.minutes(), event.source);
    Some(Held { lead, order, at, owner: code(new), before: Some(code(old)), source, event: Some(place) })
}

/// A row for each who had it, where there were several.
fn who<R: Recorder>(journey: u64, held: &[Held], events: &[Event], facts: &mut JourneyFacts, recorder: &mut R) {
    let Some(first) = held.first() else { return };
    let begins = facts.turns.len();
    let turn = |h: &Held, owner: Code, from_at: i32| {
        let Source { batch, file, line } = h.source;
        LeadTurn { key: h.lead, journey, from_at, owner, batch, file, line, ..LeadTurn::default() }
    };
    facts.turns.push(turn(first, first.before.unwrap_or(first.owner), NO_TIME));
    for next in held {
        if let Some(last) = facts.turns.last_mut()
            && last.owner != next.owner
        {
            last.until_at = next.at;
            facts.turns.push(turn(next, next.owner, next.at));
            if let Some(event) = next.event.and_then(|n| events.get(n as usize)) {
                recorder.event(event, Step::Passes);
            }
        }
    }
    if facts.turns.len() == begins + 1 {
        facts.turns.truncate(begins);
    }
}

/// A row for each stretch in which it waited in one stage.
fn waited<'e, R: Recorder>(
    journey: u64,
    events: impl Iterator<Item = &'e Event>,
    facts: &mut JourneyFacts,
    recorder: &mut R,
) {
    let mut is_waiting = false;
    for event in events.filter(|e| e.minutes() != NO_TIME) {
        let What::StageEntered { raw, waits, .. } = event.what else { continue };
        let last = facts.turns.last_mut().filter(|_| is_waiting);
        if let Some(last) = last {
            if waits && last.stage_raw == raw {
                continue;
            }
            last.until_at = event.minutes();
            if !waits {
                recorder.event(event, Step::WaitEnds);
            }
        }
        is_waiting = waits;
        if waits {
            recorder.event(event, Step::Waits);
            let Source { batch, file, line } = event.source;
            let (key, from_at) = (event.subject, event.minutes());
            let turn =
                LeadTurn { key, journey, waits: 1, from_at, stage_raw: raw, batch, file, line, ..LeadTurn::default() };
            facts.turns.push(turn);
        }
    }
}
