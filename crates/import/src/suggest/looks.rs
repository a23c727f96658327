//! What the sampled cells of one column look like.
//!
//! Invariant: shares are of the cells that are not empty; with no such cell every share is 0.

use std::collections::BTreeMap;

use crate::values::{
    DateFault, DateOrder, DateRule, Zone, mail, parse_date, parse_flag, parse_money, parse_number, phone, web_domain,
};

/// What the cells of one column look like.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    /// How many cells are not empty.
    pub filled: usize,
    pub mails: f64,
    pub phones: f64,
    pub webs: f64,
    pub dates: f64,
    /// Whether some date has two readings and no other decides.
    pub order_is_open: bool,
    pub numbers: f64,
    pub amounts: f64,
    pub percents: f64,
    /// Whether the largest number is above 1.
    pub above_one: bool,
    pub flags: f64,
    /// Two words that begin with a capital letter: a person, or a company.
    pub names: f64,
    /// One word with a digit in it, as keys are written: `A-1023`, `4711`, `0f3e`.
    pub keys: f64,
    /// Distinct values as a share of the filled cells.
    pub distinct: f64,
    /// Mean length in characters.
    pub length: f64,
    /// Currency codes and signs seen.
    pub currencies: Vec<String>,
    /// Distinct values with their counts, at most 200 kept.
    pub values: BTreeMap<String, u64>,
}

const NULLS: [&str; 10] = ["", "-", "--", "n/a", "na", "null", "none", "nan", "(blank)", "#n/a"];
const SIGNS: [(&str, &str); 5] = [("$", "$"), ("€", "EUR"), ("£", "GBP"), ("¥", "¥"), ("₹", "INR")];
const CODES: [&str; 14] =
    ["USD", "EUR", "GBP", "CHF", "INR", "JPY", "CAD", "AUD", "BRL", "SEK", "NOK", "DKK", "PLN", "CNY"];

impl Looks {
    /// Looks at the cells of a column.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Looks {
        let mut looks = Looks::default();
        let mut count = Counts::default();
        let zone = Zone::named("UTC").ok();
        let rule = |order| zone.clone().map(|zone| DateRule { order, zone, serial: false });
        let rules = [rule(None), rule(Some(DateOrder::Dmy)), rule(Some(DateOrder::Mdy))];
        let mut out = String::new();
        let mut open = false;
        let mut decided = false;
        for cell in cells.map(str::trim).filter(|c| !NULLS.contains(&c.to_lowercase().as_str())) {
            looks.filled += 1;
            count.length += cell.chars().count();
            if looks.values.len() < 200 || looks.values.contains_key(cell) {
                *looks.values.entry(cell.to_owned()).or_default() += 1;
            } else {
                count.beyond += 1;
            }
            let is_number =
                parse_number(cell, None).is_ok() || cell.bytes().all(|b| b.is_ascii_digit() || b",.-".contains(&b));
            let plain_digits = cell.bytes().all(|b| b.is_ascii_digit());
            if mail(cell, &mut out).is_some() {
                count.mails += 1;
            } else if web_domain(cell, &mut out).is_some() && !is_number && !cell.contains(' ') {
                count.webs += 1;
            }
            if let ([Some(none), Some(dmy), Some(mdy)], false) = (&rules, plain_digits && cell.len() != 8) {
                match parse_date(cell, none) {
                    Ok(_) => {
                        count.dates += 1;
                        decided |= parse_date(cell, dmy).is_ok() != parse_date(cell, mdy).is_ok();
                    }
                    Err(DateFault::Ambiguous) => {
                        count.dates += 1;
                        open = true;
                    }
                    Err(DateFault::Bad) => {}
                }
            }
            if is_number {
                count.numbers += 1;
                looks.above_one |= cell.replace(',', ".").parse::<f64>().map_or(cell.len() > 3, |n| n > 1.0);
            } else if cell.ends_with('%') {
                count.percents += 1;
            } else if parse_money(cell, None, None, None).is_ok() && cell.bytes().any(|b| b.is_ascii_digit()) {
                count.amounts += 1;
            }
            if looks_like_phone(cell, &mut out) {
                count.phones += 1;
            }
            if parse_flag(cell).is_some() || FLAG_WORDS.contains(&cell.to_lowercase().as_str()) {
                count.flags += 1;
            }
            if looks_like_name(cell) {
                count.names += 1;
            }
            if looks_like_key(cell) {
                count.keys += 1;
            }
            looks.see_currency(cell);
        }
        looks.order_is_open = open && !decided;
        looks.finish(&count);
        looks
    }

    fn finish(&mut self, count: &Counts) {
        let n = self.filled.max(1) as f64;
        self.mails = count.mails as f64 / n;
        self.phones = count.phones as f64 / n;
        self.webs = count.webs as f64 / n;
        self.dates = count.dates as f64 / n;
        self.numbers = count.numbers as f64 / n;
        self.amounts = count.amounts as f64 / n;
        self.percents = count.percents as f64 / n;
        self.flags = count.flags as f64 / n;
        self.names = count.names as f64 / n;
        self.keys = count.keys as f64 / n;
        self.length = count.length as f64 / n;
        self.distinct = (self.values.len() + count.beyond) as f64 / n;
        self.currencies.sort();
        self.currencies.dedup();
    }

    fn see_currency(&mut self, cell: &str) {
        if cell.len() > 24 {
            return;
        }
        if cell.bytes().any(|b| b.is_ascii_digit()) {
            let seen = SIGNS.iter().filter(|(sign, _)| cell.contains(sign)).map(|(_, word)| *word);
            self.currencies.extend(seen.map(str::to_owned));
        }
        let (letters, rest): (String, String) = cell.chars().partition(char::is_ascii_alphabetic);
        if CODES.contains(&letters.as_str()) && rest.chars().all(|c| c.is_ascii_digit() || " .,'-()\u{a0}".contains(c))
        {
            self.currencies.push(letters);
        }
        self.currencies.dedup();
    }

    /// Whether the cells look like a person's mail, phone or name.
    pub(super) fn is_personal(&self) -> Option<&'static str> {
        match self {
            _ if self.mails > 0.3 => Some("looks like mail addresses"),
            _ if self.phones > 0.5 => Some("looks like phone numbers"),
            _ => None,
        }
    }

    /// Whether the values are few enough to be a code.
    pub(super) fn has_few_values(&self) -> bool {
        self.values.len() <= 40 && (self.distinct < 0.5 || self.values.len() <= 6)
    }
}

#[derive(Default)]
struct Counts {
    mails: usize,
    phones: usize,
    webs: usize,
    dates: usize,
    numbers: usize,
    amounts: usize,
    percents: usize,
    flags: usize,
    names: usize,
    keys: usize,
    length: usize,
    beyond: usize,
}

const FLAG_WORDS: [&str; 14] =
    ["yes", "no", "ja", "nein", "oui", "non", "si", "sí", "sim", "não", "nao", "nee", "true", "false"];

fn looks_like_phone(cell: &str, out: &mut String) -> bool {
    let marked = cell.starts_with('+') || cell.starts_with('(') || cell.matches(['-', ' ', '/']).count() >= 1;
    let only_digits_and_signs = cell.chars().all(|c| c.is_ascii_digit() || "+()-/. x".contains(c));
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let is_iso_day = cell.len() >= 8 && cell.as_bytes().get(4) == Some(&b'-') && digits == 8;
    let groups = cell.split(['-', '/', '.']).collect::<Vec<_>>();
    let is_day = groups.len() == 3 && groups.iter().all(|g| g.len() <= 4) && digits <= 8;
    marked
        && only_digits_and_signs
        && (8..=15).contains(&digits)
        && !is_iso_day
        && !is_day
        && phone(cell, out).is_some()
}

fn looks_like_key(cell: &str) -> bool {
    cell.len() <= 64
        && cell.bytes().any(|b| b.is_ascii_digit())
        && cell.chars().all(|c| c.is_alphanumeric() || "-_/#:".contains(c))
}

fn looks_like_name(cell: &str) -> bool {
    let words: Vec<&str> = cell.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|w| {
            w.chars().next().is_some_and(char::is_uppercase)
                && w.chars()
                    .skip(1)
                    .all(|c| c.is_lowercase() || "-'.’".contains(c) || (c.is_uppercase() && w.len() > 3))
        })
}
