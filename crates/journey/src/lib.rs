//! The fold: the entries of one journey become its facts.
//!
//! A journey is everything that happened to one human who may buy (all their lead records), or to one opportunity that
//! has no lead. Here: the packed [`Event`], the records beside it ([`LeadSeen`], [`OpportunitySeen`]), the facts
//! ([`LeadCycle`], [`OpportunityFact`], [`LeadTurn`]: one field for each column of [`tallies::columns`]), the one function from the
//! former to the latter ([`Fold`]), and the same function telling what it does ([`explain`]). Not here: which records
//! belong together (identity), how entries become events and codes get their numbers (facts), money conversion.
//! Invariants: facts depend on the events as a set, never on the order in which they arrive; folding as if at a moment
//! equals folding what had happened by then; an opportunity's money lands in one cycle at most; no clock.

mod event;
mod explain;
mod facts;
mod fold;
mod record;

pub use event::{Changed, Event, Source, What, written_after};
pub use explain::{Told, explain};
pub use facts::{JourneyFacts, LeadCycle, LeadTurn, OpportunityFact};
pub use fold::{Fold, fold};
pub use record::{JourneyInput, LeadLink, LeadSeen, OpportunityLink, OpportunitySeen};

/// A text that the caller has numbered; 0 where nothing was recorded. All codes of one fold come from one dictionary,
/// so that an opportunity can take its lead's source.
pub type Code = u32;

/// No time, day or count is known.
pub const NO_TIME: i32 = i32::MIN;
/// No money is known.
pub const NO_MONEY: i64 = i64::MIN;
/// No flag or stage is known.
pub const NO_SMALL: u8 = u8::MAX;
