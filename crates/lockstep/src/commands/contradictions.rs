//! `lockstep contradictions`: what sources or fields say differently, and the rule that decided.

use std::path::Path;

use crate::cli;
use crate::failure::Failure;
use crate::home::Home;
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Limit, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open(home)?;
    let _ = (home, args, style);
    output::print("")?;
    Ok(Ended::Done)
}
