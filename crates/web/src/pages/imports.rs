//! Imports: sending files, how far the reading is, what came of it, and a mapping for files that nobody has told how to read.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::forms::{Area, Wrong, own, sentence, summary};
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, live};
use crate::serve::Asking;
use crate::source::{ImportState, Reading, TroubleKind, UnknownFile};

const PLACE: &str = "/imports";

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, &Wrong::new(), StatusCode::OK)
}

fn drawn(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode) -> Answer {
    let state = app.source.imports();
    let follows = html! {
        @if let Some(reading) = &state.running { (running(reading)) }
        (last(&state))
        @for (n, file) in state.unknown.iter().enumerate() { (unknown(asking, n, file, wrong)) }
    };
    // what renews itself ends before the form: files that are being chosen stay chosen
    let body = html! {
        (summary(wrong))
        (live(wrong.is_empty() && status == StatusCode::OK, &follows))
        section.panel {
            h2 { "Send files" }
            p.hint {
                "Exports as they come: CSV, XLSX, JSON lines, Parquet, and ZIP or GZIP of these, up to 4 GB. What is known already is left out, so sending a file twice changes nothing. "
                "One import at a time. Larger ones are imported where they lie: " code { "lockstep import PATH" }
            }
            form method="post" action=(PLACE) enctype="multipart/form-data" {
                (own(asking))
                div.field {
                    label for="files" { "Files, or drop them here" }
                    input.wide.drop id="files" name="files" type="file" multiple;
                }
                div.go { button.primary type="submit" { "Import them" } }
            }
        }
        p.nothing.outside { a href="/ledger/rejects" { "Rows that could not be read" } " · " a href="/ledger" { "What the ledger holds" } }
    };
    let title = if wrong.is_empty() { "Imports" } else { "Error: Imports" };
    framed(app, asking, status, Framed { title, place: PLACE, tools: html! {}, body })
}

fn running(reading: &Reading) -> Markup {
    let percent = (100 * reading.bytes).checked_div(reading.total).unwrap_or(0);
    html! {
        section.panel aria-live="polite" {
            h2 { "Being read" }
            @if reading.file.is_empty() {
                p { "The files are being looked at." }
            } @else {
                p { b { (reading.file) } ": " (reading.rows) " rows, " (percent) "% of its bytes" }
                progress max=(reading.total) value=(reading.bytes) aria-label={ (reading.file) " read" } { (percent) "%" }
                p.hint { (reading.seconds) " s so far" @if reading.left > 0 { "; this file needs about " (reading.left) " s more" } "." }
            }
            p.hint { "It goes on when you leave this page." }
            div.go { a.btn href=(PLACE) { "Look again" } }
        }
    }
}

fn last(state: &ImportState) -> Markup {
    html! {
        @if !state.failed.is_empty() {
            div.problem role="alert" { h2 { "The import came to nothing" } p { (state.failed) } p.hint { "The ledger is as it was." } }
        }
        @if !state.done.is_empty() {
            section.panel { h2 { "What came of it" } p { (state.done) } (listing::draw(&state.files)) }
        }
    }
}

/// A file that is not recognised, with the mapping that may fit it.
fn unknown(asking: &Asking, n: usize, file: &UnknownFile, wrong: &Wrong) -> Markup {
    // the form that was sent keeps what was typed
    let is_sent = asking.field("file") == file.file;
    let (text, wrong) = if is_sent {
        (asking.field("mapping"), wrong.first().map(|(_, words)| words.as_str()))
    } else {
        (file.mapping.as_str(), None)
    };
    let id = if is_sent { "mapping".to_owned() } else { format!("mapping-{n}") };
    html! {
        section.panel {
            h2 { "How to read " (file.file) }
            p.hint { (sentence(&file.why)) " This is what its columns look like; look it over, change what is wrong, and import it with that. The mapping is kept for the next time." }
            form method="post" action="/imports/mapping" {
                (own(asking))
                input type="hidden" name="file" value=(file.file);
                (Area { id: &id, name: "mapping", label: "Its mapping", rows: 22, value: text }.draw(wrong))
                div.go { button.primary type="submit" { "Import it with this" } }
            }
        }
    }
}

/// Begins the import of the files that were sent.
pub fn begin(app: &App, asking: &Asking) -> Answer {
    let Some((folder, count)) = &asking.files else { return answer::onward(PLACE) };
    if *count == 0 {
        return drawn(
            app,
            asking,
            &vec![("files", "No file was chosen.".to_owned())],
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    match app.source.import(folder.clone()) {
        Ok(()) => {
            if let Some(viewer) = &asking.viewer {
                app.note(&viewer.user.name, "imported", &format!("{count} files"), &asking.client);
            }
            answer::onward(PLACE)
        }
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

/// Imports what waits with a mapping that was looked over.
pub fn with_mapping(app: &App, asking: &Asking) -> Answer {
    match app.source.import_with(asking.field("mapping")) {
        Ok(()) => {
            if let Some(viewer) = &asking.viewer {
                app.note(&viewer.user.name, "mapped", asking.field("file"), &asking.client);
            }
            answer::onward(PLACE)
        }
        Err(why) if why.kind == TroubleKind::Asked => {
            let words = super::forms::told(&why);
            drawn(app, asking, &vec![("mapping", words)], StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
