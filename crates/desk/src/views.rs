//! Views of lists that somebody kept for themselves: a name and the end of an address.
//!
//! Not here: what a query means. Invariant: a view is its user's own, and a name stands once for each of them.

use rusqlite::params;
use terms::Instant;

use crate::{Desk, Error};

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Whose.
    pub user: String,
    /// What they call it.
    pub name: String,
    /// The query of the list's address.
    pub query: String,
    /// When it was kept.
    pub at: Instant,
}

impl Desk {
    /// Keeps a view; one of the same name gives way.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn keep_view(&self, view: &View) -> Result<(), Error> {
        let put = "INSERT INTO views (user_name, name, query, at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (user_name, name) DO UPDATE SET query = excluded.query, at = excluded.at";
        self.with(|store| {
            store.write(|store| {
                store.conn.execute(put, params![view.user, view.name, view.query, view.at.0])?;
                Ok(())
            })
        })
    }

    /// The views of a user, by name.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn views(&self, user: &str) -> Result<Vec<View>, Error> {
        let ask = "SELECT name, query, at FROM views WHERE user_name = $1 ORDER BY name";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let view = |row: &rusqlite::Row<'_>| {
                Ok(View { user: user.to_owned(), name: row.get(0)?, query: row.get(1)?, at: Instant(row.get(2)?) })
            };
            Ok(all.query_map([user], view)?.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Takes a view away. Whether there was one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn drop_view(&self, user: &str, name: &str) -> Result<bool, Error> {
        self.with(|store| {
            store.write(|store| {
                let ended = "DELETE FROM views WHERE user_name = $1 AND name = $2";
                Ok(store.conn.execute(ended, params![user, name])? > 0)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_its_users_own_and_can_be_changed_and_dropped() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let view = |user: &str, query: &str| View {
            user: user.to_owned(),
            name: "Mine".to_owned(),
            query: query.to_owned(),
            at: Instant(1),
        };
        desk.keep_view(&view("ana", "stage=mql")).unwrap();
        desk.keep_view(&view("ben", "stage=sal")).unwrap();
        desk.keep_view(&view("ana", "stage=sql")).unwrap();
        assert_eq!(desk.views("ana").unwrap(), [view("ana", "stage=sql")]);
        assert!(desk.drop_view("ana", "Mine").unwrap() && !desk.drop_view("ana", "Mine").unwrap());
        assert_eq!(desk.views("ben").unwrap(), [view("ben", "stage=sal")]);
    }
}
