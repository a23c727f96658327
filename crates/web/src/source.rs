//! What pages ask for, and the plain values they are answered with.
//!
//! Not here: how an answer is found. Invariant: nothing in these values names a person.

use std::sync::Arc;

use report::Report;
use serde::Serialize;
use terms::Team;

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

/// Where answers come from. All of it may take its time: pages ask from threads that may wait.
pub trait Source: Send + Sync + 'static {
    /// A report.
    ///
    /// # Errors
    /// Where the question cannot be read, or the records cannot.
    fn report(&self, asked: &Asked) -> Result<Arc<Report>, Trouble>;
    /// The rows behind a figure of that report.
    ///
    /// # Errors
    /// As [`Source::report`], and where the figure is not known or has no rows.
    fn rows(&self, asked: &Asked, figure: &str) -> Result<Listing, Trouble>;
    /// A claim, checked.
    ///
    /// # Errors
    /// As [`Source::report`].
    fn claim(&self, asked: &ClaimAsked) -> Result<Arc<Report>, Trouble>;
    /// All saved claims.
    ///
    /// # Errors
    /// Where the desk cannot be read.
    fn claims(&self) -> Result<Vec<SavedLine>, Trouble>;
    /// Keeps a claim for a team under a name, for good.
    ///
    /// # Errors
    /// Where it cannot be asked, is about one person, or the name is taken.
    fn save_claim(&self, name: &str, asked: &ClaimAsked, team: Team) -> Result<(), Trouble>;
    /// The words of all metrics that a claim can be about.
    fn metrics(&self) -> Vec<&'static str>;
    /// Open clocks; of the leads of one owner where one is named.
    ///
    /// # Errors
    /// Where the records cannot be read.
    fn clocks(&self, owner: Option<&str>) -> Result<Clocks, Trouble>;
    /// A lead by its id in the CRM.
    ///
    /// # Errors
    /// Where there is none, or the records cannot be read.
    fn lead(&self, id: &str) -> Result<LeadPage, Trouble>;
    /// Leads, the newest first.
    ///
    /// # Errors
    /// Where the filter cannot be read, or the records cannot.
    fn leads(&self, asked: &LeadsAsked) -> Result<LeadsPage, Trouble>;
    /// Does something about a lead: on the disk when this returns.
    ///
    /// # Errors
    /// Where there is no such lead, or that cannot be done about it now.
    fn act(&self, lead: &str, act: &LeadAct, by: &By) -> Result<Recorded, Trouble>;
    /// All disputes, the newest first.
    ///
    /// # Errors
    /// Where the records cannot be read.
    fn disputes(&self) -> Result<Vec<DisputeLine>, Trouble>;
    /// Disputes a figure of a report.
    ///
    /// # Errors
    /// As [`Source::report`], and where that figure is in dispute already.
    fn dispute_figure(&self, asked: &Asked, figure: &str, words: &str, by: &By) -> Result<Recorded, Trouble>;
    /// Answers or decides a dispute.
    ///
    /// # Errors
    /// Where there is no such dispute, or that does not count.
    fn answer_dispute(&self, name: &str, answer: Answer, words: &str, by: &By) -> Result<Recorded, Trouble>;
    /// Takes items of a program in, all that can be taken: on the disk when this returns. `key`: under which the sender can
    /// send the same again.
    ///
    /// # Errors
    /// Where none of it can be read, or something else came under that key.
    fn take_in(&self, items: &[u8], key: Option<&str>, by: &By) -> Result<TakenItems, Trouble>;
    /// All versions of the agreement, the newest first.
    ///
    /// # Errors
    /// Where the records cannot be read.
    fn agreements(&self) -> Result<Vec<VersionLine>, Trouble>;
    /// The text of a version, or the one from which the next would be written.
    ///
    /// # Errors
    /// Where there is no such version.
    fn agreement_text(&self, version: Option<&str>) -> Result<String, Trouble>;
    /// What a text says and would change.
    ///
    /// # Errors
    /// Its first mistake.
    fn check_agreement(&self, text: &str) -> Result<CheckedText, Trouble>;
    /// What a text would have changed, replayed on the company's own last year.
    ///
    /// # Errors
    /// As [`Source::check_agreement`], and where the records cannot be read.
    fn preview_agreement(&self, text: &str) -> Result<Report, Trouble>;
    /// Proposes a text; gives the number of its version.
    ///
    /// # Errors
    /// Its first mistake, or that a version says the same.
    fn propose(&self, text: &str, by: &By) -> Result<usize, Trouble>;
    /// Signs, declines or ends a version; gives the receipt.
    ///
    /// # Errors
    /// Where that does not count.
    fn sign(&self, version: &str, signing: &Signing, by: &By) -> Result<String, Trouble>;
    /// The receipt of the last step of a party about a version.
    ///
    /// # Errors
    /// Where there is none.
    fn receipt(&self, version: &str, party: &str) -> Result<String, Trouble>;
    /// What both teams speak about when they meet.
    ///
    /// # Errors
    /// Where the records cannot be read.
    fn huddle(&self) -> Result<Huddle, Trouble>;
    /// Keeps what was decided in a huddle.
    ///
    /// # Errors
    /// Where nothing is said, or too much.
    fn decide(&self, words: &str, by: &By) -> Result<(), Trouble>;
    /// A new folder for files that somebody sends.
    ///
    /// # Errors
    /// Where an import is under way, or the folder cannot be made.
    fn new_upload(&self) -> Result<std::path::PathBuf, Trouble>;
    /// Begins the import of what was put in that folder; it goes on by itself.
    ///
    /// # Errors
    /// Where another is under way.
    fn import(&self, folder: std::path::PathBuf) -> Result<(), Trouble>;
    /// Imports the files that were not recognised with a mapping, which the home keeps.
    ///
    /// # Errors
    /// The mapping's first mistake; where another import is under way, or no file waits for one.
    fn import_with(&self, mapping: &str) -> Result<(), Trouble>;
    /// How far the import is.
    fn imports(&self) -> ImportState;
    /// The settings of the company.
    ///
    /// # Errors
    /// Where the desk cannot be read.
    fn settings(&self) -> Result<Vec<SettingLine>, Trouble>;
    /// Sets one; an empty value takes it away.
    ///
    /// # Errors
    /// Where there is none of that name, or the value is none of it.
    fn set(&self, name: &str, value: &str) -> Result<(), Trouble>;
    /// What the ledger holds.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn ledger(&self) -> Result<LedgerPage, Trouble>;
    /// Rows that could not be read.
    ///
    /// # Errors
    /// Where the desk cannot be read.
    fn rejects(&self) -> Result<Listing, Trouble>;
    /// Whether it could answer.
    ///
    /// # Errors
    /// Why it could not.
    fn ready(&self) -> Result<(), Trouble>;
}
