//! Local date-times -> instants, by the bundled time-zone data, the same on every machine.
//!
//! A local time that the clock showed twice is the first of the two; one that it skipped is moved on by the gap.

use std::cell::Cell;

use jiff::civil;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use terms::{Day, Instant};

use crate::Error;

const DAY_MS: i64 = 86_400_000;

/// A time zone that remembers the offset of the last day asked for.
#[derive(Debug)]
pub struct Zone {
    zone: Option<TimeZone>,
    last: Cell<Option<(i32, i64)>>,
}

impl Clone for Zone {
    fn clone(&self) -> Self {
        Zone { zone: self.zone.clone(), last: Cell::new(None) }
    }
}

impl Zone {
    /// Coordinated universal time.
    pub const fn utc() -> Zone {
        Zone { zone: None, last: Cell::new(None) }
    }

    /// The zone with this IANA name.
    pub fn named(name: &str) -> Result<Zone, Error> {
        let name = name.trim();
        if ["", "UTC", "Etc/UTC", "GMT", "Z"].iter().any(|utc| utc.eq_ignore_ascii_case(name)) {
            return Ok(Zone::utc());
        }
        match TimeZoneDatabase::bundled().get(name) {
            Ok(zone) => Ok(Zone { zone: Some(zone), last: Cell::new(None) }),
            Err(_) => Err(Error::new("unknown_time_zone", name, "no such time zone")
                .with_hint("use an IANA name such as `Europe/Berlin`, `America/New_York` or `UTC`")),
        }
    }

    /// The instant at which a clock in this zone showed so many milliseconds of the day.
    pub fn instant(&self, day: Day, ms_of_day: i64) -> Instant {
        let local = i64::from(day.0) * DAY_MS + ms_of_day;
        let Some(zone) = &self.zone else { return Instant(local) };
        if let Some((known, offset_ms)) = self.last.get()
            && known == day.0
        {
            return Instant(local - offset_ms);
        }
        // a day that starts and ends (with a margin for the neighbours) at one offset has no transition
        let offset =
            |ms: i64| jiff::Timestamp::from_millisecond(ms).map(|at| i64::from(zone.to_offset(at).seconds()) * 1_000);
        let midnight = i64::from(day.0) * DAY_MS;
        if let (Ok(before), Ok(after)) = (offset(midnight - DAY_MS), offset(midnight + 2 * DAY_MS))
            && before == after
        {
            self.last.set(Some((day.0, before)));
            return Instant(local - before);
        }
        let (y, m, d) = day.ymd();
        let (h, min, s, ms) =
            (ms_of_day / 3_600_000, ms_of_day / 60_000 % 60, ms_of_day / 1_000 % 60, ms_of_day % 1_000);
        let civil =
            civil::DateTime::new(y as i16, m as i8, d as i8, h as i8, min as i8, s as i8, ms as i32 * 1_000_000);
        let at = civil.and_then(|at| zone.to_ambiguous_timestamp(at).compatible());
        Instant(at.map_or(local, |at| at.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, day: &str, hour: i64, minute: i64) -> String {
        let zone = Zone::named(zone).unwrap();
        zone.instant(Day::parse(day).unwrap(), (hour * 60 + minute) * 60_000).to_string()
    }

    #[test]
    fn summer_and_winter_have_their_own_offsets() {
        assert_eq!(at("Europe/Berlin", "2026-07-01", 12, 0), "2026-07-01T10:00:00Z");
        assert_eq!(at("Europe/Berlin", "2026-01-01", 0, 30), "2025-12-31T23:30:00Z");
        assert_eq!(at("UTC", "2026-01-01", 0, 30), "2026-01-01T00:30:00Z");
    }

    #[test]
    fn an_hour_shown_twice_is_the_first_and_a_skipped_one_is_moved_on() {
        assert_eq!(at("America/New_York", "2026-11-01", 1, 30), "2026-11-01T05:30:00Z");
        assert_eq!(at("America/New_York", "2026-03-08", 2, 30), "2026-03-08T07:30:00Z");
        assert_eq!(at("America/New_York", "2026-03-08", 1, 59), "2026-03-08T06:59:00Z");
        assert_eq!(at("America/New_York", "2026-03-08", 3, 0), "2026-03-08T07:00:00Z");
    }

    #[test]
    fn an_unknown_zone_is_an_error_with_a_hint() {
        let error = Zone::named("Mars/Olympus").unwrap_err();
        assert_eq!(error.code(), "unknown_time_zone");
        assert!(error.hint().is_some());
    }
}
