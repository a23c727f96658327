//! The facts of a journey: one struct for each grain, one field for each column of [`tallies::columns`].
//!
//! Invariant: missing values are those of the columns (code 0, `i32::MIN`, `i64::MIN`, key 0, 255 for small numbers).

use crate::{Code, NO_MONEY, NO_SMALL, NO_TIME};

/// One cycle of one lead: a row of [`tallies::columns::lead_cycle`]. Times are minutes since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the column of its name, documented there")]
pub struct LeadCycle {
    pub key: u64,
    pub journey: u64,
    pub cycle: i32,
    pub account: u64,
    pub opportunity: u64,
    pub wins_with: u64,
    pub source: Code,
    pub source_detail: Code,
    pub channel: Code,
    pub campaign: Code,
    pub segment: Code,
    pub industry: Code,
    pub country: Code,
    pub product: Code,
    pub lane: Code,
    pub owner: Code,
    pub sdr: Code,
    pub team: Code,
    pub stage: u8,
    pub stage_raw: Code,
    pub created_at: i32,
    pub mql_at: i32,
    pub sal_at: i32,
    pub sql_at: i32,
    pub opportunity_at: i32,
    pub won_at: i32,
    pub lost_at: i32,
    pub rejected_at: i32,
    pub recycled_at: i32,
    pub returned_at: i32,
    pub disqualified_at: i32,
    pub exit_at: i32,
    pub reached_mql: u8,
    pub reached_sal: u8,
    pub reached_sql: u8,
    pub reached_opportunity: u8,
    pub reached_won: u8,
    pub exited: u8,
    pub handoff_at: i32,
    pub first_attempt_at: i32,
    pub first_contact_at: i32,
    pub on_record_at: i32,
    pub first_rep: Code,
    pub first_is_day: u8,
    pub attempts: i32,
    pub tries: i32,
    pub touches: i32,
    pub machine_touches: i32,
    pub amount: i64,
    pub list_price: i64,
    pub closed_on: i32,
    pub has_created_at: u8,
    pub won_before_created: u8,
    pub contradicted: u8,
    pub batch: u32,
    pub file: u32,
    pub line: u32,
}

impl Default for LeadCycle {
    fn default() -> Self {
        LeadCycle {
            key: 0,
            journey: 0,
            cycle: 0,
            account: 0,
            opportunity: 0,
            wins_with: 0,
            source: 0,
            source_detail: 0,
            channel: 0,
            campaign: 0,
            segment: 0,
            industry: 0,
            country: 0,
            product: 0,
            lane: 0,
            owner: 0,
            sdr: 0,
            team: 0,
            stage: NO_SMALL,
            stage_raw: 0,
            created_at: NO_TIME,
            mql_at: NO_TIME,
            sal_at: NO_TIME,
            sql_at: NO_TIME,
            opportunity_at: NO_TIME,
            won_at: NO_TIME,
            lost_at: NO_TIME,
            rejected_at: NO_TIME,
            recycled_at: NO_TIME,
            returned_at: NO_TIME,
            disqualified_at: NO_TIME,
            exit_at: NO_TIME,
            reached_mql: 0,
            reached_sal: 0,
            reached_sql: 0,
            reached_opportunity: 0,
            reached_won: 0,
            exited: 0,
            handoff_at: NO_TIME,
            first_attempt_at: NO_TIME,
            first_contact_at: NO_TIME,
            on_record_at: NO_TIME,
            first_rep: 0,
            first_is_day: NO_SMALL,
            attempts: 0,
            tries: 0,
            touches: 0,
            machine_touches: 0,
            amount: NO_MONEY,
            list_price: NO_MONEY,
            closed_on: NO_TIME,
            has_created_at: 0,
            won_before_created: 0,
            contradicted: 0,
            batch: 0,
            file: 0,
            line: 0,
        }
    }
}

/// One opportunity: a row of [`tallies::columns::opportunity`]. Times are minutes, days are days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the column of its name, documented there")]
pub struct OpportunityFact {
    pub key: u64,
    pub journey: u64,
    pub lead: u64,
    pub members: i32,
    pub link_rule: Code,
    pub account: u64,
    pub account_rule: Code,
    pub source: Code,
    pub campaign: Code,
    pub segment: Code,
    pub industry: Code,
    pub country: Code,
    pub product: Code,
    pub owner: Code,
    pub team: Code,
    pub kind: Code,
    pub reason: Code,
    pub stage: u8,
    pub stage_raw: Code,
    pub lead_created_at: i32,
    pub created_at: i32,
    pub closed_on: i32,
    pub expected_on: i32,
    pub won_on: i32,
    pub lost_on: i32,
    pub amount: i64,
    pub list_price: i64,
    pub currency: Code,
    pub not_converted: u8,
    pub has_lead: u8,
    pub contradicted: u8,
    pub product_unmatched: u8,
    pub batch: u32,
    pub file: u32,
    pub line: u32,
}

impl Default for OpportunityFact {
    fn default() -> Self {
        OpportunityFact {
            key: 0,
            journey: 0,
            lead: 0,
            members: 0,
            link_rule: 0,
            account: 0,
            account_rule: 0,
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
            stage: NO_SMALL,
            stage_raw: 0,
            lead_created_at: NO_TIME,
            created_at: NO_TIME,
            closed_on: NO_TIME,
            expected_on: NO_TIME,
            won_on: NO_TIME,
            lost_on: NO_TIME,
            amount: NO_MONEY,
            list_price: NO_MONEY,
            currency: 0,
            not_converted: 0,
            has_lead: 0,
            contradicted: 0,
            product_unmatched: NO_SMALL,
            batch: 0,
            file: 0,
            line: 0,
        }
    }
}

/// One stretch in which somebody had a lead, or in which it waited: a row of [`tallies::columns::lead_turn`]. Times are minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the column of its name, documented there")]
pub struct LeadTurn {
    pub key: u64,
    pub journey: u64,
    pub waits: u8,
    pub from_at: i32,
    pub until_at: i32,
    pub owner: Code,
    pub stage_raw: Code,
    pub batch: u32,
    pub file: u32,
    pub line: u32,
}

impl Default for LeadTurn {
    fn default() -> Self {
        LeadTurn {
            key: 0,
            journey: 0,
            waits: 0,
            from_at: NO_TIME,
            until_at: NO_TIME,
            owner: 0,
            stage_raw: 0,
            batch: 0,
            file: 0,
            line: 0,
        }
    }
}

/// What one or more journeys came to. The fold appends: one value can take the rows of many journeys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JourneyFacts {
    /// In each journey by lead, then cycle.
    pub cycles: Vec<LeadCycle>,
    /// In each journey by key.
    pub opportunities: Vec<OpportunityFact>,
    /// In each journey by lead; who had it, then when it waited, each in the order of time.
    pub turns: Vec<LeadTurn>,
    /// Touches of these journeys that fall in no cycle and in no look-back.
    pub outside_touches: u64,
    /// Activities that would be attempts or contacts and fall in no cycle.
    pub outside_activities: u64,
    /// Activities that count and have no time, so that they belong to no cycle.
    pub undated_activities: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tallies::Grain;

    fn fields(shown: &str) -> Vec<&str> {
        let body = shown.split_once("{ ").map_or("", |(_, rest)| rest);
        body.split(", ").filter_map(|f| f.split_once(':').map(|(name, _)| name)).collect()
    }

    #[test]
    fn every_column_has_its_field_in_the_same_order() {
        let names = |grain: Grain| grain.columns().iter().map(|c| c.name).collect::<Vec<_>>();
        assert_eq!(fields(&format!("{:?}", LeadCycle::default())), names(Grain::LeadCycle));
        assert_eq!(fields(&format!("{:?}", OpportunityFact::default())), names(Grain::Opportunity));
        assert_eq!(fields(&format!("{:?}", LeadTurn::default())), names(Grain::LeadTurn));
    }
}
