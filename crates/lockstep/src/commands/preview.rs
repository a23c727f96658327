//! `lockstep agreement preview`: what a proposed agreement would have changed, replayed on the last four quarters.
//!
//! Not here: the replay (`analyses::preview`).

use agreement::document::Agreement;
use analyses::InForce;
use analyses::preview::{Asked, Changes, ClauseOf, Lead, page};
use report::Cell;
use terms::Instant;

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
    if args.list {
        return list(&known, &replay(&known, proposal, args.seed, style)?.listed, style);
    }
    let Replay { answer, period, .. } = replay(&known, proposal, args.seed, style)?;
    let made = Made { answer, title: TITLE.to_owned(), period };
    score::page(made, (args.seed, args.format, args.width), (home, &known), style)
}

/// What its page is called.
const TITLE: &str = "What the proposal would have changed";

/// A proposal, replayed.
struct Replay {
    answer: analyses::Answer,
    period: String,
    /// Leads whose stage changes: key, whether it is qualified today, and when.
    listed: Vec<(u64, bool, i64)>,
}

/// The same as a report, for a page.
pub fn report(known: &Known, proposal: Agreement, seed: u64, style: Style) -> Result<report::Report, Failure> {
    let Replay { answer, period, .. } = replay(known, proposal, seed, style)?;
    Ok(score::report(Made { answer, title: TITLE.to_owned(), period }, seed, known))
}

fn replay(known: &Known, proposal: Agreement, seed: u64, style: Style) -> Result<Replay, Failure> {
    let timings = Timings::start();
    let period = drafting::year(known)?;
    let today = known.in_force(known.as_of, None)?.pop().filter(|f| f.until.is_none());
    let (clauses, scores) = rayon::join(
        || clauses(known, today.as_ref(), proposal.clone(), period),
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
            listed.push((all.keys[place], today, all.moments[place]));
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
    timings.ends("changes");
    let words = period.to_string();
    let notes = [format!("Leads as of their {}; the last four full quarters.", all.moment)];
    let asked = Asked {
        changes: &changes,
        has_bar: proposed.is_some(),
        is_agreed: was.is_some(),
        clauses: &clauses,
        currency: known.currency(),
        period: &words,
        notes: &notes,
        seed,
        draws: DRAWS,
    };
    Ok(Replay { answer: page(&asked), period: words.clone(), listed })
}

/// The leads whose stage changes, by the ids of their source.
fn list(known: &Known, changed: &[(u64, bool, i64)], style: Style) -> Result<Ended, Failure> {
    let wanted: std::collections::HashMap<u64, (bool, i64)> =
        changed.iter().map(|(key, today, at)| (*key, (*today, *at))).collect();
    let mut rows: Vec<(i64, String, bool)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in known.head.entries(terms::Entity::Lead, ledger::Filter::default())? {
        let (_, entry) = item?;
        if let Some((today, at)) = wanted.get(&entry.id.hash)
            && seen.insert(entry.id.hash)
        {
            rows.push((*at, entry.id_text.to_string(), *today));
        }
    }
    rows.sort();
    let said = |today: bool| if today { "no longer qualified" } else { "newly qualified" };
    if style.json {
        let all: Vec<serde_json::Value> = rows
            .iter()
            .map(|(at, id, today)| serde_json::json!({ "lead": id, "at": Instant(at * 60_000).to_string(), "change": said(*today) }))
            .collect();
        output::print_json(&serde_json::json!({ "changed": all }))?;
        return Ok(Ended::Done);
    }
    let mut out = String::from("lead,at,change\n");
    for (at, id, today) in &rows {
        let id = faces::csv_cell(id);
        out.push_str(&format!("{id},{},{}\n", Instant(at * 60_000), said(*today)));
    }
    output::print(&out)?;
    Ok(Ended::Done)
}

/// The clauses of both, judged on the same year.
fn clauses(
    known: &Known,
    today: Option<&InForce>,
    proposal: Agreement,
    period: terms::Period,
) -> Result<Vec<ClauseOf>, Failure> {
    let mut question = drafting::under(known, period, &[])?;
    let asked = |number, agreement| InForce { number, from: Instant(i64::MIN), until: None, agreement, is_asked: true };
    question.agreements.extend(today.map(|t| asked(1, t.agreement.clone())));
    question.agreements.push(asked(2, proposal));
    question.worked = crate::targets::worked(known, &question.agreements)?;
    question.requests = crate::requests::all(known, &question.agreements)?;
    question.turns = crate::turns::all(known, &question.agreements)?;
    question.complete = crate::scoring::complete(known, &question.agreements)?;
    let answer = analyses::answer(&question, &["scorecard"], &known.facts)?;
    let mut out: Vec<ClauseOf> = Vec::new();
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
    out.sort_by(|a, b| b.by.cmp(&a.by));
    Ok(out)
}
