//! Rounding to whole minor units (cents) without losing the sum.
//!
//! Not here: currencies and their number of decimals; the caller scales to minor units first.
//!
//! Invariant: the result adds to the target exactly, and a part that is exactly 0 stays 0.

use crate::error::{Error, Result, all_finite};

/// How far the target may lie from the sum of the parts, in units, beside relative rounding: both ends of
/// the gap may have been rounded to whole units on their own, each by at most half a unit, and a unit is
/// left for parts that were rounded before.
const SLACK_UNITS: f64 = 2.0;

/// Rounds `parts` (already in minor units) to integers that add to `target` exactly, by the method of the
/// largest remainder: all are rounded down, and the missing units go to the largest fractions (ties to the
/// first). No part moves by 1 or more unless the target differs from the sum of the parts.
///
/// # Errors
/// Not finite; out of range when `target` is further from the sum of the parts than 2 units plus 1e-9 of
/// the sum of their sizes, when there are no parts for a target other than 0, or beyond `i64`.
///
/// Source: Hamilton's method; Balinski and Young, Fair Representation (2001).
pub fn split_to_minor_units(parts: &[f64], target: i64) -> Result<Vec<i64>> {
    all_finite(parts, "parts")?;
    let sum: f64 = parts.iter().sum();
    let size: f64 = parts.iter().map(|v| v.abs()).sum();
    let apart = (sum - target as f64).abs();
    if apart.is_nan() || apart > SLACK_UNITS + 1e-9 * size {
        return Err(Error::out_of_range("target", "the sum of the parts"));
    }
    // Half of i64 leaves room for the units handed out below.
    if parts.iter().any(|v| v.abs() > i64::MAX as f64 / 2.0) {
        return Err(Error::out_of_range("parts", "minor units that fit 63 bits"));
    }
    let mut out: Vec<i64> = parts.iter().map(|v| v.floor() as i64).collect();
    let mut missing = i128::from(target) - out.iter().map(|v| i128::from(*v)).sum::<i128>();

    let mut receivers: Vec<usize> = (0..parts.len()).filter(|i| parts[*i] != 0.0).collect();
    if receivers.is_empty() {
        receivers = (0..parts.len()).collect();
    }
    if receivers.is_empty() {
        return if missing == 0 { Ok(out) } else { Err(Error::out_of_range("target", "0 when there are no parts")) };
    }
    receivers.sort_by(|a, b| (parts[*b] - parts[*b].floor()).total_cmp(&(parts[*a] - parts[*a].floor())));
    let each = missing.div_euclid(receivers.len() as i128);
    missing = missing.rem_euclid(receivers.len() as i128);
    for (rank, &i) in receivers.iter().enumerate() {
        let units = each + i128::from((rank as i128) < missing);
        let value = i128::from(out[i]) + units;
        out[i] = i64::try_from(value).map_err(|_| Error::out_of_range("target", "minor units that fit 63 bits"))?;
    }
    Ok(out)
}
