//! From numbers to findings: a closed list of cases. Computes nothing beyond comparing, writes no sentence.

use super::cells::Money;
use super::numbers::{Measured, Reading};
use super::settings::{LAST_DAYS, LEAST_FOR_REVERSAL, NAMED, NAMED_DEVIATIONS};
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

/// List price, amount and number of some wins.
pub type Priced = (f64, f64, f64);

/// Discount early and late in the period, `[side][early, late]`, and whether the late one of the
/// asked period is larger, where the difference leaves zero outside its 90% interval.
pub fn late_discount(reading: &Reading, split: &Split) -> Option<([[Priced; 2]; 2], bool)> {
    if split.money != Money::ListAndDiscount {
        return None;
    }
    let mut sums = [[(0.0, 0.0, 0.0); 2]; 2];
    let mut kept = 0.0;
    for stream in &reading.streams {
        kept = f64::max(kept, super::cells::spread(stream).kept[1]);
        for (side, sums) in sums.iter_mut().enumerate() {
            let (first, last) = reading.sides[side].days();
            if last - first < 4 * LAST_DAYS {
                return None;
            }
            let newest = ((last - first) / 7).min(60);
            for (bin, (list, amount, wins)) in &stream.by_week[side] {
                let late = usize::from(*bin > newest - LAST_DAYS / 7);
                let slot = &mut sums[late];
                slot.0 += list;
                slot.1 += amount;
                slot.2 += wins;
            }
        }
    }
    let enough = sums.iter().flatten().all(|s| s.2 >= 5.0 && s.0 > 0.0);
    let discount = |s: (f64, f64, f64)| 1.0 - s.1 / s.0;
    let [early, late] = sums[1];
    let gap = discount(late) - discount(early);
    let error = (kept / early.2 + kept / late.2).sqrt();
    (enough && gap.abs() > 1.645 * error && gap.abs() > 0.02).then_some((sums, gap > 0.0))
}
