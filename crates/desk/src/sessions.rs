//! Who is signed in.
//!
//! Not here: cookies. Invariant: a session is kept under the hash of its token, so that whoever reads the file cannot take one
//! over; one that ended, or whose user was closed, is none.

use rusqlite::{OptionalExtension, params};
use terms::Instant;

use crate::users::User;
use crate::{Desk, Error};

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// When they signed in.
    pub begun_at: Instant,
}

/// A session that nobody used for so long has ended, in milliseconds: twelve hours.
const IDLE: i64 = 12 * 3_600_000;

/// The time of use is written at most so often, in milliseconds: a page view should not wait for the disk.
const NOTED: i64 = 5 * 60_000;

impl Desk {
    /// Begins a session under the hash of its token, and forgets those that ended.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn begin_session(&self, token: &str, user: &str, now: Instant, ends: Instant) -> Result<(), Error> {
        self.with(|store| {
            store.write(|store| {
                let old = "DELETE FROM sessions WHERE ends_at <= $1 OR seen_at <= $2";
                store.conn.execute(old, params![now.0, now.0 - IDLE])?;
                let put =
                    "INSERT INTO sessions (token, user_name, begun_at, seen_at, ends_at) VALUES ($1, $2, $3, $3, $4)";
                store.conn.execute(put, params![token, user, now.0, ends.0])?;
                Ok(())
            })
        })
    }

    /// The session of a token's hash, where it holds now.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn session(&self, token: &str, now: Instant) -> Result<Option<Session>, Error> {
        let ask =
            "SELECT user_name, begun_at, seen_at FROM sessions WHERE token = $1 AND ends_at > $2 AND seen_at > $3";
        let found = self.with(|store| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, i64>(2)?));
            Ok(store.conn.prepare_cached(ask)?.query_row(params![token, now.0, now.0 - IDLE], row).optional()?)
        })?;
        let Some((name, begun, seen)) = found else { return Ok(None) };
        if now.0 - seen > NOTED {
            self.with(|store| {
                let put = "UPDATE sessions SET seen_at = $1 WHERE token = $2";
                store.write(|store| Ok(store.conn.execute(put, params![now.0, token])?))
            })?;
        }
        let user = self.user(&name)?.filter(|a| a.closed_at.is_none());
        Ok(user.map(|user| Session { user, begun_at: Instant(begun) }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn end_session(&self, token: &str) -> Result<(), Error> {
        self.with(|store| {
            store.write(|store| {
                store.conn.execute("DELETE FROM sessions WHERE token = $1", [token])?;
                Ok(())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    #[test]
    fn a_session_holds_until_it_ends_is_idle_or_its_account_closes() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let user = User {
            name: "mei".to_owned(),
            label: "Mei".to_owned(),
            role: Role::Revops,
            owner: String::new(),
            manager: String::new(),
            password: "hash".to_owned(),
            made_at: Instant(0),
            closed_at: None,
        };
        desk.add_user(&user).unwrap();
        let hour = 3_600_000;
        let holds = |token: &str, at: i64| desk.session(token, Instant(at)).unwrap().is_some();
        desk.begin_session("a", "mei", Instant(0), Instant(30 * hour)).unwrap();
        assert!(holds("a", hour) && !holds("b", hour));
        // seen every ten hours it lives to its end
        assert!(holds("a", 10 * hour) && holds("a", 20 * hour) && !holds("a", 30 * hour));
        desk.begin_session("b", "mei", Instant(0), Instant(100 * hour)).unwrap();
        assert!(!holds("b", 13 * hour));
        desk.begin_session("c", "mei", Instant(0), Instant(100 * hour)).unwrap();
        desk.end_session("c").unwrap();
        assert!(!holds("c", 1));
        desk.begin_session("d", "mei", Instant(0), Instant(100 * hour)).unwrap();
        assert!(holds("d", 1));
        desk.close_user("mei", Instant(2)).unwrap();
        assert!(!holds("d", 3));
    }
}
