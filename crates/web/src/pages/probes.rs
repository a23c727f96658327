//! What machines ask: is it alive, can it answer, what has it done.

use axum::http::{HeaderValue, StatusCode, header};

use crate::answer::{self, Answer};
use crate::app::App;
use crate::assets;
use crate::serve::Asking;

pub fn asset(asking: &Asking) -> Answer {
    let Some(asset) = assets::find(asking.part("name")) else {
        return answer::plain(StatusCode::NOT_FOUND, "There is no such file.\n");
    };
    let mut out = answer::of(StatusCode::OK, asset.kind, asset.text.as_str());
    let year = HeaderValue::from_static("public, max-age=31536000, immutable");
    out.headers_mut().insert(header::CACHE_CONTROL, year);
    out
}

pub fn health() -> Answer {
    answer::plain(StatusCode::OK, "alive\n")
}

pub fn ready(app: &App) -> Answer {
    match app.source.ready() {
        Ok(()) => answer::plain(StatusCode::OK, "ready\n"),
        Err(why) => answer::plain(StatusCode::SERVICE_UNAVAILABLE, &format!("not ready: {}\n", why.message)),
    }
}

/// Counts of the service alone; for the machine itself, and for whoever a proxy lets through.
pub fn metrics(app: &App, asking: &Asking) -> Answer {
    let is_near = asking.client.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !is_near {
        return answer::plain(StatusCode::FORBIDDEN, "Metrics are read on the machine itself.\n");
    }
    answer::of(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", app.metrics.text())
}
