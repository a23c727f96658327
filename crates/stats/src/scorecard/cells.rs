//! Rows that binned columns do not tell apart, taken as one: a regression on bins sees each kind of row once.
//!
//! Invariant: cells are numbered in the order of their first rows.

/// The cell of each row.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    of_row: Vec<u32>,
    /// The first row of each cell.
    firsts: Vec<u32>,
}

/// No cell yet.
const NONE: u32 = u32::MAX;

impl Cells {
    /// All rows are one cell.
    pub fn one(rows: usize) -> Cells {
        Cells { of_row: vec![0; rows], firsts: vec![0; rows.min(1)] }
    }

    /// Each row is a cell.
    pub fn each(rows: usize) -> Cells {
        let all: Vec<u32> = (0..u32::try_from(rows).unwrap_or(NONE)).collect();
        Cells { of_row: all.clone(), firsts: all }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The first row of each.
    pub fn firsts(&self) -> impl Iterator<Item = usize> + '_ {
        self.firsts.iter().map(|row| *row as usize)
    }

    /// The same, told apart by one more column too: `bins[row]` is below `most`.
    pub fn by(&self, bins: &[u16], most: usize) -> Cells {
        let mut numbers = vec![NONE; self.len() * most];
        let mut out = Cells { of_row: Vec::with_capacity(bins.len()), firsts: Vec::new() };
        for ((cell, bin), row) in self.of_row.iter().zip(bins).zip(0_u32..) {
            let number = &mut numbers[*cell as usize * most + usize::from(*bin)];
            if *number == NONE {
                *number = out.firsts.len() as u32;
                out.firsts.push(row);
            }
            out.of_row.push(*number);
        }
        out
    }

    /// Rows of each cell, and what they have of `outcome` together.
    pub fn sums(&self, outcome: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut rows, mut sums) = (vec![0.0; self.len()], vec![0.0; self.len()]);
        for (cell, value) in self.of_row.iter().zip(outcome) {
            rows[*cell as usize] += 1.0;
            sums[*cell as usize] += value;
        }
        (rows, sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_the_kinds_of_rows_and_hold_all_of_them() {
        let (a, b) = ([0, 1, 0, 1, 0, 2], [1, 1, 1, 0, 0, 1]);
        let cells = Cells::one(6).by(&a, 3).by(&b, 2);
        assert_eq!(cells.firsts().collect::<Vec<_>>(), [0, 1, 3, 4, 5]);
        let (rows, sums) = cells.sums(&[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!((rows, sums), (vec![2.0, 1.0, 1.0, 1.0, 1.0], vec![2.0, 0.0, 1.0, 0.0, 0.0]));
        assert_eq!((Cells::each(3).len(), Cells::one(0).len(), Cells::one(0).by(&[], 2).len()), (3, 0, 0));
    }
}
