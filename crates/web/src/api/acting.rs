//! What programs do: the acts of pages, with a body of JSON.
//!
//! Invariant: a body that cannot be read changes nothing, and says which part is wrong.

use serde_json::{Map, Value, json};

use super::{nowhere, of, trouble};
use crate::answer::Answer;
use crate::app::App;
use crate::pages::{agreement, disputes, huddle, rejects};
use crate::serve::Asking;
use crate::session::Viewer;
use crate::source::{ClaimAsked, Doing, LeadAct, Mended, SignAct, Signing, Trouble, TroubleKind};

/// What a program sent, where it is one object.
pub fn body(asking: &Asking) -> Result<Map<String, Value>, Trouble> {
    match serde_json::from_slice(&asking.body) {
        Ok(Value::Object(sent)) => Ok(sent),
        _ => Err(bad_body("the body is not one JSON object")),
    }
}

pub fn bad_body(message: impl Into<String>) -> Trouble {
    let hint = Some("see /api/v1/openapi.json".to_owned());
    Trouble { kind: TroubleKind::Asked, code: "bad_body".to_owned(), message: message.into(), hint }
}

/// A text of what was sent; empty where it is left out.
fn text(sent: &Map<String, Value>, name: &str) -> Result<String, Trouble> {
    match sent.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(bad_body(format!("`{name}`: is no text"))),
    }
}

/// What a program says was done about a lead.
pub fn acted(asking: &Asking) -> Result<LeadAct, Trouble> {
    let sent = body(asking)?;
    let text = |name: &str| text(&sent, name);
    let word = text("act")?;
    let doing = Doing::parse(&word).ok_or_else(|| {
        let all: Vec<&str> = Doing::ALL.iter().map(|d| d.word()).collect();
        bad_body(format!("`act`: read `{word}`, expected one of {}", all.join(", ")))
    })?;
    let reached = match sent.get("reached") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(reached)) => *reached,
        Some(_) => return Err(bad_body("`reached`: is neither true nor false")),
    };
    Ok(LeadAct { doing, reached, reason: text("reason")?, words: text("words")? })
}

/// Takes items in.
pub fn entries(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return nowhere() };
    let key = asking.key.as_deref().map(str::trim).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.len() > 200) {
        return of::<()>(Err(bad_body("the Idempotency-Key has more than 200 characters")));
    }
    of(app.source.take_in(&asking.body, key, &viewer.by()))
}

fn viewer(asking: &Asking) -> Result<&Viewer, Trouble> {
    asking.viewer.as_ref().ok_or_else(|| bad_body("nobody asks"))
}

/// Answers a dispute.
pub fn answer_dispute(app: &App, asking: &Asking) -> Answer {
    let done = body(asking).and_then(|sent| {
        let (word, words) = (text(&sent, "answer")?, text(&sent, "words")?);
        disputes::answered(app, asking, &word, &words)
    });
    of(done)
}

/// Disputes a figure.
pub fn dispute_figure(app: &App, asking: &Asking) -> Answer {
    let done = body(asking).and_then(|sent| disputes::figure_disputed(app, asking, &text(&sent, "words")?));
    of(done)
}

/// Keeps a claim.
pub fn keep_claim(app: &App, asking: &Asking) -> Answer {
    let done = || -> Result<Value, Trouble> {
        let (sent, viewer) = (body(asking)?, viewer(asking)?);
        let team = viewer.by().team().ok_or_else(|| bad_body("your role speaks for no team"))?;
        let or = |given: String, usual: &str| if given.is_empty() { usual.to_owned() } else { given };
        let claim = ClaimAsked {
            name: String::new(),
            filter: text(&sent, "where")?,
            metric: text(&sent, "metric")?,
            side: or(text(&sent, "side")?, "below"),
            against: or(text(&sent, "against")?, "rest"),
        };
        let name = text(&sent, "name")?;
        app.source.save_claim(name.trim(), &claim, team)?;
        app.note(&viewer.user.name, "claim_saved", &name, &asking.client);
        Ok(json!({ "name": name.trim() }))
    };
    of(done())
}

/// What a text of the agreement would change.
pub fn check(app: &App, asking: &Asking) -> Answer {
    of(body(asking).and_then(|sent| app.source.check_agreement(&text(&sent, "text")?)))
}

/// Proposes a text of the agreement.
pub fn propose(app: &App, asking: &Asking) -> Answer {
    let done = || -> Result<Value, Trouble> {
        let (sent, viewer) = (body(asking)?, viewer(asking)?);
        let number = app.source.propose(&text(&sent, "text")?, &viewer.by())?;
        app.note(&viewer.user.name, "proposed", &format!("version {number}"), &asking.client);
        Ok(json!({ "version": number }))
    };
    of(done())
}

/// Signs, declines or ends a version; the answer is the receipt.
pub fn sign(app: &App, asking: &Asking) -> Answer {
    let done = || -> Result<Value, Trouble> {
        let (sent, viewer) = (body(asking)?, viewer(asking)?);
        let word = text(&sent, "act")?;
        let act = SignAct::parse(&word)
            .ok_or_else(|| bad_body(format!("`act`: read `{word}`, expected sign, decline or expire")))?;
        let (role, because, password) = (text(&sent, "role")?, text(&sent, "because")?, text(&sent, "password")?);
        let receipt = agreement::signed(app, asking, viewer, &Signing { act, role, because, password })?;
        Ok(serde_json::from_str(&receipt).unwrap_or(Value::String(receipt)))
    };
    match done() {
        Err(why) if why.code == agreement::TOO_MANY => {
            trouble(axum::http::StatusCode::TOO_MANY_REQUESTS, &why.code, &why.message, None)
        }
        done => of(done),
    }
}

/// Keeps a decision of a huddle, or a debrief.
pub fn decide(app: &App, asking: &Asking) -> Answer {
    let done = || -> Result<Value, Trouble> {
        let sent = body(asking)?;
        huddle::kept(app, asking, &text(&sent, "kind")?, &text(&sent, "lead")?, &text(&sent, "words")?)?;
        Ok(json!({ "kept": true }))
    };
    of(done())
}

/// Sets a setting.
pub fn set(app: &App, asking: &Asking) -> Answer {
    let done = || -> Result<Value, Trouble> {
        let (sent, viewer) = (body(asking)?, viewer(asking)?);
        let (name, value) = (text(&sent, "name")?, text(&sent, "value")?);
        app.source.set(&name, value.trim())?;
        app.note(&viewer.user.name, "set", &format!("{name} {}", value.trim()), &asking.client);
        Ok(json!({ "name": name, "value": value.trim() }))
    };
    of(done())
}

/// Begins the import of the files that were sent.
pub fn import(app: &App, asking: &Asking) -> Answer {
    let done = || -> Result<Value, Trouble> {
        let viewer = viewer(asking)?;
        let (folder, count) =
            asking.files.clone().filter(|(_, n)| *n > 0).ok_or_else(|| bad_body("no file was sent"))?;
        app.source.import(folder)?;
        app.note(&viewer.user.name, "imported", &format!("{count} files"), &asking.client);
        Ok(json!({ "files": count }))
    };
    of(done())
}

/// Imports mended rows: `{"rows": [{"id": 7, "cells": {"3": "2026-07-01"}}]}`.
pub fn mend(app: &App, asking: &Asking) -> Answer {
    let read = || -> Result<Vec<Mended>, Trouble> {
        let sent = body(asking)?;
        let rows = sent.get("rows").and_then(Value::as_array).ok_or_else(|| bad_body("`rows`: is no list"))?;
        let row = |row: &Value| {
            let id = row.get("id").and_then(Value::as_u64)?;
            let cells = row.get("cells").and_then(Value::as_object)?;
            let cell = |(column, value): (&String, &Value)| Some((column.parse().ok()?, value.as_str()?.to_owned()));
            Some(Mended { id, cells: cells.iter().map(cell).collect::<Option<Vec<_>>>()? })
        };
        let rows = rows.iter().map(row).collect::<Option<Vec<_>>>();
        rows.ok_or_else(|| bad_body("a row has an `id` and `cells`, each a column from 0 with its text"))
    };
    of(read().and_then(|rows| rejects::mended(app, asking, &rows)).map(|count| json!({ "rows": count })))
}
