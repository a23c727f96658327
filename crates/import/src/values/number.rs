//! Numbers as people and machines write them, read exactly.
//!
//! The rule for the decimal sign, where no style is given:
//! - both `.` and `,` appear: the last one is the decimal sign (`1.117,10`, `1,117.10`);
//! - one of them appears more than once: it groups thousands (`1,234,567`, also `12,34,567`);
//! - it appears once and what follows is not exactly three digits, or a lone zero precedes it, or thousands are
//!   grouped by a space or apostrophe, or there is an exponent: it is the decimal sign (`12.5`, `0,125`, `1 234,567`);
//! - else (`1.234`, `1,234`) there are two readings, and the number is [`NumberFault::Ambiguous`].
//!
//! Invariant: a number is never rounded here: it is a whole mantissa times a power of ten.

/// Which sign parts the whole from the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decimal {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// An exact number: `mantissa × 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its digits as one whole number, with its sign.
    pub mantissa: i128,
    /// The power of ten.
    pub exponent: i32,
    /// Whether it was written with `%`; the exponent already counts that.
    pub percent: bool,
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// It is not written as one, or has more than 30 digits.
    Bad,
    /// It has two readings: `1.234`.
    Ambiguous,
}

/// What a number tells about the decimal sign of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    Nothing,
    Ambiguous,
    Is(Decimal),
}

const MAX_DIGITS: usize = 30;
const MAX_GROUPS: usize = 16;

/// Reads a number in this style; without a style, by the rule above.
pub fn parse_number(text: &str, style: Option<Decimal>) -> Result<Number, NumberFault> {
    let text = text.trim();
    if let Some(number) = plain_whole(text.as_bytes()) {
        return Ok(number);
    }
    let (body, negative, percent, shift) = undress(text)?;
    let (body, exponent) = split_exponent(body)?;
    let shape = Shape::read(body)?;
    let style = if exponent.is_some() { style.or(Some(Decimal::Point)) } else { style };
    let fraction = shape.fraction(style)?;
    let mantissa = if negative { -shape.mantissa } else { shape.mantissa };
    let exponent = exponent.unwrap_or(0) + shift - fraction as i32 - if percent { 2 } else { 0 };
    Ok(Number { mantissa, exponent, percent })
}

pub(crate) fn decimal_evidence(text: &str) -> Evidence {
    let text = text.trim();
    if plain_whole(text.as_bytes()).is_some() {
        return Evidence::Nothing;
    }
    let Ok((body, ..)) = undress(text) else { return Evidence::Nothing };
    let Ok((body, None)) = split_exponent(body) else { return Evidence::Nothing };
    Shape::read(body).map_or(Evidence::Nothing, |shape| shape.evidence())
}

impl Number {
    /// The number as whole, `None` where it has a fraction or is too large.
    pub fn whole(self) -> Option<i64> {
        let mut mantissa = self.mantissa;
        if self.exponent >= 0 {
            let factor = 10i128.checked_pow(self.exponent.try_into().ok()?)?;
            return mantissa.checked_mul(factor)?.try_into().ok();
        }
        for _ in 0..self.exponent.unsigned_abs().min(64) {
            if mantissa % 10 != 0 {
                return None;
            }
            mantissa /= 10;
        }
        mantissa.try_into().ok()
    }

    /// The nearest number with decimals.
    pub fn real(self) -> f64 {
        const EXACT: [f64; 23] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
            1e19, 1e20, 1e21, 1e22,
        ];
        // both operands are exact, so that the one division or product rounds once
        if self.mantissa.unsigned_abs() <= 1 << 53
            && let Some(power) = EXACT.get(self.exponent.unsigned_abs() as usize)
        {
            let mantissa = self.mantissa as f64;
            return if self.exponent < 0 { mantissa / power } else { mantissa * power };
        }
        format!("{}e{}", self.mantissa, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The product with a factor of a mapping; a number written with `%` has its factor already.
    pub fn scaled(self, factor: Number) -> Option<Number> {
        if self.percent {
            return Some(self);
        }
        let mantissa = self.mantissa.checked_mul(factor.mantissa)?;
        Some(Number { mantissa, exponent: self.exponent + factor.exponent, percent: false })
    }
}

fn plain_whole(bytes: &[u8]) -> Option<Number> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut n = 0i64;
    for &b in digits {
        if !b.is_ascii_digit() {
            return None;
        }
        n = n * 10 + i64::from(b - b'0');
    }
    Some(Number { mantissa: i128::from(if negative { -n } else { n }), exponent: 0, percent: false })
}

/// Takes off sign, parentheses, percent sign and the letters that stand for thousands and millions.
fn undress(text: &str) -> Result<(&str, bool, bool, i32), NumberFault> {
    let mut body = text;
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(') {
        body = inner.strip_suffix(')').ok_or(NumberFault::Bad)?.trim();
        negative = true;
    }
    if let Some(rest) = body.strip_prefix(['-', '−', '–']) {
        negative = !negative;
        body = rest;
    } else if let Some(rest) = body.strip_prefix('+') {
        body = rest;
    } else if let Some(rest) = body.strip_suffix('-') {
        negative = !negative;
        body = rest;
    }
    let mut percent = false;
    if let Some(rest) = body.trim_end().strip_suffix('%') {
        percent = true;
        body = rest;
    }
    let body = body.trim();
    let digits = body.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    let letters = body[digits.len()..].trim_start_matches('.').trim_end_matches('.');
    if letters.is_empty() {
        return Ok((body, negative, percent, 0));
    }
    const LETTERS: [(&str, i32); 12] = [
        ("k", 3),
        ("tsd", 3),
        ("thousand", 3),
        ("m", 6),
        ("mm", 6),
        ("mn", 6),
        ("mio", 6),
        ("million", 6),
        ("b", 9),
        ("bn", 9),
        ("mrd", 9),
        ("billion", 9),
    ];
    let shift = LETTERS.iter().find(|(word, _)| word.eq_ignore_ascii_case(letters)).map(|(_, shift)| *shift);
    Ok((digits.trim_end(), negative, percent, shift.ok_or(NumberFault::Bad)?))
}

fn split_exponent(body: &str) -> Result<(&str, Option<i32>), NumberFault> {
    let Some(at) = body.find(['e', 'E']) else { return Ok((body, None)) };
    let exponent: i32 = body[at + 1..].parse().map_err(|_| NumberFault::Bad)?;
    if exponent.abs() > 30 {
        return Err(NumberFault::Bad);
    }
    Ok((&body[..at], Some(exponent)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Point,
    Comma,
    /// A space or an apostrophe, which only ever groups.
    Space,
}

struct Shape {
    mantissa: i128,
    /// Every separator with the count of digits between it and the next one (or the end).
    parts: [(Sign, usize); MAX_GROUPS],
    count: usize,
    /// Digits before the first separator.
    lead: usize,
    lone_zero: bool,
}

impl Shape {
    fn read(body: &str) -> Result<Shape, NumberFault> {
        let mut shape =
            Shape { mantissa: 0, parts: [(Sign::Space, 0); MAX_GROUPS], count: 0, lead: 0, lone_zero: false };
        let mut digits = 0;
        for c in body.chars() {
            let sign = match c {
                '0'..='9' => {
                    digits += 1;
                    if digits > MAX_DIGITS {
                        return Err(NumberFault::Bad);
                    }
                    shape.mantissa = shape.mantissa * 10 + i128::from(c as u32 - '0' as u32);
                    match shape.count {
                        0 => shape.lead += 1,
                        n => shape.parts[n - 1].1 += 1,
                    }
                    continue;
                }
                '.' => Sign::Point,
                ',' => Sign::Comma,
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => Sign::Space,
                _ => return Err(NumberFault::Bad),
            };
            if shape.count == 0 {
                shape.lone_zero = shape.mantissa == 0;
            }
            *shape.parts.get_mut(shape.count).ok_or(NumberFault::Bad)? = (sign, 0);
            shape.count += 1;
        }
        if digits == 0 { Err(NumberFault::Bad) } else { Ok(shape) }
    }

    fn parts(&self) -> &[(Sign, usize)] {
        &self.parts[..self.count]
    }

    fn times(&self, sign: Sign) -> usize {
        self.parts().iter().filter(|(s, _)| *s == sign).count()
    }

    /// How many digits are fraction, under the style.
    fn fraction(&self, style: Option<Decimal>) -> Result<usize, NumberFault> {
        let decimal = match style {
            Some(Decimal::Point) => Sign::Point,
            Some(Decimal::Comma) => Sign::Comma,
            None => match self.evidence() {
                Evidence::Is(Decimal::Point) => Sign::Point,
                Evidence::Is(Decimal::Comma) => Sign::Comma,
                Evidence::Ambiguous => return Err(NumberFault::Ambiguous),
                Evidence::Nothing => Sign::Point, // no sign at all, or only groups by space
            },
        };
        let parts = self.parts();
        let (groups, fraction) = match parts.last() {
            Some((sign, after)) if *sign == decimal => (&parts[..parts.len() - 1], *after),
            _ => (parts, 0),
        };
        if groups.iter().any(|(sign, _)| *sign == decimal) || !self.groups_are_fine(groups) {
            return Err(NumberFault::Bad);
        }
        Ok(fraction)
    }

    /// Groups of three, or the Indian way: the last of three, those before it of two. One kind of sign.
    fn groups_are_fine(&self, groups: &[(Sign, usize)]) -> bool {
        let Some(((sign, last), before)) = groups.split_last() else { return true };
        let one_kind = before.iter().all(|(s, _)| s == sign);
        let three = before.iter().all(|(_, n)| *n == 3);
        let two = !before.is_empty() && self.lead <= 2 && before.iter().all(|(_, n)| *n == 2);
        one_kind && *last == 3 && (1..=3).contains(&self.lead) && (three || two)
    }

    fn evidence(&self) -> Evidence {
        use Decimal::{Comma, Point};
        let parts = self.parts();
        let (points, commas) = (self.times(Sign::Point), self.times(Sign::Comma));
        let decimal_is_last = |decimal| parts.last().is_some_and(|(sign, _)| *sign == decimal);
        match (points, commas) {
            (0, 0) => Evidence::Nothing,
            (1, 0) if self.one_reading() => Evidence::Is(Point),
            (0, 1) if self.one_reading() => Evidence::Is(Comma),
            (1, 0) | (0, 1) => Evidence::Ambiguous,
            (0, _) => Evidence::Is(Point),
            (_, 0) => Evidence::Is(Comma),
            (1, _) if decimal_is_last(Sign::Point) => Evidence::Is(Point),
            (_, 1) if decimal_is_last(Sign::Comma) => Evidence::Is(Comma),
            _ => Evidence::Nothing,
        }
    }

    /// Whether the only `.` or `,` can but be the decimal sign.
    fn one_reading(&self) -> bool {
        let after = self.parts().last().map_or(0, |(_, after)| *after);
        self.count > 1 || after != 3 || self.lead == 0 || self.lead > 3 || self.lone_zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(text: &str, style: Option<Decimal>) -> f64 {
        parse_number(text, style).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).real()
    }

    #[test]
    fn one_reading_is_read_without_a_style() {
        for (text, value) in [
            ("12", 12.0),
            ("-12.5", -12.5),
            ("1,117.10", 1117.1),
            ("1.117,10", 1117.1),
            ("1,234,567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("12,34,567.5", 1_234_567.5),
            ("0,125", 0.125),
            ("1 234,567", 1234.567),
            ("1'000.00", 1000.0),
            ("(120.00)", -120.0),
            ("342.09K", 342_090.0),
            ("1.2M", 1_200_000.0),
            ("77.77%", 0.7777),
            ("1.0E7", 1e7),
            ("1.234e3", 1234.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("+3", 3.0),
            ("120-", -120.0),
            ("1\u{a0}200,50", 1200.5),
            ("12345,678", 12345.678),
        ] {
            assert_eq!(real(text, None), value, "{text}");
        }
    }

    #[test]
    fn two_readings_are_never_guessed() {
        for text in ["1.234", "1,234", "$".trim_start_matches('$'), "-12,345"] {
            let read = parse_number(text, None);
            assert!(matches!(read, Err(NumberFault::Ambiguous)) || text.is_empty(), "{text}: {read:?}");
        }
        assert_eq!(real("1.234", Some(Decimal::Point)), 1.234);
        assert_eq!(real("1.234", Some(Decimal::Comma)), 1234.0);
        assert_eq!(real("1,234", Some(Decimal::Point)), 1234.0);
        assert_eq!(real("1,234", Some(Decimal::Comma)), 1.234);
    }

    #[test]
    fn a_style_refuses_what_it_cannot_have_written() {
        for (text, style) in [("12,50", Decimal::Point), ("12.50", Decimal::Comma), ("1.2.3", Decimal::Point)] {
            assert_eq!(parse_number(text, Some(style)), Err(NumberFault::Bad), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_bad() {
        let long = "9".repeat(31);
        for text in ["", "-", "abc", "1.2.3,4,5", "12,3,4", "1e999", "--1", "(1", "1x", "NaN", "∞", "0x10", &long] {
            assert_eq!(parse_number(text, None), Err(NumberFault::Bad), "{text}");
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let whole = |text| parse_number(text, Some(Decimal::Point)).unwrap().whole();
        assert_eq!(whole("12.00"), Some(12));
        assert_eq!(whole("12.50"), None);
        assert_eq!(whole("1,234"), Some(1234));
        assert_eq!(whole("9.3E2"), Some(930));
    }

    #[test]
    fn evidence_is_what_has_one_reading() {
        assert_eq!(decimal_evidence("1,234,567"), Evidence::Is(Decimal::Point));
        assert_eq!(decimal_evidence("12,50"), Evidence::Is(Decimal::Comma));
        assert_eq!(decimal_evidence("1,234"), Evidence::Ambiguous);
        assert_eq!(decimal_evidence("1234"), Evidence::Nothing);
    }
}
