//! Records as identity takes them: hashes become codes.
//!
//! Invariant: equal hashes have equal codes, and a domain that says nothing about a company has an empty text.

use agreement::Definitions;
use identity::{
    AccountRecord, Index, LeadRecord, LinkRecord, Links, MEMBER, OpportunityRecord, PersonRecord, Records, Rules, Texts,
};
use rayon::prelude::*;

use super::build::Options;
use super::kept::{Account, Lead, Link, Opportunity, Person, domain_hash};
use super::reference::ByKey;

/// Records of whole components, or all.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    pub leads: &'a [Lead],
    pub people: &'a [Person],
    pub opportunities: &'a [Opportunity],
    pub accounts: &'a [Account],
    pub links: &'a [Link],
}

/// Hashes that accounts have, by their codes. All others are strangers to all accounts, so one code does for them, and
/// one for domains that say nothing.
struct Hashes {
    codes: Index,
    hashes: Vec<u64>,
    silent: ByKey<()>,
}

/// Of a domain that says nothing.
const SILENT: u32 = 1;
/// Of the rule of links that an opportunity's list of contacts gives.
const OF_GROUP: u32 = 2;
/// Of what no account has.
const STRANGE: u32 = 3;

impl Hashes {
    fn of(accounts: &[Account], silent: ByKey<()>) -> Hashes {
        let mut hashes: Vec<u64> = accounts.iter().flat_map(|a| [a.domain, a.name]).filter(|hash| *hash != 0).collect();
        hashes.par_sort_unstable();
        hashes.dedup();
        Hashes { codes: Index::sorted(hashes.iter().copied().zip(STRANGE + 1..).collect()), hashes, silent }
    }

    fn domain(&self, hash: u64) -> u32 {
        if hash != 0 && self.silent.contains_key(&hash) { SILENT } else { self.name(hash) }
    }

    fn name(&self, hash: u64) -> u32 {
        if hash == 0 { 0 } else { self.codes.get(hash).unwrap_or(STRANGE) }
    }
}

impl Texts for Hashes {
    /// Of domains and names only whether there is a text that says something: which one it is shows in its code.
    fn text(&self, code: u32) -> &str {
        match code {
            0 | SILENT => "",
            OF_GROUP => MEMBER,
            _ => "?",
        }
    }

    fn name(&self, code: u32, _: &mut String) -> Option<u128> {
        let of_account = code.checked_sub(STRANGE + 1).and_then(|at| self.hashes.get(at as usize));
        (code != 0).then(|| of_account.map_or(0, |hash| u128::from(*hash)))
    }
}

/// Domains that say nothing about a company.
pub(super) fn silent(definitions: &Definitions, options: &Options) -> ByKey<()> {
    definitions.free_mail.iter().chain(&options.own_domains).map(|domain| (domain_hash(domain), ())).collect()
}

/// Links the records, with the systems as they are ranked among all, but for wins counted with an account's.
pub(super) fn linked(of: &Standing<'_>, systems: &[u32], definitions: &Definitions, options: &Options) -> Links {
    let hashes = Hashes::of(of.accounts, silent(definitions, options));
    let accounts: Vec<AccountRecord> = of
        .accounts
        .par_iter()
        .map(|a| AccountRecord { key: a.key, domain: hashes.domain(a.domain), name: hashes.name(a.name) })
        .collect();
    let leads: Vec<LeadRecord> = of
        .leads
        .par_iter()
        .map(|l| LeadRecord {
            key: l.key,
            person: l.person,
            mail_domain: hashes.domain(l.domain),
            company: hashes.name(l.company),
            account: l.account,
            converted_account: l.converted_account,
            converted_person: l.converted_person,
            converted_opportunity: l.converted_opportunity,
            created: l.created,
            converted: l.converted,
            system: l.system,
        })
        .collect();
    let people: Vec<PersonRecord> = of
        .people
        .par_iter()
        .map(|p| PersonRecord {
            key: p.key,
            person: p.person,
            account: p.account,
            mail_domain: hashes.domain(p.domain),
        })
        .collect();
    let opportunities: Vec<OpportunityRecord> = of
        .opportunities
        .par_iter()
        .map(|o| OpportunityRecord {
            key: o.key,
            account: o.account,
            person: o.person,
            lead: o.lead,
            company: hashes.name(o.company),
            created: o.created,
            won: o.won,
            system: o.system,
        })
        .collect();
    let links: Vec<LinkRecord> = of
        .links
        .iter()
        .map(|l| LinkRecord {
            from: l.from,
            to: l.to,
            rule: if l.member { OF_GROUP } else { 0 },
            withdrawn: l.withdrawn,
            recorded: l.key,
        })
        .collect();
    let records = Records {
        leads: &leads,
        people: &people,
        opportunities: &opportunities,
        accounts: &accounts,
        links: &links,
        texts: &hashes,
    };
    // which domains are silent shows in their texts already
    identity::link_part(&records, &Rules::default(), systems)
}
