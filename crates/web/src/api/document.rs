//! The OpenAPI document: made from the table of routes, locked by a test.
//!
//! Invariant: every route of the table under `/api/v1` stands in it, and no other.

use serde_json::{Map, Value, json};

use crate::access::{Api, Page, ROUTES, Route, Who};
use crate::source::{Doing, Room};

/// The query of what goes on.
const AFTER: &[(&str, &str)] = &[("after", "`next` of the page before")];
/// The query of a short list that goes on.
const LINK: &[(&str, &str)] = &[("after", "The last one of the page before, as its header `Link` has it")];

/// What a route gives: a line for people, and the names of its query with what each is.
pub fn said(what: Api) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match what {
        Api::Document => ("This document", &[]),
        Api::Report => ("The report of a room; each takes the settings of its own", &[]),
        Api::Rows => ("The rows behind a figure of that report, with file and line, 200 at a time", AFTER),
        Api::Claims => ("What either team saved as a claim, 500 at a time", LINK),
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
        Api::Clocks => (
            "Open clocks: late with nothing done, the last to run out first, then running, the next to run out first; 1,000 at a time",
            &[("owner", "Of the leads of one owner"), ("after", "`next` of the page before")],
        ),
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
        Api::Disputes => ("Disputes of facts, the newest first, 500 at a time", LINK),
        Api::Huddle => ("What both teams speak about when they meet: at most seven things", &[]),
        Api::Settings => ("The settings of the company", &[]),
        Api::Imports => ("How far the import is that somebody began on a page, and what came of the last one", &[]),
        Api::Answer => ("Answers or decides a dispute", &[]),
        Api::Entries => (
            "Takes entries in: acknowledged when they are on the disk; an entry that cannot be read is named, all others are taken",
            &[],
        ),
        Api::Agreement => ("All versions of the agreement, the newest first", &[]),
        Api::ClaimKeep => ("Keeps a claim for the team of whoever asks, for good", &[]),
        Api::FigureDispute => ("Disputes a figure of a report", &[]),
        Api::Check => ("What a text of the agreement would change against the version in force", &[]),
        Api::Propose => ("Proposes a text of the agreement", &[]),
        Api::Sign => {
            ("Signs, declines or ends a version, with the signer's own password again; gives the receipt", &[])
        }
        Api::Decide => ("Keeps what was decided, or a debrief from the field", &[]),
        Api::Set => ("Sets a setting of the company; an empty value takes it away", &[]),
        Api::Import => ("Takes files in and begins their import; GET says how far it is", &[]),
        Api::Mapping => ("Imports the files that were not recognised with a mapping, which is kept", &[]),
        Api::Preview => {
            ("What a text of the agreement would have changed, replayed on the company's own last year", &[])
        }
        Api::Version => ("The text of a version of the agreement", &[]),
        Api::Receipt => ("The receipt of the last step of a party about a version", &[]),
        Api::File => ("The report of a room as a file: html, csv, xlsx, json or md", &[]),
        Api::Glossary => ("The words of the pages", &[]),
        Api::Me => ("Whose token it is", &[]),
        Api::Password => ("Changes one's own password; it ends all one's sign-ins", &[]),
        Api::Tokens => ("Tokens that hold: one's own, of an admin all; 500 at a time", LINK),
        Api::TokenMake => ("Makes a token in one's own place, with one's password; it is shown this once", &[]),
        Api::TokenEnd => ("Ends a token: one's own, of an admin any", &[]),
        Api::Views => ("Views of leads that one keeps, 500 at a time", LINK),
        Api::ViewKeep => ("Keeps a view of leads for oneself; one of the same name gives way", &[]),
        Api::ViewDrop => ("Drops a view of one's own", &[]),
        Api::Users => ("All users, those that were closed too, 500 at a time", LINK),
        Api::UserAdd => ("Adds a user", &[]),
        Api::UserChange => ("Changes a user; what is left out stays as it is", &[]),
        Api::UserPassword => ("Gives somebody else another password; it ends their sign-ins", &[]),
        Api::UserClose => ("Closes a user: nobody signs in under the name any more", &[]),
        Api::Audit => ("Who did what, the newest first, 500 at a time", AFTER),
        Api::Ledger => ("What the ledger holds; its batches the newest first, 200 at a time", AFTER),
        Api::Verify => (
            "Whether every byte of the ledger is what it was; with a receipt, whether anything before it was rewritten",
            &[],
        ),
        Api::Rejects => ("Rows that could not be read, 500 at a time", AFTER),
        Api::RejectFile => {
            ("The rows of one file that could not be read, by its batch and number such as 3.12, 20 at a time", AFTER)
        }
        Api::Mend => ("Begins the import of rows of that file as they were mended", &[]),
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
        Api::ClaimKeep => object(
            &["name", "where", "metric"],
            &[
                ("name", "Under which it is kept"),
                ("where", "Of which leads, such as: source = Webinar and created in 2026Q3"),
                ("metric", "What is claimed of them, such as win_rate"),
                ("side", "below or above; below where it is left out"),
                ("against", "rest, before, or a share such as 20%; rest where it is left out"),
            ],
        ),
        Api::FigureDispute => object(&["words"], &[("words", "What is wrong with it, in a sentence")]),
        Api::Check | Api::Propose => object(&["text"], &[("text", "The agreement, as TOML")]),
        Api::Sign => object(
            &["act", "role", "password"],
            &[
                ("act", "sign, decline or expire"),
                ("role", "In which role of the text"),
                ("password", "Of whoever signs: it opens their own key"),
                ("because", "Why, where it is declined"),
            ],
        ),
        Api::Decide => object(
            &["words"],
            &[
                ("words", "Who does what until when; or what was heard"),
                ("kind", "decision or debrief; decision where it is left out"),
                ("lead", "Of a debrief: the lead it is about"),
            ],
        ),
        Api::Mend => {
            json!({ "type": "object", "required": ["rows"], "properties": { "rows": { "type": "array", "items": {
            "type": "object", "required": ["id", "cells"], "properties": {
                "id": { "type": "integer", "minimum": 0 },
                "cells": { "type": "object", "description": "Columns from 0, each with what shall stand there", "additionalProperties": { "type": "string" } },
            },
        } } } })
        }
        Api::Preview => object(&["text"], &[("text", "The agreement, as TOML")]),
        Api::Mapping => object(
            &["mapping"],
            &[
                ("mapping", "How the columns are read, as TOML; GET /api/v1/imports suggests one"),
                ("file", "For the audit log"),
            ],
        ),
        Api::Password => object(&["old", "new"], &[("old", "The password now"), ("new", "12 characters or more")]),
        Api::TokenMake => object(
            &["label", "password"],
            &[
                ("label", "What it is for, at most 60 characters"),
                ("scope", "read or write; read where it is left out"),
                ("days", "Until it ends, 1 to 366; 90 where it is left out"),
                ("password", "Of whoever asks"),
            ],
        ),
        Api::TokenEnd => object(&["label"], &[("label", "Which"), ("user", "Whose; one's own where it is left out")]),
        Api::ViewKeep => object(
            &["name", "query"],
            &[("name", "At most 60 characters"), ("query", "The end of an address of leads: where, stage, owner")],
        ),
        Api::ViewDrop => object(&["name"], &[("name", "Which")]),
        Api::UserAdd => {
            object(&["name", "label", "role", "password"], &[USER_NAME, LABEL, ROLE, OWNER, MANAGER, FIRST])
        }
        Api::UserChange => object(&[], &[LABEL, ROLE, OWNER, MANAGER]),
        Api::UserPassword => object(&["password"], &[FIRST]),
        Api::UserClose => object(&[], &[]),
        Api::Verify => json!({ "type": "object", "properties": {
            "receipt": { "type": ["object", "string"], "description": "As the signature left it; may be left out" },
        } }),
        Api::Set => object(&["name", "value"], &[("name", "Of the setting"), ("value", "Empty: it is taken away")]),
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

const USER_NAME: (&str, &str) = ("name", "What is typed at sign-in, without spaces");
const LABEL: (&str, &str) = ("label", "What pages call them");
const ROLE: (&str, &str) = ("role", "admin, ceo, sales_lead, marketing_lead, revops, rep, marketer or mediator");
const OWNER: (&str, &str) = ("owner", "As which owner the CRM has them; of a rep it must be given");
const MANAGER: (&str, &str) = ("manager", "The user who manages them; empty: as the CRM has it");
const FIRST: (&str, &str) = ("password", "12 characters or more");

/// An object of texts.
fn object(required: &[&str], texts: &[(&str, &str)]) -> Value {
    let properties: Map<String, Value> = texts
        .iter()
        .map(|(name, means)| ((*name).to_owned(), json!({ "type": "string", "description": means })))
        .collect();
    json!({ "type": "object", "required": required, "properties": properties })
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
                "format" => {
                    let words: Vec<&str> = crate::pages::reports::FORMATS.iter().map(|(word, ..)| *word).collect();
                    json!({ "type": "string", "enum": words })
                }
                _ => json!({ "type": "string" }),
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        });
        // a setting stands once, with the rooms that take it
        let mut settings: Vec<(&str, String)> = Vec::new();
        for room in Room::ALL.into_iter().filter(|_| matches!(what, Api::Report | Api::Rows | Api::File)) {
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
        let is_list = matches!(
            what,
            Api::Claims
                | Api::Agreement
                | Api::Disputes
                | Api::Settings
                | Api::Glossary
                | Api::Tokens
                | Api::Views
                | Api::Users
        );
        let content = if what == Api::File {
            let kinds = crate::pages::reports::FORMATS.iter().map(|(_, _, kind)| ((*kind).to_owned(), json!({})));
            Value::Object(kinds.collect())
        } else {
            json!({ "application/json": { "schema": { "type": if is_list { "array" } else { "object" } } } })
        };
        let ok = json!({ "description": summary, "content": content });
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
        let may_be_wrong = matches!(
            what,
            Api::Report
                | Api::Rows
                | Api::Claim
                | Api::Lead
                | Api::Leads
                | Api::Clocks
                | Api::File
                | Api::Audit
                | Api::Claims
                | Api::Disputes
                | Api::Tokens
                | Api::Views
                | Api::Users
                | Api::Ledger
                | Api::Rejects
                | Api::RejectFile
        );
        if may_be_wrong || route.posts {
            add("400", "What was asked cannot be read, or cannot be done now");
        }
        if matches!(
            what,
            Api::Report
                | Api::Rows
                | Api::Claim
                | Api::Lead
                | Api::Act
                | Api::Answer
                | Api::FigureDispute
                | Api::Sign
                | Api::RejectFile
                | Api::Mend
                | Api::File
                | Api::Version
                | Api::Receipt
                | Api::TokenEnd
                | Api::ViewDrop
                | Api::UserChange
                | Api::UserPassword
                | Api::UserClose
        ) {
            add("404", "There is no such thing");
        }
        if matches!(what, Api::Report | Api::Rows | Api::File) {
            add("202", "It is being worked out: ask again in some seconds");
        }
        if route.posts {
            add("413", "What was sent is too long");
        }
        if matches!(what, Api::Sign | Api::Password | Api::TokenMake) {
            add("429", "The password was tried too often");
        }
        if what == Api::Import {
            add("409", "Another import is under way");
        }
        let security = if what == Api::Document { json!([]) } else { json!([{ "token": [] }]) };
        let id = format!("{what:?}").to_lowercase();
        let mut said = json!({ "operationId": id, "summary": summary, "parameters": parameters, "security": security, "responses": responses });
        if let (true, Some(said)) = (route.posts, said.as_object_mut()) {
            let content = match what {
                Api::Import => json!({ "multipart/form-data": { "schema": { "type": "object", "properties": {
                    "files": { "type": "array", "items": { "type": "string", "format": "binary" } },
                } } } }),
                _ => json!({ "application/json": { "schema": sent(what) } }),
            };
            said.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
            if what == Api::Entries {
                let means =
                    "The same entries sent again under the same key are taken once; it is remembered for two days";
                let key = json!({ "name": "Idempotency-Key", "in": "header", "description": means, "schema": { "type": "string", "maxLength": 200 } });
                said.insert("parameters".to_owned(), json!([key]));
            }
        }
        let verb = if route.posts { "post" } else { "get" };
        let verbs = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(verbs) = verbs.as_object_mut() {
            verbs.insert(verb.to_owned(), said);
        }
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
