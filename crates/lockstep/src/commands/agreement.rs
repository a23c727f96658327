//! `lockstep agreement`: the document that both teams sign, as a file.
//!
//! Not here: what a document means (`agreement::document`).

use std::io::Read;
use std::path::Path;

use agreement::document::{self, Agreement, DRAFT};

use crate::cli::{self, AgreementWhat};
use crate::failure::Failure;
use crate::home;
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Agreement, style: Style) -> Result<Ended, Failure> {
    match &args.what {
        AgreementWhat::New => output::print(DRAFT).map(|()| Ended::Done),
        AgreementWhat::Check { file } => check(&read(file)?, style),
        AgreementWhat::Show { file } => show(&read(file)?, style),
        AgreementWhat::Diff { before, after } => diff(&read(before)?, &read(after)?, style),
    }
}

fn read(file: &Path) -> Result<Agreement, Failure> {
    let most = document::MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let (origin, done) = if file == Path::new("-") {
        ("standard input".to_owned(), std::io::stdin().lock().take(most).read_to_end(&mut bytes))
    } else {
        let opened = std::fs::File::open(file);
        (file.display().to_string(), opened.and_then(|opened| opened.take(most).read_to_end(&mut bytes)))
    };
    done.map_err(|cause| Failure::io(file, "read", &cause))?;
    let text = String::from_utf8(bytes).map_err(|cause| {
        let line = cause.as_bytes()[..cause.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::new("agreement", format!("`{origin}:{line}`: not UTF-8")).hint("save the file as UTF-8")
    })?;
    // a byte order mark is no part of the text
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Agreement::parse(text, &origin).map_err(|wrong| {
        let place = if wrong.place.is_empty() { String::new() } else { format!("[{}] ", wrong.place) };
        let message = format!("`{}:{}`: {place}{}", wrong.origin, wrong.line, wrong.cause);
        Failure::new("agreement", message).hint(wrong.hint)
    })
}

fn check(agreement: &Agreement, style: Style) -> Result<Ended, Failure> {
    let today = home::now().day();
    let doubts = document::doubts(agreement, today);
    let ended = if doubts.is_empty() { Ended::Done } else { Ended::WithRejects };
    if style.json {
        let doubts: Vec<serde_json::Value> =
            doubts.iter().map(|d| serde_json::json!({ "code": d.code, "place": d.place, "text": d.text })).collect();
        let name = &agreement.name;
        output::print_json(&serde_json::json!({ "name": name, "hash": agreement.hash(), "doubts": doubts }))?;
        return Ok(ended);
    }
    let mut out = format!("{} reads well; its hash is {}\n", agreement.name, agreement.hash());
    for doubt in &doubts {
        out.push_str(&format!("  {}: {}\n", doubt.place, doubt.text));
    }
    if doubts.is_empty() {
        out.push_str("Nothing in it is doubtful.\n");
    }
    output::print(&out)?;
    Ok(ended)
}

fn show(agreement: &Agreement, style: Style) -> Result<Ended, Failure> {
    if style.json {
        let says: serde_json::Map<String, serde_json::Value> =
            agreement.lines.iter().map(|(place, value)| (place.to_owned(), value.into())).collect();
        let name = &agreement.name;
        output::print_json(&serde_json::json!({ "name": name, "hash": agreement.hash(), "says": says }))?;
    } else {
        output::print(&document::read_aloud(agreement))?;
    }
    Ok(Ended::Done)
}

fn diff(before: &Agreement, after: &Agreement, style: Style) -> Result<Ended, Failure> {
    let changes = document::changes(&before.lines, &after.lines);
    if style.json {
        let changes: Vec<serde_json::Value> = changes
            .iter()
            .map(|c| serde_json::json!({ "place": c.place, "before": c.before, "after": c.after }))
            .collect();
        let hashes = [before.hash(), after.hash()];
        output::print_json(&serde_json::json!({ "hashes": hashes, "changes": changes }))?;
        return Ok(Ended::Done);
    }
    if changes.is_empty() {
        output::print(&format!("Both say the same; their hash is {}\n", before.hash()))?;
        return Ok(Ended::Done);
    }
    let mut out: String = changes.iter().map(|change| document::said(change) + "\n").collect();
    out.push_str(&format!("{} differences; signatures under one do not hold for the other\n", changes.len()));
    output::print(&out)?;
    Ok(Ended::Done)
}
