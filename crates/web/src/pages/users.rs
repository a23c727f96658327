//! Users and the audit log: for admins.

use axum::http::StatusCode;
use desk::{Act, Role};
use maud::{Markup, html};

use super::forms::{Field, Wrong, choice, own, summary};
use super::me::of;
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, role_words};
use crate::passwords;
use crate::people::{self, Refused, TokenLine};
use crate::serve::{Asking, encoded};
use crate::source::{Listing, Text, Trouble, TroubleKind};

const PLACE: &str = "/users";

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, &Wrong::new(), StatusCode::OK)
}

fn drawn(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode) -> Answer {
    let all = match app.desk.users() {
        Ok(all) => all,
        Err(error) => return trouble::page(app, asking, PLACE, &of(&error)),
    };
    let field = |name, label, hint, kind, complete| Field {
        name,
        label,
        hint,
        kind,
        value: if kind == "password" { "" } else { asking.field(name) },
        complete,
        wide: false,
    };
    let least = format!("{} characters or more; they can change it under their name.", passwords::LEAST_LENGTH);
    let roles: Vec<(&str, String)> = Role::ALL.iter().map(|r| (r.word(), role_words(r.word()))).collect();
    let roles: Vec<(&str, &str)> = roles.iter().map(|(value, words)| (*value, words.as_str())).collect();
    let myself = asking.viewer.as_ref().map_or("", |v| v.user.name.as_str());
    let body = html! {
        (summary(wrong))
        section.panel {
            h2 { "Who may sign in" }
            table.rows role="table" {
                thead role="rowgroup" { tr role="row" { @for head in ["Name", "Called", "Role", "Owner in the CRM", "Managed by", "Since", "Close"] { th scope="col" role="columnheader" { (head) } } } }
                tbody role="rowgroup" {
                    @for a in &all {
                        tr role="row" {
                            th scope="row" role="rowheader" {
                                @if a.closed_at.is_none() { a href={ (PLACE) "/" (encoded(&a.name)) } { (a.name) } } @else { (a.name) }
                            }
                            td role="cell" data-label="Called" { span { (a.label) } }
                            td role="cell" data-label="Role" { span { (role_words(a.role.word())) } }
                            td.empty[a.owner.is_empty()] role="cell" data-label="Owner in the CRM" { span { (a.owner) } }
                            td.empty[a.manager.is_empty()] role="cell" data-label="Managed by" { span { (a.manager) } }
                            td role="cell" data-label="Since" { span { (a.made_at.day()) } }
                            td role="cell" {
                                @if let Some(at) = a.closed_at { span { "closed " (at.day()) } }
                                @else if a.name == myself { span { "you" } }
                                @else {
                                    form method="post" action="/users/close" {
                                        (own(asking))
                                        input type="hidden" name="name" value=(a.name);
                                        button.plain type="submit" { "Close" span.vh { " the sign-in of " (a.name) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        section.panel {
            h2 { "Add a user" }
            form method="post" action=(PLACE) {
                (own(asking))
                (field("name", "Name", "What is typed at sign-in, such as a mail address.", "text", "off").draw(wrong))
                (field("label", "Called", "What pages call them.", "text", "off").draw(wrong))
                (choice("role", "Role", &roles, asking.field("role")))
                (field("owner", "Owner in the CRM", "As the CRM names the owner of leads. A rep sees the leads and clocks of that owner alone.", "text", "off").draw(wrong))
                (field("password", "First password", &least, "password", "new-password").draw(wrong))
                div.go { button.primary type="submit" { "Add the user" } }
            }
        }
    };
    let title = if wrong.is_empty() { "Users" } else { "Error: Users" };
    framed(app, asking, status, Framed { title, place: PLACE, tools: html! {}, body })
}

/// Draws what is wrong beside the fields, and all else as a page of its own.
fn refused(app: &App, asking: &Asking, why: Refused, again: impl FnOnce(&Wrong, StatusCode) -> Answer) -> Answer {
    match why {
        Refused::Wrong(wrong) => again(&wrong, StatusCode::UNPROCESSABLE_ENTITY),
        why => trouble::page(app, asking, PLACE, &why.into()),
    }
}

pub fn add(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    match people::add(app, asking, viewer, &asking.fields) {
        Ok(_) => answer::onward(PLACE),
        Err(why) => refused(app, asking, why, |wrong, status| drawn(app, asking, wrong, status)),
    }
}

pub fn close(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    match people::close(app, asking, viewer, asking.field("name")) {
        Ok(_) => answer::onward(PLACE),
        Err(why) => refused(app, asking, why, |wrong, status| drawn(app, asking, wrong, status)),
    }
}

/// The page of one user.
pub fn one(app: &App, asking: &Asking) -> Answer {
    changed(app, asking, &Wrong::new(), StatusCode::OK)
}

fn changed(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode) -> Answer {
    let found = || -> Result<_, Refused> {
        let user = people::named(app, asking.part("user"))?;
        let tokens = people::tokens_of(app, Some(&user.name))?;
        Ok((user, app.desk.users()?, tokens))
    };
    let (user, all, tokens) = match found() {
        Ok(found) => found,
        Err(why) => return trouble::page(app, asking, PLACE, &why.into()),
    };
    let is_sent = !asking.fields.is_empty();
    let value = |name: &'static str, kept: &str| if is_sent { asking.field(name).to_owned() } else { kept.to_owned() };
    let (label, owner) = (value("label", &user.label), value("owner", &user.owner));
    let (role, manager) = (value("role", user.role.word()), value("manager", &user.manager));
    let roles: Vec<(&str, String)> = Role::ALL.iter().map(|r| (r.word(), role_words(r.word()))).collect();
    let roles: Vec<(&str, &str)> = roles.iter().map(|(value, words)| (*value, words.as_str())).collect();
    let mut managers = vec![("", "as the CRM has it")];
    managers.extend(
        all.iter()
            .filter(|u| u.closed_at.is_none() && u.name != user.name)
            .map(|u| (u.name.as_str(), u.label.as_str())),
    );
    let field = |name, label, hint, value: &str, kind, complete| {
        Field { name, label, hint, kind, value, complete, wide: false }.draw(wrong)
    };
    let least = format!(
        "{} characters or more. It ends their sign-ins, and the key with which they signed signs no more.",
        passwords::LEAST_LENGTH
    );
    let place = format!("{PLACE}/{}", encoded(&user.name));
    let is_self = asking.viewer.as_ref().is_some_and(|v| v.user.name == user.name);
    let body = html! {
        (summary(wrong))
        section.panel {
            h2 { "What they are" }
            form method="post" action=(place) {
                (own(asking))
                (field("label", "Called", "What pages call them.", &label, "text", "off"))
                @if is_self { p.hint { "Nobody changes their own role: ask another admin." } input type="hidden" name="role" value=(user.role.word()); }
                @else { (choice("role", "Role", &roles, &role)) p.hint { "Another role ends their sign-ins; programs with their token have it at once." } }
                (field("owner", "Owner in the CRM", "As the CRM names the owner of leads. A rep sees the leads and clocks of that owner alone.", &owner, "text", "off"))
                (choice("manager", "Managed by", &managers, &manager))
                p.hint { "Who manages a rep sees the rep's leads and clocks as theirs." }
                div.go { button.primary type="submit" name="do" value="change" { "Change it" } }
            }
        }
        @if !is_self {
            section.panel {
                h2 { "Another password" }
                form method="post" action=(place) {
                    (own(asking))
                    (field("password", "New password", &least, "", "password", "new-password"))
                    div.go { button type="submit" name="do" value="password" { "Set the password" } }
                }
            }
            @if !tokens.is_empty() { (tokens_of(asking, &tokens, &place)) }
        }
    };
    let title = if wrong.is_empty() { user.name.clone() } else { format!("Error: {}", user.name) };
    let tools = html! { a.btn href=(PLACE) { "All users" } };
    framed(app, asking, status, Framed { title: &title, place: PLACE, tools, body })
}

/// The tokens that take a user's place, each with what ends it.
pub fn tokens_of(asking: &Asking, tokens: &[TokenLine], place: &str) -> Markup {
    html! {
        section.panel {
            h2 { "Tokens of programs" }
            table.rows role="table" {
                thead role="rowgroup" { tr role="row" { @for head in ["Token", "May", "Made", "Ends", "End it"] { th scope="col" role="columnheader" { (head) } } } }
                tbody role="rowgroup" {
                    @for token in tokens {
                        tr role="row" {
                            th scope="row" role="rowheader" { (token.label) }
                            td role="cell" data-label="May" { span { @if token.writes { "read and write" } @else { "read" } } }
                            td role="cell" data-label="Made" { span { (day(&token.made)) } }
                            td role="cell" data-label="Ends" { span { (day(&token.ends)) } }
                            td role="cell" {
                                form method="post" action=(place) {
                                    (own(asking))
                                    input type="hidden" name="token" value=(token.label);
                                    button.plain type="submit" name="do" value="end" { "End" span.vh { " the token " (token.label) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The day of an instant in words.
fn day(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

/// Changes a user, gives them another password, or ends a token that takes their place.
pub fn change(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    let name = asking.part("user");
    let done = people::named(app, name).map_err(Refused::from).and_then(|_| match asking.field("do") {
        "password" => people::set_password(app, asking, viewer, name, asking.field("password")),
        "end" => people::end_token(app, asking, viewer, name, asking.field("token")).map(drop),
        _ => people::change(app, asking, viewer, name, &asking.fields).map(drop),
    });
    match done {
        Ok(()) => answer::onward(&format!("{PLACE}/{}", encoded(name))),
        Err(why) => refused(app, asking, why, |wrong, status| changed(app, asking, wrong, status)),
    }
}

/// Lines of the audit log on a page.
const SHOWN: usize = 500;

/// The newest lines of the audit log, or those before one, and where the next page begins; empty at its end.
pub fn acts(app: &App, asking: &Asking) -> Result<(Vec<(i64, Act)>, String), Trouble> {
    let before = match asking.asked("after") {
        None => None,
        Some(cursor) => Some(cursor.parse::<i64>().map_err(|_| bad_cursor(cursor))?),
    };
    let mut acts = app.desk.acts_before(before, SHOWN + 1).map_err(|error| of(&error))?;
    let is_more = acts.len() > SHOWN;
    acts.truncate(SHOWN);
    let next = acts.last().filter(|_| is_more).map_or(String::new(), |(id, _)| id.to_string());
    Ok((acts, next))
}

/// Said of a cursor that no page gave.
pub fn bad_cursor(cursor: &str) -> Trouble {
    Trouble {
        kind: TroubleKind::Asked,
        code: "bad_cursor".to_owned(),
        message: format!("`after`: read `{cursor}`, expected `next` of a page before"),
        hint: Some("leave it out to begin with the newest".to_owned()),
    }
}

pub fn audit(app: &App, asking: &Asking) -> Answer {
    let (acts, next) = match acts(app, asking) {
        Ok(found) => found,
        Err(why) => return trouble::page(app, asking, "/audit", &why),
    };
    let rows = acts
        .iter()
        .map(|(_, act)| {
            let when = act.at.to_string().replace('T', " ");
            [when, act.user.clone(), act.act.replace('_', " "), act.subject.clone(), act.origin.clone()]
                .map(Text::from)
                .to_vec()
        })
        .collect();
    let log = Listing {
        title: "Who did what".to_owned(),
        heads: ["When (UTC)", "Who", "What", "On what", "From"].map(str::to_owned).to_vec(),
        rows,
        note: "The newest first. Lines are never changed or removed.".to_owned(),
    };
    if let Some(file) = listing::as_file(app, asking, "audit", &log) {
        return file;
    }
    let body = html! {
        section.panel {
            (listing::draw(&log))
            @if !next.is_empty() { div.go { a.btn href={ "/audit?after=" (next) } { "Older ones" } } }
        }
    };
    let tools = listing::saves(asking);
    framed(app, asking, StatusCode::OK, Framed { title: "Audit log", place: "/audit", tools, body })
}
