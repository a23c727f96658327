//! Dates in the shapes that exports use.
//!
//! A date that is a day stays a day. Two-digit years 00 to 68 are 2000 to 2068. `31.08.2023` with points is day first
//! unless its column shows otherwise. A date such as `03/04/2026` has two readings and is not guessed.
//! Not here: the evidence of a whole column (see `run`).

use terms::{Day, Instant, When};

use super::Zone;
use super::cursor::{Cursor, is_weekday, month, two};

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

/// A time of day: milliseconds, and the offset from UTC in milliseconds where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    ms: i64,
    offset: Option<i64>,
}

/// A date as written, before its order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Fixed(Day, Option<Clock>),
    Epoch(Instant),
    /// `a` and `b` are day and month in an order yet to be known; or `a` is a two-digit year.
    Open {
        a: i32,
        b: i32,
        c: i32,
        short: bool,
        point: bool,
        clock: Option<Clock>,
    },
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

fn full_year(short: i32) -> i32 {
    if short <= 68 { 2000 + short } else { 1900 + short }
}

/// The day of a date; plain arithmetic, since this runs for every row.
fn day_of(y: i32, m: i32, d: i32) -> Option<Day> {
    const DAYS: [i32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let longest = *DAYS.get(usize::try_from(m - 1).ok()?)?;
    if !(1..=9999).contains(&y) || d < 1 || d > longest {
        return None;
    }
    if m == 2 && d == 29 && !(y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) {
        return None;
    }
    // days from civil, after Howard Hinnant (public domain algorithm)
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some(Day(era * 146_097 + doe - 719_468))
}

pub(crate) fn read_shape(text: &str, serial: bool) -> Option<Shape> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.len() > 80 {
        return None;
    }
    if let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = bytes
        && let (Some(y), Some(m), Some(d)) = (four(*y1, *y2, *y3, *y4), two(*m1, *m2), two(*d1, *d2))
        && !rest.first().is_some_and(u8::is_ascii_digit)
    {
        let day = day_of(y, m, d)?;
        return Some(Shape::Fixed(day, clock(rest)?));
    }
    general(text, serial)
}

fn four(a: u8, b: u8, c: u8, d: u8) -> Option<i32> {
    Some(two(a, b)? * 100 + two(c, d)?)
}

/// The time after a date: nothing, or `[T, at] h:mm[:ss[.fff]] [AM|PM] [zone]`. `None` where it is something else.
fn clock(rest: &[u8]) -> Option<Option<Clock>> {
    let mut c = Cursor { bytes: rest, at: 0 };
    c.skip(b", ");
    if !c.eat(b'T') && !c.eat(b't') && c.word_is("at") {
        c.at += 2;
    }
    c.skip(b" ");
    if c.is_done() {
        return if rest.iter().all(|b| b" ,".contains(b)) { Some(None) } else { None };
    }
    let (hour, digits) = c.number()?;
    let (mut hour, mut minute, mut second, mut milli) = (i64::from(hour), 0, 0, 0);
    if digits == 6 {
        (hour, minute, second) = (hour / 10_000, hour / 100 % 100, hour % 100); // basic ISO: 225833
    } else if digits <= 2 && c.eat(b':') {
        minute = i64::from(c.exactly_two()?);
        if c.eat(b':') {
            second = i64::from(c.exactly_two()?);
        }
    } else if digits > 2 || !matches!(c.peek_after_spaces(), Some(b'a' | b'A' | b'p' | b'P')) {
        return None;
    }
    if matches!(c.peek(), Some(b'.' | b',')) {
        c.at += 1;
        milli = c.fraction_ms()?;
    }
    c.skip(b" ");
    if let Some(half @ (b'a' | b'A' | b'p' | b'P')) = c.peek() {
        let dotted = c.rest().get(1..4).is_some_and(|w| w.eq_ignore_ascii_case(b".m."));
        let plain = c.rest().get(1).is_some_and(|m| m.eq_ignore_ascii_case(&b'm'));
        if !(dotted || plain) || !(1..=12).contains(&hour) {
            return None;
        }
        c.at += if dotted { 4 } else { 2 };
        hour = hour % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
    }
    let midnight_after = hour == 24 && minute == 0 && second == 0 && milli == 0;
    if (hour > 23 && !midnight_after) || minute > 59 || second > 60 {
        return None;
    }
    let ms = ((hour * 60 + minute) * 60 + second.min(59)) * 1_000 + milli;
    Some(Some(Clock { ms, offset: c.zone()? }))
}

fn general(text: &str, serial: bool) -> Option<Shape> {
    let mut c = Cursor { bytes: text.as_bytes(), at: 0 };
    if c.peek().is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80) {
        let word = c.word(text);
        if let Some(month) = month(word) {
            c.skip(b" .,-");
            return with_day_after_month(&mut c, month);
        }
        if !is_weekday(word) {
            return None;
        }
        c.skip(b" .,");
        let word = c.clone().word(text);
        if let Some(month) = month(word) {
            c.at += word.len();
            c.skip(b" .,-");
            return with_day_after_month(&mut c, month);
        }
    }
    let (first, digits) = c.long_number()?;
    match c.peek() {
        None => return bare(first, digits, 0, serial),
        Some(b'.') if c.rest()[1..].iter().all(u8::is_ascii_digit) && !(digits <= 2 && c.rest().len() <= 3) => {
            c.at += 1;
            let scale = c.rest().len();
            let ms_of_day = format!("0.{}", &text[c.at..]).parse::<f64>().ok()? * 86_400_000.0;
            if digits == 10 {
                c.at -= 1;
                let ms = {
                    c.at += 1;
                    c.fraction_ms()?
                };
                return Some(Shape::Epoch(Instant(first * 1_000 + ms)));
            }
            return if scale > 0 { bare(first, digits, ms_of_day.round() as i64, serial) } else { None };
        }
        Some(b'T' | b't' | b' ') if digits == 8 => {
            let day = compact(first)?;
            return Some(Shape::Fixed(day, clock(c.rest())?));
        }
        _ => {}
    }
    let first = i32::try_from(first).ok().filter(|_| digits <= 4)?;
    for suffix in ["st", "nd", "rd", "th"] {
        if c.word_is(suffix) {
            c.at += 2;
        }
    }
    let sep = c.peek()?;
    c.skip(if sep == b'.' || sep == b' ' {
        b". "
    } else if sep == b'-' {
        b"-"
    } else {
        b"/"
    });
    if c.peek().is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80) {
        if c.word_is("de ") || c.word_is("of ") {
            c.at += 3;
        }
        let month = month(c.word(text))?;
        c.skip(b" .,-/");
        if c.word_is("de ") {
            c.at += 3;
        }
        let (year, year_digits) = c.number()?;
        let (year, day) = match (digits, year_digits) {
            (4, _) => (first, year),
            (_, 4) => (year, first),
            (_, 2) => (full_year(year), first),
            _ => return None,
        };
        return Some(Shape::Fixed(day_of(year, month, day)?, clock(c.rest())?));
    }
    if !b"/-.".contains(&sep) {
        return None;
    }
    let (second, second_digits) = c.number()?;
    if !c.eat(sep) || second_digits > 2 {
        return None;
    }
    if sep == b'.' {
        c.skip(b" ");
    }
    let (third, third_digits) = c.number()?;
    let clock = clock(c.rest())?;
    match (digits, third_digits) {
        (4, 1 | 2) => Some(Shape::Fixed(day_of(first, second, third)?, clock)),
        (1 | 2, 4) => Some(Shape::Open { a: first, b: second, c: third, short: false, point: sep == b'.', clock }),
        (1 | 2, 2) => Some(Shape::Open { a: first, b: second, c: third, short: true, point: sep == b'.', clock }),
        _ => None,
    }
}

/// `Jul 7, 2026`, and `Jul 07 2026 22:58:33 GMT+0000 (UTC)`.
fn with_day_after_month(c: &mut Cursor<'_>, month: i32) -> Option<Shape> {
    let (day, digits) = c.number()?;
    for suffix in ["st", "nd", "rd", "th"] {
        if c.word_is(suffix) {
            c.at += 2;
        }
    }
    c.skip(b" .,-");
    let (year, year_digits) = c.number()?;
    let year = match year_digits {
        4 => year,
        2 => full_year(year),
        _ => return None,
    };
    if digits > 2 {
        return None;
    }
    Some(Shape::Fixed(day_of(year, month, day)?, clock(c.rest())?))
}

/// A bare number: `20260707`, `20260707225833`, seconds, milliseconds, micro- or nanoseconds since 1970, or a
/// spreadsheet's day where the file is one.
fn bare(n: i64, digits: usize, ms_of_day: i64, serial: bool) -> Option<Shape> {
    if serial && digits <= 7 && (1..=2_958_465).contains(&n) {
        let day = Day(i32::try_from(n).ok()? - 25_569);
        let clock = (ms_of_day != 0).then(|| Clock { ms: (ms_of_day + 500) / 1_000 * 1_000, offset: None });
        return Some(Shape::Fixed(day, clock));
    }
    if ms_of_day != 0 {
        return None;
    }
    match digits {
        8 => Some(Shape::Fixed(compact(n)?, None)),
        10 => Some(Shape::Epoch(Instant(n * 1_000))),
        13 => Some(Shape::Epoch(Instant(n))),
        14 => {
            let (h, m, s) = (n / 10_000 % 100, n / 100 % 100, n % 100);
            let ms = ((h * 60 + m) * 60 + s) * 1_000;
            (h < 24 && m < 60 && s < 60)
                .then_some(Shape::Fixed(compact(n / 1_000_000)?, Some(Clock { ms, offset: None })))
        }
        16 => Some(Shape::Epoch(Instant(n / 1_000))),
        19 => Some(Shape::Epoch(Instant(n / 1_000_000))),
        _ => None,
    }
}

fn compact(n: i64) -> Option<Day> {
    let n = i32::try_from(n).ok()?;
    (n >= 19_000_000).then(|| day_of(n / 10_000, n / 100 % 100, n % 100)).flatten()
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
