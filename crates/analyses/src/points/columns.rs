//! Columns that a card may be fitted on, and those that it may not, by name and with the reason.
//!
//! A column that is written when sales has taken a lead foretells nothing: it tells what happened. Some of these are known by
//! their names, some by what they hold. Invariant: a column is refused with a reason that can be checked, never silently.

use stats::scorecard::{Column, Total, area, bins::Binning};

/// One column of all leads; what is `None` is not recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// As a rule names it.
    pub name: String,
    /// What it looks at: what is known of a lead, or whether it ever did something.
    pub of: Looks,
    /// Its values.
    pub values: Values,
    /// The mapping says that it is written after sales contact.
    pub late: bool,
    /// Leads for which it was changed after their moment.
    pub changed_after: u64,
}

/// What a column looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looks {
    /// What is known of a lead.
    Lead,
    /// Whether a touch of this kind was there, as the condition of a rule.
    Touch(String),
}

/// Values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// Texts, numbered.
    Levels {
        /// The number of each lead's text.
        index: Vec<Option<u32>>,
        /// The texts.
        labels: Vec<String>,
    },
}

impl Values {
    /// As the kernel takes it.
    pub fn column(&self) -> Column<'_> {
        match self {
            Values::Numbers(values) => Column::Numbers(values),
            Values::Levels { index, labels } => Column::Levels { index, levels: labels.len() },
        }
    }

    /// The same of some rows.
    pub fn of_rows(&self, rows: &[usize]) -> Values {
        match self {
            Values::Numbers(values) => Values::Numbers(rows.iter().map(|r| values[*r]).collect()),
            Values::Levels { index, labels } => {
                Values::Levels { index: rows.iter().map(|r| index[*r]).collect(), labels: labels.clone() }
            }
        }
    }

    fn known(&self) -> usize {
        match self {
            Values::Numbers(values) => values.iter().flatten().count(),
            Values::Levels { index, .. } => index.iter().flatten().count(),
        }
    }
}

/// Why a column is not fitted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The mapping, or its name, says that sales writes it.
    WrittenBySales,
    /// It was changed after the hand-off, for so many leads.
    ChangedAfter(u64),
    /// It tells the outcome by itself as nothing known before does.
    TellsOutcome,
    /// Nearly every lead has a value of its own.
    OwnValues,
    /// It is recorded for hardly any lead, or says the same of all.
    SaysNothing,
    /// It was left out by name.
    Asked,
}

/// Words in the name of a column that sales writes; a word must stand by itself.
const SALES_WORDS: [&str; 30] = [
    "stage",
    "status",
    "owner",
    "assigned",
    "sdr",
    "rep",
    "tag",
    "tags",
    "quality",
    "disposition",
    "outcome",
    "reason",
    "won",
    "lost",
    "closed",
    "close",
    "opportunity",
    "deal",
    "amount",
    "revenue",
    "converted",
    "conversion",
    "probability",
    "forecast",
    "score",
    "scored",
    "grade",
    "rating",
    "called",
    "meeting",
];

/// Words that only together say it.
const SALES_PAIRS: [(&str, &str); 6] = [
    ("last", "activity"),
    ("last", "modified"),
    ("last", "contacted"),
    ("next", "step"),
    ("lead", "profile"),
    ("asymmetrique", "index"),
];

/// A column by itself has this area under the curve, or more: nothing known before is that good.
const TOO_GOOD: f64 = 0.9;

/// Whether a name says that sales writes the column.
pub fn named_by_sales(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.iter().any(|w| SALES_WORDS.contains(w))
        || SALES_PAIRS.iter().any(|(a, b)| words.contains(a) && words.contains(b))
}

/// Why a column is refused; `None`: it may be fitted on. `wanted`: it was asked for by name.
pub fn refused(column: &Named, good: &[bool], wanted: bool) -> Option<Refused> {
    let rows = good.len();
    if column.late {
        return Some(Refused::WrittenBySales);
    }
    if !wanted && column.of == Looks::Lead && named_by_sales(&column.name) {
        return Some(Refused::WrittenBySales);
    }
    if column.changed_after >= 5 && column.changed_after * 100 >= rows as u64 {
        return Some(Refused::ChangedAfter(column.changed_after));
    }
    if let Values::Levels { labels, .. } = &column.values
        && labels.len() > 20
        && 2 * labels.len() > column.values.known()
    {
        return Some(Refused::OwnValues);
    }
    let Ok(binning) = Binning::of(&column.values.column(), good) else { return Some(Refused::SaysNothing) };
    if binning.bins.len() < 2 {
        return Some(Refused::SaysNothing);
    }
    (!wanted && alone(&binning) >= TOO_GOOD).then_some(Refused::TellsOutcome)
}

/// The area under the curve of a column's bins by themselves.
fn alone(binning: &Binning) -> f64 {
    let mut order: Vec<usize> = (0..binning.bins.len()).collect();
    order.sort_by(|a, b| binning.bins[*a].weight.total_cmp(&binning.bins[*b].weight));
    let totals: Vec<Total> = order
        .iter()
        .enumerate()
        .map(|(place, bin)| {
            let bin = binning.bins[*bin];
            Total { points: place as i64, n: bin.good + bin.bad, k: bin.good }
        })
        .collect();
    area(&totals).map_or(0.5, |found| found.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sales_writes_are_known_by_whole_words() {
        for name in [
            "Lead Stage",
            "Tags",
            "last_notable_activity",
            "Lead Quality",
            "Asymmetrique Activity Index",
            "Deal Amount",
            "Owner",
            "Lead Profile",
            "lead_score",
            "Status Reason",
        ] {
            assert!(named_by_sales(name), "{name}");
        }
        for name in
            ["Country", "title", "employees", "Total Time Spent on Website", "reported_size", "last_page", "City"]
        {
            assert!(!named_by_sales(name), "{name}");
        }
    }

    fn levels(values: &[&str]) -> Values {
        let mut labels: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        labels.sort();
        labels.dedup();
        let index = values.iter().map(|v| labels.iter().position(|l| l == v).map(|p| p as u32)).collect();
        Values::Levels { index, labels }
    }

    #[test]
    fn columns_are_refused_by_what_they_hold() {
        let good: Vec<bool> = (0..400).map(|i| i % 4 == 0).collect();
        let column = |name: &str, values: Values| Named {
            name: name.to_owned(),
            of: Looks::Lead,
            values,
            late: false,
            changed_after: 0,
        };
        let ids: Vec<String> = (0..400).map(|i| format!("x{i}")).collect();
        let ids = column("code", levels(&ids.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!(refused(&ids, &good, false), Some(Refused::OwnValues));
        let same = column("country", levels(&["DE"; 400]));
        assert_eq!(refused(&same, &good, false), Some(Refused::SaysNothing));
        let told: Vec<&str> = good.iter().map(|g| if *g { "yes" } else { "no" }).collect();
        let told = column("interest", levels(&told));
        assert_eq!(refused(&told, &good, false), Some(Refused::TellsOutcome));
        assert_eq!(refused(&told, &good, true), None);
        let weak: Vec<&str> = (0..400).map(|i| if i % 4 == 0 && i % 3 > 0 || i % 5 == 0 { "a" } else { "b" }).collect();
        let mut weak = column("industry", levels(&weak));
        assert_eq!(refused(&weak, &good, false), None);
        weak.changed_after = 12;
        assert_eq!(refused(&weak, &good, true), Some(Refused::ChangedAfter(12)));
        weak.late = true;
        assert_eq!(refused(&weak, &good, true), Some(Refused::WrittenBySales));
    }
}
