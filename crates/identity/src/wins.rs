//! A win that two records tell of: the opportunity that is won, and a lead that says of itself that it became a customer.
//!
//! Tools that keep no lead records mark every contact of a won opportunity as a customer, and so do people. Counted as they
//! stand, one sale to three contacts would be four wins. The opportunity has the money and the day, so it is the win.
//! Here: with which opportunity a lead's own win would be counted. Not here: whether it has one (the fold knows).
//! Invariants: a lead that is an opportunity's primary one is left alone, its win is that opportunity's already; an
//! account's wins may be of other components than its leads, so they are told apart from what a component says.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use crate::{Links, OwnBits, Records};

/// A won opportunity without a lead: wins that leads of its account record of themselves may be counted with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Win {
    /// The opportunity.
    pub opportunity: u64,
    /// The account it is with, never 0.
    pub account: u64,
    /// The opportunity that stands for it: itself, unless it is another's twin.
    pub counted_as: u64,
}

type Set = HashSet<u64, BuildHasherDefault<OwnBits>>;
type Map = HashMap<u64, u64, BuildHasherDefault<OwnBits>>;

/// Finds the wins, and says of each lead with which win of its buying group its own would be counted.
pub(crate) fn settle(records: &Records<'_>, links: &mut Links) {
    let won: Set = records.opportunities.iter().filter(|o| o.won == Some(true)).map(|o| o.key).collect();
    if won.is_empty() {
        return;
    }
    let standing = |opportunity: u64| crate::twins::standing(&links.twin_opportunities, opportunity);
    links.wins = links
        .opportunities
        .iter()
        .filter(|o| o.lead == 0 && o.account != 0 && won.contains(&o.opportunity))
        .map(|o| Win { opportunity: o.opportunity, account: o.account, counted_as: standing(o.opportunity) })
        .collect();
    // the smallest key of several, so that the order of records says nothing
    let mut of_group = Map::default();
    for (opportunity, lead) in links.members.iter().rev().filter(|(opportunity, _)| won.contains(opportunity)) {
        of_group.insert(*lead, standing(*opportunity));
    }
    let primary = primary(links);
    for lead in links.leads.iter_mut().filter(|lead| !primary.contains(&lead.lead)) {
        lead.wins_with = of_group.get(&lead.lead).copied().unwrap_or(0);
    }
}

/// Leads that are the primary one of an opportunity.
fn primary(links: &Links) -> Set {
    links.opportunities.iter().map(|o| o.lead).filter(|lead| *lead != 0).collect()
}

impl Links {
    /// Says of each lead with which win of its account its own would be counted, where its buying group has none.
    /// `wins` are those of all records with the accounts of these leads.
    pub fn count_wins(&mut self, wins: &[Win]) {
        if wins.is_empty() {
            return;
        }
        let mut of_account: HashMap<u64, &Win, BuildHasherDefault<OwnBits>> = HashMap::default();
        for win in wins.iter().filter(|win| win.account != 0) {
            let first = of_account.entry(win.account).or_insert(win);
            if win.opportunity < first.opportunity {
                *first = win;
            }
        }
        let primary = primary(self);
        for lead in self.leads.iter_mut().filter(|lead| lead.wins_with == 0 && !primary.contains(&lead.lead)) {
            lead.wins_with = of_account.get(&lead.account).map_or(0, |win| win.counted_as);
        }
    }
}
