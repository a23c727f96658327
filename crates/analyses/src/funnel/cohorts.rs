//! Cohorts by period, each step completed by what is still to come.
//!
//! Invariant: a cohort whose future cannot be told is withheld, never shown raw beside an old one.

use stats::binomial::jeffreys_interval;
use tallies::Tally;
use terms::{Period, PeriodUnit};

use super::settings::{EXITS_RECORDED, MATURE};
use super::specs::Flow;
use crate::Question;
use crate::figures::house;
use crate::maturity::{Law, Outcomes};

/// One cohort.
#[derive(Clone, Debug)]
pub struct Cohort {
    pub period: Period,
    pub n: u64,
    /// So far, at each stage; the first is `n`.
    pub reach: Vec<u64>,
    /// For each step, and last for the way from the first stage to the win.
    pub rates: Vec<Rate>,
    /// Share of the expected wins that is projected.
    pub projected: f64,
    /// Wins of this cohort may be missing from the records.
    pub is_cut: bool,
}

/// One rate of one cohort.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// Nearly all that will come has come: `k` of `n`.
    Counted { k: u64, n: u64 },
    /// Completed by projection.
    Projected { rate: f64, interval: report::Interval, k: u64, n: u64 },
    /// Cannot be told.
    Withheld { k: u64, n: u64 },
}

/// How a step's future was worked out.
#[derive(Clone, Debug)]
pub struct Progress {
    pub law: Option<Law>,
    pub words: &'static str,
    /// The model ran to its boundary, so that there is no interval.
    pub at_boundary: bool,
}

/// The cohorts and the laws of their steps. Cohorts before `from_month` do not teach the laws.
pub fn cohorts(
    question: &Question,
    flow: &Flow,
    counts: &Tally,
    steps: &[&Tally],
    lag: &Tally,
    from_month: Option<i32>,
) -> (Vec<Cohort>, Vec<Progress>) {
    let first_day = from_month.map(|m| question.fiscal.period(PeriodUnit::Month, m).first);
    let period = |tally: &Tally, cell: usize| -> Option<Period> {
        let number = i32::try_from(tally.label(cell, 0).number()?).ok()?;
        Some(question.fiscal.period(question.cohorts, number))
    };
    let whole = |tally: &Tally, cell: usize| {
        period(tally, cell).is_some_and(|p| first_day.is_none_or(|first| p.first >= first))
    };
    let progress: Vec<Progress> = flow
        .steps
        .iter()
        .zip(steps)
        .map(|(step, tally)| {
            let later = step.later.len() as i64;
            let outcomes = Outcomes::read(tally, (1, 2), later, |c| whole(tally, c));
            if step.is_last && outcomes.exits() < EXITS_RECORDED * outcomes.rows() {
                // the month table starts at the first whole month after the first win, whatever the width of a cohort
                let months = |c: usize| {
                    let month = lag.label(c, 0).number().and_then(|m| i32::try_from(m).ok());
                    from_month.is_none_or(|from| month.is_some_and(|m| m >= from))
                };
                let outcomes =
                    if flow.steps.len() == 1 { Outcomes::read(lag, (1, 2), later, months) } else { outcomes };
                return cure(&outcomes);
            }
            let law = outcomes.curves().map(Law::of_curves);
            Progress { words: law.as_ref().map_or("counted", Law::words), law, at_boundary: false }
        })
        .collect();
    let mut out = Vec::new();
    for cell in 0..counts.cells {
        let Some(period) = period(counts, cell) else { continue };
        let reach: Vec<u64> = (0..=flow.steps.len()).map(|m| counts.int(cell, m).max(0) as u64).collect();
        let is_cut = first_day.is_some_and(|first| period.first < first);
        out.push(cohort(flow, &progress, steps, counts.label(cell, 0).number(), period, reach, is_cut));
    }
    (out, progress)
}

fn cure(outcomes: &Outcomes) -> Progress {
    match outcomes.cure() {
        Some(choice) => {
            let law = Law::Cure(Box::new(choice.best));
            Progress { words: law.words(), at_boundary: !law.is_certain(), law: Some(law) }
        }
        None => Progress { law: None, words: "not projected", at_boundary: false },
    }
}

fn cohort(
    flow: &Flow,
    progress: &[Progress],
    steps: &[&Tally],
    number: Option<i64>,
    period: Period,
    reach: Vec<u64>,
    is_cut: bool,
) -> Cohort {
    let n = reach[0];
    let mut ultimate = vec![n as f64];
    let mut rates = Vec::new();
    // the way from the first stage to the win: variance of what is still to come, and how much is decided
    let (mut variance, mut undecided, mut can_tell) = (0.0, 0.0, true);
    for (i, (tally, progress)) in steps.iter().zip(progress).enumerate() {
        let open: Vec<(u32, f64)> = (0..tally.cells)
            .filter(|c| tally.label(*c, 0).number() == number && tally.label(*c, 1).number() == Some(0))
            .filter_map(|c| Some((u32::try_from(tally.label(c, 2).number()?).ok()?, tally.real(c, 0))))
            .collect();
        let waiting: f64 = open.iter().map(|o| o.1).sum();
        let before = ultimate[i];
        let (k, stood) = (reach[i + 1], reach[i]);
        let Some(law) = &progress.law else {
            // nobody ever took this step, or too few to say anything about those who wait
            can_tell &= waiting == 0.0;
            ultimate.push(k as f64);
            rates.push(if waiting == 0.0 { Rate::Counted { k, n: stood } } else { Rate::Withheld { k, n: stood } });
            continue;
        };
        let later = law.forecast(&open);
        let coming = later.expected + (before - stood as f64).max(0.0) * law.ever();
        let total = (k as f64 + coming).min(before);
        ultimate.push(total);
        variance = variance * law.ever().powi(2) + later.estimation;
        undecided += later.undecided;
        let is_mature = total <= 0.0 || coming < MATURE * total;
        let known = !progress.at_boundary;
        can_tell &= known || is_mature;
        rates.push(if is_mature {
            Rate::Counted { k, n: stood }
        } else if !known {
            Rate::Withheld { k, n: stood }
        } else {
            let decided = (stood as f64 - later.undecided).max(k as f64);
            projected(total, before, decided, later.estimation, k, stood)
        });
    }
    let (won, last) = (reach[flow.steps.len()], ultimate[flow.steps.len()]);
    let coming = (last - won as f64).max(0.0);
    let is_mature = last <= 0.0 || coming < MATURE * last;
    if flow.steps.len() > 1 {
        rates.push(if is_mature {
            Rate::Counted { k: won, n }
        } else if !can_tell {
            Rate::Withheld { k: won, n }
        } else {
            projected(last, n as f64, (n as f64 - undecided).max(won as f64), variance, won, n)
        });
    }
    Cohort { period, n, reach, rates, projected: if last > 0.0 { coming / last } else { 0.0 }, is_cut }
}

/// A completed rate: the interval of what is decided, widened by the uncertainty of the law.
fn projected(total: f64, of: f64, decided: f64, estimation: f64, k: u64, n: u64) -> Rate {
    let rate = if of > 0.0 { (total / of).clamp(0.0, 1.0) } else { 0.0 };
    let decided = decided.max(1.0);
    let Some(interval) = jeffreys_interval(rate * decided, decided).map(house) else {
        return Rate::Withheld { k, n };
    };
    let chance = (rate * (1.0 - rate) / decided).max(1e-12);
    let widen = (1.0 + estimation / (of * of).max(1.0) / chance).sqrt();
    let wide = |limit: f64| (rate + (limit - rate) * widen).clamp(0.0, 1.0);
    let interval = report::Interval {
        lo90: wide(interval.lo90),
        lo50: wide(interval.lo50),
        hi50: wide(interval.hi50),
        hi90: wide(interval.hi90),
    };
    Rate::Projected { rate, interval, k, n }
}
