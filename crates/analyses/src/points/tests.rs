use report::{Cell, Value};

use super::*;
use crate::placeholders;
use crate::tests::complete;

fn rule(name: &str, points: i64) -> RuleSeen {
    RuleSeen { name: name.to_owned(), group: "fit".to_owned(), points, looks_at_sales: name == "won" }
}

/// Leads of which the outcome is known: `fired` by place, so many, and of a hundred so many with the outcome.
fn patterns(groups: &[(&[usize], u64, u64)], points: &[i64], bar: i64) -> Patterns {
    let mut out = Patterns::default();
    for (fired, n, percent) in groups {
        let mask = fired.iter().fold(0_u128, |mask, rule| mask | 1 << rule);
        let total = fired.iter().map(|r| points[*r]).sum::<i64>();
        for i in 0..*n {
            out.add(mask, total, Some(total >= bar), i * 100 < n * percent);
        }
    }
    out
}

fn page(rules: &[RuleSeen], patterns: &Patterns) -> crate::Answer {
    let asked = Asked {
        rules,
        patterns,
        bar: Some(20),
        outcome: "became an opportunity",
        period: "2026Q3",
        left_out: &[("too young".to_owned(), 7)],
        notes: &["{braces} from the data".to_owned()],
    };
    let answer = evidence(&asked);
    complete(&answer);
    answer
}

fn codes(answer: &crate::Answer) -> Vec<(&str, bool)> {
    answer.sections[0].findings.iter().map(|f| (f.code.as_str(), f.text.contains("whitepaper"))).collect()
}

fn value(answer: &crate::Answer, id: &str) -> Option<f64> {
    let found = placeholders::figures(&answer.sections[0]).find(|f| f.id == id).unwrap();
    match found.value {
        Value::Real(x) => Some(x),
        Value::Whole(n) => Some(n as f64),
        Value::Withheld => None,
    }
}

/// A demo is worth much; a whitepaper alone takes value away while it adds points; a title says nothing that the demo does
/// not say; one rule never fires, one always does, one looks at what sales writes.
#[test]
fn rules_that_take_value_never_fire_or_say_nothing_new_are_named() {
    let points = [30, 10, 10, 5, 5, 50];
    let rules: Vec<RuleSeen> = ["demo", "whitepaper", "title", "ghost", "all", "won"]
        .iter()
        .zip(points)
        .map(|(name, points)| rule(name, points))
        .collect();
    let patterns = patterns(
        &[
            (&[0, 2, 4], 900, 30),
            (&[0, 4], 300, 30),
            (&[2, 4], 200, 6),
            (&[1, 4], 1_500, 2),
            (&[1, 2, 4], 100, 2),
            (&[4], 2_000, 6),
        ],
        &points,
        20,
    );
    let answer = page(&rules, &patterns);
    let mut told = codes(&answer);
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("always_fires", false),
            ("bar", false),
            ("looks_at_sales", false),
            ("never_fires", false),
            ("said_already", false),
            ("takes_value", true)
        ]
    );
    // the demo beside the others: odds of 30% beside odds of 6%
    let net = value(&answer, "score.rule.demo.net").unwrap();
    assert!((net - (0.3 / 0.7) / (0.06 / 0.94)).abs() < 0.05, "{net}");
    let rate = |id: &str| value(&answer, id).unwrap();
    assert!((rate("score.rule.whitepaper.rate") - 32.0 / 1_600.0).abs() < 1e-12);
    assert!(rate("score.area") > 0.7);
    assert_eq!(value(&answer, "score.bar.reach"), Some(1_300.0));
    // the rule that most often comes with it
    let table = answer.sections[0].tables.iter().find(|t| t.id == "score.rules").unwrap();
    let row = table.rows.iter().find(|r| matches!(&r.cells[0], Cell::Text(t) if t == "title")).unwrap();
    assert!(matches!(&row.cells[7], Cell::Text(with) if with == "demo"));
}

#[test]
fn too_few_outcomes_are_refused() {
    let rules = [rule("demo", 30)];
    let answer = page(&rules, &patterns(&[(&[0], 5, 100), (&[], 500, 0)], &[30], 20));
    assert_eq!(answer.sections[0].refusals[0].code, "too_few");
    assert!(answer.headline.starts_with("Cannot tell"));
}

/// Points that put leads in the wrong order are said to.
#[test]
fn bands_that_fall_are_not_called_rising() {
    let rules = [rule("demo", 30), rule("whitepaper", 10)];
    let rising = page(&rules, &patterns(&[(&[], 900, 4), (&[1], 900, 10), (&[0], 900, 40)], &[30, 10], 20));
    assert!(rising.headline.contains("and each band"), "{}", rising.headline);
    let falling = page(&rules, &patterns(&[(&[], 900, 40), (&[1], 900, 10), (&[0], 900, 4)], &[30, 10], 20));
    assert!(falling.headline.contains("but not every band"), "{}", falling.headline);
    assert_eq!(codes(&falling).iter().filter(|c| c.0 == "takes_value").count(), 2);
}
