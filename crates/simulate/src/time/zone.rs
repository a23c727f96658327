//! The five time zones the reps sit in, with the daylight-saving rules of 2024 to 2026.
//!
//! Written out by hand so that the bytes do not hang on a machine's zone database.

use super::{Day, Moment};

/// Where a rep's working day is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// America/New_York
    NewYork,
    /// America/Chicago
    Chicago,
    /// America/Los_Angeles
    LosAngeles,
    /// Europe/London
    London,
    /// Europe/Berlin
    Berlin,
}

impl Zone {
    /// The IANA name, as Salesforce writes it in `TimeZoneSidKey`.
    pub const fn name(self) -> &'static str {
        match self {
            Zone::NewYork => "America/New_York",
            Zone::Chicago => "America/Chicago",
            Zone::LosAngeles => "America/Los_Angeles",
            Zone::London => "Europe/London",
            Zone::Berlin => "Europe/Berlin",
        }
    }

    const fn standard_hours(self) -> i64 {
        match self {
            Zone::NewYork => -5,
            Zone::Chicago => -6,
            Zone::LosAngeles => -8,
            Zone::London => 0,
            Zone::Berlin => 1,
        }
    }

    /// Seconds east of UTC. The switch is taken at midnight UTC of the switching Sunday, when nobody works.
    pub fn offset(self, at: Moment) -> i64 {
        let day = at.day();
        let (year, month, _) = day.civil();
        if !(3..=11).contains(&month) {
            return self.standard_hours() * 3600;
        }
        let (start, end) = match self {
            Zone::London | Zone::Berlin => (sunday_from(year, 3, 25), sunday_from(year, 10, 25)),
            _ => (sunday_from(year, 3, 8), sunday_from(year, 11, 1)),
        };
        let summer = day >= start && day < end;
        (self.standard_hours() + i64::from(summer)) * 3600
    }

    /// The local day of an instant.
    pub fn local_day(self, at: Moment) -> Day {
        at.plus(self.offset(at)).day()
    }

    /// The instant at which it is `second` after local midnight of `day`.
    pub fn instant(self, day: Day, second: i64) -> Moment {
        let local = Moment::midnight(day).plus(second);
        local.plus(-self.offset(local))
    }
}

/// The first Sunday on or after a date.
fn sunday_from(year: i32, month: i32, day: i32) -> Day {
    let from = Day::new(year, month, day);
    from.plus(6 - from.weekday())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_follows_the_rules_of_each_side() {
        let noon = |y, m, d| Moment::midnight(Day::new(y, m, d)).plus(43_200);
        assert_eq!(Zone::NewYork.offset(noon(2026, 3, 7)), -5 * 3600);
        assert_eq!(Zone::NewYork.offset(noon(2026, 3, 8)), -4 * 3600);
        assert_eq!(Zone::Berlin.offset(noon(2026, 3, 28)), 3600);
        assert_eq!(Zone::Berlin.offset(noon(2026, 3, 29)), 7200);
        assert_eq!(Zone::London.offset(noon(2025, 10, 26)), 0);
        assert_eq!(Zone::LosAngeles.offset(noon(2025, 11, 1)), -7 * 3600);
    }
}
