//! How big the lead's company is.

use super::Gate;
use crate::chance::Chance;

/// Size classes by employees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Segment {
    /// 1 to 199 employees
    Smb,
    /// 200 to 1,999
    MidMarket,
    /// 2,000 and more
    Enterprise,
}

/// Industries, as the picklist has them.
pub const INDUSTRIES: [&str; 8] =
    ["Technology", "Manufacturing", "Healthcare", "Finance", "Retail", "Education", "Transportation", "Consulting"];

impl Segment {
    /// Smallest first.
    pub const ALL: [Segment; 3] = [Segment::Smb, Segment::MidMarket, Segment::Enterprise];

    /// `Segment__c`.
    pub const fn name(self) -> &'static str {
        match self {
            Segment::Smb => "SMB",
            Segment::MidMarket => "Mid-Market",
            Segment::Enterprise => "Enterprise",
        }
    }

    /// Share of leads; the same for every source and in every quarter.
    pub const fn share(self) -> f64 {
        [0.55, 0.32, 0.13][self as usize]
    }

    /// What a source's rate is multiplied by.
    pub const fn factor(self, gate: Gate) -> f64 {
        match gate {
            Gate::Qualification => [0.98, 1.04, 1.00][self as usize],
            Gate::Win => [1.08, 0.97, 0.78][self as usize],
            _ => 1.0,
        }
    }

    /// Mean list price in whole dollars, for a source with price 1.
    pub const fn price(self) -> f64 {
        [9_000.0, 26_000.0, 78_000.0][self as usize]
    }

    /// How long opportunities take against the middle one.
    pub const fn pace(self) -> f64 {
        [0.72, 1.15, 1.55][self as usize]
    }

    /// A number of employees.
    pub fn employees(self, chance: &mut Chance) -> u64 {
        let (from, to) = match self {
            Segment::Smb => (5, 199),
            Segment::MidMarket => (200, 1_999),
            Segment::Enterprise => (2_000, 24_000),
        };
        // the smaller of two draws: most companies sit at the low end
        chance.between(from, to).min(chance.between(from, to)) as u64
    }
}
