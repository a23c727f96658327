//! From tallies to a reading: counts here, the comparison in `compare`. Judges nothing.

use tallies::Tally;

use super::compare::{Compared, compare};
use super::settings::HARDLY;
use super::specs::{Class, Plan, plan};
use crate::{Lay, Question};

/// Everything this room read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub plan: Plan,
    pub begun: u64,
    /// Of those, in the class that is left out.
    pub left_out: u64,
    pub mature: u64,
    /// The first attempt is known by its day alone.
    pub day_only: u64,
    /// The outcome came by the landmark.
    pub early: u64,
    pub undated: u64,
    /// By speed, the never tried last: leads, outcomes.
    pub speed: [(u64, u64); 6],
    pub compared: Compared,
}

/// Takes the answers in the order of `specs`.
pub fn read(question: &Question, lay: &Lay, tallies: &[Tally]) -> Option<Reading> {
    let mut plan = plan(question, lay)?;
    let [cells, by_speed, told_apart] = tallies else { return None };
    plan.only = only(cells, plan.covariates.len());
    let keep = |tally: &Tally, cell: usize, axis: usize| plan.only.is_none_or(|c| c == class(tally, cell, axis));
    let mut speed = [(0, 0); 6];
    for cell in (0..by_speed.cells).filter(|c| keep(by_speed, *c, 0)) {
        let place = by_speed.label(cell, 1).number().and_then(|n| usize::try_from(n).ok()).unwrap_or(5).min(5);
        speed[place].0 += count(by_speed, cell, 0);
        speed[place].1 += count(by_speed, cell, 1);
    }
    let all = |m: usize| (0..told_apart.cells).map(|c| count(told_apart, c, m)).sum::<u64>();
    let n = |m: usize| {
        let kept = (0..told_apart.cells).filter(|c| keep(told_apart, *c, 0));
        kept.map(|c| count(told_apart, c, m)).sum::<u64>()
    };
    Some(Reading {
        begun: all(0),
        left_out: all(0) - n(0),
        mature: n(1),
        day_only: n(2),
        early: n(3),
        undated: all(4),
        speed,
        compared: compare(cells, plan.covariates.len(), plan.only),
        plan,
    })
}

/// The class of a cell, by its label on an axis.
pub fn class(tally: &Tally, cell: usize, axis: usize) -> Class {
    if tally.label(cell, axis).number() == Some(1) { Class::Qualified } else { Class::Later }
}

/// The only class that can be compared, if the other is hardly ever or nearly always tried within the hour.
fn only(cells: &Tally, axis: usize) -> Option<Class> {
    let can = [Class::Later, Class::Qualified].map(|of| {
        let (mut fast, mut all) = (0.0, 0.0);
        for cell in (0..cells.cells).filter(|c| class(cells, *c, axis) == of) {
            let arms = [count(cells, cell, 1) as f64, count(cells, cell, 3) as f64];
            (fast, all) = (fast + arms[0], all + arms[0] + arms[1]);
        }
        fast > HARDLY * all && fast < (1.0 - HARDLY) * all
    });
    match can {
        [true, false] => Some(Class::Later),
        [false, true] => Some(Class::Qualified),
        _ => None,
    }
}

/// A count in a cell.
pub fn count(tally: &Tally, cell: usize, measure: usize) -> u64 {
    u64::try_from(tally.int(cell, measure)).unwrap_or(0)
}
