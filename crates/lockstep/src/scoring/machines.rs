//! Touches that are taken for a machine's, gathered part by part.
//!
//! Not here: by what marks (`agreement::score`). Invariant: nothing is removed; ids are told.

use agreement::score::{Mail, machine};
use entries::{Entry, catalogue};
use hashbrown::HashSet;
use rayon::prelude::*;

use super::one::{is_trap, mail};

/// Events of mailings, to tell which a machine made.
#[derive(Default)]
pub struct Machines<'s> {
    mails: Vec<(usize, u64, Mail)>,
    /// What was touched and no reader sees.
    trapped: HashSet<u64>,
    traps: &'s [String],
}

impl<'s> Machines<'s> {
    /// With these traps.
    pub fn with(traps: &'s [String]) -> Machines<'s> {
        Machines { traps, ..Machines::default() }
    }

    /// Takes a touch of a lead.
    pub fn see(&mut self, place: usize, entry: &Entry) {
        let asset = entry.get(catalogue::touch::ASSET).text().unwrap_or("");
        self.note(place, entry.id.hash, mail(entry, self.traps), is_trap(asset, self.traps));
    }

    /// Takes one of a lead by its id: what came of a mail tells of its whole mailing.
    pub fn note(&mut self, place: usize, id: u64, mail: Option<Mail>, is_trap: bool) {
        if is_trap && mail.is_none() {
            self.trapped.insert(id);
        }
        self.mails.extend(mail.map(|mail| (place, id, mail)));
    }

    /// Those of another part too.
    pub fn add(&mut self, other: Machines<'_>) {
        self.mails.extend(other.mails);
        self.trapped.extend(other.trapped);
    }

    /// The ids of those that are taken for a machine's.
    pub fn found(mut self) -> HashSet<u64> {
        self.mails.par_sort_unstable_by_key(|(place, id, mail)| (*place, mail.at, *id));
        let of_leads = self.mails.par_chunk_by(|a, b| a.0 == b.0);
        let found: Vec<u64> = of_leads
            .flat_map_iter(|of_lead| {
                let mails: Vec<Mail> = of_lead.iter().map(|(_, _, mail)| *mail).collect();
                of_lead.iter().zip(machine(&mails)).filter(|(_, why)| why.is_some()).map(|((_, id, _), _)| *id)
            })
            .collect();
        let mut out = self.trapped;
        out.extend(found);
        out
    }
}
