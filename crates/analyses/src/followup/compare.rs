//! The comparison of leads first tried fast with the others, as cells: adjusted four ways, and by the load of arrivals.
//!
//! Not here: which answer to believe. Invariant: the load is never in the models of what is adjusted for.

use std::collections::{BTreeMap, HashMap};

use stats::effect::{Effects, Instrumented, Setting, Study, estimate, instrument};
use stats::logistic::{Design, Factor, Trials};
use tallies::Tally;

use super::measure::{class, count};
use super::settings::{ALL_MIDNIGHT, LEAST_ARM, LOAD_HOURS, MOST_OWNERS, RECORDED};
use super::specs::Class;

/// Both answers, where they could be had.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Leads and outcomes, fast first.
    pub arms: [(f64, f64); 2],
    pub effects: Option<Effects>,
    pub instrumented: Option<Instrumented>,
    /// Whether the owner is among what is held alike.
    pub with_owner: bool,
    /// Hand-offs have a day and no time.
    pub only_days: bool,
}

/// Blocks of thirty days before 1970 that a time in minutes can reach.
const BLOCKS: i64 = 50_000;

/// Levels of one row: covariates, whether qualified, then month, time of the week, owner.
type Levels = Vec<u32>;

struct Rows {
    levels: Vec<Levels>,
    load: Vec<f64>,
    treated: Vec<u32>,
    n: Vec<f64>,
    k: Vec<f64>,
}

/// Reads the cells of the class that is compared, or of both.
pub fn compare(tally: &Tally, covariates: usize, only: Option<Class>) -> Compared {
    let (class_axis, owner_axis, hour_axis) = (covariates, covariates + 1, covariates + 2);
    let kept: Vec<usize> =
        (0..tally.cells).filter(|c| only.is_none_or(|only| only == class(tally, *c, class_axis))).collect();
    let hour = |cell: usize| tally.label(cell, hour_axis).number().unwrap_or(0);
    let code = |cell: usize, axis: usize| tally.at.get(cell * tally.axes.len() + axis).copied().unwrap_or(0);
    let (mut leads, mut owned, mut midnight) = (0, 0, 0);
    let mut arrivals: HashMap<(u32, i64), u64> = HashMap::new();
    for cell in kept.iter().copied() {
        let n = count(tally, cell, 0);
        leads += n;
        owned += if tally.label(cell, owner_axis).text().is_some() { n } else { 0 };
        midnight += if hour(cell).rem_euclid(24) == 0 { n } else { 0 };
    }
    let owners = tally.axes.get(owner_axis).map_or(0, |a| a.labels.len());
    let with_owner = leads > 0 && owned as f64 >= RECORDED * leads as f64 && owners <= MOST_OWNERS;
    let owner = |cell: usize| if with_owner { code(cell, owner_axis) } else { 0 };
    for cell in kept.iter().copied() {
        *arrivals.entry((owner(cell), hour(cell))).or_default() += count(tally, cell, 0);
    }
    let load = |owner: u32, hour: i64| -> u64 {
        (1..=LOAD_HOURS).map(|back| arrivals.get(&(owner, hour - back)).copied().unwrap_or(0)).sum()
    };
    let mut merged: BTreeMap<(Levels, u64, u32), (f64, f64)> = BTreeMap::new();
    let mut out = Compared { with_owner, ..Compared::default() };
    for cell in kept {
        let (hour, owner) = (hour(cell), owner(cell));
        let mut levels: Levels = (0..covariates).map(|axis| code(cell, axis)).collect();
        levels.push(u32::from(class(tally, cell, class_axis) == Class::Qualified));
        // thirty days a block: months of one length; an unsigned day from the first that a time can have
        let day = hour.div_euclid(24);
        let block = u32::try_from(day.div_euclid(30) + BLOCKS).unwrap_or(0);
        // 1970-01-01 was a Thursday
        let week = (day + 3).rem_euclid(7) * 6 + hour.rem_euclid(24) / 4;
        levels.extend([block, week as u32, owner]);
        for (arm, at) in [(1_u32, 1), (0, 3)] {
            let (n, k) = (count(tally, cell, at) as f64, count(tally, cell, at + 1) as f64);
            if n > 0.0 {
                let slot = merged.entry((levels.clone(), load(owner, hour), arm)).or_default();
                (slot.0, slot.1) = (slot.0 + n, slot.1 + k);
                let sum = &mut out.arms[if arm == 1 { 0 } else { 1 }];
                (sum.0, sum.1) = (sum.0 + n, sum.1 + k);
            }
        }
    }
    out.only_days = leads > 0 && midnight as f64 >= ALL_MIDNIGHT * leads as f64;
    if out.only_days || out.arms.iter().any(|(n, k)| *n < LEAST_ARM.0 || *k < LEAST_ARM.1) {
        return out;
    }
    let by_load = Rows::of(&merged);
    let mut plain: BTreeMap<(Levels, u64, u32), (f64, f64)> = BTreeMap::new();
    for ((mut levels, _, arm), (n, k)) in merged {
        let place = levels.len() - 2;
        levels[place] = levels[place] % 6 + if levels[place] >= 5 * 6 { 6 } else { 0 };
        let slot = plain.entry((levels, 0, arm)).or_default();
        (slot.0, slot.1) = (slot.0 + n, slot.1 + k);
    }
    out.effects = Rows::of(&plain).adjusted();
    out.instrumented = by_load.by_load();
    out
}

impl Rows {
    fn of(cells: &BTreeMap<(Levels, u64, u32), (f64, f64)>) -> Rows {
        let mut out = Rows { levels: vec![], load: vec![], treated: vec![], n: vec![], k: vec![] };
        let width = cells.keys().next().map_or(0, |key| key.0.len());
        // levels of each column, packed
        let mut packed: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); width];
        for (levels, ..) in cells.keys() {
            for (seen, level) in packed.iter_mut().zip(levels) {
                seen.insert(*level, 0);
            }
        }
        for seen in &mut packed {
            for (i, place) in seen.values_mut().enumerate() {
                *place = i as u32;
            }
        }
        for ((levels, load, treated), (n, k)) in cells {
            let dense = packed.iter().zip(levels).map(|(seen, level)| seen.get(level).copied().unwrap_or(0));
            out.levels.push(dense.collect());
            out.load.push(*load as f64);
            out.treated.push(*treated);
            out.n.push(*n);
            out.k.push(*k);
        }
        out
    }

    /// Columns of levels, each with how many there are.
    fn columns(&self) -> Vec<(Vec<u32>, usize)> {
        let width = self.levels.first().map_or(0, Vec::len);
        (0..width)
            .map(|c| {
                let column: Vec<u32> = self.levels.iter().map(|l| l[c]).collect();
                let size = column.iter().max().map_or(0, |m| *m as usize + 1);
                (column, size)
            })
            .collect()
    }

    fn trials(&self) -> Trials<'_> {
        Trials { n: Some(&self.n), k: &self.k }
    }

    fn adjusted(&self) -> Option<Effects> {
        let columns = self.columns();
        let factors: Vec<Factor<'_>> =
            columns.iter().filter(|c| c.1 > 1).map(|(index, levels)| Factor { index, levels: *levels }).collect();
        let design = Design::new(self.n.len(), &[], &factors).ok()?;
        estimate(&Study { design: &design, treated: &self.treated, outcome: self.trials() }).ok()
    }

    /// Within owner and month; everything else recorded is partialled out.
    fn by_load(&self) -> Option<Instrumented> {
        let columns = self.columns();
        let width = columns.len();
        let (month, owner) = (columns.get(width - 3)?, columns.get(width - 1)?);
        let strata: Vec<u32> = month.0.iter().zip(&owner.0).map(|(m, o)| m * owner.1 as u32 + o).collect();
        let factors: Vec<Factor<'_>> = columns
            .iter()
            .enumerate()
            .filter(|(i, c)| c.1 > 1 && *i != width - 3 && *i != width - 1)
            .map(|(_, (index, levels))| Factor { index, levels: *levels })
            .collect();
        let design = Design::new(self.n.len(), &[], &factors).ok()?;
        instrument(&Setting {
            design: &design,
            strata: Some(Factor { index: &strata, levels: month.1 * owner.1 }),
            treated: &self.treated,
            outcome: self.trials(),
            instrument: &self.load,
        })
        .ok()
    }
}
