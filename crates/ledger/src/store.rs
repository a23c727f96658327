//! Reading the ledger's files.
//!
//! Here: whole files, ranges of files, names. Not here: writing, which needs fsync (see `durable`).
//! Invariant: a path is always relative to the ledger's root, with `/` between its parts; a read is done by the thread that asks, so
//! that no reader ever waits for a thread of somebody's runtime.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::Error;

/// The files of one ledger.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    root: PathBuf,
    /// Where derived files lie, if anywhere.
    pub(crate) index: Option<PathBuf>,
}

impl Store {
    /// The files under a folder, which must exist.
    pub(crate) fn local(root: &Path) -> Result<Store, Error> {
        let root = root.canonicalize().map_err(|e| Error::io("open", root, e))?;
        Ok(Store { root, index: None })
    }

    /// Where a file lies, for writing and for messages.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.root.clone() } else { self.root.join(name) }
    }

    /// A whole file, `None` where there is none.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io("read", &path, e)),
        }
    }

    /// Ranges of a file, as far as it goes; a missing file is a missing part.
    pub(crate) fn ranges(&self, name: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, Error> {
        let path = self.path(name);
        let failed = |e: std::io::Error| Error::io("read", &path, e);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::NotFound => return Err(Error::missing_part(&path)),
            Err(e) => return Err(failed(e)),
        };
        // what an index says of a part is no reason to ask for more memory than the file has bytes
        let size = file.metadata().map_err(failed)?.len();
        let mut out = Vec::with_capacity(ranges.len());
        for range in ranges {
            let length = range.end.min(size).saturating_sub(range.start);
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
            (&mut file).take(length).read_to_end(&mut bytes).map_err(failed)?;
            out.push(bytes.into());
        }
        Ok(out)
    }

    /// The names of the files directly in a folder, sorted; none where there is no such folder.
    pub(crate) fn files_in(&self, folder: &str) -> Result<Vec<String>, Error> {
        let path = self.path(folder);
        let failed = |e: std::io::Error| Error::io("list", &path, e);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(failed(e)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_file()
                && let Ok(name) = entry.file_name().into_string()
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}
