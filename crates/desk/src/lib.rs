//! What people write in Lockstep itself, and the vault of what the ledger must not hold.
//!
//! Here: one SQLite file with the people vault (names, mails, phones), aliases of reps, raw rejects, settings with
//! their history, remembered mappings, saved claims, the last reports, users with their sessions, what they wrote
//! in words, who did what; and beside it the inbox of what is on its way to the ledger. Not here: anything observed in a source (the
//! ledger), and clocks: every instant is given by the caller. Chance is drawn here and only here, for the numbers that
//! stand for people.
//! Invariant: the ledger can be read without the desk, and the desk can forget a person without touching the ledger.
//!
//! People and aliases are written in a **batch**: the first [`Desk::person`] or [`Desk::alias`] opens it and takes the
//! file's write lock, whatever is written after that joins it, and [`Desk::flush`] makes all of it durable at once. A
//! batch that is never flushed leaves nothing. Flush before the ledger commits: then a crash between the two leaves
//! vault rows that no entry names, and never an entry whose person is unknown.

mod aliases;
mod audit;
mod claims;
mod dice;
mod erase;
mod error;
mod inbox;
mod mappings;
mod notes;
mod people;
mod rejects;
mod reports;
mod schema;
mod sessions;
mod settings;
mod signing;
mod store;
mod tokens;
mod users;
mod views;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use audit::Act;
pub use claims::SavedClaim;
pub use dice::secret;
pub use erase::Forgotten;
pub use error::Error;
pub use inbox::{Inbox, Parcel, Sent, TakenIn};
pub use mappings::Remembered;
pub use notes::Note;
pub use people::{Person, Placed, Rule, Seen};
pub use rejects::{KeptReject, RejectCount, Rejects, SourceFile};
pub use reports::{KEPT_REPORTS, SavedReport};
pub use schema::FORMAT;
pub use sessions::Session;
pub use settings::Change;
pub use signing::SigningKey;
use store::Store;
pub use tokens::Token;
pub use users::{Role, User};
pub use views::View;

/// How long a write waits for another process before it is an error. An import of a million people holds the lock for
/// some seconds; whoever waits longer is better told.
const PATIENCE: Duration = Duration::from_secs(10);

/// The desk: a handle that can be cloned and sent; all clones share one connection and one batch.
#[derive(Clone)]
pub struct Desk {
    store: Arc<Mutex<Store>>,
}

impl Desk {
    /// Opens the desk in this file, and makes it where there is none (readable by its owner alone).
    ///
    /// # Errors
    /// Where the file cannot be opened or made, is no desk, is damaged, or was written by a newer Lockstep.
    pub fn open(path: impl AsRef<Path>) -> Result<Desk, Error> {
        Desk::open_waiting(path, PATIENCE)
    }

    /// The same, with another patience for locks of other processes.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn open_waiting(path: impl AsRef<Path>, patience: Duration) -> Result<Desk, Error> {
        let path = path.as_ref();
        let store = Store::open(path, patience).map_err(|error| error.at(path))?;
        Ok(Desk { store: Arc::new(Mutex::new(store)) })
    }

    /// Opens a desk that is there, and to read alone where it cannot be written: a backup, a folder of somebody else.
    /// Whatever would write is an error then.
    ///
    /// # Errors
    /// As [`Desk::open`], and where a log that was never written home lies beside a file in a folder without write access.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Desk, Error> {
        let path = path.as_ref();
        match Desk::open(path) {
            Err(error) if matches!(error.code(), "read_only" | "cannot_open") && path.is_file() => {
                let store = Store::open_to_read(path).map_err(|error| error.at(path))?;
                Ok(Desk { store: Arc::new(Mutex::new(store)) })
            }
            done => done,
        }
    }

    /// Whether nothing can be written.
    pub fn is_read_only(&self) -> bool {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).reads_only
    }

    /// Makes the open batch durable; does nothing where none is open.
    ///
    /// # Errors
    /// Where the batch was lost to an earlier error, or cannot be written. Nothing of it is kept then.
    pub fn flush(&self) -> Result<(), Error> {
        self.with(Store::flush)
    }

    /// Gives up the open batch (a dry run, an import that failed). Does nothing where none is open.
    ///
    /// # Errors
    /// Where the file cannot be read any more.
    pub fn discard(&self) -> Result<(), Error> {
        self.with(Store::discard)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Store) -> Result<T, Error>) -> Result<T, Error> {
        // A panic elsewhere while it was held leaves at worst an open batch, which is not durable until flushed.
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut store).map_err(|error| error.at(&store.path))
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}
