//! Log-likelihood of the mixture with exact gradient and Hessian.
//!
//! Not here: the search for the maximum.
//!
//! Invariant: the gradient and the Hessian are the derivatives of the value (tested by differences).

use nalgebra::{Matrix3, Vector3};

use super::distribution::{Family, expit};

/// Items pooled by age: weight of events and of open items at each log age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pooled {
    pub log_age: f64,
    pub events: f64,
    pub open: f64,
}

/// Value, gradient and Hessian at a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub value: f64,
    pub gradient: Vector3<f64>,
    pub hessian: Matrix3<f64>,
}

/// At `theta = (logit pi, ln scale, ln shape)`.
pub(super) fn at(family: Family, pooled: &[Pooled], theta: &Vector3<f64>) -> Point {
    let (pi, not_pi) = (expit(theta[0]), expit(-theta[0]));
    let (ln_pi, shape) = (-softplus(-theta[0]), theta[2].exp());
    let pi1 = pi * not_pi;
    let pi2 = pi1 * (not_pi - pi);
    let mut out = Point { value: 0.0, gradient: Vector3::zeros(), hessian: Matrix3::zeros() };
    for row in pooled {
        let u = shape * (row.log_age - theta[1]);
        if row.events > 0.0 {
            let (value, du, duu) = family.log_density(u);
            let w = row.events;
            out.value += w * (ln_pi + theta[2] - row.log_age + value);
            out.gradient[0] += w * not_pi;
            out.hessian[(0, 0)] -= w * pi1;
            out.gradient[2] += w;
            chain(&mut out, w, u, shape, du, duu, 0.0);
        }
        if row.open > 0.0 && row.log_age > f64::NEG_INFINITY {
            let curve = family.curve(u);
            let d = not_pi + pi * curve.upper;
            let w = row.open;
            let (by_pi, by_u) = (-pi1 * curve.cdf / d, -pi * curve.slope / d);
            out.value += w * d.ln();
            out.gradient[0] += w * by_pi;
            out.hessian[(0, 0)] += w * (-pi2 * curve.cdf / d - by_pi * by_pi);
            let mixed = -pi1 * curve.slope / d - by_pi * by_u;
            chain(&mut out, w, u, shape, by_u, -pi * curve.bend / d - by_u * by_u, mixed);
        }
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        out.hessian[(j, i)] = out.hessian[(i, j)];
    }
    out
}

/// Adds a term known by its derivatives in `u` (and `mixed`, in `u` and `logit pi`), using
/// `du/dln scale = -shape`, `du/dln shape = u`.
fn chain(out: &mut Point, w: f64, u: f64, shape: f64, du: f64, duu: f64, mixed: f64) {
    out.gradient[1] -= w * du * shape;
    out.gradient[2] += w * du * u;
    out.hessian[(1, 1)] += w * duu * shape * shape;
    out.hessian[(1, 2)] -= w * shape * (duu * u + du);
    out.hessian[(2, 2)] += w * u * (duu * u + du);
    out.hessian[(0, 1)] -= w * mixed * shape;
    out.hessian[(0, 2)] += w * mixed * u;
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_differences() {
        let pooled: Vec<Pooled> = (1..40)
            .map(|i| Pooled { log_age: f64::from(i * 3).ln(), events: f64::from(i % 4), open: f64::from(i % 5) + 0.5 })
            .collect();
        for family in [Family::Weibull, Family::LogLogistic] {
            for theta in [Vector3::new(-0.6, 3.5, 0.3), Vector3::new(2.0, 4.5, -0.4)] {
                let here = at(family, &pooled, &theta);
                for j in 0..3 {
                    let mut step = Vector3::zeros();
                    step[j] = 1e-5;
                    let (up, down) = (at(family, &pooled, &(theta + step)), at(family, &pooled, &(theta - step)));
                    let slope = (up.value - down.value) / 2e-5;
                    assert!((slope - here.gradient[j]).abs() < 1e-5 * (1.0 + slope.abs()), "{family:?} {j}");
                    for i in 0..3 {
                        let bend = (up.gradient[i] - down.gradient[i]) / 2e-5;
                        assert!((bend - here.hessian[(i, j)]).abs() < 1e-5 * (1.0 + bend.abs()), "{family:?} {i} {j}");
                    }
                }
            }
        }
    }
}
