use std::collections::BTreeMap;

use super::*;
use crate::document::Agreement;

const HEAD: &str = "name = \"t\"\neffective = 2026-01-01\n[signers]\nsales = [\"S\"]\nmarketing = [\"M\"]\n[scoring]\nbar = 60\n[[scoring.group]]\nname = \"engagement\"\nmost = 50\n";

fn scoring(rules: &[&str]) -> Scoring {
    let rules: String = rules.iter().map(|r| format!("[[scoring.rule]]\n{}\n", r.replace("; ", "\n"))).collect();
    Agreement::parse(&format!("{HEAD}{rules}"), "t").unwrap().scoring
}

fn columns(text: &str) -> impl Fn(&str) -> Option<String> + use<> {
    let all: BTreeMap<String, String> =
        text.split("; ").filter_map(|p| p.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    move |name: &str| all.get(name).cloned()
}

const DAY: i64 = 86_400_000;
const FORM: &str = "name = \"form\"; group = \"engagement\"; of = \"touch\"; when = \"kind = form\"; points = 20";

#[test]
fn a_touch_rule_fires_once_or_each_time_up_to_its_limit_and_its_groups() {
    let once = scoring(&[FORM]);
    let each = scoring(&[&format!("{FORM}; repeats = true; most = 55")]);
    let touches: Vec<_> = (0..4).map(|d| (Instant((4 - d) * DAY), columns("kind=form"))).collect();
    let at = Instant(10 * DAY);
    let lead = columns("");
    let told = |scoring: &Scoring, at| score(scoring, (Instant(0), &lead), &touches, at);
    let one = told(&once, at);
    assert_eq!((one.total, one.lines.len(), one.lines[0].at), (20, 1, Instant(DAY)));
    let all = told(&each, at);
    // 80, of which the rule keeps 55 and its group 50
    let points: Vec<i64> = all.lines.iter().map(|l| l.points).collect();
    assert_eq!((points, all.total), (vec![20, 20, 20, 20, -25, -5], 50));
    assert_eq!(all.lines[5].why, Why::LimitOfGroup(50));
    // as of an instant: what came later does not count
    assert_eq!(told(&each, Instant(2 * DAY)).total, 40);
    assert_eq!(told(&each, Instant(0)).total, 0);
}

#[test]
fn points_fade_by_halves_and_stay_whole() {
    let fading = scoring(&[&format!("{FORM}; half_life = \"10 days\"")]);
    let touches = [(Instant(0), columns("kind=form"))];
    let lead = columns("");
    for (day, points) in [(0, 20), (10, 10), (20, 5), (30, 3), (100, 0)] {
        let told = score(&fading, (Instant(0), &lead), &touches, Instant(day * DAY));
        assert_eq!((told.total, told.lines[0].given), (points, 20), "day {day}");
    }
}

#[test]
fn a_required_rule_keeps_the_bar_and_what_sales_writes_never_counts() {
    let strict = scoring(&[
        "name = \"large\"; group = \"fit\"; of = \"lead\"; when = \"employees >= 200\"; points = 20; required = true",
        "name = \"title\"; group = \"fit\"; of = \"lead\"; when = \"title contains chief\"; points = 60",
        "name = \"won\"; group = \"fit\"; of = \"lead\"; when = \"stage = closed_won\"; points = 100",
    ]);
    let later = [(Instant(9), columns("kind=form"))];
    let told = |lead: &str| score(&strict, (Instant(5), &columns(lead)), &later, Instant(5));
    let small = told("employees=20; title=Chief of staff; stage=closed_won");
    assert_eq!((small.total, small.reaches, small.missing.clone()), (60, Some(false), vec![0]));
    let large = told("employees=2000; title=Chief of staff");
    assert_eq!((large.total, large.reaches), (80, Some(true)));
    // before it was known there was nothing
    let early = score(&strict, (Instant(5), &columns("employees=2000")), &later, Instant(4));
    assert_eq!((early.total, early.lines.len(), early.reaches), (0, 0, Some(false)));
}

/// Over many made-up documents and leads, at many instants: the lines add up, and no group or rule gives more than it may.
#[test]
fn the_lines_always_add_up() {
    let mut state = 7_u64;
    let mut dice = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for _ in 0..400 {
        let rules: Vec<String> = (0..1 + dice(5))
            .map(|i| {
                let points = dice(60) as i64 - 25;
                let points = if points == 0 { 7 } else { points };
                let group = ["engagement", "fit"][dice(2) as usize];
                let mut rule = format!("name = \"r{i}\"; group = \"{group}\"; points = {points}");
                if dice(2) == 0 {
                    rule += "; of = \"lead\"; when = \"size >= 5\"";
                } else {
                    rule += &format!("; of = \"touch\"; when = \"kind = k{}\"", dice(3));
                    if dice(2) == 0 {
                        rule += &format!("; repeats = true; most = {}", 5 + dice(60));
                    }
                    if dice(2) == 0 {
                        rule += &format!("; half_life = \"{} days\"", 1 + dice(40));
                    }
                }
                rule
            })
            .collect();
        let scoring = scoring(&rules.iter().map(String::as_str).collect::<Vec<_>>());
        let touches: Vec<_> =
            (0..dice(12)).map(|_| (Instant(dice(90) as i64 * DAY), columns(&format!("kind=k{}", dice(3))))).collect();
        let lead = columns(&format!("size={}", dice(10)));
        let told = score(&scoring, (Instant(0), &lead), &touches, Instant(dice(120) as i64 * DAY));
        assert_eq!(told.total, told.lines.iter().map(|l| l.points).sum::<i64>());
        for (place, rule) in scoring.rules.iter().enumerate() {
            let sum: i64 = told
                .lines
                .iter()
                .filter(|l| l.rule == place && !matches!(l.why, Why::LimitOfGroup(_)))
                .map(|l| l.points)
                .sum();
            assert!(rule.most.is_none_or(|most| sum <= most));
        }
        let group: i64 =
            told.lines.iter().filter(|l| scoring.rules[l.rule].group == "engagement").map(|l| l.points).sum();
        assert!(group <= 50, "{group}");
    }
}
