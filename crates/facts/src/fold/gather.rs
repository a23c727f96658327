//! Everything about one journey, read again from the ledger: to explain it, or to fold it under other definitions.
//!
//! Invariant: folding what is gathered gives the rows of the facts.

use agreement::Definitions;
use journey::{Event, JourneyInput, LeadLink, LeadSeen, OpportunityLink, OpportunitySeen};
use ledger::Head;
use ledger::columns::Wanted;
use tallies::columns::{account, lead_cycle, opportunity};
use tallies::{Column, Extract, Facts, Grain, Test};
use terms::Currency;

use super::entered;
use super::happenings::{self, Journeys, Places, Which};
use super::money::Rates;
use super::prepare::{join_accounts, tied};
use super::recode::recode_all;
use super::records::{self, Account, Context, Only};
use super::reference::{ByKey, Reference};
use super::texts::Texts;
use crate::Error;
use crate::store::Mapped;

/// One journey with all its events, ready to be folded.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The journey.
    pub journey: u64,
    /// Its subjects, in the order of their keys.
    pub subjects: Vec<u64>,
    /// Its events, all versions.
    pub events: Vec<Event>,
    leads: Vec<LeadSeen>,
    opportunities: Vec<OpportunitySeen>,
    lead_links: Vec<LeadLink>,
    opportunity_links: Vec<OpportunityLink>,
    texts: Vec<String>,
}

impl Gathered {
    /// What the fold takes.
    pub fn input(&self) -> JourneyInput<'_> {
        JourneyInput {
            journey: self.journey,
            events: &self.events,
            leads: &self.leads,
            opportunities: &self.opportunities,
            lead_links: &self.lead_links,
            opportunity_links: &self.opportunity_links,
        }
    }

    /// The text of a code of these events.
    pub fn text(&self, code: u32) -> Option<&str> {
        self.texts.get((code as usize).checked_sub(1)?).map(String::as_str)
    }
}

/// Reads the journey of a lead, contact, vault person or opportunity.
///
/// # Errors
/// `unknown_subject` where the key belongs to no journey of these facts, which are those of this head.
pub fn gather(head: &Head, facts: &Mapped, definitions: &Definitions, subject: u64) -> Result<Gathered, Error> {
    let journey = facts.journey_of(subject).ok_or(Error::unknown_subject(subject))?;
    let subjects = facts.subjects_of(journey);
    let texts = Texts::default();
    let systems = Texts::default();
    let reference = Reference::read(head, &texts)?;
    let currency = Currency::parse(&facts.index().made.currency).unwrap_or(Currency::UNKNOWN);
    let rates = Rates::new(currency, &reference.rates);
    let mine: ByKey<()> = subjects.iter().map(|s| (*s, ())).collect();
    let context = |only| Context {
        head,
        texts: &texts,
        systems: &systems,
        reference: &reference,
        rates: &rates,
        definitions,
        only,
    };
    let mut tied = tied(&records::links(&context(None))?, |key| facts.journey_of(key.hash).is_some());
    tied.retain(|_, key| mine.contains_key(&key.hash));
    let only = Only::of(subjects.iter().copied());
    let c = context(Some(&only));
    let mut leads = records::leads(&c)?;
    let mut opportunities = records::opportunities(&c)?;
    let mut ids: Vec<u64> = tied.keys().copied().collect();
    ids.sort_unstable();
    let elsewhere = |subject: u64| facts.journey_of(subject).is_some();
    let journeys = Journeys {
        ids: vec![journey],
        places: Places::new(subjects.iter().map(|s| (*s, 0)).collect()),
        tied,
        elsewhere: Some(&elsewhere),
    };
    let which = Which::Few(Wanted { subjects: only.sorted(), opportunities: only.sorted(), ids: &ids });
    let routed = happenings::of_rows(&c, &journeys, definitions, which, &(0..ledger::BUCKETS))?;
    let mut routed = [routed];
    let (lead_links, mut opportunity_links, accounts) = links(facts, journey, &c)?;
    let (texts, to) = texts.settle();
    recode_all(&mut routed, &mut leads.seen, &mut opportunities.seen, &mut opportunity_links, &to);
    // a record that has no row (a twin of another system's) is not folded, what happened to it is
    let stands = |key: u64| {
        lead_links.iter().any(|l| l.lead == key) || opportunity_links.iter().any(|(_, l)| l.opportunity == key)
    };
    let records: Vec<(u32, Event)> =
        leads.events.iter().chain(&opportunities.events).filter(|e| stands(e.subject)).map(|e| (0, *e)).collect();
    let accounts: Vec<Account> = accounts
        .into_iter()
        .map(|mut a| {
            a.industry = to.get(a.industry as usize).copied().unwrap_or(0);
            a.country = to.get(a.country as usize).copied().unwrap_or(0);
            a
        })
        .collect();
    join_accounts(&mut opportunities.seen, &records, &opportunity_links, &accounts);
    let mut events: Vec<Event> = records.into_iter().map(|(_, e)| e).collect();
    for r in &routed {
        events.extend(r.events.iter().flatten().filter_map(|p| r.event(p)));
    }
    events.extend(entered::events(&entered::open(facts.folder())?, |lead| mine.contains_key(&lead), &events));
    Ok(Gathered {
        journey,
        subjects,
        events,
        leads: leads.seen,
        opportunities: opportunities.seen,
        lead_links,
        opportunity_links: opportunity_links.into_iter().map(|(_, l)| l).collect(),
        texts,
    })
}

type LinksOf = (Vec<LeadLink>, Vec<(u32, OpportunityLink)>, Vec<Account>);

/// The links of one journey as the facts hold them.
fn links(facts: &Mapped, journey: u64, c: &Context<'_>) -> Result<LinksOf, Error> {
    let of = |grain, column: Column, keys: &[u64]| {
        let filter = vec![Test::Any(keys.iter().map(|k| Test::Between(column, *k as i64, *k as i64)).collect())];
        facts.extract(&Extract::all(grain, filter))
    };
    let key = |n: Option<i64>| n.unwrap_or(0) as u64;
    let leads = of(Grain::LeadCycle, lead_cycle::JOURNEY, &[journey])?;
    let mut lead_links: Vec<LeadLink> = (0..leads.rows)
        .map(|r| LeadLink {
            lead: key(leads.number(lead_cycle::KEY, r)),
            account: key(leads.number(lead_cycle::ACCOUNT, r)),
            wins_with: key(leads.number(lead_cycle::WINS_WITH, r)),
            contradicted: false,
        })
        .collect();
    // it stands only with the cycles whose win is counted so
    lead_links.sort_unstable_by_key(|l| (l.lead, l.wins_with == 0));
    lead_links.dedup_by_key(|l| l.lead);
    let opportunities = of(Grain::Opportunity, opportunity::JOURNEY, &[journey])?;
    let code = |column, r| opportunities.text(column, r).map_or(0, |t| c.texts.code(t));
    let opportunity_links: Vec<(u32, OpportunityLink)> = (0..opportunities.rows)
        .map(|r| {
            let link = OpportunityLink {
                opportunity: key(opportunities.number(opportunity::KEY, r)),
                lead: key(opportunities.number(opportunity::LEAD, r)),
                members: opportunities.number(opportunity::MEMBERS, r).unwrap_or(0) as u32,
                lead_rule: code(opportunity::LINK_RULE, r),
                account: key(opportunities.number(opportunity::ACCOUNT, r)),
                account_rule: code(opportunity::ACCOUNT_RULE, r),
                contradicted: false,
            };
            (0, link)
        })
        .collect();
    let keys: Vec<u64> = opportunity_links.iter().map(|(_, l)| l.account).filter(|k| *k != 0).collect();
    let found = of(Grain::Account, account::KEY, &keys)?;
    let code = |column, r| found.text(column, r).map_or(0, |t| c.texts.code(t));
    let accounts = (0..found.rows)
        .map(|r| Account {
            domain: 0,
            name: 0,
            key: key(found.number(account::KEY, r)),
            industry: code(account::INDUSTRY, r),
            country: code(account::COUNTRY, r),
            segment: 0,
            owner: 0,
            employees: None,
            source: journey::Source::default(),
        })
        .collect();
    Ok((lead_links, opportunity_links, accounts))
}
