//! What can go wrong with the desk's file, and what to do about it.

use std::fmt;
use std::path::Path;

use rusqlite::ErrorCode;

/// An error of the desk: which file, what is wrong, and a hint.
#[derive(Debug)]
pub struct Error {
    path: String,
    kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    ReadOnly,
    DiskFull,
    Locked,
    Corrupt(String),
    NotADesk,
    NewerFormat { found: i64, known: i64 },
    MissingFolder,
    CannotOpen(String),
    BatchLost,
    NoChance(String),
    Store(String),
}

impl Error {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::ReadOnly => "read_only",
            Kind::DiskFull => "disk_full",
            Kind::Locked => "locked",
            Kind::Corrupt(_) => "corrupt",
            Kind::NotADesk => "not_a_desk",
            Kind::NewerFormat { .. } => "newer_format",
            Kind::MissingFolder => "missing_folder",
            Kind::CannotOpen(_) => "cannot_open",
            Kind::BatchLost => "batch_lost",
            Kind::NoChance(_) => "no_chance",
            Kind::Store(_) => "store",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match &self.kind {
            Kind::ReadOnly => "make the home folder and the files in it writable for this user, or choose another home",
            Kind::DiskFull => "free some space and run it again: nothing of the unfinished work was kept",
            Kind::Locked => "another Lockstep is writing (an import, the server): wait for it to end and run it again",
            Kind::Corrupt(_) => "restore the file from a backup; the ledger beside it is not affected",
            Kind::NotADesk => "choose another home folder: this file belongs to another program",
            Kind::NewerFormat { .. } => "upgrade Lockstep to the version that wrote it, or restore an older backup",
            Kind::MissingFolder => "make the home folder first",
            Kind::CannotOpen(_) => "check that the folder exists and that this user may write in it",
            Kind::BatchLost => "run the import again: nothing of it was kept",
            Kind::NoChance(_) | Kind::Store(_) => return None,
        };
        Some(text.to_owned())
    }

    pub(crate) fn at(mut self, path: &Path) -> Error {
        if self.path.is_empty() {
            self.path = path.display().to_string();
        }
        self
    }

    /// The error of a file operation outside of SQLite.
    pub(crate) fn file(cause: &std::io::Error) -> Error {
        use std::io::ErrorKind as Io;
        match cause.kind() {
            Io::PermissionDenied | Io::ReadOnlyFilesystem => Kind::ReadOnly,
            Io::StorageFull | Io::QuotaExceeded => Kind::DiskFull,
            Io::NotFound | Io::NotADirectory => Kind::MissingFolder,
            _ => Kind::CannotOpen(cause.to_string()),
        }
        .into()
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Error {
        Error { path: String::new(), kind }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Error {
        let text = cause.to_string();
        match cause.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Kind::ReadOnly,
            Some(ErrorCode::DiskFull) => Kind::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Locked,
            Some(ErrorCode::DatabaseCorrupt) => Kind::Corrupt(text),
            Some(ErrorCode::NotADatabase) => Kind::NotADesk,
            Some(ErrorCode::CannotOpen) => Kind::CannotOpen(text),
            _ => Kind::Store(text),
        }
        .into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", self.path)?;
        match &self.kind {
            Kind::ReadOnly => write!(f, "cannot be written"),
            Kind::DiskFull => write!(f, "the disk is full"),
            Kind::Locked => write!(f, "is being written by another process"),
            Kind::Corrupt(cause) => write!(f, "is damaged ({cause})"),
            Kind::NotADesk => write!(f, "is not a Lockstep desk"),
            Kind::NewerFormat { found, known } => {
                write!(f, "has format {found}, this version knows formats up to {known}")
            }
            Kind::MissingFolder => write!(f, "its folder does not exist"),
            Kind::CannotOpen(cause) => write!(f, "cannot be opened ({cause})"),
            Kind::BatchLost => write!(f, "the open batch was lost to an earlier error"),
            Kind::NoChance(cause) => write!(f, "the system gives no random numbers ({cause})"),
            Kind::Store(cause) => write!(f, "{cause}"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_sqlite(code: i32) -> Error {
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None).into()
    }

    #[test]
    fn every_failure_of_the_machine_has_its_code_and_a_hint() {
        use rusqlite::ffi;
        let cases = [
            (ffi::SQLITE_READONLY, "read_only"),
            (ffi::SQLITE_READONLY_DIRECTORY, "read_only"),
            (ffi::SQLITE_PERM, "read_only"),
            (ffi::SQLITE_FULL, "disk_full"),
            (ffi::SQLITE_BUSY, "locked"),
            (ffi::SQLITE_BUSY_SNAPSHOT, "locked"),
            (ffi::SQLITE_LOCKED, "locked"),
            (ffi::SQLITE_CORRUPT, "corrupt"),
            (ffi::SQLITE_NOTADB, "not_a_desk"),
            (ffi::SQLITE_CANTOPEN, "cannot_open"),
        ];
        for (number, code) in cases {
            let error = of_sqlite(number);
            assert_eq!(error.code(), code, "{number}");
            assert!(error.hint().is_some(), "{number}");
        }
        use std::io::ErrorKind as Io;
        for (kind, code) in [
            (Io::PermissionDenied, "read_only"),
            (Io::ReadOnlyFilesystem, "read_only"),
            (Io::StorageFull, "disk_full"),
            (Io::NotFound, "missing_folder"),
            (Io::IsADirectory, "cannot_open"),
        ] {
            assert_eq!(Error::file(&std::io::Error::from(kind)).code(), code, "{kind:?}");
        }
    }

    #[test]
    fn an_error_is_one_line_that_names_the_file() {
        let error = of_sqlite(rusqlite::ffi::SQLITE_FULL).at(Path::new("home/desk.sqlite")).at(Path::new("other"));
        assert_eq!(error.to_string(), "`home/desk.sqlite`: the disk is full");
    }
}
