//! The order-free split of any function of which of its parts were switched.
//!
//! Not here: products, for which [`super::split`] needs no enumeration.
//!
//! Invariant: the shares add to `f(all) - f(none)`; a part that changes nothing has 0.
//!
//! Source: Shapley, Contributions to the Theory of Games II (1953).

use crate::error::{Error, Result, all_finite};

/// Most parts for [`coalitions`]: the function is evaluated on all `2^parts` sets.
pub const MOST_PARTS: usize = 16;

/// Shapley value of every part, given the function's value on every set of parts.
///
/// `values`: `2^parts` values in the unit of the result; bit `j` of the index says that part `j` is
/// switched. Returns one share per part.
///
/// # Errors
/// Shape (not `2^parts` values), too many (more than [`MOST_PARTS`]), not finite.
pub fn coalitions(parts: usize, values: &[f64]) -> Result<Vec<f64>> {
    if parts > MOST_PARTS {
        return Err(Error::too_many("parts", parts, MOST_PARTS));
    }
    if values.len() != 1 << parts {
        return Err(Error::shape("values", values.len(), 1 << parts));
    }
    all_finite(values, "values")?;
    // |S|! (m - |S| - 1)! / m! = 1 / (m C(m - 1, |S|)).
    let mut weight = vec![1.0 / parts.max(1) as f64; parts];
    for size in 1..parts {
        weight[size] = weight[size - 1] * size as f64 / (parts - size) as f64;
    }
    let mut out = vec![0.0; parts];
    for (before, value) in values.iter().enumerate() {
        for (j, share) in out.iter_mut().enumerate() {
            if before >> j & 1 == 0 {
                *share += weight[before.count_ones() as usize] * (values[before | 1 << j] - value);
            }
        }
    }
    all_finite(&out, "values")?;
    Ok(out)
}

/// [`coalitions`] of a function: `f` is called once per set, in ascending order of the bit set.
///
/// # Errors
/// As [`coalitions`], and what `f` gives.
pub fn coalitions_of(parts: usize, mut f: impl FnMut(u32) -> Result<f64>) -> Result<Vec<f64>> {
    if parts > MOST_PARTS {
        return Err(Error::too_many("parts", parts, MOST_PARTS));
    }
    let values = (0..1u32 << parts).map(&mut f).collect::<Result<Vec<f64>>>()?;
    coalitions(parts, &values)
}
