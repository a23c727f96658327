//! The check of one claim, and the strongest filter there is.
//!
//! Not here: a verdict.
//!
//! Invariant: redraw `i` is made from seed and `i` alone; redraws are counted, so their order does not matter.

use rayon::prelude::*;

use super::cells::{Cells, Clusters, Member};
use super::family::{Claim, Tables};
use super::redraw::{Dealer, Room};
use super::strength::{least, strength, upper_tail};
use crate::binomial::{Bounds, jeffreys, wilson};
use crate::error::{Error, Result};

/// How claims are checked; a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Trials that make a filter large enough for the family (or the claim's own, if fewer).
    pub floor: u64,
    /// Redraws; the smallest scan p-value is `1 / (redraws + 1)`.
    pub redraws: u32,
    /// Seed of the redraws.
    pub seed: u64,
}

/// What is dealt out anew.
#[derive(Clone, Copy, Debug)]
pub enum Redraw<'a> {
    /// Single trials: they are independent of each other.
    Trials,
    /// Whole clusters: their trials may resemble each other. The members add up to the cells.
    Clusters(&'a [Member]),
}

/// What was found about one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Trials of the claim.
    pub n: u64,
    /// Outcomes of the claim.
    pub k: u64,
    /// `k / n`.
    pub rate: f64,
    /// Wilson's 90 % interval of the rate.
    pub wilson: Bounds,
    /// Jeffreys' 90 % interval of the rate, for small `n`.
    pub jeffreys: Bounds,
    /// Rate of all trials.
    pub base_rate: f64,
    /// Rate of the trials outside; `None` when there are none.
    pub outside_rate: Option<f64>,
    /// [`strength`] of the claim.
    pub strength: f64,
    /// p-value as if the claim had been fixed beforehand (one-sided).
    pub naive_p: f64,
    /// Filters in the family.
    pub family: usize,
    /// Share of the family at least as strong; 1 for an empty family.
    pub rank_share: f64,
    /// How often the strongest of the family is at least as strong when outcomes are dealt out anew.
    pub scan_p: f64,
}

/// Cells made ready for any number of claims.
#[derive(Clone, Debug)]
pub struct Scan {
    cells: Cells,
    tables: Tables,
    n: Vec<u32>,
    k: Vec<u32>,
    clusters: Option<Clusters>,
}

impl Scan {
    /// Makes `cells` ready.
    ///
    /// # Errors
    /// Too many (the tables do not fit), out of range (members that do not add up to the cells).
    pub fn new(cells: Cells, redraw: Redraw<'_>) -> Result<Self> {
        let tables = Tables::new(&cells)?;
        let clusters = match redraw {
            Redraw::Trials => None,
            Redraw::Clusters(members) => Some(Clusters::new(&cells, members)?),
        };
        let (mut n, mut k) = (Vec::new(), Vec::new());
        tables.sums(cells.cells.iter().map(|c| c.n), &mut n);
        tables.sums(cells.cells.iter().map(|c| c.k), &mut k);
        Ok(Self { cells, tables, n, k, clusters })
    }

    /// Trials in clusters whose size no other cluster shares: their outcomes stay within the cluster, which costs
    /// power. 0 for redraws of single trials.
    pub fn alone(&self) -> u64 {
        self.clusters.as_ref().map_or(0, |c| c.alone)
    }

    /// The strongest filter of at least `floor` trials; the first in order among equals. `None` when there is none.
    ///
    /// # Errors
    /// Too many (the family does not fit).
    pub fn strongest(&self, floor: u64) -> Result<Option<Claim>> {
        let windows = self.tables.windows(&self.n, &self.k, floor, self.cells.n)?;
        let mut best = None;
        for w in &windows {
            let s = strength(w.k, w.n, self.cells.k, self.cells.n);
            if best.is_none_or(|(most, _)| s > most) {
                best = Some((s, w));
            }
        }
        Ok(best.map(|(_, w)| self.tables.claim(w)))
    }

    /// Checks one claim.
    ///
    /// # Errors
    /// Shape and out of range (no such filter, or none of the family's kind), too few (a claim without trials, no
    /// redraws), too many (the family does not fit).
    pub fn check(&self, claim: &Claim, rule: Rule) -> Result<Check> {
        let row = self.tables.row(claim)? * self.tables.wide();
        let (from, to) = (row + claim.from as usize, row + claim.to as usize);
        let (n, k) = (u64::from(self.n[to] - self.n[from]), u64::from(self.k[to] - self.k[from]));
        if n == 0 {
            return Err(Error::too_few("trials", 0, 1));
        }
        if rule.redraws == 0 {
            return Err(Error::too_few("redraws", 0, 1));
        }
        let (all_n, all_k) = (self.cells.n, self.cells.k);
        let bar = strength(k, n, all_k, all_n);
        let windows = self.tables.windows(&self.n, &self.k, rule.floor.min(n), all_n)?;
        let as_strong = windows.iter().filter(|w| strength(w.k, w.n, all_k, all_n) >= bar).count();
        let bars = Bars::new(&windows, self.tables.wide(), bar, all_k, all_n);
        let passes = self.passes(&bars, rule);
        let (x, y) = (k as f64, n as f64);
        let interval = Error::out_of_range("k", "at most n");
        Ok(Check {
            n,
            k,
            rate: x / y,
            wilson: wilson(x, y, 0.9).ok_or(interval.clone())?,
            jeffreys: jeffreys(x, y, 0.9).ok_or(interval)?,
            base_rate: all_k as f64 / all_n as f64,
            outside_rate: (n < all_n).then(|| (all_k - k) as f64 / (all_n - n) as f64),
            strength: bar,
            naive_p: upper_tail(bar),
            family: windows.len(),
            rank_share: if windows.is_empty() { 1.0 } else { as_strong as f64 / windows.len() as f64 },
            scan_p: (1 + passes) as f64 / (f64::from(rule.redraws) + 1.0),
        })
    }

    /// Redraws in which some filter passes its bar.
    fn passes(&self, bars: &Bars, rule: Rule) -> u64 {
        let dealer = Dealer::new(&self.cells, self.clusters.as_ref());
        (0..rule.redraws)
            .into_par_iter()
            .map_init(
                || (Room::default(), Vec::new(), Vec::new()),
                |(room, dealt, sums), i| {
                    dealer.deal(crate::draws::mix(rule.seed, u64::from(i)), room, dealt);
                    self.tables.sums(dealt.iter().copied(), sums);
                    u64::from(bars.passed(sums))
                },
            )
            .sum()
    }
}

/// For every filter the fewest outcomes that are as strong as the claim: strength grows with outcomes, so a redraw
/// needs no logarithm.
struct Bars {
    /// Positions in the running sums, and the fewest outcomes.
    bars: Vec<(u32, u32, u32)>,
}

impl Bars {
    fn new(windows: &[super::family::Window], wide: usize, bar: f64, all_k: u64, all_n: u64) -> Self {
        let mut by_size: std::collections::HashMap<u64, Option<u64>> = std::collections::HashMap::new();
        let mut bars = Vec::with_capacity(windows.len());
        for w in windows {
            let fewest = *by_size.entry(w.n).or_insert_with(|| least(bar, w.n, all_k, all_n));
            if let Some(k) = fewest {
                let row = w.row * wide as u32;
                bars.push((row + w.from, row + w.to, k as u32));
            }
        }
        Self { bars }
    }

    fn passed(&self, sums: &[u32]) -> bool {
        self.bars.iter().any(|(from, to, k)| sums[*to as usize] - sums[*from as usize] >= *k)
    }
}
