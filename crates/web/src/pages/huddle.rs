//! The huddle: what both teams speak about, and what they decided. The same page for both.

use axum::http::StatusCode;
use desk::Role;
use maud::html;

use super::forms::{Field, Wrong, own};
use super::{clocks, lead, trouble};
use crate::access::{Page, may_open};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, live};
use crate::scope;
use crate::serve::Asking;
use crate::source::{Said, Trouble, TroubleKind};

const PLACE: &str = "/huddle";

pub fn page(app: &App, asking: &Asking) -> Answer {
    let huddle = match app.source.huddle() {
        Ok(huddle) => huddle,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let role = asking.viewer.as_ref().map(|v| v.user.role);
    let may_decide = role.is_some_and(leads_a_team);
    let may_debrief = may_open(Page::HuddlePost, role);
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
                    input type="hidden" name="kind" value="decision";
                    (lead::sentence("words", "Who does what until when", "", &Wrong::new()))
                    div.go { button.primary type="submit" { "Keep it" } }
                }
            }
        }
        @if may_debrief {
            section.panel #debrief {
                h2 { "Debrief from the field" }
                p.hint { "What you heard that the other team should know: why a deal was lost, what a lead asked for, which content helped." }
                form method="post" action=(PLACE) {
                    (own(asking))
                    input type="hidden" name="kind" value="debrief";
                    (Field { name: "lead", label: "About which lead, if one", hint: "Its id in the CRM.", kind: "text", value: asking.asked("lead").unwrap_or(""), complete: "off", wide: false }.draw(&Wrong::new()))
                    div.field {
                        label for="heard" { "What you heard" }
                        textarea.wide id="heard" name="words" rows="4" maxlength="500" data-draft="debrief" required { }
                    }
                    div.go { button type="submit" { "Tell both teams" } }
                }
            }
        }
        @if !huddle.decided.is_empty() {
            section.panel { h2 { "Decided and heard before" } (lead::said(&huddle.decided)) }
        }
    };
    let body = live(true, &body);
    framed(app, asking, StatusCode::OK, Framed { title: "Huddle", place: PLACE, tools: html! {}, body })
}

/// Keeps a decision, of whoever leads a team, or a debrief, of whoever is in one; a debrief about a lead of whoever may see it.
pub fn kept(app: &App, asking: &Asking, kind: &str, lead: &str, words: &str) -> Result<(), Trouble> {
    let refuse = |code: &str, message: &str| Trouble {
        kind: TroubleKind::Asked,
        code: code.to_owned(),
        message: message.to_owned(),
        hint: None,
    };
    let viewer = asking.viewer.as_ref().ok_or_else(|| refuse("not_yours", "nobody is signed in"))?;
    let lead = lead.trim();
    match kind {
        "" | "decision" if leads_a_team(viewer.user.role) => {
            app.source.note(Said::DECIDED, "", words, &viewer.by())?;
            app.note(&viewer.user.name, "decided", "huddle", &asking.client);
        }
        "" | "decision" => return Err(refuse("not_yours", "whoever leads a team keeps what was decided")),
        "debrief" => {
            if !lead.is_empty() && !scope::of(app, viewer)?.may_see(&app.source.lead(lead)?.owner) {
                return Err(refuse("unknown_lead", "no lead of yours has this id"));
            }
            app.source.note(Said::DEBRIEF, lead, words, &viewer.by())?;
            app.note(&viewer.user.name, "debriefed", lead, &asking.client);
        }
        _ => return Err(refuse("bad_body", "`kind`: expected decision or debrief")),
    }
    Ok(())
}

const fn leads_a_team(role: Role) -> bool {
    matches!(role, Role::SalesLead | Role::MarketingLead)
}

/// Keeps what a form says.
pub fn decide(app: &App, asking: &Asking) -> Answer {
    match kept(app, asking, asking.field("kind"), asking.field("lead"), asking.field("words")) {
        Ok(()) => answer::onward("/huddle?done=1"),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
