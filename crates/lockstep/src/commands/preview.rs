//! `lockstep agreement preview`: what a proposed agreement would have changed, replayed on the last four quarters.
//!
//! Not here: the replay (`analyses::preview`).

use std::collections::{HashMap, HashSet};

use agreement::document::Agreement;
use analyses::InForce;
use analyses::preview::{Asked, Changes, ClauseOf, Lead, StageOf, page};
use report::Cell;
use tallies::columns::lead_cycle as lead;
use tallies::{Column, Extract, Facts, Grain, Width};
use terms::{Instant, Stage};

use crate::cli::{self, Outcome};
use crate::commands::score::{self, Made};
use crate::drafting;
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{self, Ended, Style};
use crate::scoring;
use crate::timings::Timings;

/// Draws behind each interval.
const DRAWS: usize = 400;

/// Runs the command.
pub fn run(proposal: Agreement, args: &cli::Preview, home: &Home, style: Style) -> Result<Ended, Failure> {
    let known = Known::open(home, None, None, style)?;
    let Replay { answer, period, listed } = replay(&known, home, proposal, args.seed, style)?;
    if args.list {
        return list(&known, &listed, style);
    }
    let made = Made { answer, title: TITLE.to_owned(), period };
    score::page(made, (args.seed, args.format, args.width), (home, &known), style)
}

/// What its page is called.
const TITLE: &str = "What the proposal would have changed";

/// A proposal, replayed.
struct Replay {
    answer: analyses::Answer,
    period: String,
    /// Leads whose stage changes.
    listed: Vec<Changed>,
}

/// A stage that a lead has by one text alone; `None`: it is qualified at its moment.
struct Changed {
    lead: u64,
    moment: i64,
    stage: Option<Stage>,
    is_new: bool,
}

/// The same as a report, for a page.
pub fn report(
    known: &Known,
    home: &Home,
    proposal: Agreement,
    seed: u64,
    style: Style,
) -> Result<report::Report, Failure> {
    let Replay { answer, period, .. } = replay(known, home, proposal, seed, style)?;
    Ok(score::report(Made { answer, title: TITLE.to_owned(), period }, seed, known))
}

fn replay(known: &Known, home: &Home, proposal: Agreement, seed: u64, style: Style) -> Result<Replay, Failure> {
    let timings = Timings::start();
    // what is known as if the proposal had always held, where that is anything else
    let proposed_facts = known.by(home, &proposal, style)?;
    timings.ends("facts by the proposal");
    let period = drafting::year(known)?;
    let today = known.in_force(known.as_of, None)?.pop().filter(|f| f.until.is_none());
    let (clauses, scores) = rayon::join(
        || clauses((known, proposed_facts.as_ref()), today.as_ref(), &proposal, period),
        || {
            // leads of the year, and whether each is old enough that its outcome is known
            let all = scoring::leads_of(known, Some(Outcome::Won), period)?;
            timings.ends("leads of the year");
            let texts: Vec<&Agreement> = std::iter::once(&proposal).chain(today.iter().map(|t| &t.agreement)).collect();
            let mut by = scoring::qualified(known, &texts, &all, style)?.into_iter();
            let (proposed, was) = (by.next().flatten(), by.next().flatten());
            Ok::<_, Failure>((all, proposed, was))
        },
    );
    let (clauses, (all, proposed, was)) = (clauses?, scores?);
    timings.ends("clauses and both scores");
    let mut leads = Vec::new();
    let mut listed = Vec::new();
    for place in 0..all.keys.len() {
        let today = was.as_ref().map_or(all.qualified[place], |own| own[place]);
        let proposed = proposed.as_ref().map_or(today, |own| own[place]);
        if today != proposed {
            listed.push(Changed { lead: all.keys[place], moment: all.moments[place], stage: None, is_new: proposed });
        }
        leads.push(Lead {
            today,
            proposed,
            is_old: all.old[place],
            tried: all.waited[place].is_some(),
            attempts: all.attempts[place],
            opportunity: all.opportunity[place],
            won: all.won[place] as f64,
        });
    }
    let changes = Changes::of(&leads);
    let stages = match &proposed_facts {
        Some(proposed) => stages([known, proposed], &all, &mut listed)?,
        None => Vec::new(),
    };
    timings.ends("changes");
    let words = period.to_string();
    let notes = [format!("Leads as of their {}; the last four full quarters.", all.moment)];
    let asked = Asked {
        changes: &changes,
        has_bar: proposed.is_some(),
        is_agreed: was.is_some(),
        stages: &stages,
        clauses: &clauses,
        currency: known.currency(),
        period: &words,
        notes: &notes,
        seed,
        draws: DRAWS,
    };
    Ok(Replay { answer: page(&asked), period: words.clone(), listed })
}

/// Stages that a text can define by rules, or that follow from such.
const STAGES: [(Stage, Column); 5] = [
    (Stage::Mql, lead::REACHED_MQL),
    (Stage::Sal, lead::REACHED_SAL),
    (Stage::Sql, lead::REACHED_SQL),
    (Stage::Recycled, lead::RECYCLED_AT),
    (Stage::Disqualified, lead::DISQUALIFIED_AT),
];

/// The stages that leads ever reached, by today's facts and the proposal's; leads whose stage changes are listed.
fn stages(facts: [&Known; 2], leads: &scoring::Leads, listed: &mut Vec<Changed>) -> Result<Vec<StageOf>, Failure> {
    let places: HashMap<u64, usize> = leads.keys.iter().copied().zip(0..).collect();
    let mut reached = [vec![0_u8; places.len()], vec![0_u8; places.len()]];
    for (known, reached) in facts.iter().zip(&mut reached) {
        let columns: Vec<Column> = std::iter::once(lead::KEY).chain(STAGES.map(|(_, column)| column)).collect();
        let table = known.facts.extract(&Extract::of(Grain::LeadCycle, vec![], &columns))?;
        for row in 0..table.rows {
            let key = table.number(lead::KEY, row).unwrap_or(0).cast_unsigned();
            let Some(place) = places.get(&key) else { continue };
            for (bit, (_, column)) in STAGES.iter().enumerate() {
                let is_flag = column.width == Width::Small;
                let is_reached = table.number(*column, row).is_some_and(|n| !is_flag || n == 1);
                reached[*place] |= u8::from(is_reached) << bit;
            }
        }
    }
    let [was, is] = reached;
    let is_listed: HashSet<u64> = listed.iter().map(|one| one.lead).collect();
    Ok(STAGES
        .iter()
        .enumerate()
        .map(|(bit, (stage, _))| {
            let mut out = StageOf { stage: *stage, both: 0, left: 0, new: 0 };
            for (place, (was, is)) in was.iter().zip(&is).enumerate() {
                let (was, is) = (was >> bit & 1 == 1, is >> bit & 1 == 1);
                out.both += u64::from(was && is);
                out.left += u64::from(was && !is);
                out.new += u64::from(is && !was);
                // who is qualified or not at the hand-off is told already
                if was != is && !(*stage == Stage::Mql && is_listed.contains(&leads.keys[place])) {
                    let (lead, moment) = (leads.keys[place], leads.moments[place]);
                    listed.push(Changed { lead, moment, stage: Some(*stage), is_new: is });
                }
            }
            out
        })
        .collect())
}

/// The leads whose stage changes, by the ids of their source.
fn list(known: &Known, changed: &[Changed], style: Style) -> Result<Ended, Failure> {
    let mut wanted: HashMap<u64, Vec<&Changed>> = HashMap::new();
    changed.iter().for_each(|one| wanted.entry(one.lead).or_default().push(one));
    let mut rows: Vec<(i64, String, usize, String)> = Vec::new();
    for item in known.head.entries(terms::Entity::Lead, ledger::Filter::default())? {
        let (_, entry) = item?;
        for (n, one) in wanted.remove(&entry.id.hash).into_iter().flatten().enumerate() {
            let what = one.stage.map_or("qualified", Stage::word);
            let said = if one.is_new { format!("newly {what}") } else { format!("no longer {what}") };
            rows.push((one.moment, entry.id_text.to_string(), n, said));
        }
    }
    rows.sort();
    if style.json {
        let all: Vec<serde_json::Value> = rows
            .iter()
            .map(|(at, id, _, said)| {
                serde_json::json!({ "lead": id, "at": Instant(at * 60_000).to_string(), "change": said })
            })
            .collect();
        output::print_json(&serde_json::json!({ "changed": all }))?;
        return Ok(Ended::Done);
    }
    let mut out = String::from("lead,at,change\n");
    for (at, id, _, said) in &rows {
        let id = faces::csv_cell(id);
        out.push_str(&format!("{id},{},{said}\n", Instant(at * 60_000)));
    }
    output::print(&out)?;
    Ok(Ended::Done)
}

/// The clauses of both, judged on the same year: each by the facts of its own text.
fn clauses(
    (known, by_proposal): (&Known, Option<&Known>),
    today: Option<&InForce>,
    proposal: &Agreement,
    period: terms::Period,
) -> Result<Vec<ClauseOf>, Failure> {
    let asked = |number, agreement: &Agreement| InForce {
        number,
        from: Instant(i64::MIN),
        until: None,
        agreement: agreement.clone(),
        is_asked: true,
    };
    let (today, proposed) = (today.map(|today| asked(1, &today.agreement)), asked(2, proposal));
    let mut out = Vec::new();
    match by_proposal {
        None => judged(known, today.into_iter().chain([proposed]).collect(), period, &mut out)?,
        Some(by_proposal) => {
            judged(known, today.into_iter().collect(), period, &mut out)?;
            judged(by_proposal, vec![proposed], period, &mut out)?;
        }
    }
    out.sort_by(|a, b| b.by.cmp(&a.by));
    Ok(out)
}

/// How clauses of agreements stand: version 1 is today's, 2 the proposal.
fn judged(
    known: &Known,
    agreements: Vec<InForce>,
    period: terms::Period,
    out: &mut Vec<ClauseOf>,
) -> Result<(), Failure> {
    if agreements.is_empty() {
        return Ok(());
    }
    let mut question = drafting::under(known, period, &[])?;
    question.agreements = agreements;
    question.agreements.iter_mut().try_for_each(|force| known.name(&mut force.agreement))?;
    question.worked = crate::targets::worked(known, &question.agreements)?;
    question.requests = crate::requests::all(known, &question.agreements)?;
    question.turns = crate::turns::all(known, &question.agreements)?;
    question.complete = crate::scoring::complete(known, &question.agreements)?;
    let answer = analyses::answer(&question, &["scorecard"], &known.facts)?;
    for table in answer.sections.iter().flat_map(|s| &s.tables) {
        let (version, team) = match table.id.split('.').collect::<Vec<_>>()[..] {
            ["scorecard", version, team @ ("sales" | "marketing")] => (version, team),
            _ => continue,
        };
        for row in &table.rows {
            let text = |place: usize| match row.cells.get(place) {
                Some(Cell::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let (name, side) = (text(0), Some((text(1), text(5))));
            let found = out.iter().position(|c| c.by == team && c.name == name).unwrap_or_else(|| {
                out.push(ClauseOf { by: team.to_owned(), name, ..ClauseOf::default() });
                out.len() - 1
            });
            if version == "v1" { out[found].today = side } else { out[found].proposed = side }
        }
    }
    Ok(())
}
