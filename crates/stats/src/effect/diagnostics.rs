//! Whether the treated and the others can be compared: overlap of propensities, balance of covariates.
//!
//! Not here: the decision that overlap is too poor.
//!
//! Invariant: an effective size lies between 1 and the number of trials of its arm (whole trials).

use super::adjust::Study;
use crate::logistic::in_blocks;

/// How far the propensities of the treated and of the others overlap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// Lowest propensity of a row with trials.
    pub lowest: f64,
    /// Highest propensity of a row with trials.
    pub highest: f64,
    /// Share of trials whose propensity is outside [.05, .95].
    pub outside: f64,
    /// Trials of the treated, and as many as they are worth after inverse-probability weighting (Kish).
    pub treated: (f64, f64),
    /// The same of the untreated.
    pub untreated: (f64, f64),
    /// As many as treated and untreated are worth after overlap weighting.
    pub overlap_weighted: (f64, f64),
}

/// Standardised mean differences, treated minus untreated, of one column: in units of the root of the mean of both
/// arms' unweighted variances; 0 where both are 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// As observed.
    pub before: f64,
    /// After inverse-probability weighting.
    pub inverse_weighted: f64,
    /// After overlap weighting: 0 up to rounding where the propensity is maximum likelihood.
    pub overlap_weighted: f64,
}

pub(super) fn overlap(study: &Study<'_>, e: &[f64]) -> Overlap {
    let (mut lowest, mut highest, mut outside, mut all) = (1.0f64, 0.0f64, 0.0, 0.0);
    // Per arm: trials; sum and sum of squares of the inverse weights; of the overlap weights.
    let mut arms = [[0.0f64; 5]; 2];
    for (i, e) in e.iter().enumerate() {
        let n = study.outcome.n(i);
        if n == 0.0 {
            continue;
        }
        (lowest, highest) = (lowest.min(*e), highest.max(*e));
        all += n;
        if !(0.05..=0.95).contains(e) {
            outside += n;
        }
        let own = if study.treated[i] == 1 { *e } else { 1.0 - e };
        let (inverse, over) = (1.0 / own, 1.0 - own);
        let add = [n, n * inverse, n * inverse * inverse, n * over, n * over * over];
        for (sum, x) in arms[study.treated[i] as usize].iter_mut().zip(add) {
            *sum += x;
        }
    }
    let worth = |sum: f64, squares: f64| sum * sum / squares;
    let [u, t] = arms;
    Overlap {
        lowest,
        highest,
        outside: outside / all,
        treated: (t[0], worth(t[1], t[2])),
        untreated: (u[0], worth(u[1], u[2])),
        overlap_weighted: (worth(t[3], t[4]), worth(u[3], u[4])),
    }
}

/// Weighted sums of one arm: weight, and every column's values; squares for the unweighted.
struct Sums {
    weight: [f64; 3],
    columns: Vec<[f64; 4]>,
}

impl Sums {
    fn new(columns: usize) -> Self {
        Self { weight: [0.0; 3], columns: vec![[0.0; 4]; columns] }
    }

    fn add(&mut self, other: &Self) {
        let cells = self.weight.iter_mut().chain(self.columns.iter_mut().flatten());
        for (sum, x) in cells.zip(other.weight.iter().chain(other.columns.iter().flatten())) {
            *sum += x;
        }
    }
}

/// Sums of both arms over some rows.
fn part(study: &Study<'_>, e: &[f64], range: std::ops::Range<usize>) -> [Sums; 2] {
    let design = study.design;
    let mut arms = [Sums::new(design.columns()), Sums::new(design.columns())];
    let mut entries = vec![(0usize, 0.0f64); design.width()];
    for i in range {
        let n = study.outcome.n(i);
        let own = if study.treated[i] == 1 { e[i] } else { 1.0 - e[i] };
        let weights = [n, n / own, n * (1.0 - own)];
        let used = design.row(i, &mut entries);
        let arm = &mut arms[study.treated[i] as usize];
        for (sum, w) in arm.weight.iter_mut().zip(weights) {
            *sum += w;
        }
        for (j, x) in &entries[..used] {
            let column = &mut arm.columns[*j];
            for (sum, w) in column.iter_mut().zip(weights) {
                *sum += w * x;
            }
            column[3] += n * x * x;
        }
    }
    arms
}

pub(super) fn balance(study: &Study<'_>, e: &[f64]) -> Vec<Balance> {
    let design = study.design;
    let mut arms = [Sums::new(design.columns()), Sums::new(design.columns())];
    for block in in_blocks(e.len(), 1, |range| part(study, e, range)) {
        for (arm, block) in arms.iter_mut().zip(&block) {
            arm.add(block);
        }
    }
    let [u, t] = &arms;
    let one = |j: usize| {
        let mean = |a: &Sums, w: usize| a.columns[j][w] / a.weight[w];
        let variance = |a: &Sums| (a.columns[j][3] / a.weight[0] - mean(a, 0).powi(2)).max(0.0);
        let spread = ((variance(t) + variance(u)) / 2.0).sqrt();
        let difference = |w: usize| if spread > 1e-12 { (mean(t, w) - mean(u, w)) / spread } else { 0.0 };
        Balance { before: difference(0), inverse_weighted: difference(1), overlap_weighted: difference(2) }
    };
    (1..design.columns()).map(one).collect()
}
