//! Writes that survive a power cut, on a local file system.
//!
//! `LocalFileSystem` of `object_store` does not fsync what it puts, so everything the ledger writes goes through here:
//! a file is synced before it is named by a manifest, and a folder is synced after a name appeared in it.
//! Assumed of the disk: fsync is honest, `link` is atomic and fails where the name is taken (POSIX). On systems where
//! a folder cannot be opened for syncing (Windows), syncing the folder is left out.
//! Invariant: no function here replaces or shortens an existing file.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::Error;

/// A new file for writing; fails where there is one.
pub(crate) fn create(path: &Path) -> Result<File, Error> {
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| Error::io("create", path, e))
}

/// Writes a new file and syncs it; its folder is the caller's to sync.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = create(path)?;
    file.write_all(bytes).map_err(|e| Error::io("write", path, e))?;
    file.sync_all().map_err(|e| Error::io("sync", path, e))
}

/// Makes the bytes appear under `path` whole or not at all, by way of the file `staged`; `false` where there is such a
/// file already.
pub(crate) fn create_whole(staged: &Path, path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    write(staged, bytes)?;
    let linked = fs::hard_link(staged, path);
    let _ = fs::remove_file(staged); // only a second name of the same bytes
    match linked {
        Ok(()) => {
            if let Some(folder) = path.parent() {
                sync_folder(folder)?;
            }
            Ok(true)
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(Error::io("create", path, e)),
    }
}

/// Makes a folder (there may be one) and syncs its parent.
pub(crate) fn folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|e| Error::io("create", path, e))?;
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => Ok(()),
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(path).and_then(|f| f.sync_all()).map_err(|e| Error::io("sync", path, e))?;
    }
    Ok(())
}
