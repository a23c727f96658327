use std::collections::{BTreeMap, BTreeSet};

use entries::catalogue::{activity, lead, stage_change};
use terms::{Entity, Stage, When};

use crate::memory::{import, piece};

#[test]
fn the_loan_event_log_gives_the_published_funnel() {
    let Some(log) = piece("bpic2012-loan-events/bpic2012_events.csv.gz") else { return };
    let (count, memory) = import(&log);
    assert_eq!((count.rows, count.rejected), (262_200, 0));

    assert_eq!(memory.distinct(Entity::Lead), 13_087);
    let mut cases: BTreeMap<Stage, BTreeSet<terms::Key>> = BTreeMap::new();
    for change in memory.of(Entity::StageChange) {
        assert_eq!(change.subject.entity, Entity::Lead);
        cases.entry(change.get(stage_change::STAGE).stage().unwrap()).or_default().insert(change.subject);
    }
    let reached: BTreeMap<Stage, usize> = cases.iter().map(|(stage, cases)| (*stage, cases.len())).collect();
    assert_eq!(
        reached,
        BTreeMap::from([
            (Stage::Inquiry, 13_087),
            (Stage::Mql, 7_367),
            (Stage::Sal, 5_113),
            (Stage::Sql, 5_015),
            (Stage::Opportunity, 5_015),
            (Stage::ClosedWon, 2_246),
            (Stage::ClosedLost, 2_807),
            (Stage::Disqualified, 7_635),
        ])
    );

    let submitted: Vec<_> = memory.of(Entity::Lead).into_iter().filter(|e| !e.get(lead::AMOUNT).is_none()).collect();
    assert_eq!(submitted.len(), 13_087);
    let approved = &cases[&Stage::ClosedWon];
    let asked: i64 = submitted
        .iter()
        .filter(|e| approved.contains(&e.id))
        .filter_map(|e| e.get(lead::AMOUNT).money())
        .map(|m| m.minor)
        .sum();
    assert_eq!(asked, 35_290_338_00, "the amount asked by approved cases");

    let first = submitted
        .iter()
        .filter_map(|e| if let When::Instant(at) = e.get(lead::CREATED_AT).when() { Some(at) } else { None })
        .min();
    assert_eq!(first.unwrap().to_string(), "2011-09-30T22:38:44.546Z");
}

#[test]
fn the_speed_to_first_touch_is_the_one_counted_elsewhere() {
    let Some(log) = piece("bpic2012-loan-events/bpic2012_events.csv.gz") else { return };
    let (_, memory) = import(&log);
    let mut planned: BTreeMap<terms::Key, i64> = BTreeMap::new();
    let mut begun: BTreeMap<terms::Key, i64> = BTreeMap::new();
    let mut reps = BTreeSet::new();
    for act in memory.of(Entity::Activity) {
        reps.extend(act.get(activity::REP).key());
        let When::Instant(at) = act.valid_at else { panic!("{:?}", act.valid_at) };
        if act.get(activity::STEP).text() != Some("W_Afhandelen leads") {
            continue;
        }
        let first = match act.get(activity::DONE).flag() {
            Some(false) => &mut planned,
            Some(true) => &mut begun,
            None => continue,
        };
        let earliest = first.entry(act.subject).or_insert(at.0);
        *earliest = at.0.min(*earliest);
    }
    assert_eq!(planned.len(), 4_755);
    let mut waits: Vec<i64> = planned.iter().filter_map(|(case, from)| begun.get(case).map(|to| to - from)).collect();
    waits.sort_unstable();
    assert_eq!(waits.len(), 4_755, "none was never begun");
    assert!(waits[0] >= 0);
    let median = waits[waits.len() / 2] as f64 / 60_000.0;
    assert!((median - 42.45).abs() < 0.01, "{median}");
    let within =
        |minutes: i64| waits.iter().filter(|w| **w <= minutes * 60_000).count() as f64 / waits.len() as f64 * 100.0;
    assert!((within(5) - 18.30).abs() < 0.01 && (within(60) - 55.73).abs() < 0.01);
    assert!(reps.len() <= 68);

    let calls = memory
        .of(Entity::Activity)
        .iter()
        .filter(|e| {
            e.get(activity::STEP).text() == Some("W_Nabellen offertes") && e.get(activity::KIND).text() == Some("call")
        })
        .count();
    assert_eq!(calls, 22_406, "one call for each piece of work begun");
}
