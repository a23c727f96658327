//! The area under the curve of whole points, with its interval, from counts.
//!
//! Not here: chances, calibration (`quality`).
//!
//! Invariant: equal to the area that [`super::quality`] finds row by row.

use crate::error::{Error, Result};
use crate::interval::Interval;

/// Rows with one total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// The total, in points.
    pub points: i64,
    /// Rows.
    pub n: f64,
    /// Those with the outcome.
    pub k: f64,
}

/// The chance that a row with the outcome has more points than one without (half of a tie counts), and its interval:
/// normal, with DeLong's variance.
///
/// # Errors
/// Out of range (`k` outside `0..=n`), too few (fewer than two rows with the outcome, or without).
///
/// Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988).
pub fn area(totals: &[Total]) -> Result<(f64, Interval)> {
    if totals.iter().any(|t| !(0.0..=t.n).contains(&t.k) || !t.n.is_finite()) {
        return Err(Error::out_of_range("k", "0 to n"));
    }
    let mut sorted = totals.to_vec();
    sorted.sort_by_key(|t| t.points);
    let good: f64 = sorted.iter().map(|t| t.k).sum();
    let bad: f64 = sorted.iter().map(|t| t.n - t.k).sum();
    if good < 2.0 || bad < 2.0 {
        return Err(Error::too_few("rows with and without it", good.min(bad) as usize, 2));
    }
    // of each total: the share of the others below it, ties half
    let (mut below_good, mut below_bad) = (0.0, 0.0);
    let mut placed = Vec::with_capacity(sorted.len());
    for group in sorted.chunk_by(|a, b| a.points == b.points) {
        let k: f64 = group.iter().map(|t| t.k).sum();
        let b: f64 = group.iter().map(|t| t.n - t.k).sum();
        placed.push((k, (below_bad + 0.5 * b) / bad, b, 1.0 - (below_good + 0.5 * k) / good));
        (below_good, below_bad) = (below_good + k, below_bad + b);
    }
    let area: f64 = placed.iter().map(|(k, share, _, _)| k * share).sum::<f64>() / good;
    let spread_good: f64 = placed.iter().map(|(k, share, _, _)| k * (share - area).powi(2)).sum::<f64>() / (good - 1.0);
    let spread_bad: f64 = placed.iter().map(|(_, _, b, share)| b * (share - area).powi(2)).sum::<f64>() / (bad - 1.0);
    let se = (spread_good / good + spread_bad / bad).sqrt();
    let interval = Interval::normal(area, se).ok_or(Error::no_convergence("area"))?;
    Ok((area, interval))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::{quality, quality_intervals};

    /// Rows whose chance rises with their points.
    fn rows() -> (Vec<i64>, Vec<bool>) {
        let points: Vec<i64> = (0..900).map(|i| (i * 7919 % 23) as i64).collect();
        let good = points.iter().enumerate().map(|(i, p)| (i * 104_729 % 31) as i64 <= *p).collect();
        (points, good)
    }

    #[test]
    fn the_area_is_that_of_the_rows_and_its_interval_that_of_resampling() {
        let (points, good) = rows();
        let chance: Vec<f64> = points.iter().map(|p| *p as f64 / 23.0).collect();
        let totals: Vec<Total> =
            points.iter().zip(&good).map(|(p, g)| Total { points: *p, n: 1.0, k: f64::from(u8::from(*g)) }).collect();
        let (found, interval) = area(&totals).unwrap();
        assert!((found - quality(&chance, &good).unwrap().auc).abs() < 1e-12);
        let drawn = quality_intervals(&chance, &good, 2_000, 1).unwrap().auc;
        assert!((interval.lo90 - drawn.lo90).abs() < 0.003 && (interval.hi90 - drawn.hi90).abs() < 0.003);
        // counted together it is the same
        let grouped: Vec<Total> = (0..23)
            .map(|p| {
                let of = |g: bool| points.iter().zip(&good).filter(|(x, y)| **x == p && **y == g).count() as f64;
                Total { points: p, n: of(true) + of(false), k: of(true) }
            })
            .collect();
        assert!((area(&grouped).unwrap().0 - found).abs() < 1e-12);
    }

    #[test]
    fn too_few_and_impossible_counts_are_errors() {
        let t = |n, k| Total { points: 1, n, k };
        assert!(area(&[t(5.0, 1.0)]).is_err() && area(&[t(1.0, 2.0)]).is_err() && area(&[]).is_err());
    }
}
