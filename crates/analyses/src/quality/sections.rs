//! From the levels to sections: where the rows came from, and skill as one spread.
//!
//! Invariant: rows stand in the order of the alphabet or of time, never by rate; no figure is of one rep.

use report::{
    Band, BandPoint, Certainty, Chart, Dot, DotWhisker, Evidence, Figure, Finding, Refusal, Section, Unit, Value,
};
use tallies::Test;
use terms::PeriodUnit;

use super::judge::{Case, of_levels};
use super::levels::{Estimate, Levels};
use super::read::Reading;
use super::settings::{LEAST_IN_SOURCE, MOST_ROWS};
use super::words;
use crate::Question;
use crate::columns::DAY;
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, row, slugs, text};

/// A refusal from its three sentences.
pub fn refusal<S: AsRef<str>>(code: &str, [asked, had, needed]: &[S; 3]) -> Refusal {
    let own = |words: &S| words.as_ref().to_owned();
    Refusal { code: code.to_owned(), asked: own(asked), had: own(had), needed: own(needed) }
}

/// A section with nothing in it yet.
pub fn empty(id: &str, title: &str) -> Section {
    crate::answer::empty_section(id, title, words::METHOD)
}

/// What stays the same through one answer.
pub struct Context<'a> {
    pub question: &'a Question,
    pub reading: &'a Reading,
    /// An id for each source.
    pub ids: Vec<String>,
    /// Sources with rows, in the order of the alphabet.
    pub order: Vec<usize>,
}

impl<'a> Context<'a> {
    pub fn new(question: &'a Question, reading: &'a Reading) -> Context<'a> {
        let sources = &reading.sources;
        let mut order: Vec<usize> = (0..sources.len()).filter(|s| sources[*s].n > 0.0).collect();
        order.sort_by(|a, b| sources[*a].labels.cmp(&sources[*b].labels));
        let names = slugs(order.iter().map(|s| sources[*s].name.as_str()));
        let mut ids = vec![String::new(); sources.len()];
        for (s, name) in order.iter().zip(names) {
            ids[*s] = name;
        }
        Context { question, reading, ids, order }
    }

    pub(super) fn rows(&self) -> &'static str {
        self.reading.plan.rows()
    }

    pub(super) fn by(&self) -> String {
        self.reading.plan.source.name.replace('_', " ")
    }

    pub(super) fn outcome(&self) -> String {
        words::outcome(self.reading.outcome.stage, self.reading.outcome.days)
    }

    fn same(&self, levels: &Levels) -> &'static str {
        words::same(levels.has_reps, levels.fast.is_some())
    }

    /// All rows that stand, and some more tests.
    pub(super) fn evidence(&self, more: &[Test], rows: f64) -> Option<Evidence> {
        let mut tests = self.reading.filter(self.reading.stands.0, self.reading.stands.1);
        tests.extend(more.iter().cloned());
        Some(from_tests(self.reading.plan.grain, &tests, rows as u64))
    }

    pub(super) fn of_source(&self, source: usize) -> Test {
        let labels = self.reading.sources[source].labels.iter().map(|l| l.text().map(str::to_owned)).collect();
        Test::In(self.reading.plan.source, labels)
    }

    /// The months of the history, as a period of figures.
    pub(super) fn history(&self) -> String {
        let name = |m: i32| self.question.fiscal.period(self.reading.plan.calendar, m).to_string();
        match (self.reading.months.first(), self.reading.months.last()) {
            (Some(first), Some(last)) if first != last => format!("{} to {}", name(*first), name(*last)),
            (Some(only), _) => name(*only),
            _ => self.question.period.to_string(),
        }
    }

    pub(super) fn about(&self, method: &str) -> About {
        About::new(self.history(), method)
    }

    fn estimate(&self, id: &str, label: &str, unit: Unit, of: Estimate, n: f64, evidence: Option<Evidence>) -> Figure {
        let about = self.about("crossed effects");
        about.estimated(id, label, unit, of.value, Some(house(of.interval)), n as u64, evidence)
    }

    fn exact(&self, id: &str, label: &str, unit: Unit, value: f64, n: f64, method: &str) -> Figure {
        let evidence = self.evidence(&[], self.reading.totals().0);
        self.about(method).figure(id, label, unit, Value::Real(value), Certainty::Counted, (n as u64, None), evidence)
    }

    /// Sources at the same reps, months and follow-up.
    pub fn sources(&self, levels: &Levels) -> Section {
        let mut out = empty("quality.sources", "Where they came from");
        let (n, y) = self.reading.totals();
        let cases = of_levels(levels);
        let found = if cases.contains(&Case::SourcesDiffer) {
            ("sources_differ", words::sources_differ(self.same(levels), &self.by(), levels.source_spread.test.p))
        } else {
            ("sources_alike", words::sources_alike(self.same(levels), &self.by()))
        };
        out.answer.clone_from(&found.1);
        out.findings.push(Finding { code: found.0.to_owned(), text: found.1, evidence: self.evidence(&[], n) });
        let shown = self.shown();
        let rate = format!("Rate ({})", self.outcome());
        let dots = shown.iter().filter_map(|s| {
            let source = &self.reading.sources[*s];
            let (estimate, evidence) = (levels.sources[*s]?, self.evidence(&[self.of_source(*s)], source.n));
            let id = format!("quality.source.{}", self.ids[*s]);
            let figure = self.estimate(&id, &source.name, Unit::Share, estimate, source.n, evidence);
            Some(Dot { figure, note: String::new(), owner: None })
        });
        let all = self.about("counted").share("quality.all", &rate, y as u64, n as u64, self.evidence(&[], n));
        out.charts.push(Chart::DotWhisker(DotWhisker {
            title: format!("{rate} by {}: {}", self.by(), self.same(levels).to_lowercase()),
            axis: self.by(),
            rows: dots.collect(),
            reference: Some(all),
        }));
        out.tables.push(self.counted_table(&shown));
        out.tables.push(self.spread_table(levels));
        out.charts.extend(self.months(levels));
        self.left_out(&mut out);
        if levels.fast.is_some() {
            out.caveats.push(words::FAST_HELD.to_owned());
        }
        out
    }

    /// Sources with rows enough, the largest where there are too many, by the alphabet.
    pub(super) fn shown(&self) -> Vec<usize> {
        let sources = &self.reading.sources;
        let mut out: Vec<usize> = self.order.iter().copied().filter(|s| sources[*s].n >= LEAST_IN_SOURCE).collect();
        // levels are numbered from the largest down
        out.sort_unstable();
        out.truncate(MOST_ROWS);
        out.sort_by_key(|s| self.order.iter().position(|o| o == s));
        out
    }

    fn counted_table(&self, shown: &[usize]) -> report::Table {
        let about = self.about("counted");
        let rows = shown.iter().map(|s| {
            let source = &self.reading.sources[*s];
            let id = format!("quality.source.{}", self.ids[*s]);
            let evidence = self.evidence(&[self.of_source(*s)], source.n);
            let count = about.count(&format!("{id}.rows"), self.rows(), source.n as u64, evidence.clone());
            let rate = about.share(&format!("{id}.counted"), "as counted", source.y as u64, source.n as u64, evidence);
            row(vec![text(&source.name), cell(count), cell(rate)])
        });
        let hidden = self.order.len() - shown.len();
        report::Table {
            id: "quality.counted".to_owned(),
            title: "As counted, with nothing held fixed".to_owned(),
            columns: vec![self.by(), self.rows().to_owned(), self.outcome()],
            rows: rows.collect(),
            note: if hidden > 0 {
                format!("In the model and without a row here: {hidden} with fewer than 30 {}.", self.rows())
            } else {
                String::new()
            },
        }
    }

    fn spread_table(&self, levels: &Levels) -> report::Table {
        let spread = &levels.source_spread;
        let (n, count) = (self.reading.totals().0, self.order.len() as f64);
        let label = format!("Spread by {} ({count})", self.by());
        let figures = [
            self.estimate(
                "quality.source_spread",
                &label,
                Unit::ShareDifference,
                spread.points,
                n,
                self.evidence(&[], n),
            ),
            self.estimate(
                "quality.source_spread.log_odds",
                "the same in log odds",
                Unit::Number,
                spread.sigma,
                n,
                self.evidence(&[], n),
            ),
            self.exact(
                "quality.source_spread.p",
                "Chance of it without any difference",
                Unit::Share,
                spread.test.p,
                n,
                "likelihood ratio, half chi-square",
            ),
        ];
        spread_rows("quality.source_spreads", "How far they differ", figures.into())
    }

    fn months(&self, levels: &Levels) -> Option<Chart> {
        let unit = self.reading.plan.calendar;
        let points = levels.months.iter().zip(&self.reading.months).filter_map(|(estimate, month)| {
            let period = self.question.fiscal.period(unit, *month);
            let place = self.reading.months.iter().position(|m| m == month)?;
            let n: f64 = self.reading.cells.iter().filter(|c| c.month as usize == place).map(|c| c.n).sum();
            let at = |day: i32| i64::from(day) * DAY / self.reading.plan.unit;
            let tests = self.reading.filter(at(period.first.0), at(period.last.0 + 1) - 1);
            let evidence = Some(from_tests(self.reading.plan.grain, &tests, n as u64));
            let id = format!("quality.month.{}", crate::slug(&period.to_string()));
            let mut figure = self.estimate(&id, &period.to_string(), Unit::Share, (*estimate)?, n, evidence);
            figure.period = period.to_string();
            Some(BandPoint { label: period.to_string(), figure })
        });
        let points: Vec<BandPoint> = points.collect();
        let word = if unit == PeriodUnit::Month { "month" } else { "quarter" };
        let held = if levels.has_reps { "source and reps" } else { "source" };
        let title = format!("Rate ({}) by {word} at the same {held}", self.outcome());
        (!points.is_empty()).then_some(Chart::Band(Band { title, points, reference: None }))
    }

    /// What is in no figure of this room.
    pub(super) fn left_out(&self, out: &mut Section) {
        let reading = self.reading;
        if let Some(days) = reading.outcome.days {
            out.caveats.push(words::young(days));
        } else {
            out.caveats.push(words::BY_CLOSE.to_owned());
        }
        if reading.plan.by_handoff() {
            out.caveats.push(words::BY_HANDOFF.to_owned());
        }
        if reading.plan.worked {
            out.caveats.push(words::WORKED.to_owned());
        }
        if reading.without_rep > 0.0 {
            out.caveats.push(words::without_rep(reading.without_rep as u64));
        }
        if reading.apart.0 > 0 {
            out.caveats.push(words::apart(reading.apart.0, reading.apart.1 as u64));
        }
        if reading.missing_wins.is_some() {
            let first = terms::Day((reading.stands.0 * reading.plan.unit / DAY) as i32);
            out.caveats.push(words::missing_wins(&first.to_string()));
        }
    }

    /// Skill as one spread.
    pub fn reps(&self, levels: &Levels) -> Option<Section> {
        let reps = levels.reps?;
        let mut out = empty("quality.reps", "How far skill differs");
        let n = self.reading.totals().0;
        let (code, words) = if of_levels(levels).contains(&Case::RepsDiffer) {
            ("reps_differ", words::skill(&self.by(), levels.fast.is_some(), reps.spread.test.p))
        } else {
            ("league_table_noise", words::noise(&self.by(), levels.fast.is_some()))
        };
        out.answer.clone_from(&words);
        out.findings.push(Finding { code: code.to_owned(), text: words, evidence: self.evidence(&[], n) });
        let label = format!("Spread of skill over {} reps", self.reading.reps);
        let spread = reps.spread;
        let rated = format!("Spread of the raw rates of {} reps with 30 rows and more", reps.rated);
        let figures = vec![
            self.estimate("quality.rep_spread", &label, Unit::ShareDifference, spread.points, n, self.evidence(&[], n)),
            self.estimate(
                "quality.rep_spread.log_odds",
                "the same in log odds",
                Unit::Number,
                spread.sigma,
                n,
                self.evidence(&[], n),
            ),
            self.exact(
                "quality.rep_spread.p",
                "Chance of it among equally skilled reps",
                Unit::Share,
                spread.test.p,
                n,
                "likelihood ratio, half chi-square",
            ),
            self.exact(
                "quality.rep_spread.raw",
                &rated,
                Unit::ShareDifference,
                reps.raw,
                n,
                "counted: standard deviation",
            ),
            self.exact(
                "quality.rep_spread.by_chance",
                "What chance and what each was given make of it",
                Unit::ShareDifference,
                reps.by_chance,
                n,
                "expected standard deviation at equal skill",
            ),
        ];
        out.tables.push(spread_rows("quality.rep_spreads", "Skill as a spread", figures));
        let [text, settle] = words::SCORE.map(str::to_owned);
        out.not_known.push(report::NotKnown { text, settle, evidence: None });
        Some(out)
    }
}

pub fn spread_rows(id: &str, title: &str, figures: Vec<Figure>) -> report::Table {
    report::Table {
        id: id.to_owned(),
        title: title.to_owned(),
        columns: ["", "value"].map(str::to_owned).to_vec(),
        rows: figures.into_iter().map(|f| row(vec![text(f.label.clone()), cell(f)])).collect(),
        note: String::new(),
    }
}
