//! Reading the ledger's files through `object_store`, without a runtime.
//!
//! Here: whole files, ranges of files, names. Not here: writing, which needs fsync (see `durable`).
//! Invariant: a path is always relative to the ledger's root, with `/` between its parts.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::executor::block_on;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::Error;

/// The files of one ledger.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    root: PathBuf,
    objects: Arc<dyn ObjectStore>,
    /// Where derived files lie, if anywhere.
    pub(crate) index: Option<PathBuf>,
}

impl Store {
    /// The files under a folder, which must exist.
    pub(crate) fn local(root: &Path) -> Result<Store, Error> {
        let root = root.canonicalize().map_err(|e| Error::io("open", root, e))?;
        let objects = LocalFileSystem::new_with_prefix(&root).map_err(|e| Error::io("open", &root, other(e)))?;
        Ok(Store { root, objects: Arc::new(objects), index: None })
    }

    /// Where a file lies, for writing and for messages.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.root.clone() } else { self.root.join(name) }
    }

    /// A whole file, `None` where there is none.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        let read = block_on(async { self.objects.get(&ObjectPath::from(name)).await?.bytes().await });
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(Error::io("read", &self.path(name), other(e))),
        }
    }

    /// Ranges of a file; a missing file is a missing part.
    pub(crate) fn ranges(&self, name: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, Error> {
        match block_on(self.objects.get_ranges(&ObjectPath::from(name), ranges)) {
            Ok(bytes) => Ok(bytes),
            Err(object_store::Error::NotFound { .. }) => Err(Error::missing_part(&self.path(name))),
            Err(e) => Err(Error::io("read", &self.path(name), other(e))),
        }
    }

    /// The names of the files directly in a folder, sorted; none where there is no such folder.
    pub(crate) fn files_in(&self, folder: &str) -> Result<Vec<String>, Error> {
        let listed = block_on(self.objects.list_with_delimiter(Some(&ObjectPath::from(folder))));
        let listed = listed.map_err(|e| Error::io("list", &self.path(folder), other(e)))?;
        let mut names: Vec<String> =
            listed.objects.iter().filter_map(|o| o.location.filename()).map(str::to_owned).collect();
        names.sort_unstable();
        Ok(names)
    }
}

/// An object store's error as an input/output error, with the operating system's own kind where it holds one.
fn other(error: object_store::Error) -> std::io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<std::io::Error>() {
            let text = io.to_string();
            return std::io::Error::new(io.kind(), text);
        }
        cause = found.source();
    }
    std::io::Error::other(error)
}
