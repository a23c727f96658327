//! From the tally to cells with one outcome, over rows that are old enough and can be compared.
//!
//! Here: which outcome is told, which rows stand, levels in an order of their content. Not here: any estimate.
//! Invariant: names decide nothing; levels are numbered by what they hold, so that renaming or reordering them changes
//! no number.

use std::collections::BTreeMap;

use tallies::{Label, Tally, Test};
use terms::{Day, PeriodUnit};

use super::lot;
use super::plan::{NoRep, Outcome, Plan};
use super::settings::{COME, LEAST_COME, LEAST_EVENTS, LEAST_IN_PERIOD, MOST_SEGMENTS, MOST_SOURCES, TOLD};
use crate::Question;
use crate::columns::{DAY, said};
use crate::records::{MissingWins, missing_wins};

/// Rows that are alike in everything told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub source: u32,
    pub rep: u32,
    pub month: u32,
    /// 0 in the base, 1 in the asked period.
    pub period: Option<usize>,
    pub fast: Fast,
    pub segment: u32,
    pub n: f64,
    pub y: f64,
}

/// Whether the first attempt came within the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fast {
    Yes,
    No,
    Unknown,
}

/// One source: all its labels (several where the small ones are one).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    pub name: String,
    pub labels: Vec<Label>,
    pub n: f64,
    pub y: f64,
    /// The same in each period.
    pub periods: [(f64, f64); 2],
}

/// Why two periods cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoChange {
    /// Too few of the asked period's rows are old enough for any outcome.
    TooYoung,
    /// Too few outcomes (or too few without) in one of them.
    TooFew([(f64, f64); 2]),
}

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq)]
pub enum NoReading {
    /// Outcomes, and rows.
    TooFew(f64, f64),
    /// One source alone.
    OneSource,
    /// So many groups of sources and reps that share nothing, and the share of the largest.
    Disconnected(usize, f64),
    /// No answer to the specs.
    Nothing,
}

/// Everything this room read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub plan: Plan,
    pub outcome: Outcome,
    pub sources: Vec<Source>,
    pub reps: usize,
    /// Numbers of the months (or quarters) on the fiscal calendar, in order.
    pub months: Vec<i32>,
    pub segments: usize,
    pub cells: Vec<Cell>,
    /// First and last of `plan.when` among the rows that stand.
    pub stands: (i64, i64),
    /// Rows old enough in each period, and those of them that were attempted; where only these are told.
    pub tried: Option<[(u64, u64); 2]>,
    /// Rows left out because their rep is not known.
    pub without_rep: f64,
    /// Groups of sources and reps beside the largest, and the rows in them.
    pub apart: (usize, f64),
    /// Share of the asked period's rows that are old enough.
    pub told: f64,
    pub change: Result<(), NoChange>,
    pub missing_wins: Option<MissingWins>,
    /// By source, where some leads were dealt out by lot.
    pub lot: Option<Vec<lot::Counts>>,
}

/// Takes the answers in the order of the specs.
pub fn read(question: &Question, plan: &Plan, tallies: &[Tally]) -> Result<Reading, NoReading> {
    let mut answers = tallies.iter();
    let tally = answers.next().ok_or(NoReading::Nothing)?;
    let tried = if plan.worked { answers.next() } else { answers.next().and(None) };
    let missing = match (answers.next(), answers.next(), answers.next()) {
        (Some(waits), Some(wins), Some(begun)) => missing_wins(question, waits, wins, begun),
        _ => None,
    };
    let by_lot = if plan.by_lot { answers.next() } else { None };
    let raw = Raw { plan, tally, question };
    let (place, told, change) = raw.choose();
    let outcome = plan.outcomes.get(place).ok_or(NoReading::Nothing)?.clone();
    let missing_wins = missing.filter(|_| outcome.stage == terms::Stage::ClosedWon);
    let mut stands = (plan.window.0, raw.old_enough(&outcome));
    if let Some(m) = &missing_wins {
        let month = question.fiscal.period(PeriodUnit::Month, m.from_month).first;
        let own = question.fiscal.period_of(plan.calendar, month);
        let first = if own.first < month { own.last.plus(1) } else { own.first };
        stands.0 = stands.0.max(i64::from(first.0) * DAY / plan.unit);
    }
    let mut reading = Reading {
        plan: plan.clone(),
        outcome,
        sources: vec![],
        reps: 0,
        months: vec![],
        segments: 0,
        cells: vec![],
        stands,
        tried: tried.map(|t| raw.tried(t, stands)),
        without_rep: 0.0,
        apart: (0, 0.0),
        told,
        change,
        missing_wins,
        lot: by_lot.map(|t| raw.lot(t, place, stands)),
    };
    raw.cells(place, &mut reading);
    if reading.held() {
        // the same rows again, without telling reps apart; those without a rep stand then
        reading.plan.rep = Err(NoRep::Held);
        reading.without_rep = 0.0;
        raw.cells(place, &mut reading);
    }
    reading.connect()?;
    let (n, y) = reading.cells.iter().fold((0.0, 0.0), |(n, y), c| (n + c.n, y + c.y));
    if y < LEAST_EVENTS || n - y < LEAST_EVENTS {
        return Err(NoReading::TooFew(y, n));
    }
    if reading.sources.iter().filter(|s| s.n > 0.0).count() < 2 {
        return Err(NoReading::OneSource);
    }
    let periods =
        [0, 1].map(|p| reading.sources.iter().fold((0.0, 0.0), |(n, y), s| (n + s.periods[p].0, y + s.periods[p].1)));
    if reading.change.is_ok() && periods.iter().any(|(n, y)| y.min(n - y) < LEAST_IN_PERIOD) {
        reading.change = Err(NoChange::TooFew(periods));
    }
    Ok(reading)
}

struct Raw<'a> {
    plan: &'a Plan,
    tally: &'a Tally,
    question: &'a Question,
}

impl Raw<'_> {
    /// How many rows each period has, and how many of them were attempted.
    fn tried(&self, tally: &Tally, stands: (i64, i64)) -> [(u64, u64); 2] {
        let mut out = [(0, 0); 2];
        for cell in 0..tally.cells {
            let Some(bin) = self.of_label(tally.label(cell, 0)) else { continue };
            if let Some(period) = self.period(bin).filter(|_| stands.0 <= bin.0 && bin.1 <= stands.1) {
                out[period].0 += tally.int(cell, 0).max(0) as u64;
                out[period].1 += tally.int(cell, 1).max(0) as u64;
            }
        }
        out
    }

    /// Leads dealt out by lot beside the others, of those that stand.
    fn lot(&self, tally: &Tally, outcome: usize, stands: (i64, i64)) -> Vec<lot::Counts> {
        lot::counts(tally, outcome, |cell| {
            let bin = self.of_label(tally.label(cell, 1)).filter(|bin| stands.0 <= bin.0 && bin.1 <= stands.1)?;
            self.period(bin)
        })
    }

    /// First and last of `when` in a bin.
    fn bin(&self, cell: usize) -> Option<(i64, i64)> {
        self.of_label(self.tally.label(cell, 2))
    }

    fn of_label(&self, label: &Label) -> Option<(i64, i64)> {
        let bin = usize::try_from(label.number()?).ok()?;
        let first = *self.plan.edges.get(bin.checked_sub(1)?)?;
        Some((first, self.plan.edges.get(bin).map_or(self.plan.window.1, |next| next - 1)))
    }

    fn period(&self, bin: (i64, i64)) -> Option<usize> {
        let at = |day: Day| i64::from(day.0) * DAY / self.plan.unit;
        let inside = |p: terms::Period| at(p.first) <= bin.0 && bin.1 < at(p.last.plus(1));
        // the asked period first: where both overlap, its rows are its own
        [(1, self.question.period), (0, self.question.base())].into_iter().find(|(_, p)| inside(*p)).map(|(i, _)| i)
    }

    /// The last of `when` that is old enough for an outcome.
    fn old_enough(&self, outcome: &Outcome) -> i64 {
        let limit = outcome.days.map_or(i64::MAX, |days| self.question.as_of_minutes - days * DAY);
        self.plan.window.1.min(limit)
    }

    /// The outcome to tell, the share of the asked period that it tells, and whether the periods can be compared.
    fn choose(&self) -> (usize, f64, Result<(), NoChange>) {
        let outcomes = &self.plan.outcomes;
        let bins: Vec<(usize, (i64, i64))> = (0..self.tally.cells).filter_map(|c| Some((c, self.bin(c)?))).collect();
        let count = |place: Option<usize>, old: i64, period: Option<usize>| -> f64 {
            let measure = place.map_or(0, |p| p + 1);
            let wanted = bins.iter().filter(|(_, bin)| bin.1 <= old);
            wanted
                .filter(|(_, bin)| period.is_none() || self.period(*bin) == period)
                .map(|(c, _)| self.tally.real(*c, measure))
                .sum()
        };
        let mut stages: Vec<terms::Stage> = outcomes.iter().map(|o| o.stage).collect();
        stages.dedup();
        let mut best: Option<(usize, f64, Result<(), NoChange>)> = None;
        for stage in stages {
            let own: Vec<usize> = (0..outcomes.len()).filter(|p| outcomes[*p].stage == stage).collect();
            // against the longest horizon that enough are old enough for
            let longest = own
                .iter()
                .rev()
                .find(|p| count(Some(**p), self.old_enough(&outcomes[**p]), None) >= LEAST_COME)
                .or(own.first());
            let Some(longest) = longest.copied() else { continue };
            let old = self.old_enough(&outcomes[longest]);
            let all = count(Some(longest), old, None);
            let place = own.into_iter().find(|p| *p == longest || count(Some(*p), old, None) >= COME * all);
            let place = place.unwrap_or(longest);
            let limit = self.old_enough(&outcomes[place]);
            let asked = count(None, i64::MAX, Some(1));
            let told = if asked > 0.0 { count(None, limit, Some(1)) / asked } else { 0.0 };
            let change = if told >= TOLD { Ok(()) } else { Err(NoChange::TooYoung) };
            let events = count(Some(place), limit, None);
            let enough =
                change.is_ok() && [0, 1].iter().all(|p| count(Some(place), limit, Some(*p)) >= LEAST_IN_PERIOD);
            if enough {
                return (place, told, change);
            }
            if best.is_none() && events >= LEAST_EVENTS {
                best = Some((place, told, change));
            }
        }
        best.unwrap_or((0, 0.0, Err(NoChange::TooYoung)))
    }

    /// The cells of the rows that stand, with levels numbered by what they hold.
    fn cells(&self, place: usize, out: &mut Reading) {
        let (plan, tally) = (self.plan, self.tally);
        let axes = tally.axes.len();
        let at = |cell: usize, axis: usize| tally.at.get(cell * axes + axis).copied().unwrap_or(0) as usize;
        let (columns, told) = (plan.rep_columns().len(), out.plan.rep.is_ok());
        let fast_axis = plan.has_attempts.then_some(3 + columns);
        let segment_axis = plan.segment.map(|_| axes - 1);
        let first_month = out
            .missing_wins
            .as_ref()
            .map(|_| self.question.fiscal.index(plan.calendar, Day((out.stands.0 / DAY) as i32)));
        // reps by name, whichever column names them; numbered for this pass alone
        let mut named: BTreeMap<&Label, usize> = BTreeMap::new();
        let mut kept: Vec<(usize, Option<usize>, usize)> = Vec::new();
        for cell in 0..tally.cells {
            let (Some(bin), Some(month)) = (self.bin(cell), tally.label(cell, 1).number()) else { continue };
            if bin.1 > out.stands.1 || first_month.is_some_and(|first| month < i64::from(first)) {
                continue;
            }
            let names = if told { 3..3 + columns } else { 3..3 };
            let rep = names.map(|axis| tally.label(cell, axis)).find(|label| **label != Label::Missing);
            if told && rep.is_none() {
                out.without_rep += tally.real(cell, 0);
                continue;
            }
            let next = named.len();
            let rep = rep.map_or(0, |label| *named.entry(label).or_insert(next));
            kept.push((cell, self.period(bin), rep));
        }
        let order = |of: &dyn Fn(usize, usize) -> usize, count: usize, most: usize| {
            let mut content: Vec<BTreeMap<(u32, u32), (i64, i64)>> = vec![BTreeMap::new(); count];
            for (cell, _, rep) in &kept {
                let slot = content[of(*cell, *rep)].entry((at(*cell, 1) as u32, at(*cell, 2) as u32)).or_default();
                slot.0 += tally.int(*cell, 0);
                slot.1 += tally.int(*cell, place + 1);
            }
            let total = |i: usize| content[i].values().map(|v| v.0).sum::<i64>();
            let mut levels: Vec<usize> = (0..content.len()).filter(|i| total(*i) > 0).collect();
            levels.sort_by(|a, b| total(*b).cmp(&total(*a)).then_with(|| content[*b].cmp(&content[*a])).then(a.cmp(b)));
            let mut number = vec![0u32; content.len()];
            for (i, level) in levels.iter().enumerate() {
                number[*level] = i.min(most - 1) as u32;
            }
            (levels, number)
        };
        let labels = |axis: usize| tally.axes.get(axis).map_or(0, |a| a.labels.len());
        let (sources, source) = order(&|cell, _| at(cell, 0), labels(0), MOST_SOURCES);
        let (reps, rep_number) = order(&|_, rep| rep, named.len().max(1), usize::MAX);
        let (segments, segment) =
            segment_axis.map_or((vec![], vec![]), |axis| order(&|cell, _| at(cell, axis), labels(axis), MOST_SEGMENTS));
        let mut months: Vec<i64> = kept.iter().filter_map(|(c, ..)| tally.label(*c, 1).number()).collect();
        months.sort_unstable();
        months.dedup();
        out.reps = if told { reps.len() } else { 0 };
        out.segments = segments.len().min(MOST_SEGMENTS);
        out.sources = vec![Source::default(); sources.len().min(MOST_SOURCES)];
        for (i, level) in sources.iter().enumerate() {
            let label = &tally.axes[0].labels[*level];
            let slot = &mut out.sources[i.min(MOST_SOURCES - 1)];
            slot.name = if slot.labels.is_empty() { said(label) } else { "all others".to_owned() };
            slot.labels.push(label.clone());
        }
        out.cells.clear();
        for (cell, period, rep) in kept {
            let month = tally.label(cell, 1).number().unwrap_or(0);
            out.cells.push(Cell {
                source: source[at(cell, 0)],
                rep: rep_number[rep],
                month: months.binary_search(&month).unwrap_or(0) as u32,
                period,
                fast: fast_axis.map_or(Fast::No, |axis| fast(tally, cell, axis)),
                segment: segment_axis.map_or(0, |axis| segment[at(cell, axis)]),
                n: tally.real(cell, 0),
                y: tally.real(cell, place + 1),
            });
        }
        out.months = months.into_iter().filter_map(|m| i32::try_from(m).ok()).collect();
        // the order of cells follows the labels; sums over them must not
        out.cells.sort_by_key(|c| (c.source, c.rep, c.month, c.period, c.fast as u8, c.segment));
        out.count();
    }
}

/// No attempt is not fast; an attempt known by its day alone, or without a hand-off, cannot be told.
fn fast(tally: &Tally, cell: usize, axis: usize) -> Fast {
    match (tally.label(cell, axis).number(), tally.label(cell, axis + 1).number()) {
        (_, None) => Fast::No,
        (Some(1), Some(0)) => Fast::Yes,
        (Some(2), Some(0)) => Fast::No,
        _ => Fast::Unknown,
    }
}

impl Reading {
    /// Each source's rows from the cells.
    pub(super) fn count(&mut self) {
        for source in &mut self.sources {
            (source.n, source.y, source.periods) = (0.0, 0.0, [(0.0, 0.0); 2]);
        }
        for cell in &self.cells {
            let Some(source) = self.sources.get_mut(cell.source as usize) else { continue };
            source.n += cell.n;
            source.y += cell.y;
            if let Some(period) = cell.period {
                source.periods[period].0 += cell.n;
                source.periods[period].1 += cell.y;
            }
        }
    }

    /// The tests that the rows that stand pass, between two values of `when`.
    pub fn filter(&self, first: i64, last: i64) -> Vec<Test> {
        let plan = &self.plan;
        let mut out = vec![plan.between(first.max(self.stands.0), last.min(self.stands.1))];
        out.extend(plan.which());
        if plan.rep.is_ok() {
            out.push(crate::columns::any(plan.rep_columns()));
        }
        if self.apart.0 > 0 {
            let labels = self.sources.iter().filter(|s| s.n > 0.0).flat_map(|s| &s.labels);
            out.push(Test::In(plan.source, labels.map(|l| l.text().map(str::to_owned)).collect()));
        }
        out
    }

    /// All rows that stand, and how many of them came to the outcome.
    pub fn totals(&self) -> (f64, f64) {
        self.sources.iter().fold((0.0, 0.0), |(n, y), s| (n + s.n, y + s.y))
    }

    /// The same in one period.
    pub fn period_totals(&self, period: usize) -> (f64, f64) {
        self.sources.iter().fold((0.0, 0.0), |(n, y), s| (n + s.periods[period].0, y + s.periods[period].1))
    }
}
