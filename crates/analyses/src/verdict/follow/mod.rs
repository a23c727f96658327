//! Follow-up as factors: whether leads were tried at all, how soon, and whether those not reached were tried again.
//!
//! At each step from the hand-off on, the leads that stand before it are told apart in classes: never tried, or by how soon the
//! first attempt came, at which attempt they were reached, or after how many they were given up. What a class is worth is
//! one number for both sides: its rate beside that of the others of the same segment and side. How often an attempt
//! reaches is likewise one number for both sides, by speed and number of the attempt. A cell's own are only what was done: how
//! many were tried, how soon, and how many of those not reached went on to the next attempt. They make an expected rate,
//! relative to the one that both sides together would have; it is `coverage × speed × persistence`, and the step's own rate is
//! what is left. So the product stays exact, and what was done differently without any other rate moves nothing.
//!
//! Not here: whether follow-up brings about the rates (the room `followup`). Invariant: cells where the same was done
//! have the same three factors.

use stats::draws::Draws;
use tallies::columns::lead_cycle as lead;
use tallies::{Column, Dim, Tally, Test};

use super::cells::gamma;
use super::settings::{FOLLOWED_DAYS, LEANS_ON};
use crate::columns::{DAY, all};

const SPEEDS: usize = 3;

/// Attempts that are told apart; the last stands for more.
const TRIES: usize = 4;

/// Turns of the fit at most, and the change of a ratio at which it ends.
const ROUNDS: usize = 20_000;
const STILL: f64 = 1e-9;

/// Standard errors of a one-sided test at 5%.
const ONE_SIDED: f64 = 1.645;

/// Never tried; then for each speed and attempt: reached by it, given up after it.
pub const CLASSES: usize = 1 + SPEEDS * TRIES * 2;

/// Leads by class.
pub type Classes = [f64; CLASSES];

/// The place of those of a speed who were reached by an attempt; those given up after it stand next.
const fn at(speed: usize, attempt: usize) -> usize {
    1 + 2 * (TRIES * speed + attempt)
}

/// What is followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Follow {
    /// The hand-off where it is recorded for half of those that stand before the first step, else the creation.
    pub start: Column,
    /// Upper edges of the first two speeds, in minutes.
    pub edges: [i64; 2],
    /// Whether how soon is a factor: only where sooner came to more than later ([`Worth::sooner_is_more`]).
    pub speed: bool,
    /// Whether two-way contacts are recorded, so that it is known who was not reached.
    pub persistence: bool,
    /// The steps of the stream that are followed.
    pub steps: Vec<usize>,
    /// Leads handed off later were not watched long enough.
    pub latest: i64,
}

impl Follow {
    /// The rows that are told apart, beside those of the cohorts.
    pub fn rows(&self) -> Vec<Test> {
        let late = |end| Test::Before(end, lead::FIRST_ATTEMPT_AT);
        let after = Test::Any(vec![late(lead::OPPORTUNITY_AT), late(lead::WON_AT)]);
        vec![Test::Between(self.start, i64::from(i32::MIN) + 1, self.latest), Test::Not(Box::new(after))]
    }

    /// By how soon the first attempt came, and how many there were until the first contact.
    pub fn dims(&self) -> [Dim; 2] {
        [Dim::Elapsed(self.start, lead::FIRST_ATTEMPT_AT, self.edges.to_vec()), Dim::Bins(lead::TRIES, vec![2, 3, 4])]
    }

    /// Reached at some time.
    pub fn reached() -> Test {
        Test::Has(lead::FIRST_CONTACT_AT)
    }

    /// What coverage, speed and persistence are shares of: tests of the rows, beside those of the cohorts.
    pub fn among(&self, here: &[Test]) -> [Vec<Test>; 3] {
        let stood: Vec<Test> = here.iter().cloned().chain(self.rows()).collect();
        let tried: Vec<Test> = stood.iter().cloned().chain([Test::Has(lead::FIRST_ATTEMPT_AT)]).collect();
        let at_once = all(vec![Test::Between(lead::TRIES, 0, 1), Follow::reached()]);
        let silent = tried.iter().cloned().chain([Test::Not(Box::new(at_once))]).collect();
        [stood, tried, silent]
    }

    /// The classes of a cell of the tally: how many it holds, and how many of them were reached.
    pub fn classes(&self, tally: &Tally, cell: usize, axis: usize, all: f64, reached: f64) -> Classes {
        let mut out = [0.0; CLASSES];
        let place = |axis: usize| tally.label(cell, axis).number().and_then(|n| usize::try_from(n).ok());
        let Some(speed) = place(axis) else {
            out[0] = all;
            return out;
        };
        let speed = speed.min(SPEEDS - 1);
        if self.persistence {
            let attempt = place(axis + 1).unwrap_or(0).min(TRIES - 1);
            out[at(speed, attempt)] = reached;
            out[at(speed, attempt) + 1] = (all - reached).max(0.0);
        } else {
            out[at(speed, 0) + 1] = all;
        }
        out
    }

    /// Until when a lead must have been handed off to have been watched.
    pub fn latest(as_of: i64) -> i64 {
        as_of - FOLLOWED_DAYS * DAY
    }
}

/// The same with how soon not told apart.
pub fn at_any_speed(classes: &Classes) -> Classes {
    let mut out = *classes;
    let first = 1..1 + 2 * TRIES;
    for speed in 1..SPEEDS {
        for place in at(speed, 0)..at(speed, TRIES) {
            out[first.start + (place - 1) % first.len()] += out[place];
            out[place] = 0.0;
        }
    }
    out
}

/// Adds classes.
pub fn add(to: &mut Classes, other: &Classes) {
    to.iter_mut().zip(other).for_each(|(a, b)| *a += b);
}

/// Coverage, speed and persistence: how many, of how many.
pub fn shares(classes: &Classes) -> [(f64, f64); 3] {
    let ways = [0, 1, 2].map(|speed| Way::of(classes, speed));
    let sum = |value: fn(&Way) -> f64| ways.iter().map(value).sum::<f64>();
    let silent = sum(|w| w.left[0] - w.reached[0]);
    [(tried(classes), classes.iter().sum()), (ways[0].left[0], tried(classes)), (sum(|w| w.left[1]), silent)]
}

/// How many were tried.
pub fn tried(classes: &Classes) -> f64 {
    classes[1..].iter().sum()
}

/// The way of those first tried at one speed: who was tried by each attempt, and who reached by it.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    left: [f64; TRIES],
    reached: [f64; TRIES],
}

impl Way {
    fn of(classes: &Classes, speed: usize) -> Way {
        let mut way = Way::default();
        let mut left: f64 = classes[at(speed, 0)..at(speed, TRIES)].iter().sum();
        for attempt in 0..TRIES {
            way.left[attempt] = left;
            way.reached[attempt] = classes[at(speed, attempt)];
            left -= classes[at(speed, attempt)] + classes[at(speed, attempt) + 1];
        }
        way
    }

    /// Share of those tried by an attempt whom it reached.
    fn reach(&self, attempt: usize) -> f64 {
        if self.left[attempt] > 0.0 { self.reached[attempt] / self.left[attempt] } else { 0.0 }
    }

    /// Share of those not reached by an attempt who were tried again; `None` where there were none.
    fn goes_on(&self, attempt: usize) -> Option<f64> {
        let silent = self.left[attempt] - self.reached[attempt];
        let next = self.left.get(attempt + 1).copied().unwrap_or(0.0);
        (silent > 1e-9).then(|| (next / silent).clamp(0.0, 1.0))
    }
}

/// What a class is worth at one step, on both sides together.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    /// Rate of each class beside the level of its stratum.
    ratio: Classes,
    /// Its relative variance, as of a stream of takers.
    variance: Classes,
    /// Share of each class that did not take the step: what that variance is to be multiplied by, as of trials.
    missed: Classes,
    /// Leads of each class, over all cells.
    usual: Classes,
}

impl Worth {
    /// From strata of leads and takers by class: `E k = n × level of the stratum × ratio of the class`, fitted by turns
    /// (Poisson likelihood), so that only what differs within a stratum tells classes apart.
    pub fn of(strata: &[(Classes, Classes)]) -> Worth {
        let mut out =
            Worth { ratio: [1.0; CLASSES], variance: [0.0; CLASSES], missed: [1.0; CLASSES], usual: [0.0; CLASSES] };
        let mut hits = [0.0; CLASSES];
        for (n, k) in strata {
            add(&mut out.usual, n);
            add(&mut hits, k);
        }
        let mut expected = [0.0; CLASSES];
        for _ in 0..ROUNDS {
            expected = [0.0; CLASSES];
            for (n, k) in strata {
                let weighted: f64 = n.iter().zip(&out.ratio).map(|(n, r)| n * r).sum();
                let level = if weighted > 0.0 { k.iter().sum::<f64>() / weighted } else { 0.0 };
                expected.iter_mut().zip(n).for_each(|(e, n)| *e += level * n);
            }
            let mut moved = 0.0f64;
            for class in 0..CLASSES {
                // a class too rare to know is taken for the usual one
                let is_known = expected[class] >= 1.0;
                let ratio = if is_known { (hits[class] + 0.5) / (expected[class] + 0.5) } else { 1.0 };
                moved = moved.max((ratio - out.ratio[class]).abs());
                out.ratio[class] = ratio;
            }
            if moved < STILL {
                break;
            }
        }
        for class in (0..CLASSES).filter(|class| expected[*class] >= 1.0) {
            let told: f64 = strata
                .iter()
                .map(|(_, k)| (k[class], k.iter().sum::<f64>()))
                .filter(|(_, all)| *all > 0.0)
                .map(|(own, all)| own * (1.0 - own / all))
                .sum();
            // of trials, not of a stream: where nearly all of a class take the step little is left to chance
            out.missed[class] = 1.0 - (hits[class] / out.usual[class].max(1.0)).min(1.0);
            out.variance[class] = 1.0 / (told + 0.5);
        }
        out
    }

    /// The logarithm of what a lead first tried at each speed came to, and its variance; `None` without leads or takers.
    fn by_speed(&self) -> [Option<(f64, f64)>; SPEEDS] {
        std::array::from_fn(|speed| {
            let places = at(speed, 0)..at(speed, TRIES);
            let all: f64 = self.usual[places.clone()].iter().sum();
            let part = |place: usize| self.usual[place] / all * self.ratio[place];
            let mean: f64 = places.clone().map(part).sum();
            let squared: f64 = places.map(|place| part(place) * part(place) * self.variance[place]).sum();
            (all > 0.0 && mean > 0.0).then(|| (mean.ln(), squared / (mean * mean)))
        })
    }

    /// Whether leads tried soonest came to more than those tried latest, over all steps together and beyond chance, and no
    /// speed to less than a later one (each one-sided, 5%, by the wider variance of a stream: who is tried soon was not
    /// left to chance, so that a factor asks for more). Where not, those called soon may be others than those called
    /// late, and a factor of speed would say what the data do not.
    pub fn sooner_is_more(steps: &[Worth]) -> bool {
        let speeds: Vec<_> = steps.iter().map(Worth::by_speed).collect();
        let over_steps = |speed: usize| {
            speeds.iter().filter_map(|s| s[speed]).fold((0.0, 0.0), |(sum, var), (log, v)| (sum + log, var + v))
        };
        let known: Vec<(f64, f64)> =
            (0..SPEEDS).filter(|k| speeds.iter().all(|s| s[*k].is_some())).map(over_steps).collect();
        let deviations = |sooner: usize, later: usize| {
            let (s, l) = (known[sooner], known[later]);
            (s.0 - l.0) / (s.1 + l.1).sqrt()
        };
        let last = known.len().saturating_sub(1);
        let mut pairs = (0..known.len()).flat_map(|later| (0..later).map(move |sooner| (sooner, later)));
        last > 0 && deviations(0, last) > ONE_SIDED && pairs.all(|(s, l)| deviations(s, l) > -ONE_SIDED)
    }

    /// The same with the worth of each class drawn.
    pub fn drawn(&self, draws: &mut Draws) -> Worth {
        let mut out = self.clone();
        for ((ratio, variance), missed) in out.ratio.iter_mut().zip(&self.variance).zip(&self.missed) {
            *ratio = super::cells::around(*ratio, variance * missed, draws);
        }
        out
    }

    /// The same for one segment: what is usual in it, on both sides together, leaning on what is usual in all.
    pub fn within(&self, segment: &Classes) -> Worth {
        let all: f64 = self.usual.iter().sum();
        let mut out = self.clone();
        for (usual, own) in out.usual.iter_mut().zip(segment) {
            *usual = own + if all > 0.0 { LEANS_ON * *usual / all } else { 0.0 };
        }
        out
    }

    /// Coverage, speed and persistence of a cell, 1 each where its classes are the usual ones; `None` without leads.
    pub fn factors(&self, classes: &Classes) -> Option<[f64; 3]> {
        let share = |k: f64, n: f64| (n > 0.0).then(|| k / n);
        let (total, usual_all) = (classes.iter().sum::<f64>(), self.usual.iter().sum::<f64>());
        let covered = share(tried(classes), total)?;
        let speeds = |of: &Classes| [0, 1, 2].map(|k| Way::of(of, k).left[0]);
        let usual = speeds(&self.usual);
        let own = speeds(classes);
        // attempts reach as usual; whether there is a next one is usual or own
        let worth = |k: usize, goes_on: &dyn Fn(usize) -> f64| {
            let (mut here, mut sum) = (1.0, 0.0);
            let usual = Way::of(&self.usual, k);
            for attempt in 0..TRIES {
                let reach = usual.reach(attempt);
                let on = if attempt + 1 < TRIES { goes_on(attempt) } else { 0.0 };
                let (hit, up) = (self.ratio[at(k, attempt)], self.ratio[at(k, attempt) + 1]);
                sum += here * (reach * hit + (1.0 - reach) * (1.0 - on) * up);
                here *= (1.0 - reach) * on;
            }
            sum
        };
        let usual_on = |k: usize, attempt: usize| Way::of(&self.usual, k).goes_on(attempt).unwrap_or(0.0);
        let own_on = |k: usize, n: usize| Way::of(classes, k).goes_on(n).unwrap_or_else(|| usual_on(k, n));
        let by_usual = [0, 1, 2].map(|k| worth(k, &|n| usual_on(k, n)));
        let by_own = [0, 1, 2].map(|k| worth(k, &|n| own_on(k, n)));
        let mean = |weights: &[f64; 3], values: &[f64; 3]| {
            share(weights.iter().zip(values).map(|(w, v)| w * v).sum(), weights.iter().sum())
        };
        let usual_mean = mean(&usual, &by_usual)?;
        let mix = if own.iter().sum::<f64>() > 0.0 { own } else { usual };
        let expected = |covered: f64, of_tried: f64| (1.0 - covered) * self.ratio[0] + covered * of_tried;
        let level = expected(share(tried(&self.usual), usual_all)?, usual_mean);
        let coverage = expected(covered, usual_mean);
        let speed = expected(covered, mean(&mix, &by_usual)?);
        let all = expected(covered, mean(&mix, &by_own)?);
        let positive = level > 0.0 && coverage > 0.0 && speed > 0.0 && all > 0.0;
        positive.then(|| [coverage / level, speed / coverage, all / speed])
    }
}

/// The classes of a cell as drawn.
pub fn drawn(classes: &Classes, draws: &mut Draws) -> Classes {
    classes.map(|n| gamma(n, draws))
}

#[cfg(test)]
mod tests;
