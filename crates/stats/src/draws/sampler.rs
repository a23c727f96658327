//! The sampler: one generator, one posterior a method.
//!
//! Not here: likelihoods other than count, rate, mean and share.
//!
//! Invariant: a draw is finite and inside the parameter's range.

use rand::SeedableRng;
use rand_distr::{Beta, Distribution, Gamma, StandardNormal};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use crate::error::{Error, Result, all_counts};

/// A seeded stream of posterior draws (PCG XSL 128/64).
#[derive(Clone, Debug)]
pub struct Draws {
    generator: Pcg64,
}

impl Draws {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self { generator: Pcg64::seed_from_u64(seed) }
    }

    /// Stream number `stream` of this seed: independent of the others, so that draws can be made in any order.
    pub fn stream(seed: u64, stream: u64) -> Self {
        Self::new(mix(seed, stream))
    }

    /// A Poisson mean after `n` events: Gamma(n + 1/2, 1). `n >= 0`, real allowed.
    ///
    /// # Errors
    /// Not finite, out of range (`n < 0`).
    pub fn count(&mut self, n: f64) -> Result<f64> {
        all_counts(&[n], "n")?;
        self.gamma(n + 0.5)
    }

    /// A rate after `k` of `n`: Beta(k + 1/2, n - k + 1/2). `0 <= k <= n`, real allowed; `n = 0` draws the
    /// prior, so apply the carry-over rule before.
    ///
    /// # Errors
    /// Not finite, out of range (`k` outside `0..=n`).
    pub fn rate(&mut self, k: f64, n: f64) -> Result<f64> {
        all_counts(&[k, n], "k of n")?;
        if k > n {
            return Err(Error::out_of_range("k", "at most n"));
        }
        let beta = Beta::new(k + 0.5, n - k + 0.5).map_err(|_| Error::out_of_range("k of n", "0 <= k <= n"))?;
        Ok(beta.sample(&mut self.generator).clamp(0.0, 1.0))
    }

    /// A positive mean whose standard error is `se`: `exp(N(ln mean, (se / mean)^2))`, in the unit of `mean`.
    /// A mean of 0 with `se = 0` is 0.
    ///
    /// # Errors
    /// Not finite (an argument, or a draw that overflows), out of range (`mean < 0`, `se < 0`, or `mean = 0`
    /// with `se > 0`).
    pub fn mean(&mut self, mean: f64, se: f64) -> Result<f64> {
        all_counts(&[mean, se], "mean and se")?;
        let z: f64 = StandardNormal.sample(&mut self.generator);
        if se == 0.0 {
            return Ok(mean);
        }
        if mean == 0.0 {
            return Err(Error::out_of_range("mean", "above 0 when se is"));
        }
        let relative = se / mean;
        let drawn = mean * (relative * z).exp();
        Some(drawn).filter(|v| v.is_finite() && relative.is_finite()).ok_or(Error::not_finite("mean and se"))
    }

    /// A standard normal number.
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.generator)
    }

    /// Shares after `counts`: Dirichlet(counts + 1/2), written into `out`; they add to 1.
    ///
    /// # Errors
    /// Not finite, out of range (a count below 0), shape (`out` as long as `counts`).
    pub fn shares(&mut self, counts: &[f64], out: &mut [f64]) -> Result<()> {
        all_counts(counts, "counts")?;
        if out.len() != counts.len() {
            return Err(Error::shape("out", out.len(), counts.len()));
        }
        for (slot, n) in out.iter_mut().zip(counts) {
            *slot = self.gamma(n + 0.5)?;
        }
        let sum: f64 = out.iter().sum();
        // All gammas underflowing together needs counts of 0 and luck beyond 1e-150; keep it defined.
        let even = 1.0 / out.len() as f64;
        for slot in out {
            *slot = if sum > 0.0 { *slot / sum } else { even };
        }
        Ok(())
    }

    fn gamma(&mut self, shape: f64) -> Result<f64> {
        let gamma = Gamma::new(shape, 1.0).map_err(|_| Error::out_of_range("counts", "0 or more"))?;
        Ok(gamma.sample(&mut self.generator))
    }
}

/// `rows` draws of `columns` numbers each, row-major, filled in parallel: row `i` is filled from stream `i`
/// of `seed`, so the bytes do not depend on the number of threads.
///
/// # Errors
/// The error of the first row (in order) whose `fill` failed; too many when the matrix does not fit in memory.
pub fn matrix(
    seed: u64,
    rows: usize,
    columns: usize,
    fill: impl Fn(&mut Draws, &mut [f64]) -> Result<()> + Sync,
) -> Result<Vec<f64>> {
    let size =
        rows.checked_mul(columns).ok_or(Error::too_many("rows", rows, isize::MAX as usize / 8 / columns.max(1)))?;
    let mut out = Vec::new();
    out.try_reserve_exact(size).map_err(|_| Error::too_many("rows", rows, isize::MAX as usize / 8 / columns.max(1)))?;
    out.resize(size, 0.0);
    if size == 0 {
        return Ok(out);
    }
    let failed = out
        .par_chunks_exact_mut(columns)
        .enumerate()
        .filter_map(|(i, row)| fill(&mut Draws::stream(seed, i as u64), row).err().map(|error| (i, error)))
        .min_by_key(|(i, _)| *i);
    match failed {
        Some((_, error)) => Err(error),
        None => Ok(out),
    }
}

/// Seed of stream number `stream` of `seed`.
pub(crate) fn mix(seed: u64, stream: u64) -> u64 {
    scramble(seed ^ scramble(stream))
}

/// SplitMix64's finaliser (Steele, Lea and Flood 2014): neighbouring seeds become unrelated ones.
fn scramble(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
