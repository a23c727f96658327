//! Numerical kernels; knows counts, durations and weights, not the trade.
//!
//! Here: an exact order-free split of the change of a sum of products ([`shapley`]), seeded posterior
//! [`draws`] and their [`interval`]s, [`binomial`] intervals, competing risks in discrete age
//! ([`aalen_johansen`]), time to an event that may never come ([`mixture_cure`]), change shrunk toward the
//! common change ([`shrink`]), crossed random effects ([`crossed`]) and the split of a mean probability between
//! periods ([`period_split`]), [`logistic`] regression, the [`effect`] of a treatment not given at random, the
//! search a claim may have come from ([`scan`]), points that add up to a chance ([`scorecard`]), how much a team of
//! limited size can take ([`capacity`]), whether two samples are spread alike ([`homogeneity`]), p-values asked together ([`multiple`]), and [`quantile`]s of
//! values and of histograms.
//!
//! Not here, on purpose: files, clocks, unseeded chance, formatting, and any judgement of what a number
//! means. Distribution functions come from `statrs`; only what it cannot do safely is written here ([`inverse`]).
//!
//! Invariant: same arguments, same bytes; no argument panics. What cannot be computed is an [`Error`] or
//! `None`, never a NaN in a result.

#![deny(missing_docs)]

pub mod aalen_johansen;
pub mod binomial;
pub mod capacity;
pub mod crossed;
pub mod draws;
pub mod effect;
mod error;
pub mod homogeneity;
pub mod interval;
pub mod inverse;
pub mod logistic;
pub mod mixture_cure;
pub mod multiple;
pub mod period_split;
pub mod quantile;
pub mod scan;
pub mod scorecard;
pub mod shapley;
pub mod shrink;

pub use error::{Error, Result};
