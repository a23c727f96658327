//! Recorded links and withdrawals, in the order of recording.

use entries::catalogue::link as f;
use identity::LinkRecord;
use rayon::prelude::*;
use terms::Entity;

use super::{Context, buckets};
use crate::Error;
use crate::fold::read::key;

/// All links and withdrawals, in the order of recording.
pub(in crate::fold) fn links(c: &Context<'_>) -> Result<Vec<LinkRecord>, Error> {
    let fields = [f::FROM, f::TO, f::RULE, f::WITHDRAWN];
    type Recorded = ((u32, u32, u32, u64), LinkRecord);
    let parts = buckets(c, Entity::Link, &fields, |links: &mut Vec<Recorded>, rows| {
        let (ids, deleted) = (rows.keys("id"), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (from, from_kind) = (rows.keys("from"), rows.small("from_kind"));
        let (to, to_kind) = (rows.keys("to"), rows.small("to_kind"));
        let (rule, withdrawn) = (rows.codes("rule", c.names), rows.flags("withdrawn"));
        for row in 0..rows.len {
            if let (Some(from), Some(to)) = (key(&from, &from_kind, row), key(&to, &to_kind, row)) {
                let at = (rows.seq, file.get(row).unwrap_or(0), line.get(row).unwrap_or(0), ids.key(row));
                let withdrawn = withdrawn.get(row).unwrap_or(false) || deleted.get(row).unwrap_or(false);
                links.push((at, LinkRecord { from, to, rule: rule.get(row), withdrawn, recorded: 0 }));
            }
        }
    })?;
    let mut all: Vec<Recorded> = parts.into_iter().flatten().collect();
    all.par_sort_unstable_by_key(|(at, l)| (*at, l.from, l.to, l.withdrawn));
    Ok(all.into_iter().zip(0u64..).map(|((_, link), recorded)| LinkRecord { recorded, ..link }).collect())
}
