//! Where leads come from, how many and how good.

use super::Gate;

/// A lead source, as `LeadSource` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Source {
    /// The company's own site
    Web,
    /// Unpaid search
    OrganicSearch,
    /// Google Ads
    PaidSearch,
    /// LinkedIn and Meta
    PaidSocial,
    /// Webinars
    Webinar,
    /// Fairs
    TradeShow,
    /// Recommended by a partner
    PartnerReferral,
    /// Found by an SDR
    Outbound,
}

/// Share of leads, the five rates in gate order, list price against the segment's.
struct Row(&'static str, f64, [f64; 5], f64);

const ROWS: [Row; 8] = [
    Row("Web", 0.22, [0.48, 0.71, 0.62, 0.84, 0.330], 1.00),
    Row("Organic Search", 0.16, [0.50, 0.73, 0.64, 0.85, 0.345], 0.95),
    Row("Paid Search", 0.17, [0.50, 0.71, 0.60, 0.83, 0.310], 0.90),
    Row("Paid Social", 0.13, [0.32, 0.56, 0.50, 0.79, 0.250], 0.85),
    Row("Webinar", 0.10, [0.62, 0.73, 0.62, 0.85, 0.335], 1.05),
    Row("Trade Show", 0.07, [0.52, 0.68, 0.60, 0.85, 0.335], 1.20),
    Row("Partner Referral", 0.08, [0.78, 0.88, 0.77, 0.92, 0.430], 1.25),
    Row("Outbound", 0.07, [0.44, 0.80, 0.60, 0.81, 0.290], 1.15),
];

/// The shares after the planted shift from high- to low-converting sources.
pub const SHIFTED: [f64; 8] = [0.13, 0.08, 0.22, 0.40, 0.04, 0.04, 0.02, 0.07];

impl Source {
    /// In the order of the shares.
    pub const ALL: [Source; 8] = [
        Source::Web,
        Source::OrganicSearch,
        Source::PaidSearch,
        Source::PaidSocial,
        Source::Webinar,
        Source::TradeShow,
        Source::PartnerReferral,
        Source::Outbound,
    ];

    /// The picklist value.
    pub const fn name(self) -> &'static str {
        ROWS[self as usize].0
    }

    /// Share of all leads, unless planted otherwise.
    pub const fn share(self) -> f64 {
        ROWS[self as usize].1
    }

    /// Its usual rate at a gate, before the segment's factor.
    pub const fn rate(self, gate: Gate) -> f64 {
        ROWS[self as usize].2[gate as usize]
    }

    /// Its list prices against the segment's mean.
    pub const fn price(self) -> f64 {
        ROWS[self as usize].3
    }

    /// Shares of all sources in order.
    pub fn shares() -> [f64; 8] {
        Source::ALL.map(Source::share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one() {
        assert!((Source::shares().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((SHIFTED.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
