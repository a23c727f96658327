//! The at-risk table: everything the estimator needs, one row per age.
//!
//! Not here: dates; ages are whole numbers of the caller's unit.
//!
//! Invariant: per age `0 <= first + second <= at_risk`, all finite.

use crate::error::{Error, Result, all_counts};

/// Oldest age of a table: 270 years of days. Use a coarser unit beyond.
pub const MOST_AGES: usize = 100_000;

/// How an item's observed time ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Still open at its age.
    Open,
    /// The first event, the one whose incidence is asked for.
    First,
    /// The competing event.
    Second,
}

/// Counts per age `0, 1, 2, ...`; real (weights) allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct AtRisk {
    at_risk: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl AtRisk {
    /// From counts per age: at risk, first events, second events, equally long.
    ///
    /// # Errors
    /// Shape, not finite, out of range (below 0, or more events than at risk), too many ages.
    pub fn from_counts(at_risk: &[f64], first: &[f64], second: &[f64]) -> Result<Self> {
        if at_risk.len() > 3 * (MOST_AGES + 1) {
            return Err(Error::too_many("ages", at_risk.len(), MOST_AGES));
        }
        for (what, column) in [("first", first), ("second", second)] {
            if column.len() != at_risk.len() {
                return Err(Error::shape(what, column.len(), at_risk.len()));
            }
            all_counts(column, what)?;
        }
        all_counts(at_risk, "at_risk")?;
        for ((n, d1), d2) in at_risk.iter().zip(first).zip(second) {
            // Weighted counts add in different orders; rounding is not a contradiction.
            if d1 + d2 > n * (1.0 + 1e-9) {
                return Err(Error::out_of_range("first + second", "at most at_risk"));
            }
        }
        Ok(Self { at_risk: at_risk.to_vec(), first: first.to_vec(), second: second.to_vec() })
    }

    /// From items: age in whole units and how it ends there. The table covers ages `0..=oldest`; an item that
    /// ends later is at risk throughout and has no event in the table.
    ///
    /// An open item's age is the last one it passed without an event, not the one it is living through.
    ///
    /// # Errors
    /// Too many (`oldest` above [`MOST_AGES`]).
    pub fn from_items(items: impl IntoIterator<Item = (u32, Ending)>, oldest: u32) -> Result<Self> {
        if oldest as usize > MOST_AGES {
            return Err(Error::too_many("ages", oldest as usize, MOST_AGES));
        }
        let ages = oldest as usize + 1;
        let (mut leaving, mut first, mut second) = (vec![0.0; ages], vec![0.0; ages], vec![0.0; ages]);
        let mut beyond = 0.0;
        for (age, ending) in items {
            let age = age as usize;
            if age >= ages {
                beyond += 1.0;
                continue;
            }
            leaving[age] += 1.0;
            match ending {
                Ending::Open => {}
                Ending::First => first[age] += 1.0,
                Ending::Second => second[age] += 1.0,
            }
        }
        let mut at_risk = leaving;
        for n in at_risk.iter_mut().rev() {
            beyond += *n;
            *n = beyond;
        }
        Ok(Self { at_risk, first, second })
    }

    /// Items at risk per age.
    pub fn at_risk(&self) -> &[f64] {
        &self.at_risk
    }

    /// First events per age.
    pub fn first(&self) -> &[f64] {
        &self.first
    }

    /// Second events per age.
    pub fn second(&self) -> &[f64] {
        &self.second
    }
}
