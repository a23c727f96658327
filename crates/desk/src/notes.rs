//! What people wrote about a lead in words: the ledger holds what was done, the desk what was said about it.
//!
//! Invariant: a note stands under the id of the entry that it explains, and is written once.

use rusqlite::params;
use terms::Instant;

use crate::{Desk, Error};

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The id of the entry that it explains.
    pub id: String,
    /// The hash of the lead or dispute that the entry is about.
    pub subject: u64,
    /// When it was written.
    pub at: Instant,
    /// By which user.
    pub user: String,
    /// What was done.
    pub act: String,
    /// What was said.
    pub words: String,
}

impl Desk {
    /// Keeps a note; one that is kept already stays as it is.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn keep_note(&self, note: &Note) -> Result<(), Error> {
        let put = "INSERT INTO notes (id, subject, at, user_name, act, words) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (id) DO NOTHING";
        self.with(|store| {
            store.write(|store| {
                let n = note;
                let values = params![n.id, n.subject.cast_signed(), n.at.0, n.user, n.act, n.words];
                store.conn.prepare_cached(put)?.execute(values)?;
                Ok(())
            })
        })
    }

    /// The notes about a lead or a dispute, in order.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn notes(&self, subject: u64) -> Result<Vec<Note>, Error> {
        let ask = "SELECT id, subject, at, user_name, act, words FROM notes WHERE subject = $1 ORDER BY at, id";
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map([subject.cast_signed()], read)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// The newest notes of an act, whatever they are about; the newest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn notes_of(&self, act: &str, most: usize) -> Result<Vec<Note>, Error> {
        let ask =
            "SELECT id, subject, at, user_name, act, words FROM notes WHERE act = $1 ORDER BY at DESC, id LIMIT $2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.with(|store| {
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map(rusqlite::params![act, most], read)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Forgets what was said about a lead. How many notes that were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn forget_notes(&self, subject: u64) -> Result<usize, Error> {
        self.with(|store| {
            store.write(|store| {
                Ok(store.conn.execute("DELETE FROM notes WHERE subject = $1", [subject.cast_signed()])?)
            })
        })
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get(0)?,
        subject: row.get::<_, i64>(1)?.cast_unsigned(),
        at: Instant(row.get(2)?),
        user: row.get(3)?,
        act: row.get(4)?,
        words: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_kept_once_and_forgotten_with_its_lead() {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::open(home.path().join("desk.sqlite")).unwrap();
        let note = |id: &str, subject: u64, words: &str| Note {
            id: id.to_owned(),
            subject,
            at: Instant(7),
            user: "mei".to_owned(),
            act: "reject".to_owned(),
            words: words.to_owned(),
        };
        desk.keep_note(&note("a", u64::MAX, "no budget")).unwrap();
        desk.keep_note(&note("a", u64::MAX, "something else")).unwrap();
        desk.keep_note(&note("b", 2, "other")).unwrap();
        assert_eq!(desk.notes(u64::MAX).unwrap(), [note("a", u64::MAX, "no budget")]);
        assert_eq!((desk.forget_notes(u64::MAX).unwrap(), desk.notes(u64::MAX).unwrap().len()), (1, 0));
        assert_eq!(desk.notes(2).unwrap().len(), 1);
    }
}
