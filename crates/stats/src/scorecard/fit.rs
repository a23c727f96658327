//! The fit of a scorecard: bins, choice of columns, coefficients, points, calibration.
//!
//! Not here: bins ([`super::bins`]), the regression itself ([`crate::logistic`]).
//!
//! Invariant: every coefficient of a fitted scorecard is above zero, unless the caller chose the columns.

use rayon::prelude::*;

use super::bins::{Binning, Column};
use super::card::{Calibration, Feature, POINTS_PER_LOGIT, Scorecard, SelectedBy};
use crate::error::{Error, Result};
use crate::logistic::{self, Design, Trials};

/// Below as many rows columns are not chosen but shrunk.
pub const RIDGE_BELOW: usize = 1_000;
/// Most columns: more cannot be read aloud.
const MOST_FEATURES: usize = 10;
/// Prior of a coefficient, per standard deviation of its column: one deviation seldom moves the odds by more than e^2.
const RIDGE: f64 = 1.0;
/// Information value below which a column tells next to nothing (Siddiqi).
const TELLS_NOTHING: f64 = 0.02;

/// Fits a scorecard of `good` on the columns.
///
/// # Errors
/// Shape, not finite, out of range (as [`Binning::of`]), too few (rows with or without the outcome; no column that
/// tells anything).
pub fn fit(columns: &[Column<'_>], good: &[bool]) -> Result<Scorecard> {
    let binnings: Vec<Binning> = columns.par_iter().map(|c| Binning::of(c, good)).collect::<Result<_>>()?;
    let candidates: Vec<Candidate> = columns
        .par_iter()
        .zip(binnings)
        .enumerate()
        .map(|(column, (values, binning))| Candidate { column, weights: binning.weights(values), binning })
        .collect();
    let outcome: Vec<f64> = good.iter().map(|g| f64::from(u8::from(*g))).collect();
    let (chosen, by) = if good.len() < RIDGE_BELOW {
        (by_ridge(&candidates, &outcome)?, SelectedBy::Ridge)
    } else {
        (by_information(&candidates, &outcome)?, SelectedBy::Information)
    };
    if chosen.is_empty() {
        return Err(Error::too_few("columns that tell rows apart", 0, 1));
    }
    finish(&chosen, &outcome, by)
}

/// The scorecard of given bins: `binnings[i]` belongs to `columns[i]`, all enter, without a ridge.
///
/// # Errors
/// As [`fit`]; shape where the two differ in length.
pub fn with_binnings(columns: &[Column<'_>], binnings: &[Binning], good: &[bool]) -> Result<Scorecard> {
    if columns.len() != binnings.len() {
        return Err(Error::shape("binnings", binnings.len(), columns.len()));
    }
    if let Some(column) = columns.iter().find(|c| c.len() != good.len()) {
        return Err(Error::shape("column", column.len(), good.len()));
    }
    let candidates: Vec<Candidate> = columns
        .iter()
        .zip(binnings)
        .enumerate()
        .map(|(column, (values, b))| Candidate { column, weights: b.weights(values), binning: b.clone() })
        .collect();
    let outcome: Vec<f64> = good.iter().map(|g| f64::from(u8::from(*g))).collect();
    finish(&candidates.iter().collect::<Vec<_>>(), &outcome, SelectedBy::Caller)
}

struct Candidate {
    column: usize,
    binning: Binning,
    weights: Vec<f64>,
}

fn regress(chosen: &[&Candidate], outcome: &[f64], ridge: f64) -> Result<logistic::Fit> {
    let weights: Vec<&[f64]> = chosen.iter().map(|c| c.weights.as_slice()).collect();
    let design = Design::new(outcome.len(), &weights, &[])?;
    logistic::fit(&design, Trials { n: None, k: outcome }, ridge, None)
}

/// Columns one by one: the one that lowers the criterion most, as long as one does and no coefficient turns.
fn by_information<'a>(candidates: &'a [Candidate], outcome: &[f64]) -> Result<Vec<&'a Candidate>> {
    let price = (outcome.len() as f64).ln();
    let mut chosen: Vec<&Candidate> = Vec::new();
    let mut so_far = -2.0 * regress(&[], outcome, 0.0)?.log_likelihood + price;
    while chosen.len() < MOST_FEATURES {
        let open: Vec<&Candidate> = candidates
            .iter()
            .filter(|c| c.binning.bins.len() > 1 && chosen.iter().all(|x| x.column != c.column))
            .collect();
        let tried: Vec<Option<f64>> = open
            .par_iter()
            .map(|candidate| {
                let mut with = chosen.clone();
                with.push(candidate);
                let fit = regress(&with, outcome, 0.0).ok()?;
                let rises = fit.coefficients[1..].iter().all(|b| *b > 0.0);
                rises.then(|| -2.0 * fit.log_likelihood + price * (with.len() + 1) as f64)
            })
            .collect();
        let best =
            tried.iter().zip(&open).filter_map(|(bic, c)| Some(((*bic)?, *c))).min_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((bic, candidate)) if bic < so_far => {
                so_far = bic;
                chosen.push(candidate);
            }
            _ => break,
        }
    }
    Ok(chosen)
}

/// The columns that tell most, together; the most negative coefficient goes until none is left.
fn by_ridge<'a>(candidates: &'a [Candidate], outcome: &[f64]) -> Result<Vec<&'a Candidate>> {
    let mut chosen: Vec<&Candidate> =
        candidates.iter().filter(|c| c.binning.bins.len() > 1 && c.binning.information >= TELLS_NOTHING).collect();
    chosen.sort_by(|a, b| b.binning.information.total_cmp(&a.binning.information));
    chosen.truncate(MOST_FEATURES);
    while !chosen.is_empty() {
        let fit = regress(&chosen, outcome, RIDGE)?;
        let lowest = (0..chosen.len()).min_by(|a, b| fit.coefficients[1 + a].total_cmp(&fit.coefficients[1 + b]));
        match lowest {
            Some(i) if fit.coefficients[1 + i] <= 0.0 => chosen.remove(i),
            _ => break,
        };
    }
    Ok(chosen)
}

fn finish(chosen: &[&Candidate], outcome: &[f64], selected_by: SelectedBy) -> Result<Scorecard> {
    let fit = regress(chosen, outcome, if selected_by == SelectedBy::Ridge { RIDGE } else { 0.0 })?;
    let errors = fit.standard_errors();
    let features: Vec<Feature> = chosen
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let coefficient = fit.coefficients[1 + i];
            let point = |weight: f64| (POINTS_PER_LOGIT * coefficient * weight).round() as i64;
            let points = c.binning.bins.iter().map(|b| point(b.weight)).collect();
            Feature { column: c.column, binning: c.binning.clone(), coefficient, standard_error: errors[1 + i], points }
        })
        .collect();
    let mut total = vec![0.0; outcome.len()];
    for (feature, candidate) in features.iter().zip(chosen) {
        for (sum, weight) in total.iter_mut().zip(&candidate.weights) {
            *sum += (POINTS_PER_LOGIT * feature.coefficient * weight).round() / POINTS_PER_LOGIT;
        }
    }
    let design = Design::new(outcome.len(), &[&total], &[])?;
    let again = logistic::fit(&design, Trials { n: None, k: outcome }, 0.0, None)?;
    Ok(Scorecard {
        features,
        intercept: fit.coefficients[0],
        log_likelihood: fit.log_likelihood,
        calibration: Calibration { intercept: again.coefficients[0], slope: again.coefficients[1] },
        selected_by,
        rows: outcome.len(),
        good: outcome.iter().filter(|y| **y > 0.0).count(),
    })
}
