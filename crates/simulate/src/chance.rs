//! Seeded chance, and distributions as quantile tables.
//!
//! Only additions and multiplications of doubles are used, never a logarithm or a power, so every
//! machine draws the same. Each lead has strands of its own: a planted change alters what it is
//! meant to alter and leaves every other draw where it was.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// What a stream of chance is for.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub enum Strand {
    /// On which day leads fall
    Placement = 1,
    /// Who the lead is
    Person,
    /// The first cycle's gates and times
    Cycle,
    /// The second cycle
    Again,
    /// The opportunity
    Deal,
    /// Marketing touches
    Touch,
    /// Activities that decide nothing
    Activity,
    /// Status flips and fake tasks
    Game,
    /// Days of ad spend
    Spend,
    /// Opportunities without a lead
    Direct,
}

/// A seeded stream of chance.
#[derive(Debug)]
pub struct Chance(Pcg64Mcg);

impl Chance {
    /// The stream of one strand of one numbered thing.
    pub fn new(seed: u64, strand: Strand, number: u64) -> Chance {
        let mixed = mix(mix(seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_add(mix(number)) ^ ((strand as u64) << 56));
        Chance(Pcg64Mcg::seed_from_u64(mixed))
    }

    /// Uniform on 0 <= x < 1, with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// True with probability `p`.
    pub fn yes(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform on 0..n; 0 if `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// Uniform on from..=to.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1).max(1) as u64) as i64
    }

    /// One of a non-empty list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// An index with probability proportional to its weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// A whole number with mean `mean`, spread evenly from 0 to twice the mean.
    pub fn about(&mut self, mean: f64) -> u64 {
        let exact = self.unit() * 2.0 * mean.max(0.0);
        let whole = exact as u64;
        whole + u64::from(self.yes(exact - whole as f64))
    }
}

/// SplitMix64's finaliser.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A distribution given by its quantiles (probability, value), straight lines between.
#[derive(Debug, Clone, Copy)]
pub struct Spread(pub &'static [(f64, f64)]);

impl Spread {
    /// The value below which share `p` lies.
    pub fn at(self, p: f64) -> f64 {
        for pair in self.0.windows(2) {
            let ((p0, v0), (p1, v1)) = (pair[0], pair[1]);
            if p < p1 {
                return v0 + (p - p0) / (p1 - p0) * (v1 - v0);
            }
        }
        self.0.last().map_or(0.0, |last| last.1)
    }

    /// The share below a value.
    pub fn below(self, value: f64) -> f64 {
        for pair in self.0.windows(2) {
            let ((p0, v0), (p1, v1)) = (pair[0], pair[1]);
            if value < v1 {
                return if value <= v0 { p0 } else { p0 + (value - v0) / (v1 - v0) * (p1 - p0) };
            }
        }
        1.0
    }

    /// One draw.
    pub fn draw(self, chance: &mut Chance) -> f64 {
        self.at(chance.unit())
    }

    /// The mean, exactly.
    pub fn mean(self) -> f64 {
        self.0.windows(2).map(|w| (w[1].0 - w[0].0) * (w[0].1 + w[1].1) / 2.0).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_stated_means() {
        let mut chance = Chance::new(1, Strand::Deal, 7);
        let spread = Spread(&[(0.0, 1.0), (0.5, 2.0), (1.0, 9.0)]);
        let n = 40_000;
        let mean = (0..n).map(|_| spread.draw(&mut chance)).sum::<f64>() / f64::from(n);
        assert!((mean - spread.mean()).abs() < 0.05);
        let about = (0..n).map(|_| chance.about(6.0)).sum::<u64>() as f64 / f64::from(n);
        assert!((about - 6.0).abs() < 0.06);
    }

    #[test]
    fn strands_and_numbers_do_not_share_draws() {
        let first = |s, n| Chance::new(3, s, n).unit();
        assert_ne!(first(Strand::Deal, 1), first(Strand::Deal, 2));
        assert_ne!(first(Strand::Deal, 1), first(Strand::Cycle, 1));
        assert_eq!(first(Strand::Deal, 1), first(Strand::Deal, 1));
    }
}
