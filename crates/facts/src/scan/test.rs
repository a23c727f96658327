//! Tests of rows as byte masks: 1 where a row passes. Written as plain loops that the compiler turns into vectors.

use tallies::{Column, Dictionary, Grain, Test};

use super::At;
use crate::store::Values;

/// A test made ready: columns by their place, texts by a table over codes, parts by their place in the plan.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Never,
    Always,
    Has(usize),
    Missing(usize),
    Between(usize, i64, i64),
    In(usize, Vec<u8>),
    Before(usize, usize),
    Elapsed(usize, usize, i64, i64),
    Any(Vec<usize>),
    Not(usize),
}

impl Node {
    /// A test without parts; `None` for one that has them.
    pub fn leaf<'d>(grain: Grain, test: &Test, dictionary: impl Fn(Column) -> Option<&'d Dictionary>) -> Option<Node> {
        let place = |c: &Column| (c.grain == grain && c.index < grain.columns().len()).then_some(c.index);
        Some(match test {
            Test::Has(c) => place(c).map_or(Node::Never, Node::Has),
            Test::Missing(c) => place(c).map_or(Node::Always, Node::Missing),
            Test::Between(c, lo, hi) => place(c).map_or(Node::Never, |i| Node::Between(i, *lo, *hi)),
            Test::Is(c, value) => {
                place(c).map_or(Node::Never, |i| Node::Between(i, i64::from(*value), i64::from(*value)))
            }
            Test::In(c, texts) => {
                let missing = texts.iter().any(Option::is_none);
                let known = place(c).and_then(|i| Some((i, dictionary(*c)?)));
                match known.filter(|_| c.width == tallies::Width::Code) {
                    None if missing => Node::Always,
                    None => Node::Never,
                    Some((index, dictionary)) => {
                        let wanted: hashbrown::HashSet<&str> = texts.iter().flatten().map(String::as_str).collect();
                        let mut table = vec![u8::from(missing)];
                        table.extend(dictionary.texts.iter().map(|t| u8::from(wanted.contains(t.as_str()))));
                        Node::In(index, table)
                    }
                }
            }
            Test::Before(a, b) => match (place(a), place(b)) {
                (Some(a), Some(b)) => Node::Before(a, b),
                _ => Node::Never,
            },
            Test::Elapsed(a, b, lo, hi) => match (place(a), place(b)) {
                (Some(a), Some(b)) => Node::Elapsed(a, b, *lo, *hi),
                _ => Node::Never,
            },
            Test::Any(_) | Test::Not(_) => return None,
        })
    }

    /// Fills `out` for the rows of a block; `done` are the masks of the nodes before this one.
    pub fn work_out(&self, at: At<'_>, done: &[Vec<u8>], out: &mut [u8], numbers: &mut [Vec<i64>; 2]) {
        match self {
            Node::Never => out.fill(0),
            Node::Always => out.fill(1),
            Node::Has(c) => has(at.values(*c), at, out),
            Node::Missing(c) => {
                has(at.values(*c), at, out);
                out.iter_mut().for_each(|o| *o ^= 1);
            }
            Node::Between(c, lo, hi) => between(at.values(*c), at, *lo, *hi, out),
            Node::In(c, table) => {
                let none = table.first().copied().unwrap_or(0);
                if let Some(Values::Code(v)) = at.values(*c) {
                    for (o, v) in out.iter_mut().zip(&v[at.range()]) {
                        *o = table.get(*v as usize).copied().unwrap_or(none);
                    }
                } else {
                    out.fill(none);
                }
            }
            Node::Before(a, b) => match (at.values(*a), at.values(*b)) {
                (Some(Values::I32(a)), Some(Values::I32(b))) => {
                    for ((o, a), b) in out.iter_mut().zip(&a[at.range()]).zip(&b[at.range()]) {
                        *o = u8::from(*a != i32::MIN) & u8::from(a < b);
                    }
                }
                _ => {
                    let [left, right] = numbers;
                    at.numbers(*a, left);
                    at.numbers(*b, right);
                    for ((o, a), b) in out.iter_mut().zip(&*left).zip(&*right) {
                        *o = u8::from(*a != i64::MIN) & u8::from(a < b);
                    }
                }
            },
            Node::Elapsed(a, b, lo, hi) => {
                let [left, right] = numbers;
                at.numbers(*a, left);
                at.numbers(*b, right);
                for ((o, a), b) in out.iter_mut().zip(&*left).zip(&*right) {
                    let between = b.saturating_sub(*a);
                    *o = u8::from(*a != i64::MIN)
                        & u8::from(*b != i64::MIN)
                        & u8::from(between >= *lo)
                        & u8::from(between <= *hi);
                }
            }
            Node::Any(parts) => {
                out.fill(0);
                for part in parts {
                    out.iter_mut().zip(&done[*part]).for_each(|(o, p)| *o |= p);
                }
            }
            Node::Not(part) => out.iter_mut().zip(&done[*part]).for_each(|(o, p)| *o = p ^ 1),
        }
    }
}

fn has(values: Option<&Values>, at: At<'_>, out: &mut [u8]) {
    macro_rules! fill {
        ($v:expr, $missing:expr) => {
            for (o, v) in out.iter_mut().zip(&$v[at.range()]) {
                *o = u8::from(*v != $missing);
            }
        };
    }
    match values {
        Some(Values::Code(v)) => fill!(v, 0),
        Some(Values::Small(v)) => fill!(v, 255),
        Some(Values::I32(v)) => fill!(v, i32::MIN),
        Some(Values::I64(v)) => fill!(v, i64::MIN),
        Some(Values::Key(v)) => fill!(v, 0),
        Some(Values::U32(_)) => out.fill(1),
        None => out.fill(0),
    }
}

fn between(values: Option<&Values>, at: At<'_>, lo: i64, hi: i64, out: &mut [u8]) {
    if lo > hi {
        return out.fill(0);
    }
    /// The part of `lo..=hi` that a narrow number can hold, `None` where there is none.
    fn clamp<T: TryFrom<i64> + Copy>(lo: i64, hi: i64, min: (i64, T), max: (i64, T)) -> Option<(T, T)> {
        if lo > max.0 || hi < min.0 {
            return None;
        }
        Some((T::try_from(lo).unwrap_or(min.1), T::try_from(hi).unwrap_or(max.1)))
    }
    macro_rules! fill {
        ($v:expr, $t:ty, $min:expr, $max:expr) => {
            match clamp::<$t>(
                lo.max(i64::from($min)),
                hi.min(i64::from($max)),
                (i64::from($min), $min),
                (i64::from($max), $max),
            ) {
                None => out.fill(0),
                Some((lo, hi)) => {
                    for (o, v) in out.iter_mut().zip(&$v[at.range()]) {
                        *o = u8::from(*v >= lo) & u8::from(*v <= hi);
                    }
                }
            }
        };
    }
    // the number that stands for "not recorded" lies outside of what is compared
    match values {
        Some(Values::Code(v)) => fill!(v, u32, 1u32, u32::MAX),
        Some(Values::Small(v)) => fill!(v, u8, 0u8, 254u8),
        Some(Values::I32(v)) => fill!(v, i32, i32::MIN + 1, i32::MAX),
        Some(Values::I64(v)) => fill!(v, i64, i64::MIN + 1, i64::MAX),
        Some(Values::U32(v)) => fill!(v, u32, 0u32, u32::MAX),
        Some(Values::Key(v)) => {
            for (o, v) in out.iter_mut().zip(&v[at.range()]) {
                *o = u8::from(*v != 0) & u8::from(*v as i64 >= lo) & u8::from(*v as i64 <= hi);
            }
        }
        None => out.fill(0),
    }
}

impl<'a> At<'a> {
    /// The rows of this block within their segment.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.len
    }

    /// The values of a column.
    pub fn values(&self, column: usize) -> Option<&'a Values> {
        self.segment.values.get(column)
    }

    /// The keys of the rows: the first column of every grain.
    pub fn keys(&self) -> &'a [u64] {
        match self.values(0) {
            Some(Values::Key(v)) => &v[self.range()],
            _ => &[],
        }
    }

    /// The numbers of a column; `i64::MIN` where not recorded.
    pub fn numbers(&self, column: usize, out: &mut Vec<i64>) {
        const NONE: i64 = i64::MIN;
        out.clear();
        let r = self.range();
        match self.values(column) {
            Some(Values::Code(v)) => out.extend(v[r].iter().map(|x| if *x == 0 { NONE } else { i64::from(*x) })),
            Some(Values::Small(v)) => out.extend(v[r].iter().map(|x| if *x == 255 { NONE } else { i64::from(*x) })),
            Some(Values::I32(v)) => out.extend(v[r].iter().map(|x| if *x == i32::MIN { NONE } else { i64::from(*x) })),
            Some(Values::I64(v)) => out.extend_from_slice(&v[r]),
            Some(Values::Key(v)) => out.extend(v[r].iter().map(|x| if *x == 0 { NONE } else { *x as i64 })),
            Some(Values::U32(v)) => out.extend(v[r].iter().map(|x| i64::from(*x))),
            None => out.resize(self.len, NONE),
        }
    }
}
