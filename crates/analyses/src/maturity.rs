//! How many more of the open ones will still get there, by age: what makes a young cohort comparable with an old one.
//!
//! Here: probabilities by age in days from a table of outcomes, by Aalen-Johansen where exits are recorded (and for
//! steps of days, where nothing needs extrapolation), else by a mixture cure model. Not here: which cohort is young.
//! Invariant: a probability is in 0 to 1; where nothing can be estimated it is refused, not 0.

use stats::aalen_johansen::{AtRisk, Curves};
use stats::mixture_cure::{Choice, Family, Item, choose};
use tallies::{Label, Tally};

/// How often each age (in whole steps) ended in which outcome: 0 open, 1 the step, 2 an exit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// `(age, outcome, rows)`, any order.
    pub cells: Vec<(u32, u8, f64)>,
}

impl Outcomes {
    /// From a tally whose axes `outcome` and `age` are an outcome and its age; outcomes up to `steps` are the step,
    /// later ones exits. Cells that fail `keep` are left out.
    pub fn read(tally: &Tally, (outcome, age): (usize, usize), steps: i64, keep: impl Fn(usize) -> bool) -> Outcomes {
        let mut cells = Vec::new();
        for cell in (0..tally.cells).filter(|c| keep(*c)) {
            let (Label::Number(which), Label::Number(age)) = (tally.label(cell, outcome), tally.label(cell, age))
            else {
                continue;
            };
            let which = if *which == 0 {
                0
            } else if *which <= steps {
                1
            } else {
                2
            };
            cells.push((u32::try_from(*age).unwrap_or(0), which, tally.int(cell, 0) as f64));
        }
        Outcomes { cells }
    }

    /// Rows that took the step.
    pub fn events(&self) -> f64 {
        self.cells.iter().filter(|c| c.1 == 1).map(|c| c.2).sum()
    }

    /// Rows that left.
    pub fn exits(&self) -> f64 {
        self.cells.iter().filter(|c| c.1 == 2).map(|c| c.2).sum()
    }

    /// All rows.
    pub fn rows(&self) -> f64 {
        self.cells.iter().map(|c| c.2).sum()
    }

    /// The non-parametric curves over these ages.
    pub fn curves(&self) -> Option<Curves> {
        let ages = self.cells.iter().map(|c| c.0 as usize + 1).max()?;
        let (mut at_risk, mut first, mut second) = (vec![0.0; ages], vec![0.0; ages], vec![0.0; ages]);
        for (age, outcome, rows) in &self.cells {
            let age = *age as usize;
            match outcome {
                // an open row has lived through part of its last age only: it is not counted at risk there
                0 => {
                    if let Some(before) = age.checked_sub(1) {
                        at_risk[before] += rows;
                    }
                    continue;
                }
                1 => first[age] += rows,
                _ => second[age] += rows,
            }
            at_risk[age] += rows;
        }
        for age in (0..ages.saturating_sub(1)).rev() {
            at_risk[age] += at_risk[age + 1];
        }
        AtRisk::from_counts(&at_risk, &first, &second).ok().map(|table| Curves::estimate(&table))
    }

    /// The mixture cure model over these ages, ages in days with day 0 as half a day.
    pub fn cure(&self) -> Option<Choice> {
        let age = |a: u32| if a == 0 { 0.5 } else { f64::from(a) };
        let items: Vec<Item> =
            self.cells.iter().map(|(a, o, w)| Item { age: age(*a), event: *o == 1, weight: *w }).collect();
        choose(&items).ok()
    }
}

/// A law of what is still to come.
#[derive(Clone, Debug)]
pub enum Law {
    /// Aalen-Johansen by age, and P(later | open) at each age.
    Curves(Box<Curves>, Vec<f64>),
    /// A mixture cure model, likelier of two families.
    Cure(Box<stats::mixture_cure::Fit>),
}

/// What is still to come from some open rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Later {
    /// Expected number that will still take the step.
    pub expected: f64,
    /// Variance because the law is estimated.
    pub estimation: f64,
    /// Open rows that count as undecided.
    pub undecided: f64,
}

impl Law {
    /// The law of these curves.
    pub fn of_curves(curves: Curves) -> Law {
        let later = curves.later();
        Law::Curves(Box::new(curves), later)
    }

    /// P(the step is still taken | open at this age); an open row has passed the age before its last.
    pub fn later(&self, age: u32) -> f64 {
        match self {
            // before its first age everything is ahead
            Law::Curves(_, later) => match age.checked_sub(1) {
                None => self.ever(),
                Some(passed) => later.get(passed as usize).copied().unwrap_or(0.0),
            },
            Law::Cure(fit) => fit.later(f64::from(age)),
        }
    }

    /// P(the step is ever taken) for one that has just begun.
    pub fn ever(&self) -> f64 {
        match self {
            Law::Curves(curves, _) => curves.first.last().copied().unwrap_or(0.0),
            Law::Cure(fit) => fit.pi,
        }
    }

    /// Whether the uncertainty of the law is known.
    pub fn is_certain(&self) -> bool {
        match self {
            Law::Curves(..) => true,
            Law::Cure(fit) => fit.covariance.is_some(),
        }
    }

    /// What is to come from `(age, rows)` open ones.
    pub fn forecast(&self, open: &[(u32, f64)]) -> Later {
        let fresh = self.ever().max(1e-12);
        let mut out = Later::default();
        for (age, rows) in open {
            let p = self.later(*age);
            out.expected += rows * p;
            out.undecided += rows * (p / fresh).min(1.0);
        }
        out.estimation = match self {
            Law::Curves(curves, _) => {
                let mut by_age = vec![0.0; curves.survival.len()];
                for (age, rows) in open {
                    if let Some(slot) = (*age as usize).checked_sub(1).and_then(|a| by_age.get_mut(a)) {
                        *slot += rows;
                    }
                }
                curves.forecast(&by_age, None).map_or(0.0, |f| f.variance_estimation)
            }
            Law::Cure(fit) => {
                let open: Vec<(f64, f64)> = open.iter().map(|(a, n)| (f64::from(*a), *n)).collect();
                fit.forecast(&open, None).ok().and_then(|f| f.variance_estimation).unwrap_or(0.0)
            }
        };
        out
    }

    /// In words, for the method line of a figure.
    pub fn words(&self) -> &'static str {
        match self {
            Law::Curves(..) => "Aalen-Johansen by age",
            Law::Cure(fit) => match fit.family {
                Family::Weibull => "mixture cure model (Weibull)",
                Family::LogLogistic => "mixture cure model (log-logistic)",
            },
        }
    }
}
