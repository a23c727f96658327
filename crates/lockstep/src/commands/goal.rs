//! `lockstep goal`: what it takes to win so much.
//!
//! Not here: the arithmetic (`analyses::goal`).

use std::path::Path;

use analyses::goal::{Asked, answer};

use crate::cli;
use crate::commands::score::{self, Made};
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{Ended, Style};

/// Draws behind each interval.
const DRAWS: usize = 400;

/// Runs the command.
pub fn run(args: &cli::Goal, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = Known::open(&home, None, None, style)?;
    let made = make(&known, args)?;
    score::page(made, (args.seed, args.format, args.width), (&home, &known), style)
}

/// What it takes to win that much, at what is known.
///
/// # Errors
/// Where the goal is no amount, or the records cannot be read.
pub fn make(known: &Known, args: &cli::Goal) -> Result<Made, Failure> {
    if !args.won.is_finite() || args.won <= 0.0 || args.won > 1e15 {
        return Err(Failure::new("bad_number", format!("`{}`: expected an amount above 0", args.won))
            .hint("in units of the reporting currency, such as 2400000"));
    }
    let minor = 10_f64.powi(i32::try_from(known.currency().decimals()).unwrap_or(2));
    let asked = Asked {
        goal: args.won * minor,
        by: args.by.clone(),
        as_of: i64::from(known.as_of.minutes()),
        fiscal: known.settings.fiscal,
        currency: known.currency(),
        seed: args.seed,
        draws: DRAWS,
    };
    let answer = answer(&asked, &known.facts)?;
    let amount = faces::format::count(args.won.round() as i64);
    let title = format!("What it takes to win {}{amount}", faces::format::currency_mark(known.currency()));
    Ok(Made { answer, title, period: "the year of leads that are old enough".to_owned() })
}
