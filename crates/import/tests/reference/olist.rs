use std::collections::BTreeMap;

use entries::catalogue::lead;
use terms::{Entity, Stage};

use crate::memory::{import, piece};

#[test]
fn olist_leads_and_wins_are_those_counted_elsewhere() {
    let (Some(mqls), Some(deals)) = (
        piece("olist-marketing-funnel/olist_marketing_qualified_leads_dataset.csv"),
        piece("olist-marketing-funnel/olist_closed_deals_dataset.csv"),
    ) else {
        return;
    };
    let (count, leads) = import(&mqls);
    assert_eq!((count.rows, count.used, count.rejected), (8_000, 8_000, 0));
    assert_eq!(leads.distinct(Entity::Lead), 8_000);
    assert_eq!(leads.texts(Entity::Lead, lead::SOURCE_DETAIL).len(), 495);
    let days: Vec<_> = leads.of(Entity::Lead).iter().map(|e| e.get(lead::CREATED_AT).when()).collect();
    assert!(days.iter().all(|d| matches!(d, terms::When::Day(_))), "a date without an hour stays a day");
    assert_eq!(days.iter().filter_map(|d| d.first_day()).min().unwrap().to_string(), "2017-06-14");
    assert_eq!(days.iter().filter_map(|d| d.first_day()).max().unwrap().to_string(), "2018-05-31");

    let (count, wins) = import(&deals);
    assert_eq!((count.rows, count.used, count.rejected), (842, 842, 0));
    assert_eq!(wins.distinct(Entity::Lead), 842);
    assert!(wins.of(Entity::Lead).iter().all(|e| e.get(lead::STAGE).stage() == Some(Stage::ClosedWon)));
    let keys = |field| {
        wins.of(Entity::Lead).iter().filter_map(|e| e.get(field).key()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((keys(lead::SDR), keys(lead::OWNER)), (32, 22));
    let won: Vec<_> = wins.of(Entity::Lead).iter().map(|e| e.get(lead::WON_AT).when().to_string()).collect();
    assert_eq!(won.iter().min().unwrap(), "2017-12-05T02:00:00Z");
    assert_eq!(won.iter().max().unwrap(), "2018-11-14T18:04:19Z");

    let source: BTreeMap<_, _> =
        leads.of(Entity::Lead).iter().map(|e| (e.id, e.get(lead::SOURCE).text().unwrap_or("").to_owned())).collect();
    let mut by_source: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for text in source.values() {
        by_source.entry(text).or_default().0 += 1;
    }
    for win in wins.of(Entity::Lead) {
        by_source.get_mut(source[&win.id].as_str()).unwrap().1 += 1;
    }
    let expected = [
        ("", (60, 14)),
        ("direct_traffic", (499, 56)),
        ("display", (118, 6)),
        ("email", (493, 15)),
        ("organic_search", (2296, 271)),
        ("other", (150, 4)),
        ("other_publicities", (65, 3)),
        ("paid_search", (1586, 195)),
        ("referral", (284, 24)),
        ("social", (1350, 75)),
        ("unknown", (1099, 179)),
    ];
    assert_eq!(by_source.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn what_a_seller_declared_at_the_win_is_kept_from_scoring() {
    let Some(deals) = piece("olist-marketing-funnel/olist_closed_deals_dataset.csv") else { return };
    let (_, wins) = import(&deals);
    assert!(wins.of(Entity::Lead).iter().all(|e| e.get(lead::ATTRIBUTES).is_none()));
    let late = wins
        .of(Entity::Lead)
        .iter()
        .filter(|e| e.get(lead::LATE_ATTRIBUTES).text().is_some_and(|t| t.contains("lead_type=")))
        .count();
    assert_eq!(late, 842 - 6);
}

#[test]
fn sellers_are_ignored_with_a_reason() {
    let Some(sellers) = piece("olist-marketing-funnel/olist_sellers_dataset.csv") else { return };
    let (count, memory) = import(&sellers);
    assert_eq!((count.rows, count.ignored_rows(), memory.entries.len()), (3_095, 3_095, 0));
}
