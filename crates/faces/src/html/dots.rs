//! Estimates side by side: dot, 50% thick, 90% thin, with their numbers and the cases they rest on.

use maud::{Markup, html};
use report::{Dot, DotWhisker, Unit};

use super::marks::Key;
use super::{Page, aloud, marks, number};
use crate::format::{self, Sign};
use crate::lookup::dots_sign;
use crate::scale::Scale;
use crate::words;

pub(super) fn draw(page: &Page<'_>, d: &DotWhisker) -> Markup {
    let sign = dots_sign(d);
    let scale = Scale::of(d.rows.iter().map(|r| &r.figure).chain(&d.reference)).with_air();
    let unit = d.rows.first().map_or(Unit::Number, |r| r.figure.unit);
    let reference = d.reference.as_ref().and_then(format::raw);
    let owners = d.rows.iter().any(|r| r.owner.is_some());
    let intervals = d.rows.iter().any(|r| format::limits(&r.figure).is_some());
    let young = d.rows.iter().any(|r| words::young(&r.figure));
    html! {
        table.chart.dots role="table" {
            caption { span.title { (page.say(&d.title)) } (marks::key(Key { intervals, young, ..Key::default() })) }
            thead role="rowgroup" {
                tr role="row" {
                    th scope="col" role="columnheader" { (d.axis) }
                    th.c scope="col" role="columnheader" { span.vh { "Drawn" } }
                    th.num scope="col" role="columnheader" { "Estimate" }
                    th.num scope="col" role="columnheader" { "90% interval" }
                    th.num.cases scope="col" role="columnheader" { "Cases" }
                    @if owners { th.who scope="col" role="columnheader" { "Who can change it" } }
                }
            }
            tbody role="rowgroup" {
                @for r in &d.rows { (row(page, &scale, r, reference, sign, owners)) }
                tr.axis aria-hidden="true" {
                    th {}
                    td.c { (marks::axis(&scale, unit, sign)) }
                    td colspan=(if owners { "4" } else { "3" }) {}
                }
            }
        }
        @if let Some(f) = &d.reference {
            p.note {
                "Dashed line: " (page.figure_link(f, &f.label)) ", " (number(&format::value(f, Sign::Plain)))
                " (" (number(&format::certainty(f, Sign::Plain))) ")."
            }
        }
    }
}

fn row(page: &Page<'_>, scale: &Scale, r: &Dot, reference: Option<f64>, sign: Sign, owners: bool) -> Markup {
    let f = &r.figure;
    let said = aloud(&f.label, f, sign);
    html! {
        tr role="row" {
            th scope="row" role="rowheader" {
                (page.figure_link(f, &f.label))
                @if !r.note.is_empty() { small { (page.say(&crate::lookup::bare(&r.note))) } }
            }
            td.c role="cell" {
                svg.marks role="img" aria-label=(said) {
                    title { (said) }
                    line.track x1="0" x2="100%" y1="50%" y2="50%" {}
                    (marks::rules(scale, f.unit))
                    @if let Some(x) = reference {
                        line.reference x1=(marks::at(scale, x)) x2=(marks::at(scale, x)) y1="0" y2="100%" {}
                    }
                    (marks::estimate(scale, f, 0.0, sign))
                }
            }
            td.num.v role="cell" { (format::value(f, sign)) }
            td.num.iv role="cell" { (marks::interval(f, sign)) }
            td.num.cases role="cell" data-label="Cases" { (format::count(i64::try_from(f.n).unwrap_or(i64::MAX))) }
            @if owners { td.who role="cell" { @if let Some(o) = r.owner { (marks::owner(o)) } } }
        }
    }
}
