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
    let size = percent.abs();
    let text = if size < 19.95 {
        format!("{size:.1}")
    } else if (99.5..100.0).contains(&size) {
        // nearly all is not all
        format!("{:.1}", size.min(99.9))
    } else {
        format!("{size:.0}")
    };
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
        Unit::Minutes => {
            let plus = if x >= 0.5 && with == Sign::Change { "+" } else { "" };
            format!("{plus}{}", minutes(x))
        }
        Unit::Number => {
            let text = if x.abs() >= 999.5 { count(x.abs().round() as i64) } else { three(x.abs()) };
            let zero = text == "0";
            plain(text, zero)
        }
    }
}

/// A number beside an axis: as short as its distance to the next allows.
pub fn tick(x: f64, step: f64, unit: Unit, with: Sign) -> String {
    let percent = |x: f64| {
        let decimals = if step * 100.0 >= 0.999 { 0 } else { 1 };
        format!("{:.decimals$}", (x * 100.0).abs())
    };
    match unit {
        Unit::Share => format!("{}{}%", sign(x < 0.0, x == 0.0, with), percent(x)),
        Unit::ShareDifference => format!("{}{}", sign(x < 0.0, x == 0.0, Sign::Change), percent(x)),
        Unit::Minutes if x != 0.0 && x % 1_440.0 == 0.0 => {
            format!("{}\u{a0}d", number(x / 1_440.0, Unit::Number, with))
        }
        Unit::Minutes if x != 0.0 && x % 60.0 == 0.0 => format!("{}\u{a0}h", number(x / 60.0, Unit::Number, with)),
        Unit::Money(_) if x == 0.0 => "0".to_owned(),
        _ => number(x, unit, with),
    }
}

/// The value of a figure in its unit; `3 of 11` where the share is withheld and the counts are known, else `not shown`.
pub fn value(figure: &Figure, with: Sign) -> String {
    match (raw(figure), figure.of) {
        (Some(x), _) => number(x, figure.unit, with),
        (None, Some(of)) => format!("{} of {}", count(of as i64), count(figure.n as i64)),
        (None, None) => "not shown".to_owned(),
    }
}

/// The 90% interval in words: `x to y`, `counted`, or `cannot tell`.
pub fn certainty(figure: &Figure, with: Sign) -> String {
    match limits(figure) {
        Some(i) => interval(&i, figure.unit, with),
        None if figure.certainty == Certainty::Counted => "counted".to_owned(),
        None => "cannot tell".to_owned(),
    }
}

/// The 90% limits as `x to y`; a unit that is a word is said once: `+0.3 to +2.9 pts`.
pub fn interval(i: &Interval, unit: Unit, with: Sign) -> String {
    let (lo, hi) = (number(i.lo90, unit, with), number(i.hi90, unit, with));
    let word = match unit {
        Unit::ShareDifference => "\u{a0}pts",
        Unit::Days => "\u{a0}d",
        _ => "",
    };
    format!("{} to {hi}", lo.strip_suffix(word).unwrap_or(&lo))
}

/// The interval of a figure, if it is an estimate whose limits are numbers.
pub const fn limits(figure: &Figure) -> Option<Interval> {
    match figure.certainty {
        Certainty::Estimated(i) | Certainty::Projected(i) => {
            let told = i.lo90.is_finite() && i.lo50.is_finite() && i.hi50.is_finite() && i.hi90.is_finite();
            if told { Some(i) } else { None }
        }
        Certainty::Counted | Certainty::Refused => None,
    }
}

/// The value as a plain number for a scale, `None` where it is withheld or no number.
pub const fn raw(figure: &Figure) -> Option<f64> {
    match figure.value {
        Value::Whole(n) => Some(n as f64),
        Value::Real(x) if x.is_finite() => Some(x),
        Value::Real(_) | Value::Withheld => None,
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
        assert_eq!(share(0.9996), "99.9%");
        assert_eq!(share(1.0), "100%");
        assert_eq!(number(90.0, Unit::Minutes, Sign::Change), "+1\u{a0}h\u{a0}30\u{a0}m");
        assert_eq!(points(-0.031), "\u{2212}3.1\u{a0}pts");
        let limits = Interval { lo90: -0.061, lo50: -0.04, hi50: -0.02, hi90: -0.002 };
        assert_eq!(interval(&limits, Unit::ShareDifference, Sign::Plain), "\u{2212}6.1 to \u{2212}0.2\u{a0}pts");
        assert_eq!(minutes(130.0), "2\u{a0}h\u{a0}10\u{a0}m");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-1_000), "\u{2212}1,000");
    }

    #[test]
    fn ticks_are_as_short_as_their_distance_allows() {
        assert_eq!(tick(0.1, 0.05, Unit::Share, Sign::Plain), "10%");
        assert_eq!(tick(0.005, 0.005, Unit::Share, Sign::Plain), "0.5%");
        assert_eq!(tick(-0.05, 0.05, Unit::ShareDifference, Sign::Change), "\u{2212}5");
        assert_eq!(tick(180.0, 60.0, Unit::Minutes, Sign::Plain), "3\u{a0}h");
        assert_eq!(tick(-10_000_000.0, 1e7, Unit::Money(usd()), Sign::Change), "\u{2212}$100k");
        assert_eq!(tick(0.0, 1e7, Unit::Money(usd()), Sign::Change), "0");
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

        #[test]
        fn money_reads_back_to_three_figures(minor in -1e13f64..1e13) {
            let text = money(minor, usd(), Sign::Plain);
            let (number, scale) = match text.chars().last() {
                Some('k') => (text.trim_end_matches('k'), 1e3),
                Some('M') => (text.trim_end_matches('M'), 1e6),
                Some('B') => (text.trim_end_matches('B'), 1e9),
                _ => (text.as_str(), 1.0),
            };
            let number: f64 = number.replace('\u{2212}', "-").replace('$', "").parse().unwrap();
            let units = minor / 100.0;
            proptest::prop_assert!((number * scale - units).abs() <= units.abs() * 0.005 + 0.005, "{text} for {units}");
        }

        #[test]
        fn counts_and_exact_money_read_back_to_the_unit(n: i64) {
            let plain = |t: &str| t.replace('\u{2212}', "-").replace([',', '$', '.'], "");
            proptest::prop_assert_eq!(plain(&count(n)), n.to_string());
            proptest::prop_assert_eq!(plain(&money_exact(n, usd(), Sign::Plain)).parse::<i64>().unwrap(), n);
        }
    }
}
