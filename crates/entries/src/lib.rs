//! One entry is one observed version of one thing, with where it came from.
//!
//! Here: the catalogue of what each kind of thing may carry ([`catalogue`]), the value of one field ([`Value`]), the
//! entry itself ([`Entry`]), and what happened to each source row ([`Reject`], [`Ignored`], [`FileCount`]).
//! Not here: how a file becomes entries (import) or how entries are kept (ledger).
//! Invariant: entries hold no names, mails, phones or free text about persons; a person is a random key of the vault.

pub mod catalogue;
mod entry;
mod rows;
mod value;

pub use catalogue::{FieldDef, FieldId, Kind};
pub use entry::{Entry, RowRef};
pub use rows::{FileCount, Ignored, Reject};
pub use value::Value;
