//! The parts by who can change them, and what is still open.
//!
//! Not here: sentences and which of them to say. Invariant: ids are unique in the report.

use super::sections::Context;
use report::{Chart, Dot, DotWhisker, NotKnown, Owner, Section, Table, Unit};
use stats::interval::Interval as Spread;
use tallies::Test;

use super::open::Open;
use super::sections::{absolute, empty};
use super::words;
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, row, text};

impl Context<'_> {
    /// The parts by who can change them, in the order of the funnel.
    pub fn owners(&self) -> Section {
        let mut out = empty("verdict.owners", "Grouped by who can change it", words::METHOD);
        let mut groups: Vec<(Owner, Vec<usize>)> = Vec::new();
        for place in 0..self.split.parts.len() {
            let owner = self.owner(place);
            match groups.iter_mut().find(|(o, _)| *o == owner) {
                Some((_, places)) => places.push(place),
                None => groups.push((owner, vec![place])),
            }
        }
        let mut rows = Vec::new();
        let mut sizes: Vec<(f64, Spread)> = Vec::new();
        for (owner, places) in &groups {
            let value: f64 = places.iter().map(|p| self.split.parts[*p].value).sum();
            let estimated = places.iter().any(|p| self.split.parts[*p].interval.is_some());
            let interval = self.split.sum_interval(places).filter(|_| estimated);
            if let Some(interval) = interval {
                sizes.push((value.abs(), absolute(interval)));
            }
            let names: Vec<String> = places.iter().map(|p| self.levels[*p].label.clone()).collect();
            let name = words::owner(*owner);
            let n = places.iter().map(|p| self.levels[*p].n).max().unwrap_or(0);
            let id = format!("verdict.by_owner.{}", crate::figures::slug(name));
            let figure = About::new(self.both(), "sum of parts").figure(
                &id,
                name,
                self.unit(),
                self.value(value),
                Self::certainty(interval),
                (n, None),
                None,
            );
            rows.push(Dot { figure, note: names.join(", "), owner: Some(*owner) });
        }
        sizes.sort_by(|a, b| b.0.total_cmp(&a.0));
        out.answer = words::OWNERS_ANSWER.to_owned();
        if let [first, second, ..] = sizes.as_slice()
            && first.1.lo90 <= second.1.hi90
        {
            out.answer = format!("{} {}", words::CANNOT_RANK, words::OWNERS_ANSWER);
        }
        let title =
            if self.has_money() { "Parts of the difference in won revenue" } else { "Parts of the difference in wins" };
        out.charts.push(Chart::DotWhisker(DotWhisker {
            title: title.to_owned(),
            axis: "who can change it".to_owned(),
            rows,
            reference: None,
        }));
        out
    }

    /// What is still open.
    pub fn open(&self, open: &Open) -> Option<Section> {
        let ((later, spread), (next, near)) = (open.later?, open.next?);
        let mut out = empty("verdict.open", "What the open opportunities may still bring", words::OPEN_METHOD);
        out.answer = words::OPEN_ANSWER.to_owned();
        let about = About::new("still open", "Aalen-Johansen by age in weeks");
        let tests = [
            Test::Has(tallies::columns::opportunity::CREATED_AT),
            Test::Missing(tallies::columns::opportunity::WON_ON),
            Test::Missing(tallies::columns::opportunity::LOST_ON),
        ];
        let evidence = from_tests(tallies::Grain::Opportunity, &tests, open.count);
        let money = Unit::Money(self.question.currency);
        let project = |id: &str, label: &str, unit: Unit, value: f64, interval: Spread| {
            let figure =
                about.estimated(id, label, unit, value, Some(house(interval)), open.count, Some(evidence.clone()));
            cell(About::projected(figure))
        };
        let counted = About::new("still open", "counted");
        let count = counted.count("verdict.open.count", "Open opportunities", open.count, Some(evidence.clone()));
        let mut rows = vec![
            row(vec![text("open opportunities"), cell(count)]),
            row(vec![
                text("expected wins, in the end"),
                project("verdict.open.later", "Expected wins", Unit::Count, later, spread),
            ]),
            row(vec![
                text("of those within 13 weeks"),
                project("verdict.open.next", "Expected wins", Unit::Count, next, near),
            ]),
        ];
        if open.priced > 0 {
            let figure = counted.counted(
                "verdict.open.amount",
                "Their amount",
                money,
                open.amount,
                open.priced,
                Some(evidence.clone()),
            );
            rows.push(row(vec![text("their amount as recorded"), cell(figure)]));
        }
        let total = &self.reading.totals[1];
        let mut note = String::new();
        if self.has_money() && total.priced > 0 {
            let mean = total.amount as f64 / total.priced as f64;
            let scaled = spread.map(|x| x * mean);
            rows.push(row(vec![
                text("expected amount, in the end"),
                project("verdict.open.money", "Expected amount", money, later * mean, scaled),
            ]));
            note = words::MONEY_AT_MEAN.to_owned();
        }
        out.tables.push(Table {
            id: "verdict.open_opportunities".to_owned(),
            title: "Open opportunities".to_owned(),
            columns: ["what", "how many"].map(str::to_owned).to_vec(),
            rows,
            note,
        });
        if !open.has_calendar {
            out.caveats.push(words::NO_CALENDAR.to_owned());
        }
        let [text, settle] = words::STILL_OPEN;
        out.not_known.push(NotKnown { text: text.to_owned(), settle: settle.to_owned(), evidence: Some(evidence) });
        Some(out)
    }
}
