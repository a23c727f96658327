//! The last reports as they were given, so that the rows behind a figure can be asked for afterwards.
//!
//! Not here: what a report means. Invariant: a report is kept byte for byte, and the newest ones are kept.

use rusqlite::{OptionalExtension, Row, params};

use crate::{Desk, Error};

/// How many reports are kept: a figure is asked about soon after it was seen, and a report can be made again from its
/// head and question.
pub const KEPT_REPORTS: u32 = 50;

/// A report as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedReport {
    /// Its id.
    pub id: String,
    /// The ledger's sequence number it was made from.
    pub seq: u64,
    /// The report as JSON.
    pub json: String,
}

impl Desk {
    /// Saves a report as the latest and drops the ones beyond [`KEPT_REPORTS`]. The same id is saved anew.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save_report(&self, id: &str, json: &str, seq: u64) -> Result<(), Error> {
        let put = "INSERT INTO reports (id, seq, json, saved)
             VALUES ($1, $2, $3, (SELECT COALESCE(MAX(saved), 0) + 1 FROM reports))
             ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, json = excluded.json, saved = excluded.saved";
        let cut = "DELETE FROM reports WHERE saved NOT IN (SELECT saved FROM reports ORDER BY saved DESC LIMIT $1)";
        self.with(|store| {
            store.write(|store| {
                store.conn.prepare_cached(put)?.execute(params![id, seq as i64, json])?;
                store.conn.prepare_cached(cut)?.execute([KEPT_REPORTS])?;
                Ok(())
            })
        })
    }

    /// A report by its id, `None` where it was never saved or is no longer kept.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn report(&self, id: &str) -> Result<Option<SavedReport>, Error> {
        let ask = "SELECT id, seq, json FROM reports WHERE id = $1";
        self.with(|store| Ok(store.conn.prepare_cached(ask)?.query_row([id], read).optional()?))
    }

    /// The report saved last.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn latest_report(&self) -> Result<Option<SavedReport>, Error> {
        let ask = "SELECT id, seq, json FROM reports ORDER BY saved DESC LIMIT 1";
        self.with(|store| Ok(store.conn.prepare_cached(ask)?.query_row([], read).optional()?))
    }

    /// The ids of the reports kept, newest first, with the ledger's sequence number each was made from.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn reports(&self) -> Result<Vec<(String, u64)>, Error> {
        let ask = "SELECT id, seq FROM reports ORDER BY saved DESC";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<SavedReport> {
    Ok(SavedReport { id: row.get(0)?, seq: row.get::<_, i64>(1)? as u64, json: row.get(2)? })
}
