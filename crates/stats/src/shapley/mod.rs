//! Exact, order-free split of the change of a sum of products.
//!
//! Segment `s` has `k` factors `f_s1..f_sk` in each of two periods; the total is `R = sum_s prod_j f_sj`.
//! The change `R1 - R0` is split over segments and factors so that no order of switching is preferred:
//! the Shapley value over the factors, which for a product equals the straight-line path integral
//!
//! ```text
//! phi_sj = (f1_sj - f0_sj) * Int_0^1 prod_{i != j} [ f0_si + t (f1_si - f0_si) ] dt
//! ```
//!
//! (Aumann and Shapley 1974; Owen 1972, multilinear extension). The integrand is a polynomial of degree
//! `k - 1`, so Gauss-Legendre with `ceil(k/2)` nodes is exact; prefix and suffix products give all `j` at
//! once: `O(S k ceil(k/2))`, no logarithm, no division, zeros and negative values allowed.
//!
//! Here: the [`split`], its column sums without the table ([`column_sums`]), the share column measured
//! against the mean ([`centred_share`]), rounding that keeps the sum ([`split_to_minor_units`]), how far
//! chance moves the parts ([`noise`]), what an order-dependent walk would have said ([`waterfall`],
//! [`order_range`]), a cross-check ([`lmdi`]), and the
//! same split of any function by enumeration ([`coalitions`]).
//!
//! Not here: what the factors are, the carry-over rule for rates without trials (copy the other period's
//! value before calling), and uncertainty (repeat the split on [`crate::draws`]).
//!
//! Invariant: the parts of a split add to `R1 - R0` up to rounding; a factor that did not change has
//! exactly 0; swapping the periods negates; permuting factors or segments permutes.

mod centred;
mod coalitions;
mod legendre;
mod lmdi;
mod minor_units;
mod noise;
mod orders;
mod split;

pub use centred::centred_share;
pub use coalitions::{MOST_PARTS, coalitions, coalitions_of};
pub use lmdi::{Lmdi, lmdi};
pub use minor_units::split_to_minor_units;
pub use noise::{Moments, Noise, noise};
pub use orders::{MOST_COLUMNS_FOR_ORDERS, OrderRange, order_range, waterfall};
pub use split::{Split, column_sums, split};
