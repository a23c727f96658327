//! Facts brought up to date after a small import: only what hangs together with something new is linked and folded again.
//!
//! Records stand as they were beside the earlier facts ([`super::kept`]); the components of what is new are found in
//! them, linked again, and their rows read from the ledger by the rows of their subjects; leads whose own wins are
//! counted with an account's ([`wins`]) come with them where that account's wins changed, and so do journeys that
//! something leaves or comes to ([`rerouted`]). Rows that are replaced stay
//! in the base and count no more; the new ones are an overlay over it. Where more than a tenth would be overlay, or
//! anything that is joined to all journeys changed, the facts are built in full.
//! Invariant: the rows are those of a full build (only their order in the files differs).

mod accounts;
mod changed;
mod overlay;
mod rerouted;
mod wins;

use std::path::Path;

use agreement::Definitions;
use hashbrown::HashSet;
use identity::Links;
use ledger::columns::Wanted;
use ledger::{Head, HeadSpec};
use tallies::Grain;
use tallies::columns::{account, column, opportunity};
use terms::{Currency, Entity};

use self::changed::{Component, News, Ties, changes};
use self::overlay::{each_row, overlay};
use self::rerouted::rerouted;
use super::build::{Options, Progress, Stage, made};
use super::entered;
use super::happenings::{Which, of_rows};
use super::kept::{Account, Kept, Keys, Record, at};
use super::linking::{linked, silent};
use super::money::Rates;
use super::prepare::{Prepared, join_accounts, journeys_of, prepare, subjects_of};
use super::recode::recode_table;
use super::records::{self, Context, Only};
use super::reference::Reference;
use super::route::{Folding, fold_all};
use super::texts::Texts;
use super::{currency, rows, series};
use crate::Error;
use crate::store::{Layer, Mapped, write_overlay_with};

/// An overlay larger than this share of its base (1 in so many) is compacted by a full build.
const SHARE: u64 = 10;
/// One as small as this costs a scan nothing, whatever its base (it is one block of the scan).
const SMALL: u64 = 4_096;

/// Brings facts up to date; `None` where they have to be built in full.
pub(super) fn update(
    folder: &Path,
    head: &Head,
    definitions: &Definitions,
    options: &Options,
    previous: &Mapped,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Option<Mapped>, Error> {
    let entries = Entity::ALL.iter().map(|e| head.count(*e)).sum();
    let tell = |stage| progress(Progress { stage, entries });
    let before = &previous.index().made;
    let mut made = made(head, definitions, options);
    if options.as_if.is_some() || before.as_if.is_some() || before.definitions != made.definitions {
        return Ok(None);
    }
    if before.seq >= head.seq() {
        return Ok(None);
    }
    let old = head.at(&HeadSpec::Seq(before.seq))?;
    let is_new = |entity: Entity| head.count(entity) != old.count(entity);
    let joined = [Entity::Campaign, Entity::Rep, Entity::Product, Entity::Rate, Entity::Setting];
    // what a withdrawn batch held is in rows all over: they are made anew
    if old.withdrawn().len() != head.withdrawn().len() {
        return Ok(None);
    }
    if old.hash() != before.head || joined.into_iter().any(is_new) {
        return Ok(None);
    }
    tell(Stage::Records);
    let mut kept = match Kept::open(previous.folder()) {
        Ok(kept) => kept,
        Err(e) if e.wants_rebuild() => return Ok(None),
        Err(e) => return Err(e),
    };
    let texts = Texts::default();
    let reference = Reference::read(head, &texts)?;
    let currency = match options.currency {
        Some(currency) => currency,
        None => currency::recorded(head, before.seq, &mut kept.counts.money)?,
    };
    if Currency::parse(&before.currency) != Some(currency) {
        return Ok(None);
    }
    made.currency = before.currency.clone();
    let rates = Rates::new(currency, &reference.rates);
    let systems = Texts::after(kept.counts.names());

    // what is new, as it was and as it is
    let links_before = (kept.links.base() + kept.links.changed()) as u64;
    let news = News::read(head, before.seq, links_before)?;
    let only = Only::of(news.records.values().flatten().copied());
    let c = Context {
        head,
        texts: &texts,
        systems: &systems,
        reference: &reference,
        rates: &rates,
        definitions,
        only: Some(&only),
    };
    let leads = changes(news.of(Entity::Lead), &records::leads(&c)?.records);
    let people = changes(news.of(Entity::Person), &records::people(&c)?);
    let opportunities = changes(news.of(Entity::Opportunity), &records::opportunities(&c)?.records);
    let accounts_now = records::accounts(&c)?;
    let matched: Vec<Account> = accounts_now.iter().map(records::Account::matched).collect();
    let accounts = changes(news.of(Entity::Account), &matched);

    tell(Stage::Links);
    let mut seeds: HashSet<u64> = news.others.clone();
    seeds.extend(news.records.iter().filter(|(e, _)| **e != Entity::Account).flat_map(|(_, keys)| keys));
    seeds.extend(news.links.iter().flat_map(Ties::ties));
    let entered = entered::sorted(&options.entered);
    let entered_before = match entered::open(previous.folder()) {
        Ok(entered) => entered,
        Err(e) if e.wants_rebuild() => return Ok(None),
        Err(e) => return Err(e),
    };
    seeds.extend(entered::changed(&entered_before, &entered));
    let (old_leads, now_leads) = both(&leads, |key| kept.leads.get(key), &mut seeds);
    both(&people, |key| kept.people.get(key), &mut seeds);
    let (old_opportunities, now_opportunities) = both(&opportunities, |key| kept.opportunities.get(key), &mut seeds);
    let silent = silent(definitions, options);
    about_accounts(&kept, previous, &accounts, |domain| silent.contains_key(&domain), &mut seeds);

    let ranked = kept.counts.ranked();
    kept.counts.name(systems.texts());
    kept.counts.count(&old_leads, &old_opportunities, |slot, n| *slot = slot.saturating_sub(n));
    kept.counts.count(&now_leads, &now_opportunities, |slot, n| *slot += n);
    if kept.counts.ranked() != ranked {
        return Ok(None);
    }
    kept.links.change(news.links.iter().map(|link| (link.key, Some(*link))));
    let journeys_before = before.counts.get("journeys").copied().unwrap_or(0);
    let most = SMALL.max(journeys_before / SHARE) as usize * 8;
    let Some(mut component) = Component::close(&kept, seeds, most) else { return Ok(None) };
    let were = linked(&component.records(&kept, links_before).standing(), &ranked, definitions, options);
    component.change(&leads, &people, &opportunities);
    kept.leads.change(leads);
    kept.people.change(people);
    kept.opportunities.change(opportunities);
    kept.accounts.change(accounts);
    let mut records = component.records(&kept, u64::MAX);
    let mut links = linked(&records.standing(), &ranked, definitions, options);
    // what is added below hangs together with nothing new, and is linked as before
    let counted = [&were, &links].map(counts);
    let mut others = wins::counted_otherwise(&mut kept, previous, &component.keys, &links.wins);
    let places = journeys_of(&links, &[]).places;
    let is_moved = |key: &u64| places.get(*key).is_some() != previous.journey_of(*key).is_some();
    others.extend(rerouted(head, &kept, component.keys.iter().copied().filter(is_moved).collect())?);
    others.retain(|key| !component.keys.contains(key));
    if !others.is_empty() {
        if !component.extend(&kept, others, most) {
            return Ok(None);
        }
        records = component.records(&kept, u64::MAX);
        links = linked(&records.standing(), &ranked, definitions, options);
    }
    if kept.is_much(SHARE, SMALL) {
        return Ok(None);
    }
    let with = Keys::of(links.leads.iter().map(|l| l.account));
    let wins: Vec<identity::Win> = kept.wins.with(&[at::WITH], &with).into_iter().map(identity::Win::from).collect();
    links.count_wins(&wins);
    let inside = Keys::of(component.keys.iter().copied());
    let only = Only::of(component.keys.iter().copied());
    let c = Context { only: Some(&only), ..c };
    let prepared = prepare(links, &records.links, records::leads(&c)?, records::opportunities(&c)?, &texts);
    let Prepared { mut journeys, leads, mut opportunities, mut records, lead_links, opportunity_links, .. } = prepared;
    entered::add(&mut records, &entered, |lead| journeys.places.get(lead));

    // journeys as they were and as they are
    let journeys_were: HashSet<u64> = only.sorted().iter().filter_map(|key| previous.journey_of(*key)).collect();
    let folded_again = journeys_were.iter().chain(&journeys.ids).collect::<HashSet<_>>().len();
    if folded_again as u64 > SMALL.max(journeys_before / SHARE) {
        return Ok(None);
    }
    let changed = Keys::of(journeys_were.iter().copied().chain(journeys.ids.iter().copied()));
    let Some(subjects) = subjects(previous, &inside, &changed, subjects_of(&journeys)) else { return Ok(None) };

    tell(Stage::Happenings);
    let elsewhere = |subject: u64| !inside.has(subject) && previous.journey_of(subject).is_some();
    journeys.elsewhere = Some(&elsewhere);
    let mut ids: Vec<u64> = journeys.tied.keys().copied().collect();
    ids.sort_unstable();
    let wanted: Vec<u64> = journeys.places.pairs().iter().map(|p| p.0).collect();
    let which = Which::Few(Wanted { subjects: &wanted, opportunities: &wanted, ids: &ids });
    let routed = of_rows(&c, &journeys, definitions, which, &(0..ledger::BUCKETS))?;
    let mut spend = if is_new(Entity::SpendDay) { Some(series::spend(&c, None)?) } else { None };

    tell(Stage::Folding);
    let touched = news.of(Entity::Account);
    let of_opportunities = accounts::of_links(previous, &opportunity_links, touched, &accounts_now, &texts);
    join_accounts(&mut opportunities, &records, &opportunity_links, &of_opportunities);
    let folding = Folding {
        journeys: &journeys.ids,
        leads: &leads,
        opportunities: &opportunities,
        lead_links: &lead_links,
        opportunity_links: &opportunity_links,
        records: &records,
        definitions,
        as_if: None,
    };
    let folded = fold_all(&folding, vec![routed], &(0..ledger::BUCKETS));
    let mut leads = rows::concat(Grain::LeadCycle, folded.lead_cycles);
    let mut opportunities = rows::concat(Grain::Opportunity, folded.opportunities);
    let mut turns = rows::concat(Grain::LeadTurn, folded.turns);
    let (mut accounts, of_accounts) =
        accounts::rows(previous, &changed, &leads, &opportunities, news.of(Entity::Account), &accounts_now, &texts);
    let (texts, to) = texts.settle();
    for table in [&mut leads, &mut opportunities, &mut turns, &mut accounts] {
        recode_table(table, &to);
    }
    let mut layers = Vec::new();
    if let Some(mut table) = spend.take() {
        recode_table(&mut table, &to);
        rows::finish(&mut table, &texts);
        layers.push((Grain::SpendDay, Layer::Fresh(table)));
    }
    for (table, by, changed) in [
        (leads, column(Grain::LeadCycle, "journey"), &changed),
        (opportunities, column(Grain::Opportunity, "journey"), &changed),
        (turns, column(Grain::LeadTurn, "journey"), &changed),
        (accounts, Some(account::KEY), &of_accounts),
    ] {
        let grain = table.grain;
        let Some(overlay) = by.and_then(|by| overlay(previous, table, &texts, by, changed)) else { return Ok(None) };
        layers.push((grain, Layer::Over(overlay)));
    }
    made.counts = before.counts.clone();
    let mut count = |name: &str, were: usize, are: usize| {
        let slot = made.counts.entry(name.to_owned()).or_default();
        *slot = (*slot + are as u64).saturating_sub(were as u64);
    };
    count("journeys", journeys_were.len(), journeys.ids.len());
    let [were, are] = counted;
    for ((name, were), (_, are)) in were.into_iter().zip(are) {
        count(name, were, are);
    }
    made.counts.insert("journeys_folded_again".to_owned(), folded_again as u64);
    tell(Stage::Writing);
    let mut files = kept.files();
    files.extend(entered::file(&entered));
    write_overlay_with(folder, &made, previous, &layers, &subjects, &files)?;
    Mapped::open(folder).map(Some)
}

/// What is told of links beside the rows.
fn counts(links: &Links) -> [(&'static str, usize); 4] {
    [
        ("twin_leads", links.twin_leads.len()),
        ("twin_opportunities", links.twin_opportunities.len()),
        ("unmatched_opportunities", links.opportunities.iter().filter(|o| o.account == 0).count()),
        ("unmatched_leads", links.leads.iter().filter(|l| l.account == 0).count()),
    ]
}

/// The records that changed, as they were and as they are; what either ties together is new.
fn both<R: Record + Ties>(
    changes: &std::collections::BTreeMap<u64, Option<R>>,
    old: impl Fn(u64) -> Option<R>,
    seeds: &mut HashSet<u64>,
) -> (Vec<R>, Vec<R>) {
    let were: Vec<R> = changes.keys().filter_map(|key| old(*key)).collect();
    let are: Vec<R> = changes.values().flatten().copied().collect();
    seeds.extend(were.iter().chain(&are).flat_map(Ties::ties));
    (were, are)
}

/// Records that accounts which changed may have been matched to, or may be, and opportunities that are with them.
fn about_accounts(
    kept: &Kept,
    previous: &Mapped,
    accounts: &std::collections::BTreeMap<u64, Option<Account>>,
    is_silent: impl Fn(u64) -> bool,
    seeds: &mut HashSet<u64>,
) {
    let old = accounts.keys().filter_map(|key| kept.accounts.get(*key));
    let both: Vec<Account> = old.chain(accounts.values().flatten().copied()).collect();
    let domains = Keys::of(both.iter().map(|a| a.domain).filter(|domain| !is_silent(*domain)));
    let names = Keys::of(both.iter().map(|a| a.name));
    seeds.extend(kept.leads.with(&[at::DOMAIN], &domains).iter().map(|l| l.key));
    seeds.extend(kept.leads.with(&[at::COMPANY], &names).iter().map(|l| l.key));
    seeds.extend(kept.people.with(&[at::CONTACT_DOMAIN], &domains).iter().map(|p| p.key));
    seeds.extend(kept.opportunities.with(&[at::BUYER], &names).iter().map(|o| o.key));
    let keys = Keys::of(accounts.keys().copied());
    let with = each_row(previous, Grain::Opportunity).filter(|row| keys.has(row.key(opportunity::ACCOUNT)));
    seeds.extend(with.map(|row| row.key(opportunity::KEY)));
}

/// Subjects and journeys of the whole; `None` where a subject outside belongs to a journey inside, which cannot be.
fn subjects(previous: &Mapped, inside: &Keys, changed: &Keys, now: Vec<(u64, u64)>) -> Option<Vec<(u64, u64)>> {
    let mut all = Vec::with_capacity(previous.subject_count() + now.len());
    let mut now = now.into_iter().peekable();
    for (subject, journey) in previous.subjects() {
        if inside.has(subject) {
            continue;
        }
        if changed.has(journey) {
            return None;
        }
        while let Some(before) = now.next_if(|(s, _)| *s < subject) {
            all.push(before);
        }
        all.push((subject, journey));
    }
    all.extend(now);
    Some(all)
}
