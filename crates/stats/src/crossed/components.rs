//! Which levels of two factors can be compared at all: connected parts of the graph whose edges are cells.
//!
//! Two levels of one factor are comparable net of the other only where a chain of cells leads from one to the
//! other; across parts the data hold no difference, and a model's answer rests on its assumption of one
//! common spread.
//!
//! Not here: how well connected a part is.
//!
//! Invariant: parts are numbered by their first cell; a level without cells is in no part.

use super::cells::Factor;
use crate::error::{Error, Result};

/// Most levels of both factors together.
const MOST_LEVELS: usize = 100_000_000;

/// The connected parts of two crossed factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// Number of parts with cells.
    pub count: usize,
    /// Part of each level of the first factor, `None` without cells.
    pub first: Vec<Option<usize>>,
    /// Part of each level of the second factor, `None` without cells.
    pub second: Vec<Option<usize>>,
}

/// Connected parts of the levels of two factors; `n` are the trials per cell, and cells with 0 connect nothing.
///
/// # Errors
/// Shape (lengths unequal), out of range (a level at or above its factor's size, a size of 0), too many
/// (100,000,000 levels).
pub fn components(n: &[f64], first: &Factor, second: &Factor) -> Result<Components> {
    for factor in [first, second] {
        if factor.levels.len() != n.len() {
            return Err(Error::shape("levels", factor.levels.len(), n.len()));
        }
        if factor.size == 0 || factor.levels.iter().any(|l| *l as usize >= factor.size) {
            return Err(Error::out_of_range("levels", "below the size of their factor, which is 1 or more"));
        }
    }
    let levels = first.size.saturating_add(second.size);
    if levels > MOST_LEVELS {
        return Err(Error::too_many("levels", levels, MOST_LEVELS));
    }
    let mut parent: Vec<usize> = (0..levels).collect();
    let edges = || first.levels.iter().zip(second.levels).zip(n).filter(|(_, n)| **n > 0.0);
    for ((a, b), _) in edges() {
        let (a, b) = (root(&mut parent, *a as usize), root(&mut parent, first.size + *b as usize));
        // The smaller number stays: the result depends on the set of edges alone.
        let (low, high) = (a.min(b), a.max(b));
        parent[high] = low;
    }
    let mut number: Vec<Option<usize>> = vec![None; parent.len()];
    let mut out = Components { count: 0, first: vec![None; first.size], second: vec![None; second.size] };
    for ((a, b), _) in edges() {
        let top = root(&mut parent, *a as usize);
        let part = *number[top].get_or_insert_with(|| {
            out.count += 1;
            out.count - 1
        });
        out.first[*a as usize] = Some(part);
        out.second[*b as usize] = Some(part);
    }
    Ok(out)
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}
