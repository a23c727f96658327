//! What records say against each other.

#![allow(missing_docs, clippy::unwrap_used)] // A test may stop at the first surprise.

extern crate lockstep_identity as identity;

use entries::RowRef;
use identity::contradictions::{self, Claim, LeadSays, OpportunitySays, Said};
use terms::{Currency, Day, Entity, Key, Money, Stage, When};

const SUBJECT: Key = Key { entity: Entity::Lead, hash: 1 };

fn lead_says() -> LeadSays<'static> {
    LeadSays {
        subject: SUBJECT,
        stage: None,
        stage_raw: "",
        is_converted: None,
        created_at: When::Unknown,
        won_at: When::Unknown,
        batch: 1,
        row: RowRef { file: 0, line: 7 },
    }
}

fn opportunity_says() -> OpportunitySays<'static> {
    OpportunitySays {
        subject: SUBJECT,
        stage: None,
        stage_raw: "",
        is_closed: None,
        is_won: None,
        created_at: When::Unknown,
        closed_at: When::Unknown,
        batch: 1,
        row: RowRef::default(),
    }
}

fn claim(system: u32, day: i32, value: Said<'_>) -> Claim<'_> {
    Claim {
        subject: SUBJECT,
        field: "amount",
        system,
        valid_at: When::Day(Day(day)),
        value,
        batch: system,
        row: RowRef::default(),
    }
}

#[test]
fn a_status_that_says_converted_beside_a_flag_that_says_not_names_both_and_the_row() {
    let says = LeadSays {
        stage: Some(Stage::Opportunity),
        stage_raw: "Closed - Converted",
        is_converted: Some(false),
        ..lead_says()
    };
    let found = contradictions::lead(&says);
    assert_eq!(found.len(), 1);
    let one = found.first().unwrap();
    assert_eq!((one.a.value.as_str(), one.b.value.as_str(), one.decided_a), ("Closed - Converted", "no", false));
    assert_eq!(one.a.row.line, 7);
    assert!(contradictions::lead(&LeadSays { is_converted: Some(true), ..says }).is_empty());
    assert!(contradictions::lead(&LeadSays { is_converted: None, ..says }).is_empty());
}

#[test]
fn a_win_before_the_creation_is_named_and_one_on_the_same_day_is_not() {
    let says = LeadSays { created_at: When::Day(Day(10)), won_at: When::Instant(Day(8).start()), ..lead_says() };
    assert_eq!(contradictions::lead(&says).len(), 1);
    assert!(contradictions::lead(&LeadSays { won_at: When::Instant(Day(10).start()), ..says }).is_empty());
    assert!(contradictions::lead(&LeadSays { won_at: When::Unknown, ..says }).is_empty());
}

#[test]
fn flags_that_deny_the_stage_of_an_opportunity_are_named() {
    let says = OpportunitySays {
        stage: Some(Stage::ClosedLost),
        is_won: Some(true),
        is_closed: Some(true),
        closed_at: When::Day(Day(5)),
        created_at: When::Day(Day(9)),
        ..opportunity_says()
    };
    let fields: Vec<&str> = contradictions::opportunity(&says).iter().map(|c| c.field).collect();
    assert_eq!(fields, ["stage, is_won", "closed_at, created_at"]);
    let open = OpportunitySays { stage: Some(Stage::Opportunity), is_won: Some(false), is_closed: Some(false), ..says };
    assert!(contradictions::opportunity(&open).is_empty(), "an expected close date may be anything");
}

#[test]
fn the_later_version_of_two_systems_wins_and_equal_values_are_no_contradiction() {
    let usd = |minor| Said::Money(Money::new(minor, Currency::parse("usd").unwrap()));
    let claims = [claim(2, 10, usd(120_050)), claim(1, 12, usd(-5)), claim(1, 3, usd(120_050))];
    let found = contradictions::between_systems(&claims);
    assert_eq!(found.len(), 1);
    let one = found.first().unwrap();
    assert_eq!((one.a.value.as_str(), one.b.value.as_str()), ("-0.05 USD", "1200.50 USD"));
    assert_eq!((one.a.batch, one.rule), (1, "the later version wins"));
    let agreed = [claim(2, 10, usd(5)), claim(1, 12, usd(5)), claim(1, 3, usd(9))];
    assert!(contradictions::between_systems(&agreed).is_empty(), "an older version of the same system is history");
}

#[test]
fn a_day_and_an_instant_of_that_day_agree_and_so_do_texts_but_for_case() {
    let at = |when| claim(1, 1, Said::When(when));
    let pair =
        |a: Claim<'static>, b: Claim<'static>| contradictions::between_systems(&[a, Claim { system: 2, ..b }]).len();
    assert_eq!(pair(at(When::Day(Day(3))), at(When::Instant(Day(3).start()))), 0);
    assert_eq!(pair(at(When::Day(Day(3))), at(When::Instant(Day(4).start()))), 1);
    assert_eq!(pair(at(When::Unknown), at(When::Day(Day(4)))), 0);
    assert_eq!(pair(claim(1, 1, Said::Text("Web ")), claim(1, 1, Said::Text("web"))), 0);
    assert_eq!(pair(claim(1, 1, Said::Flag(true)), claim(1, 1, Said::Flag(false))), 1);
}

#[test]
fn the_order_of_claims_changes_nothing() {
    let claims = [claim(1, 5, Said::Text("a")), claim(2, 5, Said::Text("b")), claim(3, 4, Said::Text("c"))];
    let mut turned = claims;
    turned.reverse();
    assert_eq!(contradictions::between_systems(&claims), contradictions::between_systems(&turned));
}
