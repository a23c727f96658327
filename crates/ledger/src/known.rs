//! Which versions of which things the ledger has seen, so that the same observation is not kept twice.
//!
//! An entry is unchanged if it equals the latest version of its thing, or a version that the source's own time says is
//! older than the latest. A return to an older value is new, unless its time is older than that of the latest.
//! The latest is the version with the greatest time, and among those the last to arrive.
//! Kept for each thing are 16 bytes: id, 48 bits of the digest and 14 bits of its id's text; times only where a thing
//! has several versions. Two versions of one thing share 48 bits with probability 4e-15. What committed parts hold
//! is asked of their indexes, thing by thing, and taken into memory as a whole only where a good part of it is asked for.
//! Invariant: the answer depends only on the versions and the order in which they arrived (batch, file, line).

use hashbrown::HashMap;

use crate::Error;
use crate::index::ids::Version as Stored;
use crate::older::Older;
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
    older: Older,
    /// Versions just found in committed parts.
    found: Vec<Stored>,
}

#[derive(Debug)]
struct Version {
    digest: u64,
    time: Option<u64>,
}

/// The bits of a thing's number: digest of its first version, mark of its id's text, whether it is held at all, and
/// whether it has several versions.
const DIGEST: u64 = !0 << 16;
const MARK: u64 = 0x3fff << 2;
const HELD: u64 = 2;
const SEVERAL: u64 = 1;

impl Known {
    /// On top of what committed parts hold.
    pub(crate) fn new(older: Older) -> Known {
        Known { latest: Table::new(), several: HashMap::new(), older, found: Vec::new() }
    }

    /// Fetches what committed parts hold of a thing, before it is seen for the first time.
    pub(crate) fn recall(&mut self, id: u64) -> Result<(), Error> {
        if self.older.is_empty() || self.latest.get(id) != 0 {
            return Ok(());
        }
        if self.older.is_worth_loading() {
            return self.load();
        }
        self.found.clear();
        self.older.find(id, &mut self.found)?;
        if let Some(first) = self.found.first() {
            *self.latest.place(id) = first.1;
            let several = self.found.iter().any(|v| v.1 & DIGEST != first.1 & DIGEST);
            if several {
                *self.latest.place(id) |= SEVERAL;
                let versions = self.found.iter().map(|v| Version { digest: v.1 & DIGEST, time: Some(v.2) });
                self.several.insert(id, versions.collect());
            }
        }
        Ok(())
    }

    /// Takes all that committed parts hold into memory.
    fn load(&mut self) -> Result<(), Error> {
        let all = self.older.take()?;
        let mut several: HashMap<u64, Vec<Version>> = HashMap::new();
        let mut loaded = Table::new();
        loaded.reserve(all.iter().map(Vec::len).sum::<usize>());
        for few in all.iter().flat_map(|part| part.chunks(64)) {
            // their places are fetched from memory together, not one after the other
            std::hint::black_box(few.iter().fold(0, |all, v| all ^ loaded.warm(v.0)));
            for (id, packed, _) in few {
                let slot = loaded.place(*id);
                if *slot == 0 {
                    *slot = *packed;
                } else if *slot & DIGEST != packed & DIGEST && *slot & SEVERAL == 0 {
                    *slot |= SEVERAL;
                    several.insert(*id, Vec::new());
                }
            }
        }
        if !several.is_empty() {
            for (id, packed, time) in all.iter().flatten() {
                if let Some(versions) = several.get_mut(id) {
                    versions.push(Version { digest: packed & DIGEST, time: Some(*time) });
                }
            }
        }
        drop(all);
        // what was met already has been recalled, and knows more
        let met = std::mem::replace(&mut self.latest, loaded);
        met.each(|id, number| *self.latest.place(id) = number);
        several.extend(self.several.drain());
        self.several = several;
        Ok(())
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
            let first = Version { digest: *slot & DIGEST, time: None };
            self.several.insert(id, vec![first, Version { digest: packed & DIGEST, time: Some(time(order)) }]);
            *slot |= SEVERAL;
            return Ok(true);
        }
        let versions = self.several.entry(id).or_default();
        Ok(is_news(versions, packed & DIGEST, time(order)))
    }

    /// See [`Table::warm`].
    pub(crate) fn warm(&self, id: u64) -> u64 {
        self.latest.warm(id)
    }
}

fn is_news(versions: &mut Vec<Version>, digest: u64, time: u64) -> bool {
    let mut known = false;
    for version in versions.iter_mut().filter(|v| v.digest == digest) {
        version.time = Some(time); // the same observation has the same time
        known = true;
    }
    // max_by_key keeps the last of equals: the last to arrive
    let latest = versions.iter().filter(|v| v.time.is_some()).max_by_key(|v| v.time);
    if known && latest.is_some_and(|latest| latest.digest == digest || Some(time) < latest.time) {
        return false;
    }
    versions.push(Version { digest, time: Some(time) });
    true
}

/// A time's order in 64 bits: milliseconds (as of years -2489 to 6429) above what is first within the same one.
pub(crate) const fn time(order: Order) -> u64 {
    const MS: i64 = 1 << 47;
    let (ms, within) = order;
    if ms == i64::MAX {
        return u64::MAX;
    }
    let ms = if ms < -MS {
        -MS
    } else if ms >= MS {
        MS - 1
    } else {
        ms
    };
    let within = match within {
        1.. => 0xffff,
        0 => 0xfffe,
        range => {
            let days = range + i32::MAX as i64;
            if days > 0xfffd { 0xfffd } else { days as u64 & 0xffff }
        }
    };
    ((ms + MS) as u64) << 16 | within
}

/// A version's number: see [`DIGEST`].
pub(crate) const fn packed(digest: u64, text: &str) -> u64 {
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
            let mut known = Known::new(Older::none());
            assert_eq!(run(&history, &mut known), [true, true]);
            assert_eq!(run(&history, &mut known), [false, false]);
        }
    }

    #[test]
    fn a_return_to_an_older_value_is_new_where_no_time_says_that_it_is_old() {
        let mut known = Known::new(Older::none());
        let there_and_back = [(A, UNTIMED), (B, UNTIMED), (B, UNTIMED), (A, UNTIMED), (A, UNTIMED)];
        assert_eq!(run(&there_and_back, &mut known), [true, true, false, true, false]);
    }

    #[test]
    fn a_time_in_64_bits_sorts_like_the_time() {
        let range = |days: i64| days - i64::from(i32::MAX);
        let orders = [(-5, range(3)), (-5, 0), (-5, 1), (7, range(1)), (7, range(40)), (7, 0), (7, 1), (8, 0), UNTIMED];
        assert!(orders.windows(2).all(|pair| time(pair[0]) < time(pair[1])));
    }

    #[test]
    fn another_id_with_the_same_key_is_seen() {
        let mut known = Known::new(Older::none());
        assert_eq!(known.see(7, A, "00Q1", UNTIMED), Ok(true));
        assert_eq!(known.see(7, B, "00Q2", UNTIMED), Err(Collision));
        assert_eq!(known.see(7, B, "", UNTIMED), Ok(true));
    }
}
