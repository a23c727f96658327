//! Quantiles of the beta, gamma and normal distributions, safe for every argument.
//!
//! The distribution functions are `statrs`'s. Its beta quantile is not used: Algorithm AS 64 as written there
//! loops forever once a density overflows, and its continued fraction stops at 140 terms, too few when both
//! shapes are large. So: bisection-guarded Newton where the continued fraction converges, Carter's
//! approximation beyond.
//!
//! Not here: densities and distribution functions (call `statrs`).
//!
//! Invariant: a result is finite, inside the support, and non-decreasing in `p` up to rounding.

use statrs::distribution::{ContinuousCDF, Gamma, Normal};
use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::ln_gamma;

/// Both shapes above this: Carter's approximation, whose error there is below 1e-4 of a standard
/// deviation (tested against the distribution function); below it 140 terms are enough.
const CARTER_FROM: f64 = 2_000.0;

/// Shape above this: Wilson and Hilferty's cube, whose relative error is then below 1e-9.
const CUBE_FROM: f64 = 1e7;

/// `p`-quantile of Beta(`a`, `b`). `None` unless `a` and `b` are finite and above 0 and `p` is in [0, 1].
///
/// Source: Carter, Biometrika 34 (1947), for shapes both above 2,000.
pub fn beta_quantile(a: f64, b: f64, p: f64) -> Option<f64> {
    let shape = |v: f64| v.is_finite() && v > 0.0;
    if !shape(a) || !shape(b) || !(0.0..=1.0).contains(&p) {
        return None;
    }
    if p == 0.0 || p == 1.0 {
        return Some(p);
    }
    if a.min(b) > CARTER_FROM { carter(a, b, p) } else { beta_by_root(a, b, p) }
}

/// `p`-quantile of Gamma(`shape`, `rate`), in the inverse unit of `rate`. `None` unless `shape` and `rate`
/// are finite and above 0 and `p` is in [0, 1), or when the result overflows.
///
/// Source: Wilson and Hilferty, PNAS 17 (1931), for shapes above 1e7.
pub fn gamma_quantile(shape: f64, rate: f64, p: f64) -> Option<f64> {
    let positive = |v: f64| v.is_finite() && v > 0.0;
    if !positive(shape) || !positive(rate) || !(0.0..1.0).contains(&p) {
        return None;
    }
    let standard = if p == 0.0 {
        0.0
    } else if shape > CUBE_FROM {
        let c = 1.0 / (9.0 * shape);
        shape * (1.0 - c + normal_quantile(p)? * c.sqrt()).powi(3)
    } else {
        Gamma::new(shape, 1.0).ok()?.try_inverse_cdf(p).ok()?
    };
    Some(standard / rate).filter(|v| v.is_finite())
}

/// `p`-quantile of the standard normal. `None` unless `p` is inside (0, 1).
pub fn normal_quantile(p: f64) -> Option<f64> {
    if p > 0.0 && p < 1.0 { Some(Normal::standard().inverse_cdf(p)) } else { None }
}

fn carter(a: f64, b: f64, p: f64) -> Option<f64> {
    // y is the upper point: Carter's w falls as x rises.
    let y = -normal_quantile(p)?;
    let (s, t) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let r = (y * y - 3.0) / 6.0;
    let h = 2.0 / (s + t);
    let w = y * (h + r).sqrt() / h - (t - s) * (r + 5.0 / 6.0 - 2.0 / (3.0 * h));
    Some(a / (a + b * (2.0 * w).exp())).filter(|x| x.is_finite())
}

/// Newton on the distribution function inside a shrinking bracket.
fn beta_by_root(a: f64, b: f64, p: f64) -> Option<f64> {
    let log_norm = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    let (mut lo, mut hi) = (0.0f64, 1.0f64);
    let mut x = (a / (a + b)).clamp(1e-12, 1.0 - 1e-12);
    for _ in 0..400 {
        let below = checked_beta_reg(a, b, x).ok()?;
        if below >= p {
            hi = x;
        } else {
            lo = x;
        }
        let density = (log_norm + (a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p()).exp();
        let newton = x - (below - p) / density;
        let next = if newton > lo && newton < hi { newton } else { middle(lo, hi) };
        if (next - x).abs() <= 1e-15 * x || next <= lo || next >= hi {
            return Some(next);
        }
        x = next;
    }
    Some(x)
}

/// Halfway, on the log scale while the bracket reaches over many orders of magnitude.
fn middle(lo: f64, hi: f64) -> f64 {
    if hi < 1e-3 && hi > 4.0 * lo { (lo.max(f64::MIN_POSITIVE) * hi).sqrt() } else { 0.5 * (lo + hi) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::beta::beta_reg;

    #[test]
    fn inverts_the_beta_distribution() {
        for a in [0.5, 1.0, 1.5, 7.0, 40.5, 900.0, 1999.0] {
            for b in [0.5, 1.0, 3.0, 60.5, 1500.0, 1e5] {
                for p in [0.005, 0.05, 0.25, 0.5, 0.75, 0.95, 0.995] {
                    let x = beta_quantile(a, b, p).unwrap();
                    // Where the quantile sits within an ulp of 1, the function cannot be resolved.
                    let back = beta_reg(a, b, x);
                    assert!((back - p).abs() < 1e-8 || 1.0 - x < 1e-12, "{a} {b} {p}: {x} {back}");
                }
            }
        }
    }

    #[test]
    fn meets_itself_where_the_approximation_takes_over() {
        for (a, b) in [(2001.0, 2001.0), (2001.0, 20_000.0), (3000.0, 5000.0)] {
            for p in [0.05, 0.25, 0.75, 0.95] {
                let (exact, near) = (beta_by_root(a, b, p).unwrap(), carter(a, b, p).unwrap());
                let total: f64 = a + b;
                let sd = (a * b / (total * total * (total + 1.0))).sqrt();
                assert!((exact - near).abs() < 1e-4 * sd, "{a} {b} {p}: {exact} {near} {}", (exact - near) / sd);
            }
        }
    }

    #[test]
    fn gamma_matches_the_exponential_and_stays_finite() {
        for p in [0.01f64, 0.5, 0.99] {
            let got = gamma_quantile(1.0, 2.0, p).unwrap();
            assert!((got + (1.0 - p).ln() / 2.0).abs() < 1e-12);
        }
        let below = gamma_quantile(CUBE_FROM * 0.999_999, 1.0, 0.95).unwrap() / (CUBE_FROM * 0.999_999);
        let above = gamma_quantile(CUBE_FROM * 1.000_001, 1.0, 0.95).unwrap() / (CUBE_FROM * 1.000_001);
        assert!((below - above).abs() < 2e-9, "{below} {above}");
        assert!(gamma_quantile(1e300, 1.0, 0.05).unwrap().is_finite());
    }

    #[test]
    fn refuses_what_is_not_a_distribution() {
        for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
            assert_eq!(beta_quantile(bad, 1.0, 0.5), None);
            assert_eq!(beta_quantile(1.0, bad, 0.5), None);
            assert_eq!(gamma_quantile(bad, 1.0, 0.5), None);
            assert_eq!(gamma_quantile(1.0, bad, 0.5), None);
        }
        for bad in [f64::NAN, -0.1, 1.1] {
            assert_eq!(beta_quantile(1.0, 1.0, bad), None);
            assert_eq!(gamma_quantile(1.0, 1.0, bad), None);
            assert_eq!(normal_quantile(bad), None);
        }
        for a in [1e-300, 1e-8, 0.5, 1e8, 1e300] {
            for b in [1e-300, 1e-8, 0.5, 1e8, 1e300] {
                for p in [1e-300, 0.5, 1.0 - 1e-16] {
                    let x = beta_quantile(a, b, p);
                    assert!(x.is_none_or(|x| (0.0..=1.0).contains(&x)), "{a} {b} {p} {x:?}");
                }
            }
        }
    }
}
