//! Expected first events among the items open today, and how uncertain that is.
//!
//! Not here: items that do not exist yet.
//!
//! Invariant: without a horizon, `expected` is the sum of open counts times `Curves::later`.

use super::Curves;
use crate::error::{Result, all_counts};

/// Expected number of first events and its two sources of variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Expected number of first events.
    pub expected: f64,
    /// Variance because the hazards are estimated (delta method, shared hazards counted once).
    pub variance_estimation: f64,
    /// Variance because each open item goes one way or the other (binomial).
    pub variance_chance: f64,
    /// Open items at or beyond the oldest age at risk: they are in the count but can add nothing.
    pub beyond: f64,
}

impl Forecast {
    /// Variance of the number that will be seen: estimation plus chance.
    pub fn variance(&self) -> f64 {
        self.variance_estimation + self.variance_chance
    }
}

impl Curves {
    /// Forecast for `open[a]` items open at age `a`, within the next `horizon` ages or, with `None`, ever
    /// (that is, up to the oldest age at risk). Items open at ages beyond the table count as `beyond`.
    /// `O(ages)` without and `O(ages horizon)` with a horizon.
    ///
    /// # Errors
    /// Not finite, out of range (a count below 0).
    pub fn forecast(&self, open: &[f64], horizon: Option<usize>) -> Result<Forecast> {
        all_counts(open, "open")?;
        let ages = self.survival.len();
        let oldest = self.oldest().unwrap_or(0);
        let probability = match horizon {
            None => self.later(),
            Some(horizon) => self.within(horizon),
        };
        let mut out = Forecast {
            expected: 0.0,
            variance_estimation: 0.0,
            variance_chance: 0.0,
            beyond: open.iter().skip(oldest).sum(),
        };
        for (count, p) in open.iter().zip(&probability) {
            out.expected += count * p;
            out.variance_chance += count * p * (1.0 - p).max(0.0);
        }
        out.variance_estimation = match horizon {
            None => self.estimation_ever(open, &probability),
            Some(horizon) => self.estimation_within(&open[..open.len().min(ages)], horizon),
        };
        Ok(out)
    }

    fn estimation_ever(&self, open: &[f64], later: &[f64]) -> f64 {
        let (mut reach, mut variance) = (0.0, 0.0);
        for (u, later) in later.iter().enumerate().skip(1) {
            reach += open.get(u - 1).copied().unwrap_or(0.0);
            variance += self.hazard_variance(u, reach, *later);
            reach *= (1.0 - self.hazard_first[u] - self.hazard_second[u]).max(0.0);
        }
        variance
    }

    /// With a horizon each starting age has its own probability of "later", so the derivatives in the
    /// hazards of an age are summed over the starting ages before they are squared.
    fn estimation_within(&self, open: &[f64], horizon: usize) -> f64 {
        let ages = self.survival.len();
        let mut slope = vec![(0.0, 0.0); ages];
        let mut later = Vec::new();
        for (a, count) in open.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let last = a.saturating_add(horizon).min(ages - 1);
            later.clear();
            later.push(0.0);
            for u in (a + 2..=last).rev() {
                let next = later[later.len() - 1];
                later.push(self.step(u, next));
            }
            let mut reach = *count;
            for u in a + 1..=last {
                let p = later[last - u];
                slope[u].0 += reach * (1.0 - p);
                slope[u].1 -= reach * p;
                reach *= (1.0 - self.hazard_first[u] - self.hazard_second[u]).max(0.0);
            }
        }
        (0..ages).filter(|u| self.at_risk[*u] > 0.0).map(|u| self.slope_variance(u, slope[u])).sum()
    }

    fn slope_variance(&self, u: usize, (s1, s2): (f64, f64)) -> f64 {
        let (h1, h2) = (self.hazard_first[u], self.hazard_second[u]);
        let spread = s1 * s1 * h1 * (1.0 - h1) + s2 * s2 * h2 * (1.0 - h2) - 2.0 * s1 * s2 * h1 * h2;
        spread.max(0.0) / self.at_risk[u]
    }
}
