//! `lockstep contradictions`: what sources or fields say differently, and the rule that decided.
//!
//! Both values are kept in the ledger; this only sets them side by side. Within a record: the latest version of each
//! lead and opportunity. Between systems: records that a link says are one.

use std::collections::BTreeMap;
use std::path::Path;

use entries::catalogue::{lead, link, opportunity};
use entries::{Entry, FieldId, Value};
use identity::contradictions as says;
use identity::{Claim, Contradiction, LeadSays, OpportunitySays, Said};
use ledger::{Filter, Head};
use terms::{Entity, Key};

use crate::cli;
use crate::failure::Failure;
use crate::home::Home;
use crate::output::{self, Ended, Style};

/// The latest version of each thing of one kind, with the number of its batch, by key.
fn latest(head: &Head, entity: Entity) -> Result<BTreeMap<Key, (u64, Entry)>, Failure> {
    let mut all: BTreeMap<Key, (u64, Entry)> = BTreeMap::new();
    for item in head.entries(entity, Filter::default())? {
        let (stamp, entry) = item?;
        let order = |seq: u64, e: &Entry| {
            (if e.valid_at.minutes().is_some() { e.valid_at.order() } else { (i64::MIN, 0) }, seq, e.row)
        };
        match all.get(&entry.id) {
            Some((seq, known)) if order(*seq, known) > order(stamp.seq, &entry) => {}
            _ => {
                all.insert(entry.id, (stamp.seq, entry));
            }
        }
    }
    all.retain(|_, (_, entry)| !entry.deleted);
    Ok(all)
}

fn said(value: &Value) -> Option<Said<'_>> {
    match value {
        Value::Text(text) => Some(Said::Text(text)),
        Value::Money(money) => Some(Said::Money(*money)),
        Value::When(when) => Some(Said::When(*when)),
        Value::Flag(flag) => Some(Said::Flag(*flag)),
        Value::Stage(stage) => Some(Said::Stage(*stage)),
        // keys of two systems never mean the same, and plain numbers are not compared
        Value::Key(_) | Value::Int(_) | Value::Real(_) | Value::None => None,
    }
}

const COMPARED: &[(FieldId, &str)] = &[
    (opportunity::AMOUNT, "amount"),
    (opportunity::CLOSED_AT, "closed_at"),
    (opportunity::STAGE, "stage"),
    (opportunity::LIST_PRICE, "list_price"),
];

/// Every contradiction of a head, by subject and field.
pub fn all(head: &Head) -> Result<Vec<Contradiction>, Failure> {
    let leads = latest(head, Entity::Lead)?;
    let opportunities = latest(head, Entity::Opportunity)?;
    let mut out = Vec::new();
    for (key, (seq, e)) in &leads {
        out.extend(says::lead(&LeadSays {
            subject: *key,
            stage: e.get(lead::STAGE).stage(),
            stage_raw: e.get(lead::STAGE_RAW).text().unwrap_or(""),
            is_converted: e.get(lead::IS_CONVERTED).flag(),
            created_at: e.get(lead::CREATED_AT).when(),
            won_at: e.get(lead::WON_AT).when(),
            batch: *seq as u32,
            row: e.row,
        }));
    }
    for (key, (seq, e)) in &opportunities {
        out.extend(says::opportunity(&OpportunitySays {
            subject: *key,
            stage: e.get(opportunity::STAGE).stage(),
            stage_raw: e.get(opportunity::STAGE_RAW).text().unwrap_or(""),
            is_closed: e.get(opportunity::IS_CLOSED).flag(),
            is_won: e.get(opportunity::IS_WON).flag(),
            created_at: e.get(opportunity::CREATED_AT).when(),
            closed_at: e.get(opportunity::CLOSED_AT).when(),
            batch: *seq as u32,
            row: e.row,
        }));
    }
    let links = latest(head, Entity::Link)?;
    let mut claims = Vec::new();
    for (_, e) in links.values() {
        let (Some(from), Some(to)) = (e.get(link::FROM).key(), e.get(link::TO).key()) else { continue };
        if e.get(link::WITHDRAWN).flag() == Some(true) || from.entity != Entity::Opportunity || to.entity != from.entity
        {
            continue;
        }
        for (system, key) in [(0, to), (1, from)] {
            let Some((seq, record)) = opportunities.get(&key) else { continue };
            for (field, name) in COMPARED {
                if let Some(value) = said(record.get(*field)) {
                    claims.push(Claim {
                        subject: to,
                        field: name,
                        system,
                        valid_at: record.valid_at,
                        value,
                        batch: *seq as u32,
                        row: record.row,
                    });
                }
            }
        }
    }
    out.extend(says::between_systems(&claims));
    out.sort();
    Ok(out)
}

/// Runs the command.
pub fn run(args: &cli::Limit, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let head = home.ledger.head();
    let found = all(head)?;
    let place = |s: &identity::Statement| {
        let file = head
            .manifest(u64::from(s.batch))
            .and_then(|m| m.files.get(s.row.file as usize))
            .map_or("", |f| f.count.file.as_str());
        format!("{}:{}", file.rsplit('/').next().unwrap_or(file), s.row.line)
    };
    if style.json {
        let data: Vec<serde_json::Value> = found
            .iter()
            .take(args.limit)
            .map(|c| {
                let statement = |s: &identity::Statement| serde_json::json!({ "value": s.value, "batch": s.batch, "where": place(s) });
                serde_json::json!({
                    "about": c.subject.entity.word(), "field": c.field, "a": statement(&c.a), "b": statement(&c.b),
                    "decided": if c.decided_a { "a" } else { "b" }, "rule": c.rule,
                })
            })
            .collect();
        output::print_json(&serde_json::json!({ "total": found.len(), "contradictions": data }))?;
        return Ok(Ended::Done);
    }
    if found.is_empty() {
        output::print("No contradictions: no two sources or fields say different things of the same record.\n")?;
        return Ok(Ended::Done);
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .take(args.limit)
        .map(|c| {
            let side = |s: &identity::Statement| format!("{} ({})", s.value, place(s));
            vec![c.subject.entity.word().to_owned(), c.field.to_owned(), side(&c.a), side(&c.b), c.rule.to_owned()]
        })
        .collect();
    let mut text = faces::rows::table(
        &["about", "field", "one says", "the other says", "what decided"],
        &rows,
        style.columns().max(140),
    );
    text.push_str(&format!("\n{} of {} shown. Both values are kept in the ledger.\n", rows.len(), found.len()));
    output::print(&text)?;
    Ok(Ended::Done)
}
