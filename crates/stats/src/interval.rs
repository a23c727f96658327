//! The interval every estimate is given with: 90 % and, inside it, 50 %.
//!
//! Not here: formatting, and the choice of what to draw.
//!
//! Invariant: `lo90 <= lo50 <= hi50 <= hi90`, all finite.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::error::{Error, Result};
use crate::inverse::normal_quantile;
use crate::quantile::quantiles;

/// Central 90 % and 50 % interval, in the unit of the estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// 5 % point.
    pub lo90: f64,
    /// 25 % point.
    pub lo50: f64,
    /// 75 % point.
    pub hi50: f64,
    /// 95 % point.
    pub hi90: f64,
}

impl Interval {
    /// Equal-tailed interval of draws (5, 25, 75 and 95 % points). Sorts `draws`. `None` when there are no
    /// draws or one is not finite.
    pub fn of_draws(draws: &mut [f64]) -> Option<Self> {
        let points = quantiles(draws, &[0.05, 0.25, 0.75, 0.95])?;
        Some(Self { lo90: points[0], lo50: points[1], hi50: points[2], hi90: points[3] })
    }

    /// One interval per column of a row-major matrix of draws `[draws x columns]`, as
    /// [`crate::draws::matrix`] returns.
    ///
    /// # Errors
    /// Shape (no columns, length no multiple of `columns`), too few (no draws), not finite.
    pub fn of_columns(draws: &[f64], columns: usize) -> Result<Vec<Self>> {
        if columns == 0 || !draws.len().is_multiple_of(columns) {
            return Err(Error::shape("draws", draws.len(), draws.len().next_multiple_of(columns.max(1))));
        }
        if draws.is_empty() {
            return Err(Error::too_few("draws", 0, 1));
        }
        let column = |j: usize| draws.iter().skip(j).step_by(columns).copied().collect::<Vec<f64>>();
        (0..columns).map(|j| Self::of_draws(&mut column(j)).ok_or(Error::not_finite("draws"))).collect()
    }

    /// Normal interval `mean +- z se`. `None` unless both are finite and `se >= 0`.
    pub fn normal(mean: f64, se: f64) -> Option<Self> {
        if !mean.is_finite() || !se.is_finite() || se < 0.0 {
            return None;
        }
        let (z90, z50) = (normal_quantile(0.95)? * se, normal_quantile(0.75)? * se);
        Some(Self { lo90: mean - z90, lo50: mean - z50, hi50: mean + z50, hi90: mean + z90 })
    }

    /// Interval by Student's t, `mean +- t se`. `None` unless both are finite, `se >= 0` and `freedom >= 1`.
    pub fn student(mean: f64, se: f64, freedom: f64) -> Option<Self> {
        if !mean.is_finite() || !se.is_finite() || se < 0.0 || freedom.is_nan() || freedom < 1.0 {
            return None;
        }
        let t = StudentsT::new(0.0, 1.0, freedom).ok()?;
        let (t90, t50) = (t.inverse_cdf(0.95) * se, t.inverse_cdf(0.75) * se);
        Some(Self { lo90: mean - t90, lo50: mean - t50, hi50: mean + t50, hi90: mean + t90 })
    }

    /// The interval with every point sent through an increasing function.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { lo90: f(self.lo90), lo50: f(self.lo50), hi50: f(self.hi50), hi90: f(self.hi90) }
    }
}
