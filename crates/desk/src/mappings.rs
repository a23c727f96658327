//! The memory of mappings: which one was used for files of this header from this source.
//!
//! Not here: how a header becomes a signature and what a mapping means (import). Invariant: one signature of one
//! source has one mapping, the one used last.

use rusqlite::{OptionalExtension, Row, params};
use terms::Instant;

use crate::{Desk, Error};

/// A mapping that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The signature of the header.
    pub signature: String,
    /// The label of the source.
    pub source: String,
    /// The mapping's name.
    pub name: String,
    /// The mapping itself, as TOML.
    pub toml: String,
    /// When it was used last, as the caller said.
    pub at: Instant,
}

impl Desk {
    /// Remembers that this mapping was used; it takes the place of an earlier one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn remember(&self, used: &Remembered) -> Result<(), Error> {
        let put = "INSERT INTO mappings (signature, source, name, mapping, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (signature, source) DO UPDATE
             SET name = excluded.name, mapping = excluded.mapping, at = excluded.at";
        self.with(|store| {
            store.write(|store| {
                let values = params![used.signature, used.source, used.name, used.toml, used.at.0];
                store.conn.prepare_cached(put)?.execute(values)?;
                Ok(())
            })
        })
    }

    /// The mapping used for this signature and source.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn recall(&self, signature: &str, source: &str) -> Result<Option<Remembered>, Error> {
        let ask = "SELECT signature, source, name, mapping, at FROM mappings WHERE signature = $1 AND source = $2";
        self.with(|store| Ok(store.conn.prepare_cached(ask)?.query_row([signature, source], read).optional()?))
    }

    /// All remembered mappings, by source, name and signature.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn remembered(&self) -> Result<Vec<Remembered>, Error> {
        let ask = "SELECT signature, source, name, mapping, at FROM mappings ORDER BY source, name, signature";
        self.with(|store| Ok(store.conn.prepare_cached(ask)?.query_map([], read)?.collect::<Result<_, _>>()?))
    }

    /// Drops the memory of a signature and source. Whether there was one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn unremember(&self, signature: &str, source: &str) -> Result<bool, Error> {
        let cut = "DELETE FROM mappings WHERE signature = $1 AND source = $2";
        self.with(|store| store.write(|store| Ok(store.conn.prepare_cached(cut)?.execute([signature, source])? == 1)))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Remembered> {
    Ok(Remembered {
        signature: row.get(0)?,
        source: row.get(1)?,
        name: row.get(2)?,
        toml: row.get(3)?,
        at: Instant(row.get(4)?),
    })
}
