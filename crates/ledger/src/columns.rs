//! Entries as columns, for those who fold or scan many of them (the facts).
//!
//! This is the one module whose signatures hold Arrow types. Columns of codes and currencies are dictionaries
//! (`Int32` to `Utf8`), all others plain; a column that a part does not have is given as nulls.
//! Invariant: batches come in the order of the chain, parts in the order of their manifest, rows as they are sorted
//! within a part: by subject, id, time.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use entries::{FieldId, catalogue};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use rayon::prelude::*;
use terms::Entity;

use crate::index::ids::Ids;
use crate::index::places::{RowsOf, apart};
use crate::{Error, Head, Part, bucket_of, read, schema};

/// Some rows of one batch.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The number of their batch.
    pub seq: u64,
    /// The columns asked for, in that order.
    pub rows: RecordBatch,
}

/// All columns of an entity: the envelope, then the catalogue's fields.
pub fn schema(entity: Entity) -> SchemaRef {
    Arc::new(Schema::new(schema::read_fields(entity)))
}

/// The names of a field's columns: of a key the hash and `_kind`; of money the minor units and `_currency`; of a time
/// its first number, `_kind` and `_b`; of all others just the field's name. Empty for a field the entity does not have.
pub fn of_field(entity: Entity, field: FieldId) -> Vec<String> {
    catalogue::fields(entity).get(field).map_or_else(Vec::new, |f| schema::names_of(f).collect())
}

/// The rows of one entity, of one bucket or of all, with these columns.
///
/// # Errors
/// `wrong_kind` for a name that is no column of the entity.
pub fn scan<'h>(head: &'h Head, entity: Entity, bucket: Option<u8>, columns: &[&str]) -> Result<Scan<'h>, Error> {
    scan_after(head, 0, entity, bucket, columns)
}

/// The same, of the batches after the one with this number only.
///
/// # Errors
/// As [`scan`].
pub fn scan_after<'h>(
    head: &'h Head,
    seq: u64,
    entity: Entity,
    bucket: Option<u8>,
    columns: &[&str],
) -> Result<Scan<'h>, Error> {
    let schema = schema_of(entity, columns)?;
    let mut parts: Vec<(u64, &Part)> = head.parts(entity).filter(|(s, _)| *s > seq).collect();
    parts.reverse();
    Ok(Scan { head, entity, bucket, about: Vec::new(), schema, parts, open: None })
}

/// The same, of those about some subjects only, which are sorted: their rows are looked up so that nothing else is read.
pub(crate) fn scan_about<'h>(
    head: &'h Head,
    seq: u64,
    entity: Entity,
    about: Vec<u64>,
    columns: &[&str],
) -> Result<Scan<'h>, Error> {
    let bucket = match about.as_slice() {
        [one] => Some(bucket_of(*one)),
        _ => None,
    };
    let scan = scan_after(head, seq, entity, bucket, columns)?;
    Ok(Scan { about, ..scan })
}

/// An iterator over the rows asked for; it ends after its first error.
pub struct Scan<'h> {
    head: &'h Head,
    entity: Entity,
    bucket: Option<u8>,
    about: Vec<u64>,
    schema: SchemaRef,
    parts: Vec<(u64, &'h Part)>,
    open: Option<(u64, &'h Part, ParquetRecordBatchReader)>,
}

impl std::fmt::Debug for Scan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan").field("entity", &self.entity).field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

impl Scan<'_> {
    /// The rows of the next batch, and the part that they are of.
    pub(crate) fn next_of(&mut self) -> Result<Option<Chunk>, Error> {
        loop {
            if let Some((seq, part, reader)) = &mut self.open {
                if let Some(read) = reader.next() {
                    let path = self.head.store.path(&part.path);
                    let rows = read.map_err(|e| Error::damaged(&path, e))?;
                    let rows = with_all(&self.schema, &rows).map_err(|e| Error::damaged(&path, e))?;
                    return Ok(Some(Chunk { seq: *seq, rows }));
                }
                self.open = None;
            }
            let Some((seq, part)) = self.parts.pop() else { return Ok(None) };
            let names: Vec<&str> = self.schema.fields().iter().map(|f| f.name().as_str()).collect();
            // without a place for what is derived, looking rows up would read more than the bucket
            let reader = if self.about.is_empty() || self.head.store.index.is_none() {
                read::open(self.head, self.entity, part, self.bucket, &names)?
            } else {
                let rows = RowsOf::open(self.head, self.entity, part)?.find(&self.about, &[]);
                read::open_rows(self.head, self.entity, part, &rows, &names)?
            };
            self.open = reader.map(|r| (seq, part, r));
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Result<Chunk, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_of().transpose();
        if matches!(next, Some(Err(_))) {
            self.open = None;
            self.parts.clear();
        }
        next
    }
}

/// Which rows are wanted: those about any of these subjects, those that name any of these opportunities (activities
/// only), and those of these ids. Each list is sorted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Subjects.
    pub subjects: &'a [u64],
    /// Opportunities that an activity names.
    pub opportunities: &'a [u64],
    /// Ids.
    pub ids: &'a [u64],
}

/// The wanted rows of one entity, of the batches with these numbers, part by part by all threads: where each part's
/// rows lie is looked up, so that nothing else is read.
///
/// # Errors
/// As [`scan`].
pub fn few(
    head: &Head,
    batches: Range<u64>,
    entity: Entity,
    wanted: Wanted<'_>,
    columns: &[&str],
) -> Result<Vec<Chunk>, Error> {
    let schema = schema_of(entity, columns)?;
    let parts: Vec<(u64, &Part)> = head.parts(entity).filter(|(seq, _)| batches.contains(seq)).collect();
    let read: Vec<Vec<Chunk>> = parts
        .into_par_iter()
        .map(|(seq, part)| {
            let mut rows = RowsOf::open(head, entity, part)?.find(wanted.subjects, wanted.opportunities);
            if !wanted.ids.is_empty() {
                let ids = Ids::open(head, entity, part)?;
                let may: Vec<u64> = wanted.ids.iter().copied().filter(|id| ids.may_have(*id)).collect();
                if !may.is_empty() {
                    rows.extend(read::rows_with(head, entity, part, &may)?);
                    rows = apart(rows, part.rows as usize);
                }
            }
            let Some(reader) = read::open_rows(head, entity, part, &rows, columns)? else { return Ok(Vec::new()) };
            let path = head.store.path(&part.path);
            reader
                .map(|read| read.and_then(|rows| with_all(&schema, &rows)))
                .map(|rows| Ok(Chunk { seq, rows: rows.map_err(|e| Error::damaged(&path, e))? }))
                .collect()
        })
        .collect::<Result<_, Error>>()?;
    Ok(read.into_iter().flatten().collect())
}

fn schema_of(entity: Entity, columns: &[&str]) -> Result<SchemaRef, Error> {
    let all = schema::read_fields(entity);
    let fields: Vec<FieldRef> = columns
        .iter()
        .map(|name| {
            let found = all.iter().find(|f| f.name() == name);
            found.map(|f| Arc::new(f.clone())).ok_or_else(|| Error::wrong_kind(entity, name, "there is no such column"))
        })
        .collect::<Result<_, _>>()?;
    Ok(Arc::new(Schema::new(fields)))
}

/// The columns in the order asked for, with nulls for those that the part does not have.
fn with_all(schema: &SchemaRef, rows: &RecordBatch) -> Result<RecordBatch, arrow::error::ArrowError> {
    let column = |field: &FieldRef| {
        let found = rows.column_by_name(field.name()).cloned();
        found.unwrap_or_else(|| new_null_array(field.data_type(), rows.num_rows()))
    };
    let columns = schema.fields().iter().map(column).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    RecordBatch::try_new_with_options(schema.clone(), columns, &options)
}
