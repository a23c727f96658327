//! A report as a workbook: every figure on the first sheet, then one sheet for each table. Written by `rust_xlsxwriter`.
//!
//! Invariant: words are written as words and numbers as numbers; nothing is ever a formula. The same report gives the same
//! bytes.

use report::{Cell, Report, Table};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::table::{HEADS, cells, plain};

/// The longest name of a sheet that Excel opens.
const LONGEST: usize = 31;

/// The workbook's bytes.
///
/// # Errors
/// In words, where it is larger than a workbook can be.
pub fn xlsx(report: &Report) -> Result<Vec<u8>, String> {
    written(report).map_err(|cause| format!("the workbook could not be written: {cause}"))
}

fn written(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // of no moment: the report says when it was made
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&report.title).set_creation_datetime(&made));
    let bold = Format::new().set_bold();
    let mut names: Vec<String> = Vec::new();
    let sheet = book.add_worksheet();
    sheet.set_name(named("Figures", &mut names))?;
    heads(sheet, &HEADS.map(str::to_owned), &bold)?;
    for (at, cells) in (1..).zip(cells(report)) {
        for (column, cell) in (0..).zip(&cells) {
            // columns of numbers: value and its limits, n, of
            put(sheet, at, column, cell, matches!(column, 2 | 4..=7 | 9 | 10))?;
        }
    }
    for table in report.sections.iter().flat_map(|s| &s.tables) {
        let sheet = book.add_worksheet();
        sheet.set_name(named(&table.title, &mut names))?;
        drawn(sheet, table, &bold)?;
    }
    book.save_to_buffer()
}

/// A workbook of one sheet of words.
///
/// # Errors
/// As [`xlsx`].
pub fn xlsx_of_words(title: &str, columns: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, String> {
    let written = || -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet();
        sheet.set_name(named(title, &mut Vec::new()))?;
        heads(sheet, columns, &bold)?;
        for (at, row) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(row) {
                put(sheet, at, column, cell, false)?;
            }
        }
        book.save_to_buffer()
    };
    written().map_err(|cause| format!("the workbook could not be written: {cause}"))
}

fn drawn(sheet: &mut Worksheet, table: &Table, bold: &Format) -> Result<(), XlsxError> {
    heads(sheet, &table.columns, bold)?;
    for (at, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(&row.cells) {
            match cell {
                Cell::Text(text) => put(sheet, at, column, text, false)?,
                Cell::Figure(figure) => put(sheet, at, column, &plain(figure), true)?,
                Cell::Empty => {}
            }
        }
    }
    Ok(())
}

fn heads(sheet: &mut Worksheet, heads: &[String], bold: &Format) -> Result<(), XlsxError> {
    for (column, head) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, head, bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str, is_number: bool) -> Result<(), XlsxError> {
    match text.parse::<f64>() {
        Ok(number) if is_number && number.is_finite() => sheet.write_number(row, column, number)?,
        _ if text.is_empty() => return Ok(()),
        _ => sheet.write_string(row, column, text)?,
    };
    Ok(())
}

/// A name that Excel takes, and no other sheet has.
fn named(title: &str, taken: &mut Vec<String>) -> String {
    let plain: String = title.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c }).collect();
    let base: String = plain.trim().chars().take(LONGEST - 4).collect();
    let base = if base.is_empty() { "Table".to_owned() } else { base };
    let mut name = base.clone();
    let mut turn = 2;
    while taken.iter().any(|t| t.eq_ignore_ascii_case(&name)) {
        name = format!("{base} {turn}");
        turn += 1;
    }
    taken.push(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use report::{Certainty, Evidence, Figure, Grain, Interval, Provenance, SCHEMA, Section, TableRow, Unit, Value};

    fn report() -> Report {
        let figure = |id: &str, unit, value| Figure {
            id: id.to_owned(),
            label: "=cmd|' /C calc'!A0".to_owned(),
            unit,
            value,
            certainty: Certainty::Estimated(Interval { lo90: -100.0, lo50: 1.0, hi50: 2.0, hi90: 3.0 }),
            n: 7,
            of: None,
            period: "2026Q3".to_owned(),
            method: "counted".to_owned(),
            evidence: Some(Evidence { grain: Grain::LeadCycle, filter: vec![], rows: 7 }),
        };
        let usd = Unit::Money(terms::Currency::parse("USD").unwrap());
        let cell = |figure| Cell::Figure(Box::new(figure));
        let table = |title: &str| Table {
            id: "t".to_owned(),
            title: title.to_owned(),
            columns: vec!["+source".to_owned(), "won".to_owned(), "none".to_owned()],
            rows: vec![TableRow {
                cells: vec![
                    Cell::Text("@SUM(1+1)".to_owned()),
                    cell(figure("a.won", usd, Value::Whole(-12_345))),
                    cell(figure("a.none", Unit::Count, Value::Withheld)),
                ],
            }],
            note: String::new(),
        };
        let section = Section {
            id: "a".to_owned(),
            title: "A".to_owned(),
            answer: String::new(),
            findings: vec![],
            charts: vec![],
            tables: vec![
                table("By source: won/lost, a title that is far too long"),
                table("By source: won/lost, a title that is far too long"),
            ],
            caveats: vec![],
            refusals: vec![],
            not_known: vec![],
            method: String::new(),
        };
        Report {
            schema: SCHEMA,
            title: "T".to_owned(),
            headline: String::new(),
            how_sure: vec![],
            figure: None,
            sections: vec![section],
            provenance: Provenance {
                head: 1,
                head_hash: String::new(),
                data_through: String::new(),
                as_of: String::new(),
                as_if: None,
                under: None,
                definitions: String::new(),
                period: String::new(),
                against: String::new(),
                fiscal_start: 1,
                currency: String::new(),
                seed: 1,
                counts: vec![],
                completeness: String::new(),
                engine: String::new(),
            },
        }
    }

    #[test]
    fn a_list_of_words_is_one_sheet_without_formulas() {
        let rows = vec![vec!["=HYPERLINK(1)".to_owned(), "12".to_owned()], vec![String::new(), "+1".to_owned()]];
        let bytes = xlsx_of_words("Leads: all", &["Lead".to_owned(), "n".to_owned()], &rows).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let name = book.sheet_names().remove(0);
        let sheet = book.worksheet_range(&name).unwrap();
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("=HYPERLINK(1)".to_owned())));
        assert_eq!(sheet.get_value((2, 1)), Some(&Data::String("+1".to_owned())));
        assert!(book.worksheet_formula(&name).unwrap().cells().all(|(_, _, f)| f.is_empty()));
    }

    #[test]
    fn another_reader_finds_numbers_as_numbers_words_as_words_and_no_formula() {
        let bytes = xlsx(&report()).unwrap();
        assert_eq!(bytes, xlsx(&report()).unwrap());
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        assert_eq!(names.len(), 3);
        assert!(names.iter().all(|n| n.chars().count() <= LONGEST) && names[1] != names[2]);
        let figures = book.worksheet_range("Figures").unwrap();
        assert_eq!(figures.get_value((0, 2)), Some(&Data::String("value".to_owned())));
        assert_eq!(figures.get_value((1, 1)), Some(&Data::String("=cmd|' /C calc'!A0".to_owned())));
        assert_eq!(figures.get_value((1, 2)), Some(&Data::Float(-123.45)));
        let table = book.worksheet_range(&names[1]).unwrap();
        assert_eq!(table.get_value((1, 0)), Some(&Data::String("@SUM(1+1)".to_owned())));
        assert_eq!(table.get_value((1, 1)), Some(&Data::Float(-123.45)));
        assert!(matches!(table.get_value((1, 2)), None | Some(Data::Empty)));
        for name in names {
            assert!(book.worksheet_formula(&name).unwrap().cells().all(|(_, _, f)| f.is_empty()));
        }
    }
}
