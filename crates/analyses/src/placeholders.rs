//! Sentences hold `{figure.id}` where a number belongs; faces put the formatted figure there.
//!
//! Here: which placeholders a report uses and whether each has its figure. Not here: formatting.
//! Invariant: a report that passes [`placeholders_resolve`] shows no placeholder to a reader.

use std::collections::BTreeSet;

use report::{Cell, Chart, Figure, Report, Section};

/// Every placeholder that no figure of the report answers to, sorted; empty when all resolve.
pub fn placeholders_resolve(report: &Report) -> Vec<String> {
    let mut known: BTreeSet<&str> = report.figure.iter().map(|f| f.id.as_str()).collect();
    for section in &report.sections {
        known.extend(figures(section).map(|f| f.id.as_str()));
    }
    let mut texts: Vec<&str> = vec![&report.headline];
    texts.extend(report.how_sure.iter().map(String::as_str));
    for section in &report.sections {
        texts.extend(sentences(section));
    }
    let used: BTreeSet<&str> = texts.into_iter().flat_map(used).collect();
    used.difference(&known).map(|id| (*id).to_owned()).collect()
}

/// Every figure of a section: charts, then tables.
pub fn figures(section: &Section) -> impl Iterator<Item = &Figure> {
    let charts = section.charts.iter().flat_map(|chart| -> Vec<&Figure> {
        match chart {
            Chart::Waterfall(w) => {
                [&w.from].into_iter().chain(w.steps.iter().map(|s| &s.figure)).chain([&w.to, &w.gap]).collect()
            }
            Chart::DotWhisker(d) => d.rows.iter().map(|r| &r.figure).chain(&d.reference).collect(),
            Chart::Band(b) => b.points.iter().map(|p| &p.figure).chain(&b.reference).collect(),
        }
    });
    let cells = section.tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.cells).filter_map(|cell| match cell {
        Cell::Figure(figure) => Some(figure.as_ref()),
        Cell::Text(_) | Cell::Empty => None,
    });
    charts.chain(cells)
}

/// The placeholders of one sentence, in order.
pub fn used(text: &str) -> Vec<&str> {
    let is_id = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(id, _)| id)).filter(|id| is_id(id)).collect()
}

fn sentences(section: &Section) -> Vec<&str> {
    let mut out: Vec<&str> = vec![&section.answer, &section.method];
    out.extend(section.findings.iter().map(|f| f.text.as_str()));
    out.extend(section.caveats.iter().map(String::as_str));
    out.extend(section.refusals.iter().flat_map(|r| [r.asked.as_str(), &r.had, &r.needed]));
    out.extend(section.not_known.iter().flat_map(|n| [n.text.as_str(), &n.settle]));
    out.extend(section.tables.iter().map(|t| t.note.as_str()));
    for table in &section.tables {
        out.extend(table.rows.iter().flat_map(|r| &r.cells).filter_map(|c| match c {
            Cell::Text(text) => Some(text.as_str()),
            Cell::Figure(_) | Cell::Empty => None,
        }));
    }
    for chart in &section.charts {
        match chart {
            Chart::Waterfall(w) => out.extend(w.steps.iter().map(|s| s.note.as_str())),
            Chart::DotWhisker(d) => out.extend(d.rows.iter().map(|r| r.note.as_str())),
            Chart::Band(_) => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_around_anything_but_an_id_are_text() {
        assert_eq!(used("{a.b_1} of { x } and {c}{"), ["a.b_1", "c"]);
        assert_eq!(used("plain {}"), Vec::<&str>::new());
    }
}
