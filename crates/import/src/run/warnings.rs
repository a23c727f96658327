//! What is told of a file that was read: nothing is lost, something may be amiss.
//!
//! Invariant: a warning changes no entry.

use std::collections::BTreeMap;

use entries::Kind;
use terms::Entity;

use super::plan::{EntityPlan, Plan};
use crate::contract::Warning;

/// A warning of values that a map does not know.
pub(super) fn unmapped(file: &str, column: &str, values: Vec<(String, u64)>) -> Warning {
    const SHOWN: usize = 5;
    let shown: Vec<String> = values.iter().take(SHOWN).map(|(value, _)| format!("`{value}`")).collect();
    let more = if values.len() > SHOWN { ", ..." } else { "" };
    let verb = if values.len() == 1 { "stage is" } else { "stages are" };
    let message = format!("{} {verb} not mapped: {}{more}", values.len(), shown.join(", "));
    Warning { code: "unmapped_stage", file: file.to_owned(), column: column.to_owned(), values, message }
}

/// A warning of Salesforce ids that are kept whole.
pub(super) fn damaged_ids(file: &str, column: &str, values: &BTreeMap<String, u64>) -> Warning {
    let values: Vec<(String, u64)> = values.iter().map(|(value, n)| (value.clone(), *n)).collect();
    let shown = values.first().map_or("", |(value, _)| value.as_str());
    let message = format!(
        "{} ids look like Salesforce ids and their last three characters do not fit the others, such as `{shown}`: they \
         are taken as they stand and match no 15-character id; a program that changes upper and lower case does this",
        values.len()
    );
    Warning { code: "damaged_id", file: file.to_owned(), column: column.to_owned(), values, message }
}

/// A warning of leads and opportunities from a file that gives no date at all: a key table, or columns left out.
pub(super) fn undated(file: &str, plan: &Plan<'_>, added: &BTreeMap<Entity, u64>) -> Option<Warning> {
    if !plan.dates.is_empty() {
        return None;
    }
    let of = |entity: Entity, plural: &str| added.get(&entity).map(|n| (entity, format!("{n} {plural}")));
    let found: Vec<(Entity, String)> =
        [of(Entity::Lead, "leads"), of(Entity::Opportunity, "opportunities")].into_iter().flatten().collect();
    if found.is_empty() {
        return None;
    }
    let sold = |plan: &&EntityPlan<'_>| plan.entity == Entity::Opportunity;
    let has_money = |plan: &EntityPlan<'_>| plan.set.iter().any(|set| set.kind == Kind::Money);
    let no_money = plan.entities.iter().filter(sold).count() > 0 && !plan.entities.iter().filter(sold).any(has_money);
    let amounts = if no_money { ", and no amount" } else { "" };
    let things: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    let message = format!(
        "{} without any date{amounts}: unless another file dates them they are in no period of a report; export the \
         file with the columns that say when, or name them in a mapping (`lockstep map {file}`)",
        things.join(" and ")
    );
    let values = found.iter().filter_map(|(e, _)| Some((e.word().to_owned(), *added.get(e)?))).collect();
    Some(Warning { code: "no_dates", file: file.to_owned(), column: String::new(), values, message })
}
