//! Answers: a page, a file, a way elsewhere, and what says that something is not to be had.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};

/// An answer before its headers for safety are set.
pub type Answer = Response<Body>;

/// What a page may do: show what we serve, send forms to us, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub fn of(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Answer {
    let mut out = Response::new(body.into());
    *out.status_mut() = status;
    out.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    out
}

pub fn page(status: StatusCode, html: String) -> Answer {
    of(status, "text/html; charset=utf-8", html)
}

pub fn plain(status: StatusCode, text: &str) -> Answer {
    of(status, "text/plain; charset=utf-8", text.to_owned())
}

/// A file to be saved.
pub fn file(name: &str, kind: &'static str, content: impl Into<Body>) -> Answer {
    let mut out = of(StatusCode::OK, kind, content);
    // names are made of our own words
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        out.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    out
}

/// On to another page, by `GET`.
pub fn onward(to: &str) -> Answer {
    let mut out = plain(StatusCode::SEE_OTHER, "");
    if let Ok(value) = HeaderValue::from_str(to) {
        out.headers_mut().insert(header::LOCATION, value);
    }
    out
}

/// Sets a cookie with an answer.
pub fn with_cookie(mut answer: Answer, cookie: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, value);
    }
    answer
}

/// Sets the headers that every answer has.
pub fn guarded(mut answer: Answer, request: &str, secure: bool) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // what depends on who asks is kept by nobody
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(request) {
        headers.insert("x-request-id", value);
    }
    answer
}
