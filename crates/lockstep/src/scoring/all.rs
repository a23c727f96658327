//! All leads at the moment at which they were handed over, and what they came to.
//!
//! Not here: what was known of them (`asked`), what they had done (`touches`), what that scores (`scored`).
//! Invariant: nothing that happened after that moment is read into it, and no lead that is too young to have come to
//! anything counts.

use std::sync::OnceLock;

use facts::Numbered;
use hashbrown::{HashMap, HashSet};
use stats::quantile::quantiles;
use tallies::columns::lead_cycle as lead;
use tallies::{Column, Extract, Facts, Grain, Test};
use terms::{Instant, Period};

use crate::cli::Outcome;
use crate::failure::Failure;
use crate::known::Known;

/// Leads at their moment.
#[derive(Debug, Default)]
pub struct Leads {
    /// The key of each.
    pub keys: Vec<u64>,
    /// The moment, in minutes since 1970; [`UNDATED`] where none is recorded for half of the leads.
    pub moments: Vec<i64>,
    /// Whether it came to the outcome.
    pub good: Vec<bool>,
    /// Minutes from its moment until it was first tried, if it was.
    pub waited: Vec<Option<i64>>,
    /// How often it was tried.
    pub attempts: Vec<u32>,
    /// What was won with it, in minor units.
    pub won: Vec<i64>,
    /// Whether the CRM has it as qualified (mql), and as an opportunity.
    pub qualified: Vec<bool>,
    pub opportunity: Vec<bool>,
    /// Whether it is old enough that 95 of 100 outcomes would have come.
    pub old: Vec<bool>,
    /// Place of a journey's lead.
    pub places: HashMap<u64, u32>,
    /// Place of a lead that is looked at apart from its journey.
    pub alone: HashMap<u64, u32>,
    /// The same for each subject of a journey, where many are looked for.
    pub numbered: OnceLock<Option<Numbered>>,
    /// Leads that are not among them, and why.
    pub left_out: Vec<(String, u64)>,
    /// What a lead came to, in words.
    pub outcome: &'static str,
    /// Whether touches that are taken for a machine's count as well.
    pub machines: bool,
    /// At which moment, in words.
    pub moment: &'static str,
}

/// The moment of leads of which no time is known: before everything.
pub const UNDATED: i64 = i32::MIN as i64;

/// When a lead came to an outcome, whether it did, and the words for it.
fn of(outcome: Outcome) -> (Column, Column, &'static str) {
    match outcome {
        Outcome::Accepted => (lead::SAL_AT, lead::REACHED_SAL, "was accepted by sales"),
        Outcome::Opportunity => (lead::OPPORTUNITY_AT, lead::REACHED_OPPORTUNITY, "became an opportunity"),
        Outcome::Won => (lead::WON_AT, lead::REACHED_WON, "was won"),
    }
}

/// Leads that are old enough, at their moment.
pub fn leads(known: &Known, asked: Option<Outcome>) -> Result<Leads, Failure> {
    gather(known, asked, None)
}

/// Leads whose moment lies in a period, of all ages.
pub fn leads_of(known: &Known, asked: Option<Outcome>, period: Period) -> Result<Leads, Failure> {
    gather(known, asked, Some(period))
}

/// What is looked at of a lead.
const USED: [Column; 14] = [
    lead::KEY,
    lead::JOURNEY,
    lead::CREATED_AT,
    lead::HANDOFF_AT,
    lead::SAL_AT,
    lead::OPPORTUNITY_AT,
    lead::WON_AT,
    lead::REACHED_MQL,
    lead::REACHED_SAL,
    lead::REACHED_OPPORTUNITY,
    lead::REACHED_WON,
    lead::FIRST_ATTEMPT_AT,
    lead::ATTEMPTS,
    lead::AMOUNT,
];

fn gather(known: &Known, asked: Option<Outcome>, period: Option<Period>) -> Result<Leads, Failure> {
    let filter = vec![Test::Between(lead::CYCLE, 0, 0)];
    let table = known.facts.extract(&Extract::of(Grain::LeadCycle, filter, &USED))?;
    let number = |column, row| table.number(column, row);
    let reached = |column| (0..table.rows).filter(|r| number(column, *r) == Some(1)).count();
    // where no opportunity was lost or is open, leads that were won are all there is
    let apart = reached(lead::REACHED_OPPORTUNITY) > reached(lead::REACHED_WON);
    let outcome = asked.unwrap_or(if apart { Outcome::Opportunity } else { Outcome::Won });
    let (at, flag, words) = of(outcome);
    let half = |column| 2 * (0..table.rows).filter(|r| number(column, *r).is_some()).count() >= table.rows;
    let handed = half(lead::HANDOFF_AT);
    let undated = !handed && !half(lead::CREATED_AT);
    let column = if handed { lead::HANDOFF_AT } else { lead::CREATED_AT };
    let moment = |row| if undated { Some(UNDATED) } else { number(column, row) };
    let mut waits: Vec<f64> = (0..table.rows)
        .filter_map(|r| Some(number(at, r)? - moment(r)?))
        .filter(|wait| *wait >= 0 && !undated)
        .map(|wait| wait as f64)
        .collect();
    // without any times nobody can be too young
    let usual = quantiles(&mut waits, &[0.95]).and_then(|q| q.first().copied()).unwrap_or(0.0).ceil() as i64;
    let latest = i64::from(known.as_of.minutes()) - usual;
    let moment_words = match (handed, undated) {
        (true, _) => "hand-off",
        (_, true) => "capture (no time is recorded for half of them, so touches count for none)",
        _ => "creation, because hand-offs are not recorded for half",
    };
    let mut out = Leads { outcome: words, moment: moment_words, ..Leads::default() };
    let (mut without, mut young, mut before, mut twins, mut elsewhere) = (0, 0, 0, 0, 0);
    let mut rows: Vec<(i64, usize)> = Vec::new();
    for row in 0..table.rows {
        match (moment(row), number(at, row)) {
            (None, _) => without += 1,
            (Some(moment), Some(at)) if handed && at < moment => before += 1,
            (Some(moment), _) if usual > 0 && moment > latest && period.is_none() => young += 1,
            (Some(moment), _) => rows.push((moment, row)),
        }
    }
    rows.sort_unstable();
    let mut journeys = HashSet::with_capacity(rows.len());
    for (moment, row) in rows {
        let journey = number(lead::JOURNEY, row).unwrap_or(0) as u64;
        if !journeys.insert(journey) {
            twins += 1;
            continue;
        }
        if period.is_some_and(|period| !period.holds(Instant(moment * 60_000).day())) {
            elsewhere += 1;
            continue;
        }
        out.places.insert(journey, u32::try_from(out.keys.len()).unwrap_or(u32::MAX));
        out.keys.push(number(lead::KEY, row).unwrap_or(0) as u64);
        out.moments.push(moment);
        out.good.push(number(flag, row) == Some(1));
        out.waited.push(number(lead::FIRST_ATTEMPT_AT, row).map(|at| (at - moment).max(0)));
        out.attempts.push(number(lead::ATTEMPTS, row).and_then(|n| u32::try_from(n).ok()).unwrap_or(0));
        let won = number(lead::REACHED_WON, row) == Some(1);
        out.won.push(number(lead::AMOUNT, row).filter(|_| won).unwrap_or(0));
        out.qualified.push(number(lead::REACHED_MQL, row) == Some(1));
        out.opportunity.push(number(lead::REACHED_OPPORTUNITY, row) == Some(1));
        out.old.push(usual == 0 || moment <= latest);
    }
    let what = if handed { "without a time of hand-off" } else { "without a time of creation" };
    let days = (usual as f64 / 1_440.0).ceil();
    out.left_out = vec![
        (what.to_owned(), without),
        (format!("younger than the {days} days in which 95 of 100 outcomes come"), young),
        ("with the outcome before the hand-off".to_owned(), before),
        ("another lead of the same person".to_owned(), twins),
        ("of another time".to_owned(), elsewhere),
    ];
    Ok(out)
}
