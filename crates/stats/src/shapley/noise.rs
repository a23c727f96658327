//! How far chance moves the parts of a split, without counting the chance of the factors twice.
//!
//! A part is a product of estimates. Drawing every factor around its estimate gives the product more variance than its
//! estimate has: of two factors `x y` with errors `v` and `w` the estimate varies by `x^2 w + y^2 v + v w` around the
//! truth, its draws by that with the estimates in place of `x` and `y`, which is on average `2 v w` more. In cells of a few
//! cases `v w` is as large as all else. Goodman (1960, "On the exact variance of products", eq. 5) gives the estimate without
//! bias: `x^2 w + y^2 v - v w`, for any number of factors the product of squares less that of `x^2 - v`.
//!
//! Here: both variances of every factor's part, from the moments of the drawn factors. Not here: drawing. Invariant:
//! where one factor alone is uncertain the two are the same.

use super::legendre;
use super::split::check;
use crate::error::{Error, Result};

/// Sums over draws of a table's entries: enough for each entry's variance, and for that of the two periods together.
#[derive(Clone, Debug)]
pub struct Moments {
    draws: f64,
    /// For each entry: the sums of both periods, of their squares and of their product.
    sums: Vec<[f64; 5]>,
}

impl Moments {
    /// Of a table with so many entries a period.
    pub fn new(entries: usize) -> Self {
        Self { draws: 0.0, sums: vec![[0.0; 5]; entries] }
    }

    /// One draw more.
    ///
    /// # Errors
    /// Shape: a period with another number of entries.
    pub fn add(&mut self, f0: &[f64], f1: &[f64]) -> Result<()> {
        for side in [f0, f1] {
            if side.len() != self.sums.len() {
                return Err(Error::shape("draw", side.len(), self.sums.len()));
            }
        }
        self.draws += 1.0;
        for (sum, (a, b)) in self.sums.iter_mut().zip(f0.iter().zip(f1)) {
            for (sum, value) in sum.iter_mut().zip([*a, *b, a * a, b * b, a * b]) {
                *sum += value;
            }
        }
        Ok(())
    }

    /// Variances of an entry in both periods, and the covariance of the two.
    fn covariance(&self, entry: usize) -> [f64; 3] {
        let [a, b, aa, bb, ab] = self.sums[entry].map(|sum| sum / self.draws);
        let free = self.draws / (self.draws - 1.0);
        [(aa - a * a).max(0.0) * free, (bb - b * b).max(0.0) * free, (ab - a * b) * free]
    }
}

/// Variances of one factor's part of a split, summed over its segments as if these were independent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Noise {
    /// That of the part over draws of all factors.
    pub drawn: f64,
    /// That of the part itself, estimated without bias.
    pub estimated: f64,
}

/// The [`Noise`] of every column of a split of `f0` and `f1` (row-major `[segments x columns]`).
///
/// Factors are taken as independent of each other; a factor's two periods need not be. `estimated` can be negative where
/// there are next to no cases.
///
/// # Errors
/// As [`super::split`]; shape of the moments; too few draws (fewer than two).
///
/// Source: module documentation.
pub fn noise(f0: &[f64], f1: &[f64], columns: usize, moments: &Moments) -> Result<Vec<Noise>> {
    check(f0, f1, columns)?;
    if moments.sums.len() != f0.len() {
        return Err(Error::shape("moments", moments.sums.len(), f0.len()));
    }
    if moments.draws < 2.0 {
        return Err(Error::too_few("draws", moments.draws as usize, 2));
    }
    let rule = legendre::nodes(columns.div_ceil(2));
    let mut out = vec![Noise::default(); columns];
    let mut square = Square { on_path: vec![0.0; columns], suffix: vec![1.0; columns + 1] };
    for (segment, (a, b)) in f0.chunks_exact(columns).zip(f1.chunks_exact(columns)).enumerate() {
        let spread: Vec<[f64; 3]> = (0..columns).map(|j| moments.covariance(segment * columns + j)).collect();
        let mut means = [vec![0.0; columns], vec![0.0; columns], vec![0.0; columns]];
        for (mean, sign) in means.iter_mut().zip([-1.0, 0.0, 1.0]) {
            square.row(&rule, (a, b), &spread, sign, mean);
        }
        let [less, plain, more] = means;
        for (noise, ((less, plain), more)) in out.iter_mut().zip(less.iter().zip(&plain).zip(&more)) {
            noise.drawn += more - plain;
            noise.estimated += plain - less;
        }
    }
    Ok(out)
}

/// Scratch for the mean square of each part.
struct Square {
    on_path: Vec<f64>,
    suffix: Vec<f64>,
}

impl Square {
    /// Mean square of each part where factors have `sign` times their variances: an integral over two paths, because
    /// the factors are independent and the mean of a product is that of the means.
    fn row(&mut self, rule: &[(f64, f64)], (a, b): (&[f64], &[f64]), spread: &[[f64; 3]], sign: f64, out: &mut [f64]) {
        for &(t, weight) in rule {
            for &(u, other) in rule {
                for (j, ((x, y), [v, w, c])) in a.iter().zip(b).zip(spread).enumerate() {
                    let (xx, yy, xy) = (x * x + sign * v, y * y + sign * w, x * y + sign * c);
                    self.on_path[j] = (1.0 - t) * (1.0 - u) * xx + ((1.0 - t) * u + t * (1.0 - u)) * xy + t * u * yy;
                }
                for j in (0..a.len()).rev() {
                    self.suffix[j] = self.suffix[j + 1] * self.on_path[j];
                }
                let mut prefix = weight * other;
                for (j, out) in out.iter_mut().enumerate() {
                    *out += prefix * self.suffix[j + 1];
                    prefix *= self.on_path[j];
                }
            }
        }
        for (out, ((x, y), [v, w, c])) in out.iter_mut().zip(a.iter().zip(b).zip(spread)) {
            *out *= (y - x) * (y - x) + sign * (v + w - 2.0 * c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use crate::shapley::column_sums;

    const TRUTH: [[f64; 3]; 2] = [[1.0, 0.5, 2.0], [1.3, 0.5, 1.6]];
    const ERROR: [[f64; 3]; 2] = [[0.3, 0.4, 0.9], [0.3, 0.4, 0.9]];

    fn around(draws: &mut Draws, values: &[[f64; 3]; 2]) -> [[f64; 3]; 2] {
        let mut out = *values;
        for (side, errors) in out.iter_mut().zip(ERROR) {
            side.iter_mut().zip(errors).for_each(|(x, e)| *x += e * draws.normal());
        }
        out
    }

    fn parts(of: &[[f64; 3]; 2]) -> [f64; 3] {
        let mut out = [0.0; 3];
        column_sums(&of[0], &of[1], 3, &mut out).unwrap();
        out
    }

    fn variance(of: &[f64]) -> f64 {
        let mean = of.iter().sum::<f64>() / of.len() as f64;
        of.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (of.len() - 1) as f64
    }

    fn moments(draws: &mut Draws, values: &[[f64; 3]; 2], n: usize) -> (Moments, Vec<[f64; 3]>) {
        let mut out = Moments::new(3);
        let mut all = Vec::new();
        for _ in 0..n {
            let drawn = around(draws, values);
            out.add(&drawn[0], &drawn[1]).unwrap();
            all.push(parts(&drawn));
        }
        (out, all)
    }

    #[test]
    fn drawn_is_the_variance_of_the_draws() {
        let mut draws = Draws::new(1);
        let (moments, all) = moments(&mut draws, &TRUTH, 200_000);
        for (j, noise) in noise(&TRUTH[0], &TRUTH[1], 3, &moments).unwrap().iter().enumerate() {
            let counted = variance(&all.iter().map(|p| p[j]).collect::<Vec<_>>());
            assert!((noise.drawn / counted - 1.0).abs() < 0.03, "{j}: {} {counted}", noise.drawn);
        }
    }

    #[test]
    fn estimated_is_on_average_the_variance_of_the_estimate_and_drawn_is_more() {
        let mut draws = Draws::new(2);
        let (mut sums, mut estimates) = ([Noise::default(); 3], Vec::new());
        for _ in 0..3_000 {
            let seen = around(&mut draws, &TRUTH);
            estimates.push(parts(&seen));
            let (moments, _) = moments(&mut draws, &seen, 60);
            for (sum, one) in sums.iter_mut().zip(noise(&seen[0], &seen[1], 3, &moments).unwrap()) {
                sum.drawn += one.drawn / 3_000.0;
                sum.estimated += one.estimated / 3_000.0;
            }
        }
        for (j, sum) in sums.iter().enumerate() {
            let counted = variance(&estimates.iter().map(|p| p[j]).collect::<Vec<_>>());
            assert!((sum.estimated / counted - 1.0).abs() < 0.1, "{j}: {} {counted}", sum.estimated);
            assert!(sum.drawn > 1.2 * counted, "{j}: {} {counted}", sum.drawn);
        }
    }

    #[test]
    fn where_one_factor_is_uncertain_both_are_the_same() {
        let mut moments = Moments::new(2);
        for x in [0.9, 1.0, 1.1] {
            moments.add(&[x, 2.0], &[2.0 - x, 3.0]).unwrap();
        }
        for one in noise(&[1.0, 2.0], &[1.0, 3.0], 2, &moments).unwrap() {
            assert!((one.drawn - one.estimated).abs() < 1e-12, "{one:?}");
        }
    }

    #[test]
    fn a_value_carried_from_the_other_period_has_no_part_of_its_own() {
        let mut moments = Moments::new(2);
        for x in [0.5, 1.0, 1.5] {
            moments.add(&[x, 2.0], &[x, 3.0]).unwrap();
        }
        let out = noise(&[1.0, 2.0], &[1.0, 3.0], 2, &moments).unwrap();
        assert!(out[0].drawn.abs() < 1e-12 && out[1].drawn > 0.2);
    }

    #[test]
    fn shapes_are_checked() {
        let mut moments = Moments::new(2);
        assert!(moments.add(&[1.0], &[1.0]).is_err());
        assert!(noise(&[1.0, 2.0], &[1.0, 3.0], 2, &moments).is_err());
        assert!(noise(&[1.0], &[1.0], 1, &moments).is_err());
    }
}
