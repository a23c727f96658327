//! `lockstep link`: an operator records that two records belong together, or withdraws that. A link is an entry.

use std::path::Path;

use analyses::nearest::distance;
use entries::catalogue::link;
use entries::{Entry, Value};
use ledger::{BatchMeta, Commit, Filter, Head, Outcome};
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
    let id = if system == "salesforce" { import::salesforce_id(id) } else { id };
    Ok(Key::of(entity, system, id))
}

/// Ids named where one is not known.
const NEAREST: usize = 3;

/// Checks that there is such a record. A link to nothing would stand in the ledger and say nothing.
fn known(head: &Head, key: Key, text: &str) -> Result<(), Failure> {
    let (kind, id) = text.split_once(':').unwrap_or(("", text));
    let mut nearest: Vec<(usize, String)> = Vec::new();
    let mut elsewhere = false;
    for item in head.entries(key.entity, Filter::default())? {
        let (_, entry) = item?;
        if entry.id == key {
            return Ok(());
        }
        elsewhere |= entry.id_text == id;
        let far = distance(id, &entry.id_text);
        let worst = nearest.last().map_or(usize::MAX, |(far, _)| *far);
        if (nearest.len() < NEAREST || far < worst) && nearest.iter().all(|(_, known)| *known != entry.id_text) {
            nearest.push((far, entry.id_text.to_string()));
            nearest.sort();
            nearest.truncate(NEAREST);
        }
    }
    let failure = Failure::new("unknown_record", format!("`{text}`: no {kind} of this id is in the ledger"));
    let ids: Vec<String> = nearest.into_iter().map(|(_, known)| format!("{kind}:{known}")).collect();
    Err(failure.hint(if elsewhere {
        "another source system has that id: name the system with --system".to_owned()
    } else if ids.is_empty() {
        format!("the ledger holds no {kind} at all: import them first")
    } else {
        format!("nearest are {}; ids of other tools than Salesforce need --system", ids.join(", "))
    }))
}

/// Runs the command.
pub fn run(args: &cli::Link, home: &Path, style: Style) -> Result<Ended, Failure> {
    let mut home = Home::open(home)?;
    let (from, to) = (key(&args.from, &args.system)?, key(&args.to, &args.system)?);
    if !args.withdraw {
        known(home.ledger.head(), from, &args.from)?;
        known(home.ledger.head(), to, &args.to)?;
    }
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
