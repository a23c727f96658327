//! From a reading and its findings to the sections of a report.
//!
//! Invariant: every placeholder of a sentence has its figure in a chart or table of the same report; rows stand in the
//! order of time or of the alphabet, never by rate.

use report::{Cell, Chart, Dot, DotWhisker, Evidence, Section, Table, TableRow};
use tallies::Test;

use super::judge::judge;
use super::measure::{Line, Reading};
use super::settings::MOST_ROWS;
use super::words;
use crate::Question;
use crate::columns::is;
use crate::evidence::from_tests;
use crate::figures::{About, cell, row, slugs, text};

/// What stays the same through one answer.
pub struct Context<'a> {
    pub question: &'a Question,
    pub reading: &'a Reading,
}

impl Context<'_> {
    pub(super) fn first(&self) -> &'static str {
        self.reading.flow.stages.first().copied().unwrap_or("lead")
    }

    pub(super) fn last(&self) -> &'static str {
        self.reading.flow.stages.last().copied().unwrap_or("closed_won")
    }

    pub(super) fn evidence(&self, tests: &[Test], rows: u64) -> Option<Evidence> {
        Some(from_tests(self.reading.flow.grain, tests, rows))
    }

    /// The tests that a row got to a stage.
    pub(super) fn got(&self, stage: usize) -> Vec<Test> {
        stage.checked_sub(1).and_then(|s| self.reading.flow.steps.get(s)).map(|s| s.there.clone()).unwrap_or_default()
    }

    pub(super) fn about(&self, method: &str) -> About {
        About::new("all", method)
    }

    /// The funnel over everything, then by the first columns.
    pub fn overall(&self) -> Section {
        let mut out = super::empty("funnel.overall", "How far they get");
        let reading = self.reading;
        let has_wins = reading.all.last().is_some_and(|n| *n > 0) && reading.flow.stages.len() > 1;
        out.answer = if has_wins {
            words::answer(self.first(), self.last(), !reading.cohorts.is_empty())
        } else {
            words::no_wins(self.first())
        };
        out.tables.push(self.stages_table());
        out.tables.extend(self.by_table());
        out.tables.extend(self.traps_table());
        if let Some(chart) = self.by_chart() {
            out.charts.push(chart);
        }
        if reading.undated > 0 && !reading.cohorts.is_empty() {
            out.caveats.push(words::UNDATED.to_owned());
        }
        out.findings = judge(self.question, reading).iter().map(|case| self.sentence(case)).collect();
        out
    }

    pub(super) fn stages_table(&self) -> Table {
        let reading = self.reading;
        let mut rows = Vec::new();
        for (i, stage) in reading.flow.stages.iter().enumerate() {
            let n = reading.all[i];
            let tests = self.got(i);
            let count = self.about("counted").count(&format!("funnel.all.{stage}"), stage, n, self.evidence(&tests, n));
            let mut cells = vec![text(*stage), cell(count), Cell::Empty, Cell::Empty];
            if i > 0 {
                let rate = |id: &str, label: &str, from: usize| {
                    let evidence = self.evidence(&self.got(from), reading.all[from]);
                    cell(self.about("so far, of all").share(id, label, n, reading.all[from], evidence))
                };
                let before = reading.flow.stages[i - 1];
                cells[2] = rate(&format!("funnel.all.{before}_to_{stage}"), &format!("{before} to {stage}"), i - 1);
                let is_last = i + 1 == reading.flow.stages.len();
                let id = if is_last { "funnel.all.rate".to_owned() } else { format!("funnel.all.to_{stage}") };
                cells[3] = rate(&id, &format!("{} to {stage}", self.first()), 0);
            }
            rows.push(row(cells));
        }
        Table {
            id: "funnel.stages".to_owned(),
            title: "Stages reached so far".to_owned(),
            columns: vec![
                "stage".into(),
                "count".into(),
                "of the stage before".into(),
                format!("of all {}", self.first()),
            ],
            rows,
            note: "Young ones are counted as they are; see the cohorts for completed rates.".to_owned(),
        }
    }

    /// At most so many lines, the largest; and what the rest is together.
    pub(super) fn shown(&self) -> (Vec<&Line>, Option<Line>) {
        let mut all: Vec<&Line> = self.reading.lines.iter().collect();
        if all.len() <= MOST_ROWS {
            return (all, None);
        }
        all.sort_by(|a, b| b.reach[0].cmp(&a.reach[0]).then(a.labels.cmp(&b.labels)));
        let rest = all.split_off(MOST_ROWS - 1);
        let mut reach = vec![0; self.reading.all.len()];
        for line in &rest {
            for (sum, n) in reach.iter_mut().zip(&line.reach) {
                *sum += n;
            }
        }
        all.sort_by(|a, b| a.labels.cmp(&b.labels));
        (all, Some(Line { name: format!("all others ({})", rest.len()), labels: vec![], reach }))
    }

    pub(super) fn by_table(&self) -> Option<Table> {
        let reading = self.reading;
        if reading.by.is_empty() || reading.lines.is_empty() {
            return None;
        }
        let names: Vec<&str> = reading.by.iter().map(|c| c.name).collect();
        let stages = &reading.flow.stages;
        let mut columns = vec![names.join(" / ")];
        columns.extend(stages.iter().map(|s| (*s).to_owned()));
        let middle = stages.len() > 2;
        if middle {
            columns.extend(stages.windows(2).map(|w| format!("{} to {}", w[0], w[1])));
        }
        columns.push(format!("{} to {}", self.first(), self.last()));
        let (lines, rest) = self.shown();
        let lines: Vec<&Line> = lines.into_iter().chain(&rest).collect();
        let ids = slugs(lines.iter().map(|l| l.name.as_str()));
        let rows = lines.iter().zip(&ids).map(|(line, id)| self.by_row(line, id, middle)).collect();
        Some(Table {
            id: "funnel.by".to_owned(),
            title: format!("By {}", names.join(" and ")),
            columns,
            rows,
            note: "In the order of the alphabet. So far, of all; fewer than five events are shown without a percent."
                .to_owned(),
        })
    }

    pub(super) fn inside(&self, line: &Line) -> Vec<Test> {
        self.reading.by.iter().zip(&line.labels).map(|(c, l)| is(*c, l)).collect()
    }

    pub(super) fn by_row(&self, line: &Line, id: &str, middle: bool) -> TableRow {
        let stages = &self.reading.flow.stages;
        let with = |stage: usize| {
            let mut tests = self.inside(line);
            tests.extend(self.got(stage));
            // the row of all others is no filter
            if line.labels.is_empty() { None } else { self.evidence(&tests, line.reach[stage]) }
        };
        let mut cells = vec![text(line.name.clone())];
        for (i, stage) in stages.iter().enumerate() {
            let figure =
                self.about("counted").count(&format!("funnel.by.{id}.{stage}"), &line.name, line.reach[i], with(i));
            cells.push(cell(figure));
        }
        let rate = |id: String, from: usize, to: usize| {
            let (k, n) = (line.reach[to], line.reach[from]);
            cell(self.about("so far, of all").share(&id, &line.name, k, n, with(from)))
        };
        if middle {
            for i in 1..stages.len() {
                cells.push(rate(format!("funnel.by.{id}.{}_to_{}", stages[i - 1], stages[i]), i - 1, i));
            }
        }
        cells.push(rate(format!("funnel.by.{id}.rate"), 0, stages.len() - 1));
        row(cells)
    }

    /// The rates to the win by the first column, as dots.
    pub(super) fn by_chart(&self) -> Option<Chart> {
        let reading = self.reading;
        if reading.by.is_empty() || reading.flow.stages.len() < 2 {
            return None;
        }
        let (lines, _) = self.shown();
        let ids = slugs(lines.iter().map(|l| l.name.as_str()));
        let last = reading.flow.stages.len() - 1;
        let rows: Vec<Dot> = lines
            .iter()
            .zip(&ids)
            .filter(|(line, _)| line.reach[last] >= crate::figures::LEAST_EVENTS)
            .map(|(line, id)| {
                let id = format!("funnel.chart.{id}");
                let evidence = self.evidence(&self.inside(line), line.reach[0]);
                let figure =
                    self.about("so far, of all").share(&id, &line.name, line.reach[last], line.reach[0], evidence);
                Dot { figure, note: String::new(), owner: None }
            })
            .collect();
        if rows.len() < 2 {
            return None;
        }
        let (k, n) = (reading.all[last], reading.all[0]);
        let reference = self.about("so far, of all").share("funnel.chart.all", "all", k, n, self.evidence(&[], n));
        Some(Chart::DotWhisker(DotWhisker {
            title: format!("Share of {} that became {}, so far", self.first(), self.last()),
            axis: reading.by.iter().map(|c| c.name).collect::<Vec<_>>().join(" / "),
            rows,
            reference: Some(reference),
        }))
    }
}
