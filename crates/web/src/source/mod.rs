//! What pages ask for, and the plain values they are answered with.
//!
//! Not here: how an answer is found. Invariant: nothing in these values names a person.

mod acting;
mod clocks;
mod reading;

use std::sync::Arc;

use report::Report;
use terms::Team;

pub use acting::*;
pub use clocks::*;
pub use reading::*;

/// Where answers come from. All of it may take its time: pages ask from threads that may wait.
pub trait Source: Send + Sync + 'static {
    /// A report.
    ///
    /// # Errors
    /// Where the question cannot be read, or the records cannot.
    fn report(&self, asked: &Asked) -> Result<Arc<Report>, Trouble>;
    /// The rows behind a figure of that report; `after`: where the page before ended, empty for the first.
    ///
    /// # Errors
    /// As [`Source::report`], and where the figure is not known or has no rows, or the records moved on since that page.
    fn rows(&self, asked: &Asked, figure: &str, after: &str) -> Result<Paged, Trouble>;
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
    /// What pages show, as it moves on.
    fn changes(&self) -> tokio::sync::watch::Receiver<Moment>;
    /// The owners in the facts that one is (by an id, a name or a mail), and who report to them, directly or through others, as the
    /// CRM has it.
    ///
    /// # Errors
    /// Where the records cannot be read.
    fn team(&self, owner: &str) -> Result<Vec<String>, Trouble>;
    /// Open clocks; of the leads of these owners where some are named.
    ///
    /// # Errors
    /// Where the records cannot be read.
    fn clocks(&self, owners: Option<&[String]>) -> Result<Arc<Clocks>, Trouble>;
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
    /// Keeps a decision of a huddle or a debrief, for both teams; of a debrief, about which lead, empty where about none.
    ///
    /// # Errors
    /// Where nothing is said, or too much; where there is no such lead.
    fn note(&self, act: &'static str, lead: &str, words: &str, by: &By) -> Result<(), Trouble>;
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
    /// What the ledger holds, with the batches before one; `after` is empty for the newest.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn ledger(&self, after: &str) -> Result<LedgerPage, Trouble>;
    /// Whether every byte of the ledger is what it was when it was written; with a receipt, whether what was signed with it is still
    /// there.
    ///
    /// # Errors
    /// What was changed, and where; what is wrong with the receipt.
    fn verify(&self, receipt: Option<&str>) -> Result<Sound, Trouble>;
    /// Rows that could not be read; `after`: where the page before ended, empty for the first.
    ///
    /// # Errors
    /// Where the desk cannot be read.
    fn rejects(&self, after: &str) -> Result<Paged, Trouble>;
    /// The rows of one file that could not be read, by its batch and number; those after one, empty for the first.
    ///
    /// # Errors
    /// Where there are none, or the desk cannot be read.
    fn reject_file(&self, place: &str, after: &str) -> Result<RejectFile, Trouble>;
    /// Begins the import of rows of that file as they were mended; gives how many.
    ///
    /// # Errors
    /// As [`Source::reject_file`], where a row is none of them, and where an import is under way.
    fn mend(&self, place: &str, rows: &[Mended]) -> Result<usize, Trouble>;
    /// Whether it could answer.
    ///
    /// # Errors
    /// Why it could not.
    fn ready(&self) -> Result<(), Trouble>;
}
