//! From a request to its answer: the route of the table, who asks, whether they may, and the page.
//!
//! Invariant: no page is asked for before the guard has let the request pass.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, RawPathParams};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::routing::{MethodFilter, on};
use tokio::net::TcpListener;

use crate::access::{Api, Page, ROUTES, Route, Who};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::pages;
use crate::session::{self, Viewer};
use crate::source::Moment;
use crate::tls::{Peer, Tls};

/// The longest form that is read, in bytes.
const LONGEST_FORM: usize = 64 * 1_024;
/// The longest form of rows that are mended.
const LONGEST_ROWS: usize = 1_024 * 1_024;
/// The longest that a program can send at once, in bytes.
const LONGEST_PUSH: usize = 16 * 1_024 * 1_024;

/// A request that has passed the guard.
#[derive(Debug)]
pub struct Asking {
    pub page: Page,
    pub viewer: Option<Viewer>,
    /// What stands in the `{parts}` of the path.
    pub parts: HashMap<String, String>,
    pub query: HashMap<String, String>,
    /// The fields of a form.
    pub fields: HashMap<String, String>,
    /// What a program sent.
    pub body: Vec<u8>,
    /// The folder of the files that were sent, and how many they are: the form that sent them has shown whose it is.
    pub files: Option<(std::path::PathBuf, usize)>,
    /// Under which key of its own, so that it can send it again.
    pub key: Option<String>,
    /// The client's address.
    pub client: String,
    /// Path and query, for coming back.
    pub address: String,
    /// What pages showed before this one was made.
    pub seen: Moment,
}

impl Asking {
    pub fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }

    /// A value of the query that is not blank.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// The router of all routes of the table.
pub fn router(app: Arc<App>) -> Router {
    let mut out = Router::new();
    for route in ROUTES {
        let app = app.clone();
        let handler = move |parts: RawPathParams, request: Request<Body>| {
            let app = app.clone();
            let parts = parts.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            async move { answered(app, route, parts, request).await }
        };
        let filter = if route.posts { MethodFilter::POST } else { MethodFilter::GET };
        out = out.route(route.path, on(filter, handler));
    }
    out.fallback(move |request: Request<Body>| {
        let app = app.clone();
        async move {
            let is_api = request.uri().path().starts_with("/api/");
            logged(&app, "unknown", request.method(), || async move { nowhere(is_api) }).await
        }
    })
}

fn nowhere(is_api: bool) -> Answer {
    if is_api {
        return crate::api::nowhere();
    }
    answer::plain(StatusCode::NOT_FOUND, "There is no such page.\n")
}

/// Serves until told to stop, over TLS where a certificate is given; requests that are under way are answered.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let ending = app.ending.clone();
    let stop = async move {
        stop.await;
        ending.send_replace(true);
    };
    let service = router(app).into_make_service_with_connect_info::<Peer>();
    match tls {
        Some(tls) => axum::serve(tls.over(listener), service).with_graceful_shutdown(stop).await,
        None => axum::serve(listener, service).with_graceful_shutdown(stop).await,
    }
}

/// A number for each request, with which its lines in the log are found.
fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{:x}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn logged<F: Future<Output = Answer>>(
    app: &App,
    route: &str,
    method: &Method,
    act: impl FnOnce() -> F,
) -> Answer {
    let began = std::time::Instant::now();
    let method = method.clone();
    let id = request_id();
    let out = answer::guarded(act().await, &id, app.settings.secure);
    let seconds = began.elapsed().as_secs_f64();
    let status = out.status().as_u16();
    app.metrics.answered(route, status, seconds);
    tracing::info!(request = id, method = method.as_str(), route, status, seconds, "answered");
    out
}

async fn answered(
    app: Arc<App>,
    route: &'static Route,
    parts: HashMap<String, String>,
    request: Request<Body>,
) -> Answer {
    let method = request.method().clone();
    logged(&app, route.path, &method, || passed(app.clone(), route, parts, request)).await
}

async fn passed(
    app: Arc<App>,
    route: &'static Route,
    parts: HashMap<String, String>,
    request: Request<Body>,
) -> Answer {
    let (head, body) = request.into_parts();
    let client = client(&app, &head.headers, head.extensions.get::<ConnectInfo<Peer>>());
    let query = pairs(head.uri.query().unwrap_or(""));
    let address = head.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let is_api = route.path.starts_with("/api/");
    if route.posts && !is_ours(&head.headers) {
        if is_api {
            return crate::api::not_from_a_page();
        }
        return answer::plain(StatusCode::FORBIDDEN, "This form was sent from another site.\n");
    }
    let key = head.headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let bearer = head
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok()?.strip_prefix("Bearer "))
        .map(str::to_owned);
    let token = head
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .find_map(|v| session::token_in(v, app.settings.secure))
        .map(str::to_owned);
    // files are streamed to the disk, and only for whoever may send them
    let (fields, sent, files) = if matches!(route.page, Page::ImportPost | Page::Api(Api::Import)) {
        let who = if is_api { bearer.clone() } else { token.clone() };
        match files(app.clone(), route, who, &head.headers, body).await {
            Ok(files) => (HashMap::new(), Vec::new(), Some(files)),
            Err(answer) => return answer,
        }
    } else {
        let longest = match (is_api, route.page) {
            (true, _) => LONGEST_PUSH,
            (_, Page::MendPost) => LONGEST_ROWS,
            _ => LONGEST_FORM,
        };
        let bytes = if route.posts { axum::body::to_bytes(body, longest).await } else { Ok(Default::default()) };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(_) if is_api => return crate::api::too_long(longest),
            Err(_) => return answer::plain(StatusCode::PAYLOAD_TOO_LARGE, "This form is too long.\n"),
        };
        match is_api {
            true => (HashMap::new(), bytes.to_vec(), None),
            false => (pairs(&String::from_utf8_lossy(&bytes)), Vec::new(), None),
        }
    };
    // whether it is alive is said however much there is to do
    let turn = match route.page {
        Page::Health | Page::Ready | Page::Metrics => None,
        _ => app.turns.clone().acquire_owned().await.ok(),
    };
    let work = move || {
        let _turn = turn;
        let found = match is_api {
            // programs come with a token of their own; a browser's cookie is none
            true => bearer.as_deref().map(|token| of_token(&app, token)),
            false => token.as_deref().map(|token| viewer(&app, token)),
        };
        let viewer = match found.transpose() {
            Ok(viewer) => viewer.flatten(),
            Err(error) => {
                tracing::error!(code = error.code(), "a session could not be read: {error}");
                return answer::plain(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Sign-ins cannot be read just now. Try again.\n",
                );
            }
        };
        let (page, seen) = (route.page, *app.changes.borrow());
        let request = Asking { page, viewer, parts, query, fields, body: sent, files, key, client, address, seen };
        let role = request.viewer.as_ref().map(|v| v.user.role);
        if !route.who.may(role) {
            return refused(&app, route, &request);
        }
        if let (true, Some(viewer)) = (route.posts, &request.viewer)
            && route.who != Who::Everyone
            && !is_api
            && route.page != Page::ImportPost
            && !session::same(request.field("form"), &viewer.form_token)
        {
            let words = "This form is not of your sign-in. Open the page again and send it once more.\n";
            return answer::plain(StatusCode::FORBIDDEN, words);
        }
        if route.changes() && request.viewer.as_ref().is_some_and(|v| !v.may_write) {
            return crate::api::reads_only();
        }
        pages::answer(&app, &request)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(cause) => {
            tracing::error!("a page did not come to an end: {cause}");
            answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made. Nothing was changed.\n")
        }
    }
}

/// Takes files in, for whoever may send them: with a form of their own sign-in, or with a program's token.
async fn files(
    app: Arc<App>,
    route: &'static Route,
    who: Option<String>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(std::path::PathBuf, usize), Answer> {
    let is_api = route.path.starts_with("/api/");
    let said = |status: StatusCode, code: &str, words: &str| match is_api {
        true => crate::api::told(status, code, words.trim_end_matches('.')),
        false => answer::plain(status, &format!("{words}\n")),
    };
    let asked = app.clone();
    let found = tokio::task::spawn_blocking(move || {
        who.map(|who| if is_api { of_token(&asked, &who) } else { viewer(&asked, &who) }).transpose()
    });
    let Ok(Ok(found)) = found.await else {
        return Err(said(StatusCode::SERVICE_UNAVAILABLE, "busy", "Sign-ins cannot be read just now. Try again."));
    };
    let Some(viewer) = found.flatten() else {
        return Err(if is_api { crate::api::no_token() } else { answer::onward("/sign-in") });
    };
    if !route.who.may(Some(viewer.user.role)) {
        app.note(&viewer.user.name, "not_allowed", route.path, "");
        return Err(said(StatusCode::FORBIDDEN, "not_allowed", "Your role does not import files."));
    }
    if !viewer.may_write {
        return Err(crate::api::reads_only());
    }
    let folder = || app.source.new_upload().map_err(|why| pages::sentence(&why.message));
    let form = (!is_api).then_some(viewer.form_token.as_str());
    crate::upload::taken(headers, body, form, folder).await.map_err(|why| said(why.status, "upload", &why.words))
}

fn refused(app: &App, route: &Route, request: &Asking) -> Answer {
    if route.path.starts_with("/api/") {
        return crate::api::refused(app, route, request);
    }
    match &request.viewer {
        None if route.posts => answer::onward("/sign-in"),
        None => answer::onward(&format!("/sign-in?to={}", encoded(&request.address))),
        Some(viewer) => {
            app.note(&viewer.user.name, "not_allowed", route.path, &request.client);
            pages::trouble::not_allowed(app, request)
        }
    }
}

fn viewer(app: &App, token: &str) -> Result<Option<Viewer>, desk::Error> {
    let session = session::name_of(token);
    let found = app.desk.session(&session, (app.now)())?;
    let form_token = session::form_token(token);
    Ok(found.map(|found| Viewer { user: found.user, session, form_token, may_write: true }))
}

/// The user in whose place a program reads or writes. It has no session, and sends no forms.
fn of_token(app: &App, token: &str) -> Result<Option<Viewer>, desk::Error> {
    let found = app.desk.user_of_token(&session::token_hash(token), (app.now)())?;
    let viewer = |(user, may_write)| Viewer { user, session: String::new(), form_token: String::new(), may_write };
    Ok(found.map(viewer))
}

/// Whether a form was sent by a page of ours, as far as the browser says. Tools that are no browser say nothing, and have no
/// cookie of somebody else.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, of)| of == host),
        (Some(_), None) => false,
    }
}

fn client(app: &App, headers: &HeaderMap, from: Option<&ConnectInfo<Peer>>) -> String {
    if app.settings.behind_proxy {
        // the last one was written by our own proxy
        let told = headers.get("x-forwarded-for").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next());
        if let Some(told) = told.map(str::trim).filter(|told| !told.is_empty()) {
            return told.chars().take(64).collect();
        }
    }
    from.map_or_else(|| "unknown".to_owned(), |from| from.0.0.ip().to_string())
}

/// The pairs of a query or a form; of a name that stands twice the last.
pub fn pairs(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// A text as part of an address, in its path or its query.
pub fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_comes_back() {
        for text in ["source = 'Web inar' & more", "100% + ü", "", "a/b?c#d"] {
            assert_eq!(pairs(&format!("x={}", encoded(text)))["x"], text);
        }
        assert_eq!(pairs("a=1&b=%zz+x&a=2&c").get("a").map(String::as_str), Some("2"));
        assert_eq!(pairs("a=1&b=%zz+x&c")["b"], "%zz x");
        assert_eq!(encoded("a b/c"), "a%20b%2Fc");
    }

    #[test]
    fn a_form_of_another_site_is_known_by_what_the_browser_says() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            pairs.iter().for_each(|(k, v)| {
                headers.insert(*k, v.parse().unwrap());
            });
            is_ours(&headers)
        };
        assert!(of(&[]) && of(&[("sec-fetch-site", "same-origin")]));
        assert!(!of(&[("sec-fetch-site", "cross-site")]) && !of(&[("sec-fetch-site", "same-site")]));
        assert!(of(&[("origin", "http://a.example:8600"), ("host", "a.example:8600")]));
        assert!(
            !of(&[("origin", "http://b.example"), ("host", "a.example")]) && !of(&[("origin", "null"), ("host", "a")])
        );
    }
}
