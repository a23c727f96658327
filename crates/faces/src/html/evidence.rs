//! What stands behind the figures of a chart or table: id, method, cases, rows, and the command that opens them.

use maud::{Markup, html};
use report::{Chart, Evidence, Figure, Table};

use super::Page;
use crate::format::count;
use crate::lookup::{of_chart, of_table};

impl Page<'_> {
    pub(super) fn chart_evidence(&self, chart: &Chart) -> Markup {
        let mut figures = Vec::new();
        of_chart(chart, &mut |figure, _| figures.push(figure));
        self.evidence(&figures)
    }

    pub(super) fn table_evidence(&self, table: &Table) -> Markup {
        self.evidence(&of_table(table).collect::<Vec<_>>())
    }

    /// The rows behind these figures, folded away. The first time a figure stands on the page, its links lead here.
    pub(super) fn evidence(&self, figures: &[&Figure]) -> Markup {
        html! {
            @if !figures.is_empty() {
                details.evidence {
                    summary { "Evidence: rows behind " @if figures.len() == 1 { "this figure" } @else { "these " (figures.len()) " figures" } }
                    table.rows role="table" {
                        thead role="rowgroup" {
                            tr role="row" {
                                @for head in ["Figure", "How it was worked out", "Period"] { th scope="col" role="columnheader" { (head) } }
                                @for head in ["Cases", "Rows"] { th.num scope="col" role="columnheader" { (head) } }
                                th scope="col" role="columnheader" { "To open the rows" }
                            }
                        }
                        tbody role="rowgroup" { @for f in figures { (self.figure_row(f)) } }
                    }
                }
            }
        }
    }

    fn figure_row(&self, f: &Figure) -> Markup {
        let first = self.anchored.borrow_mut().insert(f.id.clone());
        let anchor = first.then(|| format!("f-{}", f.id));
        html! {
            tr role="row" id=[anchor] {
                th scope="row" role="rowheader" { (f.label) }
                td role="cell" data-label="How" { span { (f.method) } }
                td role="cell" data-label="Period" { span { (f.period) } }
                td.num role="cell" data-label="Cases" { span { (whole(f.n)) } }
                td.num role="cell" data-label="Rows" { span { @match &f.evidence { Some(e) => { (whole(e.rows)) } None => { "none" } } } }
                td role="cell" data-label="To open" {
                    span {
                        @match (&f.evidence, self.rows) {
                            (Some(_), Some((before, after))) => { a href={ (before) (f.id) (after) } { "Open the rows" span.vh { " of " (f.label) } } }
                            (Some(_), None) => { code { "lockstep rows " (f.id) } }
                            (None, _) => { "derived; id " code { (f.id) } }
                        }
                    }
                }
            }
        }
    }
}

/// How many rows a finding rests on.
pub(super) fn rows(evidence: Option<&Evidence>) -> Markup {
    html! { @if let Some(e) = evidence { " " span.count { "(" (whole(e.rows)) @if e.rows == 1 { " row)" } @else { " rows)" } } } }
}

fn whole(n: u64) -> String {
    count(i64::try_from(n).unwrap_or(i64::MAX))
}
