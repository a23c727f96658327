//! Append-only batches of entries in Parquet, in a chain of manifests.
//!
//! Here: [`Ledger`] (a folder and its chain), [`Head`] (what was known at one point of the chain), [`BatchWriter`]
//! (entries to a new batch, without what is known already), reading back as entries ([`Head::entries`]) or as columns
//! ([`columns`]), [`Ledger::verify`], and reading other people's flat Parquet ([`foreign`]). The format is described in
//! `docs/ledger-format.md`.
//! Not here: what entries mean (journey), facts derived from them (facts), how files become entries (import), a clock:
//! every instant is given by the caller.
//! Invariant: nothing that was committed is ever changed or removed; a batch exists exactly if its manifest does.

mod batch;
mod builder;
pub mod columns;
mod decode;
mod durable;
mod error;
mod flush;
pub mod foreign;
mod format;
mod head;
mod index;
mod known;
mod ledger;
mod locate;
mod lock;
mod manifest;
mod older;
mod part;
mod read;
mod schema;
mod store;
mod table;
mod verify;
mod withdraw;

pub use batch::{BatchMeta, BatchWriter, Commit, Outcome};
pub use decode::{Entries, Filter, Stamp};
pub use error::Error;
pub use head::{Head, HeadSpec};
pub use ledger::Ledger;
pub use manifest::{ImportedFile, Manifest, Part, RowGroup, Withdrawal};
pub use part::bucket_of;
pub use verify::{Broken, Verdict, Verified, Where};

/// How many buckets subjects are spread over: the top six bits of the subject's hash.
pub const BUCKETS: u8 = 64;
