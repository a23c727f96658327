//! Passes over the cells: weights and residuals summed by level and by pair of levels.
//!
//! Every level of the first factor owns its row of the cross table, so chunks write there without meeting;
//! the sums over the other factors are kept per chunk and added in order.
//!
//! Not here: anything that knows the spread of an effect; tables are in units of cells.
//!
//! Invariant: the same bits whatever the number of threads.

use rayon::prelude::*;

use super::cells::Layout;
use super::system::Inverse;

/// Cells worked on at once, so that the logistic part can use the vector units.
const TILE: usize = 64;

/// Sums of one chunk.
#[derive(Clone, Debug, Default)]
struct Part {
    log_likelihood: f64,
    residual: Vec<f64>,
    weight: Vec<f64>,
    pairs: Vec<f64>,
}

/// What one Newton step needs: `Z'r` and `Z'WZ`.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    /// `sum y eta - n ln(1 + e^eta)`.
    pub log_likelihood: f64,
    /// `sum r` per level of the first factor.
    pub first_residual: Vec<f64>,
    /// `sum w` per level of the first factor.
    pub first_weight: Vec<f64>,
    /// `sum w` per level of the first factor (slow) and of the others (fast).
    pub cross: Vec<f64>,
    /// `sum r` per level of the others.
    pub residual: Vec<f64>,
    /// `sum w` per level of the others.
    pub weight: Vec<f64>,
    /// `sum w` per pair of levels of the others, by [`Layout::pairs`].
    pub pairs: Vec<f64>,
    parts: Vec<Part>,
}

impl Tables {
    pub fn new(layout: &Layout) -> Self {
        let (first, others, pairs) = (layout.first(), layout.others(), layout.pair_entries());
        let part = Part {
            log_likelihood: 0.0,
            residual: vec![0.0; others],
            weight: vec![0.0; others],
            pairs: vec![0.0; pairs],
        };
        Self {
            log_likelihood: 0.0,
            first_residual: vec![0.0; first],
            first_weight: vec![0.0; first],
            cross: vec![0.0; first * others],
            residual: vec![0.0; others],
            weight: vec![0.0; others],
            pairs: vec![0.0; pairs],
            parts: vec![part; layout.chunks.len()],
        }
    }

    /// Fills the tables at the linear predictor `fixed + first[g] + rest[..]` (effects, not standardised).
    pub fn fill(&mut self, layout: &Layout, fixed: &[f64], first: &[f64], rest: &[f64]) {
        let at = At { layout, fixed, first, rest };
        match layout.sizes.len() {
            1 => self.fill_for::<0>(&at),
            2 => self.fill_for::<1>(&at),
            3 => self.fill_for::<2>(&at),
            4 => self.fill_for::<3>(&at),
            5 => self.fill_for::<4>(&at),
            _ => self.fill_for::<5>(&at),
        }
    }

    fn fill_for<const R: usize>(&mut self, at: &At) {
        let layout = at.layout;
        let mut jobs = Vec::with_capacity(layout.chunks.len());
        let (mut residual, mut weight, mut cross) =
            (&mut self.first_residual[..], &mut self.first_weight[..], &mut self.cross[..]);
        for (levels, part) in layout.chunks.iter().zip(&mut self.parts) {
            let (r, after) = residual.split_at_mut(levels.len());
            residual = after;
            let (w, after) = weight.split_at_mut(levels.len());
            weight = after;
            let (c, after) = cross.split_at_mut(levels.len() * layout.others());
            cross = after;
            jobs.push((levels.clone(), r, w, c, part));
        }
        jobs.into_par_iter().for_each(|(levels, r, w, c, part)| {
            part.clear();
            let mut rows = c.chunks_exact_mut(layout.others().max(1));
            for ((level, r), w) in levels.zip(r).zip(w) {
                (*r, *w) = at.level::<R>(level, rows.next().unwrap_or_default(), part);
            }
        });
        let (mut log, mut all) = (0.0, [&mut self.residual, &mut self.weight, &mut self.pairs]);
        all.iter_mut().for_each(|sums| sums.fill(0.0));
        for part in &self.parts {
            log += part.log_likelihood;
            for (sums, own) in all.iter_mut().zip([&part.residual, &part.weight, &part.pairs]) {
                sums.iter_mut().zip(own).for_each(|(sum, v)| *sum += v);
            }
        }
        self.log_likelihood = log;
    }
}

impl Part {
    fn clear(&mut self) {
        self.log_likelihood = 0.0;
        self.residual.fill(0.0);
        self.weight.fill(0.0);
        self.pairs.fill(0.0);
    }
}

struct At<'a> {
    layout: &'a Layout,
    fixed: &'a [f64],
    first: &'a [f64],
    rest: &'a [f64],
}

impl At<'_> {
    /// One level of the first factor: its row of the cross table, and its sums of residuals and weights.
    fn level<const R: usize>(&self, level: usize, row: &mut [f64], part: &mut Part) -> (f64, f64) {
        row.fill(0.0);
        let layout = self.layout;
        let (mut residual, mut weight) = (0.0, 0.0);
        let mut tile = Tile::default();
        let mut from = layout.start[level];
        let end = layout.start[level + 1];
        while from < end {
            let to = (from + TILE).min(end);
            let rest = &layout.rest[from * R..to * R];
            self.predictor::<R>(from..to, self.first[level], rest, &mut tile.predictor);
            part.log_likelihood += tile.logistic(&layout.n[from..to], &layout.y[from..to]);
            for (i, (r, w)) in tile.residual.iter().zip(&tile.weight).take(to - from).enumerate() {
                residual += r;
                weight += w;
                let own: &[u32; R] = picked(rest, i);
                let mut start = 0;
                for k in 0..R {
                    let g = own[k] as usize;
                    row[g] += w;
                    part.residual[g] += r;
                    part.weight[g] += w;
                    for (l, other) in own.iter().enumerate().skip(k + 1) {
                        let (a, b) = (g - layout.offsets[k], *other as usize - layout.offsets[l]);
                        part.pairs[start + a * layout.sizes[l + 1] + b] += w;
                        start += layout.sizes[k + 1] * layout.sizes[l + 1];
                    }
                }
            }
            from = to;
        }
        (residual, weight)
    }

    fn predictor<const R: usize>(&self, cells: std::ops::Range<usize>, own: f64, rest: &[u32], out: &mut [f64]) {
        for (i, (to, fixed)) in out.iter_mut().zip(&self.fixed[cells]).enumerate() {
            let levels: &[u32; R] = picked(rest, i);
            *to = levels.iter().fold(fixed + own, |sum, g| sum + self.rest[*g as usize]);
        }
    }
}

/// The levels of cell `i`; a slice of the wrong length cannot occur and would read as an empty cell.
fn picked<const R: usize>(rest: &[u32], i: usize) -> &[u32; R] {
    rest[i * R..(i + 1) * R].first_chunk().unwrap_or(&[0; R])
}

/// Residuals, weights and the slopes of the weights of some cells.
struct Tile {
    predictor: [f64; TILE],
    residual: [f64; TILE],
    weight: [f64; TILE],
    slope: [f64; TILE],
}

impl Default for Tile {
    fn default() -> Self {
        Self { predictor: [0.0; TILE], residual: [0.0; TILE], weight: [0.0; TILE], slope: [0.0; TILE] }
    }
}

impl Tile {
    /// Returns the log-likelihood.
    fn logistic(&mut self, n: &[f64], y: &[f64]) -> f64 {
        let mut linear = 0.0;
        let mut logs = 0.0;
        // ln of a product of numbers in 1..=2 instead of a sum of logarithms, where n is 1.
        let mut product = 1.0;
        for (i, (n, y)) in n.iter().zip(y).enumerate() {
            let eta = self.predictor[i];
            let e = (-eta.abs()).exp();
            let inverse = 1.0 / (1.0 + e);
            let mu = if eta >= 0.0 { inverse } else { e * inverse };
            self.residual[i] = y - n * mu;
            self.weight[i] = n * e * inverse * inverse;
            // dw / d eta = w (1 - 2 mu)
            self.slope[i] = -(self.weight[i] * (1.0 - e) * inverse).copysign(eta);
            linear += y * eta - n * eta.max(0.0);
            if *n == 1.0 {
                product *= 1.0 + e;
            } else {
                logs += n * e.ln_1p();
            }
        }
        linear - logs - product.ln()
    }
}

/// What the fixed effects and the gradient of the log determinant need; sums over cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    /// `X'r`.
    pub residual: Vec<f64>,
    /// `X'WX`, full.
    pub square: Vec<f64>,
    /// `X't`, where `t_i = h_i dw_i/deta_i`; zeros without an inverse.
    pub pull: Vec<f64>,
    /// `X'WZ` of the first factor, one row of columns per level.
    pub first_cross: Vec<f64>,
    /// `Z't` of the first factor.
    pub first_pull: Vec<f64>,
    /// `X'WZ` of the others.
    pub cross: Vec<f64>,
    /// `Z't` of the others.
    pub others_pull: Vec<f64>,
}

impl Sums {
    fn new(layout: &Layout, levels: usize) -> Self {
        let (p, others) = (layout.columns, layout.others());
        Self {
            residual: vec![0.0; p],
            square: vec![0.0; p * p],
            pull: vec![0.0; p],
            first_cross: vec![0.0; levels * p],
            first_pull: vec![0.0; levels],
            cross: vec![0.0; others * p],
            others_pull: vec![0.0; others],
        }
    }

    /// At the same linear predictor as [`Tables::fill`]; `inverse` gives the leverage `h_i = a_i' V a_i`.
    pub fn at(layout: &Layout, fixed: &[f64], first: &[f64], rest: &[f64], inverse: Option<&Inverse>) -> Self {
        let at = At { layout, fixed, first, rest };
        let parts: Vec<Self> = layout
            .chunks
            .par_iter()
            .map(|levels| match layout.sizes.len() {
                1 => at.sums::<0>(levels.clone(), inverse),
                2 => at.sums::<1>(levels.clone(), inverse),
                3 => at.sums::<2>(levels.clone(), inverse),
                4 => at.sums::<3>(levels.clone(), inverse),
                5 => at.sums::<4>(levels.clone(), inverse),
                _ => at.sums::<5>(levels.clone(), inverse),
            })
            .collect();
        let mut out = Self::new(layout, 0);
        for part in parts {
            out.first_cross.extend_from_slice(&part.first_cross);
            out.first_pull.extend_from_slice(&part.first_pull);
            let own = [&part.residual, &part.square, &part.pull, &part.cross, &part.others_pull];
            let all = [&mut out.residual, &mut out.square, &mut out.pull, &mut out.cross, &mut out.others_pull];
            for (sums, own) in all.into_iter().zip(own) {
                sums.iter_mut().zip(own).for_each(|(sum, v)| *sum += v);
            }
        }
        for i in 0..layout.columns {
            for j in 0..i {
                out.square[j * layout.columns + i] = out.square[i * layout.columns + j];
            }
        }
        out
    }
}

impl At<'_> {
    fn sums<const R: usize>(&self, levels: std::ops::Range<usize>, inverse: Option<&Inverse>) -> Sums {
        let layout = self.layout;
        let p = layout.columns;
        let mut out = Sums::new(layout, levels.len());
        let mut tile = Tile::default();
        for (place, level) in levels.enumerate() {
            let own_cross = place * p..(place + 1) * p;
            let mut from = layout.start[level];
            while from < layout.start[level + 1] {
                let to = (from + TILE).min(layout.start[level + 1]);
                let rest = &layout.rest[from * R..to * R];
                self.predictor::<R>(from..to, self.first[level], rest, &mut tile.predictor);
                tile.logistic(&layout.n[from..to], &layout.y[from..to]);
                for i in 0..to - from {
                    let own: &[u32; R] = picked(rest, i);
                    let (r, w) = (tile.residual[i], tile.weight[i]);
                    let pull = inverse.map_or(0.0, |v| v.leverage(level, own)) * tile.slope[i];
                    out.first_pull[place] += pull;
                    for g in own {
                        out.others_pull[*g as usize] += pull;
                    }
                    let x = &layout.x[(from + i) * p..(from + i + 1) * p];
                    for (j, value) in x.iter().enumerate() {
                        out.residual[j] += r * value;
                        out.pull[j] += pull * value;
                        let weighted = w * value;
                        for (sum, other) in out.square[j * p..j * p + j + 1].iter_mut().zip(x) {
                            *sum += weighted * other;
                        }
                    }
                    for (sum, value) in out.first_cross[own_cross.clone()].iter_mut().zip(x) {
                        *sum += w * value;
                    }
                    for g in own {
                        let at = *g as usize * p;
                        for (sum, value) in out.cross[at..at + p].iter_mut().zip(x) {
                            *sum += w * value;
                        }
                    }
                }
                from = to;
            }
        }
        out
    }
}
