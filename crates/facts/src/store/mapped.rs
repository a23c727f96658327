//! A folder of facts, mapped into memory and checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::buffer::ScalarBuffer;
use rayon::prelude::*;
use tallies::{Column, Data, Dictionary, Extract, Grain, Spec, Table, Tally, Width};

use super::file::{Extent, FORMAT, Mapping, RAW, Values};
use super::folder::{SUBJECTS, counts_name, file_name, texts_name};
use super::index::Index;
use super::subjects::{Numbered, place_of_hash};
use super::texts::open_texts;
use crate::Error;

/// Facts mapped from their folder. Cheap to clone; answers do not depend on the order of rows.
#[derive(Clone, Debug)]
pub struct Mapped {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    index: Index,
    grains: Vec<GrainFacts>,
    subjects: ScalarBuffer<u64>,
    journeys: ScalarBuffer<u64>,
    /// Places of subjects in the order of their journeys, then of their keys.
    by_journey: ScalarBuffer<u32>,
}

#[derive(Debug)]
struct GrainFacts {
    grain: Grain,
    /// One for each column; empty where it is no code column.
    dictionaries: Vec<Dictionary>,
    /// The base, then the overlay where there is one.
    segments: Vec<Segment>,
}

/// Rows that are stored together.
#[derive(Debug)]
pub(crate) struct Segment {
    pub rows: usize,
    /// One for each column of the grain.
    pub values: Vec<Values>,
    pub extents: Vec<Extent>,
    /// 1 for each row that counts, 0 for each that an overlay replaces; `None` where all count.
    pub counts: Option<Vec<u8>>,
    /// Whether the keys of a column rise from row to row, for each column that was asked for.
    rising: Vec<OnceLock<bool>>,
}

impl Mapped {
    /// Maps a folder and checks every file of it.
    pub fn open(folder: &Path) -> Result<Mapped, Error> {
        let path = folder.join("index.json");
        let text = fs::read(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::damaged(&path, "the file is missing"),
            _ => Error::io(&path, "read")(e),
        })?;
        let loose: serde_json::Value =
            serde_json::from_slice(&text).map_err(|e| Error::damaged(&path, e.to_string()))?;
        let format = loose.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0) as u32;
        if format != FORMAT {
            return Err(Error::other_format(&path, format, FORMAT));
        }
        let index: Index = serde_json::from_value(loose).map_err(|e| Error::damaged(&path, e.to_string()))?;
        let mut grains = Vec::new();
        for grain in Grain::ALL {
            let about = index
                .grains
                .iter()
                .find(|g| g.grain == grain.word())
                .ok_or_else(|| Error::damaged(&path, format!("it has no grain {}", grain.word())))?;
            let mut segments = vec![segment(folder, grain, "", about.base)?];
            if about.has_overlay {
                let path = folder.join(counts_name(grain));
                let counts = Mapping::open(&path, RAW)?;
                if counts.payload().len() as u64 != about.base {
                    return Err(Error::damaged(&path, "it holds another number of rows than the index says"));
                }
                if let Some(base) = segments.first_mut() {
                    base.counts = Some(counts.payload().to_vec());
                }
                segments.push(segment(folder, grain, "overlay.", about.overlay)?);
            }
            let dictionaries = grain
                .columns()
                .par_iter()
                .map(|c| match c.width {
                    Width::Code => open_texts(&folder.join(texts_name(grain, c.name))),
                    _ => Ok(Dictionary::default()),
                })
                .collect::<Result<Vec<_>, _>>()?;
            grains.push(GrainFacts { grain, dictionaries, segments });
        }
        let keys = |name: &str| {
            let path = folder.join(name);
            match Mapping::open(&path, super::file::tag(Width::Key))?.values(&path, Width::Key)? {
                Values::Key(keys) => Ok(keys),
                _ => Err(Error::damaged(&path, "it holds no keys")),
            }
        };
        let (subjects, journeys) = (keys(SUBJECTS[0])?, keys(SUBJECTS[1])?);
        if subjects.len() != journeys.len() {
            return Err(Error::damaged(&folder.join(SUBJECTS[1]), "it holds another number of rows than the subjects"));
        }
        let path = folder.join(SUBJECTS[2]);
        let by_journey = match Mapping::open(&path, super::file::tag(Width::Number))?.values(&path, Width::Number)? {
            Values::U32(places) if places.len() == subjects.len() => places,
            _ => return Err(Error::damaged(&path, "it holds another number of rows than the subjects")),
        };
        let folder = folder.to_owned();
        Ok(Mapped { inner: Arc::new(Inner { folder, index, grains, subjects, journeys, by_journey }) })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// What it says of itself.
    pub fn index(&self) -> &Index {
        &self.inner.index
    }

    /// Rows of a grain that count.
    pub fn rows(&self, grain: Grain) -> u64 {
        self.inner.index.grains.iter().find(|g| g.grain == grain.word()).map_or(0, super::GrainIndex::rows)
    }

    /// The journey that a lead, contact, vault person or opportunity belongs to; `None` where it belongs to none.
    pub fn journey_of(&self, subject: u64) -> Option<u64> {
        let place = place_of_hash(&self.inner.subjects, subject)?;
        self.inner.journeys.get(place).copied()
    }

    /// Numbers for all subjects at once, where `of` gives their journey one: for many that are looked for.
    pub fn numbered(&self, of: impl FnMut(u64) -> Option<u32>) -> Numbered {
        let Inner { subjects, journeys, by_journey, .. } = &*self.inner;
        Numbered::of((subjects, journeys), by_journey, of)
    }

    /// All subjects of a journey, in the order of their keys.
    pub fn subjects_of(&self, journey: u64) -> Vec<u64> {
        let Inner { subjects, journeys, by_journey, .. } = &*self.inner;
        let of = |place: &u32| journeys.get(*place as usize).copied().unwrap_or(u64::MAX);
        let first = by_journey.partition_point(|place| of(place) < journey);
        let own = by_journey.get(first..).unwrap_or(&[]).iter().take_while(|place| of(place) == journey);
        own.filter_map(|place| subjects.get(*place as usize).copied()).collect()
    }

    /// How many subjects belong to a journey.
    pub(crate) fn subject_count(&self) -> usize {
        self.inner.subjects.len()
    }

    /// Subject and journey, in the order of the subjects.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.inner.subjects.iter().copied().zip(self.inner.journeys.iter().copied())
    }

    /// The dictionary of a code column.
    pub fn dictionary(&self, column: Column) -> Option<&Dictionary> {
        self.grain(column.grain)?.dictionaries.get(column.index)
    }

    /// All rows of a grain that count, copied into a table: for exports and tests.
    pub fn table(&self, grain: Grain) -> Result<Table, Error> {
        let mut rows = Vec::new();
        for (s, segment) in self.segments(grain).iter().enumerate() {
            rows.extend((0..segment.rows).filter(|r| segment.holds(*r)).map(|r| (s as u32, r as u32)));
        }
        Ok(self.gather(&Extract::all(grain, Vec::new()), &rows))
    }

    fn grain(&self, grain: Grain) -> Option<&GrainFacts> {
        self.inner.grains.iter().find(|g| g.grain == grain)
    }

    pub(crate) fn segments(&self, grain: Grain) -> &[Segment] {
        self.grain(grain).map_or(&[], |g| &g.segments)
    }

    /// The rows at these places (segment, row), as a table with the whole dictionaries.
    pub(crate) fn gather(&self, ask: &Extract, rows: &[(u32, u32)]) -> Table {
        let grain = ask.grain;
        let segments = self.segments(grain);
        macro_rules! take {
            ($variant:ident, $column:expr, $missing:expr) => {
                rows.get(..if ask.asks(*$column) { rows.len() } else { 0 })
                    .unwrap_or_default()
                    .iter()
                    .map(|(s, r)| match segments.get(*s as usize).and_then(|s| s.values.get($column.index)) {
                        Some(Values::$variant(v)) => v.get(*r as usize).copied().unwrap_or($missing),
                        _ => $missing,
                    })
                    .collect()
            };
        }
        let columns = grain
            .columns()
            .par_iter()
            .map(|c| match c.width {
                Width::Code => {
                    let dictionary = self.dictionary(*c).filter(|_| ask.asks(*c)).cloned();
                    Data::Code(take!(Code, c, 0), dictionary.unwrap_or_default())
                }
                Width::Small => Data::Small(take!(Small, c, 255)),
                Width::Minutes | Width::Days | Width::Count => Data::I32(take!(I32, c, i32::MIN)),
                Width::Money => Data::I64(take!(I64, c, i64::MIN)),
                Width::Key => Data::Key(take!(Key, c, 0)),
                Width::Number => Data::U32(take!(U32, c, 0)),
            })
            .collect();
        Table { grain, rows: rows.len(), columns }
    }
}

impl Segment {
    /// The keys of a column, where they rise from row to row (several rows may have the same).
    pub fn sorted(&self, column: usize) -> Option<&[u64]> {
        let Some(Values::Key(keys)) = self.values.get(column) else { return None };
        let rise = || keys.is_sorted();
        self.rising.get(column).is_some_and(|known| *known.get_or_init(rise)).then_some(keys.as_ref())
    }

    /// Whether a row counts.
    pub fn holds(&self, row: usize) -> bool {
        self.counts.as_ref().is_none_or(|c| c.get(row) == Some(&1))
    }
}

impl tallies::Facts for Mapped {
    type Error = Error;

    fn answer(&self, specs: &[Spec]) -> Result<Vec<Tally>, Error> {
        crate::scan::answer(self, specs)
    }

    fn extract(&self, ask: &Extract) -> Result<Table, Error> {
        crate::scan::extract(self, ask)
    }
}

fn segment(folder: &Path, grain: Grain, layer: &str, rows: u64) -> Result<Segment, Error> {
    let columns = grain
        .columns()
        .par_iter()
        .map(|column| {
            let path = folder.join(file_name(grain, column.name, layer));
            let mapping = Mapping::open(&path, super::file::tag(column.width))?;
            if mapping.rows as u64 != rows {
                return Err(Error::damaged(&path, "it holds another number of rows than the index says"));
            }
            let extent = mapping.extent;
            Ok((mapping.values(&path, column.width)?, extent))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let (values, extents) = columns.into_iter().unzip();
    let rising = grain.columns().iter().map(|_| OnceLock::new()).collect();
    Ok(Segment { rows: rows as usize, values, extents, counts: None, rising })
}
