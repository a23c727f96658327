//! Making figures: one constructor for each kind, so that none is made without its n, period and method.
//!
//! Not here: what is worth showing. Invariant: a share of fewer than five events has no percent.

use report::{Cell, Certainty, Evidence, Figure, Interval, TableRow, Unit, Value};
use stats::binomial::jeffreys_interval;

/// Fewer events than this are shown as `3 of 11`: one more or less would move the percent by a fifth and more.
pub const LEAST_EVENTS: u64 = 5;

/// What all figures of one table share.
#[derive(Clone, Debug)]
pub struct About {
    pub period: String,
    pub method: String,
}

impl About {
    pub fn new(period: impl Into<String>, method: impl Into<String>) -> About {
        About { period: period.into(), method: method.into() }
    }

    /// A number counted from rows.
    pub fn counted(&self, id: &str, label: &str, unit: Unit, value: i64, n: u64, evidence: Option<Evidence>) -> Figure {
        self.figure(id, label, unit, Value::Whole(value), Certainty::Counted, (n, None), evidence)
    }

    /// A count of rows.
    pub fn count(&self, id: &str, label: &str, value: u64, evidence: Option<Evidence>) -> Figure {
        let whole = i64::try_from(value).unwrap_or(i64::MAX);
        self.counted(id, label, Unit::Count, whole, value, evidence)
    }

    /// A share `k` of `n` with its Jeffreys interval; withheld below five events.
    pub fn share(&self, id: &str, label: &str, k: u64, n: u64, evidence: Option<Evidence>) -> Figure {
        let interval = jeffreys_interval(k as f64, n as f64).map(house);
        let (value, certainty) = match interval {
            Some(interval) if k >= LEAST_EVENTS && n > 0 => {
                (Value::Real(k as f64 / n as f64), Certainty::Estimated(interval))
            }
            _ => (Value::Withheld, Certainty::Refused),
        };
        self.figure(id, label, Unit::Share, value, certainty, (n, Some(k)), evidence)
    }

    /// An estimate with its interval, if there is one; else it is refused.
    #[allow(clippy::too_many_arguments, reason = "one for each part of a figure")]
    pub fn estimated(
        &self,
        id: &str,
        label: &str,
        unit: Unit,
        value: f64,
        interval: Option<Interval>,
        n: u64,
        evidence: Option<Evidence>,
    ) -> Figure {
        let (value, certainty) = match interval {
            Some(interval) if value.is_finite() => (Value::Real(value), Certainty::Estimated(interval)),
            _ => (Value::Withheld, Certainty::Refused),
        };
        self.figure(id, label, unit, value, certainty, (n, None), evidence)
    }

    /// The same figure, marked as resting in part on projection.
    pub fn projected(figure: Figure) -> Figure {
        let certainty = match figure.certainty {
            Certainty::Estimated(interval) => Certainty::Projected(interval),
            other => other,
        };
        Figure { certainty, ..figure }
    }

    /// A number that cannot be told.
    pub fn withheld(&self, id: &str, label: &str, unit: Unit, n: u64, of: Option<u64>) -> Figure {
        self.figure(id, label, unit, Value::Withheld, Certainty::Refused, (n, of), None)
    }

    #[allow(clippy::too_many_arguments, reason = "one for each part of a figure")]
    pub fn figure(
        &self,
        id: &str,
        label: &str,
        unit: Unit,
        value: Value,
        certainty: Certainty,
        (n, of): (u64, Option<u64>),
        evidence: Option<Evidence>,
    ) -> Figure {
        Figure {
            id: id.to_owned(),
            label: label.to_owned(),
            unit,
            value,
            certainty,
            n,
            of,
            period: self.period.clone(),
            method: self.method.clone(),
            evidence,
        }
    }
}

/// An interval of the statistics as one of the report.
pub fn house(interval: stats::interval::Interval) -> Interval {
    Interval { lo90: interval.lo90, lo50: interval.lo50, hi50: interval.hi50, hi90: interval.hi90 }
}

/// A row of cells.
pub fn row(cells: Vec<Cell>) -> TableRow {
    TableRow { cells }
}

/// A cell with words.
pub fn text(words: impl Into<String>) -> Cell {
    Cell::Text(plain(&words.into()))
}

/// A cell with a figure.
pub fn cell(figure: Figure) -> Cell {
    Cell::Figure(Box::new(figure))
}

/// Words from the data, without the braces that mark placeholders.
pub fn plain(words: &str) -> String {
    words.replace('{', "(").replace('}', ")")
}

/// Words from the data as part of a figure's id: small letters, digits and single underscores.
pub fn slug(words: &str) -> String {
    let mut out = String::new();
    for c in words.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_').to_owned();
    if out.is_empty() { "x".to_owned() } else { out }
}

/// Slugs of all labels, told apart by a number where two are alike.
pub fn slugs<'a>(labels: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for label in labels {
        let base = slug(label);
        let mut name = base.clone();
        let mut turn = 2;
        while out.contains(&name) {
            name = format!("{base}_{turn}");
            turn += 1;
        }
        out.push(name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_few_events_has_no_percent() {
        let about = About::new("2026Q3", "counted");
        let few = about.share("a", "a", 3, 11, None);
        assert_eq!((few.value, few.certainty, few.n, few.of), (Value::Withheld, Certainty::Refused, 11, Some(3)));
        let enough = about.share("a", "a", 5, 11, None);
        assert_eq!(enough.value, Value::Real(5.0 / 11.0));
        assert!(matches!(enough.certainty, Certainty::Estimated(i) if i.lo90 < 5.0 / 11.0 && 5.0 / 11.0 < i.hi90));
    }

    #[test]
    fn slugs_are_ids_and_differ() {
        assert_eq!(
            slugs(["Paid Search", "paid-search", "", "Ü", "a{b}"]),
            ["paid_search", "paid_search_2", "x", "x_2", "a_b"]
        );
    }
}
