//! Leads that record a win of themselves which is counted with an account's: they may hang together with nothing that is
//! new, and yet an opportunity of their account that is won, lost or linked now changes what is counted.
//!
//! Invariant: kept wins are those that linking all records would find.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use tallies::Grain;
use tallies::columns::lead_cycle;

use super::overlay::each_row;
use crate::fold::kept::{Kept, Keys, Table, Win, at};
use crate::store::Mapped;

/// Takes note of the wins of a component as they are now; the leads outside of it whose own wins may be counted
/// otherwise from now on.
pub(super) fn counted_otherwise(
    kept: &mut Kept,
    previous: &Mapped,
    component: &HashSet<u64>,
    now: &[identity::Win],
) -> HashSet<u64> {
    let were: Vec<Win> = component.iter().filter_map(|key| kept.wins.get(*key)).collect();
    if were.is_empty() && now.is_empty() {
        return HashSet::new();
    }
    let accounts = Keys::of(were.iter().map(|w| w.account).chain(now.iter().map(|w| w.account)));
    let before = first_of_each(&kept.wins, &accounts);
    let mut changes: BTreeMap<u64, Option<Win>> = were.iter().map(|win| (win.key, None)).collect();
    changes.extend(now.iter().map(|win| (win.opportunity, Some(Win::from(win)))));
    changes.retain(|key, win| kept.wins.get(*key) != *win);
    kept.wins.change(changes);
    let after = first_of_each(&kept.wins, &accounts);
    let moved = Keys::of(before.keys().chain(after.keys()).filter(|a| before.get(a) != after.get(a)).copied());
    if moved.is_empty() {
        return HashSet::new();
    }
    // a win of its own that is counted so, or not, shows in the row; of a lead without one nothing changes
    each_row(previous, Grain::LeadCycle)
        .filter(|row| moved.has(row.key(lead_cycle::ACCOUNT)))
        .filter(|row| row.key(lead_cycle::WINS_WITH) != 0 || row.count(lead_cycle::REACHED_WON) == Some(1))
        .map(|row| row.key(lead_cycle::KEY))
        .filter(|key| !component.contains(key))
        .collect()
}

/// What wins of each account's leads are counted with.
fn first_of_each(wins: &Table<Win>, accounts: &Keys) -> BTreeMap<u64, u64> {
    let mut found = wins.with(&[at::WITH], accounts);
    found.sort_unstable_by_key(|win| std::cmp::Reverse(win.key));
    found.into_iter().map(|win| (win.account, win.counted_as)).collect()
}
