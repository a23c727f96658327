//! A figure: one number that can be asked for its evidence.

use serde::{Deserialize, Serialize};
use terms::{Currency, Team};

use crate::Evidence;

/// In what a value is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minor units of this currency.
    Money(Currency),
    /// A whole number of things.
    Count,
    /// A share, 0 to 1.
    Share,
    /// A difference of two shares, -1 to 1 (shown in points).
    ShareDifference,
    /// Days.
    Days,
    /// Minutes.
    Minutes,
    /// A plain number.
    Number,
}

/// The number itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Value {
    /// Exact: counts, minor units.
    Whole(i64),
    /// Estimated or a ratio.
    Real(f64),
    /// Not shown, because it cannot be told; the section's refusals say why.
    Withheld,
}

/// 50% and 90% limits, in the unit of the figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower 90% limit.
    pub lo90: f64,
    /// Lower 50% limit.
    pub lo50: f64,
    /// Upper 50% limit.
    pub hi50: f64,
    /// Upper 90% limit.
    pub hi90: f64,
}

impl Interval {
    /// Whether the 90% interval leaves zero out, so that the direction is known.
    pub fn direction_known(&self) -> bool {
        self.lo90 > 0.0 || self.hi90 < 0.0
    }
}

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "interval")]
pub enum Certainty {
    /// Counted from the rows: no interval.
    Counted,
    /// Estimated, with its interval.
    Estimated(Interval),
    /// Estimated in part by projection of what is too young, with its interval.
    Projected(Interval),
    /// Cannot be told.
    Refused,
}

/// Who can change what a factor measures. Not who is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// One team.
    Team(Team),
    /// Both teams together.
    Both,
    /// Both teams with finance or leadership.
    Others,
    /// Not known.
    Unknown,
}

/// One number, with everything needed to judge it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its address in the report, such as `verdict.win_rate`; unique in the report.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// In what it is measured.
    pub unit: Unit,
    /// The number.
    pub value: Value,
    /// How sure it is.
    pub certainty: Certainty,
    /// The cases it rests on.
    pub n: u64,
    /// For a share: how many of `n` count.
    pub of: Option<u64>,
    /// The period it is about, such as `2026Q3`.
    pub period: String,
    /// How it was worked out, in a few words.
    pub method: String,
    /// Where its rows are.
    pub evidence: Option<Evidence>,
}
