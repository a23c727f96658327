//! The fit: maximum likelihood, or a small ridge where it does not exist; coefficients in the caller's units.
//!
//! Not here: the iterations.
//!
//! Invariant: coefficients and standard errors are finite; dropped columns have both 0.

use rayon::prelude::*;

use super::design::{Design, Trials};
use super::newton::{Maximum, Problem};
use super::{dot, expit};
use crate::error::{Error, Result, all_finite};

/// Ridge of the fit that takes over where maximum likelihood has no finite answer: as much as a normal prior of
/// standard deviation 10 on the logit scale (numeric columns per standard deviation; factors around their mean).
pub const SEPARATED_RIDGE: f64 = 0.01;

/// A standard error above this (inner units) means that the data say nothing about the coefficient.
const UNDETERMINED: f64 = 50.0;

/// Iterations from which an ordinary problem would long have ended: look whether it is undetermined.
const SUSPICIOUS: usize = 10;

/// A fitted logistic regression.
#[derive(Clone, Debug)]
pub struct Fit {
    /// One per column of the design, in its order and the caller's units; 0 for dropped columns.
    pub coefficients: Vec<f64>,
    /// Columns that earlier columns determine (a level without trials, a copy of another column).
    pub dropped: Vec<bool>,
    /// Log-likelihood, without the binomial constant and without the penalty.
    pub log_likelihood: f64,
    /// Newton steps of the fit that is returned.
    pub iterations: usize,
    /// Maximum likelihood had no finite or no determined answer: the ridge is [`SEPARATED_RIDGE`] (or the
    /// caller's, if larger).
    pub separated: bool,
    /// Ridge used; 0 for maximum likelihood.
    pub ridge: f64,
    maximum: Maximum,
    units: Vec<(f64, f64)>,
}

/// Fits `k` of `n` on `design`. `ridge >= 0` is a penalty of half its size times the squared coefficients (numeric
/// columns per standard deviation, each factor's levels around their mean, the intercept free); 0 is maximum
/// likelihood. `offset`, one a row, is added to the linear predictor.
///
/// # Errors
/// Shape; not finite; out of range (`k` outside `0..=n`, `ridge < 0`); too few (no success, or no failure); no
/// convergence (also with the ridge).
pub fn fit(design: &Design<'_>, trials: Trials<'_>, ridge: f64, offset: Option<&[f64]>) -> Result<Fit> {
    trials.check(design.rows())?;
    all_finite(&[ridge], "ridge")?;
    if ridge < 0.0 {
        return Err(Error::out_of_range("ridge", "0 or more"));
    }
    if let Some(offset) = offset {
        if offset.len() != design.rows() {
            return Err(Error::shape("offset", offset.len(), design.rows()));
        }
        all_finite(offset, "offset")?;
    }
    let (k, n) = (0..design.rows()).fold((0.0, 0.0), |(k, n), i| (k + trials.k[i], n + trials.n(i)));
    if k <= 0.0 {
        return Err(Error::too_few("successes", 0, 1));
    }
    if k >= n {
        return Err(Error::too_few("failures", 0, 1));
    }
    let (filled, infinite) = levels(design, &trials);
    let mut problem = Problem { design, trials, offset, ridge, filled };
    let unpenalised = ridge == 0.0;
    let mut found = if unpenalised && infinite { None } else { problem.maximum(k / n) };
    if unpenalised {
        found = found.filter(|m| m.iterations <= SUSPICIOUS || determined(m));
    }
    let separated = unpenalised && found.is_none();
    if separated {
        problem.ridge = SEPARATED_RIDGE;
        found = problem.maximum(k / n);
    }
    let maximum = found.ok_or(Error::no_convergence("coefficients"))?;
    Ok(Fit {
        coefficients: outward(&maximum.beta, design.units()),
        dropped: maximum.factor.dropped().to_vec(),
        log_likelihood: maximum.log_likelihood,
        iterations: maximum.iterations,
        separated,
        ridge: problem.ridge,
        units: design.units().to_vec(),
        maximum,
    })
}

impl Fit {
    /// Standard error of every coefficient, from the information at the maximum; 0 for dropped columns.
    pub fn standard_errors(&self) -> Vec<f64> {
        let mut se: Vec<f64> = self.maximum.factor.inverse_diagonal().iter().map(|v| v.max(0.0).sqrt()).collect();
        let mut intercept = vec![0.0; se.len()];
        intercept[0] = 1.0;
        for (j, (centre, scale)) in self.units.iter().enumerate() {
            se[1 + j] *= scale;
            intercept[1 + j] = -centre * scale;
        }
        se[0] = self.maximum.factor.inverse_form(&intercept).max(0.0).sqrt();
        se
    }

    /// Fitted probability of every row of the design the fit was made with.
    ///
    /// # Errors
    /// Shape (another number of columns, or of offsets).
    pub fn probabilities(&self, design: &Design<'_>, offset: Option<&[f64]>) -> Result<Vec<f64>> {
        if design.columns() != self.coefficients.len() {
            return Err(Error::shape("design", design.columns(), self.coefficients.len()));
        }
        if let Some(offset) = offset.filter(|o| o.len() != design.rows()) {
            return Err(Error::shape("offset", offset.len(), design.rows()));
        }
        let eta = |i: usize| design.product(i, &self.maximum.beta) + offset.map_or(0.0, |o| o[i]);
        Ok((0..design.rows()).into_par_iter().map(|i| expit(eta(i))).collect())
    }

    /// Coefficients in inner units.
    pub(crate) fn inner(&self) -> &[f64] {
        &self.maximum.beta
    }

    /// Covariance of two linear combinations of the inner coefficients.
    pub(crate) fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        self.maximum.factor.half(&mut a);
        self.maximum.factor.half(&mut b);
        dot(&a, &b)
    }
}

/// Which levels have trials, and whether one of them has no success or no failure while others have.
fn levels(design: &Design<'_>, trials: &Trials<'_>) -> (Vec<Vec<bool>>, bool) {
    let mut infinite = false;
    let filled = design
        .factors()
        .map(|(factor, _)| {
            let mut counts = vec![(0.0f64, 0.0f64); factor.levels];
            for (i, l) in factor.index.iter().enumerate() {
                counts[*l as usize].0 += trials.k[i];
                counts[*l as usize].1 += trials.n(i);
            }
            infinite |= counts.iter().any(|(k, n)| *n > 0.0 && (*k <= 0.0 || k >= n));
            counts.iter().map(|(_, n)| *n > 0.0).collect()
        })
        .collect();
    (filled, infinite)
}

fn determined(maximum: &Maximum) -> bool {
    maximum.factor.inverse_diagonal().iter().all(|v| v.sqrt() < UNDETERMINED)
}

fn outward(beta: &[f64], units: &[(f64, f64)]) -> Vec<f64> {
    let mut out = beta.to_vec();
    for (j, (centre, scale)) in units.iter().enumerate() {
        out[1 + j] = beta[1 + j] * scale;
        out[0] -= out[1 + j] * centre;
    }
    out
}
