//! Draws around a fit: coefficients together, and each level's effects in both periods together.
//!
//! Not here: the fit. Invariant: a factor without spread is drawn as exactly what it is, 0.

use stats::draws::Draws;

/// A covariance as the lower factor of Cholesky, row-major; `None` where it is none.
pub fn factor(covariance: &[f64], size: usize) -> Option<Vec<f64>> {
    let mut lower = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..=i {
            let rest: f64 = (0..j).map(|k| lower[i * size + k] * lower[j * size + k]).sum();
            let left = covariance[i * size + j] - rest;
            if i == j {
                if left <= 0.0 || !left.is_finite() {
                    return None;
                }
                lower[i * size + i] = left.sqrt();
            } else {
                lower[i * size + j] = left / lower[j * size + j];
            }
        }
    }
    Some(lower)
}

/// `mean` plus correlated normal numbers, written into `out`.
pub fn draw(mean: &[f64], lower: &[f64], draws: &mut Draws, out: &mut [f64]) {
    let size = mean.len();
    let z: Vec<f64> = (0..size).map(|_| draws.normal()).collect();
    for i in 0..size {
        out[i] = mean[i] + (0..=i).map(|k| lower[i * size + k] * z[k]).sum::<f64>();
    }
}

/// One level's effect in both periods: its steady part, and what each period adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    pub steady: f64,
    pub in_period: [f64; 2],
    /// Lower factor of the covariance of the three.
    lower: [f64; 9],
}

impl Level {
    /// From the modes, the spreads of the steady and the periods' parts, and the information of the rows in each
    /// period: the normal posterior of `steady + in_period[t]` seen with variance `1 / information[t]`.
    pub fn new(steady: f64, in_period: [f64; 2], spreads: [f64; 2], information: [f64; 2]) -> Level {
        let scale = [spreads[0], spreads[1], spreads[1]];
        let seen = [[scale[0], scale[1], 0.0], [scale[0], 0.0, scale[2]]];
        let mut precision = [0.0; 9];
        for i in 0..3 {
            precision[i * 3 + i] = 1.0;
            for j in 0..3 {
                precision[i * 3 + j] += (0..2).map(|t| information[t] * seen[t][i] * seen[t][j]).sum::<f64>();
            }
        }
        let mut lower = [0.0; 9];
        if let Some(l) = inverse(&precision).and_then(|covariance| factor(&covariance, 3)) {
            for i in 0..3 {
                for j in 0..3 {
                    lower[i * 3 + j] = scale[i] * l[i * 3 + j];
                }
            }
        }
        Level { steady, in_period, lower }
    }

    /// A draw of the three.
    pub fn draw(&self, draws: &mut Draws) -> (f64, [f64; 2]) {
        let mut out = [0.0; 3];
        draw(&[self.steady, self.in_period[0], self.in_period[1]], &self.lower, draws, &mut out);
        (out[0], [out[1], out[2]])
    }
}

/// The inverse of a symmetric positive definite matrix of three rows.
fn inverse(m: &[f64; 9]) -> Option<[f64; 9]> {
    let lower = factor(m, 3)?;
    let mut out = [0.0; 9];
    for column in 0..3 {
        let mut z = [0.0; 3];
        for i in 0..3 {
            let rest: f64 = (0..i).map(|k| lower[i * 3 + k] * z[k]).sum();
            z[i] = (f64::from(u8::from(i == column)) - rest) / lower[i * 3 + i];
        }
        for i in (0..3).rev() {
            let rest: f64 = (i + 1..3).map(|k| lower[k * 3 + i] * out[k * 3 + column]).sum();
            out[i * 3 + column] = (z[i] - rest) / lower[i * 3 + i];
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_covariance_of_the_normal_posterior() {
        // spreads .5 and .3, information 40 and 10: the covariance worked out with numpy's inverse
        let level = Level::new(0.2, [0.1, -0.1], [0.5, 0.3], [40.0, 10.0]);
        let mut source = Draws::new(3);
        let (mut sums, n) = ([0.0; 6], 40_000);
        for _ in 0..n {
            let (steady, [first, second]) = level.draw(&mut source);
            let (a, b, c) = (steady - 0.2, first - 0.1, second + 0.1);
            for (sum, value) in sums.iter_mut().zip([a * a, b * b, c * c, a * b, a * c, (c - b) * (c - b)]) {
                *sum += value / f64::from(n);
            }
        }
        // precision: diag(1/.25, 1/.09, 1/.09) + 40 u0u0' + 10 u1u1'
        let expected = [0.055_683, 0.053_670, 0.059_862, -0.043_578, -0.026_376, 0.072_248];
        for (got, want) in sums.iter().zip(expected) {
            assert!((got - want).abs() < 0.03 * want.abs() + 5e-4, "{sums:?}");
        }
    }

    #[test]
    fn without_spread_nothing_is_drawn() {
        let level = Level::new(0.0, [0.0, 0.0], [0.0, 0.0], [40.0, 10.0]);
        assert_eq!(level.draw(&mut Draws::new(1)), (0.0, [0.0, 0.0]));
        assert_eq!(factor(&[1.0, 2.0, 2.0, 1.0], 2), None);
    }
}
