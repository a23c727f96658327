//! Leads: found by a filter or an id, the newest first.

use axum::http::StatusCode;
use desk::View;
use maud::{Markup, html};

use super::forms::{Field, Wrong, choice, own, summary};
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::people;
use crate::scope::{self, Scope};
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

fn asked(asking: &Asking, scope: &Scope) -> Result<LeadsAsked, Trouble> {
    let text = |name| asking.asked(name).unwrap_or("").to_owned();
    let owners = scope.of_list(asking.asked("owner"))?;
    Ok(LeadsAsked { filter: text("where"), stage: text("stage"), owners, after: text("after"), most: MOST })
}

/// The leads that are asked for, for whoever may see them; reads of other people's are noted.
pub fn found(app: &App, asking: &Asking) -> Result<LeadsPage, Trouble> {
    let scope = scope::asked(app, asking.viewer.as_ref())?;
    let asked = asked(asking, &scope)?;
    if asked.owners.as_ref().is_some_and(Vec::is_empty) {
        return Ok(LeadsPage::default());
    }
    if let Some(viewer) = asking.viewer.as_ref().filter(|_| !scope.is_restricted) {
        app.note(&viewer.user.name, "read_leads", &asking.address, &asking.client);
    }
    let mut page = app.source.leads(&asked)?;
    page.leads.iter_mut().filter(|l| !scope.may_name(&l.owner)).for_each(|l| l.owner.clear());
    Ok(page)
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
    if let Some(file) = listing::as_file(app, asking, "leads", &listed(&page)).filter(|_| wrong.is_empty()) {
        return file;
    }
    let names = scope::asked(app, asking.viewer.as_ref()).is_ok_and(|scope| scope.names_any());
    let given = |name| asking.asked(name).unwrap_or("");
    let query = query(asking);
    let next = format!("{PLACE}?{query}{}after={}", if query.is_empty() { "" } else { "&" }, encoded(&page.next));
    let views = match &asking.viewer {
        Some(viewer) => match app.desk.views(&viewer.user.name) {
            Ok(views) => views,
            Err(error) => return trouble::page(app, asking, PLACE, &super::of(&error)),
        },
        None => Vec::new(),
    };
    let body = html! {
        (summary(&wrong))
        (kept(asking, &views, &query))
        section.panel {
            h2 { "Find" }
            form method="get" action=(PLACE) {
                (Field {
                    name: "where", label: "Which leads", kind: "text", value: given("where"), complete: "off", wide: true,
                    hint: "Such as: source = Webinar and created in 2026Q3. Values as they are recorded.",
                }.draw(&wrong))
                (choice("stage", "Where they stand", &STAGES, given("stage")))
                @if names {
                    (Field { name: "owner", label: "Owner", hint: "By the id in the CRM", kind: "text", value: given("owner"), complete: "off", wide: false }.draw(&Wrong::new()))
                }
                div.go { button.primary type="submit" { "Show them" } }
            }
        }
        section.panel {
            h2 { @if given("after").is_empty() { "The newest" } @else { "Before those" } }
            (listing::draw(&listed(&page)))
            @if !page.next.is_empty() { div.go { a.btn href=(next) { "The next " (MOST) } } }
        }
    };
    let tools = html! {
        @if !page.leads.is_empty() { (listing::saves(asking)) }
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

/// The question of a list as the end of its address, wherever its page begins.
fn query(asking: &Asking) -> String {
    let given = |name: &str| Some(format!("{name}={}", encoded(asking.asked(name)?)));
    ["where", "stage", "owner"].into_iter().filter_map(given).collect::<Vec<_>>().join("&")
}

/// Views that its reader kept, and the form that keeps this one.
fn kept(asking: &Asking, views: &[View], query: &str) -> Markup {
    let may_keep = !query.is_empty() && views.iter().all(|v| v.query != query);
    html! {
        @if !views.is_empty() || may_keep {
            section.panel {
                h2 { "Your views" }
                @if !views.is_empty() {
                    ul.views {
                        @for view in views {
                            li {
                                a href={ (PLACE) "?" (view.query) } aria-current=[(view.query == query).then_some("page")] { (view.name) }
                                form method="post" action="/leads/views" {
                                    (own(asking))
                                    input type="hidden" name="drop" value=(view.name);
                                    button.plain type="submit" { "Drop" span.vh { " the view " (view.name) } }
                                }
                            }
                        }
                    }
                }
                @if may_keep {
                    form method="post" action="/leads/views" {
                        (own(asking))
                        input type="hidden" name="query" value=(query);
                        (Field { name: "name", label: "Keep what is shown now as", hint: "For yourself alone.", kind: "text", value: "", complete: "off", wide: false }.draw(&Wrong::new()))
                        div.go { button type="submit" { "Keep the view" } }
                    }
                }
            }
        }
    }
}

/// Keeps a view, or drops one.
pub fn view(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    let done = match asking.field("drop") {
        "" => people::keep_view(app, viewer, &asking.fields).map(|view| format!("{PLACE}?{}", view.query)),
        dropped => people::drop_view(app, viewer, dropped).map(|_| PLACE.to_owned()),
    };
    match done {
        Ok(place) => answer::onward(&place),
        Err(why) => trouble::page(app, asking, PLACE, &why.into()),
    }
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
