//! Reports: the page of a room, its exports, and the rows behind a figure.

use std::sync::Arc;

use axum::http::StatusCode;
use maud::{Markup, PreEscaped, html};
use report::Report;

use super::forms::{Field, Wrong};
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::few;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{Asked, Paged, Room, Setting, Trouble, TroubleKind};

/// The question that stands in the address.
pub fn asked(asking: &Asking) -> Result<Asked, Trouble> {
    let word = asking.part("room");
    let room = Room::parse(word).ok_or_else(|| Trouble {
        kind: TroubleKind::Missing,
        code: "unknown_room".to_owned(),
        message: format!("`{word}`: there is no report of that name"),
        hint: Some("choose one from the menu".to_owned()),
    })?;
    let of = |setting: &Setting| Some((setting.name, asking.asked(setting.name)?.to_owned()));
    Ok(Asked { room, given: room.settings().iter().filter_map(of).collect() })
}

/// The report that is asked for, as whoever asks may see it.
pub fn found(app: &App, asking: &Asking) -> Result<(Arc<Report>, Asked), Trouble> {
    let asked = asked(asking)?;
    Ok((few::shown(asking, app.source.report(&asked)?), asked))
}

/// The same question as the end of an address.
fn query(asked: &Asked) -> String {
    let pairs: Vec<String> = asked.given.iter().map(|(k, v)| format!("{k}={}", encoded(v))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn place(room: Room) -> String {
    format!("/reports/{}", room.word())
}

/// The page of a report.
pub fn page(app: &App, asking: &Asking) -> Answer {
    let (report, asked) = match found(app, asking) {
        Ok(found) => found,
        Err(why) => {
            return trouble::page(app, asking, &place(Room::parse(asking.part("room")).unwrap_or(Room::Verdict)), &why);
        }
    };
    let (place, query) = (place(asked.room), query(&asked));
    let before = format!("{place}/rows/");
    let rows = few::sees_leads(asking).then_some((before.as_str(), query.as_str()));
    let is_about_time = asked.room.settings().first().is_some_and(|s| s.name == "period");
    let tools = html! {
        @if is_about_time {
            form method="get" action=(place) {
                label.vh for="period" { "Period" }
                input id="period" name="period" size="10" value=(asked.given("period").unwrap_or(&report.provenance.period)) title="A quarter, month, year or range: 2026Q3, 2026-07, 2026-07-01..2026-09-30" data-find;
                @if asked.room.settings().iter().any(|s| s.name == "against") {
                    label.vh for="against" { "Compared with" }
                    select id="against" name="against" {
                        @for (value, words) in AGAINST { option value=(value) selected[asked.given("against").unwrap_or("previous") == value] { (words) } }
                    }
                }
                @if let Some(at) = asked.given("at") { input type="hidden" name="at" value=(at); }
                button type="submit" { "Show" }
            }
        }
        (exports(&place, &query))
    };
    let now = Asked { given: asked.given.iter().filter(|(name, _)| *name != "at").cloned().collect(), ..asked.clone() };
    let body = html! {
        @if asked.given("at").is_some() {
            p.done { "As it was known at batch " (report.provenance.head) ": what was learned since is left out. " a href={ (place) (self::query(&now)) } { "As it is known now" } }
        }
        @if !is_about_time { (what_if(&asked, &place)) }
        (PreEscaped(faces::fragment(&report, rows)))
    };
    framed(app, asking, StatusCode::OK, Framed { title: &title(&report), place: &place, tools, body })
}

/// What the reader of a room can try, as a form whose answer has an address.
fn what_if(asked: &Asked, place: &str) -> Markup {
    html! {
        details.panel.what-if open[!asked.given.is_empty()] {
            summary { @if asked.room == Room::Scoring { "Another outcome" } @else { "Try other numbers" } }
            form method="get" action=(place) {
                div.fields {
                    @for setting in asked.room.settings().iter().filter(|s| s.name != "at" || asked.given("at").is_some()) {
                        (Field { name: setting.name, label: setting.label, hint: setting.hint, kind: "text", value: asked.given(setting.name).unwrap_or(""), complete: "off", wide: false }.draw(&Wrong::new()))
                    }
                }
                div.go.row { button.primary type="submit" { "Show" } @if !asked.given.is_empty() { a.btn href=(place) { "As measured" } } }
            }
        }
    }
}

const AGAINST: [(&str, &str); 3] =
    [("previous", "against the period before"), ("year-ago", "against a year ago"), ("plan", "against the plan")];

fn title(report: &Report) -> String {
    report.title.clone()
}

/// The forms that a report is saved in: word, what it is called, kind.
pub const FORMATS: [(&str, &str, &str); 5] = [
    ("html", "One file", "text/html; charset=utf-8"),
    ("csv", "CSV", "text/csv; charset=utf-8"),
    ("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("json", "JSON", "application/json"),
    ("md", "Markdown", "text/markdown; charset=utf-8"),
];

fn exports(place: &str, query: &str) -> Markup {
    html! {
        details.exports {
            summary { "Save" }
            ul { @for (word, label, _) in FORMATS { li { a href={ (place) "/export/" (word) (query) } { (label) } } } }
        }
    }
}

/// A report as a file, for whoever asks.
pub fn export(app: &App, asking: &Asking) -> Answer {
    match file_of(app, asking) {
        Ok((name, kind, content)) => answer::file(&name, kind, content),
        Err(why) => trouble::page(app, asking, "", &why),
    }
}

/// A report as a file: its name, kind and content. The export is noted.
pub fn file_of(app: &App, asking: &Asking) -> Result<(String, &'static str, Vec<u8>), Trouble> {
    let format = asking.part("format");
    let (word, _, kind) = FORMATS.iter().find(|(word, ..)| *word == format).ok_or_else(|| Trouble {
        kind: TroubleKind::Missing,
        code: "unknown_format".to_owned(),
        message: format!("`{format}`: reports are not saved in that form"),
        hint: Some("choose html, csv, xlsx, json or md".to_owned()),
    })?;
    let (report, asked) = found(app, asking)?;
    if let Some(viewer) = &asking.viewer {
        app.note(&viewer.user.name, "exported", &asking.address, &asking.client);
    }
    let content = match *word {
        "csv" => faces::csv(&report).into_bytes(),
        "json" => faces::json(&report).into_bytes(),
        "md" => faces::markdown(&report).into_bytes(),
        "xlsx" => faces::xlsx(&report).map_err(|why| {
            let code = "workbook".to_owned();
            Trouble { kind: TroubleKind::Ours, code, message: why, hint: None }
        })?,
        _ => faces::html(&report).into_bytes(),
    };
    let period: String =
        report.provenance.period.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    Ok((format!("lockstep-{}-{period}.{word}", asked.room.word()), kind, content))
}

/// Columns of rows by which reps are told apart.
const PERSONAL: [&str; 3] = ["owner", "sdr", "first rep"];

/// The rows that are asked for, for whoever may see them: without whose they are, for who may not tell all owners apart. The
/// read is noted.
pub fn rows_of(app: &App, asking: &Asking) -> Result<(Paged, Asked), Trouble> {
    let asked = asked(asking)?;
    let mut page = app.source.rows(&asked, asking.part("figure"), asking.asked("after").unwrap_or(""))?;
    let rows = &mut page.list;
    if !crate::scope::asked(app, asking.viewer.as_ref())?.names_all() {
        let kept: Vec<bool> = rows.heads.iter().map(|head| !PERSONAL.contains(&head.as_str())).collect();
        let keep = |cells: &mut Vec<_>| {
            let mut places = kept.iter();
            cells.retain(|_| places.next().copied().unwrap_or(true));
        };
        rows.rows.iter_mut().for_each(keep);
        let mut places = kept.iter();
        rows.heads.retain(|_| places.next().copied().unwrap_or(true));
    }
    if let Some(viewer) = &asking.viewer {
        app.note(&viewer.user.name, "read_rows", &asking.address, &asking.client);
    }
    Ok((page, asked))
}

/// The rows behind a figure.
pub fn rows(app: &App, asking: &Asking) -> Answer {
    let figure = asking.part("figure");
    let (Paged { list: rows, next }, asked) = match rows_of(app, asking) {
        Ok(found) => found,
        Err(why) => return trouble::page(app, asking, "", &why),
    };
    let place = place(asked.room);
    if let Some(file) = listing::as_file(app, asking, "rows", &rows) {
        return file;
    }
    let tools = html! {
        (listing::saves(asking))
        a.btn href={ (place) (query(&asked)) "#f-" (figure) } { "Back to the figure" }
    };
    let title = format!("The rows behind {}", rows.title);
    let here = format!("{place}/rows/{}{}", encoded(figure), query(&asked));
    let more = format!("{here}{}after={}", if here.contains('?') { '&' } else { '?' }, encoded(&next));
    let body = html! {
        section.panel {
            (listing::draw(&rows))
            @if !next.is_empty() { div.go { a.btn href=(more) { "The next ones" } } }
        }
        (super::disputes::of_figure(asking, &here))
    };
    framed(app, asking, StatusCode::OK, Framed { title: &title, place: &place, tools, body })
}
