//! Logistic regression on rows or on weighted cells, with factors kept as level indices.
//!
//! Maximum likelihood by Newton's method (iteratively reweighted least squares) on a [`Design`] of an intercept,
//! numeric columns and factors. A row is a cell of `n` trials with `k` successes ([`Trials`]): unique covariate
//! rows with counts give the same fit as one row a trial. A factor costs one multiplication a row, not one a level.
//!
//! What maximum likelihood cannot do is said, not hidden: a column that earlier columns determine is dropped
//! (`Fit::dropped`), and where a coefficient is infinite or undetermined (separation) the fit is the one with the
//! small ridge [`SEPARATED_RIDGE`] and `Fit::separated` is set.
//!
//! Here: the [`Design`], [`fit`], predictions and standard errors.
//!
//! Not here: random effects, choice of columns, interactions (make a factor of the pairs).
//!
//! Invariant: same bytes however many threads; a fitted probability is inside [0, 1]; coefficients are finite.
//!
//! Source: McCullagh and Nelder, Generalized Linear Models (1989), chapter 4.

mod design;
mod fit;
mod newton;
mod solve;

pub use design::{Design, Factor, Trials};
pub use fit::{Fit, SEPARATED_RIDGE, fit};
pub(crate) use newton::in_blocks;
pub(crate) use solve::{Cholesky, dot};

/// `1 / (1 + exp(-x))`, without overflow.
pub(crate) fn expit(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}
