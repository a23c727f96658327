//! Figures and tables of a claim. Not here: sentences and which of them to say. Invariant: ids are unique in the report.

use report::{Cell, Certainty, Chart, Dot, DotWhisker, Evidence, Figure, Table, Unit, Value};
use stats::binomial::wilson_interval;
use tallies::Test;

use super::Ask;
use super::claim::Against;
use super::cube::Count;
use super::measure::{Other, Reading, rate_interval};
use super::parts::{Part, tests_of};
use super::settings::MOST_ROWS;
use super::words;
use crate::figures::{About, LEAST_EVENTS, cell, house, row, slug, slugs, text};

/// What all tables of a claim are made from.
pub struct Page<'a> {
    pub ask: &'a Ask,
    pub reading: &'a Reading,
}

impl Page<'_> {
    /// The period of the claim, as written where it has a name.
    pub fn period(&self) -> String {
        match (self.ask.claim.filter.window, self.reading.window) {
            (Some(w), Some(s)) if (w.period.first, w.period.last) == (s.first, s.last) => w.period.to_string(),
            (_, Some(s)) => words::days(s.first, s.last),
            (_, None) => self.ground(),
        }
    }

    fn ground(&self) -> String {
        words::days(self.reading.ground.first, self.reading.ground.last)
    }

    fn wait(&self) -> String {
        words::wait(&self.reading.plan.study.how, self.reading.wait.steps)
    }

    fn evidence(&self, tests: &[Test], rows: u64) -> Option<Evidence> {
        (!tests.is_empty()).then(|| crate::evidence::from_tests(self.reading.plan.study.grain, tests, rows))
    }

    /// A rate with its interval; the counts alone below five outcomes.
    pub fn rate(&self, id: &str, label: &str, period: &str, count: Count, tests: &[Test]) -> Figure {
        let about = About::new(period, format!("counted {}", self.wait()));
        let evidence = self.evidence(tests, count.n);
        if count.k < LEAST_EVENTS {
            return about.share(id, label, count.k, count.n, evidence);
        }
        let interval = rate_interval(count);
        let figure = about.estimated(id, label, Unit::Share, count.rate(), interval, count.n, evidence);
        Figure { of: Some(count.k), ..figure }
    }

    fn difference(&self, id: &str, label: &str, value: f64, interval: Option<report::Interval>, n: u64) -> Figure {
        About::new(self.period(), "difference of two rates, Newcombe's interval").estimated(
            id,
            label,
            Unit::ShareDifference,
            value,
            interval,
            n,
            None,
        )
    }

    fn other_rate(&self, id: &str, label: &str, other: &Other, period: &str) -> Figure {
        match other {
            Other::Cases(count, tests) => self.rate(id, label, period, *count, tests),
            Other::Number(x) => About::new(period, "as claimed").figure(
                id,
                label,
                Unit::Share,
                Value::Real(*x),
                Certainty::Counted,
                (0, None),
                None,
            ),
        }
    }

    /// The headline number.
    pub fn headline(&self) -> Figure {
        let c = &self.reading.compared;
        self.difference("claim.difference", "difference", c.difference, c.interval, c.inside.n)
    }

    /// The claim, what it is compared with, and the rate of all.
    pub fn chart(&self) -> Chart {
        let c = &self.reading.compared;
        let cases = &self.reading.plan.study.cases;
        let dot = |figure: Figure, note: String| Dot { figure, note, owner: None };
        let other_period = match self.ask.claim.against {
            Against::Before => {
                self.ask.claim.filter.window.map_or_else(String::new, |w| w.period.previous().to_string())
            }
            _ => self.ground(),
        };
        let other_label = words::other(self.ask, self.reading);
        let mut rows = vec![
            dot(self.rate("claim.rate", "the claim", &self.period(), c.inside, &c.tests), cases.clone()),
            dot(self.other_rate("claim.other", &other_label, &c.other, &other_period), String::new()),
        ];
        if !matches!(self.ask.claim.against, Against::Rest) && self.reading.rest.is_enough() {
            let label = format!("all other {cases}");
            rows.push(dot(
                self.other_rate("claim.rest", &label, &self.reading.rest.other, &self.ground()),
                String::new(),
            ));
        }
        let base = self.rate(
            "claim.base",
            &format!("all {cases}"),
            &self.ground(),
            self.reading.base,
            &self.reading.base_tests,
        );
        Chart::DotWhisker(DotWhisker {
            title: format!("Share {} {}", self.reading.plan.study.outcome, self.wait()),
            axis: "cases".to_owned(),
            rows,
            reference: Some(base),
        })
    }

    /// Cases, the difference, and how old the cases are.
    pub fn numbers(&self) -> Table {
        let r = self.reading;
        let about = About::new(self.period(), "counted");
        let mut rows = vec![
            row(vec![
                text("cases in the claim"),
                cell(about.count(
                    "claim.cases",
                    "cases in the claim",
                    r.compared.inside.n,
                    self.evidence(&r.compared.tests, r.compared.inside.n),
                )),
            ]),
            row(vec![
                text("all cases"),
                cell(About::new(self.ground(), "counted").count(
                    "claim.all_cases",
                    "all cases",
                    r.base.n,
                    self.evidence(&r.base_tests, r.base.n),
                )),
            ]),
            row(vec![text("difference"), cell(self.headline())]),
            row(vec![
                text("old enough to be judged"),
                cell(self.counted_share("claim.old_enough", "cases old enough", r.wait.covered)),
            ]),
        ];
        if r.wait.share < 1.0 {
            let about = About::new(self.ground(), "of outcomes in the longest wait that was watched");
            let figure = about.figure(
                "claim.within",
                "outcomes within the wait",
                Unit::Share,
                Value::Real(r.wait.share),
                Certainty::Counted,
                (r.base.n, None),
                None,
            );
            rows.push(row(vec![text("outcomes within the wait"), cell(figure)]));
        }
        if r.undated > 0 {
            let figure = about.count("claim.undated", "outcomes without a date", r.undated, None);
            rows.push(row(vec![text("outcomes without a date, left out"), cell(figure)]));
        }
        table("claim.numbers", "The claim in numbers", &["", "value"], rows, "")
    }

    /// A part of a whole that is counted and no rate.
    fn counted_share(&self, id: &str, label: &str, count: Count) -> Figure {
        About::new(self.period(), "counted").figure(
            id,
            label,
            Unit::Share,
            Value::Real(count.rate()),
            Certainty::Counted,
            (count.n, Some(count.k)),
            None,
        )
    }

    /// How often by chance, alone and after the search.
    pub fn search(&self) -> Table {
        let s = &self.reading.search;
        let evidence = || self.evidence(&self.reading.base_tests, self.reading.base.n);
        let n = self.reading.base.n;
        let chance = |id: &str, label: &str, p: f64, certainty, method: &str| {
            let about = About::new(self.ground(), method);
            about.figure(id, label, Unit::Share, Value::Real(p), certainty, (n, None), evidence())
        };
        let against_rest = matches!(self.ask.claim.against, Against::Rest);
        let redraws = f64::from(s.redraws);
        let of_redraws = wilson_interval((s.search_p * (redraws + 1.0) - 1.0).clamp(0.0, redraws), redraws).map(house);
        let (certainty, method) = match of_redraws {
            Some(i) if against_rest && s.ways <= 1.0 => {
                (Certainty::Estimated(i), format!("scan, {} redraws", s.redraws))
            }
            _ if against_rest => (Certainty::Counted, format!("scan, {} redraws, times the sets of values", s.redraws)),
            _ => (Certainty::Counted, "the chance alone times the alternatives: a bound".to_owned()),
        };
        let about = About::new(self.ground(), "counted");
        let count = |id: &str, label: &str, x: u64| about.count(id, label, x, evidence());
        let mut rows = vec![
            row(vec![
                text("chance alone, if the filter was fixed beforehand"),
                cell(chance(
                    "claim.alone",
                    "chance alone",
                    s.naive_p,
                    Certainty::Counted,
                    "likelihood ratio, one-sided",
                )),
            ]),
            row(vec![
                text("alternatives that it could have been picked from"),
                cell(count("claim.alternatives", "alternatives", s.family as u64)),
            ]),
            row(vec![
                text("chance that the strongest of them is as strong"),
                cell(chance("claim.searched", "chance after the search", s.search_p, certainty, &method)),
            ]),
            row(vec![
                text("alternatives at least as far on that side"),
                cell(chance(
                    "claim.as_strong",
                    "alternatives as strong",
                    s.rank_share,
                    Certainty::Counted,
                    "against the rest of each",
                )),
            ]),
        ];
        if s.ways > 1.0 {
            let ways = count("claim.ways", "sets of values", s.ways.min(1e15) as u64);
            rows.push(row(vec![text("ways to choose so many values"), cell(ways)]));
        }
        table(
            "claim.search",
            "How often by chance",
            &["", "value"],
            rows,
            &words::search_note(&s.columns, s.by_account),
        )
    }

    /// How the difference moves over neighbouring filters.
    pub fn neighbours(&self) -> (Chart, Table) {
        let (mut dots, mut rows) = (Vec::new(), Vec::new());
        for near in &self.reading.neighbours {
            let c = &near.compared;
            let id = format!("claim.near.{}", near.id);
            let note = if c.is_enough() { String::new() } else { "too few cases to count".to_owned() };
            let interval = c.interval.filter(|_| c.is_enough());
            dots.push(Dot {
                figure: self.difference(&id, &near.label, c.difference, interval, c.inside.n),
                note,
                owner: None,
            });
            rows.push(row(vec![
                text(&near.label),
                cell(self.rate(&format!("{id}.rate"), &near.label, &self.period(), c.inside, &c.tests)),
                cell(self.other_rate(&format!("{id}.other"), &near.label, &c.other, &self.ground())),
            ]));
        }
        let chart = Chart::DotWhisker(DotWhisker {
            title: "Difference on neighbouring filters".to_owned(),
            axis: "the same claim".to_owned(),
            rows: dots,
            reference: None,
        });
        let columns = ["the same claim", "its rate", "compared with"];
        (chart, table("claim.neighbours", "Rates on neighbouring filters", &columns, rows, ""))
    }

    /// Other values of the first column, by the alphabet.
    pub fn siblings(&self) -> Option<Table> {
        let (column, siblings) = self.reading.siblings.as_ref()?;
        let names = slugs(siblings.iter().map(|s| s.label.as_str()));
        let rows = siblings.iter().zip(&names).take(MOST_ROWS).map(|(s, id)| {
            let id = format!("claim.value.{id}");
            let rate = self.rate(&id, &s.label, &self.period(), s.count, &s.tests);
            row(vec![text(&s.label), text(if s.is_claimed { "claimed" } else { "" }), cell(rate)])
        });
        let title = format!("The same with each {column}");
        Some(table("claim.values", &title, &[*column, "", "rate"], rows.collect(), "By the alphabet."))
    }

    /// One other column: the difference with both sides alike, and within each value.
    pub fn part(&self, part: &Part) -> Table {
        let base = slug(part.column);
        let (value, interval) = part.alike.map_or((f64::NAN, None), |(d, i)| (d, Some(i)));
        let about = About::new(self.period(), "differences within each value, weighted by the claim's cases");
        let label = format!("both sides alike in {}", part.column);
        let alike = about.estimated(
            &format!("claim.alike.{base}"),
            &label,
            Unit::ShareDifference,
            value,
            interval,
            part.matched,
            None,
        );
        let mut rows = vec![row(vec![text(&label), Cell::Empty, Cell::Empty, cell(alike)])];
        let names = slugs(part.strata.iter().map(|s| s.label.as_str()));
        for (stratum, name) in part.strata.iter().zip(&names).take(MOST_ROWS) {
            let (c, label) = (&stratum.compared, &stratum.label);
            let id = format!("claim.by.{base}.{name}");
            let Other::Cases(other, _) = &c.other else { continue };
            rows.push(row(vec![
                text(label),
                cell(self.rate(&format!("{id}.rate"), label, &self.period(), c.inside, &c.tests)),
                cell(self.rate(&format!("{id}.other"), label, &self.ground(), *other, &tests_of(&c.other))),
                cell(self.difference(
                    &format!("{id}.difference"),
                    label,
                    c.difference,
                    c.interval.filter(|_| c.is_enough()),
                    c.inside.n,
                )),
            ]));
        }
        let title = format!("Within each {}", part.column);
        let columns = [part.column, "the claim", "the rest", "difference"];
        let note = "Values that both sides have; where fewer than 30 cases stand on a side, no difference is shown.";
        table(&format!("claim.by.{base}"), &title, &columns, rows, note)
    }
}

fn table(id: &str, title: &str, columns: &[&str], rows: Vec<report::TableRow>, note: &str) -> Table {
    Table {
        id: id.to_owned(),
        title: title.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows,
        note: note.to_owned(),
    }
}
