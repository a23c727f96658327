//! A piece as a table: a header and chunks of rows, whatever the file's format.
//!
//! Here: what every format gives ([`Head`], [`Chunk`]), and the choice of the reader. Not here: what a cell means.
//! Invariant: memory is bounded by the chunk and by the largest record allowed; a row knows the line it starts on.

mod chunk;
mod csv;
mod dialect;
mod foreign;
mod header;
mod json;
mod sheet;
mod text;

pub(crate) use chunk::{Cells, Chunk, Fault};
pub(crate) use header::{header_keys, plain};
pub(crate) use text::{peek_text, wide_encoding};

use terms::Day;

use crate::Error;
use crate::piece::{Kind, Piece};

/// More columns than any export has.
pub(crate) const MAX_COLUMNS: usize = 20_000;
/// A record longer than this is no record of an export.
pub(crate) const MAX_RECORD: usize = 16 << 20;

/// What is known of a table before its rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) header: Vec<String>,
    /// For JSON: the keys as they stand, in the order of the header.
    pub(crate) keys: Vec<String>,
    /// Columns up to the last one that has a name: a row needs that many cells.
    pub(crate) required: usize,
    /// The range of days that a preamble names.
    pub(crate) range: Option<(Day, Day)>,
    /// Records before the first row, the header included.
    pub(crate) skip: usize,
    pub(crate) delimiter: u8,
    /// Whether a row may leave cells out.
    pub(crate) pads: bool,
    /// Whether numbers were written by a machine, with a point.
    pub(crate) machine: bool,
    /// Whether bare numbers may be a spreadsheet's days.
    pub(crate) serial: bool,
}

/// Takes a filled chunk and leaves an empty one to fill next; `false` to stop.
pub(crate) type Emit<'a> = dyn FnMut(&mut Chunk) -> Result<bool, Error> + 'a;

/// Reads the head. `whole` asks for all keys of a JSON file, which needs a pass over it.
pub(crate) fn head(piece: &Piece, whole: bool) -> Result<Head, Error> {
    if let Some(problem) = &piece.problem {
        return Err(problem.clone());
    }
    let head = match piece.kind {
        Kind::Csv => csv::head(piece)?,
        Kind::JsonLines | Kind::JsonArray => json::head(piece, whole)?,
        Kind::Sheet => sheet::head(piece)?,
        Kind::Parquet => foreign::head(piece)?,
        Kind::Unreadable => return Err(Error::new("not_data", &piece.name, "not a table")),
    };
    if head.header.len() > MAX_COLUMNS {
        return Err(too_many_columns(&piece.name));
    }
    Ok(head)
}

/// Reads all rows, chunk by chunk.
pub(crate) fn stream(piece: &Piece, head: &Head, emit: &mut Emit<'_>) -> Result<(), Error> {
    match piece.kind {
        Kind::Csv => csv::stream(piece, head, emit),
        Kind::JsonLines | Kind::JsonArray => json::stream(piece, head, emit),
        Kind::Sheet => sheet::stream(piece, head, emit),
        Kind::Parquet => foreign::stream(piece, head, emit),
        Kind::Unreadable => Err(Error::new("not_data", &piece.name, "not a table")),
    }
}

pub(crate) fn too_many_columns(name: &str) -> Error {
    Error::new("too_many_columns", name, format!("more than {MAX_COLUMNS} columns"))
        .with_hint("is it a table? export it again with the columns that are needed")
}

pub(crate) fn too_long(name: &str, line: u32) -> Error {
    Error::new("record_too_long", name, format!("the row that starts on line {line} is longer than 16 MiB"))
        .with_hint("a quote opened on that line may never be closed; add it, or remove the row")
}

/// The header and the first rows of a piece, for a person (or a suggestion) to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The column names.
    pub header: Vec<String>,
    /// The first rows, padded to the header.
    pub rows: Vec<Vec<String>>,
}

impl Preview {
    /// Reads the header and up to `rows` rows.
    pub fn of(piece: &Piece, rows: usize) -> Result<Preview, Error> {
        let head = head(piece, false)?;
        let mut taken: Vec<Vec<String>> = Vec::new();
        let stopped = stream(piece, &head, &mut |chunk| {
            for n in 0..chunk.len() {
                if taken.len() < rows {
                    let mut row = chunk.raw(n);
                    row.resize(head.header.len().max(row.len()), String::new());
                    taken.push(row);
                }
            }
            Ok(taken.len() < rows)
        });
        stopped?;
        Ok(Preview { header: head.header, rows: taken })
    }
}
