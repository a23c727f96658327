//! The cycles of each lead: a walk along the stages it entered.
//!
//! Invariants: the first cycle begins with the lead; a further one begins only where the definitions say so, after an
//! exit; each time is the earliest at which the stage was entered in the cycle; a stage of unknown time was reached
//! and has no time.

use agreement::Definitions;
use terms::{Instant, Stage};

use super::recorder::{Recorder, Step};
use super::{Cycle, Lead, Order, Scratch, Span, StageStep};
use crate::{Changed, Code, Event, LeadCycle, NO_TIME, What};

/// How far along the funnel a stage is: 0 inquiry to 5 won; `None` for exits.
pub(super) fn rank(stage: Stage) -> Option<u8> {
    if stage.is_exit() { None } else { Some(stage as u8) }
}

pub(super) fn walk<R: Recorder>(definitions: &Definitions, scratch: &mut Scratch, recorder: &mut R) {
    collect(definitions, scratch, recorder);
    let mut leads = std::mem::take(&mut scratch.leads);
    let steps = std::mem::take(&mut scratch.steps);
    let mut rest = steps.as_slice();
    for (i, lead) in leads.iter_mut().enumerate() {
        let own = rest.partition_point(|s| s.lead as usize <= i);
        let (mine, others) = rest.split_at(own);
        rest = others;
        let link =
            super::find(&scratch.lead_links, lead.key, |l| l.lead).and_then(|i| scratch.lead_links.get(i)).copied();
        lead.contradicted |= link.is_some_and(|l| l.contradicted);
        lead.from = scratch.cycles.len();
        one(i as u32, lead, mine, definitions, scratch, recorder);
        lead.to = scratch.cycles.len();
        let account = link.map_or(0, |l| l.account);
        for (number, cycle) in scratch.cycles.iter_mut().skip(lead.from).enumerate() {
            describe(&mut cycle.row, lead, account);
            cycle.row.wins_with = link.map_or(0, |l| l.wins_with);
            cycle.row.cycle = number as i32;
        }
        // it came back when its next cycle began
        for next in lead.from + 1..lead.to {
            let began = scratch.cycles.get(next).map_or(NO_TIME, |cycle| cycle.row.created_at);
            if let Some(before) = scratch.cycles.get_mut(next - 1) {
                before.row.returned_at = began;
            }
        }
    }
    scratch.leads = leads;
    scratch.steps = steps;
    let cycles = &scratch.cycles;
    scratch.by_start.extend(0..cycles.len() as u32);
    scratch.by_start.sort_by_key(|i| cycles.get(*i as usize).map(|c| c.start.first));
}

/// The stage steps of all leads, by lead and time; and the fields that changed after the record was made.
fn collect<R: Recorder>(definitions: &Definitions, scratch: &mut Scratch, recorder: &mut R) {
    let mut leads = std::mem::take(&mut scratch.leads);
    for (at, event) in scratch.events.iter().enumerate() {
        let Ok(place) = leads.binary_search_by_key(&event.subject, |l: &Lead| l.key) else {
            let about_records = matches!(
                event.what,
                What::StageEntered { .. }
                    | What::EnteredByRule { .. }
                    | What::FieldChanged { .. }
                    | What::Converted { .. }
            );
            if about_records && scratch.opportunity_at(event.subject).is_none() {
                recorder.event(event, Step::Orphan);
            }
            continue;
        };
        let Some(lead) = leads.get_mut(place) else { continue };
        match event.what {
            What::StageEntered { waits: true, .. } => {} // one in which it waits is none of ours
            What::StageEntered { stage: None, .. } => recorder.event(event, Step::NoStage),
            What::StageEntered { stage: Some(stage), raw, .. } => {
                if claims_conversion(Some(stage), lead) && event.order() <= lead.seen_at {
                    lead.contradicted = true;
                    recorder.event(event, Step::FlagOverStage);
                    continue;
                }
                if let Some(version) = by_rule(definitions, stage, event.order()) {
                    recorder.event(event, Step::ByRule(version));
                    continue;
                }
                scratch.steps.push(step(place, event, stage, raw, at));
            }
            What::EnteredByRule { stage, .. } => scratch.steps.push(step(place, event, stage, 0, at)),
            What::FieldChanged { field: Changed::Owner, new, .. } if event.order() > lead.seen_at => {
                lead.record.owner = Code::try_from(new).unwrap_or(0);
                recorder.event(event, Step::FieldTaken);
            }
            What::FieldChanged { .. } => recorder.event(event, Step::FieldKnown),
            _ => {}
        }
    }
    // seen from before its first version, the owner is who the next change took it from
    for (at, event) in scratch.later.iter().enumerate() {
        if let What::FieldChanged { field: Changed::Owner, old, .. } = event.what
            && let Ok(place) = leads.binary_search_by_key(&event.subject, |l: &Lead| l.key)
            && let Some(lead) = leads.get_mut(place)
            && lead.seen_at.0 == i64::MIN
        {
            let owner_change = |e: &&Event| {
                e.subject == event.subject && matches!(e.what, What::FieldChanged { field: Changed::Owner, .. })
            };
            let is_first = !scratch.later.iter().take(at).any(|e| owner_change(&e));
            if is_first && !scratch.events.iter().any(|e| owner_change(&e)) {
                lead.record.owner = Code::try_from(old).unwrap_or(0);
            }
        }
    }
    scratch.leads = leads;
    for opportunity in &scratch.opportunities {
        if let Some(lead) = opportunity.lead
            && opportunity.outcome == Stage::ClosedLost
            && opportunity.closed.is_known()
        {
            let span = opportunity.closed;
            let order = (i64::from(span.first) * terms::MINUTE_MS, if span.first == span.last { u16::MAX } else { 1 });
            let (stage, raw) = (Stage::ClosedLost, opportunity.stage_raw);
            scratch.steps.push(StageStep { lead, order, stage, raw, span, event: None });
        }
    }
    scratch.steps.sort_by_key(|s| (s.lead, s.order, s.stage as u8, s.event.is_none()));
}

fn step(place: usize, event: &Event, stage: Stage, raw: Code, at: usize) -> StageStep {
    let (lead, span) = (place as u32, Span::of_event(event));
    StageStep { lead, order: event.order(), stage, raw, span, event: Some(at as u32) }
}

/// The version by whose rule a stage goes that is recorded at a time; none where that is not known.
fn by_rule(definitions: &Definitions, stage: Stage, (ms, _): Order) -> Option<u32> {
    if ms == i64::MAX || ms == i64::MIN { None } else { definitions.by_rule(stage, Instant(ms)) }
}

/// A stage that says converted beside a flag that says not.
fn claims_conversion(stage: Option<Stage>, lead: &Lead) -> bool {
    lead.record.is_converted == Some(false) && matches!(stage, Some(Stage::Opportunity | Stage::ClosedWon))
}

fn begin(lead: u32, start: Span) -> Cycle {
    Cycle {
        lead,
        start,
        rank: 0,
        exit: None,
        last: None,
        converted: Span::NONE,
        own_win: Span::NONE,
        is_own_win: false,
        primary: None,
        clock: NO_TIME,
        row: LeadCycle { created_at: start.first, has_created_at: u8::from(start.is_known()), ..LeadCycle::default() },
    }
}

fn one<R: Recorder>(
    place: u32,
    lead: &mut Lead,
    steps: &[StageStep],
    definitions: &Definitions,
    scratch: &mut Scratch,
    recorder: &mut R,
) {
    let first = scratch.cycles.len();
    let created = Span::of(lead.record.created_at);
    let mut cycle = begin(place, created);
    if !created.is_known()
        && let Some(inquiry) = steps.iter().find(|s| s.stage == Stage::Inquiry && s.span.is_known())
    {
        cycle = begin(place, inquiry.span);
        cycle.row.has_created_at = 0;
    }
    recorder.conclusion(lead.key, cycle.start.when(), lead.source, 0, Step::CycleBegins(0));
    let mut number = 0;
    let mut undated = 0;
    for step in steps {
        if !step.span.is_known() {
            undated = undated.max(rank(step.stage).unwrap_or(0));
            if let Some(event) = step.event.and_then(|i| scratch.events.get(i as usize)) {
                recorder.event(event, Step::Entered(0, step.stage, true));
            }
            continue;
        }
        let begins = cycle.exit.is_some_and(|(exit, _, _)| definitions.begins_cycle(exit, step.stage));
        let resumes = !begins && cycle.exit.is_some() && !step.stage.is_exit();
        if begins {
            number += 1;
            let mut next = begin(place, step.span);
            next.start.first = next.start.first.max(cycle.start.first); // cycles follow each other, whatever the record says
            scratch.cycles.push(std::mem::replace(&mut cycle, next));
        } else if resumes {
            cycle.exit = None;
        }
        let is_first = enter(&mut cycle, step);
        if let Some(event) = step.event.and_then(|i| scratch.events.get(i as usize)) {
            if begins {
                recorder.event(event, Step::CycleBegins(number));
            } else if resumes {
                recorder.event(event, Step::Resumes(number));
            }
            recorder.event(event, Step::Entered(number, step.stage, is_first));
            if step.stage.is_exit() {
                recorder.event(event, Step::Exits(number, step.stage));
            }
        }
    }
    as_recorded(definitions, &mut cycle, lead, recorder);
    scratch.cycles.push(cycle);
    if let Some(first) = scratch.cycles.get_mut(first) {
        first.rank = first.rank.max(undated);
        first.is_own_win |= undated == Stage::ClosedWon as u8;
    }
}

/// Enters a stage; whether for the first time in this cycle.
fn enter(cycle: &mut Cycle, step: &StageStep) -> bool {
    if let Some(rank) = rank(step.stage) {
        cycle.rank = cycle.rank.max(rank);
    } else {
        let since = cycle.exit.map_or((step.span, step.order), |e| (e.1, e.2));
        cycle.exit = Some((step.stage, since.0, since.1));
    }
    cycle.last = Some((step.order, step.stage, step.raw));
    let row = &mut cycle.row;
    let slot = match step.stage {
        Stage::Inquiry => return true,
        Stage::Mql => &mut row.mql_at,
        Stage::Sal => &mut row.sal_at,
        Stage::Sql => &mut row.sql_at,
        Stage::Opportunity => &mut row.opportunity_at,
        Stage::ClosedWon => {
            if !cycle.own_win.is_known() {
                cycle.own_win = step.span;
            }
            cycle.is_own_win = true;
            return true;
        }
        Stage::ClosedLost => &mut row.lost_at,
        Stage::Rejected => &mut row.rejected_at,
        Stage::Recycled => &mut row.recycled_at,
        Stage::Disqualified => &mut row.disqualified_at,
    };
    let is_first = *slot == NO_TIME;
    if is_first {
        *slot = step.span.first;
    }
    is_first
}

/// What the record says of its last cycle, where the history does not know better.
fn as_recorded<R: Recorder>(definitions: &Definitions, cycle: &mut Cycle, lead: &mut Lead, recorder: &mut R) {
    let history = cycle.last;
    if let Some((_, stage, raw)) = history {
        cycle.row.stage = stage as u8;
        cycle.row.stage_raw = raw;
    }
    if claims_conversion(lead.record.stage, lead) {
        lead.contradicted = true;
        cycle.row.stage_raw = lead.record.stage_raw;
        let raw = lead.record.stage_raw;
        recorder.conclusion(lead.key, terms::When::Unknown, lead.source, raw, Step::FlagOverStage);
        return;
    }
    let Some(stage) = lead.record.stage else {
        if history.is_none() {
            cycle.row.stage_raw = lead.record.stage_raw;
        }
        return;
    };
    if let Some(version) = by_rule(definitions, stage, lead.stage_at) {
        let raw = lead.record.stage_raw;
        if history.is_none() {
            (cycle.row.stage, cycle.row.stage_raw) = (cycle.rank, raw); // as far as it came by what counts
        }
        recorder.conclusion(lead.key, terms::When::Unknown, lead.source, raw, Step::ByRule(version));
        return;
    }
    // also a record older than the history says how far this cycle had come
    if let Some(rank) = rank(stage)
        && lead.stage_at.0 >= i64::from(cycle.start.first) * terms::MINUTE_MS
    {
        cycle.rank = cycle.rank.max(rank);
        cycle.is_own_win |= stage == Stage::ClosedWon;
    }
    if history.is_some_and(|(order, _, _)| order > lead.stage_at) {
        return;
    }
    cycle.row.stage = stage as u8;
    cycle.row.stage_raw = lead.record.stage_raw;
    if rank(stage).is_some() {
        if cycle.exit.is_some_and(|e| lead.stage_at > e.2) {
            cycle.exit = None; // the record is later than the exit
        }
    } else {
        let since = cycle.exit.map_or((Span::NONE, lead.stage_at), |e| (e.1, e.2));
        cycle.exit = Some((stage, since.0, since.1));
    }
}

fn describe(row: &mut LeadCycle, lead: &Lead, account: u64) {
    let r = &lead.record;
    row.key = lead.key;
    row.account = account;
    row.source = r.source;
    row.source_detail = r.source_detail;
    row.campaign = r.campaign;
    row.segment = r.segment;
    row.industry = r.industry;
    row.country = r.country;
    row.product = r.product;
    row.lane = r.lane;
    row.owner = r.owner;
    row.sdr = r.sdr;
    row.team = r.team;
    row.batch = lead.source.batch;
    row.file = lead.source.file;
    row.line = lead.source.line;
}
