//! What is held fixed in a fit: follow-up within the hour and, where asked for, a second column.
//!
//! Not here: the random parts. Invariant: a column stands only where both of its sides have rows enough.

use super::read::{Cell, Fast};
use super::settings::LEAST_FIXED;

/// Which columns stand, after those of the calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fixed {
    pub fast: bool,
    pub unknown: bool,
    /// Numbers of the segments with a column; the largest is what they are compared with.
    pub segments: Vec<u32>,
}

impl Fixed {
    pub fn of(cells: &[Cell]) -> Fixed {
        let rows = |keep: &dyn Fn(&Cell) -> bool| cells.iter().filter(|c| keep(c)).map(|c| c.n).sum::<f64>();
        let way = |fast: Fast| rows(&|c| c.fast == fast) >= LEAST_FIXED;
        let fast = way(Fast::Yes) && way(Fast::No);
        let most = cells.iter().map(|c| c.segment).max().unwrap_or(0);
        let apart = |s: u32| rows(&|c| c.segment == s) >= LEAST_FIXED && events(cells, s) >= 5.0;
        Fixed { fast, unknown: fast && way(Fast::Unknown), segments: (1..=most).filter(|s| apart(*s)).collect() }
    }

    pub fn columns(&self) -> usize {
        usize::from(self.fast) + usize::from(self.unknown) + self.segments.len()
    }

    /// Appends the columns of a cell.
    pub fn row(&self, cell: &Cell, x: &mut Vec<f64>) {
        if self.fast {
            x.push(f64::from(u8::from(cell.fast == Fast::Yes)));
        }
        if self.unknown {
            x.push(f64::from(u8::from(cell.fast == Fast::Unknown)));
        }
        x.extend(self.segments.iter().map(|s| f64::from(u8::from(*s == cell.segment))));
    }

    /// What following up within the hour adds, from the coefficients of these columns.
    pub fn effect(&self, beta: &[f64]) -> f64 {
        if self.fast { beta.first().copied().unwrap_or(0.0) } else { 0.0 }
    }

    /// What a cell's other columns add.
    pub fn others(&self, cell: &Cell, beta: &[f64]) -> f64 {
        let mut x = Vec::with_capacity(self.columns());
        self.row(cell, &mut x);
        let from = usize::from(self.fast);
        x.iter().zip(beta).skip(from).map(|(x, b)| x * b).sum()
    }
}

/// Outcomes in a segment, or rows without one, whichever are fewer.
fn events(cells: &[Cell], segment: u32) -> f64 {
    let (n, y) = cells.iter().filter(|c| c.segment == segment).fold((0.0, 0.0), |(n, y), c| (n + c.n, y + c.y));
    y.min(n - y)
}
