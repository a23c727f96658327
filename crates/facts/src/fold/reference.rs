//! What is joined by key: campaigns, reps, products, rates, accounts; the version that stands of each.
//!
//! Versions are merged field by field, the later one first asked; a thing whose last version is a deletion is gone.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use entries::{Entry, Value, catalogue};
use ledger::{Filter, Head};
use rayon::prelude::*;
use terms::{Currency, Entity, Money};

use super::texts::Texts;
use crate::Error;

/// Keys are hashes already.
#[derive(Default, Clone, Copy)]
pub(crate) struct OwnBits(u64);

impl std::hash::Hasher for OwnBits {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = self.0.rotate_left(8) ^ u64::from(*b));
    }
    fn write_u64(&mut self, n: u64) {
        // the top bits of all keys of a bucket are the same, and tables look at both ends
        self.0 = n ^ n.rotate_left(29);
    }
}

/// A table by key; never iterated into a result.
pub(crate) type ByKey<T> = HashMap<u64, T, BuildHasherDefault<OwnBits>>;

/// One thing as it stands.
pub(super) struct Standing {
    pub entry: Entry,
    pub seq: u32,
}

/// From so many entries on, all threads read buckets; fewer are read in one go, as each bucket costs a look at each part.
pub(super) const MANY: u64 = 20_000;

/// All things of a small kind, in the order of their keys.
pub(super) fn standing(head: &Head, entity: Entity) -> Result<Vec<Standing>, Error> {
    let of = |bucket: Option<u8>| -> Result<Vec<Standing>, Error> {
        let filter = Filter { bucket, ..Filter::default() };
        let mut all = Vec::new();
        for found in head.entries(entity, filter)? {
            let (stamp, entry) = found?;
            all.push((stamp.seq as u32, entry));
        }
        Ok(merged(all))
    };
    if head.count(entity) < MANY {
        return of(None);
    }
    let buckets: Vec<Vec<Standing>> =
        (0..ledger::BUCKETS).into_par_iter().map(|bucket| of(Some(bucket))).collect::<Result<_, Error>>()?;
    let mut all: Vec<Standing> = buckets.into_iter().flatten().collect();
    all.sort_by_key(|s| s.entry.id.hash);
    Ok(all)
}

/// Versions of many things to one of each.
pub(super) fn merged(mut all: Vec<(u32, Entry)>) -> Vec<Standing> {
    all.sort_by_key(|(seq, e)| (e.id.hash, e.valid_at.order(), *seq, e.row, e.deleted));
    let mut out = Vec::new();
    for versions in all.chunk_by(|a, b| a.1.id.hash == b.1.id.hash) {
        let Some(((seq, last), before)) = versions.split_last() else { continue };
        if last.deleted {
            continue;
        }
        let mut entry = last.clone();
        for (_, earlier) in before.iter().rev().filter(|(_, e)| !e.deleted) {
            for field in 0..catalogue::fields(entry.entity).len() {
                if entry.get(field).is_none() && !earlier.get(field).is_none() {
                    entry.set(field, earlier.get(field).clone());
                }
            }
            if entry.id_text.is_empty() {
                entry.id_text = earlier.id_text.clone();
            }
        }
        out.push(Standing { entry, seq: *seq });
    }
    out
}

/// What is joined to records and events. Codes are those of the one dictionary.
pub(super) struct Reference {
    /// Campaign to the code of its name.
    pub campaigns: ByKey<u32>,
    /// Rep to the code of the source's id, and of the team.
    pub reps: ByKey<(u32, u32)>,
    /// A rep's id, as its source gave it, to its code.
    pub rep_ids: HashMap<String, u32>,
    /// Product name's code to list price; `None` where there is no product list at all.
    pub products: Option<ByKey<Option<Money>>>,
    /// Day, from, to, rate.
    pub rates: Vec<(i32, Currency, Currency, f64)>,
}

impl Reference {
    pub fn read(head: &Head, texts: &Texts) -> Result<Reference, Error> {
        let text = |v: &Value| v.text().map_or(0, |t| texts.code(t));
        let mut campaigns = ByKey::default();
        for s in standing(head, Entity::Campaign)? {
            let name = match text(s.entry.get(catalogue::campaign::NAME)) {
                0 => texts.code(&id_text(&s.entry.id_text, s.entry.id.hash)),
                code => code,
            };
            campaigns.insert(s.entry.id.hash, name);
        }
        let (mut reps, mut rep_ids) = (ByKey::default(), HashMap::new());
        for s in standing(head, Entity::Rep)? {
            let id = texts.code(&id_text(&s.entry.id_text, s.entry.id.hash));
            reps.insert(s.entry.id.hash, (id, text(s.entry.get(catalogue::rep::TEAM))));
            if !s.entry.id_text.is_empty() {
                rep_ids.insert(s.entry.id_text.to_string(), id);
            }
        }
        let mut products: Option<ByKey<Option<Money>>> = None;
        for s in standing(head, Entity::Product)? {
            let code = text(s.entry.get(catalogue::product::NAME));
            let price = s.entry.get(catalogue::product::LIST_PRICE).money();
            products.get_or_insert_default().insert(u64::from(code), price);
        }
        // rates of one day and pair: the one recorded last stands
        type Rated = ((u32, entries::RowRef), f64);
        let mut rates: BTreeMap<(i32, Currency, Currency), Rated> = BTreeMap::new();
        for s in standing(head, Entity::Rate)? {
            let currency = |field| s.entry.get(field).text().and_then(Currency::parse);
            let from = currency(catalogue::rate::FROM);
            let to = currency(catalogue::rate::TO);
            let rate = s.entry.get(catalogue::rate::RATE).real();
            // a rate without a day holds from ever
            let day = s.entry.valid_at.first_day().map_or(i32::MIN, |d| d.0);
            if let (Some(from), Some(to), Some(rate)) = (from, to, rate) {
                let seen = (s.seq, s.entry.row);
                let slot = rates.entry((day, from, to)).or_insert((seen, rate));
                if slot.0 <= seen {
                    *slot = (seen, rate);
                }
            }
        }
        let rates = rates.into_iter().map(|((d, f, t), (_, r))| (d, f, t, r)).collect();
        Ok(Reference { campaigns, reps, rep_ids, products, rates })
    }

    /// The codes of a rep's id and team.
    pub fn rep(&self, key: u64, texts: &Texts) -> (u32, u32) {
        match key {
            0 => (0, 0),
            key => self.reps.get(&key).copied().unwrap_or_else(|| (texts.code(&id_text("", key)), 0)),
        }
    }

    /// The code of a campaign's name.
    pub fn campaign(&self, key: u64, texts: &Texts) -> u32 {
        match key {
            0 => 0,
            key => self.campaigns.get(&key).copied().unwrap_or_else(|| texts.code(&id_text("", key))),
        }
    }

    /// List price by a product's exact name, and whether the name is missing in the list (255: cannot be told).
    pub fn product(&self, code: u32) -> (Option<Money>, u8) {
        match &self.products {
            Some(list) if code != 0 => match list.get(&u64::from(code)) {
                Some(price) => (*price, 0),
                None => (None, 1),
            },
            _ => (None, 255),
        }
    }
}

/// The id that the source gave, or the key where it gave none.
pub(super) fn id_text(text: &str, hash: u64) -> String {
    if text.is_empty() { format!("{hash:016x}") } else { text.to_owned() }
}

/// Which of these currencies is recorded most often; of two the first by its letters.
pub(super) fn most_recorded(counts: &BTreeMap<Currency, u64>) -> Currency {
    counts
        .iter()
        .filter(|(c, _)| **c != Currency::UNKNOWN)
        .max_by_key(|(c, n)| (**n, std::cmp::Reverse(**c)))
        .map_or(Currency::UNKNOWN, |(c, _)| *c)
}
