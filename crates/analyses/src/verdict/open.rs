//! What the open opportunities may still bring: competing risks by age in weeks, with the rhythm of the quarter.
//!
//! Not here: opportunities that do not exist yet. Invariant: money is a count of wins times a mean, and says so.

use stats::aalen_johansen::{Calendar, CalendarTable, Forecast, LEAST_QUARTERS};
use stats::interval::Interval;
use tallies::Tally;
use terms::{Day, FiscalYear, PeriodUnit};

use super::settings::{AGE_WEEKS, WEEKS_AHEAD};
use crate::maturity::Outcomes;

/// The forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// Open opportunities.
    pub count: u64,
    /// Of those, with an amount.
    pub priced: u64,
    /// The sum of those amounts, in minor units.
    pub amount: i64,
    /// Wins expected in the end.
    pub later: Option<(f64, Interval)>,
    /// Wins expected within a quarter.
    pub next: Option<(f64, Interval)>,
    /// Whether the quarter's rhythm is in `next`.
    pub has_calendar: bool,
    /// Wins it was learned from.
    pub wins: u64,
}

/// Reads `plan::fates`.
pub fn open(fates: &Tally, as_of: i64, fiscal: FiscalYear) -> Open {
    let outcomes = Outcomes::read(fates, (1, 2), 1, |_| true);
    let mut out = Open {
        count: 0,
        priced: 0,
        amount: 0,
        later: None,
        next: None,
        has_calendar: false,
        wins: outcomes.events() as u64,
    };
    let mut by_age = vec![0.0; AGE_WEEKS as usize];
    for cell in 0..fates.cells {
        if fates.label(cell, 1).number() != Some(0) {
            continue;
        }
        out.count += fates.int(cell, 0).max(0) as u64;
        out.priced += fates.int(cell, 1).max(0) as u64;
        out.amount += fates.int(cell, 2);
        // an open one has passed the week before its last; in its first week all is ahead
        let age = fates.label(cell, 2).number().and_then(|a| usize::try_from(a).ok()).unwrap_or(0);
        if let Some(slot) = by_age.get_mut(age.saturating_sub(1)) {
            *slot += fates.real(cell, 0);
        }
    }
    if outcomes.events() < 20.0 || outcomes.exits() < 5.0 || out.count == 0 {
        return out;
    }
    let Some(curves) = outcomes.curves() else { return out };
    let normal = |f: &Forecast| {
        let i = Interval::normal(f.expected, f.variance().max(0.0).sqrt())?;
        Some((f.expected, i.map(|x| x.max(0.0))))
    };
    out.later = curves.forecast(&by_age, None).ok().as_ref().and_then(normal);
    let today = Day((as_of.div_euclid(1_440)) as i32);
    let month = |day: Day| fiscal.index(PeriodUnit::Month, day).rem_euclid(3) as u8;
    let months: Vec<u8> = (0..WEEKS_AHEAD).map(|w| month(today.plus(7 * w as i32 + 4))).collect();
    let calendar = calendar(fates, fiscal).and_then(|c| c.forecast(&by_age, &months).ok());
    out.has_calendar = calendar.is_some();
    let next = calendar.or_else(|| curves.forecast(&by_age, Some(WEEKS_AHEAD)).ok()).as_ref().and_then(normal);
    // the rhythm of the quarter moves wins to and fro, it makes no more of them than there will be in the end
    out.next = next.zip(out.later).map(|((next, interval), (later, all))| {
        let within = |x: f64, most: f64| x.min(most);
        let bounded = Interval {
            lo90: within(interval.lo90, all.lo90),
            lo50: within(interval.lo50, all.lo50),
            hi50: within(interval.hi50, all.hi50),
            hi90: within(interval.hi90, all.hi90),
        };
        (next.min(later), bounded)
    });
    out
}

/// Hazards by age and month of the quarter, where there are quarters enough.
fn calendar(fates: &Tally, fiscal: FiscalYear) -> Option<Calendar> {
    let ages = AGE_WEEKS as usize;
    let (mut at_risk, mut won, mut lost) = (vec![0.0; ages * 3], vec![0.0; ages * 3], vec![0.0; ages * 3]);
    let mut quarters = std::collections::BTreeSet::new();
    for cell in 0..fates.cells {
        let (Some(week), Some(outcome), Some(age)) =
            (fates.label(cell, 0).number(), fates.label(cell, 1).number(), fates.label(cell, 2).number())
        else {
            continue;
        };
        let rows = fates.real(cell, 0);
        let opened = FiscalYear::default().period(PeriodUnit::Week, i32::try_from(week).ok()?).first.plus(3);
        let place = |age: i64| {
            let day = opened.plus(7 * age as i32);
            (age as usize * 3 + fiscal.index(PeriodUnit::Month, day).rem_euclid(3) as usize, day)
        };
        let last = if outcome == 0 { age - 1 } else { age };
        for a in 0..=last {
            if let Some(slot) = at_risk.get_mut(place(a).0) {
                *slot += rows;
            }
        }
        if outcome > 0 {
            let (at, day) = place(age);
            quarters.insert(fiscal.index(PeriodUnit::Quarter, day));
            if let Some(slot) = if outcome == 1 { won.get_mut(at) } else { lost.get_mut(at) } {
                *slot += rows;
            }
        }
    }
    if quarters.len() < LEAST_QUARTERS {
        return None;
    }
    let table = CalendarTable::from_counts(&at_risk, &won, &lost).ok()?;
    Calendar::estimate(&table, quarters.len()).ok()
}
