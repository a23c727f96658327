//! Reads every byte of a ledger and says whether it is what was written.
//!
//! In the order of the chain: the format, then for each batch its manifest (seal, place, the hash of the one before),
//! then each of its parts (size, whole hash, and where that differs, the first chunk that does).
//! Not seen by this alone: a chain that was cut off at its end, or rewritten whole; compare the head's hash with one that
//! was noted elsewhere.
//! Invariant: what is named is the first thing that is wrong, in that order.

use std::fmt;
use std::io;

use bytes::Bytes;

use crate::manifest::{self, GENESIS};
use crate::store::Store;
use crate::{Error, Part, format, ledger, locate, part};

/// What verifying came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is as it was written.
    Verified(Verified),
    /// Something is not; this is the first.
    Broken(Broken),
}

/// How much was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Batches.
    pub batches: u64,
    /// Files: the format, manifests and parts.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// The hash of the head.
    pub head: String,
}

/// The first thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The number of the batch, 0 for the format.
    pub seq: u64,
    /// The file, within the ledger.
    pub file: String,
    /// Where in the file, as closely as can be told.
    pub at: Option<Where>,
    /// What is wrong.
    pub why: String,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    /// The first byte that may be wrong.
    pub from: u64,
    /// The byte after the last that may be wrong.
    pub to: u64,
    /// What those bytes are: row groups with their columns, the footer; empty for a manifest.
    pub holds: Vec<String>,
}

impl fmt::Display for Broken {
    /// `batches/…/lead-0001.parquet:4096..8192: its bytes are not those that were written (row group 1, column source)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}", self.file)?;
        if let Some(at) = &self.at {
            write!(f, ":{}..{}", at.from, at.to)?;
        }
        write!(f, "`: {}", self.why)?;
        match &self.at {
            Some(at) if !at.holds.is_empty() => write!(f, " ({})", at.holds.join("; ")),
            _ => Ok(()),
        }
    }
}

pub(crate) fn verify(store: &Store) -> Result<Verdict, Error> {
    let mut run = Run { store, files: 0, bytes: 0 };
    match run.all() {
        Ok(head) => {
            Ok(Verdict::Verified(Verified { batches: head.0, files: run.files, bytes: run.bytes, head: head.1 }))
        }
        Err(Stop::Broken(broken)) => Ok(Verdict::Broken(*broken)),
        Err(Stop::Error(error)) => Err(error),
    }
}

struct Run<'s> {
    store: &'s Store,
    files: u64,
    bytes: u64,
}

enum Stop {
    Broken(Box<Broken>),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

fn broken(seq: u64, file: &str, at: Option<Where>, why: impl Into<String>) -> Stop {
    Stop::Broken(Box::new(Broken { seq, file: file.to_owned(), at, why: why.into() }))
}

fn whole(bytes: &Bytes) -> Option<Where> {
    Some(Where { from: 0, to: bytes.len() as u64, holds: Vec::new() })
}

impl Run<'_> {
    fn all(&mut self) -> Result<(u64, String), Stop> {
        let found = self.store.get(format::FILE)?;
        let found = found.ok_or_else(|| broken(0, format::FILE, None, "it is not there"))?;
        match format::read(&self.store.path(format::FILE), &found) {
            Ok(n) if found == format::bytes(n) => self.count(found.len() as u64),
            Err(e) if e.code() == "newer_format" && newer(&found) => return Err(e.into()),
            _ => return Err(broken(0, format::FILE, whole(&found), "it is not as it was written")),
        }
        let names = self.store.files_in("manifests")?;
        let mut previous = GENESIS.to_owned();
        for (at, name) in names.iter().enumerate() {
            let seq = at as u64 + 1;
            let expected = manifest::file_name(seq);
            if *name != expected {
                return Err(broken(seq, &format!("manifests/{expected}"), None, "it is not there"));
            }
            previous = self.batch(seq, &previous)?;
        }
        Ok((names.len() as u64, previous))
    }

    fn batch(&mut self, seq: u64, previous: &str) -> Result<String, Stop> {
        let name = format!("manifests/{}", manifest::file_name(seq));
        let bytes = self.store.get(&name)?.ok_or_else(|| broken(seq, &name, None, "it is not there"))?;
        let link = match ledger::link(self.store, seq, previous) {
            Ok(link) => link,
            // the seal of the one before was right, so it was replaced as a whole; this one only tells of it
            Err(e) if e.code() == "damaged" => return Err(broken(seq, &name, whole(&bytes), cause_of(&e))),
            Err(e) => return Err(e.into()),
        };
        self.count(bytes.len() as u64);
        for part in &link.manifest.parts {
            self.part(seq, part)?;
        }
        Ok(link.hash)
    }

    fn part(&mut self, seq: u64, part: &Part) -> Result<(), Stop> {
        let path = self.store.path(&part.path);
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(broken(seq, &part.path, None, "it is named by its manifest and is not there"));
            }
            Err(e) => return Err(Error::io("read", &path, e).into()),
        };
        let found = part::hashes(io::BufReader::with_capacity(1 << 20, file), part.chunk_bytes.max(1))
            .map_err(|e| Error::io("read", &path, e))?;
        if found.whole == part.blake3 && found.bytes == part.bytes {
            self.count(part.bytes);
            return Ok(());
        }
        let chunk = first_difference(&part.chunks, &found.chunks);
        let from = chunk as u64 * part.chunk_bytes;
        let to = (from + part.chunk_bytes).min(found.bytes.max(part.bytes));
        let why = if found.bytes == part.bytes {
            "its bytes are not those that were written".to_owned()
        } else {
            format!("it has {} bytes and was written with {}", found.bytes, part.bytes)
        };
        let holds = locate::holds(self.store, part, from..to);
        Err(broken(seq, &part.path, Some(Where { from, to, holds }), why))
    }

    fn count(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

/// Whether the bytes are exactly those of some later format, rather than a damaged digit.
fn newer(found: &[u8]) -> bool {
    (format::FORMAT + 1..format::FORMAT + 1000).any(|n| found == format::bytes(n))
}

/// The first chunk whose hash differs, or that only one of the two has.
fn first_difference(written: &str, found: &str) -> usize {
    let (mut written, mut found) = (written.as_bytes().chunks(16), found.as_bytes().chunks(16));
    let mut at = 0usize;
    loop {
        match (written.next(), found.next()) {
            (Some(a), Some(b)) if a == b => at += 1,
            (None, None) => return at.saturating_sub(1),
            _ => return at,
        }
    }
}

/// The cause alone, without the path that goes before it.
fn cause_of(error: &Error) -> String {
    let text = error.to_string();
    text.split_once("is damaged: ").map_or(text.clone(), |(_, cause)| cause.to_owned())
}
