//! The entry: an envelope and a row of values described by the catalogue.

use compact_str::CompactString;
use terms::{Entity, Key, When};

use crate::{FieldId, Value, catalogue};

/// Where in a batch an entry was read: the file's number within the batch, and the line (or sheet row) in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RowRef {
    /// The number of the file within its batch.
    pub file: u32,
    /// The line of the file on which the row starts, counted from 1; for sheets and Parquet the row number.
    pub line: u32,
}

/// One observed version of one thing.
///
/// The buffer is meant to be reused: [`Entry::reset`] keeps its allocation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What kind of thing.
    pub entity: Entity,
    /// Which one.
    pub id: Key,
    /// The id that the source gave it; empty where the source gives none and the key was made from the row's content.
    pub id_text: CompactString,
    /// Whom or what it is about: the lead, person, opportunity or account; the thing itself where that is what it is.
    pub subject: Key,
    /// When it happened; for a version of a record, when that version was last changed, or made.
    pub valid_at: When,
    /// Whether the source says that the thing was deleted.
    pub deleted: bool,
    /// From which row.
    pub row: RowRef,
    values: Vec<Value>,
}

impl Entry {
    /// An empty entry of this kind.
    pub fn new(entity: Entity) -> Entry {
        let none = Key { entity, hash: 0 };
        Entry {
            entity,
            id: none,
            id_text: CompactString::const_new(""),
            subject: none,
            valid_at: When::Unknown,
            deleted: false,
            row: RowRef::default(),
            values: vec![Value::None; catalogue::fields(entity).len()],
        }
    }

    /// Makes it empty again, of this kind, keeping its allocation.
    pub fn reset(&mut self, entity: Entity) {
        let none = Key { entity, hash: 0 };
        self.entity = entity;
        self.id = none;
        self.id_text.clear();
        self.subject = none;
        self.valid_at = When::Unknown;
        self.deleted = false;
        self.row = RowRef::default();
        self.values.clear();
        self.values.resize(catalogue::fields(entity).len(), Value::None);
    }

    /// The value of a field; `Value::None` for a field that this kind does not have.
    pub fn get(&self, field: FieldId) -> &Value {
        self.values.get(field).unwrap_or(&Value::None)
    }

    /// Sets a field; a field that this kind does not have is left out.
    pub fn set(&mut self, field: FieldId, value: Value) {
        if let Some(slot) = self.values.get_mut(field) {
            *slot = value;
        }
    }

    /// The same, for tests and hand-made entries.
    #[must_use]
    pub fn with(mut self, field: FieldId, value: Value) -> Entry {
        self.set(field, value);
        self
    }

    /// All values, in the order of the catalogue.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// A hash of what was observed: kind, id, subject, time, deletion and all values; not of the row it was read from.
    /// The same observation read again, from whatever file, has the same digest.
    pub fn digest(&self) -> u64 {
        let mut h = Bytes::new();
        h.update(&[self.entity as u8, u8::from(self.deleted)]);
        h.update(&self.id.hash.to_le_bytes());
        h.update(&[self.subject.entity as u8]);
        h.update(&self.subject.hash.to_le_bytes());
        update_when(&mut h, self.valid_at);
        for (i, value) in self.values.iter().enumerate() {
            if value.is_none() {
                continue; // a field added to the catalogue later does not change the digest of what lacks it
            }
            h.update(&(i as u16).to_le_bytes());
            update_value(&mut h, value);
        }
        h.digest()
    }
}

/// What is hashed. Nearly every entry fits the buffer and is hashed at once, which is faster than piece by piece and
/// gives the same hash.
struct Bytes {
    held: [u8; 512],
    len: usize,
    /// Takes over where the buffer is full.
    rest: Option<Box<xxhash_rust::xxh3::Xxh3>>,
}

impl Bytes {
    fn new() -> Bytes {
        Bytes { held: [0; 512], len: 0, rest: None }
    }

    fn update(&mut self, bytes: &[u8]) {
        if let Some(rest) = &mut self.rest {
            rest.update(bytes);
        } else if let Some(room) = self.held.get_mut(self.len..self.len + bytes.len()) {
            room.copy_from_slice(bytes);
            self.len += bytes.len();
        } else {
            let mut rest = Box::new(xxhash_rust::xxh3::Xxh3::new());
            rest.update(self.held.get(..self.len).unwrap_or(&[]));
            rest.update(bytes);
            self.rest = Some(rest);
        }
    }

    fn digest(&self) -> u64 {
        match &self.rest {
            Some(rest) => rest.digest(),
            None => xxhash_rust::xxh3::xxh3_64(self.held.get(..self.len).unwrap_or(&[])),
        }
    }
}

fn update_when(h: &mut Bytes, when: When) {
    let (tag, a, b) = match when {
        When::Instant(at) => (1u8, at.0, 0),
        When::Day(day) => (2, i64::from(day.0), 0),
        When::Range(a, b) => (3, i64::from(a.0), i64::from(b.0)),
        When::Unknown => (0, 0, 0),
    };
    h.update(&[tag]);
    h.update(&a.to_le_bytes());
    h.update(&b.to_le_bytes());
}

fn update_value(h: &mut Bytes, value: &Value) {
    match value {
        Value::None => h.update(&[0]),
        Value::Text(text) => {
            h.update(&[1]);
            h.update(&(text.len() as u32).to_le_bytes());
            h.update(text.as_bytes());
        }
        Value::Key(key) => {
            h.update(&[2, key.entity as u8]);
            h.update(&key.hash.to_le_bytes());
        }
        Value::Int(n) => {
            h.update(&[3]);
            h.update(&n.to_le_bytes());
        }
        Value::Real(x) => {
            h.update(&[4]);
            h.update(&x.to_bits().to_le_bytes());
        }
        Value::Money(money) => {
            h.update(&[5]);
            h.update(&money.minor.to_le_bytes());
            h.update(&money.currency.number().to_le_bytes());
        }
        Value::When(when) => {
            h.update(&[6]);
            update_when(h, *when);
        }
        Value::Flag(flag) => h.update(&[7, u8::from(*flag)]),
        Value::Stage(stage) => h.update(&[8, *stage as u8]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::lead;

    #[test]
    fn the_digest_is_of_what_was_observed_and_not_of_the_row() {
        let mut a = Entry::new(Entity::Lead).with(lead::SOURCE, Value::Text("Web".into()));
        let mut b = a.clone();
        b.row = RowRef { file: 3, line: 9 };
        assert_eq!(a.digest(), b.digest());
        a.set(lead::SOURCE, Value::Text("web".into()));
        assert_ne!(a.digest(), b.digest());
    }

    /// Digests are in the ledger: they never change, however they are computed.
    #[test]
    fn digests_stay_what_they_are_at_every_length() {
        let key = Key { entity: Entity::Rep, hash: 0x0123_4567_89ab_cdef };
        let mut seen = Vec::new();
        for length in [0, 1, 3, 100, 200, 384, 385, 386, 400, 500, 512, 513, 1_000, 70_000] {
            let mut e = Entry::new(Entity::Lead)
                .with(lead::SOURCE, Value::Text("s".repeat(length).into()))
                .with(lead::OWNER, Value::Key(key))
                .with(lead::SCORE, Value::Real(0.5))
                .with(lead::IS_CONVERTED, Value::Flag(true));
            e.valid_at = When::Instant(terms::Instant(1_790_000_000_123));
            let mut streamed = xxhash_rust::xxh3::Xxh3::new();
            streamed.update(&[Entity::Lead as u8, 0]);
            streamed.update(&[0; 8]);
            streamed.update(&[Entity::Lead as u8]);
            streamed.update(&[0; 8]);
            streamed.update(&[1]);
            streamed.update(&1_790_000_000_123i64.to_le_bytes());
            streamed.update(&[0; 8]);
            for (field, value) in e.values().iter().enumerate().filter(|(_, v)| !v.is_none()) {
                streamed.update(&(field as u16).to_le_bytes());
                match value {
                    Value::Text(text) => {
                        streamed.update(&[1]);
                        streamed.update(&(text.len() as u32).to_le_bytes());
                        streamed.update(text.as_bytes());
                    }
                    Value::Key(key) => {
                        streamed.update(&[2, key.entity as u8]);
                        streamed.update(&key.hash.to_le_bytes());
                    }
                    Value::Real(x) => {
                        streamed.update(&[4]);
                        streamed.update(&x.to_bits().to_le_bytes());
                    }
                    Value::Flag(flag) => streamed.update(&[7, u8::from(*flag)]),
                    other => unreachable!("{other:?}"),
                }
            }
            assert_eq!(e.digest(), streamed.digest(), "{length}");
            seen.push(e.digest());
        }
        assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>().len(), seen.len());
    }

    #[test]
    fn a_reset_entry_is_a_new_one() {
        let mut a = Entry::new(Entity::Lead).with(lead::SCORE, Value::Real(1.0));
        a.reset(Entity::Touch);
        assert_eq!(a.digest(), Entry::new(Entity::Touch).digest());
    }
}
