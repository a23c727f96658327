//! The conditional mode of the standardised effects, and the joint mode with the fixed effects.
//!
//! Both are damped Newton climbs of a concave function: `ll - v'v/2`.
//!
//! Not here: the choice of spreads.
//!
//! Invariant: the climb never accepts a lower value, and ends after a bounded number of steps.

use rayon::prelude::*;

use super::cells::Layout;
use super::pass::{Sums, Tables};
use super::system::{Levels, System, dot, spreads};
use crate::error::{Error, Result};

/// Newton steps of one climb at most, halvings of one step at most.
const STEPS: usize = 60;
const HALVINGS: usize = 30;

/// Newton decrement `g' H^-1 g` at which the mode is taken as found.
pub(super) const DECREMENT: f64 = 1e-16;

/// Cells per share of the fixed part.
const SHARE: usize = 1 << 15;

/// Where the search stands: parameters, effects, tables at that point, and counts of work.
#[derive(Clone, Debug)]
pub(super) struct Climb<'a> {
    pub layout: &'a Layout,
    pub beta: Vec<f64>,
    /// Spread per place, 0 or more.
    pub sigma: Vec<f64>,
    /// Standardised effects.
    pub v: Levels,
    /// `x'beta` per cell.
    pub fixed: Vec<f64>,
    pub tables: Tables,
    pub system: System,
    pub newton_steps: usize,
    pub evaluations: usize,
}

impl<'a> Climb<'a> {
    pub fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            beta: vec![0.0; layout.columns],
            sigma: vec![0.0; layout.sizes.len()],
            v: Levels::zero(layout),
            fixed: vec![0.0; layout.cells],
            tables: Tables::new(layout),
            system: System::default(),
            newton_steps: 0,
            evaluations: 0,
        }
    }

    pub fn set_beta(&mut self, beta: &[f64]) {
        self.beta.clear();
        self.beta.extend_from_slice(beta);
        let p = self.layout.columns;
        if p == 0 {
            return;
        }
        let rows = self.layout.x.par_chunks(SHARE * p);
        self.fixed.par_chunks_mut(SHARE).zip(rows).for_each(|(to, rows)| {
            for (to, row) in to.iter_mut().zip(rows.chunks_exact(p)) {
                *to = dot(row, beta);
            }
        });
    }

    /// Fills the tables at `v`; returns `ll - v'v/2`.
    fn value_at(&mut self, v: &Levels) -> f64 {
        let effects = v.scaled(self.layout, &self.sigma);
        self.tables.fill(self.layout, &self.fixed, &effects.first, &effects.rest);
        self.tables.log_likelihood - 0.5 * v.dot(v)
    }

    fn factored(&self) -> Result<System> {
        System::new(self.layout, &self.tables, &self.sigma).ok_or(Error::no_convergence("effects"))
    }

    /// Gradient of `ll - v'v/2` in `v`, from the tables.
    fn slope(&self) -> Levels {
        let mut out = Levels { first: self.tables.first_residual.clone(), rest: self.tables.residual.clone() };
        out.first.iter_mut().zip(&self.v.first).for_each(|(r, v)| *r = self.sigma[0] * *r - v);
        let per_level = spreads(self.layout, &self.sigma);
        let rest = out.rest.iter_mut().zip(&self.v.rest).zip(per_level);
        rest.for_each(|((r, v), spread)| *r = spread * *r - v);
        out
    }

    /// Climbs in `v` at the present `beta` and `sigma`; leaves tables and system at the mode. Returns
    /// `ll - v'v/2`.
    pub fn conditional(&mut self) -> Result<f64> {
        let start = self.v.clone();
        let mut value = self.value_at(&start);
        for _ in 0..STEPS {
            self.system = self.factored()?;
            let slope = self.slope();
            let step = self.system.solve(&slope);
            let decrement = slope.dot(&step);
            if decrement.is_nan() {
                return Err(Error::no_convergence("effects"));
            }
            if decrement <= DECREMENT {
                return Ok(value);
            }
            self.newton_steps += 1;
            let before = self.v.clone();
            let mut length = 1.0;
            let mut halved = 0;
            loop {
                let next = before.moved(length, &step);
                let new = self.value_at(&next);
                self.v = next;
                // Rounding of the sum over cells: a step that small cannot be judged and is a Newton step.
                if new >= value - slack(value) {
                    value = new;
                    break;
                }
                halved += 1;
                if halved > HALVINGS {
                    return Err(Error::no_convergence("effects"));
                }
                length *= 0.5;
            }
        }
        // Where rounding keeps the decrement above its bound, the last step was as good as any.
        self.system = self.factored()?;
        let slope = self.slope();
        let left = slope.dot(&self.system.solve(&slope));
        if left <= 1e-8 { Ok(value) } else { Err(Error::no_convergence("effects")) }
    }

    /// Sums over the fixed effects at the present point; with the leverages where `inverse` is given.
    pub fn sums(&self, inverse: Option<&super::system::Inverse>) -> Sums {
        let effects = self.v.scaled(self.layout, &self.sigma);
        Sums::at(self.layout, &self.fixed, &effects.first, &effects.rest, inverse)
    }

    /// `H^-1 A'W x_j` for every fixed column.
    fn responses(&self, sums: &Sums) -> Vec<(Levels, Levels)> {
        let p = self.layout.columns;
        let column = |values: &[f64], j: usize| values.iter().skip(j).step_by(p).copied().collect::<Vec<f64>>();
        (0..p)
            .map(|j| {
                let cross = Levels { first: column(&sums.first_cross, j), rest: column(&sums.cross, j) };
                let cross = cross.scaled(self.layout, &self.sigma);
                let response = self.system.solve(&cross);
                (cross, response)
            })
            .collect()
    }

    /// Profile information of the fixed effects, `X'WX - X'WA H^-1 A'WX`, full, with its responses.
    pub fn information(&self, sums: &Sums) -> (Vec<f64>, Vec<(Levels, Levels)>) {
        let p = self.layout.columns;
        let pairs = self.responses(sums);
        let mut out = sums.square.clone();
        for i in 0..p {
            for j in 0..=i {
                out[i * p + j] -= pairs[i].0.dot(&pairs[j].1);
                out[j * p + i] = out[i * p + j];
            }
        }
        (out, pairs)
    }

    /// Climbs in `beta` and `v` together at the present `sigma`, until the decrement is at most `decrement`.
    pub fn joint(&mut self, decrement: f64) -> Result<()> {
        let start = self.v.clone();
        let mut value = self.value_at(&start);
        let p = self.layout.columns;
        for _ in 0..STEPS {
            self.system = self.factored()?;
            let sums = self.sums(None);
            let slope = self.slope();
            let own = self.system.solve(&slope);
            let (information, pairs) = self.information(&sums);
            let profile: Vec<f64> =
                sums.residual.iter().zip(&pairs).map(|(r, (cross, _))| r - cross.dot(&own)).collect();
            let factor = super::dense::Cholesky::new(information, p).ok_or(Error::no_convergence("beta"))?;
            let mut move_beta = profile.clone();
            factor.solve(&mut move_beta);
            let mut move_v = own.clone();
            for (step, (_, response)) in move_beta.iter().zip(&pairs) {
                move_v = move_v.moved(-step, response);
            }
            let left = slope.dot(&own) + dot(&profile, &move_beta);
            if left.is_nan() {
                return Err(Error::no_convergence("beta"));
            }
            if left <= decrement {
                return Ok(());
            }
            self.newton_steps += 1;
            let (beta, before) = (self.beta.clone(), self.v.clone());
            let mut length = 1.0;
            let mut halved = 0;
            loop {
                let next = before.moved(length, &move_v);
                let moved: Vec<f64> = beta.iter().zip(&move_beta).map(|(b, step)| b + length * step).collect();
                self.set_beta(&moved);
                let new = self.value_at(&next);
                self.v = next;
                if new >= value - slack(value) {
                    value = new;
                    break;
                }
                halved += 1;
                if halved > HALVINGS {
                    return Err(Error::no_convergence("beta"));
                }
                length *= 0.5;
            }
        }
        Err(Error::no_convergence("beta"))
    }
}

fn slack(value: f64) -> f64 {
    1e-12 * (1.0 + value.abs())
}
