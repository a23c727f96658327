//! One derived file: a header, a directory, and a body of blocks that the directory holds checksums of.
//!
//! Header (all little-endian u64): magic, kind, stamp of the part, bytes of the directory, checksum of the directory
//! and of the header before it. Not here: what stands in directory and body.
//! Invariant: what [`Held::open`] returns has passed the checksum of header and directory, and is of this very part.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::SMALL_ROWS;
use crate::{Head, Part};

/// Raised when the layout changes; a file of another one is made again.
const MAGIC: u64 = u64::from_le_bytes(*b"LSINDEX1");
const HEADER: usize = 40;

/// The bytes of a derived file: mapped, or in memory where they were just made.
#[derive(Debug)]
pub(crate) enum Held {
    Mapped(memmap2::Mmap),
    Made(Vec<u8>),
}

impl Held {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Held::Mapped(map) => map,
            Held::Made(bytes) => bytes,
        }
    }

    /// The directory.
    pub(super) fn directory(&self) -> &[u8] {
        let length = number(self.bytes(), 24) as usize;
        self.bytes().get(HEADER..HEADER.saturating_add(length)).unwrap_or(&[])
    }

    /// What follows on the directory.
    pub(super) fn body(&self) -> &[u8] {
        let length = number(self.bytes(), 24) as usize;
        self.bytes().get(HEADER.saturating_add(length)..).unwrap_or(&[])
    }

    /// Maps the file of a part, if it is there, whole and of this part; or gives what was opened or made before.
    pub(super) fn open(head: &Head, part: &Part, kind: &'static str) -> Option<Arc<Held>> {
        if let Some(held) = head.derived.get(&part.path, kind) {
            return Some(held);
        }
        if part.rows < SMALL_ROWS {
            return None;
        }
        let file = File::open(path(head, part, kind)?).ok()?;
        #[allow(
            unsafe_code,
            reason = "a map of a file is only sound while nobody changes the file: derived files are written once \
            under another name and never changed after the rename"
        )]
        // SAFETY: see above; the map is only read.
        let map = unsafe { memmap2::Mmap::map(&file) }.ok()?;
        let held = Held::Mapped(map);
        let bytes = held.bytes();
        let same =
            number(bytes, 0) == MAGIC && number(bytes, 8) == kind_number(kind) && number(bytes, 16) == stamp(part);
        let whole = bytes.len() >= HEADER && checksum(bytes.get(..32)?, held.directory()) == number(bytes, 32);
        let held = (same && whole).then(|| Arc::new(held))?;
        head.derived.put(&part.path, kind, held.clone());
        Some(held)
    }

    /// A file of these two, kept in the folder of derived files where there is one. That it could not be written is no
    /// error: it is made again when it is asked for.
    pub(super) fn make(head: &Head, part: &Part, kind: &'static str, directory: &[u8], body: &[u8]) -> Arc<Held> {
        let mut bytes = Vec::with_capacity(HEADER + directory.len() + body.len());
        for n in [MAGIC, kind_number(kind), stamp(part), directory.len() as u64] {
            bytes.extend_from_slice(&n.to_le_bytes());
        }
        let sum = checksum(&bytes, directory);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes.extend_from_slice(directory);
        bytes.extend_from_slice(body);
        if part.rows >= SMALL_ROWS
            && let Some(path) = path(head, part, kind)
        {
            let _ = keep(&path, &bytes);
        }
        let held = Arc::new(Held::Made(bytes));
        if part.rows < SMALL_ROWS {
            // there may be thousands of small parts, and none of them has a file
            head.derived.put(&part.path, kind, held.clone());
        }
        held
    }
}

fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let staged = path.with_extension(format!("{}.new", std::process::id()));
    let written =
        File::create(&staged).and_then(|mut file| file.write_all(bytes)).and_then(|()| fs::rename(&staged, path));
    if written.is_err() {
        let _ = fs::remove_file(&staged);
    }
    written
}

/// The name under the folder of derived files: that of the part under `batches/`, with the kind at its end.
fn path(head: &Head, part: &Part, kind: &str) -> Option<PathBuf> {
    let root = head.store.index.as_ref()?;
    let name = part.path.strip_prefix("batches/")?;
    Some(root.join(name).with_extension(kind))
}

fn stamp(part: &Part) -> u64 {
    xxh3_64(part.blake3.as_bytes())
}

fn kind_number(kind: &str) -> u64 {
    xxh3_64(kind.as_bytes())
}

fn checksum(header: &[u8], directory: &[u8]) -> u64 {
    xxh3_64(directory) ^ xxh3_64(header).rotate_left(1)
}

/// The number at a byte, 0 where there is none.
pub(super) fn number(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// The number at a place of an array.
pub(super) fn nth(bytes: &[u8], n: usize) -> u64 {
    number(bytes, n * 8)
}

/// The first place of a sorted array of numbers, of `len` ones, for which this does not hold.
pub(super) fn partition(bytes: &[u8], len: usize, before: impl Fn(u64) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(nth(bytes, middle)) { low = middle + 1 } else { high = middle }
    }
    low
}
