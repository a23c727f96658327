//! Which touches fit which scoring rules.
//!
//! Invariant: of a touch the version recorded last stands, and one that its source deleted fits nothing; nothing that happened after
//! a lead's moment is read, where it has one.

use std::collections::{HashMap, HashSet};

use agreement::document::scoring::{Of, Rule};
use agreement::score::{Columns, holds};
use entries::catalogue::touch;
use ledger::Filter;
use rayon::prelude::*;
use terms::{Entity, Instant};

use super::all::{Leads, Machines, Places};
use super::one::instant;
use super::values::{Touch, fields};
use crate::failure::Failure;
use crate::known::Known;

/// A touch that fits a rule.
pub struct Fit {
    /// Of the lead at this place.
    pub place: u32,
    /// The rule, by its place among those asked.
    pub rule: u16,
    pub at: Instant,
    pub id: u64,
}

/// Between two words of how many were read.
const STEP: u64 = 5_000_000;

/// Touches that fit rules, by place and rule: of all leads, or those about some subjects (sorted; empty for all). What is taken for
/// a machine's fits nothing, unless the leads ask for that too.
pub fn fitting(
    known: &Known,
    rules: &[&Rule],
    leads: &Leads,
    about: &[u64],
    tell: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Fit>, Failure> {
    let rules: Vec<(usize, &&Rule)> = rules.iter().enumerate().filter(|(_, r)| r.of == Of::Touch).collect();
    let mut out: Vec<Fit> = Vec::new();
    if rules.is_empty() {
        return Ok(out);
    }
    let campaigns = known.campaigns()?;
    let mut asked: Vec<&str> = rules.iter().flat_map(|(_, r)| &r.when.terms).map(|t| t.column.as_str()).collect();
    asked.sort_unstable();
    asked.dedup();
    // touches that say the same in the columns asked for fit the same rules
    let (mut kinds, mut said): (HashMap<String, Vec<u16>>, String) = (HashMap::new(), String::new());
    let (mut machines, mut places) = (Machines::default(), Places::of(known, leads));
    let (mut read, mut gone) = (0_u64, HashSet::new());
    let needed = ["kind", "campaign", "automatic"].into_iter().chain(asked.iter().copied());
    let filter = Filter { about: about.to_vec(), ..fields(Entity::Touch, needed) };
    for item in known.head.entries(Entity::Touch, filter)? {
        let (_, entry) = item?;
        read += 1;
        if read.is_multiple_of(STEP) {
            tell(read);
        }
        if entry.deleted {
            gone.insert(entry.id.hash);
            continue;
        }
        let machine = entry.get(touch::AUTOMATIC).flag() == Some(true) && !leads.machines;
        let (Some(at), Some(place)) = (instant(entry.valid_at), places.find(entry.subject.hash)) else { continue };
        if machine || leads.moments.get(place).is_some_and(|moment| i64::from(at.minutes()) > *moment) {
            continue;
        }
        if !leads.machines {
            machines.see(place, &entry);
        }
        let seen = Touch { entry: &entry, campaigns };
        said.clear();
        for column in &asked {
            said.push_str(seen.value(column).as_deref().unwrap_or(""));
            said.push('\u{1f}');
        }
        if !kinds.contains_key(&said) {
            let fits = rules.iter().filter(|(_, rule)| holds(&rule.when, &seen));
            kinds.insert(said.clone(), fits.filter_map(|(r, _)| u16::try_from(*r).ok()).collect());
        }
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let fits = kinds.get(&said).into_iter().flatten();
        out.extend(fits.map(|rule| Fit { place, rule: *rule, at, id: entry.id.hash }));
    }
    out.par_sort_unstable_by_key(|f| (f.place, f.rule, f.id, f.at));
    // a later version of a touch is the same touch
    out.dedup_by_key(|f| (f.place, f.rule, f.id));
    let machines = machines.found();
    out.retain(|f| !machines.contains(&f.id) && !gone.contains(&f.id));
    Ok(out)
}
