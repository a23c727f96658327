//! What is derived from parts so that a little can be found in them without reading them: ids ([`ids`]) and the rows of
//! a subject ([`places`]).
//!
//! Files are named after their part and lie in a folder of their own outside the ledger (see [`crate::Ledger::with_index`]):
//! the ledger holds nothing that can be derived. A file is mapped, and trusted only where it names its part and passes
//! its checksums; one that is missing or does not is made again from the part. Nothing waits for their bytes to reach
//! the disk.
//! Invariant: with and without these files, and with damaged ones, every answer is the same.

mod file;
pub(crate) mod ids;
pub(crate) mod places;

pub(crate) use file::Held;

/// Of parts of so few rows nothing is kept: reading them is as fast.
const SMALL_ROWS: u64 = 1_024;
