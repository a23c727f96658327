//! The ledger: what it holds, and from which imports.

use axum::http::StatusCode;
use maud::html;

use super::{listing, trouble};
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;

pub fn page(app: &App, asking: &Asking) -> Answer {
    let ledger = match app.source.ledger() {
        Ok(ledger) => ledger,
        Err(why) => return trouble::page(app, asking, "/ledger", &why),
    };
    if let Some(file) = listing::as_file(app, asking, "batches", &ledger.batches) {
        return file;
    }
    let body = html! {
        p.lead { "Batch " (ledger.head) ", records until " (ledger.through) "." }
        p.nothing.outside { (ledger.completeness) ". Head " code { (ledger.hash) } }
        section.panel { h2 { "What was observed" } (listing::draw(&ledger.entries)) }
        section.panel {
            h2 { "Batches" }
            (listing::draw(&ledger.batches))
            p.note { "Nothing here is ever rewritten: corrections are new batches. " code { "lockstep verify" } " checks every byte against the chain of hashes." }
        }
    };
    framed(
        app,
        asking,
        StatusCode::OK,
        Framed { title: "Ledger", place: "/ledger", tools: listing::saves(asking), body },
    )
}
