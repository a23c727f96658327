//! Column names, and the range of days that stands above them in some reports.

use terms::{Currency, Day};

use crate::values::{DateRule, Zone, is_currency, parse_date};

/// Names made unique and never empty: the second `amount` is `amount (2)`, the seventh without a name `column 7`.
/// Also gives the count of columns up to the last that had a name.
pub(crate) fn names<'a>(cells: impl Iterator<Item = &'a str>) -> (Vec<String>, usize) {
    let mut seen = std::collections::HashMap::<String, u32>::new();
    let mut required = 0;
    let mut names = Vec::new();
    for (n, cell) in cells.enumerate() {
        let mut name = cell.trim().trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            name = format!("column {}", n + 1);
        } else {
            required = n + 1;
        }
        let times = seen.entry(name.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            name = format!("{name} ({times})");
            seen.insert(name.clone(), 1);
        }
        names.push(name);
    }
    (names, required)
}

/// A column name as mappings compare it: letters and digits in lower case, nothing else.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The names under which a column is found.
pub(crate) struct Keys {
    pub(crate) whole: String,
    /// Where the name ends in a currency, `Amount spent (USD)`: the name without it.
    pub(crate) without_currency: Option<(String, Currency)>,
}

pub(crate) fn header_keys(name: &str) -> Keys {
    let whole = plain(name);
    let whole = if whole.is_empty() { name.trim().to_owned() } else { whole };
    let bare = name.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let without_currency = bare.and_then(|(bare, code)| {
        let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        let currency = Currency::parse(code).filter(|_| is_code && is_currency(code))?;
        Some((plain(bare), currency)).filter(|(bare, _)| !bare.is_empty())
    });
    Keys { whole, without_currency }
}

/// The range of days named by the lines above the header: `July 8, 2025 - July 31, 2025`, or a line (or two) with
/// `Report Start: ...` and `Report End: ...`.
pub(crate) fn range(preamble: &[Vec<String>]) -> Option<(Day, Day)> {
    for line in preamble {
        let whole = line.join(",");
        let texts = line.iter().map(String::as_str).chain([whole.as_str()]);
        for text in texts {
            for sign in [" - ", " – ", " — ", " to ", " bis ", " au ", " a "] {
                if let Some((first, last)) = text.split_once(sign)
                    && let (Some(first), Some(last)) = (day(first), day(last))
                    && first <= last
                {
                    return Some((first, last));
                }
            }
        }
    }
    let labelled = |words: &[&str]| {
        preamble.iter().flatten().find_map(|cell| {
            let (label, value) = cell.split_once(':')?;
            let label = label.trim().to_lowercase();
            words.iter().any(|word| label.ends_with(word)).then(|| day(value)).flatten()
        })
    };
    let (first, last) = (labelled(&["start", "start date", "from"])?, labelled(&["end", "end date", "to"])?);
    (first <= last).then_some((first, last))
}

fn day(text: &str) -> Option<Day> {
    let rule = DateRule { order: None, zone: Zone::utc(), serial: false };
    let text = text.trim();
    let label = text.rsplit_once(": ").map_or(text, |(_, value)| value);
    parse_date(label, &rule).ok()?.first_day()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_never_empty() {
        let (names, required) = names(["\u{feff}Id", " Amount ", "", "Amount", "Amount", "a\n b", "", ""].into_iter());
        assert_eq!(names, ["Id", "Amount", "column 3", "Amount (2)", "Amount (3)", "a b", "column 7", "column 8"]);
        assert_eq!(required, 6);
    }

    #[test]
    fn a_range_is_found_above_the_header() {
        let found = |lines: &[&[&str]]| {
            let lines: Vec<Vec<String>> = lines.iter().map(|l| l.iter().map(|c| (*c).to_owned()).collect()).collect();
            range(&lines).map(|(a, b)| format!("{a}..{b}"))
        };
        let july = Some("2025-07-08..2025-07-31".to_owned());
        assert_eq!(found(&[&["Campaign report"], &["July 8, 2025 - July 31, 2025"]]), july);
        assert_eq!(found(&[&["July 8", " 2025 - July 31", " 2025"]]), july);
        assert_eq!(found(&[&["8. Juli 2025 – 31. Juli 2025"]]), july);
        assert_eq!(found(&[&["Report Start: July 8, 2025"], &["Report End: July 31, 2025"]]), july);
        assert_eq!(found(&[&["Campaign report"]]), None);
    }

    #[test]
    fn names_are_compared_by_letters_and_digits() {
        assert_eq!(plain("Created Date"), plain("created_date"));
        assert_eq!(plain("Company / Account"), "companyaccount");
    }
}
