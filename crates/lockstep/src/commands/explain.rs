//! `lockstep explain`: how one lead's entries became its facts, step by step, with the row of each.

use std::path::Path;

use ledger::Filter;
use terms::{Entity, Key};

use crate::cli;
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{self, Ended, Style};

/// Systems of the mappings that come along: keys of their ids are tried before all records are read.
const SYSTEMS: [&str; 3] = ["salesforce", "hubspot", "marketo"];

/// The lead (or opportunity, or contact) that a source calls by this id.
pub fn find(known: &Known, id: &str) -> Result<Key, Failure> {
    // both lengths of a Salesforce id name the same record
    let short = Some(import::salesforce_id(id)).filter(|short| !short.is_empty()).unwrap_or(id);
    let entities = [Entity::Lead, Entity::Opportunity, Entity::Person];
    let tried = entities
        .into_iter()
        .flat_map(|e| SYSTEMS.into_iter().flat_map(move |s| [Key::of(e, s, id), Key::of(e, s, short)]));
    if let Some(key) = tried.into_iter().find(|key| known.facts.journey_of(key.hash).is_some()) {
        return Ok(key);
    }
    for entity in entities {
        for item in known.head.entries(entity, Filter::default())? {
            let (_, entry) = item?;
            if entry.id_text == id || entry.id_text == short {
                return Ok(entry.id);
            }
        }
    }
    Err(Failure::new("unknown_lead", format!("`{id}`: no lead, opportunity or contact has this id"))
        .hint("give the id as its source writes it; `lockstep rows FIGURE` lists rows with their file and line"))
}

/// How a subject's entries became its facts.
pub struct Told {
    /// The journey it is of.
    pub journey: u64,
    /// All that belongs to it.
    pub subjects: Vec<u64>,
    /// Cycles and opportunities that came of it.
    pub cycles: usize,
    pub opportunities: usize,
    /// When, what happened, what it did to the facts, and file and line.
    pub steps: Vec<[String; 4]>,
}

/// Tells a subject's steps.
pub fn tell(known: &Known, subject: Key) -> Result<Told, Failure> {
    let gathered = facts::gather(&known.head, &known.facts, &known.definitions, subject.hash)?;
    let (folded, told) =
        journey::explain(&gathered.input(), &known.definitions, None, &|code| gathered.text(code).map(str::to_owned));
    let place = |source: &journey::Source| {
        let file = known
            .head
            .manifest(u64::from(source.batch))
            .and_then(|m| m.files.get(source.file as usize))
            .map_or("", |f| f.count.file.as_str());
        format!("{}:{}", file.rsplit('/').next().unwrap_or(file), source.line)
    };
    let steps = told.iter().map(|t| [t.when.to_string(), t.what.clone(), t.effect.clone(), place(&t.source)]).collect();
    let (cycles, opportunities) = (folded.cycles.len(), folded.opportunities.len());
    Ok(Told { journey: gathered.journey, subjects: gathered.subjects, cycles, opportunities, steps })
}

/// A time as people read it.
pub fn readable(when: &str) -> String {
    when.trim_end_matches('Z').replace('T', " ")
}

/// Runs the command.
pub fn run(args: &cli::Explain, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = Known::open_under(&home, None, None, args.under.as_deref(), style)?;
    let subject = find(&known, &args.lead)?;
    let told = tell(&known, subject)?;
    if style.json {
        let steps: Vec<serde_json::Value> = told
            .steps
            .iter()
            .map(|[when, what, effect, place]| {
                serde_json::json!({ "when": when, "what": what, "effect": effect, "where": place })
            })
            .collect();
        output::print_json(&serde_json::json!({
            "lead": args.lead, "journey": format!("{:016x}", told.journey), "steps": steps,
            "cycles": told.cycles, "opportunities": told.opportunities,
        }))?;
        return Ok(Ended::Done);
    }
    let rows: Vec<Vec<String>> = told
        .steps
        .iter()
        .map(|[when, what, effect, place]| vec![readable(when), what.clone(), effect.clone(), place.clone()])
        .collect();
    let mut text = format!(
        "{}: {} steps, {} cycles, {} opportunities\n\n",
        args.lead,
        told.steps.len(),
        told.cycles,
        told.opportunities
    );
    text.push_str(&faces::rows::table(
        &["when (UTC)", "what happened", "what it did to the facts", "row"],
        &rows,
        style.columns().max(140),
    ));
    output::print(&text)?;
    Ok(Ended::Done)
}
