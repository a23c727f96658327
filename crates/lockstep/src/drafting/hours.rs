//! When the office works, from when people work leads.

use jiff::tz::TimeZone;
use tallies::columns::lead_cycle as lead;
use tallies::{Dim, Facts, Grain, Measure, Spec, Test};
use terms::Period;

use crate::failure::Failure;
use crate::known::Known;

/// Attempts from which hours can be told.
const LEAST: u64 = 200;
/// Share of the attempts that fall into the hours; share of a weekday's usual work from which Saturday or Sunday works.
const INSIDE: f64 = 0.95;
const WORKS: f64 = 0.25;

/// The hours of an office.
pub struct Hours {
    pub zone: String,
    pub week: String,
    /// Attempts it was learned from; none where there were too few.
    pub learned: Option<u64>,
}

/// The hours in which leads are first tried, by the home's time zone.
pub fn of(known: &Known, period: Period) -> Result<Hours, Failure> {
    let zone = known.settings.time_zone.clone();
    let usual = Hours { zone: zone.clone(), week: "Mon-Fri 09:00-17:00".to_owned(), learned: None };
    let Ok(tz) = TimeZone::get(&zone) else { return Ok(usual) };
    let (first, last) = (i64::from(period.first.0) * 1_440, (i64::from(period.last.0) + 1) * 1_440 - 1);
    let spec = Spec {
        name: "draft.hours",
        grain: Grain::LeadCycle,
        filter: vec![
            Test::Between(lead::FIRST_ATTEMPT_AT, first, last),
            Test::Not(Box::new(Test::Is(lead::FIRST_IS_DAY, 1))),
        ],
        dims: vec![Dim::Every(lead::FIRST_ATTEMPT_AT, 60)],
        measures: vec![Measure::Count],
    };
    let tallies = known.facts.answer(&[spec])?;
    let (mut by_hour, mut by_day) = ([0_u64; 24], [0_u64; 7]);
    for tally in &tallies {
        for cell in 0..tally.cells {
            let Some(hour) = tally.label(cell, 0).number() else { continue };
            let Ok(at) = jiff::Timestamp::from_second(hour * 3_600) else { continue };
            let local = at.to_zoned(tz.clone());
            let n = u64::try_from(tally.int(cell, 0)).unwrap_or(0);
            let day = local.weekday().to_monday_zero_offset();
            by_day[usize::try_from(day).unwrap_or(0)] += n;
            by_hour[usize::try_from(local.hour()).unwrap_or(0)] += n;
        }
    }
    let all: u64 = by_day.iter().sum();
    if all < LEAST {
        return Ok(usual);
    }
    let (from, to) = densest(&by_hour, all);
    let weekday = by_day[..5].iter().sum::<u64>() as f64 / 5.0;
    let works = |day: usize| by_day[day] as f64 >= WORKS * weekday;
    let days = match (works(5), works(6)) {
        (true, true) => "Mon-Sun",
        (true, false) => "Mon-Sat",
        _ => "Mon-Fri",
    };
    Ok(Hours { zone, week: format!("{days} {from:02}:00-{to:02}:00"), learned: Some(all) })
}

/// The shortest stretch of whole hours that holds nearly all.
fn densest(by_hour: &[u64; 24], all: u64) -> (usize, usize) {
    let mut best = (0, 24);
    for from in 0..24 {
        for to in from + 1..=24 {
            let inside: u64 = by_hour[from..to].iter().sum();
            if inside as f64 >= INSIDE * all as f64 && to - from < best.1 - best.0 {
                best = (from, to);
            }
        }
    }
    best
}
