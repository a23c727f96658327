//! The change of a rate per segment, shrunk toward the common change.
//!
//! `d_s = logit p1 - logit p0` (1/2 added to every cell), `v_s` the sum of the reciprocal cells, `tau^2` by
//! DerSimonian and Laird, `d~_s = m + tau^2 / (tau^2 + v_s) (d_s - m)`; the two rates are then laid around
//! their precision-weighted level so that they differ by `d~_s`.
//!
//! For ranking segments only. The accounts stay raw: show `gap - sum(shrunk)` as chance, so that the total
//! still adds. Measured with 40 segments: error of the parts more than halved, the right worst segment named
//! .39 against .29 - still no ground to name a single one.
//!
//! Not here: shrinking each period's rates to a common beta (it destroys the coverage of intervals).
//!
//! Invariant: a shrunk change lies between its own and the common change.
//!
//! Source: DerSimonian and Laird, Controlled Clinical Trials 7 (1986).

use crate::error::{Error, Result, all_counts};

/// Counts of one segment in two periods: `k` of `n`, real allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Successes in the first period.
    pub k0: f64,
    /// Trials in the first period.
    pub n0: f64,
    /// Successes in the second period.
    pub k1: f64,
    /// Trials in the second period.
    pub n1: f64,
}

/// One segment after shrinking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunk {
    /// Observed change on the logit scale; 0 without trials in one period.
    pub change: f64,
    /// Sampling variance of `change`; 0 without trials in one period (nothing was observed to vary).
    pub variance: f64,
    /// Shrunk change on the logit scale.
    pub shrunk: f64,
    /// Rate of the first period that goes with the shrunk change.
    pub rate0: f64,
    /// Rate of the second period that goes with the shrunk change.
    pub rate1: f64,
}

/// All segments of one factor, and what they were shrunk to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrinkage {
    /// One per segment, in the order given.
    pub segments: Vec<Shrunk>,
    /// Common change `m` on the logit scale (random-effects mean); 0 when no segment has both periods.
    pub common: f64,
    /// Variance of the true changes between segments.
    pub between: f64,
    /// Segments with trials in both periods: those that `common` and `between` rest on.
    pub used: usize,
}

/// Shrinks the change of one factor's rate over segments.
///
/// A segment without trials in one period follows the carry-over rule: no change, both rates are the
/// observed one's `(k + 1/2) / (n + 1)`, and it does not enter `common`; without any trials both are 0.
/// With one segment nothing is shrunk.
///
/// # Errors
/// Not finite or out of range (a count below 0, `k` above `n`).
pub fn shrink(counts: &[Counts]) -> Result<Shrinkage> {
    for c in counts {
        all_counts(&[c.k0, c.n0, c.k1, c.n1], "counts")?;
        if c.k0 > c.n0 || c.k1 > c.n1 {
            return Err(Error::out_of_range("k", "at most n"));
        }
    }
    let both = |c: &&Counts| c.n0 > 0.0 && c.n1 > 0.0;
    let observed: Vec<(f64, f64)> = counts.iter().filter(both).map(change).collect();
    let (common, between) = common_change(&observed);
    let segments = counts.iter().map(|c| if both(&c) { one(c, common, between) } else { carried(c) }).collect();
    Ok(Shrinkage { segments, common, between, used: observed.len() })
}

/// Logit and its variance from `k` of `n`, 1/2 added to both cells.
fn logit(k: f64, n: f64) -> (f64, f64) {
    let (hit, miss) = (k + 0.5, n - k + 0.5);
    ((hit / miss).ln(), 1.0 / hit + 1.0 / miss)
}

fn change(c: &Counts) -> (f64, f64) {
    let ((l0, v0), (l1, v1)) = (logit(c.k0, c.n0), logit(c.k1, c.n1));
    (l1 - l0, v0 + v1)
}

/// Random-effects mean and between variance of `(value, variance)` pairs by DerSimonian and Laird; variances above 0.
/// Both are 0 without any pair.
pub fn common_change(observed: &[(f64, f64)]) -> (f64, f64) {
    let mean = |extra: f64| {
        let (top, bottom) =
            observed.iter().fold((0.0, 0.0), |(t, b), (d, v)| (t + d / (v + extra), b + 1.0 / (v + extra)));
        if bottom > 0.0 { top / bottom } else { 0.0 }
    };
    let fixed = mean(0.0);
    let q: f64 = observed.iter().map(|(d, v)| (d - fixed) * (d - fixed) / v).sum();
    let (w1, w2) = observed.iter().fold((0.0, 0.0), |(a, b), (_, v)| (a + 1.0 / v, b + 1.0 / (v * v)));
    let spread = w1 - w2 / w1;
    let excess = q - (observed.len() as f64 - 1.0);
    let between = if observed.len() > 1 && spread > 0.0 { (excess / spread).max(0.0) } else { 0.0 };
    (mean(between), between)
}

fn one(c: &Counts, common: f64, between: f64) -> Shrunk {
    let ((l0, v0), (l1, v1)) = (logit(c.k0, c.n0), logit(c.k1, c.n1));
    let (change, variance) = (l1 - l0, v0 + v1);
    let shrunk = common + between / (between + variance) * (change - common);
    let level = (l0 / v0 + l1 / v1) / (1.0 / v0 + 1.0 / v1);
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    Shrunk {
        change,
        variance,
        shrunk,
        rate0: expit(level - shrunk * v0 / variance),
        rate1: expit(level + shrunk * v1 / variance),
    }
}

fn carried(c: &Counts) -> Shrunk {
    let (k, n) = if c.n0 > 0.0 { (c.k0, c.n0) } else { (c.k1, c.n1) };
    let rate = if n > 0.0 { (k + 0.5) / (n + 1.0) } else { 0.0 };
    Shrunk { change: 0.0, variance: 0.0, shrunk: 0.0, rate0: rate, rate1: rate }
}
