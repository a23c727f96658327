//! What is appended comes back to the bit.

use entries::{Entry, Kind, RowRef, Value, catalogue};
use ledger::{Commit, Ledger};
use proptest::prelude::*;
use terms::{Currency, Day, Entity, Instant, Key, Money, Stage, When};

use crate::company::{all, bits, meta};

fn key() -> impl Strategy<Value = Key> {
    (0..16u8, any::<u64>()).prop_map(|(e, hash)| Key { entity: Entity::from_number(e).unwrap(), hash })
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        any::<i64>().prop_map(|ms| When::Instant(Instant(ms))),
        any::<i32>().prop_map(|d| When::Day(Day(d))),
        (-100_000..100_000i32, 0..500i32).prop_map(|(a, n)| When::Range(Day(a), Day(a + n))),
        Just(When::Unknown),
    ]
}

fn value(kind: Kind) -> BoxedStrategy<Value> {
    let some = match kind {
        Kind::Code | Kind::Text => "\\PC{0,12}".prop_map(|t| Value::Text(t.into())).boxed(),
        Kind::Key => key().prop_map(Value::Key).boxed(),
        Kind::Int => any::<i64>().prop_map(Value::Int).boxed(),
        Kind::Real => any::<u64>().prop_map(|b| Value::Real(f64::from_bits(b))).boxed(),
        Kind::Money => (any::<i64>(), "[A-Z]{3}")
            .prop_map(|(minor, code)| Value::Money(Money::new(minor, Currency::parse(&code).unwrap())))
            .boxed(),
        Kind::When => when().prop_map(Value::When).boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Kind::Stage => (0..10u8).prop_map(|n| Value::Stage(Stage::from_number(n).unwrap())).boxed(),
    };
    prop_oneof![1 => Just(Value::None), 2 => some].boxed()
}

fn entry(entity: Entity) -> BoxedStrategy<Entry> {
    let values: Vec<BoxedStrategy<Value>> = catalogue::fields(entity).iter().map(|f| value(f.kind)).collect();
    let envelope = (any::<u64>(), "\\PC{0,8}", key(), when(), any::<bool>(), any::<u32>(), any::<u32>());
    (envelope, values)
        .prop_map(move |((hash, text, subject, valid_at, deleted, file, line), values)| {
            let mut entry = Entry::new(entity);
            entry.id = Key { entity, hash };
            entry.id_text = text.as_str().into();
            entry.subject = subject;
            entry.valid_at = valid_at;
            entry.deleted = deleted;
            entry.row = RowRef { file, line };
            for (field, value) in values.into_iter().enumerate() {
                entry.set(field, value);
            }
            entry
        })
        .boxed()
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((0..16u8).prop_flat_map(|e| entry(Entity::from_number(e).unwrap())), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_of_entry_comes_back_to_the_bit(entries in any_entries()) {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::create(folder.path()).unwrap();
        let mut batch = ledger.begin(meta(1)).unwrap();
        let mut wanted = Vec::new();
        for entry in &entries {
            if batch.append(entry).unwrap() {
                wanted.push(bits(entry));
            }
        }
        batch.commit(Commit::default()).unwrap();
        let ledger = Ledger::open(folder.path()).unwrap();
        let mut found: Vec<String> = Entity::ALL.into_iter().flat_map(|e| all(&ledger, e)).map(|e| bits(&e)).collect();
        wanted.sort();
        found.sort();
        prop_assert_eq!(wanted, found);
    }
}
