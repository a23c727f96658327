//! Which segments the difference lies in, with chance taken out: for ranking segments, never people.
//!
//! Each rate's change and that of the mean amount are shrunk over the segments toward their common change
//! (`stats::shrink`); a segment's part is then `(R0 + R1) (P1 - P0) / (P1 + P0)` with `R` what it won in the two periods
//! and `P` the product of its number of rows, its shrunk rates and its shrunk amount: the level stays what was counted.
//!
//! Not here: sentences. Invariant: parts and `chance` add up to what was counted in the cells.

use stats::draws::{largest, matrix};
use stats::interval::Interval;
use stats::shrink::{Counts, common_change, shrink};

use super::cells::Money;
use super::numbers::{Closed, Measured};
use super::settings::NAMED;
use crate::Question;

/// One segment's place in the difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its number in the stream.
    pub segment: usize,
    /// Counted difference, in minor units or wins.
    pub counted: f64,
    /// The same without chance.
    pub part: f64,
    pub interval: Option<Interval>,
    /// P(largest of all in absolute value).
    pub largest: f64,
}

impl Place {
    /// Whether it can be told as the largest: more often than not in the draws, in a known direction.
    pub fn is_told(&self) -> bool {
        self.largest >= NAMED && self.interval.is_some_and(|i| i.lo90 > 0.0 || i.hi90 < 0.0)
    }
}

/// All segments, the likeliest to be the largest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    pub places: Vec<Place>,
    /// What the parts leave of the counted difference.
    pub chance: f64,
}

/// One change of one segment on a log or logit scale, with its shrunk value and how uncertain that is.
#[derive(Clone, Copy, Debug)]
struct Change {
    is_rate: bool,
    /// Precision-weighted level and the weight of the change on the first side.
    level: f64,
    first: f64,
    shrunk: f64,
    deviation: f64,
}

impl Change {
    /// Values on both sides where the change is `d`.
    fn values(&self, d: f64) -> [f64; 2] {
        let ends = [self.level - self.first * d, self.level + (1.0 - self.first) * d];
        ends.map(|x| if self.is_rate { 1.0 / (1.0 + (-x).exp()) } else { x.exp() })
    }
}

/// The ranking of a stream's segments; `None` where there is nothing to rank.
pub fn rank(question: &Question, stream: &Measured, money: Money) -> Option<Ranking> {
    let count = stream.segments.len();
    if count < 2 {
        return None;
    }
    let won = |c: &Closed| if money == Money::Wins { c.won } else { c.amount };
    let sums: Vec<[f64; 2]> =
        stream.segments.iter().map(|s| [0, 1].map(|side: usize| s.closed[side].iter().map(won).sum())).collect();
    let rows: Vec<[f64; 2]> =
        stream.segments.iter().map(|s| [0, 1].map(|side: usize| s.cohorts[side].iter().map(|c| c.n).sum())).collect();
    let mut factors: Vec<Vec<Change>> = counts(stream).into_iter().filter_map(|c| of_rates(&c)).collect();
    if money != Money::Wins {
        factors.push(of_amounts(stream));
    }
    let part = |segment: usize, moved: &mut dyn FnMut(&Change) -> f64| {
        let mut product = rows[segment];
        for factor in &factors {
            let change = &factor[segment];
            let values = change.values(moved(change));
            product = [product[0] * values[0], product[1] * values[1]];
        }
        let level = product[0] + product[1];
        let relative = if level > 0.0 { (product[1] - product[0]) / level } else { 0.0 };
        relative * (sums[segment][0] + sums[segment][1])
    };
    let draws = matrix(question.seed, question.draws.max(20), count, |draws, out| {
        for (segment, out) in out.iter_mut().enumerate() {
            *out = part(segment, &mut |change| change.shrunk + change.deviation * draws.normal());
        }
        Ok(())
    })
    .ok()?;
    let intervals = Interval::of_columns(&draws, count).unwrap_or_default();
    let first = largest(&draws, count).ok()?.largest;
    let mut places: Vec<Place> = (0..count)
        .map(|segment| Place {
            segment,
            counted: sums[segment][1] - sums[segment][0],
            part: part(segment, &mut |change| change.shrunk),
            interval: intervals.get(segment).copied(),
            largest: first[segment],
        })
        .collect();
    let counted: f64 = places.iter().map(|p| p.counted).sum();
    let chance = counted - places.iter().map(|p| p.part).sum::<f64>();
    places.sort_by(|a, b| b.largest.total_cmp(&a.largest).then(b.part.abs().total_cmp(&a.part.abs())));
    Some(Ranking { places, chance })
}

/// Each rate's counts, segment by segment.
fn counts(stream: &Measured) -> Vec<Vec<Counts>> {
    let of = |value: &dyn Fn(usize, usize) -> (f64, f64)| -> Vec<Counts> {
        (0..stream.segments.len())
            .map(|segment| {
                let [(k0, n0), (k1, n1)] = [value(segment, 0), value(segment, 1)];
                Counts { k0: k0.min(n0), n0, k1: k1.min(n1), n1 }
            })
            .collect()
    };
    let closed = |segment: usize, side: usize| {
        let cells = &stream.segments[segment].closed[side];
        (cells.iter().map(|c| c.won).sum::<f64>(), cells.iter().map(|c| c.lost).sum::<f64>())
    };
    let mut out: Vec<Vec<Counts>> = (0..stream.plan.steps.len())
        .map(|step| {
            of(&|segment, side| {
                let cohorts = &stream.segments[segment].cohorts[side];
                (cohorts.iter().map(|c| c.got[step]).sum(), cohorts.iter().map(|c| c.decided(step)).sum())
            })
        })
        .collect();
    out.push(of(&|segment, side| {
        let (won, lost) = closed(segment, side);
        let cohorts = &stream.segments[segment].cohorts[side];
        let came = cohorts.iter().map(|c| c.ultimate(&[]).last().copied().unwrap_or(0.0)).sum::<f64>();
        let ended = if stream.plan.closes { won + lost } else { won };
        (ended, came.max(ended))
    }));
    if stream.plan.closes {
        out.push(of(&|segment, side| {
            let (won, lost) = closed(segment, side);
            (won, won + lost)
        }));
    }
    out
}

fn of_rates(counts: &[Counts]) -> Option<Vec<Change>> {
    let shrinkage = shrink(counts).ok()?;
    let logit = |k: f64, n: f64| {
        let (hit, miss) = (k + 0.5, (n - k).max(0.0) + 0.5);
        ((hit / miss).ln(), 1.0 / hit + 1.0 / miss)
    };
    let precision: f64 =
        shrinkage.segments.iter().filter(|s| s.variance > 0.0).map(|s| 1.0 / (s.variance + shrinkage.between)).sum();
    let changes = counts.iter().zip(&shrinkage.segments).map(|(c, s)| {
        let ((l0, v0), (l1, v1)) = (logit(c.k0, c.n0), logit(c.k1, c.n1));
        let is_observed = s.variance > 0.0;
        let level = match (is_observed, c.n0 > 0.0) {
            (true, _) => (l0 / v0 + l1 / v1) / (1.0 / v0 + 1.0 / v1),
            (false, true) => l0,
            (false, false) => l1,
        };
        let deviation = if is_observed { deviation(s.variance, shrinkage.between, precision) } else { 0.0 };
        Change { is_rate: true, level, first: v0 / (v0 + v1), shrunk: s.shrunk, deviation }
    });
    Some(changes.collect())
}

/// The mean amount of a win, on the log scale.
fn of_amounts(stream: &Measured) -> Vec<Change> {
    let sums = |segment: usize, side: usize| {
        let mut sum = Closed::default();
        stream.segments[segment].closed[side].iter().for_each(|c| sum.add(c));
        sum
    };
    let spread = super::cells::spread(stream, &stream.segments);
    let observed: Vec<Option<[(f64, f64); 2]>> = (0..stream.segments.len())
        .map(|segment| {
            let ends = [0, 1].map(|side| {
                let c = sums(segment, side);
                (c.priced > 0.0 && c.amount > 0.0)
                    .then(|| ((c.amount / c.priced).ln(), spread.price[segment].max(1e-9) / c.priced))
            });
            Some([ends[0]?, ends[1]?])
        })
        .collect();
    let changes: Vec<(f64, f64)> = observed.iter().flatten().map(|[a, b]| (b.0 - a.0, a.1 + b.1)).collect();
    let (common, between) = common_change(&changes);
    let precision: f64 = changes.iter().map(|(_, v)| 1.0 / (v + between)).sum();
    let one = |observed: &Option<[(f64, f64); 2]>| match observed {
        Some([(l0, v0), (l1, v1)]) => {
            let variance = v0 + v1;
            let shrunk = common + between / (between + variance) * (l1 - l0 - common);
            let level = (l0 / v0 + l1 / v1) / (1.0 / v0 + 1.0 / v1);
            let deviation = deviation(variance, between, precision);
            Change { is_rate: false, level, first: v0 / variance, shrunk, deviation }
        }
        // nothing was won on one side: its level drops out of the part
        None => Change { is_rate: false, level: 0.0, first: 0.5, shrunk: 0.0, deviation: 0.0 },
    };
    observed.iter().map(one).collect()
}

/// How uncertain a shrunk change is: its own part, and its share of the common change's.
fn deviation(variance: f64, between: f64, precision: f64) -> f64 {
    let pull = variance / (between + variance);
    let common = if precision > 0.0 { 1.0 / precision } else { 0.0 };
    (between * pull + pull * pull * common).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_laid_around_its_level() {
        let change = Change { is_rate: true, level: 0.0, first: 0.25, shrunk: 0.4, deviation: 0.1 };
        let logit = |p: f64| (p / (1.0 - p)).ln();
        let [before, after] = change.values(0.4).map(logit);
        assert!((after - before - 0.4).abs() < 1e-12 && (before + 0.1).abs() < 1e-12);
        let [before, after] = Change { is_rate: false, ..change }.values(0.4);
        assert!((after / before - 0.4f64.exp()).abs() < 1e-12);
    }

    #[test]
    fn without_spread_between_segments_only_the_common_change_is_uncertain() {
        assert!((deviation(0.5, 0.0, 8.0) - 0.125f64.sqrt()).abs() < 1e-12);
        assert!(deviation(0.0, 0.3, 8.0) < 1e-12);
    }
}
