//! `lockstep person`: what is held of one human, as a file, and forgetting them.
//!
//! Not here: where names are kept (`desk`). Invariant: forgetting changes no batch: the ledger verifies as before, and every
//! count stays what it was.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use desk::{Desk, Inbox};
use entries::catalogue::{lead, person, rep};
use entries::{Entry, Value, catalogue};
use ledger::{Filter, Head};
use serde_json::{Map, Value as Json, json};
use terms::{Entity, Key};

use crate::cli::{self, PersonWhat};
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};
use crate::serving::sweep;

/// Runs the command.
pub fn run(args: &cli::PersonArgs, home: &Path, style: Style) -> Result<Ended, Failure> {
    match &args.what {
        PersonWhat::Export { whom } => {
            let home = Home::open_to_read(home)?;
            let held = held(&home, whom)?;
            output::print_json(&exported(&home, &held)?)?;
        }
        PersonWhat::Erase { whom, yes } => {
            let mut home = Home::open(home)?;
            // what is on its way to the ledger may name them too
            let inbox = Inbox::open(home.root.join("inbox.sqlite"))?;
            while inbox.count_waiting()? > 0 {
                sweep::sweep(&mut home, &inbox, home::now())?;
            }
            let held = held(&home, whom)?;
            erase(&home, &held, (whom, *yes), style)?;
        }
    }
    Ok(Ended::Done)
}

/// What is held of one human.
struct Held {
    /// By which numbers the vault knows them.
    keys: Vec<Key>,
    /// Their records in the systems they came from.
    records: BTreeSet<Key>,
}

fn unknown(whom: &str) -> Failure {
    Failure::new("unknown_person", format!("`{whom}`: nobody is known by this"))
        .hint("give a mail address, a phone number, or the id of a lead or contact as its source writes it")
}

/// By whom a word is known: a mail or a phone of the vault, or the id of a record.
fn held(home: &Home, whom: &str) -> Result<Held, Failure> {
    let head = home.ledger.head();
    let mut keys: Vec<Key> = home.desk.known_by(whom)?;
    if keys.is_empty() {
        let short = Some(import::salesforce_id(whom)).filter(|short| !short.is_empty()).unwrap_or(whom);
        for entity in [Entity::Lead, Entity::Person, Entity::Rep] {
            for item in head.entries(entity, Filter::default())? {
                let (_, entry) = item?;
                if entry.id_text == whom || entry.id_text == short {
                    keys.extend(of(&entry));
                }
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return Err(unknown(whom));
    }
    let mut records = BTreeSet::new();
    for entity in [Entity::Lead, Entity::Person, Entity::Rep] {
        for item in head.entries(entity, Filter::default())? {
            let (_, entry) = item?;
            if of(&entry).is_some_and(|key| keys.contains(&key)) {
                records.insert(entry.id);
            }
        }
    }
    Ok(Held { keys, records })
}

/// Who a record is of, by the number of the vault.
fn of(entry: &Entry) -> Option<Key> {
    let field = match entry.entity {
        Entity::Lead => lead::PERSON,
        Entity::Person => person::PERSON,
        Entity::Rep => rep::PERSON,
        _ => return None,
    };
    entry.get(field).key()
}

fn value(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Text(text) => json!(text),
        Value::Key(key) => json!(format!("{}:{:016x}", key.entity.word(), key.hash)),
        Value::Int(n) => json!(n),
        Value::Real(x) => json!(x),
        Value::Money(money) => json!({ "minor": money.minor, "currency": money.currency.code() }),
        Value::When(when) => json!(when.to_string()),
        Value::Flag(flag) => json!(flag),
        Value::Stage(stage) => json!(stage.word()),
    }
}

/// Every entry about a human's records, as the ledger holds it, with file and line.
fn entries_of(head: &Head, records: &BTreeSet<Key>) -> Result<Vec<Json>, Failure> {
    let mut out = Vec::new();
    let about = [
        Entity::Lead,
        Entity::Person,
        Entity::Rep,
        Entity::StageChange,
        Entity::FieldChange,
        Entity::Activity,
        Entity::Touch,
        Entity::Dispute,
    ];
    for record in records {
        for entity in about {
            for item in head.entries(entity, Filter { subject: Some(*record), ..Filter::default() })? {
                let (stamp, entry) = item?;
                let mut fields = Map::new();
                for (field, read) in catalogue::fields(entity).iter().zip(entry.values()) {
                    if !read.is_none() {
                        fields.insert(field.name.to_owned(), value(read));
                    }
                }
                out.push(json!({
                    "entity": entity.word(), "id": entry.id_text.as_str(), "at": entry.valid_at.to_string(),
                    "batch": stamp.seq, "file": &*stamp.file, "line": entry.row.line, "fields": fields,
                }));
            }
        }
    }
    Ok(out)
}

fn exported(home: &Home, held: &Held) -> Result<Json, Failure> {
    let mut persons = Vec::new();
    for key in &held.keys {
        let known = home.desk.known_person(*key)?;
        let forgotten = home.desk.forgotten_at(*key)?.map(|at| at.to_string());
        persons.push(json!({
            "number": format!("{:016x}", key.hash), "forgotten": forgotten,
            "mail": known.as_ref().and_then(|p| p.mail.clone()),
            "phones": known.as_ref().map(|p| p.phones.clone()).unwrap_or_default(),
            "name": known.as_ref().and_then(|p| p.name.clone()),
        }));
    }
    Ok(json!({
        "persons": persons,
        "entries": entries_of(home.ledger.head(), &held.records)?,
        "notes": notes(&home.desk, &held.records)?,
        "not_here": "files that were imported lie where they were exported to; rows that could not be read: `lockstep rejects`",
    }))
}

fn notes(desk: &Desk, records: &BTreeSet<Key>) -> Result<Vec<Json>, Failure> {
    let mut out = Vec::new();
    for record in records {
        for note in desk.notes(record.hash)? {
            out.push(json!({ "at": note.at.to_string(), "user": note.user, "act": note.act, "words": note.words }));
        }
    }
    Ok(out)
}

fn erase(home: &Home, held: &Held, (whom, yes): (&str, bool), style: Style) -> Result<(), Failure> {
    if !yes {
        let message = format!("`{whom}`: would be forgotten for good, with {} records", held.records.len());
        return Err(Failure::new("not_sure", message)
            .hint("look at `lockstep person export` first, then say --yes: nothing brings the name back"));
    }
    let done = home.desk.forget(&held.keys, home::now())?;
    let mut subjects: HashSet<u64> = held.records.iter().map(|r| r.hash).collect();
    // what was said in the disputes about their leads
    for one in crate::serving::disputes::all(&crate::serving::disputes::steps(home.ledger.head())?, None)? {
        if held.records.contains(&one.dispute.subject) {
            subjects.insert(crate::serving::disputes::thread(&one.dispute.name));
        }
    }
    let mut notes = 0;
    for subject in subjects {
        notes += home.desk.forget_notes(subject)?;
    }
    if style.json {
        return output::print_json(&json!({
            "known": done.known, "records": held.records.len(), "rejects": done.rejects, "notes": notes,
            "overwritten": done.overwritten,
        }));
    }
    let later = if done.overwritten {
        ""
    } else {
        " Older bytes are overwritten when the other process that reads the desk ends."
    };
    output::print(&format!(
        "Forgotten: {} of the vault, {} rejected rows, {notes} notes. The ledger holds the random number alone for {} records; it verifies, and every count stays.{later}\nNot reached: the files that were imported, and backups. Whoever imports them again brings the person back.\n",
        done.known,
        done.rejects,
        held.records.len()
    ))
}
