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

/// What a new user may not be.
fn wrong(asking: &Asking) -> (Wrong, Option<Role>) {
    let (mut wrong, role) = wrong_of(asking);
    let name = asking.field("name").trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        wrong.insert(0, ("name", "Give a name of at most 100 characters without spaces.".to_owned()));
    }
    (wrong, role)
}

/// What no user may be.
fn wrong_of(asking: &Asking) -> (Wrong, Option<Role>) {
    let mut wrong = Wrong::new();
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
        manager: String::new(),
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

/// The page of one user.
pub fn one(app: &App, asking: &Asking) -> Answer {
    changed(app, asking, &Wrong::new(), StatusCode::OK)
}

/// The open user that a path names.
fn named(app: &App, asking: &Asking) -> Result<User, Trouble> {
    let name = asking.part("user");
    let found = app.desk.user(name).map_err(|error| of(&error))?.filter(|u| u.closed_at.is_none());
    found.ok_or_else(|| Trouble {
        kind: TroubleKind::Missing,
        code: "unknown_user".to_owned(),
        message: format!("`{name}`: no open user has this name"),
        hint: None,
    })
}

fn changed(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode) -> Answer {
    let found = named(app, asking).and_then(|user| Ok((user, app.desk.users().map_err(|error| of(&error))?)));
    let (user, all) = match found {
        Ok(found) => found,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
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
        }
    };
    let title = if wrong.is_empty() { user.name.clone() } else { format!("Error: {}", user.name) };
    let tools = html! { a.btn href=(PLACE) { "All users" } };
    framed(app, asking, status, Framed { title: &title, place: PLACE, tools, body })
}

/// Changes a user, or gives them another password.
pub fn change(app: &App, asking: &Asking) -> Answer {
    let user = match named(app, asking) {
        Ok(user) => user,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let admin = asking.viewer.as_ref().map_or("", |v| v.user.name.as_str());
    let again = |wrong: Wrong| changed(app, asking, &wrong, StatusCode::UNPROCESSABLE_ENTITY);
    let place = format!("{PLACE}/{}", encoded(&user.name));
    if asking.field("do") == "password" {
        let hash = match passwords::hash(asking.field("password")) {
            Ok(_) if user.name == admin => {
                return again(vec![("password", "Change your own under your name.".to_owned())]);
            }
            Ok(hash) => hash,
            Err(words) => return again(vec![("password", format!("{words}."))]),
        };
        return match app.desk.set_password(&user.name, &hash) {
            Ok(_) => {
                app.note(admin, "password_set", &user.name, &asking.client);
                answer::onward(&place)
            }
            Err(error) => trouble::page(app, asking, PLACE, &of(&error)),
        };
    }
    let (mut wrong, role) = wrong_of(asking);
    let manager = asking.field("manager").trim();
    if !manager.is_empty()
        && (manager == user.name || !app.desk.user(manager).is_ok_and(|u| u.is_some_and(|u| u.closed_at.is_none())))
    {
        wrong.push(("manager", "Choose somebody else who may sign in.".to_owned()));
    }
    if user.name == admin && role != Some(user.role) {
        wrong.push(("role", "Nobody changes their own role: ask another admin.".to_owned()));
    }
    let (true, Some(role)) = (wrong.is_empty(), role) else { return again(wrong) };
    let text = |name| asking.field(name).trim().to_owned();
    let next = User { label: text("label"), role, owner: text("owner"), manager: manager.to_owned(), ..user.clone() };
    match app.desk.change_user(&next) {
        Ok(_) => {
            let said = format!("{}: {}, owner {}, managed by {}", next.name, role.word(), next.owner, next.manager);
            app.note(admin, "user_changed", &said, &asking.client);
            answer::onward(&place)
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
    if let Some(file) = listing::as_file(app, asking, "audit", &log) {
        return file;
    }
    let body = html! { section.panel { (listing::draw(&log)) } };
    let tools = listing::saves(asking);
    framed(app, asking, StatusCode::OK, Framed { title: "Audit log", place: "/audit", tools, body })
}
