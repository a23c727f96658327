//! Follow-up: which clocks have run out, which run, and until when.

use std::sync::Arc;

use axum::http::StatusCode;
use maud::{Markup, html};
use terms::Instant;

use super::{listing, trouble};
use crate::access::may_do;
use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed, live};
use crate::scope::{self, Scope};
use crate::serve::{Asking, encoded};
use crate::source::{Clock, Clocks, Doing, First, Listing, Text, Trouble};

const PLACE: &str = "/clocks";

/// Clocks that a program is given at once.
const PART: usize = 1_000;

/// The open clocks that are asked for, for whoever may see them, and what they may tell apart; reads of other people's are noted.
/// `None` for a rep who owns no leads.
pub fn found(app: &App, asking: &Asking) -> Result<Option<(Arc<Clocks>, Scope)>, Trouble> {
    let scope = scope::asked(app, asking.viewer.as_ref())?;
    let owners = scope.of_list(asking.asked("owner"))?;
    if owners.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let clocks = app.source.clocks(owners.as_deref())?;
    if let Some(viewer) = asking.viewer.as_ref().filter(|_| !scope.is_restricted) {
        let whose = asking.asked("owner").unwrap_or("all owners");
        app.note(&viewer.user.name, "read_clocks", whose, &asking.client);
    }
    Ok(Some((clocks, scope)))
}

/// The same for a program: without owners that its user may not tell apart.
pub fn for_program(app: &App, asking: &Asking) -> Result<Clocks, Trouble> {
    let Some((clocks, scope)) = found(app, asking)? else { return Ok(Clocks::default()) };
    let after = asking.asked("after").unwrap_or("");
    let mut clocks = clocks.part(after, PART).ok_or_else(|| super::users::bad_cursor(after))?;
    if !scope.names_all() {
        let all = clocks.late.iter_mut().chain(&mut clocks.running);
        all.filter(|c| !scope.may_name(&c.owner)).for_each(|c| c.owner = Arc::default());
    }
    Ok(clocks)
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    let (clocks, scope) = match found(app, asking) {
        Ok(Some(found)) => found,
        Ok(None) => {
            let words = "Your sign-in names no owner in the CRM, so no leads are yours here. An admin can change that on the page of users.";
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
    let role = asking.viewer.as_ref().map(|v| v.user.role);
    let queue = Queue {
        as_of: clocks.as_of,
        is_now: clocks.records_to < clocks.as_of,
        may_call: role.is_some_and(|role| may_do(role, Doing::Call)),
        scope: &scope,
    };
    let as_of = clocks.as_of;
    let First { waiting, others, soon } = &clocks.first;
    let by_value = asking.asked("order") != Some("clock") && waiting.1 > 0;
    if asking.asked("as").is_some()
        && let Some(file) = listing::as_file(app, asking, "clocks", &listed(&clocks, &scope, by_value))
    {
        return file;
    }
    let body = html! {
        @match &clocks.agreement {
            None => {
                p.lead { "No agreement is in force, so no clock runs." }
                p.nothing.outside { "Clocks are what both teams signed. " a href="/agreement" { "The agreement" } " says where that stands." }
            }
            Some(agreement) => {
                dl.counts {
                    div { dt { "time is over, nothing done" } dd.late[!clocks.late.is_empty()] { (count(clocks.late.len())) " late" } }
                    div { dt { "within the next hour of the clock" } dd { (count(*soon)) " due soon" } }
                    div { dt { "time still runs" } dd { (count(clocks.running.len())) " running" } }
                }
                @if by_value {
                    (queue.group("Most to lose by waiting", "Nobody has tried these yet: first the one that loses most by another hour.", (&waiting.0, waiting.1), true))
                    @if others.1 > 0 { (queue.group("Other clocks", "Late ones first.", (&others.0, others.1), false)) }
                } @else {
                    @for (title, note, of) in [("Late", "The last to run out first.", &clocks.late), ("Running", "The next to run out first.", &clocks.running)] {
                        (queue.group(title, note, (of.get(..Clocks::SHOWN).unwrap_or(of), of.len()), false))
                    }
                }
                p.note.outside {
                    "By " (agreement) ". Clocks stand as of " (stamp(as_of)) @if queue.is_now { ", now" } "; the records of other systems go to " (stamp(clocks.records_to)) ": what was done since and not logged here or imported is not known. "
                    "A late first attempt stays late; leads are listed by their id in the CRM."
                }
                p.note.outside { (clocks.learned) }
                p.note.outside data-script hidden { "Keys: J and K move, C logs a call, L opens the lead, ? shows all." }
            }
        }
    };
    let owner = asking.asked("owner").unwrap_or("");
    let tools = html! {
        form method="get" action=(PLACE) {
            @if scope.names_any() {
                label.vh for="owner" { "Owner" }
                input id="owner" name="owner" size="16" placeholder="all owners" value=(owner) data-find;
            }
            label.vh for="order" { "Order" }
            select id="order" name="order" {
                option value="value" selected[by_value] { "most to lose by waiting" }
                option value="clock" selected[!by_value] { "by the clock" }
            }
            button type="submit" { "Show" }
        }
        (listing::saves(asking))
    };
    let body = live(true, &body);
    framed(app, asking, StatusCode::OK, Framed { title: "Follow-up", place: PLACE, tools, body })
}

fn count(n: usize) -> String {
    faces::format::count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// All clocks as a list of words, in the order of the page.
pub fn queue(clocks: &Clocks, by_value: bool) -> Listing {
    listed(clocks, &Scope::whole(), by_value)
}

/// The same, without what somebody may not tell apart.
fn listed(clocks: &Clocks, scope: &Scope, by_value: bool) -> Listing {
    let row = |c: &Clock| {
        let late = match c.late_from {
            Some(at) if at <= clocks.as_of => "late",
            _ if c.stands_still => "stands still",
            _ => "running",
        };
        let loss = c.loss.as_ref().map_or("", |loss| loss.words.as_str());
        let owner = if scope.may_name(&c.owner) { &*c.owner } else { "" };
        let due = c.late_from.map_or(String::new(), stamp);
        let (started, team) = (stamp(c.started), &*c.team);
        [late, &due, &started, &*c.lead, &*c.clause, team, loss, owner].map(Text::from).to_vec()
    };
    Listing {
        title: "Clocks".to_owned(),
        heads: ["Stands", "Due (UTC)", "Since", "Lead", "What is owed", "By", "Lost by another hour", "Owner"]
            .map(str::to_owned)
            .to_vec(),
        rows: clocks.ordered(by_value).into_iter().map(row).collect(),
        note: String::new(),
    }
}

/// How rows of the queue are drawn.
struct Queue<'a> {
    as_of: i64,
    /// Whether clocks stand as of now, and so go on while the page is looked at.
    is_now: bool,
    may_call: bool,
    scope: &'a Scope,
}

impl Queue<'_> {
    /// The first of so many clocks.
    fn group(&self, title: &str, note: &str, (clocks, in_all): (&[Clock], usize), with_loss: bool) -> Markup {
        let heads: &[&str] = match with_loss {
            true => &["Clock", "Lead", "Lost by another hour", "Leads like it"],
            false => &["Clock", "Lead", "What is owed", "By"],
        };
        html! {
            section.panel {
                h2 { (title) }
                @if clocks.is_empty() {
                    p.nothing { "None." }
                } @else {
                    p.hint { (note) @if in_all > clocks.len() { " The first " (clocks.len()) " of " (count(in_all)) "." } }
                    div.scroll role="region" aria-label=(title) tabindex="0" {
                        table.rows.queue role="table" {
                            thead role="rowgroup" { tr role="row" {
                                @for head in heads { th scope="col" role="columnheader" { (head) } }
                                @if self.scope.names_any() { th scope="col" role="columnheader" { "Owner" } }
                                @if self.may_call { th scope="col" role="columnheader" { "Do" } }
                            } }
                            tbody role="rowgroup" { @for (n, c) in clocks.iter().enumerate() { (self.row(c, n == 0 && with_loss, with_loss)) } }
                        }
                    }
                }
            }
        }
    }

    fn row(&self, c: &Clock, is_first: bool, with_loss: bool) -> Markup {
        let place = format!("/leads/{}", encoded(&c.lead));
        html! {
            tr role="row" data-row {
                th scope="row" role="rowheader" { (stands(c, self.as_of, self.is_now)) }
                td role="cell" data-label="Lead" { span { a id={ "q-" (c.lead) "-" (c.clause.replace(' ', "-")) } href=(place) data-key="l" { (c.lead) } } }
                @if let (true, Some(loss)) = (with_loss, &c.loss) {
                    td role="cell" data-label="Lost by another hour" { span { (loss.words) } }
                    td role="cell" data-label="Leads like it" { span { (loss.like) } }
                } @else {
                    td role="cell" data-label="What is owed" { span { (c.clause) } }
                    td role="cell" data-label="By" { span { (team(&c.team)) } }
                }
                @if self.scope.names_any() { @let owner = if self.scope.may_name(&c.owner) { &*c.owner } else { "" }; td.empty[owner.is_empty()] role="cell" data-label="Owner" { span { (owner) } } }
                @if self.may_call {
                    td role="cell" data-label="Do" { a.btn.primary[is_first] href={ (place) "#log" } data-key="c" { "Log a call" span.vh { " about " (c.lead) } } }
                }
            }
        }
    }
}

/// How late, or how long still; `is_now` where that goes on while the page is looked at.
pub fn stands(clock: &Clock, as_of: i64, is_now: bool) -> Markup {
    let left = |at: i64| is_now.then_some(at - as_of);
    html! {
        @match clock.late_from {
            None if clock.stands_still => { "stands still" small { "as agreed, until it goes on" } }
            None => { "due in more than a quarter" }
            Some(at) if at > as_of && clock.stands_still => { "stands still" small { "as agreed; due " (stamp(at)) " at the latest" } }
            Some(at) if at <= as_of => { span.late data-left=[left(at)] { (span(as_of - at)) " late" } small { "was due " (stamp(at)) } }
            Some(at) => { span data-left=[left(at)] { (span(at - as_of)) " left" } small { "due " (stamp(at)) } }
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

    #[test]
    fn a_clock_that_stands_still_says_so_until_it_is_late() {
        let clock = |late_from, stands_still| Clock {
            lead: "L1".into(),
            owner: "".into(),
            team: "sales".into(),
            clause: "first attempt".into(),
            started: 0,
            late_from,
            stands_still,
            loss: None,
        };
        let said = |late_from, still| stands(&clock(late_from, still), 100, false).into_string();
        assert!(said(None, true).contains("until it goes on"));
        assert!(said(Some(200), true).contains("at the latest"));
        assert!(said(Some(200), false).contains("left"));
        assert!(said(Some(60), true).contains("late") && !said(Some(60), true).contains("still"));
        let list = queue(&Clocks::of([clock(None, true), clock(Some(60), true), clock(Some(200), false)], 100), false);
        let first: Vec<String> = list.words().into_iter().filter_map(|row| row.into_iter().next()).collect();
        assert_eq!(first, ["late", "running", "stands still"]);
    }
}
