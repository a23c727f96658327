//! Forgetting: everything the desk holds of one person, or of one rep known by name, is gone afterwards.
//!
//! Not here: the ledger, which knows the random number alone and still verifies. Kept: that the number was forgotten,
//! and when, so that a page can say so. A person whose mail is imported again later is a new one.
//! Invariant: nothing of the person stays in a table, and the bytes are overwritten in the file, not merely unlinked.

use rusqlite::{OptionalExtension, params};
use terms::{Entity, Instant, Key};

use crate::people::{Person, find, folded, number};
use crate::rejects::from_json;
use crate::store::Store;
use crate::{Desk, Error};

/// What was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many of the people and aliases the vault knew.
    pub known: u64,
    /// How many rejects lost their content because it named them.
    pub rejects: u64,
    /// Whether the old bytes are overwritten already; if not, another process was reading, and they are when it ends.
    pub overwritten: bool,
}

impl Desk {
    /// Forgets people and aliases, with the content of the rejects that hold their mail, phone or name. An open batch is
    /// flushed first.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn forget(&self, whom: &[Key], at: Instant) -> Result<Forgotten, Error> {
        self.with(|store| {
            store.flush()?;
            let mut done = store.write(|store| {
                let mut traces = Vec::new();
                let mut known = 0;
                for key in whom {
                    let of_key = traces_of(store, *key)?;
                    known += u64::from(!of_key.is_empty());
                    traces.extend(of_key);
                }
                let rejects = erase_rejects(store, &traces)?;
                for key in whom {
                    cut(store, *key, at)?;
                }
                Ok(Forgotten { known, rejects, overwritten: false })
            })?;
            store.drop_memory();
            // Deleted content is zeroed in its page (`secure_delete`); the log still holds older copies of the page.
            done.overwritten = store.checkpoint()?;
            Ok(done)
        })
    }

    /// When a person or an alias was forgotten, `None` where that never happened.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn forgotten_at(&self, whom: Key) -> Result<Option<Instant>, Error> {
        let ask = "SELECT at FROM forgotten WHERE id = $1 AND entity = $2";
        let Ok(id) = i64::try_from(whom.hash) else { return Ok(None) };
        self.with(|store| {
            let at = store.conn.prepare_cached(ask)?.query_row(params![id, whom.entity as u8], |row| row.get(0));
            Ok(at.optional()?.map(Instant))
        })
    }
}

/// By what a person can be found in a raw row, as it is compared.
struct Traces {
    mail: Option<String>,
    phones: Vec<String>,
    name: Option<String>,
}

/// Digits of a phone that are compared: prefixes are written in many ways (`+49 30`, `0049 30`, `030`), the end is not.
const PHONE_END: usize = 8;
const PHONE_SHORTEST: usize = 7;

impl Traces {
    fn of_person(person: Person) -> Traces {
        let ends = person.phones.iter().map(|phone| digits(phone)).filter(|digits| digits.len() >= PHONE_SHORTEST);
        Traces {
            mail: person.mail,
            phones: ends.map(|digits| digits[digits.len().saturating_sub(PHONE_END)..].to_owned()).collect(),
            name: person.name.map(|name| folded(&name)).filter(|name| !name.is_empty()),
        }
    }

    fn of_name(name: &str) -> Traces {
        Traces { mail: None, phones: Vec::new(), name: Some(folded(name)) }
    }

    fn are_in(&self, cells: &[String]) -> bool {
        let folds: Vec<String> = cells.iter().map(|cell| folded(cell)).collect();
        let digits: Vec<String> = cells.iter().map(|cell| digits(cell)).collect();
        let mail = self.mail.as_ref().is_some_and(|mail| folds.iter().any(|cell| cell.contains(mail.as_str())));
        let phone = self.phones.iter().any(|end| digits.iter().any(|cell| cell.ends_with(end.as_str())));
        let name = self.name.as_ref().is_some_and(|name| {
            let halves = |a: &str, b: &str| name.strip_prefix(a).and_then(|rest| rest.strip_prefix(' ')) == Some(b);
            folds.contains(name) || folds.windows(2).any(|two| halves(&two[0], &two[1]) || halves(&two[1], &two[0]))
        });
        mail || phone || name
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn traces_of(store: &mut Store, whom: Key) -> Result<Vec<Traces>, Error> {
    let mut all = Vec::new();
    if let Some(id) = number(whom, Entity::Person)
        && let Some(person) = find(store, id)?
    {
        all.push(Traces::of_person(person));
    }
    if let Some(id) = number(whom, whom.entity) {
        let ask = "SELECT name FROM aliases WHERE number = $1 AND entity = $2";
        let alias = store.conn.prepare_cached(ask)?.query_row(params![id, whom.entity as u8], |row| row.get(0));
        all.extend(alias.optional()?.map(|name: String| Traces::of_name(&name)));
    }
    Ok(all)
}

/// Takes one key out of all tables. What the vault never knew leaves no mark.
fn cut(store: &mut Store, whom: Key, at: Instant) -> Result<(), Error> {
    let Some(id) = number(whom, whom.entity) else { return Ok(()) };
    let entity = whom.entity as u8;
    let mut gone = store.conn.execute("DELETE FROM aliases WHERE number = $1 AND entity = $2", params![id, entity])?;
    if whom.entity == Entity::Person {
        if let Some(person) = find(store, id)? {
            store.conn.execute("DELETE FROM mails WHERE mail = $1", [person.mail])?;
            for phone in person.phones {
                store.conn.execute("DELETE FROM phones WHERE phone = $1 AND person = $2", params![phone, id])?;
            }
        }
        store.conn.execute("DELETE FROM sights WHERE person = $1", [id])?;
        gone += store.conn.execute("DELETE FROM people WHERE id = $1", [id])?;
    }
    if gone > 0 {
        let put = "INSERT INTO forgotten (id, entity, at) VALUES ($1, $2, $3) ON CONFLICT (id, entity) DO NOTHING";
        store.conn.execute(put, params![id, entity, at.0])?;
    }
    Ok(())
}

/// Takes the content out of the rejects that hold any of these traces; their place and their count stay.
fn erase_rejects(store: &Store, traces: &[Traces]) -> Result<u64, Error> {
    if traces.is_empty() {
        return Ok(0);
    }
    let mut all = store.conn.prepare("SELECT id, was_read, raw FROM rejects WHERE erased = 0")?;
    let mut rows = all.query([])?;
    let mut found: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = from_json(&row.get::<_, String>(2)?)?;
        cells.push(row.get(1)?);
        if traces.iter().any(|traces| traces.are_in(&cells)) {
            found.push(row.get(0)?);
        }
    }
    let empty = "UPDATE rejects SET was_read = '', raw = '[]', erased = 1 WHERE id = $1";
    for id in &found {
        store.conn.prepare_cached(empty)?.execute([id])?;
    }
    Ok(found.len() as u64)
}
