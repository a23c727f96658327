//! A win that two records tell of: the opportunity that is won, and a lead that says of itself that it became a customer.
//!
//! Tools that keep no lead records mark every contact of a won opportunity as a customer, and so do people. Counted as they
//! stand, one sale to three contacts would be four wins. The opportunity has the money and the day, so it is the win.
//! Here: with which opportunity a lead's own win would be counted. Not here: whether it has one (the fold knows).
//! Invariant: a lead that is an opportunity's primary one is left alone, its win is that opportunity's already.

use std::collections::{HashMap, HashSet};

use crate::{Links, Records};

/// Says it of each lead.
pub(crate) fn settle(records: &Records<'_>, links: &mut Links) {
    let won: HashSet<u64> = records.opportunities.iter().filter(|o| o.won == Some(true)).map(|o| o.key).collect();
    if won.is_empty() {
        return;
    }
    let primary: HashSet<u64> = links.opportunities.iter().map(|o| o.lead).filter(|lead| *lead != 0).collect();
    let standing = |opportunity: u64| crate::twins::standing(&links.twin_opportunities, opportunity);
    // the smallest key of several, so that the order of records says nothing
    let mut of_account: HashMap<u64, u64> = HashMap::new();
    for o in links.opportunities.iter().rev().filter(|o| o.lead == 0 && o.account != 0 && won.contains(&o.opportunity))
    {
        of_account.insert(o.account, standing(o.opportunity));
    }
    let mut of_group: HashMap<u64, u64> = HashMap::new();
    for (opportunity, lead) in links.members.iter().rev().filter(|(opportunity, _)| won.contains(opportunity)) {
        of_group.insert(*lead, standing(*opportunity));
    }
    for lead in links.leads.iter_mut().filter(|lead| !primary.contains(&lead.lead)) {
        let by_group = of_group.get(&lead.lead);
        let by_account = || of_account.get(&lead.account).filter(|_| lead.account != 0);
        lead.wins_with = by_group.or_else(by_account).copied().unwrap_or(0);
    }
}
