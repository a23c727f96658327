//! Tokens of programs: made by whoever shall be read for, with their own password; ended by them or an admin.

use desk::{Role, Token};
use serde::Serialize;
use terms::Instant;

use super::users::is_own;
use super::{Refused, Sent, field};
use crate::app::App;
use crate::serve::Asking;
use crate::session::{self, Viewer};

/// The most days a token can hold.
pub const LONGEST: i64 = 366;
/// Days where none are given.
const USUAL: i64 = 90;
const DAY_MS: i64 = 86_400_000;

/// A token, without what would let somebody use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenLine {
    /// Whose place it takes.
    pub user: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub made: String,
    /// When it ends.
    pub ends: String,
    /// Whether it may change what its user may; it reads alone otherwise.
    pub writes: bool,
}

impl From<&Token> for TokenLine {
    fn from(token: &Token) -> TokenLine {
        TokenLine {
            user: token.user.clone(),
            label: token.label.clone(),
            made: token.made_at.to_string(),
            ends: token.ends_at.to_string(),
            writes: token.may_write,
        }
    }
}

/// The tokens that take the place of a user, those that ended left out; of all users where none is named.
///
/// # Errors
/// Where the desk cannot be read.
pub fn of(app: &App, user: Option<&str>) -> Result<Vec<TokenLine>, Refused> {
    let now = (app.now)();
    let all = app.desk.tokens()?;
    let kept = all.iter().filter(|t| t.ends_at > now && user.is_none_or(|user| t.user == user));
    Ok(kept.map(TokenLine::from).collect())
}

/// Makes a token in one's own place: the token, shown this once, and what it is.
///
/// # Errors
/// What is wrong with the fields; a password that is not one's own, or was tried too often.
pub fn make(app: &App, asking: &Asking, by: &Viewer, sent: &Sent) -> Result<(String, TokenLine), Refused> {
    let label = field(sent, "label");
    if label.is_empty() || label.chars().count() > 60 || label.chars().any(char::is_control) {
        return Err(Refused::field("label", "Say in at most 60 characters what it is for."));
    }
    let days = match field(sent, "days") {
        "" => Some(USUAL),
        given => given.parse::<i64>().ok().filter(|days| (1..=LONGEST).contains(days)),
    };
    let days = days.ok_or_else(|| Refused::field("days", format!("Give a number of days from 1 to {LONGEST}.")))?;
    let may_write = match field(sent, "scope") {
        "" | "read" => false,
        "write" => true,
        _ => return Err(Refused::field("scope", "Choose read or write.")),
    };
    is_own(app, asking, by, "password", sent.get("password").map_or("", String::as_str))?;
    let now = (app.now)();
    let (text, hash) = session::fresh_token()?;
    let ends_at = Instant(now.0.saturating_add(days * DAY_MS));
    let token = Token { user: by.user.name.clone(), label: label.to_owned(), made_at: now, ends_at, may_write };
    if !app.desk.add_token(&hash, &token)? {
        return Err(Refused::field("label", "You have a token of this name: end it first, or choose another name."));
    }
    let scope = if may_write { "reads and writes" } else { "reads" };
    app.note(&by.user.name, "token_made", &format!("{label}: {scope}, {days} days"), &asking.client);
    Ok((text, TokenLine::from(&token)))
}

/// Ends a token: one's own, or as an admin that of somebody else. Whether there was one.
///
/// # Errors
/// Where it is somebody else's and one is no admin.
pub fn end(app: &App, asking: &Asking, by: &Viewer, user: &str, label: &str) -> Result<bool, Refused> {
    if user != by.user.name && by.user.role != Role::Admin {
        return Err(Refused::field("user", "An admin ends tokens of others."));
    }
    let is_ended = app.desk.end_token(user, label)?;
    if is_ended {
        app.note(&by.user.name, "token_ended", &format!("{user}: {label}"), &asking.client);
    }
    Ok(is_ended)
}
