//! From cells to numbers: the claim, what it is compared with, how it could have been picked, and its neighbours.
//!
//! Not here: a verdict. Invariant: what is inside and what is outside add up to all.

use report::{Interval, Refusal};
use stats::binomial::{difference_interval, jeffreys_interval, wilson_interval};
use stats::scan::{strength, strength_against, upper_tail};
use tallies::{Label, Tally, Test};

use super::Ask;
use super::claim::Against;
use super::cube::{Choice, Count, Cube, Wait, Watched};
use super::parts::{self, Part};
use super::plan::{self, Chosen, Plan, Span};
use super::search::{self, Search};
use super::settings::{LEAST_CASES, LEAST_OUTCOMES, UNDATED};
use super::words;
use crate::columns::all;
use crate::figures::house;
use crate::records;

/// Cases below which an interval is Jeffreys' instead of Wilson's.
const SMALL: u64 = 40;

/// What a claim's rate is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Other {
    /// Other cases, and the tests that open them.
    Cases(Count, Vec<Test>),
    /// A number.
    Number(f64),
}

impl Other {
    /// Its rate.
    pub fn rate(&self) -> f64 {
        match self {
            Other::Cases(count, _) => count.rate(),
            Other::Number(x) => *x,
        }
    }

    /// Whether there is enough of it.
    pub fn is_enough(&self) -> bool {
        match self {
            Other::Cases(count, _) => count.n >= LEAST_CASES,
            Other::Number(_) => true,
        }
    }
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub inside: Count,
    pub tests: Vec<Test>,
    pub other: Other,
    /// Inside less other.
    pub difference: f64,
    pub interval: Option<Interval>,
}

impl Compared {
    pub fn new(inside: Count, tests: Vec<Test>, other: Other) -> Compared {
        let difference = inside.rate() - other.rate();
        let interval = match &other {
            Other::Cases(o, _) => {
                difference_interval(inside.k as f64, inside.n as f64, o.k as f64, o.n as f64).map(house)
            }
            Other::Number(x) => rate_interval(inside).map(|i| Interval {
                lo90: i.lo90 - x,
                lo50: i.lo50 - x,
                hi50: i.hi50 - x,
                hi90: i.hi90 - x,
            }),
        };
        Compared { inside, tests, other, difference, interval }
    }

    /// Whether there are enough cases on both sides.
    pub fn is_enough(&self) -> bool {
        self.inside.n >= LEAST_CASES && self.other.is_enough()
    }
}

/// The house interval of a rate: Wilson's, Jeffreys' for few cases.
pub fn rate_interval(count: Count) -> Option<Interval> {
    let (k, n) = (count.k as f64, count.n as f64);
    if count.n < SMALL { jeffreys_interval(k, n) } else { wilson_interval(k, n) }.map(house)
}

/// The same claim on other cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    pub id: String,
    pub label: String,
    /// Whether the claim itself changes with it, or only what it names.
    pub is_close: bool,
    pub compared: Compared,
}

/// Another value of a column that the claim names.
#[derive(Clone, Debug, PartialEq)]
pub struct Sibling {
    pub label: String,
    pub count: Count,
    pub tests: Vec<Test>,
    pub is_claimed: bool,
}

/// All numbers.
#[derive(Clone, Debug)]
pub struct Reading {
    pub plan: Plan,
    pub wait: Wait,
    /// All cases that the claim could have been picked from.
    pub base: Count,
    pub base_tests: Vec<Test>,
    /// The days of all of them, and of the claim.
    pub ground: Span,
    pub window: Option<Span>,
    pub compared: Compared,
    /// All other cases, whatever the claim is compared with.
    pub rest: Compared,
    pub search: Search,
    pub neighbours: Vec<Neighbour>,
    pub siblings: Option<(&'static str, Vec<Sibling>)>,
    pub parts: Vec<Part>,
    /// Cases whose outcome has no date: left out.
    pub undated: u64,
    /// The first day of the first whole month with wins, where earlier wins are missing.
    pub wins_from: Option<terms::Day>,
}

/// The numbers of one claim while they are worked out.
pub struct Measure<'a> {
    pub ask: &'a Ask,
    pub plan: &'a Plan,
    pub cube: &'a Cube,
    pub choice: Choice,
    /// Pieces of time that are looked at at all.
    pub ground: std::ops::Range<usize>,
    pub wait: Wait,
}

/// The levels that a condition means among some labels.
fn meant(chosen: &Chosen, labels: &[Label]) -> Vec<u32> {
    (0u32..).zip(labels).filter(|(_, l)| chosen.labels.contains(l) == chosen.is).map(|(i, _)| i).collect()
}

/// The test of one condition.
pub fn test(chosen: &Chosen) -> Test {
    let values = chosen.labels.iter().map(|l| l.text().map(str::to_owned)).collect();
    let test = Test::In(chosen.column, values);
    if chosen.is { test } else { Test::Not(Box::new(test)) }
}

impl Measure<'_> {
    /// The tests that open the rows of all cases in some pieces.
    pub fn all_tests(&self, pieces: &std::ops::Range<usize>) -> Vec<Test> {
        let mut out = self.plan.study.rows();
        out.push(self.plan.during(pieces));
        out.extend(self.plan.study.watched(self.wait.steps, self.plan.as_of));
        out
    }

    /// The conditions' tests, without one of them.
    pub fn conditions(&self, without: Option<usize>) -> Vec<Test> {
        let chosen = self.plan.chosen.iter().enumerate();
        chosen.filter(|(i, _)| Some(*i) != without).map(|(_, c)| test(c)).collect()
    }

    /// A choice against what the claim is compared with; `within` bounds what counts as the rest. `None` where the
    /// comparison has no such form.
    pub fn compare(
        &self,
        choice: &Choice,
        without: Option<usize>,
        within: &std::ops::Range<usize>,
    ) -> Option<Compared> {
        let inside = self.cube.sum(|c| choice.holds(&c.levels, c.piece));
        let mut tests = self.all_tests(&choice.pieces);
        tests.extend(self.conditions(without));
        let other = match self.ask.claim.against {
            Against::Number(x) => Other::Number(x),
            Against::Rest => self.rest(choice, without, within),
            Against::Before => {
                let before = self.plan.before.clone().filter(|_| choice.pieces == self.choice.pieces)?;
                let earlier = Choice { levels: choice.levels.clone(), pieces: before.clone() };
                let mut tests = self.all_tests(&before);
                tests.extend(self.conditions(without));
                Other::Cases(self.cube.sum(|c| earlier.holds(&c.levels, c.piece)), tests)
            }
        };
        Some(Compared::new(inside, tests, other))
    }

    /// All other cases in some pieces.
    pub fn rest(&self, choice: &Choice, without: Option<usize>, within: &std::ops::Range<usize>) -> Other {
        let count = self.cube.sum(|c| within.contains(&c.piece) && !choice.holds(&c.levels, c.piece));
        let mut tests = self.all_tests(within);
        let mut inside = self.conditions(without);
        inside.push(self.plan.during(&choice.pieces));
        tests.push(Test::Not(Box::new(all(inside))));
        Other::Cases(count, tests)
    }

    fn neighbours(&self) -> Vec<Neighbour> {
        let mut out = Vec::new();
        let mut add = |id: &str, label: String, is_close: bool, compared: Option<Compared>| {
            if let Some(compared) = compared {
                out.push(Neighbour { id: id.to_owned(), label, is_close, compared });
            }
        };
        let own = self.choice.pieces.clone();
        let with = |pieces: std::ops::Range<usize>| Choice { levels: self.choice.levels.clone(), pieces };
        if own != self.ground {
            if self.ask.claim.against == Against::Rest {
                let same = self.compare(&self.choice, None, &own);
                add("same_days", words::SAME_DAYS.to_owned(), true, same);
            }
            let windows = [
                ("wider", own.start.saturating_sub(1).max(self.ground.start)..(own.end + 1).min(self.ground.end)),
                ("without_first", own.start + 1..own.end),
                ("without_last", own.start..own.end.saturating_sub(1)),
            ];
            for (id, pieces) in windows {
                if pieces.start < pieces.end && pieces != own {
                    let label = self.days(&pieces);
                    add(id, label, true, self.compare(&with(pieces), None, &self.ground));
                }
            }
            let whole = with(self.ground.clone());
            add("any_day", words::ANY_DAY.to_owned(), false, self.compare(&whole, None, &self.ground));
        }
        for (i, chosen) in self.plan.chosen.iter().enumerate() {
            let mut levels = self.choice.levels.clone();
            levels[i] = None;
            let choice = Choice { levels, pieces: own.clone() };
            let is_all = choice.levels.iter().all(Option::is_none) && own == self.ground;
            if !is_all || self.ask.claim.against != Against::Rest {
                let name = chosen.column.name;
                let compared = self.compare(&choice, Some(i), &self.ground);
                add(&format!("any_{name}"), words::any_value(name), false, compared);
            }
        }
        out
    }

    /// Some pieces as days.
    fn days(&self, pieces: &std::ops::Range<usize>) -> String {
        span(self.plan, pieces).map_or_else(String::new, |s| words::days(s.first, s.last))
    }

    /// The other values of the first column that the claim names, in the claim's window and with its other conditions.
    fn siblings(&self) -> Option<(&'static str, Vec<Sibling>)> {
        let chosen = self.plan.chosen.first()?;
        let labels = self.cube.labels.first()?;
        let claimed = self.choice.levels.first()?.clone()?;
        let of = |level: u32| {
            let mut levels = self.choice.levels.clone();
            levels[0] = Some(vec![level]);
            let choice = Choice { levels, pieces: self.choice.pieces.clone() };
            let label = labels.get(level as usize)?;
            let mut tests = self.all_tests(&choice.pieces);
            tests.extend(self.conditions(Some(0)));
            tests.push(crate::columns::is(chosen.column, label));
            let count = self.cube.sum(|c| choice.holds(&c.levels, c.piece));
            let is_claimed = claimed.contains(&level);
            Some(Sibling { label: crate::columns::said(label), count, tests, is_claimed })
        };
        let all: Vec<Sibling> = (0..labels.len() as u32).filter_map(of).filter(|s| s.count.n > 0).collect();
        (all.len() > 1).then_some((chosen.column.name, all))
    }
}

/// Some pieces as one span of days.
fn span(plan: &Plan, pieces: &std::ops::Range<usize>) -> Option<Span> {
    let first = plan.spans.get(pieces.start)?.first;
    let last = plan.spans.get(pieces.end.checked_sub(1)?)?.last;
    (first <= last).then_some(Span { first, last })
}

/// All numbers of a claim.
///
/// # Errors
/// A refusal where the facts cannot tell.
pub fn read(ask: &Ask, plan: Plan, tallies: &[Tally]) -> Result<Reading, Refusal> {
    let metric = ask.claim.metric.word();
    let [cells, rest @ ..] = tallies else { return Err(words::no_days(metric)) };
    if plan.spans.is_empty() {
        return Err(words::no_days(metric));
    }
    let (part_tallies, rest) = rest.split_at(plan.parts.len().min(rest.len()));
    let undated = rest.first().map_or(0, |t| u64::try_from(t.int(0, 0)).unwrap_or(0));
    let missing = match rest.get(1..4) {
        Some([waits, wins, begun]) => records::missing_wins(&plan::question(ask), waits, wins, begun),
        _ => None,
    };
    let mut watched = Watched::read(&plan, cells, plan.columns.len());
    let mut part_rows: Vec<Watched> = plan
        .parts
        .iter()
        .zip(part_tallies)
        .map(|(column, tally)| Watched::read(&plan, tally, plan.part(*column).len()))
        .collect();
    let wins_from = missing.map(|m| ask.fiscal.period(terms::PeriodUnit::Month, m.from_month).first);
    let begin = wins_from.and_then(|day| plan.spans.iter().position(|s| s.first >= day));
    let ground = begin.unwrap_or(if wins_from.is_some() { plan.spans.len() } else { 0 })..plan.spans.len();
    watched.begin_at(ground.start);
    part_rows.iter_mut().for_each(|w| w.begin_at(ground.start));

    let pieces = match plan.window.clone() {
        None => ground.clone(),
        Some(w) => w.start.max(ground.start)..w.end.max(ground.start),
    };
    let levels: Vec<Option<Vec<u32>>> = plan
        .columns
        .iter()
        .enumerate()
        .map(|(i, _)| Some(meant(plan.chosen.get(i)?, watched.labels.get(i)?)))
        .collect();
    let choice = Choice { levels, pieces: pieces.clone() };
    let Some(days) = span(&plan, &ground) else { return Err(words::no_days(metric)) };
    if pieces.is_empty() || plan.before.as_ref().is_some_and(|b| b.start < ground.start || b.is_empty()) {
        return Err(words::outside(metric, days.first, days.last, wins_from.is_some()));
    }
    let wait = watched.wait(|levels, piece| choice.holds(levels, piece));
    let cube = watched.cube(&wait);
    let measure = Measure { ask, plan: &plan, cube: &cube, choice: choice.clone(), ground: ground.clone(), wait };
    let base = cube.sum(|_| true);
    let Some(compared) = measure.compare(&choice, None, &ground) else { return Err(words::no_days(metric)) };
    if !compared.is_enough() {
        return Err(words::too_few(&measure, &compared));
    }
    if base.k < LEAST_OUTCOMES || base.n - base.k < LEAST_OUTCOMES {
        return Err(words::too_few_outcomes(metric, base, plan.study.outcome));
    }
    if undated as f64 > UNDATED * (undated + base.k) as f64 {
        return Err(words::outcome_undated(metric, undated, plan.study.outcome));
    }
    let inside = compared.inside;
    let rest = Compared::new(inside, compared.tests.clone(), measure.rest(&choice, None, &ground));
    let sign = ask.claim.side.sign();
    let own = match &compared.other {
        Other::Cases(o, _) => strength(inside.k, inside.n, inside.k + o.k, inside.n + o.n),
        Other::Number(x) => strength_against(inside.k, inside.n, *x),
    };
    let search = search::run(&measure, upper_tail(sign * own)).map_err(|e| words::too_many(metric, &e.to_string()))?;
    let parts = parts::read(&measure, &part_rows);
    let (neighbours, siblings) = (measure.neighbours(), measure.siblings());
    let base_tests = measure.all_tests(&ground);
    let window = plan.window.as_ref().and_then(|_| span(&plan, &pieces));
    Ok(Reading {
        wait,
        base,
        base_tests,
        ground: days,
        window,
        compared,
        rest,
        search,
        neighbours,
        siblings,
        parts,
        undated,
        wins_from,
        plan,
    })
}
