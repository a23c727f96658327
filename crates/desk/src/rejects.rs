//! The vault of rejects: rows that could not be understood, whole, so that they can be fixed and imported again.
//!
//! Not here: why a row is a reject (import), and the counts that prove completeness (the ledger's manifests).
//! Invariant: a reject is never dropped with its batch's other rows silently: fixed ones are marked, erased ones
//! keep their place and lose their content.

use std::collections::VecDeque;

use entries::{Reject, RowRef};
use rusqlite::{Row, params};
use terms::Instant;

use crate::error::Kind;
use crate::store::Store;
use crate::{Desk, Error};

/// Rows fetched at a time when rejects are listed: bounded memory, and the file is not held between pages.
const PAGE: i64 = 1_000;

/// The file in which rejects were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its number within the batch, as in [`RowRef::file`].
    pub number: u32,
    /// Its name as given.
    pub name: String,
    /// The mapping it was read by.
    pub mapping: String,
    /// Its header, in the order of the cells of [`Reject::raw`].
    pub header: Vec<String>,
}

/// A reject as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptReject {
    /// Its number on this desk, for [`Desk::mark_fixed`].
    pub id: u64,
    /// What it is.
    pub reject: Reject,
    /// Whether its content was erased because it named a person who was forgotten.
    pub erased: bool,
    /// The batch that brought the fixed row, and when, where it was fixed.
    pub fixed: Option<(String, Instant)>,
}

/// How many rows of a file were rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectCount {
    /// The batch.
    pub batch: String,
    /// The file.
    pub file: SourceFile,
    /// Rows rejected in all.
    pub rejected: u64,
    /// Of these, how many were fixed since.
    pub fixed: u64,
    /// Of these, how many have lost their content to an erasure.
    pub erased: u64,
}

impl Desk {
    /// Keeps rejects of one file of a batch; may be called again for the same file. How many were kept. Joins the open
    /// batch where there is one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn keep_rejects(
        &self,
        batch: &str,
        file: &SourceFile,
        rejects: impl IntoIterator<Item = Reject>,
    ) -> Result<u64, Error> {
        let put = "INSERT INTO rejects (batch, file, line, at_column, was_read, expected, hint, raw)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let of = "INSERT INTO reject_files (batch, file, name, mapping, header) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (batch, file) DO NOTHING";
        self.with(|store| {
            store.write(|store| {
                let header = to_json(&file.header)?;
                let values = params![batch, file.number, file.name, file.mapping, header];
                store.conn.prepare_cached(of)?.execute(values)?;
                let mut insert = store.conn.prepare_cached(put)?;
                let mut kept = 0;
                for r in rejects {
                    let raw = to_json(&r.raw)?;
                    insert.execute(params![
                        batch,
                        file.number,
                        r.row.line,
                        r.column,
                        r.read,
                        r.expected,
                        r.hint,
                        raw
                    ])?;
                    kept += 1;
                }
                Ok(kept)
            })
        })
    }

    /// The rejects of a batch in the order in which they were kept, read page by page.
    pub fn rejects(&self, batch: &str) -> Rejects {
        Rejects { desk: self.clone(), batch: batch.to_owned(), after: 0, page: VecDeque::new(), ended: false }
    }

    /// Rejects by batch and file, in the order of batch names and file numbers.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn reject_counts(&self) -> Result<Vec<RejectCount>, Error> {
        let ask = "SELECT f.batch, f.file, f.name, f.mapping, f.header,
                    COUNT(r.id), COUNT(r.fixed_by), COALESCE(SUM(r.erased), 0)
             FROM reject_files f LEFT JOIN rejects r ON r.batch = f.batch AND r.file = f.file
             GROUP BY f.batch, f.file, f.name, f.mapping, f.header ORDER BY f.batch, f.file";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let mut rows = all.query([])?;
            let mut counts = Vec::new();
            while let Some(row) = rows.next()? {
                let header = from_json(&row.get::<_, String>(4)?)?;
                let file = SourceFile { number: row.get(1)?, name: row.get(2)?, mapping: row.get(3)?, header };
                let count = |column| row.get::<_, i64>(column).map(|n| n as u64);
                let (rejected, fixed, erased) = (count(5)?, count(6)?, count(7)?);
                counts.push(RejectCount { batch: row.get(0)?, file, rejected, fixed, erased });
            }
            Ok(counts)
        })
    }

    /// Marks rejects as fixed by a later batch. How many were not marked before.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn mark_fixed(&self, rejects: &[u64], by_batch: &str, at: Instant) -> Result<u64, Error> {
        let put = "UPDATE rejects SET fixed_by = $1, fixed_at = $2 WHERE id = $3 AND fixed_by IS NULL";
        self.with(|store| {
            store.write(|store| {
                let mut update = store.conn.prepare_cached(put)?;
                let mut marked = 0;
                for id in rejects {
                    marked += update.execute(params![by_batch, at.0, *id as i64])? as u64;
                }
                Ok(marked)
            })
        })
    }

    /// Opens again what a batch had fixed that is withdrawn now. How many.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn reopen_fixed(&self, by_batch: &str) -> Result<u64, Error> {
        let put = "UPDATE rejects SET fixed_by = NULL, fixed_at = NULL WHERE fixed_by = $1";
        self.with(|store| store.write(|store| Ok(store.conn.prepare_cached(put)?.execute([by_batch])? as u64)))
    }

    /// Drops the rejects of a batch that never came to be. How many there were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn drop_rejects(&self, batch: &str) -> Result<u64, Error> {
        self.with(|store| {
            store.write(|store| {
                store.conn.prepare_cached("DELETE FROM reject_files WHERE batch = $1")?.execute([batch])?;
                Ok(store.conn.prepare_cached("DELETE FROM rejects WHERE batch = $1")?.execute([batch])? as u64)
            })
        })
    }
}

/// The rejects of a batch, one by one. Ends after the first error.
#[derive(Debug)]
pub struct Rejects {
    desk: Desk,
    batch: String,
    after: i64,
    page: VecDeque<KeptReject>,
    ended: bool,
}

impl Iterator for Rejects {
    type Item = Result<KeptReject, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty() && !self.ended {
            match self.desk.with(|store| page(store, &self.batch, self.after)) {
                Ok(page) => {
                    self.ended = page.len() < PAGE as usize;
                    self.after = page.back().map_or(self.after, |last| last.id as i64);
                    self.page = page;
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        self.page.pop_front().map(Ok)
    }
}

fn page(store: &Store, batch: &str, after: i64) -> Result<VecDeque<KeptReject>, Error> {
    let ask = "SELECT id, file, line, at_column, was_read, expected, hint, erased, fixed_by, fixed_at, raw
         FROM rejects WHERE batch = $1 AND id > $2 ORDER BY id LIMIT $3";
    let mut some = store.conn.prepare_cached(ask)?;
    let mut rows = some.query(params![batch, after, PAGE])?;
    let mut page = VecDeque::new();
    while let Some(row) = rows.next()? {
        let raw = from_json(&row.get::<_, String>(10)?)?;
        page.push_back(read(row, raw)?);
    }
    Ok(page)
}

fn read(row: &Row<'_>, raw: Vec<String>) -> rusqlite::Result<KeptReject> {
    let by: Option<String> = row.get(8)?;
    let at: Option<i64> = row.get(9)?;
    Ok(KeptReject {
        id: row.get::<_, i64>(0)? as u64,
        reject: Reject {
            row: RowRef { file: row.get(1)?, line: row.get(2)? },
            column: row.get(3)?,
            read: row.get(4)?,
            expected: row.get(5)?,
            hint: row.get(6)?,
            raw,
        },
        erased: row.get(7)?,
        fixed: by.map(|by| (by, Instant(at.unwrap_or(0)))),
    })
}

fn to_json(cells: &[String]) -> Result<String, Error> {
    serde_json::to_string(cells).map_err(|cause| Kind::Store(cause.to_string()).into())
}

pub(crate) fn from_json(text: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(text).map_err(|cause| Kind::Corrupt(format!("a kept row: {cause}")).into())
}
