//! Which opportunity belongs to which cycle, what was converted, won, lost, and when the sales clock starts.
//!
//! Invariants: an opportunity belongs to one cycle at most, and a cycle's money is that of its one primary opportunity
//! (or of a win recorded on the lead itself, where there is none); the opportunity decides over the lead's own stage; a
//! win without money of its own that an opportunity of others counts is not counted again.

use agreement::Definitions;
use terms::{Instant, Stage};

use super::recorder::{HandoffRule, Recorder, Step};
use super::{Cycle, Lead, Opportunity, Scratch, Span};
use crate::{NO_MONEY, NO_TIME, What};

pub(super) fn decide<R: Recorder>(definitions: &Definitions, scratch: &mut Scratch, recorder: &mut R) {
    attach(scratch, recorder);
    convert(scratch, recorder);
    for at in 0..scratch.cycles.len() {
        let Some(cycle) = scratch.cycles.get_mut(at) else { continue };
        let Some(lead) = scratch.leads.get(cycle.lead as usize) else { continue };
        let primary = cycle.primary.and_then(|i| scratch.opportunities.get(i as usize));
        settle(cycle, lead, primary, recorder);
        hand_off(definitions, cycle, lead, recorder);
    }
    marks(scratch, recorder);
}

/// Which of a lead's cycles was under way at a time: the last that had begun, else the first. `None` for no cycles.
fn under_way(cycles: &[Cycle], span: Span) -> Option<usize> {
    if !span.is_known() {
        return cycles.len().checked_sub(1);
    }
    Some(cycles.partition_point(|c| c.start.first <= span.last).saturating_sub(1)).filter(|_| !cycles.is_empty())
}

fn attach<R: Recorder>(scratch: &mut Scratch, recorder: &mut R) {
    let (leads, cycles) = (&scratch.leads, &mut scratch.cycles);
    for place in 0..scratch.opportunities.len() {
        let Some(opportunity) = scratch.opportunities.get_mut(place) else { continue };
        let own = opportunity.lead.and_then(|i| leads.get(i as usize));
        let at = own.and_then(|lead| {
            under_way(cycles.get(lead.from..lead.to).unwrap_or(&[]), opportunity.created).map(|i| lead.from + i)
        });
        opportunity.cycle = at.map(|i| i as u32);
        let Some((lead, at)) = own.zip(at) else {
            let when = opportunity.created.when();
            recorder.conclusion(opportunity.key, when, opportunity.source, 0, Step::NoLead);
            continue;
        };
        // a lead with a win is won; else what the lead itself names, else the first
        let strength = |o: &Opportunity| {
            let named = lead.record.converted_opportunity == o.key;
            let created = if o.created.is_known() { o.created.first } else { i32::MAX };
            (o.outcome != Stage::ClosedWon, !named, created, o.key)
        };
        let challenger = strength(opportunity);
        let holder = cycles.get(at).and_then(|c| c.primary).and_then(|i| scratch.opportunities.get(i as usize));
        if holder.is_none_or(|h| challenger < strength(h))
            && let Some(cycle) = cycles.get_mut(at)
        {
            cycle.primary = Some(place as u32);
        }
    }
    for (place, opportunity) in scratch.opportunities.iter().enumerate() {
        if let Some(cycle) = opportunity.cycle.and_then(|i| cycles.get(i as usize)) {
            let primary = cycle.primary == Some(place as u32);
            let lead = leads.get(cycle.lead as usize).map_or(0, |l| l.key);
            let step = Step::OpportunityOf { lead, cycle: cycle.row.cycle, primary };
            let when = opportunity.created.when();
            recorder.conclusion(opportunity.key, when, opportunity.source, opportunity.link.lead_rule, step);
        }
    }
}

fn convert<R: Recorder>(scratch: &mut Scratch, recorder: &mut R) {
    for lead in &scratch.leads {
        let r = &lead.record;
        let own = scratch.cycles.get_mut(lead.from..lead.to).unwrap_or(&mut []);
        let converted = Span::of(r.converted_at);
        let is_converted = match r.is_converted {
            Some(flag) => flag,
            None => !lead.converted_later && (converted.is_known() || r.converted_opportunity != 0),
        };
        if is_converted && let Some(cycle) = under_way(own, converted).and_then(|i| own.get_mut(i)) {
            cycle.rank = cycle.rank.max(Stage::Opportunity as u8);
            cycle.converted = converted;
            recorder.conclusion(lead.key, converted.when(), lead.source, 0, Step::Converted(cycle.row.cycle));
        }
        let won = Span::of(r.won_at);
        if won.is_known()
            && let Some(cycle) = under_way(own, won).and_then(|i| own.get_mut(i))
        {
            cycle.own_win = won;
            cycle.is_own_win = true;
        }
    }
    for event in &scratch.events {
        if let What::Converted { .. } = event.what
            && let Some(lead) = super::find(&scratch.leads, event.subject, |l| l.key).and_then(|i| scratch.leads.get(i))
        {
            let own = scratch.cycles.get_mut(lead.from..lead.to).unwrap_or(&mut []);
            let span = Span::of_event(event);
            let Some(cycle) = under_way(own, span).and_then(|i| own.get_mut(i)) else { continue };
            cycle.rank = cycle.rank.max(Stage::Opportunity as u8);
            if !cycle.converted.is_known() {
                cycle.converted = span;
            }
            recorder.event(event, Step::Converted(cycle.row.cycle));
        }
    }
}

fn settle<R: Recorder>(cycle: &mut Cycle, lead: &Lead, primary: Option<&Opportunity>, recorder: &mut R) {
    let mut contradicted = lead.contradicted;
    let mut won = if cycle.is_own_win { Some((cycle.own_win, lead.record.amount)) } else { None };
    // a win with money of its own is a sale of its own: nothing recorded is dropped
    if let (None, Some((span, NO_MONEY)), 1..) = (primary, won, cycle.row.wins_with) {
        won = None;
        cycle.rank = cycle.rank.min(Stage::Opportunity as u8);
        cycle.row.stage = Stage::Opportunity as u8;
        recorder.conclusion(lead.key, span.when(), lead.source, 0, Step::WonWith(cycle.row.cycle));
    } else {
        cycle.row.wins_with = 0;
    }
    if let Some(o) = primary {
        cycle.row.opportunity = o.key;
        cycle.row.amount = o.record.amount;
        cycle.row.list_price = o.record.list_price;
        cycle.row.closed_on = o.closed.day();
        cycle.row.opportunity_at = if o.created.is_known() { o.created.first } else { cycle.row.opportunity_at };
        contradicted |= o.contradicted;
        cycle.rank = cycle.rank.max(Stage::Opportunity as u8);
        if o.outcome == Stage::ClosedWon {
            won = Some((o.closed, o.record.amount));
        } else if won.is_some_and(|(span, _)| !span.is_before(o.created)) {
            // the lead says won, its opportunity does not: the opportunity decides
            contradicted = true;
            won = None;
        }
        if won.is_none() {
            cycle.rank = cycle.rank.min(Stage::Opportunity as u8);
            if o.outcome == Stage::ClosedLost {
                cycle.row.lost_at = o.closed.first;
                cycle.exit = Some((Stage::ClosedLost, o.closed, (i64::MAX, 0)));
            } else if cycle.exit.is_some_and(|e| e.1.is_before(o.created)) {
                cycle.exit = None; // opened after the exit: it goes on
            }
        }
    }
    if cycle.row.opportunity_at == NO_TIME {
        cycle.row.opportunity_at = cycle.converted.first;
    }
    let row = &mut cycle.row;
    if let Some((span, amount)) = won {
        cycle.rank = Stage::ClosedWon as u8;
        cycle.own_win = span;
        cycle.exit = None;
        row.won_at = span.first;
        row.amount = amount;
        row.stage = Stage::ClosedWon as u8;
        recorder.conclusion(lead.key, span.when(), lead.source, 0, Step::Won(row.cycle));
        if span.is_before(cycle.start) {
            row.won_before_created = 1;
            contradicted = true;
            recorder.conclusion(lead.key, span.when(), lead.source, 0, Step::WonBeforeCreated(row.cycle));
        }
    } else if let Some((stage, span, _)) = cycle.exit {
        row.exited = 1;
        row.exit_at = span.first;
        row.stage = stage as u8;
    } else if primary.is_some() || cycle.rank == Stage::Opportunity as u8 && cycle.converted.is_known() {
        row.stage = Stage::Opportunity as u8;
    }
    row.reached_mql = u8::from(cycle.rank >= Stage::Mql as u8);
    row.reached_sal = u8::from(cycle.rank >= Stage::Sal as u8);
    row.reached_sql = u8::from(cycle.rank >= Stage::Sql as u8);
    row.reached_opportunity = u8::from(cycle.rank >= Stage::Opportunity as u8);
    row.reached_won = u8::from(cycle.rank >= Stage::ClosedWon as u8);
    row.contradicted = u8::from(contradicted);
    if contradicted {
        recorder.conclusion(lead.key, cycle.start.when(), lead.source, 0, Step::Contradicted);
    }
}

/// When the sales clock starts where no hand-off is recorded: with the first stage that implies one, else at creation. Where a
/// signed rule says when a lead is qualified, one that never was is not handed over by its creation.
fn hand_off<R: Recorder>(definitions: &Definitions, cycle: &mut Cycle, lead: &Lead, recorder: &mut R) {
    let row = &mut cycle.row;
    let stages = [(Stage::Mql, row.mql_at), (Stage::Sal, row.sal_at), (Stage::Sql, row.sql_at)];
    let (at, rule) = stages
        .into_iter()
        .find(|(_, at)| *at != NO_TIME)
        .map_or((row.created_at, HandoffRule::Created), |(stage, at)| (at, HandoffRule::Stage(stage)));
    if rule == HandoffRule::Created
        && at != NO_TIME
        && let Some(version) = definitions.by_rule(Stage::Mql, Instant(i64::from(at) * terms::MINUTE_MS))
    {
        recorder.conclusion(lead.key, cycle.start.when(), lead.source, 0, Step::NoHandoff(row.cycle, version));
        return;
    }
    row.handoff_at = at;
    cycle.clock = at;
    if at != NO_TIME {
        let when = Span { first: at, last: at }.when();
        recorder.conclusion(lead.key, when, lead.source, 0, Step::Handoff(row.cycle, rule));
    }
}

/// Recorded hand-offs: the first in each cycle decides over what was inferred.
fn marks<R: Recorder>(scratch: &mut Scratch, recorder: &mut R) {
    scratch.marks.retain(|m| m.is_handoff || scratch.leads.binary_search_by_key(&m.lead, |l| l.key).is_ok());
    scratch.marks.sort_unstable_by_key(|m| (m.lead, !m.is_handoff, m.span.first, m.span.last, m.source));
    let mut taken = None;
    for mark in scratch.marks.iter().filter(|m| m.is_handoff) {
        let Some(lead) = super::find(&scratch.leads, mark.lead, |l| l.key).and_then(|i| scratch.leads.get(i)) else {
            continue;
        };
        let own = scratch.cycles.get_mut(lead.from..lead.to).unwrap_or(&mut []);
        let Some(at) = under_way(own, mark.span) else { continue };
        if taken == Some((mark.lead, at)) {
            continue;
        }
        taken = Some((mark.lead, at));
        if let Some(cycle) = own.get_mut(at) {
            cycle.row.handoff_at = mark.span.first;
            cycle.clock = mark.span.first;
            let step = Step::Handoff(cycle.row.cycle, HandoffRule::Recorded);
            recorder.conclusion(lead.key, mark.span.when(), mark.source, 0, step);
        }
    }
}
