//! The huddle: what both teams speak about, and what they decided. The same page for both.

use axum::http::StatusCode;
use maud::html;

use super::forms::{Wrong, own};
use super::{clocks, lead, trouble};
use crate::access::{Page, ROUTES};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, live};
use crate::serve::Asking;

const PLACE: &str = "/huddle";

pub fn page(app: &App, asking: &Asking) -> Answer {
    let huddle = match app.source.huddle() {
        Ok(huddle) => huddle,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let role = asking.viewer.as_ref().map(|v| v.user.role);
    let may_decide = ROUTES.iter().any(|r| r.page == Page::HuddlePost && r.who.may(role));
    let body = html! {
        @if asking.asked("done").is_some() { p.done role="status" { "Kept." } }
        section.panel #agenda {
            h2 { "To speak about" }
            @if huddle.items.is_empty() {
                p.nothing { "Nothing waits: no clock is late, nothing is contested, nobody owes a signature." }
            } @else {
                ol.agenda {
                    @for item in &huddle.items {
                        li {
                            a href=(item.link) { (item.what) } " "
                            @if item.team == "leadership" { span.side-mark { "Leadership" } } @else { (clocks::team(&item.team)) }
                        }
                    }
                }
                p.note { "From the ledger, at most seven things, the same for both teams." }
            }
        }
        @if may_decide {
            section.panel {
                h2 { "What you decide" }
                form method="post" action=(PLACE) {
                    (own(asking))
                    (lead::sentence("words", "Who does what until when", "", &Wrong::new()))
                    div.go { button.primary type="submit" { "Keep it" } }
                }
            }
        }
        @if !huddle.decided.is_empty() {
            section.panel { h2 { "Decided before" } (lead::said(&huddle.decided)) }
        }
    };
    let body = live(true, &body);
    framed(app, asking, StatusCode::OK, Framed { title: "Huddle", place: PLACE, tools: html! {}, body })
}

pub fn decide(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    match app.source.decide(asking.field("words"), &viewer.by()) {
        Ok(()) => answer::onward("/huddle?done=1"),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
