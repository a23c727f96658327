//! The adjusted answers: both logistic models, and the means they give.
//!
//! Standardisation: mean of m1 and of m0 over all rows, with a variance by the delta method plus that of the rows.
//! Doubly robust: psi1 = m1 + T (y - m1) / e, psi0 = m0 + (1 - T)(y - m0) / (1 - e); standard deviation with
//! divisor N. Overlap: weighted means, 1 - e for the treated and e for the others; the variance is the one for
//! known e, which is a little too large.
//!
//! Not here: instruments.
//!
//! Invariant: a propensity is kept inside [1e-6, 1 - 1e-6].

use rayon::prelude::*;

use super::diagnostics::{Balance, Overlap, balance, overlap};
use super::means::Means;
use crate::error::{Error, Result};
use crate::logistic::{Design, Factor, Fit, Trials, expit, fit, in_blocks};

/// Propensities are kept this far from 0 and 1, so that no weight exceeds a million.
const EDGE: f64 = 1e-6;

/// What was observed: covariates, treatment and outcome.
#[derive(Clone, Copy, Debug)]
pub struct Study<'a> {
    /// Covariates recorded before treatment; used in both models, without the treatment.
    pub design: &'a Design<'a>,
    /// Treatment of every row: 1 treated, 0 not.
    pub treated: &'a [u32],
    /// Trials and outcomes of every row.
    pub outcome: Trials<'a>,
}

/// The answers of one study.
#[derive(Clone, Debug)]
pub struct Effects {
    /// Nothing adjusted: the two observed rates.
    pub crude: Means,
    /// Standardised over the outcome model (g-computation).
    pub standardised: Means,
    /// Augmented inverse-probability weighting.
    pub doubly_robust: Means,
    /// Overlap weights: the effect among those who could well have had either treatment.
    pub overlap_weighted: Means,
    /// How far the treated and the others can be compared at all.
    pub overlap: Overlap,
    /// One per column of the design but the intercept: how alike they are, before and after weighting.
    pub balance: Vec<Balance>,
    /// Model of treatment: columns of the design.
    pub propensity: Fit,
    /// Model of outcome: columns of the design, then treatment.
    pub outcome: Fit,
}

/// All answers of `study`.
///
/// # Errors
/// Those of [`fit`]; out of range (`treated` above 1); too few (no treated or no untreated trials).
pub fn estimate(study: &Study<'_>) -> Result<Effects> {
    let (design, trials) = (study.design, study.outcome);
    let rows = design.rows();
    trials.check(rows)?;
    if study.treated.len() != rows {
        return Err(Error::shape("treated", study.treated.len(), rows));
    }
    if study.treated.iter().any(|t| *t > 1) {
        return Err(Error::out_of_range("treated", "0 or 1"));
    }
    let crude = crude(study)?;
    let given: Vec<f64> = (0..rows).map(|i| f64::from(study.treated[i]) * trials.n(i)).collect();
    let propensity = fit(design, Trials { n: trials.n, k: &given }, 0.0, None)?;
    let with = design.clone().with(Factor { index: study.treated, levels: 2 })?;
    let outcome = fit(&with, trials, 0.0, None)?;
    let e: Vec<f64> = propensity.probabilities(design, None)?.into_iter().map(|e| e.clamp(EDGE, 1.0 - EDGE)).collect();
    let (m1, m0) = both(design, &outcome);
    Ok(Effects {
        crude,
        standardised: standardised(study, &outcome, &m1, &m0),
        doubly_robust: doubly_robust(study, &e, &m1, &m0),
        overlap_weighted: overlap_weighted(study, &e),
        overlap: overlap(study, &e),
        balance: balance(study, &e),
        propensity,
        outcome,
    })
}

fn crude(study: &Study<'_>) -> Result<Means> {
    let mut sums = [(0.0f64, 0.0f64); 2];
    for (i, t) in study.treated.iter().enumerate() {
        let arm = &mut sums[*t as usize];
        arm.0 += study.outcome.k[i];
        arm.1 += study.outcome.n(i);
    }
    let [(k0, n0), (k1, n1)] = sums;
    if n1 <= 0.0 {
        return Err(Error::too_few("treated", 0, 1));
    }
    if n0 <= 0.0 {
        return Err(Error::too_few("untreated", 0, 1));
    }
    let (p1, p0) = (k1 / n1, k0 / n0);
    Ok(Means {
        treated: p1,
        untreated: p0,
        variance_treated: p1 * (1.0 - p1).max(0.0) / n1,
        variance_untreated: p0 * (1.0 - p0).max(0.0) / n0,
        covariance: 0.0,
    })
}

/// Modelled outcome of every row with and without treatment.
fn both(design: &Design<'_>, outcome: &Fit) -> (Vec<f64>, Vec<f64>) {
    let beta = outcome.inner();
    let tau = beta[design.columns()];
    (0..design.rows())
        .into_par_iter()
        .map(|i| {
            let eta = design.product(i, beta);
            (expit(eta + tau), expit(eta))
        })
        .unzip()
}

/// Means and covariance matrix over `(weight, treated value, untreated value)`, two of them a row; divisor N.
fn over_rows(rows: usize, values: impl Fn(usize) -> [(f64, f64, f64); 2] + Sync) -> Means {
    let sums = |part: &(dyn Fn(f64, f64, f64) -> [f64; 3] + Sync)| {
        let block = |range: std::ops::Range<usize>| {
            let mut sum = [0.0; 3];
            for (w, a, b) in range.flat_map(&values) {
                add(&mut sum, &part(w, a, b));
            }
            sum
        };
        let mut sum = [0.0; 3];
        for block in in_blocks(rows, 1, block) {
            add(&mut sum, &block);
        }
        sum
    };
    let [n, s1, s0] = sums(&|w, a, b| [w, w * a, w * b]);
    let (treated, untreated) = (s1 / n, s0 / n);
    let [v1, v0, c] = sums(&|w, a, b| {
        let (a, b) = (a - treated, b - untreated);
        [w * a * a, w * b * b, w * a * b]
    });
    let n2 = n * n;
    Means { treated, untreated, variance_treated: v1 / n2, variance_untreated: v0 / n2, covariance: c / n2 }
}

fn add(sum: &mut [f64], more: &[f64]) {
    for (s, m) in sum.iter_mut().zip(more) {
        *s += m;
    }
}

fn standardised(study: &Study<'_>, outcome: &Fit, m1: &[f64], m0: &[f64]) -> Means {
    let design = study.design;
    let treated = design.columns();
    let mut means = over_rows(design.rows(), |i| [(study.outcome.n(i), m1[i], m0[i]), (0.0, 0.0, 0.0)]);
    // Slopes of both means in the coefficients, one after the other, then the number of trials.
    let size = treated + 1;
    let block = |range: std::ops::Range<usize>| {
        let mut slopes = vec![0.0; 2 * size + 1];
        let mut entries = vec![(0usize, 0.0f64); design.width()];
        for i in range {
            let used = design.row(i, &mut entries);
            let n = study.outcome.n(i);
            let (da, db) = (n * m1[i] * (1.0 - m1[i]), n * m0[i] * (1.0 - m0[i]));
            for (j, x) in &entries[..used] {
                slopes[*j] += da * x;
                slopes[size + j] += db * x;
            }
            slopes[treated] += da;
            slopes[2 * size] += n;
        }
        slopes
    };
    let mut slopes = vec![0.0; 2 * size + 1];
    for block in in_blocks(design.rows(), 1, block) {
        add(&mut slopes, &block);
    }
    let trials = slopes[2 * size];
    for s in &mut slopes {
        *s /= trials;
    }
    let (one, none) = (&slopes[..size], &slopes[size..2 * size]);
    means.variance_treated += outcome.covariance(one, one);
    means.variance_untreated += outcome.covariance(none, none);
    means.covariance += outcome.covariance(one, none);
    means
}

fn doubly_robust(study: &Study<'_>, e: &[f64], m1: &[f64], m0: &[f64]) -> Means {
    // A cell is its k trials with the outcome and its n - k without.
    over_rows(e.len(), |i| {
        let (n, k) = (study.outcome.n(i), study.outcome.k[i]);
        let (m1, m0, e) = (m1[i], m0[i], e[i]);
        if study.treated[i] == 1 {
            [(k, m1 + (1.0 - m1) / e, m0), (n - k, m1 - m1 / e, m0)]
        } else {
            [(k, m1, m0 + (1.0 - m0) / (1.0 - e)), (n - k, m1, m0 - m0 / (1.0 - e))]
        }
    })
}

fn overlap_weighted(study: &Study<'_>, e: &[f64]) -> Means {
    let arm = |t: u32| {
        let weight = |i: usize| if t == 1 { 1.0 - e[i] } else { e[i] };
        let of = || (0..e.len()).filter(|i| study.treated[*i] == t);
        let (sum, hits) = of().fold((0.0, 0.0), |(sum, hits), i| {
            (sum + weight(i) * study.outcome.n(i), hits + weight(i) * study.outcome.k[i])
        });
        let mean = hits / sum;
        let squares: f64 = of()
            .map(|i| {
                let (w, k, n) = (weight(i), study.outcome.k[i], study.outcome.n(i));
                w * w * (k * (1.0 - mean) * (1.0 - mean) + (n - k) * mean * mean)
            })
            .sum();
        (mean, squares / (sum * sum))
    };
    let ((treated, variance_treated), (untreated, variance_untreated)) = (arm(1), arm(0));
    Means { treated, untreated, variance_treated, variance_untreated, covariance: 0.0 }
}
