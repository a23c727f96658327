//! Does a claim hold? One that either team makes, about one rate of some of the cases.
//!
//! A claim is a filter, a metric, a side and what it is compared with ([`Claim`]). It is recomputed with its interval
//! beside the base rate and the rest; tested as if it had been fixed beforehand, and again against the best of all filters
//! it could have been picked from (Kulldorff's scan with a floor that is a policy, `stats::scan`); and looked at on
//! neighbouring filters, within the values of other columns, and with both sides alike in them. Every case is watched for
//! the same wait, so a young cohort never stands raw beside an old one. `docs/methods/claims.md` has formulas, assumptions
//! and measured figures. It refuses claims on persons, windows that nothing was recorded in, and comparisons of few cases.
//!
//! Not here: why a rate differs. Invariant: who makes a claim changes a label and nothing else.

mod claim;
mod cube;
mod judge;
mod measure;
mod metric;
mod parse;
mod parts;
pub mod picker;
mod plan;
pub mod quotes;
mod search;
mod sections;
mod settings;
mod tables;
mod words;

#[cfg(test)]
mod tests;

use tallies::Facts;
use terms::{FiscalYear, Team};

pub use claim::{Against, Claim, Condition, Filter, Moment, Registered, Side, Window};
pub use judge::Verdict;
pub use metric::Metric;
pub use parse::filter;
pub use settings::REDRAWS;

use crate::columns::PERSONAL;
use crate::{Answer, Error};
use metric::Study;
use plan::{Known, Plan};

/// A claim, and how it is to be checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The claim.
    pub claim: Claim,
    /// When it was saved and by whom, where it was.
    pub registered: Option<Registered>,
    /// Who makes it: a label.
    pub by: Option<Team>,
    /// Until when anything was observed, in minutes since 1970.
    pub as_of_minutes: i64,
    /// The fiscal calendar.
    pub fiscal: FiscalYear,
    /// The seed of the redraws.
    pub seed: u64,
    /// How many redraws of a single-valued claim, at least 1.
    pub redraws: u32,
    /// Which definitions stages are counted by.
    pub definitions: String,
    /// Whether these are of an agreement that both teams signed.
    pub agreed: bool,
}

impl Ask {
    /// A claim checked with 999 redraws under built-in definitions.
    pub fn new(claim: Claim, as_of_minutes: i64, fiscal: FiscalYear) -> Ask {
        Ask {
            claim,
            registered: None,
            by: None,
            as_of_minutes,
            fiscal,
            seed: 1,
            redraws: REDRAWS,
            definitions: "built-in definitions".to_owned(),
            agreed: false,
        }
    }

    /// Whether it was saved before its window closed.
    fn was_fixed(&self) -> bool {
        self.registered.is_some_and(|r| r.is_before_the_close_of(self.claim.filter.window.as_ref()))
    }
}

/// What a claim came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The verdict.
    pub verdict: Verdict,
    /// The chance that it comes up where nothing is there, if the filter was fixed beforehand.
    pub alone: Option<f64>,
    /// The chance that the strongest of all alternatives is as strong.
    pub searched: Option<f64>,
    /// The pages.
    pub answer: Answer,
}

/// Checks a claim with two calls to the facts.
///
/// # Errors
/// `analyses.facts` where the facts could not be read, `analyses.value` for a value that is not recorded, and
/// `analyses.claim` for a claim that cannot be put together.
pub fn check<F: Facts>(ask: &Ask, facts: &F) -> Result<Checked, Error> {
    let filter = &ask.claim.filter;
    if ask.claim.against == Against::Before && filter.window.is_none() {
        let hint = "write created in 2026Q3 into the filter";
        return Err(Error::claim(1, "before", "a window of time that a period lies before", hint));
    }
    if let Some(person) = filter.conditions.iter().find(|c| PERSONAL.contains(&c.column.as_str())) {
        return Ok(sections::refused(ask, words::person(&person.column)));
    }
    let first = facts.answer(&plan::first(ask)).map_err(Error::facts)?;
    let (lay, known) = Known::read(ask, &first);
    let study = match Study::of(ask.claim.metric, filter.window.map(|w| w.moment), &lay) {
        Ok(study) => study,
        Err(refusal) => return Ok(sections::refused(ask, refusal)),
    };
    let plan = Plan::of(ask, study, &lay, &known)?;
    let tallies = facts.answer(&plan.second(ask)).map_err(Error::facts)?;
    Ok(match measure::read(ask, plan, &tallies) {
        Ok(reading) => sections::said(ask, &reading),
        Err(refusal) => sections::refused(ask, refusal),
    })
}
