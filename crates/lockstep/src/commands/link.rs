//! `lockstep link`: an operator records that two records belong together, or withdraws that. A link is an entry.

use std::path::Path;

use entries::catalogue::link;
use entries::{Entry, Value};
use ledger::{BatchMeta, Commit, Outcome};
use terms::{Entity, Key, When};

use crate::cli;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};

fn key(text: &str, system: &str) -> Result<Key, Failure> {
    let bad = || {
        Failure::new("bad_key", format!("`{text}`: read no kind and id"))
            .hint("write it like lead:00Q1 or opportunity:0061")
    };
    let (kind, id) = text.split_once(':').ok_or_else(bad)?;
    let entity = Entity::parse(kind).filter(|_| !id.is_empty()).ok_or_else(bad)?;
    // the importer keeps 15 characters of a Salesforce id, as both lengths name the same record
    let id = if system == "salesforce" { id.get(..15).unwrap_or(id) } else { id };
    Ok(Key::of(entity, system, id))
}

/// Runs the command.
pub fn run(args: &cli::Link, home: &Path, style: Style) -> Result<Ended, Failure> {
    let mut home = Home::open(home)?;
    let (from, to) = (key(&args.from, &args.system)?, key(&args.to, &args.system)?);
    let now = home::now();
    let mut entry = Entry::new(Entity::Link)
        .with(link::FROM, Value::Key(from))
        .with(link::TO, Value::Key(to))
        .with(link::RULE, Value::Text("operator".into()))
        .with(link::WITHDRAWN, Value::Flag(args.withdraw))
        .with(link::BY, Value::Text("operator".into()));
    let id = format!("{}|{}", args.from, args.to);
    entry.id = Key::of(Entity::Link, "operator", &id);
    entry.id_text = id.into();
    entry.subject = from;
    entry.valid_at = When::Instant(now);
    let meta = BatchMeta {
        recorded_at: now,
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        source: "operator".to_owned(),
        settings: home.desk.settings()?,
    };
    let mut writer = home.ledger.begin(meta)?;
    writer.append(&entry)?;
    let outcome = writer.commit(Commit::default())?;
    let Outcome::Committed { seq, .. } = outcome else {
        return output::print("Nothing new: that link stands already.\n").map(|()| Ended::Done);
    };
    if style.json {
        output::print_json(&serde_json::json!({ "batch": seq }))?;
    } else {
        let what = if args.withdraw { "is withdrawn" } else { "is recorded" };
        output::print(&format!("The link from {} to {} {what}, in batch {seq}.\n", args.from, args.to))?;
    }
    Ok(Ended::Done)
}
