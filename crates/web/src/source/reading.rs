//! What pages ask, and the plain values they are answered with.
//!
//! Not here: how an answer is found. Invariant: nothing in these values names a person.

use serde::Serialize;

use super::{Clock, DisputeLine, Reason, Said};

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
    /// What each rule of the score tells.
    Scoring,
    /// Where the bar should stand.
    Capacity,
    /// What a goal takes.
    Goal,
}

/// Something that the reader of a room can set, by a form in its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What can stand in it, and what holds where nothing does.
    pub hint: &'static str,
}

const fn setting(name: &'static str, label: &'static str, hint: &'static str) -> Setting {
    Setting { name, label, hint }
}

const AT: Setting =
    setting("at", "As it was known", "A batch of the ledger, or a day such as 2026-07-01; now where it is left out");
const PERIOD: [Setting; 2] = [
    setting(
        "period",
        "Period",
        "A quarter, month, year or range such as 2026Q3; the last full quarter where it is left out",
    ),
    AT,
];
const COMPARED: [Setting; 3] = [
    PERIOD[0],
    setting("against", "Compared with", "previous, year-ago, plan, or another period; previous where it is left out"),
    AT,
];
const SCORING: [Setting; 2] =
    [setting("outcome", "What leads came to", "accepted, opportunity or won; opportunity where that is recorded"), AT];
const CAPACITY: [Setting; 6] = [
    setting("reps", "People who work leads", "Measured where it is left out"),
    setting("leads_per_rep", "Leads that one takes on in a week", "Measured where it is left out"),
    setting("minutes_per_attempt", "Minutes of an attempt", "Measured from calls where it is left out"),
    setting("cost_per_hour", "Cost of an hour", "In the reporting currency; nothing where it is left out"),
    setting(
        "decay",
        "Worth that a week of waiting takes",
        "A rate: 0.5 leaves 61% after a week; learned where it is left out",
    ),
    AT,
];
const GOAL: [Setting; 3] = [
    setting("won", "To be won in a year", "An amount; what was won in the last year where it is left out"),
    setting("by", "Told apart by", "segment, product, source, ...; not told apart where it is left out"),
    AT,
];

impl Room {
    /// All of them, in reading order.
    pub const ALL: [Room; 8] = [
        Room::Verdict,
        Room::Funnel,
        Room::Quality,
        Room::Followup,
        Room::Scorecard,
        Room::Scoring,
        Room::Capacity,
        Room::Goal,
    ];

    /// Its word in addresses and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Room::Verdict => "verdict",
            Room::Funnel => "funnel",
            Room::Quality => "quality",
            Room::Followup => "followup",
            Room::Scorecard => "scorecard",
            Room::Scoring => "scoring",
            Room::Capacity => "capacity",
            Room::Goal => "goal",
        }
    }

    /// What its reader can set.
    pub const fn settings(self) -> &'static [Setting] {
        match self {
            Room::Verdict | Room::Funnel | Room::Quality | Room::Followup => &COMPARED,
            Room::Scorecard => &PERIOD,
            Room::Scoring => &SCORING,
            Room::Capacity => &CAPACITY,
            Room::Goal => &GOAL,
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
    /// What its reader set, in the order of [`Room::settings`]; what is left out is not in it.
    pub given: Vec<(&'static str, String)>,
}

impl Asked {
    /// A room with nothing set.
    pub const fn of(room: Room) -> Asked {
        Asked { room, given: Vec::new() }
    }

    /// What was set under a name.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }
}

/// What pages show now: it moves on whenever they would show something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The batch of the ledger that they show.
    pub batch: u64,
    /// How often anything else changed since the program began: steps of an import, what waits, what was said.
    pub tick: u64,
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.batch, self.tick)
    }
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
    /// Nobody's: it is being worked out, and comes.
    Later,
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

impl Listing {
    /// The words of its cells.
    pub fn words(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(|row| row.iter().map(|cell| cell.words.clone()).collect()).collect()
    }
}

/// A part of a table that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Paged {
    /// This part.
    #[serde(flatten)]
    pub list: Listing,
    /// Where the next part begins; empty at the end.
    pub next: String,
}

/// A ledger whose every byte is what it was when it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sound {
    /// Batches that were read.
    pub batches: u64,
    /// Files of them.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// The head's hash.
    pub head: String,
    /// What the receipt proves, where one was given.
    pub receipt: Option<String>,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
    /// As which owners the CRM has them; `None` for any.
    pub owners: Option<Vec<String>>,
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

/// Rows of one file that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RejectFile {
    /// Its batch and number, as addresses have it: `3.12`.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Its header.
    pub columns: Vec<String>,
    /// How many of its rows are rejects still.
    pub total: usize,
    /// Some of them, in the order of the file.
    pub rows: Vec<RejectRow>,
    /// Where the next begin; empty at the end.
    pub next: String,
}

/// A row that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RejectRow {
    /// Its number.
    pub id: u64,
    /// The line of the file.
    pub line: u32,
    /// Which column is wrong, from 0; none where the row as a whole is.
    pub at: Option<usize>,
    /// What was read.
    pub read: String,
    /// What was expected.
    pub expected: String,
    /// What to do about it.
    pub hint: String,
    /// The row as it stood.
    pub cells: Vec<String>,
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
    /// Where the next of them begin; empty at the end.
    pub next: String,
}
