//! A table of words, as pages show it.

use maud::{Markup, html};

use crate::source::Listing;

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
