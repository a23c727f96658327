//! What kind of sales action an activity is, and which way it went.
//!
//! Here: the words of the ledger as small numbers, so that the fold compares numbers. Invariant: an unknown word is
//! `Other` or `Unknown`, never a guess.

use serde::{Deserialize, Serialize};

/// The kind of a sales action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ActivityKind {
    /// A phone call.
    Call = 0,
    /// A mail.
    Email = 1,
    /// A meeting, in person or not.
    Meeting = 2,
    /// Something written down.
    Note = 3,
    /// A piece of work that the source tells nothing more about.
    Task = 4,
    /// Any other word.
    Other = 5,
}

impl ActivityKind {
    /// The kind of a word of the ledger, in any case.
    pub fn parse(word: &str) -> ActivityKind {
        const WORDS: [(&str, ActivityKind); 5] = [
            ("call", ActivityKind::Call),
            ("email", ActivityKind::Email),
            ("meeting", ActivityKind::Meeting),
            ("note", ActivityKind::Note),
            ("task", ActivityKind::Task),
        ];
        let word = word.trim();
        WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map_or(ActivityKind::Other, |(_, kind)| *kind)
    }

    /// The glossary's word.
    pub const fn word(self) -> &'static str {
        match self {
            ActivityKind::Call => "call",
            ActivityKind::Email => "email",
            ActivityKind::Meeting => "meeting",
            ActivityKind::Note => "note",
            ActivityKind::Task => "task",
            ActivityKind::Other => "activity",
        }
    }
}

/// Who reached out to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Direction {
    /// The rep to the lead.
    Outbound = 0,
    /// The lead to the rep.
    Inbound = 1,
    /// Not recorded.
    Unknown = 2,
}

impl Direction {
    /// The direction of a word of the ledger, in any case.
    pub fn parse(word: &str) -> Direction {
        let word = word.trim();
        if word.eq_ignore_ascii_case("outbound") {
            Direction::Outbound
        } else if word.eq_ignore_ascii_case("inbound") {
            Direction::Inbound
        } else {
            Direction::Unknown
        }
    }

    /// The glossary's word, empty where not recorded.
    pub const fn word(self) -> &'static str {
        match self {
            Direction::Outbound => "outbound",
            Direction::Inbound => "inbound",
            Direction::Unknown => "",
        }
    }
}
