//! A piece: one table to read — a file, a member of an archive, or a sheet of a workbook.
//!
//! Here: finding the pieces of the paths given, what each is by its content, and opening it as a stream of bytes.
//! Not here: what its columns mean.
//! Invariant: a file that is no table is a piece with a problem, never dropped and never fatal. Only dot files and the
//! `__MACOSX` shadow folder of archives are passed over.

mod archive;
mod limited;
mod sniff;

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

pub(crate) use sniff::looks_like_prose;

use crate::{Error, Readers};

/// What a piece is, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Separated text.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// A JSON array of objects.
    JsonArray,
    /// A sheet of an XLSX workbook.
    Sheet,
    /// A Parquet file, read by an injected reader.
    Parquet,
    /// None of these; the piece says why.
    Unreadable,
}

#[derive(Clone, Debug)]
pub(crate) enum Source {
    File,
    Gz,
    Member {
        index: usize,
    },
    Sheet {
        sheet: String,
    },
    Parquet,
    /// Given in memory.
    Bytes(std::sync::Arc<[u8]>),
}

/// One table to read, or one file that is none.
#[derive(Clone, Debug)]
pub struct Piece {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    pub(crate) bytes: u64,
    pub(crate) hash: u128,
    pub(crate) problem: Option<Error>,
    pub(crate) source: Source,
    pub(crate) readers: Readers,
}

impl Piece {
    /// The file as given, with the member or sheet after `!`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file it is in.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the unpacked content (of the workbook for a sheet).
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A hash of the unpacked content (for a sheet: of the workbook and the sheet's name).
    pub fn content_hash(&self) -> u128 {
        self.hash
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Why it cannot be read, where it cannot.
    pub fn problem(&self) -> Option<&Error> {
        self.problem.as_ref()
    }

    /// A piece of bytes in memory, for tests and fuzzing.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Piece {
        let mut piece =
            Piece::at(name.to_owned(), PathBuf::from(name), Source::Bytes(bytes.into()), Readers::default());
        piece.look(bytes.len() as u64);
        piece
    }

    fn at(name: String, path: PathBuf, source: Source, readers: Readers) -> Piece {
        Piece { name, path, kind: Kind::Unreadable, bytes: 0, hash: 0, problem: None, source, readers }
    }

    fn fails(mut self, error: Error) -> Piece {
        self.kind = Kind::Unreadable;
        self.problem = Some(error);
        self
    }

    /// The last part of the name, in lower case, which mappings' globs are matched with.
    pub(crate) fn file_name(&self) -> String {
        let name = self.name.rsplit(['/', '\\', '!']).next().unwrap_or(&self.name);
        match &self.source {
            Source::Sheet { sheet } => {
                let book = self.path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
                format!("{book}!{sheet}").to_lowercase()
            }
            _ => name.to_lowercase(),
        }
    }

    /// Reads through the content once: size, hash and kind.
    fn look(&mut self, packed: u64) {
        let mut head = Vec::new();
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        let mut bytes = 0;
        let looked = self.with_bytes(Some(packed), &mut |reader| {
            let mut buffer = vec![0; 1 << 18];
            loop {
                let n = match reader.read(&mut buffer) {
                    Ok(0) => return Ok(()),
                    Ok(n) => n,
                    Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => continue,
                    Err(cause) => return Err(Error::io_named(&self.name, "read", &cause)),
                };
                hasher.update(&buffer[..n]);
                bytes += n as u64;
                if head.len() < sniff::SAMPLE {
                    head.extend_from_slice(&buffer[..n.min(sniff::SAMPLE - head.len())]);
                }
            }
        });
        self.bytes = bytes;
        self.hash = hasher.digest128();
        match looked.and_then(|()| sniff::kind(&self.name, &head)) {
            Ok(kind) => self.kind = kind,
            Err(error) => {
                self.kind = Kind::Unreadable;
                self.problem = Some(error);
            }
        }
    }

    /// Hands a stream of the unpacked bytes to `take`. `packed` bounds what may come out of an archive.
    pub(crate) fn with_bytes(
        &self,
        packed: Option<u64>,
        take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let open = || File::open(&self.path).map_err(|cause| Error::io(&self.path, "open", &cause));
        match &self.source {
            Source::Bytes(bytes) => take(&mut &bytes[..]),
            Source::File | Source::Sheet { .. } | Source::Parquet => take(&mut open()?),
            Source::Gz => {
                let file = open()?;
                let packed = packed.or_else(|| file.metadata().ok().map(|m| m.len())).unwrap_or(0);
                let unpacked = flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, file));
                take(&mut limited::Limited::new(unpacked, packed, &self.name))
            }
            Source::Member { index } => archive::with_member(&self.path, *index, &self.name, take),
        }
    }
}

/// Finds the pieces of these paths: files, folders (all files below, in order of name), archives, workbooks.
///
/// # Errors
/// Where a path given does not exist or a folder cannot be listed; what is wrong with one file is its piece's problem.
pub fn survey(paths: &[PathBuf], readers: &Readers) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    for path in paths {
        let meta = std::fs::metadata(path).map_err(|cause| {
            Error::io(path, "find", &cause).with_hint("give a file or a folder of exports that exists")
        })?;
        if meta.is_dir() {
            folder(path, readers, &mut pieces, &mut HashSet::new(), 0)?;
        } else {
            file(path, readers, &mut pieces);
        }
    }
    Ok(pieces)
}

const MAX_DEPTH: usize = 32;

fn folder(
    path: &Path,
    readers: &Readers,
    pieces: &mut Vec<Piece>,
    been: &mut HashSet<PathBuf>,
    depth: usize,
) -> Result<(), Error> {
    // links may lead back into a folder: each is looked into once
    if !been.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned())) {
        return Ok(());
    }
    let listed = std::fs::read_dir(path).map_err(|cause| Error::io(path, "list", &cause))?;
    let mut below = Vec::new();
    for item in listed {
        below.push(item.map_err(|cause| Error::io(path, "list", &cause))?.path());
    }
    below.sort();
    for path in below {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden || path.file_name().is_some_and(|name| name == "__MACOSX") {
            continue;
        }
        if path.is_dir() && depth < MAX_DEPTH {
            folder(&path, readers, pieces, been, depth + 1)?;
        } else {
            file(&path, readers, pieces);
        }
    }
    Ok(())
}

fn file(path: &Path, readers: &Readers, pieces: &mut Vec<Piece>) {
    let name = path.display().to_string();
    let piece = |source| Piece::at(name.clone(), path.to_owned(), source, *readers);
    // opening a pipe or a device would wait for ever
    if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        let error = Error::new("not_data", &name, "is no regular file");
        return pieces.push(piece(Source::File).fails(error));
    }
    let (head, packed) = match head(path) {
        Ok(found) => found,
        Err(error) => return pieces.push(piece(Source::File).fails(error)),
    };
    match sniff::container(&head) {
        sniff::Container::Gzip => {
            let mut piece = piece(Source::Gz);
            piece.look(packed);
            if piece.kind == Kind::Sheet || piece.kind == Kind::Parquet {
                let error =
                    Error::new("nested", &piece.name, "a packed workbook or Parquet file").with_hint("unpack it first");
                piece = piece.fails(error);
            }
            pieces.push(piece);
        }
        sniff::Container::Zip => archive::pieces(path, readers, packed, pieces),
        sniff::Container::Parquet => {
            let mut piece = piece(Source::Parquet);
            piece.look(packed);
            piece.kind = Kind::Parquet;
            piece.problem = None;
            if readers.parquet.is_none() {
                let error = Error::new("no_reader", &piece.name, "a Parquet file, which no reader was given for");
                piece = piece.fails(error);
            }
            pieces.push(piece);
        }
        sniff::Container::None => {
            let mut piece = piece(Source::File);
            piece.look(packed);
            pieces.push(piece);
        }
    }
}

fn head(path: &Path) -> Result<(Vec<u8>, u64), Error> {
    let file = File::open(path).map_err(|cause| Error::io(path, "open", &cause))?;
    let meta = file.metadata().map_err(|cause| Error::io(path, "look at", &cause))?;
    if !meta.is_file() {
        return Err(Error::new("not_data", &path.display().to_string(), "not a plain file"));
    }
    let mut head = Vec::new();
    file.take(16).read_to_end(&mut head).map_err(|cause| Error::io(path, "read", &cause))?;
    Ok((head, meta.len()))
}
