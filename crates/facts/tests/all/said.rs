//! What rows say, as numbers of texts, beside the same rows read as entries.

use std::collections::BTreeMap;

use entries::{Kind, Value, catalogue};
use ledger::Filter;
use lockstep_facts::{Among, Sayings, said};
use terms::{Entity, Key, When};

use crate::company::{about, append, at, entry, key, money, text};

/// Id, subject, when, deleted, and what each field says.
type Row = (u64, u64, When, bool, Vec<Option<String>>);

fn name(key: u64) -> Option<String> {
    (!key.is_multiple_of(3)).then(|| format!("named {}", key % 1_000))
}

/// As scores write a value.
fn written(value: &Value) -> Option<String> {
    let text = match value {
        Value::None | Value::When(When::Unknown) => return None,
        Value::Text(text) => text.to_string(),
        Value::Key(key) => return name(key.hash),
        Value::Int(n) => n.to_string(),
        Value::Real(x) => x.to_string(),
        Value::Flag(yes) => yes.to_string(),
        Value::Stage(stage) => stage.word().to_owned(),
        Value::When(when) => when.to_string(),
        Value::Money(m) => (m.minor as f64 / 10_f64.powi(m.currency.decimals().cast_signed())).to_string(),
    };
    (!text.trim().is_empty()).then_some(text)
}

#[test]
fn rows_say_what_their_entries_say() {
    use catalogue::{lead, touch};
    let all = (0..300_u64).flat_map(|n| {
        let id = format!("l{n}");
        let mut lead = entry(Entity::Lead, &id, "2026-03-01 09:00")
            .with(lead::SOURCE, text(["Web", "Fair", "  ", "Ads"][n as usize % 4]))
            .with(lead::COMPANY, text(&format!("Company {}", n % 50)))
            .with(lead::AMOUNT, money(n as i64 * 7, "EUR"));
        if !n.is_multiple_of(5) {
            lead = lead.with(lead::CREATED_AT, Value::When(at("2026-02-01 08:00")));
        }
        lead.deleted = n.is_multiple_of(11);
        let touch = about(entry(Entity::Touch, &format!("t{n}"), "2026-03-02"), key(Entity::Lead, &id))
            .with(touch::KIND, text("form"))
            .with(touch::AUTOMATIC, Value::Flag(n.is_multiple_of(2)))
            .with(touch::CAMPAIGN, Value::Key(Key { entity: Entity::Campaign, hash: n % 9 + 1 }));
        [lead, touch]
    });
    let home = tempfile::tempdir().unwrap();
    let ledger = append(&home.path().join("ledger"), 1_800_000_000_000, &all.collect::<Vec<_>>());
    let head = ledger.head();
    for entity in [Entity::Lead, Entity::Touch] {
        let fields: Vec<usize> = (0..catalogue::fields(entity).len()).collect();
        let entries = head.entries(entity, Filter::default()).unwrap().map(|item| item.unwrap().1);
        let mut wanted: Vec<Row> = entries
            .map(|e| {
                (e.id.hash, e.subject.hash, e.valid_at, e.deleted, fields.iter().map(|f| written(e.get(*f))).collect())
            })
            .collect();
        wanted.sort_by_key(|row| row.0);
        let subjects: Vec<u64> =
            wanted.iter().map(|row| row.1).step_by(7).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let read = |among: &[Among<'_>]| {
            let (sayings, mut rows, mut keys) = (Sayings::default(), Vec::new(), BTreeMap::new());
            for among in among {
                said(head, entity, *among, &fields, (&sayings, &name), |row| {
                    let says = row.says.iter().map(|n| sayings.text(*n)).collect();
                    keys.insert(row.id, row.keys.to_vec());
                    rows.push((row.id, row.subject, row.when, row.deleted, says));
                })
                .unwrap();
            }
            rows.sort_by_key(|row: &Row| row.0);
            let of_keys = catalogue::fields(entity).iter().filter(|f| f.kind == Kind::Key).count();
            assert!(keys.values().all(|own: &Vec<u64>| own.len() == of_keys));
            rows
        };
        let buckets: Vec<Among<'_>> = (0..ledger::BUCKETS).map(Among::Bucket).collect();
        assert_eq!(read(&[Among::All]), wanted, "{entity:?}");
        assert_eq!(read(&buckets), wanted, "{entity:?}");
        let of_some: Vec<Row> = wanted.iter().filter(|row| subjects.contains(&row.1)).cloned().collect();
        assert_eq!(read(&[Among::About(&subjects)]), of_some, "{entity:?}");
    }
}
