//! The effect of a binary treatment on a binary outcome, where treatment was not given at random.
//!
//! Four answers from one [`Study`], to be shown together: the crude difference; the difference after
//! standardisation over a logistic outcome model; the doubly robust one (augmented inverse-probability weighting),
//! right when either model is; and overlap weights, for those who could well have had either treatment. All four
//! adjust only for what is recorded: [`e_value`] says how strong something unrecorded would have to be, and an
//! [`instrument`] gives an answer that does not rest on the recorded covariates. Never put the instrument into the
//! study's design: that made the hidden bias larger (41 % -> 49 % of the effect) and the variance too.
//!
//! Rows may be cells: `n` trials with `k` outcomes in a covariate row and treatment; the answers are those of one
//! row a trial, standard errors included. Where the overlap is poor, [`Overlap`] and [`Balance`] show it.
//!
//! Not here: which answer to believe; random effects; what is a treatment and when it was fixed (it must be fixed
//! before the outcome can happen).
//!
//! Invariant: every number is finite, or the whole is an [`crate::Error`].
//!
//! Sources: Robins, Rotnitzky and Zhao, JASA 89 (1994); Li, Morgan and Zaslavsky, JASA 113 (2018); VanderWeele and
//! Ding, Annals of Internal Medicine 167 (2017).

mod adjust;
mod diagnostics;
mod instrument;
mod means;

pub use adjust::{Effects, Study, estimate};
pub use diagnostics::{Balance, Overlap};
pub use instrument::{Instrumented, Setting, instrument};
pub use means::{Means, e_value};
