//! What became of the rows of a file: entries, rejects, or ignored with a reason; the three add up to the rows read.

use crate::RowRef;

/// A row that could not be understood. The raw value may hold a person's data: it is kept in the vault, not the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// From which row.
    pub row: RowRef,
    /// Which column; empty where the row as a whole is wrong.
    pub column: String,
    /// What was read, cut at 200 characters.
    pub read: String,
    /// What was expected.
    pub expected: String,
    /// What to do about it.
    pub hint: String,
    /// The whole row as it stood, so that it can be fixed and imported again.
    pub raw: Vec<String>,
}

/// Rows that were understood and not used, by reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ignored {
    /// Why: `totals row`, `footer`, `filtered by the mapping`, `unchanged since batch 3`, ...
    pub reason: String,
    /// How many.
    pub rows: u64,
}

/// The accounts of one file: `rows = used + rejected + ignored`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FileCount {
    /// The file as given, with the member after `!` for an archive (`export.zip!Lead.csv`).
    pub file: String,
    /// What it was recognised as: the mapping's name, or empty.
    pub mapping: String,
    /// Rows read, without header, preamble and footer lines that are no rows.
    pub rows: u64,
    /// Rows that gave at least one entry.
    pub used: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Rows that were understood and not used, by reason.
    pub ignored: Vec<Ignored>,
    /// Entries made, by entity word (a row may feed several).
    pub entries: Vec<(String, u64)>,
}

impl FileCount {
    /// How many rows were ignored in all.
    pub fn ignored_rows(&self) -> u64 {
        self.ignored.iter().map(|i| i.rows).sum()
    }

    /// Whether every row is accounted for.
    pub fn is_complete(&self) -> bool {
        self.rows == self.used + self.rejected + self.ignored_rows()
    }
}
