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
        let ask = "SELECT at, user_name, act, subject, origin FROM audit ORDER BY id DESC LIMIT $1";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                Ok(Act {
                    at: Instant(row.get(0)?),
                    user: row.get(1)?,
                    act: row.get(2)?,
                    subject: row.get(3)?,
                    origin: row.get(4)?,
                })
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
    }
}
