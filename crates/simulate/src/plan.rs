//! What to write.

use crate::Company;

/// Which company, how many leads, which seed, how busy.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The story.
    pub company: Company,
    /// Leads over the eight quarters before any planted change of volume; `Tiny` always has 60, `Empty` none.
    pub leads: u64,
    /// Same company, leads and seed: same bytes.
    pub seed: u64,
    /// Mean marketing touches per lead; at least the first touch is always written.
    pub touches_per_lead: f64,
    /// Mean sales activities per lead; the follow-up attempts that decide something are always written.
    pub activities_per_lead: f64,
}

impl Plan {
    /// 12,000 leads, 6 touches and 4 activities each.
    pub fn new(company: Company, seed: u64) -> Plan {
        Plan { company, leads: 12_000, seed, touches_per_lead: 6.0, activities_per_lead: 4.0 }
    }

    /// The number of leads that holds after the companies of fixed size.
    pub fn base_leads(&self) -> u64 {
        match self.company {
            Company::Tiny => 60,
            Company::Empty => 0,
            _ => self.leads,
        }
    }
}
