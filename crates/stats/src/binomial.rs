//! Intervals for one rate from `k` of `n`.
//!
//! Here: Wilson (score) and Jeffreys (Beta(k + 1/2, n - k + 1/2)), at any level and as the house interval.
//! `k` and `n` may be real (weights), `0 <= k <= n`.
//!
//! Not here: which of the two to show, and comparisons of two rates.
//!
//! Invariant: bounds lie in [0, 1] and swapping `k` for `n - k` mirrors them.
//!
//! Source: Brown, Cai and DasGupta, Statistical Science 16 (2001).

use crate::interval::Interval;
use crate::inverse::{beta_quantile, normal_quantile};

/// Lower and upper bound of a rate, in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower bound.
    pub lo: f64,
    /// Upper bound.
    pub hi: f64,
}

/// Wilson's score interval at `level` (0.9 for 90 %). `None` unless `0 <= k <= n`, `n > 0` and finite, and
/// `level` is inside (0, 1).
pub fn wilson(k: f64, n: f64, level: f64) -> Option<Bounds> {
    if !is_count(k, n) || !is_level(level) {
        return None;
    }
    let z = normal_quantile(0.5 + level / 2.0)?;
    let (rate, z2n) = (k / n, z * z / n);
    let centre = (rate + z2n / 2.0) / (1.0 + z2n);
    let half = (z2n * (rate * (1.0 - rate) + z2n / 4.0)).sqrt() / (1.0 + z2n);
    // At the ends the bound is exact; subtraction would leave rounding.
    let lo = if k == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let hi = if k == n { 1.0 } else { (centre + half).min(1.0) };
    Some(Bounds { lo, hi })
}

/// Jeffreys' interval at `level`: equal tails of Beta(k + 1/2, n - k + 1/2), not widened at `k = 0` or
/// `k = n`. `None` unless `0 <= k <= n`, `n` finite, and `level` is inside (0, 1); `n = 0` gives the prior.
pub fn jeffreys(k: f64, n: f64, level: f64) -> Option<Bounds> {
    if !(is_count(k, n) || (k == 0.0 && n == 0.0)) || !is_level(level) {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let at = |p: f64| beta_quantile(k + 0.5, n - k + 0.5, p);
    Some(Bounds { lo: at(tail)?, hi: at(1.0 - tail)? })
}

/// Wilson's 90 % and 50 % interval. `None` as [`wilson`].
pub fn wilson_interval(k: f64, n: f64) -> Option<Interval> {
    nested(wilson(k, n, 0.9)?, wilson(k, n, 0.5)?)
}

/// Jeffreys' 90 % and 50 % interval. `None` as [`jeffreys`].
pub fn jeffreys_interval(k: f64, n: f64) -> Option<Interval> {
    nested(jeffreys(k, n, 0.9)?, jeffreys(k, n, 0.5)?)
}

fn nested(outer: Bounds, inner: Bounds) -> Option<Interval> {
    Some(Interval { lo90: outer.lo, lo50: inner.lo, hi50: inner.hi, hi90: outer.hi })
}

fn is_count(k: f64, n: f64) -> bool {
    n.is_finite() && n > 0.0 && k >= 0.0 && k <= n
}

fn is_level(level: f64) -> bool {
    level > 0.0 && level < 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// k, n, Wilson 90 %, Jeffreys 90 %: scipy 1.17.1, from the reference fixture `claim_scan`.
    const REFERENCE: [(f64, f64, [f64; 4]); 5] = [
        (0.0, 10.0, [0.0, 0.21294197008340698, 0.000191736288974476, 0.1707731082448478]),
        (3.0, 10.0, [0.1268765839031979, 0.5583002041301649, 0.11732937668021019, 0.558126766484634]),
        (10.0, 10.0, [0.787058029916593, 1.0, 0.8292268917551521, 0.9998082637110255]),
        (37.0, 212.0, [0.1358248396901842, 0.22143441975923586, 0.1350188117784433, 0.22055852058270642]),
        (500.0, 10000.0, [0.046535260017556986, 0.05370817303144238, 0.046510807257749844, 0.053681491978887996]),
    ];

    #[test]
    fn agrees_with_scipy() {
        for (k, n, [wl, wh, jl, jh]) in REFERENCE {
            let (w, j) = (wilson(k, n, 0.9).unwrap(), jeffreys(k, n, 0.9).unwrap());
            for (got, truth) in [(w.lo, wl), (w.hi, wh), (j.lo, jl), (j.hi, jh)] {
                assert!((got - truth).abs() < 1e-11, "{k}/{n}: {got} {truth}");
            }
        }
    }

    #[test]
    fn has_no_interval_for_impossible_counts() {
        for (k, n) in [(1.0, 0.0), (-1.0, 5.0), (6.0, 5.0), (f64::NAN, 5.0), (1.0, f64::NAN), (1.0, f64::INFINITY)] {
            assert_eq!(wilson(k, n, 0.9), None);
            assert_eq!(jeffreys(k, n, 0.9), None);
        }
        assert_eq!(wilson(1.0, 2.0, 1.0), None);
        assert_eq!(wilson(0.0, 0.0, 0.9), None);
        assert!(jeffreys(0.0, 0.0, 0.9).is_some());
    }

    proptest! {
        #[test]
        fn bounds_nest_hold_the_rate_and_mirror(n in 1.0f64..1e7, share in 0.0f64..=1.0) {
            let k = share * n;
            for interval in [wilson_interval as fn(f64, f64) -> Option<Interval>, jeffreys_interval] {
                let i = interval(k, n).unwrap();
                prop_assert!(0.0 <= i.lo90 && i.lo90 <= i.lo50 && i.lo50 <= i.hi50 && i.hi50 <= i.hi90 && i.hi90 <= 1.0);
                let m = interval(n - k, n).unwrap();
                prop_assert!((1.0 - m.hi90 - i.lo90).abs() < 1e-9, "{:?} {:?}", i, m);
            }
            let w = wilson(k, n, 0.9).unwrap();
            prop_assert!(w.lo <= share + 1e-12 && share <= w.hi + 1e-12);
        }
    }
}
