//! The reporting currency where none is chosen: the one that most money is recorded in.
//!
//! Invariant: counting only what is new on top of what was counted gives what counting all of it gives.

use std::collections::BTreeMap;

use entries::catalogue;
use ledger::Head;
use ledger::columns::scan_after;
use terms::{Currency, Entity};

use super::read::Rows;
use super::reference::most_recorded;
use crate::Error;

/// Amounts by the word of their entity and the code of their currency.
pub(super) type Counted = BTreeMap<String, BTreeMap<String, u64>>;

/// The currency that most money is recorded in: of opportunities, else of leads, else of spend. `counted` holds what was
/// counted of the batches up to this number, and then of all.
pub(super) fn recorded(head: &Head, upto: u64, counted: &mut Counted) -> Result<Currency, Error> {
    for (entity, field) in [
        (Entity::Opportunity, catalogue::opportunity::AMOUNT),
        (Entity::Lead, catalogue::lead::AMOUNT),
        (Entity::SpendDay, catalogue::spend_day::COST),
    ] {
        let before = counted.remove(entity.word());
        let after = if before.is_some() { upto } else { 0 };
        let mut counts: BTreeMap<Currency, u64> = BTreeMap::new();
        for (code, count) in before.unwrap_or_default() {
            *counts.entry(Currency::parse(&code).unwrap_or(Currency::UNKNOWN)).or_default() += count;
        }
        let names = ledger::columns::of_field(entity, field);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let Some(name) = names.first() else { continue };
        for chunk in scan_after(head, after, entity, None, &names)? {
            let chunk = chunk?;
            let rows = Rows::of(&chunk);
            let money = rows.money(name);
            for row in 0..rows.len {
                if let Some(money) = money.get(row) {
                    *counts.entry(money.currency).or_default() += 1;
                }
            }
        }
        let kept = counts.iter().map(|(currency, count)| (currency.code().to_owned(), *count)).collect();
        counted.insert(entity.word().to_owned(), kept);
        let currency = most_recorded(&counts);
        if currency != Currency::UNKNOWN {
            return Ok(currency);
        }
    }
    Ok(Currency::UNKNOWN)
}
