//! From tallies to what each clause came to. Judges nothing.

use stats::interval::Interval;
use stats::quantile::of_histogram;
use tallies::{Label, Tally};
use terms::Period;

use super::clauses::{Clock, Row, Way};

/// What came of a clause.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// So many of those that can be judged.
    Share(Shared),
    /// How many in each period.
    Periods(Vec<(Period, u64)>),
    /// What the leads of the period with the least are worth, over so many periods.
    Value(Worth),
    /// How many of so many target accounts in each period.
    Accounts(Vec<(Period, u64)>, u64),
    /// It cannot be told, and why.
    Unknown(String),
}

/// Leads that can be judged, and those that cannot yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shared {
    /// As promised.
    pub k: u64,
    /// Of so many.
    pub n: u64,
    /// Not yet due.
    pub open: u64,
    /// Known by their day alone.
    pub left_out: u64,
    /// The same by the clock alone: as promised, of so many.
    pub by_the_clock: Option<(u64, u64)>,
    /// The same had no lead waited: as promised, of so many; where any could.
    pub unmoved: Option<(u64, u64)>,
    /// As promised by what tasks say of themselves, whenever they were written down.
    pub as_said: Option<u64>,
    /// Judged by what tasks say, because nearly all were written down long after.
    pub is_as_said: bool,
    /// Days after which 95 of 100 have come, where that decides what is due.
    pub usual_days: Option<f64>,
}

/// What leads are worth by what their like came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    /// Leads in each period.
    pub each: Vec<(Period, u64)>,
    /// Mean of what came of one lead, in minor units, and its standard error.
    pub mean: f64,
    pub se: f64,
    /// Leads that was learned from, and wins among them.
    pub learned: (u64, u64),
}

impl Worth {
    /// The period with the least, with its interval; none without a period.
    pub fn least(&self) -> Option<(f64, Interval)> {
        let n = self.each.iter().map(|e| e.1).min()? as f64;
        Some((n * self.mean, Interval::normal(n * self.mean, n * self.se)?))
    }
}

/// Wins from which the worth of a lead can be told.
const LEAST_WINS: u64 = 20;

/// What came of a row, from the answers to its specs.
pub fn found(row: &Row<'_>, tallies: &[Tally]) -> Found {
    match &row.way {
        Way::Clock(own) => Found::Share(clock(own, tallies)),
        Way::Tries => Found::Share(tries(tallies)),
        Way::Leads(periods) => leads(row, periods, tallies),
        Way::Value(periods) => value(row, periods, tallies),
        Way::Opportunities => opportunities(tallies),
        Way::Filled => {
            let (n, k) = tallies.first().map_or((0, 0), |t| (count(t, 0, 0), count(t, 0, 1)));
            Found::Share(Shared { k, n, ..Shared::default() })
        }
        Way::Requests(shared) | Way::FilledThen(shared) => Found::Share(*shared),
        Way::Given(each) => Found::Periods(each.clone()),
        Way::Targets(targets) => Found::Accounts(targets.each.clone(), targets.n),
        Way::Unknown(why) => Found::Unknown(why.clone()),
    }
}

fn count(tally: &Tally, cell: usize, measure: usize) -> u64 {
    u64::try_from(tally.int(cell, measure)).unwrap_or(0)
}

fn clock(clock: &Clock, tallies: &[Tally]) -> Shared {
    let mut out = Shared::default();
    let Some((all, offices)) = tallies.split_last() else { return out };
    out.left_out = count(all, 0, 1);
    let (tried, long_after) = (count(all, 0, 2), count(all, 0, 3));
    // records that were all made long after the work say nothing about when it was written down
    out.is_as_said = clock.is_recorded_work && 2 * long_after > tried;
    let (mut k, mut n, mut said) = (0, 0, 0);
    let mut unmoved = (0, 0);
    for tally in offices {
        for cell in 0..tally.cells {
            let here = count(tally, cell, 0);
            let is = |axis: usize| tally.label(cell, axis).number() >= Some(1);
            let (late, due, late_by_clock, due_by_clock, late_as_said) = (is(0), is(1), is(2), is(3), is(4));
            // what is due and not late has come: nothing would have lasted until now
            if due {
                out.n += here;
                out.k += if late { 0 } else { here };
                said += if late_as_said { 0 } else { here };
            } else {
                out.open += here;
            }
            if clock.waited.is_some() && is(6) {
                unmoved.0 += if is(5) { 0 } else { here };
                unmoved.1 += here;
            }
            if due_by_clock {
                n += here;
                k += if late_by_clock { 0 } else { here };
            }
        }
    }
    out.by_the_clock = Some((k, n));
    out.unmoved = clock.waited.as_ref().map(|_| unmoved);
    if clock.is_recorded_work {
        if out.is_as_said {
            (out.k, out.by_the_clock, out.unmoved) = (said, None, None);
        } else {
            out.as_said = Some(said);
        }
    }
    out
}

fn tries(tallies: &[Tally]) -> Shared {
    let mut out = Shared::default();
    for tally in tallies {
        for cell in 0..tally.cells {
            out.n += count(tally, cell, 0);
            // a lead that was never tried has no time between the first try and its return
            if tally.label(cell, 0).number() >= Some(1) {
                out.k += count(tally, cell, 1);
            }
        }
    }
    out
}

fn leads(row: &Row<'_>, periods: &[Period], tallies: &[Tally]) -> Found {
    let [found, ever] = tallies else { return Found::Periods(vec![]) };
    if let (Some(segment), 0) = (&row.clause.segment, ever.int(0, 0)) {
        return Found::Unknown(super::words::no_lead_of(segment));
    }
    let of = |period: &Period| {
        let label = Label::Number(i64::from(period.index()));
        (0..found.cells).filter(|cell| *found.label(*cell, 0) == label).map(|cell| count(found, cell, 0)).sum()
    };
    Found::Periods(periods.iter().map(|p| (*p, of(p))).collect())
}

fn value(row: &Row<'_>, periods: &[Period], tallies: &[Tally]) -> Found {
    let [waits, ages, counts @ ..] = tallies else { return Found::Periods(vec![]) };
    let each = match leads(row, periods, counts) {
        Found::Periods(each) => each,
        other => return other,
    };
    let days = |t: &Tally, cell: usize| t.label(cell, 0).number();
    let histogram: Vec<(f64, u64)> =
        (0..waits.cells).filter_map(|c| Some((days(waits, c)? as f64, count(waits, c, 0)))).collect();
    let usual = of_histogram(&histogram, &[0.95]).and_then(|q| q.first().copied());
    let (mut n, mut won, mut sum, mut squares) = (0, 0, 0.0, 0.0);
    for cell in 0..ages.cells {
        if usual.is_some_and(|usual| days(ages, cell).is_some_and(|d| d as f64 >= usual)) {
            n += count(ages, cell, 0);
            won += count(ages, cell, 1);
            sum += ages.real(cell, 2);
            squares += ages.real(cell, 3);
        }
    }
    if won < LEAST_WINS {
        return Found::Unknown(super::words::FEW_WINS.to_owned());
    }
    let mean = sum / n as f64;
    let se = ((squares / n as f64 - mean * mean).max(0.0) / n as f64).sqrt();
    Found::Value(Worth { each, mean, se, learned: (n, won) })
}

fn opportunities(tallies: &[Tally]) -> Found {
    let [waits, ages] = tallies else { return Found::Share(Shared::default()) };
    let days = |t: &Tally, cell: usize| t.label(cell, 0).number();
    let histogram: Vec<(f64, u64)> =
        (0..waits.cells).filter_map(|c| Some((days(waits, c)? as f64, count(waits, c, 0)))).collect();
    let Some(usual) = of_histogram(&histogram, &[0.95]).and_then(|q| q.first().copied()) else {
        return Found::Unknown(super::words::NO_OPPORTUNITY_TIMES.to_owned());
    };
    let mut out = Shared { usual_days: Some(usual.ceil()), ..Shared::default() };
    for cell in 0..ages.cells {
        if days(ages, cell).is_some_and(|d| d as f64 >= usual) {
            out.n += count(ages, cell, 0);
            out.k += count(ages, cell, 1);
        } else {
            out.open += count(ages, cell, 0);
        }
    }
    Found::Share(out)
}
