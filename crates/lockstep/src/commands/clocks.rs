//! `lockstep clocks`: the clocks of an agreement one by one: which are late, which still run and until when.
//!
//! Not here: what a clock is (`analyses::scorecard`). Invariant: each clock is of one side, and those that are late or in time are
//! those that the scorecard counts.

use std::collections::HashMap;
use std::path::Path;

use analyses::Question;
use analyses::scorecard::{OneClock, Ran, clocks};
use terms::{Entity, Instant};

use crate::cli;
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Clocks, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = Known::open_under(&home, None, None, args.under.as_deref(), style)?;
    let period = known.period(args.period.as_deref())?;
    let mut question = Question::new(period, i64::from(known.as_of.minutes()), known.currency());
    question.fiscal = known.settings.fiscal;
    question.agreements = known.in_force(known.as_of, args.under.as_deref())?;
    question.turns = crate::turns::all(&known, &question.agreements)?;
    if question.agreements.is_empty() {
        return Err(Failure::new("none_in_force", format!("no agreement was in force in {period}")).hint(
            "see `lockstep agreement history`; --under VERSION reads the period under any version, signed or not",
        ));
    }
    let is_wanted = |c: &OneClock| match c.ran {
        Ran::Late => !args.running,
        Ran::Running => args.running || args.all,
        Ran::InTime => args.all,
    };
    let mut found = clocks(&question, &known.facts)?;
    found.retain(|c| is_wanted(c) && args.clause.as_ref().is_none_or(|name| name == c.clause));
    let all = found.len();
    if args.running {
        found.sort_by_key(|c| (c.late_from.unwrap_or(i64::MAX), c.lead));
    }
    if !style.json && !args.csv {
        found.truncate(args.limit);
    }
    let ids = ids(&known, &found)?;
    let id = |c: &OneClock| ids.get(&c.lead).cloned().unwrap_or_default();
    let at = |minute: Option<i64>| minute.map(|m| Instant(m * 60_000).to_string()).unwrap_or_default();
    let word = |c: &OneClock| match c.ran {
        Ran::Late => "late",
        Ran::Running if c.stands_still => "stands still",
        Ran::Running => "running",
        Ran::InTime => "in time",
    };
    let team = |c: &OneClock| agreement::document::clauses::table_of(c.by);
    if style.json {
        let rows: Vec<serde_json::Value> = found
            .iter()
            .map(|c| {
                serde_json::json!({ "version": c.version, "by": team(c), "clause": c.clause, "lead": id(c), "stands": word(c),
                    "started": at(Some(c.started)), "late_from": at(c.late_from), "stopped": at(c.stopped) })
            })
            .collect();
        output::print_json(&serde_json::json!({ "period": period.to_string(), "clocks": rows }))?;
        return Ok(Ended::Done);
    }
    let cells = |c: &OneClock| -> Vec<String> {
        let short = |text: String| text.get(..16).unwrap_or("").replace('T', " ");
        vec![
            team(c).to_owned(),
            c.clause.replace('_', " "),
            id(c),
            word(c).to_owned(),
            short(at(Some(c.started))),
            short(at(c.late_from)),
            short(at(c.stopped)),
        ]
    };
    let heads = ["by", "clause", "lead", "stands", "started (UTC)", "late from", "stopped"];
    if args.csv {
        let rows: Vec<Vec<String>> = found.iter().map(cells).collect();
        let out = faces::csv_of_words(&heads.map(str::to_owned), &rows);
        output::print(&out)?;
        return Ok(Ended::Done);
    }
    let what = if args.all {
        "clocks"
    } else if args.running {
        "clocks that still run"
    } else {
        "late clocks"
    };
    let mut out = format!("{period}: {} {what}\n\n", faces::format::count(i64::try_from(all).unwrap_or(i64::MAX)));
    if !found.is_empty() {
        let rows: Vec<Vec<String>> = found.iter().map(cells).collect();
        out.push_str(&faces::rows::table(&heads, &rows, style.columns().max(110)));
    }
    if found.len() < all {
        out.push_str(&format!("{} more; --csv lists all\n", all - found.len()));
    }
    output::print(&out)?;
    Ok(Ended::Done)
}

/// The ids of leads as their source gives them.
pub fn ids(known: &Known, clocks: &[OneClock]) -> Result<HashMap<u64, String>, Failure> {
    let wanted: Vec<u64> = clocks.iter().map(|c| c.lead).collect();
    Ok(known.head.id_texts(Entity::Lead, &wanted)?)
}
