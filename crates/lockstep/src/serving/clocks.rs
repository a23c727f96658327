//! Open clocks, for the page of who works leads, and what letting each wait loses.

use std::collections::HashMap;
use std::sync::Arc;

use analyses::Question;
use analyses::scorecard::{OneClock, clocks};
use analyses::waiting::{Waiting, learn};
use faces::format::{Sign, money};
use tallies::columns::lead_cycle as lead;
use tallies::{Extract, Facts, Grain, Test};
use terms::{Currency, Entity, FiscalYear, Instant, Period};

use crate::commands::clocks::ids;
use crate::failure::Failure;
use crate::known::Known;

/// Clocks that started so many days ago or less: a quarter. Older ones are no daily work; the scorecard counts them.
const DAYS: i32 = 92;

/// Records older than this say little about what was done since, in minutes.
const FRESH: i64 = 24 * 60;

/// What is done here stops a clock although the records of other systems do not go so far yet.
fn last_done(known: &Known) -> i64 {
    let own = [Entity::Activity, Entity::StageChange].into_iter().filter_map(|e| known.head.data_through_of(e)).max();
    own.map_or(known.as_of, |own| own.max(known.as_of)).minutes().into()
}

/// The open clocks of a head, and what is needed to tell what waiting loses.
pub struct Open {
    clocks: Vec<web::Clock>,
    /// Of each clock the place in `kinds`; none where it was tried, or another thing is owed.
    kind: Vec<Option<u32>>,
    /// Their places by the id of the lead.
    by_lead: Vec<u32>,
    /// Source and segment.
    kinds: Vec<(Option<String>, Option<String>)>,
    waiting: Result<Waiting, String>,
    currency: Currency,
    records_to: i64,
    agreement: Option<String>,
}

/// What facts say of a lead.
struct Of {
    owner: Arc<str>,
    kind: (Option<String>, Option<String>),
    is_tried: bool,
}

/// Clocks that nothing has stopped, as of the newest record.
pub fn open(known: &Known) -> Result<Open, Failure> {
    let (as_of, day) = (i64::from(known.as_of.minutes()), known.as_of.day());
    let fiscal: FiscalYear = known.settings.fiscal;
    let period = Period { first: day.plus(1 - DAYS), last: day, unit: None, fiscal };
    let mut question = Question::new(period, last_done(known), known.currency());
    question.fiscal = fiscal;
    question.agreements = known.in_force(known.as_of, None)?;
    question.turns = crate::turns::all(known, &question.agreements)?;
    let now = question.agreements.iter().rfind(|f| f.until.is_none_or(|until| known.as_of < until));
    let agreement = now.map(|f| format!("version {} of the agreement", f.number));
    let mut found = clocks(&question, &known.facts)?;
    found.retain(|c| c.stopped.is_none());
    let leads = leads(known, period)?;
    let ids = ids(known, &found)?;
    let one = |c: &OneClock| web::Clock {
        lead: ids.get(&c.lead).map_or("", String::as_str).into(),
        owner: leads.get(&c.lead).map(|l| l.owner.clone()).unwrap_or_default(),
        team: agreement::document::clauses::table_of(c.by).into(),
        clause: c.clause.replace('_', " ").into(),
        started: c.started,
        late_from: c.late_from,
        stands_still: c.stands_still,
        loss: None,
    };
    let mut places: HashMap<&(Option<String>, Option<String>), u32> = HashMap::new();
    let mut kinds = Vec::new();
    let mut kind = Vec::with_capacity(found.len());
    for clock in &found {
        let waits = leads.get(&clock.lead).filter(|l| clock.clause == "first_attempt" && !l.is_tried);
        kind.push(waits.map(|of| {
            *places.entry(&of.kind).or_insert_with(|| {
                kinds.push(of.kind.clone());
                u32::try_from(kinds.len() - 1).unwrap_or(u32::MAX)
            })
        }));
    }
    let clocks: Vec<web::Clock> = found.iter().map(one).collect();
    let mut by_lead: Vec<u32> = (0..u32::try_from(clocks.len()).unwrap_or(u32::MAX)).collect();
    by_lead.sort_by(|a, b| clocks[*a as usize].lead.cmp(&clocks[*b as usize].lead));
    let waiting = learn(&question, &known.facts)?;
    Ok(Open { clocks, kind, by_lead, kinds, waiting, currency: known.currency(), records_to: as_of, agreement })
}

impl Open {
    /// As of which minute of 1970 clocks stand: now, where the records are fresh enough to tell; else the newest record.
    pub fn as_of(&self, now: Instant) -> i64 {
        let now = i64::from(now.minutes());
        if now - self.records_to <= FRESH { now.max(self.records_to) } else { self.records_to }
    }

    /// The clocks as of a minute; of some owners where they are named.
    pub fn at(&self, as_of: i64, owners: Option<&[String]>) -> web::Clocks {
        let is_wanted = |c: &web::Clock| owners.is_none_or(|owners| owners.iter().any(|owner| **owner == *c.owner));
        let all = self.told((0..self.clocks.len()).filter(|n| is_wanted(&self.clocks[*n])), as_of);
        let learned = match &self.waiting {
            Ok(waiting) => told(waiting),
            Err(why) => format!("What waiting loses cannot be told: {why}."),
        };
        let agreement = self.agreement.clone();
        web::Clocks { records_to: self.records_to, agreement, learned, ..web::Clocks::of(all, as_of) }
    }

    /// The clocks of one lead as of a minute: late ones, then those that run.
    pub fn of_lead(&self, lead: &str, as_of: i64) -> Vec<web::Clock> {
        let of = |n: &u32| &*self.clocks[*n as usize].lead;
        let first = self.by_lead.partition_point(|n| of(n) < lead);
        let own = self.by_lead[first..].iter().take_while(|n| of(n) == lead).map(|n| *n as usize);
        let clocks = web::Clocks::of(self.told(own, as_of), as_of);
        clocks.late.into_iter().chain(clocks.running).collect()
    }

    /// Some of the clocks, each with what waiting loses.
    fn told(&self, which: impl Iterator<Item = usize>, as_of: i64) -> Vec<web::Clock> {
        // leads of one source and segment that have waited as long lose the same
        let mut known: HashMap<(u32, i64), Arc<web::Loss>> = HashMap::new();
        which
            .map(|n| {
                let mut clock = self.clocks[n].clone();
                if let (Some(kind), Ok(waiting)) = (self.kind[n], &self.waiting) {
                    let waited = rounded(as_of - clock.started);
                    let loss = known.entry((kind, waited)).or_insert_with(|| self.loss(waiting, kind, waited).into());
                    clock.loss = Some(loss.clone());
                }
                clock
            })
            .collect()
    }

    fn loss(&self, waiting: &Waiting, kind: u32, waited: i64) -> web::Loss {
        let (source, segment) =
            self.kinds.get(kind as usize).map_or((None, None), |k| (k.0.as_deref(), k.1.as_deref()));
        let loss = waiting.loss(source, segment, waited);
        let say = |minor: f64| money(minor, self.currency, Sign::Plain);
        let interval = loss.interval;
        // nothing is lost for certain where too few were tried so late to tell stretches of waiting apart
        let words = if interval.hi90 > 0.0 {
            format!("{}, {} to {}", say(loss.by_hour), say(interval.lo90), say(interval.hi90))
        } else {
            "cannot tell".to_owned()
        };
        let share = faces::format::share(loss.chance);
        let like =
            if waiting.outcome == "won" { format!("{share} are won") } else { format!("{share} become opportunities") };
        web::Loss { chance: loss.chance, like, by_hour: loss.by_hour, low: interval.lo90, high: interval.hi90, words }
    }
}

/// Waits that are told apart: minutes up to an hour, then ever coarser, to a twentieth.
fn rounded(minutes: i64) -> i64 {
    let width = (minutes / 20).max(1);
    minutes / width * width
}

/// From what losses were learned.
fn told(waiting: &Waiting) -> String {
    let count = |n: u64| faces::format::count(i64::try_from(n).unwrap_or(i64::MAX));
    let (leads, came) = waiting.leads;
    let steps: Vec<String> = waiting
        .steps
        .iter()
        .skip(1)
        .map(|s| format!("after {} {}", faces::format::minutes(s.from as f64), faces::format::share(s.odds)))
        .collect();
    format!(
        "Lost by another hour: the fall in the chance that such a lead {}, times what one brought; learned from {} leads that were tried, of which {} did, \
         at the same source and segment. Of the odds of a lead tried within a quarter of an hour are left: {}. \
         Where it cannot tell, too few were tried so late. Who was tried when is not by lot: leads that looked better may have been tried first, and part of the fall may be theirs.",
        match waiting.outcome {
            "won" => "is won",
            _ => "becomes an opportunity",
        },
        count(leads),
        count(came),
        steps.join(", "),
    )
}

const USED: [tallies::Column; 5] = [lead::KEY, lead::OWNER, lead::SOURCE, lead::SEGMENT, lead::FIRST_ATTEMPT_AT];

/// What facts say of each lead that began of late.
fn leads(known: &Known, period: Period) -> Result<HashMap<u64, Of>, Failure> {
    let minutes = |day: terms::Day| i64::from(Instant(day.start().0).minutes());
    // a clock can start long after its lead began
    let from = minutes(period.first.plus(-2 * DAYS));
    let filter = vec![Test::Between(lead::CREATED_AT, from, i64::from(known.as_of.minutes()))];
    let table = known.facts.extract(&Extract::of(Grain::LeadCycle, filter, &USED))?;
    let mut out = HashMap::with_capacity(table.rows);
    // an owner has many leads
    let mut owners: HashMap<String, Arc<str>> = HashMap::new();
    let reps = known.reps()?;
    let mut owner = |name: &str| owners.entry(name.to_owned()).or_insert_with(|| reps.called(name).into()).clone();
    for row in 0..table.rows {
        let Some(key) = table.number(lead::KEY, row) else { continue };
        let text = |column| table.text(column, row).map(str::to_owned);
        let of = Of {
            owner: owner(table.text(lead::OWNER, row).unwrap_or("")),
            kind: (text(lead::SOURCE), text(lead::SEGMENT)),
            is_tried: table.number(lead::FIRST_ATTEMPT_AT, row).is_some(),
        };
        out.insert(key as u64, of);
    }
    Ok(out)
}
