//! What of a report is in dispute: leads whose disposition one side contests, and figures that one side does.
//!
//! Not here: who disputes what and how it ends (`agreement::dispute`). Invariant: a fact in dispute still counts as recorded; the
//! report says how much of it that is until the dispute is settled.

use report::{Finding, Section, Table};
use tallies::columns::lead_cycle as lead;
use tallies::{Facts, Grain, Measure, Spec, Test};

use crate::answer::empty_section;
use crate::evidence::from_tests;
use crate::figures::{About, cell, plain, row, text};
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
     while the other side, or leadership, has not decided about it. Facts in dispute are counted as they are recorded.";

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
        columns: ["created in", "in dispute", "leads", "handed over"].map(str::to_owned).to_vec(),
        rows,
        note: String::new(),
    });
    Ok(Some(section))
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::{Cell, Value};
    use tallies::Table as Rows;
    use tallies::plain::Tables;
    use terms::{Currency, Day, FiscalYear};

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
            cells.filter_map(|c| if let Cell::Figure(f) = c { Some(f.value) } else { None }).collect()
        };
        let both = told(&[1, u64::MAX, 5], &[]).unwrap();
        assert_eq!(numbers(&both), [1, 1, 0, 1, 3, 1].map(Value::Whole));
        assert!(both.answer.contains("2026Q2") && both.findings.is_empty());
        assert!(told(&[5], &[]).is_none() && told(&[], &[]).is_none());
        let figure = told(&[], &["verdict.win_rate"]).unwrap();
        assert_eq!((figure.findings.len(), numbers(&figure)[0]), (1, Value::Whole(0)));
    }
}
