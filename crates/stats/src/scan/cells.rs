//! Trials and outcomes by levels and time, and which cluster they belong to.
//!
//! Not here: the family of filters.
//!
//! Invariant: every level is below its dimension's number of levels, every time below `times`; totals fit in 32 bits.

use crate::error::{Error, Result};

/// Most trials in all: their number fits in 32 bits.
const MOST_TRIALS: u64 = u32::MAX as u64;

/// Most trials in all where clusters are redrawn: the cell of every trial is held (1 GB).
const MOST_IN_CLUSTERS: u64 = 1 << 28;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Level in every dimension.
    pub levels: Vec<u32>,
    /// Period, from 0.
    pub time: u32,
    /// Trials.
    pub n: u32,
    /// Outcomes among them.
    pub k: u32,
}

/// The trials of one cluster in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Cluster, any numbering.
    pub cluster: u32,
    /// Position of the cell in [`Cells`].
    pub cell: u32,
    /// Trials.
    pub n: u32,
    /// Outcomes among them.
    pub k: u32,
}

/// All cells. A cell may be missing (no trials) or occur more than once.
#[derive(Clone, Debug)]
pub struct Cells {
    pub(super) sizes: Vec<usize>,
    pub(super) times: usize,
    pub(super) cells: Vec<Cell>,
    pub(super) n: u64,
    pub(super) k: u64,
}

impl Cells {
    /// Cells with `sizes` levels a dimension and `times` periods.
    ///
    /// # Errors
    /// Shape (a cell with another number of dimensions), out of range (a level or time too high, `k` above `n`),
    /// too many (over 4,294,967,295 trials), too few (no trials).
    pub fn new(sizes: &[usize], times: usize, cells: Vec<Cell>) -> Result<Self> {
        let (mut n, mut k) = (0u64, 0u64);
        for cell in &cells {
            if cell.levels.len() != sizes.len() {
                return Err(Error::shape("levels", cell.levels.len(), sizes.len()));
            }
            if cell.levels.iter().zip(sizes).any(|(l, size)| *l as usize >= *size) || cell.time as usize >= times {
                return Err(Error::out_of_range("cell", "levels and time below their number"));
            }
            if cell.k > cell.n {
                return Err(Error::out_of_range("k", "at most n"));
            }
            n = n.saturating_add(u64::from(cell.n));
            k += u64::from(cell.k);
        }
        if n == 0 {
            return Err(Error::too_few("trials", 0, 1));
        }
        if n > MOST_TRIALS {
            return Err(Error::too_many("trials", usize::try_from(n).unwrap_or(usize::MAX), MOST_TRIALS as usize));
        }
        Ok(Self { sizes: sizes.to_vec(), times, cells, n, k })
    }

    /// The cells, in the order given.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// Clusters by size, ready for redrawing.
#[derive(Clone, Debug)]
pub(super) struct Clusters {
    /// Cell of every trial, cluster after cluster.
    pub trials: Vec<u32>,
    /// Start of every cluster in `trials`, and the end of the last.
    pub starts: Vec<usize>,
    /// Outcomes of every cluster.
    pub outcomes: Vec<u32>,
    /// Ends (in clusters) of the classes of equal size; clusters are sorted by size.
    pub classes: Vec<usize>,
    /// Trials in clusters whose size nobody shares.
    pub alone: u64,
}

impl Clusters {
    pub fn new(cells: &Cells, members: &[Member]) -> Result<Self> {
        if cells.n > MOST_IN_CLUSTERS {
            return Err(Error::too_many("trials", cells.n as usize, MOST_IN_CLUSTERS as usize));
        }
        let mut sums = vec![(0u64, 0u64); cells.cells.len()];
        for m in members {
            let Some(sum) = sums.get_mut(m.cell as usize) else {
                return Err(Error::out_of_range("members", "positions of cells"));
            };
            if m.k > m.n {
                return Err(Error::out_of_range("k", "at most n"));
            }
            sum.0 += u64::from(m.n);
            sum.1 += u64::from(m.k);
        }
        let differ = |(c, s): (&Cell, &(u64, u64))| (u64::from(c.n), u64::from(c.k)) != *s;
        if cells.cells.iter().zip(&sums).any(differ) {
            return Err(Error::out_of_range("members", "the same trials and outcomes as the cells"));
        }
        let mut members: Vec<Member> = members.iter().copied().filter(|m| m.n > 0).collect();
        members.sort_unstable_by_key(|m| (m.cluster, m.cell, m.n, m.k));
        let mut groups: Vec<(u64, &[Member])> = members
            .chunk_by(|a, b| a.cluster == b.cluster)
            .map(|g| (g.iter().map(|m| u64::from(m.n)).sum(), g))
            .collect();
        groups.sort_by_key(|(size, _)| *size);
        let mut out = Self {
            trials: Vec::with_capacity(cells.n as usize),
            starts: vec![0],
            outcomes: Vec::with_capacity(groups.len()),
            classes: Vec::new(),
            alone: 0,
        };
        for class in groups.chunk_by(|a, b| a.0 == b.0) {
            for (_, group) in class {
                for m in *group {
                    out.trials.extend(std::iter::repeat_n(m.cell, m.n as usize));
                }
                out.starts.push(out.trials.len());
                out.outcomes.push(group.iter().map(|m| m.k).sum());
            }
            out.classes.push(out.outcomes.len());
            if let [(size, _)] = class {
                out.alone += size;
            }
        }
        Ok(out)
    }
}
