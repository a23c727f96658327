//! `lockstep status`: what is in the ledger, until when, and whether every row is accounted for.

use std::collections::BTreeMap;
use std::path::Path;

use terms::Entity;

use crate::failure::Failure;
use crate::home::Home;
use crate::output::{self, Ended, Style};

/// Rows of all files of a head: read, used, rejected, ignored, and whether each file adds up.
pub struct Completeness {
    /// Rows read.
    pub rows: u64,
    /// Rows that gave an entry.
    pub used: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Rows that were understood and not used.
    pub ignored: u64,
    /// Files read.
    pub files: u64,
    /// Whether every file adds up.
    pub whole: bool,
    /// Batches that are withdrawn, whose files are not counted here.
    pub withdrawn: Vec<u64>,
}

impl Completeness {
    /// Over all batches of a head that are not withdrawn.
    pub fn of(head: &ledger::Head) -> Completeness {
        let withdrawn = head.withdrawn().into_keys().collect();
        let mut all = Completeness { rows: 0, used: 0, rejected: 0, ignored: 0, files: 0, whole: true, withdrawn };
        for file in head.standing().flat_map(|m| &m.files) {
            all.rows += file.count.rows;
            all.used += file.count.used;
            all.rejected += file.count.rejected;
            all.ignored += file.count.ignored_rows();
            all.files += 1;
            all.whole &= file.count.is_complete();
        }
        all
    }

    /// As a sentence.
    pub fn sentence(&self) -> String {
        let n = |x: u64| faces::format::count(x as i64);
        let gone: Vec<String> = self.withdrawn.iter().map(u64::to_string).collect();
        format!(
            "{} rows of {} files = {} used + {} rejected + {} ignored{}{}",
            n(self.rows),
            n(self.files),
            n(self.used),
            n(self.rejected),
            n(self.ignored),
            if self.whole { ", every file accounted for" } else { "; NOT every file is accounted for" },
            if gone.is_empty() {
                String::new()
            } else {
                format!("; withdrawn and not counted: batch {}", gone.join(", "))
            }
        )
    }
}

/// Runs the command.
pub fn run(home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let head = home.ledger.head();
    let counts: BTreeMap<&str, u64> =
        Entity::ALL.into_iter().map(|e| (e.word(), head.count(e))).filter(|(_, n)| *n > 0).collect();
    let completeness = Completeness::of(head);
    let through = head.data_through().map(|t| t.to_string());
    if style.json {
        output::print_json(&serde_json::json!({
            "batch": head.seq(), "hash": head.hash(), "data_through": through, "counts": counts,
            "rows": completeness.rows, "used": completeness.used, "rejected": completeness.rejected,
            "ignored": completeness.ignored, "complete": completeness.whole, "people": home.desk.people()?,
            "settings": home.desk.settings()?,
            "withdrawn": head.withdrawn().into_iter().map(|(seq, (by, w))| {
                serde_json::json!({ "batch": seq, "by_batch": by, "reason": w.reason })
            }).collect::<Vec<_>>(),
        }))?;
        return Ok(Ended::Done);
    }
    let n = |x: u64| faces::format::count(x as i64);
    let mut out = format!("Batch {}, hash {}\n", head.seq(), head.hash());
    out.push_str(&format!("Data through {}\n\n", through.unwrap_or_else(|| "nothing yet".to_owned())));
    let rows: Vec<Vec<String>> = Entity::ALL
        .into_iter()
        .filter(|e| head.count(*e) > 0)
        .map(|e| {
            let until = head.data_through_of(e).map_or(String::new(), |t| t.to_string());
            vec![e.word().to_owned(), n(head.count(e)), until]
        })
        .collect();
    out.push_str(&faces::rows::table(&["entries", "count", "last happened"], &rows, style.columns()));
    let batches: Vec<Vec<String>> = head
        .manifests()
        .rev()
        .take(10)
        .map(|m| {
            let entries: u64 = m.counts.values().sum();
            vec![m.seq.to_string(), m.recorded_at.to_string(), m.files.len().to_string(), n(entries), n(m.rejects)]
        })
        .collect();
    out.push('\n');
    out.push_str(&faces::rows::table(
        &["batch", "recorded at", "files", "entries", "rejects"],
        &batches,
        style.columns(),
    ));
    for (seq, (by, withdrawal)) in head.withdrawn() {
        out.push_str(&format!("Batch {seq} is withdrawn by batch {by}: {}\n", withdrawal.reason));
    }
    out.push_str(&format!("\n{}.\n", completeness.sentence()));
    output::print(&out)?;
    Ok(Ended::Done)
}
