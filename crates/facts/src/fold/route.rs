//! Events to their journeys, journeys through the fold, bucket by bucket.
//!
//! Invariant: rows come by journey, then lead and cycle, in the order of keys; a bucket's events are let go as soon as
//! it is folded.

use std::ops::Range;

use agreement::Definitions;
use journey::{Event, Fold, JourneyFacts, JourneyInput, LeadLink, LeadSeen, OpportunityLink, OpportunitySeen};
use rayon::prelude::*;
use tallies::Table;

use super::happenings::{Packed, Routed};
use super::rows;

/// What the fold reads beside events; places and codes are final.
pub(super) struct Folding<'a> {
    /// The journeys, sorted.
    pub journeys: &'a [u64],
    pub leads: &'a [LeadSeen],
    pub opportunities: &'a [OpportunitySeen],
    /// By journey.
    pub lead_links: &'a [(u32, LeadLink)],
    /// By journey.
    pub opportunity_links: &'a [(u32, OpportunityLink)],
    /// Versions of records, by journey.
    pub records: &'a [(u32, Event)],
    pub definitions: &'a Definitions,
    pub as_if: Option<i32>,
}

/// What folding gave.
#[derive(Default)]
pub(super) struct Folded {
    pub lead_cycles: Vec<Table>,
    pub opportunities: Vec<Table>,
    pub turns: Vec<Table>,
    pub outside_touches: u64,
    pub outside_activities: u64,
    pub undated_activities: u64,
}

impl Folded {
    /// Those of the buckets that follow.
    pub fn add(&mut self, next: Folded) {
        self.lead_cycles.extend(next.lead_cycles);
        self.opportunities.extend(next.opportunities);
        self.turns.extend(next.turns);
        self.outside_touches += next.outside_touches;
        self.outside_activities += next.outside_activities;
        self.undated_activities += next.undated_activities;
    }
}

/// Folds the journeys of these buckets.
pub(super) fn fold_all(f: &Folding<'_>, mut routed: Vec<Routed>, wanted: &Range<u8>) -> Folded {
    let buckets: Vec<Vec<(usize, Vec<Packed>)>> = (usize::from(wanted.start)..usize::from(wanted.end))
        .map(|b| {
            routed
                .iter_mut()
                .enumerate()
                .filter_map(|(task, r)| Some((task, std::mem::take(r.events.get_mut(b)?))))
                .collect()
        })
        .collect();
    let routed = &routed;
    let parts: Vec<([Table; 3], JourneyFacts)> = buckets
        .into_par_iter()
        .enumerate()
        .with_max_len(1)
        .map(|(number, packed)| {
            let bucket = usize::from(wanted.start) + number;
            let first = f.journeys.partition_point(|id| usize::from(ledger::bucket_of(*id)) < bucket);
            let end = f.journeys.partition_point(|id| usize::from(ledger::bucket_of(*id)) <= bucket);
            let grouped = group(f, first, end, routed, &packed);
            drop(packed);
            let mut facts = fold_bucket(f, first, &grouped);
            let (cycles, opportunities) = (rows::lead_cycles(&facts.cycles), rows::opportunities(&facts.opportunities));
            let tables = [cycles, opportunities, rows::turns(&facts.turns)];
            facts.cycles = Vec::new();
            facts.opportunities = Vec::new();
            facts.turns = Vec::new();
            (tables, facts)
        })
        .collect();
    let mut out = Folded::default();
    for ([leads, opportunities, turns], facts) in parts {
        out.lead_cycles.push(leads);
        out.opportunities.push(opportunities);
        out.turns.push(turns);
        out.outside_touches += facts.outside_touches;
        out.outside_activities += facts.outside_activities;
        out.undated_activities += facts.undated_activities;
    }
    out
}

/// The events of the journeys from one place to another: all of the first, then all of the next, ...
pub(super) struct Grouped {
    events: Vec<Event>,
    /// Where each journey's events begin, and where the last one's end.
    starts: Vec<usize>,
}

impl Grouped {
    /// The events of the journey with this number among the grouped ones.
    pub fn of(&self, journey: usize) -> &[Event] {
        match (self.starts.get(journey), self.starts.get(journey + 1)) {
            (Some(a), Some(b)) => self.events.get(*a..*b).unwrap_or(&[]),
            _ => &[],
        }
    }
}

/// Groups by counting: two passes, no comparison.
pub(super) fn group(
    f: &Folding<'_>,
    first: usize,
    end: usize,
    routed: &[Routed],
    packed: &[(usize, Vec<Packed>)],
) -> Grouped {
    let from = f.records.partition_point(|(j, _)| (*j as usize) < first);
    let to = f.records.partition_point(|(j, _)| (*j as usize) < end);
    let records = f.records.get(from..to).unwrap_or(&[]);
    let mut starts = vec![0usize; end.saturating_sub(first) + 1];
    let mut count = |journey: u32| {
        if let Some(slot) = starts.get_mut((journey as usize).wrapping_sub(first).wrapping_add(1)) {
            *slot += 1;
        }
    };
    records.iter().for_each(|(j, _)| count(*j));
    packed.iter().flat_map(|(_, all)| all).for_each(|p| count(p.journey));
    let mut sum = 0;
    for slot in &mut starts {
        sum += *slot;
        *slot = sum;
    }
    let Some(filler) = records
        .first()
        .map(|(_, e)| *e)
        .or_else(|| packed.iter().find_map(|(task, all)| routed.get(*task)?.event(all.first()?)))
    else {
        return Grouped { events: Vec::new(), starts };
    };
    let mut events = vec![filler; sum];
    let mut next = starts.clone();
    let mut put = |journey: u32, event: Event| {
        if let Some(at) = next.get_mut((journey as usize).wrapping_sub(first)) {
            if let Some(slot) = events.get_mut(*at) {
                *slot = event;
            }
            *at += 1;
        }
    };
    records.iter().for_each(|(j, e)| put(*j, *e));
    for (task, all) in packed {
        let Some(task) = routed.get(*task) else { continue };
        for p in all {
            if let Some(event) = task.event(p) {
                put(p.journey, event);
            }
        }
    }
    Grouped { events, starts }
}

fn fold_bucket(f: &Folding<'_>, first: usize, grouped: &Grouped) -> JourneyFacts {
    let mut facts = JourneyFacts::default();
    let mut fold = Fold::new(f.definitions, f.as_if);
    let mut links = Links::from(f, first);
    for number in 0..grouped.starts.len().saturating_sub(1) {
        links.advance(f, first + number);
        let Some(journey) = f.journeys.get(first + number) else { continue };
        fold.run(&links.input(f, *journey, grouped.of(number)), &mut facts);
    }
    facts
}

/// The links of one journey after the other.
pub(super) struct Links {
    lead_at: usize,
    opportunity_at: usize,
    leads: Vec<LeadLink>,
    opportunities: Vec<OpportunityLink>,
}

impl Links {
    /// Before the journey at this place.
    pub fn from(f: &Folding<'_>, place: usize) -> Links {
        Links {
            lead_at: f.lead_links.partition_point(|(j, _)| (*j as usize) < place),
            opportunity_at: f.opportunity_links.partition_point(|(j, _)| (*j as usize) < place),
            leads: Vec::new(),
            opportunities: Vec::new(),
        }
    }

    /// To the journey at this place, which is not before the last one.
    pub fn advance(&mut self, f: &Folding<'_>, place: usize) {
        take(f.lead_links, &mut self.lead_at, place, &mut self.leads);
        take(f.opportunity_links, &mut self.opportunity_at, place, &mut self.opportunities);
    }

    /// What the fold takes.
    pub fn input<'a>(&'a self, f: &Folding<'a>, journey: u64, events: &'a [Event]) -> JourneyInput<'a> {
        JourneyInput {
            journey,
            events,
            leads: f.leads,
            opportunities: f.opportunities,
            lead_links: &self.leads,
            opportunity_links: &self.opportunities,
        }
    }
}

fn take<T: Copy>(all: &[(u32, T)], at: &mut usize, place: usize, out: &mut Vec<T>) {
    out.clear();
    while let Some((journey, item)) = all.get(*at) {
        if *journey as usize > place {
            break;
        }
        if *journey as usize == place {
            out.push(*item);
        }
        *at += 1;
    }
}
