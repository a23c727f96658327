//! What import hands over and what it asks for: the sink of entries, the knower of people, the injected readers.
//!
//! Not here: any implementation; the ledger, the vault and the Parquet crate live on the other side of this wall.
//! Invariant: a row's entries are handed over together, after every value of the row was read.

use std::path::Path;

use entries::{Entry, Reject};
use terms::{Currency, Entity, FiscalYear, Key};

use crate::Error;
use crate::values::{DateOrder, Decimal};

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is new, or a new version.
    Added,
    /// It is already known as it stands.
    Unchanged,
}

/// Something the operator should know that is no reject: it is counted, and stops nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A stable word: `unmapped_stage`, `damaged_id`, `no_dates`.
    pub code: &'static str,
    /// In which file.
    pub file: String,
    /// In which column; empty where it is about the file.
    pub column: String,
    /// The distinct values concerned (at most 1,000), each with its count, in order of value.
    pub values: Vec<(String, u64)>,
    /// One sentence.
    pub message: String,
}

/// Takes what a file gives.
pub trait Sink: Send {
    /// Takes one entry. The buffer is reused: keep a copy, not the reference.
    fn entry(&mut self, entry: &Entry) -> Result<Taken, Error>;
    /// Takes one reject.
    fn reject(&mut self, reject: Reject) -> Result<(), Error>;
    /// An entry of this key may come soon; a chance to fetch what is known of it. Does nothing by default.
    fn expect(&mut self, id: Key) {
        let _ = id;
    }
    /// Takes one warning; left out by default.
    fn warn(&mut self, warning: Warning) -> Result<(), Error> {
        let _ = warning;
        Ok(())
    }
}

/// A person as a row shows them. Empty text stands for what the row does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The mail address, trimmed and in lower case.
    pub mail: &'a str,
    /// The phone number: digits, with the leading `+` where there is one.
    pub phone: &'a str,
    /// The name as typed.
    pub name: Option<&'a str>,
    /// The mail address as typed.
    pub mail_read: &'a str,
    /// The phone number as typed.
    pub phone_read: &'a str,
}

/// Knows people by random keys, so that no name, mail or phone reaches an entry.
pub trait People: Send {
    /// The key of a person, and by which rule they were known: `mail`, `phone` or `new`.
    fn person(&mut self, seen: &Seen<'_>) -> Result<(Key, &'static str), Error>;
    /// The random key that stands for a name, where a source knows its reps by name only.
    fn alias(&mut self, entity: Entity, system: &str, name: &str) -> Result<Key, Error>;
}

/// One row of a foreign table: cells as text, empty where there is no value.
#[derive(Clone, Debug, Default)]
pub struct Row {
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Adds a cell.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Empties it, keeping its allocation.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell, empty where there is none.
    pub fn get(&self, n: usize) -> &str {
        let start = if n == 0 { 0 } else { self.ends.get(n - 1).copied().unwrap_or(0) };
        self.ends.get(n).and_then(|end| self.text.get(start..*end)).unwrap_or("")
    }
}

/// A table that another crate reads (Parquet): a header and rows of text.
pub trait Rows {
    /// The column names.
    fn header(&self) -> &[String];
    /// Fills the row, which is given empty; `false` when there is none left.
    fn next(&mut self, row: &mut Row) -> Result<bool, Error>;
}

/// Opens a foreign table.
pub type OpenRows = fn(&Path) -> Result<Box<dyn Rows + Send>, Error>;

/// The readers of formats that import has no crate for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readers {
    /// Opens a Parquet file.
    pub parquet: Option<OpenRows>,
}

/// What the home decides where neither the file nor its mapping does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The IANA time zone of local date-times, for mappings that name none.
    pub time_zone: String,
    /// The currency of amounts that show none, for mappings that name none.
    pub currency: Option<Currency>,
    /// How to read dates such as 03/04/2026; stands above the mapping's.
    pub date_order: Option<DateOrder>,
    /// Which sign parts whole from fraction; stands above the mapping's.
    pub decimal: Option<Decimal>,
    /// The fiscal calendar, by which periods such as 2026Q3 are days.
    pub fiscal: FiscalYear,
    /// The file's number within its batch, for the rows' references.
    pub file: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            time_zone: "UTC".into(),
            currency: None,
            date_order: None,
            decimal: None,
            fiscal: FiscalYear::default(),
            file: 0,
        }
    }
}

/// How far the reading of a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows read so far.
    pub rows: u64,
    /// Bytes of the unpacked content read so far.
    pub bytes: u64,
    /// Bytes of the unpacked content in all.
    pub total_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_back_its_cells_and_nothing_beyond() {
        let mut row = Row::default();
        row.push("a");
        row.push("");
        row.push("ü");
        assert_eq!((row.get(0), row.get(1), row.get(2), row.get(3)), ("a", "", "ü", ""));
        row.clear();
        assert!(row.is_empty());
    }
}
