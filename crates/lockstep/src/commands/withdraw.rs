//! `lockstep withdraw`: a batch that was misread counts no more. The ledger says so by a new batch; nothing is rewritten.

use std::path::Path;

use ledger::{BatchMeta, Outcome};
use terms::Entity;

use crate::cli;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};

/// Files named where more would have to be imported again.
const NAMED: usize = 5;

/// Runs the command.
pub fn run(args: &cli::Withdraw, home: &Path, style: Style) -> Result<Ended, Failure> {
    let reason = args.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() {
        return Err(Failure::new("no_reason", "`--reason`: read nothing, expected why the batch is withdrawn")
            .hint("it stands in the ledger for whoever reads it later: --reason 'dates were read as day first'"));
    }
    let mut home = Home::open(home)?;
    let steps = home.ledger.head().manifest(args.batch).and_then(|m| m.counts.get(Entity::Agreement.word())).copied();
    if steps.unwrap_or(0) > 0 {
        return Err(Failure::new("signed", format!("batch {}: holds a step of the agreement", args.batch))
            .hint("a version is declined or ended by those who sign (`lockstep agreement decline`, `expire`), a key by `lockstep key withdraw`"));
    }
    let meta = BatchMeta {
        recorded_at: home::now(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        source: "operator".to_owned(),
        settings: home.desk.settings()?,
    };
    let outcome = home.ledger.withdraw(meta, args.batch, &reason);
    if outcome.as_ref().err().is_none_or(|e| e.code() == "withdrawn_already") {
        home.desk.reopen_fixed(&args.batch.to_string())?; // also after a withdrawal that was cut off before this
    }
    let (Outcome::Committed { seq, .. } | Outcome::NothingNew { seq, .. }) = outcome?;
    let head = home.ledger.head();
    let entries: u64 = head.manifest(args.batch).map_or(0, |m| m.counts.values().sum());
    let again: Vec<String> = head.leaned().into_iter().map(|(batch, file)| format!("{file} (batch {batch})")).collect();
    if style.json {
        output::print_json(&serde_json::json!({
            "batch": seq, "withdrawn": args.batch, "entries": entries, "import_again": again,
        }))?;
        return Ok(Ended::Done);
    }
    let n = |x: u64| faces::format::count(x as i64);
    let mut told = format!(
        "Batch {} is withdrawn, in batch {seq}: its {} entries count no more. `report --at {}` still sees them.\n",
        args.batch,
        n(entries),
        seq - 1
    );
    if again.is_empty() {
        told.push_str("To replace it, import its files again.\n");
    } else {
        let more = again.len().saturating_sub(NAMED);
        let named: Vec<&str> = again.iter().take(NAMED).map(String::as_str).collect();
        told.push_str(&format!(
            "Later imports left out what batch {} held already. Import their files again too, so that nothing is missing: {}{}.\n",
            args.batch,
            named.join(", "),
            if more > 0 { format!(" and {more} more") } else { String::new() }
        ));
    }
    output::print(&told)?;
    Ok(Ended::Done)
}
