//! The maximum of the likelihood, by damped Newton steps from several starts.
//!
//! Not here: priors. Where the data do not bound `pi` below 1, the fit says so ([`Fit::at_boundary`]).
//!
//! Invariant: a returned fit has a gradient of 0 up to rounding, or is marked as lying at the boundary.

use nalgebra::{Matrix3, Vector3};

use super::distribution::{Family, expit};
use super::likelihood::{self, Pooled};
use crate::error::{Error, Result, all_counts};
use crate::interval::Interval;

/// Distinct ages with events needed: fewer than the three parameters cannot determine them.
pub const LEAST_EVENT_AGES: usize = 3;

/// `|logit pi|` at which the search stops: beyond it `pi` is within 1e-6 of 0 or 1, and the likelihood flat.
const LOGIT_BOUND: f64 = 14.0;

/// Newton steps from one start; convergence takes 5 to 15.
const STEPS: usize = 200;

/// Largest `g' H^-1 g` at an accepted maximum: the log-likelihood is then within half of it.
const DECREMENT: f64 = 1e-8;

/// One item, or several alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Age at the event, or age reached while open, in the caller's unit. Above 0 for an event: count an
    /// event on the first day as half a day.
    pub age: f64,
    /// Whether the event was seen.
    pub event: bool,
    /// How many items this stands for, 0 or more.
    pub weight: f64,
}

/// A fitted mixture.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Distribution of the time to the event.
    pub family: Family,
    /// Share that will ever see the event.
    pub pi: f64,
    /// Scale, in the unit of the ages.
    pub scale: f64,
    /// Shape.
    pub shape: f64,
    /// Log-likelihood at the maximum (natural logarithm, density in the unit of the ages).
    pub log_likelihood: f64,
    /// Weight of the events.
    pub events: f64,
    /// Weight of all items.
    pub items: f64,
    /// Oldest age among the items.
    pub oldest: f64,
    /// Whether `pi` ran to 1 (or 0): the data then say nothing about who never sees the event, and there
    /// are no standard errors.
    pub at_boundary: bool,
    /// Covariance of `(logit pi, ln scale, ln shape)`: inverse of the exact negative Hessian. `None` at the
    /// boundary or where it is not positive definite.
    pub covariance: Option<[[f64; 3]; 3]>,
}

/// Both families fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The likelier one; Weibull when equal.
    pub best: Fit,
    /// The other one, where it could be fitted.
    pub other: Option<Fit>,
}

impl Fit {
    /// Standard error of `pi`, by the delta method.
    pub fn se_pi(&self) -> Option<f64> {
        Some(self.pi * (1.0 - self.pi) * self.covariance?[0][0].sqrt())
    }

    /// Interval of `pi`, normal on the logit scale so that it stays inside (0, 1).
    pub fn interval_pi(&self) -> Option<Interval> {
        let logit = (self.pi / (1.0 - self.pi)).ln();
        Some(Interval::normal(logit, self.covariance?[0][0].sqrt())?.map(expit))
    }
}

/// Fits both families and orders them by likelihood.
///
/// # Errors
/// As [`fit`], when neither could be fitted.
pub fn choose(items: &[Item]) -> Result<Choice> {
    match (fit(items, Family::Weibull), fit(items, Family::LogLogistic)) {
        (Ok(a), Ok(b)) if b.log_likelihood > a.log_likelihood => Ok(Choice { best: b, other: Some(a) }),
        (Ok(a), Ok(b)) => Ok(Choice { best: a, other: Some(b) }),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(Choice { best: one, other: None }),
        (Err(error), Err(_)) => Err(error),
    }
}

/// Maximum likelihood of one family. Items alike are pooled first, so the cost is `O(distinct ages)` a step.
///
/// # Errors
/// Not finite or out of range (an age or weight below 0, an event at age 0), too few (fewer than
/// [`LEAST_EVENT_AGES`] distinct event ages), no convergence.
pub fn fit(items: &[Item], family: Family) -> Result<Fit> {
    let pooled = pool(items)?;
    let event_ages = pooled.iter().filter(|row| row.events > 0.0).count();
    if event_ages < LEAST_EVENT_AGES {
        return Err(Error::too_few("distinct ages with events", event_ages, LEAST_EVENT_AGES));
    }
    let best = starts(&pooled)
        .into_iter()
        .filter_map(|start| climb(family, &pooled, start))
        .max_by(|a, b| a.1.value.total_cmp(&b.1.value))
        .ok_or(Error::no_convergence("mixture likelihood"))?;
    let (theta, point) = best;
    let at_boundary = theta[0].abs() > LOGIT_BOUND - 1e-6;
    let covariance = if at_boundary { None } else { inverse(-point.hessian) };
    if let Some(rows) = covariance {
        let decrement = point.gradient.dot(&(Matrix3::from(rows) * point.gradient));
        if decrement.is_nan() || decrement > DECREMENT {
            return Err(Error::no_convergence("mixture likelihood"));
        }
    }
    let (scale, shape) = (theta[1].exp(), theta[2].exp());
    if !(point.value.is_finite() && scale.is_finite() && shape.is_finite() && scale > 0.0 && shape > 0.0) {
        return Err(Error::no_convergence("mixture likelihood"));
    }
    Ok(Fit {
        family,
        pi: expit(theta[0]),
        scale,
        shape,
        log_likelihood: point.value,
        events: pooled.iter().map(|row| row.events).sum(),
        items: pooled.iter().map(|row| row.events + row.open).sum(),
        oldest: pooled.last().map_or(0.0, |row| row.log_age.exp()),
        at_boundary,
        covariance,
    })
}

/// Sorted by age, one row per distinct age.
fn pool(items: &[Item]) -> Result<Vec<Pooled>> {
    for item in items {
        all_counts(&[item.age, item.weight], "items")?;
        if item.event && item.age == 0.0 && item.weight > 0.0 {
            return Err(Error::out_of_range("items", "an age above 0 for an event"));
        }
    }
    let mut sorted: Vec<&Item> = items.iter().filter(|item| item.weight > 0.0).collect();
    sorted.sort_by(|a, b| a.age.total_cmp(&b.age).then(a.event.cmp(&b.event)).then(a.weight.total_cmp(&b.weight)));
    let mut pooled: Vec<Pooled> = Vec::new();
    for item in sorted {
        let log_age = item.age.ln();
        if pooled.last().is_none_or(|row| row.log_age != log_age) {
            pooled.push(Pooled { log_age, events: 0.0, open: 0.0 });
        }
        if let Some(row) = pooled.last_mut() {
            *(if item.event { &mut row.events } else { &mut row.open }) += item.weight;
        }
    }
    Ok(pooled)
}

/// Starts around the middle of the event ages: tail still open or already seen, early or late hump.
fn starts(pooled: &[Pooled]) -> Vec<Vector3<f64>> {
    let events: f64 = pooled.iter().map(|row| row.events).sum();
    let items: f64 = pooled.iter().map(|row| row.events + row.open).sum();
    let mean =
        pooled.iter().map(|row| if row.events > 0.0 { row.events * row.log_age } else { 0.0 }).sum::<f64>() / events;
    let share = (events / items).clamp(0.001, 0.95);
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let mut out = Vec::new();
    for (pi, scale) in [((share * 1.2).min(0.97), mean + 0.2), ((share * 2.0).min(0.98), mean + 1.0)] {
        for shape in [0.9f64, 1.5] {
            out.push(Vector3::new(logit(pi), scale, shape.ln()));
        }
    }
    out
}

/// Newton steps with a ridge that grows until the step goes up (Levenberg), clamped to the logit bound.
fn climb(family: Family, pooled: &[Pooled], start: Vector3<f64>) -> Option<(Vector3<f64>, likelihood::Point)> {
    let mut theta = start;
    let mut here = likelihood::at(family, pooled, &theta);
    let mut ridge = 1e-3;
    for _ in 0..STEPS {
        if !here.value.is_finite() {
            return None;
        }
        let free_pi = theta[0].abs() < LOGIT_BOUND || here.gradient[0] * theta[0] < 0.0;
        let mut gradient = here.gradient;
        let mut curvature = -here.hessian;
        if !free_pi {
            gradient[0] = 0.0;
            for j in 0..3 {
                curvature[(0, j)] = 0.0;
                curvature[(j, 0)] = 0.0;
            }
            curvature[(0, 0)] = 1.0;
        }
        let size = curvature.diagonal().abs().max().max(1e-12);
        let mut moved = false;
        while ridge < 1e12 {
            let damped = curvature + Matrix3::identity() * (ridge * size);
            if let Some(cholesky) = damped.cholesky() {
                let mut step = cholesky.solve(&gradient);
                // No more than a factor e^2 at once: beyond, the quadratic is not believed.
                let longest = step.abs().max();
                if longest > 2.0 {
                    step *= 2.0 / longest;
                }
                let mut next = theta + step;
                next[0] = next[0].clamp(-LOGIT_BOUND, LOGIT_BOUND);
                let there = likelihood::at(family, pooled, &next);
                if there.value > here.value {
                    theta = next;
                    here = there;
                    ridge = if ridge < 1e-11 { 0.0 } else { ridge * 0.1 };
                    moved = true;
                    break;
                }
                if longest < 1e-9 {
                    break;
                }
            }
            ridge = if ridge == 0.0 { 1e-11 } else { ridge * 10.0 };
        }
        if !moved {
            break;
        }
    }
    Some((theta, here))
}

fn inverse(information: Matrix3<f64>) -> Option<[[f64; 3]; 3]> {
    let inverse = information.cholesky()?.inverse();
    let entry = |i: usize| [inverse[(i, 0)], inverse[(i, 1)], inverse[(i, 2)]];
    let out = [entry(0), entry(1), entry(2)];
    out.iter().flatten().all(|v| v.is_finite()).then_some(out)
}
