//! The clocks one by one: which leads were in time, which were late, which still run, and since when each was late.
//!
//! Not here: names of leads. Invariant: the clocks that are late or in time are those that the scorecard counts.

use tallies::{Extract, Facts, Grain};
use terms::Team;

use super::clauses::Way;
use super::plan::plans;
use crate::{Error, Lay, Question, lay};

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ran {
    /// It was stopped after its time, or its time is over and nothing stopped it.
    Late,
    /// Its time is still running, and nothing has stopped it.
    Running,
    /// It was stopped in time; counted once its time is over.
    InTime,
}

/// One clock of one lead.
#[derive(Clone, Debug, PartialEq)]
pub struct OneClock {
    /// The version of the agreement.
    pub version: usize,
    /// Whose clause it is: the one side that is responsible.
    pub by: Team,
    /// The clause, such as `first_attempt`.
    pub clause: &'static str,
    /// The lead's key.
    pub lead: u64,
    /// When it started, in minutes since 1970.
    pub started: i64,
    /// The first minute that is too late; none where that lies more than a quarter ahead, or it stands still and nobody knows
    /// until when.
    pub late_from: Option<i64>,
    /// When it was stopped, if it was.
    pub stopped: Option<i64>,
    /// How it stands.
    pub ran: Ran,
    /// Whether it runs and stands still now, as agreed.
    pub stands_still: bool,
    /// Whether the scorecard counts it: its time is over.
    pub is_over: bool,
}

/// All clocks of the period, by version, clause and lead.
///
/// # Errors
/// `analyses.facts` where the facts could not be read.
pub fn clocks<F: Facts>(question: &Question, facts: &F) -> Result<Vec<OneClock>, Error> {
    let lay = Lay::read(&facts.answer(&lay::specs(question.fiscal)).map_err(Error::facts)?);
    let as_of = question.as_of_minutes;
    let mut out = Vec::new();
    for plan in plans(question, &lay) {
        for row in &plan.rows {
            let Way::Clock(clock) = &row.way else { continue };
            // one spec for each office, then one over all of them
            for (office, spec) in clock.offices.iter().zip(&row.specs) {
                let ask = Extract::all(Grain::LeadCycle, spec.filter.clone());
                let table = facts.extract(&ask).map_err(Error::facts)?;
                for lead in 0..table.rows {
                    let number = |column| table.number(column, lead);
                    let Some(started) = number(clock.from) else { continue };
                    let stop = clock.events.iter().filter_map(|e| number(*e)).filter(|at| *at <= as_of).min();
                    let stopped = stop.map(|at| at.max(started));
                    let key = table.number(tallies::columns::lead_cycle::KEY, lead).unwrap_or(0) as u64;
                    let (spans, apart, limit) = office;
                    let worked = apart.between(key, spans, started, stopped.unwrap_or(as_of));
                    let is_over = apart.between(key, spans, started, as_of) > *limit;
                    let ran = match (worked > *limit, stopped) {
                        (true, _) => Ran::Late,
                        (false, Some(_)) => Ran::InTime,
                        (false, None) => Ran::Running,
                    };
                    out.push(OneClock {
                        version: plan.force.number,
                        by: row.clause.kind.by,
                        clause: row.clause.kind.name,
                        lead: key,
                        started,
                        late_from: apart.late_from(key, spans, started, *limit),
                        stopped,
                        ran,
                        stands_still: ran == Ran::Running && apart.stands_still(key, as_of),
                        is_over,
                    });
                }
            }
        }
    }
    out.sort_by(|a, b| {
        let key = |c: &OneClock| (c.version, c.by, c.clause, c.ran, c.started, c.lead);
        key(a).cmp(&key(b))
    });
    Ok(out)
}
