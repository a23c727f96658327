//! The fast scan: all specs of a question in one shared pass over mapped columns.
//!
//! A [`plan`] gathers what the specs share (tests, axes, groupings), so that each is worked out once a block of rows;
//! a [`block`] is small enough to stay in the cache; threads take chunks of rows and add into their own [`cells`];
//! sums are exact whole numbers (logarithms and squares as fixed-point numbers of 128 bits), so that the order of
//! adding changes nothing. Not here: what a spec means (`tallies::plain` is the definition).
//! Invariant: same rows, same bytes, whatever the number of threads and the order of rows.

mod axis;
mod block;
mod cells;
mod finish;
mod plan;
mod rows;
mod test;

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use tallies::{Extract, Grain, Spec, Table, Tally};

use crate::Error;
use crate::store::{Mapped, Segment};
use block::Block;
use cells::Cells;
use plan::Plan;
pub(crate) use rows::passing;

/// Rows that a thread takes at a time.
const CHUNK: usize = 65_536;
/// Rows that are worked out at a time: the masks and axis codes of a question stay in the cache.
pub(crate) const BLOCK: usize = 4_096;

/// One tally for each spec.
pub(crate) fn answer(facts: &Mapped, specs: &[Spec]) -> Result<Vec<Tally>, Error> {
    let mut found: Vec<Option<Tally>> = specs.iter().map(|_| None).collect();
    for grain in Grain::ALL {
        let places: Vec<usize> = (0..specs.len()).filter(|i| specs[*i].grain == grain).collect();
        if places.is_empty() {
            continue;
        }
        let asked: Vec<&Spec> = places.iter().map(|i| &specs[*i]).collect();
        let plan = Plan::of(facts, grain, &asked)?;
        let parts = pass(
            facts.segments(grain),
            |segment| 0..segment.rows,
            || plan.cells(),
            |cells: &mut Vec<Cells>, block, at| {
                block.work_out(&plan, at);
                for (cells, spec) in cells.iter_mut().zip(&plan.specs) {
                    cells.add(&plan, spec, block, at);
                }
            },
            &plan,
        );
        for (place, tally) in places.into_iter().zip(finish::tallies(&plan, facts, parts)) {
            found[place] = Some(tally);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

/// The rows that pass, in the order of their keys.
pub(crate) fn extract(facts: &Mapped, ask: &Extract) -> Result<Table, Error> {
    Ok(facts.gather(ask, &rows::passing(facts, ask)?))
}

/// A stretch of rows of one segment.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    grain: Grain,
    segment: &'a Segment,
    number: u32,
    start: usize,
    len: usize,
}

/// Every block of the rows of each segment that are to be looked at once, by all threads; what each thread gathered.
fn pass<T: Send>(
    segments: &[Segment],
    among: impl Fn(&Segment) -> Range<usize>,
    begin: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, &mut Block, At<'_>) + Sync,
    plan: &Plan,
) -> Vec<T> {
    let chunks: Vec<(u32, Range<usize>)> = segments
        .iter()
        .zip(0u32..)
        .flat_map(|(s, n)| {
            let rows = among(s);
            rows.clone().step_by(CHUNK).map(move |start| (n, start..(start + CHUNK).min(rows.end)))
        })
        .collect();
    let threads = rayon::current_num_threads().min(chunks.len()).max(1);
    let next = AtomicUsize::new(0);
    (0..threads)
        .into_par_iter()
        .with_max_len(1)
        .map(|_| {
            let mut gathered = begin();
            let mut block = Block::new(plan);
            while let Some((number, rows)) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let segment = &segments[*number as usize];
                for start in rows.clone().step_by(BLOCK) {
                    let len = BLOCK.min(rows.end - start);
                    let at = At { grain: plan.grain, segment, number: *number, start, len };
                    each(&mut gathered, &mut block, at);
                }
            }
            gathered
        })
        .collect()
}
