//! The connection, its one batch, and what is remembered in memory while it lasts.
//!
//! Invariant: whatever is in memory is also in the file as this connection sees it; where that can no longer be said
//! (an error, a rollback, a commit of another process), the memory is dropped.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use crate::aliases::AliasMemory;
use crate::dice::{self, Dice};
use crate::error::Kind;
use crate::people::{Fresh, Index, SECRET, Secret, settle};
use crate::{Error, schema};

/// Pages kept in memory, in KiB: modest by default, and enough for about a million people while a large batch runs.
const CACHE_KIB: i64 = 32 * 1024;
const LARGE_CACHE_KIB: i64 = 256 * 1024;

/// Bytes to which the write-ahead log is cut back after it was written home.
const LOG_LIMIT: i64 = 4 * 1024 * 1024;

pub(crate) struct Store {
    pub path: PathBuf,
    pub conn: Connection,
    pub dice: Dice,
    pub secret: Secret,
    pub index: Option<Index>,
    pub lookups: u64,
    pub aliases: AliasMemory,
    /// People of the batch who are not in the file yet; only where the index knows them.
    pub fresh: Vec<Fresh>,
    /// Whether it was opened to read alone.
    pub reads_only: bool,
    batch: Batch,
    seen_version: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Batch {
    None,
    Open,
    /// An error ended it: keys were handed out that are not kept, so it cannot be flushed.
    Lost,
}

impl Store {
    pub fn open(path: &Path, patience: Duration) -> Result<Store, Error> {
        let mut conn = open_private(path)?;
        conn.busy_timeout(patience)?;
        conn.set_prepared_statement_cache_capacity(64);
        if conn.is_readonly("main")? {
            return Err(Kind::ReadOnly.into());
        }
        schema::refuse(&conn)?;
        write_ahead(&conn, patience)?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "secure_delete", "ON")?;
        conn.pragma_update(None, "temp_store", "MEMORY")?; // temporary files would lie outside of the home
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
        conn.query_row(&format!("PRAGMA journal_size_limit = {LOG_LIMIT}"), [], |_| Ok(()))?;
        schema::migrate(&mut conn)?;
        let secret = secret(&conn)?;
        Store::of(path, conn, secret, false)
    }

    /// Opens a file that this process may not write, as it lies there.
    pub fn open_to_read(path: &Path) -> Result<Store, Error> {
        let conn = open_unwritten(path)?;
        if schema::settled_version(&conn)? != schema::FORMAT {
            return Err(Kind::ReadOnly.into()); // it would have to be brought to the current format first
        }
        conn.pragma_update(None, "query_only", "ON")?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        let secret = kept_secret(&conn)?;
        Store::of(path, conn, secret, true)
    }

    fn of(path: &Path, conn: Connection, secret: Secret, reads_only: bool) -> Result<Store, Error> {
        let mut store = Store {
            path: path.to_owned(),
            conn,
            dice: Dice::new(),
            secret,
            index: None,
            lookups: 0,
            aliases: AliasMemory::default(),
            fresh: Vec::new(),
            reads_only,
            batch: Batch::None,
            seen_version: 0,
        };
        store.seen_version = store.version()?;
        Ok(store)
    }

    /// Opens the batch where none is open: takes the write lock, so that no two processes make one person twice.
    pub fn begin(&mut self) -> Result<(), Error> {
        match self.batch {
            Batch::Open => return Ok(()),
            Batch::Lost => return Err(Kind::BatchLost.into()),
            Batch::None => {}
        }
        if self.reads_only {
            return Err(Kind::ReadOnly.into());
        }
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        self.batch = Batch::Open;
        let version = self.version()?;
        if version != self.seen_version {
            self.seen_version = version;
            self.drop_memory();
        }
        Ok(())
    }

    pub fn flush(&mut self) -> Result<(), Error> {
        match self.batch {
            Batch::None => return Ok(()),
            Batch::Lost => return Err(Kind::BatchLost.into()),
            Batch::Open => {}
        }
        let done = self.settle().and_then(|()| Ok(self.conn.execute_batch("COMMIT")?));
        if done.is_err() {
            self.lose();
            return done;
        }
        self.batch = Batch::None;
        if self.lookups > 0 && self.index.is_some() {
            self.fresh = Vec::new();
            self.checkpoint()?;
            self.conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
            self.conn.execute_batch("PRAGMA shrink_memory")?;
        }
        self.lookups = 0;
        Ok(())
    }

    pub fn discard(&mut self) -> Result<(), Error> {
        if self.batch == Batch::Open && !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        if self.batch != Batch::None {
            self.drop_memory();
        }
        self.batch = Batch::None;
        Ok(())
    }

    /// Runs a step of the batch; an error ends the batch, since memory and file may no longer agree.
    pub fn step<T>(&mut self, act: impl FnOnce(&mut Store) -> Result<T, Error>) -> Result<T, Error> {
        self.begin()?;
        act(self).inspect_err(|_| self.lose())
    }

    /// Writes as one: within the open batch where there is one, else durably on return.
    pub fn write<T>(&mut self, act: impl FnOnce(&mut Store) -> Result<T, Error>) -> Result<T, Error> {
        match self.batch {
            Batch::Lost => Err(Kind::BatchLost.into()),
            Batch::Open => self.step(act),
            Batch::None => {
                self.begin()?;
                let done = act(self).and_then(|value| self.flush().map(|()| value));
                if done.is_err() {
                    // Nobody was handed a key: the next write may go on.
                    self.discard()?;
                }
                done
            }
        }
    }

    /// Writes the batch's fresh people into the file, where it can be asked for them.
    pub fn settle(&mut self) -> Result<(), Error> {
        if self.fresh.is_empty() {
            return Ok(());
        }
        settle(&self.conn, &mut self.fresh).inspect_err(|_| self.lose())
    }

    /// More pages in memory, for a large batch.
    pub fn widen(&self) -> Result<(), Error> {
        Ok(self.conn.pragma_update(None, "cache_size", -LARGE_CACHE_KIB)?)
    }

    /// Writes the log home and empties it; whether it could (no other process was reading).
    pub fn checkpoint(&self) -> Result<bool, Error> {
        let busy: i64 = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    pub fn drop_memory(&mut self) {
        self.index = None;
        self.aliases = AliasMemory::default();
        self.fresh = Vec::new();
        self.lookups = 0;
    }

    fn lose(&mut self) {
        if !self.conn.is_autocommit() {
            // Where even this fails, closing the connection rolls back.
            drop(self.conn.execute_batch("ROLLBACK"));
        }
        self.drop_memory();
        self.batch = Batch::Lost;
    }

    /// A number that changes when another connection has committed.
    fn version(&self) -> Result<i64, Error> {
        Ok(self.conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
    }
}

/// Opens the file, and makes it where there is none, for its owner alone: it holds names and mails.
///
/// Nothing but SQLite opens the file: closing another handle of it would drop the locks that this process holds on it.
pub(crate) fn open_private(path: &Path) -> Result<Connection, Error> {
    let is_new = !path.exists();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|cause| why_not_made(path, cause))?;
    #[cfg(unix)]
    if is_new {
        let owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(path, owner).map_err(|cause| Error::file(&cause))?;
    }
    Ok(conn)
}

/// Opens a file to read. SQLite reads a file with a write-ahead log only where it can make the log's index beside it; a
/// file whose log was written home and that nobody can write is read as it lies there.
fn open_unwritten(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let shared = Connection::open_with_flags(path, flags).map_err(Error::from);
    let error = match shared.and_then(|conn| schema::refuse(&conn).map(|()| conn)) {
        Ok(conn) => return Ok(conn),
        Err(error) => error,
    };
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let is_home = std::fs::metadata(&log).map_or(true, |log| log.len() == 0);
    if !matches!(error.code(), "read_only" | "cannot_open") || !is_home {
        return Err(error);
    }
    let flags = flags | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(format!("file:{}?immutable=1", escaped(path)?), flags)?)
}

/// A path as part of a URI.
fn escaped(path: &Path) -> Result<String, Error> {
    let full = std::path::absolute(path).map_err(|cause| Error::file(&cause))?;
    let mut out = String::new();
    for byte in full.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => out.push(char::from(*byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    Ok(out)
}

/// SQLite says only that it cannot open the file; making it ourselves says why.
fn why_not_made(path: &Path, cause: rusqlite::Error) -> Error {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Err(why) if why.kind() != std::io::ErrorKind::AlreadyExists => Error::file(&why),
        _ => cause.into(),
    }
}

/// Turns the write-ahead log on. SQLite does not wait for others while it does that, so we do.
pub(crate) fn write_ahead(conn: &Connection, patience: Duration) -> Result<(), Error> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut left = patience;
    loop {
        match conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).map_err(Error::from) {
            Err(error) if error.code() == "locked" && !left.is_zero() => {
                std::thread::sleep(PAUSE);
                left = left.saturating_sub(PAUSE);
            }
            done => return done,
        }
    }
}

/// The desk's own hash key: made once, so that nobody can prepare two mails that look like one.
fn secret(conn: &Connection) -> Result<Secret, Error> {
    let mut fresh = [0; SECRET];
    dice::fill(&mut fresh)?;
    let known = "SELECT COUNT(*) FROM desk_keys WHERE name = $1";
    if conn.query_row(known, ["people"], |row| row.get::<_, i64>(0))? == 0 {
        let put = "INSERT INTO desk_keys (name, bytes) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        conn.execute(put, params!["people", &fresh[..]])?;
    }
    kept_secret(conn)
}

fn kept_secret(conn: &Connection) -> Result<Secret, Error> {
    let kept: Vec<u8> = conn.query_row("SELECT bytes FROM desk_keys WHERE name = $1", ["people"], |row| row.get(0))?;
    Secret::of(&kept).ok_or_else(|| Kind::Corrupt("the key of the people vault has the wrong length".to_owned()).into())
}

#[cfg(test)]
mod tests {
    use crate::{Desk, Seen};
    use terms::Instant;

    fn by_mail(desk: &Desk, mail: &str) -> Result<bool, crate::Error> {
        desk.person(&Seen { mail: Some(mail), ..Seen::default() }).map(|placed| placed.unwrap().made)
    }

    #[test]
    fn a_full_disk_loses_the_batch_and_nothing_that_was_flushed() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        by_mail(&desk, "before@one.example").unwrap();
        desk.flush().unwrap();
        desk.with(|store| {
            let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            store.conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 20), [], |_| Ok(()))?;
            Ok(())
        })
        .unwrap();
        let failed = (0..100_000).find_map(|n| by_mail(&desk, &format!("{n}@two.example")).err());
        let error = failed.or_else(|| desk.flush().err()).unwrap();
        assert_eq!(error.code(), "disk_full");
        assert_eq!(by_mail(&desk, "after@one.example").unwrap_err().code(), "batch_lost");
        assert_eq!(desk.flush().unwrap_err().code(), "batch_lost");
        desk.discard().unwrap();
        assert_eq!(desk.people().unwrap(), 1);
        assert!(!by_mail(&desk, "before@one.example").unwrap());
        desk.flush().unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_written_is_read_as_it_lies_there() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a desk? 100%#.sqlite");
        let desk = Desk::open(&path).unwrap();
        desk.set("currency", "EUR", Instant(1)).unwrap();
        by_mail(&desk, "before@one.example").unwrap();
        desk.flush().unwrap();
        drop(desk);
        let before = std::fs::read(&path).unwrap();
        let store = super::Store::open_to_read(&path).unwrap();
        let read = Desk { store: std::sync::Arc::new(std::sync::Mutex::new(store)) };
        assert!(read.is_read_only());
        assert_eq!(read.people().unwrap(), 1);
        assert_eq!(read.settings().unwrap()["currency"], "EUR");
        assert_eq!(read.set("currency", "USD", Instant(2)).unwrap_err().code(), "read_only");
        assert_eq!(by_mail(&read, "after@one.example").unwrap_err().code(), "read_only");
        drop(read);
        assert_eq!(std::fs::read(&path).unwrap(), before);
        // as it lies there, by the way that needs nothing beside the file
        let uri = format!("file:{}?immutable=1", super::escaped(&path).unwrap());
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_URI;
        let conn = rusqlite::Connection::open_with_flags(uri, flags).unwrap();
        assert_eq!(super::schema::settled_version(&conn).unwrap(), super::schema::FORMAT);
    }

    #[test]
    fn a_write_that_fails_by_itself_does_not_stop_the_next_one() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let read_only = |on: bool| desk.with(|store| Ok(store.conn.pragma_update(None, "query_only", on)?)).unwrap();
        read_only(true);
        assert_eq!(desk.set("currency", "EUR", Instant(1)).unwrap_err().code(), "read_only");
        read_only(false);
        assert!(desk.set("currency", "EUR", Instant(2)).unwrap());
    }
}
