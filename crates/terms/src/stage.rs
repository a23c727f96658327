//! The stages of a lead's life, in the order of the funnel.

use serde::{Deserialize, Serialize};

/// Where a lead or an opportunity stands. The number is part of the ledger's format: append only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Stage {
    /// Known, not yet qualified.
    Inquiry = 0,
    /// Marketing-qualified.
    Mql = 1,
    /// Accepted by sales.
    Sal = 2,
    /// Sales-qualified.
    Sql = 3,
    /// An opportunity is open.
    Opportunity = 4,
    /// Won.
    ClosedWon = 5,
    /// Lost.
    ClosedLost = 6,
    /// Turned down by sales, with a reason.
    Rejected = 7,
    /// Back to nurture.
    Recycled = 8,
    /// Will never buy.
    Disqualified = 9,
}

impl Stage {
    /// All stages, in the order of their numbers.
    pub const ALL: [Stage; 10] = [
        Stage::Inquiry,
        Stage::Mql,
        Stage::Sal,
        Stage::Sql,
        Stage::Opportunity,
        Stage::ClosedWon,
        Stage::ClosedLost,
        Stage::Rejected,
        Stage::Recycled,
        Stage::Disqualified,
    ];

    /// The steps forward, first to last.
    pub const FORWARD: [Stage; 6] =
        [Stage::Inquiry, Stage::Mql, Stage::Sal, Stage::Sql, Stage::Opportunity, Stage::ClosedWon];

    /// The glossary's word.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Inquiry => "inquiry",
            Stage::Mql => "mql",
            Stage::Sal => "sal",
            Stage::Sql => "sql",
            Stage::Opportunity => "opportunity",
            Stage::ClosedWon => "closed_won",
            Stage::ClosedLost => "closed_lost",
            Stage::Rejected => "rejected",
            Stage::Recycled => "recycled",
            Stage::Disqualified => "disqualified",
        }
    }

    /// The stage of a glossary word.
    pub fn parse(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|s| s.word() == word)
    }

    /// The stage with this number.
    pub fn from_number(number: u8) -> Option<Stage> {
        Stage::ALL.get(usize::from(number)).copied()
    }

    /// Whether this ends a cycle without a win.
    pub const fn is_exit(self) -> bool {
        matches!(self, Stage::ClosedLost | Stage::Rejected | Stage::Recycled | Stage::Disqualified)
    }

    /// Whether nothing follows in the same cycle.
    pub const fn is_closed(self) -> bool {
        self.is_exit() || matches!(self, Stage::ClosedWon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_lead_back_to_their_stage() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.word()), Some(stage));
            assert_eq!(Stage::from_number(stage as u8), Some(stage));
        }
    }
}
