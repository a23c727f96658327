//! How often a search among all alternatives finds one as strong by chance.
//!
//! The alternatives are every value (or all) of the claim's columns, the source and the segment or product, in every run
//! of months. Not here: a verdict. Invariant: the floor of the alternatives is a policy and never the claim's size.

use stats::scan::{Cell, Cells, Claim, Member, Redraw, Rule, Scan};

use super::claim::{Against, Side};
use super::cube::{Cube, Levels};
use super::measure::Measure;
use super::settings::{FLOOR, MOST_REDRAWS, MOST_VALUES};

/// What the search says.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// As if the claim had been fixed beforehand, one-sided.
    pub naive_p: f64,
    /// After the search.
    pub search_p: f64,
    /// Alternatives.
    pub family: usize,
    /// Part of them as strong, against the rest.
    pub rank_share: f64,
    /// In how many ways a set of values of this size could have been chosen; 1 for single values.
    pub ways: f64,
    pub redraws: u32,
    /// Whether cases were redrawn by account.
    pub by_account: bool,
    /// Part of the cases in accounts whose size nobody shares.
    pub alone: f64,
    /// Names of the dimensions besides time.
    pub columns: Vec<&'static str>,
}

/// One dimension for the search: rare values are pooled, and a set of values that the claim names is one level.
struct Dimension {
    /// Level of the search for each level of the cube.
    to: Vec<u32>,
    size: usize,
    /// The claim's level, if it names one.
    claimed: Option<u32>,
    ways: f64,
}

/// How many sets of `m` there are among `of`.
fn sets(of: usize, m: usize) -> f64 {
    (0..m.min(of - m.min(of))).fold(1.0, |p, i| p * (of - i) as f64 / (i + 1) as f64)
}

impl Dimension {
    fn of(cube: &Cube, axis: usize, claimed: Option<&Vec<u32>>) -> Dimension {
        let levels = cube.labels.get(axis).map_or(0, Vec::len);
        let mut cases = vec![0u64; levels];
        for cell in &cube.cells {
            if let Some(sum) = cases.get_mut(cell.levels[axis] as usize) {
                *sum += cell.count.n;
            }
        }
        // values that hold no case are no alternatives
        let filled = cases.iter().filter(|n| **n > 0).count();
        let mut largest: Vec<usize> = (0..levels).filter(|l| cases[*l] > 0).collect();
        largest.sort_by_key(|l| (std::cmp::Reverse(cases[*l]), *l));
        largest.truncate(MOST_VALUES);
        let named = |level: usize| claimed.is_some_and(|c| c.contains(&(level as u32)));
        let (mut to, mut next) = (vec![0u32; levels], 0u32);
        let own = claimed.map(|_| {
            next += 1;
            0
        });
        let mut pooled = None;
        for level in 0..levels {
            to[level] = if named(level) {
                0
            } else if largest.contains(&level) || cases[level] == 0 {
                next += u32::from(cases[level] > 0);
                next.saturating_sub(1)
            } else {
                *pooled.get_or_insert_with(|| {
                    next += 1;
                    next - 1
                })
            };
        }
        let chosen = (0..levels).filter(|l| named(*l) && cases[*l] > 0).count();
        let ways = if chosen > 1 { sets(filled, chosen) } else { 1.0 };
        Dimension { to, size: next.max(1) as usize, claimed: own, ways }
    }
}

/// Runs the search; `own_p` is the p-value of the claim's own comparison.
pub fn run(measure: &Measure<'_>, own_p: f64) -> stats::Result<Search> {
    let (cube, choice, plan) = (measure.cube, &measure.choice, measure.plan);
    let dimensions: Vec<Dimension> = (0..plan.columns.len())
        .map(|axis| Dimension::of(cube, axis, choice.levels.get(axis).and_then(Option::as_ref)))
        .collect();
    let start = measure.ground.start;
    let below = measure.ask.claim.side == Side::Below;
    // the kernel asks whether outcomes are more frequent: for "below" the outcome is that it did not happen
    let k = |n: u64, k: u64| u32::try_from(if below { n - k } else { k }).unwrap_or(u32::MAX);
    let levels = |of: &Levels| -> Vec<u32> {
        dimensions.iter().zip(of).map(|(d, l)| d.to.get(*l as usize).copied().unwrap_or(0)).collect()
    };
    let cells: Vec<Cell> = cube
        .cells
        .iter()
        .map(|c| Cell {
            levels: levels(&c.levels),
            time: (c.piece - start) as u32,
            n: u32::try_from(c.count.n).unwrap_or(u32::MAX),
            k: k(c.count.n, c.count.k),
        })
        .collect();
    let sizes: Vec<usize> = dimensions.iter().map(|d| d.size).collect();
    let made = Cells::new(&sizes, measure.ground.len(), cells)?;
    let members = if plan.by_account { members(cube, k) } else { vec![] };
    let redraw = if plan.by_account { Redraw::Clusters(&members) } else { Redraw::Trials };
    let all: u64 = cube.cells.iter().map(|c| c.count.n).sum();
    let scan = Scan::new(made, redraw)?;
    let claim = Claim {
        levels: dimensions.iter().map(|d| d.claimed).collect(),
        from: (choice.pieces.start - start) as u32,
        to: (choice.pieces.end - start) as u32,
    };
    let ways: f64 = dimensions.iter().map(|d| d.ways).product();
    let against_rest = measure.ask.claim.against == Against::Rest;
    let asked = f64::from(measure.ask.redraws);
    let redraws = if against_rest { (asked * ways).min(f64::from(MOST_REDRAWS).max(asked)) as u32 } else { 1 };
    let check = scan.check(&claim, Rule { floor: FLOOR, redraws, seed: measure.ask.seed })?;
    let search_p = if against_rest { check.scan_p * ways } else { own_p * check.family.max(1) as f64 * ways };
    Ok(Search {
        naive_p: own_p,
        search_p: search_p.min(1.0),
        family: check.family,
        rank_share: check.rank_share,
        ways,
        redraws,
        by_account: plan.by_account && against_rest,
        alone: scan.alone() as f64 / all.max(1) as f64,
        columns: plan.columns.iter().map(|c| c.name).collect(),
    })
}

/// Cases by account; one without an account is a cluster of its own.
fn members(cube: &Cube, k: impl Fn(u64, u64) -> u32) -> Vec<Member> {
    let mut out = Vec::with_capacity(cube.members.len());
    let mut cluster = 0u32;
    let mut last = None;
    for (account, cell, count) in &cube.members {
        match account {
            Some(_) => {
                if last != Some(*account) {
                    cluster += 1;
                    last = Some(*account);
                }
                let n = u32::try_from(count.n).unwrap_or(u32::MAX);
                out.push(Member { cluster, cell: *cell, n, k: k(count.n, count.k) });
            }
            None => {
                let hits = u64::from(k(count.n, count.k));
                for i in 0..count.n {
                    cluster += 1;
                    out.push(Member { cluster, cell: *cell, n: 1, k: u32::from(i < hits) });
                }
                last = None;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sets;

    #[test]
    fn sets_are_counted() {
        assert_eq!((sets(8, 2), sets(8, 6), sets(5, 1), sets(5, 5), sets(60, 3)), (28.0, 28.0, 5.0, 1.0, 34_220.0));
    }
}
