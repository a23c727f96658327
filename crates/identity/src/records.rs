//! What goes in: each record in a few numbers. And what comes out.
//!
//! Versions may be partial: the caller takes each field from the latest version that gives it.
//! Invariant: codes of one `Records` value come from one dictionary, code 0 means that nothing was recorded; key 0 is
//! no key. Deleted records are left out by the caller.

use terms::{Entity, Key, When};

/// The texts behind codes.
pub trait Texts {
    /// The text of a code, empty for 0 and for a code that is not known.
    fn text(&self, code: u32) -> &str;

    /// 128 bits that stand for the name behind a code once it is normalised; `None` for an empty one. `buffer` is
    /// scratch space. Who keeps such bits instead of texts answers from them.
    fn name(&self, code: u32, buffer: &mut String) -> Option<u128> {
        crate::name::normalise_into(self.text(code), buffer);
        (!buffer.is_empty()).then(|| xxhash_rust::xxh3::xxh3_128(buffer.as_bytes()))
    }
}

impl<T: AsRef<str>> Texts for Vec<T> {
    fn text(&self, code: u32) -> &str {
        (code as usize).checked_sub(1).and_then(|i| self.get(i)).map_or("", AsRef::as_ref)
    }
}

/// A lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadRecord {
    /// The lead.
    pub key: u64,
    /// The same human in the vault.
    pub person: u64,
    /// The domain of its mail address.
    pub mail_domain: u32,
    /// The company's name as typed.
    pub company: u32,
    /// The account the source says it belongs to.
    pub account: u64,
    /// The account it became.
    pub converted_account: u64,
    /// The contact it became.
    pub converted_person: u64,
    /// The opportunity it became.
    pub converted_opportunity: u64,
    /// When it was first known.
    pub created: When,
    /// When it was converted.
    pub converted: When,
    /// The source system that keeps it, 0 where not known.
    pub system: u32,
}

impl LeadRecord {
    /// A lead of which only the key is known.
    pub const fn new(key: u64) -> LeadRecord {
        LeadRecord {
            key,
            person: 0,
            mail_domain: 0,
            company: 0,
            account: 0,
            converted_account: 0,
            converted_person: 0,
            converted_opportunity: 0,
            created: When::Unknown,
            converted: When::Unknown,
            system: 0,
        }
    }
}

/// A contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PersonRecord {
    /// The contact.
    pub key: u64,
    /// The same human in the vault.
    pub person: u64,
    /// The account the contact works for.
    pub account: u64,
    /// The domain of the mail address.
    pub mail_domain: u32,
}

/// An opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpportunityRecord {
    /// The opportunity.
    pub key: u64,
    /// The account it is with.
    pub account: u64,
    /// Its primary contact.
    pub person: u64,
    /// The lead it names.
    pub lead: u64,
    /// The buyer's name, where there is no account key.
    pub company: u32,
    /// When it was opened.
    pub created: When,
    /// Whether it says that it is won, where it says anything.
    pub won: Option<bool>,
    /// The source system that keeps it, 0 where not known.
    pub system: u32,
}

impl OpportunityRecord {
    /// An opportunity of which only the key is known.
    pub const fn new(key: u64) -> OpportunityRecord {
        OpportunityRecord {
            key,
            account: 0,
            person: 0,
            lead: 0,
            company: 0,
            created: When::Unknown,
            won: None,
            system: 0,
        }
    }
}

/// An account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct AccountRecord {
    /// The account.
    pub key: u64,
    /// Its mail or web domain.
    pub domain: u32,
    /// Its name.
    pub name: u32,
}

/// A recorded link between two things, or its withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// The thing that is linked.
    pub from: Key,
    /// What it is linked to.
    pub to: Key,
    /// By what rule, as recorded.
    pub rule: u32,
    /// Whether this withdraws the link.
    pub withdrawn: bool,
    /// Its place in the order of recording: of two records about the same two things the higher one holds.
    pub recorded: u64,
}

/// All records of one head, in any order.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    /// Leads.
    pub leads: &'a [LeadRecord],
    /// Contacts.
    pub people: &'a [PersonRecord],
    /// Opportunities.
    pub opportunities: &'a [OpportunityRecord],
    /// Accounts.
    pub accounts: &'a [AccountRecord],
    /// Links and withdrawals, all of them.
    pub links: &'a [LinkRecord],
    /// The texts behind the codes.
    pub texts: &'a dyn Texts,
}

/// What the definitions and settings say about mail domains; lower case.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules<'a> {
    /// Domains that say nothing about a company.
    pub free_mail: &'a [String],
    /// The company's own domains.
    pub own_domains: &'a [String],
}

/// By what rule an opportunity got its primary lead, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeadRule {
    /// A recorded link.
    Link,
    /// The lead says what it became.
    Converted,
    /// The opportunity names the lead.
    Field,
    /// Its primary contact is the same human as the lead.
    Contact,
    /// Another of its contacts is the same human as the lead.
    Member,
    /// It has none.
    None,
}

impl LeadRule {
    /// The word in tables, empty for none.
    pub const fn word(self) -> &'static str {
        match self {
            LeadRule::Link => "link",
            LeadRule::Converted => "converted",
            LeadRule::Field => "field",
            LeadRule::Contact => "contact",
            LeadRule::Member => "member",
            LeadRule::None => "",
        }
    }
}

/// By what rule a lead or an opportunity got its account, or why it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountRule {
    /// A recorded link.
    Link,
    /// The record names the account.
    Field,
    /// The lead says what it became.
    Converted,
    /// The mail domain is the account's alone.
    Domain,
    /// The company's name is the account's alone.
    Name,
    /// The domain or name is that of several accounts: none of them is taken.
    Ambiguous,
    /// A domain or a name was given, and no account has it.
    Unmatched,
    /// Nothing was given to match on.
    None,
}

impl AccountRule {
    /// The word in tables, empty for none.
    pub const fn word(self) -> &'static str {
        match self {
            AccountRule::Link => "link",
            AccountRule::Field => "field",
            AccountRule::Converted => "converted",
            AccountRule::Domain => "domain",
            AccountRule::Name => "name",
            AccountRule::Ambiguous => "ambiguous",
            AccountRule::Unmatched => "unmatched",
            AccountRule::None => "",
        }
    }
}

/// A lead's journey and account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadAccount {
    /// The lead.
    pub lead: u64,
    /// Its journey.
    pub journey: u64,
    /// Its account, 0 where there is none.
    pub account: u64,
    /// By what rule.
    pub rule: AccountRule,
    /// The won opportunity with which a win on its own record is counted, 0 where there is none: it is one of that
    /// opportunity's other members, or that opportunity is with its account and has no lead.
    pub wins_with: u64,
}

/// An opportunity's journey, lead and account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpportunityLink {
    /// The opportunity.
    pub opportunity: u64,
    /// Its journey: its primary lead's, or its own.
    pub journey: u64,
    /// Its primary lead, 0 where there is none.
    pub lead: u64,
    /// By what rule.
    pub rule: LeadRule,
    /// Leads linked to it, the primary one included.
    pub members: u32,
    /// Its account, 0 where there is none.
    pub account: u64,
    /// By what rule.
    pub account_rule: AccountRule,
}

/// The links that hold at one head. All lists are sorted by key.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Links {
    /// Subject and journey, for the subjects whose journey is not themselves.
    pub journeys: Vec<(u64, u64)>,
    /// Every lead.
    pub leads: Vec<LeadAccount>,
    /// Every opportunity.
    pub opportunities: Vec<OpportunityLink>,
    /// Opportunity and lead, the primary one included.
    pub members: Vec<(u64, u64)>,
    /// Lead and the lead of another system that stands for it: one human's lead, kept twice.
    pub twin_leads: Vec<(u64, u64)>,
    /// Opportunity and the opportunity of another system that stands for it.
    pub twin_opportunities: Vec<(u64, u64)>,
    /// The won opportunities without a lead.
    pub wins: Vec<crate::Win>,
}

impl Links {
    /// The journey that a lead, contact, vault person or opportunity belongs to.
    pub fn journey_of(&self, subject: u64) -> u64 {
        self.journeys
            .binary_search_by_key(&subject, |p| p.0)
            .ok()
            .and_then(|i| self.journeys.get(i))
            .map_or(subject, |p| p.1)
    }

    /// Whether another system's lead stands for this one.
    pub fn is_twin_lead(&self, key: u64) -> bool {
        self.twin_leads.binary_search_by_key(&key, |t| t.0).is_ok()
    }

    /// The opportunity that stands for this one: itself, unless it is another's twin.
    pub fn standing_opportunity(&self, key: u64) -> u64 {
        crate::twins::standing(&self.twin_opportunities, key)
    }

    /// What is known about a lead.
    pub fn lead(&self, key: u64) -> Option<&LeadAccount> {
        self.leads.binary_search_by_key(&key, |l| l.lead).ok().and_then(|i| self.leads.get(i))
    }

    /// What is known about an opportunity.
    pub fn opportunity(&self, key: u64) -> Option<&OpportunityLink> {
        self.opportunities.binary_search_by_key(&key, |o| o.opportunity).ok().and_then(|i| self.opportunities.get(i))
    }
}

/// A link that holds; the smaller entity first, so that a link and its withdrawal meet whichever way they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Active {
    pub a: Key,
    pub b: Key,
    /// Recorded as one of several contacts of an opportunity: it says less than any other rule.
    pub member: bool,
    pub recorded: u64,
}

/// The rule of links that an opportunity's list of contacts gives.
pub const MEMBER: &str = "member";

/// The links that were not withdrawn, in the order of recording.
pub(crate) fn active_links(records: &Records<'_>) -> Vec<Active> {
    let mut all: Vec<(Active, bool)> = records
        .links
        .iter()
        .filter(|l| l.from != l.to)
        .map(|l| {
            let (a, b) = if l.from <= l.to { (l.from, l.to) } else { (l.to, l.from) };
            let member = records.texts.text(l.rule) == MEMBER;
            (Active { a, b, member, recorded: l.recorded }, l.withdrawn)
        })
        .collect();
    // of two with the same place in the order the withdrawal holds
    all.sort_unstable_by_key(|(l, withdrawn)| (l.a, l.b, l.recorded, *withdrawn));
    let mut active: Vec<Active> = Vec::new();
    for (i, (link, withdrawn)) in all.iter().enumerate() {
        let is_last = all.get(i + 1).is_none_or(|(next, _)| (next.a, next.b) != (link.a, link.b));
        if is_last && !withdrawn {
            active.push(*link);
        }
    }
    active.sort_unstable_by_key(|l| (l.recorded, l.a, l.b));
    active
}

impl Active {
    /// The other end, if one end is this kind of thing and the other that kind.
    pub(crate) fn between(&self, one: Entity, other: Entity) -> Option<(u64, u64)> {
        if self.a.entity == one && self.b.entity == other {
            Some((self.a.hash, self.b.hash))
        } else if self.b.entity == one && self.a.entity == other {
            Some((self.b.hash, self.a.hash))
        } else {
            None
        }
    }
}
