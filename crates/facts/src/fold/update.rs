//! Facts brought up to date after a small import: only journeys that changed are folded again.
//!
//! A journey changed if something new is about it, if a subject came to it or left it, or if what identity says of its
//! leads and opportunities differs from the rows. Records are read and linked as for a full build; of what happened,
//! what is new and those buckets that hold anything of a changed journey. Rows that are replaced stay in the base and
//! count no more; the new ones are an overlay over it. Where more than a tenth would be overlay, or anything that is
//! joined to all journeys changed, the facts are built in full.
//! Invariant: the rows are those of a full build (only their order in the files differs).

use std::path::Path;

use agreement::Definitions;
use hashbrown::{HashMap, HashSet};
use ledger::columns::scan_after;
use ledger::{Head, HeadSpec};
use rayon::prelude::*;
use tallies::columns::{column, lead_cycle, opportunity};
use tallies::{Column, Data, Grain, Table};
use terms::{Currency, Entity};

use super::build::{Options, Progress, Stage, happenings_here, made, recorded_currency, subjects_of};
use super::happenings::{Journeys, Places};
use super::money::Rates;
use super::prepare::{AllRecords, Prepared, link};
use super::read::Rows;
use super::recode::{join_accounts, recode_accounts, recode_all, recode_table};
use super::records::Context;
use super::reference::Reference;
use super::route::{Folding, fold_all};
use super::texts::Texts;
use super::{rows, series};
use crate::Error;
use crate::store::{Layer, Mapped, Overlay, Segment, Values, write_overlay};

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
    let texts = Texts::default();
    let reference = Reference::read(head, &texts)?;
    let currency = match options.currency {
        Some(currency) => currency,
        None => recorded_currency(head)?,
    };
    if Currency::parse(&before.currency) != Some(currency) {
        return Ok(None);
    }
    made.currency = before.currency.clone();
    let rates = Rates::new(currency, &reference.rates);
    let names = Texts::default();
    let c = Context { head, texts: &texts, names: &names, reference: &reference, rates: &rates, only: None, old: None };
    let records = AllRecords::read(&c)?;
    tell(Stage::Links);
    let mut all = link(records, &names, &texts, definitions, options);
    let c = Context { old: Some(&old), ..c };
    let changed = changed(&c, before.seq, previous, &all)?;
    let journeys = before.counts.get("journeys").copied().unwrap_or(0);
    if changed.len() as u64 > SMALL.max(journeys / SHARE) {
        return Ok(None);
    }
    tell(Stage::Happenings);
    let mut few = restrict(&all, &changed);
    let mut routed = happenings_here(&c, &few.journeys, definitions, &(0..ledger::BUCKETS))?;
    let mut spend = if is_new(Entity::SpendDay) { Some(series::spend(&c, None)?) } else { None };
    tell(Stage::Folding);
    drop(reference);
    let (texts, to) = texts.settle();
    recode_all(&mut routed, &mut all.leads, &mut all.opportunities, &mut few.opportunity_links, &to);
    recode_accounts(&mut all.accounts, &to);
    join_accounts(&mut all.opportunities, &few.records, &few.opportunity_links, &all.accounts);
    let folded = fold_all(
        &Folding {
            journeys: &few.journeys.ids,
            leads: &all.leads,
            opportunities: &all.opportunities,
            lead_links: &few.lead_links,
            opportunity_links: &few.opportunity_links,
            records: &few.records,
            definitions,
            as_if: None,
        },
        routed,
        &(0..ledger::BUCKETS),
    );
    let leads = rows::concat(Grain::LeadCycle, folded.lead_cycles);
    let opportunities = rows::concat(Grain::Opportunity, folded.opportunities);
    let mut layers = Vec::new();
    if !all.accounts.is_empty() || previous.rows(Grain::Account) > 0 {
        let mut of = unchanged_of_accounts(previous, &changed);
        of.add(&leads);
        of.add(&opportunities);
        let mut table = series::accounts(&all.accounts, &of);
        rows::finish(&mut table, &texts);
        layers.push((Grain::Account, Layer::Fresh(table)));
    }
    if let Some(table) = &mut spend {
        recode_table(table, &to);
        rows::finish(table, &texts);
    }
    layers.extend(spend.map(|table| (Grain::SpendDay, Layer::Fresh(table))));
    for table in [leads, opportunities] {
        let grain = table.grain;
        let Some(overlay) = overlay(previous, table, &texts, &changed) else { return Ok(None) };
        layers.push((grain, Layer::Over(overlay)));
    }
    made.counts = before.counts.clone();
    for (name, count) in [
        ("journeys", all.journeys.ids.len()),
        ("journeys_folded_again", changed.len()),
        ("twin_leads", all.links.twin_leads.len()),
        ("twin_opportunities", all.links.twin_opportunities.len()),
        ("unmatched_opportunities", all.links.opportunities.iter().filter(|o| o.account == 0).count()),
        ("unmatched_leads", all.links.leads.iter().filter(|l| l.account == 0).count()),
    ] {
        made.counts.insert(name.to_owned(), count as u64);
    }
    tell(Stage::Writing);
    write_overlay(folder, &made, previous, &layers, &subjects_of(&all.journeys))?;
    Mapped::open(folder).map(Some)
}

/// The journeys that changed, as they were and as they are.
fn changed(c: &Context<'_>, seq: u64, previous: &Mapped, all: &Prepared) -> Result<HashSet<u64>, Error> {
    let mut changed = HashSet::new();
    let now =
        |subject: u64| all.journeys.places.get(subject).and_then(|place| all.journeys.ids.get(place as usize)).copied();
    let mut touched: HashSet<u64> = HashSet::new();
    let mut accounts: HashSet<u64> = HashSet::new();
    for (entity, columns) in [
        (Entity::Lead, &["id"][..]),
        (Entity::Person, &["id"]),
        (Entity::Opportunity, &["id"]),
        (Entity::Link, &["from", "to"]),
        (Entity::StageChange, &["id", "subject"]),
        (Entity::FieldChange, &["id", "subject"]),
        (Entity::Activity, &["id", "subject", "opportunity"]),
        (Entity::Touch, &["id", "subject"]),
        (Entity::Account, &["id"]),
    ] {
        for chunk in scan_after(c.head, seq, entity, None, columns)? {
            let chunk = chunk?;
            let rows = Rows::of(&chunk);
            for name in columns {
                let keys = rows.keys(name);
                let into = if entity == Entity::Account { &mut accounts } else { &mut touched };
                into.extend((0..rows.len).filter_map(|row| keys.get(row)));
            }
        }
    }
    for subject in touched {
        changed.extend(previous.journey_of(subject));
        changed.extend(now(subject));
        if let Some(other) = all.journeys.tied.get(&subject) {
            changed.extend(now(other.hash));
        }
    }
    // subjects that came or left
    let mut are = subjects_of(&all.journeys).into_iter().peekable();
    for (subject, journey) in previous.subjects() {
        while let Some((_, came)) = are.next_if(|(s, _)| *s < subject) {
            changed.insert(came);
        }
        match are.next_if(|(s, _)| *s == subject) {
            Some((_, is)) if is == journey => {}
            is => {
                changed.insert(journey);
                changed.extend(is.map(|(_, j)| j));
            }
        }
    }
    changed.extend(are.map(|(_, came)| came));
    // what identity says, beside the rows
    let leads = differing(previous, Grain::LeadCycle, |row| {
        let key = row.key(lead_cycle::KEY);
        let same = |l: &identity::LeadAccount| {
            l.account == row.key(lead_cycle::ACCOUNT) && l.wins_with == row.key(lead_cycle::WINS_WITH)
        };
        !all.links.is_twin_lead(key) && all.links.lead(key).is_some_and(same)
    });
    let opportunities = differing(previous, Grain::Opportunity, |row| {
        let key = row.key(opportunity::KEY);
        all.links.opportunity(key).is_some_and(|o| {
            all.links.standing_opportunity(key) == key
                && o.lead == row.key(opportunity::LEAD)
                && o.account == row.key(opportunity::ACCOUNT)
                && !accounts.contains(&o.account)
                && Some(i64::from(o.members)) == row.count(opportunity::MEMBERS)
                && o.rule.word() == row.text(previous, opportunity::LINK_RULE)
                && o.account_rule.word() == row.text(previous, opportunity::ACCOUNT_RULE)
        })
    });
    changed.extend(leads);
    changed.extend(opportunities);
    Ok(changed)
}

/// One row of earlier facts.
#[derive(Clone, Copy)]
struct Row<'a> {
    segment: &'a Segment,
    row: usize,
}

impl Row<'_> {
    fn key(&self, c: Column) -> u64 {
        match self.segment.values.get(c.index) {
            Some(Values::Key(v)) => v.get(self.row).copied().unwrap_or(0),
            _ => 0,
        }
    }
    fn count(&self, c: Column) -> Option<i64> {
        match self.segment.values.get(c.index) {
            Some(Values::I32(v)) => v.get(self.row).map(|n| i64::from(*n)),
            Some(Values::I64(v)) => v.get(self.row).copied(),
            Some(Values::Small(v)) => v.get(self.row).map(|n| i64::from(*n)),
            _ => None,
        }
    }
    fn text<'f>(&self, facts: &'f Mapped, c: Column) -> &'f str {
        match self.segment.values.get(c.index) {
            Some(Values::Code(v)) => v.get(self.row).and_then(|code| facts.dictionary(c)?.text(*code)).unwrap_or(""),
            _ => "",
        }
    }
}

fn each_row(facts: &Mapped, grain: Grain) -> impl Iterator<Item = Row<'_>> {
    facts
        .segments(grain)
        .iter()
        .flat_map(|segment| (0..segment.rows).filter(|row| segment.holds(*row)).map(move |row| Row { segment, row }))
}

/// The journeys of rows that are not as they should be.
fn differing(facts: &Mapped, grain: Grain, is_same: impl Fn(Row<'_>) -> bool + Sync) -> Vec<u64> {
    let Some(journey) = column(grain, "journey") else { return Vec::new() };
    let mut out = Vec::new();
    for segment in facts.segments(grain) {
        out.par_extend((0..segment.rows).into_par_iter().with_min_len(10_000).filter_map(|row| {
            let row = Row { segment, row };
            (segment.holds(row.row) && !is_same(row)).then(|| row.key(journey))
        }));
    }
    out
}

/// Some journeys with what is theirs.
fn restrict(all: &Prepared, changed: &HashSet<u64>) -> Prepared {
    let mut ids: Vec<u64> = changed.iter().copied().filter(|id| all.journeys.ids.binary_search(id).is_ok()).collect();
    ids.sort_unstable();
    let mut few: Vec<u32> = vec![u32::MAX; all.journeys.ids.len()];
    for (id, place) in ids.iter().zip(0u32..) {
        if let Some(slot) = all.journeys.ids.binary_search(id).ok().and_then(|at| few.get_mut(at)) {
            *slot = place;
        }
    }
    let place = |old: u32| few.get(old as usize).copied().filter(|p| *p != u32::MAX);
    fn keep<T: Copy>(all: &[(u32, T)], place: impl Fn(u32) -> Option<u32>) -> Vec<(u32, T)> {
        all.iter().filter_map(|(j, item)| Some((place(*j)?, *item))).collect()
    }
    let places = Places::new(all.journeys.places.pairs().iter().filter_map(|(s, j)| Some((*s, place(*j)?))).collect());
    let tied = all
        .journeys
        .tied
        .iter()
        .filter(|(_, other)| places.get(other.hash).is_some())
        .map(|(thing, other)| (*thing, *other))
        .collect();
    Prepared {
        links: identity::Links::default(),
        journeys: Journeys { ids, places, tied },
        leads: Vec::new(),
        opportunities: Vec::new(),
        records: keep(&all.records, place),
        accounts: Vec::new(),
        lead_links: keep(&all.lead_links, place),
        opportunity_links: keep(&all.opportunity_links, place),
    }
}

/// What accounts are summed up from, of the rows that stay.
fn unchanged_of_accounts(previous: &Mapped, changed: &HashSet<u64>) -> series::OfAccounts {
    let time = |row: &Row<'_>, c| row.count(c).map_or(i32::MIN, |n| n as i32);
    series::OfAccounts {
        leads: each_row(previous, Grain::LeadCycle)
            .filter(|r| r.key(lead_cycle::ACCOUNT) != 0 && !changed.contains(&r.key(lead_cycle::JOURNEY)))
            .map(|r| (r.key(lead_cycle::ACCOUNT), time(&r, lead_cycle::CREATED_AT)))
            .collect(),
        opportunities: each_row(previous, Grain::Opportunity)
            .filter(|r| r.key(opportunity::ACCOUNT) != 0 && !changed.contains(&r.key(opportunity::JOURNEY)))
            .map(|r| {
                let won = r.count(opportunity::STAGE) == Some(terms::Stage::ClosedWon as i64);
                let amount = r.count(opportunity::AMOUNT).unwrap_or(i64::MIN);
                (r.key(opportunity::ACCOUNT), time(&r, opportunity::CREATED_AT), won, amount)
            })
            .collect(),
    }
}

/// The new rows over the base, with those of the earlier overlay that stay; `None` where that is too much.
fn overlay(previous: &Mapped, new: Table, texts: &[String], changed: &HashSet<u64>) -> Option<Overlay> {
    let grain = new.grain;
    let journey = column(grain, "journey")?;
    let stays =
        |segment: &Segment, row: usize| segment.holds(row) && !changed.contains(&Row { segment, row }.key(journey));
    let (base, over) = previous.segments(grain).split_first()?;
    let replaced = (0..base.rows).filter(|row| !stays(base, *row)).map(|row| row as u32).collect();
    let kept: Vec<(u32, u32)> = over
        .iter()
        .zip(1u32..)
        .flat_map(|(s, n)| (0..s.rows).filter(move |row| stays(s, *row)).map(move |row| (n, row as u32)))
        .collect();
    if (kept.len() + new.rows) as u64 > SMALL.max(base.rows as u64 / SHARE) {
        return None;
    }
    let mut table = previous.gather(grain, &kept);
    table.rows += new.rows;
    table.columns.par_iter_mut().zip(new.columns).for_each(|(all, more)| match (all, more) {
        (Data::Code(codes, dictionary), Data::Code(more, _)) => {
            let mut known: HashMap<String, u32> =
                dictionary.texts.iter().zip(1u32..).map(|(t, code)| (t.clone(), code)).collect();
            let mut met: HashMap<u32, u32> = HashMap::from([(0, 0)]);
            for code in more {
                let own = *met.entry(code).or_insert_with(|| {
                    let Some(text) = (code as usize).checked_sub(1).and_then(|i| texts.get(i)) else { return 0 };
                    *known.entry(text.clone()).or_insert_with(|| {
                        dictionary.texts.push(text.clone());
                        dictionary.texts.len() as u32
                    })
                });
                codes.push(own);
            }
        }
        (Data::Small(v), Data::Small(more)) => v.extend(more),
        (Data::I32(v), Data::I32(more)) => v.extend(more),
        (Data::I64(v), Data::I64(more)) => v.extend(more),
        (Data::Key(v), Data::Key(more)) => v.extend(more),
        (Data::U32(v), Data::U32(more)) => v.extend(more),
        _ => {}
    });
    Some(Overlay { table, replaced })
}
