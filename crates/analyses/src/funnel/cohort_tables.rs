//! The sections that need dates: cohorts, waits, first attempts.
//!
//! Not here: sentences and which of them to say. Invariant: ids are unique in the report.

use super::sections::Context;
use report::{Band, BandPoint, Certainty, Chart, Figure, Interval, Section, Table, TableRow, Unit, Value};
use tallies::Test;

use super::cohorts::{Cohort, Rate};
use super::empty;
use super::measure::{Quantile, Waits};
use super::settings::MOST_ROWS;
use super::words;
use crate::columns::DAY;
use crate::figures::{About, cell, row, slugs, text};

impl Context<'_> {
    /// The cohorts.
    pub fn cohorts(&self) -> Option<Section> {
        let reading = self.reading;
        if reading.cohorts.is_empty() || reading.flow.steps.is_empty() {
            return None;
        }
        let mut out = empty("funnel.cohorts", "Cohorts, completed where young");
        out.answer = "Each row is what began in one period. Young rows are completed by projection and say how much of it that is."
            .to_owned();
        let stages = &reading.flow.stages;
        let mut columns = vec!["cohort".to_owned(), self.first().to_owned()];
        columns.extend(stages.windows(2).map(|w| format!("{} to {}", w[0], w[1])));
        if reading.flow.steps.len() > 1 {
            columns.push(format!("{} to {}", self.first(), self.last()));
        }
        columns.push("projected share".to_owned());
        let rows = reading.cohorts.iter().map(|c| self.cohort_row(c)).collect();
        out.tables.push(Table {
            id: "funnel.cohort_table".to_owned(),
            title: "Rates by cohort".to_owned(),
            columns,
            rows,
            note: "Projected share: of the wins expected in the end, how many are still to come.".to_owned(),
        });
        let points = reading
            .cohorts
            .iter()
            .map(|cohort| BandPoint {
                label: cohort.period.to_string(),
                figure: self.rate(cohort, cohort.rates.len() - 1, "funnel.band"),
            })
            .collect();
        out.charts.push(Chart::Band(Band {
            title: format!("Share of {} that become {} in the end, by cohort", self.first(), self.last()),
            points,
            reference: None,
        }));
        if reading.cohorts.iter().any(|c| c.projected >= super::settings::MATURE) {
            out.caveats.push(words::SAME_PACE.to_owned());
        }
        if reading.cohorts.iter().any(|c| c.is_cut) {
            out.caveats.push(words::CUT.to_owned());
        }
        if reading.progress.iter().any(|p| p.words.starts_with("mixture")) {
            out.caveats.push(words::NO_EXITS.to_owned());
        }
        Some(out)
    }

    pub(super) fn inside_cohort(&self, cohort: &Cohort) -> Test {
        let (first, last) = (i64::from(cohort.period.first.0) * DAY, (i64::from(cohort.period.last.0) + 1) * DAY - 1);
        Test::Between(self.reading.flow.created, first, last.min(self.question.as_of_minutes))
    }

    pub(super) fn cohort_row(&self, cohort: &Cohort) -> TableRow {
        let name = cohort.period.to_string();
        let id = crate::figures::slug(&name);
        let about = About::new(name.clone(), "counted");
        let evidence = self.evidence(&[self.inside_cohort(cohort)], cohort.n);
        let mut cells = vec![text(name.clone())];
        cells.push(cell(about.count(&format!("funnel.cohort.{id}.n"), &name, cohort.n, evidence.clone())));
        cells.extend((0..cohort.rates.len()).map(|i| cell(self.rate(cohort, i, "funnel.cohort"))));
        let about = About::new(name.clone(), "expected and not yet come, of expected");
        let withheld = cohort.rates.iter().any(|r| matches!(r, Rate::Withheld { .. }));
        let withheld = withheld || cohort.is_cut;
        let value = if withheld { Value::Withheld } else { Value::Real(cohort.projected) };
        let certainty = if withheld { Certainty::Refused } else { Certainty::Counted };
        let projected = about.figure(
            &format!("funnel.cohort.{id}.projected"),
            &name,
            Unit::Share,
            value,
            certainty,
            (cohort.n, None),
            evidence,
        );
        cells.push(cell(projected));
        row(cells)
    }

    pub(super) fn rate(&self, cohort: &Cohort, i: usize, prefix: &str) -> Figure {
        let name = cohort.period.to_string();
        let steps = self.reading.flow.steps.len();
        let is_whole = i == steps;
        let (id, from) = if is_whole { ("rate".to_owned(), 0) } else { (format!("step_{}", i + 1), i) };
        let id = format!("{prefix}.{}.{id}", crate::figures::slug(&name));
        let mut tests = vec![self.inside_cohort(cohort)];
        tests.extend(self.got(from));
        let evidence = self.evidence(&tests, cohort.reach[from]);
        let stages = &self.reading.flow.stages;
        let to = if is_whole { steps } else { i + 1 };
        let label = format!("{} to {}, {name}", stages[from], stages[to]);
        let method = self.reading.progress.get(i.min(steps - 1)).map_or("counted", |p| p.words);
        match cohort.rates[i] {
            // its wins are missing: a percent would speak about the records and not about the leads
            Rate::Counted { k, n } | Rate::Projected { k, n, .. } if cohort.is_cut && to == steps => {
                let figure =
                    About::new(name, "wins missing from the records").withheld(&id, &label, Unit::Share, n, Some(k));
                Figure { evidence, ..figure }
            }
            Rate::Counted { k, n } => About::new(name, "counted").share(&id, &label, k, n, evidence),
            Rate::Withheld { k, n } => {
                let figure = About::new(name, method).withheld(&id, &label, Unit::Share, n, Some(k));
                Figure { evidence, ..figure }
            }
            Rate::Projected { k, n, .. } if k < crate::figures::LEAST_EVENTS => {
                let figure = About::new(name, method).withheld(&id, &label, Unit::Share, n, Some(k));
                Figure { evidence, ..figure }
            }
            Rate::Projected { rate, interval, k, n } => {
                let about = About::new(name, method);
                let figure = about.estimated(&id, &label, Unit::Share, rate, Some(interval), n, evidence);
                About::projected(Figure { of: Some(k), ..figure })
            }
        }
    }

    /// How long it takes.
    pub fn waits(&self) -> Option<Section> {
        let reading = self.reading;
        if reading.waits.n < crate::figures::LEAST_EVENTS {
            return None;
        }
        let mut out = empty("funnel.waits", "How long a win takes");
        out.answer = words::WAIT_ANSWER.to_owned();
        let mut rows = vec![self.wait_row("all", "funnel.wait", &reading.waits, Unit::Days, &[0.25, 0.5, 0.9])];
        let names = slugs(reading.waits_by.iter().map(|w| w.0.as_str()));
        if !reading.by.is_empty() {
            for ((name, waits), id) in reading.waits_by.iter().zip(&names).take(MOST_ROWS) {
                rows.push(self.wait_row(name, &format!("funnel.wait.{id}"), waits, Unit::Days, &[0.25, 0.5, 0.9]));
            }
        }
        let first = reading.by.first().map_or("who", |c| c.name);
        out.tables.push(Table {
            id: "funnel.wait_table".to_owned(),
            title: format!("Days from {} to {}", self.first(), self.last()),
            columns: [first, "wins", "P25", "P50", "P90"].map(str::to_owned).to_vec(),
            rows,
            note: "Whole days, rounded down.".to_owned(),
        });
        out.caveats.push(words::WAIT_CAVEAT.to_owned());
        Some(out)
    }

    pub(super) fn wait_row(&self, name: &str, id: &str, waits: &Waits, unit: Unit, at: &[f64]) -> TableRow {
        let about = self.about("quantile of what has come; limits from ranks");
        let mut cells = vec![text(name), cell(about.count(&format!("{id}.n"), name, waits.n, None))];
        for p in at {
            let id = format!("{id}.p{}", (p * 100.0).round());
            let quantile = waits.at(*p).filter(|_| waits.n >= crate::figures::LEAST_EVENTS);
            let limits =
                |q: Quantile| Interval { lo90: q.limits[0], lo50: q.limits[1], hi50: q.limits[2], hi90: q.limits[3] };
            let value = quantile.map_or(f64::NAN, |q| q.value);
            cells.push(cell(about.estimated(&id, name, unit, value, quantile.map(limits), waits.n, None)));
        }
        row(cells)
    }

    /// From the hand-off to the first attempt and contact.
    pub fn first_actions(&self) -> Option<Section> {
        let reading = self.reading;
        if reading.first[0].n < crate::figures::LEAST_EVENTS {
            return None;
        }
        let mut out = empty("funnel.first_actions", "From the hand-off to the first attempt");
        out.answer = words::QUEUE_ANSWER.to_owned();
        let mut rows =
            vec![self.wait_row("first attempt", "funnel.attempt", &reading.first[0], Unit::Minutes, &[0.5, 0.95])];
        if reading.first[1].n > 0 {
            rows.push(self.wait_row("first contact", "funnel.contact", &reading.first[1], Unit::Minutes, &[0.5, 0.95]));
        }
        out.tables.push(Table {
            id: "funnel.first_table".to_owned(),
            title: "Minutes from the hand-off, clock time".to_owned(),
            columns: ["until", "leads", "P50", "P95"].map(str::to_owned).to_vec(),
            rows,
            note: "Waits beyond thirty days count as thirty days.".to_owned(),
        });
        out.caveats.push(words::ONLY_ATTEMPTED.to_owned());
        Some(out)
    }
}
