//! What was pushed or written on a page and is not in the ledger yet.
//!
//! Here: a file of its own beside the desk, so that an import that holds the desk's lock keeps nobody from being heard. Not
//! here: what a parcel means. Invariant: a parcel that was taken in is on the disk before its sender is told so, and is there
//! until the ledger holds it; the same parcel sent twice under one key is taken in once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use terms::Instant;

use crate::Error;

/// How long a key is remembered after its parcel went to the ledger, in milliseconds: two days.
const REMEMBERED: i64 = 48 * 3_600_000;

/// Pages of the log at which whoever takes in writes it home, where nobody else did: 64 MiB.
const LONGEST_LOG: i64 = 16_384;

/// Parcels taken away in one go.
const AT_ONCE: usize = 8;

/// How long a write waits for another process.
const PATIENCE: Duration = Duration::from_secs(10);

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS parcels (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    sender TEXT NOT NULL,
    name TEXT,
    digest TEXT NOT NULL,
    received INTEGER NOT NULL,
    source TEXT NOT NULL,
    subject INTEGER,
    body TEXT,
    answer TEXT NOT NULL,
    aside TEXT,
    UNIQUE (sender, name)
);
CREATE INDEX IF NOT EXISTS parcels_waiting ON parcels (number) WHERE body IS NOT NULL AND aside IS NULL;
CREATE INDEX IF NOT EXISTS parcels_remembered ON parcels (received) WHERE body IS NULL AND name IS NOT NULL;
CREATE INDEX IF NOT EXISTS parcels_forgotten ON parcels (number) WHERE body IS NULL AND name IS NULL;
";

/// A parcel to be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent<'a> {
    /// Which user sent it.
    pub sender: &'a str,
    /// Under which key of the sender's own, so that it can be sent again.
    pub name: Option<&'a str>,
    /// The hash of what was sent, as the caller computes it.
    pub digest: &'a str,
    /// When it came.
    pub received: Instant,
    /// From where it comes: `pages` or `api`.
    pub source: &'a str,
    /// The hash of the lead it is about, where it is about one.
    pub subject: Option<u64>,
    /// What is to go to the ledger.
    pub body: &'a str,
    /// What its sender is told, now and whenever it is sent again.
    pub answer: &'a str,
}

/// What became of a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenIn {
    /// It is on the disk, under this number.
    New(i64),
    /// It was taken in before; this is what its sender was told.
    Again(String),
    /// Something else was taken in under its key.
    KeyUsed,
}

/// A parcel that waits for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its number; a later one is greater.
    pub number: i64,
    /// Who sent it.
    pub sender: String,
    /// When it came.
    pub received: Instant,
    /// From where it comes.
    pub source: String,
    /// What is to go to the ledger.
    pub body: String,
}

/// The inbox: a handle that can be cloned and sent.
#[derive(Clone)]
pub struct Inbox {
    /// Who takes in: never kept waiting by the log being written home.
    door: Arc<Mutex<Connection>>,
    /// Who reads, and takes away.
    back: Arc<Mutex<Connection>>,
    path: PathBuf,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Inbox {
    /// Opens the inbox in this file, and makes it where there is none, readable by its owner alone.
    ///
    /// # Errors
    /// Where the file cannot be opened, made or written.
    pub fn open(path: impl AsRef<Path>) -> Result<Inbox, Error> {
        let path = path.as_ref();
        let open = |pages: i64| -> Result<Arc<Mutex<Connection>>, Error> {
            let conn = crate::store::open_private(path)?;
            conn.busy_timeout(PATIENCE)?;
            crate::store::write_ahead(&conn, PATIENCE)?;
            conn.pragma_update(None, "synchronous", "FULL")?;
            conn.pragma_update(None, "secure_delete", "ON")?;
            conn.pragma_update(None, "temp_store", "MEMORY")?;
            conn.query_row(&format!("PRAGMA wal_autocheckpoint = {pages}"), [], |_| Ok(()))?;
            conn.execute_batch(TABLES)?;
            Ok(Arc::new(Mutex::new(conn)))
        };
        let both = open(LONGEST_LOG).and_then(|door| Ok((door, open(1_000)?)));
        let (door, back) = both.map_err(|error| error.at(path))?;
        Ok(Inbox { door, back, path: path.to_owned() })
    }

    fn at<T>(
        &self,
        conn: &Mutex<Connection>,
        act: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>,
    ) -> Result<T, Error> {
        let conn = conn.lock().unwrap_or_else(PoisonError::into_inner);
        act(&conn).map_err(|error| Error::from(error).at(&self.path))
    }

    fn with<T>(&self, act: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>) -> Result<T, Error> {
        self.at(&self.back, act)
    }

    /// Takes a parcel in: on the disk when this returns.
    ///
    /// # Errors
    /// Where the file cannot be written; nothing was taken in then.
    pub fn take_in(&self, sent: &Sent<'_>) -> Result<TakenIn, Error> {
        let put = "INSERT INTO parcels (sender, name, digest, received, source, subject, body, answer) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (sender, name) DO NOTHING";
        let ask = "SELECT digest, answer FROM parcels WHERE sender = $1 AND name = $2";
        let subject = sent.subject.map(u64::cast_signed);
        self.at(&self.door, |conn| {
            let s = sent;
            let values = params![s.sender, s.name, s.digest, s.received.0, s.source, subject, s.body, s.answer];
            if conn.prepare_cached(put)?.execute(values)? > 0 {
                return Ok(TakenIn::New(conn.last_insert_rowid()));
            }
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
            let known = conn.prepare_cached(ask)?.query_row(params![s.sender, s.name], row).optional()?;
            Ok(match known {
                Some((digest, answer)) if digest == s.digest => TakenIn::Again(answer),
                _ => TakenIn::KeyUsed,
            })
        })
    }

    /// Parcels that wait, the first to come first, until their bodies pass a size together (one at least).
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn waiting(&self, most_bytes: usize) -> Result<Vec<Parcel>, Error> {
        let ask = "SELECT number, sender, received, source, body FROM parcels WHERE body IS NOT NULL AND aside IS NULL ORDER BY number";
        self.with(|conn| {
            let mut all = conn.prepare_cached(ask)?;
            let mut rows = all.query([])?;
            let (mut out, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let parcel = read(row)?;
                bytes += parcel.body.len();
                if bytes > most_bytes && !out.is_empty() {
                    break;
                }
                out.push(parcel);
            }
            Ok(out)
        })
    }

    /// Parcels about a lead that wait.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn waiting_about(&self, subject: u64) -> Result<Vec<Parcel>, Error> {
        let ask = "SELECT number, sender, received, source, body FROM parcels \
                   WHERE body IS NOT NULL AND aside IS NULL AND subject = $1 ORDER BY number";
        self.with(|conn| conn.prepare_cached(ask)?.query_map([subject.cast_signed()], read)?.collect())
    }

    /// The number of the last parcel that came, 0 where none did.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn last(&self) -> Result<i64, Error> {
        let ask = "SELECT COALESCE(MAX(number), 0) FROM parcels";
        self.with(|conn| conn.prepare_cached(ask)?.query_row([], |row| row.get(0)))
    }

    /// How many parcels wait.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn count_waiting(&self) -> Result<u64, Error> {
        let ask = "SELECT COUNT(*) FROM parcels WHERE body IS NOT NULL AND aside IS NULL";
        self.with(|conn| conn.prepare_cached(ask)?.query_row([], |row| row.get::<_, i64>(0)))
            .map(|n| u64::try_from(n).unwrap_or(0))
    }

    /// A parcel that the ledger cannot take keeps no other from it: it is set aside, and stays where it is, with why.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set_aside(&self, number: i64, why: &str) -> Result<(), Error> {
        let put = "UPDATE parcels SET aside = $1 WHERE number = $2";
        self.with(|conn| conn.prepare_cached(put)?.execute(params![why, number]).map(drop))
    }

    /// The numbers of parcels that were set aside, each with why.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn aside(&self) -> Result<Vec<(i64, String)>, Error> {
        let ask = "SELECT number, aside FROM parcels WHERE aside IS NOT NULL ORDER BY number";
        self.with(|conn| conn.prepare_cached(ask)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
    }

    /// The ledger holds these: they wait no more. Keys are remembered for two days.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn done(&self, numbers: &[i64], now: Instant) -> Result<(), Error> {
        // a few at a time: whoever sends something meanwhile waits for one of these at most
        for few in numbers.chunks(AT_ONCE) {
            self.with(|conn| {
                let tx = conn.unchecked_transaction()?;
                for number in few {
                    tx.prepare_cached("UPDATE parcels SET body = NULL WHERE number = $1")?.execute([number])?;
                }
                tx.commit()
            })?;
        }
        // by an index each: a delete that looks through all that is remembered keeps the door shut as long
        let old = "DELETE FROM parcels WHERE body IS NULL AND name IS NOT NULL AND received < $1";
        self.with(|conn| conn.prepare_cached(old)?.execute([now.0 - REMEMBERED]).map(drop))?;
        let nameless = "DELETE FROM parcels WHERE body IS NULL AND name IS NULL";
        self.with(|conn| conn.prepare_cached(nameless)?.execute([]).map(drop))
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Parcel> {
    Ok(Parcel {
        number: row.get(0)?,
        sender: row.get(1)?,
        received: Instant(row.get(2)?),
        source: row.get(3)?,
        body: row.get(4)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent<'a>(name: Option<&'a str>, body: &'a str) -> Sent<'a> {
        Sent {
            sender: "sync",
            name,
            digest: body,
            received: Instant(5),
            source: "api",
            subject: Some(u64::MAX),
            body,
            answer: "told",
        }
    }

    #[test]
    fn a_parcel_waits_until_the_ledger_has_it_and_is_taken_in_once() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("inbox.sqlite");
        let inbox = Inbox::open(&path).unwrap();
        assert_eq!(inbox.take_in(&sent(Some("k"), "one")).unwrap(), TakenIn::New(1));
        assert_eq!(inbox.take_in(&sent(Some("k"), "one")).unwrap(), TakenIn::Again("told".to_owned()));
        assert_eq!(inbox.take_in(&sent(Some("k"), "two")).unwrap(), TakenIn::KeyUsed);
        let other = Sent { sender: "other", ..sent(Some("k"), "two") };
        assert!(matches!(inbox.take_in(&other).unwrap(), TakenIn::New(_)));
        assert!(matches!(inbox.take_in(&sent(None, "three")).unwrap(), TakenIn::New(_)));
        assert!(matches!(inbox.take_in(&sent(None, "three")).unwrap(), TakenIn::New(_)));
        drop(inbox);
        let inbox = Inbox::open(&path).unwrap();
        let bodies: Vec<String> = inbox.waiting(usize::MAX).unwrap().into_iter().map(|p| p.body).collect();
        assert_eq!(bodies, ["one", "two", "three", "three"]);
        assert_eq!((inbox.waiting(1).unwrap().len(), inbox.waiting(7).unwrap().len()), (1, 2));
        assert_eq!((inbox.waiting_about(u64::MAX).unwrap().len(), inbox.waiting_about(7).unwrap().len()), (4, 0));
        let numbers: Vec<i64> = inbox.waiting(usize::MAX).unwrap().iter().map(|p| p.number).collect();
        inbox.done(&numbers[..3], Instant(6)).unwrap();
        assert_eq!(inbox.count_waiting().unwrap(), 1);
        inbox.set_aside(numbers[3], "is none of ours").unwrap();
        assert_eq!((inbox.count_waiting().unwrap(), inbox.waiting(9).unwrap().len()), (0, 0));
        assert_eq!(inbox.aside().unwrap(), [(numbers[3], "is none of ours".to_owned())]);
        assert_eq!(inbox.take_in(&sent(Some("k"), "one")).unwrap(), TakenIn::Again("told".to_owned()));
        inbox.done(&[], Instant(6 + REMEMBERED)).unwrap();
        assert!(
            matches!(inbox.take_in(&sent(Some("k"), "four")).unwrap(), TakenIn::New(n) if n == inbox.last().unwrap())
        );
    }
}
