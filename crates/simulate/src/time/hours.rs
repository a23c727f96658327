//! The reps' working calendar: Monday to Friday, 09:00 to 17:30 in their own zone, without four holidays.

use super::{Day, Moment, Zone};

/// Days nobody works.
pub const HOLIDAYS: [Day; 4] =
    [Day::new(2024, 12, 25), Day::new(2025, 1, 1), Day::new(2025, 12, 25), Day::new(2026, 1, 1)];

const OPEN: i64 = 9 * 3600;
const CLOSE: i64 = OPEN + SHIFT_MINUTES * 60;
/// Minutes in a working day.
pub const SHIFT_MINUTES: i64 = 510;

fn is_working(day: Day) -> bool {
    !day.is_weekend() && !HOLIDAYS.contains(&day)
}

fn next_working(day: Day) -> Day {
    let mut next = day.plus(1);
    while !is_working(next) {
        next = next.plus(1);
    }
    next
}

/// The instant when `seconds` of working time have passed since `from`; always inside working hours.
pub fn add_working(zone: Zone, from: Moment, seconds: i64) -> Moment {
    let (mut day, mut second) = local(zone, from);
    if !is_working(day) || second >= CLOSE {
        (day, second) = (next_working(day), OPEN);
    }
    second = second.max(OPEN);
    let mut left = seconds.max(0);
    while left >= CLOSE - second {
        left -= CLOSE - second;
        (day, second) = (next_working(day), OPEN);
    }
    zone.instant(day, second + left)
}

/// Working seconds between two instants; 0 if `to` is not later.
pub fn working_between(zone: Zone, from: Moment, to: Moment) -> i64 {
    let ((mut day, second), (last, end)) = (local(zone, from), local(zone, to));
    let (mut open, mut total) = (second.clamp(OPEN, CLOSE), 0);
    while day < last {
        if is_working(day) {
            total += CLOSE - open;
        }
        (day, open) = (day.plus(1), OPEN);
    }
    if day == last && is_working(day) {
        total += (end.clamp(OPEN, CLOSE) - open).max(0);
    }
    total
}

/// A working instant on the local day of `near` (or the next working day), at share `of_day` of the
/// shift, but never before `after`.
pub fn at_work(zone: Zone, near: Moment, of_day: f64, after: Moment) -> Moment {
    let mut day = zone.local_day(near);
    if !is_working(day) {
        day = next_working(day);
    }
    let at = zone.instant(day, OPEN + (of_day * (SHIFT_MINUTES * 60) as f64) as i64);
    if at > after { at } else { add_working(zone, after, 120 + (of_day * 3480.0) as i64) }
}

fn local(zone: Zone, at: Moment) -> (Day, i64) {
    let local = at.plus(zone.offset(at));
    (local.day(), local.0.rem_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_skips_nights_weekends_and_holidays() {
        // Friday 2026-07-03 17:00 in New York, 40 minutes on: Monday 09:10.
        let friday = Zone::NewYork.instant(Day::new(2026, 7, 3), 17 * 3600);
        let monday = Zone::NewYork.instant(Day::new(2026, 7, 6), 9 * 3600 + 600);
        assert_eq!(add_working(Zone::NewYork, friday, 2400), monday);
        assert_eq!(working_between(Zone::NewYork, friday, monday), 2400);
        let eve = Zone::Berlin.instant(Day::new(2025, 12, 24), 17 * 3600);
        assert_eq!(Zone::Berlin.local_day(add_working(Zone::Berlin, eve, 3600)), Day::new(2025, 12, 26));
    }

    #[test]
    fn what_is_added_is_what_lies_between() {
        let from = Moment::midnight(Day::new(2025, 3, 1)).plus(12_345);
        for minutes in [0, 5, 600, 5000] {
            let to = add_working(Zone::Chicago, from, minutes * 60);
            assert_eq!(working_between(Zone::Chicago, from, to), minutes * 60);
        }
    }
}
