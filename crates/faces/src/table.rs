//! Every figure of a report as a row of CSV, with plain numbers that a sheet can add up.

use std::collections::BTreeSet;

use report::{Figure, Report, Unit, Value};

use crate::format;
use crate::lookup::each;

/// One row a figure: id, label, value, unit, limits, certainty, n, of, period, method, section. A figure that stands
/// twice has one row. Money in major units. Lines end in a newline; cells are quoted where they must be; a cell that a sheet would run as a formula is made plain.
pub fn csv(report: &Report) -> String {
    let mut out = HEADS.join(",") + "\n";
    for cells in cells(report) {
        out.push_str(&cells.map(|c| quoted(&c)).join(","));
        out.push('\n');
    }
    out
}

/// The heads of the columns.
pub const HEADS: [&str; 14] = [
    "id",
    "label",
    "value",
    "unit",
    "lo90",
    "lo50",
    "hi50",
    "hi90",
    "certainty",
    "n",
    "of",
    "period",
    "method",
    "section",
];

/// The number of a figure as sheets add it up: money in major units; empty where it is withheld.
pub fn plain(figure: &Figure) -> String {
    let scale = scale(figure.unit);
    match figure.value {
        Value::Whole(n) if scale == 1.0 => n.to_string(),
        Value::Whole(n) => format!("{}", n as f64 / scale),
        Value::Real(x) => format!("{}", x / scale),
        Value::Withheld => String::new(),
    }
}

fn scale(unit: Unit) -> f64 {
    match unit {
        Unit::Money(currency) => 10f64.powi(currency.decimals() as i32),
        _ => 1.0,
    }
}

/// One row a figure, under [`HEADS`].
pub fn cells(report: &Report) -> Vec<[String; 14]> {
    let mut out = Vec::new();
    let headline = report.figure.as_ref().map(|f| f.id.as_str());
    let mut elsewhere = false;
    each(report, &mut |figure, _, section| elsewhere |= !section.is_empty() && Some(figure.id.as_str()) == headline);
    let mut seen = BTreeSet::new();
    each(report, &mut |figure, _, section| {
        let stands_below = section.is_empty() && elsewhere;
        if stands_below || !seen.insert(figure.id.as_str()) {
            return;
        }
        let unit = match figure.unit {
            Unit::Money(currency) => currency.code().to_owned(),
            Unit::Count => "count".to_owned(),
            Unit::Share => "share".to_owned(),
            Unit::ShareDifference => "share_difference".to_owned(),
            Unit::Days => "days".to_owned(),
            Unit::Minutes => "minutes".to_owned(),
            Unit::Number => "number".to_owned(),
        };
        let scale = scale(figure.unit);
        let limits = format::limits(figure);
        let limit = |pick: fn(&report::Interval) -> f64| {
            limits.as_ref().map_or(String::new(), |i| format!("{}", pick(i) / scale))
        };
        let certainty = match figure.certainty {
            report::Certainty::Counted => "counted",
            report::Certainty::Estimated(_) => "estimated",
            report::Certainty::Projected(_) => "projected",
            report::Certainty::Refused => "cannot tell",
        };
        out.push([
            figure.id.clone(),
            figure.label.clone(),
            plain(figure),
            unit,
            limit(|i| i.lo90),
            limit(|i| i.lo50),
            limit(|i| i.hi50),
            limit(|i| i.hi90),
            certainty.to_owned(),
            figure.n.to_string(),
            figure.of.map_or(String::new(), |of| of.to_string()),
            figure.period.clone(),
            figure.method.clone(),
            section.to_owned(),
        ]);
    });
    out
}

/// A cell as CSV (RFC 4180). Text that begins like a formula gets a leading apostrophe, as sheets run it otherwise.
pub fn quoted(cell: &str) -> String {
    let formula =
        cell.starts_with(['=', '@', '\t', '\r']) || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err());
    let text = if formula { format!("'{cell}") } else { cell.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Any words as CSV with its heads.
pub fn csv_of_words(heads: &[String], rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for line in std::iter::once(heads).chain(rows.iter().map(Vec::as_slice)) {
        out.push_str(&line.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_made_plain() {
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("-12.5"), "-12.5");
        assert_eq!(quoted("+A1"), "'+A1");
    }
}
