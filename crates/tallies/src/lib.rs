//! What can be counted and how to ask for it.
//!
//! Here: the catalogue of fact columns at each grain ([`columns`]), a table of such columns in memory ([`Table`]), the
//! declarative spec of a tally ([`Spec`]), its typed result ([`Tally`]), and a plain executor ([`plain::answer`]): the
//! oracle of the fast scan, and what rooms are tested with. Not here: files, memory maps, threads, statistics.
//! Invariant: a result depends on the rows as a set, never on their order or on how texts were numbered.

pub mod columns;
pub mod plain;
mod spec;
mod table;
mod tally;

pub use columns::{Column, Grain, Width};
pub use spec::{Apart, Course, Dim, Extract, Measure, Spans, Spec, Test};
pub use table::{Data, Dictionary, Table};
pub use tally::{Axis, Label, Measured, Tally};

/// Answers specs and extracts over the facts of one head.
pub trait Facts {
    /// Why it could not answer.
    type Error: std::fmt::Display;

    /// One tally for each spec, in their order, in one shared pass.
    fn answer(&self, specs: &[Spec]) -> Result<Vec<Tally>, Self::Error>;

    /// The rows that pass, in the order of their keys, at most `limit` of them.
    fn extract(&self, extract: &Extract) -> Result<Table, Self::Error>;
}
