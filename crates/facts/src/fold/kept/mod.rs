//! Records as they stood at a head, kept beside its facts: what identity needs to link them, and nothing else.
//!
//! Here: the records ([`record`]), a mapped table of one kind of them with what changed since ([`table`]), and all of
//! them with what is counted of them ([`Kept`]). Texts are kept as hashes: identity asks only whether two are the same.
//! Invariant: kept records are those that reading the head again would give, or they are not there at all.

mod record;
mod table;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(super) use record::{Account, Lead, Link, Opportunity, Person, Record, Win, at, domain_hash, name_hash};
pub(super) use table::{Keys, Table};

use super::currency::Counted;
use super::texts::Texts;
use crate::Error;
use crate::store::{Extra, open_extra};

/// What is counted of the records of a head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    /// The source systems, in the order of their numbers, from 1 on: name, and what each keeps. The first is the one
    /// that is not known.
    pub systems: Vec<(String, (u64, u64, u64))>,
    /// Amounts, see [`super::currency`].
    pub money: Counted,
}

impl Counts {
    /// Numbers the systems in the order of their names, and counts what each keeps.
    pub fn settle(&mut self, systems: Texts, leads: &mut [Lead], opportunities: &mut [Opportunity]) {
        let (names, to) = systems.settle();
        let new = |code: &mut u32| *code = to.get(*code as usize).copied().unwrap_or(0);
        leads.iter_mut().for_each(|l| new(&mut l.system));
        opportunities.iter_mut().for_each(|o| new(&mut o.system));
        self.name(names);
        self.count(leads, opportunities, |slot, n| *slot += n);
    }

    /// The systems that have a number; those counted before keep theirs.
    pub fn name(&mut self, names: Vec<String>) {
        for name in std::iter::once(String::new()).chain(names).skip(self.systems.len()) {
            self.systems.push((name, (0, 0, 0)));
        }
    }

    /// Their names, without the unknown one's.
    pub fn names(&self) -> Vec<String> {
        self.systems.iter().skip(1).map(|s| s.0.clone()).collect()
    }

    /// Counts records in, or out.
    pub fn count(&mut self, leads: &[Lead], opportunities: &[Opportunity], by: impl Fn(&mut u64, u64)) {
        for lead in leads {
            if let Some((_, counts)) = self.systems.get_mut(lead.system as usize) {
                by(&mut counts.0, u64::from(lead.converted_opportunity != 0));
                by(&mut counts.2, 1);
            }
        }
        for opportunity in opportunities {
            if let Some((_, counts)) = self.systems.get_mut(opportunity.system as usize) {
                by(&mut counts.1, 1);
            }
        }
    }

    /// The systems that keep anything, best first.
    pub fn ranked(&self) -> Vec<u32> {
        let kept = self.systems.iter().zip(0u32..).filter(|((_, counts), _)| *counts != (0, 0, 0));
        let counts = kept.map(|((_, counts), system)| (system, *counts)).collect();
        identity::systems(&counts, |system| self.systems.get(system as usize).map_or("", |s| s.0.as_str()))
    }
}

/// The records of a head.
pub(super) struct Kept {
    pub leads: Table<Lead>,
    pub people: Table<Person>,
    pub opportunities: Table<Opportunity>,
    pub accounts: Table<Account>,
    pub links: Table<Link>,
    pub wins: Table<Win>,
    pub counts: Counts,
}

const COUNTS: &str = "records.counts";

impl Kept {
    /// Those beside the facts in a folder, all of them checked.
    pub fn open(folder: &Path) -> Result<Kept, Error> {
        let path = folder.join(COUNTS);
        let (_, counts) = open_extra(&path)?;
        Ok(Kept {
            leads: Table::open(folder)?,
            people: Table::open(folder)?,
            opportunities: Table::open(folder)?,
            accounts: Table::open(folder)?,
            links: Table::open(folder)?,
            wins: Table::open(folder)?,
            counts: serde_json::from_slice(counts.as_slice()).map_err(|e| Error::damaged(&path, e.to_string()))?,
        })
    }

    /// The files to keep: bases are linked where they stand in a folder already.
    pub fn files(&self) -> Vec<Extra<'_>> {
        let mut files = vec![Extra::new(COUNTS, serde_json::to_vec(&self.counts).unwrap_or_default(), 0)];
        self.leads.files(&mut files);
        self.people.files(&mut files);
        self.opportunities.files(&mut files);
        self.accounts.files(&mut files);
        self.links.files(&mut files);
        self.wins.files(&mut files);
        files
    }

    /// Whether so much has changed that a full build should write them anew.
    pub fn is_much(&self, share: u64, small: u64) -> bool {
        let much = |changed: usize, base: usize| changed as u64 > small.max(base as u64 / share);
        much(self.leads.changed(), self.leads.base())
            || much(self.people.changed(), self.people.base())
            || much(self.opportunities.changed(), self.opportunities.base())
            || much(self.accounts.changed(), self.accounts.base())
            || much(self.links.changed(), self.links.base())
            || much(self.wins.changed(), self.wins.base())
    }
}

fn base_name(word: &str) -> PathBuf {
    PathBuf::from(format!("records.{word}"))
}

fn changes_name(word: &str) -> PathBuf {
    PathBuf::from(format!("records.{word}.changes"))
}
