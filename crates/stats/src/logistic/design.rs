//! The columns: an intercept, numeric columns and factors as level indices.
//!
//! Columns are numbered intercept, numeric columns in order, then for every factor its levels 1, 2, ... (level 0
//! is the reference). Inside, numeric columns are centred and in units of their standard deviation.
//!
//! Not here: fitting.
//!
//! Invariant: every slice of a design has one entry a row, all finite, every index below its number of levels.

use crate::error::{Error, Result, all_counts, all_finite};

/// Most columns of a design: its square matrix still fits in memory (128 MB).
const MOST_COLUMNS: usize = 4_000;

/// A factor: one level index a row.
#[derive(Clone, Copy, Debug)]
pub struct Factor<'a> {
    /// Level of every row, below `levels`.
    pub index: &'a [u32],
    /// How many levels there are; levels without rows are allowed (their column is dropped).
    pub levels: usize,
}

/// Trials and successes, one entry a row; real allowed (weights).
#[derive(Clone, Copy, Debug)]
pub struct Trials<'a> {
    /// Trials of every row; `None`: one each.
    pub n: Option<&'a [f64]>,
    /// Successes of every row, `0 <= k <= n`.
    pub k: &'a [f64],
}

impl Trials<'_> {
    /// Trials of row `i`.
    pub(crate) fn n(&self, i: usize) -> f64 {
        self.n.map_or(1.0, |n| n[i])
    }

    /// `rows` rows of `0 <= k <= n`, or the error that says what is wrong.
    pub(crate) fn check(&self, rows: usize) -> Result<()> {
        if self.k.len() != rows {
            return Err(Error::shape("k", self.k.len(), rows));
        }
        if let Some(n) = self.n {
            if n.len() != rows {
                return Err(Error::shape("n", n.len(), rows));
            }
            all_counts(n, "n")?;
        }
        all_counts(self.k, "k")?;
        let too_many = |i: usize| self.k[i] > self.n(i);
        if (0..rows).any(too_many) { Err(Error::out_of_range("k", "at most n")) } else { Ok(()) }
    }
}

/// The columns of a regression. Borrowed: nothing is copied but 16 bytes a numeric column.
#[derive(Clone, Debug)]
pub struct Design<'a> {
    rows: usize,
    numeric: Vec<&'a [f64]>,
    /// Centre and scale of every numeric column; a scale of 1 for a constant column, which is then all 0.
    units: Vec<(f64, f64)>,
    factors: Vec<Factor<'a>>,
    /// Column just before the factor's level 1 (so that level l has column `first + l`).
    first: Vec<usize>,
    columns: usize,
}

impl<'a> Design<'a> {
    /// A design of `rows` rows.
    ///
    /// # Errors
    /// Shape (a slice not as long as `rows`), not finite (or so large that squares overflow), out of range (an
    /// index not below its factor's levels), too few (no rows), too many (over 4,000 columns).
    pub fn new(rows: usize, numeric: &[&'a [f64]], factors: &[Factor<'a>]) -> Result<Self> {
        if rows == 0 {
            return Err(Error::too_few("rows", 0, 1));
        }
        let mut design = Self {
            rows,
            numeric: numeric.to_vec(),
            units: Vec::with_capacity(numeric.len()),
            factors: Vec::new(),
            first: Vec::new(),
            columns: 1 + numeric.len(),
        };
        for values in numeric {
            if values.len() != rows {
                return Err(Error::shape("numeric", values.len(), rows));
            }
            all_finite(values, "numeric")?;
            design.units.push(unit(values)?);
        }
        for factor in factors {
            design = design.with(*factor)?;
        }
        Ok(design)
    }

    /// The design with one more factor, whose columns come last.
    ///
    /// # Errors
    /// As [`Design::new`].
    pub fn with(mut self, factor: Factor<'a>) -> Result<Self> {
        if factor.index.len() != self.rows {
            return Err(Error::shape("factor", factor.index.len(), self.rows));
        }
        if factor.index.iter().any(|l| *l as usize >= factor.levels) {
            return Err(Error::out_of_range("factor", "every index below the number of levels"));
        }
        self.first.push(self.columns - 1);
        self.columns = self.columns.saturating_add(factor.levels.saturating_sub(1));
        self.factors.push(factor);
        if self.columns > MOST_COLUMNS {
            return Err(Error::too_many("columns", self.columns, MOST_COLUMNS));
        }
        Ok(self)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns, the intercept included.
    pub fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn units(&self) -> &[(f64, f64)] {
        &self.units
    }

    /// Every factor with the column just before its level 1.
    pub(crate) fn factors(&self) -> impl Iterator<Item = (&Factor<'a>, usize)> {
        self.factors.iter().zip(self.first.iter().copied())
    }

    /// Most nonzero entries of a row.
    pub(crate) fn width(&self) -> usize {
        1 + self.numeric.len() + self.factors.len()
    }

    /// Nonzero entries of row `i` in inner units, as `(column, value)` by ascending column; how many there are.
    /// `out` has room for [`Self::width`].
    pub(crate) fn row(&self, i: usize, out: &mut [(usize, f64)]) -> usize {
        out[0] = (0, 1.0);
        let mut used = 1;
        for (j, (values, (centre, scale))) in self.numeric.iter().zip(&self.units).enumerate() {
            out[used] = (1 + j, (values[i] - centre) * scale);
            used += 1;
        }
        for (factor, first) in self.factors.iter().zip(&self.first) {
            let level = factor.index[i] as usize;
            if level > 0 {
                out[used] = (first + level, 1.0);
                used += 1;
            }
        }
        used
    }

    /// `x_i' beta` in inner units.
    pub(crate) fn product(&self, i: usize, beta: &[f64]) -> f64 {
        let mut sum = beta[0];
        for (j, (values, (centre, scale))) in self.numeric.iter().zip(&self.units).enumerate() {
            sum += beta[1 + j] * ((values[i] - centre) * scale);
        }
        for (factor, first) in self.factors.iter().zip(&self.first) {
            let level = factor.index[i] as usize;
            if level > 0 {
                sum += beta[first + level];
            }
        }
        sum
    }
}

/// Centre and reciprocal scale of a column.
fn unit(values: &[f64]) -> Result<(f64, f64)> {
    let rows = values.len() as f64;
    let centre = values.iter().map(|v| v / rows).sum::<f64>();
    let variance = values.iter().map(|v| (v - centre) * (v - centre) / rows).sum::<f64>();
    if !centre.is_finite() || !variance.is_finite() {
        return Err(Error::not_finite("numeric"));
    }
    let spread = variance.sqrt();
    // Rounding makes a constant column look as if it varied by its last digit.
    let constant = spread <= 1e-14 * centre.abs() || !(1.0 / spread).is_finite();
    Ok((centre, if constant { 0.0 } else { 1.0 / spread }))
}
