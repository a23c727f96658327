//! Rows that could not be read, mended on a page: they go back in as a file of their own.
//!
//! Invariant: a row that was left as it was is not sent again; one that was is marked as mended when the ledger has its file.

use std::collections::BTreeSet;
use std::path::Path;

use desk::{KeptReject, RejectCount};
use web::{Mended, RejectFile, RejectRow};

use super::papers;
use crate::commands::rejects::{as_file, exported_as};
use crate::failure::Failure;
use crate::home::Home;

/// Rows of a file on a page.
const SHOWN: usize = 20;
/// The longest cell, in characters.
const LONGEST: usize = 20_000;

fn unknown(place: &str) -> Failure {
    Failure::new("unknown_rejects", format!("`{place}`: no file with rows that could not be read stands there"))
}

/// The file of a place such as `3.12`, and its rejects that were not mended.
fn open(home: &Home, place: &str) -> Result<(RejectCount, Vec<KeptReject>), Failure> {
    let (batch, number) = place.split_once('.').ok_or_else(|| unknown(place))?;
    let number: u32 = number.parse().map_err(|_| unknown(place))?;
    let standing: BTreeSet<u64> = home.ledger.head().standing().map(|m| m.seq).collect();
    let stands = |count: &RejectCount| count.batch.parse().is_ok_and(|b| standing.contains(&b));
    let found = home.desk.reject_counts()?.into_iter().find(|c| c.batch == batch && c.file.number == number);
    let file = found.filter(stands).ok_or_else(|| unknown(place))?;
    let of_file = |kept: &KeptReject| kept.reject.row.file == number && kept.fixed.is_none() && !kept.erased;
    let rows = home.desk.rejects(batch).filter(|r| r.as_ref().map_or(true, of_file)).collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() { Err(unknown(place)) } else { Ok((file, rows)) }
}

/// Rejects of a file: those after the one of a number, from the first where it is empty.
pub fn file(home: &Home, place: &str, after: &str) -> Result<RejectFile, Failure> {
    let (file, mut rows) = open(home, place)?;
    let total = rows.len();
    if !after.is_empty() {
        let passed: u64 =
            after.parse().map_err(|_| papers::bad_cursor(after, "is not where a page of rejects ended"))?;
        rows.retain(|kept| kept.id > passed);
    }
    let is_more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let next = rows.last().filter(|_| is_more).map_or(String::new(), |kept| kept.id.to_string());
    let row = |kept: KeptReject| RejectRow {
        id: kept.id,
        line: kept.reject.row.line,
        at: file.file.header.iter().position(|head| *head == kept.reject.column),
        read: kept.reject.read,
        expected: kept.reject.expected,
        hint: kept.reject.hint,
        cells: kept.reject.raw,
    };
    let name = file.file.name.rsplit('/').next().unwrap_or(&file.file.name).to_owned();
    let columns = file.file.header.clone();
    let rows = rows.into_iter().map(row).collect();
    Ok(RejectFile { place: place.to_owned(), name, columns, total, rows, next })
}

/// Writes mended rows as a file into a folder; gives how many they are.
pub fn write(home: &Home, place: &str, mended: &[Mended], folder: &Path) -> Result<usize, Failure> {
    let (file, rows) = open(home, place)?;
    let (mut ids, mut lines) = (Vec::new(), Vec::new());
    for one in mended {
        let none = || Failure::new("bad_rows", format!("`{}`: no row of this file has this number", one.id));
        let mut raw = rows.iter().find(|kept| kept.id == one.id).ok_or_else(none)?.reject.raw.clone();
        for (column, value) in &one.cells {
            let cell = raw.get_mut(*column).ok_or_else(|| {
                Failure::new("bad_rows", format!("row {} has no column {column}, counted from 0", one.id))
            })?;
            if value.chars().count() > LONGEST {
                return Err(Failure::new("too_long", format!("a cell has {LONGEST} characters at most")));
            }
            cell.clone_from(value);
        }
        if !ids.contains(&one.id) {
            ids.push(one.id);
            lines.push(raw);
        }
    }
    let path = folder.join(exported_as(&file.file.name, (&file.batch, file.file.number), &ids));
    let text = as_file(&file.file.header, lines.iter().map(Vec::as_slice));
    std::fs::write(&path, text).map_err(|e| Failure::io(&path, "write", &e))?;
    Ok(ids.len())
}
