//! The maximum of the Laplace log-likelihood: whitened BFGS, then the boundary.
//!
//! Fixed effects are measured in units of the profile information, `beta = beta0 + S^{-T/2} gamma`, and each
//! spread on a scale of about one standard error: logarithmic where the data hold it away from 0, raw where
//! they do not (there the logarithm goes flat). In these units the curvature is near the identity, so BFGS
//! starts well: 4 to 13 gradients instead of dozens.
//!
//! Not here: passes and factorisations.
//!
//! Invariant: the value never falls from one accepted point to the next; every loop is bounded.

use super::cells::Layout;
use super::dense::Cholesky;
use super::laplace::Gradient;
use super::mode::{Climb, DECREMENT};
use super::system::{Levels, dot};
use crate::error::{Error, Result};

/// Half the predicted gain of the next step at which the search ends, in log-likelihood.
const GAIN: f64 = 1e-12;

/// Twice the gain that may be left at the end, by the curvature there: rounding leaves as much where a cell's predictor
/// is rounded more coarsely than others move it.
const LEFT: f64 = 1e-7;

/// Steps of one stage, stages (each whitens anew), and shortenings of one step, at most.
const STEPS: usize = 25;
const STAGES: usize = 10;
const SHORTENINGS: usize = 25;

/// Rounds of joint Newton and fixed point before the search.
const ROUNDS: usize = 3;
const ROUND_DECREMENT: f64 = 1e-3;
const START: f64 = 0.5;

/// Spread on the logit scale beyond which the search gives up: levels then separate the outcomes.
const LARGEST_SPREAD: f64 = 20.0;

/// Log-likelihood that a spread above 0 must win over 0.
const TIE: f64 = 1e-8;

/// Spreads below this many units of their own resolution are searched on the raw scale.
const WEAK: f64 = 2.0;

/// A point to return to.
struct Saved {
    beta: Vec<f64>,
    sigma: Vec<f64>,
    v: Levels,
}

/// How one spread is moved.
#[derive(Clone, Copy, Debug)]
enum Scale {
    Log(f64),
    Raw(f64),
}

impl Climb<'_> {
    /// Changes the spreads; the effects themselves stay where they are as far as possible.
    pub fn set_sigma(&mut self, sigma: &[f64]) {
        for (place, (old, new)) in self.sigma.iter().zip(sigma).enumerate() {
            let ratio = if *new > 0.0 && (0.1..=10.0).contains(&(old / new)) { old / new } else { 1.0 };
            let v = if place == 0 { &mut self.v.first[..] } else { &mut self.v.rest[self.layout.range(place)] };
            let ratio = if *new == 0.0 { 0.0 } else { ratio };
            v.iter_mut().for_each(|v| *v *= ratio);
        }
        self.sigma.clear();
        self.sigma.extend_from_slice(sigma);
    }

    fn saved(&self) -> Saved {
        Saved { beta: self.beta.clone(), sigma: self.sigma.clone(), v: self.v.clone() }
    }

    fn restore(&mut self, saved: &Saved) -> Result<Gradient> {
        self.set_beta(&saved.beta);
        self.sigma = saved.sigma.clone();
        self.v = saved.v.clone();
        self.with_gradient()
    }

    fn with_gradient(&mut self) -> Result<Gradient> {
        let value = self.laplace()?;
        self.gradient(value)
    }

    /// From nothing to the neighbourhood of the maximum: joint Newton, and `sigma^2 <- u'u / (q - tr V)`.
    pub fn approach(&mut self) -> Result<()> {
        let factors = self.layout.which.len();
        let mut sigma = vec![0.0; self.sigma.len()];
        sigma.iter_mut().take(factors).for_each(|s| *s = START);
        self.set_sigma(&sigma);
        self.joint(ROUND_DECREMENT)?;
        for _ in 0..if factors == 0 { 0 } else { ROUNDS } {
            let inverse = self.system.inverse(&self.sigma);
            for (place, spread) in sigma.iter_mut().enumerate() {
                let v = self.v.of(self.layout, place);
                let held: f64 = inverse.diagonal(self.layout, place).iter().map(|d| 1.0 - d).sum();
                let ratio = (dot(v, v) / held.max(1e-8)).clamp(1e-2, 1e2);
                *spread = (*spread * ratio.sqrt()).clamp(1e-3, 0.5 * LARGEST_SPREAD);
            }
            self.set_sigma(&sigma);
            self.joint(ROUND_DECREMENT)?;
        }
        Ok(())
    }

    /// The maximum; spreads whose place is in `pinned` stay 0.
    pub fn maximum(&mut self, pinned: &[bool]) -> Result<Gradient> {
        let mut zero = pinned.to_vec();
        let mut best = self.with_gradient()?;
        best = self.climb_to_top(best, &zero)?;
        let mut weak: Vec<(f64, usize)> = (0..self.layout.which.len())
            .filter(|place| !zero[*place])
            .map(|place| (self.sigma[place] / resolution(self.layout, &best, &self.sigma, place), place))
            .filter(|(size, _)| *size < 1.5 * WEAK)
            .collect();
        weak.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, place) in weak {
            let saved = self.saved();
            let mut sigma = self.sigma.clone();
            sigma[place] = 0.0;
            zero[place] = true;
            self.set_sigma(&sigma);
            let there = self.with_gradient().and_then(|now| self.climb_to_top(now, &zero));
            match there {
                Ok(there) if there.value >= best.value - TIE => best = there,
                _ => {
                    zero[place] = false;
                    best = self.restore(&saved)?;
                }
            }
        }
        for place in 0..self.layout.which.len() {
            if zero[place] && !pinned[place] {
                best = self.leave_zero(best, &mut zero, place)?;
            }
        }
        Ok(best)
    }

    /// Whether a spread above 0 beats 0 after all; if so, climbs from there.
    fn leave_zero(&mut self, best: Gradient, zero: &mut [bool], place: usize) -> Result<Gradient> {
        let saved = self.saved();
        let weights =
            if place == 0 { &self.tables.first_weight[..] } else { &self.tables.weight[self.layout.range(place)] };
        let unit = unit(weights.iter().copied());
        for size in [0.5, 1.5] {
            let mut sigma = saved.sigma.clone();
            sigma[place] = size * unit;
            self.set_sigma(&sigma);
            if self.laplace()? > best.value + TIE {
                zero[place] = false;
                let value = self.laplace()?;
                let there = self.gradient(value).and_then(|now| self.climb_to_top(now, zero))?;
                if there.value > best.value + TIE {
                    return Ok(there);
                }
                zero[place] = true;
            }
        }
        self.restore(&saved)
    }

    /// Stages of BFGS until one ends at a maximum.
    fn climb_to_top(&mut self, mut now: Gradient, zero: &[bool]) -> Result<Gradient> {
        if self.sigma.iter().all(|s| *s == 0.0) {
            // A plain logistic regression: the joint climb is its own.
            self.joint(DECREMENT)?;
            now = self.with_gradient()?;
        }
        for _ in 0..STAGES {
            let (next, done) = self.stage(now, zero)?;
            if self.sigma.iter().any(|s| *s > LARGEST_SPREAD) {
                return Err(Error::no_convergence("sigma"));
            }
            // the curvature gathered on the way may promise nothing more where the curvature there does
            if done && self.promised(&next)? <= LEFT {
                return Ok(next);
            }
            now = next;
        }
        Err(Error::no_convergence("sigma"))
    }

    /// Twice the gain in log-likelihood that a Newton step of the fixed effects promises, by the curvature here.
    fn promised(&self, now: &Gradient) -> Result<f64> {
        let (information, _) = self.information(&now.sums);
        let root = Cholesky::new(information, self.layout.columns).ok_or(Error::no_convergence("beta"))?;
        let mut slope = now.beta.clone();
        root.forward(&mut slope);
        let gain = dot(&slope, &slope);
        if gain.is_finite() { Ok(gain) } else { Err(Error::no_convergence("beta")) }
    }

    fn stage(&mut self, mut now: Gradient, zero: &[bool]) -> Result<(Gradient, bool)> {
        let p = self.layout.columns;
        let (information, _) = self.information(&now.sums);
        let root = Cholesky::new(information, p).ok_or(Error::no_convergence("beta"))?;
        let beta0 = self.beta.clone();
        let sigma0 = self.sigma.clone();
        let free: Vec<(usize, Scale)> = (0..self.layout.which.len())
            .filter(|place| !zero[*place])
            .map(|place| (place, self.scale(&now, place)))
            .collect();
        let size = p + free.len();
        let mut z = vec![0.0; size];
        let mut curvature: Vec<f64> = (0..size * size).map(|i| f64::from(u8::from(i % (size + 1) == 0))).collect();
        let mut slope = self.whitened(&now, &root, &free, &sigma0, &z);
        for _ in 0..STEPS {
            let mut step: Vec<f64> = curvature.chunks_exact(size.max(1)).map(|row| dot(row, &slope)).collect();
            let gain = dot(&step, &slope);
            if 0.5 * gain <= GAIN {
                return Ok((now, true));
            }
            let limit = limit(&step, p, &free);
            step.iter_mut().for_each(|s| *s *= limit);
            let rise = gain * limit;
            let mut length = 1.0;
            let mut accepted = None;
            for _ in 0..SHORTENINGS {
                let next: Vec<f64> = z.iter().zip(&step).map(|(z, s)| z + length * s).collect();
                self.place_at(&next, &beta0, &sigma0, &root, &free);
                let value = self.laplace().unwrap_or(f64::NEG_INFINITY);
                if value >= now.value + 1e-4 * length * rise - noise(now.value) {
                    accepted = Some((next, value));
                    break;
                }
                // The top of the parabola through the value and slope here and the value there.
                let short = if value.is_finite() {
                    0.5 * rise * length * length / (now.value + rise * length - value)
                } else {
                    0.0
                };
                length = short.clamp(0.1 * length, 0.5 * length);
            }
            let Some((next, value)) = accepted else {
                self.place_at(&z, &beta0, &sigma0, &root, &free);
                now = self.with_gradient()?;
                // No rise along a rising direction: rounding, if the promised gain is of its size.
                let done = 0.5 * gain <= 1e2 * noise(now.value);
                return Ok((now, done));
            };
            now = self.gradient(value)?;
            let new_slope = self.whitened(&now, &root, &free, &sigma0, &next);
            let moved: Vec<f64> = next.iter().zip(&z).map(|(a, b)| a - b).collect();
            let bent: Vec<f64> = slope.iter().zip(&new_slope).map(|(a, b)| a - b).collect();
            update(&mut curvature, &moved, &bent);
            (z, slope) = (next, new_slope);
            let sunk = free.iter().any(|(place, scale)| {
                matches!(scale, Scale::Log(_))
                    && self.sigma[*place] < 0.5 * WEAK * resolution(self.layout, &now, &self.sigma, *place)
            });
            if sunk || self.sigma.iter().any(|s| *s > LARGEST_SPREAD) {
                return Ok((now, false));
            }
        }
        Ok((now, false))
    }

    fn scale(&self, now: &Gradient, place: usize) -> Scale {
        let unit = resolution(self.layout, now, &self.sigma, place);
        if self.sigma[place] < WEAK * unit {
            return Scale::Raw(0.5 * unit);
        }
        let held: f64 = now.inverse.diagonal(self.layout, place).iter().map(|v| (1.0 - v) * (1.0 - v)).sum();
        Scale::Log(1.0 / (2.0 * held.max(0.5)).sqrt())
    }

    fn place_at(&mut self, z: &[f64], beta0: &[f64], sigma0: &[f64], root: &Cholesky, free: &[(usize, Scale)]) {
        let p = beta0.len();
        let mut beta = z[..p].to_vec();
        root.backward(&mut beta);
        beta.iter_mut().zip(beta0).for_each(|(b, from)| *b += from);
        let mut sigma = sigma0.to_vec();
        for ((place, scale), z) in free.iter().zip(&z[p..]) {
            sigma[*place] = match scale {
                Scale::Log(unit) => sigma0[*place] * (unit * z).exp(),
                // The value is even in each spread, so the search may step across 0.
                Scale::Raw(unit) => (sigma0[*place] + unit * z).abs(),
            };
        }
        self.set_beta(&beta);
        self.set_sigma(&sigma);
    }

    /// The gradient in the whitened coordinates at `z`.
    fn whitened(
        &self,
        now: &Gradient,
        root: &Cholesky,
        free: &[(usize, Scale)],
        sigma0: &[f64],
        z: &[f64],
    ) -> Vec<f64> {
        let p = self.layout.columns;
        let mut out = now.beta.clone();
        root.forward(&mut out);
        for ((place, scale), z) in free.iter().zip(&z[p..]) {
            out.push(match scale {
                Scale::Log(unit) => now.sigma[*place] * self.sigma[*place] * unit,
                Scale::Raw(unit) if sigma0[*place] + unit * z < 0.0 => -now.sigma[*place] * unit,
                Scale::Raw(unit) => now.sigma[*place] * unit,
            });
        }
        out
    }
}

/// Size of the spread at which the data begin to tell it from 0: `(sum m^2 / 2)^(-1/4)` with `m` the
/// information per level, net of the other factors.
fn resolution(layout: &Layout, now: &Gradient, sigma: &[f64], place: usize) -> f64 {
    let variance = (sigma[place] * sigma[place]).max(1e-12);
    unit(now.inverse.diagonal(layout, place).iter().map(|v| (1.0 / v - 1.0).max(0.0) / variance))
}

fn unit(information: impl Iterator<Item = f64>) -> f64 {
    let sum: f64 = information.map(|m| m * m).sum();
    if sum > 1e-12 { (0.5 * sum).powf(-0.25) } else { 1.0 }
}

/// Shortens a step that would leave the region where the units mean anything.
fn limit(step: &[f64], p: usize, free: &[(usize, Scale)]) -> f64 {
    let length = dot(&step[..p], &step[..p]).sqrt();
    let mut out = if length > 20.0 { 20.0 / length } else { 1.0 };
    for ((_, scale), s) in free.iter().zip(&step[p..]) {
        let most = match scale {
            Scale::Log(unit) => 1.5 / unit,
            Scale::Raw(_) => 6.0,
        };
        if s.abs() * out > most {
            out = most / s.abs();
        }
    }
    out
}

/// BFGS update of the inverse curvature; skipped where the step shows none.
fn update(inverse: &mut [f64], moved: &[f64], bent: &[f64]) {
    let size = moved.len();
    let along = dot(moved, bent);
    if along.is_nan() || along <= 1e-10 * dot(moved, moved) {
        return;
    }
    let through: Vec<f64> = inverse.chunks_exact(size.max(1)).map(|row| dot(row, bent)).collect();
    let scale = (1.0 + dot(bent, &through) / along) / along;
    for i in 0..size {
        for j in 0..size {
            inverse[i * size + j] +=
                scale * moved[i] * moved[j] - (through[i] * moved[j] + moved[i] * through[j]) / along;
        }
    }
}

/// Rounding of a value of this size.
fn noise(value: f64) -> f64 {
    1e-11 + 1e-13 * value.abs()
}
