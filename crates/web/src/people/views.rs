//! Views of the list of leads that somebody keeps for themselves.

use desk::View;
use serde::Serialize;

use super::{Refused, Sent, field};
use crate::app::App;
use crate::serve::{encoded, pairs};
use crate::session::Viewer;

/// A view, as programs see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ViewLine {
    /// What its user calls it.
    pub name: String,
    /// The question, as the end of an address of leads.
    pub query: String,
    /// When it was kept.
    pub at: String,
}

impl From<&View> for ViewLine {
    fn from(view: &View) -> ViewLine {
        ViewLine { name: view.name.clone(), query: view.query.clone(), at: view.at.to_string() }
    }
}

/// Keeps a view of leads for oneself; one of the same name gives way.
///
/// # Errors
/// Where it has no name, or asks for nothing.
pub fn keep(app: &App, by: &Viewer, sent: &Sent) -> Result<View, Refused> {
    let name = field(sent, "name").split_whitespace().collect::<Vec<_>>().join(" ");
    // only what a list can be asked comes into an address
    let pairs = pairs(field(sent, "query"));
    let known = |name: &str| Some(format!("{name}={}", encoded(pairs.get(name)?)));
    let query = ["where", "stage", "owner"].into_iter().filter_map(known).collect::<Vec<_>>().join("&");
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Refused::field("name", "A view has a name of at most 60 characters."));
    }
    if query.is_empty() || query.len() > 2_000 {
        return Err(Refused::field("query", "A view asks for something: where, stage or owner."));
    }
    let view = View { user: by.user.name.clone(), name, query, at: (app.now)() };
    app.desk.keep_view(&view)?;
    Ok(view)
}

/// Drops a view of one's own. Whether there was one.
///
/// # Errors
/// Where the desk cannot be written.
pub fn drop(app: &App, by: &Viewer, name: &str) -> Result<bool, Refused> {
    Ok(app.desk.drop_view(&by.user.name, name)?)
}
