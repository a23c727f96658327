//! Walking along the text of a date: numbers, words, zones.

pub(super) fn digit(b: u8) -> Option<i32> {
    b.is_ascii_digit().then(|| i32::from(b - b'0'))
}

pub(super) fn two(a: u8, b: u8) -> Option<i32> {
    Some(digit(a)? * 10 + digit(b)?)
}

const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "janvier", "enero", "janeiro", "januari", "ene"],
    &["feb", "february", "februar", "février", "febrero", "fevereiro", "februari", "fev"],
    &["mar", "march", "märz", "mrz", "mär", "mars", "marzo", "março", "maart"],
    &["apr", "april", "avril", "abril", "abr", "avr"],
    &["may", "mai", "mayo", "maio", "mei"],
    &["jun", "june", "juni", "juin", "junio", "junho"],
    &["jul", "july", "juli", "juillet", "julio", "julho"],
    &["aug", "august", "août", "agosto", "augustus", "ago"],
    &["sep", "sept", "september", "septembre", "septiembre", "setembro", "set"],
    &["oct", "october", "oktober", "octobre", "octubre", "outubro", "okt", "out"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &["dec", "december", "dezember", "décembre", "diciembre", "dezembro", "dez", "dic"],
];

pub(super) fn month(word: &str) -> Option<i32> {
    let word = word.to_lowercase();
    MONTHS.iter().position(|names| names.contains(&word.as_str())).map(|n| n as i32 + 1)
}

pub(super) fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.to_ascii_lowercase();
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word))
}

#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn peek_after_spaces(&self) -> Option<u8> {
        self.rest().iter().copied().find(|b| *b != b' ')
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip(&mut self, any: &[u8]) {
        while self.peek().is_some_and(|b| any.contains(&b)) {
            self.at += 1;
        }
    }

    pub(super) fn word_is(&self, word: &str) -> bool {
        self.rest().get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// The letters from here on (also beyond ASCII).
    pub(super) fn word<'t>(&mut self, text: &'t str) -> &'t str {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80) {
            self.at += 1;
        }
        text.get(start..self.at).unwrap_or("")
    }

    pub(super) fn long_number(&mut self) -> Option<(i64, usize)> {
        let start = self.at;
        let mut n = 0i64;
        while let Some(b) = self.peek().filter(u8::is_ascii_digit) {
            n = n.checked_mul(10)?.checked_add(i64::from(b - b'0'))?;
            self.at += 1;
        }
        (self.at > start).then_some((n, self.at - start))
    }

    pub(super) fn number(&mut self) -> Option<(i32, usize)> {
        let (n, digits) = self.long_number()?;
        Some((i32::try_from(n).ok()?, digits))
    }

    pub(super) fn exactly_two(&mut self) -> Option<i32> {
        let n = two(self.peek()?, *self.bytes.get(self.at + 1)?)?;
        self.at += 2;
        Some(n)
    }

    pub(super) fn fraction_ms(&mut self) -> Option<i64> {
        let start = self.at;
        let mut ms = 0;
        while let Some(b) = self.peek().filter(u8::is_ascii_digit) {
            if self.at - start < 3 {
                ms = ms * 10 + i64::from(b - b'0');
            }
            self.at += 1;
        }
        let digits = self.at - start;
        (digits > 0).then(|| ms * [1, 100, 10, 1][digits.min(3)])
    }

    /// Nothing, `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`, `GMT+0200 (CEST)`. `None` where it is something else.
    pub(super) fn zone(&mut self) -> Option<Option<i64>> {
        self.skip(b" ");
        if self.is_done() {
            return Some(None);
        }
        let named = if self.eat(b'Z') || self.eat(b'z') {
            true
        } else if self.word_is("UTC") || self.word_is("GMT") {
            self.at += 3;
            true
        } else {
            false
        };
        let mut offset = named.then_some(0);
        if let Some(sign @ (b'+' | b'-')) = self.peek() {
            self.at += 1;
            let (n, digits) = self.number()?;
            let minutes = match digits {
                1 | 2 if self.eat(b':') => n * 60 + self.exactly_two()?,
                1 | 2 => n * 60,
                4 => n / 100 * 60 + n % 100,
                _ => return None,
            };
            if minutes > 18 * 60 {
                return None;
            }
            offset = Some(i64::from(if sign == b'-' { -minutes } else { minutes }) * 60_000);
        }
        offset?;
        self.skip(b" ");
        if self.peek() == Some(b'(') || self.peek() == Some(b'[') {
            return matches!(self.bytes.last(), Some(b')' | b']')).then_some(offset);
        }
        self.is_done().then_some(offset)
    }
}
