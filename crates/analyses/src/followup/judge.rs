//! From a reading to what can be said of speed: a closed list of cases. Writes no sentence.

use super::measure::Reading;
use super::settings::{DISAGREE, LEAST_F, MOST_OUTSIDE};

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Hand-offs have a day and no time.
    NoTimeOfDay,
    /// Too few in an arm, or no model could be had.
    TooFew,
    /// The arms hardly hold leads of one kind.
    NoOverlap,
    /// The load moves speed too little to tell: adjusted only.
    AdjustedOnly,
    /// Both answers, beyond noise of each other: something not recorded differs.
    Confounded,
    /// The load moves speed, but its answer is too wide to check the adjusted one by.
    Unchecked,
    /// Both answers, as near as noise lets them be, and near enough to check one by the other.
    Agree,
}

/// Whether the load of arrivals moves speed enough to be used.
pub fn is_strong(reading: &Reading) -> bool {
    reading.compared.instrumented.as_ref().is_some_and(|i| i.first_stage_f >= LEAST_F)
}

/// The one case that holds.
pub fn judge(reading: &Reading) -> Case {
    if reading.compared.only_days {
        return Case::NoTimeOfDay;
    }
    let Some(effects) = &reading.compared.effects else { return Case::TooFew };
    if effects.overlap.outside > MOST_OUTSIDE {
        return Case::NoOverlap;
    }
    let Some(other) = reading.compared.instrumented.as_ref().filter(|_| is_strong(reading)) else {
        return Case::AdjustedOnly;
    };
    let adjusted = &effects.doubly_robust;
    let noise = (adjusted.se().powi(2) + other.se.powi(2)).sqrt();
    let quoted = adjusted.difference().abs().max(effects.crude.difference().abs());
    if (adjusted.difference() - other.effect).abs() > DISAGREE * noise {
        Case::Confounded
    } else if DISAGREE * noise > quoted {
        Case::Unchecked
    } else {
        Case::Agree
    }
}
