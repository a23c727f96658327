//! An instant in UTC, to the second.

use super::Day;
use super::day::digits;

/// Seconds since 1970-01-01 00:00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// The last instant that any export knows of: 2026-10-04 23:59:00 UTC.
pub const THROUGH: Moment = Moment(Day::new(2026, 10, 4).0 as i64 * 86_400 + 86_340);

impl Moment {
    /// Midnight UTC of a day.
    pub const fn midnight(day: Day) -> Moment {
        Moment(day.0 as i64 * 86_400)
    }

    /// The UTC day.
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(86_400) as i32)
    }

    /// Later by whole seconds.
    pub const fn plus(self, seconds: i64) -> Moment {
        Moment(self.0 + seconds)
    }

    /// Later by a fractional number of days.
    pub fn plus_days(self, days: f64) -> Moment {
        Moment(self.0 + (days * 86_400.0) as i64)
    }

    /// `2026-07-07 22:58:33`, as the Data Export writes it.
    pub fn text(self) -> [u8; 19] {
        let mut out = *b"0000-00-00 00:00:00";
        out[0..10].copy_from_slice(&self.day().iso());
        let second = self.0.rem_euclid(86_400) as i32;
        digits(&mut out[11..13], second / 3600);
        digits(&mut out[14..16], second / 60 % 60);
        digits(&mut out[17..19], second % 60);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_the_export_does() {
        assert_eq!(&THROUGH.text(), b"2026-10-04 23:59:00");
        assert_eq!(&THROUGH.plus(61).text(), b"2026-10-05 00:00:01");
    }
}
