//! One part: entries of one kind, sorted by bucket and subject, in one Parquet file.
//!
//! Invariant: rows are sorted by (subject, id, time, digest, file, line), so the same entries make the same bytes in
//! whatever order they were appended; a row group holds whole buckets.

use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;

use arrow::array::{Array, Int64Array, RecordBatch, UInt8Array, UInt32Array, UInt64Array};
use arrow::compute::take_record_batch;
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use terms::{Day, Entity, Instant, When};

use crate::builder::Builder;
use crate::index::ids::Ids;
use crate::index::places::RowsOf;
use crate::{BUCKETS, Error, Head, Part, RowGroup, durable, read};

/// The bucket of a subject: the top six bits of its hash.
pub const fn bucket_of(subject_hash: u64) -> u8 {
    (subject_hash >> 58) as u8
}

/// A part is closed at this many entries, so that what is in memory is bounded.
pub(crate) const MAX_ROWS: usize = 1 << 20;
/// Or at about this many bytes in memory, for entries with much text.
pub(crate) const MAX_BYTES: usize = 192 << 20;
/// Up to this many entries a part has one row group; beyond it, about as many to a row group at least.
const SMALL_ROWS: usize = 16_384;
const GROUP_ROWS: usize = 4_096;

/// Writes the entries to the new file `path`, syncs it, and describes it as `name`.
/// `until` is the last instant that counts as having happened.
pub(crate) fn write(
    head: &Head,
    path: &Path,
    name: &str,
    entity: Entity,
    builder: Builder,
    until: Instant,
) -> Result<(Part, Census), Error> {
    let damaged = |e: &dyn std::fmt::Display| Error::damaged(path, e);
    let batch = builder.finish().map_err(|e| damaged(&e))?;
    let keys = SortKeys::of(&batch).ok_or_else(|| damaged(&"its envelope is not as the schema says"))?;
    let order = keys.order();
    let mut buckets = vec![0u64; usize::from(BUCKETS)];
    for subject in keys.subject {
        buckets[usize::from(bucket_of(*subject))] += 1;
    }
    let row_groups = groups(&buckets, batch.num_rows());

    let file = durable::create(path)?;
    let failed = |e: parquet::errors::ParquetError| Error::io("write", path, io_of(e));
    // the schema in Arrow's own encoding would tie the bytes to a version of the library and tell nothing more
    let options = ArrowWriterOptions::new().with_properties(properties()).with_skip_arrow_metadata(true);
    let buffer = BufWriter::with_capacity(1 << 20, file);
    let mut writer = ArrowWriter::try_new_with_options(buffer, batch.schema(), options).map_err(failed)?;
    let mut at = 0;
    for group in &row_groups {
        let rows = buckets[usize::from(group.first)..=usize::from(group.last)].iter().sum::<u64>() as usize;
        let rows_of_group = UInt32Array::from(order[at..at + rows].to_vec());
        at += rows;
        let sorted = take_record_batch(&batch, &rows_of_group).map_err(|e| damaged(&e))?;
        writer.write(&sorted).map_err(failed)?;
        writer.flush().map_err(failed)?;
    }
    let buffer = writer.into_inner().map_err(failed)?;
    let file = buffer.into_inner().map_err(|e| Error::io("write", path, e.into_error()))?;
    file.sync_all().map_err(|e| Error::io("sync", path, e))?;
    drop(file);

    let census = keys.census(until);
    let bytes = std::fs::metadata(path).map_err(|e| Error::io("read", path, e))?.len();
    let chunk_bytes = chunk_bytes(bytes);
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    let hashes = hashes(file, chunk_bytes).map_err(|e| Error::io("read", path, e))?;
    let part = Part {
        path: name.to_owned(),
        entity: entity.word().to_owned(),
        rows: order.len() as u64,
        bytes,
        blake3: hashes.whole,
        chunk_bytes,
        chunks: hashes.chunks,
        row_groups,
        buckets,
    };
    if head.store.index.is_some() {
        derive(head, entity, &part, &batch, &order);
    }
    Ok((part, census))
}

/// Writes what is derived of a part while its entries are at hand; `order` is that of its rows.
fn derive(head: &Head, entity: Entity, part: &Part, batch: &RecordBatch, order: &[u32]) {
    let mut versions = Vec::with_capacity(order.len());
    read::arrived(batch, &mut versions);
    Ids::make(head, part, versions);
    let mut places = vec![0u32; order.len()];
    for (place, row) in order.iter().enumerate() {
        places[*row as usize] = place as u32;
    }
    let mut others = Vec::new();
    read::others_of(entity, batch, 0, &mut others);
    others.iter_mut().for_each(|(_, row)| *row = u64::from(places[*row as usize]));
    if let Some(keys) = SortKeys::of(batch) {
        let subjects: Vec<u64> = order.iter().map(|row| keys.subject[*row as usize]).collect();
        RowsOf::make(head, part, &subjects, others);
    }
}

/// What a part holds, counted.
#[derive(Debug, Default)]
pub(crate) struct Census {
    /// Entries by first day; `None` where unknown. Sorted.
    pub(crate) days: Vec<(Option<Day>, u64)>,
    /// The last instant or first moment of a day in it that is not after `until`.
    pub(crate) through: Option<Instant>,
}

struct SortKeys<'a> {
    subject: &'a [u64],
    id: &'a [u64],
    digest: &'a [u64],
    file: &'a [u32],
    line: &'a [u32],
    kind: &'a [u8],
    a: Option<&'a Int64Array>,
    b: Option<&'a Int64Array>,
}

impl<'a> SortKeys<'a> {
    fn of(batch: &'a RecordBatch) -> Option<SortKeys<'a>> {
        fn column<'a, T: 'static>(batch: &'a RecordBatch, name: &str) -> Option<&'a T> {
            batch.column_by_name(name)?.as_any().downcast_ref::<T>()
        }
        Some(SortKeys {
            subject: column::<UInt64Array>(batch, "subject")?.values(),
            id: column::<UInt64Array>(batch, "id")?.values(),
            digest: column::<UInt64Array>(batch, "digest")?.values(),
            file: column::<UInt32Array>(batch, "file")?.values(),
            line: column::<UInt32Array>(batch, "line")?.values(),
            kind: column::<UInt8Array>(batch, "valid_kind")?.values(),
            a: column(batch, "valid_a"),
            b: column(batch, "valid_b"),
        })
    }

    fn when(&self, row: usize) -> When {
        let number = |column: Option<&Int64Array>| column.filter(|c| c.is_valid(row)).map_or(0, |c| c.value(row));
        match self.kind[row] {
            1 => When::Instant(Instant(number(self.a))),
            2 => When::Day(Day(number(self.a) as i32)),
            3 => When::Range(Day(number(self.a) as i32), Day(number(self.b) as i32)),
            _ => When::Unknown,
        }
    }

    fn order(&self) -> Vec<u32> {
        let mut keys: Vec<(u64, u64, u32)> =
            self.subject.iter().zip(self.id).enumerate().map(|(row, (s, id))| (*s, *id, row as u32)).collect();
        let rest = |row: u32| {
            let row = row as usize;
            (self.when(row).order(), self.digest[row], self.file[row], self.line[row])
        };
        keys.sort_unstable_by(|x, y| {
            (x.0, x.1).cmp(&(y.0, y.1)).then_with(|| rest(x.2).cmp(&rest(y.2))).then(x.2.cmp(&y.2))
        });
        keys.into_iter().map(|key| key.2).collect()
    }

    fn census(&self, until: Instant) -> Census {
        let mut days = hashbrown::HashMap::<Option<Day>, u64>::new();
        let mut through = None;
        for row in 0..self.kind.len() {
            let when = self.when(row);
            *days.entry(when.first_day()).or_insert(0) += 1;
            let at = match when {
                When::Instant(at) => Some(at),
                When::Day(day) => Some(day.start()),
                When::Range(..) | When::Unknown => None,
            };
            through = through.max(at.filter(|at| *at <= until));
        }
        let mut days: Vec<_> = days.into_iter().collect();
        days.sort_unstable();
        Census { days, through }
    }
}

/// Row groups of whole buckets: one for a small part, up to one a bucket for a large one; none without rows.
fn groups(buckets: &[u64], rows: usize) -> Vec<RowGroup> {
    let wanted = if rows <= SMALL_ROWS { 1 } else { (rows / GROUP_ROWS).min(usize::from(BUCKETS)) };
    let wanted = if wanted.is_power_of_two() { wanted } else { wanted.next_power_of_two() / 2 };
    let width = buckets.len() / wanted.max(1);
    let mut out = Vec::new();
    for (group, counts) in buckets.chunks(width).enumerate() {
        if counts.iter().any(|n| *n > 0) {
            let first = (group * width) as u8;
            out.push(RowGroup { first, last: first + (width - 1) as u8 });
        }
    }
    out
}

/// Rows of a page: who reads one lead unpacks the pages it stands on, and no more.
const PAGE_ROWS: usize = 2_048;

fn properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by("lockstep".to_owned()) // not the library's version: the same entries make the same bytes
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_max_row_group_row_count(None);
    // hashes repeat too seldom for a dictionary and do not compress
    for name in ["id", "digest"] {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::None)
            .set_column_compression(ColumnPath::from(name), Compression::UNCOMPRESSED);
    }
    for name in ["subject", "line", "id_text", "valid_a"] {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    properties.build()
}

/// About 256 chunks a file, of 1 KiB to 64 KiB: small files are located finely, large ones do not fill the manifest.
pub(crate) fn chunk_bytes(bytes: u64) -> u64 {
    (bytes / 256).next_power_of_two().clamp(1 << 10, 1 << 16)
}

/// The hashes of a file's bytes.
pub(crate) struct Hashes {
    pub(crate) whole: String,
    pub(crate) chunks: String,
    pub(crate) bytes: u64,
}

/// Hashes all that can be read.
pub(crate) fn hashes(mut from: impl Read, chunk_bytes: u64) -> std::io::Result<Hashes> {
    let mut whole = blake3::Hasher::new();
    let mut chunks = String::new();
    let mut bytes = 0u64;
    let mut buffer = Vec::with_capacity(chunk_bytes as usize);
    loop {
        buffer.clear();
        let read = from.by_ref().take(chunk_bytes).read_to_end(&mut buffer)?;
        if read == 0 {
            return Ok(Hashes { whole: whole.finalize().to_hex().to_string(), chunks, bytes });
        }
        bytes += read as u64;
        whole.update(&buffer);
        chunks.push_str(&blake3::hash(&buffer).to_hex()[..16]);
    }
}

/// The writer's error, with the operating system's own kind where it holds one.
fn io_of(error: parquet::errors::ParquetError) -> std::io::Error {
    if let parquet::errors::ParquetError::External(cause) = error {
        return match cause.downcast::<std::io::Error>() {
            Ok(io) => *io,
            Err(other) => std::io::Error::other(other),
        };
    }
    std::io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_groups_cover_every_bucket_that_has_entries_once() {
        for rows in [1usize, 64, 16_384, 16_385, 65_536, 300_000, 1 << 20] {
            let mut buckets = vec![(rows / 64) as u64; 64];
            buckets[5] += (rows - rows / 64 * 64) as u64;
            let groups = groups(&buckets, rows);
            let held: u64 = groups.iter().flat_map(|g| &buckets[usize::from(g.first)..=usize::from(g.last)]).sum();
            assert_eq!(held, rows as u64);
            assert!(groups.windows(2).all(|g| g[0].last < g[1].first));
        }
        assert_eq!(groups(&vec![20_000; 64], 1_280_000).len(), 64);
    }

    #[test]
    fn chunks_are_fine_in_small_files_and_64_kib_in_large_ones() {
        assert_eq!(chunk_bytes(0), 1 << 10);
        assert_eq!(chunk_bytes(1 << 20), 1 << 12);
        assert_eq!(chunk_bytes(1 << 30), 1 << 16);
    }
}
