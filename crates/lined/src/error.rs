//! A mistake and where it stands.

/// The text a document was read from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// All of it.
    pub text: &'a str,
    /// What it is called: a file's path.
    pub origin: &'a str,
}

impl Source<'_> {
    /// A mistake at a byte of the text.
    pub fn error(
        &self,
        place: impl Into<String>,
        at: usize,
        cause: impl std::fmt::Display,
        hint: impl Into<String>,
    ) -> Error {
        let head = self.text.as_bytes().get(..at).unwrap_or(self.text.as_bytes());
        let line = head.iter().filter(|b| **b == b'\n').count() + 1;
        Error { origin: self.origin.to_owned(), line, place: place.into(), cause: cause.to_string(), hint: hint.into() }
    }
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What the document is called.
    pub origin: String,
    /// Its line, from 1.
    pub line: usize,
    /// Keys from the outermost table on, such as `sales.first_attempt.within`; empty for the whole.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What to do about it.
    pub hint: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}:{}`: {}", self.origin, self.line, self.cause)
    }
}

impl std::error::Error for Error {}
