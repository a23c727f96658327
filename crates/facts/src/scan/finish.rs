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

    // axis by axis: the codes that occur, their labels, and the place of each label
    let mut axes = Vec::new();
    let mut ranked: Vec<(Vec<u32>, usize)> = found.iter().map(|(_, place)| (Vec::new(), *place)).collect();
    for (axis, stride) in grouping.axes.iter().zip(&grouping.strides) {
        let axis = &plan.axes[*axis];
        let codes: Vec<u64> = found.iter().map(|(cell, _)| (cell / stride % u128::from(axis.size)) as u64).collect();
        let mut distinct = codes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut labelled: Vec<(Label, u64)> =
            distinct.iter().map(|code| (axis.label(facts, plan.grain, *code), *code)).collect();
        labelled.sort();
        let mut labels: Vec<Label> = Vec::new();
        let mut ranks: HashMap<u64, u32> = HashMap::new();
        for (label, code) in labelled {
            if labels.last() != Some(&label) {
                labels.push(label);
            }
            ranks.insert(code, labels.len() as u32 - 1);
        }
        for (code, (at, _)) in codes.iter().zip(&mut ranked) {
            at.push(ranks.get(code).copied().unwrap_or(0));
        }
        axes.push(Axis { labels });
    }
    ranked.sort_unstable();
    let places: Vec<usize> = ranked.iter().map(|(_, place)| *place).collect();
    let at = ranked.into_iter().flat_map(|(at, _)| at).collect();
    let measured = spec.outputs.iter().map(|output| measured(cells, *output, &places)).collect();
    Tally { axes, at, cells: places.len(), measured }
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
