//! What a batch keeps, what it leaves out, and what it refuses.

use std::fs;

use entries::catalogue::lead;
use entries::{FileCount, Value};
use ledger::{Commit, ImportedFile, Ledger, Outcome};
use terms::{Entity, When};

use crate::company::{all, commit_of, import, lead_named, meta, touch_number, verified};

fn new() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::create(folder.path()).unwrap();
    (folder, ledger)
}

#[test]
fn the_same_file_twice_is_one_batch() {
    let (folder, mut ledger) = new();
    let entries: Vec<_> = (0..100).map(|n| lead_named(&format!("L{n}"), 1, n)).collect();
    let first = import(&mut ledger, 1, "c1", &entries);
    assert!(matches!(first, Outcome::Committed { seq: 1, .. }));
    let hash = ledger.head().hash().to_owned();
    assert_eq!(ledger.knows_file("c1", "m1"), Some(1));
    assert_eq!(ledger.knows_file("c1", "m2"), None);
    // again, from another handle that has to load what is known
    let mut again = Ledger::open(folder.path()).unwrap();
    assert_eq!(import(&mut again, 2, "c1", &entries), Outcome::NothingNew { seq: 1, hash: hash.clone() });
    assert_eq!(verified(folder.path()).head, hash);
    assert_eq!(fs::read_dir(folder.path().join("batches")).unwrap().count(), 1);
}

#[test]
fn a_grown_file_adds_only_what_is_new() {
    let (_folder, mut ledger) = new();
    let mut entries: Vec<_> = (0..50).map(|n| lead_named(&format!("L{n}"), 1, n)).collect();
    import(&mut ledger, 1, "c1", &entries);
    entries.extend((50..60).map(|n| lead_named(&format!("L{n}"), 1, n)));
    entries[7] = lead_named("L7", 2, 7);
    import(&mut ledger, 2, "c2", &entries);
    assert_eq!(ledger.head().count(Entity::Lead), 61);
    assert_eq!(ledger.head().manifest(2).map(|m| m.counts["lead"]), Some(11));
}

#[test]
fn a_file_with_several_versions_of_a_thing_can_grow_too() {
    for newest_first in [false, true] {
        let (_folder, mut ledger) = new();
        let mut entries: Vec<_> = (1..5).map(|v| lead_named("L1", v, v as u32)).collect();
        if newest_first {
            entries.reverse();
        }
        import(&mut ledger, 1, "c1", &entries);
        entries.push(lead_named("L2", 1, 9));
        import(&mut ledger, 2, "c2", &entries);
        assert_eq!(ledger.head().count(Entity::Lead), 5, "newest first: {newest_first}");
    }
}

#[test]
fn a_return_to_an_older_value_is_a_new_entry() {
    let (_folder, mut ledger) = new();
    let untimed = |version| {
        let mut entry = lead_named("L1", version, 1);
        entry.valid_at = When::Unknown;
        entry
    };
    for (hour, version) in [(1, 1), (2, 2), (3, 1), (4, 1)] {
        import(&mut ledger, hour, &format!("c{hour}"), &[untimed(version)]);
    }
    assert_eq!(ledger.head().count(Entity::Lead), 3);
}

#[test]
fn an_entry_twice_in_one_batch_is_kept_once() {
    let (_folder, mut ledger) = new();
    let mut batch = ledger.begin(meta(1)).unwrap();
    assert!(batch.append(&lead_named("L1", 1, 1)).unwrap());
    assert!(!batch.append(&lead_named("L1", 1, 2)).unwrap());
    assert_eq!(batch.entries(Entity::Lead), 1);
    batch.commit(Commit::default()).unwrap();
}

#[test]
fn many_at_once_are_appended_as_one_by_one() {
    let entries: Vec<_> = (0..500).map(|n| touch_number(n % 300)).chain([lead_named("L1", 1, 1)]).collect();
    let run = |together: bool| {
        let (_folder, mut ledger) = new();
        let mut batch = ledger.begin(meta(1)).unwrap();
        let mut news = vec![true; 3];
        if together {
            batch.append_all(&entries, &mut news).unwrap();
        } else {
            news = entries.iter().map(|e| batch.append(e).unwrap()).collect();
        }
        (news, batch.commit(Commit::default()).unwrap())
    };
    assert_eq!(run(true), run(false));
    assert_eq!(run(true).0.iter().filter(|new| **new).count(), 301);
}

#[test]
fn the_same_imports_make_the_same_bytes() {
    let run = || {
        let (folder, mut ledger) = new();
        let mut entries: Vec<_> = (0..3_000).map(touch_number).collect();
        import(&mut ledger, 1, "c1", &entries);
        entries.reverse();
        import(&mut ledger, 2, "c2", &entries);
        import(&mut ledger, 3, "c3", &[lead_named("L1", 1, 1)]);
        verified(folder.path())
    };
    assert_eq!(run(), run());
}

#[test]
fn entries_in_another_order_make_the_same_part() {
    let run = |reversed: bool| {
        let (_folder, mut ledger) = new();
        let mut entries: Vec<_> = (0..3_000).map(touch_number).collect();
        if reversed {
            entries.reverse();
        }
        import(&mut ledger, 1, "c1", &entries);
        ledger.head().hash().to_owned()
    };
    assert_eq!(run(false), run(true));
}

#[test]
fn an_aborted_batch_leaves_nothing() {
    let (folder, mut ledger) = new();
    let mut batch = ledger.begin(meta(1)).unwrap();
    batch.append(&lead_named("L1", 1, 1)).unwrap();
    batch.abort();
    assert_eq!(fs::read_dir(folder.path().join("batches")).unwrap().count(), 0);
    assert_eq!(all(&Ledger::open(folder.path()).unwrap(), Entity::Lead).len(), 0);
    // and the same batch can be made after all
    import(&mut ledger, 1, "c1", &[lead_named("L1", 1, 1)]);
    assert_eq!(verified(folder.path()).batches, 1);
}

#[test]
fn a_file_of_rejects_alone_is_recorded_once() {
    let (_folder, mut ledger) = new();
    let count = FileCount { file: "bad.csv".into(), rows: 3, rejected: 3, ..FileCount::default() };
    let file = ImportedFile { count, content_hash: "c".into(), mapping_hash: "m".into() };
    let commit = Commit { files: vec![file], rejects: 3, ..Commit::default() };
    let first = ledger.begin(meta(1)).unwrap().commit(commit.clone()).unwrap();
    assert!(matches!(first, Outcome::Committed { seq: 1, .. }));
    assert_eq!(ledger.head().manifest(1).map(|m| m.rejects), Some(3));
    let again = ledger.begin(meta(2)).unwrap().commit(commit).unwrap();
    assert!(matches!(again, Outcome::NothingNew { seq: 1, .. }));
}

#[test]
fn a_key_that_is_already_anothers_is_refused() {
    let (folder, mut ledger) = new();
    import(&mut ledger, 1, "c1", &[lead_named("L1", 1, 1)]);
    let mut collides = lead_named("L2", 1, 1);
    collides.id = lead_named("L1", 1, 1).id;
    let mut ledger = Ledger::open(folder.path()).unwrap();
    let mut batch = ledger.begin(meta(2)).unwrap();
    let error = batch.append(&collides).unwrap_err();
    assert_eq!(error.code(), "key_collision");
    assert_eq!(error.to_string(), "`lead L2`: its 64-bit key is already that of another lead");
    assert_eq!(batch.commit(Commit::default()).unwrap_err().code(), "batch_failed");
    assert_eq!(verified(folder.path()).batches, 1);
}

#[test]
fn a_value_of_another_kind_than_the_catalogues_is_refused() {
    let (_folder, mut ledger) = new();
    let mut batch = ledger.begin(meta(1)).unwrap();
    let error = batch.append(&lead_named("L1", 1, 1).with(lead::SCORE, Value::Int(3))).unwrap_err();
    assert_eq!((error.code(), error.to_string()), ("wrong_kind", "`lead.score`: expected a value of kind Real".into()));
}

#[test]
fn a_clock_that_went_back_is_refused() {
    let (_folder, mut ledger) = new();
    import(&mut ledger, 5, "c1", &[lead_named("L1", 1, 1)]);
    let error = ledger.begin(meta(4)).unwrap_err();
    assert_eq!(error.code(), "clock_behind");
    assert!(error.hint().is_some());
}

#[test]
fn what_is_no_ledger_or_a_newer_one_says_so() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Ledger::open(folder.path()).unwrap_err().code(), "not_a_ledger");
    assert_eq!(Ledger::open(folder.path().join("nowhere")).unwrap_err().code(), "not_a_ledger");
    Ledger::create(folder.path()).unwrap();
    assert_eq!(Ledger::create(folder.path()).unwrap_err().code(), "exists_already");
    fs::write(folder.path().join("format.json"), "{\"ledger\":\"lockstep\",\"format\":3}\n").unwrap();
    let error = Ledger::open(folder.path()).unwrap_err();
    assert_eq!(error.code(), "newer_format");
    assert!(error.to_string().ends_with("has format 3, this version reads formats up to 2"), "{error}");
    assert_eq!(Ledger::verify_folder(folder.path()).unwrap_err().code(), "newer_format");
}

#[test]
fn a_part_that_is_gone_is_named() {
    let (folder, mut ledger) = new();
    import(&mut ledger, 1, "c1", &[lead_named("L1", 1, 1)]);
    let part = ledger.head().parts(Entity::Lead).next().unwrap().1.path.clone();
    fs::remove_file(folder.path().join(&part)).unwrap();
    let error = ledger.head().entries(Entity::Lead, Default::default()).unwrap().next().unwrap().unwrap_err();
    assert_eq!(error.code(), "missing_part");
    assert!(error.to_string().contains(&part), "{error}");
}

#[test]
fn a_disk_that_cannot_be_written_to_is_named_and_the_ledger_stays_as_it_was() {
    let (folder, mut ledger) = new();
    import(&mut ledger, 1, "c1", &[lead_named("L1", 1, 1)]);
    let mut batch = ledger.begin(meta(2)).unwrap();
    batch.append(&lead_named("L2", 1, 1)).unwrap();
    // the staged folder vanishes under the writer, as on a disk that was pulled out
    let staged = fs::read_dir(folder.path().join("batches")).unwrap().map(|f| f.unwrap().path()).max().unwrap();
    fs::remove_dir_all(&staged).unwrap();
    let error = batch.commit(commit_of("x", "c2")).unwrap_err();
    assert!(error.to_string().contains("could not create"), "{error}");
    assert_eq!(verified(folder.path()).batches, 1);
}

#[test]
fn a_ledger_can_lie_in_a_folder_of_any_name() {
    let outside = tempfile::tempdir().unwrap();
    let root = outside.path().join("Müllers Daten #1 (100%) 😀/a b");
    let mut ledger = Ledger::create(&root).unwrap();
    import(&mut ledger, 1, "c1", &[lead_named("L1", 1, 1)]);
    assert_eq!(all(&Ledger::open(&root).unwrap(), Entity::Lead).len(), 1);
    assert_eq!(verified(&root).batches, 1);
}
