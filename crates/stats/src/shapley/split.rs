//! The split itself: a table segment x factor that adds up both ways.
//!
//! Not here: the centred share column and rounding.
//!
//! Invariant: `column_sums` of a split and the free function [`column_sums`] are the same numbers.

use super::legendre;
use crate::error::{Error, Result, all_finite};

/// Most factors: far beyond any use, it keeps the cost of the nodes and the scratch bounded.
const MOST_COLUMNS: usize = 1_000;

/// A change split over segments (rows) and factors (columns), in the unit of the product.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Number of factors, the row length of `cells`.
    pub columns: usize,
    /// `phi`, row-major `[segments x columns]`.
    pub cells: Vec<f64>,
    /// Sum over segments, one per factor.
    pub column_sums: Vec<f64>,
    /// Sum over factors, one per segment: the change of that segment's product.
    pub row_sums: Vec<f64>,
    /// Total in the first period.
    pub total0: f64,
    /// Total in the second period.
    pub total1: f64,
}

impl Split {
    /// The change being split, `total1 - total0`.
    pub fn gap(&self) -> f64 {
        self.total1 - self.total0
    }
}

/// Splits `sum_s prod_j f1_sj - sum_s prod_j f0_sj` over segments and factors, exactly and free of order.
///
/// `f0`, `f1`: factor values in the first and second period, row-major `[segments x columns]`, any unit,
/// zeros and negatives allowed. No segments at all gives zeros.
///
/// # Errors
/// Shape (`columns` 0, lengths unequal or no multiple of `columns`), too many (more than 1,000 columns), not
/// finite (an input, or a product that overflows).
///
/// Source: module documentation.
pub fn split(f0: &[f64], f1: &[f64], columns: usize) -> Result<Split> {
    check(f0, f1, columns)?;
    let mut out = Split {
        columns,
        cells: vec![0.0; f0.len()],
        column_sums: vec![0.0; columns],
        row_sums: Vec::with_capacity(f0.len() / columns),
        total0: total(f0, columns),
        total1: total(f1, columns),
    };
    let mut walk = Walk::new(columns);
    let rows = f0.chunks_exact(columns).zip(f1.chunks_exact(columns));
    for ((a, b), cells) in rows.zip(out.cells.chunks_exact_mut(columns)) {
        walk.row(a, b, cells);
        for (sum, phi) in out.column_sums.iter_mut().zip(cells.iter()) {
            *sum += phi;
        }
        out.row_sums.push(cells.iter().sum());
    }
    all_finite(&out.cells, "product of factors")?;
    all_finite(&out.column_sums, "product of factors")?;
    all_finite(&[out.total0, out.total1], "product of factors")?;
    Ok(out)
}

/// Only the column sums of [`split`], without keeping the table: for repeating on many draws.
///
/// `out`: one number per factor, overwritten.
///
/// # Errors
/// As [`split`], and shape when `out` is not `columns` long.
pub fn column_sums(f0: &[f64], f1: &[f64], columns: usize, out: &mut [f64]) -> Result<()> {
    check(f0, f1, columns)?;
    if out.len() != columns {
        return Err(Error::shape("out", out.len(), columns));
    }
    out.fill(0.0);
    let mut walk = Walk::new(columns);
    let mut cells = vec![0.0; columns];
    for (a, b) in f0.chunks_exact(columns).zip(f1.chunks_exact(columns)) {
        walk.row(a, b, &mut cells);
        for (sum, phi) in out.iter_mut().zip(&cells) {
            *sum += phi;
        }
    }
    all_finite(out, "product of factors")
}

/// `sum_s prod_j f_sj`.
pub(super) fn total(f: &[f64], columns: usize) -> f64 {
    f.chunks_exact(columns).map(|row| row.iter().product::<f64>()).sum()
}

pub(super) fn check(f0: &[f64], f1: &[f64], columns: usize) -> Result<()> {
    if columns == 0 {
        return Err(Error::shape("columns", 0, 1));
    }
    if columns > MOST_COLUMNS {
        return Err(Error::too_many("columns", columns, MOST_COLUMNS));
    }
    if !f0.len().is_multiple_of(columns) {
        return Err(Error::shape("f0", f0.len(), f0.len().next_multiple_of(columns)));
    }
    if f1.len() != f0.len() {
        return Err(Error::shape("f1", f1.len(), f0.len()));
    }
    all_finite(f0, "f0")?;
    all_finite(f1, "f1")
}

/// Scratch for walking the straight line from one row to the other.
struct Walk {
    rule: Vec<(f64, f64)>,
    on_path: Vec<f64>,
    suffix: Vec<f64>,
}

impl Walk {
    fn new(columns: usize) -> Self {
        Self { rule: legendre::nodes(columns.div_ceil(2)), on_path: vec![0.0; columns], suffix: vec![1.0; columns + 1] }
    }

    fn row(&mut self, a: &[f64], b: &[f64], phi: &mut [f64]) {
        phi.fill(0.0);
        for &(t, weight) in &self.rule {
            for (j, (x, y)) in a.iter().zip(b).enumerate() {
                self.on_path[j] = x + t * (y - x);
            }
            for j in (0..a.len()).rev() {
                self.suffix[j] = self.suffix[j + 1] * self.on_path[j];
            }
            let mut prefix = weight;
            for (j, out) in phi.iter_mut().enumerate() {
                *out += prefix * self.suffix[j + 1];
                prefix *= self.on_path[j];
            }
        }
        for (out, (x, y)) in phi.iter_mut().zip(a.iter().zip(b)) {
            // An unchanged factor is exactly 0 even where the product of the others is not finite.
            *out = if x == y { 0.0 } else { *out * (y - x) };
        }
    }
}
