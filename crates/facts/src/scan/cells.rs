//! What one thread adds up for one spec.
//!
//! Counts go four at a time in one vector of 32-bit lanes. Sums are exact: whole numbers, and logarithms as whole
//! multiples of 2⁻⁵⁷ (their squares of 2⁻⁵²), so that the order of rows and threads changes no bit.

use hashbrown::HashMap;

use rayon::prelude::*;

use super::At;
use super::block::Block;
use super::plan::{Plan, SpecPlan};
use crate::store::Values;

/// `ln i64::MAX < 2⁶`, so that a logarithm in this unit fits 63 bits.
pub(super) const LOG_UNIT: f64 = (1u64 << 57) as f64;
/// `(ln i64::MAX)² < 2¹¹`.
pub(super) const LOG_SQUARE_UNIT: f64 = (1u64 << 52) as f64;
/// A set of codes is a bitmap over all cells up to this many bits.
const BITS: u128 = 1 << 26;

/// The cells of one spec.
#[derive(Debug)]
pub(super) struct Cells {
    /// For a grouping that is not dense: the place of each cell met.
    pub places: Option<HashMap<u128, u32>>,
    /// Groups of four counts; `lanes[cell * groups + group]`.
    pub lanes: Vec<[u32; 4]>,
    pub groups: usize,
    pub sums: Vec<Vec<i64>>,
    pub logs: Vec<Vec<i128>>,
    pub log_squares: Vec<Vec<i128>>,
    /// Low and high halves of the squares, added up apart so that nothing overflows.
    pub squares: Vec<Vec<(u128, u128)>>,
    pub distinct: Vec<Distinct>,
    nibbles: Vec<u8>,
    met: Vec<u32>,
    numbers: Vec<i64>,
}

/// Distinct values in each cell.
#[derive(Debug)]
pub(super) enum Distinct {
    Bits { words: usize, bits: Vec<u64> },
    Pairs(Box<Pairs>),
}

/// Values with their cells, parted by a few bits of the value so that each part is sorted within the cache. A part is
/// freed of doubles whenever it has grown by half.
#[derive(Debug)]
pub(super) struct Pairs {
    parts: Vec<Vec<(u64, u32)>>,
    limits: Vec<usize>,
}

const PARTS: usize = 64;

impl Pairs {
    fn new() -> Pairs {
        Pairs { parts: vec![Vec::new(); PARTS], limits: vec![16_384; PARTS] }
    }

    #[inline]
    fn add(&mut self, value: u64, cell: u32) {
        // keys are hashes; other numbers are spread first
        let place = (value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize;
        let (Some(part), Some(limit)) = (self.parts.get_mut(place), self.limits.get_mut(place)) else { return };
        if part.last() == Some(&(value, cell)) {
            return;
        }
        part.push((value, cell));
        if part.len() >= *limit {
            part.sort_unstable();
            part.dedup();
            *limit = (part.len() + part.len() / 2).max(*limit);
        }
    }

    fn merge(&mut self, other: Pairs, to: &[u32]) {
        for (mine, theirs) in self.parts.iter_mut().zip(other.parts) {
            mine.extend(theirs.into_iter().map(|(value, cell)| (value, to.get(cell as usize).copied().unwrap_or(0))));
        }
    }

    /// How many distinct values each cell has.
    pub fn counts(&self, cells: usize) -> Vec<i64> {
        let counts = self.parts.par_iter().map(|part| {
            let mut part = part.clone();
            part.sort_unstable();
            part.dedup();
            let mut counts = vec![0i64; cells];
            for (_, cell) in part {
                if let Some(count) = counts.get_mut(cell as usize) {
                    *count += 1;
                }
            }
            counts
        });
        counts.reduce(
            || vec![0; cells],
            |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            },
        )
    }
}

/// How four flags become four counts.
const EXPAND: [[u32; 4]; 16] = {
    let mut table = [[0u32; 4]; 16];
    let mut i = 0;
    while i < 16 {
        let mut bit = 0;
        while bit < 4 {
            table[i][bit] = (i as u32 >> bit) & 1;
            bit += 1;
        }
        i += 1;
    }
    table
};

impl Cells {
    pub fn new(plan: &Plan, spec: &SpecPlan) -> Cells {
        let grouping = &plan.groupings[spec.grouping];
        let groups = spec.counts.len().div_ceil(4);
        // without dimensions there is one cell, also over no rows
        let cells = if grouping.dense { grouping.cells as usize } else { 0 };
        let distinct = spec
            .distinct
            .iter()
            .map(|(column, _)| {
                let texts = plan.dictionary_sizes.get(*column).copied().unwrap_or(0);
                let words = (texts + 1).div_ceil(64);
                if texts > 0 && grouping.dense && words as u128 * 64 * grouping.cells <= BITS {
                    Distinct::Bits { words, bits: vec![0; words * cells] }
                } else {
                    Distinct::Pairs(Box::new(Pairs::new()))
                }
            })
            .collect();
        Cells {
            places: (!grouping.dense).then(HashMap::new),
            lanes: vec![[0; 4]; cells * groups],
            groups,
            sums: vec![vec![0; cells]; spec.sums.len()],
            logs: vec![vec![0; cells]; spec.logs.len()],
            log_squares: vec![vec![0; cells]; spec.log_squares.len()],
            squares: vec![vec![(0, 0); cells]; spec.squares.len()],
            distinct,
            nibbles: Vec::new(),
            met: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// How many cells have a place.
    pub fn len(&self) -> usize {
        self.lanes.len() / self.groups.max(1)
    }

    /// Gives room for so many cells.
    fn grow(&mut self, cells: usize) {
        self.lanes.resize(cells * self.groups, [0; 4]);
        self.sums.iter_mut().for_each(|v| v.resize(cells, 0));
        self.logs.iter_mut().for_each(|v| v.resize(cells, 0));
        self.log_squares.iter_mut().for_each(|v| v.resize(cells, 0));
        self.squares.iter_mut().for_each(|v| v.resize(cells, (0, 0)));
    }

    /// Adds the rows of a block.
    pub fn add(&mut self, plan: &Plan, spec: &SpecPlan, block: &Block, at: At<'_>) {
        if block.held(spec.filter) == 0 {
            return;
        }
        let met = std::mem::take(&mut self.met);
        let met = self.place(plan, spec, block, at, met);
        let cells: &[u32] = if self.places.is_some() { &met } else { &block.cells(spec.grouping)[..at.len] };
        self.count(spec, block, cells);
        for (out, (column, set)) in self.sums.iter_mut().zip(&spec.sums) {
            if block.held(*set) > 0 {
                sum(at.values(*column), at, cells, block.mask(*set), out);
            }
        }
        let mut numbers = std::mem::take(&mut self.numbers);
        let mut each = |column: usize, set: usize, add: &mut dyn FnMut(usize, i64)| {
            if block.held(set) == 0 {
                return;
            }
            at.numbers(column, &mut numbers);
            for ((cell, mask), n) in cells.iter().zip(block.mask(set)).zip(&numbers) {
                if *mask != 0 && *n != i64::MIN {
                    add(*cell as usize, *n);
                }
            }
        };
        for (out, (column, set)) in self.logs.iter_mut().zip(&spec.logs) {
            each(*column, *set, &mut |cell, n| {
                if n > 0 {
                    out[cell] += i128::from(((n as f64).ln() * LOG_UNIT) as i64);
                }
            });
        }
        for (out, (column, set)) in self.log_squares.iter_mut().zip(&spec.log_squares) {
            each(*column, *set, &mut |cell, n| {
                if n > 0 {
                    let ln = (n as f64).ln();
                    out[cell] += i128::from((ln * ln * LOG_SQUARE_UNIT) as i64);
                }
            });
        }
        for (out, (column, set)) in self.squares.iter_mut().zip(&spec.squares) {
            each(*column, *set, &mut |cell, n| {
                let square = u128::from(n.unsigned_abs()) * u128::from(n.unsigned_abs());
                out[cell].0 += square & u128::from(u64::MAX);
                out[cell].1 += square >> 64;
            });
        }
        for (out, (column, set)) in self.distinct.iter_mut().zip(&spec.distinct) {
            match (out, at.values(*column)) {
                (Distinct::Bits { words, bits }, Some(Values::Code(v))) => {
                    for ((cell, mask), v) in cells.iter().zip(block.mask(*set)).zip(&v[at.range()]) {
                        if *mask != 0
                            && let Some(word) = bits.get_mut(*cell as usize * *words + (*v / 64) as usize)
                        {
                            *word |= 1 << (v % 64);
                        }
                    }
                }
                (Distinct::Pairs(pairs), _) => {
                    each(*column, *set, &mut |cell, n| pairs.add(n as u64, cell as u32));
                }
                (Distinct::Bits { .. }, _) => {}
            }
        }
        self.numbers = numbers;
        self.met = met;
    }

    /// The place of each row's cell where cells are hashed; rows that do not pass get place 0, and add nothing there.
    fn place(&mut self, plan: &Plan, spec: &SpecPlan, block: &Block, at: At<'_>, mut met: Vec<u32>) -> Vec<u32> {
        met.clear();
        let Some(places) = &mut self.places else { return met };
        for (row, mask) in block.mask(spec.filter)[..at.len].iter().enumerate() {
            met.push(if *mask == 0 {
                0
            } else {
                let new = places.len() as u32;
                *places.entry(block.cell(plan, spec.grouping, row)).or_insert(new)
            });
        }
        let cells = places.len();
        if cells > self.len() {
            self.grow(cells);
        }
        met
    }

    fn count(&mut self, spec: &SpecPlan, block: &Block, cells: &[u32]) {
        for (group, sets) in spec.counts.chunks(4).enumerate() {
            if sets.iter().all(|set| block.held(*set) == 0) {
                continue;
            }
            self.nibbles.clear();
            self.nibbles.resize(cells.len(), 0);
            for (bit, set) in sets.iter().enumerate() {
                self.nibbles.iter_mut().zip(block.mask(*set)).for_each(|(n, m)| *n |= m << bit);
            }
            for (cell, nibble) in cells.iter().zip(&self.nibbles) {
                let add = EXPAND[usize::from(nibble & 15)];
                if let Some(lanes) = self.lanes.get_mut(*cell as usize * self.groups + group) {
                    for (lane, add) in lanes.iter_mut().zip(add) {
                        *lane += add;
                    }
                }
            }
        }
    }

    /// Adds what another thread added up.
    pub fn merge(&mut self, other: Cells) {
        let to: Vec<u32> = match (&mut self.places, &other.places) {
            (Some(mine), Some(theirs)) => {
                let mut to = vec![0; theirs.len()];
                for (cell, place) in theirs {
                    let new = mine.len() as u32;
                    to[*place as usize] = *mine.entry(*cell).or_insert(new);
                }
                let cells = mine.len();
                self.grow(cells);
                to
            }
            _ => (0..other.len() as u32).collect(),
        };
        let groups = self.groups;
        for (from, to) in to.iter().enumerate() {
            let to = *to as usize;
            for group in 0..groups {
                let add = other.lanes[from * groups + group];
                self.lanes[to * groups + group].iter_mut().zip(add).for_each(|(lane, add)| *lane += add);
            }
        }
        macro_rules! add {
            ($field:ident, |$a:ident, $b:ident| $how:expr) => {
                for (mine, theirs) in self.$field.iter_mut().zip(&other.$field) {
                    for (to, $b) in to.iter().zip(theirs) {
                        let $a = &mut mine[*to as usize];
                        $how;
                    }
                }
            };
        }
        add!(sums, |a, b| *a = a.wrapping_add(*b));
        add!(logs, |a, b| *a += b);
        add!(log_squares, |a, b| *a += b);
        add!(squares, |a, b| {
            a.0 += b.0;
            a.1 += b.1;
        });
        for (mine, theirs) in self.distinct.iter_mut().zip(other.distinct) {
            match (mine, theirs) {
                (Distinct::Bits { bits, .. }, Distinct::Bits { bits: more, .. }) => {
                    bits.iter_mut().zip(more).for_each(|(a, b)| *a |= b);
                }
                (Distinct::Pairs(pairs), Distinct::Pairs(more)) => pairs.merge(*more, &to),
                _ => {}
            }
        }
    }
}

fn sum(values: Option<&Values>, at: At<'_>, cells: &[u32], mask: &[u8], out: &mut [i64]) {
    macro_rules! add {
        ($v:expr, $missing:expr, |$x:ident| $number:expr) => {
            for ((cell, mask), $x) in cells.iter().zip(mask).zip(&$v[at.range()]) {
                let number: i64 = if (*mask != 0) & (*$x != $missing) { $number } else { 0 };
                if let Some(sum) = out.get_mut(*cell as usize) {
                    *sum = sum.wrapping_add(number);
                }
            }
        };
    }
    match values {
        Some(Values::Code(v)) => add!(v, 0, |x| i64::from(*x)),
        Some(Values::Small(v)) => add!(v, 255, |x| i64::from(*x)),
        Some(Values::I32(v)) => add!(v, i32::MIN, |x| i64::from(*x)),
        Some(Values::I64(v)) => add!(v, i64::MIN, |x| *x),
        Some(Values::Key(v)) => add!(v, 0, |x| *x as i64),
        Some(Values::U32(v)) => {
            for ((cell, mask), x) in cells.iter().zip(mask).zip(&v[at.range()]) {
                out[*cell as usize] = out[*cell as usize].wrapping_add(if *mask != 0 { i64::from(*x) } else { 0 });
            }
        }
        None => {}
    }
}
