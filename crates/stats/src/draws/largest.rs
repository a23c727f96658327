//! Which column is largest, and which way it points, as probabilities over draws.
//!
//! Not here: a ranking. Where no probability is high, there is no largest.
//!
//! Invariant: `largest` adds to at most 1 (less only by draws in which every column is 0).

use crate::error::{Error, Result, all_finite};

/// Probabilities over draws, one per column.
#[derive(Clone, Debug, PartialEq)]
pub struct Largest {
    /// P(this column is the largest in absolute value); ties share.
    pub largest: Vec<f64>,
    /// P(this column is above 0).
    pub above: Vec<f64>,
    /// P(this column is below 0).
    pub below: Vec<f64>,
}

/// Counts, over the rows of a row-major matrix of draws `[draws x columns]`, how often each column is largest
/// in absolute value, above 0 and below 0.
///
/// # Errors
/// Shape (no columns, length no multiple of `columns`), too few (no draws), not finite.
pub fn largest(draws: &[f64], columns: usize) -> Result<Largest> {
    if columns == 0 || !draws.len().is_multiple_of(columns) {
        return Err(Error::shape("draws", draws.len(), draws.len().next_multiple_of(columns.max(1))));
    }
    if draws.is_empty() {
        return Err(Error::too_few("draws", 0, 1));
    }
    all_finite(draws, "draws")?;
    let mut out = Largest { largest: vec![0.0; columns], above: vec![0.0; columns], below: vec![0.0; columns] };
    let one = columns as f64 / draws.len() as f64;
    for row in draws.chunks_exact(columns) {
        let most = row.iter().fold(0.0f64, |most, v| most.max(v.abs()));
        let ties = row.iter().filter(|v| v.abs() == most).count() as f64;
        for (j, v) in row.iter().enumerate() {
            if most > 0.0 && v.abs() == most {
                out.largest[j] += one / ties;
            }
            if *v > 0.0 {
                out.above[j] += one;
            } else if *v < 0.0 {
                out.below[j] += one;
            }
        }
    }
    Ok(out)
}
