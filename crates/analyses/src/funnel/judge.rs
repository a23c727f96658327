//! From a reading to findings: a closed list of cases. Writes no sentence.

use report::Interval;
use stats::binomial::jeffreys_interval;
use terms::PeriodUnit;

use super::measure::Reading;
use super::settings::{LATE_START_DAYS, LEAST_BUNCHING, UNATTRIBUTED};
use crate::Question;
use crate::figures::{LEAST_EVENTS, house};

/// What can be found.
#[derive(Clone, Debug, PartialEq)]
pub enum Case {
    WonEarly,
    MissingWins,
    /// This line of the table has no source and converts better than the rest: `(won, of)` of the rest.
    AttributionGap {
        line: usize,
        others: (u64, u64),
    },
    /// Won of closed in the last month of a quarter and in the others.
    BunchedRates {
        last: (u64, u64),
        other: (u64, u64),
    },
    /// Wins in the last month of a quarter, of all.
    BunchedWins {
        last: u64,
        all: u64,
    },
    FirstClosings,
    ProductUnmatched,
    AccountUnmatched,
}

/// All findings, in the order in which they are told.
pub fn judge(question: &Question, reading: &Reading) -> Vec<Case> {
    let mut out = Vec::new();
    if reading.won_early > 0 {
        out.push(Case::WonEarly);
    }
    if reading.missing_wins.is_some() {
        out.push(Case::MissingWins);
    }
    if reading.by.first().is_some_and(|c| c.name == "source") && reading.by.len() == 1 {
        out.extend(attribution_gaps(reading));
    }
    out.extend(bunching(reading));
    if starts_late(question, reading) {
        out.push(Case::FirstClosings);
    }
    if !reading.unmatched_products.is_empty() {
        out.push(Case::ProductUnmatched);
    }
    if reading.unmatched_accounts.0 > 0 {
        out.push(Case::AccountUnmatched);
    }
    out
}

fn interval(k: u64, n: u64) -> Option<Interval> {
    jeffreys_interval(k as f64, n as f64).map(house)
}

/// Rows without a source whose rate lies above that of all others.
fn attribution_gaps(reading: &Reading) -> Vec<Case> {
    let last = reading.all.len() - 1;
    let (all, won) = (reading.all[0], reading.all[last]);
    let mut out = Vec::new();
    for (line, row) in reading.lines.iter().enumerate() {
        if !UNATTRIBUTED.contains(&row.name.trim().to_ascii_lowercase().as_str()) || row.reach[last] < LEAST_EVENTS {
            continue;
        }
        let others = (won.saturating_sub(row.reach[last]), all.saturating_sub(row.reach[0]));
        if others.1 == 0 {
            continue;
        }
        let above = interval(row.reach[last], row.reach[0]).is_some_and(|i| i.lo90 > others.0 as f64 / others.1 as f64);
        if above {
            out.push(Case::AttributionGap { line, others });
        }
    }
    out
}

fn bunching(reading: &Reading) -> Option<Case> {
    let (mut last, mut other) = ((0, 0), (0, 0));
    for (month, won, lost) in &reading.close_months {
        let slot = if month.rem_euclid(3) == 2 { &mut last } else { &mut other };
        slot.0 += won;
        slot.1 += won + lost;
    }
    let (a, b) = (interval(last.0, last.1)?, interval(other.0, other.1)?);
    let rate = |(k, n): (u64, u64)| k as f64 / n.max(1) as f64;
    if last.1 > last.0 && other.1 > other.0 && a.lo90 > b.hi90 && rate(last) - rate(other) > LEAST_BUNCHING {
        return Some(Case::BunchedRates { last, other });
    }
    let all = last.0 + other.0;
    let quarters: std::collections::BTreeSet<i32> = reading.close_months.iter().map(|m| m.0.div_euclid(3)).collect();
    let share = interval(last.0, all)?;
    // whole quarters only know a third; fewer than four say little about a rhythm
    (quarters.len() >= 4 && share.lo90 > 1.0 / 3.0 + LEAST_BUNCHING).then_some(Case::BunchedWins { last: last.0, all })
}

/// The quarter of the first closing, where that came late in it although opportunities were open before.
pub fn first_quarter(question: &Question, reading: &Reading) -> Option<terms::Period> {
    Some(question.fiscal.period_of(PeriodUnit::Quarter, reading.first_closing?.plus(3)))
}

fn starts_late(question: &Question, reading: &Reading) -> bool {
    let (Some(first), Some(quarter)) = (reading.first_closing, first_quarter(question, reading)) else { return false };
    let opened_before = reading
        .cohorts
        .first()
        .is_some_and(|c| c.period.first < quarter.first || c.period.first.plus(LATE_START_DAYS) < first);
    opened_before && first.0 - quarter.first.0 >= LATE_START_DAYS
}
