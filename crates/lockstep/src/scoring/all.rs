//! All leads at the moment at which they were handed over: what they came to, what was known of them, what they had done.
//!
//! Invariant: nothing that happened after that moment is read into it, and no lead that is too young to have come to
//! anything counts.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use agreement::document::Agreement;
use agreement::document::condition::{Ask, Condition, Term};
use agreement::document::scoring::{Of, Rule, Scoring};
use agreement::score::{Mail, Matches, WRITTEN_LATER, Why, add_up, fits, looks_back, machine};
use agreement::stages::{SCORE, asks_for_more};
use analyses::points::{MOST_RULES, Patterns, RuleSeen};
use entries::{Entry, FieldId, catalogue};
use facts::{Among, Sayings, said};
use rayon::prelude::*;
use stats::quantile::quantiles;
use tallies::columns::lead_cycle as lead;
use tallies::{Column, Extract, Facts, Grain, Test};
use terms::{Entity, Instant, Stage};

use super::one::{is_trap, mail};
use super::touches::{Fit, fitting};
use super::values::{Campaigns, Column as Asks, fields};
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
    gather(known, asked, false)
}

/// Leads of all ages, at their moment.
pub fn leads_of_all_ages(known: &Known, asked: Option<Outcome>) -> Result<Leads, Failure> {
    gather(known, asked, true)
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

fn gather(known: &Known, asked: Option<Outcome>, all_ages: bool) -> Result<Leads, Failure> {
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
    let (mut without, mut young, mut before, mut twins) = (0, 0, 0, 0);
    let mut rows: Vec<(i64, usize)> = Vec::new();
    for row in 0..table.rows {
        match (moment(row), number(at, row)) {
            (None, _) => without += 1,
            (Some(moment), Some(at)) if handed && at < moment => before += 1,
            (Some(moment), _) if usual > 0 && moment > latest && !all_ages => young += 1,
            (Some(moment), _) => rows.push((moment, row)),
        }
    }
    rows.sort_unstable();
    for (moment, row) in rows {
        let journey = number(lead::JOURNEY, row).unwrap_or(0) as u64;
        let place = u32::try_from(out.keys.len()).unwrap_or(u32::MAX);
        if *out.places.entry(journey).or_insert(place) != place {
            twins += 1;
            continue;
        }
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
    for place in places {
        let moment = Instant(leads.moments[place] * 60_000 + 59_999);
        let mut matches = Matches::none(rules.len());
        for (r, asked) in &mut terms {
            matches.lead[*r] = asked.iter_mut().all(|term| term.fits(values, place));
        }
        while let Some(touch) = fired.get(at).filter(|t| t.place as usize == place) {
            matches.touches[usize::from(touch.rule)].push((touch.at, 0));
            at += 1;
        }
        let scored = add_up(scoring, Instant(i64::MIN), &matches, moment);
        let fired = scored.lines.iter().filter(|l| l.why == Why::Fired).fold(0_u128, |mask, l| mask | 1 << l.rule);
        let total = scored.total.to_string();
        let asks = |ask: &Ask| fits(ask, Some(&total)) && (scored.missing.is_empty() || !asks_for_more(ask));
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

/// Values of the columns that rules ask for, numbered; 0: not known.
struct Values {
    columns: Vec<String>,
    texts: Vec<String>,
    codes: Vec<Vec<u32>>,
}

/// One term of a rule, and what is known of the texts that were held against it.
struct Asked<'r> {
    column: Option<usize>,
    ask: &'r Ask,
    /// By the number of a text: whether it fits, where that was asked.
    known: Vec<Option<bool>>,
}

impl<'r> Asked<'r> {
    fn of(column: &str, ask: &'r Ask, values: &Values) -> Asked<'r> {
        let column = values.columns.iter().position(|c| c == column);
        Asked { column, ask, known: vec![None; values.texts.len() + 1] }
    }

    fn fits(&mut self, values: &Values, place: usize) -> bool {
        let code = self.column.and_then(|c| values.codes.get(c)?.get(place).copied()).unwrap_or(0) as usize;
        let ask = self.ask;
        let fresh = || fits(ask, code.checked_sub(1).and_then(|t| values.texts.get(t)).map(String::as_str));
        match self.known.get_mut(code) {
            Some(known) => *known.get_or_insert_with(fresh),
            None => fresh(),
        }
    }
}

fn values(
    known: &Known,
    (scoring, rule): (&Scoring, Option<&Condition>),
    leads: &Leads,
    campaigns: &Campaigns,
) -> Result<Values, Failure> {
    let scored = scoring.rules.iter().filter(|r| r.of == Of::Lead).flat_map(|r| &r.when.terms);
    let of_rule = rule.into_iter().flat_map(|rule| &rule.terms).filter(|term| term.column != SCORE);
    let asked = scored.chain(of_rule).map(|t| t.column.clone());
    let mut columns: Vec<String> = asked.filter(|c| !WRITTEN_LATER.contains(&c.as_str())).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut out = Values { codes: vec![vec![0; leads.keys.len()]; columns.len()], columns, texts: vec![] };
    let sayings = Sayings::default();
    // what other records of the same person say stands where the lead's own says nothing; a newer version before an older
    for entity in [Entity::Person, Entity::Lead] {
        let places = out.columns.iter().zip(0..).filter_map(|(c, n)| Some((n, catalogue::field(entity, c)?)));
        let (of, wanted): (Vec<usize>, Vec<FieldId>) = places.unzip();
        if wanted.is_empty() {
            continue;
        }
        let named = |key: u64| campaigns.of_hash(key).map(str::to_owned);
        let read = |bucket: u8| {
            let (mut out, mut places) = (Told::default(), Places::of(known, leads));
            let among = Among::Bucket(bucket);
            said(&known.head, entity, among, &wanted, (&sayings, &named), |record| {
                if let Some(place) = places.find(record.id).filter(|_| !record.deleted) {
                    out.rows.push((place, leads.keys[place] == record.id));
                    out.says.extend_from_slice(record.says);
                }
            })?;
            Ok(out)
        };
        let buckets: Vec<Told> = (0..ledger::BUCKETS).into_par_iter().map(read).collect::<Result<_, Failure>>()?;
        for Told { rows, says } in buckets {
            for ((place, is_own), says) in rows.into_iter().zip(says.chunks(wanted.len())) {
                for (column, code) in of.iter().zip(says).filter(|(_, code)| **code != 0) {
                    let slot = &mut out.codes[*column][place];
                    if is_own || *slot == 0 {
                        *slot = *code;
                    }
                }
            }
        }
    }
    out.texts = sayings.texts();
    besides(known, leads, campaigns, &mut out)?;
    Ok(out)
}

/// Records of one bucket: the place of each lead and whether it is its own record, and the numbers of what each says.
#[derive(Default)]
struct Told {
    rows: Vec<(usize, bool)>,
    says: Vec<u32>,
}

/// Columns that a lead's tool has besides ours: they lie together in one text.
fn besides(known: &Known, leads: &Leads, campaigns: &Campaigns, out: &mut Values) -> Result<(), Failure> {
    let columns = out.columns.clone();
    let is_other = |column: &&String| catalogue::field(Entity::Lead, column).is_none();
    let asked: Vec<(usize, Asks<'_>)> =
        columns.iter().enumerate().filter(|(_, c)| is_other(c)).map(|(n, c)| (n, Asks::of(c))).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let (mut numbered, mut places): (HashMap<String, u32>, _) = (HashMap::new(), Places::of(known, leads));
    let wanted = fields(Entity::Lead, asked.iter().map(|(n, _)| columns[*n].as_str()));
    for item in known.head.entries(Entity::Lead, wanted)? {
        let (_, entry) = item?;
        let Some(place) = places.find(entry.id.hash).filter(|_| !entry.deleted) else { continue };
        let is_own = leads.keys[place] == entry.id.hash;
        for (n, column) in &asked {
            let Some(text) = column.value(&entry, campaigns).filter(|t| !t.trim().is_empty()) else { continue };
            if !is_own && out.codes[*n][place] != 0 {
                continue;
            }
            out.codes[*n][place] = match numbered.get(&*text) {
                Some(code) => *code,
                None => {
                    out.texts.push(text.clone().into_owned());
                    let next = u32::try_from(out.texts.len()).unwrap_or(u32::MAX);
                    numbered.insert(text.into_owned(), next);
                    next
                }
            };
        }
    }
    Ok(())
}

/// Events of mailings, to tell which a machine made.
#[derive(Default)]
pub struct Machines<'s> {
    mails: Vec<(usize, u64, Mail)>,
    /// What was touched and no reader sees.
    trapped: HashSet<u64>,
    traps: &'s [String],
}

impl<'s> Machines<'s> {
    /// With these traps.
    pub fn with(traps: &'s [String]) -> Machines<'s> {
        Machines { traps, ..Machines::default() }
    }

    /// Takes a touch of a lead.
    pub fn see(&mut self, place: usize, entry: &Entry) {
        let asset = entry.get(catalogue::touch::ASSET).text().unwrap_or("");
        self.note(place, entry.id.hash, mail(entry, self.traps), is_trap(asset, self.traps));
    }

    /// Takes one of a lead by its id: what came of a mail tells of its whole mailing.
    pub fn note(&mut self, place: usize, id: u64, mail: Option<Mail>, is_trap: bool) {
        if is_trap && mail.is_none() {
            self.trapped.insert(id);
        }
        self.mails.extend(mail.map(|mail| (place, id, mail)));
    }

    /// Those of another part too.
    pub fn add(&mut self, other: Machines<'_>) {
        self.mails.extend(other.mails);
        self.trapped.extend(other.trapped);
    }

    /// The ids of those that are taken for a machine's.
    pub fn found(mut self) -> HashSet<u64> {
        self.mails.par_sort_unstable_by_key(|(place, id, mail)| (*place, mail.at, *id));
        let of_leads = self.mails.par_chunk_by(|a, b| a.0 == b.0);
        let found: Vec<u64> = of_leads
            .flat_map_iter(|of_lead| {
                let mails: Vec<Mail> = of_lead.iter().map(|(_, _, mail)| *mail).collect();
                of_lead.iter().zip(machine(&mails)).filter(|(_, why)| why.is_some()).map(|((_, id, _), _)| *id)
            })
            .collect();
        let mut out = self.trapped;
        out.extend(found);
        out
    }
}

/// Finds the lead that a subject belongs to. Entries come sorted by their subject, so the last answer serves again and again.
pub struct Places<'k> {
    known: &'k Known,
    leads: &'k Leads,
    last: Option<(u64, Option<usize>)>,
}

impl<'k> Places<'k> {
    pub fn of(known: &'k Known, leads: &'k Leads) -> Places<'k> {
        Places { known, leads, last: None }
    }

    /// The place of the lead that a subject belongs to.
    pub fn find(&mut self, subject: u64) -> Option<usize> {
        match self.last {
            Some((last, place)) if last == subject => place,
            _ => {
                let journey = self.known.facts.journey_of(subject);
                let place = journey.and_then(|j| self.leads.places.get(&j)).or_else(|| self.leads.alone.get(&subject));
                let place = place.map(|p| *p as usize);
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
