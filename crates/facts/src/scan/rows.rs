//! Which rows pass, in the order of their keys.

use tallies::Extract;

use super::pass;
use super::plan::Plan;
use crate::Error;
use crate::store::{Mapped, Values};

/// The places (segment, row) of the first rows that pass, by key, then as stored.
pub(crate) fn passing(facts: &Mapped, ask: &Extract) -> Result<Vec<(u32, u32)>, Error> {
    let mut plan = Plan::empty(ask.grain);
    let set = plan.set(facts, &[&ask.filter]);
    let keep = |rows: &mut Vec<(u64, u32, u32)>| {
        if rows.len() > ask.limit {
            rows.select_nth_unstable(ask.limit);
            rows.truncate(ask.limit);
        }
    };
    let parts = pass(
        facts.segments(ask.grain),
        Vec::new,
        |rows: &mut Vec<(u64, u32, u32)>, block, at| {
            block.work_out(&plan, at);
            if block.held(set) == 0 {
                return;
            }
            let Some(Values::Key(keys)) = at.values(0) else { return };
            let passed = block.mask(set).iter().zip(&keys[at.range()]).zip(at.start..).filter(|((m, _), _)| **m != 0);
            rows.extend(passed.map(|((_, key), row)| (*key, at.number, row as u32)));
            if rows.len() > ask.limit.saturating_mul(2).saturating_add(100_000) {
                keep(rows);
            }
        },
        &plan,
    );
    let mut rows: Vec<(u64, u32, u32)> = parts.into_iter().flatten().collect();
    keep(&mut rows);
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(_, segment, row)| (segment, row)).collect())
}
