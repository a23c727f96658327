//! Which leads, contacts and vault persons are one human, and so one journey.
//!
//! Invariant: a cluster's journey is its smallest lead key; without a lead its smallest contact key; without either the
//! smallest number of the vault, which is random but the same as long as the vault lives.

use terms::Entity;

use crate::records::Active;
use crate::{Index, Records};

/// The clusters, by dense index: leads first, then contacts, then persons known only by name of another record.
pub(crate) struct People {
    /// The place of each lead's key in `Records::leads`.
    pub leads: Index,
    persons: Index,
    keys: Vec<u64>,
    parent: Vec<u32>,
    journey: Vec<u64>,
}

pub(crate) fn cluster(records: &Records<'_>, links: &[Active]) -> People {
    let lead_count = records.leads.len();
    let leads = Index::of(records.leads.iter().map(|l| l.key));
    let mut keys: Vec<u64> = Vec::with_capacity(2 * lead_count + records.people.len());
    keys.extend(records.leads.iter().map(|l| l.key));
    keys.extend(records.people.iter().map(|p| p.key));
    let recorded = keys.len();
    let persons = persons(records, links, &mut keys);
    let parent = (0..keys.len() as u32).collect();
    let mut people = People { leads, persons, parent, keys, journey: Vec::new() };

    for (i, lead) in records.leads.iter().enumerate() {
        // a key that comes twice is one thing
        let first = people.leads.get(lead.key).unwrap_or(i as u32);
        people.union(i as u32, first);
        for person in [lead.person, lead.converted_person] {
            if person != 0 {
                people.union_person(i as u32, person);
            }
        }
    }
    for (i, contact) in records.people.iter().enumerate() {
        let own = (lead_count + i) as u32;
        people.union_person(own, contact.key);
        if contact.person != 0 {
            people.union_person(own, contact.person);
        }
    }
    for link in links {
        if let (Some(a), Some(b)) = (people.node(link.a.entity, link.a.hash), people.node(link.b.entity, link.b.hash)) {
            people.union(a, b);
        }
    }

    // nodes come in the order leads, contacts, others: rank decides before the key
    let rank = |node: usize| usize::from(node >= lead_count) + usize::from(node >= recorded);
    let mut best: Vec<(u8, u64)> = vec![(u8::MAX, u64::MAX); people.keys.len()];
    for node in 0..people.keys.len() {
        let root = people.root(node as u32) as usize;
        let own = (rank(node) as u8, people.keys.get(node).copied().unwrap_or(0));
        if let Some(slot) = best.get_mut(root) {
            *slot = own.min(*slot);
        }
    }
    people.journey = best.into_iter().map(|b| b.1).collect();
    people
}

/// The nodes of contacts and of persons known only by name of another record; the latter are added to the keys.
fn persons(records: &Records<'_>, links: &[Active], keys: &mut Vec<u64>) -> Index {
    let contacts = Index::new(records.people.iter().map(|p| p.key).zip(records.leads.len() as u32..).collect());
    let named = records.leads.iter().flat_map(|l| [l.person, l.converted_person]);
    let named = named.chain(records.people.iter().map(|p| p.person));
    let linked = links.iter().flat_map(|l| [l.a, l.b]).filter(|key| key.entity == Entity::Person).map(|key| key.hash);
    let mut others: Vec<u64> = named.filter(|key| *key != 0).chain(linked).collect();
    others.sort_unstable();
    others.dedup();
    others.retain(|key| contacts.get(*key).is_none());
    let next = keys.len() as u32;
    keys.extend(&others);
    let mut pairs: Vec<(u64, u32)> = Vec::with_capacity(contacts.pairs().len() + others.len());
    let mut others = others.into_iter().zip(next..).peekable();
    for pair in contacts.pairs() {
        while let Some(other) = others.next_if(|other| other.0 < pair.0) {
            pairs.push(other);
        }
        pairs.push(*pair);
    }
    pairs.extend(others);
    Index::sorted(pairs)
}

impl People {
    fn union_person(&mut self, node: u32, key: u64) {
        if let Some(other) = self.persons.get(key) {
            self.union(node, other);
        }
    }

    fn node(&self, entity: Entity, key: u64) -> Option<u32> {
        match entity {
            Entity::Lead => self.leads.get(key),
            Entity::Person => self.persons.get(key),
            _ => None,
        }
    }

    fn parent_of(&self, node: u32) -> u32 {
        self.parent.get(node as usize).copied().unwrap_or(node)
    }

    fn root(&mut self, mut node: u32) -> u32 {
        loop {
            let parent = self.parent_of(node);
            if parent == node {
                return node;
            }
            let grand = self.parent_of(parent);
            if let Some(slot) = self.parent.get_mut(node as usize) {
                *slot = grand; // halve the path
            }
            node = grand;
        }
    }

    fn union(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        if let Some(slot) = self.parent.get_mut(high as usize) {
            *slot = low;
        }
    }

    fn root_of(&self, mut node: u32) -> u32 {
        while self.parent_of(node) != node {
            node = self.parent_of(node);
        }
        node
    }

    /// The cluster of the lead at this place.
    pub(crate) fn root_of_lead(&self, place: usize) -> u32 {
        self.root_of(place as u32)
    }

    /// The cluster of a contact or vault person, if any record names one.
    pub(crate) fn root_of_person(&self, key: u64) -> Option<u32> {
        self.persons.get(key).map(|node| self.root_of(node))
    }

    /// The journey of the lead at this place.
    pub(crate) fn journey_of_lead(&self, place: usize) -> u64 {
        self.journey.get(self.root_of_lead(place) as usize).copied().unwrap_or(0)
    }

    /// Key and journey of all whose journey is not themselves.
    pub(crate) fn into_subjects(mut self) -> Vec<(u64, u64)> {
        let mut subjects = Vec::new();
        for node in 0..self.keys.len() {
            let root = self.root(node as u32) as usize;
            if let (Some(key), Some(journey)) = (self.keys.get(node), self.journey.get(root))
                && key != journey
            {
                subjects.push((*key, *journey));
            }
        }
        subjects
    }
}
