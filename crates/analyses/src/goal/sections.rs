//! The page.

use report::{Cell, Refusal, Section, Table, Unit};
use tallies::Column;
use terms::Instant;

use super::measure::{Drawn, Found, Needs, Segment};
use super::{Asked, words};
use crate::Answer;
use crate::answer::empty_section;
use crate::figures::{About, cell, house, row, slugs, text};

fn empty() -> Section {
    let mut section = empty_section("goal", "What the goal takes", words::METHOD);
    section.answer = words::CANNOT.to_owned();
    section
}

/// Nothing can be told.
pub fn refused() -> Answer {
    let mut section = empty();
    let [asked, had, needed] = words::TOO_FEW.map(str::to_owned);
    section.refusals.push(Refusal { code: "too_few".to_owned(), asked, had, needed });
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}

/// The needs of each segment, and of all.
pub fn page(asked: &Asked, by: Option<Column>, found: &Found, window: (i64, i64), usual: i64) -> Answer {
    let day = |minute: i64| Instant(minute * 60_000).day();
    let period = format!("{}..{}", day(window.0), day(window.1));
    let about = |method: &str| About::new(period.clone(), method);
    let money = Unit::Money(asked.currency);
    let line = |id: &str, (segment, needs): &(Segment, Needs)| {
        let figure = |what: &str, unit, drawn: &Drawn| {
            let (id, interval) = (format!("goal.{id}.{what}"), drawn.interval.map(house));
            let about = about("the company's own rates, drawn");
            cell(about.estimated(&id, &segment.name, unit, drawn.value, interval, segment.leads, None))
        };
        let spend = found.spend.map_or(Cell::Empty, |each| {
            let scaled = |i: stats::interval::Interval| stats::interval::Interval {
                lo90: i.lo90 * each,
                lo50: i.lo50 * each,
                hi50: i.hi50 * each,
                hi90: i.hi90 * each,
            };
            let spend = Drawn { value: needs.leads.value * each, interval: needs.leads.interval.map(scaled) };
            figure("spend", money, &spend)
        });
        row(vec![
            text(&segment.name),
            figure("leads", Unit::Number, &needs.leads),
            figure("opportunities", Unit::Number, &needs.opportunities),
            figure("customers", Unit::Number, &needs.customers),
            figure("amount", money, &needs.amount),
            figure("worth", money, &needs.worth),
            spend,
        ])
    };
    let ids = slugs(std::iter::once("all").chain(found.segments.iter().map(|s| s.0.name.as_str())));
    let mut rows: Vec<_> = found.segments.iter().zip(ids.iter().skip(1)).map(|(s, id)| line(id, s)).collect();
    if found.segments.len() == 1 {
        rows.clear();
    }
    rows.push(line("all", &found.all));
    let mut section = empty();
    section.answer = words::answer(found.spend.is_some());
    let first = by.map_or("", |c| c.name).to_owned();
    let heads = ["leads", "opportunities", "customers", "a customer brings", "a lead is worth", "spend as it was"];
    section.tables.push(Table {
        id: "goal.needs".to_owned(),
        title: "Backwards from the goal".to_owned(),
        columns: std::iter::once(first).chain(heads.map(str::to_owned)).collect(),
        rows,
        note: format!(
            "By leads of {period}: old enough that 95 of 100 wins would have come, which takes {usual} days."
        ),
    });
    let quarter = found.all.0.leads.div_euclid(4);
    let figure =
        about("counted, a quarter of the year").count("goal.quarter", "Leads in a usual quarter", quarter, None);
    section.tables.push(Table {
        id: "goal.now".to_owned(),
        title: "Beside a usual quarter".to_owned(),
        columns: ["what", "leads"].map(str::to_owned).to_vec(),
        rows: vec![row(vec![text("leads in a usual quarter"), cell(figure)])],
        note: String::new(),
    });
    section.caveats.push(words::SAME.to_owned());
    if found.spend.is_some() {
        section.caveats.push(words::SPEND.to_owned());
    }
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}
