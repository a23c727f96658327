//! What is rewritten between linking and folding: new codes for texts, and what is joined from accounts.

use journey::{Event, LeadSeen, OpportunityLink, OpportunitySeen};
use rayon::prelude::*;
use tallies::Table;

use super::happenings::Routed;
use super::records::Account;
use super::reference::ByKey;
use super::route;

/// New codes for everything that is folded.
pub(super) fn recode_all(
    routed: &mut [Routed],
    leads: &mut [LeadSeen],
    opportunities: &mut [OpportunitySeen],
    links: &mut [(u32, OpportunityLink)],
    to: &[u32],
) {
    routed.par_iter_mut().for_each(|r| r.shapes.iter_mut().for_each(|s| route::recode(&mut s.what, to)));
    leads.par_iter_mut().for_each(|l| route::recode_lead(l, to));
    opportunities.par_iter_mut().for_each(|o| route::recode_opportunity(o, to));
    for (_, link) in links {
        for code in [&mut link.lead_rule, &mut link.account_rule] {
            *code = to.get(*code as usize).copied().unwrap_or(0);
        }
    }
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

pub(super) fn recode_table(table: &mut Table, to: &[u32]) {
    for data in &mut table.columns {
        if let tallies::Data::Code(codes, _) = data {
            codes.iter_mut().for_each(|c| *c = to.get(*c as usize).copied().unwrap_or(0));
        }
    }
}

/// New codes for accounts.
pub(super) fn recode_accounts(accounts: &mut [Account], to: &[u32]) {
    for a in accounts {
        for code in [&mut a.industry, &mut a.country, &mut a.segment, &mut a.owner] {
            *code = to.get(*code as usize).copied().unwrap_or(0);
        }
    }
}
