//! How far a filter's rate stands out: the signed root of a Bernoulli likelihood ratio.
//!
//! Not here: p-values.
//!
//! Invariant: grows with `k` for fixed `n`.

use statrs::distribution::{ContinuousCDF, Normal};

/// `sign * sqrt(2 [l(k, n) + l(K - k, N - n) - l(K, N)])`, where `l` is the Bernoulli log-likelihood at its maximum:
/// `k` of `n` inside, `K` of `N` in all. 0 where inside or outside is empty; counts that contradict each other
/// (`k` above `n`, ...) are taken at the nearest possible.
pub fn strength(k: u64, n: u64, all_k: u64, all_n: u64) -> f64 {
    let n = n.min(all_n);
    let all_k = all_k.min(all_n);
    let k = k.min(n).min(all_k).max((all_k + n).saturating_sub(all_n));
    if n == 0 || n == all_n {
        return 0.0;
    }
    let ratio = two_sided(k as f64, n as f64) + two_sided((all_k - k) as f64, (all_n - n) as f64)
        - two_sided(all_k as f64, all_n as f64);
    let root = (2.0 * ratio.max(0.0)).sqrt();
    // k / n against K / N without rounding.
    if u128::from(k) * u128::from(all_n) < u128::from(all_k) * u128::from(n) { -root } else { root }
}

/// The same of one rate against a fixed one: `sign * sqrt(2 [l(k, n) - l(k, n | rate)])`. `rate` is taken inside (0, 1).
pub fn strength_against(k: u64, n: u64, rate: f64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let (k, n) = (k.min(n) as f64, n as f64);
    let rate = rate.clamp(1e-12, 1.0 - 1e-12);
    let fixed = k * rate.ln() + (n - k) * (1.0 - rate).ln();
    let root = (2.0 * (two_sided(k, n) - fixed).max(0.0)).sqrt();
    if k / n < rate { -root } else { root }
}

/// The chance of a strength at least as large where nothing is there and the filter was fixed beforehand (one-sided).
pub fn upper_tail(strength: f64) -> f64 {
    Normal::standard().sf(strength).clamp(f64::MIN_POSITIVE, 1.0)
}

fn two_sided(k: f64, n: f64) -> f64 {
    let part = |x: f64| if x > 0.0 { x * (x / n).ln() } else { 0.0 };
    part(k) + part(n - k)
}

/// Smallest `k` of `n` as strong as `bar`; `None` when no possible `k` is.
pub(super) fn least(bar: f64, n: u64, all_k: u64, all_n: u64) -> Option<u64> {
    let (mut lo, mut hi) = ((all_k + n).saturating_sub(all_n), n.min(all_k));
    if strength(hi, n, all_k, all_n) < bar {
        return None;
    }
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        if strength(middle, n, all_k, all_n) >= bar {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    Some(lo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rate_against_a_fixed_one() {
        // 2 [30 ln(0.3/0.2) + 70 ln(0.7/0.8)]
        let by_hand = (2.0 * (30.0 * 1.5f64.ln() + 70.0 * 0.875f64.ln())).sqrt();
        assert!((strength_against(30, 100, 0.2) - by_hand).abs() < 1e-12);
        assert!((strength_against(70, 100, 0.8) + by_hand).abs() < 1e-12);
        assert_eq!(strength_against(20, 100, 0.2), 0.0);
        assert_eq!(strength_against(0, 0, 0.2), 0.0);
        assert!(strength_against(0, 50, 0.2) < 0.0 && strength_against(50, 50, 0.2) > 0.0);
        // a rest without end is a fixed rate
        let all = 4_000_000_000;
        let rest = strength(30, 100, all / 5 + 30, all + 100);
        assert!((rest - by_hand).abs() < 1e-5, "{rest} {by_hand}");
    }

    #[test]
    fn the_tail_is_that_of_a_standard_normal() {
        let tail = upper_tail(1.644_853_626_951_472_7);
        assert!((tail - 0.05).abs() < 5e-12, "{tail}"); // the error function of statrs is right to about 5e-11 of its value
        assert!((upper_tail(0.0) - 0.5).abs() < 1e-15);
        assert!(upper_tail(100.0) > 0.0);
    }
}
