//! The writers' lock: an advisory lock on the file `writer.lock` in the ledger's folder.
//!
//! It keeps a second import from working for an hour in vain, and tells a killed import's leftovers (nobody holds the
//! lock) from a running import's work. It is not what keeps the chain from forking: the create-if-absent of the
//! manifest does that, with or without locks.
//! Invariant: the operating system lets go of the lock when its process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::Error;

/// Held while a batch is written.
#[derive(Debug)]
pub(crate) struct WriterLock {
    file: File,
}

impl WriterLock {
    /// Takes the lock, or says that another writer has it.
    pub(crate) fn take(root: &Path) -> Result<WriterLock, Error> {
        let path = root.join("writer.lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| Error::io("open", &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(WriterLock { file }),
            Err(TryLockError::WouldBlock) => Err(Error::busy(root)),
            Err(TryLockError::Error(e)) => Err(Error::io("lock", &path, e)),
        }
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // closing is not enough: a child process that is just being started shares the open file until it executes
        let _ = self.file.unlock();
    }
}
