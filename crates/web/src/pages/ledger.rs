//! The ledger: what it holds, from which imports, as it was known before, and whether anything in it was changed.

use axum::http::StatusCode;
use maud::html;

use super::forms::{Area, Wrong, own, sentence, summary};
use super::{listing, trouble};
use crate::access::Page;
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{Sound, Trouble, TroubleKind};

const PLACE: &str = "/ledger";

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, None, &Wrong::new())
}

/// The page; `sound`: what a check just found.
fn drawn(app: &App, asking: &Asking, sound: Option<&Sound>, wrong: &Wrong) -> Answer {
    let ledger = match app.source.ledger(asking.asked("after").unwrap_or("")) {
        Ok(ledger) => ledger,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    if let Some(file) = listing::as_file(app, asking, "batches", &ledger.batches) {
        return file;
    }
    let said = wrong.first().map(|(_, words)| words.as_str());
    let body = html! {
        (summary(wrong))
        p.lead { "Batch " (ledger.head) ", records until " (ledger.through) "." }
        p.nothing.outside { (ledger.completeness) ". Head " code { (ledger.hash) } }
        @if let Some(sound) = sound {
            p.done role="status" {
                "The ledger is sound: every byte of " (count(sound.batches)) " batches (" (count(sound.files)) " files, " (count(sound.bytes)) " bytes) is what it was when it was written. "
                @if let Some(receipt) = &sound.receipt { (receipt) "." }
            }
        }
        section.panel { h2 { "What was observed" } (listing::draw(&ledger.entries)) }
        section.panel {
            h2 { "Batches" }
            p.hint { "Open one to read the verdict as it was known then. Reports of an earlier day take a while the first time." }
            (listing::draw(&ledger.batches))
            @if !ledger.next.is_empty() { div.go { a.btn href={ (PLACE) "?after=" (encoded(&ledger.next)) } { "Earlier ones" } } }
            p.note { "Nothing here is ever rewritten: corrections are new batches." }
        }
        section.panel {
            h2 { "Was anything changed?" }
            p.hint { "Every byte is held against the chain of hashes. With the receipt of a signature also: was anything before it rewritten, by whoever runs this machine either?" }
            form method="post" action="/ledger/verify" {
                (own(asking))
                (Area { id: "receipt", name: "receipt", label: "A receipt, as its file has it; may stay empty", rows: 4, value: asking.field("receipt") }.draw(said))
                div.go { button type="submit" { "Check the ledger" } }
            }
        }
    };
    let address = if asking.page == Page::Ledger { &asking.address } else { PLACE };
    let (title, status) = match wrong.is_empty() {
        true => ("Ledger", StatusCode::OK),
        false => ("Error: Ledger", StatusCode::UNPROCESSABLE_ENTITY),
    };
    framed(app, asking, status, Framed { title, place: PLACE, tools: listing::saves_of(address), body })
}

fn count(n: u64) -> String {
    faces::format::count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Checks the ledger, against a receipt where one is given. The check is noted.
pub fn checked(app: &App, asking: &Asking, receipt: &str) -> Result<Sound, Trouble> {
    let receipt = Some(receipt.trim()).filter(|text| !text.is_empty());
    let found = app.source.verify(receipt);
    if let Some(viewer) = &asking.viewer {
        let what = if found.is_ok() { "sound" } else { "not sound" };
        app.note(&viewer.user.name, "verified", what, &asking.client);
    }
    found
}

/// The same by a form.
pub fn verify(app: &App, asking: &Asking) -> Answer {
    match checked(app, asking, asking.field("receipt")) {
        Ok(sound) => drawn(app, asking, Some(&sound), &Wrong::new()),
        Err(why) if why.kind == TroubleKind::Asked => {
            drawn(app, asking, None, &vec![("receipt", sentence(&why.message))])
        }
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
