//! Columns back to entries, for those who want to see them one by one: explanations, evidence rows, tests.
//!
//! Invariant: an entry comes out exactly as it was appended, to the bit.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, UInt8Type, UInt32Type, UInt64Type};
use entries::{Entry, FieldId, Kind, RowRef, Value, catalogue};
use terms::{Currency, Entity, Instant, Key, Money, Stage};

use crate::columns::{self, Scan};
use crate::{Error, Head, bucket_of, read, schema};

/// Where an entry was learned, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The number of its batch.
    pub seq: u64,
    /// When that batch was recorded.
    pub recorded_at: Instant,
    /// The file that its row is in; empty where the batch names none.
    pub file: Arc<str>,
}

/// Which entries are wanted; the default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those about this subject, by its hash, which covers what it is.
    pub subject: Option<Key>,
    /// Only those about any of these subjects, by their hashes, sorted; empty for all.
    pub about: Vec<u64>,
    /// Only the versions of this thing.
    pub id: Option<Key>,
    /// Only those of this bucket.
    pub bucket: Option<u8>,
    /// Only those of the batches after this one.
    pub after_seq: u64,
    /// Only these fields are read, in any order; all others are as if nothing was given, and so is the id that the source
    /// gave. `None`: everything.
    pub fields: Option<Vec<FieldId>>,
}

impl Head {
    /// The entries of one kind, in the order of batches, parts and rows.
    ///
    /// # Errors
    /// Each item may be what reading a part gives: `missing_part`, `damaged`.
    pub fn entries(&self, entity: Entity, filter: Filter) -> Result<Entries<'_>, Error> {
        let bucket = filter.bucket.or(filter.subject.map(|s| bucket_of(s.hash)));
        let names = names(entity, filter.fields.as_deref());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let scan = match (filter.subject, filter.about.as_slice()) {
            (Some(subject), _) => columns::scan_about(self, filter.after_seq, entity, vec![subject.hash], &names)?,
            (None, []) => columns::scan_after(self, filter.after_seq, entity, bucket, &names)?,
            (None, about) => columns::scan_about(self, filter.after_seq, entity, about.to_vec(), &names)?,
        };
        Ok(Entries { head: self, entity, filter, scan, rows: None, at: 0, stamps: Vec::new() })
    }
}

impl Head {
    /// The ids that sources gave to records, by the hash of their key; records that are not there are left out. Only the rows
    /// of these are read.
    ///
    /// # Errors
    /// As of [`Head::entries`].
    pub fn id_texts(&self, entity: Entity, keys: &[u64]) -> Result<HashMap<u64, String>, Error> {
        let mut sorted = keys.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let wanted = columns::Wanted { subjects: &sorted, ..columns::Wanted::default() };
        let mut out = HashMap::new();
        // a record is about itself
        for chunk in columns::few(self, 0..self.seq() + 1, entity, wanted, &["id", ID_TEXT])? {
            let columns = chunk.rows.columns();
            for row in 0..chunk.rows.num_rows() {
                if let (Some(id), Some(text)) =
                    (columns.first().and_then(|c| u64_at(c, row)), columns.get(1).and_then(|c| text_at(c, row)))
                {
                    out.entry(id).or_insert_with(|| text.to_owned());
                }
            }
        }
        Ok(out)
    }
}

/// The columns that are read: the envelope, then those of the fields in the order of the catalogue.
fn names(entity: Entity, wanted: Option<&[FieldId]>) -> Vec<String> {
    let envelope = schema::ENVELOPE.iter().map(|(name, ..)| *name);
    let mut out: Vec<String> =
        envelope.filter(|name| wanted.is_none() || *name != ID_TEXT).map(str::to_owned).collect();
    for field in (0..catalogue::fields(entity).len()).filter(|f| wanted.is_none_or(|w| w.contains(f))) {
        out.extend(columns::of_field(entity, field));
    }
    out
}

/// An iterator over entries; it ends after its first error.
#[derive(Debug)]
pub struct Entries<'h> {
    head: &'h Head,
    entity: Entity,
    filter: Filter,
    scan: Scan<'h>,
    rows: Option<Rows>,
    at: usize,
    stamps: Vec<Stamp>,
}

impl Iterator for Entries<'_> {
    type Item = Result<(Stamp, Entry), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(rows) = &self.rows {
                while self.at < rows.len {
                    let row = self.at;
                    self.at += 1;
                    if !rows.passes(row, &self.filter) {
                        continue;
                    }
                    let file = rows.place(row).file as usize;
                    let entry = rows.entry(self.entity, row);
                    let unreadable = || {
                        let name = self.head.manifest(rows.seq).map_or("", |m| m.id.as_str());
                        Error::damaged(&self.head.store.path(&format!("batches/{name}")), "an entry cannot be read")
                    };
                    let stamp = self.stamps.get(file).or(self.stamps.last()).cloned();
                    return Some(entry.zip(stamp).map(|(entry, stamp)| (stamp, entry)).ok_or_else(unreadable));
                }
            }
            match self.scan.next()? {
                Ok(chunk) => {
                    if self.rows.as_ref().is_none_or(|rows| rows.seq != chunk.seq) {
                        self.stamps = stamps(self.head, chunk.seq);
                    }
                    self.rows = Some(Rows::of(self.entity, chunk.seq, &chunk.rows, self.filter.fields.as_deref()));
                    self.at = 0;
                }
                Err(e) => {
                    self.rows = None;
                    return Some(Err(e));
                }
            }
        }
    }
}

/// A stamp for each file of a batch, and one for rows of no file.
fn stamps(head: &Head, seq: u64) -> Vec<Stamp> {
    let Some(manifest) = head.manifest(seq) else { return Vec::new() };
    let names = manifest.files.iter().map(|f| f.count.file.as_str()).chain([""]);
    names.map(|file| Stamp { seq, recorded_at: manifest.recorded_at, file: Arc::from(file) }).collect()
}

#[derive(Debug)]
struct Rows {
    seq: u64,
    len: usize,
    envelope: Vec<ArrayRef>,
    fields: Vec<(FieldId, Kind, Vec<ArrayRef>)>,
}

/// The envelope's column of the id that the source gave, and its place.
const ID_TEXT: &str = "id_text";
const ID_TEXT_AT: usize = 1;

impl Rows {
    /// Takes the columns of [`names`], in that order.
    fn of(entity: Entity, seq: u64, rows: &RecordBatch, wanted: Option<&[FieldId]>) -> Rows {
        let given = schema::ENVELOPE.len() - usize::from(wanted.is_some());
        let (envelope, rest) = rows.columns().split_at(given);
        let mut envelope = envelope.to_vec();
        if wanted.is_some() {
            envelope.insert(ID_TEXT_AT, new_null_array(&DataType::Utf8, rows.num_rows()));
        }
        let mut rest = rest.iter().cloned();
        let fields = catalogue::fields(entity)
            .iter()
            .enumerate()
            .filter(|(at, _)| wanted.is_none_or(|w| w.contains(at)))
            .map(|(at, f)| (at, f.kind, rest.by_ref().take(schema::columns_of(f.kind).len()).collect()))
            .collect();
        Rows { seq, len: rows.num_rows(), envelope, fields }
    }

    fn passes(&self, row: usize, filter: &Filter) -> bool {
        filter.id.is_none_or(|id| u64_at(&self.envelope[0], row) == Some(id.hash))
            && filter.subject.is_none_or(|s| u64_at(&self.envelope[2], row) == Some(s.hash))
            && (filter.about.is_empty()
                || u64_at(&self.envelope[2], row).is_some_and(|s| filter.about.binary_search(&s).is_ok()))
    }

    fn place(&self, row: usize) -> RowRef {
        let number = |at: usize| {
            self.envelope[at].as_primitive_opt::<UInt32Type>().filter(|c| c.is_valid(row)).map_or(0, |c| c.value(row))
        };
        RowRef { file: number(8), line: number(9) }
    }

    fn entry(&self, entity: Entity, row: usize) -> Option<Entry> {
        let mut entry = Entry::new(entity);
        entry.id = Key { entity, hash: u64_at(&self.envelope[0], row)? };
        entry.id_text = text_at(&self.envelope[1], row).unwrap_or("").into();
        entry.subject = key_at(&self.envelope[2], &self.envelope[3], row)?;
        entry.valid_at =
            read::when(u8_at(&self.envelope[4], row)?, i64_at(&self.envelope[5], row), i64_at(&self.envelope[6], row))?;
        entry.deleted = flag_at(&self.envelope[7], row)?;
        entry.row = self.place(row);
        for (at, kind, columns) in &self.fields {
            entry.set(*at, value(*kind, columns, row)?);
        }
        Some(entry)
    }
}

/// The value of a field in a row; `Value::None` where there is none, `None` where the columns contradict each other.
fn value(kind: Kind, columns: &[ArrayRef], row: usize) -> Option<Value> {
    let given = |at: usize| columns.get(at).is_some_and(|c| c.is_valid(row));
    // a time is given where its kind is: the unknown time has no number
    if !given(usize::from(kind == Kind::When)) {
        return Some(Value::None);
    }
    Some(match kind {
        Kind::Code | Kind::Text => Value::Text(text_at(&columns[0], row)?.into()),
        Kind::Key => Value::Key(key_at(&columns[0], columns.get(1)?, row)?),
        Kind::Int => Value::Int(i64_at(&columns[0], row)?),
        Kind::Real => Value::Real(columns[0].as_primitive_opt::<Float64Type>()?.value(row)),
        Kind::Money => {
            let currency = Currency::parse(text_at(columns.get(1)?, row)?)?;
            Value::Money(Money::new(i64_at(&columns[0], row)?, currency))
        }
        Kind::When => Value::When(read::when(
            u8_at(columns.get(1)?, row)?,
            i64_at(&columns[0], row),
            i64_at(columns.get(2)?, row),
        )?),
        Kind::Flag => Value::Flag(flag_at(&columns[0], row)?),
        Kind::Stage => Value::Stage(Stage::from_number(u8_at(&columns[0], row)?)?),
    })
}

fn key_at(hash: &ArrayRef, kind: &ArrayRef, row: usize) -> Option<Key> {
    Some(Key { entity: Entity::from_number(u8_at(kind, row)?)?, hash: u64_at(hash, row)? })
}

fn u64_at(column: &ArrayRef, row: usize) -> Option<u64> {
    column.as_primitive_opt::<UInt64Type>().filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

fn i64_at(column: &ArrayRef, row: usize) -> Option<i64> {
    column.as_primitive_opt::<Int64Type>().filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

fn u8_at(column: &ArrayRef, row: usize) -> Option<u8> {
    column.as_primitive_opt::<UInt8Type>().filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

fn flag_at(column: &ArrayRef, row: usize) -> Option<bool> {
    column.as_boolean_opt().filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

fn text_at(column: &ArrayRef, row: usize) -> Option<&str> {
    if let Some(dictionary) = column.as_dictionary_opt::<Int32Type>() {
        let values = dictionary.values().as_string_opt::<i32>()?;
        return dictionary.key(row).map(|key| values.value(key));
    }
    column.as_string_opt::<i32>().filter(|c| c.is_valid(row)).map(|c| c.value(row))
}
