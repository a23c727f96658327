//! The fit of a scorecard: bins, choice of columns, coefficients, points, calibration.
//!
//! Not here: bins ([`super::bins`]), the regression itself ([`crate::logistic`]).
//!
//! Invariant: every coefficient of a fitted scorecard is above zero, unless the caller chose the columns.

use rayon::prelude::*;

use super::bins::{Binning, Column};
use super::card::{Calibration, Feature, POINTS_PER_LOGIT, Scorecard, SelectedBy};
use super::cells::Cells;
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
        .map(|(column, (values, binning))| Candidate::of(column, values, binning))
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
        .map(|(column, (values, binning))| Candidate::of(column, values, binning.clone()))
        .collect();
    let outcome: Vec<f64> = good.iter().map(|g| f64::from(u8::from(*g))).collect();
    finish(&candidates.iter().collect::<Vec<_>>(), &outcome, SelectedBy::Caller)
}

struct Candidate {
    column: usize,
    binning: Binning,
    /// Of each row its bin, from 1 on; 0 for what was never seen.
    bins: Vec<u16>,
}

impl Candidate {
    fn of(column: usize, values: &Column<'_>, binning: Binning) -> Candidate {
        let number = |bin: Option<usize>| bin.map_or(0, |bin| u16::try_from(bin + 1).unwrap_or(0));
        Candidate { column, bins: binning.of_rows(values).into_iter().map(number).collect(), binning }
    }

    /// Weight of evidence of a row.
    fn weight(&self, row: usize) -> f64 {
        let bin = usize::from(self.bins[row]).checked_sub(1).and_then(|bin| self.binning.bins.get(bin));
        bin.map_or(0.0, |bin| bin.weight)
    }

    /// Cells told apart by this column too.
    fn split(&self, cells: &Cells) -> Cells {
        cells.by(&self.bins, self.binning.bins.len() + 1)
    }
}

/// The regression of the outcome on the weights of columns, which are the same for all rows of a cell.
fn regress(chosen: &[&Candidate], cells: &Cells, outcome: &[f64], ridge: f64) -> Result<logistic::Fit> {
    let weights: Vec<Vec<f64>> =
        chosen.iter().map(|candidate| cells.firsts().map(|row| candidate.weight(row)).collect()).collect();
    let numeric: Vec<&[f64]> = weights.iter().map(Vec::as_slice).collect();
    let design = Design::new(cells.len(), &numeric, &[])?;
    let (n, k) = cells.sums(outcome);
    let fit = logistic::fit(&design, Trials { n: Some(&n), k: &k }, ridge, None)?;
    // a ridge is by the deviation of a column over its rows, not over cells
    if fit.separated && cells.len() < outcome.len() {
        return regress(chosen, &Cells::each(outcome.len()), outcome, ridge);
    }
    Ok(fit)
}

/// Columns one by one: the one that lowers the criterion most, as long as one does and no coefficient turns.
fn by_information<'a>(candidates: &'a [Candidate], outcome: &[f64]) -> Result<Vec<&'a Candidate>> {
    let price = (outcome.len() as f64).ln();
    let mut chosen: Vec<&Candidate> = Vec::new();
    let mut cells = Cells::one(outcome.len());
    let mut so_far = -2.0 * regress(&[], &cells, outcome, 0.0)?.log_likelihood + price;
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
                let fit = regress(&with, &candidate.split(&cells), outcome, 0.0).ok()?;
                let rises = fit.coefficients[1..].iter().all(|b| *b > 0.0);
                rises.then(|| -2.0 * fit.log_likelihood + price * (with.len() + 1) as f64)
            })
            .collect();
        let best =
            tried.iter().zip(&open).filter_map(|(bic, c)| Some(((*bic)?, *c))).min_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((bic, candidate)) if bic < so_far => {
                so_far = bic;
                cells = candidate.split(&cells);
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
        let fit = regress(&chosen, &Cells::each(outcome.len()), outcome, RIDGE)?;
        let lowest = (0..chosen.len()).min_by(|a, b| fit.coefficients[1 + a].total_cmp(&fit.coefficients[1 + b]));
        match lowest {
            Some(i) if fit.coefficients[1 + i] <= 0.0 => chosen.remove(i),
            _ => break,
        };
    }
    Ok(chosen)
}

fn finish(chosen: &[&Candidate], outcome: &[f64], selected_by: SelectedBy) -> Result<Scorecard> {
    let (cells, ridge) = if selected_by == SelectedBy::Ridge {
        (Cells::each(outcome.len()), RIDGE)
    } else {
        (chosen.iter().fold(Cells::one(outcome.len()), |cells, candidate| candidate.split(&cells)), 0.0)
    };
    let fit = regress(chosen, &cells, outcome, ridge)?;
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
    let mut total = vec![0.0; cells.len()];
    for (feature, candidate) in features.iter().zip(chosen) {
        for (sum, row) in total.iter_mut().zip(cells.firsts()) {
            *sum += (POINTS_PER_LOGIT * feature.coefficient * candidate.weight(row)).round() / POINTS_PER_LOGIT;
        }
    }
    let design = Design::new(cells.len(), &[&total], &[])?;
    let (n, k) = cells.sums(outcome);
    let again = logistic::fit(&design, Trials { n: Some(&n), k: &k }, 0.0, None)?;
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
