//! The scorecard: points of every bin, totals, and the chance that a total stands for.
//!
//! Not here: the fit.
//!
//! Invariant: a total is the sum of the points of its row, no more.

use super::bins::{Bin, Binning, Column};
use crate::error::{Error, Result};
use crate::interval::Interval;

/// Points a unit of log-odds: 20 points double the odds.
pub const POINTS_PER_LOGIT: f64 = 20.0 / std::f64::consts::LN_2;

/// How the columns came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectedBy {
    /// One by one while the Bayesian information criterion fell.
    Information,
    /// Together, under a ridge: too few rows to choose.
    Ridge,
    /// The caller chose them.
    Caller,
}

/// A column of the scorecard.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Which of the columns given.
    pub column: usize,
    /// Its bins.
    pub binning: Binning,
    /// Coefficient of its weight of evidence.
    pub coefficient: f64,
    /// Standard error of the coefficient.
    pub standard_error: f64,
    /// Points of every bin.
    pub points: Vec<i64>,
}

/// Log-odds of a total: `intercept + slope * total / POINTS_PER_LOGIT`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Log-odds of a total of 0.
    pub intercept: f64,
    /// 1 where nothing had to be corrected.
    pub slope: f64,
}

/// A fitted scorecard.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its columns, in the order they came in.
    pub features: Vec<Feature>,
    /// Intercept of the regression before rounding.
    pub intercept: f64,
    /// Its log-likelihood.
    pub log_likelihood: f64,
    /// From total to chance.
    pub calibration: Calibration,
    /// How the columns came in.
    pub selected_by: SelectedBy,
    /// Rows it was fitted on.
    pub rows: usize,
    /// Those with the outcome.
    pub good: usize,
}

impl Scorecard {
    /// Total of every row. The columns are those of the fit, in the same order, of any rows.
    ///
    /// # Errors
    /// Shape (another number of columns, or columns of different lengths).
    pub fn totals(&self, columns: &[Column<'_>]) -> Result<Vec<i64>> {
        let rows = columns.first().map_or(0, Column::len);
        let mut totals = vec![0; rows];
        for feature in &self.features {
            let column =
                columns.get(feature.column).ok_or(Error::shape("columns", columns.len(), feature.column + 1))?;
            if column.len() != rows {
                return Err(Error::shape("column", column.len(), rows));
            }
            for (total, bin) in totals.iter_mut().zip(feature.binning.of_rows(column)) {
                *total += bin.and_then(|b| feature.points.get(b)).copied().unwrap_or(0);
            }
        }
        Ok(totals)
    }

    /// The calibrated chance of a total.
    pub fn probability(&self, total: i64) -> f64 {
        let Calibration { intercept, slope } = self.calibration;
        crate::logistic::expit(intercept + slope * total as f64 / POINTS_PER_LOGIT)
    }
}

impl Feature {
    /// Interval of the points of a bin before rounding: what is uncertain in the coefficient and in the bin's own odds,
    /// taken as independent (normal, by the delta method). Wide where a bin holds few rows. `None`: no such bin.
    pub fn points_interval(&self, bin: usize) -> Option<Interval> {
        let Bin { good, bad, weight } = *self.binning.bins.get(bin)?;
        let (all_good, all_bad) = self.binning.bins.iter().fold((0.0, 0.0), |(g, b), x| (g + x.good, b + x.bad));
        let rate = all_good / (all_good + all_bad);
        let of_weight = 1.0 / (good + rate) + 1.0 / (bad + 1.0 - rate);
        let variance = (weight * self.standard_error).powi(2) + self.coefficient.powi(2) * of_weight;
        Interval::normal(POINTS_PER_LOGIT * self.coefficient * weight, POINTS_PER_LOGIT * variance.sqrt())
    }
}
