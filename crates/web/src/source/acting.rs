//! What people and programs do: about leads, in disputes, to the agreement, to the records.
//!
//! Not here: who may do it (`access`), and what it comes to. Invariant: no value names a person, but for what was said.

use serde::Serialize;
use terms::Team;

use super::Listing;

/// What somebody does about a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Called.
    Call,
    /// Wrote.
    Email,
    /// Met.
    Meeting,
    /// Sales takes it.
    Accept,
    /// Turned down for a reason of the agreement, which says where it goes.
    TurnDown,
    /// Marketing says that it was turned down wrongly.
    Appeal,
}

impl Doing {
    /// All of them.
    pub const ALL: [Doing; 6] =
        [Doing::Call, Doing::Email, Doing::Meeting, Doing::Accept, Doing::TurnDown, Doing::Appeal];

    /// Its word in forms and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Doing::Call => "call",
            Doing::Email => "email",
            Doing::Meeting => "meeting",
            Doing::Accept => "accept",
            Doing::TurnDown => "turn_down",
            Doing::Appeal => "appeal",
        }
    }

    /// What a word stands for.
    pub fn parse(word: &str) -> Option<Doing> {
        Doing::ALL.into_iter().find(|doing| doing.word() == word)
    }
}

/// An act about a lead, as a form or a program has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadAct {
    /// What is done.
    pub doing: Doing,
    /// Of a call, mail or meeting: whether both sides spoke.
    pub reached: bool,
    /// By which reason it is turned down.
    pub reason: String,
    /// What there is to say, at most 500 characters.
    pub words: String,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// The user's name.
    pub user: String,
    /// As what they act.
    pub role: desk::Role,
    /// As which owner the CRM knows them; empty where it does not.
    pub owner: String,
}

/// A team's word in JSON and forms.
pub const fn team_word(team: Team) -> &'static str {
    match team {
        Team::Sales => "sales",
        Team::Marketing => "marketing",
    }
}

impl By {
    /// For which team they speak; `None` of neither.
    pub const fn team(&self) -> Option<Team> {
        use desk::Role;
        match self.role {
            Role::SalesLead | Role::Rep => Some(Team::Sales),
            Role::MarketingLead | Role::Marketer => Some(Team::Marketing),
            _ => None,
        }
    }
}

/// That something was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// What was recorded, in words.
    pub what: String,
    /// Whether pages show it already; it is on the disk either way.
    pub is_shown: bool,
}

/// What became of a program's items.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct TakenItems {
    /// How many were taken in: they are on the disk.
    pub taken: usize,
    /// Those that were not, each with why; all others were taken.
    pub rejected: Vec<RejectedItem>,
}

/// An item that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct RejectedItem {
    /// Its place among the items, from 0.
    pub index: usize,
    /// Which part of it is wrong.
    pub part: String,
    /// What was read.
    pub read: String,
    /// What was expected.
    pub expected: String,
}

/// What was changed in a row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The reject's number.
    pub id: u64,
    /// Columns from 0, with what shall stand there.
    pub cells: Vec<(usize, String)>,
}

/// Why a lead can be turned down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Its name.
    pub name: String,
    /// Where the lead goes: `rejected`, `recycled` or `disqualified`.
    pub then: String,
    /// What it means; empty where the agreement does not say.
    pub means: String,
}

/// What was said about a lead or in a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// When, in words.
    pub when: String,
    /// By which user.
    pub user: String,
    /// What was done.
    pub act: String,
    /// What was said.
    pub words: String,
}

impl Said {
    /// The act of a decision of a huddle.
    pub const DECIDED: &'static str = "decided";
    /// The act of a debrief.
    pub const DEBRIEF: &'static str = "debrief";
}

/// What a side can do in a dispute, or who decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Says that the other side is right.
    Concede,
    /// Stands by the fact.
    Maintain,
    /// Decides for the side that opened it.
    Uphold,
    /// Decides against it.
    Dismiss,
    /// Takes it back.
    Withdraw,
}

impl Answer {
    /// All of them.
    pub const ALL: [Answer; 5] = [Answer::Concede, Answer::Maintain, Answer::Uphold, Answer::Dismiss, Answer::Withdraw];

    /// Its word in forms and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Answer::Concede => "concede",
            Answer::Maintain => "maintain",
            Answer::Uphold => "uphold",
            Answer::Dismiss => "dismiss",
            Answer::Withdraw => "withdraw",
        }
    }

    /// What a word stands for.
    pub fn parse(word: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|answer| answer.word() == word)
    }
}

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisputeLine {
    /// Its name.
    pub name: String,
    /// By which team: `sales` or `marketing`.
    pub by: String,
    /// What is disputed, in words.
    pub about: String,
    /// The lead's id in the CRM; empty where it is about a figure.
    pub lead: String,
    /// As which owner the CRM has that lead; empty where it is about none.
    pub owner: String,
    /// The figure's id; empty where it is about a lead.
    pub figure: String,
    /// When it was opened, in words.
    pub opened: String,
    /// Until when the other side may answer, in words.
    pub due: String,
    /// Whether that time is over with no answer.
    pub is_overdue: bool,
    /// Where it stands: `open`, `maintained`, `conceded`, `upheld`, `dismissed`, `withdrawn`.
    pub state: String,
    /// Whether the fact is still in doubt.
    pub is_contested: bool,
    /// What was said in it, in order.
    pub said: Vec<Said>,
}

/// One thing to speak about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgendaItem {
    /// What it is, in a sentence.
    pub what: String,
    /// Whose it is to answer: `sales`, `marketing`, `leadership`.
    pub team: String,
    /// Where what is behind it stands.
    pub link: String,
}

/// What both teams speak about when they meet: the same for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Huddle {
    /// At most seven things, what weighs most first.
    pub items: Vec<AgendaItem>,
    /// What was decided before, the newest first.
    pub decided: Vec<Said>,
}

/// How far an import is that somebody began on a page, and what came of the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportState {
    /// Which file is being read, and how far; `None` where nothing is.
    pub running: Option<Reading>,
    /// What came of the files of the last one; empty where there was none.
    pub files: Listing,
    /// What came of it as a whole, in a sentence; empty where there was none.
    pub done: String,
    /// Why it came to nothing; empty where it did not.
    pub failed: String,
    /// Files that nobody has told how to read, each with a mapping that may fit.
    pub unknown: Vec<UnknownFile>,
}

/// How far the reading of a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Which file.
    pub file: String,
    /// Rows read.
    pub rows: u64,
    /// Bytes read, of the file's.
    pub bytes: u64,
    /// Bytes of the file.
    pub total: u64,
    /// Seconds since the import began.
    pub seconds: u64,
    /// About how many seconds this file needs still; 0 where that is not known.
    pub left: u64,
}

/// A file that is not recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnknownFile {
    /// Its name.
    pub file: String,
    /// Why it was not read.
    pub why: String,
    /// A mapping that may fit, to be looked over.
    pub mapping: String,
}

/// A setting of the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingLine {
    /// Its name.
    pub name: String,
    /// Its value; empty where it is not set.
    pub value: String,
    /// What it expects.
    pub expects: String,
}

/// What a text of an agreement says, before anybody has proposed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckedText {
    /// The hash of what it says.
    pub hash: String,
    /// The version in force, with which it is compared.
    pub before: Option<usize>,
    /// What it changes, a sentence each.
    pub changes: Vec<String>,
    /// What in it is doubtful, a sentence each.
    pub doubts: Vec<String>,
    /// The text, to be read aloud.
    pub read_aloud: String,
}

/// What a signer does about a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignAct {
    /// Agrees to it.
    Sign,
    /// Does not.
    Decline,
    /// Wants it to end before its last day.
    Expire,
}

impl SignAct {
    /// Its word in forms and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            SignAct::Sign => "sign",
            SignAct::Decline => "decline",
            SignAct::Expire => "expire",
        }
    }

    /// What a word of a form stands for.
    pub fn parse(word: &str) -> Option<SignAct> {
        match word {
            "sign" => Some(SignAct::Sign),
            "decline" => Some(SignAct::Decline),
            "expire" => Some(SignAct::Expire),
            _ => None,
        }
    }
}

/// A signature as its form has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signing {
    /// What is done.
    pub act: SignAct,
    /// In which role of the document.
    pub role: String,
    /// Why it is declined.
    pub because: String,
    /// The signer's own password, which opens their key.
    pub password: String,
}
