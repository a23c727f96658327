//! All evidence of the vault in memory, as keyed hashes: what a large batch asks instead of the file.
//!
//! Invariant: holds an answer for everything in the tables `people`, `phones` and `sights`, and no text.

use hashbrown::HashTable;
use rusqlite::Connection;
use xxhash_rust::xxh3::xxh3_128_with_secret;

use super::Rule;
use super::known::{Found, Holders, PHONES_APART};
use crate::Error;

/// Bytes of the desk's hash key.
pub(crate) const SECRET: usize = 192;

/// The desk's hash key. With it a hash of 120 bits tells ten million mails apart (a false match has odds of 4e-23),
/// and nobody without it can prepare two texts that are taken for one.
pub(crate) struct Secret([u8; SECRET]);

impl Secret {
    pub fn of(bytes: &[u8]) -> Option<Secret> {
        bytes.try_into().ok().map(Secret)
    }

    fn hash(&self, kind: u64, text: &str) -> (u64, u64) {
        let hash = xxh3_128_with_secret(text.as_bytes(), &self.0);
        ((hash >> 64) as u64 ^ kind, hash as u64 & !FLAGS)
    }

    /// The number that stands for a phone with a name.
    pub fn sight(&self, phone: &str, folded_name: &str) -> i64 {
        let text = format!("{phone}\u{1f}{folded_name}");
        (xxh3_128_with_secret(text.as_bytes(), &self.0) as u64 >> 1) as i64
    }
}

/// 24 bytes: two words of hash, of which the last byte is for flags, and the person.
struct Slot {
    high: u64,
    low: u64,
    id: i64,
}

const FLAGS: u64 = 0xff;
/// Of a mail: the person has a name.
const NAMED: u64 = 1;
/// Of a phone: its one holder has a mail.
const MAILED: u64 = 1;
/// Of a phone: several people have it.
const SHARED: u64 = 2;
/// Of a mail or a sight: the rule's number is kept from this bit on.
const RULE_SHIFT: u32 = 4;

const MAIL: u64 = 0x6d61_696c;
const PHONE: u64 = 0x7068_6f6e_6500;
const SIGHT: u64 = 0x7369_6768_7400_0000;

pub(crate) struct Index {
    slots: HashTable<Slot>,
}

impl Index {
    /// Reads the whole vault once.
    pub fn load(conn: &Connection, secret: &Secret) -> Result<Index, Error> {
        let people: i64 = conn.query_row("SELECT COUNT(*) FROM people", [], |row| row.get(0))?;
        let mut index = Index { slots: HashTable::with_capacity(usize::try_from(people).unwrap_or(0) * 2) };
        let mut all = conn.prepare("SELECT id, mail, phones, name IS NOT NULL, mail_rule FROM people")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let mail = row.get_ref(1)?.as_str_or_null().map_err(rusqlite::Error::from)?;
            if let Some(mail) = mail {
                let rule = Rule::from_number(row.get(4)?);
                index.note_mail(secret, mail, &Found { id, rule, named: row.get(3)? });
            }
            let phones = row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?;
            for phone in phones.iter().flat_map(|all| all.split(PHONES_APART)) {
                index.note_holder(secret, phone, id, mail.is_some());
            }
        }
        let mut sights = conn.prepare("SELECT sight, person, rule FROM sights")?;
        let mut rows = sights.query([])?;
        while let Some(row) = rows.next()? {
            index.note_sight(row.get(0)?, row.get(1)?, Rule::from_number(row.get(2)?));
        }
        Ok(index)
    }

    pub fn mail(&self, secret: &Secret, mail: &str) -> Option<Found> {
        self.get(secret.hash(MAIL, mail)).map(|slot| Found {
            id: slot.id,
            rule: Rule::from_number(((slot.low & FLAGS) >> RULE_SHIFT) as u8),
            named: slot.low & NAMED != 0,
        })
    }

    pub fn phone(&self, secret: &Secret, phone: &str) -> Holders {
        match self.get(secret.hash(PHONE, phone)) {
            None => Holders::None,
            Some(slot) if slot.low & SHARED != 0 => Holders::Several,
            Some(slot) => Holders::One { id: slot.id, mailed: slot.low & MAILED != 0 },
        }
    }

    pub fn sight(&self, sight: i64) -> Option<(i64, Rule)> {
        self.get((sight as u64 ^ SIGHT, 0)).map(|slot| (slot.id, Rule::from_number((slot.low & FLAGS) as u8)))
    }

    pub fn note_mail(&mut self, secret: &Secret, mail: &str, found: &Found) {
        let flags = if found.named { NAMED } else { 0 } | u64::from(found.rule.number()) << RULE_SHIFT;
        self.put(secret.hash(MAIL, mail), found.id, |_, _| flags);
    }

    /// One more person has this phone.
    pub fn note_holder(&mut self, secret: &Secret, phone: &str, id: i64, mailed: bool) {
        let mailed = if mailed { MAILED } else { 0 };
        self.put(secret.hash(PHONE, phone), id, |before, flags| match before {
            None => mailed,
            Some(holder) if holder == id => flags & SHARED | mailed,
            Some(_) => SHARED,
        });
    }

    pub fn note_sight(&mut self, sight: i64, id: i64, rule: Rule) {
        self.put((sight as u64 ^ SIGHT, 0), id, |_, _| u64::from(rule.number()));
    }

    fn get(&self, (high, low): (u64, u64)) -> Option<&Slot> {
        self.slots.find(high, |slot| slot.high == high && slot.low & !FLAGS == low)
    }

    fn put(&mut self, (high, low): (u64, u64), id: i64, flags: impl FnOnce(Option<i64>, u64) -> u64) {
        let same = |slot: &Slot| slot.high == high && slot.low & !FLAGS == low;
        match self.slots.find_mut(high, same) {
            Some(slot) => {
                slot.low = low | flags(Some(slot.id), slot.low & FLAGS);
                slot.id = id;
            }
            None => {
                let slot = Slot { high, low: low | flags(None, 0), id };
                self.slots.insert_unique(high, slot, |slot| slot.high);
            }
        }
    }
}
