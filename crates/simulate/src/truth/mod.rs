//! The truth about an invented company, as `truth.json` holds it.
//!
//! Expected values come from the same draws as the journeys, with every gate forced open and its
//! chance kept as a weight; they hang on the company and the number of leads, not on the seed.

mod expected;
mod people;
mod planted;
mod rates;
mod realised;

use serde::Serialize;

pub use expected::{Expected, direct_per_quarter};
pub use people::{Calendar, Rep};
pub use planted::{Planted, planted};
pub use rates::{Cell, Rates, rates};
pub use realised::{Gaming, Period, Realised, Share};

use crate::Company;

/// What is true about a written company.
#[derive(Debug, Clone, Serialize)]
pub struct Truth {
    /// The company.
    pub company: Company,
    /// One sentence about it.
    pub describe: &'static str,
    /// The seed.
    pub seed: u64,
    /// Leads before any planted extra.
    pub leads: u64,
    /// Currency of all money here; money is in units, not cents.
    pub currency: &'static str,
    /// Nothing in the files is later.
    pub data_through: String,
    /// The quarter in question.
    pub period: String,
    /// The quarter it is compared with.
    pub against: String,
    /// What was planted; empty for companies without a planted gap.
    pub planted: Vec<Planted>,
    /// Small consequences of what was planted.
    pub side_effects: Vec<Planted>,
    /// Rates over all leads, before and after the planted change.
    pub rates: Rates,
    /// The usual rate of every source and segment at every gate, and its mean list price.
    pub cells: Vec<Cell>,
    /// Expected won revenue of the current quarter in the steady world and in this one.
    pub expected_won: [f64; 2],
    /// The speed of follow-up in the picky world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// Made-up activity in the gamed world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaming: Option<Gaming>,
    /// When reps work.
    pub calendar: Calendar,
    /// Everyone who has a user.
    pub reps: Vec<Rep>,
    /// What this seed's draws came to.
    pub realised: Realised,
    /// Rows written into each file, before faults.
    pub rows: Vec<(String, u64)>,
    /// Faults put into the files of the messy company.
    pub faults: Vec<Fault>,
}

/// What speed seems to do and does to the win rate, as differences: first attempt within a working hour against later.
#[derive(Debug, Clone, Serialize)]
pub struct Speed {
    /// Fast against late, without regard to lead quality.
    pub naive_difference: f64,
    /// Fast against late at equal lead quality.
    pub true_difference: f64,
    /// Win rates of fast and late.
    pub win_rates: [f64; 2],
}

/// A fault in a file, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// A short name, such as `impossible_date`.
    pub fault: &'static str,
    /// Path below the company's folder.
    pub file: String,
    /// How many rows have it; 1 for a fault of the whole file.
    pub count: u64,
}
