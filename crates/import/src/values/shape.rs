//! The shapes in which exports write dates and times of day.
//!
//! Not here: which of two orders is meant (see [`super::date`]).

use terms::{Day, Instant};

use super::cursor::{Cursor, is_weekday, month, two};

/// A time of day: milliseconds, and the offset from UTC in milliseconds where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(super) ms: i64,
    pub(super) offset: Option<i64>,
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

pub(super) fn full_year(short: i32) -> i32 {
    if short <= 68 { 2000 + short } else { 1900 + short }
}

/// The day of a date; plain arithmetic, since this runs for every row.
pub(super) fn day_of(y: i32, m: i32, d: i32) -> Option<Day> {
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
