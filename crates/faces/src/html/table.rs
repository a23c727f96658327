//! A table of the report: words left, numbers right, each estimate with its interval in its cell.

use maud::{Markup, html};
use report::{Cell, Certainty, Figure, Interval, Table, Unit};

use super::{Page, number};
use crate::format::{self, Sign};
use crate::words;

/// From so many columns on a table may be wider than its panel, and can be scrolled by key.
const WIDE: usize = 6;

pub(super) fn draw(page: &Page<'_>, t: &Table) -> Markup {
    let numeric: Vec<bool> = (0..t.columns.len()).map(|i| is_numeric(t, i)).collect();
    let counted = t.rows.iter().flat_map(|r| &r.cells).any(|c| match c {
        Cell::Figure(f) => f.certainty == Certainty::Counted,
        Cell::Text(_) | Cell::Empty => false,
    });
    let table = html! {
        table.rows role="table" {
            caption { span.title { (page.say(&t.title)) } }
            thead role="rowgroup" {
                tr role="row" {
                    @for (i, head) in t.columns.iter().enumerate() {
                        // nothing to be read aloud above a column of names
                        @if head.is_empty() { td role="cell" {} } @else { th.num[is(&numeric, i)] scope="col" role="columnheader" { (head) } }
                    }
                }
            }
            tbody role="rowgroup" {
                @for r in &t.rows {
                    tr role="row" {
                        @for (i, c) in r.cells.iter().enumerate() {
                            (cell(page, c, i == 0, is(&numeric, i), t.columns.get(i).map_or("", String::as_str)))
                        }
                    }
                }
                @if t.rows.is_empty() { tr role="row" { td role="cell" colspan=(t.columns.len().max(1)) { "No rows." } } }
            }
        }
    };
    html! {
        @if t.columns.len() >= WIDE {
            div.scroll role="region" tabindex="0" aria-label=(page.plain(&t.title)) { (table) }
        } @else { (table) }
        @if counted || !t.note.is_empty() {
            p.note { @if !t.note.is_empty() { (page.say(&t.note)) " " } @if counted { "Numbers without an interval are counted." } }
        }
    }
}

fn is(numeric: &[bool], i: usize) -> bool {
    numeric.get(i).copied().unwrap_or(false)
}

/// Words that begin like a number stand as one where they are no longer than this: a longer text is wrapped.
const SHORT: usize = 24;

/// A column of figures, or of short words that all begin like a number.
fn is_numeric(t: &Table, i: usize) -> bool {
    let mut cells = t.rows.iter().filter_map(|r| r.cells.get(i)).filter(|c| !matches!(c, Cell::Empty)).peekable();
    let is_short = |text: &str| text.chars().count() <= SHORT;
    let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || "+\u{2212}$€£¥₹".contains(c));
    i > 0
        && cells.peek().is_some()
        && cells.all(|c| match c {
            Cell::Figure(_) => true,
            Cell::Text(text) => starts(text) && is_short(text),
            Cell::Empty => true,
        })
}

fn cell(page: &Page<'_>, c: &Cell, first: bool, numeric: bool, head: &str) -> Markup {
    match c {
        Cell::Text(text) if first => html! { th scope="row" role="rowheader" { (page.say(text)) } },
        Cell::Text(text) => html! { td.num[numeric] role="cell" data-label=(head) { span { (page.say(text)) } } },
        Cell::Empty => html! { td.empty role="cell" data-label=(head) {} },
        Cell::Figure(f) => html! {
            td.num.f role="cell" data-label=(head) {
                span { span.v { (page.figure_link(f, &format::value(f, Sign::Plain))) } (under(f)) }
            }
        },
    }
}

/// What stands under a value: its interval, and of how many a share is.
fn under(f: &Figure) -> Markup {
    let of = matches!(f.unit, Unit::Share) && f.n > 0 && format::raw(f).is_some();
    let n = format::count(i64::try_from(f.n).unwrap_or(i64::MAX));
    let unsure = |i: &Interval| matches!(f.unit, Unit::ShareDifference) && !i.direction_known();
    html! {
        @match format::limits(f) {
            Some(i) => {
                small { (number(&format::interval(&i, f.unit, Sign::Plain))) @if of { ", of " (n) } }
                @if unsure(&i) { small { (words::DIRECTION_NOT_KNOWN) } }
                @if words::young(f) { small { (words::TOO_YOUNG) } }
            }
            None if f.certainty == Certainty::Counted => { @if of { small { "of " (n) } } }
            None => small { "cannot tell" },
        }
    }
}
