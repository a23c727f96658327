//! Which account a lead or an opportunity belongs to.
//!
//! Invariant: a domain or a name that several accounts share matches none of them; free mail and the company's own
//! domains match nothing.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use terms::Entity;

use crate::opportunities::Claims;
use crate::people::People;
use crate::records::Active;
use crate::{AccountRule, Index, LeadAccount, OpportunityLink, OwnBits, Records, Rules};

/// One account, or several that share the value.
#[derive(Clone, Copy)]
enum Holder {
    One(u64),
    Several,
}

impl Holder {
    fn and(self, account: u64) -> Holder {
        if matches!(self, Holder::One(own) if own == account) { self } else { Holder::Several }
    }
}

/// Accounts by what records can be matched on. Looked up, never iterated.
pub(crate) struct Directory<'r> {
    records: &'r Records<'r>,
    /// Domains by code, once looked up: whether they say anything, and whose they are.
    domains: Vec<Option<(bool, Option<Holder>)>>,
    names: HashMap<u128, Holder, BuildHasherDefault<OwnBits>>,
    /// Company names by code, once looked up.
    known: Vec<Option<Option<Holder>>>,
    silent: HashSet<&'r str>,
    buffer: String,
}

/// What is known of a code, if it was looked up.
fn of_code<T: Copy>(known: &mut Vec<Option<T>>, code: u32) -> Option<&mut Option<T>> {
    if known.len() <= code as usize {
        known.resize((code as usize + 1).next_power_of_two(), None);
    }
    known.get_mut(code as usize)
}

impl<'r> Directory<'r> {
    pub(crate) fn new(records: &'r Records<'r>, rules: &'r Rules<'r>) -> Directory<'r> {
        let mut directory = Directory {
            records,
            domains: Vec::new(),
            names: HashMap::default(),
            known: Vec::new(),
            silent: rules.free_mail.iter().chain(rules.own_domains).map(String::as_str).collect(),
            buffer: String::new(),
        };
        for account in records.accounts {
            let one = Holder::One(account.key);
            if account.domain != 0 {
                let (telling, holder) = directory.domain(account.domain);
                if let Some(slot) = of_code(&mut directory.domains, account.domain) {
                    *slot = Some((telling, Some(holder.map_or(one, |h| h.and(account.key)))));
                }
            }
            if let Some(name) = directory.name(account.name) {
                directory.names.entry(name).and_modify(|h| *h = h.and(account.key)).or_insert(one);
            }
        }
        directory
    }

    /// Whether a domain says anything about a company, and whose it is.
    fn domain(&mut self, code: u32) -> (bool, Option<Holder>) {
        let records = self.records;
        let Some(slot) = of_code(&mut self.domains, code) else { return (false, None) };
        *slot.get_or_insert_with(|| {
            let text = records.texts.text(code);
            (!text.is_empty() && !self.silent.contains(text), None)
        })
    }

    /// 128 bits that stand for the normalised name; `None` for an empty one.
    fn name(&mut self, code: u32) -> Option<u128> {
        self.records.texts.name(code, &mut self.buffer)
    }

    fn by_name(&mut self, code: u32) -> Option<Holder> {
        if let Some(Some(known)) = self.known.get(code as usize) {
            return *known;
        }
        let holder = self.name(code).and_then(|name| self.names.get(&name).copied());
        if let Some(slot) = of_code(&mut self.known, code) {
            *slot = Some(holder);
        }
        holder
    }

    /// By domain, else by name.
    fn find(&mut self, domain: u32, name: u32) -> (u64, AccountRule) {
        let (telling, holder) = if domain == 0 { (false, None) } else { self.domain(domain) };
        let by_domain = holder.filter(|_| telling);
        if let Some(Holder::One(account)) = by_domain {
            return (account, AccountRule::Domain);
        }
        let by_name = if name == 0 { None } else { self.by_name(name) };
        match (by_domain, by_name) {
            (_, Some(Holder::One(account))) => (account, AccountRule::Name),
            (Some(_), _) | (_, Some(_)) => (0, AccountRule::Ambiguous),
            (None, None) if telling || name != 0 => (0, AccountRule::Unmatched),
            (None, None) => (0, AccountRule::None),
        }
    }
}

/// The account that the last recorded link gives each thing of this kind.
fn by_link(links: &[Active], entity: Entity) -> HashMap<u64, u64> {
    links.iter().filter_map(|l| l.between(entity, Entity::Account)).collect()
}

/// Every lead, sorted by key.
pub(crate) fn of_leads(
    records: &Records<'_>,
    directory: &mut Directory<'_>,
    links: &[Active],
    people: &People,
) -> Vec<LeadAccount> {
    let linked = by_link(links, Entity::Lead);
    let mut out: Vec<LeadAccount> = records
        .leads
        .iter()
        .enumerate()
        .map(|(place, lead)| {
            let (account, rule) = if let Some(account) = linked.get(&lead.key) {
                (*account, AccountRule::Link)
            } else if lead.account != 0 {
                (lead.account, AccountRule::Field)
            } else if lead.converted_account != 0 {
                (lead.converted_account, AccountRule::Converted)
            } else {
                directory.find(lead.mail_domain, lead.company)
            };
            LeadAccount { lead: lead.key, journey: people.journey_of_lead(place), account, rule, wins_with: 0 }
        })
        .collect();
    out.sort_unstable_by_key(|l| l.lead);
    out
}

/// Every opportunity, sorted by key. What it lacks itself it takes from its primary lead, by the lead's rule.
pub(crate) fn of_opportunities(
    records: &Records<'_>,
    directory: &mut Directory<'_>,
    links: &[Active],
    claims: &Claims,
    leads: &[LeadAccount],
) -> Vec<OpportunityLink> {
    let linked = by_link(links, Entity::Opportunity);
    let contacts = Index::of(records.people.iter().map(|p| p.key));
    let mut out: Vec<OpportunityLink> = records
        .opportunities
        .iter()
        .zip(&claims.primary)
        .map(|(opportunity, primary)| {
            let lead = primary.lead.and_then(|place| records.leads.get(place as usize));
            let (mut account, mut rule) = if let Some(account) = linked.get(&opportunity.key) {
                (*account, AccountRule::Link)
            } else if opportunity.account != 0 {
                (opportunity.account, AccountRule::Field)
            } else if let Some(lead) = lead.filter(|l| l.converted_account != 0) {
                (lead.converted_account, AccountRule::Converted)
            } else {
                let contact = contacts.get(opportunity.person).and_then(|i| records.people.get(i as usize));
                match contact {
                    Some(contact) if contact.account != 0 => (contact.account, AccountRule::Field),
                    contact => directory.find(contact.map_or(0, |c| c.mail_domain), opportunity.company),
                }
            };
            if account == 0
                && let Some(lead) = lead
                && let Some(own) = leads.binary_search_by_key(&lead.key, |l| l.lead).ok().and_then(|i| leads.get(i))
                && own.account != 0
            {
                (account, rule) = (own.account, own.rule);
            }
            OpportunityLink {
                opportunity: opportunity.key,
                journey: primary.journey,
                lead: lead.map_or(0, |l| l.key),
                rule: primary.rule,
                members: primary.members,
                account,
                account_rule: rule,
            }
        })
        .collect();
    out.sort_unstable_by_key(|o| o.opportunity);
    out
}
