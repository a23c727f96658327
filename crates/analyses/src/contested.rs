//! What of a report is in dispute: leads whose disposition one side contests, and figures that one side does.
//!
//! Not here: who disputes what and how it ends (`agreement::dispute`). Invariant: a fact in dispute still counts as recorded; the
//! report says how much of it that is until the dispute is settled.

use report::{Finding, Section, Table, Unit};
use stats::interval::Interval;
use tallies::columns::lead_cycle as lead;
use tallies::{Facts, Grain, Measure, Spec, Test};
use terms::Currency;

use crate::answer::empty_section;
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, plain, row, text};
use crate::{Error, Question};

/// Minutes of a day.
const DAY: i64 = 1_440;

/// What is in dispute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contested {
    /// Leads, by the hash of their key.
    pub leads: Vec<u64>,
    /// Figures of this report, by their id.
    pub figures: Vec<String>,
}

const METHOD: &str = "A lead counts as in dispute while marketing's appeal of its disposition is neither settled nor taken back, a figure \
     while the other side, or leadership, has not decided about it. Facts in dispute are counted as they are recorded. At stake is their \
     number times what a lead brought that was handed over in a year and watched for 90 days since; the interval is that of the mean.";

/// Days for which a lead must have been watched, and the year of leads before.
const WATCHED: i64 = 90 * DAY;
const YEAR: i64 = 365 * DAY;
/// Leads and wins below which no worth is told.
const LEAST: (u64, u64) = (100, 10);

/// What a lead brought on average that was handed over, in minor units, with its standard error; none where too few tell.
fn worth<F: Facts>(question: &Question, facts: &F) -> Result<Option<(f64, f64)>, Error> {
    let latest = question.as_of_minutes - WATCHED;
    let won = vec![Test::Is(lead::REACHED_WON, 1), Test::Has(lead::AMOUNT)];
    let spec = Spec {
        name: "contested.worth",
        grain: Grain::LeadCycle,
        filter: vec![Test::Between(lead::HANDOFF_AT, latest - YEAR, latest)],
        dims: vec![],
        measures: vec![
            Measure::Count,
            Measure::CountIf(won.clone()),
            Measure::SumIf(lead::AMOUNT, won.clone()),
            Measure::SumSquared(lead::AMOUNT, won),
        ],
    };
    let tallies = facts.answer(&[spec]).map_err(Error::facts)?;
    let Some(tally) = tallies.first().filter(|t| t.cells > 0) else { return Ok(None) };
    let whole = |measure: usize| u64::try_from(tally.int(0, measure)).unwrap_or(0);
    let (n, wins) = (whole(0), whole(1));
    if n < LEAST.0 || wins < LEAST.1 {
        return Ok(None);
    }
    let mean = tally.int(0, 2) as f64 / n as f64;
    let spread = (tally.real(0, 3) / n as f64 - mean * mean).max(0.0);
    Ok(Some((mean, (spread / n as f64).sqrt())))
}

/// The section that says how much is in dispute; `None` where nothing of the report is.
///
/// # Errors
/// `analyses.facts` where the facts could not be read.
pub fn section<F: Facts>(question: &Question, contested: &Contested, facts: &F) -> Result<Option<Section>, Error> {
    if contested.leads.is_empty() && contested.figures.is_empty() {
        return Ok(None);
    }
    let minutes = |day: terms::Day| i64::from(day.0) * DAY;
    let mut section = empty_section("contested", "What is in dispute", METHOD);
    let among =
        Test::Any(contested.leads.iter().map(|key| Test::Between(lead::KEY, *key as i64, *key as i64)).collect());
    let worth = if contested.leads.is_empty() { None } else { worth(question, facts)? };
    let (mut rows, mut in_all) = (Vec::new(), 0);
    for (id, period) in [("contested.base", question.base()), ("contested.period", question.period)] {
        let created = Test::Between(lead::CREATED_AT, minutes(period.first), minutes(period.last.plus(1)) - 1);
        let measures = vec![
            Measure::Count,
            Measure::CountIf(vec![among.clone()]),
            Measure::CountIf(vec![Test::Has(lead::HANDOFF_AT)]),
        ];
        let spec =
            Spec { name: "contested", grain: Grain::LeadCycle, filter: vec![created.clone()], dims: vec![], measures };
        let tallies = facts.answer(&[spec]).map_err(Error::facts)?;
        let of = |measure: usize| tallies.first().map_or(0, |t| u64::try_from(t.total(measure)).unwrap_or(0));
        let (all, disputed, handed) = (of(0), of(1), of(2));
        let about = About::new(period.to_string(), "counted from the disputes in the ledger");
        let evidence = (disputed > 0).then(|| from_tests(Grain::LeadCycle, &[created, among.clone()], disputed));
        in_all += disputed;
        rows.push(row(vec![
            text(period.to_string()),
            cell(about.count(&format!("{id}.leads"), "leads in dispute", disputed, evidence)),
            cell(about.count(&format!("{id}.of"), "leads created", all, None)),
            cell(about.count(&format!("{id}.handed"), "of them handed over", handed, None)),
            cell(at_stake(question, period, &format!("{id}.worth"), disputed, worth)),
        ]));
    }
    if in_all == 0 && contested.figures.is_empty() {
        return Ok(None);
    }
    section.answer = if in_all == 0 {
        "No lead of these periods is in dispute; figures are.".to_owned()
    } else {
        format!(
            "{{contested.period.leads}} of {{contested.period.of}} leads of {} are in dispute, and {{contested.base.leads}} of {{contested.base.of}} of {}: \
             they count as recorded until that is settled.",
            question.period,
            question.base()
        )
    };
    section.findings = contested
        .figures
        .iter()
        .map(|figure| Finding {
            code: "figure_in_dispute".to_owned(),
            text: plain(&format!("The figure {figure} is in dispute.")),
            evidence: None,
        })
        .collect();
    section.tables.push(Table {
        id: "contested.leads".to_owned(),
        title: "Leads in dispute".to_owned(),
        columns: ["created in", "in dispute", "leads", "handed over", "at stake"].map(str::to_owned).to_vec(),
        rows,
        note: String::new(),
    });
    Ok(Some(section))
}

/// What leads in dispute would bring if they were like others.
fn at_stake(
    question: &Question,
    period: terms::Period,
    id: &str,
    disputed: u64,
    worth: Option<(f64, f64)>,
) -> report::Figure {
    let about = About::new(period.to_string(), "leads in dispute times what a lead brought");
    let unit = Unit::Money(question.currency);
    let n = disputed as f64;
    match worth.map(|(mean, error)| (n * mean, Interval::normal(n * mean, n * error))) {
        Some((value, Some(interval))) if question.currency != Currency::UNKNOWN => {
            about.estimated(id, "at stake", unit, value, Some(house(interval)), disputed, None)
        }
        _ => about.withheld(id, "at stake", unit, disputed, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::{Cell, Value};
    use tallies::Table as Rows;
    use tallies::plain::Tables;
    use terms::{Day, FiscalYear};

    #[test]
    fn leads_in_dispute_are_counted_in_the_period_in_which_they_were_created() {
        let mut table = Rows::new(Grain::LeadCycle, 5);
        for (i, created) in ["2026-05-01", "2026-07-01", "2026-08-01", "2026-09-30", "2026-10-01"].iter().enumerate() {
            table.set(lead::KEY, i, if i == 3 { u64::MAX as i64 } else { i as i64 + 1 });
            table.set(lead::CREATED_AT, i, i64::from(Day::parse(created).unwrap().0) * DAY);
        }
        table.set(lead::HANDOFF_AT, 1, 30_000_000);
        let facts = Tables { tables: vec![table] };
        let period = FiscalYear::default().parse_period("2026Q3").unwrap();
        let question = Question::new(period, 30_000_000, Currency::UNKNOWN);
        let told = |leads: &[u64], figures: &[&str]| {
            let figures = figures.iter().map(|f| (*f).to_owned()).collect();
            section(&question, &Contested { leads: leads.to_vec(), figures }, &facts).unwrap()
        };
        let numbers = |section: &Section| -> Vec<Value> {
            let cells = section.tables[0].rows.iter().flat_map(|r| &r.cells);
            let whole = |c: &Cell| if let Cell::Figure(f) = c { Some(f.value) } else { None };
            cells.filter_map(whole).filter(|v| *v != Value::Withheld).collect()
        };
        let both = told(&[1, u64::MAX, 5], &[]).unwrap();
        assert_eq!(numbers(&both), [1, 1, 0, 1, 3, 1].map(Value::Whole));
        assert!(both.answer.contains("2026Q2") && both.findings.is_empty());
        assert!(told(&[5], &[]).is_none() && told(&[], &[]).is_none());
        let figure = told(&[], &["verdict.win_rate"]).unwrap();
        assert_eq!((figure.findings.len(), numbers(&figure)[0]), (1, Value::Whole(0)));
    }

    #[test]
    fn what_is_at_stake_is_what_leads_brought_and_withheld_where_few_tell() {
        let company = |n: usize| {
            let mut table = Rows::new(Grain::LeadCycle, n + 1);
            for i in 0..=n {
                table.set(lead::KEY, i, i as i64 + 1);
                let day = if i == n { "2026-07-05" } else { "2026-03-01" };
                table.set(lead::CREATED_AT, i, i64::from(Day::parse(day).unwrap().0) * DAY);
                table.set(lead::HANDOFF_AT, i, i64::from(Day::parse(day).unwrap().0) * DAY);
                if i % 5 == 0 && i < n {
                    table.set(lead::REACHED_WON, i, 1);
                    table.set(lead::AMOUNT, i, 1_000);
                }
            }
            Tables { tables: vec![table] }
        };
        let as_of = i64::from(Day::parse("2026-10-01").unwrap().0) * DAY;
        let period = FiscalYear::default().parse_period("2026Q3").unwrap();
        let question = Question::new(period, as_of, Currency::parse("USD").unwrap());
        let told = |n: usize| {
            let contested = Contested { leads: vec![n as u64 + 1], figures: vec![] };
            let section = section(&question, &contested, &company(n)).unwrap().unwrap();
            crate::placeholders::figures(&section).find(|f| f.id == "contested.period.worth").unwrap().clone()
        };
        let figure = told(500);
        // one in five brings 1,000; the standard error of 500 such is 17.9
        assert_eq!(figure.value, Value::Real(200.0));
        let report::Certainty::Estimated(interval) = figure.certainty else { panic!("no interval") };
        assert!((interval.lo90 - (200.0 - 1.6449 * 17.889)).abs() < 0.05, "{interval:?}");
        assert_eq!(told(60).value, Value::Withheld);
    }
}
