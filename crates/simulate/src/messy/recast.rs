//! Rewriting one CSV file row by row in another dialect.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use csv::{QuoteStyle, ReaderBuilder, Writer, WriterBuilder};

use super::dialect::{Dialect, Recoded};
use crate::Error;

/// Where spoilt rows go.
pub type Emit<'a> = &'a mut dyn FnMut(&[String]) -> Result<(), csv::Error>;

/// A CSV file in any dialect; rows may differ in length.
pub fn writer(path: &Path, dialect: Dialect) -> Result<Writer<Recoded<BufWriter<File>>>, Error> {
    let file = BufWriter::new(File::create(path).map_err(Error::io(path))?);
    let recoded = Recoded::new(file, dialect.encoding).map_err(Error::io(path))?;
    let quotes = if dialect.quoted { QuoteStyle::Always } else { QuoteStyle::Necessary };
    Ok(WriterBuilder::new().flexible(true).delimiter(dialect.delimiter).quote_style(quotes).from_writer(recoded))
}

/// Reads a clean file row by row; row 0 is the header.
pub fn read(path: &Path, mut each: impl FnMut(u64, &mut Vec<String>) -> Result<(), csv::Error>) -> Result<(), Error> {
    let mut reader = ReaderBuilder::new().has_headers(false).from_path(path).map_err(Error::csv(path))?;
    let mut row = Vec::new();
    for (n, record) in (0..).zip(reader.records()) {
        let record = record.map_err(Error::csv(path))?;
        row.clear();
        row.extend(record.iter().map(str::to_owned));
        each(n, &mut row).map_err(Error::csv(path))?;
    }
    Ok(())
}

/// Rewrites a file in place. `each` gets the number of the row (0 is the header), the row, and where to put rows.
pub fn recast(
    path: &Path,
    dialect: Dialect,
    mut each: impl FnMut(u64, &mut Vec<String>, Emit<'_>) -> Result<(), csv::Error>,
) -> Result<(), Error> {
    let part = path.with_extension("part");
    let mut out = writer(&part, dialect)?;
    read(path, |n, row| each(n, row, &mut |row| out.write_record(row)))?;
    out.flush().map_err(Error::io(&part))?;
    drop(out);
    fs::rename(&part, path).map_err(Error::io(path))
}
