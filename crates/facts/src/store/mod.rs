//! Facts on disk: one folder with a file for each column, the dictionaries' texts, and an index.
//!
//! Here: files ([`file`]), what a folder says of itself ([`Index`]), writing one and opening one. Not here: what the
//! values are (fold) and what is asked of them (scan). Invariant: a folder appears whole, by a rename, or not at all;
//! it is never changed afterwards; what fails a checksum is an error that asks to build again, never an answer.

mod extra;
pub(crate) mod file;
mod folder;
mod index;
mod mapped;
mod subjects;
mod texts;

pub(crate) use extra::{Extra, open_extra};
pub use file::FORMAT;
pub(crate) use file::{Extent, Values};
pub use folder::{Layer, Overlay, Written, write, write_overlay};
pub(crate) use folder::{write_overlay_with, write_with};
pub use index::{GrainIndex, Index, Made};
pub use mapped::Mapped;
pub(crate) use mapped::Segment;
pub use subjects::Numbered;
