//! Keys straight from bytes, and the numbering of rows that have no id.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use terms::{Entity, Key};
use xxhash_rust::xxh3::xxh3_64;

use crate::mapping::salesforce_kind;
use crate::table::Cells;

/// Makes the keys of one system and kind: [`Key::of`] with its first part written once.
#[derive(Clone, Debug)]
pub(super) struct KeyMaker {
    entity: Entity,
    head: Vec<u8>,
}

impl KeyMaker {
    pub(super) fn new(entity: Entity, system: &str) -> KeyMaker {
        let mut head = system.as_bytes().to_vec();
        head.extend([0x1f, entity as u8, 0x1f]);
        KeyMaker { entity, head }
    }

    pub(super) fn key(&self, id: &str, scratch: &mut Vec<u8>) -> Key {
        scratch.clear();
        scratch.extend_from_slice(&self.head);
        scratch.extend_from_slice(id.as_bytes());
        Key { entity: self.entity, hash: xxh3_64(scratch) }
    }
}

/// A Salesforce id of 15 or 18 characters is one: the first 15 tell it, and the other three say which of these are upper
/// case. All zeros stand for none. Where the three say something else it is no such id, or one that a program has
/// damaged: it is kept whole, so that two records never become one.
pub fn salesforce_id(text: &str) -> &str {
    let bytes = text.as_bytes();
    if !matches!(bytes.len(), 15 | 18) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return text;
    }
    let (id, check) = text.split_at(15);
    if !check.is_empty() && !says_case(id, check) {
        return text;
    }
    if id.bytes().all(|b| b == b'0') { "" } else { id }
}

/// Whether three characters say which of fifteen are upper case: one for every five, a bit for each.
fn says_case(id: &str, check: &str) -> bool {
    const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    id.as_bytes().chunks(5).zip(check.bytes()).all(|(five, sign)| {
        let bits = five.iter().enumerate().fold(0, |bits, (n, b)| bits | usize::from(b.is_ascii_uppercase()) << n);
        SIGNS.get(bits) == Some(&sign.to_ascii_uppercase())
    })
}

/// Whether a text looks like a Salesforce id of 18 characters whose last three do not fit the others.
pub(super) fn is_damaged(text: &str) -> bool {
    text.len() == 18
        && salesforce_id(text).len() == 18
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
        && salesforce_kind(&text.to_ascii_uppercase()).is_some()
}

#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

/// How often each row's content was seen in this file, so that equal rows have keys of their own, and the same ones
/// when the file is imported again, grown.
#[derive(Default)]
pub(super) struct Occurrences {
    seen: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
}

impl Occurrences {
    /// The id of a row without one: its content's hash and the number of the occurrence.
    pub(super) fn id(&mut self, mapping: &str, cells: Cells<'_>, scratch: &mut Vec<u8>) -> String {
        scratch.clear();
        scratch.extend_from_slice(mapping.as_bytes());
        for (n, cell) in cells.iter().enumerate() {
            let cell = cell.trim();
            if !cell.is_empty() {
                // empty cells leave no trace, so that a trailing separator changes nothing
                scratch.push(0x1f);
                scratch.extend_from_slice(&(n as u32).to_le_bytes());
                scratch.extend_from_slice(cell.as_bytes());
            }
        }
        let hash = xxh3_64(scratch);
        let times = self.seen.entry(hash).or_insert(0);
        *times += 1;
        format!("#{hash:016x}#{times}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_terms() {
        let mut scratch = Vec::new();
        for entity in Entity::ALL {
            let maker = KeyMaker::new(entity, "salesforce");
            for id in ["", "a", "00Q000000000001", &"x".repeat(500)] {
                assert_eq!(maker.key(id, &mut scratch), Key::of(entity, "salesforce", id));
            }
        }
    }

    #[test]
    fn a_salesforce_id_is_its_first_fifteen_characters() {
        // `00Q5g`: Q is bit 2, 4 = E; `AbCdE`: 1 + 4 + 16 = 21 = V
        assert_eq!(salesforce_id("00Q5g00000AbCdEEAV"), "00Q5g00000AbCdE");
        assert_eq!(salesforce_id("00Q5g00000AbCdEeav"), "00Q5g00000AbCdE");
        assert_eq!(salesforce_id("00Q5g00000AbCdE"), "00Q5g00000AbCdE");
        assert_eq!(salesforce_id("000000000000000AAA"), "");
        assert_eq!(salesforce_id("short"), "short");
        assert_eq!(salesforce_id("00Q5g00000-bCdE"), "00Q5g00000-bCdE");
    }
    #[test]
    fn an_id_whose_check_does_not_fit_is_kept_whole() {
        for id in ["00Q5g00000AbCdEFGH", "00q5g00000abcdeEAV", "123456789012345678", "00Q5g00000AbCd-EAV"] {
            assert_eq!(salesforce_id(id), id);
        }
        assert!(is_damaged("00Q5g00000AbCdEFGH"));
        assert!(is_damaged("00q5g00000abcdeEAV"));
        for other in ["00Q5g00000AbCdEEAV", "123456789012345678", "00Q5g00000AbCdE", "00Q5g00000AbCd-EAV", "é", ""] {
            assert!(!is_damaged(other), "{other}");
        }
    }
}
