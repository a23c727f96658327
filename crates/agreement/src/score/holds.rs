//! Whether a condition holds.
//!
//! Texts are compared without regard to case and to spaces around them; a number is one however it is written (`1,200`,
//! `1200.0`). Invariant: what is not known holds nothing but `is not known`.

use std::borrow::Cow;

use crate::document::condition::{Ask, Condition, Value};

/// The values that a condition asks for.
pub trait Columns {
    /// The value of a column, `None` where it is not known.
    fn value(&self, column: &str) -> Option<Cow<'_, str>>;
}

impl<F: Fn(&str) -> Option<String>> Columns for F {
    fn value(&self, column: &str) -> Option<Cow<'_, str>> {
        self(column).map(Cow::Owned)
    }
}

/// Whether all terms of a condition hold.
pub fn holds<C: Columns>(condition: &Condition, columns: &C) -> bool {
    condition.terms.iter().all(|term| fits(&term.ask, columns.value(&term.column).as_deref()))
}

/// Whether a value is as asked; what is blank is not known.
pub fn fits(ask: &Ask, value: Option<&str>) -> bool {
    let value = value.map(str::trim).filter(|v| !v.is_empty());
    match (ask, value) {
        (Ask::NotKnown, value) => value.is_none(),
        (_, None) => false,
        (Ask::Known, Some(_)) => true,
        (Ask::In(all), Some(value)) => all.iter().any(|one| is(one, value)),
        (Ask::NotIn(all), Some(value)) => !all.iter().any(|one| is(one, value)),
        (Ask::Contains(part), Some(value)) => value.to_lowercase().contains(&part.to_lowercase()),
        (Ask::AtLeast(bound), Some(value)) => number(value).is_some_and(|n| n >= *bound),
        (Ask::AtMost(bound), Some(value)) => number(value).is_some_and(|n| n <= *bound),
        (Ask::Above(bound), Some(value)) => number(value).is_some_and(|n| n > *bound),
        (Ask::Below(bound), Some(value)) => number(value).is_some_and(|n| n < *bound),
    }
}

fn is(wanted: &Value, value: &str) -> bool {
    match wanted {
        Value::Text(text) => text.trim().to_lowercase() == value.to_lowercase(),
        Value::Number(wanted) => number(value).is_some_and(|n| n == *wanted),
    }
}

/// A number as tools write it: with commas or spaces between its thousands or without.
fn number(text: &str) -> Option<f64> {
    let plain = || text.parse::<f64>().ok();
    let grouped = || {
        let (whole, rest) = text.split_once('.').map_or((text, None), |(w, r)| (w, Some(r)));
        let mut groups = whole.trim_start_matches('-').split([',', ' ', '\u{a0}', '\'']);
        let first = groups.next()?;
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let mut joined = if whole.starts_with('-') { format!("-{first}") } else { first.to_owned() };
        if !digits(first) || first.len() > 3 {
            return None;
        }
        for group in groups {
            if !digits(group) || group.len() != 3 {
                return None;
            }
            joined.push_str(group);
        }
        if let Some(rest) = rest {
            joined = format!("{joined}.{rest}");
        }
        joined.parse::<f64>().ok()
    };
    plain().or_else(grouped).filter(|n| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (text, wanted) in [
            ("1200", Some(1200.0)),
            ("1,200", Some(1200.0)),
            ("1 200 000.5", Some(1_200_000.5)),
            ("-1,000", Some(-1000.0)),
            ("1,20", None),
            ("12,00,000", None),
            ("many", None),
            ("inf", None),
        ] {
            assert_eq!(number(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_holds_nothing_else() {
        let lead = |column: &str| match column {
            "title" => Some("Sales Director".to_owned()),
            "employees" => Some("1,200".to_owned()),
            "blank" => Some("  ".to_owned()),
            _ => None,
        };
        for (text, wanted) in [
            ("title contains director", true),
            ("title = 'sales director'", true),
            ("employees >= 1200 and employees < 2000", true),
            ("employees > 1200", false),
            ("employees in (5, 1200)", true),
            ("title >= 5", false),
            ("title not in (CEO, CFO)", true),
            ("country != DE", false),
            ("country is not known", true),
            ("blank is known", false),
            ("blank is not known and title is known", true),
        ] {
            assert_eq!(holds(&Condition::parse(text).unwrap(), &lead), wanted, "{text}");
        }
    }
}
