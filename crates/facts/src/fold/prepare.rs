//! Whose everything is: records by what identity says of them, ready to be folded.
//!
//! Invariant: what is prepared of whole components is what would be prepared of them among all.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use identity::{Index, Links};
use journey::{Event, LeadLink, LeadSeen, OpportunityLink, OpportunitySeen};
use rayon::prelude::*;
use terms::{Entity, Key};

use super::happenings::{Journeys, Places};
use super::kept::{Lead, Link, Opportunity};
use super::records::{self, Account};
use super::reference::ByKey;
use super::texts::Texts;

/// Records, and whose they are.
pub(super) struct Prepared {
    pub links: Links,
    pub journeys: Journeys<'static>,
    pub leads: Vec<LeadSeen>,
    pub opportunities: Vec<OpportunitySeen>,
    /// The place of its journey with each version of a record.
    pub records: Vec<(u32, Event)>,
    pub lead_links: Vec<(u32, LeadLink)>,
    pub opportunity_links: Vec<(u32, OpportunityLink)>,
}

/// Whose each version is, by links that hold.
pub(super) fn prepare(
    links: Links,
    recorded: &[Link],
    leads: records::Read<Lead, LeadSeen>,
    opportunities: records::Read<Opportunity, OpportunitySeen>,
    texts: &Texts,
) -> Prepared {
    let journeys = journeys_of(&links, recorded);
    // a twin has no row of its own: its record is not folded, what happened to it still is
    let twins = Index::of(
        links.twin_leads.iter().chain(&links.twin_opportunities).map(|t| t.0).collect::<Vec<_>>().into_iter(),
    );
    let stands = |key: u64| twins.get(key).is_none();
    let mut events: Vec<(u32, Event)> = leads
        .events
        .par_iter()
        .chain(&opportunities.events)
        .filter(|event| stands(event.subject))
        .filter_map(|event| Some((journeys.places.get(event.subject)?, *event)))
        .collect();
    events.par_sort_by_key(|(journey, _): &(u32, Event)| *journey);
    let place = |subject: u64| journeys.places.get(subject).unwrap_or(u32::MAX);
    let mut lead_links: Vec<(u32, LeadLink)> = links
        .leads
        .par_iter()
        .filter(|l| stands(l.lead))
        .map(|l| {
            (place(l.lead), LeadLink { lead: l.lead, account: l.account, wins_with: l.wins_with, contradicted: false })
        })
        .collect();
    lead_links.par_sort_by_key(|(j, l)| (*j, l.lead));
    let mut words: HashMap<&'static str, u32> = HashMap::new();
    let mut word = |w: &'static str| *words.entry(w).or_insert_with(|| texts.code(w));
    let mut opportunity_links: Vec<(u32, OpportunityLink)> = links
        .opportunities
        .iter()
        .filter(|o| stands(o.opportunity))
        .map(|o| {
            let link = OpportunityLink {
                opportunity: o.opportunity,
                lead: o.lead,
                members: o.members,
                lead_rule: word(o.rule.word()),
                account: o.account,
                account_rule: word(o.account_rule.word()),
                contradicted: false,
            };
            (place(o.opportunity), link)
        })
        .collect();
    opportunity_links.par_sort_by_key(|(j, o)| (*j, o.opportunity));
    Prepared {
        links,
        journeys,
        leads: leads.seen,
        opportunities: opportunities.seen,
        records: events,
        lead_links,
        opportunity_links,
    }
}

/// The journeys, and whose they are.
pub(super) fn journeys_of(links: &Links, recorded: &[Link]) -> Journeys<'static> {
    let mut ids: Vec<u64> =
        links.leads.iter().map(|l| l.journey).chain(links.opportunities.iter().map(|o| o.journey)).collect();
    ids.par_sort_unstable();
    ids.dedup();
    let numbers = Index::sorted(ids.iter().copied().zip(0u32..).collect());
    let pairs: Vec<(u64, u32)> = links
        .journeys
        .par_iter()
        .copied()
        .chain(links.leads.par_iter().map(|l| (l.lead, l.journey)))
        .chain(links.opportunities.par_iter().map(|o| (o.opportunity, o.journey)))
        .filter_map(|(subject, journey)| Some((subject, numbers.get(journey)?)))
        .collect();
    let places = Places::new(pairs);
    let tied = tied(recorded, |key| places.get(key.hash).is_some());
    Journeys { ids, places, tied, elsewhere: None }
}

/// Activities and touches that a link ties to something of a journey: to a lead before a contact before an
/// opportunity, to the one recorded first where there are several.
pub(super) fn tied(recorded: &[Link], has_journey: impl Fn(Key) -> bool) -> ByKey<Key> {
    let happens = |k: Key| matches!(k.entity, Entity::Activity | Entity::Touch);
    let mut stands: BTreeMap<(Key, Key), (u64, bool)> = BTreeMap::new();
    for l in recorded {
        let (thing, other) = match (happens(l.from), happens(l.to)) {
            (true, false) => (l.from, l.to),
            (false, true) => (l.to, l.from),
            _ => continue,
        };
        // of two records about the same two things the later one holds
        let first = stands.get(&(thing, other)).map_or(l.key, |(first, _)| *first);
        stands.insert((thing, other), (first, l.withdrawn));
    }
    let rank = |k: Key| match k.entity {
        Entity::Lead => 0,
        Entity::Person => 1,
        Entity::Opportunity => 2,
        _ => 3,
    };
    let mut best: BTreeMap<u64, (u8, u64, Key)> = BTreeMap::new();
    for ((thing, other), (first, withdrawn)) in stands {
        if withdrawn || !has_journey(other) {
            continue;
        }
        let candidate = (rank(other), first, other);
        let slot = best.entry(thing.hash).or_insert(candidate);
        *slot = (*slot).min(candidate);
    }
    best.into_iter().map(|(thing, (_, _, other))| (thing, other)).collect()
}

/// Industry and country of the account that each opportunity is with.
pub(super) fn join_accounts(
    seen: &mut [OpportunitySeen],
    records: &[(u32, Event)],
    links: &[(u32, OpportunityLink)],
    accounts: &[Account],
) {
    let of_account: ByKey<(u32, u32)> = accounts.iter().map(|a| (a.key, (a.industry, a.country))).collect();
    let of: ByKey<(u32, u32)> =
        links.iter().filter_map(|(_, l)| Some((l.opportunity, *of_account.get(&l.account)?))).collect();
    for (_, event) in records {
        if let journey::What::OpportunitySeen(at) = event.what
            && let (Some(seen), Some((industry, country))) = (seen.get_mut(at as usize), of.get(&event.id))
        {
            seen.industry = *industry;
            seen.country = *country;
        }
    }
}

/// Every subject of a journey with the journey, sorted.
pub(super) fn subjects_of(journeys: &Journeys<'_>) -> Vec<(u64, u64)> {
    let journey = |place: u32| journeys.ids.get(place as usize).copied().unwrap_or(0);
    journeys.places.pairs().iter().map(|(subject, place)| (*subject, journey(*place))).collect()
}
