//! What a step-by-step walk (waterfall) says, and how much that depends on the order of the steps.
//!
//! Not here: a recommended order. There is none; that is why [`super::split`] exists.
//!
//! Invariant: a walk adds to the same gap, and the order-free value lies within the range.

use super::split::{check, total};
use crate::error::{Error, Result, all_finite};

/// Most factors for [`order_range`]: it evaluates all `2^columns` mixtures of the two periods.
pub const MOST_COLUMNS_FOR_ORDERS: usize = 16;

/// Least and greatest contribution of each factor over all orders of switching, in the unit of the product.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderRange {
    /// Least contribution, one per factor.
    pub least: Vec<f64>,
    /// Greatest contribution, one per factor.
    pub greatest: Vec<f64>,
}

/// Range of every factor's contribution over all `columns!` orders.
///
/// What a factor contributes depends only on which others were switched before it, so the `2^columns`
/// subsets cover all orders: `O(2^columns S columns)`.
///
/// # Errors
/// As [`super::split`]; too many when `columns` exceeds [`MOST_COLUMNS_FOR_ORDERS`].
pub fn order_range(f0: &[f64], f1: &[f64], columns: usize) -> Result<OrderRange> {
    check(f0, f1, columns)?;
    if columns > MOST_COLUMNS_FOR_ORDERS {
        return Err(Error::too_many("columns", columns, MOST_COLUMNS_FOR_ORDERS));
    }
    let values: Vec<f64> = (0..1usize << columns).map(|switched| mixture(f0, f1, columns, switched)).collect();
    all_finite(&values, "product of factors")?;
    let mut out = OrderRange { least: vec![f64::INFINITY; columns], greatest: vec![f64::NEG_INFINITY; columns] };
    for (before, value) in values.iter().enumerate() {
        for j in 0..columns {
            let bit = 1 << j;
            if before & bit == 0 {
                let step = values[before | bit] - value;
                out.least[j] = out.least[j].min(step);
                out.greatest[j] = out.greatest[j].max(step);
            }
        }
    }
    all_finite(&out.least, "product of factors")?;
    all_finite(&out.greatest, "product of factors")?;
    Ok(out)
}

/// Contributions when the factors are switched one after the other in the given order.
///
/// `order`: every column index once. Returns one number per column (not per step), in the unit of the
/// product. Depends on the order: show it only beside [`order_range`].
///
/// # Errors
/// As [`super::split`]; out of range when `order` is not a permutation of the columns.
pub fn waterfall(f0: &[f64], f1: &[f64], columns: usize, order: &[usize]) -> Result<Vec<f64>> {
    check(f0, f1, columns)?;
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    if !sorted.iter().copied().eq(0..columns) {
        return Err(Error::out_of_range("order", "every column once"));
    }
    let mut now = f0.to_vec();
    let mut value = total(&now, columns);
    let mut out = vec![0.0; columns];
    for &j in order {
        for (row, target) in now.chunks_exact_mut(columns).zip(f1.chunks_exact(columns)) {
            row[j] = target[j];
        }
        let next = total(&now, columns);
        out[j] = next - value;
        value = next;
    }
    all_finite(&out, "product of factors")?;
    Ok(out)
}

/// The total when the columns in the bit set `switched` are taken from the second period.
fn mixture(f0: &[f64], f1: &[f64], columns: usize, switched: usize) -> f64 {
    let rows = f0.chunks_exact(columns).zip(f1.chunks_exact(columns));
    rows.map(|(a, b)| {
        let pick = |j: usize| if switched >> j & 1 == 1 { b[j] } else { a[j] };
        (0..columns).map(pick).product::<f64>()
    })
    .sum()
}
