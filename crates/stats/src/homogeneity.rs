//! Whether two samples are spread alike over categories: Pearson's chi-square of a table of two columns.
//!
//! Not here: what the categories are. Invariant: the order of categories and of the two samples changes nothing beyond
//! rounding.
//!
//! Source: Pearson, Philosophical Magazine 50 (1900); small expected counts pooled as Cochran, Biometrics 10 (1954), advises.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Categories with a smaller expected count in either sample are pooled into one.
const LEAST_EXPECTED: f64 = 5.0;

/// The statistic and its degrees of freedom; sums of independent ones add.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Homogeneity {
    /// Pearson's statistic.
    pub statistic: f64,
    /// Categories after pooling, less one.
    pub freedom: f64,
}

impl Homogeneity {
    /// Of counts by category, `[first sample, second sample]`. Categories that are expected fewer than five times in
    /// either are pooled; with one category or an empty sample there is nothing to compare: 0 of 0.
    pub fn of(counts: &[[f64; 2]]) -> Homogeneity {
        let sum = |counts: &[[f64; 2]], side: usize| counts.iter().map(|c| c[side]).sum::<f64>();
        let all = [sum(counts, 0), sum(counts, 1)];
        let total = all[0] + all[1];
        if all.iter().any(|n| *n <= 0.0) || !total.is_finite() {
            return Homogeneity::default();
        }
        let expected = |c: &[f64; 2]| all.map(|n| (c[0] + c[1]) * n / total);
        let (mut kept, small): (Vec<[f64; 2]>, Vec<[f64; 2]>) =
            counts.iter().partition(|c| expected(c).iter().all(|e| *e >= LEAST_EXPECTED));
        let pooled = [sum(&small, 0), sum(&small, 1)];
        if pooled[0] + pooled[1] > 0.0 {
            kept.push(pooled);
        }
        let statistic = kept
            .iter()
            .flat_map(|c| c.iter().copied().zip(expected(c)))
            .filter(|(_, e)| *e > 0.0)
            .map(|(n, e)| (n - e) * (n - e) / e)
            .sum();
        Homogeneity { statistic, freedom: kept.len() as f64 - 1.0 }
    }

    /// Of several independent tables.
    #[must_use]
    pub fn and(self, other: Homogeneity) -> Homogeneity {
        Homogeneity { statistic: self.statistic + other.statistic, freedom: self.freedom + other.freedom }
    }

    /// The chance of a statistic this large if the samples are spread alike; 1 where nothing can be compared.
    pub fn p(self) -> f64 {
        if self.freedom < 1.0 {
            return 1.0;
        }
        ChiSquared::new(self.freedom).map_or(1.0, |chi| chi.sf(self.statistic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of R's `example(chisq.test)` (Agresti 2007, p. 39): X-squared = 30.07, df = 2, p-value = 2.954e-07.
    #[test]
    fn agrees_with_chisq_test_of_r() {
        let found = Homogeneity::of(&[[762.0, 484.0], [327.0, 239.0], [468.0, 477.0]]);
        assert!((found.statistic - 30.070_149_1).abs() < 1e-6, "{found:?}");
        assert_eq!(found.freedom, 2.0);
        assert!((found.p() / 2.953_589e-7 - 1.0).abs() < 1e-6, "{}", found.p());
    }

    #[test]
    fn small_categories_are_one_and_nothing_to_compare_is_no_difference() {
        let many = Homogeneity::of(&[[50.0, 60.0], [1.0, 0.0], [0.0, 2.0], [40.0, 30.0]]);
        assert_eq!(many.freedom, 2.0);
        for nothing in [&[][..], &[[3.0, 0.0]], &[[0.0, 0.0], [4.0, 0.0]], &[[30.0, 50.0]]] {
            assert_eq!(Homogeneity::of(nothing).p(), 1.0, "{nothing:?}");
        }
        assert_eq!(Homogeneity::of(&[[30.0, 60.0], [20.0, 40.0]]).statistic, 0.0);
    }
}
