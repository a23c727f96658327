//! The result of a tally: the cells that hold anything, in the order of their labels.

/// What one cell is called on one axis.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// A number: a period's, a bin's, an outcome's, a stage's.
    Number(i64),
    /// A text of a code column.
    Text(String),
    /// Not recorded. Sorts last.
    Missing,
}

impl Label {
    /// The number, if it is one.
    pub const fn number(&self) -> Option<i64> {
        if let Label::Number(n) = self { Some(*n) } else { None }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Label::Text(text) = self { Some(text) } else { None }
    }
}

/// The labels that occur on one axis, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Sorted: numbers, then texts, then missing.
    pub labels: Vec<Label>,
}

/// One measure over all cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// Exact whole numbers: counts, sums, distinct counts.
    Int(Vec<i64>),
    /// Real numbers: logarithms and squares.
    Real(Vec<f64>),
}

/// The answer to one spec. Cells are sorted by their labels, axis by axis; empty cells are left out. A spec without
/// dimensions has exactly one cell, also over no rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// One for each dimension.
    pub axes: Vec<Axis>,
    /// For each cell, the place of its label on each axis (`cells × axes`, flattened).
    pub at: Vec<u32>,
    /// How many cells.
    pub cells: usize,
    /// One for each measure.
    pub measured: Vec<Measured>,
}

impl Tally {
    /// The label of a cell on an axis.
    pub fn label(&self, cell: usize, axis: usize) -> &Label {
        let place = self.at.get(cell * self.axes.len() + axis).copied().unwrap_or(0);
        self.axes.get(axis).and_then(|a| a.labels.get(place as usize)).unwrap_or(&Label::Missing)
    }

    /// A whole-number measure in a cell, 0 where there is none.
    pub fn int(&self, cell: usize, measure: usize) -> i64 {
        match self.measured.get(measure) {
            Some(Measured::Int(v)) => v.get(cell).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// A measure in a cell as a real number, 0 where there is none.
    pub fn real(&self, cell: usize, measure: usize) -> f64 {
        match self.measured.get(measure) {
            Some(Measured::Real(v)) => v.get(cell).copied().unwrap_or(0.0),
            Some(Measured::Int(v)) => v.get(cell).copied().unwrap_or(0) as f64,
            None => 0.0,
        }
    }

    /// The sum of a whole-number measure over all cells.
    pub fn total(&self, measure: usize) -> i64 {
        (0..self.cells).map(|c| self.int(c, measure)).sum()
    }
}
