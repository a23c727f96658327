//! Which leads had what a clause on completeness asks for when they were handed over, of columns that facts do not keep.
//!
//! Not here: how many must. Invariant: what was filled in after the hand-off counts for nobody.

use std::collections::HashMap;

use analyses::scorecard::is_kept;
use analyses::{Complete, InForce};
use tallies::columns::lead_cycle;
use tallies::{Extract, Facts, Grain, Test};
use terms::{Instant, MINUTE_MS};

use super::records::{Only, Records, groups};
use crate::failure::Failure;
use crate::known::Known;

/// For each set of columns that agreements ask for and facts do not all keep: every hand-off, and whether all were filled in.
pub fn complete(known: &Known, agreements: &[InForce]) -> Result<Vec<Complete>, Failure> {
    let clauses = agreements.iter().flat_map(|force| &force.agreement.clauses);
    let asked = clauses.filter(|c| c.kind.name == "completeness" && !c.fields.iter().all(|f| is_kept(f)));
    let mut sets: Vec<&Vec<String>> = asked.map(|c| &c.fields).collect();
    sets.sort_unstable();
    sets.dedup();
    if sets.is_empty() {
        return Ok(Vec::new());
    }
    let (groups, places) = groups(known, &Only::default())?;
    let records = Records::read(known, sets.iter().copied().flatten().cloned().collect(), &places, &Only::default())?;
    let leads = groups.iter().zip(0u32..).flat_map(|(group, n)| group.leads.iter().map(move |(key, _)| (*key, n)));
    let place_of: HashMap<u64, u32> = leads.collect();
    let columns = [lead_cycle::KEY, lead_cycle::HANDOFF_AT];
    let handed =
        known.facts.extract(&Extract::of(Grain::LeadCycle, vec![Test::Has(lead_cycle::HANDOFF_AT)], &columns))?;
    let at = |field: &String| records.columns.iter().position(|column| column == field);
    let mut out: Vec<Complete> = sets
        .into_iter()
        .map(|fields| Complete {
            fields: fields.clone(),
            unknown: fields.iter().filter(|f| at(f).is_none_or(|c| records.texts[c].is_empty())).cloned().collect(),
            handed: Vec::with_capacity(handed.rows),
        })
        .collect();
    for row in 0..handed.rows {
        let (Some(key), Some(minute)) =
            (handed.number(lead_cycle::KEY, row), handed.number(lead_cycle::HANDOFF_AT, row))
        else {
            continue;
        };
        let key = key.cast_unsigned();
        let said = place_of.get(&key).map_or(&[][..], |place| records.of(*place));
        let values = records.standing(said, key, Instant(minute * MINUTE_MS + MINUTE_MS - 1));
        let is_filled = |field: &String| at(field).is_some_and(|column| values[column] != 0);
        for one in &mut out {
            one.handed.push((minute, one.fields.iter().all(is_filled)));
        }
    }
    Ok(out)
}
