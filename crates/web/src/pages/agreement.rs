//! The agreement: what is in force, what is proposed, who has signed, and the versions before.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::trouble;
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;
use crate::source::{Standing, VersionLine};

const PLACE: &str = "/agreement";

pub fn page(app: &App, asking: &Asking) -> Answer {
    let all = match app.source.agreements() {
        Ok(all) => all,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let of = |standing: Standing| all.iter().filter(move |v| v.standing == standing);
    let in_force = of(Standing::InForce).next();
    let open: Vec<&VersionLine> = of(Standing::Proposed).chain(of(Standing::Agreed)).collect();
    let past: Vec<&VersionLine> = of(Standing::Past).chain(of(Standing::Declined)).collect();
    let body = html! {
        p.lead {
            @match (in_force, open.first()) {
                (Some(v), None) => { "Version " (v.number) " is in force, signed by all." }
                (Some(v), Some(next)) => { "Version " (v.number) " is in force; version " (next.number) " is proposed." }
                (None, Some(next)) => { "Nothing is in force yet; version " (next.number) " is proposed." }
                (None, None) => { "Nothing is agreed yet." }
            }
        }
        @if all.is_empty() {
            p.nothing.outside { "A first text can be drafted from the company's own history: " code { "lockstep agreement new --from-data agreement.toml" } }
        }
        @for v in open { (version("Proposed", v, false)) }
        @if let Some(v) = in_force { (version("In force", v, true)) }
        @for v in past { (version("Before", v, false)) }
    };
    framed(app, asking, StatusCode::OK, Framed { title: "Agreement", place: PLACE, tools: html! {}, body })
}

fn version(title: &str, v: &VersionLine, open: bool) -> Markup {
    html! {
        section.panel {
            h2 { (title) ": version " (v.number) }
            p.hint { (v.state) " Hash " code { (v.hash) } }
            table.rows role="table" {
                caption.vh { "Signatures of version " (v.number) }
                thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { "Whose signature" } th scope="col" role="columnheader" { "Given" } } }
                tbody role="rowgroup" {
                    @for s in &v.signatures {
                        tr role="row" {
                            th scope="row" role="rowheader" { (s.party) }
                            td role="cell" data-label="Given" { span { @if s.given.is_empty() { "not yet" } @else { (s.given) } } }
                        }
                    }
                }
            }
            details open[open] { summary { "The text" } pre.doc tabindex="0" role="region" aria-label={ "The text of version " (v.number) } { (v.text) } }
        }
    }
}
