//! Settings of the company: fiscal year, currency, time zone, own domains.

use axum::http::StatusCode;
use maud::html;

use super::forms::{Wrong, own, sentence, summary};
use super::trouble;
use crate::access::{Page, may_open};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;
use crate::source::TroubleKind;

const PLACE: &str = "/settings";

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, None)
}

/// The page; `wrong`: what is wrong with the value that was typed.
fn drawn(app: &App, asking: &Asking, wrong: Option<String>) -> Answer {
    let all = match app.source.settings() {
        Ok(all) => all,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let role = asking.viewer.as_ref().map(|v| v.user.role);
    let may_set = may_open(Page::SettingPost, role);
    let typed = asking.field("name");
    let told: Wrong = wrong.iter().map(|words| ("value", words.clone())).collect();
    let body = html! {
        (summary(&told))
        @if asking.asked("done").is_some() { p.done role="status" { "Set. Reports are worked out anew where they rest on it." } }
        @for setting in &all {
            @let is_wrong = wrong.is_some() && setting.name == typed;
            @let id = if is_wrong { "value".to_owned() } else { format!("v-{}", setting.name) };
            section.panel {
                h2 { (setting.name.replace('_', " ")) }
                p.hint { (setting.expects) }
                @if may_set {
                    form method="post" action=(PLACE) {
                        (own(asking))
                        input type="hidden" name="name" value=(setting.name);
                        div.field {
                            label.vh for=(id) { (setting.name.replace('_', " ")) }
                            @if let (true, Some(words)) = (is_wrong, &wrong) { span.wrong id="value-wrong" { span.vh { "Error: " } (words) } }
                            input id=(id) name="value" type="text" autocomplete="off" value=(if is_wrong { asking.field("value") } else { &setting.value })
                                aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some("value-wrong")];
                        }
                        div.go { button type="submit" { "Set it" } }
                    }
                } @else {
                    p { @if setting.value.is_empty() { "not set" } @else { (setting.value) } }
                }
            }
        }
    };
    let body = html! {
        (body)
        section.panel {
            h2 { "Kept elsewhere" }
            ul.changes {
                li { "Working hours, holidays and offices stand in " a href="/agreement" { "the agreement" } ": both teams sign them." }
                @if may_open(Page::Users, role) { li { "People, their roles, who manages whom, and their tokens: " a href="/users" { "users" } "." } }
                li { "Tokens of your own: " a href="/me" { "your sign-in" } "." }
            }
        }
    };
    let (title, status) = match wrong {
        None => ("Settings", StatusCode::OK),
        Some(_) => ("Error: Settings", StatusCode::UNPROCESSABLE_ENTITY),
    };
    framed(app, asking, status, Framed { title, place: PLACE, tools: html! {}, body })
}

pub fn set(app: &App, asking: &Asking) -> Answer {
    let (name, value) = (asking.field("name"), asking.field("value").trim());
    match app.source.set(name, value) {
        Ok(()) => {
            if let Some(viewer) = &asking.viewer {
                app.note(&viewer.user.name, "set", &format!("{name} {value}"), &asking.client);
            }
            answer::onward("/settings?done=1")
        }
        Err(why) if why.kind == TroubleKind::Asked => drawn(app, asking, Some(sentence(&why.message))),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
