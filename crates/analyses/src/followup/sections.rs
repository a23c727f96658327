//! From a reading to the sections of a report.
//!
//! Invariant: every placeholder has its figure in a table of the same report; rows stand in the order of time, of speed
//! or of the alphabet, never by rate.

use report::{Evidence, Finding, Interval, NotKnown, Section, Table, Unit};
use tallies::columns::lead_cycle as lead;
use tallies::{Grain, Test};

use super::judge::{Case, is_strong, judge};
use super::measure::Reading;
use super::settings::{HORIZON_DAYS, SPEED_EDGES};
use super::{empty, refusal, words};
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, row, text};

fn about(method: &str) -> About {
    About::new(format!("handed off until {HORIZON_DAYS} days before the end of the record"), method)
}

fn rows_of(tests: &[Test], n: u64) -> Option<Evidence> {
    Some(from_tests(Grain::LeadCycle, tests, n))
}

fn not_known([text, settle]: [&str; 2]) -> NotKnown {
    NotKnown { text: text.to_owned(), settle: settle.to_owned(), evidence: None }
}

/// What speed has to do with outcome.
pub fn effect(reading: &Reading) -> Section {
    let mut out = empty("followup.effect", "Speed and outcome");
    let (case, word) = (judge(reading), reading.plan.word);
    out.answer = words::answer(case, word);
    let refused = match case {
        Case::NoTimeOfDay => Some(("no_time_of_day", words::NO_TIME)),
        Case::TooFew => Some(("too_few", words::TOO_FEW)),
        Case::NoOverlap => Some(("no_overlap", words::NO_OVERLAP)),
        Case::AdjustedOnly | Case::Unchecked | Case::Confounded | Case::Agree => None,
    };
    out.refusals.extend(refused.map(|(code, said)| refusal(code, said)));
    let open = match case {
        Case::AdjustedOnly => Some(words::WEAK),
        Case::Unchecked => Some(words::UNCHECKED),
        _ => None,
    };
    out.not_known = open.into_iter().chain([words::ATTEMPTS]).map(not_known).collect();
    let evidence = || rows_of(&reading.plan.compared(), arms(reading));
    out.findings.extend(words::finding(case).map(|(code, text)| Finding {
        code: code.to_owned(),
        text,
        evidence: evidence(),
    }));
    out.tables.push(apart_table(reading));
    out.tables.extend(arms_table(reading));
    if let (Some(table), Case::AdjustedOnly | Case::Unchecked | Case::Confounded | Case::Agree) =
        (answers_table(reading), case)
    {
        out.tables.push(table);
    }
    if let Some((table, e)) = diagnostics(reading).filter(|_| !matches!(case, Case::NoTimeOfDay | Case::TooFew)) {
        if e && case != Case::NoOverlap {
            out.findings.push(Finding {
                code: "e_value".to_owned(),
                text: words::E_VALUE.to_owned(),
                evidence: evidence(),
            });
        }
        out.tables.push(table);
    }
    if case != Case::NoTimeOfDay {
        out.tables.push(speed_table(reading));
    }
    out.caveats.extend([words::LANDMARK.to_owned(), words::AS_RECORDED.to_owned()]);
    if !reading.compared.with_owner {
        out.caveats.push(words::NO_OWNER.to_owned());
    }
    if reading.plan.start == lead::CREATED_AT {
        out.caveats.push(words::CREATED.to_owned());
    }
    if matches!(case, Case::Confounded | Case::Unchecked | Case::Agree) {
        out.caveats.push(words::LOAD.to_owned());
    }
    out
}

/// Which leads are compared, and which are told apart.
fn apart_table(reading: &Reading) -> Table {
    let plan = &reading.plan;
    let with = |mut tests: Vec<Test>, last: Test| {
        tests.push(last);
        tests
    };
    let count = |id: &str, label: &str, n: u64, tests: Vec<Test>| {
        row(vec![text(label), cell(about("counted").count(&format!("followup.{id}"), label, n, rows_of(&tests, n)))])
    };
    let mut rows = vec![
        count("undated", "no time of hand-off", reading.undated, vec![Test::Missing(plan.start)]),
        count("begun", "handed off", reading.begun, vec![Test::Has(plan.start)]),
        count("mature", "of those, watched for 90 days", reading.mature, plan.mature()),
        count(
            "day_only",
            "of those, first attempt has a day and no time",
            reading.day_only,
            with(plan.mature(), Test::Is(lead::FIRST_IS_DAY, 1)),
        ),
        count("early", "outcome by the 60th minute", reading.early, with(plan.timed(), plan.early())),
    ];
    if let Some((label, class)) = words::left_out(plan.only) {
        let tests = vec![Test::Has(plan.start), plan.class(class)];
        rows.insert(2, count("left_out", label, reading.left_out, tests));
    }
    Table {
        id: "followup.apart".to_owned(),
        title: "Which leads are compared".to_owned(),
        columns: vec!["leads".into(), "count".into()],
        rows,
        note: words::APART.to_owned(),
    }
}

fn arms(reading: &Reading) -> u64 {
    (reading.compared.arms[0].0 + reading.compared.arms[1].0) as u64
}

fn arms_table(reading: &Reading) -> Option<Table> {
    let rows = [("fast", "first tried within the hour", true), ("slow", "later or never", false)]
        .iter()
        .zip(reading.compared.arms)
        .map(|((id, label, fast), (n, k))| {
            let (n, k) = (n as u64, k as u64);
            let evidence = rows_of(&reading.plan.arm(*fast), n);
            row(vec![
                text(*label),
                cell(about("counted").count(&format!("followup.{id}.leads"), label, n, evidence.clone())),
                cell(about("counted within 90 days").share(&format!("followup.{id}.rate"), label, k, n, evidence)),
            ])
        });
    (arms(reading) > 0 && !reading.compared.only_days).then(|| Table {
        id: "followup.arms".to_owned(),
        title: "The two groups".to_owned(),
        columns: vec!["first attempt".into(), "leads".into(), format!("{} within 90 days", reading.plan.word)],
        rows: rows.collect(),
        note: "Nothing adjusted: an association.".to_owned(),
    })
}

fn answers_table(reading: &Reading) -> Option<Table> {
    let effects = reading.compared.effects.as_ref()?;
    let n = arms(reading);
    let figure = |id: &str, label: &str, method: &str, value: f64, interval: Option<Interval>| {
        let evidence = rows_of(&reading.plan.compared(), n);
        let id = format!("followup.effect.{id}");
        row(vec![
            text(label),
            cell(about(method).estimated(&id, label, Unit::ShareDifference, value, interval, n, evidence)),
            text(method),
        ])
    };
    let mut rows: Vec<_> = [
        ("crude", "crude", "two observed rates", &effects.crude),
        ("standardised", "standardised", "g-computation, logistic", &effects.standardised),
        ("doubly_robust", "doubly robust", "AIPW, both models logistic", &effects.doubly_robust),
        ("overlap_weighted", "overlap weights", "those who could have had either", &effects.overlap_weighted),
    ]
    .into_iter()
    .map(|(id, label, method, means)| figure(id, label, method, means.difference(), means.interval().map(house)))
    .collect();
    if let Some(by_load) = reading.compared.instrumented.as_ref().filter(|_| is_strong(reading)) {
        let interval = by_load.interval().map(house);
        rows.push(figure("load", "by load of arrivals", "two-stage least squares", by_load.effect, interval));
    }
    Some(Table {
        id: "followup.answers".to_owned(),
        title: "The answers side by side".to_owned(),
        columns: vec!["answer".into(), "difference, fast less others".into(), "method".into()],
        rows,
        note: "The first four rest on what is recorded; the fifth on what load acts through.".to_owned(),
    })
}

/// The table, and whether it has E-values.
fn diagnostics(reading: &Reading) -> Option<(Table, bool)> {
    let effects = reading.compared.effects.as_ref()?;
    let n = arms(reading);
    let mut rows = Vec::new();
    let mut put = |id: &str, label: &str, unit: Unit, value: f64| {
        let evidence = rows_of(&reading.plan.compared(), n);
        let of = report::Value::Real(value);
        let figure = about("diagnostic").figure(
            &format!("followup.{id}"),
            label,
            unit,
            of,
            report::Certainty::Counted,
            (n, None),
            evidence,
        );
        rows.push(row(vec![text(label), cell(figure)]));
    };
    put("outside", "share of leads nearly always or nearly never tried fast", Unit::Share, effects.overlap.outside);
    let most = |f: fn(&stats::effect::Balance) -> f64| effects.balance.iter().map(|b| f(b).abs()).fold(0.0, f64::max);
    put("balance.before", "largest standardised difference, as observed", Unit::Number, most(|b| b.before));
    put("balance.after", "the same after weighting", Unit::Number, most(|b| b.inverse_weighted));
    let e = (effects.doubly_robust.e_value(), effects.doubly_robust.e_value_of_bound(0.9));
    if let (Some(value), Some(bound)) = e {
        put("e_value", "E-value", Unit::Number, value);
        put("e_value_bound", "E-value of the near end of the interval", Unit::Number, bound);
    }
    if let Some(by_load) = &reading.compared.instrumented {
        put("first_stage_f", "first-stage F of the load of arrivals", Unit::Number, by_load.first_stage_f);
    }
    let table = Table {
        id: "followup.diagnostics".to_owned(),
        title: "Whether the groups can be compared".to_owned(),
        columns: vec!["measure".into(), "value".into()],
        rows,
        note: "An instrument with F below 10 is not used.".to_owned(),
    };
    Some((table, e.0.is_some() && e.1.is_some()))
}

fn speed_table(reading: &Reading) -> Table {
    let rows = words::SPEED.iter().zip(reading.speed).enumerate().map(|(i, (label, (n, k)))| {
        let mut tests = reading.plan.timed();
        let lo = if i == 0 { i64::from(i32::MIN) } else { SPEED_EDGES[(i - 1).min(3)] };
        let hi = SPEED_EDGES.get(i).map_or(i64::from(i32::MAX) * 2, |edge| edge - 1);
        tests.push(if i == 5 {
            Test::Missing(lead::FIRST_ATTEMPT_AT)
        } else {
            Test::Elapsed(reading.plan.start, lead::FIRST_ATTEMPT_AT, lo, hi)
        });
        let evidence = rows_of(&tests, n);
        row(vec![
            text(*label),
            cell(about("counted").count(&format!("followup.speed.{i}.leads"), label, n, evidence.clone())),
            cell(about("association").share(&format!("followup.speed.{i}.rate"), label, k, n, evidence)),
        ])
    });
    Table {
        id: "followup.speed".to_owned(),
        title: "By speed of the first attempt".to_owned(),
        columns: vec!["first attempt".into(), "leads".into(), format!("{} within 90 days", reading.plan.word)],
        rows: rows.collect(),
        note: words::SPEED_NOTE.to_owned(),
    }
}
