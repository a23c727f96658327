//! What the model is fitted to, checked and laid out for fast passes.
//!
//! Cells are sorted by the level of the largest factor, which is eliminated first; the levels of the other
//! factors are numbered through. Passes run over fixed chunks of whole levels.
//!
//! Not here: any arithmetic of the model.
//!
//! Invariant: the layout depends on the arguments alone, never on the number of threads.

use std::ops::Range;

use statrs::function::gamma::ln_gamma;

use crate::error::{Error, Result, all_counts, all_finite};

/// Most crossed factors in one model.
pub const MOST_FACTORS: usize = 6;

/// Most columns of fixed effects.
pub const MOST_COLUMNS: usize = 200;

/// Most entries of the dense blocks (largest factor x all others, all others squared): 1.2 GB of floats.
const MOST_ENTRIES: usize = 150_000_000;

/// Chunks of one pass at most, and cells that make a chunk worth while.
const MOST_CHUNKS: usize = 16;
const CELLS_PER_CHUNK: usize = 4096;

/// A pivot below this share of the column's own size: the column is a combination of those before it.
const COLLINEAR: f64 = 1e-10;

/// One crossed factor: which level every cell has.
#[derive(Clone, Copy, Debug)]
pub struct Factor<'a> {
    /// Level of each cell, `0..size`.
    pub levels: &'a [u32],
    /// Number of levels, 1 or more; levels without cells are allowed.
    pub size: usize,
}

/// Binomial cells: `y` of `n`, a row of fixed-effect columns, and one level of each factor.
///
/// Rows need not be unique: splitting a cell changes nothing but the binomial constant.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    /// Trials per cell, 0 or more, real allowed.
    pub n: &'a [f64],
    /// Successes per cell, `0..=n`.
    pub y: &'a [f64],
    /// Fixed-effect rows, row-major `[cells x columns]`; an intercept is a column of ones of the caller's.
    pub x: &'a [f64],
    /// Number of fixed-effect columns, may be 0.
    pub columns: usize,
    /// The crossed factors, at most [`MOST_FACTORS`]; none gives a plain logistic regression.
    pub factors: &'a [Factor<'a>],
}

/// Cells sorted by the first (largest) factor.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub cells: usize,
    pub columns: usize,
    pub n: Vec<f64>,
    pub y: Vec<f64>,
    pub x: Vec<f64>,
    /// Per cell the levels of all factors but the first, numbered through; row-major.
    pub rest: Vec<u32>,
    /// First cell of each level of the first factor, and the end.
    pub start: Vec<usize>,
    /// Whole levels of the first factor.
    pub chunks: Vec<Range<usize>>,
    /// Sizes by place; place 0 is the eliminated factor.
    pub sizes: Vec<usize>,
    /// First through number of the factors at places 1.., and the end.
    pub offsets: Vec<usize>,
    /// Which factor of the caller's stands at each place; empty without factors (place 0 is then only a
    /// way to cut the cells into chunks, and has no effect).
    pub which: Vec<usize>,
    /// Input position of each sorted cell.
    pub order: Vec<u32>,
    /// `sum ln C(n, y)`.
    pub constant: f64,
}

impl Layout {
    /// Levels of the first factor.
    pub fn first(&self) -> usize {
        self.sizes[0]
    }

    /// Levels of all other factors together.
    pub fn others(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// Through numbers of the factor at `place` (1 or more).
    pub fn range(&self, place: usize) -> Range<usize> {
        self.offsets[place - 1]..self.offsets[place]
    }

    /// Places of the pairs of factors other than the first, with the start of their table.
    pub fn pairs(&self) -> Vec<(usize, usize, usize)> {
        let mut out = Vec::new();
        let mut start = 0;
        for k in 1..self.sizes.len() {
            for l in k + 1..self.sizes.len() {
                out.push((k, l, start));
                start += self.sizes[k] * self.sizes[l];
            }
        }
        out
    }

    /// Entries of all pair tables.
    pub fn pair_entries(&self) -> usize {
        self.pairs().last().map_or(0, |(k, l, start)| start + self.sizes[*k] * self.sizes[*l])
    }

    pub fn new(cells: &Cells) -> Result<Self> {
        check(cells)?;
        let count = cells.n.len();
        let mut which: Vec<usize> = (0..cells.factors.len()).collect();
        which.sort_by_key(|k| std::cmp::Reverse(cells.factors[*k].size));
        let mut sizes: Vec<usize> = which.iter().map(|k| cells.factors[*k].size).collect();
        let mut offsets = vec![0usize];
        for size in sizes.iter().skip(1) {
            offsets.push(offsets.last().copied().unwrap_or(0).saturating_add(*size));
        }
        if sizes.is_empty() {
            sizes.push(MOST_CHUNKS);
        }
        guard(sizes[0], &sizes[1..])?;
        let (order, start) = match which.first() {
            Some(k) => sorted(cells.factors[*k].levels, sizes[0]),
            None => ((0..count as u32).collect(), (0..=MOST_CHUNKS).map(|c| c * count / MOST_CHUNKS).collect()),
        };
        let pick = |values: &[f64]| order.iter().map(|i| values[*i as usize]).collect::<Vec<f64>>();
        let mut x = Vec::with_capacity(cells.x.len());
        let mut rest = Vec::with_capacity(count * which.len().saturating_sub(1));
        for i in order.iter().map(|i| *i as usize) {
            x.extend_from_slice(&cells.x[i * cells.columns..(i + 1) * cells.columns]);
            for (k, offset) in which.iter().skip(1).zip(&offsets) {
                rest.push(cells.factors[*k].levels[i] + *offset as u32);
            }
        }
        let mut out = Self {
            cells: count,
            columns: cells.columns,
            n: pick(cells.n),
            y: pick(cells.y),
            x,
            rest,
            start,
            chunks: Vec::new(),
            sizes,
            offsets,
            which,
            order,
            constant: constant(cells),
        };
        out.chunks = out.cut();
        Ok(out)
    }

    fn cut(&self) -> Vec<Range<usize>> {
        let worth = CELLS_PER_CHUNK.max(2 * self.pair_entries());
        let wanted = (self.cells / worth).clamp(1, MOST_CHUNKS);
        let mut out = Vec::new();
        let mut from = 0;
        for c in 1..=wanted {
            let to = if c == wanted {
                self.first()
            } else {
                self.start.partition_point(|s| *s < c * self.cells / wanted).min(self.first())
            };
            if to > from {
                out.push(from..to);
                from = to;
            }
        }
        out
    }
}

/// Counting sort by level, stable.
fn sorted(levels: &[u32], size: usize) -> (Vec<u32>, Vec<usize>) {
    let mut start = vec![0usize; size + 1];
    for level in levels {
        start[*level as usize + 1] += 1;
    }
    for level in 0..size {
        start[level + 1] += start[level];
    }
    let mut next = start.clone();
    let mut order = vec![0u32; levels.len()];
    for (i, level) in levels.iter().enumerate() {
        let at = &mut next[*level as usize];
        order[*at] = i as u32;
        *at += 1;
    }
    (order, start)
}

fn guard(first: usize, rest: &[usize]) -> Result<()> {
    let others = rest.iter().fold(0usize, |sum, size| sum.saturating_add(*size));
    let entries = first.saturating_mul(others.max(1)).saturating_add(others.saturating_mul(others));
    if entries > MOST_ENTRIES { Err(Error::too_many("pairs of levels", entries, MOST_ENTRIES)) } else { Ok(()) }
}

fn constant(cells: &Cells) -> f64 {
    let one = |(n, y): (&f64, &f64)| {
        if *y == 0.0 || y == n { 0.0 } else { ln_gamma(n + 1.0) - ln_gamma(y + 1.0) - ln_gamma(n - y + 1.0) }
    };
    cells.n.iter().zip(cells.y).map(one).sum()
}

fn check(cells: &Cells) -> Result<()> {
    let count = cells.n.len();
    if count > u32::MAX as usize / 2 {
        return Err(Error::too_many("cells", count, u32::MAX as usize / 2));
    }
    if cells.y.len() != count {
        return Err(Error::shape("y", cells.y.len(), count));
    }
    if cells.columns > MOST_COLUMNS {
        return Err(Error::too_many("columns", cells.columns, MOST_COLUMNS));
    }
    if cells.x.len() != count * cells.columns {
        return Err(Error::shape("x", cells.x.len(), count * cells.columns));
    }
    all_counts(cells.n, "n")?;
    all_counts(cells.y, "y")?;
    all_finite(cells.x, "x")?;
    if cells.x.iter().any(|v| v.abs() > 1e100) {
        return Err(Error::out_of_range("x", "at most 1e100 in size"));
    }
    if cells.n.iter().zip(cells.y).any(|(n, y)| y > n) {
        return Err(Error::out_of_range("y", "at most n"));
    }
    if cells.factors.len() > MOST_FACTORS {
        return Err(Error::too_many("factors", cells.factors.len(), MOST_FACTORS));
    }
    for factor in cells.factors {
        if factor.levels.len() != count {
            return Err(Error::shape("levels", factor.levels.len(), count));
        }
        if factor.size == 0 || factor.levels.iter().any(|l| *l as usize >= factor.size) {
            return Err(Error::out_of_range("levels", "below the size of their factor, which is 1 or more"));
        }
    }
    let (trials, successes): (f64, f64) = (cells.n.iter().sum(), cells.y.iter().sum());
    if trials > 1e15 {
        return Err(Error::out_of_range("n", "at most 1e15 in all"));
    }
    if successes <= 0.0 {
        return Err(Error::too_few("successes", 0, 1));
    }
    if successes >= trials {
        return Err(Error::too_few("failures", 0, 1));
    }
    independent(cells)
}

/// Refuses fixed-effect columns that are combinations of the others: Cholesky of the weighted cross products,
/// each column scaled to length 1.
fn independent(cells: &Cells) -> Result<()> {
    let p = cells.columns;
    let largest: Vec<f64> = (0..p)
        .map(|j| {
            let sized = cells.x.iter().skip(j).step_by(p).zip(cells.n);
            sized.filter(|(_, n)| **n > 0.0).fold(0.0, |m: f64, (v, _)| m.max(v.abs()))
        })
        .collect();
    if largest.iter().any(|v| *v < 1e-100) {
        return Err(Error::out_of_range("x", "columns that are not 0 throughout"));
    }
    let mut cross = vec![0.0; p * p];
    let mut row = vec![0.0; p];
    for (values, n) in cells.x.chunks_exact(p.max(1)).zip(cells.n) {
        for ((to, v), m) in row.iter_mut().zip(values).zip(&largest) {
            *to = v / m;
        }
        for i in 0..p {
            for j in 0..=i {
                cross[i * p + j] += n * row[i] * row[j];
            }
        }
    }
    let size: Vec<f64> = (0..p).map(|i| cross[i * p + i].sqrt()).collect();
    for i in 0..p {
        for j in 0..=i {
            let before: f64 = (0..j).map(|m| cross[i * p + m] * cross[j * p + m]).sum();
            let value = cross[i * p + j] / (size[i] * size[j]) - before;
            if i == j {
                if value.is_nan() || value <= COLLINEAR {
                    return Err(Error::out_of_range("x", "columns that are not combinations of one another"));
                }
                cross[i * p + i] = value.sqrt();
            } else {
                cross[i * p + j] = value / cross[j * p + j];
            }
        }
    }
    Ok(())
}
