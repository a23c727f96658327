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
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use terms::{Day, Entity, Instant, When};

use crate::index::ids::Arrived;
use crate::known;
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
    let groups: Vec<usize> = (0..part.row_groups.len())
        .filter(|g| bucket.is_none_or(|b| (part.row_groups[*g].first..=part.row_groups[*g].last).contains(&b)))
        .collect();
    if groups.is_empty() || bucket.is_some_and(|b| rows_of(part, usize::from(b)..usize::from(b) + 1) == 0) {
        return Ok(None);
    }
    let first = groups.first().copied();
    let mut builder = chosen(head, entity, part, groups, columns)?;
    if let (Some(bucket), Some(group)) = (bucket.map(usize::from), first) {
        let first = usize::from(part.row_groups[group].first);
        builder = builder.with_offset(rows_of(part, first..bucket)).with_limit(rows_of(part, bucket..bucket + 1));
    }
    Ok(Some(builder.build().map_err(|e| Error::damaged(&head.store.path(&part.path), e))?))
}

/// Record batches of some rows, which are given sorted and apart from each other.
pub(crate) fn open_rows(
    head: &Head,
    entity: Entity,
    part: &Part,
    rows: &[Range<usize>],
    columns: &[&str],
) -> Result<Option<ParquetRecordBatchReader>, Error> {
    let (mut groups, mut wanted, mut held, mut start) = (Vec::new(), Vec::new(), 0, 0);
    for (number, group) in part.row_groups.iter().enumerate() {
        let end = start + rows_of(part, usize::from(group.first)..usize::from(group.last) + 1);
        let from = rows.partition_point(|r| r.end <= start);
        let here = rows.get(from..).unwrap_or(&[]).iter().take_while(|r| r.start < end);
        let before = wanted.len();
        wanted.extend(here.map(|r| r.start.max(start) - start + held..r.end.min(end) - start + held));
        if wanted.len() > before {
            groups.push(number);
            held += end - start;
        }
        start = end;
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let selection = RowSelection::from_consecutive_ranges(wanted.into_iter(), held);
    let builder = chosen(head, entity, part, groups, columns)?.with_row_selection(selection);
    Ok(Some(builder.build().map_err(|e| Error::damaged(&head.store.path(&part.path), e))?))
}

/// How many rows these buckets of a part have.
fn rows_of(part: &Part, buckets: Range<usize>) -> usize {
    part.buckets.get(buckets).map_or(0, |n| n.iter().sum::<u64>()) as usize
}

/// Some row groups and columns of a part.
fn chosen(
    head: &Head,
    entity: Entity,
    part: &Part,
    groups: Vec<usize>,
    columns: &[&str],
) -> Result<ParquetRecordBatchReaderBuilder<Ranges>, Error> {
    let path = head.store.path(&part.path);
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
    Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(held, metadata)
        .with_row_groups(groups)
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS))
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

/// All versions that a part holds, as [`Ids`](crate::index::ids::Ids) keeps them.
pub(crate) fn versions(head: &Head, entity: Entity, part: &Part) -> Result<Vec<Arrived>, Error> {
    let columns = ["id", "id_text", "digest", "valid_kind", "valid_a", "valid_b", "file", "line"];
    let mut out = Vec::with_capacity(part.rows as usize);
    for batch in batches(head, entity, part, &columns)? {
        arrived(&batch, &mut out);
    }
    Ok(out)
}

/// The versions in some rows.
pub(crate) fn arrived(batch: &RecordBatch, out: &mut Vec<Arrived>) {
    let (ids, digests) = (numbers(batch, "id"), numbers(batch, "digest"));
    let texts = batch.column_by_name("id_text").and_then(|c| c.as_string_opt::<i32>());
    let kinds = batch.column_by_name("valid_kind").and_then(|c| c.as_primitive_opt::<UInt8Type>());
    let signed = |name: &str| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int64Type>());
    let (a, b) = (signed("valid_a"), signed("valid_b"));
    let places = |name: &str| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<UInt32Type>());
    let (files, lines) = (places("file"), places("line"));
    for (row, (id, digest)) in ids.iter().zip(digests).enumerate() {
        let number =
            |column: Option<&arrow::array::Int64Array>| column.filter(|c| c.is_valid(row)).map(|c| c.value(row));
        let place = |column: Option<&arrow::array::UInt32Array>| u64::from(column.map_or(0, |c| c.value(row)));
        let at = when(kinds.map_or(0, |k| k.value(row)), number(a), number(b)).unwrap_or(When::Unknown);
        let text = texts.filter(|t| t.is_valid(row)).map_or("", |t| t.value(row));
        let arrival = place(files) << 32 | place(lines);
        out.push(((*id, known::packed(*digest, text), known::time(at.order())), arrival));
    }
}

/// The subject of each row, and opportunity and row of some.
type Subjects = (Vec<u64>, Vec<(u64, u64)>);

/// The subject of each row of a part, and opportunity and row of those that have one.
pub(crate) fn subjects(head: &Head, entity: Entity, part: &Part) -> Result<Subjects, Error> {
    let (mut subjects, mut others) = (Vec::with_capacity(part.rows as usize), Vec::new());
    for batch in batches(head, entity, part, &["subject", "opportunity"])? {
        others_of(entity, &batch, subjects.len() as u64, &mut others);
        subjects.extend_from_slice(numbers(&batch, "subject"));
    }
    Ok((subjects, others))
}

/// Opportunity and row of the rows that name one; only activities are looked for by it.
pub(crate) fn others_of(entity: Entity, batch: &RecordBatch, base: u64, others: &mut Vec<(u64, u64)>) {
    if entity != Entity::Activity {
        return;
    }
    let named = batch.column_by_name("opportunity").and_then(|c| c.as_primitive_opt::<UInt64Type>());
    others.extend(named.iter().flat_map(|c| c.iter().zip(base..)).filter_map(|(key, row)| Some((key?, row))));
}

/// The rows of a part that hold any of these ids, which are sorted.
pub(crate) fn rows_with(head: &Head, entity: Entity, part: &Part, ids: &[u64]) -> Result<Vec<Range<usize>>, Error> {
    let (mut found, mut base) = (Vec::new(), 0);
    for batch in batches(head, entity, part, &["id"])? {
        let own = numbers(&batch, "id");
        let rows = own.iter().enumerate().filter(|(_, id)| ids.binary_search(id).is_ok());
        found.extend(rows.map(|(row, _)| base + row..base + row + 1));
        base += batch.num_rows();
    }
    Ok(found)
}

fn batches(head: &Head, entity: Entity, part: &Part, columns: &[&str]) -> Result<Vec<RecordBatch>, Error> {
    let Some(reader) = open(head, entity, part, None, columns)? else { return Ok(Vec::new()) };
    reader.collect::<Result<_, _>>().map_err(|e| Error::damaged(&head.store.path(&part.path), e))
}

fn numbers<'a>(batch: &'a RecordBatch, name: &str) -> &'a [u64] {
    batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<UInt64Type>()).map_or(&[], |c| c.values())
}
