//! Leads, contacts, opportunities, accounts and links: every version for the fold, the merged record for identity.
//!
//! Versions of one record are merged as the fold merges them: valid later counts more, recorded later where that ties,
//! field by field; a record whose last version is a deletion is gone for identity, and the fold sees the deletion.
//! Invariant: what is read of some records only is what reading all of them would give of these.

mod accounts;
mod leads;
mod opportunities;
mod people;

use agreement::Definitions;
use journey::{Event, Source, What};
use ledger::Head;
use ledger::columns::{Chunk, Wanted, few, scan};
use rayon::prelude::*;
use terms::Entity;

pub(super) use accounts::{Account, accounts};
pub(super) use leads::leads;
pub(super) use opportunities::opportunities;
pub(super) use people::{links, people};

use super::money::Rates;
use super::read::Rows;
use super::reference::{ByKey, MANY, Reference};
use super::texts::Texts;
use crate::Error;

/// What reading needs to know.
pub(super) struct Context<'a> {
    pub head: &'a Head,
    /// Texts of facts.
    pub texts: &'a Texts,
    /// Names of source systems.
    pub systems: &'a Texts,
    pub reference: &'a Reference,
    pub rates: &'a Rates,
    pub definitions: &'a Definitions,
    /// Only these records, where given.
    pub only: Option<&'a Only>,
}

/// Some things by their keys.
#[derive(Default)]
pub(super) struct Only {
    keys: ByKey<()>,
    sorted: Vec<u64>,
}

impl Only {
    pub fn of(keys: impl IntoIterator<Item = u64>) -> Only {
        let mut sorted: Vec<u64> = keys.into_iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        Only { keys: sorted.iter().map(|key| (*key, ())).collect(), sorted }
    }

    /// In their order.
    pub fn sorted(&self) -> &[u64] {
        &self.sorted
    }
}

impl Context<'_> {
    /// Whether a thing is wanted.
    fn wants(&self, key: u64) -> bool {
        self.only.is_none_or(|only| only.keys.contains_key(&key))
    }
}

/// Records of one kind.
pub(super) struct Read<R, S> {
    /// As they stand, without deleted ones.
    pub records: Vec<R>,
    /// Every version, of deleted ones too.
    pub seen: Vec<S>,
    /// One for each version; what it saw is at its place in `seen`.
    pub events: Vec<Event>,
}

impl<R, S> Default for Read<R, S> {
    fn default() -> Self {
        Read { records: Vec::new(), seen: Vec::new(), events: Vec::new() }
    }
}

struct Version<R> {
    order: (i64, i64),
    source: Source,
    deleted: bool,
    id: u64,
    record: R,
}

/// What one bucket gave.
type Part<R, S> = (Vec<Version<R>>, Read<R, S>);

/// One record of each id, with what later versions leave open taken from earlier ones.
fn merge<R: Copy>(mut versions: Vec<Version<R>>, take: impl Fn(&mut R, &R)) -> Vec<R> {
    versions.sort_by_key(|v| (v.id, v.order, v.source, v.deleted));
    let mut out = Vec::new();
    for of_one in versions.chunk_by(|a, b| a.id == b.id) {
        let Some((last, before)) = of_one.split_last() else { continue };
        if last.deleted {
            continue;
        }
        let mut record = last.record;
        before.iter().rev().filter(|v| !v.deleted).for_each(|v| take(&mut record, &v.record));
        out.push(record);
    }
    out
}

fn or<T: PartialEq + Copy>(slot: &mut T, earlier: T, none: T) {
    if *slot == none {
        *slot = earlier;
    }
}

const ENVELOPE: [&str; 8] = ["id", "subject", "valid_kind", "valid_a", "valid_b", "deleted", "file", "line"];

/// The columns of an entity's fields, with the envelope.
pub(super) fn columns(entity: Entity, fields: &[usize]) -> Vec<String> {
    let mut names: Vec<String> = ENVELOPE.iter().map(|n| (*n).to_owned()).collect();
    for field in fields {
        names.extend(ledger::columns::of_field(entity, *field));
    }
    names
}

/// Every bucket of an entity, by all threads, or only the records that are wanted; `each` is called chunk by chunk.
fn buckets<T: Send + Default>(
    c: &Context<'_>,
    entity: Entity,
    fields: &[usize],
    each: impl Fn(&mut T, &Rows<'_>) + Sync,
) -> Result<Vec<T>, Error> {
    let names = columns(entity, fields);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if let Some(only) = c.only.filter(|_| entity != Entity::Link) {
        // a record is its own subject
        let wanted = Wanted { subjects: only.sorted(), ..Wanted::default() };
        let chunks: Vec<Chunk> = few(c.head, 1..c.head.seq() + 1, entity, wanted, &names)?;
        let mut gathered = T::default();
        chunks.iter().for_each(|chunk| each(&mut gathered, &Rows::of(chunk)));
        return Ok(vec![gathered]);
    }
    let of = |bucket| {
        let mut gathered = T::default();
        for chunk in scan(c.head, entity, bucket, &names)? {
            each(&mut gathered, &Rows::of(&chunk?));
        }
        Ok(gathered)
    };
    if c.head.count(entity) < MANY {
        return Ok(vec![of(None)?]);
    }
    (0..ledger::BUCKETS).into_par_iter().map(|bucket| of(Some(bucket))).collect()
}

fn all<R: Copy + Send, S: Send>(parts: Vec<Part<R, S>>, take: impl Fn(&mut R, &R) + Sync) -> Read<R, S>
where
    Version<R>: Send,
{
    let merged: Vec<Read<R, S>> = parts
        .into_par_iter()
        .map(|(versions, mut read)| {
            read.records = merge(versions, &take);
            read
        })
        .collect();
    let mut out = Read::default();
    for part in merged {
        let base = out.seen.len() as u32;
        out.records.extend(part.records);
        out.seen.extend(part.seen);
        out.events.extend(part.events.into_iter().map(|mut e| {
            e.what = match e.what {
                What::LeadSeen(at) => What::LeadSeen(at + base),
                What::OpportunitySeen(at) => What::OpportunitySeen(at + base),
                other => other,
            };
            e
        }));
    }
    out
}

/// Codes of reps or campaigns met before, so that a dictionary is asked once for each.
pub(super) struct Met<T: Copy>(ByKey<T>);

impl<T: Copy> Default for Met<T> {
    fn default() -> Self {
        Met(ByKey::default())
    }
}

impl<T: Copy> Met<T> {
    pub fn of(&mut self, key: u64, code: impl FnOnce(u64) -> T) -> T {
        *self.0.entry(key).or_insert_with(|| code(key))
    }
}

/// The source system of each file: what its mapping is of, the first word of the mapping's name.
struct Systems<'a> {
    c: &'a Context<'a>,
    met: Vec<((u32, u32), u32)>,
}

impl<'a> Systems<'a> {
    const fn new(c: &'a Context<'a>) -> Systems<'a> {
        Systems { c, met: Vec::new() }
    }

    fn of(&mut self, seq: u32, file: u32) -> u32 {
        if let Some((_, code)) = self.met.iter().rev().find(|(at, _)| *at == (seq, file)) {
            return *code;
        }
        let files = self.c.head.manifest(u64::from(seq)).map(|m| &m.files);
        let mapping = files.and_then(|f| f.get(file as usize)).map_or("", |f| f.count.mapping.as_str());
        let system = mapping.split('-').next().unwrap_or("");
        let code = if system.is_empty() { 0 } else { self.c.systems.code(system) };
        self.met.push(((seq, file), code));
        code
    }
}
