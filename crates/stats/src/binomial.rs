//! Intervals for one rate from `k` of `n`, and for the difference of two.
//!
//! Here: Wilson (score) and Jeffreys (Beta(k + 1/2, n - k + 1/2)), at any level and as the house interval; for
//! `p1 - p2` of independent trials Newcombe's, which joins the two Wilson intervals. `k` and `n` may be real
//! (weights), `0 <= k <= n`.
//!
//! Not here: which of the two to show.
//!
//! Invariant: bounds lie in [0, 1] and swapping `k` for `n - k` mirrors them; bounds of a difference lie in
//! [-1, 1], hold the observed difference, and swapping the two rates negates them.
//!
//! Sources: Brown, Cai and DasGupta, Statistical Science 16 (2001); Newcombe, Statistics in Medicine 17 (1998),
//! method 10.

use crate::interval::Interval;
use crate::inverse::{beta_quantile, normal_quantile};

/// Lower and upper bound.
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

/// Newcombe's interval at `level` for `k1 / n1 - k2 / n2` (no continuity correction). `None` as [`wilson`] for
/// either rate.
pub fn difference(k1: f64, n1: f64, k2: f64, n2: f64, level: f64) -> Option<Bounds> {
    let (a, b) = (wilson(k1, n1, level)?, wilson(k2, n2, level)?);
    let (p1, p2) = (k1 / n1, k2 / n2);
    let below = (p1 - a.lo).hypot(b.hi - p2);
    let above = (a.hi - p1).hypot(p2 - b.lo);
    Some(Bounds { lo: (p1 - p2 - below).max(-1.0), hi: (p1 - p2 + above).min(1.0) })
}

/// Newcombe's 90 % and 50 % interval for `k1 / n1 - k2 / n2`. `None` as [`difference`].
pub fn difference_interval(k1: f64, n1: f64, k2: f64, n2: f64) -> Option<Interval> {
    nested(difference(k1, n1, k2, n2, 0.9)?, difference(k1, n1, k2, n2, 0.5)?)
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

    /// k, n, level, Wilson and Jeffreys: statsmodels 0.15.0 `proportion_confint`.
    const AWKWARD: [(f64, f64, f64, [f64; 4]); 16] = [
        (0.0, 1.0, 0.9, [0.0, 0.730134051215946, 0.0015429193026729438, 0.7714801861936712]),
        (0.0, 1.0, 0.95, [0.0, 0.7934506856227627, 0.0003855809807559011, 0.8532536836904249]),
        (1.0, 1.0, 0.9, [0.269865948784054, 1.0, 0.22851981380632877, 0.9984570806973271]),
        (1.0, 1.0, 0.95, [0.2065493143772374, 1.0, 0.14674631630957513, 0.9996144190192441]),
        (0.0, 7.0, 0.9, [0.0, 0.27876269545254223, 0.0002709844319377883, 0.23246478161285578]),
        (0.0, 7.0, 0.95, [2.7755575615628914e-17, 0.3543304350666875, 6.768646424383023e-05, 0.2924361736623099]),
        (7.0, 7.0, 0.9, [0.7212373045474578, 1.0, 0.7675352183871442, 0.9997290155680623]),
        (7.0, 7.0, 0.95, [0.6456695649333125, 0.9999999999999999, 0.7075638263376901, 0.9999323135357562]),
        (1.0, 2.0, 0.9, [0.1208663194222736, 0.8791336805777263, 0.0973081817399401, 0.9026918182600598]),
        (1.0, 2.0, 0.95, [0.09453120573423068, 0.9054687942657693, 0.06083027592009732, 0.9391697240799026]),
        (
            1.0,
            3000.0,
            0.9,
            [7.436758658395544e-05, 0.0014927336113185526, 5.864422084366687e-05, 0.0013017152495477093],
        ),
        (
            1.0,
            3000.0,
            0.95,
            [5.8843941871566247e-05, 0.0018858188843041798, 3.5968231188637704e-05, 0.0015569837841879527],
        ),
        (2999.0, 3000.0, 0.9, [0.9985072663886815, 0.9999256324134159, 0.9986982847504523, 0.9999413557791563]),
        (2999.0, 3000.0, 0.95, [0.9981141811156959, 0.9999411560581286, 0.998443016215812, 0.9999640317688113]),
        (3.0, 10.0, 0.9, [0.12687658390319784, 0.558300204130165, 0.11732937668021019, 0.5581267664846341]),
        (3.0, 10.0, 0.95, [0.10779126740630104, 0.6032218525388546, 0.09269459393815316, 0.6058183181486714]),
    ];

    /// k1, n1, k2, n2, level, bounds: statsmodels 0.15.0 `confint_proportions_2indep(method="newcomb")`.
    const DIFFERENCES: [([f64; 4], f64, f64, f64); 16] = [
        ([56.0, 70.0, 48.0, 80.0], 0.9, 0.07656419154407207, 0.31364458358294384),
        ([56.0, 70.0, 48.0, 80.0], 0.95, 0.05243147240236498, 0.33387265403690614),
        ([0.0, 10.0, 0.0, 20.0], 0.9, -0.11915783736096455, 0.2129419700834071),
        ([0.0, 10.0, 0.0, 20.0], 0.95, -0.1611251580528194, 0.27753279986288926),
        ([10.0, 10.0, 0.0, 10.0], 0.9, 0.6988545779095998, 1.0),
        ([10.0, 10.0, 0.0, 10.0], 0.95, 0.6075093504305241, 1.0),
        ([1.0, 1.0, 0.0, 1.0], 0.9, -0.03256547758000283, 1.0),
        ([1.0, 1.0, 0.0, 1.0], 0.95, -0.12210872068194178, 1.0),
        ([0.0, 1.0, 0.0, 1.0], 0.9, -0.730134051215946, 0.730134051215946),
        ([0.0, 1.0, 0.0, 1.0], 0.95, -0.7934506856227627, 0.7934506856227627),
        ([5.0, 10.0, 5.0, 10.0], 0.9, -0.3262989197679078, 0.3262989197679078),
        ([5.0, 10.0, 5.0, 10.0], 0.95, -0.3725136238199143, 0.3725136238199143),
        ([120.0, 1000.0, 90.0, 1100.0], 0.9, 0.0165780419861042, 0.06009534958297072),
        ([120.0, 1000.0, 90.0, 1100.0], 0.95, 0.012439963003531555, 0.06436145747310093),
        ([1.0, 3.0, 2.0, 30000.0], 0.9, 0.07819902406313711, 0.746399467460045),
        ([1.0, 3.0, 2.0, 30000.0], 0.95, 0.061425220820564064, 0.7922737350813753),
    ];

    #[test]
    fn agrees_with_statsmodels_where_it_is_awkward() {
        for (k, n, level, [wl, wh, jl, jh]) in AWKWARD {
            let (w, j) = (wilson(k, n, level).unwrap(), jeffreys(k, n, level).unwrap());
            for (got, truth) in [(w.lo, wl), (w.hi, wh), (j.lo, jl), (j.hi, jh)] {
                assert!((got - truth).abs() < 1e-9, "{k}/{n}: {got} {truth}");
            }
        }
    }

    #[test]
    fn differences_agree_with_statsmodels_and_negate_when_swapped() {
        for ([k1, n1, k2, n2], level, lo, hi) in DIFFERENCES {
            let d = difference(k1, n1, k2, n2, level).unwrap();
            assert!((d.lo - lo).abs() < 1e-9 && (d.hi - hi).abs() < 1e-9, "{k1}/{n1} {k2}/{n2}: {d:?}");
            let back = difference(k2, n2, k1, n1, level).unwrap();
            assert!((back.lo + d.hi).abs() < 1e-12 && (back.hi + d.lo).abs() < 1e-12);
        }
        let i = difference_interval(56.0, 70.0, 48.0, 80.0).unwrap();
        assert!(i.lo90 < i.lo50 && i.lo50 < 0.2 && 0.2 < i.hi50 && i.hi50 < i.hi90);
        assert_eq!(difference(1.0, 0.0, 1.0, 2.0, 0.9), None);
        assert_eq!(difference(1.0, 2.0, 3.0, 2.0, 0.9), None);
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
