//! Writing the next version of the agreement: the text, what it changes, what it would have changed, and putting it forward.

use axum::http::StatusCode;
use maud::{Markup, PreEscaped, html};

use super::forms::{Area, Wrong, own, summary};
use super::trouble;
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;
use crate::source::{CheckedText, Trouble, TroubleKind};

const PLACE: &str = "/agreement";

pub fn form(app: &App, asking: &Asking) -> Answer {
    match app.source.agreement_text(asking.asked("from")) {
        Ok(text) => drawn(app, asking, &text, &Wrong::new(), &html! {}),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

pub fn act(app: &App, asking: &Asking) -> Answer {
    let text = asking.field("text");
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    let shown = match asking.field("act") {
        "propose" => match app.source.propose(text, &viewer.by()) {
            Ok(number) => {
                app.note(&viewer.user.name, "proposed", &format!("version {number}"), &asking.client);
                return answer::onward("/agreement?done=proposed");
            }
            Err(why) => Err(why),
        },
        "preview" => app.source.preview_agreement(text).map(|report| {
            html! { section.panel { h2 { "Replayed on your own last year" } (PreEscaped(faces::fragment(&report, None))) } }
        }),
        _ => app.source.check_agreement(text).map(|checked| told(&checked)),
    };
    match shown {
        Ok(shown) => drawn(app, asking, text, &Wrong::new(), &shown),
        Err(why) if why.kind == TroubleKind::Asked => drawn(app, asking, text, &vec![("text", words(&why))], &html! {}),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

fn words(why: &Trouble) -> String {
    super::forms::told(why)
}

/// What a text changes, and what in it is doubtful.
fn told(checked: &CheckedText) -> Markup {
    html! {
        section.panel {
            h2 { "What it changes" }
            p.hint {
                @match checked.before { Some(n) => { "Against version " (n) ", in force." } None => { "Nothing is in force yet, so all of it is new." } }
                " Its hash is " code { (checked.hash) }
            }
            @if checked.changes.is_empty() {
                @if checked.before.is_some() { p.nothing { "Nothing: both say the same." } }
            } @else {
                ul.changes { @for change in &checked.changes { li { (change) } } }
            }
            @if !checked.doubts.is_empty() {
                h3 { "What is doubtful in it" }
                ul.changes { @for doubt in &checked.doubts { li { (doubt) } } }
            }
            details { summary { "As it reads aloud" } pre.doc tabindex="0" role="region" aria-label="The text as it reads aloud" { (checked.read_aloud) } }
        }
    }
}

fn drawn(app: &App, asking: &Asking, text: &str, wrong: &Wrong, shown: &Markup) -> Answer {
    let said = wrong.first().map(|(_, words)| words.as_str());
    let body = html! {
        (summary(wrong))
        (shown)
        section.panel {
            h2 { "The text" }
            p.hint { "Comments stay. First see what it changes and what it would have changed; it holds only when both teams have signed it." }
            form method="post" action="/agreement/new" {
                (own(asking))
                (Area { id: "text", name: "text", label: "The agreement", rows: 28, value: text }.draw(said))
                div.go.row {
                    button type="submit" name="act" value="check" { "See what it changes" }
                    button type="submit" name="act" value="preview" { "Replay it on the last year" }
                    button.primary type="submit" name="act" value="propose" { "Propose it" }
                }
            }
        }
    };
    let (title, status) = match wrong.is_empty() {
        true => ("Propose a change", StatusCode::OK),
        false => ("Error: Propose a change", StatusCode::UNPROCESSABLE_ENTITY),
    };
    let tools = html! { a.btn href="/agreement" { "Back" } };
    framed(app, asking, status, Framed { title, place: PLACE, tools, body })
}
