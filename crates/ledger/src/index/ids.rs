//! The ids of a part, sorted, each with what tells its version: digest and time.
//!
//! The directory is: rows; the first id of each block; the checksum of each block; a filter of 16 bits an id that lets
//! one of some hundred strangers pass. A block of up to 128 ids is three arrays: ids, packed digests (see
//! [`crate::known`]), times. So what is not in a part is told from one word, and what is from one block.
//! Invariant: versions of one id come in the order of their arrival; a block is read only after its checksum.

use terms::Entity;
use xxhash_rust::xxh3::xxh3_64;

use super::file::{Held, nth, partition};
use crate::{Error, Head, Part};

const KIND: &str = "ids";
const BLOCK: usize = 128;
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// One version: id, packed digest, packed time.
pub(crate) type Version = (u64, u64, u64);
/// A version and its place in the order of arrival within its batch.
pub(crate) type Arrived = (Version, u64);

/// The ids of one part.
#[derive(Debug)]
pub(crate) struct Ids {
    held: std::sync::Arc<Held>,
    rows: usize,
    blocks: usize,
    words: usize,
    /// One bit for each block that has passed its checksum.
    passed: Vec<u64>,
}

/// A block did not pass its checksum.
pub(crate) struct Damaged;

impl Ids {
    /// Those of a part: mapped, or made from the part.
    pub(crate) fn open(head: &Head, entity: Entity, part: &Part) -> Result<Ids, Error> {
        match Held::open(head, part, KIND).map(Ids::of) {
            Some(ids) if ids.rows as u64 == part.rows && ids.fits() => Ok(ids),
            _ => Ids::make_again(head, entity, part),
        }
    }

    /// Those of a part, read from the part itself.
    pub(crate) fn make_again(head: &Head, entity: Entity, part: &Part) -> Result<Ids, Error> {
        Ok(Ids::make(head, part, crate::read::versions(head, entity, part)?))
    }

    /// Those of a part that was just read or written; versions of one id come in the order of their arrival.
    pub(crate) fn make(head: &Head, part: &Part, versions: Vec<Arrived>) -> Ids {
        let versions = sort(versions);
        let (blocks, words) = (versions.len().div_ceil(BLOCK), words(versions.len()));
        let mut directory = Vec::with_capacity(8 + 16 * blocks + 8 * words);
        let mut put = |n: u64| directory.extend_from_slice(&n.to_le_bytes());
        put(versions.len() as u64);
        let mut body = Vec::with_capacity(versions.len() * 24);
        let mut sums = Vec::with_capacity(blocks);
        for block in versions.chunks(BLOCK) {
            put(block.first().map_or(0, |v| v.0));
            let start = body.len();
            block.iter().for_each(|v| body.extend_from_slice(&v.0.to_le_bytes()));
            block.iter().for_each(|v| body.extend_from_slice(&v.1.to_le_bytes()));
            block.iter().for_each(|v| body.extend_from_slice(&v.2.to_le_bytes()));
            sums.push(xxh3_64(&body[start..]));
        }
        sums.into_iter().for_each(&mut put);
        let mut filter = vec![0u64; words];
        for (id, ..) in &versions {
            let (at, bits) = mark(*id, words);
            if let Some(word) = filter.get_mut(at) {
                *word |= bits;
            }
        }
        filter.into_iter().for_each(&mut put);
        Ids::of(Held::make(head, part, KIND, &directory, &body))
    }

    fn of(held: std::sync::Arc<Held>) -> Ids {
        let rows = nth(held.directory(), 0) as usize;
        let (blocks, words) = (rows.div_ceil(BLOCK), words(rows));
        Ids { held, rows, blocks, words, passed: vec![0; blocks.div_ceil(64)] }
    }

    fn fits(&self) -> bool {
        self.held.directory().len() == 8 * (1 + 2 * self.blocks + self.words)
            && self.held.body().len() == self.rows * 24
    }

    /// Whether the part may have an id; where it says no, it has not.
    pub(crate) fn may_have(&self, id: u64) -> bool {
        let (at, bits) = mark(id, self.words);
        nth(self.held.directory(), 1 + 2 * self.blocks + at) & bits == bits
    }

    /// Adds the versions of an id, in the order of their arrival.
    pub(crate) fn find(&mut self, id: u64, found: &mut Vec<Version>) -> Result<(), Damaged> {
        if !self.may_have(id) {
            return Ok(());
        }
        let firsts = self.held.directory().get(8..8 + 8 * self.blocks).unwrap_or(&[]);
        // versions of an id may begin at the end of the block before
        let mut block = partition(firsts, self.blocks, |first| first < id).saturating_sub(1);
        while block < self.blocks && nth(self.held.directory(), 1 + block) <= id {
            self.check(block)?;
            let (bytes, rows) = self.block(block);
            let start = partition(bytes, rows, |own| own < id);
            found.extend((start..rows).map(|row| version(bytes, rows, row)).take_while(|v| v.0 == id));
            block += 1;
        }
        Ok(())
    }

    /// All versions, in the order of their ids.
    pub(crate) fn all(&mut self) -> Result<Vec<Version>, Damaged> {
        let mut all = Vec::with_capacity(self.rows);
        for block in 0..self.blocks {
            self.check(block)?;
            let (bytes, rows) = self.block(block);
            all.extend((0..rows).map(|row| version(bytes, rows, row)));
        }
        Ok(all)
    }

    /// How many versions there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    fn block(&self, block: usize) -> (&[u8], usize) {
        let rows = BLOCK.min(self.rows.saturating_sub(block * BLOCK));
        let start = block * BLOCK * 24;
        (self.held.body().get(start..start + rows * 24).unwrap_or(&[]), rows)
    }

    fn check(&mut self, block: usize) -> Result<(), Damaged> {
        if self.passed.get(block / 64).is_some_and(|bits| bits >> (block % 64) & 1 == 1) {
            return Ok(());
        }
        let sum = xxh3_64(self.block(block).0);
        if sum != nth(self.held.directory(), 1 + self.blocks + block) {
            return Err(Damaged);
        }
        if let Some(bits) = self.passed.get_mut(block / 64) {
            *bits |= 1 << (block % 64);
        }
        Ok(())
    }
}

fn version(block: &[u8], rows: usize, row: usize) -> Version {
    (nth(block, row), nth(block, rows + row), nth(block, 2 * rows + row))
}

const fn words(rows: usize) -> usize {
    rows / 4 + 1
}

/// The word of the filter where an id is marked, and its four bits.
const fn mark(id: u64, words: usize) -> (usize, u64) {
    let hash = id.wrapping_mul(SPREAD);
    let at = ((hash as u128 * words as u128) >> 64) as usize;
    let bits = (id ^ id >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 40;
    (at, 1 << (bits & 63) | 1 << (bits >> 6 & 63) | 1 << (bits >> 12 & 63) | 1 << (bits >> 18 & 63))
}

/// By id, those of one id in the order of arrival. Ids are hashes: their top bits part them evenly.
fn sort(versions: Vec<Arrived>) -> Vec<Version> {
    let shift = 64 - (versions.len().max(2).ilog2().saturating_sub(8)).clamp(1, 16);
    let mut next = vec![0usize; (1 << (64 - shift)) + 1];
    for ((id, ..), _) in &versions {
        next[(id >> shift) as usize + 1] += 1;
    }
    for n in 1..next.len() {
        next[n] += next[n - 1];
    }
    let starts = next.clone();
    let mut sorted = vec![((0, 0, 0), 0); versions.len()];
    for version in versions {
        let at = &mut next[(version.0.0 >> shift) as usize];
        sorted[*at] = version;
        *at += 1;
    }
    for range in starts.windows(2) {
        sorted[range[0]..range[1]].sort_unstable_by_key(|((id, digest, _), arrival)| (*id, *arrival, *digest));
    }
    sorted.into_iter().map(|(version, _)| version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_the_order_of_arrival_and_the_filter_passes_every_id() {
        for n in [0u64, 1, 2, 300, 5_000] {
            let all: Vec<Arrived> = (0..n).map(|k| (((k % (n / 2 + 1)).wrapping_mul(SPREAD), n - k, 0), k)).collect();
            let mut plain: Vec<Version> = all.iter().map(|v| v.0).collect();
            plain.sort_by_key(|v| v.0);
            assert_eq!(sort(all), plain);
        }
        let words = words(4_000);
        let mut filter = vec![0u64; words];
        let id = |n: u64| (n + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        for n in 0..4_000 {
            let (at, bits) = mark(id(n), words);
            filter[at] |= bits;
        }
        let passes = |n: u64| {
            let (at, bits) = mark(id(n), words);
            filter[at] & bits == bits
        };
        assert!((0..4_000).all(passes));
        assert!((4_000..104_000).filter(|n| passes(*n)).count() < 2_000, "most strangers are told");
    }
}
