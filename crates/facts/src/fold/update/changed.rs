//! What a few new batches are about, and everything that hangs together with it.
//!
//! Records hang together where one names the other (a lead its human, an opportunity its lead or contact) and by
//! recorded links. What identity says of a record follows from its component, from the accounts that have its domain
//! or name, and from the ranks of the systems. So it is enough to link the components of what is new again: as they
//! were, and as they are.
//! Invariant: no record outside the components found is linked otherwise than before.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use identity::MEMBER;
use ledger::Head;
use ledger::columns::scan_after;
use terms::{Entity, Key};

use crate::Error;
use crate::fold::kept::{Account, Kept, Keys, Lead, Link, Opportunity, Person, Record, Table, at};
use crate::fold::linking::Standing;
use crate::fold::read::{Rows, key};
use crate::fold::reference::ByKey;

/// The keys that new batches are about.
#[derive(Default)]
pub(super) struct News {
    /// Records: leads, contacts, opportunities and accounts.
    pub records: BTreeMap<Entity, HashSet<u64>>,
    /// What happened, its subjects, and the opportunities it names.
    pub others: HashSet<u64>,
    /// New links, in the order of recording, numbered after those before.
    pub links: Vec<Link>,
}

impl News {
    /// Of the batches after this one, where so many links had been recorded.
    pub fn read(head: &Head, seq: u64, links: u64) -> Result<News, Error> {
        let mut news = News::default();
        for (entity, columns) in [
            (Entity::Lead, &["id"][..]),
            (Entity::Person, &["id"]),
            (Entity::Opportunity, &["id"]),
            (Entity::Account, &["id"]),
            (Entity::StageChange, &["id", "subject"]),
            (Entity::FieldChange, &["id", "subject"]),
            (Entity::Activity, &["id", "subject", "opportunity"]),
            (Entity::Touch, &["id", "subject"]),
        ] {
            let is_record = columns.len() == 1;
            let into = if is_record { news.records.entry(entity).or_default() } else { &mut news.others };
            for chunk in scan_after(head, seq, entity, None, columns)? {
                let chunk = chunk?;
                let rows = Rows::of(&chunk);
                for name in columns {
                    let keys = rows.keys(name);
                    into.extend((0..rows.len).filter_map(|row| keys.get(row)));
                }
            }
        }
        let mut found = Vec::new();
        let names = ["id", "deleted", "file", "line", "from", "from_kind", "to", "to_kind", "rule", "withdrawn"];
        for chunk in scan_after(head, seq, Entity::Link, None, &names)? {
            let chunk = chunk?;
            let rows = Rows::of(&chunk);
            let (ids, file, line) = (rows.keys("id"), rows.numbers("file"), rows.numbers("line"));
            let (from, from_kind) = (rows.keys("from"), rows.small("from_kind"));
            let (to, to_kind) = (rows.keys("to"), rows.small("to_kind"));
            let member = rows.meanings("rule", |rule| rule == MEMBER);
            let (withdrawn, deleted) = (rows.flags("withdrawn"), rows.flags("deleted"));
            for row in 0..rows.len {
                if let (Some(from), Some(to)) = (key(&from, &from_kind, row), key(&to, &to_kind, row)) {
                    let at = (rows.seq, file.get(row).unwrap_or(0), line.get(row).unwrap_or(0), ids.key(row));
                    let withdrawn = withdrawn.get(row).unwrap_or(false) || deleted.get(row).unwrap_or(false);
                    let member = member.get(row).unwrap_or(false);
                    found.push((at, Link { key: 0, from, to, withdrawn, member }));
                }
            }
        }
        found.sort_unstable_by_key(|(at, l)| (*at, l.from, l.to, l.withdrawn, l.member));
        news.links = found.into_iter().zip(links + 1..).map(|((_, link), key)| Link { key, ..link }).collect();
        Ok(news)
    }

    /// The new records of a kind.
    pub fn of(&self, entity: Entity) -> impl Iterator<Item = u64> + '_ {
        self.records.get(&entity).into_iter().flatten().copied()
    }
}

/// Each of these keys with its record as it stands now, if it stands.
pub(super) fn changes<R: Record>(keys: impl Iterator<Item = u64>, now: &[R]) -> BTreeMap<u64, Option<R>> {
    let now: ByKey<R> = now.iter().map(|record| (record.key(), *record)).collect();
    keys.map(|key| (key, now.get(&key).copied())).collect()
}

/// Records of whole components.
#[derive(Default)]
pub(super) struct Component {
    leads: BTreeMap<u64, Lead>,
    people: BTreeMap<u64, Person>,
    opportunities: BTreeMap<u64, Opportunity>,
    links: BTreeMap<u64, Link>,
    /// All keys in them.
    pub keys: HashSet<u64>,
}

/// What a record or a link ties together.
pub(super) trait Ties {
    /// The keys, 0 for none.
    fn ties(&self) -> Vec<u64>;
}

impl Ties for Lead {
    fn ties(&self) -> Vec<u64> {
        vec![self.key, self.person, self.converted_person, self.converted_opportunity]
    }
}
impl Ties for Person {
    fn ties(&self) -> Vec<u64> {
        vec![self.key, self.person]
    }
}
impl Ties for Opportunity {
    fn ties(&self) -> Vec<u64> {
        vec![self.key, self.person, self.lead]
    }
}
impl Ties for Link {
    fn ties(&self) -> Vec<u64> {
        // an account holds many that are not one
        let end = |key: Key| if key.entity == Entity::Account { 0 } else { key.hash };
        vec![end(self.from), end(self.to)]
    }
}

impl Component {
    /// Everything that hangs together with these keys; `None` where that is more than so many.
    pub fn close(kept: &Kept, seeds: HashSet<u64>, most: usize) -> Option<Component> {
        let mut all = Component::default();
        all.extend(kept, seeds, most).then_some(all)
    }

    /// Takes in what hangs together with these keys too; whether that is still no more than so many.
    pub fn extend(&mut self, kept: &Kept, seeds: HashSet<u64>, most: usize) -> bool {
        let mut frontier = seeds;
        frontier.retain(|key| *key != 0 && !self.keys.contains(key));
        while !frontier.is_empty() {
            self.keys.extend(&frontier);
            if self.keys.len() > most {
                return false;
            }
            let keys = Keys::of(frontier.drain());
            let met = &mut frontier;
            let lead = [at::KEY, at::PERSON, at::CONVERTED_PERSON, at::CONVERTED_OPPORTUNITY];
            take(&kept.leads, &lead, &keys, &mut self.leads, met);
            take(&kept.people, &[at::KEY, at::PERSON], &keys, &mut self.people, met);
            let opportunity = [at::KEY, at::PERSON, at::LEAD];
            take(&kept.opportunities, &opportunity, &keys, &mut self.opportunities, met);
            take(&kept.links, &[at::FROM, at::TO], &keys, &mut self.links, met);
            frontier.retain(|key| *key != 0 && !self.keys.contains(key));
        }
        true
    }

    /// The records as they were, before links later than this one, with the accounts that they may belong to.
    pub fn records(&self, kept: &Kept, links: u64) -> Owned {
        let leads: Vec<Lead> = self.leads.values().copied().collect();
        let people: Vec<Person> = self.people.values().copied().collect();
        let opportunities: Vec<Opportunity> = self.opportunities.values().copied().collect();
        let domains = Keys::of(leads.iter().map(|l| l.domain).chain(people.iter().map(|p| p.domain)));
        let names = Keys::of(leads.iter().map(|l| l.company).chain(opportunities.iter().map(|o| o.company)));
        let mut accounts = kept.accounts.with(&[at::ACCOUNT_DOMAIN], &domains);
        accounts.extend(kept.accounts.with(&[at::NAME], &names));
        accounts.sort_unstable_by_key(|a| a.key);
        accounts.dedup_by_key(|a| a.key);
        let links = self.links.values().filter(|l| l.key <= links).copied().collect();
        Owned { leads, people, opportunities, accounts, links }
    }

    /// Takes note of records as they are now.
    pub fn change(
        &mut self,
        leads: &BTreeMap<u64, Option<Lead>>,
        people: &BTreeMap<u64, Option<Person>>,
        opportunities: &BTreeMap<u64, Option<Opportunity>>,
    ) {
        put(&mut self.leads, leads);
        put(&mut self.people, people);
        put(&mut self.opportunities, opportunities);
    }
}

fn take<R: Record + Ties>(
    kept: &Table<R>,
    columns: &[usize],
    keys: &Keys,
    into: &mut BTreeMap<u64, R>,
    met: &mut HashSet<u64>,
) {
    for record in kept.with(columns, keys) {
        met.extend(record.ties());
        into.insert(record.key(), record);
    }
}

fn put<R: Copy>(into: &mut BTreeMap<u64, R>, changes: &BTreeMap<u64, Option<R>>) {
    for (key, record) in changes {
        match record {
            Some(record) => into.insert(*key, *record),
            None => into.remove(key),
        };
    }
}

/// Records of whole components, to be linked.
pub(super) struct Owned {
    leads: Vec<Lead>,
    people: Vec<Person>,
    opportunities: Vec<Opportunity>,
    accounts: Vec<Account>,
    pub links: Vec<Link>,
}

impl Owned {
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            leads: &self.leads,
            people: &self.people,
            opportunities: &self.opportunities,
            accounts: &self.accounts,
            links: &self.links,
        }
    }
}
