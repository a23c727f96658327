//! What programs ask for: the same answers as JSON, described in one document.
//!
//! Here: answers, refusals in one envelope, acts (`acting`), users and what they keep (`desk`), the OpenAPI document (`document`). Not here: who may ask (`access`), and
//! anything that pages do not show. Invariant: whatever is no answer comes in the one envelope, with a stable code.

mod acting;
mod desk;
mod document;

use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

pub use self::document::{document, routes, said};
use crate::access::{Api, Route};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::pages::{claims, clocks, disputes, lead, leads, rejects, reports};
use crate::serve::Asking;
use crate::source::{Trouble, TroubleKind};

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
                TroubleKind::Later => StatusCode::ACCEPTED,
                TroubleKind::Ours => StatusCode::SERVICE_UNAVAILABLE,
            };
            let mut out = trouble(status, &why.code, &why.message, why.hint.as_deref());
            if why.kind == TroubleKind::Later {
                out.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
            }
            out
        }
    }
}

/// Things of a short list that are given at once.
const AT_ONCE: usize = 500;

/// A list, so many at a time: after the thing that `after` names, with the address of what follows in the header `Link`.
fn listed<T: Serialize>(asking: &Asking, found: Result<Vec<T>, Trouble>, name: impl Fn(&T) -> String) -> Answer {
    let part = |all: Vec<T>| {
        let from = match asking.asked("after").filter(|after| !after.is_empty()) {
            None => 0,
            Some(after) => match all.iter().position(|one| name(one) == after) {
                Some(place) => place + 1,
                None => return Err(crate::pages::users::bad_cursor(after)),
            },
        };
        let next = all.get(from + AT_ONCE).and(all.get(from + AT_ONCE - 1)).map(&name);
        Ok((all.into_iter().skip(from).take(AT_ONCE).collect::<Vec<T>>(), next))
    };
    match found.and_then(part) {
        Err(why) => of::<()>(Err(why)),
        Ok((part, next)) => {
            let mut out = json_answer(StatusCode::OK, &part);
            let link = next.map(|name| format!("<?after={}>; rel=\"next\"", crate::serve::encoded(&name)));
            if let Some(Ok(link)) = link.map(|link| HeaderValue::from_str(&link)) {
                out.headers_mut().insert(header::LINK, link);
            }
            out
        }
    }
}

/// An answer to a program.
pub fn answer(app: &App, asking: &Asking, what: Api) -> Answer {
    let source = &app.source;
    match what {
        Api::Document => json_answer(StatusCode::OK, &document()),
        Api::Report => of(reports::found(app, asking).map(|found| found.0)),
        Api::File => desk::file(app, asking),
        Api::Rows => {
            let found = reports::rows_of(app, asking).map(|found| found.0);
            of(found)
        }
        Api::Claims => listed(asking, source.claims(), |claim| claim.name.clone()),
        Api::Claim => {
            let asked = claims::asked(asking);
            if asked.name.is_empty() && asked.filter.is_empty() {
                let hint = "give `claim`, a saved claim's name, or `where` and `metric`";
                return trouble(StatusCode::BAD_REQUEST, "bad_claim", "nothing is claimed", Some(hint));
            }
            of(claims::found(app, asking, &asked))
        }
        Api::Clocks => of(clocks::for_program(app, asking)),
        Api::Lead => of(lead::found(app, asking)),
        Api::Leads => of(leads::found(app, asking)),
        Api::Act => of(acting::acted(asking).and_then(|act| lead::done(app, asking, &act))),
        Api::Disputes => listed(asking, disputes::found(app, asking), |dispute| dispute.name.clone()),
        Api::Answer => acting::answer_dispute(app, asking),
        Api::FigureDispute => acting::dispute_figure(app, asking),
        Api::ClaimKeep => acting::keep_claim(app, asking),
        Api::Check => acting::check(app, asking),
        Api::Propose => acting::propose(app, asking),
        Api::Sign => acting::sign(app, asking),
        Api::Decide => acting::decide(app, asking),
        Api::Set => acting::set(app, asking),
        Api::Import => acting::import(app, asking),
        Api::Huddle => of(source.huddle()),
        Api::Settings => of(source.settings()),
        Api::Imports => json_answer(StatusCode::OK, &source.imports()),
        Api::Entries => acting::entries(app, asking),
        Api::Agreement => of(source.agreements()),
        Api::Ledger => of(source.ledger(asking.asked("after").unwrap_or(""))),
        Api::RejectFile => of(rejects::found(app, asking)),
        Api::Mend => acting::mend(app, asking),
        Api::Verify => desk::verify(app, asking),
        Api::Mapping => desk::mapping(app, asking),
        Api::Preview => desk::preview(app, asking),
        Api::Version => desk::version(app, asking),
        Api::Receipt => desk::receipt(app, asking),
        Api::Tokens => listed(asking, desk::tokens(app, asking), |token| format!("{}/{}", token.user, token.label)),
        Api::Views => listed(asking, desk::views(app, asking), |view| view.name.clone()),
        Api::Users => listed(asking, desk::users(app), |user| user.name.clone()),
        Api::Glossary
        | Api::Me
        | Api::Password
        | Api::TokenMake
        | Api::TokenEnd
        | Api::ViewKeep
        | Api::ViewDrop
        | Api::UserAdd
        | Api::UserChange
        | Api::UserPassword
        | Api::UserClose
        | Api::Audit => desk::answer(app, asking, what),
        Api::Rejects => {
            if let Some(viewer) = &asking.viewer {
                app.note(&viewer.user.name, "read_rejects", "", &asking.client);
            }
            of(source.rejects(asking.asked("after").unwrap_or("")))
        }
    }
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
        None => no_token(),
    }
}

/// Said to a program that shows no token.
pub fn no_token() -> Answer {
    let hint = "send `Authorization: Bearer TOKEN`; `lockstep user token` makes one";
    let mut out = trouble(StatusCode::UNAUTHORIZED, "no_token", "no token that holds was sent", Some(hint));
    out.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    out
}

/// Something said to a program, in the envelope.
pub fn told(status: StatusCode, code: &str, message: &str) -> Answer {
    trouble(status, code, message, None)
}
