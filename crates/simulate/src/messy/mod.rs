//! Every fault that exports have, put into the clean files of the steady company, and counted.
//!
//! Rows that cannot be read are extra rows: what the clean files say is still there, so that the
//! steady truth holds but for what the counted faults add or contradict.

mod campaigns;
mod deals;
mod dialect;
mod leads;
mod money;
mod packed;
mod recast;
mod report;

use std::path::Path;

use dialect::Dialect;
use recast::recast;

use crate::Error;
use crate::truth::Fault;

/// Collects faults while files are spoilt.
#[derive(Debug, Default)]
struct Faults(Vec<Fault>);

impl Faults {
    /// A fault of a whole file.
    fn whole(&mut self, fault: &'static str, file: &str) {
        self.rows(fault, file, 1);
    }

    fn rows(&mut self, fault: &'static str, file: &str, count: u64) {
        self.0.push(Fault { fault, file: file.to_owned(), count });
    }
}

/// Rewrites the files below `out` with faults, and lists them.
pub fn spoil(out: &Path) -> Result<Vec<Fault>, Error> {
    let mut faults = Faults::default();
    // before the opportunities themselves are spoilt
    report::write(out, &mut faults)?;
    deals::hubspot(out, &mut faults)?;
    leads::spoil(out, &mut faults)?;
    deals::spoil(out, &mut faults)?;
    campaigns::google(out, &mut faults)?;
    campaigns::meta(out, &mut faults)?;
    campaigns::names(out, &mut faults)?;
    whole_files(out, &mut faults)?;
    packed::zip(out, &mut faults)?;
    packed::gzip(out, &mut faults)?;
    Ok(faults.0)
}

/// Faults of encoding, delimiter and date order.
fn whole_files(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let account = "salesforce/Account.csv";
    recast(&out.join(account), Dialect::BOM, |_, row, emit| {
        row.extend([String::new(), String::new()]);
        emit(row)
    })?;
    faults.whole("byte_order_mark", account);
    faults.whole("trailing_empty_columns", account);

    let user = "salesforce/User.csv";
    recast(&out.join(user), Dialect::UTF16_TABS, |_, row, emit| emit(row))?;
    faults.whole("utf16_little_endian", user);
    faults.whole("tab_delimited", user);

    let contact = "salesforce/Contact.csv";
    recast(&out.join(contact), Dialect::GERMAN, |n, row, emit| {
        if n > 0 {
            row.iter_mut().for_each(day_first);
        }
        emit(row)
    })?;
    faults.whole("windows_1252", contact);
    faults.whole("semicolon_delimited", contact);
    faults.whole("day_first_dates", contact);

    let history = "salesforce/OpportunityHistory.csv";
    let (mut header, mut repeated) = (Vec::new(), 0);
    recast(&out.join(history), Dialect::QUOTED, |n, row, emit| {
        if n == 0 {
            header = row.clone();
        } else if n % 2_000 == 20 {
            repeated += 1;
            emit(&header)?;
        }
        emit(row)
    })?;
    faults.rows("repeated_header", history, repeated);
    Ok(())
}

/// `2024-10-07 21:01:57` becomes `07/10/2024 21:01:57`; other cells stay.
fn day_first(cell: &mut String) {
    let bytes = cell.as_bytes();
    let looks = bytes.len() == 19 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[13] == b':';
    if looks {
        *cell = format!("{}/{}/{}{}", &cell[8..10], &cell[5..7], &cell[..4], &cell[10..]);
    }
}

/// The place of a column, or past the end.
fn column(header: &[String], name: &str) -> usize {
    header.iter().position(|h| h == name).unwrap_or(usize::MAX)
}

/// A cell; empty past the end.
fn cell(row: &[String], place: usize) -> &str {
    row.get(place).map_or("", String::as_str)
}

/// Changes a cell; nothing past the end.
fn set(row: &mut [String], place: usize, value: impl Into<String>) {
    if let Some(cell) = row.get_mut(place) {
        *cell = value.into();
    }
}
