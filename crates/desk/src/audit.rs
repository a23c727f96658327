//! Who did what in Lockstep itself: sign-ins, what admins did, exports, reads of what is about persons.
//!
//! Invariant: lines are added and never changed or removed.

use rusqlite::params;
use terms::Instant;

use crate::{Desk, Error};

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Instant,
    /// Who; empty where nobody was signed in.
    pub user: String,
    /// What, as a stable word such as `signed_in`.
    pub act: String,
    /// On what.
    pub subject: String,
    /// From where: the address of the client.
    pub origin: String,
}

impl Desk {
    /// Adds a line.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn note_act(&self, act: &Act) -> Result<(), Error> {
        let put = "INSERT INTO audit (at, user_name, act, subject, origin) VALUES ($1, $2, $3, $4, $5)";
        self.with(|store| {
            store.write(|store| {
                store.conn.prepare_cached(put)?.execute(params![
                    act.at.0,
                    act.user,
                    act.act,
                    act.subject,
                    act.origin
                ])?;
                Ok(())
            })
        })
    }

    /// The newest lines, the newest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn acts(&self, limit: usize) -> Result<Vec<Act>, Error> {
        Ok(self.acts_before(None, limit)?.into_iter().map(|(_, act)| act).collect())
    }

    /// The newest lines before the one of a number, or of all, the newest first; each with its number.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn acts_before(&self, before: Option<i64>, limit: usize) -> Result<Vec<(i64, Act)>, Error> {
        let ask = "SELECT id, at, user_name, act, subject, origin FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = all.query_map([before.unwrap_or(i64::MAX), limit], |row| {
                let act = Act {
                    at: Instant(row.get(1)?),
                    user: row.get(2)?,
                    act: row.get(3)?,
                    subject: row.get(4)?,
                    origin: row.get(5)?,
                };
                Ok((row.get(0)?, act))
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_come_first() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let act = |n: i64| Act {
            at: Instant(n),
            user: "mei".to_owned(),
            act: "signed_in".to_owned(),
            subject: String::new(),
            origin: "127.0.0.1".to_owned(),
        };
        (1..=3).for_each(|n| desk.note_act(&act(n)).unwrap());
        assert_eq!(desk.acts(2).unwrap(), [act(3), act(2)]);
        let (number, _) = desk.acts_before(None, 2).unwrap().pop().unwrap();
        let older = desk.acts_before(Some(number), 2).unwrap();
        assert_eq!(older.into_iter().map(|(_, act)| act).collect::<Vec<_>>(), [act(1)]);
    }
}
