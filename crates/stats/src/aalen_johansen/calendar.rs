//! Hazards that depend on age and on the month of the quarter.
//!
//! `h_e(age, month) = base_e(age) * factor_e(month)` for both events, months 0, 1, 2 of the fiscal quarter, by
//! maximum likelihood of the Poisson model with that mean (iterative proportional fitting; Holford,
//! Biometrics 36 (1980)). Factors are scaled so that their mean, weighted by what the base hazards alone
//! would expect in each month, is 1.
//!
//! Not here: other calendars (month of year needs years of data), holidays.
//!
//! Invariant: with factors of 1 the forecast is the age-only forecast; per month the fitted events equal the
//! observed ones.

use super::Forecast;
use crate::error::{Error, Result, all_counts};

/// Quarters of history needed before factors are estimated: each factor then rests on 4 months at least, so
/// that one unusual month is not taken for a rhythm.
pub const LEAST_QUARTERS: usize = 4;

/// Rounds of proportional fitting; it settles in a handful, this is a bound.
const ROUNDS: usize = 500;

/// Counts per age and month of the quarter: row-major `[ages x 3]`.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarTable {
    at_risk: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl CalendarTable {
    /// From counts, row-major `[ages x 3]`: at risk, first events, second events.
    ///
    /// # Errors
    /// Shape (lengths unequal or no multiple of 3), not finite, out of range (below 0, or more events than
    /// at risk).
    pub fn from_counts(at_risk: &[f64], first: &[f64], second: &[f64]) -> Result<Self> {
        if !at_risk.len().is_multiple_of(3) {
            return Err(Error::shape("at_risk", at_risk.len(), at_risk.len().next_multiple_of(3)));
        }
        let checked = super::AtRisk::from_counts(at_risk, first, second)?;
        Ok(Self {
            at_risk: checked.at_risk().to_vec(),
            first: checked.first().to_vec(),
            second: checked.second().to_vec(),
        })
    }
}

/// Fitted hazards by age and month of the quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Factor of the first event's hazard in month 0, 1, 2 of the quarter.
    pub factor_first: [f64; 3],
    /// Factor of the second event's hazard in month 0, 1, 2 of the quarter.
    pub factor_second: [f64; 3],
    first: Hazard,
    second: Hazard,
}

/// One event's fitted hazard and the cells its information is made of.
#[derive(Clone, Debug, PartialEq)]
struct Hazard {
    base: Vec<f64>,
    factor: [f64; 3],
    /// Expected events per age and month, `at_risk * base * factor`.
    expected: Vec<[f64; 3]>,
}

impl Calendar {
    /// Fits the factors. `quarters`: how many distinct quarters the table was counted over.
    ///
    /// # Errors
    /// Too few (`quarters` below [`LEAST_QUARTERS`], or a month of the quarter with nothing at risk).
    pub fn estimate(table: &CalendarTable, quarters: usize) -> Result<Self> {
        if quarters < LEAST_QUARTERS {
            return Err(Error::too_few("quarters", quarters, LEAST_QUARTERS));
        }
        let seen = (0..3).filter(|m| table.at_risk.iter().skip(*m).step_by(3).any(|n| *n > 0.0)).count();
        if seen < 3 {
            return Err(Error::too_few("months of the quarter", seen, 3));
        }
        let (first, second) = (Hazard::fit(&table.at_risk, &table.first), Hazard::fit(&table.at_risk, &table.second));
        Ok(Self { factor_first: first.factor, factor_second: second.factor, first, second })
    }

    /// Forecast for `open[a]` items open at age `a` over the coming steps of the age unit: `months[i]` is the
    /// month of the quarter (0, 1, 2) that step `i` falls in, so its length is the horizon. Variance of
    /// estimation is the delta method over base hazards and factors together. `O(ages steps)`.
    ///
    /// # Errors
    /// Not finite, out of range (a count below 0, a month above 2).
    pub fn forecast(&self, open: &[f64], months: &[u8]) -> Result<Forecast> {
        all_counts(open, "open")?;
        if months.iter().any(|m| *m > 2) {
            return Err(Error::out_of_range("months", "0, 1 or 2"));
        }
        let ages = self.first.base.len();
        let oldest = self.first.expected.len().saturating_sub(1);
        let mut out = Forecast {
            expected: 0.0,
            variance_estimation: 0.0,
            variance_chance: 0.0,
            beyond: open.iter().skip(oldest).sum(),
        };
        let (mut slope1, mut slope2) = (vec![[0.0; 3]; ages], vec![[0.0; 3]; ages]);
        for (a, count) in open.iter().enumerate().take(ages).filter(|(_, count)| **count > 0.0) {
            let steps = &months[..months.len().min(ages - 1 - a)];
            let hazards: Vec<(f64, f64)> =
                steps.iter().enumerate().map(|(i, m)| self.hazards(a + 1 + i, usize::from(*m))).collect();
            let mut later = vec![0.0; steps.len() + 1];
            for (i, (h1, h2)) in hazards.iter().enumerate().rev() {
                later[i] = h1 + (1.0 - h1 - h2) * later[i + 1];
            }
            let p = later[0];
            out.expected += count * p;
            out.variance_chance += count * p * (1.0 - p).max(0.0);
            let mut reach = *count;
            for (i, (h1, h2)) in hazards.iter().enumerate() {
                let m = usize::from(steps[i]);
                slope1[a + 1 + i][m] += reach * (1.0 - later[i + 1]) * h1;
                slope2[a + 1 + i][m] -= reach * later[i + 1] * h2;
                reach *= 1.0 - h1 - h2;
            }
        }
        out.variance_estimation = self.first.variance(&slope1) + self.second.variance(&slope2);
        Ok(out)
    }

    /// Both hazards, scaled back where the factors push their sum above 1.
    fn hazards(&self, age: usize, month: usize) -> (f64, f64) {
        let h1 = self.first.base[age] * self.first.factor[month];
        let h2 = self.second.base[age] * self.second.factor[month];
        let scale = 1.0 / (h1 + h2).max(1.0);
        (h1 * scale, h2 * scale)
    }
}

impl Hazard {
    fn fit(at_risk: &[f64], events: &[f64]) -> Self {
        let by_age = |column: &[f64]| column.chunks_exact(3).map(|row| row.iter().sum::<f64>()).collect::<Vec<f64>>();
        let by_month = |m: usize| events.iter().skip(m).step_by(3).sum::<f64>();
        let (age_events, month_events) = (by_age(events), [by_month(0), by_month(1), by_month(2)]);
        let mut factor = [1.0; 3];
        let mut base = vec![0.0; age_events.len()];
        for _ in 0..ROUNDS {
            let mut expected = [0.0; 3];
            for ((row, d), slot) in at_risk.chunks_exact(3).zip(&age_events).zip(&mut base) {
                let exposure: f64 = row.iter().zip(&factor).map(|(n, f)| n * f).sum();
                *slot = if exposure > 0.0 { d / exposure } else { 0.0 };
                for (e, n) in expected.iter_mut().zip(row) {
                    *e += n * *slot;
                }
            }
            let mut moved = 0.0f64;
            for m in 0..3 {
                let next = if expected[m] > 0.0 { month_events[m] / expected[m] } else { 1.0 };
                moved = moved.max((next - factor[m]).abs());
                factor[m] = next;
            }
            if moved < 1e-14 {
                break;
            }
        }
        let mut out = Self { base, factor, expected: Vec::new() };
        out.normalise(at_risk);
        out.expected = at_risk
            .chunks_exact(3)
            .zip(&out.base)
            .map(|(row, b)| [0, 1, 2].map(|m| row[m] * b * out.factor[m]))
            .collect();
        while out
            .expected
            .last()
            .is_some_and(|_| at_risk[3 * (out.expected.len() - 1)..3 * out.expected.len()] == [0.0; 3])
        {
            out.expected.pop();
        }
        out
    }

    fn normalise(&mut self, at_risk: &[f64]) {
        let mut plain = [0.0; 3];
        for (row, b) in at_risk.chunks_exact(3).zip(&self.base) {
            for (sum, n) in plain.iter_mut().zip(row) {
                *sum += n * b;
            }
        }
        let weight: f64 = plain.iter().sum();
        let mean = plain.iter().zip(&self.factor).map(|(w, f)| w * f).sum::<f64>() / weight;
        if mean.is_finite() && mean > 0.0 {
            self.factor = self.factor.map(|f| f / mean);
            self.base.iter_mut().for_each(|b| *b *= mean);
        } else {
            self.factor = [1.0; 3];
        }
    }

    /// `g' I^-1 g` for the gradient in `ln hazard` per cell, with the Poisson information of the log-linear
    /// model `age + month`. Ages are eliminated (their block is diagonal), month 0 is the reference.
    fn variance(&self, slope: &[[f64; 3]]) -> f64 {
        let (mut variance, mut gradient) = (0.0, [0.0; 2]);
        let mut information = [[0.0; 2]; 2];
        for (cell, slope) in self.expected.iter().zip(slope) {
            let events: f64 = cell.iter().sum();
            if events <= 0.0 {
                continue;
            }
            let of_age: f64 = slope.iter().sum();
            variance += of_age * of_age / events;
            for m in 0..2 {
                gradient[m] += slope[m + 1] - of_age * cell[m + 1] / events;
                information[m][m] += cell[m + 1];
                for n in 0..2 {
                    information[m][n] -= cell[m + 1] * cell[n + 1] / events;
                }
            }
        }
        let det = information[0][0] * information[1][1] - information[0][1] * information[1][0];
        if det > 1e-12 * (information[0][0] * information[1][1]).abs() {
            variance += (gradient[0] * gradient[0] * information[1][1]
                - 2.0 * gradient[0] * gradient[1] * information[0][1]
                + gradient[1] * gradient[1] * information[0][0])
                / det;
        }
        variance.max(0.0)
    }
}
