//! One's own user: what one is, another password, tokens of programs.

use axum::http::StatusCode;
use maud::html;

use super::forms::{Field, Wrong, choice, own, summary};
use super::{trouble, users};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, role_words};
use crate::passwords;
use crate::people::{self, Refused};
use crate::serve::Asking;
use crate::source::{Trouble, TroubleKind};

const PLACE: &str = "/me";

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, &Wrong::new(), StatusCode::OK, None)
}

/// The page; `made`: a token that was made just now, shown this once.
fn drawn(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode, made: Option<&str>) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    let tokens = match people::tokens_of(app, Some(&viewer.user.name)) {
        Ok(tokens) => tokens,
        Err(why) => return trouble::page(app, asking, PLACE, &why.into()),
    };
    let secret =
        |name, label, hint, complete| Field { name, label, hint, kind: "password", value: "", complete, wide: false };
    let text = |name: &'static str, label, hint| {
        let value = if made.is_some() { "" } else { asking.field(name) };
        Field { name, label, hint, kind: "text", value, complete: "off", wide: false }
    };
    let least = format!("{} characters or more. A few words are better than odd signs.", passwords::LEAST_LENGTH);
    let days = format!("From 1 to {}; 90 where it is left out.", people::LONGEST);
    let body = html! {
        p.lead { (viewer.user.label) ", signed in as " (viewer.user.name) ", " (role_words(viewer.user.role.word())) "." }
        (summary(wrong))
        @if let Some(token) = made {
            section.panel role="status" {
                h2 { "Your new token" }
                p { code.secret { (token) } }
                p.hint { "It is shown this once: put it where your program finds it. Whoever has it does what it may in your place until it ends." }
            }
        }
        section.panel {
            h2 { "Another password" }
            p.hint { "It ends all your sign-ins, this one too." }
            form method="post" action="/me/password" {
                (own(asking))
                (secret("old", "The password now", "", "current-password").draw(wrong))
                (secret("new", "The new one", &least, "new-password").draw(wrong))
                div.go { button.primary type="submit" { "Change the password" } }
            }
        }
        @if !tokens.is_empty() { (users::tokens_of(asking, &tokens, "/me/tokens")) }
        section.panel {
            h2 { "A token for a program" }
            p.hint { "A program that sends it reads what you may read, and does what you may do where you let it write. " a href="/api" { "What programs can ask" } }
            form method="post" action="/me/tokens" {
                (own(asking))
                (text("label", "What it is for", "Such as: nightly export").draw(wrong))
                (text("days", "Days until it ends", &days).draw(wrong))
                (choice("scope", "It may", &[("read", "read"), ("write", "read and write")], asking.field("scope")))
                (secret("password", "Your password", "So that nobody makes one at your open screen.", "current-password").draw(wrong))
                div.go { button type="submit" name="do" value="make" { "Make the token" } }
            }
        }
    };
    let title = if wrong.is_empty() { "Your sign-in" } else { "Error: Your sign-in" };
    framed(app, asking, status, Framed { title, place: PLACE, tools: html! {}, body })
}

/// What was wrong, beside the field: `named` is the one of the password.
fn refused(app: &App, asking: &Asking, named: &'static str, why: Refused) -> Answer {
    match why {
        Refused::Wrong(wrong) => drawn(app, asking, &wrong, StatusCode::UNPROCESSABLE_ENTITY, None),
        Refused::Wait(seconds) => {
            let wrong = vec![(named, format!("Too many tries. Try again in {seconds} seconds."))];
            drawn(app, asking, &wrong, StatusCode::TOO_MANY_REQUESTS, None)
        }
        Refused::Trouble(why) => trouble::page(app, asking, PLACE, &why),
    }
}

pub fn change(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    match people::own_password(app, asking, viewer, &asking.fields) {
        Ok(()) => answer::onward("/sign-in"),
        Err(why) => refused(app, asking, "old", why),
    }
}

/// Makes a token, or ends one.
pub fn tokens(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    if asking.field("do") == "end" {
        return match people::end_token(app, asking, viewer, &viewer.user.name, asking.field("token")) {
            Ok(_) => answer::onward(PLACE),
            Err(why) => refused(app, asking, "password", why),
        };
    }
    match people::make_token(app, asking, viewer, &asking.fields) {
        Ok((token, _)) => drawn(app, asking, &Wrong::new(), StatusCode::OK, Some(&token)),
        Err(why) => refused(app, asking, "password", why),
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
