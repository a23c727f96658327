//! The report of a room, as the command of the same name makes it.
//!
//! Invariant: what a reader left out is what the command takes where nothing is given.

use clap::ValueEnum;
use report::{Refusal, Report};
use tallies::columns::opportunity as opp;
use tallies::{Facts, Grain, Measure, Spec, Test};
use web::{Asked, Room};

use super::{SEED, STYLE};
use crate::cli;
use crate::commands::report::{Known, make_of};
use crate::commands::score::{self, Made};
use crate::commands::{capacity, goal};
use crate::failure::Failure;

/// A room's report.
pub fn report(known: &Known, asked: &Asked) -> Result<Report, Failure> {
    let made = match asked.room {
        Room::Scoring => scoring(known, asked),
        Room::Capacity => bar(known, asked),
        Room::Goal => goal::make(known, &goal_of(known, asked)?),
        _ => return make_of(known, &question(asked)),
    };
    match made {
        Ok(made) => Ok(score::report(made, SEED, known)),
        // nothing to show is an answer as well: it says what is missing
        Err(failure) if matches!(failure.code.as_str(), "none_in_force" | "no_rules") => {
            Ok(score::report(missing(asked.room, failure), SEED, known))
        }
        Err(failure) => Err(failure),
    }
}

fn question(asked: &Asked) -> cli::Report {
    cli::Report {
        room: Some(asked.room.word().to_owned()),
        period: asked.given("period").map(str::to_owned),
        against: vec![asked.given("against").unwrap_or("previous").to_owned()],
        by: Vec::new(),
        at: None,
        as_if: None,
        under: None,
        format: None,
        seed: SEED,
        width: None,
    }
}

fn scoring(known: &Known, asked: &Asked) -> Result<Made, Failure> {
    let outcome = |word: &str| {
        cli::Outcome::from_str(word, true).map_err(|_| {
            Failure::new("bad_outcome", format!("`{word}`: is nothing that leads come to"))
                .hint("choose accepted, opportunity or won")
        })
    };
    score::evidence(known, asked.given("outcome").map(outcome).transpose()?, STYLE)
}

fn bar(known: &Known, asked: &Asked) -> Result<Made, Failure> {
    let args = cli::Capacity {
        under: None,
        reps: number(asked, "reps")?,
        leads_per_rep: number(asked, "leads_per_rep")?,
        minutes_per_attempt: number(asked, "minutes_per_attempt")?,
        cost_per_hour: number(asked, "cost_per_hour")?,
        decay: number(asked, "decay")?,
        format: None,
        width: None,
        seed: SEED,
    };
    capacity::make(known, &args, STYLE)
}

fn number(asked: &Asked, name: &str) -> Result<Option<f64>, Failure> {
    let read = |text: &str| {
        // as people write amounts: 2 400 000, 2,400,000
        let plain: String = text.chars().filter(|c| !matches!(c, ',' | '_' | ' ' | '\u{a0}')).collect();
        plain.parse::<f64>().map_err(|_| {
            Failure::new("bad_number", format!("`{text}`: is no number for {}", name.replace('_', " ")))
                .hint("write it like 12 or 12.5")
        })
    };
    asked.given(name).map(read).transpose()
}

fn goal_of(known: &Known, asked: &Asked) -> Result<cli::Goal, Failure> {
    let won = match number(asked, "won")? {
        Some(given) => given,
        None => won_last_year(known)?,
    };
    Ok(cli::Goal { won, by: asked.given("by").map(str::to_owned), format: None, width: None, seed: SEED })
}

/// What was won in the last 365 days, in units of the reporting currency; at least one.
fn won_last_year(known: &Known) -> Result<f64, Failure> {
    let last = i64::from(known.as_of.day().0);
    let spec = Spec {
        name: "goal.last_year",
        grain: Grain::Opportunity,
        filter: vec![Test::Between(opp::WON_ON, last - 364, last)],
        dims: vec![],
        measures: vec![Measure::Sum(opp::AMOUNT)],
    };
    let tallies = known.facts.answer(&[spec])?;
    let minor = 10_f64.powi(i32::try_from(known.currency().decimals()).unwrap_or(2));
    Ok((tallies.first().map_or(0, |t| t.total(0)) as f64 / minor).round().max(1.0))
}

/// A page that says why there is none.
fn missing(room: Room, failure: Failure) -> Made {
    let (id, title) = match room {
        Room::Scoring => ("scoring", "What the rules of the score tell"),
        _ => ("capacity", "Where the bar should stand"),
    };
    let message = web::sentence(&failure.message);
    let settle =
        "Sign an agreement with scoring rules; `lockstep agreement new --from-data` drafts one from the own history.";
    let refusal =
        Refusal { code: failure.code, asked: title.to_owned(), had: failure.message, needed: settle.to_owned() };
    let mut section = analyses::empty_section(id, title, "Rules and bar are those of the agreement in force.");
    section.answer.clone_from(&message);
    section.refusals.push(refusal);
    let answer = analyses::Answer { headline: message, sections: vec![section], ..analyses::Answer::default() };
    Made { answer, title: title.to_owned(), period: "now".to_owned() }
}
