//! `lockstep map`: a suggested mapping for a file that import does not know.

use std::path::Path;

use crate::cli;
use crate::failure::Failure;
use crate::output::{self, Ended, Style};

/// Rows looked at for a suggestion.
const SAMPLE: usize = 500;

/// Runs the command.
pub fn run(args: &cli::Map, style: Style) -> Result<Ended, Failure> {
    let readers = import::Readers { parquet: Some(crate::importing::parquet) };
    let pieces = import::survey(std::slice::from_ref(&args.path), &readers)?;
    let mut any = false;
    for piece in &pieces {
        if let Some(problem) = piece.problem() {
            eprintln!("{problem}");
            continue;
        }
        let preview = import::Preview::of(piece, SAMPLE)?;
        let file = Path::new(piece.name()).file_name().and_then(|n| n.to_str()).unwrap_or(piece.name()).to_owned();
        let suggestion = import::suggest::suggest(&preview.header, &preview.rows, &file);
        any = true;
        if style.json {
            output::print_json(&serde_json::json!({ "file": piece.name(), "toml": suggestion.toml }))?;
        } else {
            output::print(&suggestion.toml)?;
        }
    }
    if any {
        Ok(Ended::Done)
    } else {
        Err(Failure::new("no_table", format!("`{}`: holds no table", args.path.display()))
            .hint("CSV, JSON lines, Parquet and XLSX are read, also inside zip and gz"))
    }
}
