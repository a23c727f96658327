//! Answers worked out once for each head and question, by one thread while others wait for it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use web::Trouble;

/// Answers that are kept; a page of a large company is some hundred kilobytes.
const MOST: usize = 64;

type Slot<V> = Arc<OnceLock<Result<Arc<V>, Trouble>>>;

struct Inner<K, V> {
    head: String,
    slots: HashMap<K, (u64, Slot<V>)>,
    /// Counts up with each question; the slot asked for longest ago gives way.
    clock: u64,
    most: usize,
}

/// Answers of one head.
pub struct Cache<K, V>(Mutex<Inner<K, V>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Cache<K, V> {
        Cache::of(MOST)
    }
}

impl<K, V> Cache<K, V> {
    /// A cache of so many answers.
    pub fn of(most: usize) -> Cache<K, V> {
        Cache(Mutex::new(Inner { head: String::new(), slots: HashMap::new(), clock: 0, most }))
    }
}

impl<K: Clone + Eq + Hash, V> Cache<K, V> {
    /// The answer to a question at a head. A failure is not kept.
    pub fn get(&self, head: &str, key: &K, work: impl FnOnce() -> Result<V, Trouble>) -> Result<Arc<V>, Trouble> {
        let slot = self.slot(head, key);
        let out = slot.get_or_init(|| work().map(Arc::new)).clone();
        if out.is_err() {
            let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if inner.slots.get(key).is_some_and(|(_, kept)| Arc::ptr_eq(kept, &slot)) {
                inner.slots.remove(key);
            }
        }
        out
    }

    /// The answer, where it is worked out already.
    pub fn held(&self, head: &str, key: &K) -> Option<Arc<V>> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, slot) = inner.slots.get(key).filter(|_| inner.head == head)?;
        slot.get()?.as_ref().ok().cloned()
    }

    fn slot(&self, head: &str, key: &K) -> Slot<V> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.head != head {
            head.clone_into(&mut inner.head);
            inner.slots.clear();
        }
        inner.clock += 1;
        let clock = inner.clock;
        if inner.slots.len() >= inner.most && !inner.slots.contains_key(key) {
            let oldest = inner.slots.iter().min_by_key(|(_, (at, _))| *at).map(|(k, _)| k.clone());
            oldest.map(|k| inner.slots.remove(&k));
        }
        let (at, slot) = inner.slots.entry(key.clone()).or_default();
        *at = clock;
        slot.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::TroubleKind;

    fn failed() -> Trouble {
        Trouble { kind: TroubleKind::Ours, code: "x".to_owned(), message: "x".to_owned(), hint: None }
    }

    #[test]
    fn an_answer_is_worked_out_once_for_each_head_and_a_failure_again() {
        let cache: Cache<u32, u32> = Cache::default();
        assert!(cache.get("a", &1, || Err(failed())).is_err());
        assert_eq!(*cache.get("a", &1, || Ok(7)).unwrap(), 7);
        assert_eq!(*cache.get("a", &1, || Ok(8)).unwrap(), 7);
        assert_eq!(cache.held("a", &1).as_deref(), Some(&7));
        assert_eq!((cache.held("b", &1), cache.held("a", &2)), (None, None));
        assert_eq!(*cache.get("b", &1, || Ok(9)).unwrap(), 9);
    }

    #[test]
    fn the_one_asked_for_longest_ago_gives_way() {
        let cache: Cache<usize, usize> = Cache::default();
        for n in 0..MOST {
            cache.get("a", &n, || Ok(n)).unwrap();
        }
        cache.get("a", &0, || Ok(999)).unwrap();
        cache.get("a", &MOST, || Ok(0)).unwrap();
        assert_eq!(*cache.get("a", &0, || Ok(999)).unwrap(), 0);
        assert_eq!(*cache.get("a", &1, || Ok(999)).unwrap(), 999);
    }
}
