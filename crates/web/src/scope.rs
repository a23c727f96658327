//! Whose leads a reader may see, and tell apart by owner: the rule for rows and for figures of one rep.
//!
//! Here: a rep sees the leads of their own and of those who report to them, by the CRM's line or as an admin set it; whoever leads
//! sales manages all reps; others see leads without whose they are. Not here: which routes a role opens (`access`). Invariant:
//! pages, the API and files ask this one function.

use std::collections::BTreeSet;

use desk::Role;

use crate::app::App;
use crate::session::Viewer;
use crate::source::{Trouble, TroubleKind};

/// What a reader may tell apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Whether they see leads of these owners alone.
    pub is_restricted: bool,
    /// Whether they may tell all owners apart.
    is_all: bool,
    /// Owners that they may tell apart.
    owners: BTreeSet<String>,
}

impl Scope {
    /// Of whoever holds the home: everything.
    pub fn whole() -> Scope {
        Scope { is_restricted: false, is_all: true, owners: BTreeSet::new() }
    }

    /// Whether they may know that something is of this owner.
    pub fn may_name(&self, owner: &str) -> bool {
        self.is_all || self.owners.contains(owner)
    }

    /// Whether they may see a lead of this owner.
    pub fn may_see(&self, owner: &str) -> bool {
        !self.is_restricted || self.owners.contains(owner)
    }

    /// Whether there is more than one owner for them to tell apart.
    pub fn names_any(&self) -> bool {
        self.is_all || self.owners.len() > usize::from(self.is_restricted)
    }

    /// Whether they may tell all owners apart.
    pub fn names_all(&self) -> bool {
        self.is_all
    }

    /// The owners that a list is of: the one that was asked for, else those they are held to; `None` for all.
    ///
    /// # Errors
    /// Where they asked for an owner whom they may not tell apart.
    pub fn of_list(&self, asked: Option<&str>) -> Result<Option<Vec<String>>, Trouble> {
        match asked {
            Some(owner) if self.may_name(owner) => Ok(Some(vec![owner.to_owned()])),
            // of somebody else's leads a rep learns nothing: the list stays theirs
            _ if self.is_restricted => Ok(Some(self.owners.iter().cloned().collect())),
            None => Ok(None),
            Some(_) => Err(Trouble {
                kind: TroubleKind::Asked,
                code: "per_person".to_owned(),
                message: "what one rep does is shown to that rep and to who manages them".to_owned(),
                hint: Some("leave the owner out; an admin sets who manages whom on the page of users".to_owned()),
            }),
        }
    }
}

/// What somebody may tell apart.
///
/// # Errors
/// Where the records or the users cannot be read.
pub fn of(app: &App, viewer: &Viewer) -> Result<Scope, Trouble> {
    let user = &viewer.user;
    let is_restricted = user.role == Role::Rep;
    if user.role == Role::SalesLead {
        return Ok(Scope::whole());
    }
    let mut owners = BTreeSet::new();
    if !user.owner.is_empty() {
        owners.insert(user.owner.clone());
        owners.extend(app.source.team(&user.owner)?);
    }
    let all = app.desk.users().map_err(|error| crate::pages::of(&error))?;
    // whom an admin put under them, and whom under those
    let mut managers = vec![user.name.as_str()];
    let mut next = 0;
    while let Some(manager) = managers.get(next).copied() {
        next += 1;
        for managed in all.iter().filter(|u| u.manager == manager && u.closed_at.is_none() && !u.owner.is_empty()) {
            if !managers.contains(&managed.name.as_str()) {
                managers.push(&managed.name);
                owners.insert(managed.owner.clone());
                owners.extend(app.source.team(&managed.owner)?);
            }
        }
    }
    Ok(Scope { is_restricted, is_all: false, owners })
}

/// The same for a request.
///
/// # Errors
/// As [`of`].
pub fn asked(app: &App, viewer: Option<&Viewer>) -> Result<Scope, Trouble> {
    viewer.map_or_else(|| Ok(Scope { is_restricted: true, ..Scope::default() }), |viewer| of(app, viewer))
}
