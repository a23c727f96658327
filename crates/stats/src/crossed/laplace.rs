//! The Laplace log-likelihood and its exact gradient.
//!
//! ```text
//! L = ll(beta, v^) - v^'v^/2 - ln|H|/2
//! ```
//!
//! The mode moves with the parameters; instead of one solve per parameter, one solve against
//! `s = A't`, `t_i = h_i dw_i/deta_i`, serves all of them.
//!
//! Not here: the binomial constant.
//!
//! Invariant: agrees with finite differences of the value.

use super::mode::Climb;
use super::pass::Sums;
use super::system::{Inverse, Levels, dot, weigh};
use crate::error::{Error, Result};

/// Value and gradient at one point, and what came by the way.
#[derive(Clone, Debug)]
pub(super) struct Gradient {
    pub value: f64,
    pub beta: Vec<f64>,
    /// Per place.
    pub sigma: Vec<f64>,
    pub inverse: Inverse,
    pub sums: Sums,
}

impl Climb<'_> {
    /// Laplace value at the present parameters, after the climb to the mode.
    pub fn laplace(&mut self) -> Result<f64> {
        self.evaluations += 1;
        let value = self.conditional()? - 0.5 * self.system.log_determinant;
        if value.is_finite() { Ok(value) } else { Err(Error::no_convergence("effects")) }
    }

    /// The gradient at the mode found by [`Self::laplace`], whose `value` is handed on.
    pub fn gradient(&self, value: f64) -> Result<Gradient> {
        let layout = self.layout;
        let inverse = self.system.inverse(&self.sigma);
        let sums = self.sums(Some(&inverse));
        let pulls = Levels { first: sums.first_pull.clone(), rest: sums.others_pull.clone() };
        let z = self.system.solve(&pulls.scaled(layout, &self.sigma));
        let zeta = z.scaled(layout, &self.sigma);
        let moved = weigh(layout, &self.tables, &zeta);
        let traces = inverse.traces(layout, &self.tables, &self.sigma);
        let residuals = Levels { first: self.tables.first_residual.clone(), rest: self.tables.residual.clone() };
        let sigma: Vec<f64> = traces
            .iter()
            .enumerate()
            .map(|(place, trace)| {
                let (v, r) = (self.v.of(layout, place), residuals.of(layout, place));
                let through_mode = dot(z.of(layout, place), r) - dot(moved.of(layout, place), v);
                dot(r, v) - trace - 0.5 * (dot(pulls.of(layout, place), v) + through_mode)
            })
            .collect();
        let p = layout.columns;
        let beta: Vec<f64> = (0..p)
            .map(|j| {
                let along = |cross: &[f64], zeta: &[f64]| {
                    cross.iter().skip(j).step_by(p).zip(zeta).map(|(c, z)| c * z).sum::<f64>()
                };
                let through_mode = along(&sums.first_cross, &zeta.first) + along(&sums.cross, &zeta.rest);
                sums.residual[j] - 0.5 * (sums.pull[j] - through_mode)
            })
            .collect();
        if beta.iter().chain(&sigma).all(|v| v.is_finite()) {
            Ok(Gradient { value, beta, sigma, inverse, sums })
        } else {
            Err(Error::no_convergence("effects"))
        }
    }
}
