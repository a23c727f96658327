//! Files beside the columns that the fold keeps for its next run: numbers or bytes behind the same header.
//!
//! Not here: what they hold. Invariant: as of columns, what is opened has passed its checksums.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use arrow::buffer::Buffer;

use super::file::{Extent, Mapping, RAW, write};
use crate::Error;

/// One file to be written into a folder, or taken over from another one.
pub(crate) struct Extra<'a> {
    name: PathBuf,
    content: Content<'a>,
}

enum Content<'a> {
    Bytes { bytes: Cow<'a, [u8]>, rows: usize },
    Linked(&'a Path),
}

impl<'a> Extra<'a> {
    pub fn new(name: impl Into<PathBuf>, bytes: Vec<u8>, rows: usize) -> Extra<'a> {
        Extra { name: name.into(), content: Content::Bytes { bytes: bytes.into(), rows } }
    }

    pub fn borrowed(name: impl Into<PathBuf>, bytes: &'a [u8], rows: usize) -> Extra<'a> {
        Extra { name: name.into(), content: Content::Bytes { bytes: bytes.into(), rows } }
    }

    /// The file that stands there already: linked, or copied where the file system cannot.
    pub fn linked(name: impl Into<PathBuf>, from: &'a Path) -> Extra<'a> {
        Extra { name: name.into(), content: Content::Linked(from) }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(&self.name);
        match &self.content {
            Content::Bytes { bytes, rows } => write(&path, RAW, *rows as u64, bytes, Extent::NONE),
            Content::Linked(from) => keep(from, &path),
        }
    }
}

/// The same file under another name.
pub(super) fn keep(from: &Path, to: &Path) -> Result<(), Error> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ())).map_err(Error::io(to, "write"))
}

/// A file, and how many records its header says it holds.
pub(crate) fn open_extra(path: &Path) -> Result<(usize, Buffer), Error> {
    let mapping = Mapping::open(path, RAW)?;
    Ok((mapping.rows, mapping.into_payload()))
}
