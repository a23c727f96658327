//! The step after the hand-off, told apart by how it was followed up: whether at all, how soon, how often.
//!
//! A lead is *covered* when it was attempted within [`LANDMARK`] of its hand-off. Covered leads are told apart by the wait
//! until the first attempt, and by what happened try by try: reached at the first, or not and left, or tried again and
//! reached at the second, and so on. What the team decides (try at all, how soon, try again) are three factors; what it
//! meets (reached or not, and the step taken or not, given the same follow-up) stays in the rate of the step, where
//! lead quality, skill and the market cannot be told apart. Only leads handed off long enough ago to know are counted.
//!
//! Here: the classes, what they say of a cohort, and their product form. Not here: what they do to revenue. Invariant:
//! the classes' products add up to the rate of the step.

use report::{Figure, Unit};
use stats::binomial::jeffreys_interval;
use stats::draws::Draws;
use tallies::columns::lead_cycle as lead;
use tallies::{Dim, Measure, Spec, Tally, Test};

use super::cells::gamma;
use super::numbers::Measured;
use super::plan::{Follow, Side, Step, Stream};
use super::settings::{KNOWN_AFTER, LANDMARK, TRIES_WITHIN};
use crate::columns::all;
use crate::figures::{About, LEAST_EVENTS, house};

/// Bins of the wait until the first attempt.
pub const WAITS: usize = 3;
/// Left alone, and for each wait: reached at the first try; left after it; reached at the second; left after it; more.
pub const CLASSES: usize = 1 + 5 * WAITS;
const REACHED_FIRST: usize = 1;
const LEFT_FIRST: usize = 2;
const REACHED_SECOND: usize = 3;
const LEFT_SECOND: usize = 4;
const MORE: usize = 5;

/// Leads of one cohort by class, and how many of each took the step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes {
    pub n: [f64; CLASSES],
    pub passed: [f64; CLASSES],
}

impl Classes {
    pub fn add(&mut self, other: &Classes) {
        for (a, b) in self.n.iter_mut().zip(&other.n).chain(self.passed.iter_mut().zip(&other.passed)) {
            *a += b;
        }
    }

    pub fn all(&self) -> f64 {
        self.n.iter().sum()
    }

    /// Covered, of all.
    pub fn covered(&self) -> (f64, f64) {
        (self.all() - self.n[0], self.all())
    }

    /// Attempted within the first wait, of those covered.
    pub fn soon(&self) -> (f64, f64) {
        ((1..=5).map(|k| self.n[k]).sum(), self.covered().0)
    }

    /// Tried again, of those not reached at the first try.
    pub fn again(&self) -> (f64, f64) {
        let sum = |of: &[usize]| -> f64 { (0..WAITS).flat_map(|w| of.iter().map(move |k| self.n[5 * w + k])).sum() };
        let more = sum(&[REACHED_SECOND, LEFT_SECOND, MORE]);
        (more, more + sum(&[LEFT_FIRST]))
    }

    /// Adds one cell of the tally: wait, whether reached, tries.
    fn cell(&mut self, wait: Option<i64>, reached: bool, tries: i64, n: f64, passed: f64) {
        let class = match wait.and_then(|w| usize::try_from(w).ok()).filter(|w| *w < WAITS) {
            None => 0,
            Some(wait) => {
                5 * wait
                    + match (tries, reached) {
                        (0, true) => REACHED_FIRST,
                        (0, false) => LEFT_FIRST,
                        (1, true) => REACHED_SECOND,
                        (1, false) => LEFT_SECOND,
                        _ => MORE,
                    }
            }
        };
        self.n[class] += n;
        self.passed[class] += passed;
    }

    /// Reads one cell of the tally, whose last three dimensions are those of [`spec`].
    pub fn read(&mut self, tally: &Tally, cell: usize, axis: usize) {
        let number = |step: usize| tally.label(cell, axis + step).number();
        let reached = number(1) == Some(0);
        self.cell(number(0), reached, number(2).unwrap_or(0), tally.real(cell, 0), tally.real(cell, 1));
    }
}

/// Counts a side's cohorts by class.
pub fn spec(stream: &Stream, follow: &Follow, step: &Step, side: &Side, as_of: i64) -> Spec {
    let mut filter = stream.rows(side);
    filter.extend(known(step, as_of));
    let mut dims = stream.dims(side);
    dims.extend([
        Dim::Elapsed(lead::HANDOFF_AT, lead::FIRST_ATTEMPT_AT, vec![follow.waits[0], follow.waits[1], LANDMARK + 1]),
        Dim::Elapsed(lead::FIRST_ATTEMPT_AT, lead::FIRST_CONTACT_AT, vec![TRIES_WITHIN + 1]),
        Dim::Bins(lead::EARLY_ATTEMPTS, vec![2, 3]),
    ]);
    let measures = vec![Measure::Count, Measure::CountIf(step.there.clone())];
    Spec { name: "verdict.follow_up", grain: stream.grain, filter, dims, measures }
}

/// What the classes of one cohort and side say: shares that a team decides, and shares that it meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    covered: Option<f64>,
    wait: [Option<f64>; WAITS],
    first: [Option<f64>; WAITS],
    again: [Option<f64>; WAITS],
    second: [Option<f64>; WAITS],
    third: [Option<f64>; WAITS],
    rate: [Option<f64>; CLASSES],
    /// The step's rate over all classes, counted.
    raw: f64,
    /// The step's rate of the cohort, what is still to come included.
    target: f64,
}

impl Shares {
    /// `None` where nobody was counted.
    pub fn of(classes: &Classes, target: f64) -> Option<Shares> {
        let raw = part(classes.passed.iter().sum(), classes.all())?;
        Some(shares(&classes.n, &classes.passed, raw, target))
    }

    /// One draw.
    pub fn drawn(classes: &Classes, target: f64, draws: &mut Draws) -> Option<Shares> {
        let raw = part(classes.passed.iter().sum(), classes.all())?;
        let (mut n, mut passed) = ([0.0; CLASSES], [0.0; CLASSES]);
        for k in 0..CLASSES {
            passed[k] = gamma(classes.passed[k], draws);
            n[k] = passed[k] + gamma((classes.n[k] - classes.passed[k]).max(0.0), draws);
        }
        Some(shares(&n, &passed, raw, target))
    }

    /// The same shares for a side whose step has this rate.
    pub fn toward(self, target: f64) -> Shares {
        Shares { target, ..self }
    }

    /// What was not tried on this side is taken from the other.
    pub fn carry(&mut self, other: &Shares) {
        let fill = |a: &mut Option<f64>, b: &Option<f64>| *a = a.or(*b);
        fill(&mut self.covered, &other.covered);
        let none = self.wait.iter().all(Option::is_none);
        for w in 0..WAITS {
            if none {
                self.wait[w] = other.wait[w];
            }
            fill(&mut self.first[w], &other.first[w]);
            fill(&mut self.again[w], &other.again[w]);
            fill(&mut self.second[w], &other.second[w]);
            fill(&mut self.third[w], &other.third[w]);
        }
        for (a, b) in self.rate.iter_mut().zip(&other.rate) {
            fill(a, b);
        }
    }

    /// For each class: share by coverage, by wait, by tries, and the rest with the rate. Products add up to the rate of
    /// the step.
    pub fn rows(&self) -> [[f64; 4]; CLASSES] {
        let value = |x: Option<f64>| x.unwrap_or(0.0);
        // as many as are known to come; where nobody passed yet, all classes alike
        let rate = |k: usize| if self.raw > 0.0 { value(self.rate[k]) * self.target / self.raw } else { self.target };
        let mut out = [[0.0; 4]; CLASSES];
        let covered = value(self.covered);
        out[0] = [1.0 - covered, 1.0, 1.0, rate(0)];
        for w in 0..WAITS {
            let (first, second) = (value(self.first[w]), value(self.second[w]));
            let (again, third) = (value(self.again[w]), value(self.third[w]));
            let met = [first, 1.0 - first, (1.0 - first) * second, (1.0 - first) * (1.0 - second), (1.0 - first) * (1.0 - second)];
            let decided = [1.0, 1.0 - again, again, again * (1.0 - third), again * third];
            for k in 1..=5 {
                let class = 5 * w + k;
                out[class] = [covered, value(self.wait[w]), decided[k - 1], met[k - 1] * rate(class)];
            }
        }
        out
    }
}

fn part(k: f64, n: f64) -> Option<f64> {
    (n > 0.0).then(|| k / n)
}

fn shares(n: &[f64; CLASSES], passed: &[f64; CLASSES], raw: f64, target: f64) -> Shares {
    let all: f64 = n.iter().sum();
    let covered = all - n[0];
    let of = |w: usize, k: usize| n[5 * w + k];
    let per_wait = |f: &dyn Fn(usize) -> Option<f64>| std::array::from_fn(f);
    let tried = |w: usize| of(w, REACHED_SECOND) + of(w, LEFT_SECOND) + of(w, MORE);
    Shares {
        covered: part(covered, all),
        wait: per_wait(&|w| part((1..=5).map(|k| of(w, k)).sum(), covered)),
        first: per_wait(&|w| part(of(w, REACHED_FIRST), of(w, REACHED_FIRST) + of(w, LEFT_FIRST) + tried(w))),
        again: per_wait(&|w| part(tried(w), of(w, LEFT_FIRST) + tried(w))),
        second: per_wait(&|w| part(of(w, REACHED_SECOND), tried(w))),
        third: per_wait(&|w| part(of(w, MORE), of(w, LEFT_SECOND) + of(w, MORE))),
        rate: std::array::from_fn(|k| part(passed[k], n[k])),
        raw,
        target,
    }
}

/// A share of one side, weighted by when the wins came.
pub struct Level {
    rate: Option<f64>,
    /// Effective cases (Kish).
    effective: f64,
    /// Cases counted.
    cases: f64,
    hits: f64,
}

/// How a factor of follow-up stood on one side.
pub fn level(stream: &Measured, factor: &str, side: usize) -> Level {
    let weights = stream.weights();
    let mut out = Level { rate: None, effective: 0.0, cases: 0.0, hits: 0.0 };
    let (mut k, mut n, mut squares) = (0.0, 0.0, 0.0);
    for (cohort, w) in stream.segments.iter().flat_map(|s| s.cohorts[side].iter().zip(&weights)) {
        let (hits, of) = match factor {
            "coverage" => cohort.classes.covered(),
            "speed" => cohort.classes.soon(),
            _ => cohort.classes.again(),
        };
        k += w * hits;
        n += w * of;
        squares += w * w * of;
        out.cases += of;
        out.hits += hits;
    }
    out.rate = part(k, n);
    out.effective = if squares > 0.0 { n * n / squares } else { 0.0 };
    out
}

impl Level {
    /// As a figure; withheld where too few.
    pub fn figure(&self, about: &About, id: &str, label: &str) -> Option<Figure> {
        let rate = self.rate?;
        let cases = self.cases.round() as u64;
        if self.hits < LEAST_EVENTS as f64 {
            return Some(about.withheld(id, label, Unit::Share, cases, Some(self.hits.round() as u64)));
        }
        let interval = jeffreys_interval(rate * self.effective, self.effective).map(house);
        Some(about.estimated(id, label, Unit::Share, rate, interval, cases, None))
    }
}

/// What a level of follow-up is a share of.
pub fn method(factor: &str, follow: &Follow) -> String {
    let what = match (factor, follow.by_day) {
        ("coverage", _) => "attempted within 14 days of the hand-off",
        ("speed", false) => "first attempt within an hour, of those attempted within 14 days",
        ("speed", true) => "first attempt by the next day, of those attempted within 14 days",
        _ => "tried again within a week, of those not reached at the first try",
    };
    format!("{what}; weighted by when the wins came")
}

/// The factors, in their order.
pub const FACTORS: [&str; 3] = ["coverage", "speed", "persistence"];

/// The rows that the level of a factor is a share of.
pub fn rows_of(factor: &str, step: &Step, as_of: i64) -> Vec<Test> {
    let mut out = known(step, as_of);
    if factor != "coverage" {
        out.push(Test::Elapsed(lead::HANDOFF_AT, lead::FIRST_ATTEMPT_AT, 0, LANDMARK));
    }
    if factor == "persistence" {
        let reached = Test::Elapsed(lead::FIRST_ATTEMPT_AT, lead::FIRST_CONTACT_AT, LONG_BEFORE, TRIES_WITHIN);
        out.push(Test::Not(Box::new(all(vec![reached, Test::Between(lead::EARLY_ATTEMPTS, 0, 1)]))));
    }
    out
}

/// A contact may be recorded before the first attempt, by this many minutes at most: ten years.
const LONG_BEFORE: i64 = -5_256_000;

/// Came to stand before the step, and was handed off long enough ago.
fn known(step: &Step, as_of: i64) -> Vec<Test> {
    let mut out = step.here.clone();
    out.push(Test::Between(lead::HANDOFF_AT, i64::from(i32::MIN) + 1, as_of - KNOWN_AFTER));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(seed: usize) -> Classes {
        let mut out = Classes::default();
        for k in 0..CLASSES {
            out.n[k] = ((seed * 31 + k * 17) % 23 + 1) as f64;
            out.passed[k] = (out.n[k] * ((k * 7 + seed) % 10) as f64 / 10.0).floor();
        }
        out
    }

    fn sum(shares: &Shares) -> f64 {
        shares.rows().iter().map(|r| r.iter().product::<f64>()).sum()
    }

    #[test]
    fn products_of_classes_add_up_to_the_rate_of_the_step() {
        for seed in 0..20 {
            let shares = Shares::of(&classes(seed), 0.4).unwrap();
            assert!((sum(&shares) - 0.4).abs() < 1e-12);
            let mut draws = Draws::new(seed as u64);
            let drawn = Shares::drawn(&classes(seed), 0.4, &mut draws).unwrap();
            assert!((sum(&drawn) - 0.4).abs() < 0.2);
        }
    }

    #[test]
    fn who_was_not_tried_on_one_side_is_taken_from_the_other_and_changes_nothing() {
        let mut alone = Classes::default();
        (alone.n[0], alone.passed[0]) = (10.0, 4.0);
        let full = Shares::of(&classes(3), 0.4).unwrap();
        let mut carried = Shares::of(&alone, 0.4).unwrap();
        carried.carry(&full);
        assert!((sum(&carried) - 0.4).abs() < 1e-12);
        assert_eq!(carried.covered, Some(0.0));
        assert_eq!(carried.rate[5], full.rate[5]);
    }

    #[test]
    fn cells_fall_into_their_class() {
        let mut got = Classes::default();
        for (wait, reached, tries) in
            [(None, false, 0), (Some(3), true, 1), (Some(0), true, 0), (Some(1), false, 1), (Some(2), true, 2)]
        {
            got.cell(wait, reached, tries, 2.0, 1.0);
        }
        let filled: Vec<usize> = (0..CLASSES).filter(|k| got.n[*k] > 0.0).collect();
        assert_eq!((filled, got.n[0]), (vec![0, 1, 9, 15], 4.0));
        assert_eq!((got.covered(), got.soon(), got.again()), ((6.0, 10.0), (2.0, 6.0), (4.0, 4.0)));
    }
}
