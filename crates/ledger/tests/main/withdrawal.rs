//! A batch is withdrawn: later heads do not see it, earlier ones do, and nothing on disk changes.

use std::fs;

use entries::FileCount;
use ledger::{Commit, Head, HeadSpec, ImportedFile, Ledger, Outcome};
use terms::Entity;

use crate::company::{all, bits, import, lead_named, meta, touch_number, verified};

/// Two batches: ten leads and, from another file, five of them again with three more and some touches.
fn two() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path()).unwrap();
    let leads = |range: std::ops::Range<u32>| range.map(|n| lead_named(&format!("L{n}"), 1, n)).collect::<Vec<_>>();
    import(&mut ledger, 1, "c1", &leads(0..10));
    import(&mut ledger, 2, "c2", &[leads(5..13), (0..4).map(touch_number).collect()].concat());
    (folder, ledger)
}

fn names(head: &Head) -> Vec<String> {
    let entries = head.entries(Entity::Lead, ledger::Filter::default()).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().1.id_text.to_string()).collect();
    names.sort();
    names
}

#[test]
fn later_heads_do_not_see_it_and_earlier_ones_do() {
    let (folder, mut ledger) = two();
    let before: Vec<String> = all(&ledger, Entity::Lead).iter().map(bits).collect();
    let parts: Vec<_> = ledger.head().parts(Entity::Lead).map(|(_, p)| (p.path.clone(), p.blake3.clone())).collect();
    let outcome = ledger.withdraw(meta(3), 1, "read by the wrong mapping").unwrap();
    assert!(matches!(outcome, Outcome::Committed { seq: 3, .. }));
    let ledger = Ledger::open(folder.path()).unwrap();
    let head = ledger.head();
    assert_eq!(names(head), ["L10", "L11", "L12"]);
    assert_eq!((head.count(Entity::Lead), head.count(Entity::Touch)), (3, 4));
    assert_eq!(head.days(Entity::Lead).values().sum::<u64>(), 3);
    let withdrawn: Vec<_> = head.withdrawn().into_iter().map(|(seq, (by, w))| (seq, by, w.reason.clone())).collect();
    assert_eq!(withdrawn, [(1, 3, "read by the wrong mapping".to_owned())]);
    assert_eq!(head.standing().map(|m| m.seq).collect::<Vec<_>>(), [2, 3]);

    let earlier = ledger.at(&HeadSpec::Seq(2)).unwrap();
    let entries = earlier.entries(Entity::Lead, ledger::Filter::default()).unwrap();
    assert_eq!(entries.map(|e| bits(&e.unwrap().1)).collect::<Vec<_>>(), before);
    assert_eq!(verified(folder.path()).batches, 3);
    for (path, hash) in parts {
        assert_eq!(blake3::hash(&fs::read(folder.path().join(path)).unwrap()).to_hex().as_str(), hash);
    }
}

#[test]
fn its_files_and_those_that_leaned_on_it_can_be_imported_again() {
    let (folder, mut ledger) = two();
    ledger.withdraw(meta(3), 1, "misread").unwrap();
    assert_eq!((ledger.knows_file("c1", "m1"), ledger.knows_file("c2", "m1")), (None, None));
    assert_eq!(ledger.head().leaned(), [(2, "leads.csv")]);
    // the second file held five of the leads too, which were left out as known: they come in now
    let again: Vec<_> = (5..13).map(|n| lead_named(&format!("L{n}"), 1, n)).collect();
    let mut ledger = Ledger::open(folder.path()).unwrap();
    assert!(matches!(import(&mut ledger, 4, "c2", &again), Outcome::Committed { seq: 4, .. }));
    assert_eq!(ledger.head().manifest(4).map(|m| m.counts["lead"]), Some(5));
    assert_eq!(names(ledger.head()).len(), 8);
    assert_eq!(ledger.knows_file("c2", "m1"), Some(4));
    assert!(ledger.head().leaned().is_empty());
    // and so does the withdrawn file itself
    let first: Vec<_> = (0..10).map(|n| lead_named(&format!("L{n}"), 1, n)).collect();
    import(&mut ledger, 5, "c1", &first);
    assert_eq!(names(ledger.head()).len(), 13);
    assert_eq!(ledger.knows_file("c1", "m1"), Some(5));
}

#[test]
fn a_later_batch_withdrawn_leaves_earlier_files_known() {
    let (_folder, mut ledger) = two();
    ledger.withdraw(meta(3), 2, "misread").unwrap();
    assert_eq!((ledger.knows_file("c1", "m1"), ledger.knows_file("c2", "m1")), (Some(1), None));
    assert!(ledger.head().leaned().is_empty());
    assert_eq!(names(ledger.head()).len(), 10);
}

#[test]
fn what_cannot_be_withdrawn_is_said_and_changes_nothing() {
    let (folder, mut ledger) = two();
    ledger.withdraw(meta(3), 1, "misread").unwrap();
    let head = ledger.head().hash().to_owned();
    for (seq, code) in [(0, "unknown_batch"), (9, "unknown_batch"), (1, "withdrawn_already"), (3, "only_withdraws")] {
        let error = ledger.withdraw(meta(4), seq, "again").unwrap_err();
        assert_eq!(error.code(), code, "{seq}");
        assert!(error.hint().is_some());
    }
    assert_eq!((ledger.head().hash(), verified(folder.path()).batches), (head.as_str(), 3));
    assert_eq!(fs::read_dir(folder.path().join("batches")).unwrap().count(), 3);
}

#[test]
fn older_versions_read_a_ledger_until_something_is_withdrawn() {
    let (folder, mut ledger) = two();
    ledger.withdraw(meta(3), 2, "misread").unwrap();
    let format = |seq: u64| ledger.head().manifest(seq).map(|m| m.format);
    assert_eq!((format(1), format(2), format(3)), (Some(1), Some(1), Some(2)));
    let text = |seq: u64| fs::read_to_string(folder.path().join(format!("manifests/{seq:08}.json"))).unwrap();
    assert!(!text(2).contains("withdraws"));
    assert!(text(3).contains(r#""withdraws":[{"seq":2,"reason":"misread"}]"#));
}

#[test]
fn a_withdrawal_of_a_batch_that_is_not_before_it_is_damage() {
    let (folder, mut ledger) = two();
    ledger.withdraw(meta(3), 2, "misread").unwrap();
    let path = folder.path().join("manifests/00000003.json");
    let text = fs::read_to_string(&path).unwrap().replace(r#"{"seq":2,"#, r#"{"seq":7,"#);
    let body = text.split(",\n\"seal\"").next().unwrap().to_owned();
    let seal = blake3::hash(body.as_bytes()).to_hex();
    fs::write(&path, format!("{body},\n\"seal\":\"{seal}\"}}\n")).unwrap();
    let error = Ledger::open(folder.path()).unwrap_err();
    assert_eq!(error.code(), "damaged");
    assert!(error.to_string().contains("not before it"), "{error}");
}

#[test]
fn a_batch_of_rejects_alone_can_be_withdrawn_and_its_file_read_again() {
    let (_folder, mut ledger) = two();
    let count = FileCount { file: "bad.csv".to_owned(), rows: 2, rejected: 2, ..FileCount::default() };
    let files = vec![ImportedFile { count, content_hash: "c9".to_owned(), mapping_hash: "m1".to_owned() }];
    let commit = Commit { files, rejects: 2, ..Commit::default() };
    ledger.begin(meta(3)).unwrap().commit(commit.clone()).unwrap();
    ledger.withdraw(meta(4), 3, "wrong file").unwrap();
    assert_eq!(ledger.knows_file("c9", "m1"), None);
    let outcome = ledger.begin(meta(5)).unwrap().commit(commit).unwrap();
    assert!(matches!(outcome, Outcome::Committed { seq: 5, .. }));
}
