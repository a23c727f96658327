//! What pages ask, and the plain values they are answered with.
//!
//! Not here: how an answer is found. Invariant: nothing in these values names a person.

use serde::Serialize;

use super::{DisputeLine, Reason, Said};

/// A room with a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Room {
    /// Why revenue moved.
    Verdict,
    /// How far leads get.
    Funnel,
    /// Lead quality apart from skill.
    Quality,
    /// What speed does.
    Followup,
    /// What each side owes the other.
    Scorecard,
}

impl Room {
    /// All of them, in reading order.
    pub const ALL: [Room; 5] = [Room::Verdict, Room::Funnel, Room::Quality, Room::Followup, Room::Scorecard];

    /// Its word in addresses and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Room::Verdict => "verdict",
            Room::Funnel => "funnel",
            Room::Quality => "quality",
            Room::Followup => "followup",
            Room::Scorecard => "scorecard",
        }
    }

    /// The room of a word.
    pub fn parse(word: &str) -> Option<Room> {
        Room::ALL.into_iter().find(|room| room.word() == word)
    }
}

/// A question to a room, as it stands in an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The room.
    pub room: Room,
    /// The period as written; the last full quarter where none is.
    pub period: Option<String>,
    /// What it is compared with, as written; the period before where nothing is.
    pub against: Option<String>,
}

/// A claim as its form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClaimAsked {
    /// A saved claim's name; the rest is empty then.
    pub name: String,
    /// The filter.
    pub filter: String,
    /// The metric's word.
    pub metric: String,
    /// `below` or `above`.
    pub side: String,
    /// What with.
    pub against: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind of trouble.
    pub kind: TroubleKind,
    /// A stable word.
    pub code: String,
    /// One line without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Whose trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// What was asked cannot be read.
    Asked,
    /// There is no such thing.
    Missing,
    /// The machine's.
    Ours,
}

/// A table of words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// What stands in it.
    pub title: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Cells, as long as the heads.
    pub rows: Vec<Vec<Text>>,
    /// Said below it.
    pub note: String,
}

/// A cell: words, and where they lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The words.
    pub words: String,
    /// An address within these pages.
    pub link: Option<String>,
}

impl From<String> for Text {
    fn from(words: String) -> Text {
        Text { words, link: None }
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Text {
        words.to_owned().into()
    }
}

/// A clock of one lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// The id of the lead in the CRM.
    pub lead: String,
    /// As which owner the CRM has it; empty where it names none.
    pub owner: String,
    /// `sales` or `marketing`.
    pub team: String,
    /// The clause in words.
    pub clause: String,
    /// Minutes of 1970 at which it started.
    pub started: i64,
    /// The first minute that is too late.
    pub late_from: Option<i64>,
}

/// The clocks that still run, and those that ran out with nothing done yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// Nothing was done and the time is over, the last to run out first.
    pub late: Vec<Clock>,
    /// The time still runs, the next first.
    pub running: Vec<Clock>,
    /// As of which minute of 1970 clocks stand: now, where the records are fresh enough to tell; else the newest record.
    pub as_of: i64,
    /// Until when the records of other systems go, in minutes of 1970.
    pub records_to: i64,
    /// In force then, in words; `None` where no agreement is.
    pub agreement: Option<String>,
}

/// One line of a lead's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// When, in words.
    pub when: String,
    /// What happened.
    pub what: String,
    /// What it did to the facts.
    pub effect: String,
    /// File and line.
    pub place: String,
}

/// A lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeadPage {
    /// Its id in the CRM.
    pub id: String,
    /// As which owner the CRM has it.
    pub owner: String,
    /// Where it stands: the word of its stage; empty where that is not known.
    pub stage: String,
    /// Its clocks that run, and those that ran out with nothing done.
    pub clocks: Vec<Clock>,
    /// Why it can be turned down, by the agreement in force.
    pub reasons: Vec<Reason>,
    /// What was recorded here and is on its way to the ledger.
    pub waiting: Vec<String>,
    /// What was said about it.
    pub said: Vec<Said>,
    /// Disputes about it.
    pub disputes: Vec<DisputeLine>,
    /// What happened, in order.
    pub lines: Vec<Line>,
    /// The rules of its score: when, rule, points, why. Empty where nothing scores it.
    pub score: Option<Listing>,
}

/// Which leads are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadsAsked {
    /// A filter such as `source = Webinar and created in 2026Q3`; empty for all.
    pub filter: String,
    /// The word of the stage where they stand; empty for any.
    pub stage: String,
    /// As which owner the CRM has them; empty for any.
    pub owner: String,
    /// Where the page before ended; empty for the first.
    pub after: String,
    /// How many at most.
    pub most: usize,
}

/// A lead in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeadLine {
    /// Its id in the CRM.
    pub id: String,
    /// When it was created, in words.
    pub created: String,
    /// The word of its stage.
    pub stage: String,
    /// Where it came from.
    pub source: String,
    /// Its segment.
    pub segment: String,
    /// As which owner the CRM has it.
    pub owner: String,
    /// When sales first tried to reach it, in words; empty where it did not.
    pub tried: String,
}

/// Leads, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeadsPage {
    /// The leads.
    pub leads: Vec<LeadLine>,
    /// Where the next page begins; empty where this is the last.
    pub next: String,
    /// Leads that fit and of which no time is known: they stand in no list by time.
    pub undated: u64,
}

/// Where a version of the agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Proposed and not signed by all.
    Proposed,
    /// Signed, and its time has not come.
    Agreed,
    /// In force.
    InForce,
    /// It was in force.
    Past,
    /// Declined or voided.
    Declined,
}

/// A signature, or its absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Whose, in words.
    pub party: String,
    /// The party's word: `sales`, `marketing`, `leadership`.
    pub word: String,
    /// In which roles somebody may give it.
    pub roles: Vec<String>,
    /// By which role and when, in words; empty where it is missing.
    pub given: String,
}

/// A version of the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionLine {
    /// Its number.
    pub number: usize,
    /// Where it stands.
    pub standing: Standing,
    /// Where it stands, in words.
    pub state: String,
    /// The first digits of its hash.
    pub hash: String,
    /// The signatures it needs.
    pub signatures: Vec<Signature>,
    /// Its text, to be read aloud.
    pub text: String,
    /// What it changes against the version in force, a sentence each; empty for that one itself and for those before.
    pub changes: Vec<String>,
}

/// A claim that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavedLine {
    /// Its name.
    pub name: String,
    /// By which team.
    pub team: String,
    /// What is claimed, in words.
    pub words: String,
    /// When it was saved, in words.
    pub saved: String,
    /// Whether its period was still open then.
    pub is_early: bool,
}

/// What the ledger holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LedgerPage {
    /// The number of its last batch.
    pub head: u64,
    /// The hash of the head.
    pub hash: String,
    /// Until when its records go.
    pub through: String,
    /// Whether every row is accounted for, in words.
    pub completeness: String,
    /// Entries by kind.
    pub entries: Listing,
    /// Batches, the newest first.
    pub batches: Listing,
}
