//! Which rows pass, in the order of their keys.

use std::ops::Range;

use tallies::{Extract, Test};

use super::pass;
use super::plan::Plan;
use crate::Error;
use crate::store::{Mapped, Segment, Values};

/// The rows of a segment among which those that pass are: fewer than all where a test asks for keys by which rows are sorted.
fn among(segment: &Segment, filter: &[Test]) -> Range<usize> {
    let mut all = 0..segment.rows;
    for test in filter {
        let one = std::slice::from_ref(test);
        let keys = match test {
            Test::Any(some) => some.as_slice(),
            _ => one,
        };
        let found: Option<Vec<Range<usize>>> = keys.iter().map(|test| with_key(segment, test)).collect();
        let Some(found) = found else { continue };
        let found: Vec<Range<usize>> = found.into_iter().filter(|r| !r.is_empty()).collect();
        let start = found.iter().map(|r| r.start).min().unwrap_or(all.start);
        let end = found.iter().map(|r| r.end).max().unwrap_or(all.start);
        all = start.max(all.start)..end.min(all.end).max(start.max(all.start));
    }
    all
}

/// The rows with the one key that a test asks for.
fn with_key(segment: &Segment, test: &Test) -> Option<Range<usize>> {
    let Test::Between(column, lo, hi) = test else { return None };
    let keys = segment.sorted(column.index).filter(|_| lo == hi)?;
    let key = *lo as u64;
    Some(keys.partition_point(|k| *k < key)..keys.partition_point(|k| *k <= key))
}

/// The places (segment, row) of the first rows that pass, by key, then as stored.
pub(crate) fn passing(facts: &Mapped, ask: &Extract) -> Result<Vec<(u32, u32)>, Error> {
    let mut plan = Plan::empty(ask.grain);
    let set = plan.set(facts, &[&ask.filter]);
    let most = ask.skip.saturating_add(ask.limit);
    let keep = |rows: &mut Vec<(u64, u32, u32)>| {
        if rows.len() > most {
            rows.select_nth_unstable(most);
            rows.truncate(most);
        }
    };
    let parts = pass(
        facts.segments(ask.grain),
        |segment| among(segment, &ask.filter),
        Vec::new,
        |rows: &mut Vec<(u64, u32, u32)>, block, at| {
            block.work_out(&plan, at);
            if block.held(set) == 0 {
                return;
            }
            let Some(Values::Key(keys)) = at.values(0) else { return };
            let passed = block.mask(set).iter().zip(&keys[at.range()]).zip(at.start..).filter(|((m, _), _)| **m != 0);
            rows.extend(passed.map(|((_, key), row)| (*key, at.number, row as u32)));
            if rows.len() > most.saturating_mul(2).saturating_add(100_000) {
                keep(rows);
            }
        },
        &plan,
    );
    let mut rows: Vec<(u64, u32, u32)> = parts.into_iter().flatten().collect();
    keep(&mut rows);
    rows.sort_unstable();
    Ok(rows.into_iter().skip(ask.skip).map(|(_, segment, row)| (segment, row)).collect())
}
