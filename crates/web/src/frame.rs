//! The frame around every page: where one is, where else one can go, and who is signed in.

use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use crate::access::{Page, may_open};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::assets;
use crate::serve::Asking;

/// One page: what stands in its frame.
pub struct Framed<'a> {
    pub title: &'a str,
    /// The address of the menu's entry that it belongs to.
    pub place: &'a str,
    /// Small things beside the title: at most three.
    pub tools: Markup,
    pub body: Markup,
}

struct Entry {
    label: &'static str,
    address: &'static str,
    page: Page,
}

const fn entry(label: &'static str, address: &'static str, page: Page) -> Entry {
    Entry { label, address, page }
}

const MENU: [(&str, &[Entry]); 4] = [
    (
        "Understand",
        &[
            entry("Verdict", "/reports/verdict", Page::Report),
            entry("Funnel", "/reports/funnel", Page::Report),
            entry("Lead quality", "/reports/quality", Page::Report),
            entry("Effect of speed", "/reports/followup", Page::Report),
            entry("Claims", "/claims", Page::Claims),
        ],
    ),
    (
        "Act",
        &[
            entry("Follow-up", "/clocks", Page::Clocks),
            entry("Leads", "/leads", Page::Leads),
            entry("Huddle", "/huddle", Page::Huddle),
            entry("Disputes", "/disputes", Page::Disputes),
        ],
    ),
    (
        "Agree",
        &[
            entry("Agreement", "/agreement", Page::Agreement),
            entry("Scorecard", "/reports/scorecard", Page::Report),
            entry("Scoring", "/reports/scoring", Page::Report),
            entry("The bar", "/reports/capacity", Page::Report),
            entry("Goal", "/reports/goal", Page::Report),
        ],
    ),
    (
        "Records",
        &[
            entry("Ledger", "/ledger", Page::Ledger),
            entry("Imports", "/imports", Page::Imports),
            entry("Rejects", "/ledger/rejects", Page::Rejects),
            entry("Users", "/users", Page::Users),
            entry("Settings", "/settings", Page::Settings),
            entry("Audit log", "/audit", Page::Audit),
            entry("API", "/api", Page::ApiGuide),
            entry("Glossary", "/glossary", Page::Glossary),
        ],
    ),
];

/// The four places that stand at the bottom of a phone.
fn tabs(asking: &Asking) -> [(&'static str, &'static str); 4] {
    let may_rows = asking.viewer.as_ref().is_some_and(|v| may_open(Page::Clocks, Some(v.user.role)));
    let second = if may_rows { ("Follow-up", "/clocks") } else { ("Funnel", "/reports/funnel") };
    [("Verdict", "/reports/verdict"), second, ("Agreement", "/agreement"), ("Menu", "#menu")]
}

/// A page with its frame.
pub fn framed(app: &App, asking: &Asking, status: StatusCode, framed: Framed<'_>) -> Answer {
    let Framed { title, place, tools, body } = framed;
    let role = asking.viewer.as_ref().map(|v| v.user.role);
    let here = |address: &str| (address == place).then_some("page");
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(title))
            body.shell data-seen=(asking.seen) {
                a.skip href="#main" { "Skip to the page" }
                div.page {
                    main #main {
                        header.head {
                            h1 { (title) }
                            div.tools { (tools) }
                        }
                        p.done #newer hidden { "There are newer records than this page shows. " a href=(asking.address) { "Show them" } }
                        (body)
                        p.vh #say role="status" {}
                    }
                }
                nav.side #menu aria-label="All pages" {
                    p.brand { (brand()) "Lockstep" }
                    @for (group, entries) in MENU {
                        @let seen: Vec<&Entry> = entries.iter().filter(|e| may_open(e.page, role)).collect();
                        @if !seen.is_empty() {
                            h2 { (group) }
                            ul { @for e in seen { li { a href=(e.address) aria-current=[here(e.address)] { (e.label) } } } }
                        }
                    }
                    @if let Some(viewer) = &asking.viewer {
                        div.me {
                            @if !app.settings.company.is_empty() { p { (app.settings.company) } }
                            p { a href="/me" aria-current=[here("/me")] { (viewer.user.label) } ", " (role_words(viewer.user.role.word())) }
                            form method="post" action="/sign-out" {
                                input type="hidden" name="form" value=(viewer.form_token);
                                button.plain type="submit" { "Sign out" }
                            }
                        }
                    }
                }
                nav.tabs aria-label="Main pages" {
                    @for (label, address) in tabs(asking) { a href=(address) aria-current=[here(address)] { (label) } }
                }
                (keys())
            }
        }
    };
    answer::page(status, page.into_string())
}

/// A part of a page that follows what happens; `is_live` where the page stands as it was asked for, not over a form that was sent.
pub fn live(is_live: bool, body: &Markup) -> Markup {
    html! { div data-live[is_live] { (body) } }
}

/// What keys do, for whoever presses `?`.
fn keys() -> Markup {
    const KEYS: [(&str, &str); 6] = [
        ("J", "next row of the queue"),
        ("K", "row before"),
        ("C", "log a call about the row"),
        ("L", "open the lead of the row"),
        ("/", "find"),
        ("?", "this list"),
    ];
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { "Keys" }
            dl.keys { @for (key, does) in KEYS { div { dt { kbd { (key) } } dd { (does) } } } }
            form method="dialog" {
                div.choice { input #keys-on type="checkbox" checked; label for="keys-on" { "Keys do this when nothing is being typed" } }
                div.go { button type="submit" { "Close" } }
            }
        }
    }
}

/// A page without a menu: for whoever is not signed in.
pub fn bare(title: &str, body: &Markup, status: StatusCode) -> Answer {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(title))
            body.bare {
                main #main {
                    p.brand { (brand()) "Lockstep" }
                    (body)
                }
            }
        }
    };
    answer::page(status, page.into_string())
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · Lockstep" }
            link rel="stylesheet" href=(assets::style());
            script src=(assets::script()) defer {}
        }
    }
}

/// A role in words.
pub fn role_words(word: &str) -> String {
    match word {
        "ceo" => "CEO".to_owned(),
        "revops" => "RevOps".to_owned(),
        other => other.replace('_', " "),
    }
}

fn brand() -> Markup {
    html! {
        svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true" {
            rect x="0" y="0" width="4.5" height="14" {}
            rect x="6" y="0" width="4.5" height="14" {}
            rect x="12.5" y="0" width="1.5" height="14" {}
        }
    }
}
