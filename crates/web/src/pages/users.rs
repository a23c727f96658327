//! Users and the audit log: for admins.

use axum::http::StatusCode;
use desk::{Role, User};
use maud::html;

use super::forms::{Field, Wrong, choice, own, summary};
use super::me::of;
use super::{listing, trouble};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, role_words};
use crate::passwords;
use crate::serve::Asking;
use crate::source::{Listing, Text};

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
                thead role="rowgroup" { tr role="row" { @for head in ["Name", "Called", "Role", "Owner in the CRM", "Since", "Close"] { th scope="col" role="columnheader" { (head) } } } }
                tbody role="rowgroup" {
                    @for a in &all {
                        tr role="row" {
                            th scope="row" role="rowheader" { (a.name) }
                            td role="cell" data-label="Called" { span { (a.label) } }
                            td role="cell" data-label="Role" { span { (role_words(a.role.word())) } }
                            td.empty[a.owner.is_empty()] role="cell" data-label="Owner in the CRM" { span { (a.owner) } }
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

/// What a new user may not be.
fn wrong(asking: &Asking) -> (Wrong, Option<Role>) {
    let mut wrong = Wrong::new();
    let name = asking.field("name").trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        wrong.push(("name", "Give a name of at most 100 characters without spaces.".to_owned()));
    }
    if asking.field("label").trim().is_empty() {
        wrong.push(("label", "Say what pages shall call them.".to_owned()));
    }
    let role = Role::parse(asking.field("role"));
    if role.is_none() {
        wrong.push(("role", "Choose a role.".to_owned()));
    }
    if role == Some(Role::Rep) && asking.field("owner").trim().is_empty() {
        wrong.push(("owner", "A rep sees their own leads: say as which owner the CRM has them.".to_owned()));
    }
    (wrong, role)
}

pub fn add(app: &App, asking: &Asking) -> Answer {
    let (mut wrong, role) = wrong(asking);
    let hash = passwords::hash(asking.field("password"));
    if let Err(words) = &hash {
        wrong.push(("password", format!("{words}.")));
    }
    let (true, Some(role), Ok(password)) = (wrong.is_empty(), role, hash) else {
        return drawn(app, asking, &wrong, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let user = User {
        name: asking.field("name").trim().to_lowercase(),
        label: asking.field("label").trim().to_owned(),
        role,
        owner: asking.field("owner").trim().to_owned(),
        password,
        made_at: (app.now)(),
        closed_at: None,
    };
    match app.desk.add_user(&user) {
        Ok(true) => {
            let admin = asking.viewer.as_ref().map_or("", |v| v.user.name.as_str());
            app.note(admin, "user_added", &format!("{} as {}", user.name, role.word()), &asking.client);
            answer::onward(PLACE)
        }
        Ok(false) => {
            let words = "This name is taken; that of a closed one stays taken.".to_owned();
            drawn(app, asking, &vec![("name", words)], StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => trouble::page(app, asking, PLACE, &of(&error)),
    }
}

pub fn close(app: &App, asking: &Asking) -> Answer {
    let (name, admin) = (asking.field("name"), asking.viewer.as_ref().map_or("", |v| v.user.name.as_str()));
    if name == admin {
        let words = "Nobody closes their own sign-in: ask another admin.".to_owned();
        return drawn(app, asking, &vec![("name", words)], StatusCode::UNPROCESSABLE_ENTITY);
    }
    match app.desk.close_user(name, (app.now)()) {
        Ok(closed) => {
            if closed {
                app.note(admin, "user_closed", name, &asking.client);
            }
            answer::onward(PLACE)
        }
        Err(error) => trouble::page(app, asking, PLACE, &of(&error)),
    }
}

/// Lines of the audit log on a page.
const SHOWN: usize = 500;

pub fn audit(app: &App, asking: &Asking) -> Answer {
    let acts = match app.desk.acts(SHOWN) {
        Ok(acts) => acts,
        Err(error) => return trouble::page(app, asking, "/audit", &of(&error)),
    };
    let rows = acts
        .iter()
        .map(|act| {
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
        note: format!("The newest {SHOWN} at most. Lines are never changed or removed."),
    };
    let body = html! { section.panel { (listing::draw(&log)) } };
    framed(app, asking, StatusCode::OK, Framed { title: "Audit log", place: "/audit", tools: html! {}, body })
}
