//! `lockstep goal`: what it takes to win so much.
//!
//! Not here: the arithmetic (`analyses::goal`).

use std::path::Path;

use analyses::goal::{Asked, answer};

use crate::cli;
use crate::commands::report::Known;
use crate::commands::score::{self, Page};
use crate::failure::Failure;
use crate::home::Home;
use crate::output::{Ended, Style};

/// Draws behind each interval.
const DRAWS: usize = 400;

/// Runs the command.
pub fn run(args: &cli::Goal, home: &Path, style: Style) -> Result<Ended, Failure> {
    if !args.won.is_finite() || args.won <= 0.0 || args.won > 1e15 {
        return Err(Failure::new("bad_number", format!("`{}`: expected an amount above 0", args.won))
            .hint("in units of the reporting currency, such as 2400000"));
    }
    let home = Home::open_to_read(home)?;
    let known = Known::open(&home, None, None, style)?;
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
    let found = answer(&asked, &known.facts)?;
    let amount = faces::format::count(args.won.round() as i64);
    let title = format!("What it takes to win {} {amount}", known.currency().code());
    let period = "the year of leads that are old enough".to_owned();
    score::page(
        found,
        Page { title, period, seed: args.seed, format: args.format, width: args.width },
        (&home, &known),
        style,
    )
}
