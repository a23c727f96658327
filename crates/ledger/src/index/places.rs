//! Where the rows of a subject lie in a part, and of activities also those about an opportunity.
//!
//! The directory is all there is: how many subjects, how many others; the subjects, sorted; the row where each begins;
//! opportunities by key, and the row of each. Rows of a part lie sorted by subject, so a subject is one run of them.
//! Invariant: ranges are given sorted, apart from each other, and within the part.

use std::ops::Range;
use std::sync::Arc;

use terms::Entity;

use super::file::{Held, nth, partition};
use crate::{Error, Head, Part};

const KIND: &str = "rows";

/// The rows of a part by subject.
#[derive(Debug)]
pub(crate) struct RowsOf {
    held: Arc<Held>,
    rows: usize,
    subjects: usize,
    others: usize,
}

impl RowsOf {
    /// Those of a part: mapped, or made from the part.
    pub(crate) fn open(head: &Head, entity: Entity, part: &Part) -> Result<RowsOf, Error> {
        if let Some(held) = Held::open(head, part, KIND) {
            let of = RowsOf::of(held, part);
            if of.held.directory().len() == 16 * (1 + of.subjects + of.others) {
                return Ok(of);
            }
        }
        let (subjects, others) = crate::read::subjects(head, entity, part)?;
        Ok(RowsOf::make(head, part, &subjects, others))
    }

    /// Those of a part that was just read or written. `subjects`: the subject of each row, `others`: opportunity and row.
    pub(crate) fn make(head: &Head, part: &Part, subjects: &[u64], mut others: Vec<(u64, u64)>) -> RowsOf {
        others.sort_unstable();
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for (row, subject) in subjects.iter().enumerate() {
            if runs.last().is_none_or(|last| last.0 != *subject) {
                runs.push((*subject, row as u64));
            }
        }
        let mut directory = Vec::with_capacity(16 * (1 + runs.len() + others.len()));
        let mut put = |n: u64| directory.extend_from_slice(&n.to_le_bytes());
        put(runs.len() as u64);
        put(others.len() as u64);
        for pairs in [&runs, &others] {
            pairs.iter().for_each(|p| put(p.0));
            pairs.iter().for_each(|p| put(p.1));
        }
        RowsOf::of(Held::make(head, part, KIND, &directory, &[]), part)
    }

    fn of(held: Arc<Held>, part: &Part) -> RowsOf {
        let count = |n: usize| nth(held.directory(), n).min(part.rows) as usize;
        let (subjects, others) = (count(0), count(1));
        RowsOf { held, rows: part.rows as usize, subjects, others }
    }

    /// The rows about any of these subjects (sorted), or whose opportunity is one of these keys (sorted too).
    pub(crate) fn find(&self, subjects: &[u64], others: &[u64]) -> Vec<Range<usize>> {
        let array = |from: usize, len: usize| {
            let from = (2 + from) * 8;
            self.held.directory().get(from..from + len * 8).unwrap_or(&[])
        };
        let (keys, starts) = (array(0, self.subjects), array(self.subjects, self.subjects));
        let mut found: Vec<Range<usize>> = Vec::new();
        for subject in subjects {
            let at = partition(keys, self.subjects, |own| own < *subject);
            if at < self.subjects && nth(keys, at) == *subject {
                let end = if at + 1 < self.subjects { nth(starts, at + 1) as usize } else { self.rows };
                found.push(nth(starts, at) as usize..end);
            }
        }
        let base = 2 * self.subjects;
        let (keys, rows) = (array(base, self.others), array(base + self.others, self.others));
        if self.others > 0 {
            for other in others {
                let mut at = partition(keys, self.others, |own| own < *other);
                while at < self.others && nth(keys, at) == *other {
                    let row = nth(rows, at) as usize;
                    found.push(row..row + 1);
                    at += 1;
                }
            }
        }
        apart(found, self.rows)
    }
}

/// Sorted, within so many rows, and those that touch as one.
pub(crate) fn apart(mut ranges: Vec<Range<usize>>, rows: usize) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        let end = range.end.min(rows);
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(end),
            _ if range.start < end => out.push(range.start..end),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_sorted_and_apart() {
        assert_eq!(apart(vec![5..7, 0..2, 6..9, 2..3, 20..30, 40..41], 25), [0..3, 5..9, 20..25]);
        assert!(apart(Vec::new(), 3).is_empty());
    }
}
