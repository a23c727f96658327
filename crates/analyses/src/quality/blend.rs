//! Mean probability of many rows when all of their log odds move alike.
//!
//! Here: offsets gathered in narrow bins, so that a mean over a million rows costs a few hundred exponentials.
//! Invariant: a bin keeps the mean of its offsets, so that the error is of the order of its width squared (1e-5).

/// Width of a bin in log odds.
const WIDTH: f64 = 0.02;

/// Weights by offset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blend {
    /// Offset, weight.
    bins: Vec<(f64, f64)>,
    weight: f64,
}

impl Blend {
    /// From offsets and weights, in any order.
    pub fn of(rows: impl Iterator<Item = (f64, f64)>) -> Blend {
        let mut bins: std::collections::BTreeMap<i64, (f64, f64)> = std::collections::BTreeMap::new();
        for (offset, weight) in rows.filter(|(_, w)| *w > 0.0) {
            let slot = bins.entry((offset / WIDTH).floor() as i64).or_default();
            slot.0 += offset * weight;
            slot.1 += weight;
        }
        let bins: Vec<(f64, f64)> = bins.into_values().map(|(sum, weight)| (sum / weight, weight)).collect();
        let weight = bins.iter().map(|b| b.1).sum();
        Blend { bins, weight }
    }

    /// The mean probability when all log odds are moved by this.
    pub fn rate(&self, by: f64) -> f64 {
        if self.weight <= 0.0 {
            return 0.0;
        }
        self.bins.iter().map(|(offset, weight)| weight * expit(offset + by)).sum::<f64>() / self.weight
    }
}

/// From log odds to a probability.
pub fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_change_the_mean_by_less_than_a_hundred_thousandth() {
        let rows: Vec<(f64, f64)> = (0..5_000).map(|i| (-3.0 + 0.000_7 * f64::from(i), f64::from(1 + i % 7))).collect();
        let blend = Blend::of(rows.iter().copied());
        let all: f64 = rows.iter().map(|r| r.1).sum();
        for by in [-1.0, 0.0, 0.4] {
            let exact = rows.iter().map(|(o, w)| w * expit(o + by)).sum::<f64>() / all;
            assert!((blend.rate(by) - exact).abs() < 1e-5);
        }
        assert_eq!(Blend::default().rate(1.0), 0.0);
    }
}
