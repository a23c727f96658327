//! Opens a ledger that the program wrote, for what no report shows yet: spend.

use std::collections::BTreeMap;
use std::path::Path;

use entries::catalogue::spend_day;
use ledger::{Filter, Ledger};
use terms::Entity;

/// What the ledger says was spent: rows and cents by platform and currency.
pub fn spend(home: &Path) -> BTreeMap<(String, String), (u64, i64)> {
    let ledger = Ledger::open(home.join("ledger")).unwrap();
    let mut sums: BTreeMap<(String, String), (u64, i64)> = BTreeMap::new();
    for item in ledger.head().entries(Entity::SpendDay, Filter::default()).unwrap() {
        let (_, entry) = item.unwrap();
        let platform = entry.get(spend_day::PLATFORM).text().unwrap_or("").to_owned();
        let Some(cost) = entry.get(spend_day::COST).money() else { continue };
        let sum = sums.entry((platform, cost.currency.code().to_owned())).or_default();
        sum.0 += 1;
        sum.1 += cost.minor;
    }
    sums
}
