//! What the events of a journey point at: versions of lead and opportunity records, and the links that hold.
//!
//! Invariants: money here is in the reporting currency already; codes come from the caller's one dictionary. A version
//! may be partial (a second file that knows only when a lead was won): a field that a version does not give keeps what
//! the version before gave, so the caller passes all versions and merges nothing.

use terms::{Stage, When};

use crate::{Code, Event, NO_MONEY, NO_SMALL};

/// One version of a lead record. The event that points here carries its key, time and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeadSeen {
    /// Where the lead came from.
    pub source: Code,
    /// Finer source.
    pub source_detail: Code,
    /// The campaign that brought it, by name where known.
    pub campaign: Code,
    /// Its segment.
    pub segment: Code,
    /// Its company's industry.
    pub industry: Code,
    /// Its country.
    pub country: Code,
    /// The product it asked about.
    pub product: Code,
    /// How it was dealt out.
    pub lane: Code,
    /// The rep who owns it, by the source's id.
    pub owner: Code,
    /// The development rep who worked it, by the source's id.
    pub sdr: Code,
    /// The owner's team or office.
    pub team: Code,
    /// Its stage as recorded.
    pub stage_raw: Code,
    /// Its stage in our words.
    pub stage: Option<Stage>,
    /// Whether the source says it was converted.
    pub is_converted: Option<bool>,
    /// The opportunity it became, 0 where none is named.
    pub converted_opportunity: u64,
    /// When it was first known.
    pub created_at: When,
    /// When it was converted.
    pub converted_at: When,
    /// When it passed from marketing to sales.
    pub handoff_at: When,
    /// First sales response as recorded by the source.
    pub first_response_at: When,
    /// When it was won, where wins are recorded on the lead itself.
    pub won_at: When,
    /// What it was worth, likewise; [`NO_MONEY`] where not recorded.
    pub amount: i64,
}

impl Default for LeadSeen {
    fn default() -> Self {
        LeadSeen {
            source: 0,
            source_detail: 0,
            campaign: 0,
            segment: 0,
            industry: 0,
            country: 0,
            product: 0,
            lane: 0,
            owner: 0,
            sdr: 0,
            team: 0,
            stage_raw: 0,
            stage: None,
            is_converted: None,
            converted_opportunity: 0,
            created_at: When::Unknown,
            converted_at: When::Unknown,
            handoff_at: When::Unknown,
            first_response_at: When::Unknown,
            won_at: When::Unknown,
            amount: NO_MONEY,
        }
    }
}

/// One version of an opportunity record. The event that points here carries its key, time and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpportunitySeen {
    /// Its own source, 0 where not recorded (the lead's is taken then).
    pub source: Code,
    /// Its primary campaign, by name where known.
    pub campaign: Code,
    /// Its own segment, 0 where not recorded (the lead's is taken then).
    pub segment: Code,
    /// Its account's industry, joined by the caller.
    pub industry: Code,
    /// Its account's country, joined by the caller.
    pub country: Code,
    /// What is sold.
    pub product: Code,
    /// The rep who owns it, by the source's id.
    pub owner: Code,
    /// The team or office: its own, or the owner's.
    pub team: Code,
    /// New business, renewal, expansion, as recorded.
    pub kind: Code,
    /// Why it was lost, as recorded.
    pub reason: Code,
    /// Its stage as recorded.
    pub stage_raw: Code,
    /// The currency it was recorded in.
    pub currency: Code,
    /// Its stage in our words.
    pub stage: Option<Stage>,
    /// Whether the source says it is closed.
    pub is_closed: Option<bool>,
    /// Whether the source says it is won.
    pub is_won: Option<bool>,
    /// 1 if its money has no rate to the reporting currency.
    pub not_converted: u8,
    /// 1 if its product is not in the product list, [`NO_SMALL`] where there is no list.
    pub product_unmatched: u8,
    /// When it was opened.
    pub created_at: When,
    /// When it closed, or is expected to.
    pub closed_at: When,
    /// What the customer pays, in the reporting currency; [`NO_MONEY`] where not recorded or not converted.
    pub amount: i64,
    /// By the price list, likewise.
    pub list_price: i64,
}

impl Default for OpportunitySeen {
    fn default() -> Self {
        OpportunitySeen {
            source: 0,
            campaign: 0,
            segment: 0,
            industry: 0,
            country: 0,
            product: 0,
            owner: 0,
            team: 0,
            kind: 0,
            reason: 0,
            stage_raw: 0,
            currency: 0,
            stage: None,
            is_closed: None,
            is_won: None,
            not_converted: 0,
            product_unmatched: NO_SMALL,
            created_at: When::Unknown,
            closed_at: When::Unknown,
            amount: NO_MONEY,
            list_price: NO_MONEY,
        }
    }
}

/// What identity knows about a lead. A lead without one is unmatched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct LeadLink {
    /// The lead.
    pub lead: u64,
    /// The account it belongs to, 0 where unmatched.
    pub account: u64,
    /// The won opportunity of others with which a win on its own record is counted, 0 where there is none.
    pub wins_with: u64,
    /// Identity found records or sources that contradict each other about it.
    pub contradicted: bool,
}

/// What identity knows about an opportunity. One without a link has no lead and no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct OpportunityLink {
    /// The opportunity.
    pub opportunity: u64,
    /// Its primary lead, 0 where there is none.
    pub lead: u64,
    /// Leads linked to it, the primary one included.
    pub members: u32,
    /// By what rule its primary lead was linked.
    pub lead_rule: Code,
    /// The account it is with, 0 where unmatched.
    pub account: u64,
    /// By what rule the account was matched.
    pub account_rule: Code,
    /// Identity found records or sources that contradict each other about it.
    pub contradicted: bool,
}

/// Everything about one journey. The slices of records may be those of many journeys: events name places in them.
#[derive(Clone, Copy, Debug)]
pub struct JourneyInput<'a> {
    /// The journey's id, as [`LeadCycle::journey`](crate::LeadCycle::journey).
    pub journey: u64,
    /// Its events, all versions, in any order.
    pub events: &'a [Event],
    /// Versions of lead records.
    pub leads: &'a [LeadSeen],
    /// Versions of opportunity records.
    pub opportunities: &'a [OpportunitySeen],
    /// For the leads of this journey.
    pub lead_links: &'a [LeadLink],
    /// For the opportunities of this journey.
    pub opportunity_links: &'a [OpportunityLink],
}
