//! Keys and their numbers, sorted, with a fence for each run of top bits.
//!
//! Keys are hashes: their top bits say nearly where they stand, so a look-up touches two places in memory, and look-ups
//! in the order of keys touch neighbours. Invariant: of a key that comes twice the first number holds.

/// Looks up the number of a key.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pairs: Vec<(u64, u32)>,
    /// Where the keys with each value of the top bits begin, and where the last ones end.
    fences: Vec<u32>,
    shift: u32,
}

impl Index {
    /// Each key with its place in the list.
    pub fn of(keys: impl ExactSizeIterator<Item = u64>) -> Index {
        Index::new(keys.zip(0u32..).collect())
    }

    /// Of pairs in any order; pairs that are sorted already are not sorted again.
    pub fn new(mut pairs: Vec<(u64, u32)>) -> Index {
        if !pairs.is_sorted() {
            pairs.sort_unstable();
        }
        Index::sorted(pairs)
    }

    /// Of pairs that are sorted.
    pub fn sorted(mut pairs: Vec<(u64, u32)>) -> Index {
        pairs.dedup_by_key(|p| p.0);
        let bits = pairs.len().max(2).ilog2().saturating_sub(1).clamp(1, 26);
        let shift = 64 - bits;
        let mut fences = vec![0u32; (1 << bits) + 1];
        for (key, _) in &pairs {
            if let Some(slot) = fences.get_mut((key >> shift) as usize + 1) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut fences {
            sum += *slot;
            *slot = sum;
        }
        Index { pairs, fences, shift }
    }

    /// The number of a key.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        let at = self.place(key);
        self.pairs.get(at).filter(|p| p.0 == key).map(|p| p.1)
    }

    /// The place of the first key that is not smaller.
    #[inline]
    pub fn place(&self, key: u64) -> usize {
        let cell = (key >> self.shift) as usize;
        let fence = |n: usize| self.fences.get(n).copied().unwrap_or(0) as usize;
        let (from, to) = (fence(cell), fence(cell.saturating_add(1)));
        let run = self.pairs.get(from..to).unwrap_or(&[]);
        // runs are short where keys are hashes
        if run.len() <= 16 {
            from + run.iter().take_while(|p| p.0 < key).count()
        } else {
            from + run.partition_point(|p| p.0 < key)
        }
    }

    /// Keys and numbers, in the order of the keys.
    pub fn pairs(&self) -> &[(u64, u32)] {
        &self.pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_no_other_one() {
        for (n, step) in [(0u64, 1u64), (1, 7), (5, u64::MAX / 5), (3_000, 1), (3_000, u64::MAX / 3_001)] {
            let keys: Vec<u64> = (0..n).map(|k| (n - k) * step).collect();
            let index = Index::of(keys.iter().chain(&keys).copied().collect::<Vec<_>>().into_iter());
            for (place, key) in keys.iter().enumerate() {
                assert_eq!(index.get(*key), Some(place as u32));
            }
            assert_eq!(index.get(0), None);
            assert!(step == 1 || n == 0 || index.get(step + 1).is_none());
            assert!(index.pairs().is_sorted());
        }
    }
}
