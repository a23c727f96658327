//! Records of two systems that are one thing: a lead kept in the marketing tool and in the CRM, an opportunity in both.
//!
//! A system that records conversions is where leads are worked, so its record stands and the other one's is its twin:
//! the twin has no row of its own, or every lead of a company with two tools would be counted twice. What happened to
//! a twin (touches, activities) still belongs to the journey. A human whom only the marketing tool knows stays a lead.
//! Invariant: records of one system are never twins of each other; a thing has at most one it is a twin of, and that
//! one stands.

use std::collections::BTreeMap;

use terms::{Entity, When};

use crate::people::People;
use crate::records::Active;
use crate::{LeadRecord, OpportunityRecord, Records};

/// For each system: leads that name the opportunity they became, opportunities, leads.
pub type SystemCounts = BTreeMap<u32, (u64, u64, u64)>;

/// What each system keeps.
pub fn counts(leads: &[LeadRecord], opportunities: &[OpportunityRecord]) -> SystemCounts {
    let mut counts = SystemCounts::new();
    for of_one in leads.chunk_by(|a, b| a.system == b.system) {
        let Some(first) = of_one.first() else { continue };
        let count = counts.entry(first.system).or_default();
        count.0 += of_one.iter().filter(|l| l.converted_opportunity != 0).count() as u64;
        count.2 += of_one.len() as u64;
    }
    for of_one in opportunities.chunk_by(|a, b| a.system == b.system) {
        let Some(first) = of_one.first() else { continue };
        counts.entry(first.system).or_default().1 += of_one.len() as u64;
    }
    counts
}

/// Systems, best first: by leads that name the opportunity they became, then by opportunities, then by leads. (A tool
/// whose leads are its contacts "converts" every one of them to itself: that says nothing.)
pub fn systems<'t>(counts: &SystemCounts, name: impl Fn(u32) -> &'t str) -> Vec<u32> {
    let mut systems: Vec<u32> = counts.keys().copied().collect();
    systems.sort_by_key(|s| (counts.get(s).map(|c| std::cmp::Reverse(*c)), name(*s), *s));
    systems
}

fn rank(systems: &[u32], system: u32) -> usize {
    systems.iter().position(|s| *s == system).unwrap_or(usize::MAX)
}

/// Twin and the lead that stands for it, sorted by twin.
pub(crate) fn leads(records: &Records<'_>, people: &People, systems: &[u32]) -> Vec<(u64, u64)> {
    if systems.len() < 2 {
        return Vec::new();
    }
    let rank = |lead: &LeadRecord| rank(systems, lead.system);
    let mut by_cluster: Vec<(u32, usize, u64, usize)> = records
        .leads
        .iter()
        .enumerate()
        // a key that comes twice is one record
        .filter(|(place, lead)| people.leads.get(lead.key) == Some(*place as u32))
        .map(|(place, lead)| (people.root_of_lead(place), rank(lead), lead.key, place))
        .collect();
    by_cluster.sort_unstable();
    let mut twins = Vec::new();
    for cluster in by_cluster.chunk_by(|a, b| a.0 == b.0) {
        let Some((_, best, ..)) = cluster.first() else { continue };
        let standing = || cluster.iter().filter(|c| c.1 == *best).filter_map(|c| records.leads.get(c.3));
        for (_, _, key, place) in cluster.iter().filter(|c| c.1 != *best) {
            let at = records.leads.get(*place).map_or(When::Unknown, |l| l.created);
            // of several, the one that began nearest
            let nearest = standing().min_by_key(|l| (apart(l.created, at), l.key));
            twins.extend(nearest.map(|l| (*key, l.key)));
        }
    }
    twins.sort_unstable();
    twins
}

fn apart(a: When, b: When) -> u64 {
    match (a.minutes(), b.minutes()) {
        (Some(a), Some(b)) => u64::from(a.abs_diff(b)),
        _ => u64::MAX,
    }
}

/// Twin and the opportunity that stands for it, sorted by twin; only where a link says that the two are one.
pub(crate) fn opportunities(records: &Records<'_>, links: &[Active], ranked: &[u32]) -> Vec<(u64, u64)> {
    let systems: BTreeMap<u64, u32> =
        if links.iter().any(|l| l.between(Entity::Opportunity, Entity::Opportunity).is_some()) {
            records.opportunities.iter().map(|o| (o.key, o.system)).collect()
        } else {
            return Vec::new();
        };
    let place = |key: u64| Some((rank(ranked, *systems.get(&key)?), key));
    let mut twins: BTreeMap<u64, u64> = BTreeMap::new();
    for link in links {
        let Some((a, b)) = link.between(Entity::Opportunity, Entity::Opportunity) else { continue };
        let (Some(one), Some(other)) = (place(a), place(b)) else { continue };
        let (stands, twin) = if one < other { (a, b) } else { (b, a) };
        if !twins.contains_key(&stands) {
            twins.insert(twin, stands);
        }
    }
    // nothing is the twin of a twin
    let stands: std::collections::BTreeSet<u64> = twins.values().copied().collect();
    twins.into_iter().filter(|(twin, _)| !stands.contains(twin)).collect()
}

/// The one that stands for a key.
pub(crate) fn standing(twins: &[(u64, u64)], key: u64) -> u64 {
    twins.binary_search_by_key(&key, |t| t.0).ok().and_then(|i| twins.get(i)).map_or(key, |t| t.1)
}

/// Lets the standing lead take its twin's place in what was claimed.
pub(crate) fn settle(links: &mut crate::Links) {
    if links.twin_leads.is_empty() {
        return;
    }
    for (_, lead) in &mut links.members {
        *lead = standing(&links.twin_leads, *lead);
    }
    links.members.sort_unstable();
    links.members.dedup();
    let mut members = links.members.chunk_by(|a, b| a.0 == b.0).peekable();
    for opportunity in &mut links.opportunities {
        opportunity.lead = standing(&links.twin_leads, opportunity.lead);
        while members.next_if(|m| m.first().is_some_and(|m| m.0 < opportunity.opportunity)).is_some() {}
        if let Some(own) = members.next_if(|m| m.first().is_some_and(|m| m.0 == opportunity.opportunity)) {
            opportunity.members = own.len() as u32;
        }
    }
}
