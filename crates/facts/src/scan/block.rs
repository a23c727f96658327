//! One block of rows: masks of all tests and sets, codes of all axes, cell numbers of all groupings.

use super::plan::Plan;
use super::{At, BLOCK};

/// The buffers of one thread.
pub(super) struct Block {
    tests: Vec<Vec<u8>>,
    /// One mask for each set of tests; the rows that an overlay replaces are out of all of them.
    sets: Vec<Vec<u8>>,
    /// How many rows each set has.
    held: Vec<u32>,
    races: Vec<(Vec<u32>, Vec<i64>)>,
    codes: Vec<Vec<u32>>,
    /// For each dense grouping, the cell of each row.
    cells: Vec<Vec<u32>>,
    scratch: [Vec<i64>; 3],
    pair: [Vec<i64>; 2],
}

impl Block {
    pub fn new(plan: &Plan) -> Block {
        Block {
            tests: vec![vec![0; BLOCK]; plan.tests.len()],
            sets: vec![vec![0; BLOCK]; plan.sets.len()],
            held: vec![0; plan.sets.len()],
            races: vec![(Vec::new(), Vec::new()); plan.races.len()],
            codes: vec![vec![0; BLOCK]; plan.axes.len()],
            cells: plan.groupings.iter().map(|g| vec![0; if g.dense { BLOCK } else { 0 }]).collect(),
            scratch: [const { Vec::new() }; 3],
            pair: [const { Vec::new() }; 2],
        }
    }

    /// Works out masks and cells for these rows.
    pub fn work_out(&mut self, plan: &Plan, at: At<'_>) {
        let len = at.len;
        for (place, node) in plan.tests.iter().enumerate() {
            let (done, rest) = self.tests.split_at_mut(place);
            if let Some(out) = rest.first_mut() {
                node.work_out(at, done, &mut out[..len], &mut self.pair);
            }
        }
        for ((set, mask), held) in plan.sets.iter().zip(&mut self.sets).zip(&mut self.held) {
            let mask = &mut mask[..len];
            match &at.segment.counts {
                Some(counts) => mask.copy_from_slice(&counts[at.range()]),
                None => mask.fill(1),
            }
            for test in set {
                mask.iter_mut().zip(&self.tests[*test]).for_each(|(m, t)| *m &= t);
            }
            *held = mask.chunks(128).map(|c| u32::from(c.iter().sum::<u8>())).sum();
        }
        for (race, out) in plan.races.iter().zip(&mut self.races) {
            race.work_out(at, out, &mut self.scratch);
        }
        let [numbers, ..] = &mut self.scratch;
        for (axis, codes) in plan.axes.iter().zip(&mut self.codes) {
            axis.work_out(at, &self.races, &mut codes[..len], numbers);
        }
        for (grouping, cells) in plan.groupings.iter().zip(&mut self.cells).filter(|(g, _)| g.dense) {
            let cells = &mut cells[..len];
            cells.fill(0);
            for (axis, stride) in grouping.axes.iter().zip(&grouping.strides) {
                let stride = *stride as u32;
                cells.iter_mut().zip(&self.codes[*axis]).for_each(|(cell, code)| *cell += code * stride);
            }
        }
    }

    /// The mask of a set.
    pub fn mask(&self, set: usize) -> &[u8] {
        &self.sets[set]
    }

    /// How many rows a set has.
    pub fn held(&self, set: usize) -> u32 {
        self.held[set]
    }

    /// The cells of a dense grouping.
    pub fn cells(&self, grouping: usize) -> &[u32] {
        &self.cells[grouping]
    }

    /// The cell of one row of a grouping, dense or not.
    pub fn cell(&self, plan: &Plan, grouping: usize, row: usize) -> u128 {
        let grouping = &plan.groupings[grouping];
        grouping.axes.iter().zip(&grouping.strides).map(|(a, s)| u128::from(self.codes[*a][row]) * s).sum()
    }
}
