use report::{Certainty, Value};
use terms::Currency;

use super::*;
use crate::placeholders;
use crate::tests::complete;

/// `n` leads of a kind: qualified today and under the proposal, so many of ten tried, and of a hundred so many with an
/// opportunity where tried; each of these is won for 1,000.00. What is not tried comes to nothing.
fn kind(today: bool, proposed: bool, n: usize, tried: usize, percent: usize) -> Vec<Lead> {
    (0..n)
        .map(|i| {
            let tried = i % 10 < tried;
            let opportunity = tried && i / 10 * 7 % 100 < percent;
            let won = if opportunity { 100_000.0 } else { 0.0 };
            Lead { today, proposed, is_old: true, tried, attempts: 3, opportunity, won }
        })
        .collect()
}

fn page_of(leads: &[Lead], has_bar: bool) -> crate::Answer {
    let changes = Changes::of(leads);
    let clauses = [ClauseOf {
        by: "sales".to_owned(),
        name: "first attempt".to_owned(),
        today: None,
        proposed: Some(("90% within 4 working hours".to_owned(), "kept".to_owned())),
    }];
    let currency = Currency::parse("EUR").unwrap();
    let answer = page(&Asked {
        changes: &changes,
        has_bar,
        is_agreed: true,
        stages: &[],
        clauses: &clauses,
        currency,
        period: "2026",
        notes: &[],
        seed: 1,
        draws: 400,
    });
    complete(&answer);
    answer
}

fn value(answer: &crate::Answer, id: &str) -> (f64, Option<[f64; 2]>) {
    let found = placeholders::figures(&answer.sections[0]).find(|f| f.id == id).unwrap_or_else(|| panic!("no {id}"));
    let interval = if let Certainty::Estimated(i) = found.certainty { Some([i.lo90, i.hi90]) } else { None };
    match found.value {
        Value::Real(x) => (x, interval),
        Value::Whole(n) => (n as f64, interval),
        Value::Withheld => panic!("{id} is withheld"),
    }
}

/// Of 4,000 good leads eight of ten are tried and 30% of those come to something; 2,000 poor ones take as much work and come to 2%;
/// of 1,000 that only the proposal passes two of ten are tried, and 20% of these come to something.
#[test]
fn a_better_bar_wins_more_with_less_work() {
    let leads = [
        kind(true, true, 4_000, 8, 30),
        kind(true, false, 2_000, 8, 2),
        kind(false, true, 1_000, 2, 20),
        kind(false, false, 3_000, 0, 0),
    ]
    .concat();
    let answer = page_of(&leads, true);
    let of = |id: &str| value(&answer, id).0;
    assert_eq!((of("preview.today.passed"), of("preview.proposed.passed")), (6_000.0, 5_000.0));
    assert_eq!(of("preview.change.passed"), -1_000.0);
    // of the passed eight of ten are worked: 4,000 x .8 x .3 and 2,000 x .8 x .02; instead of the latter 1,000 x .8 x .2
    assert!((of("preview.today.opportunities") - (960.0 + 32.0)).abs() < 1.0, "{}", of("preview.today.opportunities"));
    assert!(
        (of("preview.change.opportunities") - (160.0 - 32.0)).abs() < 8.0,
        "{}",
        of("preview.change.opportunities")
    );
    let (won, interval) = value(&answer, "preview.change.won");
    let [lo, hi] = interval.unwrap();
    assert!(lo > 0.0 && lo < won && won < hi, "{lo} {won} {hi}");
    assert!(answer.sections[0].findings[0].text.contains("leaves zero out"));
    assert_eq!(answer.sections[0].not_known.len(), 3);
    assert!(answer.headline.starts_with("A replay, not an experiment"));
}

#[test]
fn what_nobody_has_worked_is_not_known_and_no_change_is_none() {
    let leads = [kind(true, true, 4_000, 8, 30), kind(false, true, 1_000, 0, 0)].concat();
    let answer = page_of(&leads, true);
    assert!(answer.sections[0].caveats.iter().any(|c| c.contains("Fewer than 30")));
    // the same leads under both: the same draws, so no difference at all
    let same = page_of(&kind(true, true, 2_000, 8, 30), true);
    assert_eq!(value(&same, "preview.change.won"), (0.0, Some([0.0, 0.0])));
    assert!(same.sections[0].findings[0].text.contains("holds zero"));
    let none = page_of(&[], true);
    assert_eq!(none.sections[0].refusals[0].code, "no_leads");
    assert!(none.headline.starts_with("Cannot replay"));
    let no_bar = page_of(&leads, false);
    assert!(no_bar.headline.contains("neither a bar nor a rule") && no_bar.sections[0].tables.len() == 1);
}
