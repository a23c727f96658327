//! A small made-up company: entries and batches for the tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use entries::catalogue::{lead, touch};
use entries::{Entry, FileCount, RowRef, Value};
use ledger::{BatchMeta, Commit, ImportedFile, Ledger, Outcome, Verdict, Verified};
use terms::{Currency, Entity, Instant, Key, Money, Stage, When};

pub const HOUR: i64 = 3_600_000;

pub fn meta(hour: i64) -> BatchMeta {
    BatchMeta {
        recorded_at: Instant(hour * HOUR),
        engine: "0.1.0".into(),
        source: "test".into(),
        settings: BTreeMap::from([("currency".to_owned(), "EUR".to_owned())]),
    }
}

pub fn file(name: &str, content: &str) -> ImportedFile {
    let count = FileCount { file: name.into(), mapping: "crm".into(), ..FileCount::default() };
    ImportedFile { count, content_hash: content.into(), mapping_hash: "m1".into() }
}

pub fn commit_of(name: &str, content: &str) -> Commit {
    Commit { files: vec![file(name, content)], ..Commit::default() }
}

pub fn lead_named(name: &str, version: i64, line: u32) -> Entry {
    let id = Key::of(Entity::Lead, "crm", name);
    let mut entry = Entry::new(Entity::Lead)
        .with(lead::SOURCE, Value::Text(["Web", "Event", "Partner"][version as usize % 3].into()))
        .with(lead::STAGE, Value::Stage(Stage::ALL[version as usize % 10]))
        .with(lead::SCORE, Value::Real(version as f64 / 8.0))
        .with(lead::AMOUNT, Value::Money(Money::new(version * 100, Currency::parse("EUR").unwrap())))
        .with(lead::OWNER, Value::Key(Key::of(Entity::Rep, "crm", "r1")))
        .with(lead::CREATED_AT, Value::When(When::Instant(Instant(5 * HOUR))));
    entry.id = id;
    entry.id_text = name.into();
    entry.subject = id;
    entry.valid_at = When::Instant(Instant(version * HOUR));
    entry.row = RowRef { file: 0, line };
    entry
}

pub fn touch_number(n: u64) -> Entry {
    let mut entry = Entry::new(Entity::Touch)
        .with(touch::KIND, Value::Text(["visit", "form", "email_click"][n as usize % 3].into()))
        .with(touch::CHANNEL, Value::Text(["paid_search", "email", "webinar", "organic"][n as usize % 4].into()))
        .with(touch::CAMPAIGN, Value::Key(Key::of(Entity::Campaign, "crm", ["a", "b", "c"][n as usize % 3])))
        .with(touch::ASSET, Value::Text(["ebook", "demo"][n as usize % 2].into()))
        .with(touch::RESPONDED, Value::Flag(n.is_multiple_of(5)))
        .with(touch::AUTOMATIC, Value::Flag(false));
    entry.id = Key { entity: Entity::Touch, hash: n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555 };
    entry.subject = Key { entity: Entity::Lead, hash: (n / 4).wrapping_mul(0xd6e8_feb8_6659_fd93) };
    entry.valid_at = When::Instant(Instant((n as i64 % 5_000) * 60_000));
    entry.row = RowRef { file: 0, line: n as u32 + 2 };
    entry
}

/// Imports entries as one batch at this hour.
pub fn import(ledger: &mut Ledger, hour: i64, content: &str, entries: &[Entry]) -> Outcome {
    let mut batch = ledger.begin(meta(hour)).unwrap();
    for entry in entries {
        batch.append(entry).unwrap();
    }
    batch.commit(commit_of("leads.csv", content)).unwrap()
}

pub fn all(ledger: &Ledger, entity: Entity) -> Vec<Entry> {
    let entries = ledger.head().entries(entity, ledger::Filter::default()).unwrap();
    entries.map(|e| e.unwrap().1).collect()
}

pub fn verified(root: &Path) -> Verified {
    match Ledger::verify_folder(root).unwrap() {
        Verdict::Verified(verified) => verified,
        Verdict::Broken(broken) => panic!("{broken}"),
    }
}

/// Every bit of an entry, as text.
pub fn bits(entry: &Entry) -> String {
    let values: Vec<String> = entry
        .values()
        .iter()
        .map(|v| match v {
            Value::Real(x) => format!("Real({:x})", x.to_bits()),
            other => format!("{other:?}"),
        })
        .collect();
    let Entry { entity, id, id_text, subject, valid_at, deleted, row, .. } = entry;
    format!("{entity:?} {id:?} {id_text:?} {subject:?} {valid_at:?} {deleted} {row:?} {values:?} {}", entry.digest())
}

/// Copies a folder into another.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for found in fs::read_dir(from).unwrap() {
        let found = found.unwrap();
        let target = to.join(found.file_name());
        if found.path().is_dir() {
            copy(&found.path(), &target);
        } else {
            fs::copy(found.path(), target).unwrap();
        }
    }
}
