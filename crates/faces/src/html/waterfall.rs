//! From one total to another, step by step: one row a factor, in the given order, the interval at the end of its bar.
//!
//! Invariant: bars are never coloured by team; a step whose interval includes zero is an outline; the gap is solid.

use maud::{Markup, html};
use report::{Figure, Step, Waterfall};

use super::marks::Key;
use super::{Page, aloud, marks};
use crate::format::{self, Sign};
use crate::scale::{Scale, drawn};
use crate::words;

pub(super) fn draw(page: &Page<'_>, w: &Waterfall) -> Markup {
    let ends = ends(w);
    let scale = scale(w, &ends);
    let unit = w.gap.unit;
    let largest = words::largest(w);
    let unsure = |f: &Figure| format::limits(f).is_some_and(|i| !i.direction_known());
    let unknown = w.steps.iter().any(|s| unsure(&s.figure));
    let intervals = w.steps.iter().any(|s| format::limits(&s.figure).is_some());
    html! {
        table.chart.waterfall role="table" {
            caption { span.title { (page.say(&w.title)) } (marks::key(Key { intervals, unknown, ..Key::default() })) }
            thead role="rowgroup" {
                tr role="row" {
                    th scope="col" role="columnheader" { "Factor" }
                    th.c scope="col" role="columnheader" { "Gap, running" }
                    th.num scope="col" role="columnheader" { "Estimate" }
                    th.num scope="col" role="columnheader" { "90% interval" }
                    th.who scope="col" role="columnheader" { "Who can change it" }
                }
            }
            tbody role="rowgroup" {
                (total(page, &w.from, Sign::Plain, None))
                @for (i, step) in w.steps.iter().enumerate() {
                    @let from = ends.get(i).copied().unwrap_or(0.0);
                    @let to = ends.get(i + 1).copied().unwrap_or(from);
                    @let largest = largest.as_ref().filter(|(at, _)| *at == i).map(|(_, words)| words.as_str());
                    (row(page, &scale, step, from, to, largest))
                }
                (total(page, &w.gap, Sign::Change, Some(&scale)))
                (total(page, &w.to, Sign::Plain, None))
                tr.axis aria-hidden="true" { th {} td.c { (marks::axis(&scale, unit, Sign::Change)) } td colspan="3" {} }
            }
        }
    }
}

/// Where each step begins, and where the last one ends; a step that cannot be told moves nothing.
fn ends(w: &Waterfall) -> Vec<f64> {
    let mut at = 0.0;
    let mut ends = vec![at];
    for step in &w.steps {
        at += format::raw(&step.figure).filter(|x| x.is_finite()).unwrap_or(0.0);
        ends.push(at);
    }
    ends
}

fn scale(w: &Waterfall, ends: &[f64]) -> Scale {
    let steps = w.steps.iter().zip(ends).flat_map(|(s, from)| drawn(&s.figure).map(move |x| from + x));
    Scale::holding(steps.chain(drawn(&w.gap)).collect::<Vec<_>>()).with_air()
}

fn row(page: &Page<'_>, scale: &Scale, step: &Step, from: f64, to: f64, largest: Option<&str>) -> Markup {
    let f = &step.figure;
    let told = format::raw(f).is_some();
    let unknown = format::limits(f).is_some_and(|i| !i.direction_known());
    let (x0, x1) = (scale.place(from.min(to)), scale.place(from.max(to)));
    let (begin, end) = (marks::at(scale, from), marks::at(scale, to));
    let said = aloud(&f.label, f, Sign::Change);
    html! {
        tr.largest[largest.is_some()] role="row" {
            th scope="row" role="rowheader" {
                (page.figure_link(f, &f.label))
                @if !step.note.is_empty() { small { (page.say(&crate::lookup::bare(&step.note))) } }
                @if let Some(words) = largest { small.more { (words) } }
            }
            td.c role="cell" {
                svg.marks role="img" aria-label=(said) {
                    title { (said) }
                    (marks::rules(scale, f.unit))
                    line.conn x1=(begin) x2=(begin) y1="0" y2="50%" {}
                    line.conn x1=(end) x2=(end) y1="50%" y2="100%" {}
                    @if told {
                        rect.bar.unknown[unknown] x=(marks::percent(x0)) width=(marks::percent(x1 - x0)) y="50%" height="22" {}
                        (marks::estimate(scale, f, from, Sign::Change))
                    }
                }
            }
            td.num.v role="cell" { (format::value(f, Sign::Change)) }
            td.num.iv role="cell" { (marks::interval(f, Sign::Change)) }
            td.who role="cell" { (marks::owner(step.owner)) }
        }
    }
}

/// A row of a total; the gap is drawn solid from zero.
fn total(page: &Page<'_>, f: &Figure, sign: Sign, scale: Option<&Scale>) -> Markup {
    let x = format::raw(f).unwrap_or(0.0);
    let said = aloud(&f.label, f, sign);
    html! {
        tr.total role="row" {
            th scope="row" role="rowheader" { (page.figure_link(f, &f.label)) }
            td.c.none[scale.is_none()] role="cell" {
                @if let Some(scale) = scale {
                    @let (x0, x1) = (scale.place(x.min(0.0)), scale.place(x.max(0.0)));
                    svg.marks role="img" aria-label=(said) {
                        title { (said) }
                        (marks::rules(scale, f.unit))
                        line.conn x1=(marks::at(scale, x)) x2=(marks::at(scale, x)) y1="0" y2="50%" {}
                        rect.solid x=(marks::percent(x0)) width=(marks::percent(x1 - x0)) y="50%" height="22" {}
                        @if format::limits(f).is_some() { (marks::estimate(scale, f, 0.0, Sign::Plain)) }
                    }
                }
            }
            td.num.v role="cell" { (format::value(f, sign)) }
            td.num.iv role="cell" { (marks::interval(f, Sign::Plain)) }
            td.who role="cell" {}
        }
    }
}
