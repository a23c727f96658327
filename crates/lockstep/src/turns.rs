//! Who had leads in turn, and when they waited, where an agreement makes a difference of it.

use std::collections::HashMap;
use std::sync::Arc;

use agreement::document::Whose;
use analyses::{InForce, Turn};
use tallies::columns::lead_turn as turn;
use tallies::{Extract, Facts, Grain, Test};

use crate::failure::Failure;
use crate::known::Known;

/// All turns that any of these agreements judges by, by lead and time.
pub fn all(known: &Known, agreements: &[InForce]) -> Result<Arc<[Turn]>, Failure> {
    let by_owner = |force: &InForce| force.agreement.offices.len() > 1 && force.agreement.clocks_follow == Whose::Rep;
    let by_owner = agreements.iter().any(by_owner);
    let by_waits = agreements.iter().any(|force| !force.agreement.pauses.is_empty());
    if !by_owner && !by_waits {
        return Ok(Arc::default());
    }
    let filter = if by_owner && by_waits { vec![] } else { vec![Test::Is(turn::WAITS, u8::from(by_waits))] };
    let columns = [turn::KEY, turn::WAITS, turn::FROM_AT, turn::UNTIL_AT, turn::OWNER, turn::STAGE_RAW];
    let table = known.facts.extract(&Extract::of(Grain::LeadTurn, filter, &columns))?;
    let mut names: HashMap<&str, Arc<str>> = HashMap::new();
    let mut out = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let waits = table.number(turn::WAITS, row) == Some(1);
        let text = table.text(if waits { turn::STAGE_RAW } else { turn::OWNER }, row);
        let name = text.map(|text| names.entry(text).or_insert_with(|| text.into()).clone());
        let time = |column| table.number(column, row);
        let lead = table.number(turn::KEY, row).unwrap_or(0).cast_unsigned();
        out.push(Turn { lead, waits, from: time(turn::FROM_AT), until: time(turn::UNTIL_AT), name });
    }
    out.sort_unstable();
    Ok(out.into())
}
