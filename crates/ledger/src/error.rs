//! What can go wrong with a ledger: each cause with a stable code and, where there is one, what to do.
//!
//! Invariant: the message is one line, `path: cause`, and says nothing about what to do; the hint does.

use std::fmt;
use std::io;
use std::path::Path;

use terms::Instant;

/// Why the ledger could not do what was asked. Nothing that was committed before is affected by any of them.
#[derive(Debug)]
pub struct Error {
    kind: Box<Kind>,
}

#[derive(Debug)]
enum Kind {
    Io { verb: &'static str, path: String, cause: io::Error },
    NotALedger { path: String },
    ExistsAlready { path: String },
    NewerFormat { path: String, found: u32, known: u32 },
    Damaged { path: String, cause: String },
    MissingPart { path: String },
    Busy { path: String },
    LostRace { seq: u64 },
    KeyCollision { entity: &'static str, id: String },
    Mismatch { entity: &'static str, field: String, cause: String },
    ClockBehind { given: Instant, last: Instant },
    UnknownHead { asked: String },
    NotWithdrawable { seq: u64, code: &'static str, cause: String },
    BatchFailed,
    Foreign { path: String, cause: String },
}

impl Error {
    fn new(kind: Kind) -> Error {
        Error { kind: Box::new(kind) }
    }

    pub(crate) fn io(verb: &'static str, path: &Path, cause: io::Error) -> Error {
        Error::new(Kind::Io { verb, path: path.display().to_string(), cause })
    }

    pub(crate) fn not_a_ledger(path: &Path) -> Error {
        Error::new(Kind::NotALedger { path: path.display().to_string() })
    }

    pub(crate) fn exists_already(path: &Path) -> Error {
        Error::new(Kind::ExistsAlready { path: path.display().to_string() })
    }

    pub(crate) fn newer_format(path: &Path, found: u32, known: u32) -> Error {
        Error::new(Kind::NewerFormat { path: path.display().to_string(), found, known })
    }

    pub(crate) fn damaged(path: &Path, cause: impl fmt::Display) -> Error {
        Error::new(Kind::Damaged { path: path.display().to_string(), cause: one_line(&cause.to_string()) })
    }

    pub(crate) fn missing_part(path: &Path) -> Error {
        Error::new(Kind::MissingPart { path: path.display().to_string() })
    }

    pub(crate) fn busy(path: &Path) -> Error {
        Error::new(Kind::Busy { path: path.display().to_string() })
    }

    pub(crate) fn lost_race(seq: u64) -> Error {
        Error::new(Kind::LostRace { seq })
    }

    pub(crate) fn key_collision(entity: terms::Entity, id: &str) -> Error {
        Error::new(Kind::KeyCollision { entity: entity.word(), id: id.to_owned() })
    }

    pub(crate) fn wrong_kind(entity: terms::Entity, field: &str, cause: impl Into<String>) -> Error {
        Error::new(Kind::Mismatch { entity: entity.word(), field: field.to_owned(), cause: cause.into() })
    }

    pub(crate) fn clock_behind(given: Instant, last: Instant) -> Error {
        Error::new(Kind::ClockBehind { given, last })
    }

    pub(crate) fn unknown_head(asked: impl Into<String>) -> Error {
        Error::new(Kind::UnknownHead { asked: asked.into() })
    }

    pub(crate) fn unknown_batch(seq: u64, last: u64) -> Error {
        let cause = match last {
            0 => "there is no batch yet".to_owned(),
            _ => format!("there is no such batch, the last is {last}"),
        };
        Error::new(Kind::NotWithdrawable { seq, code: "unknown_batch", cause })
    }

    pub(crate) fn withdrawn_already(seq: u64, by: u64, reason: &str) -> Error {
        let cause = format!("is withdrawn already, by batch {by}: {}", one_line(reason));
        Error::new(Kind::NotWithdrawable { seq, code: "withdrawn_already", cause })
    }

    pub(crate) fn only_withdraws(seq: u64) -> Error {
        let cause = "holds nothing of its own, it withdraws another".to_owned();
        Error::new(Kind::NotWithdrawable { seq, code: "only_withdraws", cause })
    }

    pub(crate) fn batch_failed() -> Error {
        Error::new(Kind::BatchFailed)
    }

    pub(crate) fn foreign(path: &Path, cause: impl fmt::Display) -> Error {
        Error::new(Kind::Foreign { path: path.display().to_string(), cause: one_line(&cause.to_string()) })
    }

    /// The stable code of the cause, for programs.
    pub fn code(&self) -> &'static str {
        match &*self.kind {
            Kind::Io { cause, .. } => match cause.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => "disk_full",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "not_permitted",
                io::ErrorKind::NotFound => "not_found",
                _ => "io",
            },
            Kind::NotALedger { .. } => "not_a_ledger",
            Kind::ExistsAlready { .. } => "exists_already",
            Kind::NewerFormat { .. } => "newer_format",
            Kind::Damaged { .. } => "damaged",
            Kind::MissingPart { .. } => "missing_part",
            Kind::Busy { .. } => "ledger_busy",
            Kind::LostRace { .. } => "lost_race",
            Kind::KeyCollision { .. } => "key_collision",
            Kind::Mismatch { .. } => "wrong_kind",
            Kind::ClockBehind { .. } => "clock_behind",
            Kind::UnknownHead { .. } => "unknown_head",
            Kind::NotWithdrawable { code, .. } => code,
            Kind::BatchFailed => "batch_failed",
            Kind::Foreign { .. } => "foreign_parquet",
        }
    }

    /// What to do about it, where that can be said.
    pub fn hint(&self) -> Option<String> {
        let hint = match &*self.kind {
            Kind::Io { .. } => match self.code() {
                "disk_full" => "free some space on that disk and import again; what was committed before is untouched",
                "not_permitted" => "give the user that runs Lockstep the right to write there, or name another folder",
                _ => return None,
            },
            Kind::NotALedger { .. } => "name the folder of a ledger, or make a new one there",
            Kind::ExistsAlready { .. } => "open it, or name an empty folder",
            Kind::NewerFormat { .. } => "use the version of Lockstep that wrote it, or a later one",
            Kind::Damaged { .. } | Kind::MissingPart { .. } => "run verify, and restore the named file from a backup",
            Kind::Busy { .. } => "try again when the other import is done",
            Kind::LostRace { .. } => "import again; what the other writer added is then known",
            Kind::KeyCollision { .. } => {
                "give one of the two another source name in its mapping, so that its key differs"
            }
            Kind::ClockBehind { .. } => "set the machine's clock right and import again",
            Kind::UnknownHead { .. } => "list the batches to see which heads there are",
            Kind::NotWithdrawable { code: "only_withdraws", .. } => {
                "to have back what it withdrew, import those files again"
            }
            Kind::NotWithdrawable { .. } => "status lists the batches",
            Kind::Mismatch { .. } | Kind::BatchFailed | Kind::Foreign { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

/// Causes of other crates may have several lines; ours have one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Io { verb, path, cause } => write!(f, "`{path}`: could not {verb}: {}", one_line(&cause.to_string())),
            Kind::NotALedger { path } => write!(f, "`{path}`: is not a ledger, it has no `format.json`"),
            Kind::ExistsAlready { path } => write!(f, "`{path}`: there is a ledger already"),
            Kind::NewerFormat { path, found, known } => {
                write!(f, "`{path}`: has format {found}, this version reads formats up to {known}")
            }
            Kind::Damaged { path, cause } => write!(f, "`{path}`: is damaged: {cause}"),
            Kind::MissingPart { path } => write!(f, "`{path}`: is named by a manifest and is not there"),
            Kind::Busy { path } => write!(f, "`{path}`: another import is writing to this ledger"),
            Kind::LostRace { seq } => write!(f, "`batch {seq}`: another writer created it first"),
            Kind::KeyCollision { entity, id } => {
                write!(f, "`{entity} {id}`: its 64-bit key is already that of another {entity}")
            }
            Kind::Mismatch { entity, field, cause } => write!(f, "`{entity}.{field}`: {cause}"),
            Kind::ClockBehind { given, last } => {
                write!(f, "`{given}`: is before the last batch, which was recorded at {last}")
            }
            Kind::UnknownHead { asked } => write!(f, "`{asked}`: there is no such head in this ledger"),
            Kind::NotWithdrawable { seq, cause, .. } => write!(f, "`batch {seq}`: {cause}"),
            Kind::BatchFailed => write!(f, "`batch`: an earlier error ended it, it cannot be committed"),
            Kind::Foreign { path, cause } => write!(f, "`{path}`: cannot be read as flat Parquet: {cause}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            Kind::Io { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_read_only_one_say_so_and_what_to_do() {
        let full = Error::io("write", Path::new("a/b"), io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.code(), "disk_full");
        assert!(full.hint().is_some_and(|h| h.contains("free some space")));
        assert!(full.to_string().starts_with("`a/b`: could not write: "));
        let read_only = Error::io("create", Path::new("a"), io::Error::from(io::ErrorKind::ReadOnlyFilesystem));
        assert_eq!(read_only.code(), "not_permitted");
        assert!(read_only.hint().is_some());
    }

    #[test]
    fn a_cause_of_several_lines_becomes_one() {
        assert!(!Error::damaged(Path::new("x"), "a\n  b").to_string().contains('\n'));
    }
}
