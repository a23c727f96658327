//! Whether a clause was kept, and where working hours make a difference.

use agreement::document::clauses::Clause;
use stats::binomial::jeffreys_interval;
use terms::Team;

use super::measure::{Found, Shared};

/// How a clause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Kept: the whole interval is at or above what was promised.
    Kept,
    /// Not kept: the whole interval is below it.
    NotKept,
    /// The interval spans what was promised.
    Open,
    /// Nothing came due.
    Nothing,
    /// No record tells.
    Unknown,
}

/// Points by which working hours and the clock must differ to be worth a sentence, and leads from which they can.
const APART: f64 = 0.05;
const LEAST_APART: u64 = 30;

/// Share of leads for which what tasks say must differ from what was on record.
const LATER: f64 = 0.01;

/// How a clause stands. `minor`: minor units in a unit of the currency.
pub fn standing(clause: &Clause, found: &Found, minor: f64) -> Standing {
    match found {
        Found::Share(shared) => of_share(clause.at_least.map_or(1.0, |share| share.0), shared),
        Found::Periods(each) if each.is_empty() => Standing::Nothing,
        Found::Periods(each) => {
            let promised = clause.count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
            if each.iter().all(|(_, n)| *n >= promised) { Standing::Kept } else { Standing::NotKept }
        }
        // all of them were looked at: no chance is in it
        Found::Accounts(each, n) => {
            let promised = clause.at_least.map_or(1.0, |share| share.0);
            let kept = |k: &u64| *k as f64 >= promised * *n as f64 - 1e-9;
            if each.iter().all(|(_, k)| kept(k)) { Standing::Kept } else { Standing::NotKept }
        }
        Found::Value(worth) => match (worth.least(), clause.value) {
            (Some((_, interval)), Some(promised)) => {
                let promised = promised * minor;
                if interval.lo90 >= promised {
                    Standing::Kept
                } else if interval.hi90 < promised {
                    Standing::NotKept
                } else {
                    Standing::Open
                }
            }
            _ => Standing::Nothing,
        },
        Found::Unknown(_) => Standing::Unknown,
    }
}

fn of_share(promised: f64, shared: &Shared) -> Standing {
    if shared.n == 0 {
        return Standing::Nothing;
    }
    if promised >= 1.0 {
        // promised of every one: one that was not is enough
        return if shared.k == shared.n { Standing::Kept } else { Standing::NotKept };
    }
    match jeffreys_interval(shared.k as f64, shared.n as f64) {
        Some(interval) if interval.lo90 >= promised => Standing::Kept,
        Some(interval) if interval.hi90 < promised => Standing::NotKept,
        _ => Standing::Open,
    }
}

/// Whether the share in working hours and the one by the clock differ by enough to say so.
pub fn hours_matter(shared: &Shared) -> bool {
    let Some((k, n)) = shared.by_the_clock else { return false };
    let rate = |k: u64, n: u64| k as f64 / n.max(1) as f64;
    n.min(shared.n) >= LEAST_APART && (rate(k, n) - rate(shared.k, shared.n)).abs() >= APART
}

/// Whether what tasks say of themselves differs from what was on record by enough to say so.
pub fn written_later(shared: &Shared) -> bool {
    let differ = shared.as_said.map_or(0, |said| said.saturating_sub(shared.k));
    differ >= crate::figures::LEAST_EVENTS && differ as f64 >= LATER * shared.n as f64
}

/// How many clauses of a team stand each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub kept: u64,
    pub not_kept: u64,
    pub open: u64,
    pub nothing: u64,
    pub unknown: u64,
}

impl Sum {
    /// Clauses that could be told.
    pub fn judged(&self) -> u64 {
        self.kept + self.not_kept
    }
}

/// The sum over the clauses of one team.
pub fn sum(standings: &[(Team, Standing)], team: Team) -> Sum {
    let mut out = Sum::default();
    for (_, standing) in standings.iter().filter(|s| s.0 == team) {
        *match standing {
            Standing::Kept => &mut out.kept,
            Standing::NotKept => &mut out.not_kept,
            Standing::Open => &mut out.open,
            Standing::Nothing => &mut out.nothing,
            Standing::Unknown => &mut out.unknown,
        } += 1;
    }
    out
}
