//! From tallies to a reading: counts here, the comparison in `compare`. Judges nothing.

use tallies::Tally;

use super::compare::{Compared, compare};
use super::specs::{Plan, plan};
use crate::{Lay, Question};

/// Everything this room read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub plan: Plan,
    pub begun: u64,
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
    let plan = plan(question, lay)?;
    let [cells, by_speed, told_apart] = tallies else { return None };
    let mut speed = [(0, 0); 6];
    for cell in 0..by_speed.cells {
        let place = by_speed.label(cell, 0).number().and_then(|n| usize::try_from(n).ok()).unwrap_or(5).min(5);
        speed[place].0 += count(by_speed, cell, 0);
        speed[place].1 += count(by_speed, cell, 1);
    }
    let n = |m: usize| count(told_apart, 0, m);
    Some(Reading {
        begun: n(0),
        mature: n(1),
        day_only: n(2),
        early: n(3),
        undated: n(4),
        speed,
        compared: compare(cells, plan.covariates.len()),
        plan,
    })
}

/// A count in a cell.
pub fn count(tally: &Tally, cell: usize, measure: usize) -> u64 {
    u64::try_from(tally.int(cell, measure)).unwrap_or(0)
}
