//! Open clocks, for the page of who works leads.

use std::collections::HashMap;

use analyses::Question;
use analyses::scorecard::{OneClock, clocks};
use tallies::columns::lead_cycle as lead;
use tallies::{Extract, Facts, Grain, Test};
use terms::{Entity, FiscalYear, Instant, Period};

use crate::agreements;
use crate::commands::clocks::ids;
use crate::commands::report::Known;
use crate::failure::Failure;

/// Clocks that started so many days ago or less: a quarter. Older ones are no daily work; the scorecard counts them.
const DAYS: i32 = 92;

/// What is done here stops a clock although the records of other systems do not go so far yet.
fn last_done(known: &Known) -> i64 {
    let own = [Entity::Activity, Entity::StageChange].into_iter().filter_map(|e| known.head.data_through_of(e)).max();
    own.map_or(known.as_of, |own| own.max(known.as_of)).minutes().into()
}

/// Clocks that nothing has stopped, as of the newest record.
pub fn open(known: &Known) -> Result<web::Clocks, Failure> {
    let (as_of, day) = (i64::from(known.as_of.minutes()), known.as_of.day());
    let fiscal: FiscalYear = known.settings.fiscal;
    let period = Period { first: day.plus(1 - DAYS), last: day, unit: None, fiscal };
    let mut question = Question::new(period, last_done(known), known.currency());
    question.fiscal = fiscal;
    question.agreements = agreements::in_force(&known.head, known.as_of, None)?;
    let now = question.agreements.iter().rfind(|f| f.until.is_none_or(|until| known.as_of < until));
    let agreement = now.map(|f| format!("version {} of the agreement", f.number));
    let mut found = clocks(&question, &known.facts)?;
    found.retain(|c| c.stopped.is_none());
    let owners = owners(known, period)?;
    let ids = ids(known, &found)?;
    let one = |c: &OneClock| web::Clock {
        lead: ids.get(&c.lead).cloned().unwrap_or_default(),
        owner: owners.get(&c.lead).cloned().unwrap_or_default(),
        team: agreement::document::clauses::table_of(c.by).to_owned(),
        clause: c.clause.replace('_', " "),
        started: c.started,
        late_from: c.late_from,
    };
    let all = found.iter().map(one).collect();
    Ok(at(web::Clocks { late: Vec::new(), running: all, as_of, records_to: as_of, agreement }, as_of))
}

/// The same clocks as of another minute.
pub fn at(clocks: web::Clocks, as_of: i64) -> web::Clocks {
    let web::Clocks { late, running, records_to, agreement, .. } = clocks;
    let is_late = |c: &web::Clock| c.late_from.is_some_and(|at| at <= as_of);
    let (mut late, mut running): (Vec<_>, Vec<_>) = late.into_iter().chain(running).partition(is_late);
    late.sort_by_key(|c| (std::cmp::Reverse(c.late_from), c.lead.clone()));
    running.sort_by_key(|c| (c.late_from.unwrap_or(i64::MAX), c.lead.clone()));
    web::Clocks { late, running, as_of, records_to, agreement }
}

/// As which owner the CRM has each lead that began of late.
fn owners(known: &Known, period: Period) -> Result<HashMap<u64, String>, Failure> {
    let minutes = |day: terms::Day| i64::from(Instant(day.start().0).minutes());
    // a clock can start long after its lead began
    let from = minutes(period.first.plus(-2 * DAYS));
    let filter = vec![Test::Between(lead::CREATED_AT, from, i64::from(known.as_of.minutes()))];
    let table = known.facts.extract(&Extract { grain: Grain::LeadCycle, filter, limit: usize::MAX })?;
    let mut out = HashMap::new();
    for row in 0..table.rows {
        if let (Some(key), Some(owner)) = (table.number(lead::KEY, row), table.text(lead::OWNER, row)) {
            out.insert(key as u64, owner.to_owned());
        }
    }
    Ok(out)
}
