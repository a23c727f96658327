//! Logarithmic mean Divisia index: another exact split, where logarithms exist. A cross-check only.
//!
//! Not here: the usual patches for zeros (small constants): a segment it cannot treat is marked, not bent.
//!
//! Invariant: a defined row adds to the change of its segment's product.

use super::split::check;
use crate::error::{Result, all_finite};

/// Cross-check of [`super::split`].
#[derive(Clone, Debug, PartialEq)]
pub struct Lmdi {
    /// Row-major `[segments x columns]`, in the unit of the product; a row of zeros where not defined.
    pub cells: Vec<f64>,
    /// Whether the segment's factors are all above 0 in both periods.
    pub defined: Vec<bool>,
}

/// `L(R1_s, R0_s) ln(f1_sj / f0_sj)`, with `L(a, b) = (a - b) / ln(a / b)`, for segments whose factors are all
/// above 0. Expect it within a few per cent of [`super::split`] for moderate changes.
///
/// # Errors
/// As [`super::split`].
///
/// Source: Ang, Energy Policy 32 (2004), additive LMDI-I.
pub fn lmdi(f0: &[f64], f1: &[f64], columns: usize) -> Result<Lmdi> {
    check(f0, f1, columns)?;
    let mut out = Lmdi { cells: vec![0.0; f0.len()], defined: Vec::with_capacity(f0.len() / columns) };
    let rows = f0.chunks_exact(columns).zip(f1.chunks_exact(columns));
    for ((a, b), cells) in rows.zip(out.cells.chunks_exact_mut(columns)) {
        let (r0, r1): (f64, f64) = (a.iter().product(), b.iter().product());
        let defined = a.iter().chain(b).all(|v| *v > 0.0) && r0 > 0.0 && r1 > 0.0;
        out.defined.push(defined);
        if defined {
            let mean = log_mean(r1, r0);
            for ((cell, x), y) in cells.iter_mut().zip(a).zip(b) {
                *cell = mean * (y / x).ln();
            }
        }
    }
    all_finite(&out.cells, "product of factors")?;
    Ok(out)
}

fn log_mean(a: f64, b: f64) -> f64 {
    let relative = (a - b) / b;
    if relative == 0.0 { a } else { (a - b) / relative.ln_1p() }
}
