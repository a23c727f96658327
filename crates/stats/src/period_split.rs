//! The change of a mean probability between two periods, split over what went in, who got it, what was done,
//! and how the two kinds of effects moved.
//!
//! Strata `s` (what went in) meet units `r` (who got it):
//!
//! ```text
//! rate = sum_s m_s sum_r g_sr [ q_sr expit(eta_sr + effect) + (1 - q_sr) expit(eta_sr) ]
//! eta_sr = base_s + stratum_s + unit_r + shared
//! ```
//!
//! Six parts can be switched from the first period to the second; the order-free split
//! ([`crate::shapley::coalitions`]) of all 64 mixtures is exact and adds on the scale of the rate.
//!
//! Not here: estimating the effects ([`crate::crossed`]), and any split of `shared`: adding a constant to every
//! stratum and taking it from every unit changes nothing, so the drifts must come centred and what is left
//! is nobody's.
//!
//! Invariant: the parts add to `rate1 - rate0`; a part that is equal in both periods has 0; swapping the
//! periods negates.

use crate::error::{Error, Result, all_finite};
use crate::shapley::coalitions;

/// Number of parts.
pub const PARTS: usize = 6;

/// One period.
#[derive(Clone, Copy, Debug)]
pub struct Period<'a> {
    /// `m`: share of each stratum, 0 or more; they add to 1 for a rate (any mass is taken).
    pub mix: &'a [f64],
    /// `g`: share of each unit within each stratum, row-major `[strata x units]`. For a stratum that is empty
    /// in this period carry the other period's row over.
    pub allocation: &'a [f64],
    /// `q`: probability of treatment, 0 to 1, row-major `[strata x units]`; carry over as above.
    pub treated: &'a [f64],
    /// Effect of each stratum in this period on the logit scale, its drift relative to all strata.
    pub stratum: &'a [f64],
    /// Effect of each unit in this period on the logit scale, its drift relative to all units.
    pub unit: &'a [f64],
    /// What moved for all alike, logit scale.
    pub shared: f64,
}

/// The six shares of the change, in the unit of the rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeriodSplit {
    /// Rate in the first period.
    pub rate0: f64,
    /// Rate in the second period.
    pub rate1: f64,
    /// Other strata went in.
    pub mix: f64,
    /// Other units got them.
    pub allocation: f64,
    /// More or fewer were treated.
    pub treated: f64,
    /// Strata moved relative to one another.
    pub stratum: f64,
    /// Units moved relative to one another.
    pub unit: f64,
    /// Everything moved alike: strata, units or neither; not separable.
    pub shared: f64,
}

impl PeriodSplit {
    /// The change being split.
    pub fn gap(&self) -> f64 {
        self.rate1 - self.rate0
    }

    /// The parts in the order of the fields.
    pub fn parts(&self) -> [f64; PARTS] {
        [self.mix, self.allocation, self.treated, self.stratum, self.unit, self.shared]
    }
}

/// Splits the change between two periods.
///
/// `base`: logit per stratum that holds in both periods; `effect`: what treatment adds, logit. Cost: 16
/// exponentials per pair of stratum and unit.
///
/// # Errors
/// Shape, not finite, out of range (a negative share, a probability outside 0 to 1).
pub fn period_split(base: &[f64], effect: f64, first: &Period, second: &Period) -> Result<PeriodSplit> {
    let (strata, units) = (base.len(), first.unit.len());
    all_finite(base, "base")?;
    all_finite(&[effect], "effect")?;
    for period in [first, second] {
        check(period, strata, units)?;
    }
    let periods = [first, second];
    let mut values = vec![0.0; 1 << PARTS];
    for (s, base) in base.iter().enumerate() {
        for r in 0..units {
            let at = s * units + r;
            for late in 0..8usize {
                let eta = base
                    + periods[late & 1].stratum[s]
                    + periods[late >> 1 & 1].unit[r]
                    + periods[late >> 2 & 1].shared;
                let (with, without) = (expit(eta + effect), expit(eta));
                for early in 0..8usize {
                    let share = periods[early & 1].mix[s] * periods[early >> 1 & 1].allocation[at];
                    let treated = periods[early >> 2 & 1].treated[at];
                    values[late << 3 | early] += share * (treated * with + (1.0 - treated) * without);
                }
            }
        }
    }
    let parts = coalitions(PARTS, &values)?;
    let part = |j: usize| parts.get(j).copied().unwrap_or_default();
    Ok(PeriodSplit {
        rate0: values[0],
        rate1: values[(1 << PARTS) - 1],
        mix: part(0),
        allocation: part(1),
        treated: part(2),
        stratum: part(3),
        unit: part(4),
        shared: part(5),
    })
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn check(period: &Period, strata: usize, units: usize) -> Result<()> {
    let pairs = strata.saturating_mul(units);
    let lists = [
        ("mix", period.mix, strata),
        ("allocation", period.allocation, pairs),
        ("treated", period.treated, pairs),
        ("stratum", period.stratum, strata),
        ("unit", period.unit, units),
        ("shared", std::slice::from_ref(&period.shared), 1),
    ];
    for (what, values, expected) in lists {
        if values.len() != expected {
            return Err(Error::shape(what, values.len(), expected));
        }
        all_finite(values, what)?;
    }
    if period.mix.iter().chain(period.allocation).any(|v| *v < 0.0) {
        return Err(Error::out_of_range("mix and allocation", "0 or more"));
    }
    if period.treated.iter().any(|v| !(0.0..=1.0).contains(v)) {
        return Err(Error::out_of_range("treated", "0 to 1"));
    }
    Ok(())
}
