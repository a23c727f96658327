//! What entries of one kind say in some fields, as numbers of texts: many rows, without an entry for each.
//!
//! Not here: what it means. Invariant: two rows say the same in a field exactly where they have the same number there, 0 where they
//! say nothing; a number stands for the text that is given out for a value of its kind.

use arrow::datatypes::UInt64Type;
use entries::{FieldId, Kind, catalogue};
use hashbrown::HashMap;
use ledger::Head;
use ledger::columns::{Wanted, few, of_field, scan};
use terms::{Currency, Entity, Money, Stage, When};

use crate::Error;
use crate::fold::read::{Numbers, Rows};
use crate::fold::texts::Texts;

/// Texts and their numbers, given out as they come, by all threads.
#[derive(Debug, Default)]
pub struct Sayings(Texts);

impl Sayings {
    /// The text of a number; `None` of 0.
    pub fn text(&self, number: u32) -> Option<String> {
        self.0.lock().text(number).map(str::to_owned)
    }

    /// All texts so far: the first has number 1.
    pub fn texts(&self) -> Vec<String> {
        self.0.texts()
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Said<'r> {
    /// The thing itself: the hash of its key.
    pub id: u64,
    /// About whom: the hash of that key.
    pub subject: u64,
    /// When it was so.
    pub when: When,
    /// Its source deleted it.
    pub deleted: bool,
    /// The number of what it says in each field.
    pub says: &'r [u32],
    /// Of the fields that are keys, in their order: the hash, 0 where there is none.
    pub keys: &'r [u64],
}

/// Which rows are read: those of one bucket, of all, or those about some subjects (sorted).
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    /// All.
    All,
    /// Those of one bucket of the ledger.
    Bucket(u8),
    /// Those about some subjects, by their hashes, sorted.
    About(&'a [u64]),
}

/// Gives out each row of an entity with what it says in these fields, in the order of the ledger; `named` gives the name of a key,
/// where it has one. Returns how many there were.
///
/// # Errors
/// Where the ledger cannot be read.
pub fn said(
    head: &Head,
    entity: Entity,
    among: Among<'_>,
    fields: &[FieldId],
    (sayings, named): (&Sayings, &dyn Fn(u64) -> Option<String>),
    mut row: impl FnMut(Said<'_>),
) -> Result<u64, Error> {
    let mut names: Vec<String> =
        ["id", "subject", "valid_kind", "valid_a", "valid_b", "deleted"].map(str::to_owned).to_vec();
    names.extend(fields.iter().flat_map(|field| of_field(entity, *field)));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (keys, numbers) = (HashMap::new(), HashMap::new());
    let mut reader = Reader { entity, fields, sayings, named, keys, numbers, says: Vec::new(), hashes: Vec::new() };
    let mut read = 0;
    match among {
        Among::About(subjects) => {
            let wanted = Wanted { subjects, ..Wanted::default() };
            for chunk in few(head, 1..head.seq() + 1, entity, wanted, &names)? {
                read += reader.chunk(&Rows::of(&chunk), &mut row);
            }
        }
        Among::All | Among::Bucket(_) => {
            let bucket = if let Among::Bucket(bucket) = among { Some(bucket) } else { None };
            for chunk in scan(head, entity, bucket, &names)? {
                let chunk = chunk?;
                read += reader.chunk(&Rows::of(&chunk), &mut row);
            }
        }
    }
    Ok(read)
}

struct Reader<'a> {
    entity: Entity,
    fields: &'a [FieldId],
    sayings: &'a Sayings,
    named: &'a dyn Fn(u64) -> Option<String>,
    /// Numbers of the names of keys.
    keys: HashMap<u64, u32>,
    /// Numbers of what is no text, by its kind and its bits.
    numbers: HashMap<(u8, i64, i64), u32>,
    /// Of one chunk, row after row: what is said, and the hashes of keys.
    says: Vec<u32>,
    hashes: Vec<u64>,
}

impl Reader<'_> {
    fn chunk(&mut self, rows: &Rows<'_>, each: &mut impl FnMut(Said<'_>)) -> u64 {
        let width = self.fields.len();
        let (mut says, mut hashes) = (std::mem::take(&mut self.says), std::mem::take(&mut self.hashes));
        let all = catalogue::fields(self.entity);
        let kinds: Vec<_> = self.fields.iter().filter_map(|field| all.get(*field)).collect();
        let of_keys = kinds.iter().filter(|def| def.kind == Kind::Key).count();
        says.clear();
        says.resize(rows.len * width, 0);
        hashes.clear();
        hashes.resize(rows.len * of_keys, 0);
        let mut key = 0;
        for (place, def) in kinds.into_iter().enumerate() {
            if def.kind == Kind::Key {
                self.keys(
                    &rows.keys(def.name),
                    says.iter_mut().skip(place).step_by(width),
                    hashes.iter_mut().skip(key).step_by(of_keys),
                );
                key += 1;
            } else {
                self.field(rows, (def.name, def.kind), says.iter_mut().skip(place).step_by(width));
            }
        }
        let (ids, subjects) = (rows.keys("id"), rows.keys("subject"));
        let (valid, deleted) = (rows.valid(), rows.flags("deleted"));
        for row in 0..rows.len {
            each(Said {
                id: ids.key(row),
                subject: subjects.key(row),
                when: valid.get(row),
                deleted: deleted.get(row).unwrap_or(false),
                says: says.get(row * width..(row + 1) * width).unwrap_or(&[]),
                keys: hashes.get(row * of_keys..(row + 1) * of_keys).unwrap_or(&[]),
            });
        }
        (self.says, self.hashes) = (says, hashes);
        rows.len as u64
    }

    /// A field of keys of all rows.
    fn keys<'s>(
        &mut self,
        of: &Numbers<'_, UInt64Type>,
        slots: impl Iterator<Item = &'s mut u32>,
        hashes: impl Iterator<Item = &'s mut u64>,
    ) {
        for (row, (slot, hash)) in slots.zip(hashes).enumerate() {
            *hash = of.key(row);
            if *hash != 0 {
                let fresh = || (self.named)(*hash).map_or(0, |name| self.sayings.0.code(&name));
                *slot = *self.keys.entry(*hash).or_insert_with(fresh);
            }
        }
    }

    /// Another field of all rows.
    fn field<'s>(&mut self, rows: &Rows<'_>, (name, kind): (&str, Kind), slots: impl Iterator<Item = &'s mut u32>) {
        let mut number = |kind: u8, bits: (i64, i64), text: &dyn Fn() -> String| {
            let sayings = &self.sayings.0;
            *self.numbers.entry((kind, bits.0, bits.1)).or_insert_with(|| sayings.code(&text()))
        };
        match kind {
            Kind::Code | Kind::Text => {
                let codes = rows.codes(name, &self.sayings.0);
                slots.enumerate().for_each(|(row, slot)| *slot = codes.get(row));
            }
            Kind::Key => {} // by `keys`
            Kind::Int => {
                let ints = rows.ints(name);
                slots.enumerate().for_each(|(row, slot)| {
                    *slot = ints.get(row).map_or(0, |n| number(0, (n, 0), &|| n.to_string()));
                });
            }
            Kind::Real => {
                let reals = rows.reals(name);
                slots.enumerate().for_each(|(row, slot)| {
                    *slot = reals.get(row).map_or(0, |x| number(1, (x.to_bits().cast_signed(), 0), &|| x.to_string()));
                });
            }
            Kind::Flag => {
                let flags = rows.flags(name);
                slots.enumerate().for_each(|(row, slot)| {
                    *slot = flags.get(row).map_or(0, |yes| number(2, (i64::from(yes), 0), &|| yes.to_string()));
                });
            }
            Kind::Stage => {
                let stages = rows.small(name);
                slots.enumerate().for_each(|(row, slot)| {
                    let text = |stage: Stage| number(3, (stage as i64, 0), &|| stage.word().to_owned());
                    *slot = stages.stage(row).map_or(0, text);
                });
            }
            Kind::When => {
                let times = rows.times(name);
                slots.enumerate().for_each(|(row, slot)| {
                    let when = times.get(row);
                    if when != When::Unknown {
                        *slot = self.sayings.0.code(&when.to_string());
                    }
                });
            }
            Kind::Money => {
                let all = rows.money(name);
                slots.enumerate().for_each(|(row, slot)| {
                    *slot = all.get(row).map_or(0, |money| self.sayings.0.code(&amount(money)));
                });
            }
        }
    }
}

/// An amount in units of its currency.
fn amount(money: Money) -> String {
    let currency: Currency = money.currency;
    (money.minor as f64 / 10_f64.powi(currency.decimals().cast_signed())).to_string()
}
