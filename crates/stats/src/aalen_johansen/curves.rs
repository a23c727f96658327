//! Hazards, survival and cumulative incidence, and probabilities for items still open.
//!
//! Not here: forecasts of sums over open items.
//!
//! Invariant: `survival + first + second = 1` at every age.

use super::AtRisk;

/// The estimate, one entry per age of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// P(no event up to and including this age).
    pub survival: Vec<f64>,
    /// Cumulative incidence of the first event up to and including this age.
    pub first: Vec<f64>,
    /// Cumulative incidence of the second event up to and including this age.
    pub second: Vec<f64>,
    /// Hazard of the first event at this age; 0 where nothing was at risk.
    pub hazard_first: Vec<f64>,
    /// Hazard of the second event at this age; 0 where nothing was at risk.
    pub hazard_second: Vec<f64>,
    pub(super) at_risk: Vec<f64>,
}

impl Curves {
    /// Estimates all curves in `O(ages)`. An empty table gives empty curves.
    pub fn estimate(table: &AtRisk) -> Self {
        let ages = table.at_risk().len();
        let mut out = Self {
            survival: Vec::with_capacity(ages),
            first: Vec::with_capacity(ages),
            second: Vec::with_capacity(ages),
            hazard_first: Vec::with_capacity(ages),
            hazard_second: Vec::with_capacity(ages),
            at_risk: table.at_risk().to_vec(),
        };
        let (mut open, mut cif1, mut cif2) = (1.0, 0.0, 0.0);
        for ((n, d1), d2) in table.at_risk().iter().zip(table.first()).zip(table.second()) {
            let hazard = |d: &f64| if *n > 0.0 { (d / n).min(1.0) } else { 0.0 };
            let (h1, h2) = (hazard(d1), hazard(d2));
            cif1 += open * h1;
            cif2 += open * h2;
            open *= (1.0 - h1 - h2).max(0.0);
            out.survival.push(open);
            out.first.push(cif1);
            out.second.push(cif2);
            out.hazard_first.push(h1);
            out.hazard_second.push(h2);
        }
        out
    }

    /// The oldest age with anything at risk: nothing is known, and nothing is claimed, beyond it.
    pub fn oldest(&self) -> Option<usize> {
        self.at_risk.iter().rposition(|n| *n > 0.0)
    }

    /// P(first event at a later age | open at `a`), one per age: `(CIF1(end) - CIF1(a)) / S(a)`, computed
    /// backward so that it stays defined where `S(a) = 0`. The last is 0.
    pub fn later(&self) -> Vec<f64> {
        let mut out = vec![0.0; self.survival.len()];
        for a in (1..out.len()).rev() {
            out[a - 1] = self.step(a, out[a]);
        }
        out
    }

    /// P(first event within the next `horizon` ages | open at `a`), one per age; ages beyond the table add 0.
    pub fn within(&self, horizon: usize) -> Vec<f64> {
        (0..self.survival.len()).map(|a| self.between(a, a.saturating_add(horizon))).collect()
    }

    /// Variance of `CIF1` at `age`, by the delta method over the multinomial hazards of every age (Greenwood
    /// type; Gaynor et al., JASA 88 (1993)). `None` beyond the table. `O(age)`.
    pub fn variance_first(&self, age: usize) -> Option<f64> {
        if age >= self.survival.len() {
            return None;
        }
        let (mut later, mut variance) = (0.0, 0.0);
        for u in (0..=age).rev() {
            let open_before = if u == 0 { 1.0 } else { self.survival[u - 1] };
            variance += self.hazard_variance(u, open_before, later);
            later = self.step(u, later);
        }
        Some(variance)
    }

    /// P(first event at an age in `after + 1 ..= upto` | open at `after`).
    pub(super) fn between(&self, after: usize, upto: usize) -> f64 {
        let last = upto.min(self.survival.len().saturating_sub(1));
        (after + 1..=last).rev().fold(0.0, |later, u| self.step(u, later))
    }

    /// P(first event from age `u` on), given P(later | open at `u`).
    pub(super) fn step(&self, u: usize, later: f64) -> f64 {
        let (h1, h2) = (self.hazard_first[u], self.hazard_second[u]);
        h1 + (1.0 - h1 - h2).max(0.0) * later
    }

    /// What the uncertain hazards of age `u` add to the variance of an expectation: `weight` open items
    /// reach `u`, each of which has probability `later` of a first event once past it. The derivatives are
    /// `weight (1 - later)` in `h1` and `-weight later` in `h2`.
    pub(super) fn hazard_variance(&self, u: usize, weight: f64, later: f64) -> f64 {
        let n = self.at_risk[u];
        if n <= 0.0 {
            return 0.0;
        }
        let (h1, h2, to, off) = (self.hazard_first[u], self.hazard_second[u], 1.0 - later, later);
        let spread = to * to * h1 * (1.0 - h1) + off * off * h2 * (1.0 - h2) + 2.0 * to * off * h1 * h2;
        weight * weight * spread.max(0.0) / n
    }
}
