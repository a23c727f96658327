//! What can go wrong: only writing files.

use std::fmt;
use std::path::{Path, PathBuf};

/// A file could not be written.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Io(std::io::Error),
    Csv(csv::Error),
    Json(serde_json::Error),
    Zip(zip::result::ZipError),
}

impl Error {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::Io(_) | Kind::Zip(_) => "simulate.write",
            Kind::Csv(_) => "simulate.csv",
            Kind::Json(_) => "simulate.truth",
        }
    }

    /// What the operator can do.
    pub fn hint(&self) -> &'static str {
        "choose a folder that can be written and has room"
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
        move |e| Error { path: path.to_owned(), kind: Kind::Io(e) }
    }

    pub(crate) fn csv(path: &Path) -> impl FnOnce(csv::Error) -> Error + '_ {
        move |e| Error { path: path.to_owned(), kind: Kind::Csv(e) }
    }

    pub(crate) fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Error + '_ {
        move |e| Error { path: path.to_owned(), kind: Kind::Json(e) }
    }

    pub(crate) fn zip(path: &Path) -> impl FnOnce(zip::result::ZipError) -> Error + '_ {
        move |e| Error { path: path.to_owned(), kind: Kind::Zip(e) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", self.path.display())?;
        match &self.kind {
            Kind::Io(e) => e.fmt(f),
            Kind::Csv(e) => e.fmt(f),
            Kind::Json(e) => e.fmt(f),
            Kind::Zip(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match &self.kind {
            Kind::Io(e) => e,
            Kind::Csv(e) => e,
            Kind::Json(e) => e,
            Kind::Zip(e) => e,
        })
    }
}
