//! Reading parts: footers, chosen row groups and columns, as record batches.
//!
//! The bytes of the chosen column chunks are fetched in one call, which suits a disk and an object store alike.
//! Invariant: a part is only ever read in whole row groups or by the bucket, in the order of its rows.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{FieldRef, Int64Type, Schema, UInt8Type, UInt32Type, UInt64Type};
use bytes::{Buf, Bytes};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use rayon::prelude::*;
use terms::{Day, Entity, Instant, When};

use crate::known::Known;
use crate::store::Store;
use crate::{Error, Head, Part, schema};

const BATCH_ROWS: usize = 32_768;

/// Some ranges of a file, held in memory.
struct Ranges {
    len: u64,
    held: Vec<(u64, Bytes)>,
}

impl Ranges {
    fn slice(&self, start: u64, length: Option<usize>) -> Result<Bytes, ParquetError> {
        // sorted by their starts, as column chunks lie in the file
        let after = self.held.partition_point(|(at, _)| *at <= start);
        let held = after.checked_sub(1).and_then(|before| self.held.get(before));
        let held = held.filter(|(at, bytes)| start < at + bytes.len() as u64);
        let (at, bytes) = held.ok_or_else(|| ParquetError::EOF(format!("byte {start} was not asked for")))?;
        let from = (start - at) as usize;
        let to = length.map_or(bytes.len(), |n| from.saturating_add(n));
        if to > bytes.len() {
            return Err(ParquetError::EOF(format!("bytes after {} were not asked for", at + bytes.len() as u64)));
        }
        Ok(bytes.slice(from..to))
    }
}

impl Length for Ranges {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Ranges {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.slice(start, None)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.slice(start, Some(length))
    }
}

/// The footer of a part, as it is on disk.
pub(crate) fn footer(store: &Store, part: &Part) -> Result<ParquetMetaData, Error> {
    let path = store.path(&part.path);
    let damaged = |cause: &dyn std::fmt::Display| Error::damaged(&path, cause);
    const TAIL: u64 = 64 << 10;
    let start = part.bytes.saturating_sub(TAIL);
    let tail = one(store, part, start..part.bytes)?;
    let length = tail.len().checked_sub(8).map(|at| &tail[at..]).ok_or_else(|| damaged(&"it is too short"))?;
    let (length, magic) = length.split_at(4);
    if magic != b"PAR1" {
        return Err(damaged(&"it does not end as Parquet does"));
    }
    let length = u64::from(u32::from_le_bytes([length[0], length[1], length[2], length[3]]));
    let from = (part.bytes - 8).checked_sub(length).ok_or_else(|| damaged(&"its footer is longer than the file"))?;
    let footer = if from >= start {
        tail.slice((from - start) as usize..tail.len() - 8)
    } else {
        one(store, part, from..part.bytes - 8)?
    };
    ParquetMetaDataReader::decode_metadata(&footer).map_err(|e| damaged(&e))
}

fn one(store: &Store, part: &Part, range: Range<u64>) -> Result<Bytes, Error> {
    let read = store.ranges(&part.path, std::slice::from_ref(&range))?;
    match read.into_iter().next() {
        Some(bytes) if bytes.len() as u64 == range.end - range.start => Ok(bytes),
        _ => Err(Error::damaged(&store.path(&part.path), "it is shorter than its manifest says")),
    }
}

/// The footer with the types in which columns are read, kept for the next time.
fn metadata(head: &Head, entity: Entity, part: &Part) -> Result<ArrowReaderMetadata, Error> {
    if let Some(known) = head.footers.get(&part.path) {
        return Ok(known);
    }
    let damaged = |e: ParquetError| Error::damaged(&head.store.path(&part.path), e);
    let footer = Arc::new(footer(&head.store, part)?);
    let found = ArrowReaderMetadata::try_new(footer.clone(), ArrowReaderOptions::new().with_skip_arrow_metadata(true))
        .map_err(damaged)?;
    // a column of a later catalogue is read as it is, and not asked for
    let ours = schema::read_fields(entity);
    let fields: Vec<FieldRef> = found
        .schema()
        .fields()
        .iter()
        .map(|field| {
            ours.iter().find(|f| f.name() == field.name()).map_or_else(|| field.clone(), |f| Arc::new(f.clone()))
        })
        .collect();
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(Arc::new(Schema::new(fields)));
    let metadata = ArrowReaderMetadata::try_new(footer, options).map_err(damaged)?;
    head.footers.put(&part.path, metadata.clone());
    Ok(metadata)
}

/// Record batches of those of the columns that the part has; of one bucket or of all.
pub(crate) fn open(
    head: &Head,
    entity: Entity,
    part: &Part,
    bucket: Option<u8>,
    columns: &[&str],
) -> Result<Option<ParquetRecordBatchReader>, Error> {
    let path = head.store.path(&part.path);
    let damaged = |e: ParquetError| Error::damaged(&path, e);
    let groups: Vec<usize> = (0..part.row_groups.len())
        .filter(|g| bucket.is_none_or(|b| (part.row_groups[*g].first..=part.row_groups[*g].last).contains(&b)))
        .collect();
    let rows_of = |buckets: Range<usize>| part.buckets.get(buckets).map_or(0, |n| n.iter().sum::<u64>()) as usize;
    if groups.is_empty() || bucket.is_some_and(|b| rows_of(usize::from(b)..usize::from(b) + 1) == 0) {
        return Ok(None);
    }
    let metadata = metadata(head, entity, part)?;
    let footer = metadata.metadata();
    if footer.num_row_groups() != part.row_groups.len() {
        return Err(Error::damaged(&path, "its row groups are not those of its manifest"));
    }
    let wanted: Vec<usize> = (0..metadata.schema().fields().len())
        .filter(|at| columns.contains(&metadata.schema().field(*at).name().as_str()))
        .collect();
    let ranges: Vec<Range<u64>> = groups
        .iter()
        .flat_map(|group| wanted.iter().map(|column| footer.row_group(*group).column(*column).byte_range()))
        .map(|(start, length)| start..start + length)
        .collect();
    if ranges.iter().any(|r| r.end > part.bytes) {
        return Err(Error::damaged(&path, "its footer names bytes beyond its end"));
    }
    let held = head.store.ranges(&part.path, &ranges)?;
    let mut held: Vec<(u64, Bytes)> = ranges.iter().map(|r| r.start).zip(held).collect();
    held.sort_unstable_by_key(|(start, _)| *start);
    let held = Ranges { len: part.bytes, held };
    let mask = ProjectionMask::roots(metadata.parquet_schema(), wanted);
    let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(held, metadata)
        .with_row_groups(groups.clone())
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS);
    if let (Some(bucket), Some(group)) = (bucket.map(usize::from), groups.first()) {
        let first = usize::from(part.row_groups[*group].first);
        builder = builder.with_offset(rows_of(first..bucket)).with_limit(rows_of(bucket..bucket + 1));
    }
    Ok(Some(builder.build().map_err(damaged)?))
}

/// The time of a row whose numbers stand in these columns.
pub(crate) fn when(kind: u8, a: Option<i64>, b: Option<i64>) -> Option<When> {
    let day = |n: Option<i64>| i32::try_from(n?).ok().map(Day);
    Some(match kind {
        0 => When::Unknown,
        1 => When::Instant(Instant(a?)),
        2 => When::Day(day(a)?),
        3 => When::Range(day(a)?, day(b)?),
        _ => return None,
    })
}

/// All versions of one kind of thing that a head holds.
pub(crate) fn known(head: &Head, entity: Entity) -> Result<Known, Error> {
    let mut known = Known::new();
    let parts: Vec<(u64, &Part)> = head.parts(entity).collect();
    let rows: u64 = parts.iter().map(|(_, part)| part.rows).sum();
    known.reserve(rows as usize);
    for few in parts.chunks(4) {
        let read: Vec<Vec<RecordBatch>> = few
            .par_iter()
            .map(|(_, part)| batches(head, entity, part, &["id", "id_text", "digest"]))
            .collect::<Result<_, _>>()?;
        for batch in read.iter().flatten() {
            let (ids, digests) = (numbers(batch, "id"), numbers(batch, "digest"));
            let texts = batch.column_by_name("id_text").and_then(|c| c.as_string_opt::<i32>());
            let mut rows = ids.iter().zip(digests).enumerate();
            for few in ids.chunks(64) {
                // their places are fetched from memory together, not one after the other
                std::hint::black_box(few.iter().fold(0, |all, id| all ^ known.warm(*id)));
                for (row, (id, digest)) in rows.by_ref().take(few.len()) {
                    let text = texts.filter(|t| t.is_valid(row)).map_or("", |t| t.value(row));
                    known.load(*id, *digest, text);
                }
            }
        }
    }
    if known.has_several() {
        let mut versions = Vec::new();
        for (seq, part) in parts {
            for batch in
                batches(head, entity, part, &["id", "digest", "valid_kind", "valid_a", "valid_b", "file", "line"])?
            {
                several(seq, &batch, &known, &mut versions);
            }
        }
        versions.sort_unstable_by_key(|v| (v.arrival, v.digest));
        for version in versions {
            known.settle(version.id, version.digest, version.order);
        }
    }
    Ok(known)
}

struct Version {
    arrival: (u64, u32, u32),
    id: u64,
    digest: u64,
    order: (i64, i64),
}

fn several(seq: u64, batch: &RecordBatch, known: &Known, versions: &mut Vec<Version>) {
    let (ids, digests) = (numbers(batch, "id"), numbers(batch, "digest"));
    let kinds = batch.column_by_name("valid_kind").and_then(|c| c.as_primitive_opt::<UInt8Type>());
    let signed = |name: &str| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int64Type>());
    let (a, b) = (signed("valid_a"), signed("valid_b"));
    let places = |name: &str| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<UInt32Type>());
    let (files, lines) = (places("file"), places("line"));
    for (row, (id, digest)) in ids.iter().zip(digests).enumerate() {
        if !known.is_several(*id) {
            continue;
        }
        let number =
            |column: Option<&arrow::array::Int64Array>| column.filter(|c| c.is_valid(row)).map(|c| c.value(row));
        let place = |column: Option<&arrow::array::UInt32Array>| column.map_or(0, |c| c.value(row));
        let kind = kinds.map_or(0, |k| k.value(row));
        let at = when(kind, number(a), number(b)).unwrap_or(When::Unknown);
        versions.push(Version {
            arrival: (seq, place(files), place(lines)),
            id: *id,
            digest: *digest,
            order: at.order(),
        });
    }
}

fn batches(head: &Head, entity: Entity, part: &Part, columns: &[&str]) -> Result<Vec<RecordBatch>, Error> {
    let Some(reader) = open(head, entity, part, None, columns)? else { return Ok(Vec::new()) };
    reader.collect::<Result<_, _>>().map_err(|e| Error::damaged(&head.store.path(&part.path), e))
}

fn numbers<'a>(batch: &'a RecordBatch, name: &str) -> &'a [u64] {
    batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<UInt64Type>()).map_or(&[], |c| c.values())
}
