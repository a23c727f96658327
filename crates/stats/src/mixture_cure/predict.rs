//! Probabilities for an open item, and forecasts for many.
//!
//! Not here: items that do not exist yet.
//!
//! Invariant: within a horizon is never more than ever, and the extrapolated share lies in [0, 1].

use super::distribution::Curve;
use super::fit::Fit;
use crate::error::{Result, all_counts};

/// Expected events among open items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CureForecast {
    /// Expected number of events.
    pub expected: f64,
    /// Variance because the parameters are estimated (delta method). `None` without a covariance.
    pub variance_estimation: Option<f64>,
    /// Variance because each open item goes one way or the other (binomial).
    pub variance_chance: f64,
    /// Share of `expected` that lies at ages no item has reached yet; 0 when nothing is expected.
    pub extrapolated: f64,
}

impl CureForecast {
    /// Variance of the number that will be seen: estimation plus chance.
    pub fn variance(&self) -> Option<f64> {
        Some(self.variance_estimation? + self.variance_chance)
    }
}

impl Fit {
    /// P(event by `age`) for a new item, `pi F(age)`. 0 for ages that are not above 0.
    pub fn incidence(&self, age: f64) -> f64 {
        self.pi * self.curve(age).cdf
    }

    /// P(event at any later age | open at `age`), `pi (1 - F) / (1 - pi F)`.
    pub fn later(&self, age: f64) -> f64 {
        self.conditional(age, f64::INFINITY)
    }

    /// P(event within the next `horizon` | open at `age`). 0 for a horizon that is not above 0.
    pub fn within(&self, age: f64, horizon: f64) -> f64 {
        self.conditional(age, age.max(0.0) + horizon)
    }

    /// Forecast for `(age, count)` pairs of open items, within `horizon` (in the unit of the ages) or ever.
    ///
    /// # Errors
    /// Not finite or out of range (an age, count or horizon below 0).
    pub fn forecast(&self, open: &[(f64, f64)], horizon: Option<f64>) -> Result<CureForecast> {
        for (age, count) in open {
            all_counts(&[*age, *count], "open")?;
        }
        all_counts(horizon.as_slice(), "horizon")?;
        let (mut expected, mut chance, mut unseen) = (0.0, 0.0, 0.0);
        let mut gradient = [0.0; 3];
        for (age, count) in open {
            let upto = horizon.map_or(f64::INFINITY, |h| age + h);
            let p = self.conditional(*age, upto);
            expected += count * p;
            chance += count * p * (1.0 - p).max(0.0);
            let seen = self.oldest.max(*age);
            if upto > seen {
                unseen += count * (p - self.conditional(*age, seen)).max(0.0);
            }
            for (sum, slope) in gradient.iter_mut().zip(self.slope(*age, upto)) {
                *sum += count * slope;
            }
        }
        let quadratic = |c: [[f64; 3]; 3]| {
            (0..3)
                .flat_map(|i| (0..3).map(move |j| (i, j)))
                .map(|(i, j)| gradient[i] * c[i][j] * gradient[j])
                .sum::<f64>()
        };
        Ok(CureForecast {
            expected,
            variance_estimation: self.covariance.map(|c| quadratic(c).max(0.0)),
            variance_chance: chance,
            extrapolated: if expected > 0.0 { (unseen / expected).clamp(0.0, 1.0) } else { 0.0 },
        })
    }

    fn u(&self, age: f64) -> f64 {
        if age > 0.0 { self.shape * (age.ln() - self.scale.ln()) } else { f64::NEG_INFINITY }
    }

    fn curve(&self, age: f64) -> Curve {
        if age == f64::INFINITY {
            return Curve { cdf: 1.0, upper: 0.0, slope: 0.0, bend: 0.0 };
        }
        self.family.curve(self.u(age))
    }

    /// P(event at an age in `(age, upto]` | open at `age`).
    fn conditional(&self, age: f64, upto: f64) -> f64 {
        let (from, to) = (self.curve(age), self.curve(upto));
        // Differences of the upper tails: F itself is 1 to rounding at old ages.
        let mass = self.pi * (from.upper - to.upper).max(0.0);
        let open = (1.0 - self.pi) + self.pi * from.upper;
        if open > 0.0 { (mass / open).min(1.0) } else { 0.0 }
    }

    /// Derivatives of [`Fit::conditional`] in `(logit pi, ln scale, ln shape)`.
    fn slope(&self, age: f64, upto: f64) -> [f64; 3] {
        let (from, to) = (self.curve(age), self.curve(upto));
        let open = (1.0 - self.pi) + self.pi * from.upper;
        if open <= 0.0 {
            return [0.0; 3];
        }
        let mass = self.pi * (from.upper - to.upper);
        let by_pi = (from.upper - to.upper) / open + mass * from.cdf / (open * open);
        let by_from = -self.pi / open + mass * self.pi / (open * open);
        let by_to = self.pi / open;
        // At age 0 and at infinity the distribution does not move with the parameters.
        let along = |curve: &Curve, age: f64| {
            if curve.slope == 0.0 { [0.0; 2] } else { [-self.shape * curve.slope, self.u(age) * curve.slope] }
        };
        let (f, t) = (along(&from, age), along(&to, upto));
        [by_pi * self.pi * (1.0 - self.pi), by_from * f[0] + by_to * t[0], by_from * f[1] + by_to * t[1]]
    }
}
