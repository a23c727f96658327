//! What programs can ask for, to be read by people.

use axum::http::StatusCode;
use maud::html;

use super::listing;
use crate::answer::Answer;
use crate::api;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;
use crate::source::{Listing, Text};

pub fn page(app: &App, asking: &Asking) -> Answer {
    let rows = api::routes()
        .map(|(route, what)| {
            let (means, query) = api::said(what);
            let names: Vec<&str> = query.iter().map(|(name, _)| *name).collect();
            [format!("{} {}", if route.posts { "POST" } else { "GET" }, route.path), means.to_owned(), names.join(", ")]
                .map(Text::from)
                .to_vec()
        })
        .collect();
    let list = Listing {
        title: "What can be asked".to_owned(),
        heads: ["Address", "What it gives", "Query"].map(str::to_owned).to_vec(),
        rows,
        note: String::new(),
    };
    let body = html! {
        section.panel {
            h2 { "For programs" }
            p.hint {
                "The same answers as JSON, described in "
                a href="/api/v1/openapi.json" { "one OpenAPI document" }
                ". A program sends " code { "Authorization: Bearer TOKEN" } " and may read what the token's user may. "
                code { "lockstep user token NAME --label nightly" } " makes one. What is no answer is "
                code { "{\"error\": {\"code\", \"message\", \"hint\"}}" } "."
            }
            (listing::draw(&list))
        }
    };
    framed(app, asking, StatusCode::OK, Framed { title: "API", place: "/api", tools: html! {}, body })
}
