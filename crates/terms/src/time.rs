//! Days, instants, and when something happened as far as the source says.

use jiff::civil;
use serde::{Deserialize, Serialize};

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;

/// A calendar day, as days since 1970-01-01. A day has no time zone: a close date typed as 31 March stays 31 March.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The day of a date of the Gregorian calendar, `None` where there is no such date or its year is not 1 to 9999.
    pub fn from_ymd(year: i32, month: i32, day: i32) -> Option<Day> {
        let date = civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        (year > 0).then(|| Day::from_date(date))
    }

    /// The day of a `jiff` date.
    pub fn from_date(date: civil::Date) -> Day {
        let epoch = civil::date(1970, 1, 1);
        Day(date.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days()))
    }

    /// Year, month (1 to 12), day of the month.
    pub fn ymd(self) -> (i32, i32, i32) {
        // days to civil, after Howard Hinnant's `civil_from_days` (public domain algorithm)
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year as i32, month as i32, day as i32)
    }

    /// Reads `2026-03-31` and nothing else.
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.trim().splitn(3, '-');
        let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
        if y.len() != 4 || m.len() != 2 || d.len() != 2 {
            return None;
        }
        Day::from_ymd(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        (i64::from(self.0) + 3).rem_euclid(7) as u8
    }

    /// The day so many days later.
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Its first instant in UTC.
    pub const fn start(self) -> Instant {
        Instant(self.0 as i64 * 1_440 * MINUTE_MS)
    }
}

impl std::fmt::Display for Day {
    /// `2026-03-31`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

/// A point in time, as milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

impl Instant {
    /// Its day in UTC.
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(1_440 * MINUTE_MS) as i32)
    }

    /// Whole minutes since 1970-01-01T00:00Z, rounded down; the unit of the fact columns.
    pub const fn minutes(self) -> i32 {
        self.0.div_euclid(MINUTE_MS) as i32
    }
}

impl std::fmt::Display for Instant {
    /// `2026-03-31T17:05:09Z`, with milliseconds where there are any.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = self.0.rem_euclid(1_440 * MINUTE_MS);
        let (h, m, s, milli) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
        write!(f, "{}T{h:02}:{m:02}:{s:02}", self.day())?;
        if milli != 0 {
            write!(f, ".{milli:03}")?;
        }
        write!(f, "Z")
    }
}

/// When something happened, as far as the source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At this instant.
    Instant(Instant),
    /// On this day, hour unknown.
    Day(Day),
    /// Some time from the first day to the last, both included.
    Range(Day, Day),
    /// Not known. Sorts last, and is refused where time matters.
    Unknown,
}

impl When {
    /// The first day it can have been (UTC), `None` where unknown.
    pub const fn first_day(self) -> Option<Day> {
        match self {
            When::Instant(at) => Some(at.day()),
            When::Day(day) | When::Range(day, _) => Some(day),
            When::Unknown => None,
        }
    }

    /// The last day it can have been (UTC), `None` where unknown.
    pub const fn last_day(self) -> Option<Day> {
        match self {
            When::Instant(at) => Some(at.day()),
            When::Day(day) | When::Range(_, day) => Some(day),
            When::Unknown => None,
        }
    }

    /// Orders what happened: by the first instant it can have been; a day before the instants of that day; unknown last.
    pub const fn order(self) -> (i64, i64) {
        match self {
            When::Instant(at) => (at.0, 1),
            When::Day(day) => (day.start().0, 0),
            When::Range(first, last) => (first.start().0, (last.0 - first.0) as i64 - i32::MAX as i64),
            When::Unknown => (i64::MAX, i64::MAX),
        }
    }

    /// Minutes since 1970 at its first possible moment, `None` where unknown.
    pub const fn minutes(self) -> Option<i32> {
        match self {
            When::Instant(at) => Some(at.minutes()),
            When::Day(day) | When::Range(day, _) => Some(day.start().minutes()),
            When::Unknown => None,
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            When::Instant(at) => at.fmt(f),
            When::Day(day) => day.fmt(f),
            When::Range(first, last) => write!(f, "{first}..{last}"),
            When::Unknown => write!(f, "unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_agree_with_the_calendar() {
        for n in (-200_000..200_000).step_by(37) {
            let (y, m, d) = Day(n).ymd();
            if y > 0 {
                assert_eq!(Day::from_ymd(y, m, d), Some(Day(n)));
            }
        }
        assert_eq!(Day::parse("1970-01-01"), Some(Day(0)));
        assert_eq!(Day::parse("2026-02-29"), None);
        assert_eq!(Day::parse("2026-03-31").map(|d| d.to_string()).as_deref(), Some("2026-03-31"));
        assert_eq!(Day::parse("2026-11-22").map(Day::weekday), Some(6));
    }

    #[test]
    fn a_day_sorts_before_the_instants_of_that_day_and_unknown_last() {
        let day = When::Day(Day(10));
        let midnight = When::Instant(Day(10).start());
        assert!(day.order() < midnight.order());
        assert!(midnight.order() < When::Unknown.order());
        assert_eq!(When::Instant(Instant(-1)).first_day(), Some(Day(-1)));
    }

    #[test]
    fn an_instant_prints_as_it_is_read_elsewhere() {
        assert_eq!(Instant(1_500).to_string(), "1970-01-01T00:00:01.500Z");
        assert_eq!(Instant(0).to_string(), "1970-01-01T00:00:00Z");
    }
}
