//! The comparison of leads first tried fast with the others, as cells: adjusted four ways, and by the load of arrivals.
//!
//! Not here: which answer to believe. Invariant: the load is never in the models of what is adjusted for.

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

/// Bits of the parts of a key: covariates, whether qualified, month, time of the week, owner, load, arm.
const BITS: [u32; 7] = [8, 1, 20, 6, 16, 32, 1];

/// Covariates that fit into a key.
const MOST_COVARIATES: usize = 4;

/// One row in a number, so that rows alike are one after sorting: the parts in the order of [`BITS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u128);

impl Key {
    fn and(self, part: u64, bits: u32) -> Key {
        Key(self.0 << bits | u128::from(part.min((1 << bits) - 1)))
    }

    fn part(self, after: u32, bits: u32) -> u32 {
        (self.0 >> after & ((1 << bits) - 1)) as u32
    }
}

/// Rows alike, with their trials and outcomes.
type Merged = Vec<(Key, f64, f64)>;

/// In the order of the keys, those alike as one.
fn merged(mut rows: Merged) -> Merged {
    rows.sort_unstable_by_key(|row| row.0);
    rows.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            (kept.1, kept.2) = (kept.1 + next.1, kept.2 + next.2);
        }
        same
    });
    rows
}

struct Rows {
    /// Covariates, whether qualified, month, time of the week, owner: levels without gaps, and how many.
    columns: Vec<(Vec<u32>, usize)>,
    load: Vec<f64>,
    treated: Vec<u32>,
    n: Vec<f64>,
    k: Vec<f64>,
}

/// How many the same owner was handed in the hours before, for each cell; cells of one owner and hour alike.
fn loads(cells: &[(u32, i64, u64)]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..cells.len()).collect();
    order.sort_unstable_by_key(|i| (cells[*i].0, cells[*i].1, *i));
    let mut out = vec![0; cells.len()];
    // cells of the window, and their sum: from `first` up to the hour before that of the cell
    let (mut first, mut next, mut sum) = (0, 0, 0);
    for place in 0..order.len() {
        let (owner, hour, _) = cells[order[place]];
        while next < place && (cells[order[next]].0, cells[order[next]].1) < (owner, hour) {
            sum += cells[order[next]].2;
            next += 1;
        }
        while first < next && (cells[order[first]].0, cells[order[first]].1) < (owner, hour - LOAD_HOURS) {
            sum -= cells[order[first]].2;
            first += 1;
        }
        out[order[place]] = sum;
    }
    out
}

/// Reads the cells of the class that is compared, or of both.
pub fn compare(tally: &Tally, covariates: usize, only: Option<Class>) -> Compared {
    let (class_axis, owner_axis, hour_axis) = (covariates, covariates + 1, covariates + 2);
    let kept: Vec<usize> =
        (0..tally.cells).filter(|c| only.is_none_or(|only| only == class(tally, *c, class_axis))).collect();
    let hour = |cell: usize| tally.label(cell, hour_axis).number().unwrap_or(0);
    let code = |cell: usize, axis: usize| tally.at.get(cell * tally.axes.len() + axis).copied().unwrap_or(0);
    let (mut leads, mut owned, mut midnight) = (0, 0, 0);
    for cell in kept.iter().copied() {
        let n = count(tally, cell, 0);
        leads += n;
        owned += if tally.label(cell, owner_axis).text().is_some() { n } else { 0 };
        midnight += if hour(cell).rem_euclid(24) == 0 { n } else { 0 };
    }
    let owners = tally.axes.get(owner_axis).map_or(0, |a| a.labels.len());
    let with_owner = leads > 0 && owned as f64 >= RECORDED * leads as f64 && owners <= MOST_OWNERS;
    let owner = |cell: usize| if with_owner { code(cell, owner_axis) } else { 0 };
    let cells: Vec<(u32, i64, u64)> = kept.iter().map(|c| (owner(*c), hour(*c), count(tally, *c, 0))).collect();
    let loads = loads(&cells);
    let mut rows: Merged = Vec::with_capacity(kept.len());
    let mut out = Compared { with_owner, ..Compared::default() };
    let [covariate, qualified, month, time, of_owner, of_load, of_arm] = BITS;
    for ((cell, (owner, hour, _)), load) in kept.into_iter().zip(cells).zip(loads) {
        let own = (0..covariates.min(MOST_COVARIATES)).map(|axis| u64::from(code(cell, axis)));
        let key = own.fold(Key::default(), |key, code| key.and(code, covariate));
        // thirty days a block: months of one length; an unsigned day from the first that a time can have
        let day = hour.div_euclid(24);
        let block = u64::try_from(day.div_euclid(30) + BLOCKS).unwrap_or(0);
        // 1970-01-01 was a Thursday
        let week = (day + 3).rem_euclid(7) * 6 + hour.rem_euclid(24) / 4;
        let key = key
            .and(u64::from(class(tally, cell, class_axis) == Class::Qualified), qualified)
            .and(block, month)
            .and(week as u64, time)
            .and(u64::from(owner), of_owner)
            .and(load, of_load);
        for (arm, at) in [(1_u32, 1), (0, 3)] {
            let (n, k) = (count(tally, cell, at) as f64, count(tally, cell, at + 1) as f64);
            if n > 0.0 {
                rows.push((key.and(u64::from(arm), of_arm), n, k));
                let sum = &mut out.arms[if arm == 1 { 0 } else { 1 }];
                (sum.0, sum.1) = (sum.0 + n, sum.1 + k);
            }
        }
    }
    out.only_days = leads > 0 && midnight as f64 >= ALL_MIDNIGHT * leads as f64;
    if out.only_days || out.arms.iter().any(|(n, k)| *n < LEAST_ARM.0 || *k < LEAST_ARM.1) {
        return out;
    }
    let rows = merged(rows);
    out.instrumented = Rows::of(&rows, covariates).by_load();
    out.effects = Rows::of(&merged(rows.iter().map(plain).collect()), covariates).adjusted();
    out
}

/// The same row without its load, and of the times of the week the hours of a working day or the weekend alone.
fn plain(row: &(Key, f64, f64)) -> (Key, f64, f64) {
    let [_, _, _, time, owner, load, arm] = BITS;
    let week = row.0.part(owner + load + arm, time);
    let week = week % 6 + if week >= 5 * 6 { 6 } else { 0 };
    let above = Key(row.0.0 >> (time + owner + load + arm));
    let key = above
        .and(u64::from(week), time)
        .and(u64::from(row.0.part(load + arm, owner)), owner)
        .and(0, load)
        .and(u64::from(row.0.part(0, arm)), arm);
    (key, row.1, row.2)
}

impl Rows {
    fn of(rows: &Merged, covariates: usize) -> Rows {
        let [covariate, qualified, month, time, owner, load, arm] = BITS;
        let mut bits = vec![covariate; covariates.min(MOST_COVARIATES)];
        bits.extend([qualified, month, time, owner]);
        let mut columns = Vec::with_capacity(bits.len());
        let mut after = load + arm + bits.iter().sum::<u32>();
        for bits in bits {
            after -= bits;
            let mut column: Vec<u32> = rows.iter().map(|row| row.0.part(after, bits)).collect();
            // levels without gaps, in their order
            let mut place = vec![u32::MAX; 1 << bits];
            column.iter().for_each(|level| place[*level as usize] = 0);
            let mut levels = 0;
            for slot in place.iter_mut().filter(|slot| **slot == 0) {
                (*slot, levels) = (levels, levels + 1);
            }
            column.iter_mut().for_each(|level| *level = place[*level as usize]);
            columns.push((column, levels as usize));
        }
        Rows {
            columns,
            load: rows.iter().map(|row| f64::from(row.0.part(arm, load))).collect(),
            treated: rows.iter().map(|row| row.0.part(0, arm)).collect(),
            n: rows.iter().map(|row| row.1).collect(),
            k: rows.iter().map(|row| row.2).collect(),
        }
    }

    fn trials(&self) -> Trials<'_> {
        Trials { n: Some(&self.n), k: &self.k }
    }

    fn adjusted(&self) -> Option<Effects> {
        let factors: Vec<Factor<'_>> =
            self.columns.iter().filter(|c| c.1 > 1).map(|(index, levels)| Factor { index, levels: *levels }).collect();
        let design = Design::new(self.n.len(), &[], &factors).ok()?;
        estimate(&Study { design: &design, treated: &self.treated, outcome: self.trials() }).ok()
    }

    /// Within owner and month; everything else recorded is partialled out.
    fn by_load(&self) -> Option<Instrumented> {
        let columns = &self.columns;
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
