//! List prices and discounts.

use super::{Segment, Source};
use crate::chance::{Chance, Spread};

/// A list price against its mean; mean 1.
const AROUND: Spread = Spread(&[(0.0, 0.48), (0.25, 0.74), (0.5, 0.94), (0.75, 1.19), (0.95, 1.66), (1.0, 2.14)]);

/// The usual discount, in tenths of a percent; mean 80.
pub const DISCOUNT: Spread =
    Spread(&[(0.0, 0.0), (0.30, 0.0), (0.5, 60.0), (0.75, 135.0), (0.95, 230.0), (1.0, 285.0)]);

/// The mean list price in dollars of a source (`None`: no lead) and segment.
pub fn list_mean(source: Option<Source>, segment: Segment) -> f64 {
    segment.price() * source.map_or(1.1, Source::price)
}

/// A list price in dollars, a multiple of ten so that any discount in tenths of a percent is whole cents.
pub fn list_price(source: Option<Source>, segment: Segment, chance: &mut Chance) -> i64 {
    (list_mean(source, segment) * AROUND.draw(chance) / 10.0) as i64 * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_as_stated() {
        assert!((AROUND.mean() - 1.0).abs() < 0.01, "{}", AROUND.mean());
        assert!((DISCOUNT.mean() - 80.0).abs() < 1.0, "{}", DISCOUNT.mean());
    }
}
