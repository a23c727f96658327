//! One's own user: what one is, and another password.

use axum::http::StatusCode;
use maud::html;

use super::forms::{Field, Wrong, own, summary};
use super::trouble;
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, role_words};
use crate::passwords;
use crate::serve::Asking;
use crate::source::{Trouble, TroubleKind};

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, &Wrong::new(), StatusCode::OK)
}

fn drawn(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode) -> Answer {
    let field =
        |name, label, hint, complete| Field { name, label, hint, kind: "password", value: "", complete, wide: false };
    let least = format!("{} characters or more. A few words are better than odd signs.", passwords::LEAST_LENGTH);
    let body = html! {
        @if let Some(viewer) = &asking.viewer {
            p.lead { (viewer.user.label) ", signed in as " (viewer.user.name) ", " (role_words(viewer.user.role.word())) "." }
        }
        (summary(wrong))
        section.panel {
            h2 { "Another password" }
            p.hint { "It ends all your sign-ins, this one too." }
            form method="post" action="/me/password" {
                (own(asking))
                (field("old", "The password now", "", "current-password").draw(wrong))
                (field("new", "The new one", &least, "new-password").draw(wrong))
                div.go { button.primary type="submit" { "Change the password" } }
            }
        }
    };
    let title = if wrong.is_empty() { "Your sign-in" } else { "Error: Your sign-in" };
    framed(app, asking, status, Framed { title, place: "/me", tools: html! {}, body })
}

pub fn change(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    let now = (app.now)();
    let name = &viewer.user.name;
    let wait = app.throttle.wait(&asking.client, name, now);
    if wait > 0 {
        let words = format!("Too many tries. Try again in {wait} seconds.");
        return drawn(app, asking, &vec![("old", words)], StatusCode::TOO_MANY_REQUESTS);
    }
    if !passwords::verify(asking.field("old"), Some(&viewer.user.password)) {
        app.throttle.failed(&asking.client, name, now);
        return drawn(
            app,
            asking,
            &vec![("old", "This is not your password.".to_owned())],
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    let hash = match passwords::hash(asking.field("new")) {
        Ok(hash) => hash,
        Err(words) => return drawn(app, asking, &vec![("new", format!("{words}."))], StatusCode::UNPROCESSABLE_ENTITY),
    };
    match app.desk.set_password(name, &hash) {
        Ok(_) => {
            app.note(name, "password_changed", "", &asking.client);
            answer::onward("/sign-in")
        }
        Err(error) => trouble::page(app, asking, "/me", &of(&error)),
    }
}

/// An error of the desk, as pages say it.
pub fn of(error: &desk::Error) -> Trouble {
    Trouble {
        kind: TroubleKind::Ours,
        code: error.code().to_owned(),
        message: "what is kept here could not be read or written".to_owned(),
        hint: error.hint(),
    }
}
