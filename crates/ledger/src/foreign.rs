//! Other people's flat Parquet files, as rows of text for import.
//!
//! Days are `2026-03-31`, instants `2026-03-31T17:05:09Z` (without `Z` where the file says no zone), numbers plain
//! (`1234567.5`, never `1.2345675e6`), flags `true` and `false`, nulls empty. Lists, maps and structs are refused.
//! Invariant: one batch of rows is in memory at a time.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::Error;

/// Opens a file of any origin.
///
/// # Errors
/// `foreign_parquet` where it is no Parquet, or not flat; what opening a file may give.
pub fn parquet_rows(path: impl AsRef<Path>) -> Result<ParquetRows, Error> {
    let path = path.as_ref().to_owned();
    let file = File::open(&path).map_err(|e| Error::io("open", &path, e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| Error::foreign(&path, e))?;
    let fields = builder.schema().fields().clone();
    if let Some(nested) = fields.iter().find(|f| f.data_type().is_nested()) {
        return Err(Error::foreign(&path, format!("column `{}` holds lists or records", nested.name())));
    }
    let header = fields.iter().map(|f| f.name().clone()).collect();
    let reader = builder.with_batch_size(8_192).build().map_err(|e| Error::foreign(&path, e))?;
    Ok(ParquetRows { path, header, reader, columns: Vec::new(), rows: 0, at: 0 })
}

/// The rows of a file.
pub struct ParquetRows {
    path: PathBuf,
    header: Vec<String>,
    reader: ParquetRecordBatchReader,
    columns: Vec<ArrayRef>,
    rows: usize,
    at: usize,
}

impl std::fmt::Debug for ParquetRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetRows").field("path", &self.path).field("header", &self.header).finish_non_exhaustive()
    }
}

impl ParquetRows {
    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Fills `row` with the next row, one text for each column; `false` where there is none.
    ///
    /// # Errors
    /// `foreign_parquet` where the file cannot be read further.
    pub fn next(&mut self, row: &mut Vec<String>) -> Result<bool, Error> {
        while self.at == self.rows {
            let Some(batch) = self.reader.next() else { return Ok(false) };
            let batch = batch.map_err(|e| Error::foreign(&self.path, e))?;
            self.rows = batch.num_rows();
            self.at = 0;
            self.columns = batch
                .columns()
                .iter()
                .map(|column| plain(column).map_err(|e| Error::foreign(&self.path, e)))
                .collect::<Result<_, _>>()?;
        }
        row.resize(self.columns.len(), String::new());
        for (text, column) in row.iter_mut().zip(&self.columns) {
            text.clear();
            write_cell(text, column, self.at).map_err(|e| Error::foreign(&self.path, e))?;
        }
        self.at += 1;
        Ok(true)
    }
}

/// Without dictionaries, and times in one unit.
fn plain(column: &ArrayRef) -> Result<ArrayRef, arrow::error::ArrowError> {
    match column.data_type() {
        DataType::Dictionary(_, value) => cast(column, value),
        DataType::Date64 => cast(column, &DataType::Date32),
        // shown at zero offset whatever zone the file names: the instant is what counts
        DataType::Timestamp(unit, Some(_)) => cast(column, &DataType::Timestamp(*unit, Some("+00:00".into()))),
        DataType::Binary | DataType::FixedSizeBinary(_) | DataType::LargeBinary => cast(column, &DataType::Utf8),
        _ => Ok(column.clone()),
    }
}

fn write_cell(out: &mut String, column: &ArrayRef, row: usize) -> Result<(), arrow::error::ArrowError> {
    if column.is_null(row) {
        return Ok(());
    }
    // `Display` of Rust's floats is the shortest text that reads back the same, without an exponent
    if let Some(floats) = column.as_primitive_opt::<Float64Type>() {
        out.push_str(&floats.value(row).to_string());
    } else if let Some(floats) = column.as_primitive_opt::<Float32Type>() {
        out.push_str(&floats.value(row).to_string());
    } else if let Some(text) = column.as_string_opt::<i32>() {
        out.push_str(text.value(row));
    } else {
        let options = FormatOptions::new()
            .with_timestamp_format(Some("%Y-%m-%dT%H:%M:%S%.f"))
            .with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.fZ"));
        let shown = ArrayFormatter::try_new(column.as_ref(), &options)?.value(row).try_to_string()?;
        out.push_str(&shown);
    }
    Ok(())
}
