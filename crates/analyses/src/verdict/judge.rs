//! From numbers to findings: a closed list of cases. Computes nothing beyond comparing, writes no sentence.

use super::cells::Money;
use super::late::{self, Parts};
use super::numbers::{Measured, Reading};
use super::settings::{LEAST_FOR_REVERSAL, NAMED, NAMED_DEVIATIONS};
use super::split::Split;

/// What can be found.
#[derive(Clone, Debug, PartialEq)]
pub enum Case {
    /// This part is the largest, as sure as named.
    Largest { place: usize },
    /// This part's direction is known.
    Known { place: usize },
    /// The total moved against every segment.
    Reversal { factor: &'static str, up: bool },
    /// Another discount in the last two weeks.
    LateDiscount { more: bool },
}

/// The part that can be named as the largest, if one can.
pub fn named(split: &Split) -> Option<usize> {
    split.parts.iter().position(|part| {
        part.largest >= NAMED && part.deviation > 0.0 && part.value.abs() > NAMED_DEVIATIONS * part.deviation
    })
}

/// All findings, in the order in which they are told.
pub fn judge(reading: &Reading, split: &Split) -> Vec<Case> {
    let mut out = Vec::new();
    let largest = named(split);
    out.extend(largest.map(|place| Case::Largest { place }));
    for (place, part) in split.parts.iter().enumerate() {
        if Some(place) != largest && part.direction_known() {
            out.push(Case::Known { place });
        }
    }
    if let Some(stream) = reading.streams.first() {
        out.extend(reversals(stream));
    }
    out.extend(late_discount(reading, split).map(|(_, more)| Case::LateDiscount { more }));
    out
}

/// Rates that moved one way over all and the other way within every segment with cases enough.
fn reversals(stream: &Measured) -> Vec<Case> {
    let mut out = Vec::new();
    let weights = stream.weights();
    for (step, of) in stream.plan.steps.iter().enumerate() {
        let cell = |segment: usize, side: usize| stream.passed(segment, side, step, &weights);
        out.extend(reversal(stream.segments.len(), cell).map(|up| Case::Reversal { factor: of.factor, up }));
    }
    if stream.plan.closes {
        let cell = |segment: usize, side: usize| {
            let closed = &stream.segments[segment].closed[side];
            (closed.iter().map(|c| c.won).sum(), closed.iter().map(|c| c.won + c.lost).sum())
        };
        out.extend(reversal(stream.segments.len(), cell).map(|up| Case::Reversal { factor: "win_rate", up }));
    }
    out
}

/// Whether the total rose (`true`) or fell while every segment went the other way.
fn reversal(segments: usize, cell: impl Fn(usize, usize) -> (f64, f64)) -> Option<bool> {
    let mut total = [(0.0, 0.0); 2];
    let mut moves = Vec::new();
    for segment in 0..segments {
        let sides = [cell(segment, 0), cell(segment, 1)];
        for (sum, side) in total.iter_mut().zip(sides) {
            sum.0 += side.0;
            sum.1 += side.1;
        }
        if sides.iter().all(|(_, n)| *n >= LEAST_FOR_REVERSAL) {
            moves.push(sides[1].0 / sides[1].1 - sides[0].0 / sides[0].1);
        }
    }
    if moves.len() < 2 || total.iter().any(|t| t.1 <= 0.0) {
        return None;
    }
    let over = total[1].0 / total[1].1 - total[0].0 / total[0].1;
    // a total that hardly moved reverses nothing
    let up = over > 0.0;
    (over.abs() > 0.01 && moves.iter().all(|m| m * over < 0.0)).then_some(up)
}

/// The two parts of both sides, and whether more is given away in the late one of the asked period, where the
/// difference leaves zero outside its 90% interval.
pub fn late_discount(reading: &Reading, split: &Split) -> Option<([Parts; 2], bool)> {
    let parts = late::of_all(reading).filter(|_| split.money == Money::ListAndDiscount)?;
    let spread = reading.streams.iter().map(|s| super::cells::spread(s, &s.cells).kept[1]).fold(0.0, f64::max);
    let Parts { early, late } = parts[1];
    let gap = early.kept() - late.kept();
    let error = (spread / early.wins + spread / late.wins).sqrt();
    (gap.abs() > 1.645 * error && gap.abs() > 0.02).then_some((parts, gap > 0.0))
}
