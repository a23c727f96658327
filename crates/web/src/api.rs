//! What programs ask for: the same answers as JSON, described in one document.
//!
//! Here: answers, refusals in one envelope, the OpenAPI document. Not here: who may ask (`access`), and anything that pages do
//! not show. Invariant: every route of the table under `/api/v1` stands in the document, and no other.

use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::access::{Api, Page, ROUTES, Route, Who};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::pages::{claims, clocks, disputes, lead, leads, reports};
use crate::serve::Asking;
use crate::source::{Doing, LeadAct, Room, Trouble, TroubleKind};

fn json_answer(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_string(value) {
        Ok(text) => answer::of(status, "application/json", text + "\n"),
        Err(cause) => {
            tracing::error!("an answer could not be written as JSON: {cause}");
            answer::of(StatusCode::INTERNAL_SERVER_ERROR, "application/json", "{}\n")
        }
    }
}

/// The envelope of everything that is no answer.
fn trouble(status: StatusCode, code: &str, message: &str, hint: Option<&str>) -> Answer {
    json_answer(status, &json!({ "error": { "code": code, "message": message, "hint": hint } }))
}

fn of<T: Serialize>(found: Result<T, Trouble>) -> Answer {
    match found {
        Ok(value) => json_answer(StatusCode::OK, &value),
        Err(why) => {
            let status = match why.kind {
                TroubleKind::Asked => StatusCode::BAD_REQUEST,
                TroubleKind::Missing => StatusCode::NOT_FOUND,
                TroubleKind::Ours => StatusCode::SERVICE_UNAVAILABLE,
            };
            trouble(status, &why.code, &why.message, why.hint.as_deref())
        }
    }
}

/// An answer to a program.
pub fn answer(app: &App, asking: &Asking, what: Api) -> Answer {
    let source = &app.source;
    match what {
        Api::Document => json_answer(StatusCode::OK, &document()),
        Api::Report => of(reports::asked(asking).and_then(|asked| source.report(&asked))),
        Api::Rows => {
            let found = reports::rows_of(app, asking).map(|found| found.0);
            of(found)
        }
        Api::Claims => of(source.claims()),
        Api::Claim => {
            let asked = claims::asked(asking);
            if asked.name.is_empty() && asked.filter.is_empty() {
                let hint = "give `claim`, a saved claim's name, or `where` and `metric`";
                return trouble(StatusCode::BAD_REQUEST, "bad_claim", "nothing is claimed", Some(hint));
            }
            of(source.claim(&asked))
        }
        Api::Clocks => of(clocks::for_program(app, asking)),
        Api::Lead => of(lead::found(app, asking)),
        Api::Leads => of(leads::found(app, asking)),
        Api::Act => of(acted(asking).and_then(|act| lead::done(app, asking, &act))),
        Api::Disputes => of(disputes::found(app, asking)),
        Api::Answer => of(body(asking).and_then(|sent| {
            let text = |name| sent.get(name).and_then(Value::as_str).unwrap_or("");
            disputes::answered(app, asking, text("answer"), text("words"))
        })),
        Api::Huddle => of(source.huddle()),
        Api::Settings => of(source.settings()),
        Api::Imports => json_answer(StatusCode::OK, &source.imports()),
        Api::Entries => entries(app, asking),
        Api::Agreement => of(source.agreements()),
        Api::Ledger => of(source.ledger()),
        Api::Rejects => {
            if let Some(viewer) = &asking.viewer {
                app.note(&viewer.user.name, "read_rejects", "", &asking.client);
            }
            of(source.rejects())
        }
    }
}

/// What a program sent, where it is one object.
fn body(asking: &Asking) -> Result<Map<String, Value>, Trouble> {
    match serde_json::from_slice(&asking.body) {
        Ok(Value::Object(sent)) => Ok(sent),
        _ => Err(bad_body("the body is not one JSON object")),
    }
}

fn bad_body(message: impl Into<String>) -> Trouble {
    let hint = Some("see /api/v1/openapi.json".to_owned());
    Trouble { kind: TroubleKind::Asked, code: "bad_body".to_owned(), message: message.into(), hint }
}

/// What a program says was done about a lead.
fn acted(asking: &Asking) -> Result<LeadAct, Trouble> {
    let sent = body(asking)?;
    let text = |name: &str| match sent.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(bad_body(format!("`{name}`: is no text"))),
    };
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
fn entries(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return nowhere() };
    let key = asking.key.as_deref().map(str::trim).filter(|key| !key.is_empty());
    if key.is_some_and(|key| key.len() > 200) {
        return of::<()>(Err(bad_body("the Idempotency-Key has more than 200 characters")));
    }
    of(app.source.take_in(&asking.body, key, &viewer.by()))
}

/// Said to a program whose token reads alone.
pub fn reads_only() -> Answer {
    let hint = "make one that writes: lockstep user token NAME --label LABEL --write";
    trouble(StatusCode::FORBIDDEN, "reads_only", "this token reads and does not write", Some(hint))
}

/// Said where a page of another site sent something.
pub fn not_from_a_page() -> Answer {
    trouble(StatusCode::FORBIDDEN, "other_site", "this was sent from a page of another site", None)
}

/// Said to what is too long.
pub fn too_long(most: usize) -> Answer {
    let hint = format!("send at most {} MiB at once", most / (1 << 20));
    trouble(StatusCode::PAYLOAD_TOO_LARGE, "too_long", "what was sent is too long", Some(&hint))
}

/// Said where there is nothing to ask.
pub fn nowhere() -> Answer {
    let hint = "see /api/v1/openapi.json";
    trouble(StatusCode::NOT_FOUND, "unknown_address", "there is nothing at this address", Some(hint))
}

/// Said to a program that may not ask this.
pub fn refused(app: &App, route: &Route, asking: &Asking) -> Answer {
    match &asking.viewer {
        Some(viewer) => {
            app.note(&viewer.user.name, "not_allowed", route.path, &asking.client);
            trouble(StatusCode::FORBIDDEN, "not_allowed", "the role of this token does not open that", None)
        }
        None => {
            let hint = "send `Authorization: Bearer TOKEN`; `lockstep user token` makes one";
            let mut out = trouble(StatusCode::UNAUTHORIZED, "no_token", "no token that holds was sent", Some(hint));
            out.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            out
        }
    }
}

/// What a route gives: a line for people, and the names of its query with what each is.
pub fn said(what: Api) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match what {
        Api::Document => ("This document", &[]),
        Api::Report => ("The report of a room; each takes the settings of its own", &[]),
        Api::Rows => ("The first 200 rows behind a figure of that report, with file and line", &[]),
        Api::Claims => ("What either team saved as a claim", &[]),
        Api::Claim => (
            "A claim, checked",
            &[
                ("claim", "A saved claim's name; the others are left out then"),
                ("where", "Of which leads, such as: source = Webinar and created in 2026Q3"),
                ("metric", "What is claimed of them, such as win_rate"),
                ("side", "below or above; below where it is left out"),
                ("against", "rest, before, or a share such as 20%; rest where it is left out"),
            ],
        ),
        Api::Clocks => ("Open clocks: late with nothing done, and running", &[("owner", "Of the leads of one owner")]),
        Api::Lead => ("A lead by its id in the CRM: its score and what happened", &[]),
        Api::Leads => (
            "Leads, the newest first, fifty at a time",
            &[
                ("where", "A filter such as: source = Webinar and created in 2026Q3"),
                ("stage", "Where they stand: inquiry, mql, sal, ..."),
                ("owner", "As which owner the CRM has them"),
                ("after", "`next` of the page before"),
            ],
        ),
        Api::Act => ("Does something about a lead: a call, a disposition, an appeal", &[]),
        Api::Disputes => ("Disputes of facts, the newest first", &[]),
        Api::Huddle => ("What both teams speak about when they meet: at most seven things", &[]),
        Api::Settings => ("The settings of the company", &[]),
        Api::Imports => ("How far the import is that somebody began on a page, and what came of the last one", &[]),
        Api::Answer => ("Answers or decides a dispute", &[]),
        Api::Entries => (
            "Takes entries in: acknowledged when they are on the disk; an entry that cannot be read is named, all others are taken",
            &[],
        ),
        Api::Agreement => ("All versions of the agreement, the newest first", &[]),
        Api::Ledger => ("What the ledger holds", &[]),
        Api::Rejects => ("Rows that could not be read", &[]),
    }
}

/// The routes for programs.
pub fn routes() -> impl Iterator<Item = (&'static Route, Api)> {
    ROUTES.iter().filter_map(|route| match route.page {
        Page::Api(what) => Some((route, what)),
        _ => None,
    })
}

/// What a program sends.
fn sent(what: Api) -> Value {
    let words = json!({ "type": "string", "maxLength": 500 });
    match what {
        Api::Act => {
            let acts: Vec<&str> = Doing::ALL.iter().map(|d| d.word()).collect();
            json!({ "type": "object", "required": ["act"], "properties": {
                "act": { "type": "string", "enum": acts },
                "reached": { "type": "boolean", "description": "Whether both sides spoke" },
                "reason": { "type": "string", "description": "Of the agreement, where the lead is turned down" },
                "words": words,
            } })
        }
        Api::Answer => {
            let answers: Vec<&str> = crate::source::Answer::ALL.iter().map(|a| a.word()).collect();
            json!({ "type": "object", "required": ["answer"], "properties": {
                "answer": { "type": "string", "enum": answers }, "words": words,
            } })
        }
        _ => {
            let item = json!({ "type": "object", "required": ["entity", "id"], "properties": {
                "entity": { "type": "string", "description": "lead, activity, opportunity, ..." },
                "system": { "type": "string", "description": "Whose ids these are, such as salesforce; api where it is left out" },
                "id": { "type": "string" },
                "subject": { "type": "object", "description": "What it is about: one of lead, person, opportunity, account with its id" },
                "at": { "type": "string", "description": "When: a day, a moment with its offset, or two days with / between" },
                "deleted": { "type": "boolean" },
                "person": { "type": "object", "properties": { "mail": { "type": "string" }, "phone": { "type": "string" }, "name": { "type": "string" } } },
                "fields": { "type": "object", "description": "By the words of the glossary" },
            } });
            json!({ "type": "object", "required": ["entries"], "additionalProperties": false, "properties": {
                "entries": { "type": "array", "maxItems": 10_000, "items": item },
            } })
        }
    }
}

/// The OpenAPI document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for (route, what) in routes() {
        let (summary, query) = said(what);
        let parts = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let parts = parts.map(|name| {
            let rooms: Vec<&str> = Room::ALL.iter().map(|room| room.word()).collect();
            let schema = match name {
                "room" => json!({ "type": "string", "enum": rooms }),
                _ => json!({ "type": "string" }),
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        });
        // a setting stands once, with the rooms that take it
        let mut settings: Vec<(&str, String)> = Vec::new();
        for room in Room::ALL.into_iter().filter(|_| matches!(what, Api::Report | Api::Rows)) {
            for setting in room.settings() {
                match settings.iter_mut().find(|(name, _)| *name == setting.name) {
                    Some((_, means)) => means.push_str(&format!(", {}", room.word())),
                    None => settings
                        .push((setting.name, format!("{}: {}. Of {}", setting.label, setting.hint, room.word()))),
                }
            }
        }
        let query = query.iter().map(|(name, means)| (*name, (*means).to_owned())).chain(settings);
        let query = query.map(
            |(name, means)| json!({ "name": name, "in": "query", "description": means, "schema": { "type": "string" } }),
        );
        let parameters: Vec<Value> = parts.chain(query).collect();
        let shape = if matches!(what, Api::Claims | Api::Agreement | Api::Disputes | Api::Settings) {
            "array"
        } else {
            "object"
        };
        let ok = json!({ "description": summary, "content": { "application/json": { "schema": { "type": shape } } } });
        let mut responses = Map::from_iter([("200".to_owned(), ok)]);
        let mut add = |status: &str, means: &str| {
            let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Trouble" } } });
            responses.insert(status.to_owned(), json!({ "description": means, "content": content }));
        };
        if what != Api::Document {
            add("401", "No token that holds was sent");
            add("503", "The records cannot be read just now");
        }
        if matches!(route.who, Who::Only(_)) {
            add("403", "The role of the token does not open that, or the token reads alone");
        }
        if matches!(what, Api::Report | Api::Rows | Api::Claim | Api::Lead | Api::Leads) || route.posts {
            add("400", "What was asked cannot be read, or cannot be done now");
        }
        if matches!(what, Api::Report | Api::Rows | Api::Claim | Api::Lead | Api::Act | Api::Answer) {
            add("404", "There is no such thing");
        }
        if route.posts {
            add("413", "What was sent is too long");
        }
        let security = if what == Api::Document { json!([]) } else { json!([{ "token": [] }]) };
        let id = format!("{what:?}").to_lowercase();
        let mut said = json!({ "operationId": id, "summary": summary, "parameters": parameters, "security": security, "responses": responses });
        if let (true, Some(said)) = (route.posts, said.as_object_mut()) {
            let content = json!({ "application/json": { "schema": sent(what) } });
            said.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
            if what == Api::Entries {
                let means =
                    "The same entries sent again under the same key are taken once; it is remembered for two days";
                let key = json!({ "name": "Idempotency-Key", "in": "header", "description": means, "schema": { "type": "string", "maxLength": 200 } });
                said.insert("parameters".to_owned(), json!([key]));
            }
        }
        let verb = if route.posts { "post" } else { "get" };
        paths.insert(route.path.to_owned(), json!({ verb: said }));
    }
    let of_trouble = json!({
        "type": "object",
        "required": ["error"],
        "properties": { "error": {
            "type": "object",
            "required": ["code", "message", "hint"],
            "properties": {
                "code": { "type": "string", "description": "A stable word" },
                "message": { "type": "string" },
                "hint": { "type": ["string", "null"], "description": "What to do about it" },
            },
        } },
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Lockstep",
            "version": "1",
            "description": "The answers of the pages as JSON. Figures are those of the commands for the same question.",
        },
        "paths": paths,
        "components": {
            "schemas": { "Trouble": of_trouble },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}
