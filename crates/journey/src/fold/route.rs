//! Which activities and touches fall in which cycle.
//!
//! Invariants: an event counts in one cycle at most; nothing but an activity (or a response that the source itself
//! recorded) stops a clock, so a status flip never does; a day without an hour counts for the whole day, and its time
//! is the first minute it can have been, not before the hand-off.

use agreement::Definitions;
use terms::Entity;

use super::recorder::{Recorder, Step};
use super::{Cycle, Scratch, Span};
use crate::{Event, JourneyFacts, NO_TIME, What};

pub(super) fn all<R: Recorder>(
    definitions: &Definitions,
    scratch: &mut Scratch,
    facts: &mut JourneyFacts,
    recorder: &mut R,
) {
    let events = std::mem::take(&mut scratch.events);
    for event in &events {
        match event.what {
            What::Activity { rep, kind, direction, contact, automatic, done, written_after } => {
                let attempt = definitions.is_attempt(kind, direction, automatic, done);
                let contact = contact && !automatic && done != Some(false);
                let late = if written_after > definitions.on_record_minutes { written_after } else { 0 };
                let did = Did { rep, late, attempt, contact };
                activity(event, did, scratch, facts, recorder);
            }
            What::Touch { channel, automatic, .. } => {
                touch(event, channel, automatic, definitions, scratch, facts, recorder);
            }
            _ => {}
        }
    }
    scratch.events = events;
    tries(scratch);
    responses(scratch, recorder);
}

/// The cycles an event may fall in: those of its lead, of its opportunity's lead, or (for a person) of all leads.
enum Among<'s> {
    Own(&'s [Cycle], usize),
    All,
    Nobody,
}

fn among<'s>(event: &Event, scratch: &'s Scratch) -> Among<'s> {
    let own = |i: usize| {
        let lead = scratch.leads.get(i);
        lead.map_or(Among::Nobody, |l| Among::Own(scratch.cycles.get(l.from..l.to).unwrap_or(&[]), l.from))
    };
    match event.of {
        // a record without a row of its own (another system's twin) is of the same human: all cycles of the journey
        Entity::Lead => scratch.lead_at(event.subject).map_or(Among::All, own),
        Entity::Opportunity => match scratch.opportunity_at(event.subject).and_then(|i| scratch.opportunities.get(i)) {
            Some(opportunity) => opportunity.lead.map_or(Among::Nobody, |i| own(i as usize)),
            None => Among::All,
        },
        _ => Among::All,
    }
}

/// The cycle under way at that time, and the next that begins after it.
fn places(event: &Event, span: Span, scratch: &Scratch) -> (Option<usize>, Option<usize>) {
    let holds = |c: &Cycle| span.first <= c.end();
    match among(event, scratch) {
        Among::Nobody => (None, None),
        Among::Own(cycles, from) => {
            let begun = cycles.partition_point(|c| c.start.first <= span.last);
            let current = cycles.iter().take(begun).rposition(holds);
            (current.map(|i| from + i), (begun < cycles.len()).then_some(from + begun))
        }
        Among::All => {
            let cycle = |i: &u32| scratch.cycles.get(*i as usize);
            let begun = scratch.by_start.partition_point(|i| cycle(i).is_some_and(|c| c.start.first <= span.last));
            let current = scratch.by_start.iter().take(begun).rev().find(|i| cycle(i).is_some_and(holds));
            (current.map(|i| *i as usize), scratch.by_start.get(begun).map(|i| *i as usize))
        }
    }
}

/// What an activity was.
#[derive(Clone, Copy)]
struct Did {
    rep: crate::Code,
    /// Minutes after which it was on record, where that was later than the definitions allow.
    late: i32,
    attempt: bool,
    contact: bool,
}

fn activity<R: Recorder>(event: &Event, did: Did, scratch: &mut Scratch, facts: &mut JourneyFacts, recorder: &mut R) {
    if !did.attempt && !did.contact {
        recorder.event(event, Step::NoAttempt);
        return;
    }
    let Some(span) = Span::of_event(event).known() else {
        facts.undated_activities += 1;
        recorder.event(event, Step::Undated);
        return;
    };
    let place = places(event, span, scratch).0;
    let Some(cycle) = place.and_then(|i| scratch.cycles.get_mut(i)) else {
        facts.outside_activities += 1;
        recorder.event(event, Step::Outside);
        return;
    };
    let at = span.first.max(cycle.clock);
    let counts = span.last >= cycle.clock;
    let row = &mut cycle.row;
    if did.attempt {
        row.attempts = row.attempts.saturating_add(1);
        let is_first = counts && earlier(&mut row.first_attempt_at, at);
        if is_first {
            row.first_rep = did.rep;
            row.first_is_day = u8::from(span.first != span.last);
        }
        if counts {
            scratch.attempts.push((place.unwrap_or(0) as u32, at));
        }
        recorder.event(event, Step::Attempt(row.cycle, is_first));
    }
    if did.contact && counts && earlier(&mut row.first_contact_at, at) {
        recorder.event(event, Step::FirstContact(row.cycle));
    }
    if counts {
        earlier(&mut row.on_record_at, at.max(span.first.saturating_add(did.late)));
        if did.late > 0 {
            recorder.event(event, Step::WrittenLater(did.late));
        }
    }
}

/// Attempts until the first contact; those after it are no longer tries to reach.
fn tries(scratch: &mut Scratch) {
    for (place, at) in &scratch.attempts {
        if let Some(cycle) = scratch.cycles.get_mut(*place as usize)
            && (cycle.row.first_contact_at == NO_TIME || *at <= cycle.row.first_contact_at)
        {
            cycle.row.tries = cycle.row.tries.saturating_add(1);
        }
    }
}

/// Takes the time if there was none or a later one.
fn earlier(slot: &mut i32, at: i32) -> bool {
    let is_earlier = *slot == NO_TIME || at < *slot;
    if is_earlier {
        *slot = at;
    }
    is_earlier
}

fn touch<R: Recorder>(
    event: &Event,
    channel: crate::Code,
    automatic: bool,
    definitions: &Definitions,
    scratch: &mut Scratch,
    facts: &mut JourneyFacts,
    recorder: &mut R,
) {
    let mut place = None;
    let mut is_before = false;
    if let Some(span) = Span::of_event(event).known() {
        let (current, next) = places(event, span, scratch);
        place = current.or_else(|| {
            is_before = true;
            let look_back = i64::from(definitions.look_back_days) * 1_440;
            next.filter(|i| {
                scratch.cycles.get(*i).is_some_and(|c| i64::from(c.start.first) - i64::from(span.first) <= look_back)
            })
        });
    }
    let Some(cycle) = place.and_then(|i| scratch.cycles.get_mut(i)) else {
        facts.outside_touches += 1;
        recorder.event(event, Step::Outside);
        return;
    };
    let row = &mut cycle.row;
    if automatic {
        row.machine_touches = row.machine_touches.saturating_add(1);
        recorder.event(event, Step::MachineTouch(row.cycle));
        return;
    }
    row.touches = row.touches.saturating_add(1);
    if row.channel == 0 {
        row.channel = channel;
    }
    recorder.event(event, if is_before { Step::TouchBefore(row.cycle) } else { Step::Touch(row.cycle) });
}

/// A first response that the source recorded, where no activity tells.
fn responses<R: Recorder>(scratch: &mut Scratch, recorder: &mut R) {
    for mark in scratch.marks.iter().filter(|m| !m.is_handoff) {
        let Some(lead) = super::find(&scratch.leads, mark.lead, |l| l.key).and_then(|i| scratch.leads.get(i)) else {
            continue;
        };
        let own = scratch.cycles.get_mut(lead.from..lead.to).unwrap_or(&mut []);
        let begun = own.partition_point(|c| c.start.first <= mark.span.last);
        let Some(cycle) = own.get_mut(begun.saturating_sub(1)) else { continue };
        if cycle.row.first_attempt_at == NO_TIME && mark.span.last >= cycle.clock {
            cycle.row.first_attempt_at = mark.span.first.max(cycle.clock);
            earlier(&mut cycle.row.on_record_at, cycle.row.first_attempt_at);
            let step = Step::ResponseAsAttempt(cycle.row.cycle);
            recorder.conclusion(lead.key, mark.span.when(), mark.source, 0, step);
        }
    }
}
