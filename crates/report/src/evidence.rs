//! Where the rows behind a figure are: a question to the facts that can be asked again.

use serde::{Deserialize, Serialize};

/// What one row of facts is about (the same words as the grains of the fact tables).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A lead's cycle.
    LeadCycle,
    /// An opportunity.
    Opportunity,
    /// An account.
    Account,
    /// A row of spend.
    SpendDay,
    /// A stretch in which somebody had a lead, or in which it waited.
    LeadTurn,
}

/// A test of one row, by the name of the fact column; numbers as the facts keep them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// The value is recorded.
    Has(String),
    /// The value is not recorded.
    Missing(String),
    /// The number lies in `lo..=hi`.
    Between(String, i64, i64),
    /// The flag or stage number equals this.
    Is(String, u8),
    /// The text is one of these; `None` stands for not recorded.
    In(String, Vec<Option<String>>),
    /// The first number is smaller than the second.
    Before(String, String),
    /// The second number less the first lies in `lo..=hi`.
    Elapsed(String, String, i64, i64),
    /// At least one holds.
    Any(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
}

/// The rows behind a figure: those of one grain that pass all tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Over which rows.
    pub grain: Grain,
    /// All of these hold.
    pub filter: Vec<Predicate>,
    /// How many rows that is, when the report was made.
    pub rows: u64,
}
