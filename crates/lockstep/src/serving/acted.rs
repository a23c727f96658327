//! What somebody does on a page, on its way from the inbox to the ledger: an entry as one line of JSON, with what was said.
//!
//! Invariant: an entry that is written and read again is the same entry.

use desk::Note;
use entries::{Entry, Kind, Value, catalogue};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use terms::{Entity, Instant, Key, Stage, When};

use crate::failure::Failure;

/// What was done, and what was said about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acted {
    entity: String,
    /// The entry's id, by which its note is found.
    pub id: String,
    subject: String,
    /// Milliseconds since 1970.
    at: i64,
    fields: Map<String, Json>,
    /// What was done, in words, for the history of a lead.
    pub told: String,
    /// What was said; empty where nothing was.
    pub words: String,
    /// The hash under which what was said is kept, in hexadecimal; that of the subject where it is empty.
    #[serde(default)]
    thread: String,
}

/// The system of what is done on pages, for its keys.
const SYSTEM: &str = "lockstep";

fn written(key: Key) -> String {
    format!("{}:{:016x}", key.entity.word(), key.hash)
}

fn key(text: &str) -> Option<Key> {
    let (entity, hash) = text.split_once(':')?;
    Some(Key { entity: Entity::parse(entity)?, hash: u64::from_str_radix(hash, 16).ok()? })
}

fn damaged() -> Failure {
    Failure::new("damaged", "the inbox holds a line that is none of ours").hint("restore inbox.sqlite from a backup")
}

impl Acted {
    /// A new act of its own about a subject.
    ///
    /// # Errors
    /// Where the system gives no chance for its id.
    pub fn new(entity: Entity, subject: Key, at: Instant, told: &str, words: &str) -> Result<Acted, Failure> {
        let id: String = desk::secret()?.iter().take(10).map(|b| format!("{b:02x}")).collect();
        Ok(Acted {
            entity: entity.word().to_owned(),
            id,
            subject: written(subject),
            at: at.0,
            fields: Map::new(),
            told: told.to_owned(),
            words: words.to_owned(),
            thread: String::new(),
        })
    }

    /// The same with what was said kept under this hash, not under the subject's.
    #[must_use]
    pub fn about(mut self, thread: u64) -> Acted {
        self.thread = format!("{thread:016x}");
        self
    }

    /// The same with a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Json>) -> Acted {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// The same with a key in a field, where there is one.
    #[must_use]
    pub fn with_key(self, field: &str, key: Option<Key>) -> Acted {
        match key {
            Some(key) => self.with(field, written(key)),
            None => self,
        }
    }

    /// One line of JSON.
    pub fn line(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|_| damaged())
    }

    /// When.
    pub fn at(&self) -> Instant {
        Instant(self.at)
    }

    /// As the ledger keeps it.
    ///
    /// # Errors
    /// `damaged` where it was not written by [`Acted::line`].
    pub fn entry(&self) -> Result<Entry, Failure> {
        let entity = Entity::parse(&self.entity).ok_or_else(damaged)?;
        let mut entry = Entry::new(entity);
        entry.id = Key::of(entity, SYSTEM, &self.id);
        entry.id_text = self.id.as_str().into();
        entry.subject = key(&self.subject).ok_or_else(damaged)?;
        entry.valid_at = When::Instant(self.at());
        for (name, read) in &self.fields {
            let place = catalogue::field(entity, name).ok_or_else(damaged)?;
            let kind = catalogue::fields(entity).get(place).ok_or_else(damaged)?.kind;
            let value = match (kind, read) {
                (Kind::Code | Kind::Text, Json::String(text)) => Value::Text(text.as_str().into()),
                (Kind::Key, Json::String(text)) => Value::Key(key(text).ok_or_else(damaged)?),
                (Kind::Stage, Json::String(word)) => Value::Stage(Stage::parse(word).ok_or_else(damaged)?),
                (Kind::Flag, Json::Bool(flag)) => Value::Flag(*flag),
                (Kind::Int, Json::Number(n)) => Value::Int(n.as_i64().ok_or_else(damaged)?),
                (Kind::When, Json::Number(n)) => Value::When(When::Instant(Instant(n.as_i64().ok_or_else(damaged)?))),
                _ => return Err(damaged()),
            };
            entry.set(place, value);
        }
        Ok(entry)
    }

    /// What was said, as the desk keeps it; `None` where nothing was.
    ///
    /// # Errors
    /// As [`Acted::entry`].
    pub fn note(&self, user: &str) -> Result<Option<Note>, Failure> {
        if self.words.is_empty() {
            return Ok(None);
        }
        let subject = match self.thread.as_str() {
            "" => key(&self.subject).ok_or_else(damaged)?.hash,
            thread => u64::from_str_radix(thread, 16).map_err(|_| damaged())?,
        };
        let (id, act, words) = (self.id.clone(), self.told.clone(), self.words.clone());
        Ok(Some(Note { id, subject, at: self.at(), user: user.to_owned(), act, words }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entries::catalogue::{activity, stage_change};

    #[test]
    fn what_was_done_comes_back_from_its_line() {
        let lead = Key { entity: Entity::Lead, hash: u64::MAX };
        let rep = Key { entity: Entity::Rep, hash: 0xab };
        let acted = Acted::new(Entity::Activity, lead, Instant(5), "call", "nobody there")
            .unwrap()
            .with("kind", "call")
            .with("two_way", false)
            .with("logged_at", 7)
            .with_key("rep", Some(rep));
        let again: Acted = serde_json::from_str(&acted.line().unwrap()).unwrap();
        assert_eq!(again, acted);
        let entry = again.entry().unwrap();
        assert_eq!((entry.subject, entry.valid_at), (lead, When::Instant(Instant(5))));
        assert_eq!(entry.get(activity::REP).key(), Some(rep));
        assert_eq!(entry.get(activity::LOGGED_AT).when(), When::Instant(Instant(7)));
        assert_eq!(again.note("mei").unwrap().unwrap().subject, u64::MAX);
        let moved =
            Acted::new(Entity::StageChange, lead, Instant(5), "rejected", "").unwrap().with("stage", "rejected");
        assert_eq!(moved.entry().unwrap().get(stage_change::STAGE).stage(), Some(Stage::Rejected));
        assert!(moved.note("mei").unwrap().is_none());
        assert!(moved.with("stage", "no stage").entry().is_err());
    }
}
