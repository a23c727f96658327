//! Lists of leads, the newest first, page by page.
//!
//! Invariant: a page begins where the one before ended, whatever was recorded since; a lead that came back stands once for each
//! of its cycles.

use analyses::claims::{Moment, filter};
use tallies::columns::{column, lead_cycle as lead};
use tallies::{Extract, Facts, Grain, Measure, Spec, Table, Test};
use terms::{Entity, Instant, Stage};
use web::{LeadLine, LeadsAsked, LeadsPage};

use super::papers;
use crate::failure::Failure;
use crate::known::Known;

/// Minutes of the first stretch of time that is looked at; each next is four times as long.
const FIRST: i64 = 1_440;

/// What a list asks of facts.
fn tests(known: &Known, asked: &LeadsAsked) -> Result<Vec<Test>, Failure> {
    let mut out = Vec::new();
    if !asked.filter.is_empty() {
        let read = filter(&asked.filter, known.settings.fiscal)?;
        for condition in read.conditions {
            let found = column(Grain::LeadCycle, &condition.column).ok_or_else(|| {
                Failure::new("bad_filter", format!("`{}`: is nothing of a lead", condition.column))
                    .hint("such as source, segment, country, industry, campaign")
            })?;
            let test = Test::In(found, condition.values);
            out.push(if condition.is { test } else { Test::Not(Box::new(test)) });
        }
        if let Some(window) = read.window {
            let of = match window.moment {
                Moment::Created => lead::CREATED_AT,
                Moment::HandedOff => lead::HANDOFF_AT,
                Moment::Closed => lead::EXIT_AT,
            };
            let minute = |day: terms::Day| i64::from(Instant(day.start().0).minutes());
            out.push(Test::Between(of, minute(window.period.first), minute(window.period.last.plus(1)) - 1));
        }
    }
    if !asked.stage.is_empty() {
        let stage = Stage::parse(&asked.stage)
            .ok_or_else(|| Failure::new("bad_stage", format!("`{}`: is no stage", asked.stage)))?;
        out.push(Test::Is(lead::STAGE, stage as u8));
    }
    if let Some(owners) = &asked.owners {
        out.push(Test::In(lead::OWNER, known.reps()?.all(owners).into_iter().map(Some).collect()));
    }
    Ok(out)
}

/// Where a page ended: minute and key.
fn cursor(text: &str) -> Result<Option<(i64, u64)>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || -> Option<(i64, u64)> {
        let (minute, key) = text.split_once('.')?;
        Some((minute.parse().ok()?, u64::from_str_radix(key, 16).ok()?))
    };
    read().map(Some).ok_or_else(|| papers::bad_cursor(text, "is not where a page of leads ended"))
}

/// A page of leads.
pub fn page(known: &Known, asked: &LeadsAsked) -> Result<LeadsPage, Failure> {
    let tests = tests(known, asked)?;
    let before = cursor(&asked.after)?;
    let newest = i64::from(i32::MAX);
    let mut hi = before.map_or(newest, |(minute, _)| minute);
    // leads of days to come stand first
    let mut lo = hi.min(i64::from(known.as_of.minutes()) + 2 * FIRST) - FIRST;
    let mut width = FIRST;
    let mut rows: Vec<(i64, u64, LeadLine)> = Vec::new();
    while rows.len() <= asked.most {
        let filter = [tests.clone(), vec![Test::Between(lead::CREATED_AT, lo, hi)]].concat();
        let table = known.facts.extract(&Extract::all(Grain::LeadCycle, filter))?;
        let mut some: Vec<(i64, u64, LeadLine)> = (0..table.rows).map(|row| line(&table, row)).collect();
        some.sort_by_key(|(minute, key, _)| std::cmp::Reverse((*minute, *key)));
        some.retain(|(minute, key, _)| before.is_none_or(|before| (*minute, *key) < before));
        rows.extend(some);
        if lo <= 0 {
            break;
        }
        hi = lo - 1;
        width = (width * 4).min(newest);
        lo = (lo - width).max(i64::from(i32::MIN) + 1).max(0);
    }
    let more = rows.len() > asked.most;
    rows.truncate(asked.most);
    let next = rows.last().filter(|_| more).map_or(String::new(), |(minute, key, _)| format!("{minute}.{key:016x}"));
    let keys: Vec<u64> = rows.iter().map(|(_, key, _)| *key).collect();
    let (ids, reps) = (known.head.id_texts(Entity::Lead, &keys)?, known.reps()?);
    let named = |(_, key, line): (i64, u64, LeadLine)| {
        let id = ids.get(&key).cloned().filter(|id| !id.is_empty()).unwrap_or_else(|| format!("{key:016x}"));
        let owner = reps.called(&line.owner).to_owned();
        LeadLine { id, owner, ..line }
    };
    let undated = Spec {
        name: "leads",
        grain: Grain::LeadCycle,
        filter: [tests, vec![Test::Missing(lead::CREATED_AT)]].concat(),
        dims: vec![],
        measures: vec![Measure::Count],
    };
    let undated = known.facts.answer(&[undated])?;
    let undated = undated.first().map_or(0, |t| u64::try_from(t.total(0)).unwrap_or(0));
    Ok(LeadsPage { leads: rows.into_iter().map(named).collect(), next, undated })
}

fn line(table: &Table, row: usize) -> (i64, u64, LeadLine) {
    let when = |column| table.number(column, row).map_or(String::new(), |m| papers::minute(Instant(m * 60_000)));
    let text = |column| table.text(column, row).unwrap_or("").to_owned();
    let stage = table.number(lead::STAGE, row).and_then(|n| Stage::from_number(u8::try_from(n).ok()?));
    let line = LeadLine {
        id: String::new(),
        created: when(lead::CREATED_AT),
        stage: stage.map_or("", Stage::word).to_owned(),
        source: text(lead::SOURCE),
        segment: text(lead::SEGMENT),
        owner: text(lead::OWNER),
        tried: when(lead::FIRST_ATTEMPT_AT),
    };
    let number = |column| table.number(column, row).unwrap_or(0);
    (number(lead::CREATED_AT), number(lead::KEY) as u64, line)
}
