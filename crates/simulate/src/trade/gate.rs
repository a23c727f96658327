//! The five gates between inquiry and closed won.

/// A gate; each is a factor of the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// inquiry to mql
    Mql,
    /// mql to sal
    Acceptance,
    /// sal to sql
    Qualification,
    /// sql to opportunity
    Opportunity,
    /// opportunity to closed_won
    Win,
}

impl Gate {
    /// In the order a lead meets them.
    pub const ALL: [Gate; 5] = [Gate::Mql, Gate::Acceptance, Gate::Qualification, Gate::Opportunity, Gate::Win];
}
