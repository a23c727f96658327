//! A table from ids to one number each: open addressing, one place in memory a look-up.
//!
//! A general hash map touches two places for each look-up and doubles when it is full. With tens of millions of ids
//! nearly every touch is a wait for memory and every doubling half a gigabyte, so here an id and its number lie side by
//! side, and 64 shards grow by half one after the other.
//! Invariant: a stored number is never 0, which marks an empty place.

/// A growing table.
#[derive(Debug)]
pub(crate) struct Table {
    shards: Vec<Shard>,
}

#[derive(Clone, Debug, Default)]
struct Shard {
    places: Vec<(u64, u64)>,
    held: usize,
}

/// Ids are hashes already; one multiplication spreads the few that are small numbers.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Table {
    pub(crate) fn new() -> Table {
        Table { shards: vec![Shard::default(); 64] }
    }

    /// Makes room for so many ids in all.
    pub(crate) fn reserve(&mut self, ids: usize) {
        for shard in &mut self.shards {
            let wanted = ids / 64 * 3 / 2;
            if wanted > shard.places.len() {
                shard.grow(wanted);
            }
        }
    }

    /// The number of an id; where it has none yet, 0 is there to be replaced by one that is not 0, or else left.
    pub(crate) fn place(&mut self, id: u64) -> &mut u64 {
        let hash = id.wrapping_mul(SPREAD);
        let shard = &mut self.shards[(hash >> 58) as usize];
        if shard.held * 4 >= shard.places.len() * 3 {
            shard.grow((shard.places.len() * 3 / 2).max(16));
        }
        let at = shard.find(id, hash);
        let place = &mut shard.places[at];
        if place.1 == 0 {
            place.0 = id;
            shard.held += 1;
        }
        &mut place.1
    }

    /// The number of an id, 0 where it has none.
    pub(crate) fn get(&self, id: u64) -> u64 {
        let hash = id.wrapping_mul(SPREAD);
        let shard = &self.shards[(hash >> 58) as usize];
        if shard.places.is_empty() { 0 } else { shard.places[shard.find(id, hash)].1 }
    }

    /// Every id with its number, in no order that means anything.
    pub(crate) fn each(&self, mut f: impl FnMut(u64, u64)) {
        let held = self.shards.iter().flat_map(|shard| &shard.places).filter(|place| place.1 != 0);
        held.for_each(|(id, number)| f(*id, *number));
    }

    /// Reads where an id would be, so that its memory is near when it is looked up. Many of these in a row wait for
    /// memory together instead of one after the other.
    pub(crate) fn warm(&self, id: u64) -> u64 {
        let hash = id.wrapping_mul(SPREAD);
        let shard = &self.shards[(hash >> 58) as usize];
        shard.places.get(shard.first(hash)).map_or(0, |place| place.1)
    }
}

impl Shard {
    /// Where the search for a hash begins.
    fn first(&self, hash: u64) -> usize {
        ((u128::from(hash << 6) * self.places.len() as u128) >> 64) as usize
    }

    /// The place of an id, or the empty one where it belongs; there is always an empty place.
    fn find(&self, id: u64, hash: u64) -> usize {
        let mut at = self.first(hash);
        loop {
            let place = self.places[at];
            if place.1 == 0 || place.0 == id {
                return at;
            }
            at += 1;
            if at == self.places.len() {
                at = 0;
            }
        }
    }

    fn grow(&mut self, places: usize) {
        let old = std::mem::replace(&mut self.places, vec![(0, 0); places]);
        for (id, number) in old {
            if number != 0 {
                let at = self.find(id, id.wrapping_mul(SPREAD));
                self.places[at] = (id, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_keeps_its_number_while_the_table_grows() {
        for (spread, reserved) in [(1u64, 0), (1, 50_000), (1 << 58, 0), (0x9e37_79b9_7f4a_7c15, 10)] {
            let mut table = Table::new();
            table.reserve(reserved);
            for n in 0..50_000u64 {
                let place = table.place(n.wrapping_mul(spread));
                if spread != 1 << 58 {
                    assert_eq!(*place, 0, "{n}");
                }
                *place = n % 64 + 1;
            }
            for n in 0..50_000u64 {
                assert_eq!(*table.place(n.wrapping_mul(spread)), n % 64 + 1);
            }
        }
    }
}
