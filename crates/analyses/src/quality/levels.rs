//! Who differs, net of the others: sources, reps and months crossed, over the whole history.
//!
//! Here: the fit and what is shown of it. Not here: the change between periods. Invariant: a rep's own effect is used
//! for the spread and leaves this file in no other form.

use stats::crossed::{Cells, Factor, Fit, Model, SpreadTest};
use stats::interval::Interval;

use super::blend::{Blend, expit};
use super::fixed::Fixed;
use super::read::{Cell, Reading};
use super::settings::{LEAST_IN_SOURCE, LEAST_REPS};
use super::spread;

/// An estimate with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub interval: Interval,
}

/// How far the levels of a factor differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Standard deviation in log odds.
    pub sigma: Estimate,
    /// By how much the rate moves with one of them.
    pub points: Estimate,
    pub test: SpreadTest,
}

/// The reps as one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reps {
    pub spread: Spread,
    /// Reps with enough rows for a raw rate, and the standard deviation of those rates.
    pub rated: usize,
    pub raw: f64,
    /// What it would be by chance and by what each was given.
    pub by_chance: f64,
}

/// What the fit says.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    pub fit: Fit,
    /// For each source, the rate that all rows would have had from it.
    pub sources: Vec<Option<Estimate>>,
    pub source_spread: Spread,
    /// For each month likewise; empty where there are fewer than three.
    pub months: Vec<Option<Estimate>>,
    pub month_sigma: Option<f64>,
    pub reps: Option<Reps>,
    pub has_reps: bool,
    /// What follow-up within the hour goes with, in log odds and as a standard error.
    pub fast: Option<(f64, f64)>,
}

/// Cells merged over what the model does not tell apart, and their parts as lists.
fn merged(cells: &[Cell]) -> Vec<Cell> {
    let mut sorted = cells.to_vec();
    let key = |c: &Cell| (c.source, c.rep, c.month, c.fast as u8, c.segment);
    sorted.sort_by_key(key);
    let mut out: Vec<Cell> = Vec::with_capacity(sorted.len());
    for cell in sorted {
        match out.last_mut() {
            Some(last) if key(last) == key(&cell) => {
                last.n += cell.n;
                last.y += cell.y;
            }
            _ => out.push(cell),
        }
    }
    out
}

/// Fits the levels.
///
/// # Errors
/// Those of the kernel: no convergence, too many levels.
pub fn levels(reading: &Reading) -> stats::Result<Levels> {
    let cells = merged(&reading.cells);
    let fixed = Fixed::of(&cells);
    let (mut x, mut n, mut y) = (Vec::new(), Vec::new(), Vec::new());
    for cell in &cells {
        x.push(1.0);
        fixed.row(cell, &mut x);
        n.push(cell.n);
        y.push(cell.y);
    }
    let list = |level: fn(&Cell) -> u32| cells.iter().map(level).collect::<Vec<u32>>();
    let (source, rep, month) = (list(|c| c.source), list(|c| c.rep), list(|c| c.month));
    let mut factors = vec![Factor { levels: &source, size: reading.sources.len() }];
    let has_reps = reading.plan.rep.is_ok() && reading.reps >= 2;
    if has_reps {
        factors.push(Factor { levels: &rep, size: reading.reps });
    }
    let month_place = (reading.months.len() >= 3).then_some(factors.len());
    if month_place.is_some() {
        factors.push(Factor { levels: &month, size: reading.months.len() });
    }
    let model = Model::new(&Cells { n: &n, y: &y, x: &x, columns: 1 + fixed.columns(), factors: &factors })?;
    let fit = model.fit()?;
    let shown = |place: usize, levels: &[u32]| {
        let others: Vec<Factor> = factors.iter().enumerate().filter(|(k, _)| *k != place).map(|(_, f)| *f).collect();
        shown(&fit, &cells, place, levels, &others)
    };
    let (sources, spreads) = shown(0, &source);
    let source_spread = spread_of(&fit, &model, 0, spreads)?;
    let reps = if has_reps {
        let (_, own) = shown(1, &rep);
        let spread = spread_of(&fit, &model, 1, own)?;
        let counted = raw(&fit, &cells, reading.reps);
        (reading.reps >= LEAST_REPS && counted.0 >= LEAST_REPS).then_some(Reps {
            spread,
            rated: counted.0,
            raw: counted.1,
            by_chance: counted.2,
        })
    } else {
        None
    };
    let months = month_place.map_or(vec![], |place| shown(place, &month).0);
    let fast = fixed.fast.then(|| (fit.beta[1], fit.se[1]));
    let month_sigma = month_place.map(|p| fit.sigma[p]);
    Ok(Levels { sources, source_spread, months, month_sigma, reps, has_reps, fast, fit })
}

/// What a factor's own effects say of its spread, with the mean over rows at which it is shown.
struct Owns {
    interval: Option<Interval>,
    blend: Blend,
}

/// The rate that all rows would have had at each level of a factor, and its levels' own effects.
///
/// A level's error is that of its own rows, given which part of them the other factors do not tell from the rest, with
/// the spread as what is known before. (The kernel's conditional deviations hold besides what shifts all levels of this
/// factor against all of another, which moves no rate.)
fn shown(fit: &Fit, cells: &[Cell], place: usize, levels: &[u32], others: &[Factor]) -> (Vec<Option<Estimate>>, Owns) {
    let effects = &fit.effects[place];
    let eta = |i: usize| fit.linear_predictor[i];
    let own = spread::own(effects, cells.iter().enumerate().map(|(i, c)| (levels[i] as usize, c.n, c.y, eta(i))));
    let blend = Blend::of(cells.iter().enumerate().map(|(i, c)| (eta(i) - effects[levels[i] as usize], c.n)));
    let interval = spread::interval(&own, fit.sigma[place]);
    let sigma = spread::known(&own, fit.sigma[place]);
    let apart = apart(fit, cells, levels, &own, others);
    let all: f64 = own.iter().flatten().map(|o| o.information).sum();
    let estimates = own
        .iter()
        .enumerate()
        .map(|(level, own)| {
            let told = (*own)?.information * apart[level];
            let by_itself = if sigma > 0.0 { 1.0 / (told + 1.0 / (sigma * sigma)) } else { 0.0 };
            let sd = (by_itself + 1.0 / all).sqrt();
            let interval = Interval::normal(effects[level], sd)?.map(|x| blend.rate(x));
            Some(Estimate { value: blend.rate(effects[level]), interval })
        })
        .collect();
    (estimates, Owns { interval, blend })
}

/// For each level, the share of its information that no other factor's levels tell as well: 1 less how well they
/// predict whether a row is of this level.
fn apart(fit: &Fit, cells: &[Cell], levels: &[u32], own: &[Option<spread::Own>], others: &[Factor]) -> Vec<f64> {
    let of = |i: usize| {
        let mean = expit(fit.linear_predictor[i]);
        cells[i].n * mean * (1.0 - mean)
    };
    let all: f64 = own.iter().flatten().map(|o| o.information).sum();
    let mut out = vec![1.0; own.len()];
    for other in others {
        let mut both = vec![0.0; own.len() * other.size];
        let mut theirs = vec![0.0; other.size];
        for (i, (level, their)) in levels.iter().zip(other.levels).enumerate() {
            let (level, their) = (*level as usize, *their as usize);
            both[level * other.size + their] += of(i);
            theirs[their] += of(i);
        }
        for (level, slot) in out.iter_mut().enumerate() {
            let Some(own) = own[level] else { continue };
            let met = &both[level * other.size..(level + 1) * other.size];
            let explained: f64 =
                met.iter().zip(&theirs).filter(|(_, all)| **all > 0.0).map(|(both, all)| both * both / all).sum();
            let mean = own.information * own.information / all;
            if own.information > mean {
                *slot -= ((explained - mean) / (own.information - mean)).clamp(0.0, 1.0);
            }
        }
    }
    out.iter().map(|share| share.max(0.0)).collect()
}

fn spread_of(fit: &Fit, model: &Model, place: usize, owns: Owns) -> stats::Result<Spread> {
    let test = model.test_spread(fit, place)?;
    let sigma = fit.sigma[place];
    let interval = owns.interval.unwrap_or(Interval { lo90: 0.0, lo50: 0.0, hi50: sigma, hi90: sigma });
    let points = |s: f64| 0.5 * (owns.blend.rate(s) - owns.blend.rate(-s));
    Ok(Spread {
        sigma: Estimate { value: sigma, interval },
        points: Estimate { value: points(sigma), interval: interval.map(points) },
        test,
    })
}

/// Reps with enough rows, the standard deviation of their raw rates, and what chance and mix alone would make of it.
fn raw(fit: &Fit, cells: &[Cell], reps: usize) -> (usize, f64, f64) {
    // rows, outcomes, expected outcomes and their variance without the rep's own effect
    let mut sums = vec![[0.0; 4]; reps];
    for (i, cell) in cells.iter().enumerate() {
        let slot = &mut sums[cell.rep as usize];
        let mean = expit(fit.linear_predictor[i] - fit.effects[1][cell.rep as usize]);
        for (to, add) in slot.iter_mut().zip([cell.n, cell.y, cell.n * mean, cell.n * mean * (1.0 - mean)]) {
            *to += add;
        }
    }
    let rated: Vec<[f64; 4]> = sums.into_iter().filter(|s| s[0] >= LEAST_IN_SOURCE).collect();
    let count = rated.len() as f64;
    if rated.len() < 2 {
        return (rated.len(), 0.0, 0.0);
    }
    let variance = |of: &dyn Fn(&[f64; 4]) -> f64| {
        let mean = rated.iter().map(of).sum::<f64>() / count;
        rated.iter().map(|s| (of(s) - mean).powi(2)).sum::<f64>() / (count - 1.0)
    };
    let chance = rated.iter().map(|s| s[3] / (s[0] * s[0])).sum::<f64>() / count;
    (rated.len(), variance(&|s| s[1] / s[0]).sqrt(), (variance(&|s| s[2] / s[0]) + chance).sqrt())
}
