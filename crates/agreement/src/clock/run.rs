//! One clock: it starts, may pass to another calendar, may stand still, and is asked.
//!
//! Invariant: `elapsed(deadline(t)) == t`; before a deadline less has elapsed.

use terms::Instant;

use super::Hours;

/// One clock.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// From when each calendar counts, in order.
    legs: Vec<(i64, &'a Hours)>,
    /// When it stands still; `None` while it still does.
    pauses: Vec<(i64, Option<i64>)>,
}

impl<'a> Run<'a> {
    /// A clock that starts at an instant and counts a calendar's working time.
    pub fn new(start: Instant, hours: &'a Hours) -> Run<'a> {
        Run { legs: vec![(start.0, hours)], pauses: vec![] }
    }

    /// From an instant on another calendar counts: what came before stays counted as it was.
    #[must_use]
    pub fn passed(mut self, at: Instant, hours: &'a Hours) -> Run<'a> {
        let start = self.legs.first().map_or(at.0, |leg| leg.0);
        let at = at.0.max(start);
        let place = self.legs.partition_point(|leg| leg.0 <= at);
        self.legs.insert(place, (at, hours));
        self
    }

    /// It stands still from an instant until another, or as long as nothing ends it. Pauses may overlap.
    #[must_use]
    pub fn paused(mut self, from: Instant, until: Option<Instant>) -> Run<'a> {
        self.pauses.push((from.0, until.map(|u| u.0)));
        self.pauses.sort_unstable_by_key(|pause| (pause.0, pause.1.unwrap_or(i64::MAX)));
        self
    }

    /// Working time from its start until an instant, in milliseconds; 0 before the start. `None` where one of them lies
    /// outside of the days that a calendar covers.
    pub fn elapsed(&self, until: Instant) -> Option<i64> {
        let mut sum = 0;
        for (from, to, hours) in self.pieces() {
            let to = to.min(until.0);
            if from >= to {
                continue;
            }
            if !hours.covers(Instant(from)) || !hours.covers(Instant(to)) {
                return None;
            }
            sum += hours.worked(to) - hours.worked(from);
        }
        Some(sum)
    }

    /// The first instant at which so many milliseconds of working time have passed; its start where none are asked.
    /// `None` where that lies beyond the days that a calendar covers, or never comes.
    pub fn deadline(&self, after: i64) -> Option<Instant> {
        if after <= 0 {
            return self.legs.first().map(|leg| Instant(leg.0));
        }
        let mut left = after;
        for (from, to, hours) in self.pieces() {
            if !hours.covers(Instant(from)) {
                return None;
            }
            let (before, end) = (hours.worked(from), to.min(hours.end()));
            let here = hours.worked(end) - before;
            if left <= here {
                return hours.first_with(before + left).map(Instant);
            }
            if end < to {
                return None;
            }
            left -= here;
        }
        None
    }

    /// Stretches that count, in order, each with its calendar; the last may have no end.
    fn pieces(&self) -> impl Iterator<Item = (i64, i64, &'a Hours)> + '_ {
        let ends = self.legs.iter().skip(1).map(|leg| leg.0).chain([i64::MAX]);
        self.legs.iter().zip(ends).flat_map(|((start, hours), end)| {
            let (mut from, mut out) = (*start, Vec::new());
            for (stop, go) in &self.pauses {
                if *stop > from && from < end {
                    out.push((from, (*stop).min(end), *hours));
                }
                from = from.max(go.unwrap_or(i64::MAX));
            }
            if from < end {
                out.push((from, end, *hours));
            }
            out
        })
    }
}
