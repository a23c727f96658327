//! The curvature `H = I + A'WA` of the standardised effects, factored, and its inverse.
//!
//! The block of the first factor is diagonal and is eliminated; what remains is dense and as large as all
//! other factors together.
//!
//! Not here: passes over cells.
//!
//! Invariant: a spread of 0 leaves its block an identity.

use rayon::prelude::*;

use super::cells::Layout;
use super::dense::{Cholesky, minus_product, subtract_square};
use super::pass::Tables;

/// A vector over all levels: of the first factor, and of the others numbered through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Levels {
    pub first: Vec<f64>,
    pub rest: Vec<f64>,
}

impl Levels {
    pub fn zero(layout: &Layout) -> Self {
        Self { first: vec![0.0; layout.first()], rest: vec![0.0; layout.others()] }
    }

    pub fn dot(&self, other: &Self) -> f64 {
        dot(&self.first, &other.first) + dot(&self.rest, &other.rest)
    }

    /// The part of the factor at `place`.
    pub fn of(&self, layout: &Layout, place: usize) -> &[f64] {
        if place == 0 { &self.first } else { &self.rest[layout.range(place)] }
    }

    /// Every level times the spread of its factor.
    pub fn scaled(&self, layout: &Layout, sigma: &[f64]) -> Self {
        let mut out = self.clone();
        out.first.iter_mut().for_each(|v| *v *= sigma[0]);
        for (place, spread) in sigma.iter().enumerate().skip(1) {
            out.rest[layout.range(place)].iter_mut().for_each(|v| *v *= spread);
        }
        out
    }

    /// `self + step * other`.
    pub fn moved(&self, step: f64, other: &Self) -> Self {
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x + step * y).collect();
        Self { first: add(&self.first, &other.first), rest: add(&self.rest, &other.rest) }
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `H`, factored.
#[derive(Clone, Debug, Default)]
pub(super) struct System {
    /// Square roots of the eliminated diagonal.
    root: Vec<f64>,
    /// `D^-1/2` times the scaled cross table, `others x first`, column-major.
    cross: Vec<f64>,
    rest: Cholesky,
    /// `ln |H|`.
    pub log_determinant: f64,
}

/// `V = H^-1` as far as anything asks for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Inverse {
    /// Diagonal of the first factor's block.
    pub first: Vec<f64>,
    /// Block of the others with the first factor, `others x first`, column-major.
    pub cross: Vec<f64>,
    /// Block of the others, full.
    pub rest: Vec<f64>,
    others: usize,
    /// Products of the spreads of each pair of places.
    spread: Vec<f64>,
    places: usize,
}

impl System {
    /// `None` where the tables overflow.
    pub fn new(layout: &Layout, tables: &Tables, sigma: &[f64]) -> Option<Self> {
        let others = layout.others();
        let per_level = spreads(layout, sigma);
        let variance = sigma[0] * sigma[0];
        let root: Vec<f64> = tables.first_weight.iter().map(|w| (1.0 + variance * w).sqrt()).collect();
        let mut cross = Vec::new();
        let mut matrix = vec![0.0; others * others];
        for (g, (weight, spread)) in tables.weight.iter().zip(&per_level).enumerate() {
            matrix[g * others + g] = 1.0 + spread * spread * weight;
        }
        for (k, l, start) in layout.pairs() {
            let both = sigma[k] * sigma[l];
            let (wide, high) = (layout.sizes[l], layout.range(l).start);
            for (g, column) in layout.range(k).enumerate() {
                let from = &tables.pairs[start + g * wide..start + (g + 1) * wide];
                let at = column * others + high;
                matrix[at..at + wide].iter_mut().zip(from).for_each(|(to, w)| *to = both * w);
            }
        }
        if others > 0 {
            cross = vec![0.0; others * layout.first()];
            if sigma[0] > 0.0 {
                let rows = tables.cross.par_chunks_exact(others);
                cross.par_chunks_exact_mut(others).zip(rows).zip(&root).for_each(|((to, from), root)| {
                    let factor = sigma[0] / root;
                    for ((to, w), spread) in to.iter_mut().zip(from).zip(&per_level) {
                        *to = w * spread * factor;
                    }
                });
                subtract_square(&mut matrix, others, &cross, layout.first());
            }
        }
        let rest = Cholesky::new(matrix, others)?;
        let log_determinant = rest.log_determinant + root.iter().map(|r| 2.0 * r.ln()).sum::<f64>();
        log_determinant.is_finite().then_some(Self { root, cross, rest, log_determinant })
    }

    /// `H^-1 b`.
    pub fn solve(&self, b: &Levels) -> Levels {
        let mut first: Vec<f64> = b.first.iter().zip(&self.root).map(|(v, root)| v / root).collect();
        let mut rest = b.rest.clone();
        let others = rest.len();
        if others > 0 {
            for (column, value) in self.cross.chunks_exact(others).zip(&first) {
                rest.iter_mut().zip(column).for_each(|(to, c)| *to -= value * c);
            }
            self.rest.solve(&mut rest);
            for (column, value) in self.cross.chunks_exact(others).zip(&mut first) {
                *value -= dot(column, &rest);
            }
        }
        first.iter_mut().zip(&self.root).for_each(|(v, root)| *v /= root);
        Levels { first, rest }
    }

    /// The inverse, and what [`Inverse::leverage`] needs.
    pub fn inverse(&self, sigma: &[f64]) -> Inverse {
        let (first, others) = (self.root.len(), self.cross.len() / self.root.len().max(1));
        let rest = self.rest.inverse();
        let mut cross = minus_product(&rest, others, &self.cross, first);
        let mut diagonal: Vec<f64> = self.root.iter().map(|root| 1.0 / (root * root)).collect();
        if others > 0 {
            let jobs = cross.par_chunks_exact_mut(others).zip(self.cross.par_chunks_exact(others));
            jobs.zip(&mut diagonal).zip(&self.root).for_each(|(((v, c), own), root)| {
                *own -= dot(v, c) / (root * root);
                v.iter_mut().for_each(|v| *v /= root);
            });
        }
        let spread = sigma.iter().flat_map(|a| sigma.iter().map(move |b| a * b)).collect();
        Inverse { first: diagonal, cross, rest, others, spread, places: sigma.len() }
    }
}

/// The spread of its factor for every level of the others.
pub(super) fn spreads(layout: &Layout, sigma: &[f64]) -> Vec<f64> {
    let mut out = Vec::with_capacity(layout.others());
    for (place, spread) in sigma.iter().enumerate().skip(1) {
        out.resize(layout.range(place).end, *spread);
    }
    out
}

impl Inverse {
    /// `h = a' V a` of a cell.
    #[inline]
    pub fn leverage<const R: usize>(&self, level: usize, own: &[u32; R]) -> f64 {
        let mut sum = self.spread[0] * self.first[level];
        for k in 0..R {
            let g = own[k] as usize;
            sum += 2.0 * self.spread[k + 1] * self.cross[level * self.others + g];
            let column = &self.rest[g * self.others..(g + 1) * self.others];
            let spread = &self.spread[(k + 1) * self.places..(k + 2) * self.places];
            sum += spread[k + 1] * column[g];
            for l in k + 1..R {
                sum += 2.0 * spread[l + 1] * column[own[l] as usize];
            }
        }
        sum
    }

    /// Variances of the standardised effects of the factor at `place`.
    pub fn diagonal(&self, layout: &Layout, place: usize) -> Vec<f64> {
        if place == 0 {
            self.first.clone()
        } else {
            layout.range(place).map(|g| self.rest[g * self.others + g]).collect()
        }
    }

    /// `sum_i w_i (A V dA_k')_ii` for every place `k`: how `ln |H|` grows with each spread, halved.
    pub fn traces(&self, layout: &Layout, tables: &Tables, sigma: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; sigma.len()];
        out[0] = sigma[0] * dot(&self.first, &tables.first_weight);
        let others = self.others;
        if others > 0 {
            let rows: Vec<Vec<f64>> = self
                .cross
                .par_chunks(others * PER_JOB)
                .zip(tables.cross.par_chunks(others * PER_JOB))
                .map(|(v, w)| {
                    let mut sums = vec![0.0; sigma.len()];
                    for (v, w) in v.chunks_exact(others).zip(w.chunks_exact(others)) {
                        for (place, sum) in sums.iter_mut().enumerate().skip(1) {
                            *sum += dot(&v[layout.range(place)], &w[layout.range(place)]);
                        }
                    }
                    sums
                })
                .collect();
            for sums in rows {
                for place in 1..sigma.len() {
                    out[0] += sigma[place] * sums[place];
                    out[place] += sigma[0] * sums[place];
                }
            }
        }
        for place in 1..sigma.len() {
            out[place] += sigma[place] * dot(&self.diagonal(layout, place), &tables.weight[layout.range(place)]);
        }
        for (k, l, start) in layout.pairs() {
            let wide = layout.sizes[l];
            let sum: f64 = layout
                .range(k)
                .enumerate()
                .map(|(g, column)| {
                    let v = &self.rest[column * others..(column + 1) * others][layout.range(l)];
                    dot(v, &tables.pairs[start + g * wide..start + (g + 1) * wide])
                })
                .sum();
            out[k] += sigma[l] * sum;
            out[l] += sigma[k] * sum;
        }
        out
    }
}

/// Levels of the first factor in one share of the traces.
const PER_JOB: usize = 64;

/// `Z'WZ b`.
pub(super) fn weigh(layout: &Layout, tables: &Tables, b: &Levels) -> Levels {
    let others = layout.others();
    let mut first: Vec<f64> = b.first.iter().zip(&tables.first_weight).map(|(v, w)| v * w).collect();
    let mut rest: Vec<f64> = b.rest.iter().zip(&tables.weight).map(|(v, w)| v * w).collect();
    if others > 0 {
        for ((row, to), value) in tables.cross.chunks_exact(others).zip(&mut first).zip(&b.first) {
            *to += dot(row, &b.rest);
            rest.iter_mut().zip(row).for_each(|(to, w)| *to += value * w);
        }
    }
    for (k, l, start) in layout.pairs() {
        let wide = layout.sizes[l];
        for (g, own) in layout.range(k).enumerate() {
            let row = &tables.pairs[start + g * wide..start + (g + 1) * wide];
            rest[own] += dot(row, &b.rest[layout.range(l)]);
            rest[layout.range(l)].iter_mut().zip(row).for_each(|(to, w)| *to += b.rest[own] * w);
        }
    }
    Levels { first, rest }
}
