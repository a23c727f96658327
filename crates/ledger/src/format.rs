//! The file `format.json`, which says that a folder is a ledger and how it is written.
//!
//! Invariant: its bytes are fixed by the format's number, so that any change to it is seen.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Error;

/// The newest format that this version reads.
pub(crate) const FORMAT: u32 = 2;

/// The format of a ledger, and of a manifest, in which no batch is withdrawn: older versions read it.
pub(crate) const PLAIN: u32 = 1;

/// The name of the file.
pub(crate) const FILE: &str = "format.json";

#[derive(Serialize, Deserialize)]
struct Format {
    ledger: String,
    format: u32,
}

/// The bytes of the file for a format.
pub(crate) fn bytes(format: u32) -> Vec<u8> {
    format!("{{\"ledger\":\"lockstep\",\"format\":{format}}}\n").into_bytes()
}

/// The format of a ledger, from the bytes of the file; `path` is for messages.
pub(crate) fn read(path: &Path, found: &[u8]) -> Result<u32, Error> {
    let format: Format = serde_json::from_slice(found).map_err(|e| Error::damaged(path, e))?;
    if format.format > FORMAT {
        return Err(Error::newer_format(path, format.format, FORMAT));
    }
    if format.ledger != "lockstep" || format.format == 0 {
        return Err(Error::damaged(path, "it does not name a format of a ledger"));
    }
    Ok(format.format)
}
