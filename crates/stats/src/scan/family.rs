//! The family of filters: every conjunction of levels in every window, large enough and not everything.
//!
//! A table is one subset of the dimensions; its rows are the combinations of levels. Every cell falls into one row
//! of every table, so one pass over the cells fills all margins, and sums along time give every window at once.
//!
//! Not here: chance.
//!
//! Invariant: a row's running sums start at 0 and end at its total.

use super::cells::Cells;
use crate::error::{Error, Result};

/// With more dimensions than this, filters fix at most [`FEW`] of them.
const ALL_UP_TO: usize = 3;
const FEW: usize = 2;
/// Most running sums held (256 MB).
const MOST: usize = 1 << 26;
/// Most filters held (half a gigabyte).
const MOST_FILTERS: usize = 1 << 24;

/// A filter: a level or all in every dimension, and periods `from..to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Fixed level of every dimension; `None` for all.
    pub levels: Vec<Option<u32>>,
    /// First period.
    pub from: u32,
    /// One past the last period.
    pub to: u32,
}

/// One subset of the dimensions.
#[derive(Clone, Debug)]
struct Table {
    dimensions: Vec<usize>,
    /// First row of the table.
    first: usize,
}

/// All tables of some cells.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    tables: Vec<Table>,
    sizes: Vec<usize>,
    times: usize,
    rows: usize,
    /// For every cell, one position in the running sums a table: cell after cell.
    positions: Vec<u32>,
}

/// A filter of the family, within its row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub row: u32,
    pub from: u32,
    pub to: u32,
    pub n: u64,
    pub k: u64,
}

impl Tables {
    pub fn new(cells: &Cells) -> Result<Self> {
        let dimensions = cells.sizes.len();
        let most = if dimensions <= ALL_UP_TO { dimensions } else { FEW };
        let mut tables = Vec::new();
        let mut rows = 0usize;
        for subset in subsets(dimensions, most) {
            let size = subset.iter().try_fold(1usize, |p, d| p.checked_mul(cells.sizes[*d])).unwrap_or(usize::MAX);
            tables.push(Table { dimensions: subset, first: rows });
            rows = rows.saturating_add(size);
        }
        let wide = cells.times + 1;
        let sums = rows.saturating_mul(wide).max(tables.len().saturating_mul(cells.cells.len()));
        if sums > MOST {
            return Err(Error::too_many("running sums", sums, MOST));
        }
        let mut out = Self { tables, sizes: cells.sizes.clone(), times: cells.times, rows, positions: Vec::new() };
        out.positions.reserve(out.tables.len() * cells.cells.len());
        for cell in &cells.cells {
            for table in &out.tables {
                let row = table.row(&out.sizes, |d| cell.levels[d] as usize);
                out.positions.push((row * wide + cell.time as usize + 1) as u32);
            }
        }
        Ok(out)
    }

    /// Running sums of `values` (one a cell) along time, row after row, `times + 1` each.
    pub fn sums(&self, values: impl Iterator<Item = u32>, out: &mut Vec<u32>) {
        out.clear();
        out.resize(self.rows * (self.times + 1), 0);
        for (value, positions) in values.zip(self.positions.chunks_exact(self.tables.len())) {
            if value > 0 {
                for p in positions {
                    out[*p as usize] += value;
                }
            }
        }
        for row in out.chunks_exact_mut(self.times + 1) {
            let mut sum = 0;
            for v in row {
                sum += *v;
                *v = sum;
            }
        }
    }

    /// Row of a claim.
    pub fn row(&self, claim: &Claim) -> Result<usize> {
        if claim.levels.len() != self.sizes.len() {
            return Err(Error::shape("levels", claim.levels.len(), self.sizes.len()));
        }
        if claim.from >= claim.to || claim.to as usize > self.times {
            return Err(Error::out_of_range("window", "from below to, to at most the number of periods"));
        }
        if claim.levels.iter().zip(&self.sizes).any(|(l, size)| l.is_some_and(|l| l as usize >= *size)) {
            return Err(Error::out_of_range("levels", "below their number"));
        }
        let fixed: Vec<usize> = (0..self.sizes.len()).filter(|d| claim.levels[*d].is_some()).collect();
        let table = self.tables.iter().find(|t| t.dimensions == fixed);
        let level = |d: usize| claim.levels[d].unwrap_or(0) as usize;
        table
            .map(|t| t.row(&self.sizes, level))
            .ok_or(Error::out_of_range("levels", "at most 2 fixed where there are more than 3 dimensions"))
    }

    /// The claim that a window of a row is.
    pub fn claim(&self, window: &Window) -> Claim {
        let mut levels = vec![None; self.sizes.len()];
        let row = window.row as usize;
        if let Some(table) = self.tables.iter().rev().find(|t| t.first <= row) {
            let mut rest = row - table.first;
            for d in table.dimensions.iter().rev() {
                levels[*d] = Some((rest % self.sizes[*d]) as u32);
                rest /= self.sizes[*d];
            }
        }
        Claim { levels, from: window.from, to: window.to }
    }

    /// All filters of at least `least` trials that are not everything, from running sums of trials and outcomes.
    pub fn windows(&self, n: &[u32], k: &[u32], least: u64, all: u64) -> Result<Vec<Window>> {
        let wide = self.times + 1;
        let least = least.max(1);
        let mut out = Vec::new();
        for (row, (n, k)) in n.chunks_exact(wide).zip(k.chunks_exact(wide)).enumerate() {
            if u64::from(n[self.times]) < least {
                continue;
            }
            for from in 0..self.times {
                // Sums never fall: the first end that is large enough.
                let first = from + n[from..].partition_point(|s| u64::from(s - n[from]) < least);
                for to in first.max(from + 1)..wide {
                    let size = u64::from(n[to] - n[from]);
                    if size >= least && size < all {
                        let hits = u64::from(k[to] - k[from]);
                        out.push(Window { row: row as u32, from: from as u32, to: to as u32, n: size, k: hits });
                    }
                }
                if out.len() > MOST_FILTERS {
                    return Err(Error::too_many("filters", out.len(), MOST_FILTERS));
                }
            }
        }
        Ok(out)
    }

    /// Periods and one.
    pub fn wide(&self) -> usize {
        self.times + 1
    }
}

impl Table {
    fn row(&self, sizes: &[usize], level: impl Fn(usize) -> usize) -> usize {
        self.first + self.dimensions.iter().fold(0, |row, d| row * sizes[*d] + level(*d))
    }
}

/// Subsets of `0..of` with at most `most` members, smaller ones first.
fn subsets(of: usize, most: usize) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..most {
        let to = out.len();
        for s in from..to {
            let next = out[s].last().map_or(0, |l| l + 1);
            for d in next..of {
                let mut larger = out[s].clone();
                larger.push(d);
                out.push(larger);
            }
        }
        from = to;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::subsets;

    #[test]
    fn subsets_are_counted() {
        assert_eq!(subsets(3, 3).len(), 8);
        assert_eq!(subsets(6, 2).len(), 1 + 6 + 15);
        assert_eq!(subsets(0, 0), vec![Vec::<usize>::new()]);
    }
}
