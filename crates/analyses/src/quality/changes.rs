//! From the change between the periods to its section: six parts, the line, and each source against the rest.
//!
//! Invariant: the common part has no owner; the parts add up to the counted difference.

use report::{
    Certainty, Chart, Dot, DotWhisker, Evidence, Figure, Finding, NotKnown, Owner, Section, Step, Unit, Value,
    Waterfall,
};
use tallies::{Grain, Test};

use super::change::{Change, Drift};
use super::judge::{Case, of_change};
use super::levels::Estimate;
use super::lot::lot;
use super::sections::{Context, empty};
use super::words;
use crate::columns::{DAY, all};
use crate::evidence::from_tests;
use crate::figures::{About, house};

/// The parts' ids, and the factor whose owner theirs is; nobody owns what cannot be told apart.
const PARTS: [(&str, Option<&str>); 6] = [
    ("mix", Some("mix")),
    ("allocation", Some("rep_allocation")),
    ("follow_up", Some("follow_up")),
    ("source_drift", Some("source_drift")),
    ("rep_drift", Some("rep_drift")),
    ("common", None),
];

impl Context<'_> {
    fn both(&self) -> String {
        format!("{} against {}", self.question.period, self.question.base())
    }

    fn period_tests(&self, period: usize) -> Vec<Test> {
        let p = if period == 0 { self.question.base() } else { self.question.period };
        let at = |day: i32| i64::from(day) * DAY / self.reading.plan.unit;
        self.reading.filter(at(p.first.0), at(p.last.0 + 1) - 1)
    }

    /// The rows of both periods, and some more tests.
    fn rows_of_both(&self, more: &[Test], rows: f64) -> Evidence {
        let either = Test::Any([0, 1].map(|p| all(self.period_tests(p))).to_vec());
        let tests: Vec<Test> = std::iter::once(either).chain(more.iter().cloned()).collect();
        from_tests(self.reading.plan.grain, &tests, rows as u64)
    }

    fn n(&self) -> f64 {
        self.reading.period_totals(0).0 + self.reading.period_totals(1).0
    }

    fn points(&self, id: &str, label: &str, of: Estimate) -> Figure {
        let about = About::new(self.both(), "crossed effects, order-free split");
        let evidence = Some(self.rows_of_both(&[], self.n()));
        let interval = Some(house(of.interval));
        about.estimated(id, label, Unit::ShareDifference, of.value, interval, self.n() as u64, evidence)
    }

    fn exactly(&self, id: &str, label: &str, value: f64, method: &str) -> Figure {
        let evidence = Some(self.rows_of_both(&[], self.n()));
        let about = About::new(self.both(), method);
        let (unit, value) = (Unit::ShareDifference, Value::Real(value));
        about.figure(id, label, unit, value, Certainty::Counted, (self.n() as u64, None), evidence)
    }

    fn rate(&self, period: usize) -> Figure {
        let (n, y) = self.reading.period_totals(period);
        let (id, p) = [("quality.from", self.question.base()), ("quality.to", self.question.period)][period];
        let label = format!("Rate in {p}");
        let evidence = Some(from_tests(self.reading.plan.grain, &self.period_tests(period), n as u64));
        About::new(p.to_string(), "counted").share(id, &label, y as u64, n as u64, evidence)
    }

    fn owner(&self, factor: Option<&str>) -> Owner {
        // without leads, what comes in are opportunities: both teams open them
        let of_both = self.reading.plan.grain == Grain::Opportunity && matches!(factor, Some("mix" | "source_drift"));
        match factor {
            Some(_) if of_both => Owner::Both,
            Some(factor) => self.question.owners.of(factor),
            None => Owner::Unknown,
        }
    }

    fn steps(&self, change: &Change) -> Vec<Step> {
        let there = |place: usize| match place {
            1 | 4 => change.has_reps,
            2 => change.has_fast,
            _ => true,
        };
        let mut out: Vec<Step> = (0..PARTS.len())
            .filter(|place| there(*place))
            .filter_map(|place| {
                let (id, factor) = PARTS[place];
                let (label, note) = words::part(place, self.rows());
                let figure = self.points(&format!("quality.{id}"), label, change.parts[place]?);
                Some(Step { figure, note, owner: self.owner(factor), largest: None })
            })
            .collect();
        let (label, note) = words::part(PARTS.len(), self.rows());
        let figure = self.exactly("quality.not_explained", label, change.rest, "counted: what is outside the model");
        out.push(Step { figure, note, owner: Owner::Unknown, largest: None });
        out
    }

    /// The change between the periods.
    pub fn change(&self, change: &Change) -> Section {
        let mut out = empty("quality.change", "What moved the rate");
        let (period, base) = (self.question.period.to_string(), self.question.base().to_string());
        let cases = of_change(change);
        let lot = self.reading.lot.as_ref().map(|counts| lot(self.reading, counts, change));
        let by_lot = matches!(lot, Some(Ok(_)));
        let evidence = Some(self.rows_of_both(&[], self.n()));
        for case in &cases {
            let (code, text) = self.said(case, change, by_lot);
            let evidence = match case {
                Case::SourceDrift { source, .. } => Some(self.source_rows(*source)),
                _ => evidence.clone(),
            };
            out.findings.push(Finding { code: code.to_owned(), text, evidence });
        }
        let common = cases.first().map(|case| self.said(case, change, by_lot).1).unwrap_or_default();
        out.answer = format!("{} {common}", words::moved(self.rows(), &self.outcome(), &period, &base));
        let gap = change.rates[1] - change.rates[0];
        out.charts.push(Chart::Waterfall(Box::new(Waterfall {
            title: format!("What moved the rate ({})", self.outcome()),
            from: self.rate(0),
            steps: self.steps(change),
            to: self.rate(1),
            gap: self.exactly("quality.gap", "Difference", gap, "counted"),
        })));
        out.charts.push(self.line(change));
        out.tables.push(self.reversal(change));
        if let Some(table) = self.tried() {
            let text = words::tried(self.rows(), &period, &base);
            out.findings.push(Finding { code: "tried".to_owned(), text, evidence: evidence.clone() });
            out.tables.push(table);
        }
        out.charts.extend(self.drifts(change));
        if !change.has_months {
            out.caveats.push(words::MONTHS_POOLED.to_owned());
        }
        let [text, settle] = words::NOT_SEPARABLE.map(str::to_owned);
        out.not_known.push(NotKnown { text, settle, evidence });
        if let Some(lot) = lot {
            self.lot(lot, &mut out);
        }
        out
    }

    fn said(&self, case: &Case, change: &Change, by_lot: bool) -> (&'static str, String) {
        match case {
            Case::Common => ("common_change", words::common(self.rows(), change.has_reps, by_lot)),
            Case::SourceDrift { source, up } => {
                ("source_drift", words::source_drift(&self.reading.sources[*source].name, &self.ids[*source], *up))
            }
            Case::NoSourceDrift => ("no_source_drift", words::no_drift(&self.by())),
            Case::RepsMoved => ("reps_moved", words::REPS_MOVED.to_owned()),
            _ => ("no_common_change", words::no_common(change.has_reps, by_lot)),
        }
    }

    fn source_rows(&self, source: usize) -> Evidence {
        let n = self.reading.sources[source].periods.iter().map(|p| p.0).sum();
        self.rows_of_both(&[self.of_source(source)], n)
    }

    /// The line from the common change to a change of leads, for stated changes of reps and market.
    fn line(&self, change: &Change) -> Chart {
        let rows = change.line.iter().zip(words::LINE).map(|((_, left), (id, label))| Dot {
            figure: self.points(&format!("quality.line.{id}"), label, *left),
            note: String::new(),
            owner: None,
        });
        Chart::DotWhisker(DotWhisker {
            title: words::LINE_TITLE.to_owned(),
            axis: "reps and market".to_owned(),
            rows: rows.collect(),
            reference: None,
        })
    }

    /// Where the reading turns around.
    fn reversal(&self, change: &Change) -> report::Table {
        let evidence = Some(self.rows_of_both(&[], self.n()));
        let about = About::new(self.both(), "crossed effects");
        let (odds, n) = (change.odds, self.n() as u64);
        let points = self.points("quality.reversal", "Reversal point, as points of the rate", change.common);
        let interval = Some(house(odds.interval));
        let odds = about.estimated(
            "quality.reversal.odds",
            "the same as a factor of the odds",
            Unit::Number,
            odds.value,
            interval,
            n,
            evidence,
        );
        let p = |id: &str, label: &str, p: f64| {
            let about = About::new(self.both(), "likelihood ratio, half chi-square");
            let evidence = Some(self.rows_of_both(&[], self.n()));
            about.figure(id, label, Unit::Share, Value::Real(p), Certainty::Counted, (n, None), evidence)
        };
        let mut figures = vec![points, odds];
        let by = format!("Chance of such drifts if no {} moved against the rest", self.by());
        figures.push(p("quality.source_drift.p", &by, change.source_p));
        figures.extend(
            change.rep_p.map(|x| p("quality.rep_drift.p", "Chance of such drifts if no rep moved against the rest", x)),
        );
        super::sections::spread_rows("quality.reversals", "Where the reading turns around", figures)
    }

    /// How many were tried at all, where only these are told.
    fn tried(&self) -> Option<report::Table> {
        let tried = self.reading.tried?;
        let rows = [0, 1].map(|period: usize| {
            let p = if period == 0 { self.question.base() } else { self.question.period };
            let at = |day: i32| i64::from(day) * DAY / self.reading.plan.unit;
            let (lo, hi) = self.reading.stands;
            let first = self.reading.plan.between(at(p.first.0).max(lo), (at(p.last.0 + 1) - 1).min(hi));
            let tests = [vec![first], self.reading.plan.given()].concat();
            let evidence = Some(from_tests(self.reading.plan.grain, &tests, tried[period].0));
            let id = ["quality.tried.before", "quality.tried.after"][period];
            let about = About::new(p.to_string(), "counted");
            let share = about.share(id, "attempted at least once", tried[period].1, tried[period].0, evidence);
            crate::figures::row(vec![crate::figures::text(p.to_string()), crate::figures::cell(share)])
        });
        Some(report::Table {
            id: "quality.tried".to_owned(),
            title: "Tried before anything came of them".to_owned(),
            columns: ["period", "attempted"].map(str::to_owned).to_vec(),
            rows: rows.into(),
            note: String::new(),
        })
    }

    fn drifts(&self, change: &Change) -> Option<Chart> {
        let shown = self.shown();
        let of = |source: &usize| change.drifts.iter().find(|d| d.source == *source);
        let dot = |drift: &Drift| {
            let source = &self.reading.sources[drift.source];
            let n = source.periods.iter().map(|p| p.0).sum::<f64>() as u64;
            let id = format!("quality.drift.{}", self.ids[drift.source]);
            let (value, interval) = (drift.points.value, Some(house(drift.points.interval)));
            let about = About::new(self.both(), "crossed effects");
            let evidence = Some(self.source_rows(drift.source));
            let figure = about.estimated(&id, &source.name, Unit::ShareDifference, value, interval, n, evidence);
            Dot { figure, note: String::new(), owner: None }
        };
        let rows: Vec<Dot> = shown.iter().filter_map(of).map(dot).collect();
        (rows.len() >= 2).then(|| {
            Chart::DotWhisker(DotWhisker {
                title: format!("How far each {} moved against the rest (points)", self.by()),
                axis: self.by(),
                rows,
                reference: None,
            })
        })
    }
}
