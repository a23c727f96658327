//! Users and their passwords.

use desk::{Role, User};
use serde::Serialize;

use super::{Refused, Sent, field};
use crate::app::App;
use crate::pages::forms::Wrong;
use crate::passwords;
use crate::serve::Asking;
use crate::session::Viewer;
use crate::source::{Trouble, TroubleKind};

/// A user, as programs see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserLine {
    /// What is typed at sign-in.
    pub name: String,
    /// What pages call them.
    pub label: String,
    /// The role's word.
    pub role: &'static str,
    /// As which owner the CRM has them; empty where it does not.
    pub owner: String,
    /// The user who manages them; empty: as the CRM has it.
    pub manager: String,
    /// Since when.
    pub made: String,
    /// When they were closed; `None` while they may sign in.
    pub closed: Option<String>,
}

impl From<&User> for UserLine {
    fn from(user: &User) -> UserLine {
        UserLine {
            name: user.name.clone(),
            label: user.label.clone(),
            role: user.role.word(),
            owner: user.owner.clone(),
            manager: user.manager.clone(),
            made: user.made_at.to_string(),
            closed: user.closed_at.map(|at| at.to_string()),
        }
    }
}

/// The open user of a name.
///
/// # Errors
/// Where there is none.
pub fn named(app: &App, name: &str) -> Result<User, Trouble> {
    let found = app.desk.user(name).map_err(|error| crate::pages::of(&error))?.filter(|u| u.closed_at.is_none());
    found.ok_or_else(|| Trouble {
        kind: TroubleKind::Missing,
        code: "unknown_user".to_owned(),
        message: format!("`{name}`: no open user has this name"),
        hint: None,
    })
}

/// What no user may be.
fn wrong_of(app: &App, user: &User, role: Option<Role>) -> Wrong {
    let mut wrong = Wrong::new();
    if user.label.is_empty() || user.label.chars().count() > 100 {
        wrong.push(("label", "Say in at most 100 characters what pages shall call them.".to_owned()));
    }
    if role.is_none() {
        wrong.push(("role", "Choose a role.".to_owned()));
    }
    if role == Some(Role::Rep) && user.owner.is_empty() {
        wrong.push(("owner", "A rep sees their own leads: say as which owner the CRM has them.".to_owned()));
    }
    let manager = user.manager.as_str();
    if !manager.is_empty()
        && (manager == user.name || !app.desk.user(manager).is_ok_and(|u| u.is_some_and(|u| u.closed_at.is_none())))
    {
        wrong.push(("manager", "Choose somebody else who may sign in.".to_owned()));
    }
    wrong
}

/// Adds a user.
///
/// # Errors
/// What is wrong with the fields, a name that is taken.
pub fn add(app: &App, asking: &Asking, by: &Viewer, sent: &Sent) -> Result<User, Refused> {
    let text = |name| field(sent, name).to_owned();
    let (name, role) = (field(sent, "name").to_lowercase(), Role::parse(field(sent, "role")));
    let mut user = User {
        name,
        label: text("label"),
        role: role.unwrap_or(Role::Rep),
        owner: text("owner"),
        manager: text("manager"),
        password: String::new(),
        made_at: (app.now)(),
        closed_at: None,
    };
    let mut wrong = wrong_of(app, &user, role);
    let name = &user.name;
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        wrong.insert(0, ("name", "Give a name of at most 100 characters without spaces.".to_owned()));
    }
    // a password is not trimmed: what was typed is what opens
    match passwords::hash(sent.get("password").map_or("", String::as_str)) {
        Ok(hash) => user.password = hash,
        Err(words) => wrong.push(("password", format!("{words}."))),
    }
    if !wrong.is_empty() {
        return Err(Refused::Wrong(wrong));
    }
    if !app.desk.add_user(&user)? {
        return Err(Refused::field("name", "This name is taken; that of a closed one stays taken."));
    }
    app.note(&by.user.name, "user_added", &format!("{} as {}", user.name, user.role.word()), &asking.client);
    Ok(user)
}

/// Changes a user; a field that was not sent stays as it is.
///
/// # Errors
/// What is wrong with the fields; where there is no such user.
pub fn change(app: &App, asking: &Asking, by: &Viewer, name: &str, sent: &Sent) -> Result<User, Refused> {
    let user = named(app, name)?;
    let value = |name, kept: &str| sent.get(name).map_or_else(|| kept.to_owned(), |sent| sent.trim().to_owned());
    let role = sent.get("role").map_or(Some(user.role), |word| Role::parse(word.trim()));
    let next = User {
        label: value("label", &user.label),
        role: role.unwrap_or(user.role),
        owner: value("owner", &user.owner),
        manager: value("manager", &user.manager).to_lowercase(),
        ..user.clone()
    };
    let mut wrong = wrong_of(app, &next, role);
    if user.name == by.user.name && role != Some(user.role) {
        wrong.push(("role", "Nobody changes their own role: ask another admin.".to_owned()));
    }
    if !wrong.is_empty() {
        return Err(Refused::Wrong(wrong));
    }
    app.desk.change_user(&next)?;
    let said = format!("{}: {}, owner {}, managed by {}", next.name, next.role.word(), next.owner, next.manager);
    app.note(&by.user.name, "user_changed", &said, &asking.client);
    Ok(next)
}

/// Closes a user: nobody signs in under the name any more. Whether one was open.
///
/// # Errors
/// Where it is one's own.
pub fn close(app: &App, asking: &Asking, by: &Viewer, name: &str) -> Result<bool, Refused> {
    if name == by.user.name {
        return Err(Refused::field("name", "Nobody closes their own sign-in: ask another admin."));
    }
    let is_closed = app.desk.close_user(name, (app.now)())?;
    if is_closed {
        app.note(&by.user.name, "user_closed", name, &asking.client);
    }
    Ok(is_closed)
}

/// Gives somebody else another password.
///
/// # Errors
/// Where it is one's own, or too short; where there is no such user.
pub fn set_password(app: &App, asking: &Asking, by: &Viewer, name: &str, password: &str) -> Result<(), Refused> {
    let user = named(app, name)?;
    if user.name == by.user.name {
        return Err(Refused::field("password", "Change your own under your name."));
    }
    let hash = passwords::hash(password).map_err(|words| Refused::field("password", format!("{words}.")))?;
    app.desk.set_password(&user.name, &hash)?;
    app.note(&by.user.name, "password_set", &user.name, &asking.client);
    Ok(())
}

/// Whether the password is that of whoever asks; guesses are slowed down.
///
/// # Errors
/// Where it is not: said of `named`; where it was tried too often.
pub fn is_own(app: &App, asking: &Asking, by: &Viewer, named: &'static str, password: &str) -> Result<(), Refused> {
    let (name, now) = (&by.user.name, (app.now)());
    let wait = app.throttle.wait(&asking.client, name, now);
    if wait > 0 {
        return Err(Refused::Wait(wait));
    }
    if !passwords::verify(password, Some(&by.user.password)) {
        app.throttle.failed(&asking.client, name, now);
        return Err(Refused::field(named, "This is not your password."));
    }
    Ok(())
}

/// Changes one's own password; it ends all one's sign-ins.
///
/// # Errors
/// Where the old one is wrong, the new one too short, or it was tried too often.
pub fn own_password(app: &App, asking: &Asking, by: &Viewer, sent: &Sent) -> Result<(), Refused> {
    let text = |name| sent.get(name).map_or("", String::as_str);
    is_own(app, asking, by, "old", text("old"))?;
    let hash = passwords::hash(text("new")).map_err(|words| Refused::field("new", format!("{words}.")))?;
    app.desk.set_password(&by.user.name, &hash)?;
    app.note(&by.user.name, "password_changed", "", &asking.client);
    Ok(())
}
