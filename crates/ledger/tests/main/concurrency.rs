//! Several writers and readers of one ledger.

use std::fs;

use ledger::{Commit, Filter, Ledger, Outcome};
use terms::Entity;

use crate::company::{commit_of, copy, import, lead_named, meta, touch_number, verified};

#[test]
fn a_second_writer_is_told_that_the_ledger_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = Ledger::create(folder.path()).unwrap();
    let mut other = Ledger::open(folder.path()).unwrap();
    let mut batch = one.begin(meta(1)).unwrap();
    batch.append(&lead_named("L1", 1, 1)).unwrap();
    let error = other.begin(meta(1)).unwrap_err();
    assert_eq!(error.code(), "ledger_busy");
    batch.commit(Commit::default()).unwrap();
    // it then builds on what the first has written, and knows it
    let again = import(&mut other, 2, "c2", &[lead_named("L1", 1, 1)]);
    assert!(matches!(again, Outcome::NothingNew { seq: 1, .. }));
}

#[test]
fn the_chain_cannot_fork_even_where_the_lock_does_not_hold() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut ledger = Ledger::create(folder.path()).unwrap();
    let mut batch = ledger.begin(meta(1)).unwrap();
    batch.append(&lead_named("L1", 1, 1)).unwrap();
    // another machine, that our lock does not reach, makes the first batch meanwhile
    import(&mut Ledger::create(elsewhere.path()).unwrap(), 2, "c", &[lead_named("L2", 1, 1)]);
    copy(elsewhere.path().join("batches").as_path(), folder.path().join("batches").as_path());
    copy(elsewhere.path().join("manifests").as_path(), folder.path().join("manifests").as_path());
    let error = batch.commit(commit_of("a.csv", "c1")).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("lost_race", "`batch 1`: another writer created it first"));
    assert!(error.hint().is_some_and(|h| h.contains("import again")));
    // trying again builds on it
    import(&mut ledger, 3, "c1", &[lead_named("L1", 1, 1)]);
    assert_eq!(verified(folder.path()).batches, 2);
    assert_eq!(fs::read_dir(folder.path().join("batches")).unwrap().count(), 2);
}

#[test]
fn writers_that_try_again_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    Ledger::create(folder.path()).unwrap();
    std::thread::scope(|threads| {
        for writer in 0..3u64 {
            let root = folder.path();
            threads.spawn(move || {
                let mut ledger = Ledger::open(root).unwrap();
                for n in 0..5 {
                    loop {
                        match ledger.begin(meta(1)) {
                            Ok(mut batch) => {
                                batch.append(&touch_number(writer * 100 + n)).unwrap();
                                batch.append(&lead_named("shared", 1, 1)).unwrap();
                                batch.commit(Commit::default()).unwrap();
                                break;
                            }
                            Err(e) => assert_eq!(e.code(), "ledger_busy"),
                        }
                        std::thread::yield_now();
                    }
                }
            });
        }
    });
    assert_eq!(verified(folder.path()).batches, 15);
    let ledger = Ledger::open(folder.path()).unwrap();
    assert_eq!((ledger.head().count(Entity::Touch), ledger.head().count(Entity::Lead)), (15, 1));
}

#[test]
fn a_reader_keeps_its_head_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Ledger::create(folder.path()).unwrap();
    import(&mut writer, 1, "c1", &[lead_named("L1", 1, 1)]);
    let reader = Ledger::open(folder.path()).unwrap();
    let mut batch = writer.begin(meta(2)).unwrap();
    batch.append(&lead_named("L2", 1, 1)).unwrap();
    assert_eq!(Ledger::open(folder.path()).unwrap().head().seq(), 1);
    batch.commit(Commit::default()).unwrap();
    assert_eq!(reader.head().entries(Entity::Lead, Filter::default()).unwrap().count(), 1);
    let mut reader = reader;
    reader.refresh().unwrap();
    assert_eq!(reader.head().hash(), writer.head().hash());
}
