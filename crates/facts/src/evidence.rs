//! From a figure back to the rows it was made of.
//!
//! Here: the places of the rows behind an extract. A place is (batch, file, line): the ledger's manifest names the file.
//! Invariant: the same rows that a tally counts with the same filter, in the order of their keys.

use tallies::{Extract, columns};

use crate::store::{Mapped, Values};
use crate::{Error, scan};

/// Where the row of one fact was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowBehind {
    /// The lead, opportunity, account or row of spend.
    pub key: u64,
    /// The batch's number in the order of the ledger.
    pub batch: u32,
    /// The file within the batch.
    pub file: u32,
    /// The line within the file.
    pub line: u32,
}

/// The rows behind an extract, in the order of their keys, at most as many as it allows.
///
/// # Errors
/// As for the extract itself.
pub fn rows_behind(facts: &Mapped, ask: &Extract) -> Result<Vec<RowBehind>, Error> {
    let segments = facts.segments(ask.grain);
    let place = |name: &str| columns::column(ask.grain, name).map_or(usize::MAX, |c| c.index);
    let (batch, file, line) = (place("batch"), place("file"), place("line"));
    let rows = scan::passing(facts, ask)?;
    Ok(rows
        .into_iter()
        .map(|(segment, row)| {
            let values = |index: usize| segments.get(segment as usize).and_then(|s| s.values.get(index));
            let number = |index: usize| match values(index) {
                Some(Values::U32(v)) => v.get(row as usize).copied().unwrap_or(0),
                _ => 0,
            };
            let key = match values(0) {
                Some(Values::Key(v)) => v.get(row as usize).copied().unwrap_or(0),
                _ => 0,
            };
            RowBehind { key, batch: number(batch), file: number(file), line: number(line) }
        })
        .collect())
}
