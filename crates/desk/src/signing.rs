//! The keys with which users sign agreements on pages, each sealed by its user's own password.
//!
//! Not here: how a secret is sealed. Invariant: the desk holds no secret that its file alone would open.

use rusqlite::{OptionalExtension, params};
use terms::Instant;

use crate::{Desk, Error};

/// A user's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// Whose.
    pub user: String,
    /// For which party it signs.
    pub party: String,
    /// In which role.
    pub role: String,
    /// Its public half in hexadecimal.
    pub public: String,
    /// The salt of the key that seals it.
    pub salt: Vec<u8>,
    /// Its secret half, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub made_at: Instant,
}

impl Desk {
    /// Keeps a user's key in place of the one before.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn keep_signing_key(&self, key: &SigningKey) -> Result<(), Error> {
        let put = "INSERT INTO signing_keys (user_name, party, role, public, salt, sealed, made_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_name) DO UPDATE SET party = excluded.party, \
                   role = excluded.role, public = excluded.public, salt = excluded.salt, sealed = excluded.sealed, \
                   made_at = excluded.made_at";
        self.with(|store| {
            store.write(|store| {
                let k = key;
                let values = params![k.user, k.party, k.role, k.public, k.salt, k.sealed, k.made_at.0];
                store.conn.prepare_cached(put)?.execute(values)?;
                Ok(())
            })
        })
    }

    /// A user's key.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn signing_key(&self, user: &str) -> Result<Option<SigningKey>, Error> {
        let ask = "SELECT user_name, party, role, public, salt, sealed, made_at FROM signing_keys WHERE user_name = $1";
        self.with(|store| {
            let row = |row: &rusqlite::Row<'_>| {
                Ok(SigningKey {
                    user: row.get(0)?,
                    party: row.get(1)?,
                    role: row.get(2)?,
                    public: row.get(3)?,
                    salt: row.get(4)?,
                    sealed: row.get(5)?,
                    made_at: Instant(row.get(6)?),
                })
            };
            Ok(store.conn.prepare_cached(ask)?.query_row([user], row).optional()?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_one_key_the_last_that_was_made() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let key = |public: &str| SigningKey {
            user: "mei".to_owned(),
            party: "sales".to_owned(),
            role: "VP Sales".to_owned(),
            public: public.to_owned(),
            salt: vec![1, 2],
            sealed: vec![0, 255],
            made_at: Instant(3),
        };
        assert!(desk.signing_key("mei").unwrap().is_none());
        desk.keep_signing_key(&key("a")).unwrap();
        desk.keep_signing_key(&key("b")).unwrap();
        assert_eq!(desk.signing_key("mei").unwrap(), Some(key("b")));
    }
}
