//! What is known of leads in the columns that rules ask for: a number for each text, and terms held against each text once.
//!
//! Not here: versions over time (`records`), what a lead did (`touches`). Invariant: a lead's own record decides, and others of the
//! same person where it says nothing.

use std::collections::HashMap;

use agreement::document::condition::{Ask, Condition};
use agreement::document::scoring::{Of, Scoring};
use agreement::score::{WRITTEN_LATER, fits};
use agreement::stages::SCORE;
use entries::{FieldId, catalogue};
use facts::{Among, Sayings, said};
use rayon::prelude::*;
use terms::Entity;

use super::all::Leads;
use super::places::Places;
use super::values::{Campaigns, Column, fields};
use crate::failure::Failure;
use crate::known::Known;

/// Values of the columns that rules ask for, numbered; 0: not known.
pub struct Values {
    columns: Vec<String>,
    texts: Vec<String>,
    codes: Vec<Vec<u32>>,
}

/// One term of a rule, and what is known of the texts that were held against it.
pub struct Asked<'r> {
    column: Option<usize>,
    ask: &'r Ask,
    /// By the number of a text: whether it fits, where that was asked.
    known: Vec<Option<bool>>,
}

impl<'r> Asked<'r> {
    pub fn of(column: &str, ask: &'r Ask, values: &Values) -> Asked<'r> {
        let column = values.columns.iter().position(|c| c == column);
        Asked { column, ask, known: vec![None; values.texts.len() + 1] }
    }

    pub fn fits(&mut self, values: &Values, place: usize) -> bool {
        let code = self.column.and_then(|c| values.codes.get(c)?.get(place).copied()).unwrap_or(0) as usize;
        let ask = self.ask;
        let fresh = || fits(ask, code.checked_sub(1).and_then(|t| values.texts.get(t)).map(String::as_str));
        match self.known.get_mut(code) {
            Some(known) => *known.get_or_insert_with(fresh),
            None => fresh(),
        }
    }
}

/// What is known of the columns that rules on leads ask for, and other rules besides.
pub fn values(
    known: &Known,
    texts: &[(&Scoring, Option<&Condition>)],
    leads: &Leads,
    campaigns: &Campaigns,
) -> Result<Values, Failure> {
    let rules = texts.iter().flat_map(|(scoring, _)| &scoring.rules);
    let scored = rules.filter(|r| r.of == Of::Lead).flat_map(|r| &r.when.terms);
    let others = texts.iter().filter_map(|(_, rule)| *rule).flat_map(|rule| &rule.terms);
    let asked = scored.chain(others.filter(|term| term.column != SCORE)).map(|t| t.column.clone());
    let mut columns: Vec<String> = asked.filter(|c| !WRITTEN_LATER.contains(&c.as_str())).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut out = Values { codes: vec![vec![0; leads.keys.len()]; columns.len()], columns, texts: vec![] };
    let sayings = Sayings::default();
    // what other records of the same person say stands where the lead's own says nothing; a newer version before an older
    for entity in [Entity::Person, Entity::Lead] {
        let places = out.columns.iter().zip(0..).filter_map(|(c, n)| Some((n, catalogue::field(entity, c)?)));
        let (of, wanted): (Vec<usize>, Vec<FieldId>) = places.unzip();
        if wanted.is_empty() {
            continue;
        }
        let named = |key: u64| campaigns.of_hash(key).map(str::to_owned);
        let read = |bucket: u8| {
            let (mut out, mut places) = (Told::default(), Places::of(known, leads));
            let among = Among::Bucket(bucket);
            said(&known.head, entity, among, &wanted, (&sayings, &named), |record| {
                if let Some(place) = places.find(record.id).filter(|_| !record.deleted) {
                    out.rows.push((place, leads.keys[place] == record.id));
                    out.says.extend_from_slice(record.says);
                }
            })?;
            Ok(out)
        };
        let buckets: Vec<Told> = (0..ledger::BUCKETS).into_par_iter().map(read).collect::<Result<_, Failure>>()?;
        for Told { rows, says } in buckets {
            for ((place, is_own), says) in rows.into_iter().zip(says.chunks(wanted.len())) {
                for (column, code) in of.iter().zip(says).filter(|(_, code)| **code != 0) {
                    let slot = &mut out.codes[*column][place];
                    if is_own || *slot == 0 {
                        *slot = *code;
                    }
                }
            }
        }
    }
    out.texts = sayings.texts();
    besides(known, leads, campaigns, &mut out)?;
    Ok(out)
}

/// Records of one bucket: the place of each lead and whether it is its own record, and the numbers of what each says.
#[derive(Default)]
struct Told {
    rows: Vec<(usize, bool)>,
    says: Vec<u32>,
}

/// Columns that a lead's tool has besides ours: they lie together in one text.
fn besides(known: &Known, leads: &Leads, campaigns: &Campaigns, out: &mut Values) -> Result<(), Failure> {
    let columns = out.columns.clone();
    let is_other = |column: &&String| catalogue::field(Entity::Lead, column).is_none();
    let asked: Vec<(usize, Column<'_>)> =
        columns.iter().enumerate().filter(|(_, c)| is_other(c)).map(|(n, c)| (n, Column::of(c))).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let (mut numbered, mut places): (HashMap<String, u32>, _) = (HashMap::new(), Places::of(known, leads));
    let wanted = fields(Entity::Lead, asked.iter().map(|(n, _)| columns[*n].as_str()));
    for item in known.head.entries(Entity::Lead, wanted)? {
        let (_, entry) = item?;
        let Some(place) = places.find(entry.id.hash).filter(|_| !entry.deleted) else { continue };
        let is_own = leads.keys[place] == entry.id.hash;
        for (n, column) in &asked {
            let Some(text) = column.value(&entry, campaigns).filter(|t| !t.trim().is_empty()) else { continue };
            if !is_own && out.codes[*n][place] != 0 {
                continue;
            }
            out.codes[*n][place] = match numbered.get(&*text) {
                Some(code) => *code,
                None => {
                    out.texts.push(text.clone().into_owned());
                    let next = u32::try_from(out.texts.len()).unwrap_or(u32::MAX);
                    numbered.insert(text.into_owned(), next);
                    next
                }
            };
        }
    }
    Ok(())
}
