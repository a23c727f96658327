//! A points scorecard: a sum of whole points that anybody can add up by hand, and the chance a total stands for.
//!
//! Every column becomes a few bins ([`bins`]); a bin's weight of evidence is how far its odds lie from the overall odds.
//! From 1,000 rows on, columns are taken one by one while the Bayesian information criterion falls; below, the columns
//! that tell most enter together under a ridge, because a choice among columns would be a choice among accidents. A
//! column whose coefficient is not above zero contradicts its own bins and is left out. Points are
//! `round(20 / ln 2 * coefficient * weight)`: 20 points double the odds. The total is then recalibrated with two
//! parameters, so that rounding and the ridge leave no bias in the chance.
//!
//! Here: [`Scorecard`], its fit, its [`Quality`] on rows that it may or may not have seen.
//!
//! Not here: which columns were known in time (the caller's promise), splitting rows by time, any word of the trade.
//! Points of a column say how rows differ, not what would happen if a row were changed.
//!
//! Invariant: same rows, same scorecard; every total is the sum of the points it lists; all numbers are finite.
//!
//! Source: Siddiqi, Credit Risk Scorecards (2006), chapters 5 and 6; Kerber, ChiMerge (1992) for the bins.

mod area;
pub mod bins;
mod card;
mod cells;
mod fit;
mod quality;

pub use area::{Total, area};
pub use bins::{Bin, Binning, Column, Places};
pub use card::{Calibration, Feature, POINTS_PER_LOGIT, Scorecard, SelectedBy};
pub use fit::{RIDGE_BELOW, fit, with_binnings};
pub use quality::{Quality, QualityIntervals, quality, quality_intervals};
