//! Where should the bar stand, given how many people there are to work leads?
//!
//! Leads in bands of their score, best first; a bar passes the first few to the team. Waiting costs worth; a team that is asked
//! for more than it can do makes everybody wait. For each bar: leads a week, use of the team, what waiting leaves of their
//! worth, and what comes of it with its interval; the best bar, the bars that give nearly as much, the worth of one more hour,
//! and today's bar. What reps do with leads that have gone cold is measured and decides the model. `docs/methods/scoring.md` has
//! formulas, assumptions and measured figures.
//!
//! Not here: the queues (`stats::capacity`), reading leads. Invariant: every setting says whether it was measured or given,
//! and a decay learned from who was tried when is called confounded.

mod measure;
mod sections;
mod words;

#[cfg(test)]
mod tests;

pub use measure::{Lead, Setting, Settings, Team};
pub use sections::{Asked, page};
