//! The tables and how an older file becomes a current one.
//!
//! This is the one place that speaks SQLite's own dialect. Every other statement keeps to what PostgreSQL reads as
//! well: `$1` for values, numbered in the order in which they first appear (SQLite counts them so, PostgreSQL by their
//! number), `ON CONFLICT ... DO`, no rowid, no `REPLACE`.
//! Invariant: a migration that was released is never changed; a new one is appended.

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;
use crate::error::Kind;

/// The newest format this version reads and writes; `user_version` of the file.
pub const FORMAT: i64 = MIGRATIONS.len() as i64;

/// Marks the file as ours ("LkSt"), so that another program's database is not taken for an old desk.
const APPLICATION: i64 = 0x4c6b_5374;

const MIGRATIONS: &[&str] = &[ONE, TWO, THREE, FOUR, FIVE];

const ONE: &str = "
CREATE TABLE desk_keys (name TEXT PRIMARY KEY, bytes BLOB NOT NULL);

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    mail TEXT,
    phones TEXT,
    name TEXT,
    mail_rule INTEGER NOT NULL
);
CREATE TABLE mails (mail TEXT PRIMARY KEY, person INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE phones (phone TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (phone, person)) WITHOUT ROWID;
CREATE TABLE sights (sight INTEGER PRIMARY KEY, person INTEGER NOT NULL, rule INTEGER NOT NULL);
CREATE INDEX sights_by_person ON sights (person);
CREATE TABLE forgotten (id INTEGER NOT NULL, entity INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (id, entity));

CREATE TABLE aliases (
    entity INTEGER NOT NULL,
    system TEXT NOT NULL,
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (entity, system, folded)
) WITHOUT ROWID;
CREATE UNIQUE INDEX aliases_by_number ON aliases (number);

CREATE TABLE reject_files (
    batch TEXT NOT NULL,
    file INTEGER NOT NULL,
    name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    header TEXT NOT NULL,
    PRIMARY KEY (batch, file)
);
CREATE TABLE rejects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch TEXT NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    at_column TEXT NOT NULL,
    was_read TEXT NOT NULL,
    expected TEXT NOT NULL,
    hint TEXT NOT NULL,
    raw TEXT NOT NULL,
    erased INTEGER NOT NULL DEFAULT 0,
    fixed_by TEXT,
    fixed_at INTEGER
);
CREATE INDEX rejects_by_batch ON rejects (batch, id);

CREATE TABLE setting_changes (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    setting TEXT,
    at INTEGER NOT NULL
);
CREATE INDEX setting_changes_by_name ON setting_changes (name, change);

CREATE TABLE mappings (
    signature TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (signature, source)
);

CREATE TABLE reports (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, json TEXT NOT NULL, saved INTEGER NOT NULL);
CREATE UNIQUE INDEX reports_by_saved ON reports (saved);
";

const TWO: &str = "
CREATE TABLE claims (
    name TEXT PRIMARY KEY,
    filter TEXT NOT NULL,
    metric TEXT NOT NULL,
    side TEXT NOT NULL,
    against TEXT NOT NULL,
    team TEXT NOT NULL,
    at INTEGER NOT NULL
);
";

const THREE: &str = "
CREATE TABLE users (
    name TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    role TEXT NOT NULL,
    owner TEXT NOT NULL,
    password TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    closed_at INTEGER
);
CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    user_name TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_name);
CREATE TABLE tokens (
    token TEXT PRIMARY KEY,
    user_name TEXT NOT NULL,
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    UNIQUE (user_name, label)
);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    origin TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, id);
";

const FOUR: &str = "
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    subject INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    act TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX notes_by_subject ON notes (subject, at);
CREATE TABLE signing_keys (
    user_name TEXT PRIMARY KEY,
    party TEXT NOT NULL,
    role TEXT NOT NULL,
    public TEXT NOT NULL,
    salt BLOB NOT NULL,
    sealed BLOB NOT NULL,
    made_at INTEGER NOT NULL
);
";

const FIVE: &str = "
ALTER TABLE users ADD COLUMN manager TEXT NOT NULL DEFAULT '';
CREATE TABLE views (
    user_name TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (user_name, name)
);
";

/// Brings the file to [`FORMAT`]; refuses what is newer and what is not ours.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), Error> {
    if settled_version(conn)? == FORMAT {
        return Ok(());
    }
    // Looked at again under the write lock: another process may be making the same file right now.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&tx)?;
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()?;
    Ok(())
}

/// Refuses a file that is not ours or is newer, before anything in it is touched.
pub(crate) fn refuse(conn: &Connection) -> Result<(), Error> {
    settled_version(conn).map(drop)
}

/// The format, read as of one moment: another process may be making the file between one question and the next.
pub(crate) fn settled_version(conn: &Connection) -> Result<i64, Error> {
    let moment = conn.unchecked_transaction()?;
    version(&moment)
}

/// The format of the file, 0 for an empty one.
fn version(conn: &Connection) -> Result<i64, Error> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let application: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (application != 0 || found != 0 || tables != 0) {
        return Err(Kind::NotADesk.into());
    }
    if found > FORMAT {
        return Err(Kind::NewerFormat { found, known: FORMAT }.into());
    }
    Ok(found)
}
