//! Ledgers written by earlier versions stay readable. `tests/fixtures/format-1` was written by the first version that
//! had this format, from the entries below, and is never written again: a later format adds a folder of its own.

use std::path::PathBuf;

use entries::Entry;
use ledger::{Filter, Ledger, Outcome};
use terms::Entity;

use crate::company::{all, bits, copy, import, lead_named, touch_number, verified};

fn fixture(format: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/format-{format}"))
}

fn first_batch() -> Vec<Entry> {
    (0..20).map(|n| lead_named(&format!("L{n}"), i64::from(n % 7), n)).chain((0..30).map(touch_number)).collect()
}

fn second_batch() -> Vec<Entry> {
    let mut deleted = lead_named("L3", 9, 4);
    deleted.deleted = true;
    vec![lead_named("L1", 8, 3), deleted]
}

#[test]
fn a_ledger_of_format_1_is_read_as_it_was_written() {
    let root = fixture(1);
    let found = verified(&root);
    assert_eq!((found.batches, found.files), (2, 6));
    assert_eq!(found.head, "01a881083d316508fc74e02194a4c0046d413e62473f1d4a9637053e4820a3ac");
    let ledger = Ledger::open(&root).unwrap();
    let sorted = |entries: &[Entry]| {
        let mut entries: Vec<String> = entries.iter().map(bits).collect();
        entries.sort();
        entries
    };
    let both = [all(&ledger, Entity::Lead), all(&ledger, Entity::Touch)].concat();
    assert_eq!(sorted(&both), sorted(&[first_batch(), second_batch()].concat()));
    let second = Filter { after_seq: 1, ..Filter::default() };
    assert_eq!(ledger.head().entries(Entity::Lead, second).unwrap().count(), 2);
    let manifest = ledger.head().manifest(2).unwrap();
    assert_eq!((manifest.files[0].count.file.as_str(), manifest.settings["currency"].as_str()), ("leads.csv", "EUR"));
}

#[test]
fn what_a_ledger_of_format_1_holds_is_known_and_not_kept_again() {
    let folder = tempfile::tempdir().unwrap();
    copy(&fixture(1), folder.path());
    let mut ledger = Ledger::open(folder.path()).unwrap();
    for entries in [first_batch(), second_batch()] {
        assert!(matches!(import(&mut ledger, 30, "c3", &entries), Outcome::NothingNew { seq: 2, .. }));
    }
}
