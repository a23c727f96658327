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
use crate::pages::{claims, clocks, lead, reports};
use crate::serve::Asking;
use crate::source::{Clocks, Room, Trouble, TroubleKind};

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
            let found = reports::asked(asking).and_then(|asked| source.rows(&asked, asking.part("figure")));
            if let (Ok(_), Some(viewer)) = (&found, &asking.viewer) {
                app.note(&viewer.user.name, "read_rows", &asking.address, &asking.client);
            }
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
        Api::Clocks => of(clocks::found(app, asking).map(Option::<Clocks>::unwrap_or_default)),
        Api::Lead => of(lead::found(app, asking)),
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
    const PERIOD: (&str, &str) =
        ("period", "A quarter, month, year or range such as 2026Q3; the last full quarter where it is left out");
    const AGAINST: (&str, &str) =
        ("against", "previous, year-ago, plan, or another period; previous where it is left out");
    match what {
        Api::Document => ("This document", &[]),
        Api::Report => ("The report of a room: verdict, funnel, quality, followup or scorecard", &[PERIOD, AGAINST]),
        Api::Rows => ("The first 200 rows behind a figure of that report, with file and line", &[PERIOD, AGAINST]),
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
        let query = query.iter().map(
            |(name, means)| json!({ "name": name, "in": "query", "description": means, "schema": { "type": "string" } }),
        );
        let parameters: Vec<Value> = parts.chain(query).collect();
        let shape = if matches!(what, Api::Claims | Api::Agreement) { "array" } else { "object" };
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
            add("403", "The role of the token does not open that");
        }
        if matches!(what, Api::Report | Api::Rows | Api::Claim | Api::Lead) {
            add("400", "What was asked cannot be read");
            add("404", "There is no such thing");
        }
        let security = if what == Api::Document { json!([]) } else { json!([{ "token": [] }]) };
        let id = format!("{what:?}").to_lowercase();
        let get = json!({ "operationId": id, "summary": summary, "parameters": parameters, "security": security, "responses": responses });
        paths.insert(route.path.to_owned(), json!({ "get": get }));
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
