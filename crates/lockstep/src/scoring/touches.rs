//! Which touches fit which scoring rules.
//!
//! Invariant: of a touch the version recorded last stands, and one that its source deleted fits nothing; nothing that happened after
//! a lead's moment is read, where it has one.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};

use agreement::document::scoring::{Of, Rule};
use agreement::score::holds;
use entries::catalogue::{self, touch};
use ledger::Filter;
use rayon::prelude::*;
use terms::{Entity, Instant};

use super::all::{Leads, Machines, Places};
use super::one::instant;
use super::values::{self, Campaigns, Touch, fields};
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
/// a machine's, by traps and otherwise, fits nothing, unless the leads ask for that too.
pub fn fitting(
    known: &Known,
    (rules, traps): (&[&Rule], &[String]),
    leads: &Leads,
    about: &[u64],
    tell: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Fit>, Failure> {
    let rules: Vec<(usize, &Rule)> = rules.iter().copied().enumerate().filter(|(_, r)| r.of == Of::Touch).collect();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let mut asked: Vec<&str> = rules.iter().flat_map(|(_, r)| &r.when.terms).map(|t| t.column.as_str()).collect();
    asked.sort_unstable();
    asked.dedup();
    let reading = Reading {
        known,
        campaigns: known.campaigns()?,
        rules,
        asked,
        traps,
        leads,
        about,
        read: &AtomicU64::new(0),
        tell,
    };
    // buckets apart, each by whoever is free; a few subjects lie in few of them
    let parts = if about.is_empty() {
        (0..ledger::BUCKETS).into_par_iter().map(|bucket| reading.part(Some(bucket))).collect::<Result<Vec<_>, _>>()?
    } else {
        vec![reading.part(None)?]
    };
    let (mut out, mut machines, mut gone) = (Vec::new(), Machines::with(traps), HashSet::new());
    for part in parts {
        out.extend(part.fits);
        machines.add(part.machines);
        gone.extend(part.gone);
    }
    out.par_sort_unstable_by_key(|f: &Fit| (f.place, f.rule, f.id, f.at));
    // a later version of a touch is the same touch
    out.dedup_by_key(|f| (f.place, f.rule, f.id));
    let machines = machines.found();
    out.retain(|f| !machines.contains(&f.id) && !gone.contains(&f.id));
    Ok(out)
}

/// What is read, and by what it is judged.
struct Reading<'a> {
    known: &'a Known,
    campaigns: &'a Campaigns,
    /// Rules on touches, with their places among all.
    rules: Vec<(usize, &'a Rule)>,
    /// Columns that they ask for.
    asked: Vec<&'a str>,
    traps: &'a [String],
    leads: &'a Leads,
    about: &'a [u64],
    /// How many were read.
    read: &'a AtomicU64,
    tell: &'a (dyn Fn(u64) + Sync),
}

/// Of one part of the ledger.
struct Part<'a> {
    fits: Vec<Fit>,
    machines: Machines<'a>,
    gone: HashSet<u64>,
}

impl<'a> Reading<'a> {
    /// Touches of one bucket, or of all.
    fn part(&self, bucket: Option<u8>) -> Result<Part<'a>, Failure> {
        let (known, leads) = (self.known, self.leads);
        let mut out = Part { fits: Vec::new(), machines: Machines::with(self.traps), gone: HashSet::new() };
        // touches that say the same in the columns asked for fit the same rules
        let (mut kinds, mut said): (HashMap<String, Vec<u16>>, String) = (HashMap::new(), String::new());
        let mut places = Places::of(known, leads);
        let asked: Vec<usize> = self.asked.iter().filter_map(|c| catalogue::field(Entity::Touch, c)).collect();
        let needed = ["kind", "campaign", "asset", "automatic"].into_iter().chain(self.asked.iter().copied());
        let filter = Filter { about: self.about.to_vec(), bucket, ..fields(Entity::Touch, needed) };
        let mut here = 0;
        for item in known.head.entries(Entity::Touch, filter)? {
            let (_, entry) = item?;
            here += 1;
            if entry.deleted {
                out.gone.insert(entry.id.hash);
                continue;
            }
            let machine = entry.get(touch::AUTOMATIC).flag() == Some(true) && !leads.machines;
            let (Some(at), Some(place)) = (instant(entry.valid_at), places.find(entry.subject.hash)) else { continue };
            if machine || leads.moments.get(place).is_some_and(|moment| i64::from(at.minutes()) > *moment) {
                continue;
            }
            if !leads.machines {
                out.machines.see(place, &entry);
            }
            let seen = Touch { entry: &entry, campaigns: self.campaigns };
            said.clear();
            for field in &asked {
                if let Some(text) = values::said(entry.get(*field), self.campaigns) {
                    said.push_str(&text);
                }
                said.push('\u{1f}');
            }
            if !kinds.contains_key(&said) {
                let fits = self.rules.iter().filter(|(_, rule)| holds(&rule.when, &seen));
                kinds.insert(said.clone(), fits.filter_map(|(r, _)| u16::try_from(*r).ok()).collect());
            }
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let fits = kinds.get(&said).into_iter().flatten();
            out.fits.extend(fits.map(|rule| Fit { place, rule: *rule, at, id: entry.id.hash }));
        }
        let before = self.read.fetch_add(here, Ordering::Relaxed);
        if before / STEP != (before + here) / STEP {
            (self.tell)(before + here);
        }
        Ok(out)
    }
}
