//! Whether reps can be told apart at all: by who works and not by what became of it, and across sources that meet.
//!
//! Invariant: what is left out is counted in the reading.

use stats::crossed::{Factor, components};

use super::read::{NoReading, Reading};
use super::settings::{CONNECTED, HELD};

impl Reading {
    /// Whether somebody holds rows of which nothing came, or all, although chance would not do that: no rep at work.
    pub(super) fn held(&self) -> bool {
        if self.plan.rep.is_err() {
            return false;
        }
        let mut reps = vec![(0.0, 0.0); self.reps];
        for cell in &self.cells {
            let slot = &mut reps[cell.rep as usize];
            slot.0 += cell.n;
            slot.1 += cell.y;
        }
        let (n, y) = self.totals();
        let rest = |(own, came): &(f64, f64)| if n > *own { (y - came) / (n - own) } else { 0.0 };
        reps.iter().any(|r| (r.1 == 0.0 && r.0 * rest(r) >= HELD) || (r.1 == r.0 && r.0 * (1.0 - rest(r)) >= HELD))
    }

    /// Keeps the largest group of sources and reps that can be compared, if it holds nearly all.
    pub(super) fn connect(&mut self) -> Result<(), NoReading> {
        if self.plan.rep.is_err() || self.cells.is_empty() {
            return Ok(());
        }
        let n: Vec<f64> = self.cells.iter().map(|c| c.n).collect();
        let source: Vec<u32> = self.cells.iter().map(|c| c.source).collect();
        let rep: Vec<u32> = self.cells.iter().map(|c| c.rep).collect();
        let parts = components(
            &n,
            &Factor { levels: &source, size: self.sources.len() },
            &Factor { levels: &rep, size: self.reps },
        )
        .map_err(|_| NoReading::Nothing)?;
        if parts.count < 2 {
            return Ok(());
        }
        let mut rows = vec![0.0; parts.count];
        for cell in &self.cells {
            if let Some(part) = parts.first[cell.source as usize] {
                rows[part] += cell.n;
            }
        }
        let all: f64 = rows.iter().sum();
        let largest = (0..rows.len()).max_by(|a, b| rows[*a].total_cmp(&rows[*b]).then(b.cmp(a))).unwrap_or(0);
        if rows[largest] < CONNECTED * all {
            return Err(NoReading::Disconnected(parts.count, rows[largest] / all));
        }
        self.apart = (parts.count - 1, all - rows[largest]);
        self.cells.retain(|c| parts.first[c.source as usize] == Some(largest));
        self.reps = parts.second.iter().filter(|p| **p == Some(largest)).count();
        let mut number = vec![0u32; parts.second.len()];
        let mut next = 0;
        for (slot, part) in number.iter_mut().zip(&parts.second) {
            *slot = next;
            next += u32::from(*part == Some(largest));
        }
        for cell in &mut self.cells {
            cell.rep = number[cell.rep as usize];
        }
        self.count();
        Ok(())
    }
}
