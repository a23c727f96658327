//! One lead: its score as a sum of rules, and what happened to it with the row of each.

use axum::http::StatusCode;
use maud::html;

use super::{listing, trouble};
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;
use crate::source::{LeadPage, Listing, Text, Trouble, TroubleKind};

/// The lead that is asked for, for whoever may see it; the read is noted.
pub fn found(app: &App, asking: &Asking) -> Result<LeadPage, Trouble> {
    let id = asking.part("id");
    let lead = app.source.lead(id)?;
    if let Some(viewer) = &asking.viewer {
        // of somebody else's lead a rep learns no more than of none
        if viewer.own_leads_only().is_some_and(|own| own.is_empty() || own != lead.owner) {
            app.note(&viewer.user.name, "not_allowed", &format!("lead {id}"), &asking.client);
            return Err(Trouble {
                kind: TroubleKind::Missing,
                code: "unknown_lead".to_owned(),
                message: format!("`{id}`: no lead of yours has this id"),
                hint: None,
            });
        }
        app.note(&viewer.user.name, "read_lead", id, &asking.client);
    }
    Ok(lead)
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    let lead = match found(app, asking) {
        Ok(lead) => lead,
        Err(why) => return trouble::page(app, asking, "/clocks", &why),
    };
    let rows = lead
        .lines
        .iter()
        .map(|l| [&l.when, &l.what, &l.effect, &l.place].map(|text| Text::from(text.clone())).to_vec())
        .collect();
    let history = Listing {
        title: "What happened".to_owned(),
        heads: ["When (UTC)", "What happened", "What it did to the facts", "Row"].map(str::to_owned).to_vec(),
        rows,
        note: "The row is that of the export as it was imported: file and line.".to_owned(),
    };
    let body = html! {
        @if let Some(score) = &lead.score { section.panel { h2 { "Its score, rule by rule" } (listing::draw(score)) } }
        section.panel { h2 { "What happened" } (listing::draw(&history)) }
    };
    let title = format!("Lead {}", lead.id);
    framed(app, asking, StatusCode::OK, Framed { title: &title, place: "/clocks", tools: html! {}, body })
}
