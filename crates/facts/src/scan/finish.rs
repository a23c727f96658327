//! From cells to tallies: labels instead of codes, cells in the order of their labels.

use hashbrown::HashMap;
use rayon::prelude::*;
use tallies::{Axis, Label, Measured, Tally};

use super::cells::{Cells, Distinct, LOG_SQUARE_UNIT, LOG_UNIT};
use super::plan::{Output, Plan, SpecPlan};
use crate::store::Mapped;

/// One tally for each spec, from what the threads gathered.
pub(super) fn tallies(plan: &Plan, facts: &Mapped, parts: Vec<Vec<Cells>>) -> Vec<Tally> {
    let mut by_spec: Vec<Vec<Cells>> = plan.specs.iter().map(|_| Vec::new()).collect();
    for part in parts {
        by_spec.iter_mut().zip(part).for_each(|(all, one)| all.push(one));
    }
    plan.specs
        .par_iter()
        .zip(by_spec)
        .map(|(spec, parts)| {
            let merged = parts.into_iter().reduce(|mut all, part| {
                all.merge(part);
                all
            });
            tally(plan, spec, facts, &merged.unwrap_or_else(|| Cells::new(plan, spec)))
        })
        .collect()
}

fn tally(plan: &Plan, spec: &SpecPlan, facts: &Mapped, cells: &Cells) -> Tally {
    let grouping = &plan.groupings[spec.grouping];
    let met = |place: usize| cells.lanes.get(place * cells.groups).is_some_and(|lanes| lanes[0] > 0);
    let mut found: Vec<(u128, usize)> = match &cells.places {
        Some(places) => places.iter().map(|(cell, place)| (*cell, *place as usize)).collect(),
        None => (0..cells.len()).map(|place| (place as u128, place)).collect(),
    };
    let no_dims = grouping.axes.is_empty();
    found.retain(|(_, place)| no_dims || met(*place));

    // axis by axis: the codes that occur, their labels, and the place of each label; the places of a cell are one
    // number, so that cells sort in the order of their labels
    let mut axes: Vec<Axis> = Vec::new();
    let mut ranked: Vec<(u128, usize)> = found.iter().map(|(_, place)| (0, *place)).collect();
    for (axis, stride) in grouping.axes.iter().zip(&grouping.strides) {
        let axis = &plan.axes[*axis];
        let code = |cell: u128| (cell / stride % u128::from(axis.size)) as u64;
        let mut ranks = Ranks::of(axis.size, found.len(), found.iter().map(|(cell, _)| code(*cell)));
        let mut labelled: Vec<(Label, u64)> =
            ranks.codes().into_iter().map(|code| (axis.label(facts, plan.grain, code), code)).collect();
        labelled.sort();
        let mut labels: Vec<Label> = Vec::new();
        for (label, code) in labelled {
            if labels.last() != Some(&label) {
                labels.push(label);
            }
            ranks.set(code, labels.len() as u32 - 1);
        }
        for ((cell, _), (rank, _)) in found.iter().zip(&mut ranked) {
            *rank = *rank * labels.len() as u128 + u128::from(ranks.get(code(*cell)));
        }
        axes.push(Axis { labels });
    }
    ranked.sort_unstable();
    let mut at = vec![0; ranked.len() * axes.len()];
    if !axes.is_empty() {
        for (own, (rank, _)) in at.chunks_exact_mut(axes.len()).zip(&ranked) {
            let mut rest = *rank;
            for (slot, axis) in own.iter_mut().zip(&axes).rev() {
                let labels = axis.labels.len() as u128;
                (*slot, rest) = ((rest % labels) as u32, rest / labels);
            }
        }
    }
    let places: Vec<usize> = ranked.iter().map(|(_, place)| *place).collect();
    let measured = spec.outputs.iter().map(|output| measured(cells, *output, &places)).collect();
    Tally { axes, at, cells: places.len(), measured }
}

/// An axis has a slot for each code where it has no more of them than this many for each cell.
const SLOTS: u64 = 16;

/// The place of each code's label.
enum Ranks {
    Slots(Vec<u32>),
    Met(HashMap<u64, u32>),
}

impl Ranks {
    /// For the codes that occur.
    fn of(size: u64, cells: usize, codes: impl Iterator<Item = u64>) -> Ranks {
        if size > SLOTS.saturating_mul(cells as u64) {
            return Ranks::Met(codes.map(|code| (code, 0)).collect());
        }
        let mut slots = vec![u32::MAX; size as usize];
        for code in codes {
            if let Some(slot) = slots.get_mut(code as usize) {
                *slot = 0;
            }
        }
        Ranks::Slots(slots)
    }

    fn codes(&self) -> Vec<u64> {
        match self {
            Ranks::Slots(slots) => {
                slots.iter().enumerate().filter(|(_, rank)| **rank != u32::MAX).map(|(code, _)| code as u64).collect()
            }
            Ranks::Met(met) => met.keys().copied().collect(),
        }
    }

    fn set(&mut self, code: u64, rank: u32) {
        match self {
            Ranks::Slots(slots) => slots[code as usize] = rank,
            Ranks::Met(met) => drop(met.insert(code, rank)),
        }
    }

    fn get(&self, code: u64) -> u32 {
        match self {
            Ranks::Slots(slots) => slots.get(code as usize).copied().unwrap_or(0),
            Ranks::Met(met) => met.get(&code).copied().unwrap_or(0),
        }
    }
}

fn measured(cells: &Cells, output: Output, places: &[usize]) -> Measured {
    let pick = |of: &dyn Fn(usize) -> i64| Measured::Int(places.iter().map(|p| of(*p)).collect());
    let real = |of: &dyn Fn(usize) -> f64| Measured::Real(places.iter().map(|p| of(*p)).collect());
    match output {
        Output::Count(k) => pick(&|p| i64::from(cells.lanes[p * cells.groups + k / 4][k % 4])),
        Output::Sum(k) => pick(&|p| cells.sums[k][p]),
        Output::Log(k) => real(&|p| cells.logs[k][p] as f64 / LOG_UNIT),
        Output::LogSquare(k) => real(&|p| cells.log_squares[k][p] as f64 / LOG_SQUARE_UNIT),
        Output::Square(k) => real(&|p| {
            let (low, high) = cells.squares[k][p];
            high as f64 * 18_446_744_073_709_551_616.0 + low as f64
        }),
        Output::Distinct(k) => match &cells.distinct[k] {
            // bit 0 is the code of what is not recorded
            Distinct::Bits { words, bits } => pick(&|p| {
                let own = &bits[p * words..(p + 1) * words];
                let all: u32 = own.iter().map(|w| w.count_ones()).sum();
                i64::from(all) - own.first().map_or(0, |w| (w & 1) as i64)
            }),
            Distinct::Pairs(pairs) => {
                let counts = pairs.counts(cells.len());
                pick(&|p| counts[p])
            }
        },
        Output::Zero => pick(&|_| 0),
        Output::ZeroReal => real(&|_| 0.0),
    }
}
