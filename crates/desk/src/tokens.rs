//! Tokens of programs that read, or also write, in a user's place.
//!
//! Invariant: a token is kept under its hash; one that ended, or whose user was closed, is none.

use rusqlite::{OptionalExtension, params};
use terms::Instant;

use crate::users::User;
use crate::{Desk, Error};

/// A token, without what would let somebody use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose place it takes.
    pub user: String,
    /// What it is for; one of a user's open tokens at most has it.
    pub label: String,
    /// When it was made.
    pub made_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// Whether it may change anything, as far as its user may; it reads alone otherwise.
    pub may_write: bool,
}

/// The scopes of a token in the file.
const fn scopes(may_write: bool) -> &'static str {
    if may_write { "read write" } else { "read" }
}

impl Desk {
    /// Adds a token under its hash. Whether it was: a label that an open token of the user has stays as it is.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn add_token(&self, hash: &str, token: &Token) -> Result<bool, Error> {
        self.with(|store| {
            store.write(|store| {
                let old = "DELETE FROM tokens WHERE ends_at <= $1";
                store.conn.execute(old, [token.made_at.0])?;
                let put = "INSERT INTO tokens (token, user_name, label, scopes, made_at, ends_at) \
                           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_name, label) DO NOTHING";
                let may = scopes(token.may_write);
                let values = params![hash, token.user, token.label, may, token.made_at.0, token.ends_at.0];
                Ok(store.conn.execute(put, values)? > 0)
            })
        })
    }

    /// Whose place a token's hash takes now, and whether it may change anything.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn user_of_token(&self, hash: &str, now: Instant) -> Result<Option<(User, bool)>, Error> {
        let ask = "SELECT user_name, scopes FROM tokens WHERE token = $1 AND ends_at > $2";
        let found: Option<(String, String)> = self.with(|store| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            Ok(store.conn.prepare_cached(ask)?.query_row(params![hash, now.0], row).optional()?)
        })?;
        let Some((name, known)) = found else { return Ok(None) };
        let user = self.user(&name)?.filter(|user| user.closed_at.is_none());
        Ok(user.map(|user| (user, known == scopes(true))))
    }

    /// All tokens by user and label, those that ended too until the next is made.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn tokens(&self) -> Result<Vec<Token>, Error> {
        let ask = "SELECT user_name, label, made_at, ends_at, scopes FROM tokens ORDER BY user_name, label";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map([], |row| {
                let (made, ends) = (Instant(row.get(2)?), Instant(row.get(3)?));
                let may_write = row.get::<_, String>(4)? == scopes(true);
                Ok(Token { user: row.get(0)?, label: row.get(1)?, made_at: made, ends_at: ends, may_write })
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Ends a user's token. Whether there was one.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn end_token(&self, user: &str, label: &str) -> Result<bool, Error> {
        self.with(|store| {
            store.write(|store| {
                let away = "DELETE FROM tokens WHERE user_name = $1 AND label = $2";
                Ok(store.conn.execute(away, params![user, label])? > 0)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    #[test]
    fn a_token_takes_its_users_place_until_it_ends() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let user = User {
            name: "sync".to_owned(),
            label: "Sync".to_owned(),
            role: Role::Revops,
            owner: String::new(),
            manager: String::new(),
            password: "hash".to_owned(),
            made_at: Instant(0),
            closed_at: None,
        };
        desk.add_user(&user).unwrap();
        let token = |label: &str| Token {
            user: "sync".to_owned(),
            label: label.to_owned(),
            made_at: Instant(5),
            ends_at: Instant(100),
            may_write: label == "sheet",
        };
        assert!(desk.add_token("h1", &token("nightly")).unwrap() && !desk.add_token("h2", &token("nightly")).unwrap());
        assert!(desk.add_token("h2", &token("sheet")).unwrap());
        let of = |hash: &str, at: i64| desk.user_of_token(hash, Instant(at)).unwrap().map(|(u, may)| (u.name, may));
        assert_eq!(of("h1", 50), Some(("sync".to_owned(), false)));
        assert_eq!(of("h2", 50), Some(("sync".to_owned(), true)));
        assert_eq!((of("h1", 100), of("h3", 50)), (None, None));
        assert!(desk.end_token("sync", "sheet").unwrap() && !desk.end_token("sync", "sheet").unwrap());
        assert_eq!((of("h2", 50), desk.tokens().unwrap()), (None, vec![token("nightly")]));
        desk.close_user("sync", Instant(60)).unwrap();
        assert_eq!(of("h1", 61), None);
    }
}
