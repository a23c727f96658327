//! What is done to users, their passwords and tokens, and to the views that they keep: the same for pages and programs.
//!
//! Not here: who may (`access`), and how it is drawn (`pages`). Invariant: what was sent changes nothing unless all of it is right;
//! what counts is noted in the audit log.

mod tokens;
mod users;
mod views;

use std::collections::HashMap;

use crate::pages::forms::Wrong;
use crate::source::{Trouble, TroubleKind};

pub use self::tokens::{LONGEST, TokenLine, end as end_token, make as make_token, of as tokens_of};
pub use self::users::{UserLine, add, change, close, named, own_password, set_password};
pub use self::views::{ViewLine, drop as drop_view, keep as keep_view};

/// The fields that were sent.
pub type Sent = HashMap<String, String>;

/// Why what was sent is not done.
#[derive(Debug)]
pub enum Refused {
    /// Fields that are wrong, each with its words.
    Wrong(Wrong),
    /// A password was tried too often: after so many seconds again.
    Wait(i64),
    /// Anything else.
    Trouble(Trouble),
}

impl From<Trouble> for Refused {
    fn from(why: Trouble) -> Refused {
        Refused::Trouble(why)
    }
}

impl From<desk::Error> for Refused {
    fn from(error: desk::Error) -> Refused {
        Refused::Trouble(crate::pages::of(&error))
    }
}

impl Refused {
    /// One field that is wrong.
    fn field(name: &'static str, words: impl Into<String>) -> Refused {
        Refused::Wrong(vec![(name, words.into())])
    }
}

impl From<Refused> for Trouble {
    fn from(why: Refused) -> Trouble {
        let asked = |code: &str, message: String| {
            let hint = Some("see /api/v1/openapi.json".to_owned());
            Trouble { kind: TroubleKind::Asked, code: code.to_owned(), message, hint }
        };
        match why {
            Refused::Wrong(wrong) => {
                let words: Vec<String> =
                    wrong.iter().map(|(field, words)| format!("`{field}`: {}", words.trim_end_matches('.'))).collect();
                asked("bad_fields", words.join("; "))
            }
            Refused::Wait(seconds) => {
                let message = format!("the password was tried too often: try again in {seconds} seconds");
                Trouble { hint: None, ..asked(crate::pages::agreement::TOO_MANY, message) }
            }
            Refused::Trouble(why) => why,
        }
    }
}

/// A field without the blanks around it; empty where it was not sent.
fn field<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.get(name).map_or("", |value| value.trim())
}
