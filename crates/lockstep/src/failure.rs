//! What stops a command: one line, a stable code, and what to do.

use std::path::Path;

/// An error on its way to the edge.
#[derive(Debug)]
pub struct Failure {
    /// A stable word.
    pub code: String,
    /// One line without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure of the front door itself.
    pub fn new(code: &str, message: impl Into<String>) -> Failure {
        Failure { code: code.to_owned(), message: message.into(), hint: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// A file or folder could not be used.
    pub fn io(path: &Path, verb: &str, cause: &std::io::Error) -> Failure {
        use std::io::ErrorKind;
        let (code, hint) = match cause.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                ("not_allowed", Some("check who owns it, or choose another folder with --home"))
            }
            ErrorKind::StorageFull => {
                ("disk_full", Some("free some space and run the same command again: nothing was lost"))
            }
            ErrorKind::NotFound => ("not_found", None),
            _ => ("io", None),
        };
        let failure = Failure::new(code, format!("`{}`: could not {verb}: {cause}", path.display()));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// As an envelope for `--json`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "error": { "code": self.code, "message": self.message, "hint": self.hint } })
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

macro_rules! from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Failure {
                Failure { code: error.code().to_string(), message: error.to_string(), hint: error.hint() }
            }
        }
    )*};
}

from!(import::Error, ledger::Error, desk::Error, facts::Error, analyses::Error);

impl From<simulate::Error> for Failure {
    fn from(error: simulate::Error) -> Failure {
        Failure { code: error.code().to_owned(), message: error.to_string(), hint: Some(error.hint().to_owned()) }
    }
}
