//! What stands where an answer should: what failed, what is still true, what to do.

use axum::http::{HeaderValue, StatusCode};
use maud::html;

use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed, role_words};
use crate::serve::Asking;
use crate::source::{Trouble, TroubleKind};

/// A page that says what went wrong.
pub fn page(app: &App, asking: &Asking, place: &str, trouble: &Trouble) -> Answer {
    let (status, title, still) = match trouble.kind {
        TroubleKind::Asked => (StatusCode::BAD_REQUEST, "This cannot be read", ""),
        TroubleKind::Missing => (StatusCode::NOT_FOUND, "There is no such thing", ""),
        TroubleKind::Later => (StatusCode::ACCEPTED, "This is being worked out", ""),
        TroubleKind::Ours => {
            tracing::error!(code = trouble.code, "{}", trouble.message);
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "This cannot be shown just now",
                "Nothing was changed, and nothing is lost.",
            )
        }
    };
    let is_later = trouble.kind == TroubleKind::Later;
    let body = html! {
        div.problem role=(if is_later { "status" } else { "alert" }) {
            @if is_later { h2 { "It comes by itself" } } @else { h2 { "There is a problem" } }
            p { (crate::pages::forms::sentence(&trouble.message)) @if !still.is_empty() { " " (still) } }
            @if let Some(hint) = &trouble.hint { p.hint { "What to do: " (hint) } }
            @if !is_later { p.hint { "Code " code { (trouble.code) } } }
        }
    };
    let mut out = framed(app, asking, status, Framed { title, place, tools: html! {}, body });
    if is_later {
        // browsers load the same address again, with a script or without
        out.headers_mut().insert("refresh", HeaderValue::from_static("3"));
    }
    out
}

/// Said to somebody signed in whose role does not open a page.
pub fn not_allowed(app: &App, asking: &Asking) -> Answer {
    let role = asking.viewer.as_ref().map_or(String::new(), |v| role_words(v.user.role.word()));
    let body = html! {
        p.lead { "Your role, " (role) ", does not open this page." }
        p.nothing.outside { "Who sees what is the same table for pages, exports and searches. An admin can add a user with another role." }
    };
    let title = "Not for this role";
    framed(app, asking, StatusCode::FORBIDDEN, Framed { title, place: "", tools: html! {}, body })
}
