//! A table of words, as pages show it.

use maud::{Markup, html};

use crate::answer::{self, Answer};
use crate::serve::Asking;
use crate::source::Listing;

/// A table as a file of CSV: cells that begin like a formula are set off.
pub fn file(name: &str, listing: &Listing) -> Answer {
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let mut out = line(listing.heads.iter().map(|head| faces::csv_cell(head)).collect());
    for row in &listing.rows {
        out.push_str(&line(row.iter().map(|cell| faces::csv_cell(&cell.words)).collect()));
    }
    answer::file(&format!("lockstep-{name}.csv"), "text/csv; charset=utf-8", out)
}

/// Whether a list is asked for as a file, and the address that asks for it so.
pub fn as_file(asking: &Asking) -> (bool, String) {
    let join = if asking.address.contains('?') { '&' } else { '?' };
    (asking.asked("as") == Some("csv"), format!("{}{join}as=csv", asking.address))
}

/// Draws a table; on a phone its rows become blocks.
pub fn draw(listing: &Listing) -> Markup {
    html! {
        @if listing.rows.is_empty() {
            @if !listing.note.is_empty() { p.nothing { (listing.note) } }
        } @else {
            div.scroll role="region" aria-label=(listing.title) tabindex="0" {
                table.rows role="table" {
                    caption.vh { (listing.title) }
                    thead role="rowgroup" {
                        tr role="row" { @for head in &listing.heads { th scope="col" role="columnheader" { (head) } } }
                    }
                    tbody role="rowgroup" {
                        @for row in &listing.rows {
                            tr role="row" {
                                @for (i, (cell, head)) in row.iter().zip(&listing.heads).enumerate() {
                                    @if i == 0 {
                                        th scope="row" role="rowheader" { (text(cell)) }
                                    } @else {
                                        td.empty[cell.words.is_empty()] role="cell" data-label=(head) { span { (text(cell)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if !listing.note.is_empty() { p.note { (listing.note) } }
        }
    }
}

fn text(cell: &crate::source::Text) -> Markup {
    html! { @if let Some(link) = &cell.link { a href=(link) { (cell.words) } } @else { (cell.words) } }
}
