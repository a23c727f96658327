//! Heads, filters, buckets and columns.

use entries::catalogue::lead;
use ledger::{BUCKETS, Filter, HeadSpec, Ledger, bucket_of, columns};
use terms::{Day, Entity, Instant, Key, When};

use crate::company::{HOUR, bits, commit_of, file, import, lead_named, meta, touch_number};

fn three_batches(root: &std::path::Path) -> Ledger {
    let mut ledger = Ledger::create(root).unwrap();
    for hour in 1..=3 {
        import(&mut ledger, hour * 10, &format!("c{hour}"), &[lead_named("L1", hour, 1), lead_named("L2", 1, 2)]);
    }
    ledger
}

#[test]
fn a_head_holds_what_was_known_by_then() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = three_batches(folder.path());
    let count = |spec: HeadSpec| ledger.at(&spec).unwrap().count(Entity::Lead);
    assert_eq!(count(HeadSpec::Latest), 4);
    assert_eq!((count(HeadSpec::Seq(0)), count(HeadSpec::Seq(2))), (0, 3));
    assert_eq!(count(HeadSpec::Date(Instant(10 * HOUR - 1))), 0);
    assert_eq!(count(HeadSpec::Date(Instant(10 * HOUR))), 2);
    assert_eq!(count(HeadSpec::Date(Instant(999 * HOUR))), 4);
    let second = ledger.at(&HeadSpec::Seq(2)).unwrap();
    assert_eq!(count(HeadSpec::Hash(second.hash()[..8].to_owned())), 3);
    for wrong in [HeadSpec::Seq(4), HeadSpec::Hash("abc".into()), HeadSpec::Hash("zzzzzzzz".into())] {
        assert_eq!(ledger.at(&wrong).unwrap_err().code(), "unknown_head", "{wrong:?}");
    }
}

#[test]
fn an_earlier_head_reads_the_same_after_later_batches() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = three_batches(folder.path());
    let read = |ledger: &Ledger| {
        let head = ledger.at(&HeadSpec::Seq(2)).unwrap();
        let entries = head.entries(Entity::Lead, Filter::default()).unwrap();
        (head.hash().to_owned(), entries.map(|e| bits(&e.unwrap().1)).collect::<Vec<_>>())
    };
    let before = read(&ledger);
    import(&mut ledger, 99, "late", &[lead_named("L1", 9, 1), lead_named("L3", 1, 1)]);
    assert_eq!(read(&ledger), before);
}

#[test]
fn an_entry_says_from_which_batch_and_file_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path()).unwrap();
    let mut batch = ledger.begin(meta(7)).unwrap();
    let mut second = lead_named("L2", 1, 5);
    second.row.file = 1;
    batch.append(&lead_named("L1", 1, 3)).unwrap();
    batch.append(&second).unwrap();
    let mut commit = commit_of("a.csv", "c1");
    commit.files.push(file("export.zip!b.csv", "c2"));
    batch.commit(commit).unwrap();
    let read = |id: Key| {
        let filter = Filter { id: Some(id), ..Filter::default() };
        let (stamp, entry) = ledger.head().entries(Entity::Lead, filter).unwrap().next().unwrap().unwrap();
        (stamp.seq, stamp.recorded_at, stamp.file.to_string(), entry.row.line)
    };
    assert_eq!(read(lead_named("L1", 1, 3).id), (1, Instant(7 * HOUR), "a.csv".into(), 3));
    assert_eq!(read(second.id), (1, Instant(7 * HOUR), "export.zip!b.csv".into(), 5));
}

#[test]
fn buckets_part_the_entries_whatever_the_size_of_the_part() {
    for touches in [40u64, 5_000, 40_000] {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::create(folder.path()).unwrap();
        import(&mut ledger, 1, "c1", &(0..touches).map(touch_number).collect::<Vec<_>>());
        let mut found = 0;
        for bucket in 0..BUCKETS {
            let filter = Filter { bucket: Some(bucket), ..Filter::default() };
            let mut last = None;
            for entry in ledger.head().entries(Entity::Touch, filter).unwrap() {
                let entry = entry.unwrap().1;
                assert_eq!(bucket_of(entry.subject.hash), bucket);
                let key = (entry.subject.hash, entry.id.hash);
                assert!(last.is_none_or(|last| last < key), "sorted by subject and id");
                last = Some(key);
                found += 1;
            }
        }
        assert_eq!(found, touches);
        let part = ledger.head().parts(Entity::Touch).next().unwrap().1;
        assert_eq!(part.row_groups.len() == 1, touches <= 16_384);
        let subject = touch_number(13).subject;
        let filter = Filter { subject: Some(subject), ..Filter::default() };
        assert_eq!(ledger.head().entries(Entity::Touch, filter).unwrap().count(), 4);
    }
}

#[test]
fn columns_come_in_the_order_asked_for_and_missing_ones_as_nulls() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = three_batches(folder.path());
    let names = ["source", "subject", "reason", "amount_currency", "valid_b"];
    let mut rows = 0;
    for chunk in columns::scan(ledger.head(), Entity::Lead, None, &names).unwrap() {
        let chunk = chunk.unwrap();
        let schema = chunk.rows.schema();
        assert!(schema.fields().iter().map(|f| f.name()).eq(names));
        assert_eq!(chunk.rows.column(2).null_count(), chunk.rows.num_rows(), "no lead has a reason");
        assert!(matches!(chunk.rows.column(0).data_type(), arrow::datatypes::DataType::Dictionary(..)));
        rows += chunk.rows.num_rows();
    }
    assert_eq!(rows, 4);
    let later: usize = columns::scan_after(ledger.head(), 2, Entity::Lead, None, &["id"])
        .unwrap()
        .map(|chunk| chunk.unwrap().rows.num_rows())
        .sum();
    assert_eq!(later, 1);
    let missing: usize = columns::scan(ledger.head(), Entity::Lead, None, &["reason"])
        .unwrap()
        .map(|chunk| chunk.unwrap().rows.column(0).null_count())
        .sum();
    assert_eq!(missing, 4);
    assert_eq!(columns::scan(ledger.head(), Entity::Lead, None, &["nonsense"]).unwrap_err().code(), "wrong_kind");
    assert_eq!(columns::of_field(Entity::Lead, lead::AMOUNT), ["amount", "amount_currency"]);
}

#[test]
fn the_manifest_counts_by_entity_and_day_and_says_through_when_the_data_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(folder.path()).unwrap();
    let at = |when: When, name: &str| {
        let mut entry = lead_named(name, 1, 1);
        entry.valid_at = when;
        entry
    };
    let entries = [
        at(When::Instant(Instant(30 * HOUR)), "L1"),
        at(When::Day(Day(1)), "L2"),
        at(When::Range(Day(0), Day(3)), "L3"),
        at(When::Unknown, "L4"),
        at(When::Instant(Instant(900 * HOUR)), "L5"), // planned, after it was recorded
    ];
    import(&mut ledger, 100, "c1", &entries);
    let days: Vec<(String, u64)> = ledger.head().days(Entity::Lead).into_iter().collect();
    let wanted = [("1970-01-01", 1), ("1970-01-02", 2), ("1970-02-07", 1), ("unknown", 1)];
    assert!(days.iter().map(|(d, n)| (d.as_str(), *n)).eq(wanted));
    assert_eq!(ledger.head().data_through(), Some(Instant(30 * HOUR)));
    assert_eq!(ledger.head().data_through_of(Entity::Lead), Some(Instant(30 * HOUR)));
    assert_eq!(ledger.head().data_through_of(Entity::Touch), None);
}

#[test]
fn only_the_fields_that_are_asked_for_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = three_batches(folder.path());
    let head = ledger.head();
    let all: Vec<_> = head.entries(Entity::Lead, Filter::default()).unwrap().map(|e| e.unwrap().1).collect();
    let asked = Filter { fields: Some(vec![lead::STAGE_RAW, lead::COMPANY]), ..Filter::default() };
    let some: Vec<_> = head.entries(Entity::Lead, asked).unwrap().map(|e| e.unwrap().1).collect();
    assert_eq!(some.len(), all.len());
    for (some, all) in some.iter().zip(&all) {
        assert_eq!((some.id, some.subject, some.valid_at, some.row), (all.id, all.subject, all.valid_at, all.row));
        for field in 0..all.values().len() {
            let wanted = [lead::STAGE_RAW, lead::COMPANY].contains(&field);
            assert_eq!(*some.get(field), if wanted { all.get(field).clone() } else { entries::Value::None }, "{field}");
        }
        assert!(some.id_text.is_empty());
    }
    let none = Filter { fields: Some(vec![]), ..Filter::default() };
    assert_eq!(head.entries(Entity::Lead, none).unwrap().count(), all.len());
}
