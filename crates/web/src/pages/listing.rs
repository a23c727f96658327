//! A table of words, as pages show it.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::answer::{self, Answer};
use crate::app::App;
use crate::serve::Asking;
use crate::source::Listing;

/// A list as the file that is asked for with `as`: CSV, whose cells that begin like a formula are set off, or a workbook, whose
/// words are words. `None` where a page is asked for.
pub fn as_file(app: &App, asking: &Asking, name: &str, listing: &Listing) -> Option<Answer> {
    let kind = asking.asked("as").filter(|kind| matches!(*kind, "csv" | "xlsx"))?;
    if let Some(viewer) = &asking.viewer {
        app.note(&viewer.user.name, "exported", &asking.address, &asking.client);
    }
    let rows = listing.words();
    if kind == "xlsx" {
        let made = faces::xlsx_of_words(&listing.title, &listing.heads, &rows);
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        return Some(match made {
            Ok(bytes) => answer::file(&format!("lockstep-{name}.xlsx"), kind, bytes),
            Err(why) => answer::plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("{why}\n")),
        });
    }
    let text = faces::csv_of_words(&listing.heads, &rows);
    Some(answer::file(&format!("lockstep-{name}.csv"), "text/csv; charset=utf-8", text))
}

/// Where a list is had as a file.
pub fn saves(asking: &Asking) -> Markup {
    saves_of(&asking.address)
}

/// The same, of the list at an address: what a form shows has none of its own.
pub fn saves_of(address: &str) -> Markup {
    let join = if address.contains('?') { '&' } else { '?' };
    html! {
        details.exports {
            summary { "Save" }
            ul {
                li { a href={ (address) (join) "as=csv" } { "CSV" } }
                li { a href={ (address) (join) "as=xlsx" } { "XLSX" } }
            }
        }
    }
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
