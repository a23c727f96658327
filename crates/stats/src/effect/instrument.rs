//! The effect among those whose treatment an accident decided: two-stage least squares with one instrument.
//!
//! Covariates are partialled out of instrument, treatment and outcome; strata (a factor with as many levels as one
//! likes: combinations of covariates) are taken out by their means, so a stratum costs no column. What is left is
//! one ratio. Standard errors hold under any variance of the outcome (White); with strata they are enlarged by
//! `sqrt(N / (N - strata))`, for the means that were taken out.
//!
//! Not here: whether the instrument acts on the outcome through treatment alone. No number can tell.
//!
//! Invariant: a result has a first stage that is not 0.
//!
//! Source: Angrist and Pischke, Mostly Harmless Econometrics (2009), chapter 4.

use rayon::prelude::*;

use crate::error::{Error, Result, all_finite};
use crate::interval::Interval;
use crate::logistic::{Cholesky, Design, Factor, Trials};

/// What was observed, and the accident.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Covariates to partial out; the intercept alone if there are none.
    pub design: &'a Design<'a>,
    /// Strata whose means are taken out too.
    pub strata: Option<Factor<'a>>,
    /// Treatment of every row: 1 treated, 0 not.
    pub treated: &'a [u32],
    /// Trials and outcomes of every row.
    pub outcome: Trials<'a>,
    /// The instrument, in any unit.
    pub instrument: &'a [f64],
}

/// The effect by instrument, on the scale of the outcome's rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instrumented {
    /// Effect of treatment.
    pub effect: f64,
    /// Standard error that holds under any variance of the outcome.
    pub se: f64,
    /// Change of the treated share per unit of the instrument.
    pub first_stage: f64,
    /// Squared ratio of the first stage to its standard error (same kind); below 10 the instrument is weak and the
    /// interval cannot be trusted.
    pub first_stage_f: f64,
}

impl Instrumented {
    /// Normal 90 % and 50 % interval of the effect.
    pub fn interval(&self) -> Option<Interval> {
        Interval::normal(self.effect, self.se)
    }
}

/// Two-stage least squares.
///
/// # Errors
/// Shape; not finite; out of range (`treated` above 1, index not below the number of strata); too few (trials not
/// more than strata and columns); no convergence (the instrument does not move within the strata and covariates,
/// or does not move treatment).
pub fn instrument(setting: &Setting<'_>) -> Result<Instrumented> {
    check(setting)?;
    let rows = setting.design.rows();
    let n = |i: usize| setting.outcome.n(i);
    let values: Vec<[f64; 3]> = (0..rows)
        .map(|i| {
            let rate = if n(i) > 0.0 { setting.outcome.k[i] / n(i) } else { 0.0 };
            [setting.instrument[i], f64::from(setting.treated[i]), rate]
        })
        .collect();
    let groups = Groups::new(setting, rows);
    let residuals = groups.residuals(setting, &values)?;
    let (mut zz, mut zt, mut zy, mut tt) = (0.0, 0.0, 0.0, 0.0);
    let (mut moved, mut size, mut given) = (0.0, 0.0, 0.0);
    let total: f64 = (0..rows).map(n).sum();
    let mean = (0..rows).map(|i| n(i) * values[i][0]).sum::<f64>() / total;
    for (i, [z, t, y]) in residuals.iter().enumerate() {
        zz += n(i) * z * z;
        zt += n(i) * z * t;
        zy += n(i) * z * y;
        tt += n(i) * t * t;
        size += n(i) * values[i][0] * values[i][0];
        given += n(i) * values[i][1];
        moved += n(i) * (values[i][0] - mean) * (values[i][0] - mean);
    }
    let (effect, first_stage) = (zy / zt, zt / zz);
    // What is left must be more than rounding, of the instrument and of treatment.
    let rounding = zz <= 1e-12 * moved || moved <= 1e-24 * size || tt <= 1e-12 * given;
    if rounding || !effect.is_finite() || !first_stage.is_finite() || first_stage == 0.0 {
        return Err(Error::no_convergence("instrument"));
    }
    let (mut second, mut first) = (0.0, 0.0);
    for (i, [z, t, y]) in residuals.iter().enumerate() {
        // A cell is k trials with outcome 1 and n - k with outcome 0.
        let (k, rate) = (setting.outcome.k[i], values[i][2]);
        let u = |outcome: f64| outcome - rate + y - effect * t;
        second += z * z * (k * u(1.0).powi(2) + (n(i) - k) * u(0.0).powi(2));
        first += n(i) * (z * (t - first_stage * z)).powi(2);
    }
    let strata = if setting.strata.is_some() { groups.used as f64 } else { 0.0 };
    let columns = setting.design.columns() as f64;
    if total <= strata + columns {
        return Err(Error::too_few("trials", total as usize, (strata + columns) as usize + 1));
    }
    let larger = total / (total - strata);
    let se = (second * larger).sqrt() / zt.abs();
    let first_stage_f = zt * zt / (first * larger);
    if !se.is_finite() || !first_stage_f.is_finite() {
        return Err(Error::no_convergence("instrument"));
    }
    Ok(Instrumented { effect, se, first_stage, first_stage_f })
}

fn check(setting: &Setting<'_>) -> Result<()> {
    let rows = setting.design.rows();
    setting.outcome.check(rows)?;
    if setting.treated.len() != rows {
        return Err(Error::shape("treated", setting.treated.len(), rows));
    }
    if setting.treated.iter().any(|t| *t > 1) {
        return Err(Error::out_of_range("treated", "0 or 1"));
    }
    if setting.instrument.len() != rows {
        return Err(Error::shape("instrument", setting.instrument.len(), rows));
    }
    all_finite(setting.instrument, "instrument")?;
    if let Some(strata) = setting.strata {
        if strata.index.len() != rows {
            return Err(Error::shape("strata", strata.index.len(), rows));
        }
        if strata.index.iter().any(|s| *s as usize >= strata.levels) {
            return Err(Error::out_of_range("strata", "every index below the number of levels"));
        }
    }
    Ok(())
}

/// Rows with trials, sorted by stratum; without strata all rows are one.
struct Groups {
    order: Vec<usize>,
    /// End of every group in `order`.
    ends: Vec<usize>,
    used: usize,
}

impl Groups {
    fn new(setting: &Setting<'_>, rows: usize) -> Self {
        let mut order: Vec<usize> = (0..rows).filter(|i| setting.outcome.n(*i) > 0.0).collect();
        let group = |i: &usize| setting.strata.map_or(0, |s| s.index[*i]);
        order.par_sort_by_key(group);
        let mut ends: Vec<usize> = (1..order.len()).filter(|p| group(&order[p - 1]) != group(&order[*p])).collect();
        ends.push(order.len());
        let used = ends.len();
        Self { order, ends, used }
    }

    /// `f` of every group, with its trials.
    fn each<'a>(&'a self, setting: &'a Setting<'_>) -> impl Iterator<Item = (&'a [usize], f64)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(from, to)| {
            let group = &self.order[from..*to];
            (group, group.iter().map(|i| setting.outcome.n(*i)).sum::<f64>())
        })
    }

    /// What is left of the three values of every row after the design's columns and the groups' means; 0 in rows
    /// without trials.
    fn residuals(&self, setting: &Setting<'_>, values: &[[f64; 3]]) -> Result<Vec<[f64; 3]>> {
        let (design, outcome) = (setting.design, setting.outcome);
        let columns = design.columns();
        let mut gram = vec![0.0; columns * columns];
        let mut cross = vec![vec![0.0; columns]; 3];
        let mut entries = vec![(0usize, 0.0f64); design.width()];
        let (mut sum, mut touched) = (vec![0.0; columns], Vec::new());
        for (group, trials) in self.each(setting) {
            let mut mean = [0.0; 3];
            for i in group {
                let n = outcome.n(*i);
                for (m, v) in mean.iter_mut().zip(values[*i]) {
                    *m += n * v / trials;
                }
            }
            for i in group {
                let n = outcome.n(*i);
                let used = design.row(*i, &mut entries);
                let row = &entries[..used];
                for (a, (j, x)) in row.iter().enumerate() {
                    if sum[*j] == 0.0 {
                        touched.push(*j);
                    }
                    sum[*j] += n * x;
                    for (c, (v, m)) in cross.iter_mut().zip(values[*i].iter().zip(mean)) {
                        c[*j] += n * x * (v - m);
                    }
                    for (l, y) in &row[a..] {
                        gram[j * columns + l] += n * x * y;
                    }
                }
            }
            // Within groups: every column loses its mean.
            touched.sort_unstable();
            touched.dedup();
            for (a, j) in touched.iter().enumerate() {
                for l in &touched[a..] {
                    gram[j * columns + l] -= sum[*j] * sum[*l] / trials;
                }
            }
            for j in touched.drain(..) {
                sum[j] = 0.0;
            }
        }
        // The intercept is taken out by the means; columns that the groups determine leave only rounding.
        let mut dropped = vec![false; columns];
        dropped[0] = true;
        let total = self.each(setting).map(|(_, trials)| trials).sum::<f64>();
        for j in 1..columns {
            dropped[j] = gram[j * columns + j] <= 1e-12 * total;
        }
        let factor = Cholesky::new(&gram, dropped, Some(1e-10)).ok_or(Error::not_finite("design"))?;
        for c in &mut cross {
            factor.solve(c);
        }
        let mut left = vec![[0.0; 3]; design.rows()];
        for (group, trials) in self.each(setting) {
            let mut mean = [0.0; 3];
            for i in group {
                for ((l, m), (v, c)) in left[*i].iter_mut().zip(&mut mean).zip(values[*i].iter().zip(&cross)) {
                    *l = v - design.product(*i, c);
                    *m += outcome.n(*i) * *l / trials;
                }
            }
            for i in group {
                for (l, m) in left[*i].iter_mut().zip(mean) {
                    *l -= m;
                }
            }
        }
        Ok(left)
    }
}
