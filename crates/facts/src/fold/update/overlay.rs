//! Rows over the rows of earlier facts.
//!
//! Invariant: what stays is as it was; an overlay that has grown too large is none.

use hashbrown::HashMap;
use rayon::prelude::*;
use tallies::{Column, Data, Extract, Grain, Table};

use super::{SHARE, SMALL};
use crate::fold::kept::Keys;
use crate::store::{Mapped, Overlay, Segment, Values};

/// One row of earlier facts.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    segment: &'a Segment,
    row: usize,
}

impl Row<'_> {
    pub fn key(&self, c: Column) -> u64 {
        match self.segment.values.get(c.index) {
            Some(Values::Key(v)) => v.get(self.row).copied().unwrap_or(0),
            _ => 0,
        }
    }
    pub fn count(&self, c: Column) -> Option<i64> {
        match self.segment.values.get(c.index) {
            Some(Values::I32(v)) => v.get(self.row).map(|n| i64::from(*n)),
            Some(Values::I64(v)) => v.get(self.row).copied(),
            Some(Values::U32(v)) => v.get(self.row).map(|n| i64::from(*n)),
            Some(Values::Small(v)) => v.get(self.row).map(|n| i64::from(*n)),
            _ => None,
        }
    }
    pub fn text<'f>(&self, facts: &'f Mapped, c: Column) -> &'f str {
        match self.segment.values.get(c.index) {
            Some(Values::Code(v)) => v.get(self.row).and_then(|code| facts.dictionary(c)?.text(*code)).unwrap_or(""),
            _ => "",
        }
    }
}

pub(super) fn each_row(facts: &Mapped, grain: Grain) -> impl Iterator<Item = Row<'_>> {
    facts
        .segments(grain)
        .iter()
        .flat_map(|segment| (0..segment.rows).filter(|row| segment.holds(*row)).map(move |row| Row { segment, row }))
}

/// The new rows over the base, with those of the earlier overlay that stay; `None` where that is too much.
pub(super) fn overlay(previous: &Mapped, new: Table, texts: &[String], by: Column, changed: &Keys) -> Option<Overlay> {
    let grain = new.grain;
    let stays = |segment: &Segment, row: usize| segment.holds(row) && !changed.has(Row { segment, row }.key(by));
    let (base, over) = previous.segments(grain).split_first()?;
    let replaced = (0..base.rows).filter(|row| !stays(base, *row)).map(|row| row as u32).collect();
    let kept: Vec<(u32, u32)> = over
        .iter()
        .zip(1u32..)
        .flat_map(|(s, n)| (0..s.rows).filter(move |row| stays(s, *row)).map(move |row| (n, row as u32)))
        .collect();
    if (kept.len() + new.rows) as u64 > SMALL.max(base.rows as u64 / SHARE) {
        return None;
    }
    let mut table = previous.gather(&Extract::all(grain, Vec::new()), &kept);
    table.rows += new.rows;
    table.columns.par_iter_mut().zip(new.columns).for_each(|(all, more)| match (all, more) {
        (Data::Code(codes, dictionary), Data::Code(more, _)) => {
            let mut known: HashMap<String, u32> =
                dictionary.texts.iter().zip(1u32..).map(|(t, code)| (t.clone(), code)).collect();
            let mut met: HashMap<u32, u32> = HashMap::from([(0, 0)]);
            for code in more {
                let own = *met.entry(code).or_insert_with(|| {
                    let Some(text) = (code as usize).checked_sub(1).and_then(|i| texts.get(i)) else { return 0 };
                    *known.entry(text.clone()).or_insert_with(|| {
                        dictionary.texts.push(text.clone());
                        dictionary.texts.len() as u32
                    })
                });
                codes.push(own);
            }
        }
        (Data::Small(v), Data::Small(more)) => v.extend(more),
        (Data::I32(v), Data::I32(more)) => v.extend(more),
        (Data::I64(v), Data::I64(more)) => v.extend(more),
        (Data::Key(v), Data::Key(more)) => v.extend(more),
        (Data::U32(v), Data::U32(more)) => v.extend(more),
        _ => {}
    });
    Some(Overlay { table, replaced })
}
