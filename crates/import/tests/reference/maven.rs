use std::collections::BTreeMap;

use entries::catalogue::{account, opportunity, product};
use terms::{Entity, Stage};

use crate::memory::{import, piece};

#[test]
fn the_quarters_of_the_pipeline_are_those_counted_elsewhere() {
    let Some(file) = piece("maven-crm-opportunities/sales_pipeline.csv") else { return };
    let (count, memory) = import(&file);
    assert_eq!((count.rows, count.used, count.rejected), (8_800, 8_800, 0));
    assert_eq!(memory.distinct(Entity::Opportunity), 8_800);
    let mut quarters: BTreeMap<String, (u32, u32, i64)> = BTreeMap::new();
    for entry in memory.of(Entity::Opportunity) {
        let stage = entry.get(opportunity::STAGE).stage().unwrap();
        let Some(day) = entry.get(opportunity::CLOSED_AT).when().first_day() else {
            assert_eq!(stage, Stage::Opportunity);
            continue;
        };
        let (year, month, _) = day.ymd();
        let quarter = quarters.entry(format!("{year}Q{}", (month + 2) / 3)).or_default();
        match stage {
            Stage::ClosedWon => quarter.0 += 1,
            Stage::ClosedLost => quarter.1 += 1,
            other => panic!("{other:?}"),
        }
        quarter.2 += entry.get(opportunity::AMOUNT).money().map_or(0, |m| m.minor);
    }
    let expected = [
        ("2017Q1", (531, 116, 1_134_672_00)),
        ("2017Q2", (1254, 778, 3_086_111_00)),
        ("2017Q3", (1257, 790, 2_982_255_00)),
        ("2017Q4", (1196, 789, 2_802_496_00)),
    ];
    assert_eq!(quarters, expected.map(|(q, v)| (q.to_owned(), v)).into());
    assert_eq!(memory.sum(Entity::Opportunity, opportunity::AMOUNT).0, 10_005_534_00);
    assert_eq!(
        memory.texts(Entity::Opportunity, opportunity::PRODUCT)["GTXPro"],
        1_480,
        "kept as recorded: whether it is the list's GTX Pro is for people to say"
    );
    assert_eq!(memory.texts(Entity::Opportunity, opportunity::COMPANY)[""], 1_425);
}

#[test]
fn agents_known_by_name_reach_the_ledger_only_as_aliases() {
    let Some(file) = piece("maven-crm-opportunities/sales_pipeline.csv") else { return };
    let (_, memory) = import(&file);
    assert_eq!(memory.aliases.len(), 30);
    memory.assert_silent_about(&["Darcel", "Schlecht", "Moses Frase"]);
    assert!(memory.of(Entity::Opportunity).iter().all(|e| e.get(opportunity::OWNER).key().is_some()));
}

#[test]
fn accounts_products_and_the_tables_beside_them_are_accounted_for() {
    let Some(accounts) = piece("maven-crm-opportunities/accounts.csv") else { return };
    let (count, memory) = import(&accounts);
    assert_eq!((count.used, memory.distinct(Entity::Account)), (85, 85));
    assert!(!memory.texts(Entity::Account, account::INDUSTRY).contains_key("technolgy"));
    let (_, memory) = import(&piece("maven-crm-opportunities/products.csv").unwrap());
    assert_eq!(memory.count(Entity::Product), 7);
    assert!(memory.of(Entity::Product).iter().all(|e| e.get(product::LIST_PRICE).money().is_some()));
    for (file, rows) in [("sales_teams.csv", 35), ("data_dictionary.csv", 21)] {
        let (count, memory) = import(&piece(&format!("maven-crm-opportunities/{file}")).unwrap());
        assert_eq!((count.ignored_rows(), memory.entries.len()), (rows, 0), "{file}");
    }
}
