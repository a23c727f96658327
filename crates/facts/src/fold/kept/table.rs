//! Records of one kind: a base, mapped column by column, and what changed since it was written.
//!
//! Invariant: records are sorted by key; one that changed is taken from the changes, one that went is a change too.

use std::path::{Path, PathBuf};

use arrow::buffer::ScalarBuffer;
use rayon::prelude::*;

use super::record::Record;
use super::{base_name, changes_name};
use crate::Error;
use crate::fold::reference::ByKey;
use crate::store::{Extra, open_extra};

/// Records are looked through in runs of this many.
const RUN: usize = 1 << 16;

/// Some keys to look for: a bit for each tells most strangers at once.
pub(crate) struct Keys {
    bits: Vec<u64>,
    keys: ByKey<()>,
}

impl Keys {
    pub fn of(keys: impl IntoIterator<Item = u64>) -> Keys {
        let mut bits = vec![0u64; 1 << 11];
        let mut held = ByKey::default();
        for key in keys.into_iter().filter(|key| *key != 0) {
            if let Some(word) = bits.get_mut((key >> 53) as usize) {
                *word |= 1 << (key >> 47 & 63);
            }
            held.insert(key, ());
        }
        Keys { bits, keys: held }
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    #[inline]
    pub fn has(&self, key: u64) -> bool {
        let word = self.bits.get((key >> 53) as usize).copied().unwrap_or(0);
        word >> (key >> 47 & 63) & 1 == 1 && self.keys.contains_key(&key)
    }
}

/// The records of one kind.
pub(crate) struct Table<R> {
    /// Column after column.
    cells: ScalarBuffer<u64>,
    rows: usize,
    /// Where the base stands, if it stands anywhere yet.
    from: Option<PathBuf>,
    /// Sorted by key.
    changes: Vec<(u64, Option<R>)>,
}

impl<R: Record> Table<R> {
    /// Of records that are sorted by key.
    pub fn new(records: &[R]) -> Table<R> {
        let mut cells = vec![0u64; records.len() * R::WIDTH];
        let mut columns: Vec<&mut [u64]> = cells.chunks_mut(records.len().max(1)).collect();
        let mut row_cells = Vec::with_capacity(R::WIDTH);
        for (row, record) in records.iter().enumerate() {
            row_cells.clear();
            record.cells(&mut row_cells);
            for (column, cell) in columns.iter_mut().zip(&row_cells) {
                if let Some(slot) = column.get_mut(row) {
                    *slot = *cell;
                }
            }
        }
        Table { cells: cells.into(), rows: records.len(), from: None, changes: Vec::new() }
    }

    /// Those in a folder.
    pub fn open(folder: &Path) -> Result<Table<R>, Error> {
        let numbers = |path: &Path, width: usize| {
            let (rows, bytes) = open_extra(path)?;
            if rows.checked_mul(width * 8) != Some(bytes.len()) {
                return Err(Error::damaged(path, "it holds another number of records than its header says"));
            }
            Ok((rows, ScalarBuffer::<u64>::new(bytes, 0, rows * width)))
        };
        let path = folder.join(base_name(R::WORD));
        let (rows, cells) = numbers(&path, R::WIDTH)?;
        let (_, changed) = numbers(&folder.join(changes_name(R::WORD)), R::WIDTH + 1)?;
        let changes = changed
            .chunks_exact(R::WIDTH + 1)
            .map(|cells| {
                let cell = |n: usize| cells.get(n + 1).copied().unwrap_or(0);
                (cells.first().copied().unwrap_or(0), (cell(0) != 0).then(|| R::of(cell)))
            })
            .collect();
        Ok(Table { cells, rows, from: Some(path), changes })
    }

    /// The files to keep.
    pub fn files<'a>(&'a self, files: &mut Vec<Extra<'a>>) {
        files.push(match &self.from {
            Some(path) => Extra::linked(base_name(R::WORD), path),
            None => Extra::borrowed(base_name(R::WORD), self.cells.inner().as_slice(), self.rows),
        });
        let mut bytes = Vec::with_capacity(self.changes.len() * (R::WIDTH + 1) * 8);
        let mut cells = Vec::new();
        for (key, record) in &self.changes {
            cells.clear();
            cells.push(*key);
            match record {
                Some(record) => record.cells(&mut cells),
                None => cells.resize(R::WIDTH + 1, 0),
            }
            cells.iter().for_each(|cell| bytes.extend_from_slice(&cell.to_le_bytes()));
        }
        files.push(Extra::new(changes_name(R::WORD), bytes, self.changes.len()));
    }

    /// How many records the base has.
    pub fn base(&self) -> usize {
        self.rows
    }

    /// How many records changed since.
    pub fn changed(&self) -> usize {
        self.changes.len()
    }

    /// The record of a key.
    pub fn get(&self, key: u64) -> Option<R> {
        match self.changes.binary_search_by_key(&key, |c| c.0) {
            Ok(at) => self.changes.get(at).and_then(|c| c.1),
            Err(_) => self.column(0).binary_search(&key).ok().map(|row| self.row(row)),
        }
    }

    /// The records with one of the keys in any of these columns.
    pub fn with(&self, columns: &[usize], keys: &Keys) -> Vec<R> {
        if keys.is_empty() {
            return Vec::new();
        }
        let lanes: Vec<&[u64]> = columns.iter().map(|c| self.column(*c)).collect();
        let mut found: Vec<R> = (0..self.rows.div_ceil(RUN))
            .into_par_iter()
            .flat_map_iter(|run| {
                let rows = run * RUN..((run + 1) * RUN).min(self.rows);
                let mut hits: Vec<usize> = Vec::new();
                for lane in &lanes {
                    let here = lane.get(rows.clone()).unwrap_or(&[]).iter().enumerate();
                    hits.extend(here.filter(|(_, key)| keys.has(**key)).map(|(n, _)| rows.start + n));
                }
                hits.sort_unstable();
                hits.dedup();
                hits.retain(|row| !self.is_changed(self.column(0).get(*row).copied().unwrap_or(0)));
                hits.into_iter().map(|row| self.row(row))
            })
            .collect();
        let mut cells = Vec::new();
        for record in self.changes.iter().filter_map(|c| c.1) {
            cells.clear();
            record.cells(&mut cells);
            if columns.iter().any(|c| cells.get(*c).is_some_and(|key| keys.has(*key))) {
                found.push(record);
            }
        }
        found
    }

    /// Takes note of changes; a record that is not there any more is `None`.
    pub fn change(&mut self, changes: impl IntoIterator<Item = (u64, Option<R>)>) {
        let mut all: std::collections::BTreeMap<u64, Option<R>> = self.changes.drain(..).collect();
        all.extend(changes);
        self.changes = all.into_iter().collect();
    }

    fn is_changed(&self, key: u64) -> bool {
        !self.changes.is_empty() && self.changes.binary_search_by_key(&key, |c| c.0).is_ok()
    }

    fn column(&self, column: usize) -> &[u64] {
        self.cells.get(column * self.rows..(column + 1) * self.rows).unwrap_or(&[])
    }

    fn row(&self, row: usize) -> R {
        R::of(|column| self.column(column).get(row).copied().unwrap_or(0))
    }
}
