//! The fitted model, and what can be asked of it.
//!
//! Not here: what an effect means, and whether it is worth telling.
//!
//! Invariant: a returned fit is a maximum up to 1e-10 in log-likelihood; all its numbers are finite.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::cells::{Cells, Layout};
use super::dense::Cholesky;
use super::laplace::Gradient;
use super::mode::{Climb, DECREMENT};
use super::system::Levels;
use crate::error::{Error, Result, all_finite};

/// Linear predictor beyond which a cell with trials is taken as separated: the fit runs off to infinity.
const SEPARATED: f64 = 20.0;

/// Largest spread taken for an evaluation.
const MOST_SPREAD: f64 = 1e3;

/// Cells checked and laid out; fit it, or evaluate it at given parameters.
#[derive(Clone, Debug)]
pub struct Model {
    layout: Layout,
}

/// A fitted model. Everything is on the logit scale, in the caller's order of columns, factors and levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Laplace log-likelihood with the binomial constant `sum ln C(n, y)`.
    pub log_likelihood: f64,
    /// The same without the constant: that of the single trials.
    pub log_likelihood_of_trials: f64,
    /// Fixed effects.
    pub beta: Vec<f64>,
    /// Their standard errors, given the spreads.
    pub se: Vec<f64>,
    /// Their covariance, row-major `[columns x columns]`: inverse of the profile information.
    pub covariance: Vec<f64>,
    /// Standard deviation of each factor's effects.
    pub sigma: Vec<f64>,
    /// Whether a factor's spread is 0: its levels do not differ beyond chance.
    pub at_boundary: Vec<bool>,
    /// Conditional mode of every level's effect, per factor.
    pub effects: Vec<Vec<f64>>,
    /// Conditional standard deviation of every level's effect, given fixed effects and spreads. A level
    /// without trials has `sigma`.
    pub effect_sd: Vec<Vec<f64>>,
    /// Linear predictor per cell, in the order given.
    pub linear_predictor: Vec<f64>,
    /// Laplace values that were computed.
    pub evaluations: usize,
    /// Newton steps in all climbs to a mode.
    pub newton_steps: usize,
}

/// The Laplace log-likelihood and its gradient at given parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Without the binomial constant.
    pub log_likelihood_of_trials: f64,
    /// Slope in each fixed effect.
    pub slope_beta: Vec<f64>,
    /// Slope in each spread; 0 at a spread of 0, where the function is even.
    pub slope_sigma: Vec<f64>,
    /// Conditional mode of every level's effect, per factor.
    pub effects: Vec<Vec<f64>>,
}

/// Fixed effects and effects that maximise the joint density at given spreads.
#[derive(Clone, Debug, PartialEq)]
pub struct JointMode {
    /// Fixed effects.
    pub beta: Vec<f64>,
    /// Effects per factor.
    pub effects: Vec<Vec<f64>>,
}

/// Test of one factor's spread being 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadTest {
    /// Twice the difference of the log-likelihoods, 0 or more.
    pub statistic: f64,
    /// Chance of a statistic this large without any spread: half of a chi-square with 1 degree of freedom
    /// (the null value lies at the boundary); 1 at a statistic of 0.
    pub p: f64,
    /// Log-likelihood of the model without the factor, with the binomial constant.
    pub log_likelihood_without: f64,
}

impl Model {
    /// Checks the cells and lays them out.
    ///
    /// # Errors
    /// Shape, not finite, out of range (`y` above `n`, a level at or above its factor's size, columns that
    /// are combinations of one another), too few (no success or no failure at all), too many (factors,
    /// columns, cells, or pairs of levels: the dense tables would not fit).
    pub fn new(cells: &Cells) -> Result<Self> {
        Ok(Self { layout: Layout::new(cells)? })
    }

    /// Fits fixed effects and spreads.
    ///
    /// # Errors
    /// No convergence: fixed columns or levels that separate successes from failures, or spreads that the
    /// data do not determine.
    pub fn fit(&self) -> Result<Fit> {
        let mut climb = Climb::new(&self.layout);
        climb.approach()?;
        let pinned = vec![self.layout.which.is_empty(); climb.sigma.len()];
        let top = climb.maximum(&pinned)?;
        self.report(&climb, &top)
    }

    /// Refits without one factor and compares; `fit` must be this model's.
    ///
    /// # Errors
    /// Out of range (no such factor), shape (a fit of another model), no convergence.
    pub fn test_spread(&self, fit: &Fit, factor: usize) -> Result<SpreadTest> {
        let layout = &self.layout;
        let place = layout.which.iter().position(|k| *k == factor);
        let place = place.ok_or(Error::out_of_range("factor", "the number of a factor"))?;
        self.check(&fit.beta, &fit.sigma)?;
        let without = if fit.sigma[factor] == 0.0 {
            fit.log_likelihood
        } else {
            let mut climb = Climb::new(layout);
            climb.set_beta(&fit.beta);
            let mut sigma: Vec<f64> = layout.which.iter().map(|k| fit.sigma[*k]).collect();
            sigma[place] = 0.0;
            climb.set_sigma(&sigma);
            climb.joint(1e-3)?;
            let pinned: Vec<bool> = (0..sigma.len()).map(|k| k == place).collect();
            climb.maximum(&pinned)?.value + layout.constant
        };
        let statistic = (2.0 * (fit.log_likelihood - without)).max(0.0);
        let chi = ChiSquared::new(1.0).map_err(|_| Error::no_convergence("statistic"))?;
        let p = if statistic == 0.0 { 1.0 } else { 0.5 * chi.sf(statistic) };
        Ok(SpreadTest { statistic, p, log_likelihood_without: without })
    }

    /// The Laplace log-likelihood and its exact gradient at given fixed effects and spreads.
    ///
    /// # Errors
    /// Shape, not finite, out of range (a spread below 0 or above 1,000), no convergence.
    pub fn evaluate(&self, beta: &[f64], sigma: &[f64]) -> Result<Evaluation> {
        let mut climb = self.climb(beta, sigma)?;
        let value = climb.laplace()?;
        let gradient = climb.gradient(value)?;
        Ok(Evaluation {
            log_likelihood_of_trials: value,
            slope_beta: gradient.beta,
            slope_sigma: self.by_factor(&gradient.sigma),
            effects: self.effects(&climb),
        })
    }

    /// The fixed effects and effects that maximise `ll - v'v/2` together at given spreads.
    ///
    /// # Errors
    /// As [`Model::evaluate`].
    pub fn joint_mode(&self, sigma: &[f64]) -> Result<JointMode> {
        let mut climb = self.climb(&vec![0.0; self.layout.columns], sigma)?;
        climb.joint(DECREMENT)?;
        Ok(JointMode { beta: climb.beta.clone(), effects: self.effects(&climb) })
    }

    fn check(&self, beta: &[f64], sigma: &[f64]) -> Result<()> {
        if beta.len() != self.layout.columns {
            return Err(Error::shape("beta", beta.len(), self.layout.columns));
        }
        if sigma.len() != self.layout.which.len() {
            return Err(Error::shape("sigma", sigma.len(), self.layout.which.len()));
        }
        all_finite(beta, "beta")?;
        all_finite(sigma, "sigma")?;
        if sigma.iter().all(|s| (0.0..=MOST_SPREAD).contains(s)) {
            Ok(())
        } else {
            Err(Error::out_of_range("sigma", "0 or more, and at most 1,000"))
        }
    }

    fn climb(&self, beta: &[f64], sigma: &[f64]) -> Result<Climb<'_>> {
        self.check(beta, sigma)?;
        let mut climb = Climb::new(&self.layout);
        climb.set_beta(beta);
        if !sigma.is_empty() {
            climb.set_sigma(&self.layout.which.iter().map(|k| sigma[*k]).collect::<Vec<f64>>());
        }
        Ok(climb)
    }

    /// From places to the caller's factors.
    fn by_factor<T: Clone + Default>(&self, by_place: &[T]) -> Vec<T> {
        let mut out = vec![T::default(); self.layout.which.len()];
        for (k, value) in self.layout.which.iter().zip(by_place) {
            out[*k] = value.clone();
        }
        out
    }

    fn levels(&self, values: &Levels) -> Vec<Vec<f64>> {
        let places: Vec<Vec<f64>> =
            (0..self.layout.which.len()).map(|place| values.of(&self.layout, place).to_vec()).collect();
        self.by_factor(&places)
    }

    fn effects(&self, climb: &Climb) -> Vec<Vec<f64>> {
        self.levels(&climb.v.scaled(&self.layout, &climb.sigma))
    }

    fn report(&self, climb: &Climb, top: &Gradient) -> Result<Fit> {
        let layout = &self.layout;
        let p = layout.columns;
        let (information, _) = climb.information(&top.sums);
        let covariance = Cholesky::new(information, p).ok_or(Error::no_convergence("beta"))?.inverse();
        let se = (0..p).map(|j| covariance[j * p + j].sqrt()).collect();
        let mut sd = Levels {
            first: top.inverse.diagonal(layout, 0),
            rest: (1..layout.sizes.len()).flat_map(|place| top.inverse.diagonal(layout, place)).collect(),
        };
        sd.first.iter_mut().chain(&mut sd.rest).for_each(|v| *v = v.max(0.0).sqrt());
        let out = Fit {
            log_likelihood: top.value + layout.constant,
            log_likelihood_of_trials: top.value,
            beta: climb.beta.clone(),
            se,
            covariance,
            sigma: self.by_factor(&climb.sigma),
            at_boundary: self.by_factor(&climb.sigma.iter().map(|s| *s == 0.0).collect::<Vec<bool>>()),
            effects: self.effects(climb),
            effect_sd: self.levels(&sd.scaled(layout, &climb.sigma)),
            linear_predictor: self.predictor(climb)?,
            evaluations: climb.evaluations,
            newton_steps: climb.newton_steps,
        };
        all_finite(&out.se, "standard error")?;
        all_finite(&out.beta, "beta")?;
        Ok(out)
    }

    fn predictor(&self, climb: &Climb) -> Result<Vec<f64>> {
        let layout = &self.layout;
        let effects = climb.v.scaled(layout, &climb.sigma);
        let others = layout.sizes.len() - 1;
        let mut out = vec![0.0; layout.cells];
        for level in 0..layout.first() {
            for cell in layout.start[level]..layout.start[level + 1] {
                let rest: f64 =
                    layout.rest[cell * others..(cell + 1) * others].iter().map(|g| effects.rest[*g as usize]).sum();
                let eta = climb.fixed[cell] + effects.first[level] + rest;
                if layout.n[cell] > 0.0 && eta.abs() > SEPARATED {
                    return Err(Error::no_convergence("beta"));
                }
                out[layout.order[cell] as usize] = eta;
            }
        }
        all_finite(&out, "linear predictor")?;
        Ok(out)
    }
}
