//! Dimensions as numbers: code 0 is the missing label, and every other code has one label, known before the pass.

use tallies::{Apart, Column, Dim, Grain, Label, Spans, Width};
use terms::Day;

use super::At;
use crate::store::{Extent, Mapped, Values};

/// How far a column's numbers may lie apart for a table over all of them (16 MB of codes).
const SPAN: i64 = 1 << 22;

/// One dimension made ready.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// How many codes, the one of the missing label included.
    pub size: u64,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Missing,
    Code {
        column: usize,
    },
    /// Minutes or days to codes by a table over days.
    Days {
        column: usize,
        minutes: bool,
        first: i32,
        table: Vec<u32>,
        labels: Vec<i64>,
    },
    /// Numbers close together.
    Span {
        column: usize,
        min: i64,
    },
    /// Numbers far apart: all that occur, sorted, and the code of each.
    Scattered {
        column: usize,
        numbers: Vec<i64>,
        codes: Vec<u32>,
        labels: Vec<i64>,
    },
    Bins {
        column: usize,
        edges: Vec<i64>,
    },
    /// Numbers by a width, from the least.
    Every {
        column: usize,
        width: i64,
        least: i64,
    },
    Elapsed {
        from: usize,
        to: usize,
        edges: Vec<i64>,
    },
    Outcome {
        race: usize,
    },
    Age {
        race: usize,
        bin: i64,
        last: i64,
        capped: i64,
    },
    Worked {
        race: usize,
        from: Column,
        spans: Spans,
        apart: Apart,
        edges: Vec<i64>,
    },
}

/// What happens first: shared by the outcome and the age of the same events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Race {
    pub from: Column,
    pub events: Vec<Column>,
    pub as_of: i64,
}

impl Axis {
    /// Makes a dimension ready; `race` gives the place of a race in the plan.
    pub fn of(facts: &Mapped, grain: Grain, dim: &Dim, race: impl FnOnce(Race) -> usize) -> Axis {
        let missing = Axis { size: 1, kind: Kind::Missing };
        let place = |c: Column| (c.grain == grain && c.index < grain.columns().len()).then_some(c.index);
        match dim {
            Dim::Code(c) => match place(*c).filter(|_| c.width == Width::Code) {
                None => missing,
                Some(column) => {
                    let texts = facts.dictionary(*c).map_or(0, |d| d.texts.len());
                    Axis { size: texts as u64 + 1, kind: Kind::Code { column } }
                }
            },
            Dim::Period(c, unit, fiscal) => {
                let Some(column) = place(*c) else { return missing };
                let minutes = c.width == Width::Minutes;
                let day = |n: i64| if minutes { n.div_euclid(1_440) } else { n };
                let label = |day: i64| i64::from(fiscal.index(*unit, Day(day as i32)));
                let extent = extent(facts, grain, column);
                if extent.recorded == 0 {
                    return missing;
                }
                let (first, last) = (day(extent.min), day(extent.max));
                if !matches!(c.width, Width::Minutes | Width::Days) || last - first > SPAN {
                    return Axis::scattered(facts, grain, column, |n| label(day(n)));
                }
                let mut table = Vec::with_capacity((last - first) as usize + 1);
                let mut labels: Vec<i64> = Vec::new();
                for day in first..=last {
                    let label = label(day);
                    if labels.last() != Some(&label) {
                        labels.push(label);
                    }
                    table.push(labels.len() as u32);
                }
                let size = labels.len() as u64 + 1;
                Axis { size, kind: Kind::Days { column, minutes, first: first as i32, table, labels } }
            }
            Dim::Value(c) => match place(*c) {
                None => missing,
                Some(column) => {
                    let extent = extent(facts, grain, column);
                    if extent.recorded == 0 {
                        missing
                    } else if extent.max.checked_sub(extent.min).is_some_and(|span| span <= SPAN) {
                        Axis {
                            size: (extent.max - extent.min) as u64 + 2,
                            kind: Kind::Span { column, min: extent.min },
                        }
                    } else {
                        Axis::scattered(facts, grain, column, |n| n)
                    }
                }
            },
            Dim::Bins(c, edges) => match place(*c) {
                None => missing,
                Some(column) => {
                    Axis { size: edges.len() as u64 + 2, kind: Kind::Bins { column, edges: edges.clone() } }
                }
            },
            Dim::Every(c, width) => match place(*c) {
                None => missing,
                Some(column) => {
                    let (extent, width) = (extent(facts, grain, column), (*width).max(1));
                    if extent.recorded == 0 {
                        return missing;
                    }
                    let (least, last) = (extent.min.div_euclid(width), extent.max.div_euclid(width));
                    if last.checked_sub(least).is_some_and(|span| span <= SPAN) {
                        Axis { size: (last - least) as u64 + 2, kind: Kind::Every { column, width, least } }
                    } else {
                        Axis::scattered(facts, grain, column, |n| n.div_euclid(width))
                    }
                }
            },
            Dim::Elapsed(a, b, edges) => match (place(*a), place(*b)) {
                (Some(from), Some(to)) => {
                    Axis { size: edges.len() as u64 + 2, kind: Kind::Elapsed { from, to, edges: edges.clone() } }
                }
                _ => missing,
            },
            Dim::Outcome { from, events, as_of } => match place(*from) {
                None => missing,
                Some(_) => {
                    let race = race(Race { from: *from, events: events.clone(), as_of: *as_of });
                    Axis { size: events.len() as u64 + 2, kind: Kind::Outcome { race } }
                }
            },
            Dim::Age { from, events, as_of, bin, bins } => match place(*from) {
                None => missing,
                Some(column) => {
                    let earliest = extent(facts, grain, column).min;
                    let earliest = if from.width == Width::Days { earliest.saturating_mul(1_440) } else { earliest };
                    let bin = (*bin).max(1);
                    let capped = i64::from(*bins) - 1;
                    let last = (as_of.saturating_sub(earliest).max(0) / bin).min(capped.max(0));
                    let race = race(Race { from: *from, events: events.clone(), as_of: *as_of });
                    Axis { size: last as u64 + 2, kind: Kind::Age { race, bin, last, capped } }
                }
            },
            Dim::Worked { from, events, as_of, spans, apart, edges } => match place(*from) {
                None => missing,
                Some(_) => {
                    let race = race(Race { from: *from, events: events.clone(), as_of: *as_of });
                    let size = edges.len() as u64 + 2;
                    let (from, spans, apart, edges) = (*from, spans.clone(), apart.clone(), edges.clone());
                    let kind = Kind::Worked { race, from, spans, apart, edges };
                    Axis { size, kind }
                }
            },
        }
    }

    fn scattered(facts: &Mapped, grain: Grain, column: usize, label: impl Fn(i64) -> i64) -> Axis {
        let mut numbers = Vec::new();
        let mut buffer = Vec::new();
        for (segment, number) in facts.segments(grain).iter().zip(0u32..) {
            At { grain, segment, number, start: 0, len: segment.rows }.numbers(column, &mut buffer);
            numbers.extend(buffer.iter().copied().filter(|n| *n != i64::MIN));
            numbers.sort_unstable();
            numbers.dedup();
        }
        let mut labels: Vec<i64> = numbers.iter().map(|n| label(*n)).collect();
        labels.sort_unstable();
        labels.dedup();
        let codes =
            numbers.iter().map(|n| labels.binary_search(&label(*n)).map_or(0, |place| place as u32 + 1)).collect();
        Axis { size: labels.len() as u64 + 1, kind: Kind::Scattered { column, numbers, codes, labels } }
    }

    /// The label of a code.
    pub fn label(&self, facts: &Mapped, grain: Grain, code: u64) -> Label {
        let Some(place) = code.checked_sub(1) else { return Label::Missing };
        let number = |n: Option<&i64>| n.map_or(Label::Missing, |n| Label::Number(*n));
        match &self.kind {
            Kind::Missing => Label::Missing,
            Kind::Code { column } => grain
                .columns()
                .get(*column)
                .and_then(|c| facts.dictionary(*c)?.texts.get(place as usize))
                .map_or(Label::Missing, |t| Label::Text(t.clone())),
            Kind::Days { labels, .. } | Kind::Scattered { labels, .. } => number(labels.get(place as usize)),
            Kind::Span { min, .. } => Label::Number(min + place as i64),
            Kind::Every { least, .. } => Label::Number(least + place as i64),
            Kind::Bins { .. } | Kind::Elapsed { .. } | Kind::Outcome { .. } | Kind::Worked { .. } => {
                Label::Number(place as i64)
            }
            Kind::Age { capped, .. } => Label::Number((place as i64).min(*capped)),
        }
    }

    /// Fills the codes of a block; `races` holds (which, minutes) of each race, `which` 0 where missing.
    pub fn work_out(&self, at: At<'_>, races: &[(Vec<u32>, Vec<i64>)], out: &mut [u32], numbers: &mut Vec<i64>) {
        let limit = self.size as u32;
        match &self.kind {
            Kind::Missing => out.fill(0),
            Kind::Code { column } => {
                if let Some(Values::Code(v)) = at.values(*column) {
                    for (o, v) in out.iter_mut().zip(&v[at.range()]) {
                        *o = if *v < limit { *v } else { 0 };
                    }
                }
            }
            Kind::Days { column, minutes, first, table, .. } => {
                let Some(Values::I32(v)) = at.values(*column) else { return out.fill(0) };
                let v = &v[at.range()];
                let first = i64::from(*first);
                if *minutes {
                    // from the first minute of the first day, every number is at least 0
                    let base = first * 1_440;
                    for (o, v) in out.iter_mut().zip(v) {
                        let day = ((i64::from(*v) - base) as u64 as u32) / 1_440;
                        *o = if *v == i32::MIN { 0 } else { table.get(day as usize).copied().unwrap_or(0) };
                    }
                } else {
                    for (o, v) in out.iter_mut().zip(v) {
                        *o = table.get((i64::from(*v) - first) as usize).copied().unwrap_or(0);
                    }
                }
            }
            Kind::Span { column, min } => match at.values(*column) {
                Some(Values::Small(v)) => {
                    for (o, v) in out.iter_mut().zip(&v[at.range()]) {
                        *o = if *v == 255 { 0 } else { (i32::from(*v) - *min as i32 + 1) as u32 };
                    }
                }
                _ => {
                    at.numbers(*column, numbers);
                    for (o, n) in out.iter_mut().zip(&*numbers) {
                        *o = if *n == i64::MIN { 0 } else { (n - min) as u32 + 1 };
                    }
                }
            },
            Kind::Scattered { column, numbers: all, codes, .. } => {
                at.numbers(*column, numbers);
                for (o, n) in out.iter_mut().zip(&*numbers) {
                    *o = all.binary_search(n).ok().and_then(|place| codes.get(place)).copied().unwrap_or(0);
                }
            }
            Kind::Bins { column, edges } => {
                at.numbers(*column, numbers);
                for (o, n) in out.iter_mut().zip(&*numbers) {
                    *o = u32::from(*n != i64::MIN);
                }
                for edge in edges {
                    for (o, n) in out.iter_mut().zip(&*numbers) {
                        *o += u32::from(*n != i64::MIN) & u32::from(n >= edge);
                    }
                }
            }
            Kind::Every { column, width, least } => {
                at.numbers(*column, numbers);
                for (o, n) in out.iter_mut().zip(&*numbers) {
                    *o = if *n == i64::MIN { 0 } else { (n.div_euclid(*width) - least) as u32 + 1 };
                }
            }
            Kind::Elapsed { from, to, edges } => {
                at.numbers(*from, numbers);
                let mut ends = Vec::new();
                at.numbers(*to, &mut ends);
                for ((o, a), b) in out.iter_mut().zip(&*numbers).zip(&ends) {
                    let between = b.saturating_sub(*a);
                    *o = if *a == i64::MIN || *b == i64::MIN { 0 } else { 1 + place_among(edges, between) };
                }
            }
            Kind::Outcome { race } => out.copy_from_slice(&races[*race].0[..out.len()]),
            Kind::Worked { race, from, spans, apart, edges } => {
                at.minutes(*from, numbers);
                let leads = if apart.is_empty() { &[] } else { at.keys() };
                let (which, minutes) = &races[*race];
                for (n, (((o, start), which), age)) in out.iter_mut().zip(&*numbers).zip(which).zip(minutes).enumerate()
                {
                    *o = if *which == 0 {
                        0
                    } else {
                        let worked = match leads.get(n) {
                            Some(lead) => apart.between(*lead, spans, *start, start + age),
                            None => spans.between(*start, start + age),
                        };
                        1 + place_among(edges, worked)
                    };
                }
            }
            Kind::Age { race, bin, last, .. } => {
                let (which, minutes) = &races[*race];
                match u32::try_from(*bin) {
                    Ok(bin) => {
                        for ((o, which), minutes) in out.iter_mut().zip(which).zip(minutes) {
                            let place = u32::try_from(*minutes).map_or_else(
                                |_| (minutes / i64::from(bin)).min(*last),
                                |m| i64::from(m / bin).min(*last),
                            );
                            *o = if *which == 0 { 0 } else { place as u32 + 1 };
                        }
                    }
                    Err(_) => {
                        for ((o, which), minutes) in out.iter_mut().zip(which).zip(minutes) {
                            *o = if *which == 0 { 0 } else { (minutes / bin).min(*last) as u32 + 1 };
                        }
                    }
                }
            }
        }
    }
}

impl Race {
    /// Fills, for a block, what happened first (1 nothing, 2 the first event, ...; 0 missing) and after how long.
    pub fn work_out(&self, at: At<'_>, out: &mut (Vec<u32>, Vec<i64>), scratch: &mut [Vec<i64>; 3]) {
        let (which, minutes) = out;
        which.clear();
        which.resize(at.len, 0);
        minutes.clear();
        minutes.resize(at.len, 0);
        let [start, event, first] = scratch;
        at.minutes(self.from, start);
        first.clear();
        first.resize(at.len, i64::MAX);
        for (w, s) in which.iter_mut().zip(&*start) {
            *w = u32::from(*s != i64::MIN) & u32::from(*s <= self.as_of);
        }
        for (column, number) in self.events.iter().zip(2u32..) {
            at.minutes(*column, event);
            for (((w, f), e), s) in which.iter_mut().zip(&mut *first).zip(&*event).zip(&*start) {
                let when = (*e).max(*s);
                let earlier = (*w != 0) & (*e != i64::MIN) & (when <= self.as_of) & (when < *f);
                *w = if earlier { number } else { *w };
                *f = if earlier { when } else { *f };
            }
        }
        for ((m, f), s) in minutes.iter_mut().zip(&*first).zip(&*start) {
            *m = (if *f == i64::MAX { self.as_of } else { *f }).saturating_sub(*s);
        }
    }
}

impl At<'_> {
    /// The minutes of a time column, a day as its end; `i64::MIN` where not recorded.
    fn minutes(&self, column: Column, out: &mut Vec<i64>) {
        if column.grain != self.grain {
            out.clear();
            out.resize(self.len, i64::MIN);
            return;
        }
        self.numbers(column.index, out);
        if column.width == Width::Days {
            out.iter_mut().for_each(|n| *n = if *n == i64::MIN { *n } else { n.saturating_mul(1_440) + 1_439 });
        }
    }
}

fn extent(facts: &Mapped, grain: Grain, column: usize) -> Extent {
    facts.segments(grain).iter().filter_map(|s| s.extents.get(column)).fold(Extent::NONE, |all, e| all.and(*e))
}

/// Edges from which on halving is quicker than looking at all of them side by side.
const MANY_EDGES: usize = 16;

/// How many of ascending edges lie at or below a number.
fn place_among(edges: &[i64], number: i64) -> u32 {
    if edges.len() < MANY_EDGES {
        return edges.iter().map(|edge| u32::from(number >= *edge)).sum();
    }
    edges.partition_point(|edge| number >= *edge) as u32
}
