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
        let mut h = xxhash_rust::xxh3::Xxh3::new();
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

fn update_when(h: &mut xxhash_rust::xxh3::Xxh3, when: When) {
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

fn update_value(h: &mut xxhash_rust::xxh3::Xxh3, value: &Value) {
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

    #[test]
    fn a_reset_entry_is_a_new_one() {
        let mut a = Entry::new(Entity::Lead).with(lead::SCORE, Value::Real(1.0));
        a.reset(Entity::Touch);
        assert_eq!(a.digest(), Entry::new(Entity::Touch).digest());
    }
}
