//! The bins of a column and the weight of evidence of each.
//!
//! Numbers: at most 20 bins at quantiles, neighbours merged (the pair of least chi-square first) until at most 6 are
//! left, every pair differs (chi-square 6.63) and every bin holds 5 % of the rows. Levels: one bin each, the rare ones
//! pooled. Rows without a value are a bin of their own.
//!
//! Not here: which column is worth having.
//!
//! Invariant: every row has exactly one bin; a value never seen when the bins were made has weight 0.

use crate::error::{Error, Result};
use crate::quantile::quantiles;

/// Quantile bins to begin with: finer ones would be merged at once.
const FIRST_BINS: usize = 20;
/// Most bins of numbers: more cannot be read aloud.
const MOST_BINS: usize = 6;
/// Smallest share of the rows in a bin of numbers.
const SMALLEST_SHARE: f64 = 0.05;
/// Chi-square (1 degree of freedom) that chance exceeds in 1 % of cases.
const DIFFERENT: f64 = 6.63;
/// Levels below this share of the rows are pooled.
const RARE_SHARE: f64 = 0.01;
/// Levels of fewer rows are pooled too: in a hundred rows, 1 % is one row.
const RARE_ROWS: f64 = 5.0;

/// One column, one entry a row, `None` where it is not recorded.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// Numbers, in any unit.
    Numbers(&'a [Option<f64>]),
    /// Levels by index below `levels`.
    Levels {
        /// Level of every row.
        index: &'a [Option<u32>],
        /// How many levels there are.
        levels: usize,
    },
}

/// Where the bins of a column lie; the bin of missing values comes after these, if there is one.
#[derive(Clone, Debug, PartialEq)]
pub enum Places {
    /// Ascending cuts: the bin of a value is the number of cuts strictly below it.
    Cuts(Vec<f64>),
    /// Bin of every level; `None` for a level that no row had.
    Levels(Vec<Option<usize>>),
}

/// What a bin holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Rows with the outcome.
    pub good: f64,
    /// Rows without.
    pub bad: f64,
    /// `ln((good + pi) / (bad + 1 - pi)) - ln(G / B)` with `pi` the overall rate: 0 for a bin like all rows.
    pub weight: f64,
}

/// The bins of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Binning {
    /// Where they lie.
    pub places: Places,
    /// What each holds.
    pub bins: Vec<Bin>,
    /// The bin of rows without a value, the last; `None` when no row lacked one.
    pub missing: Option<usize>,
    /// Information value, `sum (good / G - bad / B) * weight`: how much the column tells by itself.
    pub information: f64,
}

impl Column<'_> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Levels { index, .. } => index.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn check(&self, rows: usize) -> Result<()> {
        if self.len() != rows {
            return Err(Error::shape("column", self.len(), rows));
        }
        match self {
            Self::Numbers(values) if values.iter().flatten().any(|v| !v.is_finite()) => {
                Err(Error::not_finite("column"))
            }
            Self::Levels { index, levels } if index.iter().flatten().any(|l| *l as usize >= *levels) => {
                Err(Error::out_of_range("column", "every index below the number of levels"))
            }
            _ => Ok(()),
        }
    }
}

impl Binning {
    /// The bins that the rows themselves suggest.
    ///
    /// # Errors
    /// Shape, not finite, out of range (a level not below `levels`), too few (no row with the outcome, or none without).
    pub fn of(column: &Column<'_>, good: &[bool]) -> Result<Self> {
        column.check(good.len())?;
        let places = match column {
            Column::Numbers(values) => Places::Cuts(cuts(values, good)),
            Column::Levels { index, levels } => Places::Levels(pooled(index, *levels)),
        };
        Self::at(places, column, good)
    }

    /// Given bins, with their weights counted on these rows.
    ///
    /// # Errors
    /// As [`Binning::of`]; out of range also where cuts do not ascend or do not suit the column.
    pub fn at(places: Places, column: &Column<'_>, good: &[bool]) -> Result<Self> {
        column.check(good.len())?;
        let ordinary = match (&places, column) {
            (Places::Cuts(cuts), Column::Numbers(_)) => {
                if cuts.iter().any(|c| !c.is_finite()) || cuts.windows(2).any(|w| w[0] >= w[1]) {
                    return Err(Error::out_of_range("cuts", "finite and ascending"));
                }
                cuts.len() + 1
            }
            (Places::Levels(bin_of), Column::Levels { levels, .. }) if bin_of.len() == *levels => {
                bin_of.iter().flatten().max().map_or(0, |most| most + 1)
            }
            _ => return Err(Error::out_of_range("places", "cuts for numbers, one bin a level for levels")),
        };
        let total = good.len() as f64;
        let all_good = good.iter().filter(|g| **g).count() as f64;
        let all_bad = total - all_good;
        if all_good == 0.0 || all_bad == 0.0 {
            return Err(Error::too_few(if all_good == 0.0 { "rows with it" } else { "rows without it" }, 0, 1));
        }
        let mut made =
            Self { places, bins: Vec::new(), missing: has_missing(column).then_some(ordinary), information: 0.0 };
        let mut counts = vec![(0.0, 0.0); ordinary + usize::from(made.missing.is_some())];
        for (bin, good) in made.of_rows(column).into_iter().zip(good) {
            if let Some(count) = bin.and_then(|b| counts.get_mut(b)) {
                if *good { count.0 += 1.0 } else { count.1 += 1.0 }
            }
        }
        let (rate, odds) = (all_good / total, (all_good / all_bad).ln());
        for (good, bad) in counts {
            let weight = ((good + rate) / (bad + 1.0 - rate)).ln() - odds;
            made.information += (good / all_good - bad / all_bad) * weight;
            made.bins.push(Bin { good, bad, weight });
        }
        Ok(made)
    }

    /// Bin of every row of a column; `None` for what was never seen when the bins were made.
    pub fn of_rows(&self, column: &Column<'_>) -> Vec<Option<usize>> {
        match (&self.places, column) {
            (Places::Cuts(cuts), Column::Numbers(values)) => {
                let place = |v: &Option<f64>| v.map_or(self.missing, |v| Some(cuts.partition_point(|c| *c < v)));
                values.iter().map(place).collect()
            }
            (Places::Levels(bin_of), Column::Levels { index, .. }) => {
                let place = |l: &Option<u32>| l.map_or(self.missing, |l| bin_of.get(l as usize).copied().flatten());
                index.iter().map(place).collect()
            }
            _ => vec![None; column.len()],
        }
    }
}

fn has_missing(column: &Column<'_>) -> bool {
    match column {
        Column::Numbers(values) => values.iter().any(Option::is_none),
        Column::Levels { index, .. } => index.iter().any(Option::is_none),
    }
}

/// One bin a level, in order of the levels; rare levels share the one after them.
fn pooled(index: &[Option<u32>], levels: usize) -> Vec<Option<usize>> {
    let mut rows = vec![0.0; levels];
    for level in index.iter().flatten() {
        rows[*level as usize] += 1.0;
    }
    let least = RARE_ROWS.max(RARE_SHARE * index.len() as f64);
    let common = rows.iter().filter(|r| **r >= least).count();
    let mut next = 0;
    let bin = |r: &f64| {
        if *r >= least {
            next += 1;
            Some(next - 1)
        } else {
            (*r > 0.0).then_some(common)
        }
    };
    rows.iter().map(bin).collect()
}

/// The cuts left after merging.
fn cuts(values: &[Option<f64>], good: &[bool]) -> Vec<f64> {
    let mut present: Vec<f64> = values.iter().flatten().copied().collect();
    let steps: Vec<f64> = (1..FIRST_BINS).map(|j| j as f64 / FIRST_BINS as f64).collect();
    let Some(mut cuts) = quantiles(&mut present, &steps) else { return Vec::new() };
    cuts.dedup();
    let largest = present.last().copied();
    cuts.retain(|c| Some(*c) < largest);
    let mut bins = vec![(0.0, 0.0); cuts.len() + 1];
    for (value, good) in values.iter().zip(good) {
        if let Some(value) = value {
            let bin = &mut bins[cuts.partition_point(|c| c < value)];
            if *good { bin.0 += 1.0 } else { bin.1 += 1.0 }
        }
    }
    let smallest = SMALLEST_SHARE * values.len() as f64;
    while let Some(at) = next_merge(&bins, smallest) {
        let gone = bins.remove(at + 1);
        bins[at].0 += gone.0;
        bins[at].1 += gone.1;
        cuts.remove(at);
    }
    cuts
}

/// The left one of the two bins to merge next: the pair of least chi-square; where all pairs differ, the smallest bin
/// goes to the neighbour it differs from least. `None` when nothing is left to merge.
fn next_merge(bins: &[(f64, f64)], smallest: f64) -> Option<usize> {
    let chi: Vec<f64> = bins.windows(2).map(|w| chi_square(w[0], w[1])).collect();
    let least = (0..chi.len()).min_by(|a, b| chi[*a].total_cmp(&chi[*b]))?;
    if bins.len() > MOST_BINS || chi[least] < DIFFERENT {
        return Some(least);
    }
    let size = |i: usize| bins[i].0 + bins[i].1;
    let small = (0..bins.len()).min_by(|a, b| size(*a).total_cmp(&size(*b)))?;
    if size(small) >= smallest {
        return None;
    }
    let (left, right) = (small.checked_sub(1), (small < chi.len()).then_some(small));
    match (left, right) {
        (Some(l), Some(r)) => Some(if chi[l] <= chi[r] { l } else { r }),
        (l, r) => l.or(r),
    }
}

/// Pearson's chi-square of two bins; 0 where one is empty or both have one outcome only.
fn chi_square(a: (f64, f64), b: (f64, f64)) -> f64 {
    let product = (a.0 + a.1) * (b.0 + b.1) * (a.0 + b.0) * (a.1 + b.1);
    let cross = a.0 * b.1 - a.1 * b.0;
    if product > 0.0 { (a.0 + a.1 + b.0 + b.1) * cross * cross / product } else { 0.0 }
}
