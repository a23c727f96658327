//! The working spans of a calendar as instants, with the working time before each.
//!
//! Invariant: spans do not overlap, are in order, and lie within the days that were asked for (an overnight shift of the
//! last day ends after it).

use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use terms::{Day, Instant};

use super::Calendar;

/// Milliseconds in a minute.
const MINUTE: i64 = 60_000;

/// When a calendar works, over a stretch of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First instant, last instant, working time before it.
    spans: Vec<(i64, i64, i64)>,
    /// From the first instant of the first day to the end of the last, both by the calendar's clock.
    covers: (i64, i64),
}

impl Hours {
    /// The working spans of the shifts that begin on these days (and of one that runs into the first).
    pub fn new(calendar: &Calendar, first: Day, last: Day) -> Hours {
        let covers = (shows(calendar, first, 0), shows(calendar, last.plus(1), 0));
        let mut found = Vec::new();
        for day in (first.0 - 1..=last.0).map(Day) {
            for shift in calendar.shifts(day) {
                let next = if shift.to <= shift.from { day.plus(1) } else { day };
                let span = (shows(calendar, day, shift.from).max(covers.0), shows(calendar, next, shift.to));
                if span.0 < span.1 {
                    found.push(span);
                }
            }
        }
        found.sort_unstable();
        let mut spans: Vec<(i64, i64, i64)> = Vec::with_capacity(found.len());
        for (from, to) in found {
            match spans.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                Some(last) => {
                    let before = last.2 + last.1 - last.0;
                    spans.push((from, to, before));
                }
                None => spans.push((from, to, 0)),
            }
        }
        Hours { spans, covers }
    }

    /// Whether an instant lies in the days that were asked for.
    pub fn covers(&self, at: Instant) -> bool {
        (self.covers.0..=self.covers.1).contains(&at.0)
    }

    /// Working time from the first day on until an instant, in milliseconds.
    pub(super) fn worked(&self, until: i64) -> i64 {
        let next = self.spans.partition_point(|span| span.0 < until);
        let Some((from, to, before)) = next.checked_sub(1).and_then(|place| self.spans.get(place)) else { return 0 };
        before + until.min(*to) - from
    }

    /// The first instant at which so much has been worked, more than nothing; `None` beyond the last day.
    pub(super) fn first_with(&self, worked: i64) -> Option<i64> {
        let next = self.spans.partition_point(|span| span.2 < worked);
        let (from, to, before) = self.spans.get(next.checked_sub(1)?)?;
        let at = from + worked - before;
        (at <= *to).then_some(at)
    }

    /// Whether work goes on at an instant; the first of a span is work, its last no more.
    pub fn is_open(&self, at: Instant) -> bool {
        let next = self.spans.partition_point(|span| span.0 <= at.0);
        next.checked_sub(1).and_then(|place| self.spans.get(place)).is_some_and(|span| at.0 < span.1)
    }

    /// First instant and last instant of each span, in order.
    pub fn spans(&self) -> impl Iterator<Item = (Instant, Instant)> + '_ {
        self.spans.iter().map(|(from, to, _)| (Instant(*from), Instant(*to)))
    }

    /// When work begins on each day of these on which a calendar works at all.
    pub fn mornings(calendar: &Calendar, first: Day, last: Day) -> Vec<Instant> {
        let begins = |day: Day| Some(Instant(shows(calendar, day, calendar.shifts(day).iter().map(|s| s.from).min()?)));
        (first.0..=last.0).filter_map(|day| begins(Day(day))).collect()
    }

    pub(super) fn end(&self) -> i64 {
        self.covers.1
    }
}

/// The first instant at which the wall clock shows this minute of the day or a later time.
fn shows(calendar: &Calendar, day: Day, minute: u16) -> i64 {
    let (zone, wall) = (calendar.zone(), i64::from(day.0) * 1_440 + i64::from(minute));
    let at = |offset: jiff::tz::Offset| wall * MINUTE - i64::from(offset.seconds()) * 1_000;
    let Some(civil) = civil(wall) else { return wall * MINUTE };
    match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => at(offset),
        // the clock is put back: it shows this time twice
        AmbiguousOffset::Fold { before, .. } => at(before),
        // the clock is put forward over it: when that is done
        AmbiguousOffset::Gap { before, after } => {
            let early = jiff::Timestamp::from_millisecond(at(after) - 1);
            let change = early.ok().and_then(|early| zone.following(early).next());
            change.map_or_else(|| at(before), |change| change.timestamp().as_millisecond())
        }
    }
}

/// A minute since 1970-01-01 by the wall clock, as date and time.
fn civil(wall: i64) -> Option<DateTime> {
    let at = jiff::Timestamp::from_second(wall.checked_mul(60)?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at))
}
