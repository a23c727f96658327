//! Exact quantiles of values and of histograms.
//!
//! One definition for both, the linear one (Hyndman and Fan 1996, type 7; numpy's and spreadsheets' default,
//! SQL's `quantile_cont`): position `p (n - 1)` in the sorted values, interpolated.
//!
//! Not here: sketches and approximate quantiles; a histogram of whole minutes is exact and small.
//!
//! Invariant: a histogram gives the same number as the list it counts.

/// Quantiles of `values` at every `p` in [0, 1]. Sorts `values`. `None` when there are no values, one is
/// not finite, or a `p` is outside [0, 1].
pub fn quantiles(values: &mut [f64], p: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let at = |i: u64| usize::try_from(i).ok().and_then(|i| values.get(i)).copied();
    p.iter().map(|p| interpolate(values.len() as u64, *p, at)).collect()
}

/// Quantiles of a histogram of `(value, count)` pairs, in any order, values may repeat; at every `p` in [0, 1].
/// `None` when the counts are all 0, a value with a count is not finite, a `p` is outside [0, 1], or the
/// counts add to more than `u64` holds.
pub fn of_histogram(histogram: &[(f64, u64)], p: &[f64]) -> Option<Vec<f64>> {
    let mut bins: Vec<(f64, u64)> = histogram.iter().copied().filter(|(_, n)| *n > 0).collect();
    if bins.iter().any(|(v, _)| !v.is_finite()) {
        return None;
    }
    bins.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut total = 0u64;
    for bin in &mut bins {
        total = total.checked_add(bin.1)?;
        bin.1 = total;
    }
    let at = |i: u64| bins.get(bins.partition_point(|(_, upto)| *upto <= i)).map(|(v, _)| *v);
    p.iter().map(|p| interpolate(total, *p, at)).collect()
}

fn interpolate(n: u64, p: f64, at: impl Fn(u64) -> Option<f64>) -> Option<f64> {
    if n == 0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let position = p * (n - 1) as f64;
    let below = (position.floor() as u64).min(n - 1);
    let fraction = position - position.floor();
    let lower = at(below)?;
    if fraction == 0.0 || below == n - 1 {
        return Some(lower);
    }
    let upper = at(below + 1)?;
    // Written so that equal neighbours give themselves, and huge ones do not overflow.
    Some(if lower == upper { lower } else { lower * (1.0 - fraction) + upper * fraction })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_numpy() {
        // numpy.quantile([15, 20, 35, 40, 50], [.05, .25, .4, .5, .95]), by hand from the definition.
        let got = quantiles(&mut [35.0, 15.0, 50.0, 40.0, 20.0], &[0.05, 0.25, 0.4, 0.5, 0.95]).unwrap();
        for (g, e) in got.iter().zip([16.0, 20.0, 29.0, 35.0, 48.0]) {
            assert!((g - e).abs() < 1e-12, "{g} {e}");
        }
    }

    #[test]
    fn has_no_quantile_of_nothing_or_of_nan() {
        assert_eq!(quantiles(&mut [], &[0.5]), None);
        assert_eq!(quantiles(&mut [1.0, f64::NAN], &[0.5]), None);
        assert_eq!(quantiles(&mut [1.0], &[1.5]), None);
        assert_eq!(quantiles(&mut [1.0], &[f64::NAN]), None);
        assert_eq!(of_histogram(&[], &[0.5]), None);
        assert_eq!(of_histogram(&[(3.0, 0)], &[0.5]), None);
        assert_eq!(of_histogram(&[(f64::INFINITY, 1)], &[0.5]), None);
        assert_eq!(of_histogram(&[(1.0, u64::MAX), (2.0, u64::MAX)], &[0.5]), None);
        assert_eq!(of_histogram(&[(f64::NAN, 0), (2.0, 7)], &[0.0, 1.0]), Some(vec![2.0, 2.0]));
    }

    proptest! {
        #[test]
        fn a_histogram_gives_what_its_list_gives(bins in prop::collection::vec((-50i32..50, 0u64..6), 1..20), p in 0.0f64..=1.0) {
            let histogram: Vec<(f64, u64)> = bins.iter().map(|(v, n)| (f64::from(*v), *n)).collect();
            let mut list: Vec<f64> = histogram.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n as usize)).collect();
            prop_assert_eq!(of_histogram(&histogram, &[p]), quantiles(&mut list, &[p]));
        }
    }
}
