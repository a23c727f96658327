//! The plain executor: row by row, as the spec reads. Slow and obvious; the oracle of the fast scan.

use std::collections::{BTreeMap, BTreeSet};

use terms::Day;

use crate::{Axis, Column, Data, Dim, Extract, Facts, Label, Measure, Measured, Spec, Table, Tally, Test, Width};

/// The tables of all grains, held in memory.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// At most one for each grain.
    pub tables: Vec<Table>,
}

impl Facts for Tables {
    type Error = std::convert::Infallible;

    fn answer(&self, specs: &[Spec]) -> Result<Vec<Tally>, Self::Error> {
        Ok(specs
            .iter()
            .map(|spec| match self.tables.iter().find(|t| t.grain == spec.grain) {
                Some(table) => answer(table, spec),
                None => answer(&Table::new(spec.grain, 0), spec),
            })
            .collect())
    }

    fn extract(&self, ask: &Extract) -> Result<Table, Self::Error> {
        Ok(match self.tables.iter().find(|t| t.grain == ask.grain) {
            Some(table) => extract(table, ask),
            None => Table::new(ask.grain, 0),
        })
    }
}

/// Answers one spec over one table.
pub fn answer(table: &Table, spec: &Spec) -> Tally {
    let mut cells: BTreeMap<Vec<Label>, Vec<usize>> = BTreeMap::new();
    if spec.dims.is_empty() {
        cells.insert(Vec::new(), Vec::new());
    }
    for row in 0..table.rows {
        if spec.filter.iter().all(|t| passes(table, t, row)) {
            let at = spec.dims.iter().map(|d| label(table, d, row)).collect();
            cells.entry(at).or_default().push(row);
        }
    }
    let axes: Vec<Axis> = (0..spec.dims.len())
        .map(|d| {
            let labels: BTreeSet<Label> = cells.keys().filter_map(|at| at.get(d).cloned()).collect();
            Axis { labels: labels.into_iter().collect() }
        })
        .collect();
    let at = cells
        .keys()
        .flat_map(|labels| labels.iter().zip(&axes).map(|(l, axis)| axis.labels.binary_search(l).unwrap_or(0) as u32))
        .collect();
    let measured = spec.measures.iter().map(|m| measure(table, m, cells.values())).collect();
    Tally { axes, at, cells: cells.len(), measured }
}

/// The rows that pass, in the order of their keys.
pub fn extract(table: &Table, ask: &Extract) -> Table {
    let key = table.grain.columns().first().copied();
    let mut rows: Vec<usize> =
        (0..table.rows).filter(|row| ask.filter.iter().all(|t| passes(table, t, *row))).collect();
    rows.sort_by_key(|row| (key.and_then(|k| table.number(k, *row)).map(|n| n as u64), *row));
    rows.drain(..ask.skip.min(rows.len()));
    rows.truncate(ask.limit);
    let pick = |data: &Data| -> Data {
        fn take<T: Copy>(v: &[T], rows: &[usize]) -> Vec<T> {
            rows.iter().filter_map(|r| v.get(*r).copied()).collect()
        }
        match data {
            Data::Code(v, d) => Data::Code(take(v, &rows), d.clone()),
            Data::Small(v) => Data::Small(take(v, &rows)),
            Data::I32(v) => Data::I32(take(v, &rows)),
            Data::I64(v) => Data::I64(take(v, &rows)),
            Data::Key(v) => Data::Key(take(v, &rows)),
            Data::U32(v) => Data::U32(take(v, &rows)),
        }
    };
    let asked =
        table.grain.columns().iter().zip(&table.columns).map(|(column, data)| match (ask.asks(*column), data) {
            (true, data) => pick(data),
            (false, data) => data.emptied(),
        });
    Table { grain: table.grain, rows: rows.len(), columns: asked.collect() }
}

fn passes(table: &Table, test: &Test, row: usize) -> bool {
    match test {
        Test::Has(c) => table.number(*c, row).is_some(),
        Test::Missing(c) => table.number(*c, row).is_none(),
        Test::Between(c, lo, hi) => table.number(*c, row).is_some_and(|n| *lo <= n && n <= *hi),
        Test::Is(c, value) => table.number(*c, row) == Some(i64::from(*value)),
        Test::In(c, texts) => {
            let here = table.text(*c, row);
            texts.iter().any(|t| t.as_deref() == here)
        }
        Test::Before(a, b) => matches!((table.number(*a, row), table.number(*b, row)), (Some(a), Some(b)) if a < b),
        Test::Elapsed(a, b, lo, hi) => elapsed(table, *a, *b, row).is_some_and(|n| *lo <= n && n <= *hi),
        Test::Any(tests) => tests.iter().any(|t| passes(table, t, row)),
        Test::Not(inner) => !passes(table, inner, row),
    }
}

/// The second number less the first.
fn elapsed(table: &Table, a: Column, b: Column, row: usize) -> Option<i64> {
    Some(table.number(b, row)?.saturating_sub(table.number(a, row)?))
}

/// Minutes of a time column; a day counts as its end, 23:59.
fn minutes(table: &Table, column: Column, row: usize) -> Option<i64> {
    let n = table.number(column, row)?;
    Some(if column.width == Width::Days { n * 1_440 + 1_439 } else { n })
}

/// What happened first after `from`: (outcome, minutes since `from`).
fn outcome(table: &Table, from: Column, events: &[Column], as_of: i64, row: usize) -> Option<(i64, i64)> {
    let start = minutes(table, from, row).filter(|s| *s <= as_of)?;
    let mut first: Option<(i64, i64)> = None;
    for (i, event) in events.iter().enumerate() {
        if let Some(at) = minutes(table, *event, row).map(|at| at.max(start)).filter(|at| *at <= as_of)
            && first.is_none_or(|(_, earliest)| at < earliest)
        {
            first = Some((i as i64 + 1, at));
        }
    }
    Some(first.map_or((0, as_of - start), |(which, at)| (which, at - start)))
}

fn label(table: &Table, dim: &Dim, row: usize) -> Label {
    let number = |n: Option<i64>| n.map_or(Label::Missing, Label::Number);
    match dim {
        Dim::Code(c) => table.text(*c, row).map_or(Label::Missing, |t| Label::Text(t.to_owned())),
        Dim::Period(c, unit, fiscal) => number(table.number(*c, row).map(|n| {
            let day = if c.width == Width::Minutes { n.div_euclid(1_440) } else { n };
            i64::from(fiscal.index(*unit, Day(day as i32)))
        })),
        Dim::Value(c) => number(table.number(*c, row)),
        Dim::Bins(c, edges) => {
            number(table.number(*c, row).map(|n| edges.iter().filter(|edge| n >= **edge).count() as i64))
        }
        Dim::Every(c, width) => number(table.number(*c, row).map(|n| n.div_euclid((*width).max(1)))),
        Dim::Elapsed(a, b, edges) => {
            number(elapsed(table, *a, *b, row).map(|n| edges.iter().filter(|edge| n >= **edge).count() as i64))
        }
        Dim::Outcome { from, events, as_of } => {
            number(outcome(table, *from, events, *as_of, row).map(|(which, _)| which))
        }
        Dim::Age { from, events, as_of, bin, bins } => number(
            outcome(table, *from, events, *as_of, row)
                .map(|(_, age)| (age / (*bin).max(1)).min(i64::from(*bins).saturating_sub(1))),
        ),
        Dim::Worked { from, events, as_of, spans, apart, edges } => {
            let key = crate::columns::column(table.grain, "key").and_then(|key| table.number(key, row));
            let lead = key.map_or(0, |key| key as u64);
            let start = minutes(table, *from, row);
            number(outcome(table, *from, events, *as_of, row).zip(start).map(|((_, age), start)| {
                let worked = apart.between(lead, spans, start, start + age);
                edges.iter().filter(|edge| worked >= **edge).count() as i64
            }))
        }
    }
}

fn measure<'a>(table: &Table, measure: &Measure, cells: impl Iterator<Item = &'a Vec<usize>>) -> Measured {
    let kept = |rows: &[usize], tests: &[Test]| -> Vec<usize> {
        rows.iter().copied().filter(|row| tests.iter().all(|t| passes(table, t, *row))).collect()
    };
    let sum = |rows: &[usize], c: Column| -> i64 { rows.iter().filter_map(|r| table.number(c, *r)).sum() };
    let real = |rows: &[usize], c: Column, f: fn(f64) -> f64| -> f64 {
        rows.iter().filter_map(|r| table.number(c, *r)).map(|n| f(n as f64)).filter(|x| x.is_finite()).sum()
    };
    match measure {
        Measure::Count => Measured::Int(cells.map(|rows| rows.len() as i64).collect()),
        Measure::CountIf(tests) => Measured::Int(cells.map(|rows| kept(rows, tests).len() as i64).collect()),
        Measure::Sum(c) => Measured::Int(cells.map(|rows| sum(rows, *c)).collect()),
        Measure::SumIf(c, tests) => Measured::Int(cells.map(|rows| sum(&kept(rows, tests), *c)).collect()),
        Measure::SumLog(c, tests) => {
            Measured::Real(cells.map(|rows| real(&kept(rows, tests), *c, |x| x.ln())).collect())
        }
        Measure::SumLogSquared(c, tests) => {
            Measured::Real(cells.map(|rows| real(&kept(rows, tests), *c, |x| x.ln() * x.ln())).collect())
        }
        Measure::SumSquared(c, tests) => {
            Measured::Real(cells.map(|rows| real(&kept(rows, tests), *c, |x| x * x)).collect())
        }
        Measure::Distinct(c) => Measured::Int(
            cells
                .map(|rows| rows.iter().filter_map(|r| table.number(*c, *r)).collect::<BTreeSet<_>>().len() as i64)
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grain;
    use crate::columns::lead_cycle as lead;

    fn table() -> Table {
        let mut t = Table::new(Grain::LeadCycle, 4);
        for (row, (source, created, mql, exit)) in [
            (Some("Web"), 0, Some(100), None),
            (Some("Web"), 0, None, Some(50)),
            (None, 10, None, None),
            (Some("Ads"), 5_000, None, None),
        ]
        .into_iter()
        .enumerate()
        {
            if let Some(s) = source {
                t.set_text(lead::SOURCE, row, s);
            }
            t.set(lead::KEY, row, 100 - row as i64);
            t.set(lead::CREATED_AT, row, created);
            if let Some(m) = mql {
                t.set(lead::MQL_AT, row, m);
            }
            if let Some(x) = exit {
                t.set(lead::EXIT_AT, row, x);
            }
        }
        t
    }

    #[test]
    fn missing_labels_sort_last_and_cells_follow_their_labels() {
        let spec = Spec {
            name: "t",
            grain: Grain::LeadCycle,
            filter: vec![],
            dims: vec![Dim::Code(lead::SOURCE)],
            measures: vec![Measure::Count],
        };
        let tally = answer(&table(), &spec);
        assert_eq!(tally.axes[0].labels, [Label::Text("Ads".into()), Label::Text("Web".into()), Label::Missing]);
        assert_eq!(tally.measured, [Measured::Int(vec![1, 2, 1])]);
    }

    /// Worked from minute 0 to 30 and from 60 to 90; the second row exits at 50, the third is still open.
    #[test]
    fn only_working_minutes_count() {
        let spans = crate::Spans::new([(60, 90), (0, 20), (10, 30), (5, 5)]);
        assert_eq!(spans.iter().collect::<Vec<_>>(), [(0, 30), (60, 90)]);
        for (from, until, worked) in [(0, 30, 30), (0, 60, 30), (10, 70, 30), (-5, 200, 60), (40, 50, 0), (70, 10, 0)] {
            assert_eq!(spans.between(from, until), worked, "{from} {until}");
        }
        let events = vec![lead::EXIT_AT];
        let apart = crate::Apart::default();
        let dim = Dim::Worked { from: lead::CREATED_AT, events, as_of: 1_000, spans, apart, edges: vec![31, 51] };
        let labels: Vec<Label> = (0..4).map(|row| label(&table(), &dim, row)).collect();
        // 60 of the open one, 30 until the exit, 50 of the one that began at 10; the last had not begun
        let wanted = [Label::Number(2), Label::Number(0), Label::Number(1), Label::Missing];
        assert_eq!(labels, wanted);
    }

    /// Of a lead that passes from one calendar to another and waits, minute by minute.
    #[test]
    fn a_lead_that_goes_apart_counts_what_each_calendar_counts_while_it_has_it() {
        let own = crate::Spans::new([(0, 500)]);
        let calendars = [crate::Spans::new([(0, 30), (60, 90)]), crate::Spans::new([(20, 50), (80, 300)])];
        let course =
            crate::Course { legs: vec![(0, 0), (70, 1), (200, 0)], stills: vec![(10, 15), (65, 85), (400, i64::MAX)] };
        let still = crate::Course { legs: vec![], stills: vec![(100, 120)] };
        let apart = crate::Apart::new(calendars.to_vec(), vec![(7, course.clone()), (3, still)]);
        let counts = |minute: i64| {
            let leg = course.legs.iter().rfind(|leg| leg.0 <= minute).map_or(0, |leg| leg.1);
            let is_still = course.stills.iter().any(|(a, b)| (*a..*b).contains(&minute));
            !is_still && calendars[leg as usize].iter().any(|(a, b)| (a..b).contains(&minute))
        };
        for from in (0..260).step_by(7) {
            for until in (from..270).step_by(5) {
                let wanted = (from..until).filter(|minute| counts(*minute)).count() as i64;
                assert_eq!(apart.between(7, &own, from, until), wanted, "{from} {until}");
            }
            for limit in [0, 1, 20, 60, 150] {
                let wanted = (from..1_000).find(|until| (from..*until).filter(|m| counts(*m)).count() as i64 > limit);
                assert_eq!(apart.late_from(7, &own, from, limit), wanted, "{from} {limit}");
            }
        }
        assert_eq!((apart.between(3, &own, 90, 130), apart.between(4, &own, 90, 130)), (20, 40));
        assert_eq!(apart.late_from(3, &own, 90, 10), Some(121));
    }

    #[test]
    fn the_first_event_is_the_outcome_and_later_starts_are_not_observed() {
        let events = vec![lead::MQL_AT, lead::EXIT_AT];
        let dims = vec![
            Dim::Outcome { from: lead::CREATED_AT, events: events.clone(), as_of: 1_000 },
            Dim::Age { from: lead::CREATED_AT, events, as_of: 1_000, bin: 60, bins: 5 },
        ];
        let spec = Spec { name: "t", grain: Grain::LeadCycle, filter: vec![], dims, measures: vec![Measure::Count] };
        let tally = answer(&table(), &spec);
        let cells: Vec<_> =
            (0..tally.cells).map(|c| (tally.label(c, 0).clone(), tally.label(c, 1).clone(), tally.int(c, 0))).collect();
        let n = Label::Number;
        assert_eq!(cells, [(n(0), n(4), 1), (n(1), n(1), 1), (n(2), n(0), 1), (Label::Missing, Label::Missing, 1)]);
    }

    #[test]
    fn no_rows_and_no_dimensions_is_one_cell_of_zero() {
        let spec = Spec {
            name: "t",
            grain: Grain::LeadCycle,
            filter: vec![],
            dims: vec![],
            measures: vec![Measure::Count, Measure::Sum(lead::AMOUNT)],
        };
        let tally = answer(&Table::new(Grain::LeadCycle, 0), &spec);
        assert_eq!((tally.cells, tally.int(0, 0), tally.int(0, 1)), (1, 0, 0));
    }

    #[test]
    fn extracts_come_in_the_order_of_their_keys() {
        let ask = Extract {
            grain: Grain::LeadCycle,
            filter: vec![Test::In(lead::SOURCE, vec![Some("Web".into()), None])],
            limit: 2,
            ..Extract::all(Grain::LeadCycle, Vec::new())
        };
        let rows = extract(&table(), &ask);
        assert_eq!((rows.number(lead::KEY, 0), rows.number(lead::KEY, 1), rows.rows), (Some(98), Some(99), 2));
        let rest = extract(&table(), &Extract { skip: 1, limit: 1, columns: Some(vec![lead::KEY]), ..ask });
        assert_eq!((rest.number(lead::KEY, 0), rest.rows, rest.text(lead::SOURCE, 0)), (Some(99), 1, None));
    }
}
