//! Gauss-Legendre nodes and weights on [0, 1].
//!
//! Not here: adaptive quadrature; everything integrated in this crate is a polynomial of known degree.
//!
//! Invariant: `n` nodes integrate polynomials of degree `2n - 1` exactly; weights add to 1.

/// Nodes and weights on [0, 1], ascending, by Newton steps on the Legendre polynomial
/// (Abramowitz and Stegun 25.4.30). `n = 0` gives one node.
pub(super) fn nodes(n: usize) -> Vec<(f64, f64)> {
    let n = n.max(1);
    let mut out = vec![(0.5, 1.0); n];
    let order = n as f64;
    for i in 0..n.div_ceil(2) {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (order + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..50 {
            let (value, derivative) = legendre(n, x);
            slope = derivative;
            let step = value / derivative;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        if 2 * i + 1 == n {
            x = 0.0;
            slope = legendre(n, x).1;
        }
        let weight = 1.0 / ((1.0 - x * x) * slope * slope);
        out[i] = (0.5 * (1.0 - x), weight);
        out[n - 1 - i] = (0.5 * (1.0 + x), weight);
    }
    out
}

/// `P_n(x)` and its derivative, by the three-term recurrence.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut previous, mut current) = (1.0, x);
    for j in 2..=n {
        let j = j as f64;
        (previous, current) = (current, ((2.0 * j - 1.0) * x * current - (j - 1.0) * previous) / j);
    }
    (current, n as f64 * (x * current - previous) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrates_every_power_up_to_twice_the_nodes_less_one() {
        for n in 1..=16 {
            let rule = nodes(n);
            for power in 0..2 * n {
                let got: f64 = rule.iter().map(|(t, w)| w * t.powi(power as i32)).sum();
                let truth = 1.0 / (power as f64 + 1.0);
                assert!((got - truth).abs() < 1e-15, "n {n} power {power}: {got} {truth}");
            }
        }
    }

    #[test]
    fn does_not_integrate_one_power_more() {
        let got: f64 = nodes(3).iter().map(|(t, w)| w * t.powi(6)).sum();
        assert!((got - 1.0 / 7.0).abs() > 1e-5);
    }
}
