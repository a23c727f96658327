//! The tables of the verdict.
//!
//! Not here: sentences and which of them to say. Invariant: ids are unique in the report.

use super::sections::Context;
use report::{Cell, Certainty, Figure, Interval, Table, Unit, Value};
use tallies::Test;

use super::late::Parts;
use super::levels::{projected, wins_of};
use super::words;
use crate::columns::won_between;
use crate::evidence::from_tests;
use crate::figures::{About, cell, row, text};

impl Context<'_> {
    pub(super) fn levels_table(&self) -> Table {
        let mut rows = Vec::new();
        let wins = |side: usize| {
            let (id, period) = [("verdict.wins.before", &self.base), ("verdict.wins.after", &self.period)][side];
            let n = self.reading.totals[side].wins.max(0) as u64;
            cell(About::new(period.clone(), "counted").count(id, "Wins", n, wins_of(self.reading, side)))
        };
        rows.push(row(vec![text("Wins"), wins(0), wins(1), Cell::Empty, Cell::Empty]));
        for (part, level) in self.split.parts.iter().zip(&self.levels) {
            let show = |f: &Option<Figure>| f.clone().map_or(Cell::Empty, cell);
            let (n, needed) = self.needed(part.factor);
            rows.push(row(vec![text(level.label.clone()), show(&level.before), show(&level.after), n, needed]));
        }
        if let [Some(before), Some(after)] = [0, 1].map(|side| projected(self.reading, side)) {
            rows.push(row(vec![text("Still to come"), cell(before), cell(after), Cell::Empty, Cell::Empty]));
        }
        Table {
            id: "verdict.levels".to_owned(),
            title: "What each factor was and is".to_owned(),
            columns: ["factor", "before", "now", "cases", "about needed"].map(str::to_owned).to_vec(),
            rows,
            note: words::LEVELS_NOTE.to_owned(),
        }
    }

    /// Cases a part rests on, and about how many would show a change of its size.
    pub(super) fn needed(&self, factor: &str) -> (Cell, Cell) {
        let Some(place) = self.split.parts.iter().position(|p| p.factor == factor) else {
            return (Cell::Empty, Cell::Empty);
        };
        let (part, level) = (&self.split.parts[place], &self.levels[place]);
        if part.interval.is_none() {
            return (Cell::Empty, Cell::Empty);
        }
        let about = About::new(self.both(), "counted");
        let n = cell(about.count(&format!("verdict.{factor}.n"), "Cases", level.n, level.evidence.clone()));
        let needed = match self.times_needed(place) {
            Some(times) => {
                let about = About::new(self.both(), "from the width of the interval");
                let id = format!("verdict.{factor}.needed");
                let needed = (level.n as f64 * times).round();
                // two figures: a guess at a size must not look counted
                let rounded = 10f64.powf((needed.max(10.0).log10() - 1.0).floor());
                let needed = (needed / rounded).ceil() * rounded;
                let guess =
                    Interval { lo90: needed * 0.5, lo50: needed * 0.8, hi50: needed * 1.25, hi90: needed * 2.0 };
                cell(about.estimated(&id, "Cases needed", Unit::Count, needed, Some(guess), level.n, None))
            }
            None => Cell::Empty,
        };
        (n, needed)
    }

    /// How many times the cases would be needed; `None` where the direction is known or beyond a hundred times.
    pub(super) fn times_needed(&self, place: usize) -> Option<f64> {
        let part = &self.split.parts[place];
        if part.direction_known() || part.value == 0.0 {
            return None;
        }
        let times = (1.645 * part.deviation / part.value.abs()).powi(2);
        (times.is_finite() && times <= 100.0).then_some(times.max(1.1))
    }

    pub(super) fn discount_table(&self, parts: &[Parts; 2]) -> Table {
        let figure = |side: usize, late: usize| {
            let part = [parts[side].early, parts[side].late][late];
            let period = if side == 0 { &self.base } else { &self.period };
            let id = format!("verdict.discount.{}.{}", ["early", "late"][late], ["before", "after"][side]);
            let value = Value::Real(1.0 - part.kept());
            let about = About::new(period.clone(), "given away of the list price of wins");
            cell(about.figure(&id, "Discount", Unit::Share, value, Certainty::Counted, (part.wins as u64, None), None))
        };
        let line = |name: &str, late: usize| row(vec![text(name), figure(0, late), figure(1, late)]);
        Table {
            id: "verdict.late_discount".to_owned(),
            title: "Discount by the day of closing".to_owned(),
            columns: ["when closed", "before", "now"].map(str::to_owned).to_vec(),
            rows: vec![line("until two weeks before the end", 0), line("in the last two weeks", 1)],
            note: "Share of the list price that was given away, weighted by price.".to_owned(),
        }
    }

    pub(super) fn orders_table(&self) -> Option<Table> {
        let mut rows = Vec::new();
        for (part, level) in self.split.parts.iter().zip(&self.levels) {
            let (least, greatest) = part.orders?;
            let figure = |end: &str, value: f64| {
                let id = format!("verdict.orders.{}.{end}", part.factor);
                let about = About::new(self.both(), "step-by-step walk over all orders");
                let value = (self.value(value), Certainty::Counted);
                cell(about.figure(&id, &level.label, self.unit(), value.0, value.1, (level.n, None), None))
            };
            rows.push(row(vec![text(level.label.clone()), figure("least", least), figure("greatest", greatest)]));
        }
        Some(Table {
            id: "verdict.orders".to_owned(),
            title: "What a step-by-step waterfall could have said".to_owned(),
            columns: ["factor", "least", "greatest"].map(str::to_owned).to_vec(),
            rows,
            note: "A walk that switches one factor after another depends on their order; the split does not."
                .to_owned(),
        })
    }

    pub(super) fn contradicted_table(&self, n: i64) -> Table {
        let amount: i64 = self.reading.totals.iter().map(|t| t.contradicted_amount).sum();
        let about = About::new(self.both(), "counted");
        let ends = self.reading.sides.iter().map(|s| won_between(s.days().0, s.days().1)).collect();
        let tests = [Test::Any(ends), Test::Is(tallies::columns::opportunity::CONTRADICTED, 1)];
        let evidence = from_tests(tallies::Grain::Opportunity, &tests, n.max(0) as u64);
        let money = Unit::Money(self.question.currency);
        let count = about.count("verdict.contradicted", "Wins", n.max(0) as u64, Some(evidence.clone()));
        let sum =
            about.counted("verdict.contradicted_amount", "Amount", money, amount, n.max(0) as u64, Some(evidence));
        Table {
            id: "verdict.contradictions".to_owned(),
            title: "Wins about which sources contradict each other".to_owned(),
            columns: ["wins", "amount"].map(str::to_owned).to_vec(),
            rows: vec![row(vec![cell(count), cell(sum)])],
            note: String::new(),
        }
    }
}
