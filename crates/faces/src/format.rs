//! Numbers as words: the one formatter for every face.
//!
//! A real minus (U+2212) stands before the currency, nothing breaks inside a number, changes carry their plus. Money has
//! three significant figures in prose and tables, and its exact amount in [`money_exact`]. Intervals read "x to y".

use report::{Certainty, Figure, Interval, Unit, Value};
use terms::Currency;

/// The minus sign of every number we print.
pub const MINUS: char = '\u{2212}';

/// Whether a number is a change and carries its plus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Only a minus is shown.
    Plain,
    /// A plus is shown as well.
    Change,
}

fn sign(negative: bool, zero: bool, sign: Sign) -> String {
    match (negative, sign) {
        (true, _) => MINUS.to_string(),
        (false, Sign::Change) if !zero => "+".to_owned(),
        _ => String::new(),
    }
}

/// The symbol or code that stands before an amount; a code is followed by a space that does not break.
pub fn currency_mark(currency: Currency) -> String {
    match currency.code() {
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        "JPY" => "¥".to_owned(),
        "INR" => "₹".to_owned(),
        "XXX" => String::new(),
        code => format!("{code}\u{a0}"),
    }
}

/// A whole number with thousands separators: `12,345`.
pub fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if n < 0 { format!("{MINUS}{out}") } else { out }
}

/// Three significant figures without an exponent: `3.79`, `143`, `12.5`.
fn three(x: f64) -> String {
    let decimals = if x >= 99.95 {
        0
    } else if x >= 9.995 {
        1
    } else {
        2
    };
    let text = format!("{x:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Money to three significant figures: `−$143k`, `+$49k`, `$3.79M`. The amount is in minor units.
pub fn money(minor: f64, currency: Currency, with: Sign) -> String {
    let units = minor / 10f64.powi(currency.decimals() as i32);
    let size = units.abs();
    let (scaled, suffix) = if size >= 999.5e6 {
        (size / 1e9, "B")
    } else if size >= 999.5e3 {
        (size / 1e6, "M")
    } else if size >= 999.5 {
        (size / 1e3, "k")
    } else {
        (size, "")
    };
    let number = three(scaled);
    let zero = number == "0";
    format!("{}{}{number}{suffix}", sign(units < 0.0 && !zero, zero, with), currency_mark(currency))
}

/// Money to its minor unit: `$22,700.00`.
pub fn money_exact(minor: i64, currency: Currency, with: Sign) -> String {
    let scale = 10u64.pow(currency.decimals());
    let size = minor.unsigned_abs();
    let whole = count((size / scale) as i64);
    let part = if currency.decimals() == 0 {
        String::new()
    } else {
        format!(".{:0width$}", size % scale, width = currency.decimals() as usize)
    };
    format!("{}{}{whole}{part}", sign(minor < 0, minor == 0, with), currency_mark(currency))
}

/// A share in percent: one decimal under 20%, else whole.
pub fn share(x: f64) -> String {
    let percent = x * 100.0;
    let text = if percent.abs() < 19.95 { format!("{:.1}", percent.abs()) } else { format!("{:.0}", percent.abs()) };
    let zero = text.chars().all(|c| c == '0' || c == '.');
    format!("{}{text}%", sign(percent < 0.0 && !zero, zero, Sign::Plain))
}

/// A difference of two shares in points: `+3.1 pts`.
pub fn points(x: f64) -> String {
    let text = format!("{:.1}", (x * 100.0).abs());
    let zero = text == "0.0";
    format!("{}{text}\u{a0}pts", sign(x < 0.0 && !zero, zero, Sign::Change))
}

/// Minutes as `2 h 10 m`, from a day on as `3 d 4 h`.
pub fn minutes(m: f64) -> String {
    let whole = m.abs().round() as i64;
    let (d, h, m_left) = (whole / 1_440, whole / 60 % 24, whole % 60);
    let nb = '\u{a0}';
    let text = match (d, h) {
        (0, 0) => format!("{m_left}{nb}m"),
        (0, _) => format!("{h}{nb}h{nb}{m_left}{nb}m"),
        _ => format!("{d}{nb}d{nb}{h}{nb}h"),
    };
    format!("{}{text}", sign(m < 0.0 && whole != 0, whole == 0, Sign::Plain))
}

/// A number in its unit.
pub fn number(x: f64, unit: Unit, with: Sign) -> String {
    let plain = |text: String, zero: bool| format!("{}{text}", sign(x < 0.0 && !zero, zero, with));
    match unit {
        Unit::Money(currency) => money(x, currency, with),
        Unit::Count => {
            let n = x.round() as i64;
            if n > 0 && with == Sign::Change { format!("+{}", count(n)) } else { count(n) }
        }
        Unit::Share => share(x),
        Unit::ShareDifference => points(x),
        Unit::Days => {
            let text = three(x.abs());
            let zero = text == "0";
            format!("{}\u{a0}d", plain(text, zero))
        }
        Unit::Minutes => minutes(x),
        Unit::Number => {
            let text = three(x.abs());
            let zero = text == "0";
            plain(text, zero)
        }
    }
}

/// The value of a figure in its unit; `3 of 11` where the share is withheld and the counts are known, else `not shown`.
pub fn value(figure: &Figure, with: Sign) -> String {
    match figure.value {
        Value::Whole(n) => match figure.unit {
            Unit::Count => number(n as f64, figure.unit, with),
            unit => number(n as f64, unit, with),
        },
        Value::Real(x) => number(x, figure.unit, with),
        Value::Withheld => match figure.of {
            Some(of) => format!("{} of {}", count(of as i64), count(figure.n as i64)),
            None => "not shown".to_owned(),
        },
    }
}

/// The 90% interval in words: `x to y`, `counted`, or `cannot tell`.
pub fn certainty(figure: &Figure, with: Sign) -> String {
    match figure.certainty {
        Certainty::Counted => "counted".to_owned(),
        Certainty::Estimated(i) | Certainty::Projected(i) => interval(&i, figure.unit, with),
        Certainty::Refused => "cannot tell".to_owned(),
    }
}

/// The 90% limits as `x to y`.
pub fn interval(i: &Interval, unit: Unit, with: Sign) -> String {
    format!("{} to {}", number(i.lo90, unit, with), number(i.hi90, unit, with))
}

/// The interval of a figure, if it is an estimate.
pub const fn limits(figure: &Figure) -> Option<Interval> {
    match figure.certainty {
        Certainty::Estimated(i) | Certainty::Projected(i) => Some(i),
        Certainty::Counted | Certainty::Refused => None,
    }
}

/// The value as a plain number for a scale, `None` where it is withheld.
pub const fn raw(figure: &Figure) -> Option<f64> {
    match figure.value {
        Value::Whole(n) => Some(n as f64),
        Value::Real(x) => Some(x),
        Value::Withheld => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::parse("USD").unwrap()
    }

    #[test]
    fn money_reads_as_the_rules_say() {
        for (minor, with, text) in [
            (-14_300_000.0, Sign::Change, "\u{2212}$143k"),
            (4_900_000.0, Sign::Change, "+$49k"),
            (379_000_000.0, Sign::Plain, "$3.79M"),
            (0.0, Sign::Change, "$0"),
            (-0.2, Sign::Change, "$0"),
            (99_949.0, Sign::Plain, "$999"),
            (99_960.0, Sign::Plain, "$1k"),
            (99_999_999.0, Sign::Plain, "$1M"),
            (123_456.0, Sign::Plain, "$1.23k"),
        ] {
            assert_eq!(money(minor, usd(), with), text);
        }
        assert_eq!(money_exact(-2_270_005, usd(), Sign::Plain), "\u{2212}$22,700.05");
        assert_eq!(money_exact(1_500, Currency::parse("JPY").unwrap(), Sign::Plain), "¥1,500");
        assert_eq!(money(1_000_000.0, Currency::parse("CHF").unwrap(), Sign::Plain), "CHF\u{a0}10k");
    }

    #[test]
    fn shares_points_and_times_read_as_the_rules_say() {
        assert_eq!(share(0.116), "11.6%");
        assert_eq!(share(0.2049), "20%");
        assert_eq!(points(-0.031), "\u{2212}3.1\u{a0}pts");
        assert_eq!(minutes(130.0), "2\u{a0}h\u{a0}10\u{a0}m");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-1_000), "\u{2212}1,000");
    }

    proptest::proptest! {
        #[test]
        fn no_number_carries_an_ascii_hyphen_or_a_misplaced_minus(minor in -1e15f64..1e15, change: bool) {
            let with = if change { Sign::Change } else { Sign::Plain };
            for unit in [Unit::Money(usd()), Unit::Count, Unit::Share, Unit::ShareDifference, Unit::Days, Unit::Minutes, Unit::Number] {
                let text = number(minor, unit, with);
                proptest::prop_assert!(!text.contains('-') && !text.contains("$\u{2212}") && !text.contains(' '), "{text}");
            }
        }
    }
}
