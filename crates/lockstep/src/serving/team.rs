//! Who reports to whom, as the CRM has it.

use std::collections::{HashMap, HashSet};

use entries::catalogue::rep;
use ledger::Filter;
use terms::Entity;

use crate::failure::Failure;
use crate::known::Known;

/// The reporting lines between owners, by their ids.
pub struct Lines {
    under: HashMap<u64, Vec<u64>>,
    keys: HashMap<String, u64>,
    ids: HashMap<u64, String>,
}

/// Reads them; the last record of a rep counts.
pub fn lines(known: &Known) -> Result<Lines, Failure> {
    let (mut keys, mut ids, mut manager) = (HashMap::new(), HashMap::new(), HashMap::new());
    for item in known.head.entries(Entity::Rep, Filter::default())? {
        let (_, entry) = item?;
        keys.insert(entry.id_text.to_string(), entry.id.hash);
        ids.insert(entry.id.hash, entry.id_text.to_string());
        match entry.get(rep::MANAGER).key() {
            Some(of) => manager.insert(entry.id.hash, of.hash),
            None => manager.remove(&entry.id.hash),
        };
    }
    let mut under: HashMap<u64, Vec<u64>> = HashMap::new();
    manager.into_iter().for_each(|(rep, of)| under.entry(of).or_default().push(rep));
    Ok(Lines { under, keys, ids })
}

impl Lines {
    /// All who report to an owner, directly or through others; a line that runs in a circle ends where it began.
    pub fn below(&self, owner: &str) -> Vec<String> {
        let Some(first) = self.keys.get(owner).copied() else { return Vec::new() };
        let (mut seen, mut next) = (HashSet::from([first]), vec![first]);
        while let Some(manager) = next.pop() {
            for rep in self.under.get(&manager).into_iter().flatten() {
                if seen.insert(*rep) {
                    next.push(*rep);
                }
            }
        }
        seen.remove(&first);
        let mut out: Vec<String> = seen.iter().filter_map(|key| self.ids.get(key).cloned()).collect();
        out.sort_unstable();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_down_through_others_and_circles_end() {
        let id = |key: u64| format!("r{key}");
        let lines = Lines {
            under: HashMap::from([(1, vec![2, 3]), (3, vec![4]), (4, vec![3])]),
            keys: (1..=5).map(|key| (id(key), key)).collect(),
            ids: (1..=5).map(|key| (key, id(key))).collect(),
        };
        assert_eq!(lines.below("r1"), ["r2", "r3", "r4"]);
        assert_eq!(lines.below("r4"), ["r3"]);
        assert!(lines.below("r5").is_empty() && lines.below("nobody").is_empty());
    }
}
