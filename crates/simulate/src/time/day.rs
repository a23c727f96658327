//! A calendar day, counted from 1970-01-01.

use std::fmt;

/// A day of the proleptic Gregorian calendar; the number is days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date. Source: H. Hinnant, `days_from_civil`.
    pub const fn new(year: i32, month: i32, day: i32) -> Day {
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let shifted = (month + 9) % 12;
        let doy = (153 * shifted + 2) / 5 + day - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Day(era * 146_097 + doe - 719_468)
    }

    /// Year, month (1..=12) and day of month (1..=31).
    pub const fn civil(self) -> (i32, i32, i32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, doy - (153 * mp + 2) / 5 + 1)
    }

    /// 0 for Monday to 6 for Sunday.
    pub const fn weekday(self) -> i32 {
        (self.0 + 3).rem_euclid(7)
    }

    /// Saturday or Sunday.
    pub const fn is_weekend(self) -> bool {
        self.weekday() >= 5
    }

    /// The day `days` later.
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0 + days)
    }

    /// `2026-07-01` as ten bytes.
    pub fn iso(self) -> [u8; 10] {
        let (y, m, d) = self.civil();
        let mut out = *b"0000-00-00";
        digits(&mut out[0..4], y);
        digits(&mut out[5..7], m);
        digits(&mut out[8..10], d);
        out
    }
}

/// Writes `value` right-aligned with leading zeros.
pub(super) fn digits(out: &mut [u8], mut value: i32) {
    for place in out.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.civil();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates_survive_the_round_trip() {
        for n in 15_000..25_000 {
            let (y, m, d) = Day(n).civil();
            assert_eq!(Day::new(y, m, d), Day(n));
        }
        assert_eq!(Day::new(2026, 7, 1).weekday(), 2);
        assert_eq!(Day::new(2024, 2, 29).to_string(), "2024-02-29");
        assert_eq!(&Day::new(2026, 10, 4).iso(), b"2026-10-04");
    }
}
