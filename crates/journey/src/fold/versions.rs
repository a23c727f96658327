//! From all versions of everything to what stands: one version of each event, one merged record of each lead and
//! opportunity.
//!
//! Invariants: of two versions of an event the one recorded later stands; of two versions of a record the one valid
//! later (recorded later where that ties), field by field. Codes never decide an order: their numbers depend on arrival.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use terms::When;

use super::recorder::{Recorder, Step};
use super::span::Span;
use super::turns::Held;
use super::{Lead, Opportunity, Scratch};
use crate::{Event, JourneyInput, LeadSeen, NO_MONEY, NO_SMALL, OpportunitySeen, What};

/// The moment as of which is folded.
#[derive(Clone, Copy)]
pub(super) struct AsIf(pub Option<i32>);

impl AsIf {
    /// Whether something of this first minute is part of the fold; what has no time is.
    fn knows(self, minutes: i32) -> bool {
        self.0.is_none_or(|as_if| minutes <= as_if)
    }

    /// The time if it had come by then.
    fn past(self, when: When) -> When {
        if when.minutes().is_none_or(|m| self.knows(m)) { when } else { When::Unknown }
    }
}

/// Fills the scratch with what stands; events end up in the order of what happened.
pub(super) fn gather<R: Recorder>(input: &JourneyInput<'_>, as_if: AsIf, scratch: &mut Scratch, recorder: &mut R) {
    scratch.clear();
    scratch.lead_links.extend_from_slice(input.lead_links);
    scratch.lead_links.sort_unstable_by_key(|l| l.lead);
    scratch.opportunity_links.extend_from_slice(input.opportunity_links);
    scratch.opportunity_links.sort_unstable_by_key(|l| l.opportunity);
    let mut all = std::mem::take(&mut scratch.versions);
    let mut order = std::mem::take(&mut scratch.by_id);
    all.clear();
    order.clear();
    // small pairs are sorted, and whole events only where a thing has several versions
    order.extend(input.events.iter().zip(0u32..).map(|(e, i)| (e.id, i)));
    order.sort_unstable();
    all.extend(order.iter().filter_map(|(_, i)| input.events.get(*i as usize)));
    for thing in all.chunk_by_mut(|a, b| a.id == b.id) {
        if thing.len() > 1 {
            thing.sort_unstable_by(|a, b| by_thing(a, b, input));
        }
    }
    for thing in all.chunk_by(|a, b| a.id == b.id && rank(&a.what) == rank(&b.what)) {
        let Some(last) = thing.last() else { continue };
        match last.what {
            What::LeadSeen(_) => lead(thing, input, as_if, scratch, recorder),
            What::OpportunitySeen(_) => opportunity(thing, input, as_if, scratch, recorder),
            _ => {
                for event in thing.iter().take(thing.len() - 1) {
                    recorder.event(event, Step::Superseded);
                }
                if last.deleted {
                    recorder.event(last, Step::Deleted);
                } else if as_if.knows(last.minutes()) {
                    scratch.events.push(*last);
                } else {
                    recorder.event(last, Step::Later);
                    if matches!(last.what, What::FieldChanged { .. }) {
                        scratch.later.push(*last);
                    }
                }
            }
        }
    }
    scratch.versions = all;
    scratch.by_id = order;
    scratch.events.sort_unstable_by_key(happened);
    scratch.later.sort_unstable_by_key(happened);
    scratch.leads.sort_unstable_by_key(|l| l.key);
    scratch.opportunities.sort_unstable_by_key(|o| o.key);
}

/// Orders what happened at one moment: records, stages forward, then the rest; ties by the thing's own key.
fn happened(event: &Event) -> ((i64, u16), u8, u8, u64) {
    let stage = match event.what {
        What::StageEntered { stage: Some(stage), .. } | What::EnteredByRule { stage, .. } => stage as u8,
        _ => 0,
    };
    (event.order(), rank(&event.what), stage, event.id)
}

fn rank(what: &What) -> u8 {
    match what {
        What::LeadSeen(_) => 0,
        What::OpportunitySeen(_) => 1,
        What::Touch { .. } => 2,
        What::StageEntered { .. } | What::EnteredByRule { .. } => 3,
        What::Converted { .. } => 4,
        What::FieldChanged { .. } => 5,
        What::Activity { .. } => 6,
    }
}

/// Versions of one thing side by side, the one that stands last.
fn by_thing(a: &Event, b: &Event, input: &JourneyInput<'_>) -> Ordering {
    (a.id, rank(&a.what)).cmp(&(b.id, rank(&b.what))).then_with(|| match (a.what, b.what) {
        (What::LeadSeen(i), What::LeadSeen(j)) => record_order(a, b)
            .then_with(|| content(input.leads.get(i as usize)).cmp(&content(input.leads.get(j as usize)))),
        (What::OpportunitySeen(i), What::OpportunitySeen(j)) => record_order(a, b).then_with(|| {
            content(input.opportunities.get(i as usize)).cmp(&content(input.opportunities.get(j as usize)))
        }),
        _ => (a.source, a.order(), a.deleted, a.subject, a.what).cmp(&(
            b.source,
            b.order(),
            b.deleted,
            b.subject,
            b.what,
        )),
    })
}

fn record_order(a: &Event, b: &Event) -> Ordering {
    (a.order(), a.source, a.deleted).cmp(&(b.order(), b.source, b.deleted))
}

/// Two versions from one row at one time: any order will do, as long as it is always the same.
#[cold]
fn content<T: Hash>(record: Option<&T>) -> u64 {
    let mut hasher = DefaultHasher::new();
    record.hash(&mut hasher);
    hasher.finish()
}

/// Which versions of a record make it up: those known by then, else the first ones, of which only dated facts count.
fn standing<R: Recorder>(versions: &[Event], as_if: AsIf, recorder: &mut R) -> Option<(usize, usize, bool)> {
    // unknown times sort last and are taken as known
    let known = |e: &Event| as_if.knows(e.minutes());
    if let Some(last) = versions.iter().rev().find(|e| known(e)) {
        if last.deleted {
            recorder.event(last, Step::Deleted);
            return None;
        }
        return Some((0, versions.len(), false));
    }
    let first = versions.iter().position(|e| !e.deleted)?;
    let order = versions.get(first)?.order();
    let same = versions.iter().skip(first).take_while(|e| e.order() == order).count();
    Some((first, first + same, true))
}

fn lead<R: Recorder>(
    versions: &[Event],
    input: &JourneyInput<'_>,
    as_if: AsIf,
    scratch: &mut Scratch,
    recorder: &mut R,
) {
    let Some((from, to, ahead)) = standing(versions, as_if, recorder) else { return };
    let mut lead = Lead::default();
    let place = scratch.marks.len();
    for event in versions.get(from..to).unwrap_or(&[]) {
        if event.deleted || !(ahead || as_if.knows(event.minutes())) {
            continue;
        }
        let What::LeadSeen(at) = event.what else { continue };
        let Some(seen) = input.leads.get(at as usize) else { continue };
        recorder.event(event, Step::Version);
        lead.key = event.id;
        lead.source = event.source;
        lead.seen_at = event.order();
        if seen.stage.is_some() {
            lead.stage_at = event.order();
        }
        if seen.owner != 0 && seen.owner != lead.record.owner && !ahead {
            scratch.held.push(Held::seen(event, seen.owner));
        }
        merge_lead(&mut lead.record, seen);
        for (when, is_handoff) in [(seen.handoff_at, true), (seen.first_response_at, false)] {
            let span = Span::of(as_if.past(when));
            if span.is_known() {
                scratch.marks.push(super::Mark { lead: event.id, span, is_handoff, source: event.source });
            }
        }
    }
    let r = &mut lead.record;
    if ahead && !r.created_at.minutes().is_some_and(|m| as_if.knows(m)) {
        scratch.marks.truncate(place);
        return; // it was not there yet
    }
    let converted = as_if.past(r.converted_at);
    if ahead || converted != r.converted_at {
        let by_then = converted != When::Unknown;
        r.is_converted = if by_then { r.is_converted } else { None };
        r.converted_opportunity = if by_then { r.converted_opportunity } else { 0 };
        lead.converted_later = !by_then;
    }
    r.converted_at = converted;
    let won = as_if.past(r.won_at);
    lead.won_later = won != r.won_at;
    r.won_at = won;
    if ahead {
        r.stage = None;
        r.stage_raw = 0;
        lead.seen_at = (i64::MIN, 0); // whatever is known of then is later
    } else if (lead.won_later || lead.converted_later)
        && matches!(r.stage, Some(terms::Stage::Opportunity | terms::Stage::ClosedWon))
    {
        r.stage = None;
        r.stage_raw = 0;
    }
    scratch.leads.push(lead);
}

fn opportunity<R: Recorder>(
    versions: &[Event],
    input: &JourneyInput<'_>,
    as_if: AsIf,
    scratch: &mut Scratch,
    recorder: &mut R,
) {
    let Some((from, to, ahead)) = standing(versions, as_if, recorder) else { return };
    let mut opportunity = Opportunity { is_ahead: ahead, ..Opportunity::default() };
    for event in versions.get(from..to).unwrap_or(&[]) {
        if event.deleted || !(ahead || as_if.knows(event.minutes())) {
            continue;
        }
        let What::OpportunitySeen(at) = event.what else { continue };
        let Some(seen) = input.opportunities.get(at as usize) else { continue };
        recorder.event(event, Step::Version);
        opportunity.key = event.id;
        opportunity.source = event.source;
        opportunity.seen_at = event.order();
        if seen.stage.is_some() || seen.is_closed.is_some() || seen.is_won.is_some() {
            opportunity.stage_at = event.order();
        }
        merge_opportunity(&mut opportunity.record, seen);
    }
    let r = &opportunity.record;
    if ahead && !r.created_at.minutes().is_some_and(|m| as_if.knows(m)) {
        return;
    }
    opportunity.closes_later = as_if.past(r.closed_at) != r.closed_at;
    scratch.opportunities.push(opportunity);
}

fn take<T: Copy + PartialEq>(slot: &mut T, given: T, nothing: T) {
    if given != nothing {
        *slot = given;
    }
}

fn merge_lead(into: &mut LeadSeen, seen: &LeadSeen) {
    take(&mut into.source, seen.source, 0);
    take(&mut into.source_detail, seen.source_detail, 0);
    take(&mut into.campaign, seen.campaign, 0);
    take(&mut into.segment, seen.segment, 0);
    take(&mut into.industry, seen.industry, 0);
    take(&mut into.country, seen.country, 0);
    take(&mut into.product, seen.product, 0);
    take(&mut into.lane, seen.lane, 0);
    take(&mut into.owner, seen.owner, 0);
    take(&mut into.sdr, seen.sdr, 0);
    take(&mut into.team, seen.team, 0);
    take(&mut into.stage_raw, seen.stage_raw, 0);
    take(&mut into.stage, seen.stage, None);
    take(&mut into.is_converted, seen.is_converted, None);
    take(&mut into.converted_opportunity, seen.converted_opportunity, 0);
    take(&mut into.created_at, seen.created_at, When::Unknown);
    take(&mut into.converted_at, seen.converted_at, When::Unknown);
    take(&mut into.won_at, seen.won_at, When::Unknown);
    take(&mut into.amount, seen.amount, NO_MONEY);
}

fn merge_opportunity(into: &mut OpportunitySeen, seen: &OpportunitySeen) {
    take(&mut into.source, seen.source, 0);
    take(&mut into.campaign, seen.campaign, 0);
    take(&mut into.segment, seen.segment, 0);
    take(&mut into.industry, seen.industry, 0);
    take(&mut into.country, seen.country, 0);
    take(&mut into.product, seen.product, 0);
    take(&mut into.owner, seen.owner, 0);
    take(&mut into.team, seen.team, 0);
    take(&mut into.kind, seen.kind, 0);
    take(&mut into.reason, seen.reason, 0);
    take(&mut into.stage_raw, seen.stage_raw, 0);
    take(&mut into.stage, seen.stage, None);
    take(&mut into.is_closed, seen.is_closed, None);
    take(&mut into.is_won, seen.is_won, None);
    take(&mut into.product_unmatched, seen.product_unmatched, NO_SMALL);
    take(&mut into.created_at, seen.created_at, When::Unknown);
    take(&mut into.closed_at, seen.closed_at, When::Unknown);
    take(&mut into.list_price, seen.list_price, NO_MONEY);
    if seen.amount != NO_MONEY || seen.not_converted == 1 {
        // the currency and the missing rate are the amount's
        into.amount = seen.amount;
        into.not_converted = seen.not_converted;
        into.currency = seen.currency;
    } else {
        take(&mut into.currency, seen.currency, 0);
    }
}
