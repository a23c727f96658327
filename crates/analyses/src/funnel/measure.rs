//! From tallies to a reading: counts, matured cohorts, waits. Judges nothing.

use std::collections::BTreeMap;

use stats::quantile::of_histogram;
use tallies::{Column, Grain, Label, Tally};
use terms::{Day, PeriodUnit};

use super::cohorts::{Cohort, Progress, cohorts};
use super::specs::{Flow, by, flow, opportunity_columns};
use crate::columns::said;
use crate::records::{MissingWins, missing_wins};
use crate::{Lay, Question};

/// One row of a table: its labels, and how many got to each stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub name: String,
    pub labels: Vec<Label>,
    pub reach: Vec<u64>,
}

/// A quantile with its 90% and 50% limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    pub value: f64,
    /// 5, 25, 75, 95 percent limits, from the binomial law of ranks.
    pub limits: [f64; 4],
}

/// Waits of one group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits {
    pub n: u64,
    pub histogram: Vec<(f64, u64)>,
}

impl Waits {
    /// The quantile at `p`.
    pub fn at(&self, p: f64) -> Option<Quantile> {
        let half = (p * (1.0 - p) / self.n.max(1) as f64).sqrt();
        let rank = |z: f64| (p + z * half).clamp(0.0, 1.0);
        let q = of_histogram(&self.histogram, &[p, rank(-1.645), rank(-0.674), rank(0.674), rank(1.645)])?;
        Some(Quantile { value: q[0], limits: [q[1], q[2], q[3], q[4]] })
    }
}

/// Opportunities by one column: `(label, opened, won, lost, won amount)`.
pub type Opportunities = (Column, Vec<(Label, u64, u64, u64, i64)>);

/// Everything this room read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub flow: Flow,
    pub by: Vec<Column>,
    pub all: Vec<u64>,
    pub lines: Vec<Line>,
    pub cohorts: Vec<Cohort>,
    pub progress: Vec<Progress>,
    pub undated: u64,
    pub waits: Waits,
    pub waits_by: Vec<(String, Waits)>,
    pub missing_wins: Option<MissingWins>,
    pub won_early: u64,
    /// Owner and sdr: known among won, among not won.
    pub known_people: [(u64, u64); 2],
    pub handed: u64,
    /// To first attempt, to first contact, in minutes.
    pub first: [Waits; 2],
    pub opportunities: Vec<Opportunities>,
    /// Months with closings: number, won, lost.
    pub close_months: Vec<(i32, u64, u64)>,
    /// First day of the first week with closings.
    pub first_closing: Option<Day>,
    pub unmatched_products: Vec<(Label, u64)>,
    pub unmatched_accounts: (u64, u64),
}

/// Takes the answers in the order of `specs`.
pub fn read(question: &Question, lay: &Lay, tallies: &[Tally]) -> Option<Reading> {
    let flow = flow(lay)?;
    let by = by(question, lay, flow.grain);
    let mut answers = tallies.iter();
    let all_tally = answers.next()?;
    let all = reach(all_tally, 0, &flow);
    let lines = lines(answers.next()?, by.len(), &flow);
    let by_cohort = answers.next()?;
    let steps = flow.steps.iter().map(|_| answers.next()).collect::<Option<Vec<&Tally>>>()?;
    let (lag, wins, begun) = (answers.next()?, answers.next()?, answers.next()?);
    let lag_by = answers.next()?;
    let missing_wins = missing_wins(question, lag, wins, begun);
    let (cohorts, progress) =
        cohorts(question, &flow, by_cohort, &steps, lag, missing_wins.as_ref().map(|m| m.from_month));
    let dated: u64 = cohorts.iter().map(|c| c.n).sum();
    let of_wins = waits(lag, |c| lag.label(c, 1).number() == Some(1), 2);
    let waits_by = by_label(lag_by);
    let mut out = Reading {
        undated: all.first().copied().unwrap_or(0).saturating_sub(dated),
        by,
        all,
        lines,
        cohorts,
        progress,
        waits: of_wins,
        waits_by,
        missing_wins,
        won_early: 0,
        known_people: [(0, 0); 2],
        handed: 0,
        first: [Waits::default(), Waits::default()],
        opportunities: Vec::new(),
        close_months: Vec::new(),
        first_closing: None,
        unmatched_products: Vec::new(),
        unmatched_accounts: (0, 0),
        flow,
    };
    if out.flow.grain == Grain::LeadCycle {
        let traps = answers.next()?;
        let n = |m: usize| traps.int(0, m).max(0) as u64;
        out.won_early = n(0);
        out.known_people = [(n(1), n(2)), (n(3), n(4))];
        out.handed = n(5);
        out.first = [waits(answers.next()?, |_| true, 0), Waits::default()];
        out.first[1] = waits(answers.next()?, |_| true, 0);
    }
    if lay.opportunities > 0 {
        opportunities(question, lay, &mut answers, &mut out)?;
    }
    Some(out)
}

fn opportunities<'a>(
    question: &Question,
    lay: &Lay,
    answers: &mut impl Iterator<Item = &'a Tally>,
    out: &mut Reading,
) -> Option<()> {
    let n = |tally: &Tally, cell: usize, m: usize| tally.int(cell, m).max(0) as u64;
    for column in opportunity_columns(question, lay) {
        let tally = answers.next()?;
        let rows = (0..tally.cells)
            .map(|c| (tally.label(c, 0).clone(), n(tally, c, 0), n(tally, c, 1), n(tally, c, 2), tally.int(c, 3)))
            .collect();
        out.opportunities.push((column, rows));
    }
    let months = answers.next()?;
    out.close_months = (0..months.cells)
        .filter_map(|c| Some((i32::try_from(months.label(c, 0).number()?).ok()?, n(months, c, 0), n(months, c, 1))))
        .collect();
    let weeks = answers.next()?;
    out.first_closing = (0..weeks.cells).find_map(|c| weeks.label(c, 0).number()).and_then(|w| week(question, w));
    let products = answers.next()?;
    out.unmatched_products = (0..products.cells).map(|c| (products.label(c, 0).clone(), n(products, c, 0))).collect();
    let accounts = answers.next()?;
    out.unmatched_accounts = (n(accounts, 0, 0), n(accounts, 0, 1));
    Some(())
}

fn week(question: &Question, number: i64) -> Option<Day> {
    Some(question.fiscal.period(PeriodUnit::Week, i32::try_from(number).ok()?).first)
}

fn reach(tally: &Tally, cell: usize, flow: &Flow) -> Vec<u64> {
    (0..=flow.steps.len()).map(|m| tally.int(cell, m).max(0) as u64).collect()
}

fn lines(tally: &Tally, dims: usize, flow: &Flow) -> Vec<Line> {
    if dims == 0 {
        return Vec::new();
    }
    let mut out: Vec<Line> = (0..tally.cells)
        .map(|cell| {
            let labels: Vec<Label> = (0..dims).map(|d| tally.label(cell, d).clone()).collect();
            let name = labels.iter().map(said).collect::<Vec<String>>().join(" / ");
            Line { name, labels, reach: reach(tally, cell, flow) }
        })
        .collect();
    // the alphabet, with what is not recorded last: never an order by rate
    out.sort_by(|a, b| a.labels.cmp(&b.labels));
    out
}

fn waits(tally: &Tally, keep: impl Fn(usize) -> bool, age: usize) -> Waits {
    let mut out = Waits::default();
    for cell in (0..tally.cells).filter(|c| keep(*c)) {
        let Some(value) = tally.label(cell, age).number() else { continue };
        let n = tally.int(cell, 0).max(0) as u64;
        out.n += n;
        out.histogram.push((value as f64, n));
    }
    out
}

fn by_label(tally: &Tally) -> Vec<(String, Waits)> {
    let mut out: BTreeMap<Label, Waits> = BTreeMap::new();
    for cell in 0..tally.cells {
        if tally.label(cell, 1).number() != Some(1) {
            continue;
        }
        let Some(age) = tally.label(cell, 2).number() else { continue };
        let waits = out.entry(tally.label(cell, 0).clone()).or_default();
        let n = tally.int(cell, 0).max(0) as u64;
        waits.n += n;
        waits.histogram.push((age as f64, n));
    }
    out.into_iter().map(|(label, waits)| (said(&label), waits)).collect()
}
