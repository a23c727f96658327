//! Cholesky's factor of a symmetric matrix in which some columns may be left out.
//!
//! Not here: sparse matrices.
//!
//! Invariant: a left-out column has coefficient 0 and variance 0.

/// Lower factor, row-major `[columns x columns]`.
#[derive(Clone, Debug)]
pub(crate) struct Cholesky {
    columns: usize,
    lower: Vec<f64>,
    dropped: Vec<bool>,
}

impl Cholesky {
    /// Factor of the matrix whose upper triangle is in `upper` (row-major). Columns marked in `dropped` are left
    /// out, and with `tolerance` also those of which at most this share is left after the earlier columns;
    /// `None` where a column that must stay is not positive.
    pub(crate) fn new(upper: &[f64], mut dropped: Vec<bool>, tolerance: Option<f64>) -> Option<Self> {
        let columns = dropped.len();
        let mut lower = vec![0.0; columns * columns];
        for i in 0..columns {
            if dropped[i] {
                continue;
            }
            let (done, rest) = lower.split_at_mut(i * columns);
            let row = &mut rest[..columns];
            for j in 0..i {
                if !dropped[j] {
                    let other = &done[j * columns..(j + 1) * columns];
                    row[j] = (upper[j * columns + i] - dot(&row[..j], &other[..j])) / other[j];
                }
            }
            let diagonal = upper[i * columns + i];
            let left = diagonal - dot(&row[..i], &row[..i]);
            if !left.is_finite() {
                return None;
            }
            if left > tolerance.unwrap_or(1e-14) * diagonal && left > 0.0 {
                row[i] = left.sqrt();
            } else if tolerance.is_some() {
                dropped[i] = true;
                row[..i].fill(0.0);
            } else {
                return None;
            }
        }
        Some(Self { columns, lower, dropped })
    }

    pub(crate) fn dropped(&self) -> &[bool] {
        &self.dropped
    }

    /// Solves in place; left-out columns become 0.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        self.half(x);
        for i in (0..self.columns).rev() {
            if self.dropped[i] {
                continue;
            }
            let row = &self.lower[i * self.columns..(i + 1) * self.columns];
            x[i] /= row[i];
            let xi = x[i];
            for (v, l) in x[..i].iter_mut().zip(row) {
                *v -= l * xi;
            }
        }
    }

    /// Forward half of the solution: the squares of the result add to `x' A^-1 x`.
    pub(crate) fn half(&self, x: &mut [f64]) {
        for i in 0..self.columns {
            if self.dropped[i] {
                x[i] = 0.0;
                continue;
            }
            let row = &self.lower[i * self.columns..(i + 1) * self.columns];
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
    }

    /// `x' A^-1 x`.
    pub(crate) fn inverse_form(&self, x: &[f64]) -> f64 {
        let mut half = x.to_vec();
        self.half(&mut half);
        dot(&half, &half)
    }

    /// Diagonal of the inverse; 0 for left-out columns.
    pub(crate) fn inverse_diagonal(&self) -> Vec<f64> {
        let one = |j: usize| {
            let mut unit = vec![0.0; self.columns];
            unit[j] = 1.0;
            self.inverse_form(&unit)
        };
        (0..self.columns).map(one).collect()
    }
}

/// Scalar product in four lanes: the order of additions is fixed, and the compiler may use wide registers.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_leaves_out_what_earlier_columns_determine() {
        // Columns: (1,1,1), (0,1,2), their sum, (1,0,0).
        let rows = [[1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 2.0, 0.0], [1.0, 2.0, 3.0, 0.0]];
        let mut gram = vec![0.0; 16];
        for row in rows {
            for i in 0..4 {
                for j in i..4 {
                    gram[i * 4 + j] += row[i] * row[j];
                }
            }
        }
        let c = Cholesky::new(&gram, vec![false; 4], Some(1e-10)).unwrap();
        assert_eq!(c.dropped(), [false, false, true, false]);
        let mut x = vec![6.0, 8.0, 0.0, 1.0]; // X'y for y = (1, 2, 3): 1 + t exactly
        c.solve(&mut x);
        for (got, truth) in x.iter().zip([1.0, 1.0, 0.0, 0.0]) {
            assert!((got - truth).abs() < 1e-12, "{x:?}");
        }
        assert!(Cholesky::new(&gram, vec![false; 4], None).is_none());
    }
}
