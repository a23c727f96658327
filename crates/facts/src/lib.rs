//! Folds the ledger into columns and answers tallies over them in one scan.
//!
//! Here: columns on disk (store), the fast executor (scan), the way from a ledger to columns (fold), and back from a
//! figure to the rows it came from (evidence). Not here: what a column means (`tallies`), how one journey is folded
//! (`journey`), who is whom (`identity`), any judgement. Invariant: facts are a function of (head, definitions, options);
//! they are disposable, and bad facts are never an answer.

mod error;
mod evidence;
mod fold;
mod said;
mod scan;
mod store;

pub use error::Error;
pub use evidence::{RowBehind, rows_behind};
pub use fold::{
    Entered, Gathered, Options, Progress, Stage, build, build_within, entered_of, folder_of, gather, open_or_build,
    standing,
};
pub use said::{Among, Said, Sayings, said};
pub use store::{FORMAT, GrainIndex, Index, Layer, Made, Mapped, Numbered, Overlay, Written, write, write_overlay};
