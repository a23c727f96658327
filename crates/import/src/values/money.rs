//! Amounts with their currency, read exactly into minor units.
//!
//! The currency shown in the cell wins over the file's. A sign that several currencies share (`$`, `¥`, `kr`) means
//! the file's currency where that is one of them, else the most common one (`kr` alone is refused).
//! Digits beyond the minor unit are rounded half to even; nothing else is.

use terms::{Currency, Money};

use super::number::{Decimal, Evidence, Number, NumberFault, decimal_evidence, parse_number};

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountFault {
    /// It is not written as one.
    Bad,
    /// It has two readings: `1.234`.
    Ambiguous,
    /// It does not fit.
    TooLarge,
    /// Its currency sign is shared by several and the file names none.
    UnknownCurrency,
}

impl From<NumberFault> for AmountFault {
    fn from(fault: NumberFault) -> Self {
        match fault {
            NumberFault::Bad => AmountFault::Bad,
            NumberFault::Ambiguous => AmountFault::Ambiguous,
        }
    }
}

/// Reads an amount. `file` is the currency where the cell shows none, `factor` a factor given by a mapping.
pub fn parse_money(
    text: &str,
    style: Option<Decimal>,
    file: Option<Currency>,
    factor: Option<Number>,
) -> Result<Money, AmountFault> {
    let (number, currency) = parse_amount(text, style, file)?;
    let number = match factor {
        Some(factor) => number.scaled(factor).ok_or(AmountFault::TooLarge)?,
        None => number,
    };
    let currency = currency.or(file).unwrap_or(Currency::UNKNOWN);
    let minor = minor_units(number, currency).ok_or(AmountFault::TooLarge)?;
    Ok(Money::new(minor, currency))
}

/// What an amount (or a number) tells about the decimal sign of its column.
pub(crate) fn amount_evidence(text: &str) -> Evidence {
    match undress(text.trim(), None) {
        Ok((body, ..)) => decimal_evidence(body),
        Err(_) => Evidence::Nothing,
    }
}

fn parse_amount(
    text: &str,
    style: Option<Decimal>,
    file: Option<Currency>,
) -> Result<(Number, Option<Currency>), AmountFault> {
    let body = text.trim();
    if body.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
        return Ok((parse_number(body, style)?, None));
    }
    let (body, negative, currency) = undress(body, file)?;
    let mut number = parse_number(body, style)?;
    if number.percent {
        return Err(AmountFault::Bad);
    }
    if negative {
        number.mantissa = -number.mantissa;
    }
    Ok((number, currency.map(|found| found.ok_or(AmountFault::UnknownCurrency)).transpose()?))
}

type Undressed<'t> = (&'t str, bool, Option<Option<Currency>>);

/// Takes off the sign, parentheses and the currency; what remains is a number.
fn undress(text: &str, file: Option<Currency>) -> Result<Undressed<'_>, AmountFault> {
    let mut body = text;
    let mut negative = false;
    let mut currency = None;
    loop {
        let before = body;
        body = body.trim();
        if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            if negative {
                return Err(AmountFault::Bad);
            }
            negative = true;
            body = inner;
        }
        if let Some(rest) = body.strip_prefix(['-', '−', '–'])
            && !rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.')
        {
            negative = !negative;
            body = rest;
        }
        if currency.is_none()
            && let Some((rest, found)) = take_currency(body, file)
        {
            body = rest;
            currency = Some(found);
        }
        if body.len() == before.len() {
            return Ok((body, negative, currency));
        }
    }
}

/// Takes a currency sign or code off either end.
fn take_currency(body: &str, file: Option<Currency>) -> Option<(&str, Option<Currency>)> {
    for (sign, codes) in SIGNS {
        let rest = body.strip_prefix(sign).or_else(|| body.strip_suffix(sign));
        if let Some(rest) = rest
            && !(sign.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic) && body.starts_with(sign))
        {
            let shared = file.filter(|file| codes.contains(&file.code()));
            let first = if *sign == "kr" { None } else { codes.first().and_then(|code| Currency::parse(code)) };
            return Some((rest, shared.or(first)));
        }
    }
    let edge = |code: &str, next: Option<char>| !next.is_some_and(char::is_alphabetic) && is_currency(code);
    if let Some(code) = body.get(..3)
        && edge(code, body[3..].chars().next())
    {
        return Some((&body[3..], Currency::parse(code)));
    }
    let at = body.len().checked_sub(3)?;
    let code = body.get(at..)?;
    edge(code, body[..at].chars().next_back()).then(|| (&body[..at], Currency::parse(code)))
}

/// Signs, longest first, with the currencies that use them, most common first.
const SIGNS: &[(&str, &[&str])] = &[
    ("US$", &["USD"]),
    ("CA$", &["CAD"]),
    ("AU$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("HK$", &["HKD"]),
    ("MX$", &["MXN"]),
    ("NT$", &["TWD"]),
    ("R$", &["BRL"]),
    ("C$", &["CAD"]),
    ("A$", &["AUD"]),
    ("S$", &["SGD"]),
    ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"]),
    ("€", &["EUR"]),
    ("£", &["GBP", "EGP"]),
    ("¥", &["JPY", "CNY"]),
    ("円", &["JPY"]),
    ("元", &["CNY"]),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
    ("₽", &["RUB"]),
    ("₺", &["TRY"]),
    ("₪", &["ILS"]),
    ("₴", &["UAH"]),
    ("₫", &["VND"]),
    ("₱", &["PHP"]),
    ("฿", &["THB"]),
    ("₦", &["NGN"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
    ("Ft", &["HUF"]),
    ("Fr.", &["CHF"]),
    ("Rs.", &["INR", "PKR", "LKR"]),
    ("Rs", &["INR", "PKR", "LKR"]),
    ("kr.", &["DKK", "SEK", "NOK", "ISK"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
];

/// The codes of ISO 4217 in use.
const CODES: &str = "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCLPCNYCOPCRC\
CUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINRIQDIRRISKJMDJODJPYKESKGSKHRKMFKPW\
KRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDOMRPABPENPGKPHPPKRPLNPYGQAR\
RONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUYUUZSVESVNDVUVWSTXAFXCD\
XOFXPFYERZARZMWZWL";

pub(crate) fn is_currency(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 3
        && bytes.iter().all(u8::is_ascii_alphabetic)
        && CODES.as_bytes().chunks_exact(3).any(|known| known.eq_ignore_ascii_case(bytes))
}

/// The number in minor units of the currency, rounded half to even beyond them; `None` where it does not fit.
fn minor_units(number: Number, currency: Currency) -> Option<i64> {
    let shift = number.exponent + currency.decimals() as i32;
    if shift >= 0 {
        return number.mantissa.checked_mul(10i128.checked_pow(shift as u32)?)?.try_into().ok();
    }
    let Some(divisor) = 10i128.checked_pow(shift.unsigned_abs()) else { return Some(0) };
    let (whole, rest) = (number.mantissa.div_euclid(divisor), number.mantissa.rem_euclid(divisor));
    let up = match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => whole % 2 != 0,
        std::cmp::Ordering::Less => false,
    };
    (whole + i128::from(up)).try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, file: &str) -> String {
        match parse_money(text, None, Currency::parse(file), None) {
            Ok(money) => format!("{} {}", money.minor, money.currency.code()),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn amounts_are_read_to_the_cent_in_every_dress() {
        for (text, file, want) in [
            ("$22,700.00", "", "2270000 USD"),
            ("1.117,10", "EUR", "111710 EUR"),
            ("$342.09K", "", "34209000 USD"),
            ("1.2M", "USD", "120000000 USD"),
            ("(120.00)", "USD", "-12000 USD"),
            ("-€1 200,50", "", "-120050 EUR"),
            ("€-1200,50", "USD", "-120050 EUR"),
            ("USD 1,000.00", "EUR", "100000 USD"),
            ("1000 usd", "", "100000 USD"),
            ("1'000.00", "CHF", "100000 CHF"),
            ("($5.00)", "", "-500 USD"),
            ("$(5.00)", "", "-500 USD"),
            ("$5", "CAD", "500 CAD"),
            ("¥500", "", "500 JPY"),
            ("12.50", "", "1250 XXX"),
            ("1.0E7", "USD", "1000000000 USD"),
            ("120 kr", "SEK", "12000 SEK"),
            ("R$ 10,50", "", "1050 BRL"),
            ("1.234 KWD", "", "Ambiguous"),
            ("1.2345 KWD", "", "1234 KWD"),
            ("$1.5bn", "", "150000000000 USD"),
            ("-5", "USD", "-500 USD"),
            ("-$5", "", "-500 USD"),
            ("0", "USD", "0 USD"),
            ("1,234", "USD", "Ambiguous"),
            ("$1,234", "", "Ambiguous"),
        ] {
            assert_eq!(read(text, file), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_said_to_be_none() {
        for text in ["", "free", "12,5k5", "$", "USD", "50%", "ABC 100", "1 USD 2", "--5", "((5))", "€€5"] {
            assert_eq!(read(text, "USD"), "Bad", "{text}");
        }
        assert_eq!(read("120 kr", ""), "UnknownCurrency");
        assert_eq!(read("99999999999999999999", "USD"), "TooLarge");
    }

    #[test]
    fn only_digits_beyond_the_minor_unit_are_rounded_half_to_even() {
        for (text, want) in [("0.125", "12 USD"), ("0.135", "14 USD"), ("0.1251", "13 USD"), ("-0.125", "-12 USD")] {
            assert_eq!(read(text, "USD"), want, "{text}");
        }
        let micros = Number { mantissa: 1, exponent: -6, percent: false };
        let money = parse_money("1661670000", None, Currency::parse("INR"), Some(micros)).unwrap();
        assert_eq!(money.minor, 166_167);
    }
}
