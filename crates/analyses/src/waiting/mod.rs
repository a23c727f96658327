//! What does it cost to let a lead wait one hour more?
//!
//! Learned from leads that were tried and watched for a quarter since: at the same source and segment, how the odds of the
//! outcome fall with the time until the first attempt, in steps that never rise. Times what such an outcome brought, the fall over
//! the next hour is what another hour of waiting loses. `docs/methods/waiting.md` has formula, assumptions and measured figures.
//!
//! Not here: clocks, the effect of speed as an answer (`followup`, which asks harder). Invariant: a loss is never below 0, and it
//! says how sure it is; who was tried when is not by lot, and that is said.

mod learn;
mod specs;

#[cfg(test)]
mod tests;

use stats::interval::Interval;
use tallies::Facts;

use crate::{Error, Lay, Question, lay};

pub use specs::EDGES;

/// What another hour of waiting loses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// Chance of the outcome where the lead is tried now.
    pub chance: f64,
    /// What is lost by waiting one hour more, in minor units.
    pub by_hour: f64,
    /// Its 90% interval.
    pub interval: Interval,
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The outcome in words: `won`, or `became an opportunity`.
    pub outcome: &'static str,
    /// Leads it was learned from, and outcomes among them.
    pub leads: (u64, u64),
    /// Of each stretch of waiting, from its first minute on: leads, outcomes, and the odds against those of the first stretch
    /// at the same source and segment, never rising.
    pub steps: Vec<Step>,
    learned: learn::Learned,
}

/// A stretch of waiting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Its first minute.
    pub from: i64,
    /// Leads that were first tried in it.
    pub leads: u64,
    /// Of those, with the outcome.
    pub outcomes: u64,
    /// Odds against those of the first stretch.
    pub odds: f64,
}

/// Learns it from facts; why not, in words, where they do not allow it.
///
/// # Errors
/// `analyses.facts` where the facts could not be read.
pub fn learn<F: Facts>(question: &Question, facts: &F) -> Result<Result<Waiting, String>, Error> {
    let lay = Lay::read(&facts.answer(&lay::specs(question.fiscal)).map_err(Error::facts)?);
    let plan = match specs::plan(question, &lay) {
        Ok(plan) => plan,
        Err(why) => return Ok(Err(why)),
    };
    let tallies = facts.answer(&specs::specs(&plan)).map_err(Error::facts)?;
    Ok(learn::learned(&plan, &tallies, question.seed))
}

impl Waiting {
    /// What one hour more loses for a lead that was not tried yet. `waited`: minutes since it was handed over.
    pub fn loss(&self, source: Option<&str>, segment: Option<&str>, waited: i64) -> Loss {
        self.learned.loss(source, segment, waited)
    }
}
