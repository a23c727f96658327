//! Outcomes dealt out anew over the cells.
//!
//! Trials: as many as there are outcomes are picked without replacement; one by one where they are few, else one
//! hypergeometric number a cell. Clusters: numbers of outcomes are shuffled among clusters of equal size and fall
//! on the trials of their new cluster at random.
//!
//! Not here: what is done with them.
//!
//! Invariant: the total of outcomes never changes.

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Hypergeometric};
use rand_pcg::Pcg64;

use super::cells::{Cells, Clusters};

/// Outcomes a cell from which one hypergeometric number a cell is cheaper than picking one by one.
const CROWDED: u64 = 100;

/// More trials than this are never held one by one.
const LISTED: u64 = 1 << 26;

/// How outcomes are dealt out.
pub(super) enum Dealer<'a> {
    /// Cell of every trial.
    OneByOne {
        trials: Vec<u32>,
        outcomes: u64,
        cells: usize,
    },
    /// One number a cell.
    CellByCell {
        sizes: Vec<u64>,
        outcomes: u64,
        all: u64,
    },
    Clusters {
        clusters: &'a Clusters,
        cells: usize,
    },
}

/// Room that one thread reuses; what is in it does not carry over.
#[derive(Default)]
pub(super) struct Room {
    picked: Vec<u64>,
    shuffled: Vec<u32>,
    swaps: Vec<u32>,
}

impl<'a> Dealer<'a> {
    pub fn new(cells: &Cells, clusters: Option<&'a Clusters>) -> Self {
        let count = cells.cells.len();
        if let Some(clusters) = clusters {
            return Self::Clusters { clusters, cells: count };
        }
        let fewer = cells.k.min(cells.n - cells.k);
        if fewer / count.max(1) as u64 >= CROWDED || cells.n > LISTED {
            let sizes = cells.cells.iter().map(|c| u64::from(c.n)).collect();
            return Self::CellByCell { sizes, outcomes: cells.k, all: cells.n };
        }
        let mut trials = Vec::with_capacity(cells.n as usize);
        for (i, c) in cells.cells.iter().enumerate() {
            trials.extend(std::iter::repeat_n(i as u32, c.n as usize));
        }
        Self::OneByOne { trials, outcomes: cells.k, cells: count }
    }

    /// Outcomes of every cell in redraw number `seed`, into `out`.
    pub fn deal(&self, seed: u64, room: &mut Room, out: &mut Vec<u32>) {
        let mut chance = Pcg64::seed_from_u64(seed);
        out.clear();
        match self {
            Self::OneByOne { trials, outcomes, cells } => {
                one_by_one(trials, *outcomes, *cells, &mut chance, room, out);
            }
            Self::CellByCell { sizes, outcomes, all } => {
                let (mut left, mut trials) = (*outcomes, *all);
                for n in sizes {
                    let k = hypergeometric(*n, left, trials, &mut chance);
                    left -= k;
                    trials -= n;
                    out.push(k as u32);
                }
            }
            Self::Clusters { clusters, cells } => by_cluster(clusters, *cells, &mut chance, room, out),
        }
    }
}

/// Outcomes among `n` of `trials`, `left` of which have the outcome.
fn hypergeometric(n: u64, left: u64, trials: u64, chance: &mut Pcg64) -> u64 {
    let (low, high) = ((n + left).saturating_sub(trials), n.min(left));
    if low == high {
        return low;
    }
    // The constructor refuses only what cannot be here; the mean keeps the result possible all the same.
    Hypergeometric::new(trials, left, n).map_or(n * left / trials.max(1), |h| h.sample(chance)).clamp(low, high)
}

/// Picks the rarer of outcomes and failures, each trial at most once (a set of bits remembers).
fn one_by_one(trials: &[u32], outcomes: u64, cells: usize, chance: &mut Pcg64, room: &mut Room, out: &mut Vec<u32>) {
    let all = trials.len() as u32;
    let failures = u64::from(all) - outcomes;
    let fewer = outcomes.min(failures);
    room.picked.clear();
    room.picked.resize(trials.len().div_ceil(64), 0);
    let mut counts = vec![0u32; cells];
    let mut picked = 0;
    while picked < fewer {
        let trial = chance.random_range(0..all) as usize;
        let (word, bit) = (&mut room.picked[trial / 64], 1u64 << (trial % 64));
        if *word & bit == 0 {
            *word |= bit;
            counts[trials[trial] as usize] += 1;
            picked += 1;
        }
    }
    out.append(&mut counts);
    if failures < outcomes {
        let mut sizes = vec![0u32; cells];
        for cell in trials {
            sizes[*cell as usize] += 1;
        }
        for (k, n) in out.iter_mut().zip(sizes) {
            *k = n - *k;
        }
    }
}

fn by_cluster(clusters: &Clusters, cells: usize, chance: &mut Pcg64, room: &mut Room, out: &mut Vec<u32>) {
    out.resize(cells, 0);
    room.shuffled.clear();
    room.shuffled.extend_from_slice(&clusters.outcomes);
    let mut from = 0;
    for to in &clusters.classes {
        let class = &mut room.shuffled[from..*to];
        for i in (1..class.len()).rev() {
            class.swap(i, chance.random_range(0..=i as u32) as usize);
        }
        from = *to;
    }
    for (c, k) in room.shuffled.iter().enumerate() {
        let trials = &clusters.trials[clusters.starts[c]..clusters.starts[c + 1]];
        let k = *k as usize;
        if k == trials.len() {
            for cell in trials {
                out[*cell as usize] += 1;
            }
        } else if k > 0 {
            // First k of a shuffle.
            room.swaps.clear();
            room.swaps.extend_from_slice(trials);
            for i in 0..k {
                let j = chance.random_range(i as u32..trials.len() as u32) as usize;
                room.swaps.swap(i, j);
                out[room.swaps[i] as usize] += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Cell;

    /// Both ways of dealing trials have the mean and the variance of the hypergeometric, and keep the total.
    #[test]
    fn both_ways_deal_the_same_distribution() {
        let sizes = [3u32, 40, 200, 757];
        for k_all in [5u64, 130, 500, 940] {
            let of = |(i, n): (usize, &u32)| Cell { levels: vec![i as u32], time: 0, n: *n, k: 0 };
            let mut cells = Cells::new(&[4], 1, sizes.iter().enumerate().map(of).collect()).unwrap();
            cells.k = k_all;
            let numbers = sizes.iter().map(|n| u64::from(*n)).collect();
            let trials = sizes.iter().enumerate().flat_map(|(i, n)| vec![i as u32; *n as usize]).collect();
            for dealer in [
                Dealer::CellByCell { sizes: numbers, outcomes: k_all, all: cells.n },
                Dealer::OneByOne { trials, outcomes: k_all, cells: 4 },
            ] {
                let (mut room, mut out) = (Room::default(), Vec::new());
                let (mut sums, mut squares) = ([0.0; 4], [0.0; 4]);
                let draws = 20_000u32;
                for seed in 0..draws {
                    dealer.deal(u64::from(seed), &mut room, &mut out);
                    assert_eq!(out.iter().map(|k| u64::from(*k)).sum::<u64>(), k_all);
                    for (i, k) in out.iter().enumerate() {
                        sums[i] += f64::from(*k);
                        squares[i] += f64::from(*k).powi(2);
                    }
                }
                for (i, n) in sizes.iter().enumerate() {
                    let (n, all, rate) = (f64::from(*n), 1000.0, k_all as f64 / 1000.0);
                    let variance = n * rate * (1.0 - rate) * (all - n) / (all - 1.0);
                    let mean = sums[i] / f64::from(draws);
                    let got = squares[i] / f64::from(draws) - mean * mean;
                    assert!((mean - n * rate).abs() < 4.5 * (variance / f64::from(draws)).sqrt(), "{k_all} {i}");
                    assert!((got / variance - 1.0).abs() < 0.09, "{k_all} {i}: {got} {variance}");
                }
            }
        }
    }
}
