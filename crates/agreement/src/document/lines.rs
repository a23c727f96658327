//! The canonical form of a document: one line for each thing it says, by its place.
//!
//! Comments, spaces, the order of keys and how a value was written are not in it; all that changes what the document
//! means is. Invariant: two documents have the same hash exactly if they have the same lines.

use std::collections::BTreeMap;

/// What a document says: value by place, such as `sales.first_attempt.within`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<String, String>);

impl Lines {
    pub(super) fn say(&mut self, place: &str, value: impl std::fmt::Display) {
        self.0.insert(place.to_owned(), value.to_string());
    }

    /// Place and value, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(place, value)| (place.as_str(), value.as_str()))
    }

    /// The value at a place.
    pub fn get(&self, place: &str) -> Option<&str> {
        self.0.get(place).map(String::as_str)
    }

    /// BLAKE3 over all lines, each with its length before it.
    pub fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"lockstep agreement 1\n");
        for (place, value) in &self.0 {
            for part in [place, value] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        *hasher.finalize().as_bytes()
    }
}

/// A name as one part of a place: as it is where it is plain, else in quotes, so that no two places are written alike.
pub(super) fn part(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '%');
    if !name.is_empty() && name.chars().all(is_plain) { name.to_owned() } else { format!("{name:?}") }
}

/// The parts of a place, as they are read.
pub(super) fn parts(place: &str) -> Vec<&str> {
    let (mut out, mut from, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, c) in place.char_indices() {
        match c {
            '"' if !is_escaped => is_quoted = !is_quoted,
            '.' if !is_quoted => {
                out.push(&place[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    out.push(&place[from..]);
    out
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub place: String,
    /// What the first says there.
    pub before: Option<String>,
    /// What the second says there.
    pub after: Option<String>,
}

/// What differs, in the order of places.
pub fn changes(before: &Lines, after: &Lines) -> Vec<Change> {
    let mut places: Vec<&String> = before.0.keys().chain(after.0.keys()).collect();
    places.sort_unstable();
    places.dedup();
    places
        .into_iter()
        .map(|place| Change {
            place: place.clone(),
            before: before.0.get(place).cloned(),
            after: after.0.get(place).cloned(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}
