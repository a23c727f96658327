//! What stops an import: a file that cannot be read, a mapping that is wrong, a column that would have to be guessed.
//!
//! Not here: bad rows, which are rejects and stop nothing.
//! Invariant: a code never changes its meaning; the message is one line, and what to do is apart in the hint.

use std::path::Path;

/// An error of import.
#[derive(Clone, Debug)]
pub struct Error {
    kind: Box<Kind>,
}

#[derive(Clone, Debug)]
struct Kind {
    code: &'static str,
    message: String,
    hint: Option<String>,
}

impl Error {
    /// A stable word for this kind of error: `ambiguous_dates`, `mapping`, `io`, ...
    pub fn code(&self) -> &'static str {
        self.kind.code
    }

    /// What to do about it, where something can be done.
    pub fn hint(&self) -> Option<String> {
        self.kind.hint.clone()
    }

    /// An error of whoever takes the entries or knows the people, on its way through import.
    pub fn outside(code: &'static str, message: impl Into<String>, hint: Option<String>) -> Error {
        Error { kind: Box::new(Kind { code, message: one_line(message.into()), hint }) }
    }

    pub(crate) fn new(code: &'static str, subject: &str, cause: impl std::fmt::Display) -> Error {
        Error::outside(code, format!("`{subject}`: {cause}"), None)
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Error {
        self.kind.hint = Some(hint.into());
        self
    }

    pub(crate) fn io(path: &Path, verb: &str, cause: &std::io::Error) -> Error {
        Error::io_named(&path.display().to_string(), verb, cause)
    }

    pub(crate) fn io_named(subject: &str, verb: &str, cause: &std::io::Error) -> Error {
        if let Some(inner) = cause.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            return inner.clone(); // one of ours that travelled through a reader
        }
        Error::new("io", subject, format!("could not {verb}: {cause}"))
    }

    /// The same error for a `Read` that can only give an `io::Error`.
    pub(crate) fn through_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }
}

fn one_line(mut text: String) -> String {
    if text.contains(['\n', '\r']) {
        text = text.split(['\n', '\r']).map(str::trim).filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
    }
    text
}

impl From<lined::Error> for Error {
    /// What is wrong with a mapping.
    fn from(wrong: lined::Error) -> Error {
        Error::new("mapping", &format!("{}:{}", wrong.origin, wrong.line), wrong.cause).with_hint(wrong.hint)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_its_hint_apart() {
        let error = Error::new("io", "a.csv", "first\n  second").with_hint("do this");
        assert_eq!(error.to_string(), "`a.csv`: first second");
        assert_eq!(error.hint().as_deref(), Some("do this"));
    }

    #[test]
    fn ours_survives_a_journey_through_a_reader() {
        let io = Error::new("unpacked_too_large", "a.zip", "too large").through_io();
        assert_eq!(Error::io_named("a.zip", "read", &io).code(), "unpacked_too_large");
    }
}
