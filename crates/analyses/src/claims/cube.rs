//! Cases and outcomes by the dimensions of the alternatives: from a tally to cells that can be added up.
//!
//! Not here: which cells belong to a claim. Invariant: a case that was not watched for the whole wait is in no cell.

use std::collections::BTreeMap;
use std::ops::Range;

use tallies::{Label, Tally};

use super::metric::How;
use super::plan::Plan;
use super::settings::{AT_LEAST, COVERED, LEARNED, MOST_COLUMNS, USUAL};

/// Levels of one cell: a claim's columns and one more.
pub type Levels = [u32; MOST_COLUMNS + 1];

/// Some rows of a tally that are alike.
#[derive(Clone, Debug)]
struct Alike {
    levels: Levels,
    piece: usize,
    /// How many of the waits they were watched for, shortest first.
    seen: usize,
    /// The outcome came after so many steps.
    after: Option<u32>,
    account: Option<i64>,
    n: u64,
}

/// The rows of a tally before a wait is chosen.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Labels of each dimension.
    pub labels: Vec<Vec<Label>>,
    rows: Vec<Alike>,
    waits: Vec<u32>,
}

/// How many, and how many of them with the outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub k: u64,
    pub n: u64,
}

impl Count {
    /// The rate; 0 of 0 is 0.
    pub fn rate(self) -> f64 {
        if self.n == 0 { 0.0 } else { self.k as f64 / self.n as f64 }
    }

    /// The rest of a whole.
    pub fn out_of(self, all: Count) -> Count {
        Count { k: all.k.saturating_sub(self.k), n: all.n.saturating_sub(self.n) }
    }
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell {
    pub levels: Levels,
    pub piece: usize,
    pub count: Count,
}

/// Cells, and the accounts in them where they are told apart.
#[derive(Clone, Debug)]
pub struct Cube {
    pub labels: Vec<Vec<Label>>,
    pub cells: Vec<Cell>,
    /// `(account, place of the cell, its cases there)`; without an account each case stands alone.
    pub members: Vec<(Option<i64>, u32, Count)>,
}

/// The wait that cases are judged after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// Its place among the waits.
    pub place: usize,
    /// In steps.
    pub steps: u32,
    /// Part of all outcomes that come within it, where learned.
    pub share: f64,
    /// Cases of the claim that were watched for it, of all its cases.
    pub covered: Count,
}

impl Watched {
    /// Reads a tally whose first `columns` axes are columns; rows outside of the time are left out.
    pub fn read(plan: &Plan, tally: &Tally, columns: usize) -> Watched {
        let waits: Vec<u32> = match &plan.study.how {
            How::Over(_) => vec![0],
            How::Within { waits, .. } => waits.to_vec(),
        };
        let within = matches!(plan.study.how, How::Within { .. });
        let account = columns + if within { 4 } else { 1 };
        let mut rows = Vec::with_capacity(tally.cells);
        let place = |cell: usize, axis: usize| tally.at.get(cell * tally.axes.len() + axis).copied().unwrap_or(0);
        let number = |cell: usize, axis: usize| tally.label(cell, axis).number();
        for cell in 0..tally.cells {
            let Some(piece) = number(cell, columns).and_then(|p| usize::try_from(p - 1).ok()) else { continue };
            let mut levels = Levels::default();
            for (axis, level) in levels.iter_mut().enumerate().take(columns) {
                *level = place(cell, axis);
            }
            let account = if account < tally.axes.len() { number(cell, account) } else { None };
            let row = |seen, after, n: i64| Alike { levels, piece, seen, after, account, n: n.max(0) as u64 };
            if within {
                let (Some(late), Some(outcome)) = (number(cell, columns + 1), number(cell, columns + 2)) else {
                    continue;
                };
                let seen = waits.len().saturating_sub(usize::try_from(late).unwrap_or(0));
                let age = number(cell, columns + 3).and_then(|a| u32::try_from(a).ok());
                rows.push(row(seen, age.filter(|_| outcome > 0), tally.int(cell, 0)));
            } else {
                let (n, k) = (tally.int(cell, 0), tally.int(cell, 1));
                rows.push(row(1, Some(0), k));
                rows.push(row(1, None, n - k));
            }
        }
        rows.retain(|r| r.n > 0 && r.piece < plan.spans.len());
        let labels = tally.axes.iter().take(columns).map(|a| a.labels.clone()).collect();
        Watched { labels, rows, waits }
    }

    /// Leaves out what lies before a piece: the records of the outcome begin later.
    pub fn begin_at(&mut self, piece: usize) {
        self.rows.retain(|r| r.piece >= piece);
    }

    /// The wait to judge after: the usual one, or a shorter one where the claim's cases are too young for it.
    pub fn wait(&self, claimed: impl Fn(&Levels, usize) -> bool) -> Wait {
        let last = self.waits.len() - 1;
        let after = |row: &Alike, steps: u32| row.after.is_some_and(|a| a < steps.max(1));
        // learned from those who were watched for the longest wait that has enough outcomes
        let learned = |seen: usize, steps: u32| -> u64 {
            self.rows.iter().filter(|r| r.seen > seen && after(r, steps)).map(|r| r.n).sum()
        };
        let from = (0..=last).rev().find(|w| learned(*w, self.waits[*w]) >= LEARNED).unwrap_or(0);
        let all = learned(from, self.waits[from]);
        let share = |w: usize| if all == 0 { 1.0 } else { learned(from, self.waits[w]) as f64 / all as f64 };
        let covered = |w: usize| {
            let mut count = Count::default();
            for row in self.rows.iter().filter(|r| claimed(&r.levels, r.piece)) {
                count.n += row.n;
                count.k += if row.seen > w { row.n } else { 0 };
            }
            count
        };
        let usual = (0..=from).find(|w| share(*w) >= USUAL).unwrap_or(from);
        let mut place = usual;
        while place > 0 && covered(place).rate() < COVERED && share(place - 1) >= AT_LEAST {
            place -= 1;
        }
        Wait { place, steps: self.waits[place], share: share(place), covered: covered(place) }
    }

    /// The cells of all cases that were watched for a wait.
    pub fn cube(&self, wait: &Wait) -> Cube {
        let mut cells: BTreeMap<(Levels, usize), Count> = BTreeMap::new();
        let mut members: BTreeMap<(Option<i64>, Levels, usize), Count> = BTreeMap::new();
        for row in self.rows.iter().filter(|r| r.seen > wait.place) {
            let k = if row.after.is_some_and(|a| a < wait.steps.max(1)) { row.n } else { 0 };
            for count in [
                cells.entry((row.levels, row.piece)).or_default(),
                members.entry((row.account, row.levels, row.piece)).or_default(),
            ] {
                count.n += row.n;
                count.k += k;
            }
        }
        let places: BTreeMap<(Levels, usize), u32> = cells.keys().zip(0u32..).map(|(key, i)| (*key, i)).collect();
        let members = members
            .into_iter()
            .filter_map(|((account, levels, piece), c)| Some((account, *places.get(&(levels, piece))?, c)))
            .collect();
        let cells = cells.into_iter().map(|((levels, piece), count)| Cell { levels, piece, count }).collect();
        Cube { labels: self.labels.clone(), cells, members }
    }
}

impl Cube {
    /// Cases in some cells.
    pub fn sum(&self, belongs: impl Fn(&Cell) -> bool) -> Count {
        let mut out = Count::default();
        for cell in self.cells.iter().filter(|c| belongs(c)) {
            out.n += cell.count.n;
            out.k += cell.count.k;
        }
        out
    }
}

/// Which cells a claim means: levels of its columns, and pieces of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// For each of the first columns the levels meant; `None` for all.
    pub levels: Vec<Option<Vec<u32>>>,
    pub pieces: Range<usize>,
}

impl Choice {
    /// Whether a cell is meant.
    pub fn holds(&self, levels: &Levels, piece: usize) -> bool {
        self.pieces.contains(&piece) && self.holds_levels(levels)
    }

    /// Whether its levels are.
    pub fn holds_levels(&self, levels: &Levels) -> bool {
        self.levels.iter().zip(levels).all(|(meant, level)| meant.as_ref().is_none_or(|m| m.contains(level)))
    }
}
