//! Other people's files become entries and rejects.
//!
//! Here: finding the tables in files, folders, archives and workbooks ([`survey`]); telling what each is
//! ([`recognise`]); reading it by its mapping ([`read`]) into a [`Sink`], as a stream of bounded memory.
//! Not here: where entries are kept, who people are, how Parquet is read: these are handed in.
//! Invariant: every row is used, rejected or ignored with a reason, and nothing with two readings is guessed.

mod contract;
mod error;
mod item;
mod mapping;
mod piece;
mod run;
pub mod suggest;
mod table;
pub mod values;

pub use contract::{OpenRows, People, Progress, Readers, Row, Rows, Seen, Settings, Sink, Taken, Warning};
pub use error::Error;
pub use item::{Item, Wrong};
pub use mapping::{Catalogue, Closest, Mapping, Recognised, builtin, recognise};
pub use piece::{Kind, Piece, survey};
pub use run::{read, salesforce_id};
pub use table::Preview;
