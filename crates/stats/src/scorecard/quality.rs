//! How well chances told rows apart and how far they could be believed.
//!
//! Here: area under the ROC curve (ties count half), mean log loss, Brier score, calibration error over ten equal widths,
//! and the slope of a recalibration; intervals by resampling rows.
//!
//! Not here: on which rows to look. On the rows of the fit all of these flatter.
//!
//! Invariant: all numbers finite; the area does not change under an increasing change of the chances.

use rand::RngExt;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use crate::error::{Error, Result, all_finite};
use crate::interval::Interval;
use crate::logistic::{self, Design, Trials};

/// Widths of the calibration error.
const WIDTHS: usize = 10;
/// Chances are kept this far from 0 and 1 in the log loss, as the wrong certainty would be infinite.
const CERTAIN: f64 = 1e-15;

/// The quality of chances on some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Rows.
    pub rows: usize,
    /// Rows with the outcome.
    pub good: usize,
    /// Chance that a row with the outcome stands above one without; .5 is a coin.
    pub auc: f64,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Mean squared difference of chance and outcome.
    pub brier: f64,
    /// Mean distance of chance and rate over ten equal widths of chance, weighted by rows.
    pub calibration_error: f64,
    /// Slope of the outcome on the log-odds: below 1, the chances are too far apart. `None` where all chances are equal.
    pub slope: Option<f64>,
}

/// Intervals of a [`Quality`], by resampling rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QualityIntervals {
    /// Of the area under the curve.
    pub auc: Interval,
    /// Of the log loss.
    pub log_loss: Interval,
    /// Of the Brier score.
    pub brier: Interval,
    /// Of the calibration error. It is never below 0, so resampling makes it look larger than it is.
    pub calibration_error: Interval,
}

/// Quality of `chance` (inside 0..=1) against what happened.
///
/// # Errors
/// Shape, not finite, out of range (a chance outside 0..=1), too few (no row with the outcome, or none without).
pub fn quality(chance: &[f64], good: &[bool]) -> Result<Quality> {
    let sorted = checked(chance, good)?;
    let once = vec![1.0; chance.len()];
    let [auc, log_loss, brier, calibration_error] =
        measure(chance, good, &sorted, &once).ok_or(Error::too_few("rows with and without it", 1, 2))?;
    let odds: Vec<f64> = chance.iter().map(|p| p.clamp(CERTAIN, 1.0 - CERTAIN)).map(|p| (p / (1.0 - p)).ln()).collect();
    let outcome: Vec<f64> = good.iter().map(|g| f64::from(u8::from(*g))).collect();
    let design = Design::new(odds.len(), &[&odds], &[])?;
    let slope = logistic::fit(&design, Trials { n: None, k: &outcome }, 0.0, None)
        .ok()
        .filter(|f| !f.dropped[1])
        .map(|f| f.coefficients[1]);
    let positives = good.iter().filter(|g| **g).count();
    Ok(Quality { rows: chance.len(), good: positives, auc, log_loss, brier, calibration_error, slope })
}

/// Intervals of the quality from `draws` resamplings of the rows; same seed, same intervals.
///
/// # Errors
/// As [`quality`]; too few also where no resampling held rows with and without the outcome.
pub fn quality_intervals(chance: &[f64], good: &[bool], draws: usize, seed: u64) -> Result<QualityIntervals> {
    let sorted = checked(chance, good)?;
    let all: Vec<[f64; 4]> = (0..draws)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chosen = Pcg64::new(u128::from(seed), draw as u128);
            let mut times = vec![0.0; chance.len()];
            for _ in 0..chance.len() {
                times[chosen.random_range(0..chance.len())] += 1.0;
            }
            measure(chance, good, &sorted, &times)
        })
        .collect();
    let of = |at: usize| {
        let mut values: Vec<f64> = all.iter().map(|m| m[at]).collect();
        Interval::of_draws(&mut values).ok_or(Error::too_few("draws", 0, 1))
    };
    Ok(QualityIntervals { auc: of(0)?, log_loss: of(1)?, brier: of(2)?, calibration_error: of(3)? })
}

/// Rows by ascending chance, or the error that says what is wrong.
fn checked(chance: &[f64], good: &[bool]) -> Result<Vec<usize>> {
    if chance.len() != good.len() {
        return Err(Error::shape("chance", chance.len(), good.len()));
    }
    all_finite(chance, "chance")?;
    if chance.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(Error::out_of_range("chance", "between 0 and 1"));
    }
    let positives = good.iter().filter(|g| **g).count();
    if positives == 0 || positives == good.len() {
        return Err(Error::too_few("rows with and without it", good.len().min(1), 2));
    }
    let mut sorted: Vec<usize> = (0..chance.len()).collect();
    sorted.sort_by(|a, b| chance[*a].total_cmp(&chance[*b]));
    Ok(sorted)
}

/// Area, log loss, Brier score and calibration error of rows counted `times`; `None` without both outcomes.
fn measure(chance: &[f64], good: &[bool], sorted: &[usize], times: &[f64]) -> Option<[f64; 4]> {
    let (mut above, mut positives, mut negatives) = (0.0, 0.0, 0.0);
    for equal in sorted.chunk_by(|a, b| chance[*a] == chance[*b]) {
        let count = |wanted: bool| equal.iter().filter(|i| good[**i] == wanted).map(|i| times[*i]).sum::<f64>();
        let (g, b) = (count(true), count(false));
        above += g * (negatives + b / 2.0);
        positives += g;
        negatives += b;
    }
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let total = positives + negatives;
    let (mut log_loss, mut brier) = (0.0, 0.0);
    let mut widths = [(0.0, 0.0); WIDTHS];
    for ((p, good), times) in chance.iter().zip(good).zip(times) {
        let kept = p.clamp(CERTAIN, 1.0 - CERTAIN);
        log_loss -= times * if *good { kept.ln() } else { (1.0 - kept).ln() };
        let happened = f64::from(u8::from(*good));
        brier += times * (p - happened) * (p - happened);
        let width = &mut widths[((p * WIDTHS as f64) as usize).min(WIDTHS - 1)];
        width.0 += times * p;
        width.1 += times * happened;
    }
    let calibration = widths.iter().map(|(p, y)| (p - y).abs()).sum::<f64>();
    Some([above / (positives * negatives), log_loss / total, brier / total, calibration / total])
}
