//! Which versions of which things the ledger has seen, so that the same observation is not kept twice.
//!
//! An entry is unchanged if it equals the latest version of its thing, or a version that the source's own time says is
//! older than the latest. A return to an older value is new, unless its time is older than that of the latest.
//! The latest is the version with the greatest time, and among those the last to arrive.
//! Kept for each thing are 16 bytes: id, 48 bits of the digest and 14 bits of its id's text; times only where a thing
//! has several versions. Two versions of one thing share 48 bits with probability 4e-15.
//! Invariant: the answer depends only on the versions and the order in which they arrived (batch, file, line).

use hashbrown::HashMap;

use crate::table::Table;

/// What a version's time is sorted by, see [`terms::When::order`].
pub(crate) type Order = (i64, i64);

/// Another thing of the same kind has this key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Collision;

/// The versions seen of one kind of thing.
#[derive(Debug)]
pub(crate) struct Known {
    latest: Table,
    several: HashMap<u64, Vec<Version>>,
}

#[derive(Debug)]
struct Version {
    digest: u64,
    order: Option<Order>,
}

/// The bits of a thing's number: digest of its first version, mark of its id's text, whether it is held at all, and
/// whether it has several versions.
const DIGEST: u64 = !0 << 16;
const MARK: u64 = 0x3fff << 2;
const HELD: u64 = 2;
const SEVERAL: u64 = 1;

impl Known {
    pub(crate) fn new() -> Known {
        Known { latest: Table::new(), several: HashMap::new() }
    }

    /// Takes note of a version; `false` where it is unchanged.
    pub(crate) fn see(&mut self, id: u64, digest: u64, text: &str, order: Order) -> Result<bool, Collision> {
        let packed = packed(digest, text);
        let slot = self.latest.place(id);
        if *slot == 0 {
            *slot = packed;
            return Ok(true);
        }
        if differ(*slot, packed) {
            return Err(Collision);
        }
        if *slot & SEVERAL == 0 {
            if *slot & DIGEST == packed & DIGEST {
                return Ok(false);
            }
            let first = Version { digest: *slot & DIGEST, order: None };
            self.several.insert(id, vec![first, Version { digest: packed & DIGEST, order: Some(order) }]);
            *slot |= SEVERAL;
            return Ok(true);
        }
        let versions = self.several.entry(id).or_default();
        Ok(is_news(versions, packed & DIGEST, order))
    }

    /// Takes note of a committed version while loading, in no special order; the things that have several versions
    /// are to be given to `settle` afterwards.
    pub(crate) fn load(&mut self, id: u64, digest: u64, text: &str) {
        let packed = packed(digest, text);
        let slot = self.latest.place(id);
        if *slot == 0 {
            *slot = packed;
        }
        if *slot & DIGEST != packed & DIGEST && *slot & SEVERAL == 0 {
            *slot |= SEVERAL;
            self.several.insert(id, Vec::new());
        }
    }

    /// Makes room for so many more things.
    pub(crate) fn reserve(&mut self, things: usize) {
        self.latest.reserve(things);
    }

    /// See [`Table::warm`].
    pub(crate) fn warm(&self, id: u64) -> u64 {
        self.latest.warm(id)
    }

    /// Whether any thing has several versions.
    pub(crate) fn has_several(&self) -> bool {
        !self.several.is_empty()
    }

    /// Whether this thing has several versions.
    pub(crate) fn is_several(&self, id: u64) -> bool {
        self.several.contains_key(&id)
    }

    /// Takes note of a version of a thing that has several, in the order of arrival.
    pub(crate) fn settle(&mut self, id: u64, digest: u64, order: Order) {
        if let Some(versions) = self.several.get_mut(&id) {
            versions.push(Version { digest: digest & DIGEST, order: Some(order) });
        }
    }
}

fn is_news(versions: &mut Vec<Version>, digest: u64, order: Order) -> bool {
    let mut known = false;
    for version in versions.iter_mut().filter(|v| v.digest == digest) {
        version.order = Some(order); // the same observation has the same time
        known = true;
    }
    // max_by_key keeps the last of equals: the last to arrive
    let latest = versions.iter().filter(|v| v.order.is_some()).max_by_key(|v| v.order);
    if known && latest.is_some_and(|latest| latest.digest == digest || Some(order) < latest.order) {
        return false;
    }
    versions.push(Version { digest, order: Some(order) });
    true
}

const fn packed(digest: u64, text: &str) -> u64 {
    digest & DIGEST | mark(text) | HELD
}

/// 14 bits of the id's text, in their place; 0 where there is none.
const fn mark(text: &str) -> u64 {
    let mut bytes = text.as_bytes();
    if bytes.is_empty() {
        return 0;
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    while let Some((word, rest)) = bytes.split_first_chunk::<8>() {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        bytes = rest;
    }
    while let Some((byte, rest)) = bytes.split_first() {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    let bits = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50;
    (if bits == 0 { 1 } else { bits }) << 2
}

/// Whether both texts are given and are not the same.
const fn differ(a: u64, b: u64) -> bool {
    let (a, b) = (a & MARK, b & MARK);
    a != 0 && b != 0 && a != b
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: u64 = 0xaaaa_0000_0000_0000;
    const B: u64 = 0xbbbb_0000_0000_0000;
    const UNTIMED: Order = (i64::MAX, i64::MAX);

    fn run(versions: &[(u64, Order)], known: &mut Known) -> Vec<bool> {
        versions.iter().map(|(digest, order)| known.see(7, *digest, "x", *order).unwrap()).collect()
    }

    #[test]
    fn a_history_read_again_is_unchanged_whichever_way_it_is_sorted() {
        for history in [[(A, (1, 0)), (B, (2, 0))], [(B, (2, 0)), (A, (1, 0))]] {
            let mut known = Known::new();
            assert_eq!(run(&history, &mut known), [true, true]);
            assert_eq!(run(&history, &mut known), [false, false]);
        }
    }

    #[test]
    fn a_return_to_an_older_value_is_new_where_no_time_says_that_it_is_old() {
        let mut known = Known::new();
        let there_and_back = [(A, UNTIMED), (B, UNTIMED), (B, UNTIMED), (A, UNTIMED), (A, UNTIMED)];
        assert_eq!(run(&there_and_back, &mut known), [true, true, false, true, false]);
    }

    #[test]
    fn another_id_with_the_same_key_is_seen() {
        let mut known = Known::new();
        assert_eq!(known.see(7, A, "00Q1", UNTIMED), Ok(true));
        assert_eq!(known.see(7, B, "00Q2", UNTIMED), Err(Collision));
        assert_eq!(known.see(7, B, "", UNTIMED), Ok(true));
    }
}
