//! One lead: its score as a sum of rules, and what happened to it with the row of each.

use axum::http::StatusCode;
use maud::html;

use super::{listing, trouble};
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;
use crate::source::{Listing, Text, Trouble, TroubleKind};

pub fn page(app: &App, asking: &Asking) -> Answer {
    let id = asking.part("id");
    let lead = match app.source.lead(id) {
        Ok(lead) => lead,
        Err(why) => return trouble::page(app, asking, "/clocks", &why),
    };
    if let Some(viewer) = &asking.viewer {
        // of somebody else's lead a rep learns no more than of none
        if viewer.own_leads_only().is_some_and(|own| own.is_empty() || own != lead.owner) {
            app.note(&viewer.user.name, "not_allowed", &format!("lead {id}"), &asking.client);
            let why = Trouble {
                kind: TroubleKind::Missing,
                code: "unknown_lead".to_owned(),
                message: format!("`{id}`: no lead of yours has this id"),
                hint: None,
            };
            return trouble::page(app, asking, "/clocks", &why);
        }
        app.note(&viewer.user.name, "read_lead", id, &asking.client);
    }
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
