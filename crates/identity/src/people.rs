//! Which leads, contacts and vault persons are one human, and so one journey.
//!
//! Invariant: a cluster's journey is its smallest lead key; without a lead its smallest contact key; without either the
//! smallest number of the vault, which is random but the same as long as the vault lives.

use terms::Entity;

use crate::records::Active;
use crate::{Places, Records, places};

/// The clusters, by dense index: leads first, then contacts, then persons known only by name of another record.
pub(crate) struct People {
    /// The place of each lead's key in `Records::leads`.
    pub leads: Places,
    persons: Places,
    keys: Vec<u64>,
    parent: Vec<u32>,
    journey: Vec<u64>,
}

pub(crate) fn cluster(records: &Records<'_>, links: &[Active]) -> People {
    let lead_count = records.leads.len();
    let leads = places(records.leads.iter().map(|l| l.key));
    let mut persons = Places::with_capacity_and_hasher(records.people.len() + lead_count, Default::default());
    let mut keys: Vec<u64> = Vec::with_capacity(2 * lead_count + records.people.len());
    keys.extend(records.leads.iter().map(|l| l.key));
    for person in records.people {
        persons.entry(person.key).or_insert(keys.len() as u32);
        keys.push(person.key);
    }
    let recorded = keys.len();
    let mut people = People { leads, persons, parent: (0..recorded as u32).collect(), keys, journey: Vec::new() };

    for (i, lead) in records.leads.iter().enumerate() {
        // a key that comes twice is one thing
        let first = people.leads.get(&lead.key).copied().unwrap_or(i as u32);
        people.union(i as u32, first);
        for person in [lead.person, lead.converted_person] {
            if person != 0 {
                let other = people.person(person);
                people.union(i as u32, other);
            }
        }
    }
    for (i, contact) in records.people.iter().enumerate() {
        let own = (lead_count + i) as u32;
        let first = people.person(contact.key);
        people.union(own, first);
        if contact.person != 0 {
            let other = people.person(contact.person);
            people.union(own, other);
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

impl People {
    /// The node of a contact's or vault person's key, made where it is new.
    fn person(&mut self, key: u64) -> u32 {
        let next = self.keys.len() as u32;
        let node = *self.persons.entry(key).or_insert(next);
        if node == next {
            self.keys.push(key);
            self.parent.push(next);
        }
        node
    }

    fn node(&mut self, entity: Entity, key: u64) -> Option<u32> {
        match entity {
            Entity::Lead => self.leads.get(&key).copied(),
            Entity::Person => Some(self.person(key)),
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
        self.persons.get(&key).map(|node| self.root_of(*node))
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
