//! The end of a quarter apart: what its last two weeks gave away, and what the weeks before did.
//!
//! Of the list price of what was won, a share `s` fell into the last two weeks. With kept shares `e` before and `l` in
//! them, over all `(1 - s) e + s l = e x` was kept, `x = (1 - s) + s l / e`: the discount of the weeks before and the
//! quarter-end discount `1 - x` are two factors whose product is exact.
//!
//! Not here: whether the difference deserves a sentence. Invariant: `x` is 1 where both parts of the quarter gave the same.

use stats::draws::Draws;
use terms::PeriodUnit;

use super::cells::Spread;
use super::numbers::{Measured, Reading};
use super::plan::Side;
use super::settings::{LAST_DAYS, LEAST_WINS};

/// List price, amount and number of some wins.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Priced {
    pub list: f64,
    pub amount: f64,
    pub wins: f64,
}

impl Priced {
    /// The share of the list price that was kept.
    pub fn kept(&self) -> f64 {
        if self.list > 0.0 { self.amount / self.list } else { 0.0 }
    }

    fn is_enough(&self) -> bool {
        self.wins >= LEAST_WINS as f64 && self.list > 0.0 && self.amount > 0.0
    }
}

/// The two parts of one period: before its last two weeks, and in them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    pub early: Priced,
    pub late: Priced,
}

impl Parts {
    /// The late part's share of the list price.
    fn share(&self) -> f64 {
        self.late.list / (self.early.list + self.late.list)
    }

    /// What is kept over all, for each unit kept early.
    pub fn factor(&self) -> f64 {
        1.0 - self.share() + self.share() * self.late.kept() / self.early.kept()
    }

    /// The early part's share of the wins.
    pub fn early_share(&self) -> f64 {
        self.early.wins / (self.early.wins + self.late.wins)
    }

    /// One draw of the factor, `early` being how far the early kept share was drawn from its value, as a ratio. Drawn are
    /// the late kept share and what list price fell into each part: a few large wins can make the end of a quarter.
    pub fn drawn(&self, early: f64, spread: &Spread, side: usize, draws: &mut Draws) -> f64 {
        let kept = self.late.kept();
        let relative = spread.kept[side] / self.late.wins / (kept * kept).max(1e-9);
        let late = super::cells::around(kept, relative, draws);
        // the sum of a number of wins that is Poisson
        let [before, after] = [&self.early, &self.late]
            .map(|part| super::cells::around(part.list, (1.0 + spread.across) / part.wins, draws));
        let share = after / (before + after);
        1.0 - share + share * late / (self.early.kept() * early).max(1e-9)
    }
}

/// Both sides of a stream, where each part of each has enough wins and the periods are quarters.
pub fn of_stream(stream: &Measured, sides: &[Side; 2]) -> Option<[Parts; 2]> {
    let quarters = sides.iter().all(|s| s.period.unit == Some(PeriodUnit::Quarter));
    let parts = [0, 1].map(|side| parts(&[stream], sides, side));
    (quarters && parts.iter().all(enough)).then_some(parts)
}

/// Both sides over all streams, for periods of eight weeks and more, where each part has enough wins.
pub fn of_all(reading: &Reading) -> Option<[Parts; 2]> {
    let streams: Vec<&Measured> = reading.streams.iter().collect();
    let long = reading.sides.iter().all(|s| s.days().1 - s.days().0 >= 4 * LAST_DAYS);
    let both = [0, 1].map(|side| parts(&streams, &reading.sides, side));
    (long && both.iter().all(enough)).then_some(both)
}

fn enough(parts: &Parts) -> bool {
    parts.early.is_enough() && parts.late.is_enough()
}

/// Whether a bin of weeks lies in the last two weeks of a period.
pub fn is_late(bin: i64, side: &Side) -> bool {
    let (first, last) = side.days();
    bin > ((last - first) / 7).min(60) - LAST_DAYS / 7
}

fn parts(streams: &[&Measured], sides: &[Side; 2], side: usize) -> Parts {
    let mut out = Parts::default();
    for (bin, (list, amount, wins)) in streams.iter().flat_map(|s| &s.by_week[side]) {
        let slot = if is_late(*bin, &sides[side]) { &mut out.late } else { &mut out.early };
        slot.list += list;
        slot.amount += amount;
        slot.wins += wins;
    }
    out
}
