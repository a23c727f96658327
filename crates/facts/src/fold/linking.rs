//! Records as identity takes them: hashes become codes.
//!
//! Invariant: equal hashes have equal codes, and a domain that says nothing about a company has an empty text.

use agreement::Definitions;
use identity::{AccountRecord, LeadRecord, LinkRecord, Links, OpportunityRecord, PersonRecord, Records, Rules, Texts};

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

/// Hashes by their codes.
#[derive(Default)]
struct Hashes {
    codes: ByKey<u32>,
    hashes: Vec<u64>,
    silent: ByKey<()>,
}

impl Hashes {
    fn code(&mut self, hash: u64) -> u32 {
        if hash == 0 {
            return 0;
        }
        let next = self.hashes.len() as u32 + 1;
        let code = *self.codes.entry(hash).or_insert(next);
        if code == next {
            self.hashes.push(hash);
        }
        code
    }

    fn hash(&self, code: u32) -> u64 {
        (code as usize).checked_sub(1).and_then(|at| self.hashes.get(at)).copied().unwrap_or(0)
    }
}

impl Texts for Hashes {
    /// Only whether there is a text that says something: which one it is shows in its code.
    fn text(&self, code: u32) -> &str {
        let hash = self.hash(code);
        if hash == 0 || self.silent.contains_key(&hash) { "" } else { "?" }
    }

    fn name(&self, code: u32, _: &mut String) -> Option<u128> {
        Some(self.hash(code)).filter(|hash| *hash != 0).map(u128::from)
    }
}

/// Domains that say nothing about a company.
pub(super) fn silent(definitions: &Definitions, options: &Options) -> ByKey<()> {
    definitions.free_mail.iter().chain(&options.own_domains).map(|domain| (domain_hash(domain), ())).collect()
}

/// Links the records, with the systems as they are ranked among all.
pub(super) fn linked(of: &Standing<'_>, systems: &[u32], definitions: &Definitions, options: &Options) -> Links {
    let mut hashes = Hashes { silent: silent(definitions, options), ..Hashes::default() };
    let accounts: Vec<AccountRecord> = of
        .accounts
        .iter()
        .map(|a| AccountRecord { key: a.key, domain: hashes.code(a.domain), name: hashes.code(a.name) })
        .collect();
    let leads: Vec<LeadRecord> = of
        .leads
        .iter()
        .map(|l| LeadRecord {
            key: l.key,
            person: l.person,
            mail_domain: hashes.code(l.domain),
            company: hashes.code(l.company),
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
        .iter()
        .map(|p| PersonRecord { key: p.key, person: p.person, account: p.account, mail_domain: hashes.code(p.domain) })
        .collect();
    let opportunities: Vec<OpportunityRecord> = of
        .opportunities
        .iter()
        .map(|o| OpportunityRecord {
            key: o.key,
            account: o.account,
            person: o.person,
            lead: o.lead,
            company: hashes.code(o.company),
            created: o.created,
            system: o.system,
        })
        .collect();
    let links: Vec<LinkRecord> = of
        .links
        .iter()
        .map(|l| LinkRecord { from: l.from, to: l.to, rule: 0, withdrawn: l.withdrawn, recorded: l.key })
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
