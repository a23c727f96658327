//! Signing in and out.
//!
//! Invariant: whoever signs in gets a fresh token, whatever they came with; a refusal never says whether the name or the password
//! was wrong.

use axum::http::StatusCode;
use maud::html;
use terms::Instant;

use super::forms::{Field, Wrong, summary};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::bare;
use crate::passwords;
use crate::serve::Asking;
use crate::session;

/// A session ends after so long, in seconds: a week.
const LONGEST: i64 = 7 * 86_400;

/// The form.
pub fn form(app: &App, asking: &Asking) -> Answer {
    let to = asking.asked("to").map(own_address).unwrap_or("/").to_owned();
    drawn(app, &to, "", &Wrong::new(), StatusCode::OK)
}

fn drawn(app: &App, to: &str, name: &str, wrong: &Wrong, status: StatusCode) -> Answer {
    let field =
        |name, label, kind, value, complete| Field { name, label, hint: "", kind, value, complete, wide: false };
    let body = html! {
        h1 { "Sign in" }
        (summary(wrong))
        form.panel method="post" action="/sign-in" {
            input type="hidden" name="to" value=(to);
            (field("name", "Name", "text", name, "username").draw(wrong))
            (field("password", "Password", "password", "", "current-password").draw(wrong))
            div.go { button.primary type="submit" { "Sign in" } }
        }
        @if !app.settings.shown_sign_ins.is_empty() {
            section.panel {
                h2 { "Look around" }
                p.hint { "An invented company, with one name for each role." }
                table.rows {
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Role" } } }
                    tbody {
                        @for (name, role, _) in &app.settings.shown_sign_ins {
                            tr { th scope="row" { (name) } td data-label="Role" { (role) } }
                        }
                    }
                }
                @if let Some((_, _, password)) = app.settings.shown_sign_ins.first() { p.note { "The password of all of them is " code { (password) } } }
            }
        }
    };
    let title = if wrong.is_empty() { "Sign in" } else { "Error: Sign in" };
    bare(title, &body, status)
}

/// An address of ours: nothing that a browser could read as another host.
fn own_address(to: &str) -> &str {
    let is_ours = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r']);
    if is_ours && !to.starts_with("/sign-") { to } else { "/" }
}

/// Takes a name and a password.
pub fn sign_in(app: &App, asking: &Asking) -> Answer {
    let name = asking.field("name").trim().to_lowercase();
    let to = own_address(asking.field("to")).to_owned();
    let now = (app.now)();
    let wait = app.throttle.wait(&asking.client, &name, now);
    if wait > 0 {
        app.metrics.sign_in_refused();
        let words = format!("Too many tries. Try again in {wait} seconds.");
        return drawn(app, &to, &name, &vec![("password", words)], StatusCode::TOO_MANY_REQUESTS);
    }
    let found = match app.desk.user(&name) {
        Ok(found) => found.filter(|user| user.closed_at.is_none()),
        Err(error) => {
            tracing::error!(code = error.code(), "users could not be read: {error}");
            let words = "Users cannot be read just now. Nothing was changed; try again.".to_owned();
            return drawn(app, &to, &name, &vec![("name", words)], StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    if !passwords::verify(asking.field("password"), found.as_ref().map(|user| user.password.as_str())) {
        app.throttle.failed(&asking.client, &name, now);
        app.metrics.sign_in_refused();
        app.note("", "sign_in_refused", &name.chars().take(100).collect::<String>(), &asking.client);
        let words = "Name and password do not belong together.".to_owned();
        return drawn(app, &to, &name, &vec![("password", words)], StatusCode::UNAUTHORIZED);
    }
    app.throttle.succeeded(&asking.client, &name);
    let begun = session::fresh().and_then(|token| {
        let ends = Instant(now.0 + LONGEST * 1_000);
        app.desk.begin_session(&session::name_of(&token), &name, now, ends)?;
        if let Some(before) = &asking.viewer {
            app.desk.end_session(&before.session)?;
        }
        Ok(token)
    });
    match begun {
        Ok(token) => {
            app.note(&name, "signed_in", "", &asking.client);
            answer::with_cookie(answer::onward(&to), &session::cookie(&token, app.settings.secure, LONGEST))
        }
        Err(error) => {
            tracing::error!(code = error.code(), "a session could not be kept: {error}");
            let words = "The sign-in could not be kept. Nothing was changed; try again.".to_owned();
            drawn(app, &to, &name, &vec![("name", words)], StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// Ends the session.
pub fn sign_out(app: &App, asking: &Asking) -> Answer {
    if let Some(viewer) = &asking.viewer {
        if let Err(error) = app.desk.end_session(&viewer.session) {
            tracing::error!(code = error.code(), "a session could not be ended: {error}");
        }
        app.note(&viewer.user.name, "signed_out", "", &asking.client);
    }
    answer::with_cookie(answer::onward("/sign-in"), &session::cookie("", app.settings.secure, 0))
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for to in ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "", "/a\r\nb"] {
            assert_eq!(own_address(to), "/", "{to}");
        }
        assert_eq!(own_address("/reports/verdict?period=2026Q3"), "/reports/verdict?period=2026Q3");
    }
}
