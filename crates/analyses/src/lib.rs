//! The questions Lockstep answers, one folder ("room") each.
//!
//! Here: the frame of a [`Question`], the list of rooms in reading order ([`ROOMS`]), the one shared scan that answers
//! them ([`answer`]), and the rooms: [`funnel`] (what share of leads gets how far, how fast), [`quality`] (leads apart
//! from reps and time), [`scorecard`] (what each side promised, and what came of it) and [`verdict`] (why revenue moved); and [`claims`] and [`points`], which answer a claim
//! and how well a score tells leads apart instead of a question about a period. Not here: reading facts (a room says what to count and gets tallies), formatting (a room's sentences
//! hold `{figure.id}` where a number belongs), and any ranking of people. Invariant: same tallies, same question, same
//! seed, same bytes; every figure says its n, how sure it is, and where its rows are.

mod answer;
pub mod capacity;
mod chance;
pub mod claims;
mod columns;
mod contested;
mod error;
pub mod evidence;
mod figures;
pub mod followup;
pub mod funnel;
pub mod goal;
#[cfg(test)]
mod invented;
mod lay;
mod maturity;
pub mod nearest;
pub mod placeholders;
pub mod points;
pub mod preview;
pub mod quality;
mod question;
mod records;
pub mod scorecard;
pub mod verdict;
mod views;
pub mod waiting;

pub use answer::{Answer, ROOMS, Room, answer, empty_section};
pub use chance::{EXPLAINED, probability_words};
pub use contested::{Contested, section as contested};
pub use error::Error;
pub use figures::{plain, slug};
pub use lay::Lay;
pub use question::{Against, Complete, InForce, Owners, PlanLine, Question, Requested, Turn, Worked};
pub use views::section as views;

#[cfg(test)]
mod tests;
