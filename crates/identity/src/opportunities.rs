//! Which lead an opportunity came from.
//!
//! Invariant: one primary lead at most, so that money is counted once; the strongest rule decides, then the earliest
//! conversion, the earliest creation, the smallest key. The other claimants are members of the buying group.

use terms::Entity;

use crate::people::People;
use crate::records::Active;
use crate::{Index, LeadRecord, LeadRule, OpportunityRecord, Records};

/// The claims on each opportunity, by its place in `Records::opportunities`.
pub(crate) struct Claims {
    /// For each opportunity: the rule, the place of its primary lead, its journey, how many leads.
    pub primary: Vec<Primary>,
    /// Opportunity and lead, sorted.
    pub members: Vec<(u64, u64)>,
}

#[derive(Clone, Copy)]
pub(crate) struct Primary {
    pub rule: LeadRule,
    pub lead: Option<u32>,
    pub journey: u64,
    pub members: u32,
}

pub(crate) fn claim(records: &Records<'_>, links: &[Active], people: &People) -> Claims {
    let at = Index::of(records.opportunities.iter().map(|o| o.key));
    let mut claims: Vec<(u32, LeadRule, u32)> = Vec::with_capacity(records.opportunities.len());
    for (i, lead) in records.leads.iter().enumerate() {
        if lead.converted_opportunity != 0
            && let Some(opportunity) = at.get(lead.converted_opportunity)
        {
            claims.push((opportunity, LeadRule::Converted, i as u32));
        }
    }
    for (i, opportunity) in records.opportunities.iter().enumerate() {
        if opportunity.lead != 0
            && let Some(lead) = people.leads.get(opportunity.lead)
        {
            claims.push((i as u32, LeadRule::Field, lead));
        }
    }
    for link in links {
        if let Some((lead, opportunity)) = link.between(Entity::Lead, Entity::Opportunity)
            && let (Some(lead), Some(opportunity)) = (people.leads.get(lead), at.get(opportunity))
        {
            let rule = if link.member { LeadRule::Member } else { LeadRule::Link };
            claims.push((opportunity, rule, lead));
        }
    }
    claims.sort_unstable();
    by_contact(records, links, &at, people, &mut claims);

    let mut primary: Vec<Primary> = records
        .opportunities
        .iter()
        .map(|o| Primary { rule: LeadRule::None, lead: None, journey: o.key, members: 0 })
        .collect();
    let mut members = Vec::with_capacity(claims.len());
    for group in claims.chunk_by_mut(|a, b| a.0 == b.0) {
        let order = |c: &(u32, LeadRule, u32)| {
            let lead = records.leads.get(c.2 as usize).copied().unwrap_or(LeadRecord::new(u64::MAX));
            (c.1, lead.converted.order(), lead.created.order(), lead.key)
        };
        let Some(best) = group.iter().min_by_key(|c| order(c)).copied() else { continue };
        group.sort_unstable_by_key(|c| c.2);
        let mut count = 0;
        for one in group.chunk_by(|a, b| a.2 == b.2) {
            count += 1;
            if let Some((o, l)) = one
                .first()
                .and_then(|c| Some((records.opportunities.get(c.0 as usize)?, records.leads.get(c.2 as usize)?)))
            {
                members.push((o.key, l.key));
            }
        }
        if let Some(slot) = primary.get_mut(best.0 as usize) {
            let journey = people.journey_of_lead(best.2 as usize);
            *slot = Primary { rule: best.1, lead: Some(best.2), journey, members: count };
        }
    }
    members.sort_unstable();
    Claims { primary, members }
}

/// Opportunities that no record claims: by the human who is their primary contact; and all by their other contacts. A lead made after the opportunity
/// was opened cannot be where it came from.
fn by_contact(
    records: &Records<'_>,
    links: &[Active],
    at: &Index,
    people: &People,
    claims: &mut Vec<(u32, LeadRule, u32)>,
) {
    let mut wanted: Vec<(u32, u32, LeadRule)> = Vec::new();
    for link in links.iter().filter(|link| link.member) {
        if let Some((person, opportunity)) = link.between(Entity::Person, Entity::Opportunity)
            && let (Some(root), Some(place)) = (people.root_of_person(person), at.get(opportunity))
        {
            wanted.push((root, place, LeadRule::Member));
        }
    }
    let mut claimed = claims.chunk_by(|a, b| a.0 == b.0).filter_map(|g| g.first().map(|c| c.0)).peekable();
    for (i, opportunity) in records.opportunities.iter().enumerate() {
        if claimed.next_if_eq(&(i as u32)).is_none()
            && opportunity.person != 0
            && let Some(root) = people.root_of_person(opportunity.person)
        {
            wanted.push((root, i as u32, LeadRule::Contact));
        }
    }
    drop(claimed);
    if wanted.is_empty() {
        return;
    }
    wanted.sort_unstable();
    let mut is_wanted = vec![false; records.leads.len() + records.people.len()];
    for (root, ..) in &wanted {
        if let Some(slot) = is_wanted.get_mut(*root as usize) {
            *slot = true; // a cluster with a lead has a lead as its root, so later nodes need no slot
        }
    }
    for (place, lead) in records.leads.iter().enumerate() {
        let root = people.root_of_lead(place);
        if !is_wanted.get(root as usize).copied().unwrap_or(false) {
            continue;
        }
        let start = wanted.partition_point(|w| w.0 < root);
        for (_, i, rule) in wanted.iter().skip(start).take_while(|w| w.0 == root) {
            if records.opportunities.get(*i as usize).is_some_and(|o| can_come_from(o, lead)) {
                claims.push((*i, *rule, place as u32));
            }
        }
    }
    claims.sort_unstable();
}

fn can_come_from(opportunity: &OpportunityRecord, lead: &LeadRecord) -> bool {
    match (lead.created.first_day(), opportunity.created.last_day()) {
        (Some(lead), Some(opportunity)) => lead <= opportunity,
        _ => true,
    }
}
