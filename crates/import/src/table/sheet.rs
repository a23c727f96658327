//! Sheets of XLSX workbooks -> chunks, cell by cell: a sheet with one cell far out costs one cell.

use calamine::{DataRef, ExcelDateTime, Xlsx};

use super::{Chunk, Emit, Head, MAX_COLUMNS, dialect, header, too_many_columns};
use crate::Error;
use crate::piece::{Piece, Source};

/// How many rows are looked at for the header.
const LOOK: usize = 60;

pub(super) fn head(piece: &Piece) -> Result<Head, Error> {
    let mut top: Vec<Vec<String>> = Vec::new();
    rows(piece, &mut |_, cells| {
        top.push(cells.to_vec());
        Ok(top.len() < LOOK)
    })?;
    let Some(at) = dialect::header_at(&top, 0) else {
        return Err(Error::new("no_header", &piece.name, "a sheet without cells"));
    };
    let (header, required) = header::names(top[at].iter().map(String::as_str));
    let range = header::range(&top[..at]);
    Ok(Head { header, required, range, skip: at + 1, pads: true, machine: true, serial: true, ..Head::default() })
}

pub(super) fn stream(piece: &Piece, head: &Head, emit: &mut Emit<'_>) -> Result<(), Error> {
    let mut chunk = Chunk::default();
    let (mut skip, mut stopped) = (head.skip, false);
    rows(piece, &mut |number, cells| {
        if skip > 0 {
            skip -= 1;
            return Ok(true);
        }
        chunk.begin(number);
        cells.iter().for_each(|cell| chunk.push(cell));
        if chunk.len() >= 4_096 || chunk.text_len() > 1 << 20 {
            chunk.has_nul = true;
            stopped = !emit(&mut chunk)?;
            chunk.clear();
        }
        Ok(!stopped)
    })?;
    if !stopped && chunk.len() > 0 {
        chunk.has_nul = true;
        chunk.bytes = piece.bytes;
        emit(&mut chunk)?;
    }
    Ok(())
}

/// Takes a row with its number; `false` to stop.
type TakeRow<'a> = dyn FnMut(u32, &[String]) -> Result<bool, Error> + 'a;

/// Hands over each row that has a cell, with its number; stops at `false`.
fn rows(piece: &Piece, take: &mut TakeRow<'_>) -> Result<(), Error> {
    let broken = |cause: &dyn std::fmt::Display| {
        Error::new("sheet", &piece.name, format!("a broken sheet: {cause}"))
            .with_hint("save it again as XLSX, or as CSV")
    };
    let Source::Sheet { sheet } = &piece.source else { return Err(broken(&"no sheet")) };
    let mut book: Xlsx<_> =
        calamine::open_workbook(&piece.path).map_err(|cause: calamine::XlsxError| broken(&cause))?;
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|cause| broken(&cause))?;
    let mut cells: Vec<String> = Vec::new();
    let mut current: Option<u32> = None;
    while let Some(cell) = reader.next_cell().map_err(|cause| broken(&cause))? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if current != Some(row) {
            if current.is_some_and(|before| row < before) {
                return Err(broken(&"its rows are out of order"));
            }
            if let Some(before) = current
                && !take(before + 1, &cells)?
            {
                return Ok(());
            }
            cells.clear();
            current = Some(row);
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            return Err(too_many_columns(&piece.name));
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    if let Some(before) = current {
        take(before + 1, &cells)?;
    }
    Ok(())
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(x) => number(*x),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(at) => date_time(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// As the sheet shows it: 15 digits, the precision of a spreadsheet, so that 0.1 + 0.2 is 0.3.
fn number(x: f64) -> String {
    if x == x.trunc() && x.abs() < 1e15 {
        return format!("{x:.0}");
    }
    let short = format!("{x:.14e}").parse::<f64>().unwrap_or(x);
    short.to_string()
}

fn date_time(at: &ExcelDateTime) -> String {
    if at.is_duration() {
        return number((at.as_f64() * 86_400.0).round()); // durations are kept as seconds
    }
    let (y, m, d, h, min, s, ms) = at.to_ymd_hms_milli();
    if (h, min, s, ms) == (0, 0, 0, 0) {
        return format!("{y:04}-{m:02}-{d:02}");
    }
    // a day's fraction carries an error of up to a millisecond or so
    let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    format!("{y:04}-{m:02}-{d:02} {h:02}:{min:02}:{s:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_sheet_shows_them() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(-1234.5), "-1234.5");
        assert_eq!(number(1e20), "100000000000000000000");
    }
}
