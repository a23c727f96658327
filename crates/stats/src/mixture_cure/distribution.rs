//! The two distributions of the time to the event, as functions of `u = shape (ln age - ln scale)`.
//!
//! Not here: the mixture.
//!
//! Invariant: every function is finite for every finite `u`, and for `u` of minus infinity (age 0).

/// Distribution of the time to the event among items that will see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `F(a) = 1 - exp(-(a / scale)^shape)`.
    Weibull,
    /// `F(a) = 1 / (1 + (a / scale)^-shape)`; heavier tail.
    LogLogistic,
}

/// `F`, `1 - F` and the first two derivatives of `F` in `u`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    pub cdf: f64,
    pub upper: f64,
    pub slope: f64,
    pub bend: f64,
}

impl Family {
    pub(super) fn curve(self, u: f64) -> Curve {
        if u == f64::NEG_INFINITY {
            return Curve { cdf: 0.0, upper: 1.0, slope: 0.0, bend: 0.0 };
        }
        match self {
            Self::Weibull => {
                let z = u.exp();
                let slope = (u - z).exp();
                let bend = if slope == 0.0 { 0.0 } else { slope * (1.0 - z) };
                Curve { cdf: -(-z).exp_m1(), upper: (-z).exp(), slope, bend }
            }
            Self::LogLogistic => {
                let (cdf, upper) = (expit(u), expit(-u));
                let slope = cdf * upper;
                Curve { cdf, upper, slope, bend: slope * (upper - cdf) }
            }
        }
    }

    /// `ln f(age) - ln shape + ln age` and its first two derivatives in `u`.
    pub(super) fn log_density(self, u: f64) -> (f64, f64, f64) {
        match self {
            Self::Weibull => {
                let z = u.exp();
                (u - z, 1.0 - z, -z)
            }
            Self::LogLogistic => {
                let (cdf, upper) = (expit(u), expit(-u));
                let softplus = u.max(0.0) + (-u.abs()).exp().ln_1p();
                (u - 2.0 * softplus, upper - cdf, -2.0 * cdf * upper)
            }
        }
    }
}

pub(super) fn expit(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}
