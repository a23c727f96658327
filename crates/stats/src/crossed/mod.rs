//! Logistic regression with crossed random effects: who differs, net of the others, and by how much for sure.
//!
//! ```text
//! logit P = x'beta + sum_k sigma_k v_k[level_k],   v ~ N(0, 1)
//! ```
//!
//! fitted to binomial cells by the Laplace approximation with its exact gradient: the objective of `glmer` with
//! `nAGQ = 1`, agreeing with it to 1e-6 in log-likelihood when it is run with tight tolerances.
//!
//! The largest factor is eliminated first (its block is diagonal), so one evaluation costs
//! `O(cells factors^2)` and a dense Cholesky factor of the rest. The search is whitened (`search`).
//!
//! Here: [`Model`] ([`Model::fit`], [`Model::test_spread`], [`Model::evaluate`], [`Model::joint_mode`]) and
//! which levels can be compared at all ([`components`]).
//!
//! Not here: random slopes, effects with a given covariance, and intervals of the spreads (test them).
//!
//! Invariant: cells may be split or reordered, levels renamed, threads added: nothing changes beyond rounding
//! (threads: not even that). Data that determine no maximum end as [`crate::Error`].
//!
//! Source: Bates, Maechler, Bolker and Walker, Journal of Statistical Software 67 (2015); the adjoint form of
//! the gradient is worked out in `laplace`.

mod cells;
mod components;
mod dense;
mod fit;
mod laplace;
mod mode;
mod pass;
mod search;
mod system;

pub use cells::{Cells, Factor, MOST_COLUMNS, MOST_FACTORS};
pub use components::{Components, components};
pub use fit::{Evaluation, Fit, JointMode, Model, SpreadTest};
