//! What happened to a subject without a journey goes to the journey of the opportunity or record that it is tied to. Once
//! the subject has a journey of its own, or has it no more, what happened goes elsewhere, and the journey it leaves hangs
//! together with nothing that is new.
//!
//! Invariant: more may be named than changed, never less.

use hashbrown::HashSet;
use ledger::Head;
use ledger::columns::{Wanted, few};
use terms::Entity;

use super::changed::Ties;
use crate::Error;
use crate::fold::kept::{Kept, Keys, at};
use crate::fold::read::Rows;

/// The other subjects of what happened to these, which have a journey now or no more.
pub(super) fn rerouted(head: &Head, kept: &Kept, mut moved: Vec<u64>) -> Result<HashSet<u64>, Error> {
    let mut ends = HashSet::new();
    if moved.is_empty() {
        return Ok(ends);
    }
    moved.sort_unstable();
    let mut ids = HashSet::new();
    let wanted = Wanted { subjects: &moved, opportunities: &moved, ids: &[] };
    for (entity, columns) in [(Entity::Activity, &["id", "opportunity"][..]), (Entity::Touch, &["id"])] {
        for chunk in few(head, 1..head.seq() + 1, entity, wanted, columns)? {
            let rows = Rows::of(&chunk);
            let (id, opportunity) = (rows.keys("id"), rows.keys("opportunity"));
            ids.extend((0..rows.len).map(|row| id.key(row)));
            ends.extend((0..rows.len).filter_map(|row| opportunity.get(row)));
        }
    }
    let links = kept.links.with(&[at::FROM, at::TO], &Keys::of(ids));
    ends.extend(links.iter().flat_map(Ties::ties));
    Ok(ends)
}
