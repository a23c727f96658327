//! Follow-up: which clocks have run out, which run, and until when.

use axum::http::StatusCode;
use maud::{Markup, html};
use terms::Instant;

use super::trouble;
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::{Asking, encoded};
use crate::source::{Clock, Clocks, Trouble};

const PLACE: &str = "/clocks";

/// Clocks of a group on a page.
const SHOWN: usize = 50;

/// The open clocks that are asked for, for whoever may see them; reads of other people's are noted. `None` for a rep who owns
/// no leads.
pub fn found(app: &App, asking: &Asking) -> Result<Option<Clocks>, Trouble> {
    let own = asking.viewer.as_ref().and_then(|v| v.own_leads_only());
    if own == Some("") {
        return Ok(None);
    }
    let chosen = own.or_else(|| asking.asked("owner"));
    let clocks = app.source.clocks(chosen)?;
    if own.is_none()
        && let Some(viewer) = &asking.viewer
    {
        app.note(&viewer.user.name, "read_clocks", chosen.unwrap_or("all owners"), &asking.client);
    }
    Ok(Some(clocks))
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    let clocks = match found(app, asking) {
        Ok(Some(clocks)) => clocks,
        Ok(None) => {
            let words =
                "Your sign-in names no owner in the CRM, so no leads are yours here. An admin can add one that does.";
            let body = html! { p.lead { (words) } };
            return framed(
                app,
                asking,
                StatusCode::OK,
                Framed { title: "Follow-up", place: PLACE, tools: html! {}, body },
            );
        }
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let is_own = asking.viewer.as_ref().is_some_and(|v| v.own_leads_only().is_some());
    let as_of = clocks.as_of;
    let soon = clocks.running.iter().filter(|c| c.late_from.is_some_and(|at| at - as_of <= 60)).count();
    let body = html! {
        @match &clocks.agreement {
            None => {
                p.lead { "No agreement is in force, so no clock runs." }
                p.nothing.outside { "Clocks are what both teams signed. " a href="/agreement" { "The agreement" } " says where that stands." }
            }
            Some(agreement) => {
                dl.counts {
                    div { dt { "time is over, nothing done" } dd.late[!clocks.late.is_empty()] { (clocks.late.len()) " late" } }
                    div { dt { "within the next hour of the clock" } dd { (soon) " due soon" } }
                    div { dt { "time still runs" } dd { (clocks.running.len()) " running" } }
                }
                (group("Late", "The last to run out first.", &clocks.late, as_of))
                (group("Running", "The next to run out first.", &clocks.running, as_of))
                p.note.outside {
                    "By " (agreement) ". Clocks stand as of " (stamp(as_of)) @if clocks.records_to < as_of { ", now" } "; the records of other systems go to " (stamp(clocks.records_to)) ": what was done since and not logged here or imported is not known. "
                    "A late first attempt stays late; leads are listed by their id in the CRM."
                }
            }
        }
    };
    let tools = html! {
        @if !is_own {
            form method="get" action=(PLACE) {
                label.vh for="owner" { "Owner" }
                input id="owner" name="owner" size="16" placeholder="all owners" value=(asking.asked("owner").unwrap_or(""));
                button type="submit" { "Show" }
            }
        }
    };
    framed(app, asking, StatusCode::OK, Framed { title: "Follow-up", place: PLACE, tools, body })
}

fn group(title: &str, note: &str, clocks: &[Clock], as_of: i64) -> Markup {
    html! {
        section.panel {
            h2 { (title) }
            @if clocks.is_empty() {
                p.nothing { "None." }
            } @else {
                p.hint { (note) @if clocks.len() > SHOWN { " The first " (SHOWN) " of " (clocks.len()) "." } }
                div.scroll role="region" aria-label=(title) tabindex="0" {
                    table.rows.queue role="table" {
                        thead role="rowgroup" { tr role="row" { @for head in ["Clock", "Lead", "What is owed", "By", "Owner", "Since"] { th scope="col" role="columnheader" { (head) } } } }
                        tbody role="rowgroup" {
                            @for c in clocks.iter().take(SHOWN) {
                                tr role="row" {
                                    th scope="row" role="rowheader" { (stands(c, as_of)) }
                                    td role="cell" data-label="Lead" { span { a href={ "/leads/" (encoded(&c.lead)) } { (c.lead) } } }
                                    td role="cell" data-label="What is owed" { span { (c.clause) } }
                                    td role="cell" data-label="By" { span { (team(&c.team)) } }
                                    td.empty[c.owner.is_empty()] role="cell" data-label="Owner" { span { (c.owner) } }
                                    td role="cell" data-label="Since" { span { (stamp(c.started)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How late, or how long still.
pub fn stands(clock: &Clock, as_of: i64) -> Markup {
    html! {
        @match clock.late_from {
            None => { "due in more than a quarter" }
            Some(at) if at <= as_of => { span.late { (span(as_of - at)) " late" } small { "was due " (stamp(at)) } }
            Some(at) => { (span(at - as_of)) " left" small { "due " (stamp(at)) } }
        }
    }
}

pub fn team(word: &str) -> Markup {
    let (class, name) = if word == "marketing" { ("mkt", "Marketing") } else { ("sales", "Sales") };
    html! {
        span.side-mark {
            svg width="9" height="9" aria-hidden="true" {
                @if class == "mkt" { circle.mkt cx="4.5" cy="4.5" r="4.5" {} } @else { rect.sales width="9" height="9" rx="1.5" {} }
            }
            (name)
        }
    }
}

/// Minutes in words: `2 h 10 m`, `3 d 4 h`.
fn span(minutes: i64) -> String {
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest} m"),
        (0, _) => format!("{hours} h {rest:02} m"),
        _ => format!("{days} d {hours} h"),
    }
}

fn stamp(minute: i64) -> String {
    let text = Instant(minute * 60_000).to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_read_as_people_say_them() {
        assert_eq!(
            [0, 59, 60, 130, 1_440, 4_561].map(span),
            ["0 m", "59 m", "1 h 00 m", "2 h 10 m", "1 d 0 h", "3 d 4 h"]
        );
        assert_eq!(stamp(0), "1970-01-01 00:00");
    }
}
