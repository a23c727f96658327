//! What does it take to win so much: customers, opportunities, leads and spend, by the company's own rates.
//!
//! Backwards from a goal: each segment wins its usual share of it; what a customer brings, how many opportunities make one and how
//! many leads make an opportunity are those of the leads of a year that are old enough, each with what chance leaves open.
//! `docs/methods/scoring.md` has the formulas.
//!
//! Not here: whether more of the same leads can be had at the same price. Invariant: every number has its interval, and leads
//! that cannot have been won yet count for nothing.

mod measure;
mod sections;
mod words;

#[cfg(test)]
mod tests;

use stats::quantile::of_histogram;
use tallies::{Facts, Grain};
use terms::{Currency, FiscalYear};

use crate::columns::DAY;
use crate::{Answer, Error, Lay, lay};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What shall be won, in minor units.
    pub goal: f64,
    /// The column to tell leads apart by; the first that is recorded of segment, product and source where none is named.
    pub by: Option<String>,
    /// Until when anything was observed, in minutes since 1970.
    pub as_of: i64,
    /// The fiscal calendar.
    pub fiscal: FiscalYear,
    /// Of all money.
    pub currency: Currency,
    /// The seed of the draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
}

/// What was won in the 365 days that end with `last` (a day since 1970), in minor units: by opportunities, and by leads whose win
/// no opportunity records.
///
/// # Errors
/// `analyses.facts` where the facts could not be read.
pub fn won_in_year<F: Facts>(facts: &F, last: i64) -> Result<i64, Error> {
    let tallies = facts.answer(&measure::won(last - 364, last)).map_err(Error::facts)?;
    Ok(tallies.iter().map(|t| t.int(0, 0)).sum())
}

/// What it takes to reach a goal.
///
/// # Errors
/// `analyses.column` for a column that leads do not have, `analyses.facts` where the facts could not be read.
pub fn answer<F: Facts>(asked: &Asked, facts: &F) -> Result<Answer, Error> {
    let lay = Lay::read(&facts.answer(&lay::specs(asked.fiscal)).map_err(Error::facts)?);
    let by = match &asked.by {
        Some(name) => {
            let column = crate::columns::dimension(Grain::LeadCycle, name);
            Some(column.ok_or_else(|| Error::column(Grain::LeadCycle.word(), name))?)
        }
        None => ["segment", "product", "source"]
            .into_iter()
            .find(|name| lay.recorded(Grain::LeadCycle, name))
            .and_then(|name| crate::columns::dimension(Grain::LeadCycle, name)),
    };
    let waits = facts.answer(&[measure::waits(&lay, asked.as_of)]).map_err(Error::facts)?;
    let histogram: Vec<(f64, u64)> = waits
        .iter()
        .flat_map(|t| (0..t.cells).map(move |c| (t, c)))
        .filter_map(|(t, c)| Some((t.label(c, 0).number()? as f64, u64::try_from(t.int(c, 0)).ok()?)))
        .collect();
    let Some(usual) = of_histogram(&histogram, &[0.95]).and_then(|q| q.first().map(|d| d.ceil() as i64)) else {
        return Ok(sections::refused());
    };
    let last = asked.as_of - usual * DAY;
    let window = (last - 365 * DAY + 1, last);
    let tallies = facts.answer(&measure::specs(&lay, by, window)).map_err(Error::facts)?;
    let found = measure::read(&tallies, asked);
    Ok(found.map_or_else(sections::refused, |found| sections::page(asked, by, &found, window, usual)))
}
