//! Whether a claim about one filter stands once one knows how many filters it could have been picked from.
//!
//! A [`Claim`] fixes a level in some dimensions and a window of time, and says that outcomes are more frequent
//! there. Its strength is the signed root of a Bernoulli likelihood ratio, inside against outside. The family is
//! every filter of the same dimensions (each at one level or at all), in every contiguous window, of at least
//! `min(size of the claim, floor)` trials; with more than three dimensions, filters that fix at most two. The
//! scan p-value is how often the strongest filter of the family is as strong when outcomes are dealt out anew.
//!
//! The floor is a policy, never the claim's own size: who may choose the size too beats a family of "the same size
//! or larger" (14 % instead of 5 % under the null).
//!
//! Outcomes are dealt out anew one trial at a time ([`Redraw::Trials`], multivariate hypergeometric), or by cluster
//! ([`Redraw::Clusters`]) where trials of one cluster resemble each other: the number of outcomes of a cluster goes
//! to another cluster of exactly the same size, and falls on its trials at random. This is an exact permutation
//! test if clusters of one size are exchangeable and so are the trials within a cluster. It needs no model of the
//! correlation. A cluster whose size nobody shares keeps its number ([`Scan::alone`] says how many trials that are):
//! still exact, but weaker.
//!
//! Not here: a verdict, and claims that a rate is low (swap outcomes and failures).
//!
//! Invariant: same cells, claim, rule and seed give the same bytes however many threads; p-values are in (0, 1].
//!
//! Source: Kulldorff, Communications in Statistics 26 (1997), with a floor and all margins.

mod cells;
mod check;
mod family;
mod redraw;
mod strength;

pub use cells::{Cell, Cells, Member};
pub use check::{Check, Redraw, Rule, Scan};
pub use family::Claim;
pub use strength::{strength, strength_against, upper_tail};
