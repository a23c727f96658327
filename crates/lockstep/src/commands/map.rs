//! `lockstep map`: a suggested mapping for a file that import does not know.

use std::path::Path;

use crate::cli;
use crate::failure::Failure;
use crate::output::{self, Ended, Style};

/// Rows looked at for a suggestion.
const SAMPLE: usize = 500;

/// A mapping that may fit each file of these that holds a table; those that hold none are left out.
pub fn suggestions(paths: &[std::path::PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let readers = import::Readers { parquet: Some(crate::importing::parquet) };
    let mut out = Vec::new();
    for piece in import::survey(paths, &readers)?.iter().filter(|piece| piece.problem().is_none()) {
        out.push((piece.name().to_owned(), suggested(piece)?));
    }
    Ok(out)
}

fn suggested(piece: &import::Piece) -> Result<String, Failure> {
    let preview = import::Preview::of(piece, SAMPLE)?;
    let file = Path::new(piece.name()).file_name().and_then(|n| n.to_str()).unwrap_or(piece.name()).to_owned();
    Ok(import::suggest::suggest(&preview.header, &preview.rows, &file).toml)
}

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
        let toml = suggested(piece)?;
        any = true;
        if style.json {
            output::print_json(&serde_json::json!({ "file": piece.name(), "toml": toml }))?;
        } else {
            output::print(&toml)?;
        }
    }
    if any {
        Ok(Ended::Done)
    } else {
        Err(Failure::new("no_table", format!("`{}`: holds no table", args.path.display()))
            .hint("CSV, JSON lines, Parquet and XLSX are read, also inside zip and gz"))
    }
}
