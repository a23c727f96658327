//! Dense symmetric positive definite systems of some thousand rows, by blocks on top of `nalgebra`'s product.
//!
//! All matrices are column-major slices. Work is shared out by fixed panels of columns, so that the number of
//! threads changes nothing.
//!
//! Not here: pivoting. The matrices are an identity plus a positive semidefinite part.
//!
//! Invariant: only the lower triangle of an input is read.

use std::ops::Range;

use nalgebra::{DMatrixView, DMatrixViewMut, Dyn};
use rayon::prelude::*;

/// Width of a panel of columns.
const PANEL: usize = 64;

/// Products with a side up to this are summed in place.
const SMALL: usize = 8;

type Strided<'a> = DMatrixView<'a, f64, Dyn, Dyn>;

/// A part of a column-major matrix with `height` rows.
fn part(data: &[f64], height: usize, rows: Range<usize>, columns: Range<usize>) -> Strided<'_> {
    let from = (rows.start + columns.start * height).min(data.len());
    let shape = (Dyn(rows.len()), Dyn(columns.len()));
    Strided::from_slice_with_strides_generic(&data[from..], shape.0, shape.1, Dyn(1), Dyn(height))
}

/// The same, transposed.
fn flipped(data: &[f64], height: usize, rows: Range<usize>, columns: Range<usize>) -> Strided<'_> {
    let from = (rows.start + columns.start * height).min(data.len());
    let shape = (Dyn(columns.len()), Dyn(rows.len()));
    Strided::from_slice_with_strides_generic(&data[from..], shape.0, shape.1, Dyn(height), Dyn(1))
}

/// `to += scale * a b`, where `to` are the rows from `row` on of a panel with `height` rows.
fn add(to: &mut [f64], height: usize, row: usize, scale: f64, a: &Strided, b: &Strided) {
    let (rows, inner, columns) = (a.nrows(), a.ncols(), b.ncols());
    if rows.min(inner).min(columns) <= SMALL {
        // `nalgebra` 0.35.0 trips over its own bounds on small products of strided views.
        for j in 0..columns {
            for m in 0..inner {
                let value = scale * b[(m, j)];
                for i in 0..rows {
                    to[j * height + row + i] += value * a[(i, m)];
                }
            }
        }
        return;
    }
    let mut view = DMatrixViewMut::<f64, Dyn, Dyn>::from_slice_with_strides_generic(
        &mut to[row..],
        Dyn(rows),
        Dyn(columns),
        Dyn(1),
        Dyn(height),
    );
    view.gemm(scale, a, b, 1.0);
}

/// `to -= b b'` on and below the diagonal (by panels), `b` being `size x width`.
pub(super) fn subtract_square(to: &mut [f64], size: usize, b: &[f64], width: usize) {
    if size == 0 || width == 0 {
        return;
    }
    to.par_chunks_mut(size * PANEL).enumerate().for_each(|(panel, columns)| {
        let from = panel * PANEL;
        let end = from + columns.len() / size;
        let (left, right) = (part(b, size, from..size, 0..width), flipped(b, size, from..end, 0..width));
        add(columns, size, from, -1.0, &left, &right);
    });
}

/// `-a b` for a full square `a` of `size` and `b` being `size x width`.
pub(super) fn minus_product(a: &[f64], size: usize, b: &[f64], width: usize) -> Vec<f64> {
    let mut out = vec![0.0; size * width];
    if size == 0 || width == 0 {
        return out;
    }
    out.par_chunks_mut(size * PANEL).enumerate().for_each(|(panel, columns)| {
        let from = panel * PANEL;
        let end = from + columns.len() / size;
        let (left, right) = (part(a, size, 0..size, 0..size), part(b, size, 0..size, from..end));
        add(columns, size, 0, -1.0, &left, &right);
    });
    out
}

/// A Cholesky factor.
#[derive(Clone, Debug, Default)]
pub(super) struct Cholesky {
    size: usize,
    /// `L` on and below the diagonal; above it is whatever was there.
    lower: Vec<f64>,
    /// Inverse of each diagonal block of `L`, zeros above the diagonal.
    corners: Vec<Vec<f64>>,
    /// `2 sum ln L_ii`.
    pub log_determinant: f64,
}

impl Cholesky {
    /// Factors `matrix` in place; `None` where it is not positive definite (or not finite).
    pub fn new(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        let mut corners = Vec::with_capacity(size.div_ceil(PANEL));
        let mut log_determinant = 0.0;
        let mut from = 0;
        while from < size {
            let end = (from + PANEL).min(size);
            let (done, after) = matrix.split_at_mut(end * size);
            let columns = &mut done[from * size..];
            log_determinant += corner(columns, size, from)?;
            let inverse = corner_inverse(columns, size, from);
            let wide = end - from;
            let below = size - end;
            if below > 0 {
                let mut panel = vec![0.0; below * wide];
                let left = part(columns, size, end..size, 0..wide);
                add(&mut panel, below, 0, 1.0, &left, &flipped(&inverse, wide, 0..wide, 0..wide));
                for (to, values) in columns.chunks_exact_mut(size).zip(panel.chunks_exact(below)) {
                    to[end..].copy_from_slice(values);
                }
                after.par_chunks_mut(size * PANEL).enumerate().for_each(|(p, to)| {
                    let first = p * PANEL;
                    let last = first + to.len() / size;
                    let left = part(&panel, below, first..below, 0..wide);
                    let right = flipped(&panel, below, first..last, 0..wide);
                    add(to, size, end + first, -1.0, &left, &right);
                });
            }
            corners.push(inverse);
            from = end;
        }
        log_determinant.is_finite().then_some(Self { size, lower: matrix, corners, log_determinant })
    }

    /// `L^-1 b`, in place.
    pub fn forward(&self, b: &mut [f64]) {
        for j in 0..self.size {
            let column = &self.lower[j * self.size..(j + 1) * self.size];
            let value = b[j] / column[j];
            b[j] = value;
            for (to, l) in b[j + 1..].iter_mut().zip(&column[j + 1..]) {
                *to -= value * l;
            }
        }
    }

    /// `L'^-1 b`, in place.
    pub fn backward(&self, b: &mut [f64]) {
        for j in (0..self.size).rev() {
            let column = &self.lower[j * self.size..(j + 1) * self.size];
            let known: f64 = b[j + 1..].iter().zip(&column[j + 1..]).map(|(x, l)| x * l).sum();
            b[j] = (b[j] - known) / column[j];
        }
    }

    /// Solves in place.
    pub fn solve(&self, b: &mut [f64]) {
        self.forward(b);
        self.backward(b);
    }

    /// The full inverse.
    pub fn inverse(&self) -> Vec<f64> {
        let size = self.size;
        let mut root = vec![0.0; size * size];
        if size == 0 {
            return root;
        }
        // L^-1, one panel of columns after the other; they do not depend on one another.
        root.par_chunks_mut(size * PANEL).enumerate().for_each(|(p, columns)| {
            let from = p * PANEL;
            let wide = columns.len() / size;
            for (to, values) in columns.chunks_exact_mut(size).zip(self.corners[p].chunks_exact(wide)) {
                to[from..from + wide].copy_from_slice(values);
            }
            for (q, inverse) in self.corners.iter().enumerate().skip(p + 1) {
                let top = q * PANEL;
                let high = (top + PANEL).min(size) - top;
                let mut sum = vec![0.0; high * wide];
                let left = part(&self.lower, size, top..top + high, from..top);
                add(&mut sum, high, 0, 1.0, &left, &part(columns, size, from..top, 0..wide));
                let left = part(inverse, high, 0..high, 0..high);
                add(columns, size, top, -1.0, &left, &part(&sum, high, 0..high, 0..wide));
            }
        });
        let mut out = vec![0.0; size * size];
        out.par_chunks_mut(size * PANEL).enumerate().for_each(|(p, columns)| {
            let from = p * PANEL;
            let wide = columns.len() / size;
            for top in (from..size).step_by(PANEL) {
                let end = (top + PANEL).min(size);
                let left = flipped(&root, size, top..size, top..end);
                add(columns, size, top, 1.0, &left, &part(&root, size, top..size, from..from + wide));
            }
        });
        for j in 0..size {
            for i in j + 1..size {
                out[i * size + j] = out[j * size + i];
            }
        }
        out
    }
}

/// Factors the diagonal block of a panel whose first column is `from`; returns `2 sum ln L_ii`.
fn corner(columns: &mut [f64], size: usize, from: usize) -> Option<f64> {
    let wide = columns.len() / size;
    let mut log = 0.0;
    for j in 0..wide {
        let (before, rest) = columns.split_at_mut(j * size);
        let column = &mut rest[from + j..from + wide];
        for earlier in before.chunks_exact(size) {
            let l = &earlier[from + j..from + wide];
            let factor = l[0];
            for (to, value) in column.iter_mut().zip(l) {
                *to -= factor * value;
            }
        }
        let pivot = column[0];
        if pivot.is_nan() || pivot <= 0.0 || pivot.is_infinite() {
            return None;
        }
        let root = pivot.sqrt();
        for value in column.iter_mut() {
            *value /= root;
        }
        log += 2.0 * root.ln();
    }
    Some(log)
}

/// Inverse of the diagonal block that [`corner`] left.
fn corner_inverse(columns: &[f64], size: usize, from: usize) -> Vec<f64> {
    let wide = columns.len() / size;
    let l = |i: usize, j: usize| columns[j * size + from + i];
    let mut out = vec![0.0; wide * wide];
    for j in 0..wide {
        out[j * wide + j] = 1.0 / l(j, j);
        for i in j + 1..wide {
            let sum: f64 = (j..i).map(|m| l(i, m) * out[j * wide + m]).sum();
            out[j * wide + i] = -sum / l(i, i);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_solves_and_inverts_whatever_the_size() {
        for size in [0usize, 1, 3, 63, 64, 65, 130, 200] {
            let b: Vec<f64> = (0..size * 7).map(|i| ((i * 37 % 101) as f64 - 50.0) / 40.0).collect();
            let mut matrix = vec![0.0; size * size];
            for i in 0..size {
                matrix[i * size + i] = 1.0;
            }
            let minus: Vec<f64> = matrix.clone();
            subtract_square(&mut matrix, size, &b, 7);
            let full = |i: usize, j: usize| {
                let square: f64 = (0..7).map(|m| b[m * size + i] * b[m * size + j]).sum();
                f64::from(u8::from(i == j)) + square
            };
            let plus: Vec<f64> = minus.iter().zip(&matrix).map(|(one, m)| 2.0 * one - m).collect();
            let factor = Cholesky::new(plus, size).unwrap();
            let inverse = factor.inverse();
            let mut x: Vec<f64> = (0..size).map(|i| i as f64 - 3.0).collect();
            factor.solve(&mut x);
            for i in 0..size {
                let back: f64 = (0..size).map(|j| full(i, j) * x[j]).sum();
                assert!((back - (i as f64 - 3.0)).abs() < 1e-9);
                for j in 0..size {
                    let one: f64 = (0..size).map(|m| full(i, m) * inverse[j * size + m]).sum();
                    assert!((one - f64::from(u8::from(i == j))).abs() < 1e-10);
                }
            }
            let product = minus_product(&inverse, size, &b, 7);
            if size > 0 {
                let last: f64 = (0..size).map(|m| inverse[m * size + size - 1] * b[6 * size + m]).sum();
                assert!((product[7 * size - 1] + last).abs() < 1e-12);
            }
        }
        assert!(Cholesky::new(vec![-1.0], 1).is_none() && Cholesky::new(vec![f64::NAN], 1).is_none());
    }
}
