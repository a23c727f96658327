//! Campaigns, and on which ad platform the paid ones run.

use super::Source;

/// An ad platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Google Ads
    Google,
    /// LinkedIn Campaign Manager
    LinkedIn,
    /// Meta Ads
    Meta,
}

/// A campaign; its number is its place in [`CAMPAIGNS`].
#[derive(Debug, Clone, Copy)]
pub struct Campaign {
    /// The name, the same in the CRM and on the ad platform.
    pub name: &'static str,
    /// The CRM's type.
    pub kind: &'static str,
    /// The source of the leads it brings.
    pub source: Source,
    /// Where it runs, if it is paid.
    pub network: Option<Network>,
    /// Usual spend per lead, in cents; for unpaid ones the budget per lead.
    pub cost: i64,
}

const fn free(name: &'static str, kind: &'static str, source: Source, cost: i64) -> Campaign {
    Campaign { name, kind, source, network: None, cost }
}

const fn paid(name: &'static str, source: Source, network: Network, cost: i64) -> Campaign {
    Campaign { name, kind: "Advertisement", source, network: Some(network), cost }
}

/// All campaigns, grouped by source.
pub const CAMPAIGNS: [Campaign; 22] = [
    free("Site - Demo Request", "Other", Source::Web, 900),
    free("Site - Pricing Page", "Other", Source::Web, 700),
    free("Site - Contact Form", "Other", Source::Web, 700),
    free("Blog - Planning Guides", "Content", Source::OrganicSearch, 1_800),
    free("Blog - Benchmarks", "Content", Source::OrganicSearch, 2_100),
    paid("Search - Brand", Source::PaidSearch, Network::Google, 4_200),
    paid("Search - Category", Source::PaidSearch, Network::Google, 11_800),
    paid("Search - Alternatives", Source::PaidSearch, Network::Google, 13_400),
    paid("Search - Planning Terms", Source::PaidSearch, Network::Google, 9_600),
    paid("LinkedIn - Operations Leaders", Source::PaidSocial, Network::LinkedIn, 16_500),
    paid("LinkedIn - Finance Leaders", Source::PaidSocial, Network::LinkedIn, 18_200),
    paid("LinkedIn - Benchmark Report", Source::PaidSocial, Network::LinkedIn, 12_900),
    paid("Meta - Retargeting", Source::PaidSocial, Network::Meta, 5_800),
    paid("Meta - Lookalike", Source::PaidSocial, Network::Meta, 7_100),
    free("Webinar - Forecasting Basics", "Webinar", Source::Webinar, 6_000),
    free("Webinar - Customer Stories", "Webinar", Source::Webinar, 6_500),
    free("Fair - Spring Expo", "Trade Show", Source::TradeShow, 24_000),
    free("Fair - Autumn Summit", "Trade Show", Source::TradeShow, 27_000),
    free("Partners - Resellers", "Partners", Source::PartnerReferral, 8_000),
    free("Partners - Integrators", "Partners", Source::PartnerReferral, 8_500),
    free("Outbound - Named Accounts", "Telemarketing", Source::Outbound, 5_000),
    free("Outbound - Territories", "Telemarketing", Source::Outbound, 4_500),
];

/// The campaign numbers of a source.
pub const fn of_source(source: Source) -> std::ops::Range<usize> {
    match source {
        Source::Web => 0..3,
        Source::OrganicSearch => 3..5,
        Source::PaidSearch => 5..9,
        Source::PaidSocial => 9..14,
        Source::Webinar => 14..16,
        Source::TradeShow => 16..18,
        Source::PartnerReferral => 18..20,
        Source::Outbound => 20..22,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_campaign_lies_in_its_sources_range() {
        for source in Source::ALL {
            assert!(CAMPAIGNS[of_source(source)].iter().all(|c| c.source == source));
        }
        assert_eq!(Source::ALL.iter().map(|s| of_source(*s).len()).sum::<usize>(), CAMPAIGNS.len());
    }
}
