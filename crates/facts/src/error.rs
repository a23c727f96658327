//! Why facts could not be read or built. Bad facts are never an answer: they are thrown away and built again.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why facts could not be read or built.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Io { path: PathBuf, verb: &'static str, cause: std::io::Error },
    Damaged { path: PathBuf, cause: String },
    OtherFormat { path: PathBuf, found: u32, known: u32 },
    TooMany { what: &'static str, limit: u64 },
    UnknownSubject(u64),
    Ledger { cause: String, code: &'static str, hint: Option<String> },
}

impl Error {
    pub(crate) fn io(path: &Path, verb: &'static str) -> impl FnOnce(std::io::Error) -> Error {
        move |cause| Error { kind: Kind::Io { path: path.to_owned(), verb, cause } }
    }

    pub(crate) fn damaged(path: &Path, cause: impl Into<String>) -> Error {
        Error { kind: Kind::Damaged { path: path.to_owned(), cause: cause.into() } }
    }

    pub(crate) fn other_format(path: &Path, found: u32, known: u32) -> Error {
        Error { kind: Kind::OtherFormat { path: path.to_owned(), found, known } }
    }

    pub(crate) const fn too_many(what: &'static str, limit: u64) -> Error {
        Error { kind: Kind::TooMany { what, limit } }
    }

    pub(crate) const fn unknown_subject(subject: u64) -> Error {
        Error { kind: Kind::UnknownSubject(subject) }
    }

    /// A stable word for this kind of error.
    pub const fn code(&self) -> &'static str {
        match &self.kind {
            Kind::Io { .. } => "io",
            Kind::Damaged { .. } => "damaged_facts",
            Kind::OtherFormat { .. } => "other_format",
            Kind::TooMany { .. } => "too_many",
            Kind::UnknownSubject(_) => "unknown_subject",
            Kind::Ledger { code, .. } => code,
        }
    }

    /// What can be done about it.
    pub fn hint(&self) -> Option<String> {
        match &self.kind {
            Kind::Io { .. } => {
                Some("check that the folder is there, can be written, and that the disk has room".into())
            }
            Kind::Damaged { .. } | Kind::OtherFormat { .. } => {
                Some("facts are derived: delete the folder, they are built again from the ledger".into())
            }
            Kind::TooMany { .. } => None,
            Kind::UnknownSubject(_) => Some("give the id of a lead, a contact or an opportunity of this head".into()),
            Kind::Ledger { hint, .. } => hint.clone(),
        }
    }

    /// Whether building the facts again is the cure.
    pub const fn wants_rebuild(&self) -> bool {
        matches!(&self.kind, Kind::Damaged { .. } | Kind::OtherFormat { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Io { path, verb, cause } => write!(f, "`{}`: could not {verb}: {cause}", path.display()),
            Kind::Damaged { path, cause } => write!(f, "`{}`: {cause}", path.display()),
            Kind::OtherFormat { path, found, known } => {
                write!(f, "`{}`: facts of format {found}, this version reads format {known}", path.display())
            }
            Kind::TooMany { what, limit } => write!(f, "`{what}`: more than {limit}"),
            Kind::UnknownSubject(subject) => write!(f, "`{subject:016x}`: nothing of this key belongs to a journey"),
            Kind::Ledger { cause, .. } => f.write_str(cause),
        }
    }
}

impl std::error::Error for Error {}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Error {
        Error { kind: Kind::Ledger { cause: error.to_string(), code: error.code(), hint: error.hint() } }
    }
}
