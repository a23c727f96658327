//! Claims: the form, the result, and what either team saved.

use axum::http::StatusCode;
use maud::{PreEscaped, html};

use super::forms::{Field, Wrong, choice};
use super::{listing, trouble};
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{ClaimAsked, Listing, SavedLine, Text, Trouble, TroubleKind};

const PLACE: &str = "/claims";

/// The claim that stands in the address.
pub fn asked(asking: &Asking) -> ClaimAsked {
    let of = |name: &str| asking.asked(name).unwrap_or("").to_owned();
    ClaimAsked {
        name: of("claim"),
        filter: of("where"),
        metric: of("metric"),
        side: asking.asked("side").unwrap_or("below").to_owned(),
        against: asking.asked("against").unwrap_or("rest").to_owned(),
    }
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    let asked = asked(asking);
    let checked = (!asked.name.is_empty() || !asked.filter.is_empty()).then(|| app.source.claim(&asked));
    let saved = match app.source.claims() {
        Ok(saved) => saved,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let (report, why) = match checked {
        None => (None, None),
        Some(Ok(report)) => (Some(report), None),
        // what cannot be read is said beside the form, which keeps what was typed
        Some(Err(why)) if why.kind == TroubleKind::Asked => (None, Some(why)),
        Some(Err(why)) => return trouble::page(app, asking, PLACE, &why),
    };
    let wrong: Wrong = why
        .iter()
        .map(|w: &Trouble| {
            let hint = w.hint.as_ref().map_or(String::new(), |hint| format!(" To mend it: {hint}."));
            ("where", format!("{}{hint}", super::forms::sentence(&w.message)))
        })
        .collect();
    let metrics = app.source.metrics();
    let metrics: Vec<(&str, String)> = metrics.iter().map(|m| (*m, m.replace('_', " "))).collect();
    let metrics: Vec<(&str, &str)> = metrics.iter().map(|(value, words)| (*value, words.as_str())).collect();
    let form = html! {
        section.panel {
            h2 { "Check a claim" }
            p.hint { "The same form for both teams. What is claimed stands beside all leads, the rest, and chance." }
            (super::forms::summary(&wrong))
            form method="get" action=(PLACE) {
                (Field {
                    name: "where", label: "Of which leads", kind: "text", value: &asked.filter, complete: "off", wide: true,
                    hint: "Such as: source = Webinar and created in 2026Q3",
                }.draw(&wrong))
                (choice("metric", "What is claimed of them", &metrics, &asked.metric))
                (choice("side", "It is", &[("below", "below"), ("above", "above")], &asked.side))
                (Field {
                    name: "against", label: "What with", kind: "text", value: &asked.against, complete: "off", wide: false,
                    hint: "rest, before, or a share such as 20%",
                }.draw(&Wrong::new()))
                div.go { button.primary type="submit" { "Check the claim" } }
            }
        }
    };
    let title = report.as_ref().map_or_else(|| "Claims".to_owned(), |r| r.title.clone());
    let title = if wrong.is_empty() { title } else { format!("Error: {title}") };
    let body = html! {
        @if let Some(report) = &report { (PreEscaped(faces::fragment(report, None))) }
        (form)
        section.panel { h2 { "Saved by either team" } (listing::draw(&listed(&saved))) }
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    framed(app, asking, status, Framed { title: &title, place: PLACE, tools: html! {}, body })
}

fn listed(saved: &[SavedLine]) -> Listing {
    let rows = saved
        .iter()
        .map(|s| {
            let early = if s.is_early { "before its period closed" } else { "after" };
            let name = Text { words: s.name.clone(), link: Some(format!("{PLACE}?claim={}", encoded(&s.name))) };
            vec![name, s.team.clone().into(), s.words.clone().into(), s.saved.clone().into(), early.into()]
        })
        .collect();
    Listing {
        title: "Saved claims".to_owned(),
        heads: ["Claim", "By", "What is claimed", "Saved", "When"].map(str::to_owned).to_vec(),
        rows,
        note: if saved.is_empty() {
            "None yet. `lockstep claim save NAME --where ...` keeps one; saved before its period closes it is tested without the correction for searching.".to_owned()
        } else {
            String::new()
        },
    }
}
