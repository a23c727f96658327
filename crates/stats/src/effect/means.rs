//! Two mean outcomes, with and without treatment, and what follows from them.
//!
//! Not here: how the means were found.
//!
//! Invariant: variances are finite and 0 or more; a ratio exists only where both means are above 0.

use crate::binomial::Bounds;
use crate::interval::Interval;
use crate::inverse::normal_quantile;

/// Mean outcome with and without treatment, in [0, 1] up to sampling error, and their covariance matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Means {
    /// Mean outcome if treated.
    pub treated: f64,
    /// Mean outcome if not.
    pub untreated: f64,
    /// Sampling variance of `treated`.
    pub variance_treated: f64,
    /// Sampling variance of `untreated`.
    pub variance_untreated: f64,
    /// Sampling covariance of the two.
    pub covariance: f64,
}

impl Means {
    /// `treated - untreated`.
    pub fn difference(&self) -> f64 {
        self.treated - self.untreated
    }

    /// Standard error of the difference.
    pub fn se(&self) -> f64 {
        (self.variance_treated + self.variance_untreated - 2.0 * self.covariance).max(0.0).sqrt()
    }

    /// Normal 90 % and 50 % interval of the difference.
    pub fn interval(&self) -> Option<Interval> {
        Interval::normal(self.difference(), self.se())
    }

    /// `treated / untreated`. `None` unless both are above 0.
    pub fn ratio(&self) -> Option<f64> {
        let positive = self.treated > 0.0 && self.untreated > 0.0;
        Some(self.treated / self.untreated).filter(|r| positive && r.is_finite() && *r > 0.0)
    }

    /// Interval of the ratio at `level`, normal on the log scale. `None` as [`Means::ratio`], or unless `level` is
    /// inside (0, 1).
    pub fn ratio_bounds(&self, level: f64) -> Option<Bounds> {
        let ratio = self.ratio()?;
        let z = normal_quantile(Some(0.5 + level / 2.0).filter(|_| level > 0.0 && level < 1.0)?)?;
        let (a, b) = (self.treated, self.untreated);
        let variance = self.variance_treated / a / a + self.variance_untreated / b / b - 2.0 * self.covariance / a / b;
        let half = z * variance.max(0.0).sqrt();
        Some(Bounds { lo: ratio * (-half).exp(), hi: ratio * half.exp() }).filter(|b| b.hi.is_finite())
    }

    /// [`e_value`] of the ratio.
    pub fn e_value(&self) -> Option<f64> {
        e_value(self.ratio()?)
    }

    /// [`e_value`] of the bound at `level` nearest to no effect; 1 where the interval holds no effect.
    pub fn e_value_of_bound(&self, level: f64) -> Option<f64> {
        let b = self.ratio_bounds(level)?;
        if b.lo > 1.0 {
            e_value(b.lo)
        } else if b.hi < 1.0 {
            e_value(b.hi)
        } else {
            Some(1.0)
        }
    }
}

/// How strongly (as a risk ratio, with treatment and with outcome alike) something unrecorded would have to be
/// associated to explain a risk ratio away: `RR + sqrt(RR (RR - 1))`, a ratio below 1 inverted first. `None` unless
/// the ratio is above 0 and the result finite.
pub fn e_value(ratio: f64) -> Option<f64> {
    if !(ratio.is_finite() && ratio > 0.0) {
        return None;
    }
    let above = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    Some(above + (above * (above - 1.0)).sqrt()).filter(|e| e.is_finite())
}
