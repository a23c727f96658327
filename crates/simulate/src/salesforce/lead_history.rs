//! LeadHistory.csv: who changed a lead's status and owner, when.

use super::{Id, Object, game, user};
use crate::Error;
use crate::chance::{Chance, Strand};
use crate::journey::{Cycle, ExitKind, Lead};
use crate::sheet::Sheet;
use crate::time::{Moment, THROUGH};
use crate::trade::{AUTOMATION, World};

pub const HEADER: &str = "Id,IsDeleted,LeadId,CreatedById,CreatedDate,Field,OldValue,NewValue";

/// Values of `Status`.
pub mod status {
    pub const OPEN: &str = "Open - Not Contacted";
    pub const MQL: &str = "Marketing Qualified";
    pub const SAL: &str = "Working - Contacted";
    pub const SQL: &str = "Qualified";
    pub const CONVERTED: &str = "Closed - Converted";
    pub const CLOSED: &str = "Closed - Not Converted";
    pub const RECYCLED: &str = "Recycled";
}

/// A change of status, together with the owner since then.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// When.
    pub at: Moment,
    /// Number of the user who did it.
    pub by: usize,
    /// The status until then and from then on.
    pub status: (&'static str, &'static str),
    /// The owner until then and from then on, where it changed.
    pub owner: Option<(usize, usize)>,
    /// The owner from then on.
    pub owned: usize,
}

/// What the files know of a lead's changes, in time order.
pub fn past(lead: &Lead, world: &World, seed: u64) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::with_capacity(8);
    let mut now = (status::OPEN, AUTOMATION);
    let mut chance = Chance::new(seed, Strand::Game, lead.number);
    for cycle in lead.journey.cycles() {
        for (at, by, next, owner) in steps(cycle, game::flip(cycle, world, &mut chance)) {
            if at > THROUGH || next == now.0 && owner == now.1 {
                continue;
            }
            let owner_change = (owner != now.1).then_some((now.1, owner));
            changes.push(Change { at, by, status: (now.0, next), owner: owner_change, owned: owner });
            now = (next, owner);
        }
    }
    changes
}

type Step = (Moment, usize, &'static str, usize);

/// Moment, user, status and owner of each change of a cycle.
fn steps(cycle: &Cycle, flip: Option<Moment>) -> impl Iterator<Item = Step> + use<> {
    let sdr = cycle.sdr;
    let at_mql = cycle.mql.map(|at| (at, AUTOMATION, status::MQL, AUTOMATION));
    let at_handoff = cycle.handoff.map(|at| (at, AUTOMATION, status::MQL, sdr));
    let flipped = flip.map(|at| (at, sdr, status::SAL, sdr));
    let at_sal = cycle.sal.map(|at| (at, sdr, status::SAL, sdr));
    let at_sql = cycle.sql.map(|at| (at, sdr, status::SQL, sdr));
    let at_conversion = cycle.conversion.map(|at| (at, sdr, status::CONVERTED, sdr));
    let at_exit = cycle.exit.map(|exit| match exit.kind {
        ExitKind::Recycled => (exit.at, sdr, status::RECYCLED, AUTOMATION),
        ExitKind::Rejected | ExitKind::Disqualified => (exit.at, sdr, status::CLOSED, sdr),
    });
    [at_mql, at_handoff, flipped, at_sal, at_sql, at_conversion, at_exit].into_iter().flatten()
}

pub fn write(sheet: &mut Sheet, histories: &mut u64, lead: &Lead, change: &Change) -> Result<(), Error> {
    let mut row = |field: &str, old: &str, new: &str| {
        let id = Id(Object::FieldHistory, *histories);
        *histories += 1;
        sheet.id(Some(id)).flag(false).id(Some(Id(Object::Lead, lead.number))).id(user(change.by));
        sheet.moment(change.at).text(field).text(old).text(new).end()
    };
    if let Some((old, new)) = change.owner {
        let text = |n: usize| Id(Object::User, n as u64).text();
        let (old, new) = (text(old), text(new));
        row("Owner", &String::from_utf8_lossy(&old), &String::from_utf8_lossy(&new))?;
    }
    if change.status.0 != change.status.1 {
        row("Status", change.status.0, change.status.1)?;
    }
    if change.status.1 == status::CONVERTED {
        row("leadConverted", "", "")?;
    }
    Ok(())
}
