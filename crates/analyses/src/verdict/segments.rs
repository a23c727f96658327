//! Segment by segment: what began and what was won, and in which of them the difference lies.
//!
//! Not here: the arithmetic. Invariant: the rows of the second table add up to the difference.

use report::{Cell, Certainty, Evidence, Section, Table, TableRow, Unit, Value};
use stats::shapley::split_to_minor_units;
use tallies::Test;

use super::levels::of;
use super::numbers::{Measured, Segment};
use super::ranking::{Place, Ranking, rank};
use super::sections::{Context, empty};
use super::words;
use crate::columns::{all, is};
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, row, slugs, text};

/// How many segments are shown by themselves.
const SHOWN: usize = 5;

impl Context<'_> {
    /// Segment by segment.
    pub fn segments(&self) -> Option<Section> {
        let stream = self.reading.streams.first()?;
        let column = stream.plan.column?;
        let names = slugs(stream.segments.iter().map(|s| s.name.as_str()));
        let mut out = empty("verdict.segments", &format!("By {}", column.name), words::METHOD);
        out.answer = words::segments(column.name, stream.plan.within.map(|c| c.name));
        if let Some(ranking) = rank(self.question, stream, self.split.money)
            && let Some(table) = self.ranked(stream, &names, &ranking)
        {
            let likeliest: Vec<(String, String)> = ranking
                .places
                .iter()
                .take(2)
                .map(|p| (stream.segments[p.segment].name.clone(), first(&names, p)))
                .collect();
            let is_told = ranking.places.first().is_some_and(Place::is_told);
            out.answer = format!("{} {}", words::likeliest(&likeliest, is_told), out.answer);
            out.tables.push(table);
        }
        out.tables.push(self.by_segment(stream, &names));
        Some(out)
    }

    /// The segments that the difference most likely lies in.
    fn ranked(&self, stream: &Measured, names: &[String], ranking: &Ranking) -> Option<Table> {
        let counted: f64 = ranking.places.iter().map(|p| p.counted).sum();
        let outside = self.split.gap() as f64 - counted;
        let mut parts: Vec<f64> = ranking.places.iter().map(|p| p.part).collect();
        parts.push(ranking.chance);
        if self.has_money() {
            let whole = split_to_minor_units(&parts, counted.round() as i64).ok()?;
            parts = whole.into_iter().map(|v| v as f64).collect();
        }
        let (shown, others) = ranking.places.split_at(SHOWN.min(ranking.places.len()));
        let mut rows: Vec<TableRow> =
            shown.iter().zip(&parts).map(|(place, part)| self.ranked_row(stream, names, place, *part)).collect();
        let sum = |what: &str, label: String, n: Option<f64>, part: f64| {
            let name = |end: &str| format!("verdict.ranked.{what}.{end}");
            let about = About::new(self.both(), "what is left");
            let figure = |end: &str, x: f64| {
                cell(about.figure(&name(end), &label, self.unit(), self.value(x), Certainty::Counted, (0, None), None))
            };
            let counted = n.map_or(Cell::Empty, |n| figure("counted", n));
            row(vec![text(label.clone()), counted, figure("part", part), Cell::Empty])
        };
        if !others.is_empty() {
            let part: f64 = parts[SHOWN..ranking.places.len()].iter().sum();
            let counted = others.iter().map(|p| p.counted).sum();
            rows.push(sum("others", format!("{} others", others.len()), Some(counted), part));
        }
        rows.push(sum("chance", words::CHANCE.to_owned(), None, parts.last().copied().unwrap_or(0.0)));
        if outside != 0.0 {
            rows.push(sum("outside", words::OUTSIDE.to_owned(), Some(outside), outside));
        }
        let column = stream.plan.column.map_or("segment", |c| c.name);
        Some(Table {
            id: "verdict.ranked".to_owned(),
            title: "Where the difference lies".to_owned(),
            columns: [column, "difference", "without chance", "largest in"].map(str::to_owned).to_vec(),
            rows,
            note: words::RANKED_NOTE.to_owned(),
        })
    }

    fn ranked_row(&self, stream: &Measured, names: &[String], place: &Place, part: f64) -> TableRow {
        let segment = &stream.segments[place.segment];
        let name = |end: &str| format!("verdict.ranked.{}.{end}", names[place.segment]);
        let wins = [0, 1].map(|side: usize| segment.closed[side].iter().map(|c| c.won).sum::<f64>());
        let n = (wins[0] + wins[1]).round() as u64;
        let evidence = Some(self.won_in(stream, segment, &[0, 1], n));
        let unit = self.unit();
        let counted = About::new(self.both(), "counted by close day").figure(
            &name("counted"),
            &segment.name,
            unit,
            self.value(place.counted),
            Certainty::Counted,
            (n, None),
            evidence.clone(),
        );
        let certainty = place.interval.map_or(Certainty::Refused, |i| Certainty::Estimated(house(i)));
        let value = if place.interval.is_some() { self.value(part) } else { Value::Withheld };
        let part = About::new(self.both(), "changes shrunk toward the common one").figure(
            &name("part"),
            &segment.name,
            unit,
            value,
            certainty,
            (n, None),
            evidence,
        );
        let draws = self.question.draws.max(20) as u64;
        let hits = (place.largest * draws as f64).round() as u64;
        let likely = About::new(self.both(), "share of the draws in which it is the largest").figure(
            &first(names, place),
            &segment.name,
            Unit::Share,
            Value::Real(place.largest),
            Certainty::Counted,
            (draws, Some(hits)),
            None,
        );
        row(vec![text(segment.name.clone()), cell(counted), cell(part), cell(likely)])
    }

    /// The wins of a segment on some sides, from the cohorts that the split follows, as evidence.
    fn won_in(&self, stream: &Measured, segment: &Segment, sides: &[usize], rows: u64) -> Evidence {
        let on = |side: &usize| {
            let side = &self.reading.sides[*side];
            let mut tests = stream.plan.won(side);
            tests.push(side.began(stream.plan.created));
            all(tests)
        };
        let mut tests = within(stream, segment);
        tests.push(Test::Any(sides.iter().map(on).collect()));
        from_tests(stream.plan.grain, &tests, rows)
    }

    /// What began and what was won, counted, in the order of the alphabet.
    fn by_segment(&self, stream: &Measured, names: &[String]) -> Table {
        let column = stream.plan.column.map_or("segment", |c| c.name);
        let mut lines: Vec<(String, TableRow)> = Vec::new();
        for (segment, name) in stream.segments.iter().zip(names) {
            let end = |side: usize| ["before", "after"][side];
            let began = |side: usize| {
                let s = &self.reading.sides[side];
                let n = segment.cohorts[side][0].n as u64;
                let mut tests = within(stream, segment);
                tests.push(Test::Between(stream.plan.created, s.minutes().0, s.minutes().1));
                let about = About::new(s.period.to_string(), "counted");
                let evidence = Some(from_tests(stream.plan.grain, &tests, n));
                cell(about.count(&format!("verdict.segment.{name}.began.{}", end(side)), &segment.name, n, evidence))
            };
            let won = |side: usize| {
                let wins: f64 = segment.closed[side].iter().map(|c| c.won).sum();
                let amount: f64 = segment.closed[side].iter().map(|c| c.amount).sum();
                let evidence = Some(self.won_in(stream, segment, &[side], wins as u64));
                let id = format!("verdict.segment.{name}.won.{}", end(side));
                let about = About::new(self.reading.sides[side].period.to_string(), "counted by close day");
                let value = if self.has_money() { amount } else { wins };
                cell(about.counted(&id, &segment.name, self.unit(), value as i64, wins as u64, evidence))
            };
            let line = row(vec![text(segment.name.clone()), began(0), began(1), won(0), won(1)]);
            lines.push((segment.name.clone(), line));
        }
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        let of = of(stream);
        Table {
            id: "verdict.by_segment".to_owned(),
            title: format!("{of} begun and won by {column}"),
            columns: vec![
                column.to_owned(),
                format!("{of} before"),
                format!("{of} now"),
                "won before".to_owned(),
                "won now".to_owned(),
            ],
            rows: lines.into_iter().map(|l| l.1).collect(),
            note: "Won: closed in the period, from the cohorts that the split follows.".to_owned(),
        }
    }
}

/// The id of the figure that says how often a segment comes out largest.
fn first(names: &[String], place: &Place) -> String {
    format!("verdict.ranked.{}.first", names[place.segment])
}

/// The tests of a stream's rows in one segment.
fn within(stream: &Measured, segment: &Segment) -> Vec<Test> {
    let mut tests = stream.plan.filter.clone();
    if let Some(column) = stream.plan.column {
        tests.push(Test::Any(segment.labels.iter().map(|l| is(column, l)).collect()));
    }
    tests
}
