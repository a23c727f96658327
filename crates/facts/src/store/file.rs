//! One column in one file: a header of 64 bytes, then the values as a raw little-endian array, mapped into memory.
//!
//! Header: magic (8), format u32, width u8 and 3 zeros, rows u64, checksum of the values u64, smallest and largest
//! recorded value as i64 (smallest > largest: none recorded), how many are recorded u64, checksum of the header u64.
//! Not here: which columns there are, and dictionaries' texts. Invariant: what is mapped has passed both checksums.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use arrow::buffer::{Buffer, ScalarBuffer};
use tallies::{Data, Width};
use xxhash_rust::xxh3::xxh3_64;

use crate::Error;

/// The version of the files. A file of another version is built again.
pub const FORMAT: u32 = 10;
const MAGIC: [u8; 8] = *b"LSFACTS\n";
const HEADER: usize = 64;
/// The width byte of a file of texts or of flags of rows.
pub(crate) const RAW: u8 = 255;

/// The values of one column, mapped from its file.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Code(ScalarBuffer<u32>),
    Small(ScalarBuffer<u8>),
    I32(ScalarBuffer<i32>),
    I64(ScalarBuffer<i64>),
    Key(ScalarBuffer<u64>),
    U32(ScalarBuffer<u32>),
}

/// The smallest and the largest recorded value, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub min: i64,
    pub max: i64,
    pub recorded: u64,
}

impl Extent {
    /// Of no value.
    pub const NONE: Extent = Extent { min: i64::MAX, max: i64::MIN, recorded: 0 };

    fn of(values: impl Iterator<Item = i64>) -> Extent {
        values.fold(Extent::NONE, |e, v| Extent { min: e.min.min(v), max: e.max.max(v), recorded: e.recorded + 1 })
    }

    /// Of both.
    pub fn and(self, other: Extent) -> Extent {
        Extent { min: self.min.min(other.min), max: self.max.max(other.max), recorded: self.recorded + other.recorded }
    }
}

/// The byte that stands for a width.
pub(crate) const fn tag(width: Width) -> u8 {
    match width {
        Width::Code => 1,
        Width::Small => 2,
        Width::Minutes => 3,
        Width::Days => 4,
        Width::Count => 5,
        Width::Money => 6,
        Width::Key => 7,
        Width::Number => 8,
    }
}

/// Writes one column; the caller has the folder renamed into place when all are written.
pub(crate) fn write_column(path: &Path, width: Width, data: &Data) -> Result<(), Error> {
    macro_rules! bytes {
        ($v:expr) => {{
            let buffer = Buffer::from_slice_ref($v.as_slice());
            (buffer, $v.len())
        }};
    }
    let ((buffer, rows), extent) = match data {
        Data::Code(v, _) => (bytes!(v), Extent::of(v.iter().filter(|x| **x != 0).map(|x| i64::from(*x)))),
        Data::Small(v) => (bytes!(v), Extent::of(v.iter().filter(|x| **x != 255).map(|x| i64::from(*x)))),
        Data::I32(v) => (bytes!(v), Extent::of(v.iter().filter(|x| **x != i32::MIN).map(|x| i64::from(*x)))),
        Data::I64(v) => (bytes!(v), Extent::of(v.iter().filter(|x| **x != i64::MIN).copied())),
        Data::Key(v) => (bytes!(v), Extent::of(v.iter().filter(|x| **x != 0).map(|x| *x as i64))),
        Data::U32(v) => (bytes!(v), Extent::of(v.iter().map(|x| i64::from(*x)))),
    };
    write(path, tag(width), rows as u64, &buffer, extent)
}

/// Writes a header and its payload.
pub(crate) fn write(path: &Path, width: u8, rows: u64, payload: &[u8], extent: Extent) -> Result<(), Error> {
    let mut header = [0u8; HEADER];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(slot) = header.get_mut(at..at + bytes.len()) {
            slot.copy_from_slice(bytes);
        }
    };
    put(0, &MAGIC);
    put(8, &FORMAT.to_le_bytes());
    put(12, &[width]);
    put(16, &rows.to_le_bytes());
    put(24, &xxh3_64(payload).to_le_bytes());
    put(32, &extent.min.to_le_bytes());
    put(40, &extent.max.to_le_bytes());
    put(48, &extent.recorded.to_le_bytes());
    let sum = xxh3_64(&header[..56]);
    header[56..].copy_from_slice(&sum.to_le_bytes());
    let mut file = File::create(path).map_err(Error::io(path, "create"))?;
    file.write_all(&header).and_then(|()| file.write_all(payload)).map_err(Error::io(path, "write"))
}

/// A mapped file that has passed its checksums.
pub(crate) struct Mapping {
    pub rows: usize,
    pub extent: Extent,
    buffer: Buffer,
}

impl Mapping {
    /// Maps a file and checks it.
    pub fn open(path: &Path, width: u8) -> Result<Mapping, Error> {
        let file = File::open(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::damaged(path, "the file is missing"),
            _ => Error::io(path, "open")(e),
        })?;
        let size = file.metadata().map_err(Error::io(path, "read"))?.len();
        if size < HEADER as u64 {
            return Err(Error::damaged(path, "the file is cut short"));
        }
        #[allow(
            unsafe_code,
            reason = "a map of a file is only sound while nobody changes the file: files of facts are \
            written once under another name and never changed after the rename"
        )]
        // SAFETY: see above; the map is only read.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(Error::io(path, "map"))?;
        let number =
            |at: usize| -> u64 { map.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes) };
        if map.get(..8) != Some(&MAGIC[..]) {
            return Err(Error::damaged(path, "it is not a file of facts"));
        }
        let format = number(8) as u32;
        if format != FORMAT {
            return Err(Error::other_format(path, format, FORMAT));
        }
        if map.get(..56).map(xxh3_64) != Some(number(56)) {
            return Err(Error::damaged(path, "the header fails its checksum"));
        }
        if map.get(12) != Some(&width) {
            return Err(Error::damaged(path, "it holds values of another width"));
        }
        if map.get(HEADER..).map(xxh3_64) != Some(number(24)) {
            return Err(Error::damaged(path, "the values fail their checksum"));
        }
        let rows = number(16) as usize;
        let extent = Extent { min: number(32) as i64, max: number(40) as i64, recorded: number(48) };
        #[cfg(unix)]
        #[allow(
            unsafe_code,
            reason = "giving pages back is only unsafe for maps that were written to: these are read alone"
        )]
        // SAFETY: the map is of a file and only read, so what is asked for again is read from the file again.
        unsafe {
            // all of it was read for its checksum; columns that nobody asks for take no memory. Where that fails, they do
            let _ = map.unchecked_advise(memmap2::UncheckedAdvice::DontNeed);
        }
        let buffer = Buffer::from(bytes::Bytes::from_owner(map)).slice(HEADER);
        Ok(Mapping { rows, extent, buffer })
    }

    /// The bytes after the header.
    pub fn payload(&self) -> &[u8] {
        self.buffer.as_slice()
    }

    /// The payload, which holds on to the map.
    pub fn into_payload(self) -> Buffer {
        self.buffer
    }

    /// The payload as values of a width.
    pub fn values(self, path: &Path, width: Width) -> Result<Values, Error> {
        let size = match width {
            Width::Small => 1,
            Width::Code | Width::Minutes | Width::Days | Width::Count | Width::Number => 4,
            Width::Money | Width::Key => 8,
        };
        if self.rows.checked_mul(size) != Some(self.buffer.len()) {
            return Err(Error::damaged(path, "it holds another number of rows than its header says"));
        }
        let (buffer, rows) = (self.buffer, self.rows);
        Ok(match width {
            Width::Code => Values::Code(ScalarBuffer::new(buffer, 0, rows)),
            Width::Small => Values::Small(ScalarBuffer::new(buffer, 0, rows)),
            Width::Minutes | Width::Days | Width::Count => Values::I32(ScalarBuffer::new(buffer, 0, rows)),
            Width::Money => Values::I64(ScalarBuffer::new(buffer, 0, rows)),
            Width::Key => Values::Key(ScalarBuffer::new(buffer, 0, rows)),
            Width::Number => Values::U32(ScalarBuffer::new(buffer, 0, rows)),
        })
    }
}
