//! The one error of this crate: the facts could not be read, or the question names something that does not exist.
//!
//! Not here: refusals. Too little evidence is a result, see `report::Refusal`.

use std::fmt;

/// Why a question could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Facts(String),
    Column { grain: &'static str, name: String },
    Room(String),
    Width { name: String, predicate: &'static str },
    Claim { at: usize, read: String, expected: String, hint: String },
    Value { column: String, value: String, hint: String },
}

impl Error {
    /// A stable code: `analyses.facts`, `analyses.column`, `analyses.room`, `analyses.predicate`, `analyses.claim` or
    /// `analyses.value`.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::Facts(_) => "analyses.facts",
            Kind::Column { .. } => "analyses.column",
            Kind::Room(_) => "analyses.room",
            Kind::Width { .. } => "analyses.predicate",
            Kind::Claim { .. } => "analyses.claim",
            Kind::Value { .. } => "analyses.value",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match &self.kind {
            Kind::Facts(_) => None,
            Kind::Column { .. } => Some("the columns are listed in the catalogue of fact columns".to_owned()),
            Kind::Room(_) => {
                let names: Vec<&str> = crate::ROOMS.iter().map(|r| r.name).collect();
                Some(format!("the rooms are {}", names.join(", ")))
            }
            Kind::Width { .. } => Some("the evidence was written by another version".to_owned()),
            Kind::Claim { hint, .. } | Kind::Value { hint, .. } => Some(hint.clone()),
        }
    }

    pub(crate) fn facts(error: impl fmt::Display) -> Error {
        Error { kind: Kind::Facts(error.to_string()) }
    }

    pub(crate) fn column(grain: &'static str, name: &str) -> Error {
        Error { kind: Kind::Column { grain, name: name.to_owned() } }
    }

    pub(crate) fn room(name: &str) -> Error {
        Error { kind: Kind::Room(name.to_owned()) }
    }

    pub(crate) fn claim(at: usize, read: &str, expected: &str, hint: &str) -> Error {
        let [read, expected, hint] = [read, expected, hint].map(str::to_owned);
        Error { kind: Kind::Claim { at, read, expected, hint } }
    }

    pub(crate) fn value(column: &str, value: &str, hint: String) -> Error {
        Error { kind: Kind::Value { column: column.to_owned(), value: value.to_owned(), hint } }
    }

    pub(crate) fn predicate(name: &str, predicate: &'static str) -> Error {
        Error { kind: Kind::Width { name: name.to_owned(), predicate } }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Facts(cause) => write!(f, "facts: {cause}"),
            Kind::Column { grain, name } => write!(f, "`{name}`: no column of the grain {grain}"),
            Kind::Room(name) => write!(f, "`{name}`: no room of that name"),
            Kind::Width { name, predicate } => write!(f, "`{name}`: cannot be tested by {predicate}"),
            Kind::Claim { at, read, expected, .. } => write!(f, "character {at}: read `{read}`, expected {expected}"),
            Kind::Value { column, value, .. } => write!(f, "`{value}`: no {column} of that name is recorded"),
        }
    }
}

impl std::error::Error for Error {}
