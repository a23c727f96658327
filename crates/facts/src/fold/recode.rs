//! New codes for old ones, once all texts are known and in order.
//!
//! Invariant: code 0 stays 0, and what is no code is left as it is.

use journey::{Changed, LeadSeen, OpportunityLink, OpportunitySeen, What};
use rayon::prelude::*;
use tallies::Table;

use super::happenings::Routed;

/// New codes for everything that is folded.
pub(super) fn recode_all(
    routed: &mut [Routed],
    leads: &mut [LeadSeen],
    opportunities: &mut [OpportunitySeen],
    links: &mut [(u32, OpportunityLink)],
    to: &[u32],
) {
    routed.par_iter_mut().for_each(|r| r.shapes.iter_mut().for_each(|s| recode(&mut s.what, to)));
    leads.par_iter_mut().for_each(|l| recode_lead(l, to));
    opportunities.par_iter_mut().for_each(|o| recode_opportunity(o, to));
    for (_, link) in links {
        for code in [&mut link.lead_rule, &mut link.account_rule] {
            *code = to.get(*code as usize).copied().unwrap_or(0);
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

/// New codes for what happened.
pub(super) fn recode(what: &mut What, to: &[u32]) {
    let new = |code: &mut u32| *code = to.get(*code as usize).copied().unwrap_or(0);
    let new_wide = |code: &mut i64| {
        *code = usize::try_from(*code).ok().and_then(|c| to.get(c)).map_or(*code, |c| i64::from(*c));
    };
    match what {
        What::StageEntered { raw, .. } => new(raw),
        What::Activity { rep, .. } => new(rep),
        What::Touch { channel, campaign, .. } => {
            new(channel);
            new(campaign);
        }
        What::FieldChanged { field: Changed::Owner | Changed::Other, old, new } => {
            new_wide(old);
            new_wide(new);
        }
        What::FieldChanged { .. }
        | What::LeadSeen(_)
        | What::OpportunitySeen(_)
        | What::EnteredByRule { .. }
        | What::Converted { .. } => {}
    }
}

/// New codes for a version of a lead.
pub(super) fn recode_lead(seen: &mut LeadSeen, to: &[u32]) {
    for code in [
        &mut seen.source,
        &mut seen.source_detail,
        &mut seen.campaign,
        &mut seen.segment,
        &mut seen.industry,
        &mut seen.country,
        &mut seen.product,
        &mut seen.lane,
        &mut seen.owner,
        &mut seen.sdr,
        &mut seen.team,
        &mut seen.stage_raw,
    ] {
        *code = to.get(*code as usize).copied().unwrap_or(0);
    }
}

/// New codes for a version of an opportunity.
pub(super) fn recode_opportunity(seen: &mut OpportunitySeen, to: &[u32]) {
    for code in [
        &mut seen.source,
        &mut seen.campaign,
        &mut seen.segment,
        &mut seen.industry,
        &mut seen.country,
        &mut seen.product,
        &mut seen.owner,
        &mut seen.team,
        &mut seen.kind,
        &mut seen.reason,
        &mut seen.stage_raw,
        &mut seen.currency,
    ] {
        *code = to.get(*code as usize).copied().unwrap_or(0);
    }
}
