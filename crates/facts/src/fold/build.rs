//! The driver: a head of the ledger, definitions and options to a folder of facts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use agreement::Definitions;
use ledger::Head;
use rayon::prelude::*;
use tallies::Grain;
use terms::{Currency, Entity};

use super::entered::{self, Entered};
use super::happenings::{self, Journeys, Routed, Which};
use super::kept::{Counts, Kept, Table, Win};
use super::linking::{Standing, linked};
use super::money::Rates;
use super::prepare::{Prepared, join_accounts, prepare, subjects_of};
use super::recode::recode_table;
use super::records::{self, Account, Context};
use super::reference::Reference;
use super::route::{Folded, Folding, fold_all};
use super::texts::Texts;
use super::update::update;
use super::{currency, rows, series};
use crate::Error;
use crate::store::{Made, Mapped, write_with};

/// How many happenings are held at once, at 28 bytes each: under a gigabyte.
const AT_ONCE: u64 = 32_000_000;

const HAPPENINGS: [Entity; 4] = [Entity::StageChange, Entity::FieldChange, Entity::Activity, Entity::Touch];

/// What the facts depend on besides the ledger and the definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Only what had happened by this minute.
    pub as_if: Option<i32>,
    /// The reporting currency; where it is not given, the one that most money is recorded in.
    pub currency: Option<Currency>,
    /// The company's own mail domains.
    pub own_domains: Vec<String>,
    /// Stages entered by the rules that the definitions name: they follow from the head and the definitions.
    pub entered: Vec<Entered>,
}

/// What is being worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Records are read.
    Records,
    /// Records are linked.
    Links,
    /// Activities, touches and changes are read.
    Happenings,
    /// Journeys are folded.
    Folding,
    /// Columns are written.
    Writing,
}

/// How far a build has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being worked on.
    pub stage: Stage,
    /// Entries of the head that will be read in all.
    pub entries: u64,
}

/// What facts of this head by these definitions and options say of themselves; currency and counts come with the build.
pub(super) fn made(head: &Head, definitions: &Definitions, options: &Options) -> Made {
    let mut h = xxhash_rust::xxh3::Xxh3::new();
    h.update(&definitions.hash().to_le_bytes());
    h.update(
        options
            .currency
            .map_or("", |c| match c {
                Currency::UNKNOWN => "XXX",
                _ => "given",
            })
            .as_bytes(),
    );
    h.update(&options.currency.map_or(0, Currency::number).to_le_bytes());
    for domain in &options.own_domains {
        h.update(&(domain.len() as u64).to_le_bytes());
        h.update(domain.as_bytes());
    }
    Made {
        seq: head.seq(),
        head: head.hash().to_owned(),
        definitions: format!("{:016x}", h.digest()),
        as_if: options.as_if,
        currency: String::new(),
        data_through: head.data_through().map(|at| at.minutes()),
        counts: BTreeMap::new(),
    }
}

/// The facts of a head: those that stand under `root`, or new ones where there are none or they are damaged.
///
/// # Errors
/// What the ledger or the disk gives; never bad facts.
pub fn open_or_build(
    root: &Path,
    head: &Head,
    definitions: &Definitions,
    options: &Options,
    previous: Option<&Mapped>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Mapped, Error> {
    if let Some(facts) = standing(root, head, definitions, options)? {
        return Ok(facts);
    }
    build(&root.join(folder_of(head, definitions, options)), head, definitions, options, previous, progress)
}

/// The name of the folder of such facts: where they stand among those of other heads and definitions.
pub fn folder_of(head: &Head, definitions: &Definitions, options: &Options) -> String {
    let wanted = made(head, definitions, options);
    let as_if = wanted.as_if.map_or(String::new(), |m| format!("-{m}"));
    format!("{}-{}{as_if}", wanted.head.get(..16).unwrap_or(&wanted.head), wanted.definitions)
}

/// The facts of a head where they stand under `root`, and are not damaged.
///
/// # Errors
/// What the disk gives.
pub fn standing(
    root: &Path,
    head: &Head,
    definitions: &Definitions,
    options: &Options,
) -> Result<Option<Mapped>, Error> {
    let folder = root.join(folder_of(head, definitions, options));
    if !folder.exists() {
        return Ok(None);
    }
    match Mapped::open(&folder) {
        Ok(facts) if facts.index().made.head == head.hash() => Ok(Some(facts)),
        Err(e) if !e.wants_rebuild() => Err(e),
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Builds the facts of a head in a folder, which is replaced. With the facts of an earlier head of the same ledger only
/// journeys that changed are folded again, where that is possible.
///
/// # Errors
/// What the ledger or the disk gives.
pub fn build(
    folder: &Path,
    head: &Head,
    definitions: &Definitions,
    options: &Options,
    previous: Option<&Mapped>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Mapped, Error> {
    build_within(AT_ONCE, folder, head, definitions, options, previous, progress)
}

/// The same with at most about so many happenings in memory: where there are more, the ledger is read several times.
///
/// # Errors
/// As [`build`].
pub fn build_within(
    most: u64,
    folder: &Path,
    head: &Head,
    definitions: &Definitions,
    options: &Options,
    previous: Option<&Mapped>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Mapped, Error> {
    if let Some(previous) = previous
        && let Some(facts) = update(folder, head, definitions, options, previous, progress)?
    {
        return Ok(facts);
    }
    let entries = Entity::ALL.iter().map(|e| head.count(*e)).sum();
    let tell = |stage| progress(Progress { stage, entries });
    let mut made = made(head, definitions, options);
    tell(Stage::Records);
    let texts = Texts::default();
    let reference = Reference::read(head, &texts)?;
    let mut counts = Counts::default();
    let currency = match options.currency {
        Some(currency) => currency,
        None => currency::recorded(head, 0, &mut counts.money)?,
    };
    made.currency = currency.code().to_owned();
    let rates = Rates::new(currency, &reference.rates);
    let systems = Texts::default();
    let c = Context {
        head,
        texts: &texts,
        systems: &systems,
        reference: &reference,
        rates: &rates,
        definitions,
        only: None,
    };
    let mut leads = records::leads(&c)?;
    let mut opportunities = records::opportunities(&c)?;
    let people = records::people(&c)?;
    let accounts: Vec<Account> = records::accounts(&c)?;
    let recorded = records::links(&c)?;
    tell(Stage::Links);
    counts.settle(systems, &mut leads.records, &mut opportunities.records);
    let matched: Vec<super::kept::Account> = accounts.iter().map(Account::matched).collect();
    let standing = Standing {
        leads: &leads.records,
        people: &people,
        opportunities: &opportunities.records,
        accounts: &matched,
        links: &recorded,
    };
    let mut links = linked(&standing, &counts.ranked(), definitions, options);
    let wins = std::mem::take(&mut links.wins);
    links.count_wins(&wins);
    let kept = Kept {
        leads: Table::new(standing.leads),
        people: Table::new(standing.people),
        opportunities: Table::new(standing.opportunities),
        accounts: Table::new(standing.accounts),
        links: Table::new(standing.links),
        wins: Table::new(&wins.iter().map(Win::from).collect::<Vec<_>>()),
        counts,
    };
    drop((people, matched));
    let systems = Texts::default();
    let c = Context {
        head,
        texts: &texts,
        systems: &systems,
        reference: &reference,
        rates: &rates,
        definitions,
        only: None,
    };
    let prepared = prepare(links, &recorded, leads, opportunities, &texts);
    let Prepared { links, journeys, leads, mut opportunities, mut records, lead_links, opportunity_links } = prepared;
    let entered = entered::sorted(&options.entered);
    entered::add(&mut records, &entered, |lead| journeys.places.get(lead));
    let twins = (links.twin_leads.len() as u64, links.twin_opportunities.len() as u64);
    let unmatched = (
        links.opportunities.iter().filter(|o| o.account == 0).count() as u64,
        links.leads.iter().filter(|l| l.account == 0).count() as u64,
    );
    drop(links);
    join_accounts(&mut opportunities, &records, &opportunity_links, &accounts);
    let happenings: u64 = HAPPENINGS.iter().map(|e| head.count(*e)).sum();
    let per_pass = ledger::BUCKETS.div_ceil(happenings.div_ceil(most.max(1)).clamp(1, 64) as u8).max(1);
    let (mut folded, mut read, mut strays) = (Folded::default(), 0, 0);
    for start in (0..ledger::BUCKETS).step_by(usize::from(per_pass)) {
        let wanted = start..(start + per_pass).min(ledger::BUCKETS);
        tell(Stage::Happenings);
        let routed = happenings_here(&c, &journeys, definitions, &wanted)?;
        if start == 0 {
            read = routed.iter().map(|r| r.read).sum();
            strays = routed.iter().map(|r| r.strays).sum();
        }
        tell(Stage::Folding);
        let folding = Folding {
            journeys: &journeys.ids,
            leads: &leads,
            opportunities: &opportunities,
            lead_links: &lead_links,
            opportunity_links: &opportunity_links,
            records: &records,
            definitions,
            as_if: options.as_if,
        };
        folded.add(fold_all(&folding, routed, &wanted));
    }
    let mut spend = series::spend(&c, options.as_if)?;
    let subjects = subjects_of(&journeys);
    let journeys = journeys.ids.len() as u64;
    for (name, count) in [
        ("journeys", journeys),
        ("happenings", read),
        ("happenings_of_no_journey", strays),
        ("outside_touches", folded.outside_touches),
        ("outside_activities", folded.outside_activities),
        ("undated_activities", folded.undated_activities),
        ("twin_leads", twins.0),
        ("twin_opportunities", twins.1),
        ("unmatched_opportunities", unmatched.0),
        ("unmatched_leads", unmatched.1),
    ] {
        made.counts.insert(name.to_owned(), count);
    }
    drop((leads, opportunities, records, lead_links, opportunity_links, reference));
    let mut lead_table = rows::concat(Grain::LeadCycle, folded.lead_cycles);
    let mut opportunity_table = rows::concat(Grain::Opportunity, folded.opportunities);
    let mut turn_table = rows::concat(Grain::LeadTurn, folded.turns);
    let mut of_accounts = series::OfAccounts::default();
    of_accounts.add(&lead_table);
    of_accounts.add(&opportunity_table);
    let mut account_table = series::accounts(&accounts, &of_accounts);
    // until here codes are in the order in which threads met their texts
    let (texts, to) = texts.settle();
    for table in [&mut lead_table, &mut opportunity_table, &mut account_table, &mut spend, &mut turn_table] {
        recode_table(table, &to);
        rows::finish(table, &texts);
    }
    tell(Stage::Writing);
    let mut files = kept.files();
    files.extend(entered::file(&entered));
    let tables = [lead_table, opportunity_table, account_table, spend, turn_table];
    write_with(folder, &made, &tables, &subjects, &files)?;
    Mapped::open(folder)
}

/// What happened to journeys of the wanted buckets.
pub(super) fn happenings_here(
    c: &Context<'_>,
    journeys: &Journeys<'_>,
    definitions: &Definitions,
    wanted: &Range<u8>,
) -> Result<Vec<Routed>, Error> {
    (0..ledger::BUCKETS)
        .into_par_iter()
        .with_max_len(1)
        .map(|bucket| happenings::of_rows(c, journeys, definitions, Which::Bucket(bucket), wanted))
        .collect()
}
