//! The manifest of a batch: what it holds, from which files, and the hash of the manifest before it.
//!
//! On disk a manifest is `{"manifest":{…},` and a line with its seal, the hash of all bytes before that line. The hash
//! of the whole file is the hash of the head that the manifest makes.
//! Invariant: the same manifest has the same bytes; fields are only ever added, and those who lack them read a default.

use std::collections::BTreeMap;
use std::path::Path;

use entries::{FileCount, Ignored};
use serde::{Deserialize, Serialize};
use terms::Instant;

use crate::{Error, format};

/// What the manifest before the first is said to hash to.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What one batch holds and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format it is written in.
    pub format: u32,
    /// Its place in the chain, counted from 1.
    pub seq: u64,
    /// The BLAKE3 hash of the manifest file before, 64 zeros for the first.
    pub previous: String,
    /// The batch's id, which names its folder.
    pub id: String,
    /// When it was recorded, as the caller said.
    pub recorded_at: Instant,
    /// The version of the engine that wrote it.
    pub engine: String,
    /// From where it came, in the caller's words.
    pub source: String,
    /// The settings in force, by name.
    pub settings: BTreeMap<String, String>,
    /// The files it was read from; an entry's file number is its place in this list.
    pub files: Vec<ImportedFile>,
    /// How many rows were rejected.
    pub rejects: u64,
    /// Where the caller keeps the rejected rows, if there are any.
    pub rejects_file: Option<String>,
    /// How many entries, by the entity's word.
    pub counts: BTreeMap<String, u64>,
    /// How many entries by the entity's word and the first day (UTC) they can have happened, `unknown` where not known.
    pub days: BTreeMap<String, BTreeMap<String, u64>>,
    /// The last moment by which something had happened, see [`crate::Head::data_through`].
    pub data_through: Option<Instant>,
    /// The same by the entity's word.
    pub data_through_by_entity: BTreeMap<String, Instant>,
    /// Its Parquet files.
    pub parts: Vec<Part>,
    /// The batches before it that count no more from it on. A manifest that has any is of format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdraws: Vec<Withdrawal>,
}

/// A batch that is withdrawn: what it holds stays where it is, and counts no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The batch's number.
    pub seq: u64,
    /// Why, in the operator's words.
    pub reason: String,
}

/// One Parquet file of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path within the ledger.
    pub path: String,
    /// The word of the entity whose entries it holds.
    pub entity: String,
    /// How many entries.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// The BLAKE3 hash of the file, in hexadecimal.
    pub blake3: String,
    /// How many bytes each chunk has (the last may have fewer).
    pub chunk_bytes: u64,
    /// The first 8 bytes of each chunk's BLAKE3 hash, in hexadecimal, one after the other.
    pub chunks: String,
    /// Its row groups, in order.
    pub row_groups: Vec<RowGroup>,
    /// How many entries each of the 64 buckets has.
    pub buckets: Vec<u64>,
}

/// The buckets that a row group of a part holds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowGroup {
    /// The first bucket.
    pub first: u8,
    /// The last bucket.
    pub last: u8,
}

/// One file that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFile {
    /// What became of its rows.
    #[serde(with = "Counted")]
    pub count: FileCount,
    /// The hash of its content, as the caller computes it.
    pub content_hash: String,
    /// The hash of the mapping by which it was read, as the caller computes it.
    pub mapping_hash: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FileCount")]
struct Counted {
    file: String,
    mapping: String,
    rows: u64,
    used: u64,
    rejected: u64,
    #[serde(with = "ignored")]
    ignored: Vec<Ignored>,
    entries: Vec<(String, u64)>,
}

mod ignored {
    use super::{Deserialize, Ignored, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(rows: &[Ignored], to: S) -> Result<S::Ok, S::Error> {
        rows.iter().map(|i| (i.reason.as_str(), i.rows)).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'a, D: serde::Deserializer<'a>>(from: D) -> Result<Vec<Ignored>, D::Error> {
        let pairs = Vec::<(String, u64)>::deserialize(from)?;
        Ok(pairs.into_iter().map(|(reason, rows)| Ignored { reason, rows }).collect())
    }
}

const OPEN: &[u8] = b"{\"manifest\":";
const SEAL: &[u8] = b",\n\"seal\":\"";
const CLOSE: &[u8] = b"\"}\n";

/// The name of the manifest file of a batch.
pub(crate) fn file_name(seq: u64) -> String {
    format!("{seq:08}.json")
}

/// The bytes of the file.
pub(crate) fn bytes(manifest: &Manifest, path: &Path) -> Result<Vec<u8>, Error> {
    let mut out = OPEN.to_vec();
    serde_json::to_writer(&mut out, manifest).map_err(|e| Error::damaged(path, e))?;
    let seal = blake3::hash(&out).to_hex();
    out.extend_from_slice(SEAL);
    out.extend_from_slice(seal.as_bytes());
    out.extend_from_slice(CLOSE);
    Ok(out)
}

/// Reads the bytes of the file `path`, after checking its seal.
pub(crate) fn read(bytes: &[u8], path: &Path) -> Result<Manifest, Error> {
    let body = sealed(bytes).map_err(|cause| Error::damaged(path, cause))?;
    let manifest: Manifest = serde_json::from_slice(body).map_err(|e| Error::damaged(path, e))?;
    if manifest.format > format::FORMAT {
        return Err(Error::newer_format(path, manifest.format, format::FORMAT));
    }
    Ok(manifest)
}

/// The manifest's own bytes, if the seal is right.
fn sealed(bytes: &[u8]) -> Result<&[u8], &'static str> {
    let tail = SEAL.len() + 64 + CLOSE.len();
    let cut = bytes.len().checked_sub(tail).ok_or("it is too short for a manifest")?;
    let (head, tail) = bytes.split_at(cut);
    let body = head.strip_prefix(OPEN).ok_or("it does not begin as a manifest does")?;
    let seal = tail
        .strip_prefix(SEAL)
        .and_then(|rest| rest.strip_suffix(CLOSE))
        .ok_or("it does not end with its seal, as a manifest does")?;
    if seal != blake3::hash(head).to_hex().as_bytes() {
        return Err("its content is not what its seal says");
    }
    Ok(body)
}

impl Manifest {
    /// The parts that hold entries of this kind, in order.
    pub fn parts_of(&self, entity: terms::Entity) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.entity == entity.word())
    }
}
