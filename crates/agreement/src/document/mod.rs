//! The document that both teams sign: a text a VP can read aloud and a program can run.
//!
//! Here: reading it, its canonical form and hash, what differs between two, reading it aloud, what is doubtful in it. Not
//! here: signatures, versions, the ledger; judging anything by it. Invariant: whatever a document says is in its canonical
//! form, and nothing else is.

pub mod clauses;
pub mod condition;
mod doubts;
mod lines;
mod offices;
mod parts;
mod reader;
pub mod scoring;
mod span;
mod timing;
mod words;

pub use lined::{Error, MOST_BYTES};

use lined::Document;
use terms::{Currency, Day, Stage, Team};

pub use doubts::{Doubt, doubts};
pub use lines::{Change, Lines, changes};
pub use offices::{Office, Whose};
pub use parts::{Approval, Decision, Definition, Meeting, Party, Pause, Reason, Route, Target};
pub use reader::Share;
pub use span::{Span, Unit};
pub use timing::Counted;
pub use words::{read_aloud, said};

use clauses::Clause;
use reader::Reader;
use scoring::Scoring;

/// A complete document with a comment on everything: where a new agreement starts.
pub const DRAFT: &str = include_str!("draft.toml");

/// What both teams agree on.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// What it is called.
    pub name: String,
    /// The first day it holds.
    pub effective: Day,
    /// When both look at it again.
    pub review: Option<Day>,
    /// The last day it holds.
    pub expires: Option<Day>,
    /// Of all money in it.
    pub currency: Option<Currency>,
    /// In which roles somebody may sign: one of each party is enough.
    pub signers: Vec<(Party, Vec<String>)>,
    /// What each stage is.
    pub definitions: Vec<(Stage, Definition)>,
    /// The open score.
    pub scoring: Scoring,
    /// Who works when; the first is the one of all that belong to none.
    pub offices: Vec<Office>,
    /// Whose office a clock follows.
    pub clocks_follow: Whose,
    /// When clocks stand still.
    pub pauses: Vec<Pause>,
    /// Who gets which lead, the first that fits.
    pub routes: Vec<Route>,
    /// What each side owes the other.
    pub clauses: Vec<Clause>,
    /// What is to be reached.
    pub targets: Vec<Target>,
    /// Domains of the accounts that both go after.
    pub target_accounts: Vec<String>,
    /// Why a lead is turned down.
    pub reasons: Vec<Reason>,
    /// Who may give how much away.
    pub discounts: Vec<Approval>,
    /// When both meet.
    pub meetings: Vec<Meeting>,
    /// What leadership decides by when.
    pub decisions: Vec<Decision>,
    /// All it says.
    pub lines: Lines,
}

impl Agreement {
    /// Reads a document; `origin` is what errors call it.
    ///
    /// # Errors
    /// The first mistake, with its line, its place and the fix.
    pub fn parse(text: &str, origin: &str) -> Result<Agreement, Error> {
        let document = Document::parse(text, origin, "docs/agreement.md")?;
        let mut lines = Lines::default();
        let mut root = Reader::root(document.root(), &mut lines);
        let name = root.text("name")?;
        let name = root.needed(name, "name", "\"Example: sales and marketing\"")?;
        let effective = root.day("effective")?;
        let effective = root.needed(effective, "effective", "2026-10-01 (the first day it holds)")?;
        let (review, expires) = (root.day("review")?, root.day("expires")?);
        if expires.or(review).is_some_and(|end| end <= effective) {
            return Err(root.error("reviewed or expired before it holds", "put review and expires after effective"));
        }
        let currency = root.checked("currency", |code| match Currency::parse(code) {
            Some(currency) => Ok((currency, currency.code().to_owned())),
            None => Err((format!("`{code}` is no currency code"), "write a code such as EUR".to_owned())),
        })?;
        let signers = parts::signers(&mut root)?;
        let definitions = parts::definitions(&mut root)?;
        let scoring = scoring::read(&mut root)?;
        let offices = offices::read(&mut root)?;
        let clocks_follow = root.checked("clocks_follow", |whose| match whose {
            "rep" => Ok((Whose::Rep, whose.to_owned())),
            "lead" => Ok((Whose::Lead, whose.to_owned())),
            _ => Err((format!("`{whose}` has no office"), "write rep or lead".to_owned())),
        })?;
        let pauses = parts::pauses(&mut root)?;
        let routes = parts::routes(&mut root)?;
        let mut clauses = clauses::read(&mut root, Team::Sales)?;
        clauses.extend(clauses::read(&mut root, Team::Marketing)?);
        let targets = parts::targets(&mut root)?;
        let target_accounts = root.texts("target_accounts")?;
        let reasons = parts::reasons(&mut root)?;
        let discounts = parts::discounts(&mut root)?;
        let meetings = parts::meetings(&mut root)?;
        let decisions = parts::decisions(&mut root)?;
        root.done()?;
        Ok(Agreement {
            name,
            effective,
            review,
            expires,
            currency,
            signers,
            definitions,
            scoring,
            offices,
            clocks_follow: clocks_follow.unwrap_or_default(),
            pauses,
            routes,
            clauses,
            targets,
            target_accounts,
            reasons,
            discounts,
            meetings,
            decisions,
            lines,
        })
    }

    /// The hash of its canonical form, in hexadecimal: what both teams sign.
    pub fn hash(&self) -> String {
        self.lines.hash().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests;
