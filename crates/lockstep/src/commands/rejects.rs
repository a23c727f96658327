//! `lockstep rejects`: rows that could not be read, to look at or to mend.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use desk::{Desk, KeptReject, RejectCount};

use crate::cli;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Rejects, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let standing: BTreeSet<u64> = home.ledger.head().standing().map(|m| m.seq).collect();
    let counts: Vec<RejectCount> = home
        .desk
        .reject_counts()?
        .into_iter()
        .filter(|c| c.batch.parse().is_ok_and(|b| standing.contains(&b) && args.batch.is_none_or(|asked| asked == b)))
        .filter(|c| c.rejected > c.fixed)
        .collect();
    if let Some(folder) = &args.export {
        return export(&home, &counts, folder);
    }
    let mut rows = Vec::new();
    let mut data = Vec::new();
    let mut batches: Vec<&str> = counts.iter().map(|c| c.batch.as_str()).collect();
    batches.dedup();
    'all: for batch in batches {
        for kept in home.desk.rejects(batch) {
            let kept = kept?;
            if kept.fixed.is_some() {
                continue;
            }
            if rows.len() >= args.limit {
                break 'all;
            }
            let r = &kept.reject;
            let file =
                counts.iter().find(|c| c.batch == batch && c.file.number == r.row.file).map_or("", |c| &c.file.name);
            let short = file.rsplit('/').next().unwrap_or(file);
            rows.push(vec![
                format!("{short}:{}", r.row.line),
                r.column.clone(),
                faces::rows::cut(&r.read, 30),
                r.expected.clone(),
                r.hint.clone(),
            ]);
            data.push(serde_json::json!({
                "batch": batch, "file": file, "line": r.row.line, "column": r.column, "read": r.read,
                "expected": r.expected, "hint": r.hint, "row": r.raw,
            }));
        }
    }
    let total: u64 = counts.iter().map(|c| c.rejected - c.fixed).sum();
    if style.json {
        output::print_json(&serde_json::json!({ "rejects": data, "total": total }))?;
    } else if total == 0 {
        output::print("No rejects: every row that was read is used, mended since, or ignored with a reason.\n")?;
    } else {
        let mut text = faces::rows::table(&["where", "column", "read", "expected", "hint"], &rows, style.columns());
        text.push_str(&format!(
            "\n{} of {} shown. To mend them: lockstep rejects --export fixed/, mend the rows, lockstep import fixed/\n",
            rows.len(),
            faces::format::count(total as i64)
        ));
        output::print(&text)?;
    }
    Ok(if total == 0 { Ended::Done } else { Ended::WithRejects })
}

const BATCH: &str = "-batch-";
const FILE: &str = "-file-";
const ROWS: &str = "-rows-";

/// The name of a file that holds rejects of a file: all of them, or those of these numbers.
pub fn exported_as(file: &str, (batch, number): (&str, u32), ids: &[u64]) -> String {
    let short = file.rsplit(['/', '!']).next().unwrap_or("rejects");
    let stem = short.rsplit_once('.').map_or(short, |(stem, _)| stem);
    let rows: Vec<String> = ids.iter().map(u64::to_string).collect();
    let rows = if rows.is_empty() { String::new() } else { format!("{ROWS}{}", rows.join(".")) };
    format!("{stem}{BATCH}{batch}{FILE}{number}{rows}.csv")
}

/// The batch and file whose rejects an exported file holds, and their numbers where it does not hold all of them, by the name that
/// the export gave it.
fn exported_from(name: &str) -> Option<(String, u32, Vec<u64>)> {
    let short = name.rsplit(['/', '\\', '!']).next()?.strip_suffix(".csv")?;
    let (_, place) = short.rsplit_once(BATCH)?;
    let (batch, file) = place.split_once(FILE)?;
    let (file, rows) = file.split_once(ROWS).unwrap_or((file, ""));
    let ids = rows.split('.').filter(|id| !id.is_empty()).map(|id| id.parse().ok()).collect::<Option<Vec<u64>>>()?;
    Some((batch.parse::<u64>().ok()?.to_string(), file.parse().ok()?, ids))
}

/// Marks as fixed the rejects whose mended rows came in with these files. What is still wrong in them is a reject of the
/// new batch, so that nothing is listed twice and nothing is lost.
pub fn mark_fixed<'n>(desk: &Desk, files: impl Iterator<Item = &'n str>, by_batch: u64) -> Result<(), Failure> {
    for (batch, file, only) in files.filter_map(exported_from) {
        let mut ids = Vec::new();
        for kept in desk.rejects(&batch) {
            let kept = kept?;
            let is_in = only.is_empty() || only.contains(&kept.id);
            if is_in && kept.reject.row.file == file && kept.fixed.is_none() {
                ids.push(kept.id);
            }
        }
        desk.mark_fixed(&ids, &by_batch.to_string(), home::now())?;
    }
    Ok(())
}

/// One CSV for each file that had rejects, with its header, so that it is recognised and imported like the file itself.
fn export(home: &Home, counts: &[RejectCount], folder: &Path) -> Result<Ended, Failure> {
    fs::create_dir_all(folder).map_err(|e| Failure::io(folder, "make the folder", &e))?;
    let mut told = String::new();
    for count in counts {
        let rows: Vec<KeptReject> = home
            .desk
            .rejects(&count.batch)
            .filter(|r| r.as_ref().map_or(true, |r| r.reject.row.file == count.file.number && r.fixed.is_none()))
            .collect::<Result<_, _>>()?;
        let path = folder.join(exported_as(&count.file.name, (&count.batch, count.file.number), &[]));
        let text = as_file(&count.file.header, rows.iter().map(|r| r.reject.raw.as_slice()));
        fs::write(&path, text).map_err(|e| Failure::io(&path, "write", &e))?;
        told.push_str(&format!("{}: {} rows of {}\n", path.display(), rows.len(), count.file.name));
    }
    output::print(&if told.is_empty() { "No rejects to export.\n".to_owned() } else { told })?;
    Ok(Ended::Done)
}

/// Rows as a file like the one that they came in.
pub fn as_file<'r>(header: &[String], rows: impl Iterator<Item = &'r [String]>) -> String {
    let mut text = String::new();
    line(&mut text, header);
    rows.for_each(|row| line(&mut text, row));
    text
}

fn line(text: &mut String, cells: &[String]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r', ';', '\t', '|']) || cell.starts_with(' ') || cell.ends_with(' ') {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::exported_from;

    #[test]
    fn an_exported_file_names_the_batch_and_file_it_came_from() {
        assert_eq!(exported_from("fixed/Lead-batch-3-file-12.csv"), Some(("3".to_owned(), 12, vec![])));
        assert_eq!(exported_from("a.zip!my-batch-report-batch-1-file-0.csv"), Some(("1".to_owned(), 0, vec![])));
        let some = super::exported_as("a.zip!Lead.2026.csv", ("3", 12), &[7, 9]);
        assert_eq!(some, "Lead.2026-batch-3-file-12-rows-7.9.csv");
        assert_eq!(exported_from(&some), Some(("3".to_owned(), 12, vec![7, 9])));
        assert_eq!(exported_from("Lead-batch-3-file-1-rows-x.csv"), None);
        for other in ["Lead.csv", "Lead-batch-3.csv", "Lead-batch-x-file-1.csv", "Lead-batch-3-file-1.txt"] {
            assert_eq!(exported_from(other), None, "{other}");
        }
    }
}
