//! What programs ask of users, tokens, views and the audit log, and do to them.
//!
//! Invariant: the same functions as those of pages (`people`); here is only what was sent, and what comes back.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::acting::body;
use super::{json_answer, nowhere, of, trouble};
use crate::access::Api;
use crate::answer::Answer;
use crate::app::App;
use crate::pages::{self, users};
use crate::people::{self, Refused, Sent, TokenLine, UserLine, ViewLine};
use crate::serve::Asking;
use crate::source::{Trouble, TroubleKind};

/// Fields of a body: texts, numbers and the words of truth, as a form would send them.
fn fields(asking: &Asking) -> Result<Sent, Trouble> {
    let field = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Number(n) => Ok((name, n.to_string())),
        Value::Bool(b) => Ok((name, b.to_string())),
        Value::Null => Ok((name, String::new())),
        Value::Array(_) | Value::Object(_) => Err(super::acting::bad_body(format!("`{name}`: is no text"))),
    };
    body(asking)?.into_iter().map(field).collect()
}

fn missing(code: &str, message: String) -> Refused {
    Trouble { kind: TroubleKind::Missing, code: code.to_owned(), message, hint: None }.into()
}

/// An answer about what the desk keeps.
pub fn answer(app: &App, asking: &Asking, what: Api) -> Answer {
    match done(app, asking, what) {
        Ok(value) => json_answer(StatusCode::OK, &value),
        Err(why @ Refused::Wait(_)) => {
            let why = Trouble::from(why);
            trouble(StatusCode::TOO_MANY_REQUESTS, &why.code, &why.message, None)
        }
        Err(why) => of::<()>(Err(why.into())),
    }
}

fn done(app: &App, asking: &Asking, what: Api) -> Result<Value, Refused> {
    let Some(by) = &asking.viewer else { return Err(missing("unknown_address", "nobody asks".to_owned())) };
    let own = by.user.name.as_str();
    Ok(match what {
        Api::Me => json!(UserLine::from(&by.user)),
        Api::Password => {
            people::own_password(app, asking, by, &fields(asking)?)?;
            json!({ "changed": true })
        }
        Api::TokenMake => {
            let (token, line) = people::make_token(app, asking, by, &fields(asking)?)?;
            json!({ "token": token, "is": line })
        }
        Api::TokenEnd => {
            let sent = fields(asking)?;
            let text = |name: &str| sent.get(name).map_or("", String::as_str);
            let user = if text("user").is_empty() { own } else { text("user") };
            if !people::end_token(app, asking, by, user, text("label"))? {
                return Err(missing("unknown_token", format!("`{}`: no token of this name holds", text("label"))));
            }
            json!({ "ended": true })
        }
        Api::ViewKeep => json!(ViewLine::from(&people::keep_view(app, by, &fields(asking)?)?)),
        Api::ViewDrop => {
            let sent = fields(asking)?;
            let name = sent.get("name").map_or("", String::as_str);
            if !people::drop_view(app, by, name)? {
                return Err(missing("unknown_view", format!("`{name}`: you keep no view of this name")));
            }
            json!({ "dropped": true })
        }
        Api::UserAdd => json!(UserLine::from(&people::add(app, asking, by, &fields(asking)?)?)),
        Api::UserChange => {
            let user = people::change(app, asking, by, asking.part("user"), &fields(asking)?)?;
            json!(UserLine::from(&user))
        }
        Api::UserPassword => {
            let sent = fields(asking)?;
            let password = sent.get("password").map_or("", String::as_str);
            people::set_password(app, asking, by, asking.part("user"), password)?;
            json!({ "changed": true })
        }
        Api::UserClose => {
            body(asking)?;
            let name = asking.part("user");
            if !people::close(app, asking, by, name)? {
                return Err(missing("unknown_user", format!("`{name}`: no open user has this name")));
            }
            json!({ "closed": true })
        }
        Api::Audit => {
            let (acts, next) = users::acts(app, asking)?;
            let line = |(_, act): &(i64, desk::Act)| json!({ "at": act.at.to_string(), "user": act.user, "act": act.act, "subject": act.subject, "origin": act.origin });
            json!({ "acts": acts.iter().map(line).collect::<Vec<_>>(), "next": next })
        }
        Api::Glossary => {
            let word = |(word, means): &(&str, &str)| json!({ "word": word, "means": means });
            json!(pages::glossary::WORDS.iter().map(word).collect::<Vec<_>>())
        }
        _ => return Err(missing("unknown_address", "there is nothing at this address".to_owned())),
    })
}

/// Tokens that hold: one's own, of an admin all.
pub fn tokens(app: &App, asking: &Asking) -> Result<Vec<TokenLine>, Trouble> {
    let Some(by) = &asking.viewer else { return Ok(Vec::new()) };
    let is_admin = by.user.role == desk::Role::Admin;
    people::tokens_of(app, (!is_admin).then_some(by.user.name.as_str())).map_err(Trouble::from)
}

/// The views that whoever asks keeps.
pub fn views(app: &App, asking: &Asking) -> Result<Vec<ViewLine>, Trouble> {
    let Some(by) = &asking.viewer else { return Ok(Vec::new()) };
    let all = app.desk.views(&by.user.name).map_err(Refused::from)?;
    Ok(all.iter().map(ViewLine::from).collect())
}

/// All users.
pub fn users(app: &App) -> Result<Vec<UserLine>, Trouble> {
    let all = app.desk.users().map_err(Refused::from)?;
    Ok(all.iter().map(UserLine::from).collect())
}

/// A report as a file.
pub fn file(app: &App, asking: &Asking) -> Answer {
    match pages::reports::file_of(app, asking) {
        Ok((name, kind, content)) => crate::answer::file(&name, kind, content),
        Err(why) => of::<()>(Err(why)),
    }
}

/// The receipt of the last step of a party.
pub fn receipt(app: &App, asking: &Asking) -> Answer {
    let receipt = app.source.receipt(asking.part("version"), asking.part("party"));
    of(receipt.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))))
}

/// Whether anything in the ledger was changed, held against a receipt where one is sent.
pub fn verify(app: &App, asking: &Asking) -> Answer {
    let receipt = |sent: serde_json::Map<String, Value>| match sent.get("receipt") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(told) => told.to_string(),
    };
    of(body(asking).and_then(|sent| pages::ledger::checked(app, asking, &receipt(sent))))
}

/// The text of a version.
pub fn version(app: &App, asking: &Asking) -> Answer {
    let version = asking.part("version");
    of(app.source.agreement_text(Some(version)).map(|text| json!({ "version": version, "text": text })))
}

/// Imports what waits with a mapping.
pub fn mapping(app: &App, asking: &Asking) -> Answer {
    let Some(by) = &asking.viewer else { return nowhere() };
    let done = || -> Result<Value, Trouble> {
        let sent = fields(asking)?;
        let text = |name: &str| sent.get(name).map_or("", String::as_str);
        app.source.import_with(text("mapping"))?;
        app.note(&by.user.name, "mapped", text("file"), &asking.client);
        Ok(json!({ "begun": true }))
    };
    of(done())
}

/// What a text of the agreement would have changed.
pub fn preview(app: &App, asking: &Asking) -> Answer {
    of(fields(asking).and_then(|sent| app.source.preview_agreement(sent.get("text").map_or("", String::as_str))))
}
