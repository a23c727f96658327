//! Which records are one person, one account, one journey, and by what rule.
//!
//! Here: compact records of the latest versions ([`Records`]), the one function that links them ([`link`]), its result
//! ([`Links`]: subject to journey, lead to opportunity, lead and opportunity to account, each with its rule), and what
//! records say against each other ([`contradictions`]). Not here: reading entries, matching by anything but recorded
//! links and exact values, and names of people: two leads are one human only where the vault or a link says so.
//! Invariants: the result depends on the records as a set, never on their order or on the vault's random numbers
//! (except for people who have no record of their own); a link that is withdrawn leaves what was there before it.

mod accounts;
pub mod contradictions;
mod index;
mod name;
mod opportunities;
mod people;
mod records;
mod twins;
mod wins;

pub use contradictions::{Claim, Contradiction, LeadSays, OpportunitySays, Said, Statement};
pub use index::Index;
pub use name::{normalise_into, normalised};
pub use records::{
    AccountRecord, AccountRule, LeadAccount, LeadRecord, LeadRule, LinkRecord, Links, MEMBER, OpportunityLink,
    OpportunityRecord, PersonRecord, Records, Rules, Texts,
};
pub use twins::{SystemCounts, counts, systems};
pub use wins::Win;

use std::hash::Hasher;

/// Links the records: one pass over each list, sorting and union by dense index.
pub fn link(records: &Records<'_>, rules: &Rules<'_>) -> Links {
    let systems = systems(&counts(records.leads, records.opportunities), |s| records.texts.text(s));
    let mut links = link_part(records, rules, &systems);
    let wins = std::mem::take(&mut links.wins);
    links.count_wins(&wins);
    links.wins = wins;
    links
}

/// Links some of the records as [`link`] would link them among all: those of whole components, where records are tied
/// by the persons, leads and opportunities they name and by recorded links, with the accounts that have their domains
/// or names. `systems` are those of all records, see [`systems`]. Wins that are counted with an account's are told of by
/// [`Links::count_wins`], from the wins of all records.
pub fn link_part(records: &Records<'_>, rules: &Rules<'_>, systems: &[u32]) -> Links {
    let active = records::active_links(records);
    let people = people::cluster(records, &active);
    let claims = opportunities::claim(records, &active, &people);
    let mut directory = accounts::Directory::new(records, rules);
    let leads = accounts::of_leads(records, &mut directory, &active, &people);
    let opportunities = accounts::of_opportunities(records, &mut directory, &active, &claims, &leads);
    let twin_leads = twins::leads(records, &people, systems);
    let twin_opportunities = twins::opportunities(records, &active, systems);
    let mut journeys = people.into_subjects();
    journeys.extend(opportunities.iter().filter(|o| o.journey != o.opportunity).map(|o| (o.opportunity, o.journey)));
    journeys.sort_unstable();
    journeys.dedup_by_key(|pair| pair.0);
    let members = claims.members;
    let mut links = Links { journeys, leads, opportunities, members, twin_leads, twin_opportunities, wins: Vec::new() };
    twins::settle(&mut links);
    wins::settle(records, &mut links);
    links
}

/// Keys are hashes already: their own bits place them. Never iterated into a result.
#[derive(Default)]
pub(crate) struct OwnBits(u64);

impl Hasher for OwnBits {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
    fn write_u128(&mut self, n: u128) {
        self.0 = n as u64; // a hash already, or a part of one
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15); // codes are small: spread them
    }
}
