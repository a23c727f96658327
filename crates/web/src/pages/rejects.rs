//! Rows that could not be read, and mending them where they stand.
//!
//! Invariant: a mended row goes the way of every file, through the same mapping; what is still wrong in it is a reject again.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use maud::{Markup, html};

use super::forms::own;
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{Mended, Paged, RejectFile, RejectRow, Trouble, TroubleKind};

const PLACE: &str = "/ledger/rejects";

pub fn page(app: &App, asking: &Asking) -> Answer {
    let Paged { list: rejects, next } = match app.source.rejects(asking.asked("after").unwrap_or("")) {
        Ok(rejects) => rejects,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    if let Some(viewer) = &asking.viewer {
        app.note(&viewer.user.name, "read_rejects", "", &asking.client);
    }
    if let Some(file) = listing::as_file(app, asking, "rejects", &rejects) {
        return file;
    }
    let tools = html! { @if !rejects.rows.is_empty() { (listing::saves(asking)) } };
    let body = html! {
        section.panel {
            (listing::draw(&rejects))
            @if !next.is_empty() { div.go { a.btn href={ (PLACE) "?after=" (encoded(&next)) } { "The next ones" } } }
        }
    };
    let title = "Rows that could not be read";
    framed(app, asking, StatusCode::OK, Framed { title, place: PLACE, tools, body })
}

/// The rejects of one file that are asked for; the read is noted.
pub fn found(app: &App, asking: &Asking) -> Result<RejectFile, Trouble> {
    let file = app.source.reject_file(asking.part("file"), asking.asked("after").unwrap_or(""))?;
    if let Some(viewer) = &asking.viewer {
        app.note(&viewer.user.name, "read_rejects", asking.part("file"), &asking.client);
    }
    Ok(file)
}

/// The rejects of one file, each with what is wrong in it.
pub fn file(app: &App, asking: &Asking) -> Answer {
    match found(app, asking) {
        Ok(file) => drawn(app, asking, &file, None),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

fn drawn(app: &App, asking: &Asking, file: &RejectFile, wrong: Option<String>) -> Answer {
    let place = format!("{PLACE}/{}", encoded(&file.place));
    let here = asking.asked("after").map_or_else(|| place.clone(), |after| format!("{place}?after={}", encoded(after)));
    let is_wrong = wrong.is_some();
    let body = html! {
        @if let Some(words) = wrong {
            div.problem role="alert" tabindex="-1" { h2 { "There is a problem" } p { (words) } }
        }
        p.lead {
            (file.total) @if file.total == 1 { " row" } @else { " rows" } " of " (file.name) " could not be read."
            @if file.rows.len() < file.total { " " (file.rows.len()) " of them stand here." }
        }
        form method="post" action=(here) {
            (own(asking))
            @for row in &file.rows { (one(asking, file, row)) }
            div.go.row.outside { button.primary type="submit" { "Import the rows that you changed" } a.btn href=(PLACE) { "Back" } }
        }
        @if !file.next.is_empty() { p.nothing.outside { a href={ (place) "?after=" (encoded(&file.next)) } { "The next rows; what is changed here and not imported stays behind" } } }
        p.note.outside { "A mended row goes through the same mapping as its file. What you leave as it is stays here; what is still wrong comes back as a reject." }
    };
    let (title, status) = match is_wrong {
        false => (format!("Mend {}", file.name), StatusCode::OK),
        true => (format!("Error: Mend {}", file.name), StatusCode::UNPROCESSABLE_ENTITY),
    };
    framed(app, asking, status, Framed { title: &title, place: PLACE, tools: html! {}, body })
}

fn one(asking: &Asking, file: &RejectFile, row: &RejectRow) -> Markup {
    let cell = |column: usize| {
        let id = format!("c-{}-{column}", row.id);
        let value = asking.fields.get(&id).or_else(|| row.cells.get(column)).map_or("", String::as_str);
        let label = file.columns.get(column).cloned().unwrap_or_else(|| format!("column {}", column + 1));
        html! {
            div.field {
                label for=(id) { (label) }
                @if row.at == Some(column) {
                    span.hint id={ (id) "-hint" } { "Read " b { (row.read) } ", expected " (row.expected) @if !row.hint.is_empty() { ". To mend it: " (row.hint) } "." }
                }
                input.wide id=(id) name=(id) type="text" value=(value) autocomplete="off" aria-describedby=[(row.at == Some(column)).then(|| format!("{id}-hint"))];
            }
        }
    };
    let others = (0..row.cells.len()).filter(|column| row.at != Some(*column));
    html! {
        section.panel {
            h2 { "Line " (row.line) }
            @if let Some(at) = row.at { (cell(at)) }
            @else { p.hint { "The row as a whole: read " b { (row.read) } ", expected " (row.expected) @if !row.hint.is_empty() { ". To mend it: " (row.hint) } "." } }
            details open[row.at.is_none()] { summary { "The whole row" } div.fields { @for column in others { (cell(column)) } } }
        }
    }
}

/// What of a file's rows a form changed.
fn of_form(asking: &Asking, file: &RejectFile) -> Vec<Mended> {
    let mut out: BTreeMap<u64, Mended> = BTreeMap::new();
    for row in &file.rows {
        for (column, kept) in row.cells.iter().enumerate() {
            let sent = asking.fields.get(&format!("c-{}-{column}", row.id)).filter(|sent| *sent != kept);
            if let Some(value) = sent {
                let mended = out.entry(row.id).or_insert_with(|| Mended { id: row.id, cells: Vec::new() });
                mended.cells.push((column, value.clone()));
            }
        }
    }
    out.into_values().collect()
}

/// Imports mended rows.
pub fn mended(app: &App, asking: &Asking, rows: &[Mended]) -> Result<usize, Trouble> {
    if rows.is_empty() {
        return Err(Trouble {
            kind: TroubleKind::Asked,
            code: "nothing_changed".to_owned(),
            message: "no row was changed".to_owned(),
            hint: None,
        });
    }
    let file = asking.part("file");
    let count = app.source.mend(file, rows)?;
    if let Some(viewer) = &asking.viewer {
        app.note(&viewer.user.name, "mended", &format!("{count} rows of {file}"), &asking.client);
    }
    Ok(count)
}

/// Imports the rows that a form changed.
pub fn mend(app: &App, asking: &Asking) -> Answer {
    let file = match app.source.reject_file(asking.part("file"), asking.asked("after").unwrap_or("")) {
        Ok(file) => file,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    match mended(app, asking, &of_form(asking, &file)) {
        Ok(_) => answer::onward("/imports"),
        Err(why) if why.kind == TroubleKind::Asked => drawn(app, asking, &file, Some(super::forms::told(&why))),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
