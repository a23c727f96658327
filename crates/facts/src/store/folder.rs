//! Writes a folder of facts: under a temporary name, then renamed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use tallies::{Data, Grain, Table, Width};

use super::extra::{Extra, keep};
use super::file::{Extent, FORMAT, RAW, write as write_file, write_column};
use super::index::{GrainIndex, Index, Made};
use super::mapped::Mapped;
use super::texts::write_texts;
use crate::Error;

/// A folder that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub folder: PathBuf,
    /// Bytes in all its files.
    pub bytes: u64,
}

/// What replaces a part of earlier facts: rows of the base that no longer count, and rows that do instead.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The rows that count instead, and new ones. Codes are those of the dictionaries in this table, which begin with
    /// the texts of the base's dictionary in the same order.
    pub table: Table,
    /// The rows of the base that no longer count.
    pub replaced: Vec<u32>,
}

/// Writes all grains of a folder; a folder of that name is replaced. A grain without a table has no rows. `subjects`:
/// subject and journey, sorted, for every subject of a journey.
pub fn write(folder: &Path, made: &Made, tables: &[Table], subjects: &[(u64, u64)]) -> Result<Written, Error> {
    write_with(folder, made, tables, subjects, &[])
}

/// The same, with files of the fold's own.
pub(crate) fn write_with(
    folder: &Path,
    made: &Made,
    tables: &[Table],
    subjects: &[(u64, u64)],
    extras: &[Extra<'_>],
) -> Result<Written, Error> {
    let temporary = begin(folder)?;
    extras.par_iter().try_for_each(|extra| extra.write(&temporary))?;
    write_subjects(&temporary, subjects)?;
    let mut grains = Vec::new();
    for grain in Grain::ALL {
        let empty;
        let table = match tables.iter().find(|t| t.grain == grain) {
            Some(table) => table,
            None => {
                empty = Table::new(grain, 0);
                &empty
            }
        };
        write_table(&temporary, table, "")?;
        grains.push(GrainIndex {
            grain: grain.word().to_owned(),
            base: table.rows as u64,
            replaced: 0,
            overlay: 0,
            has_overlay: false,
        });
    }
    finish(folder, &temporary, made, grains)
}

/// What becomes of one grain when facts are brought up to date.
#[derive(Clone, Debug)]
pub enum Layer {
    /// Written anew.
    Fresh(Table),
    /// The base stays, with this overlay instead of any earlier one.
    Over(Overlay),
}

/// Writes a folder that has the base of another one, and for each grain a layer; a grain without one stays as it is.
/// The base's files are linked, not copied, where the file system can.
pub fn write_overlay(
    folder: &Path,
    made: &Made,
    base: &Mapped,
    layers: &[(Grain, Layer)],
    subjects: &[(u64, u64)],
) -> Result<Written, Error> {
    write_overlay_with(folder, made, base, layers, subjects, &[])
}

/// The same, with files of the fold's own.
pub(crate) fn write_overlay_with(
    folder: &Path,
    made: &Made,
    base: &Mapped,
    layers: &[(Grain, Layer)],
    subjects: &[(u64, u64)],
    extras: &[Extra<'_>],
) -> Result<Written, Error> {
    let temporary = begin(folder)?;
    extras.par_iter().try_for_each(|extra| extra.write(&temporary))?;
    write_subjects(&temporary, subjects)?;
    let keep = |name: &str| keep(&base.folder().join(name), &temporary.join(name));
    let mut grains = Vec::new();
    for grain in Grain::ALL {
        let Some(before) = base.index().grains.iter().find(|g| g.grain == grain.word()) else { continue };
        let mut about = before.clone();
        match layers.iter().find(|(g, _)| *g == grain).map(|(_, layer)| layer) {
            None => {
                for column in grain.columns() {
                    keep(&file_name(grain, column.name, ""))?;
                    if before.has_overlay {
                        keep(&file_name(grain, column.name, "overlay."))?;
                    }
                    if column.width == Width::Code {
                        keep(&texts_name(grain, column.name))?;
                    }
                }
                if before.has_overlay {
                    keep(&counts_name(grain))?;
                }
            }
            Some(Layer::Fresh(table)) => {
                write_table(&temporary, table, "")?;
                about = GrainIndex { base: table.rows as u64, replaced: 0, overlay: 0, has_overlay: false, ..about };
            }
            Some(Layer::Over(overlay)) => {
                for column in grain.columns() {
                    keep(&file_name(grain, column.name, ""))?;
                }
                write_table(&temporary, &overlay.table, "overlay.")?;
                let mut counts = vec![1u8; before.base as usize];
                for row in &overlay.replaced {
                    if let Some(slot) = counts.get_mut(*row as usize) {
                        *slot = 0;
                    }
                }
                about.replaced = counts.iter().filter(|c| **c == 0).count() as u64;
                about.overlay = overlay.table.rows as u64;
                about.has_overlay = true;
                write_file(&temporary.join(counts_name(grain)), RAW, before.base, &counts, Extent::NONE)?;
            }
        }
        grains.push(about);
    }
    finish(folder, &temporary, made, grains)
}

pub(super) fn file_name(grain: Grain, column: &str, layer: &str) -> String {
    format!("{}.{layer}{column}.col", grain.word())
}
pub(super) fn texts_name(grain: Grain, column: &str) -> String {
    format!("{}.{column}.texts", grain.word())
}
pub(super) fn counts_name(grain: Grain) -> String {
    format!("{}.counts", grain.word())
}

/// Subjects in the order of their keys, the journey of each, and their places in the order of the journeys.
pub(super) const SUBJECTS: [&str; 3] = ["subjects.key.col", "subjects.journey.col", "subjects.by_journey.col"];

fn write_subjects(folder: &Path, subjects: &[(u64, u64)]) -> Result<(), Error> {
    let [keys, journeys, order] = SUBJECTS.map(|name| folder.join(name));
    let mut by_journey: Vec<(u64, u32)> = subjects.iter().map(|s| s.1).zip(0..).collect();
    by_journey.par_sort_unstable();
    write_column(&order, Width::Number, &Data::U32(by_journey.into_iter().map(|(_, place)| place).collect()))?;
    write_column(&keys, Width::Key, &Data::Key(subjects.iter().map(|s| s.0).collect()))?;
    write_column(&journeys, Width::Key, &Data::Key(subjects.iter().map(|s| s.1).collect()))
}

fn begin(folder: &Path) -> Result<PathBuf, Error> {
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    // of its own, whoever else makes the same facts: two that wrote into one would spoil both
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let own = NEXT.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.with_file_name(format!(".{name}.{}-{own}.part", std::process::id()));
    if temporary.exists() {
        fs::remove_dir_all(&temporary).map_err(Error::io(&temporary, "clear"))?;
    }
    fs::create_dir_all(&temporary).map_err(Error::io(&temporary, "create"))?;
    Ok(temporary)
}

fn write_table(folder: &Path, table: &Table, layer: &str) -> Result<(), Error> {
    let grain = table.grain;
    grain.columns().par_iter().zip(&table.columns).try_for_each(|(column, data)| {
        write_column(&folder.join(file_name(grain, column.name, layer)), column.width, data)?;
        match data {
            Data::Code(_, dictionary) => write_texts(&folder.join(texts_name(grain, column.name)), dictionary),
            _ => Ok(()),
        }
    })
}

fn finish(folder: &Path, temporary: &Path, made: &Made, grains: Vec<GrainIndex>) -> Result<Written, Error> {
    let index = Index { format: FORMAT, made: made.clone(), grains };
    let path = temporary.join("index.json");
    let text = serde_json::to_vec_pretty(&index).map_err(|e| Error::io(&path, "write")(e.into()))?;
    fs::write(&path, text).map_err(Error::io(&path, "write"))?;
    let mut bytes = 0;
    for entry in fs::read_dir(temporary).map_err(Error::io(temporary, "read"))? {
        bytes += entry.and_then(|e| e.metadata()).map_err(Error::io(temporary, "read"))?.len();
    }
    if folder.exists() {
        // the old one is moved away first: a folder cannot be renamed onto one that holds files
        let old = temporary.with_extension("old");
        if old.exists() {
            fs::remove_dir_all(&old).map_err(Error::io(&old, "clear"))?;
        }
        fs::rename(folder, &old).map_err(Error::io(folder, "replace"))?;
        fs::rename(temporary, folder).map_err(Error::io(folder, "create"))?;
        fs::remove_dir_all(&old).map_err(Error::io(&old, "clear"))?;
    } else {
        fs::rename(temporary, folder).map_err(Error::io(folder, "create"))?;
    }
    Ok(Written { folder: folder.to_owned(), bytes })
}
