//! The share column measured against the mean of its group, so that growing a poor segment is negative.
//!
//! Not here: a second split; only one column is moved around within itself.
//!
//! Invariant: within every group the centred column adds to the same total as the plain one.

use std::collections::BTreeMap;

use super::legendre;
use super::split::check;
use crate::error::{Error, Result, all_finite};

/// Per segment `Int_0^1 (m1 - m0)(g_s(t) - gbar(t)) dt`, where `m` is column `share`, `g_s` the product of the
/// other columns on the straight path, and `gbar` their mean weighted by `m(t)` within the segment's group.
///
/// `f0`, `f1`: as for [`super::split`]. `groups`: one id per segment, any numbers; shares are meant to add to
/// the same total within a group in both periods (segments of one stream). One node more than the plain
/// split makes it exact then. Where a group's shares do not add to the same total (a stream that is new),
/// the part due to the group's size, `(M1 - M0) Int gbar`, is laid on its segments by their mean share, so
/// that the column total is kept in every case.
///
/// Returns one number per segment, in the unit of the product.
///
/// # Errors
/// Shape (as [`super::split`]; `groups` not one per segment; `share` not a column), not finite.
pub fn centred_share(f0: &[f64], f1: &[f64], columns: usize, share: usize, groups: &[u32]) -> Result<Vec<f64>> {
    check(f0, f1, columns)?;
    let segments = f0.len() / columns;
    if groups.len() != segments {
        return Err(Error::shape("groups", groups.len(), segments));
    }
    if share >= columns {
        return Err(Error::out_of_range("share", "a column index"));
    }
    let group_of = dense(groups);
    let group_count = group_of.iter().max().map_or(0, |g| g + 1);
    let m = |f: &[f64], s: usize| f[s * columns + share];

    let mut mass0 = vec![0.0; group_count];
    let mut mass1 = vec![0.0; group_count];
    let mut members = vec![0.0; group_count];
    for (s, &g) in group_of.iter().enumerate() {
        mass0[g] += m(f0, s);
        mass1[g] += m(f1, s);
        members[g] += 1.0;
    }

    let mut out = vec![0.0; segments];
    let mut others = vec![0.0; segments];
    let mut mean_on_path = vec![0.0; group_count];
    for (t, weight) in legendre::nodes(columns.div_ceil(2) + 1) {
        let mut value = vec![0.0; group_count];
        let mut mass = vec![0.0; group_count];
        for (s, &g) in group_of.iter().enumerate() {
            let row = s * columns..(s + 1) * columns;
            others[s] = 1.0;
            for (j, (x, y)) in f0[row.clone()].iter().zip(&f1[row]).enumerate() {
                let on_path = x + t * (y - x);
                if j == share {
                    mass[g] += on_path;
                } else {
                    others[s] *= on_path;
                }
            }
            value[g] += (m(f0, s) + t * (m(f1, s) - m(f0, s))) * others[s];
        }
        for (s, &g) in group_of.iter().enumerate() {
            let mean = mean_of(value[g], mass[g]);
            out[s] += weight * (m(f1, s) - m(f0, s)) * (others[s] - mean);
        }
        for (g, sum) in mean_on_path.iter_mut().enumerate() {
            *sum += weight * mean_of(value[g], mass[g]);
        }
    }
    for (s, &g) in group_of.iter().enumerate() {
        let both = mass0[g] + mass1[g];
        let grown = mass1[g] - mass0[g];
        if grown == 0.0 {
            continue;
        }
        let part = if both == 0.0 { 1.0 / members[g] } else { (m(f0, s) + m(f1, s)) / both };
        out[s] += grown * mean_on_path[g] * part;
    }
    all_finite(&out, "product of factors")?;
    Ok(out)
}

fn mean_of(value: f64, mass: f64) -> f64 {
    if mass == 0.0 { 0.0 } else { value / mass }
}

/// Group ids as 0, 1, 2, ... in ascending order of id.
fn dense(groups: &[u32]) -> Vec<usize> {
    let mut seen: BTreeMap<u32, usize> = groups.iter().map(|g| (*g, 0)).collect();
    for (i, slot) in seen.values_mut().enumerate() {
        *slot = i;
    }
    groups.iter().map(|g| seen.get(g).copied().unwrap_or(0)).collect()
}
