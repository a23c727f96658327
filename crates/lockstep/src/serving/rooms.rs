//! The report of a room, as the command of the same name makes it.
//!
//! Invariant: what a reader left out is what the command takes where nothing is given.

use clap::ValueEnum;
use report::{Refusal, Report};
use web::{Asked, Room};

use super::{SEED, STYLE};
use crate::cli;
use crate::commands::report::make_of;
use crate::commands::score::{self, Made};
use crate::commands::{capacity, goal};
use crate::failure::Failure;
use crate::known::Known;

/// A room's report.
pub fn report(known: &Known, asked: &Asked) -> Result<Report, Failure> {
    let made = match asked.room {
        Room::Scoring => scoring(known, asked),
        Room::Capacity => bar(known, asked),
        Room::Goal => of_goal(known, asked),
        _ => return make_of(known, &question(asked)),
    };
    match made {
        Ok(made) => Ok(score::report(made, SEED, known)),
        // nothing to show is an answer as well: it says what is missing
        Err(failure) if matches!(failure.code.as_str(), "none_in_force" | "no_rules" | "no_wins") => {
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

fn of_goal(known: &Known, asked: &Asked) -> Result<Made, Failure> {
    let won = match number(asked, "won")? {
        Some(given) => given,
        // what was won in the last year is what a reader starts from
        None => {
            let minor = 10_f64.powi(i32::try_from(known.currency().decimals()).unwrap_or(2));
            let won = analyses::goal::won_in_year(&known.facts, i64::from(known.as_of.day().0))?;
            (won as f64 / minor).round()
        }
    };
    if won <= 0.0 && asked.given("won").is_none() {
        return Err(Failure::new(
            "no_wins",
            "nothing with an amount was won in the last 365 days: say what shall be won",
        ));
    }
    let args = cli::Goal { won, by: asked.given("by").map(str::to_owned), format: None, width: None, seed: SEED };
    goal::make(known, &args)
}

/// A page that says why there is none.
fn missing(room: Room, failure: Failure) -> Made {
    const SIGN: &str =
        "Sign an agreement with scoring rules; `lockstep agreement new --from-data` drafts one from the own history.";
    const RULES: &str = "Rules and bar are those of the agreement in force.";
    let (id, title, note, settle) = match room {
        Room::Scoring => ("scoring", "What the rules of the score tell", RULES, SIGN),
        Room::Goal => (
            "goal",
            "What it takes",
            "By the company's own rates.",
            "Give what shall be won, or import what was won: opportunities, or leads that say so, with their amounts.",
        ),
        _ => ("capacity", "Where the bar should stand", RULES, SIGN),
    };
    let message = web::sentence(&failure.message);
    let refusal =
        Refusal { code: failure.code, asked: title.to_owned(), had: failure.message, needed: settle.to_owned() };
    let mut section = analyses::empty_section(id, title, note);
    section.answer.clone_from(&message);
    section.refusals.push(refusal);
    let answer = analyses::Answer { headline: message, sections: vec![section], ..analyses::Answer::default() };
    Made { answer, title: title.to_owned(), period: "now".to_owned() }
}
