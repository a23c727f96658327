//! Dates in the shapes that exports use.
//!
//! A date that is a day stays a day. Two-digit years 00 to 68 are 2000 to 2068. `31.08.2023` with points is day first
//! unless its column shows otherwise. A date such as `03/04/2026` has two readings and is not guessed.
//! Not here: the evidence of a whole column (see `run`).

use terms::{Day, Instant, When};

use super::Zone;
use super::shape::{Clock, Shape, day_of, full_year, read_shape};

/// In which order a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    /// The order of `ymd`, `dmy` or `mdy`.
    pub fn parse(word: &str) -> Option<DateOrder> {
        match word.trim().to_ascii_lowercase().as_str() {
            "ymd" => Some(DateOrder::Ymd),
            "dmy" => Some(DateOrder::Dmy),
            "mdy" => Some(DateOrder::Mdy),
            _ => None,
        }
    }
}

/// How dates of one column are read.
#[derive(Clone, Debug)]
pub struct DateRule {
    /// The order of dates such as 03/04/2026.
    pub order: Option<DateOrder>,
    /// The zone of local date-times.
    pub zone: Zone,
    /// Whether bare numbers are days of a spreadsheet.
    pub serial: bool,
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// It is not written as one, or there is no such day.
    Bad,
    /// It has two readings.
    Ambiguous,
}

/// Reads a date or a date-time.
pub fn parse_date(text: &str, rule: &DateRule) -> Result<When, DateFault> {
    let shape = read_shape(text, rule.serial).ok_or(DateFault::Bad)?;
    resolve(shape, rule.order, &rule.zone)
}

/// What one date tells about the order of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    Nothing,
    /// Both readings are days.
    Either,
    DayFirst,
    MonthFirst,
}

impl Shape {
    /// The day as written, without its hour.
    pub(crate) fn without_clock(self) -> Shape {
        match self {
            Shape::Fixed(day, _) => Shape::Fixed(day, None),
            Shape::Epoch(at) => Shape::Fixed(at.day(), None),
            Shape::Open { a, b, c, short, point, .. } => Shape::Open { a, b, c, short, point, clock: None },
        }
    }

    /// Whether its reading depends on what its column shows.
    pub(crate) fn needs_order(self, given: Option<DateOrder>) -> bool {
        match (self, given) {
            (Shape::Open { .. }, None) => true,
            (Shape::Open { short, .. }, Some(DateOrder::Ymd)) => !short,
            _ => false,
        }
    }
}

pub(crate) fn order_evidence(shape: Shape) -> Hint {
    match shape {
        Shape::Open { a, b, .. } if a > 12 && b <= 12 => Hint::DayFirst,
        Shape::Open { a, b, .. } if b > 12 && a <= 12 => Hint::MonthFirst,
        Shape::Open { a, b, point, .. } if a <= 12 && b <= 12 && a != b && !point => Hint::Either,
        _ => Hint::Nothing,
    }
}

pub(crate) fn resolve(shape: Shape, order: Option<DateOrder>, zone: &Zone) -> Result<When, DateFault> {
    let (day, clock) = match shape {
        Shape::Epoch(at) => return Ok(When::Instant(at)),
        Shape::Fixed(day, clock) => (day, clock),
        Shape::Open { a, b, c, short, point, clock } => {
            let year = if short { full_year(c) } else { c };
            let order = match order {
                Some(DateOrder::Ymd) if short => {
                    let day = day_of(full_year(a), b, c).ok_or(DateFault::Bad)?;
                    return Ok(at(day, clock, zone));
                }
                Some(DateOrder::Ymd) | None => None,
                given => given,
            };
            let day = match (order, order_evidence(shape)) {
                (Some(DateOrder::Dmy), _) | (None, Hint::DayFirst) => day_of(year, b, a),
                (Some(_), _) | (None, Hint::MonthFirst) => day_of(year, a, b),
                (None, Hint::Either) => return Err(DateFault::Ambiguous),
                (None, Hint::Nothing) if point || a == b => day_of(year, b, a),
                (None, Hint::Nothing) => None,
            };
            (day.ok_or(DateFault::Bad)?, clock)
        }
    };
    Ok(at(day, clock, zone))
}

fn at(day: Day, clock: Option<Clock>, zone: &Zone) -> When {
    match clock {
        None => When::Day(day),
        Some(Clock { ms, offset: Some(offset) }) => When::Instant(Instant(day.start().0 + ms - offset)),
        Some(Clock { ms, offset: None }) => When::Instant(zone.instant(day, ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: &str) -> String {
        let rule =
            DateRule { order: DateOrder::parse(order), zone: Zone::named("Europe/Berlin").unwrap(), serial: false };
        match parse_date(text, &rule) {
            Ok(when) => when.to_string(),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn every_shape_that_has_one_reading_is_read() {
        for (text, want) in [
            ("2026-07-07", "2026-07-07"),
            ("2026-07-07T22:58:33Z", "2026-07-07T22:58:33Z"),
            ("2026-07-07T22:58:33.1234567+02:00", "2026-07-07T20:58:33.123Z"),
            ("2026-07-07T22:58:33.000+0000", "2026-07-07T22:58:33Z"),
            ("2026-07-07 22:58:33", "2026-07-07T20:58:33Z"),
            ("2026-07-07 22:58:33 UTC", "2026-07-07T22:58:33Z"),
            ("2026-07-07 22:58", "2026-07-07T20:58:00Z"),
            ("2020-02-04 4:30:21", "2020-02-04T03:30:21Z"),
            ("2026/7/7", "2026-07-07"),
            ("02/23/26 08:55 PM", "2026-02-23T19:55:00Z"),
            ("02/23/26", "2026-02-23"),
            ("23/02/1969", "1969-02-23"),
            ("01/13/69", "1969-01-13"),
            ("31-08-2023", "2023-08-31"),
            ("31.08.2023 14:05", "2023-08-31T12:05:00Z"),
            ("01.02.2023", "2023-02-01"),
            ("3. 4. 2023", "2023-04-03"),
            ("Jul 7, 2026", "2026-07-07"),
            ("July 7, 2026 at 3:05 PM", "2026-07-07T13:05:00Z"),
            ("7 July 2026", "2026-07-07"),
            ("7th July 2026", "2026-07-07"),
            ("7. Juli 2026", "2026-07-07"),
            ("7 de julio de 2026", "2026-07-07"),
            ("07-Jul-2026", "2026-07-07"),
            ("07-Jul-26", "2026-07-07"),
            ("Tue, 07 Jul 2026 22:58:33 GMT", "2026-07-07T22:58:33Z"),
            ("Tue Jul 07 2026 22:58:33 GMT+0200 (CEST)", "2026-07-07T20:58:33Z"),
            ("20260707", "2026-07-07"),
            ("20260707225833", "2026-07-07T20:58:33Z"),
            ("20260707T225833Z", "2026-07-07T22:58:33Z"),
            ("1784069913", "2026-07-14T22:58:33Z"),
            ("1784069913.250", "2026-07-14T22:58:33.250Z"),
            ("1784069913123", "2026-07-14T22:58:33.123Z"),
            ("12/12/2026", "2026-12-12"),
            ("2026-07-07 12:00 AM", "2026-07-06T22:00:00Z"),
            ("2026-07-07 12:00 p.m.", "2026-07-07T10:00:00Z"),
            ("2026-07-07T24:00:00Z", "2026-07-08T00:00:00Z"),
        ] {
            assert_eq!(read(text, ""), want, "{text}");
        }
    }

    #[test]
    fn two_readings_are_asked_for_and_an_order_decides() {
        assert_eq!(read("03/04/2026", ""), "Ambiguous");
        assert_eq!(read("03-04-26", ""), "Ambiguous");
        assert_eq!(read("03/04/2026", "mdy"), "2026-03-04");
        assert_eq!(read("03/04/2026", "dmy"), "2026-04-03");
        assert_eq!(read("26-03-04", "ymd"), "2026-03-04");
        assert_eq!(read("31/08/2023", "mdy"), "Bad");
    }

    #[test]
    fn what_is_no_date_is_bad() {
        for text in [
            "",
            "soon",
            "2026-02-30",
            "2026-13-01",
            "0000-00-00",
            "2026-07",
            "2026-07-07T",
            "2026-07-07 25:00",
            "1/2",
            "1/2/3/4",
            "45123",
            "31/31/2026",
            "Jul 2026",
            "2026-07-07 10:00 XYZ",
            "2026-07-07T10",
            "99999999",
            "2026-07-071",
            "Jul 7 2026 x",
            "٣/٤/٢٠٢٦",
            "12.5",
            "13:00 PM",
            "2026-07-07 13:00 PM",
        ] {
            assert_eq!(read(text, ""), "Bad", "{text}");
        }
    }

    #[test]
    fn a_number_is_a_spreadsheet_day_only_in_a_spreadsheet() {
        let rule = DateRule { order: None, zone: Zone::utc(), serial: true };
        assert_eq!(parse_date("45123", &rule).map(|w| w.to_string()), Ok("2023-07-16".into()));
        assert_eq!(parse_date("45123.5", &rule).map(|w| w.to_string()), Ok("2023-07-16T12:00:00Z".into()));
    }

    #[test]
    fn the_calendar_is_the_one_of_terms() {
        for n in (-300_000..400_000).step_by(13) {
            let (y, m, d) = Day(n).ymd();
            assert_eq!(day_of(y, m, d), Some(Day(n)).filter(|_| y >= 1));
        }
    }
}
