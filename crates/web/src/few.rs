//! Groups of fewer than five, kept from whoever sees no leads.
//!
//! Here: which figures are not shown, and the one rule for pages, files and programs. Whoever may open rows counts them there, so
//! nothing is kept from them. Not here: what a report withholds from everybody because it cannot be told (`analyses`). Invariant: a
//! figure that is kept back says neither its value nor its cases nor its rows; where one of a column alone is, the next smallest
//! goes with it, so that it is not told by what is left of a total.

use std::sync::Arc;

use report::{Cell, Certainty, Chart, Figure, Report, Table, Unit, Value};

use crate::access::{Page, may_open};
use crate::serve::Asking;

/// Groups smaller than this are not shown.
pub const LEAST: u64 = 5;

/// Said in place of a number in a sentence.
const FEWER: &str = "fewer than five";

/// Whether whoever asks sees leads.
pub fn sees_leads(asking: &Asking) -> bool {
    may_open(Page::Rows, asking.viewer.as_ref().map(|v| v.user.role))
}

/// A report as whoever asks may see it.
pub fn shown(asking: &Asking, report: Arc<Report>) -> Arc<Report> {
    if sees_leads(asking) { report } else { Arc::new(without_few(&report)) }
}

const fn is_few(n: u64) -> bool {
    n > 0 && n < LEAST
}

/// The method of figures that count clauses of the agreement, which are no group of leads.
const CLAUSES: &str = "clauses counted";

/// Whether a figure is about fewer than five.
fn tells_of_few(figure: &Figure) -> bool {
    if figure.method == CLAUSES {
        return false;
    }
    let counted = match (figure.unit, figure.value) {
        (Unit::Count, Value::Whole(n)) => u64::try_from(n).is_ok_and(is_few),
        _ => false,
    };
    counted || is_few(figure.n) || figure.of.is_some_and(is_few)
}

fn keep_back(figure: &mut Figure) {
    figure.value = Value::Withheld;
    figure.certainty = Certainty::Refused;
    (figure.n, figure.of, figure.evidence) = (0, None, None);
    figure.method = format!("{}; {FEWER}, not shown", figure.method);
}

fn looked_at(figure: &mut Figure) {
    if tells_of_few(figure) {
        keep_back(figure);
    }
}

/// A report without figures about fewer than five.
fn without_few(report: &Report) -> Report {
    let mut out = report.clone();
    out.figure.iter_mut().for_each(looked_at);
    for section in &mut out.sections {
        for chart in &mut section.charts {
            figures_of(chart).into_iter().for_each(looked_at);
            for note in notes_of(chart) {
                *note = without_counts(note);
            }
        }
        section.tables.iter_mut().for_each(table);
        section.answer = without_counts(&section.answer);
        section.findings.iter_mut().for_each(|f| {
            f.text = without_counts(&f.text);
            f.evidence = f.evidence.take().filter(|e| !is_few(e.rows));
        });
        section.not_known.iter_mut().for_each(|n| {
            n.text = without_counts(&n.text);
            n.evidence = n.evidence.take().filter(|e| !is_few(e.rows));
        });
        section.caveats.iter_mut().for_each(|c| *c = without_counts(c));
        section.refusals.iter_mut().for_each(|r| r.had = without_counts(&r.had));
    }
    out.headline = without_counts(&out.headline);
    out.how_sure.iter_mut().for_each(|s| *s = without_counts(s));
    // a figure stands in several places: kept back in one, it is in all
    let kept: std::collections::BTreeSet<String> = out
        .sections
        .iter()
        .flat_map(|s| &s.tables)
        .flat_map(figures_in)
        .filter(is_kept)
        .map(|f| f.id.clone())
        .collect();
    let again = |figure: &mut Figure| {
        if kept.contains(&figure.id) && !is_kept(&&*figure) {
            keep_back(figure);
        }
    };
    out.figure.iter_mut().for_each(again);
    out.sections.iter_mut().flat_map(|s| &mut s.charts).flat_map(figures_of).for_each(again);
    out
}

/// Whether a figure was kept back by this rule: what a report itself withholds has cases.
fn is_kept(figure: &&Figure) -> bool {
    figure.value == Value::Withheld && figure.n == 0 && figure.method.ends_with("not shown")
}

fn figures_in(table: &Table) -> impl Iterator<Item = &Figure> {
    table.rows.iter().flat_map(|r| &r.cells).filter_map(|cell| match cell {
        Cell::Figure(figure) => Some(&**figure),
        _ => None,
    })
}

fn table(table: &mut Table) {
    for column in 0..table.columns.len() {
        let mut cells: Vec<&mut Figure> = Vec::new();
        for row in &mut table.rows {
            if let Some(Cell::Figure(figure)) = row.cells.get_mut(column) {
                cells.push(figure);
            }
        }
        let mut few = 0;
        for figure in &mut cells {
            if tells_of_few(figure) {
                keep_back(figure);
                few += 1;
            }
        }
        let count = |figure: &Figure| match (figure.unit, figure.value) {
            (Unit::Count, Value::Whole(n)) if n > 0 => Some(n),
            _ => None,
        };
        if few == 1
            && let Some(next) = cells.into_iter().filter(|f| count(f).is_some()).min_by_key(|f| count(f))
        {
            keep_back(next);
        }
    }
    table.note = without_counts(&table.note);
    for cell in table.rows.iter_mut().flat_map(|r| &mut r.cells) {
        if let Cell::Text(text) = cell {
            *text = without_counts(text);
        }
    }
}

fn figures_of(chart: &mut Chart) -> Vec<&mut Figure> {
    match chart {
        Chart::Waterfall(w) => {
            let steps = w.steps.iter_mut().map(|s| &mut s.figure);
            [&mut w.from].into_iter().chain(steps).chain([&mut w.to, &mut w.gap]).collect()
        }
        Chart::DotWhisker(d) => d.rows.iter_mut().map(|r| &mut r.figure).chain(&mut d.reference).collect(),
        Chart::Band(b) => b.points.iter_mut().map(|p| &mut p.figure).chain(&mut b.reference).collect(),
    }
}

fn notes_of(chart: &mut Chart) -> Vec<&mut String> {
    match chart {
        Chart::Waterfall(w) => w.steps.iter_mut().map(|s| &mut s.note).collect(),
        Chart::DotWhisker(d) => d.rows.iter_mut().map(|r| &mut r.note).collect(),
        Chart::Band(_) => Vec::new(),
    }
}

/// What is counted in sentences.
const COUNTED: [&str; 9] = ["of", "case", "lead", "win", "won", "opportunit", "event", "attempt", "row"];

/// A sentence whose numbers of one to four, where they count something, are not said.
fn without_counts(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let said = words.iter().enumerate().map(|(i, word)| {
        let bare = word.trim_start_matches('(');
        let counts = || words.get(i + 1).is_some_and(|next| COUNTED.iter().any(|w| next.starts_with(w)));
        match bare.parse::<u64>() {
            Ok(n) if is_few(n) && counts() => word.replace(bare, FEWER),
            _ => (*word).to_owned(),
        }
    });
    said.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::{Evidence, Grain, TableRow};

    fn count(id: &str, n: i64) -> Figure {
        Figure {
            id: id.to_owned(),
            label: id.to_owned(),
            unit: Unit::Count,
            value: Value::Whole(n),
            certainty: Certainty::Counted,
            n: n as u64,
            of: None,
            period: "2026Q3".to_owned(),
            method: "counted".to_owned(),
            evidence: Some(Evidence { grain: Grain::LeadCycle, filter: Vec::new(), rows: n as u64 }),
        }
    }

    fn table_of(counts: &[i64]) -> Table {
        let row = |(i, n): (usize, &i64)| TableRow {
            cells: vec![Cell::Text(format!("row {i}")), Cell::Figure(Box::new(count(&format!("t.{i}"), *n)))],
        };
        Table {
            id: "t".to_owned(),
            title: "t".to_owned(),
            columns: vec!["what".to_owned(), "leads".to_owned()],
            rows: counts.iter().enumerate().map(row).collect(),
            note: String::new(),
        }
    }

    fn left(counts: &[i64]) -> Vec<Option<i64>> {
        let mut one = table_of(counts);
        table(&mut one);
        figures_in(&one)
            .map(|f| match f.value {
                Value::Whole(n) => Some(n),
                _ => {
                    assert_eq!((f.n, f.of, &f.evidence), (0, None, &None));
                    None
                }
            })
            .collect()
    }

    #[test]
    fn a_small_group_is_not_told_by_what_is_left_of_a_total() {
        assert_eq!(left(&[100, 17, 3, 0]), [Some(100), None, None, Some(0)]);
        assert_eq!(left(&[100, 4, 3, 12]), [Some(100), None, None, Some(12)]);
        assert_eq!(left(&[5, 6, 7]), [Some(5), Some(6), Some(7)]);
    }

    #[test]
    fn a_share_of_few_events_or_few_cases_is_kept_back() {
        let share =
            |k: u64, n: u64| Figure { unit: Unit::Share, value: Value::Withheld, n, of: Some(k), ..count("s", 0) };
        assert!(tells_of_few(&share(3, 11)) && tells_of_few(&share(0, 4)));
        assert!(!tells_of_few(&share(0, 11)) && !tells_of_few(&share(5, 11)));
        assert!(!tells_of_few(&Figure { method: CLAUSES.to_owned(), ..count("kept", 2) }));
    }

    #[test]
    fn sentences_do_not_count_few_either() {
        assert_eq!(without_counts("4 cases, 2 of them won"), "fewer than five cases, fewer than five of them won");
        assert_eq!(without_counts("(3 leads) in 2 weeks, 12 of 40"), "(fewer than five leads) in 2 weeks, 12 of 40");
    }
}
