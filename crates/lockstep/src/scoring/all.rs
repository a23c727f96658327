//! All leads at the moment at which they were handed over: what they came to, what was known of them, what they had done.
//!
//! Invariant: nothing that happened after that moment is read into it, and no lead that is too young to have come to
//! anything counts.

use std::ops::Range;
use std::sync::OnceLock;

use agreement::document::Agreement;
use agreement::document::condition::{Ask, Condition, Term};
use agreement::document::scoring::{Of, Rule, Scoring};
use agreement::score::{Matches, WRITTEN_LATER, Why, add_up, fits, looks_back};
use agreement::stages::{SCORE, asks_for_more};
use analyses::points::{MOST_RULES, Patterns, RuleSeen};
use facts::Numbered;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use stats::quantile::quantiles;
use tallies::columns::lead_cycle as lead;
use tallies::{Column, Extract, Facts, Grain, Test};
use terms::{Instant, Period, Stage};

use super::asked::{Asked, Values, values};
use super::touches::{Fit, fitting};
use crate::cli::Outcome;
use crate::failure::Failure;
use crate::known::Known;
use crate::output::Style;
use crate::timings::Timings;

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
    numbered: OnceLock<Option<Numbered>>,
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

/// What a lead's rules came to at its moment.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    /// A bit for each rule that fired.
    pub fired: u128,
    /// The score.
    pub points: i64,
    /// Whether the bar is reached, where there is one.
    pub reaches: Option<bool>,
    /// Whether the rule that was asked for besides holds.
    pub holds: bool,
}

/// Whether a text says of each lead at its moment that it is qualified: by its rule for mql, else by its bar; `None` where it has
/// neither. A rule that asks for what sales writes is none here: at that moment nothing of it is known.
pub fn qualified(
    known: &Known,
    agreement: &Agreement,
    leads: &Leads,
    style: Style,
) -> Result<Option<Vec<bool>>, Failure> {
    let rule = agreement.definitions.iter().find(|(stage, _)| *stage == Stage::Mql).and_then(|(_, d)| d.when.as_ref());
    let is_later = |term: &Term| term.column != SCORE && WRITTEN_LATER.contains(&term.column.as_str());
    let rule = rule.filter(|rule| !rule.terms.iter().any(is_later));
    if rule.is_none() && agreement.scoring.bar.is_none() {
        return Ok(None);
    }
    let own = scored_beside(known, (&agreement.scoring, rule), leads, style)?;
    Ok(Some(own.iter().map(|own| if rule.is_some() { own.holds } else { own.reaches == Some(true) }).collect()))
}

/// What the rules came to for each lead at its moment.
pub fn scored(known: &Known, scoring: &Scoring, leads: &Leads, style: Style) -> Result<Vec<Own>, Failure> {
    scored_beside(known, (scoring, None), leads, style)
}

/// The same, and whether another rule holds.
fn scored_beside(
    known: &Known,
    (scoring, rule): (&Scoring, Option<&Condition>),
    leads: &Leads,
    style: Style,
) -> Result<Vec<Own>, Failure> {
    let rules = &scoring.rules;
    if rules.len() > MOST_RULES {
        let message = format!("{} rules; at most {MOST_RULES} can be told apart", rules.len());
        return Err(Failure::new("too_many_rules", message));
    }
    let timings = Timings::start();
    let campaigns = known.campaigns()?;
    let (values, fired) =
        rayon::join(|| values(known, (scoring, rule), leads, campaigns), || touches(known, scoring, leads, style));
    let (values, fired) = (values?, fired?);
    timings.ends("what rules ask for");
    let threads = rayon::current_num_threads().max(1);
    let each = leads.keys.len().div_ceil(threads).max(1);
    let parts = (0..threads).into_par_iter().map(|n| {
        let places = (n * each).min(leads.keys.len())..((n + 1) * each).min(leads.keys.len());
        of_places((scoring, rule), leads, &values, &fired, places)
    });
    Ok(parts.collect::<Vec<_>>().concat())
}

/// What the rules came to for the leads at some places.
fn of_places(
    (scoring, rule): (&Scoring, Option<&Condition>),
    leads: &Leads,
    values: &Values,
    fired: &[Fit],
    places: Range<usize>,
) -> Vec<Own> {
    let rules = &scoring.rules;
    let (of_score, besides): (Vec<&Term>, Vec<&Term>) =
        rule.into_iter().flat_map(|rule| &rule.terms).partition(|term| term.column == SCORE);
    let mut besides: Vec<Asked<'_>> = besides.iter().map(|t| Asked::of(&t.column, &t.ask, values)).collect();
    // a text is held against each term once, however many leads have it
    let mut terms: Vec<(usize, Vec<Asked<'_>>)> = rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.of == Of::Lead && looks_back(rule))
        .map(|(r, rule)| (r, rule.when.terms.iter().map(|term| Asked::of(&term.column, &term.ask, values)).collect()))
        .collect();
    let mut out = Vec::with_capacity(places.len());
    let mut at = fired.partition_point(|t| (t.place as usize) < places.start);
    let mut matches = Matches::none(rules.len());
    for place in places {
        let moment = Instant(leads.moments[place] * 60_000 + 59_999);
        matches.touches.iter_mut().for_each(Vec::clear);
        for (r, asked) in &mut terms {
            matches.lead[*r] = asked.iter_mut().all(|term| term.fits(values, place));
        }
        while let Some(touch) = fired.get(at).filter(|t| t.place as usize == place) {
            matches.touches[usize::from(touch.rule)].push((touch.at, 0));
            at += 1;
        }
        let scored = add_up(scoring, Instant(i64::MIN), &matches, moment);
        let fired = scored.lines.iter().filter(|l| l.why == Why::Fired).fold(0_u128, |mask, l| mask | 1 << l.rule);
        let asks = |ask: &Ask| {
            fits(ask, Some(&scored.total.to_string())) && (scored.missing.is_empty() || !asks_for_more(ask))
        };
        let holds = rule.is_some()
            && besides.iter_mut().all(|term| term.fits(values, place))
            && of_score.iter().all(|term| asks(&term.ask));
        out.push(Own { fired, points: scored.total, reaches: scored.reaches, holds });
    }
    out
}

/// Which rules fired for leads, and what became of them.
pub fn patterns(
    known: &Known,
    scoring: &Scoring,
    leads: &Leads,
    style: Style,
) -> Result<(Vec<RuleSeen>, Patterns), Failure> {
    let seen = scoring
        .rules
        .iter()
        .map(|r| RuleSeen {
            name: r.name.clone(),
            group: r.group.clone(),
            points: r.points,
            looks_at_sales: r.of == Of::Lead && !looks_back(r),
        })
        .collect();
    let mut out = Patterns::default();
    for (own, good) in scored(known, scoring, leads, style)?.into_iter().zip(&leads.good) {
        out.add(own.fired, own.points, own.reaches, *good);
    }
    Ok((seen, out))
}

/// Finds the lead that a subject belongs to. Entries come sorted by their subject, so the last answer serves again and again, and the
/// next lies near.
pub struct Places<'k> {
    known: &'k Known,
    leads: &'k Leads,
    numbered: Option<&'k Numbered>,
    near: usize,
    last: Option<(u64, Option<usize>)>,
}

/// From so many leads on all subjects are given their place at once.
const MANY: usize = 1_000;

impl<'k> Places<'k> {
    pub fn of(known: &'k Known, leads: &'k Leads) -> Places<'k> {
        let all = || (leads.places.len() >= MANY).then(|| known.facts.numbered(|j| leads.places.get(&j).copied()));
        Places { known, leads, numbered: leads.numbered.get_or_init(all).as_ref(), near: 0, last: None }
    }

    /// The place of the lead that a subject belongs to.
    pub fn find(&mut self, subject: u64) -> Option<usize> {
        match self.last {
            Some((last, place)) if last == subject => place,
            _ => {
                let place = match self.numbered {
                    Some(numbered) => numbered.find(subject, &mut self.near),
                    None => self.known.facts.journey_of(subject).and_then(|j| self.leads.places.get(&j).copied()),
                };
                let place = place.or_else(|| self.leads.alone.get(&subject).copied()).map(|p| p as usize);
                self.last = Some((subject, place));
                place
            }
        }
    }
}

fn touches(known: &Known, scoring: &Scoring, leads: &Leads, style: Style) -> Result<Vec<Fit>, Failure> {
    let rules: Vec<&Rule> = scoring.rules.iter().collect();
    fitting(known, (&rules, &scoring.traps), leads, &[], &|read| {
        if !style.quiet && !style.json {
            eprintln!("score: {} touches read", faces::format::count(read as i64));
        }
    })
}
