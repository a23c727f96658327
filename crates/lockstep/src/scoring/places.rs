//! Whose a row of the ledger is, among leads.
//!
//! Invariant: a subject belongs to the lead of its journey, or to one that is looked at apart from it.

use facts::Numbered;

use super::all::Leads;
use crate::known::Known;

/// Finds the lead that a subject belongs to. Entries come sorted by their subject, so the last answer serves again and again, and the
/// next lies near.
pub struct Places<'k> {
    known: &'k Known,
    leads: &'k Leads,
    numbered: Option<&'k Numbered>,
    near: usize,
    last: Option<(u64, Option<usize>)>,
}

/// From so many leads on all subjects are given their place at once.
const MANY: usize = 1_000;

impl<'k> Places<'k> {
    pub fn of(known: &'k Known, leads: &'k Leads) -> Places<'k> {
        let all = || (leads.places.len() >= MANY).then(|| known.facts.numbered(|j| leads.places.get(&j).copied()));
        Places { known, leads, numbered: leads.numbered.get_or_init(all).as_ref(), near: 0, last: None }
    }

    /// The place of the lead that a subject belongs to.
    pub fn find(&mut self, subject: u64) -> Option<usize> {
        match self.last {
            Some((last, place)) if last == subject => place,
            _ => {
                let place = match self.numbered {
                    Some(numbered) => numbered.find(subject, &mut self.near),
                    None => self.known.facts.journey_of(subject).and_then(|j| self.leads.places.get(&j).copied()),
                };
                let place = place.or_else(|| self.leads.alone.get(&subject).copied()).map(|p| p as usize);
                self.last = Some((subject, place));
                place
            }
        }
    }
}
