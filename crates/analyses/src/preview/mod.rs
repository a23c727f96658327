//! What would a proposed agreement have passed to sales, beside the one in force?
//!
//! A replay of a year: each lead is qualified or not under both; what sales would have had to work, and what would have come of it at
//! the rates at which leads of the same kind were worked and not worked. Clauses of both stand beside each other on the same
//! year. `docs/methods/scoring.md` has the formulas.
//!
//! Not here: which leads reach a bar (`agreement::score`), what a clause came to (`scorecard`). Invariant: a replay is labelled as
//! one, and what it cannot tell is said.

mod measure;
mod sections;
mod words;

#[cfg(test)]
mod tests;

pub use measure::{Changes, Group, Lead};
pub use sections::{Asked, ClauseOf, StageOf, page};
