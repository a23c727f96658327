//! The numbers of a verdict as read: cohorts, closings, segments, streams, totals.
//!
//! Not here: how they are read or drawn. Invariant: the numbers of a segment do not depend on what it is called.

use std::collections::BTreeMap;

use tallies::{Label, Tally};

use super::follow::{self, Classes, Worth};
use super::plan::{Side, Stream};
use crate::maturity::Later;
use crate::records::MissingWins;

/// Rows that began together: one segment, one stretch of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// How many.
    pub n: f64,
    /// How many took each step so far.
    pub got: Vec<f64>,
    /// What is still to come at each step from those who stand before it.
    pub later: Vec<Later>,
    /// P(ever) of those who have not yet come to stand before it.
    pub fresh: Vec<f64>,
    /// What was done about those who stood before each followed step, and the same of those who took it.
    pub followed: Vec<[Classes; 2]>,
}

impl Cohort {
    /// How many will have got to each place in the end: the beginning, then each step. `scale` multiplies what is
    /// still to come.
    pub fn ultimate(&self, scale: &[f64]) -> Vec<f64> {
        let mut out = vec![self.n];
        for (step, got) in self.got.iter().enumerate() {
            let before = out.last().copied().unwrap_or(0.0);
            let stood = if step == 0 { self.n } else { self.got[step - 1] };
            let factor = scale.get(step).copied().unwrap_or(1.0);
            let coming = (self.later[step].expected + (before - stood).max(0.0) * self.fresh[step]) * factor;
            out.push((got + coming).min(before));
        }
        out
    }

    /// How many decided cases the rate of a step rests on.
    pub fn decided(&self, step: usize) -> f64 {
        let stood = if step == 0 { self.n } else { self.got[step - 1] };
        (stood - self.later[step].undecided).max(self.got[step]).max(0.0)
    }
}

/// What closed of one cohort in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Closed {
    pub won: f64,
    pub lost: f64,
    pub priced: f64,
    pub amount: f64,
    pub listed: f64,
    pub list: f64,
    pub listed_amount: f64,
    pub log: f64,
    pub log_squared: f64,
}

impl Closed {
    pub fn add(&mut self, other: &Closed) {
        self.won += other.won;
        self.lost += other.lost;
        self.priced += other.priced;
        self.amount += other.amount;
        self.listed += other.listed;
        self.list += other.list;
        self.listed_amount += other.listed_amount;
        self.log += other.log;
        self.log_squared += other.log_squared;
    }
}

/// One segment of a stream: some labels of the dimension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    pub name: String,
    /// The labels it stands for.
    pub labels: Vec<Label>,
    /// `[side][lag]`.
    pub cohorts: [Vec<Cohort>; 2],
    /// `[side][lag]`.
    pub closed: [Vec<Closed>; 2],
}

impl Segment {
    /// All rows of both sides' own periods and cohorts.
    pub fn rows(&self) -> f64 {
        self.cohorts.iter().flatten().map(|c| c.n).sum()
    }

    pub fn add(&mut self, other: &Segment) {
        for side in 0..2 {
            for (a, b) in self.cohorts[side].iter_mut().zip(&other.cohorts[side]) {
                a.n += b.n;
                for (x, y) in a.got.iter_mut().zip(&b.got) {
                    *x += y;
                }
                for (x, y) in a.followed.iter_mut().flatten().zip(b.followed.iter().flatten()) {
                    follow::add(x, y);
                }
                for (x, y) in a.later.iter_mut().zip(&b.later) {
                    x.expected += y.expected;
                    x.undecided += y.undecided;
                    x.estimation += y.estimation;
                }
            }
            for (a, b) in self.closed[side].iter_mut().zip(&other.closed[side]) {
                a.add(b);
            }
        }
    }

    /// What tells segments apart by content and not by name.
    pub fn content(&self) -> Vec<u64> {
        let cohorts = self.cohorts.iter().flatten().flat_map(|c| std::iter::once(c.n).chain(c.got.iter().copied()));
        let closed = self.closed.iter().flatten().flat_map(|c| [c.won, c.lost, c.amount, c.list]);
        cohorts.chain(closed).map(|x| x.max(0.0).to_bits()).collect()
    }
}

/// A stream, read.
#[derive(Clone, Debug)]
pub struct Measured {
    pub plan: Stream,
    pub segments: Vec<Segment>,
    /// The same told apart by the second column as well: what the split is made of.
    pub cells: Vec<Segment>,
    /// How uncertain the pace of each step is on each side and lag, as a share of what is still to come.
    pub pace_spread: [Vec<Vec<f64>>; 2],
    /// How each step's future was worked out.
    pub laws: Vec<&'static str>,
    /// Wins with a list price by segment and week, each side: list, amount, whether in the last two weeks.
    pub weeks: [Vec<(f64, f64, bool)>; 2],
    /// The same by week alone: weeks before the end of the period, list, amount, wins.
    pub by_week: [BTreeMap<i64, (f64, f64, f64)>; 2],
    /// What each class of follow-up is worth at each followed step; empty where follow-up is no factor.
    pub worth: Vec<Worth>,
    /// Rows in the cohorts of either side, how many of them stood before each step, and what coverage, speed and
    /// persistence are shares of.
    pub union: Vec<u64>,
}

impl Measured {
    /// How much of what closed came from each lag, the mean of both sides; they add to 1. What a level over several
    /// cohorts is weighted by, so that it moves as its part of the gap does.
    pub fn weights(&self) -> Vec<f64> {
        let lags = self.segments.first().map_or(0, |s| s.closed[0].len());
        let share = |side: usize, lag: usize| {
            let at =
                |l: usize| self.segments.iter().map(|s| s.closed[side][l].won + s.closed[side][l].lost).sum::<f64>();
            let all: f64 = (0..lags).map(at).sum();
            if all > 0.0 { at(lag) / all } else { 0.0 }
        };
        (0..lags).map(|lag| (share(0, lag) + share(1, lag)) / 2.0).collect()
    }

    /// Of one segment and side, weighted over lags: how many got past a step, and how many stood before it.
    pub fn passed(&self, segment: usize, side: usize, step: usize, weights: &[f64]) -> (f64, f64) {
        let cohorts = self.segments.get(segment).map(|s| s.cohorts[side].as_slice()).unwrap_or_default();
        cohorts.iter().zip(weights).fold((0.0, 0.0), |(k, n), (cohort, w)| {
            let reach = cohort.ultimate(&[]);
            (k + w * reach[step + 1], n + w * reach[step])
        })
    }

    /// What was done on a side about those who stood before the first followed step, each lag with its weight.
    pub fn followed(&self, side: usize, weights: &[f64]) -> Classes {
        let mut sum = [0.0; follow::CLASSES];
        for (cohort, weight) in self.segments.iter().flat_map(|s| s.cohorts[side].iter().zip(weights)) {
            if let Some([stood, _]) = cohort.followed.first() {
                follow::add(&mut sum, &stood.map(|n| n * weight));
            }
        }
        sum
    }

    /// Sum over segments and lags of what closed in a side.
    pub fn closed(&self, side: usize) -> Closed {
        let mut sum = Closed::default();
        for closed in self.segments.iter().flat_map(|s| &s.closed[side]) {
            sum.add(closed);
        }
        sum
    }
}

/// What was won in a side, counted at the grain of the opportunity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    pub wins: i64,
    pub priced: i64,
    pub amount: i64,
    pub not_converted: i64,
    pub contradicted: i64,
    pub contradicted_amount: i64,
    /// Opportunities that were lost.
    pub lost: i64,
    /// Wins recorded on the lead alone.
    pub lead_only: i64,
}

/// Everything, read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub sides: [Side; 2],
    pub totals: [Total; 2],
    pub streams: Vec<Measured>,
    pub fates: Tally,
    pub missing_wins: Option<MissingWins>,
}
