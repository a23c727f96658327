//! What is derived from parts: it changes no answer, whether it is there, missing or damaged.

use std::fs;
use std::path::{Path, PathBuf};

use entries::{Entry, Value, catalogue};
use ledger::columns::{Wanted, few, scan};
use ledger::{BatchMeta, Commit, Ledger};
use terms::{Entity, Instant, Key, When};

fn scatter(n: u64) -> u64 {
    let x = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^ x >> 27
}

fn call(n: u64, outcome: &str) -> Entry {
    let mut entry = Entry::new(Entity::Activity).with(catalogue::activity::OUTCOME, Value::Text(outcome.into()));
    if n.is_multiple_of(3) {
        let key = Key { entity: Entity::Opportunity, hash: scatter(n / 30 + 7_000_000) };
        entry.set(catalogue::activity::OPPORTUNITY, Value::Key(key));
    }
    entry.id.hash = scatter(n);
    entry.subject = Key { entity: Entity::Lead, hash: scatter(n / 10 + 1_000_000) };
    entry.valid_at = When::Instant(Instant(n as i64 * 1_000 + outcome.len() as i64));
    entry
}

fn append(ledger: &mut Ledger, at: i64, entries: &[Entry]) -> Vec<bool> {
    let meta = BatchMeta {
        recorded_at: Instant(at),
        engine: String::new(),
        source: String::new(),
        settings: Default::default(),
    };
    let mut batch = ledger.begin(meta).unwrap();
    let news = entries.iter().map(|e| batch.append(e).unwrap()).collect();
    batch.commit(Commit::default()).unwrap();
    news
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for found in fs::read_dir(root).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

/// Some history: what each append answered, and a ledger at its end.
fn history(root: &Path, index: Option<&Path>, mut between: impl FnMut(usize)) -> (Vec<Vec<bool>>, Ledger) {
    let ledger = Ledger::create(root).unwrap();
    let mut ledger = match index {
        Some(index) => ledger.with_index(index),
        None => ledger,
    };
    let mut answers = Vec::new();
    let batches: [Vec<Entry>; 6] = [
        (0..20_000).map(|n| call(n, "open")).collect(),
        (0..300).map(|n| call(n * 50, "answered")).collect(),
        (0..2_000).map(|n| call(n * 9, "open")).collect(), // known, and older than what came after
        (0..100)
            .flat_map(|n| [call(n * 50, "no answer at all"), call(n * 50, "answered"), call(n + 30_000, "")])
            .collect(),
        (0..200).map(|n| call(n * 50, "answered")).collect(),
        (0..19_000).map(|n| call(n, "open")).collect(), // so much that all is loaded
    ];
    for (n, batch) in batches.iter().enumerate() {
        answers.push(append(&mut ledger, n as i64, batch));
        between(n);
    }
    (answers, ledger)
}

#[test]
fn what_only_a_withdrawn_batch_held_is_not_known_with_or_without_an_index() {
    let home = tempfile::tempdir().unwrap();
    let mut answers = Vec::new();
    for index in [None, Some(home.path().join("index"))] {
        let root = home.path().join(if index.is_some() { "indexed" } else { "plain" });
        let ledger = Ledger::create(&root).unwrap();
        let mut ledger = match &index {
            Some(index) => ledger.with_index(index),
            None => ledger,
        };
        let all: Vec<Entry> = (0..20_000).map(|n| call(n, "open")).collect();
        append(&mut ledger, 1, &all[..15_000]);
        append(&mut ledger, 2, &all);
        let meta = BatchMeta {
            recorded_at: Instant(3),
            engine: String::new(),
            source: String::new(),
            settings: Default::default(),
        };
        ledger.withdraw(meta, 1, "misread").unwrap();
        let few = append(&mut ledger, 4, &all[14_900..15_100]); // asked thing by thing
        assert_eq!(few, (0..200).map(|n| n < 100).collect::<Vec<_>>());
        let again = append(&mut ledger, 5, &all); // so much that all is loaded
        assert_eq!(again.iter().filter(|new| **new).count(), 14_900);
        answers.push((few, again, ledger.head().count(Entity::Activity)));
        assert_eq!(ledger.head().count(Entity::Activity), 20_000);
    }
    assert!(!files(&home.path().join("index")).is_empty());
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn with_without_and_with_a_damaged_index_the_same_is_known() {
    let home = tempfile::tempdir().unwrap();
    let (plain, _) = history(&home.path().join("plain"), None, |_| {});
    let index = home.path().join("index");
    let (indexed, _) = history(&home.path().join("indexed"), Some(&index), |_| {});
    assert_eq!(plain, indexed);
    assert!(plain[0].iter().all(|news| *news) && !plain[5].iter().any(|news| *news));
    assert!(!files(&index).is_empty());
    for how in 0..4 {
        let index = home.path().join(format!("index-{how}"));
        let root = home.path().join(format!("damaged-{how}"));
        let (damaged, _) = history(&root, Some(&index), |n| {
            for (k, path) in files(&index).iter().enumerate() {
                let mut bytes = fs::read(path).unwrap();
                let at = scatter(n as u64 * 100 + k as u64) as usize % bytes.len();
                match how {
                    0 => bytes[at] ^= 4,
                    1 => bytes.truncate(at),
                    2 => bytes.fill(0),
                    _ => bytes.clear(),
                }
                fs::remove_file(path).unwrap();
                if how < 3 {
                    fs::write(path, bytes).unwrap();
                }
            }
        });
        assert_eq!(plain, damaged, "{how}");
    }
}

#[test]
fn few_rows_are_those_that_a_scan_of_all_finds() {
    let home = tempfile::tempdir().unwrap();
    let index = home.path().join("index");
    for (name, index) in [("a", Some(index.as_path())), ("b", None)] {
        let (_, ledger) = history(&home.path().join(name), index, |_| {});
        let head = ledger.head();
        for few_of in [0u64, 1, 40, 2_500] {
            let list = |from: u64, step: u64| {
                let mut keys: Vec<u64> = (0..few_of).map(|n| scatter(from + n * step)).collect();
                keys.sort_unstable();
                keys
            };
            let (subjects, opportunities, ids) = (list(1_000_000, 3), list(7_000_000, 2), list(5, 7));
            for wanted in [
                Wanted { subjects: &subjects, ..Wanted::default() },
                Wanted { opportunities: &opportunities, ..Wanted::default() },
                Wanted { subjects: &subjects, opportunities: &opportunities, ids: &ids },
            ] {
                let columns = ["id", "subject", "opportunity", "line", "digest"];
                let rows = |chunk: &ledger::columns::Chunk| -> Vec<[u64; 5]> {
                    use arrow_reading::number;
                    (0..chunk.rows.num_rows()).map(|r| columns.map(|c| number(&chunk.rows, c, r))).collect()
                };
                let mut found: Vec<[u64; 5]> = few(head, 1..head.seq() + 1, Entity::Activity, wanted, &columns)
                    .unwrap()
                    .iter()
                    .flat_map(rows)
                    .collect();
                let holds = |list: &[u64], key: u64| list.binary_search(&key).is_ok();
                let mut all: Vec<[u64; 5]> = scan(head, Entity::Activity, None, &columns)
                    .unwrap()
                    .flat_map(|c| rows(&c.unwrap()))
                    .filter(|[id, subject, opportunity, ..]| {
                        holds(wanted.ids, *id)
                            || holds(wanted.subjects, *subject)
                            || holds(wanted.opportunities, *opportunity)
                    })
                    .collect();
                found.sort_unstable();
                all.sort_unstable();
                assert_eq!(found, all);
                assert!(few_of < 40 || !found.is_empty());
            }
        }
    }
}

mod arrow_reading {
    use arrow::array::{Array, AsArray, RecordBatch};
    use arrow::datatypes::{UInt32Type, UInt64Type};

    /// A number of a row, 0 where there is none.
    pub fn number(rows: &RecordBatch, column: &str, row: usize) -> u64 {
        let column = rows.column_by_name(column).unwrap();
        if column.is_null(row) {
            return 0;
        }
        match column.as_primitive_opt::<UInt64Type>() {
            Some(numbers) => numbers.value(row),
            None => u64::from(column.as_primitive::<UInt32Type>().value(row)),
        }
    }
}
