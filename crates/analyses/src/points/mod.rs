//! How well do the rules of a score tell leads apart?
//!
//! For each rule: how often it fired, what came of leads for which it did and did not, the difference with its interval, its
//! odds net of the other rules, and the rule that it most often comes with. For the score as a whole: what comes of leads by
//! their points, the area under the curve, and what the bar lets through. Rules that never fire, fire for all, or take value away
//! are named. And a card of new rules, fitted to the own records ([`card`]). `docs/methods/scoring.md` has formulas, assumptions and measured figures.
//!
//! Not here: which rules fire (`agreement::score`), reading leads. Invariant: an association is never called an
//! effect: a rule tells leads apart, it changes none.

mod card;
mod columns;
mod evidence;
mod fit;
mod rules;
mod sections;
mod words;

#[cfg(test)]
mod tests;

pub use card::{Shown, page};
pub use columns::{Looks, Named, Values};
pub use evidence::{MOST_RULES, Patterns, RuleSeen};
pub use fit::{Fitted, Held, MOST_LEADS, card};
pub use rules::{Rule, document, quoted};
pub use sections::{Asked, evidence};
