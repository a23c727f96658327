//! Leads: found by a filter or an id, the newest first.

use axum::http::StatusCode;
use maud::html;

use super::forms::{Field, Wrong, choice, summary};
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{LeadLine, LeadsAsked, LeadsPage, Listing, Text, Trouble, TroubleKind};

const PLACE: &str = "/leads";

/// Leads of a page.
const MOST: usize = 50;

const STAGES: [(&str, &str); 11] = [
    ("", "any"),
    ("inquiry", "inquiry"),
    ("mql", "MQL"),
    ("sal", "SAL"),
    ("sql", "SQL"),
    ("opportunity", "opportunity"),
    ("closed_won", "won"),
    ("closed_lost", "lost"),
    ("rejected", "rejected"),
    ("recycled", "recycled"),
    ("disqualified", "disqualified"),
];

fn asked(asking: &Asking) -> LeadsAsked {
    let text = |name| asking.asked(name).unwrap_or("").to_owned();
    let own = asking.viewer.as_ref().and_then(|v| v.own_leads_only());
    LeadsAsked {
        filter: text("where"),
        stage: text("stage"),
        owner: own.map_or_else(|| text("owner"), str::to_owned),
        after: text("after"),
        most: MOST,
    }
}

/// The leads that are asked for, for whoever may see them; reads of other people's are noted.
pub fn found(app: &App, asking: &Asking) -> Result<LeadsPage, Trouble> {
    let asked = asked(asking);
    if let Some(viewer) = &asking.viewer {
        if viewer.own_leads_only() == Some("") {
            return Ok(LeadsPage::default());
        }
        if viewer.own_leads_only().is_none() {
            app.note(&viewer.user.name, "read_leads", &asking.address, &asking.client);
        }
    }
    app.source.leads(&asked)
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    // an id leads to its lead
    if let Some(id) = asking.asked("id") {
        return answer::onward(&format!("/leads/{}", encoded(id)));
    }
    let (page, wrong) = match found(app, asking) {
        Ok(page) => (page, Wrong::new()),
        Err(why) if why.kind == TroubleKind::Asked => (LeadsPage::default(), vec![("where", super::forms::told(&why))]),
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let (is_file, address) = listing::as_file(asking);
    if is_file && wrong.is_empty() {
        return listing::file("leads", &listed(&page));
    }
    let asked = asked(asking);
    let is_own = asking.viewer.as_ref().is_some_and(|v| v.own_leads_only().is_some());
    let mut next = format!("{PLACE}?");
    let owner = if is_own { "" } else { asked.owner.as_str() };
    let parts = [("where", asked.filter.as_str()), ("stage", &asked.stage), ("owner", owner), ("after", &page.next)];
    let parts: Vec<String> =
        parts.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", encoded(v))).collect();
    next.push_str(&parts.join("&"));
    let body = html! {
        (summary(&wrong))
        section.panel {
            h2 { "Find" }
            form method="get" action=(PLACE) {
                (Field {
                    name: "where", label: "Which leads", kind: "text", value: &asked.filter, complete: "off", wide: true,
                    hint: "Such as: source = Webinar and created in 2026Q3. Values as they are recorded.",
                }.draw(&wrong))
                (choice("stage", "Where they stand", &STAGES, &asked.stage))
                @if !is_own {
                    (Field { name: "owner", label: "Owner", hint: "By the id in the CRM", kind: "text", value: &asked.owner, complete: "off", wide: false }.draw(&Wrong::new()))
                }
                div.go { button.primary type="submit" { "Show them" } }
            }
        }
        section.panel {
            h2 { @if asked.after.is_empty() { "The newest" } @else { "Before those" } }
            (listing::draw(&listed(&page)))
            @if !page.leads.is_empty() { p.note { a href=(address) { "These as CSV" } } }
            @if !page.next.is_empty() { div.go { a.btn href=(next) { "The next " (MOST) } } }
        }
    };
    let tools = html! {
        form method="get" action=(PLACE) {
            label.vh for="id" { "Id of a lead" }
            input id="id" name="id" size="20" placeholder="id of a lead" autocomplete="off";
            button type="submit" { "Open" }
        }
    };
    let (title, status) = match wrong.is_empty() {
        true => ("Leads", StatusCode::OK),
        false => ("Error: Leads", StatusCode::UNPROCESSABLE_ENTITY),
    };
    framed(app, asking, status, Framed { title, place: PLACE, tools, body })
}

fn listed(page: &LeadsPage) -> Listing {
    let row = |l: &LeadLine| -> Vec<Text> {
        let link = Some(format!("{PLACE}/{}", encoded(&l.id)));
        let mut out = vec![Text { words: l.id.clone(), link }];
        let stage = STAGES.iter().find(|(word, _)| *word == l.stage).map_or("", |(_, words)| words);
        let stage = if l.stage.is_empty() { "" } else { stage };
        out.extend([l.created.as_str(), stage, &l.source, &l.segment, &l.owner, &l.tried].map(Text::from));
        out
    };
    Listing {
        title: "Leads".to_owned(),
        heads: ["Lead", "Created (UTC)", "Stands at", "Source", "Segment", "Owner", "First tried"]
            .map(str::to_owned)
            .to_vec(),
        rows: page.leads.iter().map(row).collect(),
        note: match (page.leads.is_empty(), page.undated) {
            (true, 0) => "None fits.".to_owned(),
            (_, 0) => String::new(),
            (_, n) => format!("{n} more fit, of which no time is known: they stand in no list by time."),
        },
    }
}
