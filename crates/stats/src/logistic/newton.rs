//! One pass over the rows, and Newton's iterations.
//!
//! Not here: what is done when there is no maximum.
//!
//! Invariant: rows are summed in blocks whose number depends on the shape alone, never on threads.

use rayon::prelude::*;

use super::design::{Design, Trials};
use super::expit;
use super::solve::{Cholesky, dot};

/// Share of a column that must be left after the earlier columns, at the start, or it is dropped.
const COLLINEAR: f64 = 1e-10;
const MOST_ITERATIONS: usize = 40;

/// Log-likelihood, gradient and information (upper triangle) at one point.
struct Point {
    log_likelihood: f64,
    gradient: Vec<f64>,
    information: Vec<f64>,
}

/// The end of the iterations, in inner units.
#[derive(Clone, Debug)]
pub(super) struct Maximum {
    pub beta: Vec<f64>,
    pub factor: Cholesky,
    pub log_likelihood: f64,
    pub iterations: usize,
}

pub(super) struct Problem<'a> {
    pub design: &'a Design<'a>,
    pub trials: Trials<'a>,
    pub offset: Option<&'a [f64]>,
    pub ridge: f64,
    /// Levels with trials of every factor, for the centred penalty.
    pub filled: Vec<Vec<bool>>,
}

impl Problem<'_> {
    /// The maximum, or `None` where the iterations do not end.
    pub fn maximum(&self, rate: f64) -> Option<Maximum> {
        let columns = self.design.columns();
        let mut beta = vec![0.0; columns];
        beta[0] = (rate / (1.0 - rate)).ln();
        let mut here = self.at(&beta);
        let mut factor = Cholesky::new(&here.information, vec![false; columns], Some(COLLINEAR))?;
        let dropped = factor.dropped().to_vec();
        for iterations in 1..=MOST_ITERATIONS {
            let mut step = here.gradient.clone();
            factor.solve(&mut step);
            let decrement = dot(&step, &here.gradient);
            if !decrement.is_finite() {
                return None;
            }
            // After this step the error is of the order of the square: below rounding.
            let last = decrement < 1e-9;
            let old = self.objective(&here, &beta);
            let mut length = 1.0;
            let next = loop {
                let trial: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + length * s).collect();
                let there = self.at(&trial);
                let objective = self.objective(&there, &trial);
                if last || objective >= old - 1e-9 * old.abs().max(1.0) {
                    break Some((trial, there));
                }
                length /= 2.0;
                if length < 1e-6 {
                    break None;
                }
            };
            (beta, here) = next?;
            factor = Cholesky::new(&here.information, dropped.clone(), None)?;
            if last {
                return Some(Maximum { beta, factor, log_likelihood: here.log_likelihood, iterations });
            }
        }
        None
    }

    fn objective(&self, at: &Point, beta: &[f64]) -> f64 {
        at.log_likelihood - self.penalty(beta)
    }

    /// Half the ridge times the squared coefficients; a factor's around their mean, so that the choice of the
    /// reference level changes nothing.
    fn penalty(&self, beta: &[f64]) -> f64 {
        if self.ridge == 0.0 {
            return 0.0;
        }
        let numeric = &beta[1..1 + self.design.units().len()];
        let mut sum: f64 = numeric.iter().map(|b| b * b).sum();
        for ((factor, first), filled) in self.design.factors().zip(&self.filled) {
            let value = |l: usize| if l == 0 { 0.0 } else { beta[first + l] };
            let levels = filled.iter().filter(|f| **f).count().max(1) as f64;
            let used = || (0..factor.levels).filter(|l| filled[*l]);
            let mean = used().map(value).sum::<f64>() / levels;
            sum += used().map(|l| (value(l) - mean) * (value(l) - mean)).sum::<f64>();
        }
        self.ridge * sum / 2.0
    }

    fn add_penalty(&self, point: &mut Point, beta: &[f64]) {
        if self.ridge == 0.0 {
            return;
        }
        let columns = self.design.columns();
        for (j, b) in beta.iter().enumerate().skip(1).take(self.design.units().len()) {
            point.gradient[j] -= self.ridge * b;
            point.information[j * columns + j] += self.ridge;
        }
        for ((factor, first), filled) in self.design.factors().zip(&self.filled) {
            let used: Vec<usize> = (1..factor.levels).filter(|l| filled[*l]).map(|l| first + l).collect();
            let levels = filled.iter().filter(|f| **f).count().max(1) as f64;
            let mean = used.iter().map(|j| beta[*j]).sum::<f64>() / levels;
            for (a, i) in used.iter().enumerate() {
                point.gradient[*i] -= self.ridge * (beta[*i] - mean);
                point.information[i * columns + i] += self.ridge;
                for j in &used[a..] {
                    point.information[i * columns + j] -= self.ridge / levels;
                }
            }
        }
    }

    fn at(&self, beta: &[f64]) -> Point {
        let columns = self.design.columns();
        let add = |mut a: Point, b: Point| {
            a.log_likelihood += b.log_likelihood;
            for (x, y) in a.gradient.iter_mut().zip(&b.gradient) {
                *x += y;
            }
            for (x, y) in a.information.iter_mut().zip(&b.information) {
                *x += y;
            }
            a
        };
        let parts = in_blocks(self.design.rows(), columns, |range| self.part(range, beta));
        let empty =
            Point { log_likelihood: 0.0, gradient: vec![0.0; columns], information: vec![0.0; columns * columns] };
        let mut point = parts.into_iter().reduce(add).unwrap_or(empty);
        self.add_penalty(&mut point, beta);
        point
    }

    fn part(&self, range: std::ops::Range<usize>, beta: &[f64]) -> Point {
        let columns = self.design.columns();
        let mut point =
            Point { log_likelihood: 0.0, gradient: vec![0.0; columns], information: vec![0.0; columns * columns] };
        let mut entries = vec![(0usize, 0.0f64); self.design.width()];
        for i in range {
            let n = self.trials.n(i);
            if n == 0.0 {
                continue;
            }
            let used = self.design.row(i, &mut entries);
            let row = &entries[..used];
            let eta = row.iter().map(|(j, v)| beta[*j] * v).sum::<f64>() + self.offset.map_or(0.0, |o| o[i]);
            let e = (-eta.abs()).exp();
            let mu = expit(eta);
            point.log_likelihood += self.trials.k[i] * eta - n * (eta.max(0.0) + e.ln_1p());
            let (residual, weight) = (self.trials.k[i] - n * mu, n * e / ((1.0 + e) * (1.0 + e)));
            for (a, (i, x)) in row.iter().enumerate() {
                point.gradient[*i] += residual * x;
                let wx = weight * x;
                let line = &mut point.information[i * columns..(i + 1) * columns];
                for (j, y) in &row[a..] {
                    line[*j] += wx * y;
                }
            }
        }
        point
    }
}

/// `part` of every block of rows, in order. The number of blocks depends on `rows` and `columns` alone.
pub(crate) fn in_blocks<T: Send>(
    rows: usize,
    columns: usize,
    part: impl Fn(std::ops::Range<usize>) -> T + Sync,
) -> Vec<T> {
    let memory = 8_000_000 / (columns * columns).max(1);
    let blocks = (rows / 4_096).min(memory).clamp(1, 16);
    let size = rows.div_ceil(blocks);
    (0..blocks).into_par_iter().map(|b| part((b * size).min(rows)..((b + 1) * size).min(rows))).collect()
}
