//! Claims: the form, the result, and what either team saved.

use std::sync::Arc;

use axum::http::StatusCode;
use maud::{PreEscaped, html};
use report::Report;
use terms::Team;

use super::forms::{Field, Wrong, choice};
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::few;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{ClaimAsked, Listing, SavedLine, Text, Trouble, TroubleKind};

const PLACE: &str = "/claims";

/// The claim that stands in the address, or in the form that keeps one.
pub fn asked(asking: &Asking) -> ClaimAsked {
    let given = |name: &str| {
        let field = asking.fields.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
        field.or_else(|| asking.asked(name)).map(str::to_owned)
    };
    ClaimAsked {
        name: given("claim").unwrap_or_default(),
        filter: given("where").unwrap_or_default(),
        metric: given("metric").unwrap_or_default(),
        side: given("side").unwrap_or_else(|| "below".to_owned()),
        against: given("against").unwrap_or_else(|| "rest".to_owned()),
    }
}

/// A claim, checked, as whoever asks may see it.
pub fn found(app: &App, asking: &Asking, asked: &ClaimAsked) -> Result<Arc<Report>, Trouble> {
    Ok(few::shown(asking, app.source.claim(asked)?))
}

/// The team that a role speaks for.
fn team(asking: &Asking) -> Option<Team> {
    asking.viewer.as_ref()?.by().team()
}

/// Keeps the claim of the form for the team of whoever sends it.
pub fn save(app: &App, asking: &Asking) -> Answer {
    let (claim, name) = (ClaimAsked { name: String::new(), ..asked(asking) }, asking.field("name").trim());
    let Some(team) = team(asking) else { return trouble::not_allowed(app, asking) };
    match app.source.save_claim(name, &claim, team) {
        Ok(()) => {
            let user = asking.viewer.as_ref().map_or("", |v| v.user.name.as_str());
            app.note(user, "claim_saved", name, &asking.client);
            answer::onward(&format!("{PLACE}?claim={}", encoded(name)))
        }
        Err(why) if why.kind == TroubleKind::Asked => drawn(app, asking, &claim, Some((name, &why))),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, &asked(asking), None)
}

/// The page; `unsaved`: the name under which a claim could not be kept, and why.
fn drawn(app: &App, asking: &Asking, asked: &ClaimAsked, unsaved: Option<(&str, &Trouble)>) -> Answer {
    let checked = (!asked.name.is_empty() || !asked.filter.is_empty()).then(|| found(app, asking, asked));
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
    let words = |w: &Trouble| super::forms::told(w);
    let wrong: Wrong = why.iter().map(|w| ("where", words(w))).collect();
    let not_saved: Wrong = unsaved.iter().map(|(_, w)| ("name", words(w))).collect();
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
    let keep = html! {
        @if let (Some(team), true, true) = (team(asking), asked.name.is_empty(), report.is_some()) {
            section.panel {
                h2 { "Keep this claim" }
                p.hint {
                    "For " (if team == Team::Sales { "Sales" } else { "Marketing" }) ", for good: a kept claim is never changed. "
                    "One that is kept before its period closes is tested without the correction for searching."
                }
                (super::forms::summary(&not_saved))
                form method="post" action=(PLACE) {
                    (super::forms::own(asking))
                    @for (name, value) in [("where", &asked.filter), ("metric", &asked.metric), ("side", &asked.side), ("against", &asked.against)] {
                        input type="hidden" name=(name) value=(value);
                    }
                    (Field {
                        name: "name", label: "Its name", kind: "text", value: unsaved.map_or("", |(name, _)| name), complete: "off", wide: false,
                        hint: "Such as: webinars-q3",
                    }.draw(&not_saved))
                    div.go { button type="submit" { "Keep the claim" } }
                }
            }
        }
    };
    let title = report.as_ref().map_or_else(|| "Claims".to_owned(), |r| r.title.clone());
    let is_fine = wrong.is_empty() && not_saved.is_empty();
    let title = if is_fine { title } else { format!("Error: {title}") };
    let body = html! {
        @if let Some(report) = &report { (PreEscaped(faces::fragment(report, None))) }
        (keep)
        (form)
        section.panel { h2 { "Kept by either team" } (listing::draw(&listed(&saved))) }
    };
    if let Some(file) = listing::as_file(app, asking, "claims", &listed(&saved)) {
        return file;
    }
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    framed(app, asking, status, Framed { title: &title, place: PLACE, tools: listing::saves(asking), body })
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
        title: "Kept claims".to_owned(),
        heads: ["Claim", "By", "What is claimed", "Kept", "When"].map(str::to_owned).to_vec(),
        rows,
        note: if saved.is_empty() {
            "None yet. Check one above; whoever speaks for a team can keep it then.".to_owned()
        } else {
            String::new()
        },
    }
}
