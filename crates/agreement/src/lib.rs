//! The built-in definitions that stand until both teams sign their own.
//!
//! Here: what the fold needs to know and the source cannot say: which activity is an attempt and which a contact, how
//! long before its creation a touch still belongs to a lead, what begins a new cycle, which mail domains say nothing
//! about a company. The [`clock`] counts working hours. Not here: parsing, signing and comparing an agreement; the
//! time now.
//! Invariant: definitions are plain data, and two that differ have different hashes.

mod activity;
pub mod book;
pub mod clock;
mod definitions;
pub mod dispute;
pub mod document;
mod free_mail;
pub mod score;
pub mod stages;

pub use activity::{ActivityKind, Direction};
pub use definitions::{AttemptRule, CycleRule, Definitions, Wait};
