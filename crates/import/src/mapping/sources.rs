//! Where the value of a term comes from, as a mapping writes it, and whether the term can hold it.
//!
//! Not here: entities, tests and files ([`super::parse`]).

use compact_str::CompactString;
use entries::{FieldDef, Kind};
use terms::{Entity, Stage};

use super::parse::{Maps, column, columns};
use super::{Column, From, KeyFrom};
use crate::values::{Decimal, parse_flag, parse_number};
use lined::{Error, Node, Table};

/// Where a value comes from; `def` is the term it is for, `None` for a subject.
pub(super) fn from(node: Node<'_>, entity: Entity, def: Option<&FieldDef>, maps: &Maps) -> Result<From, Error> {
    if node.as_text().is_some() {
        let from = From::Columns { columns: vec![column(&node)?], map: None, scale: None, day: false };
        return fits(&node, from, def);
    }
    let mut table = node.table()?;
    let from = if let Some(value) = table.take("value") {
        From::Constant(value.constant()?.into())
    } else if let Some(mut person) = table.table("person")? {
        let from = From::Person {
            mail: columns(person.take("mail"))?,
            phone: columns(person.take("phone"))?,
            name: columns(person.take("name"))?,
            first: columns(person.take("first"))?,
            last: columns(person.take("last"))?,
        };
        person.done()?;
        from
    } else if let Some(node) = table.take("mail_domain") {
        From::MailDomain(columns(Some(node))?)
    } else if let Some(node) = table.take("web_domain") {
        From::WebDomain(columns(Some(node))?)
    } else if let Some(node) = table.take("agent") {
        From::Agent(columns(Some(node))?)
    } else if let Some(node) = table.take("rest") {
        From::Rest(columns(Some(node))?)
    } else {
        let mut from = columns(table.take("column"))?;
        from.extend(columns(table.take("columns"))?);
        if from.is_empty() {
            let hint =
                "add column = \"...\", value = \"...\", person = { ... }, mail_domain, web_domain, agent or rest";
            return Err(table.error("no source for this term", hint));
        }
        if table.has("key") { key(&mut table, from, entity)? } else { plain_source(&mut table, from, def, maps)? }
    };
    table.done()?;
    fits(&node, from, def)
}

fn key(table: &mut Table<'_>, columns: Vec<Column>, of: Entity) -> Result<From, Error> {
    let word = table.text("key")?.unwrap_or_default();
    let entity = match word.as_str() {
        "salesforce" => None,
        word => Some(Entity::parse(word).ok_or_else(|| {
            table.error(format!("`{word}` is no entity"), "use a word such as lead, rep or \"salesforce\"")
        })?),
    };
    let only = match table.text("only")? {
        Some(word) => Some(
            Entity::parse(&word)
                .ok_or_else(|| table.error(format!("`{word}` is no entity"), "use a word such as lead"))?,
        ),
        None => None,
    };
    let system = table.text("system")?;
    let prefix = table.text("prefix")?.unwrap_or_default();
    let alias = table.flag("alias")?;
    let first = table.flag("first")?;
    if alias && entity.is_none() {
        return Err(table.error(format!("an alias of a {} needs its kind", of.word()), "write key = \"rep\""));
    }
    Ok(From::Key(KeyFrom { columns, entity, only, system, prefix, alias, first }))
}

fn plain_source(
    table: &mut Table<'_>,
    columns: Vec<Column>,
    def: Option<&FieldDef>,
    maps: &Maps,
) -> Result<From, Error> {
    let mut map = None;
    if let Some(node) = table.take("map") {
        let name = node.text()?;
        let Some(found) = maps.get(&name) else {
            return Err(node.error(format!("no [values.{name}]"), format!("add a [values.{name}] section")));
        };
        let mut found = found.clone();
        if let Some(node) = table.take("else") {
            found.otherwise = Some(node.constant()?.into());
        }
        if let Some(def) = def {
            let meanings = found.exact.values().chain(found.patterns.iter().map(|(_, m)| m)).chain(&found.otherwise);
            let mut meanings: Vec<&CompactString> = meanings.collect();
            meanings.sort();
            for meaning in meanings {
                if let Some(hint) = misfit(meaning, def.kind) {
                    let cause = format!("[values.{name}] gives `{meaning}`, which `{}` cannot hold", def.name);
                    return Err(node.error(cause, hint));
                }
            }
        }
        map = Some(found);
    } else if table.has("else") {
        return Err(table.error("else without map", "add map = \"...\""));
    }
    let scale = match table.take("scale") {
        Some(node) => {
            let number = parse_number(&node.constant()?, Some(Decimal::Point)).ok();
            Some(number.ok_or_else(|| node.error("no number", "write a factor such as 0.01"))?)
        }
        None => None,
    };
    let day = table.flag("day")?;
    Ok(From::Columns { columns, map, scale, day })
}

/// What a meaning would have to be, where a term of this kind cannot hold it. An empty meaning is no value.
fn misfit(meaning: &str, kind: Kind) -> Option<&'static str> {
    if meaning.is_empty() {
        return None;
    }
    match kind {
        Kind::Stage if super::stage(meaning).is_none() => Some(
            const {
                "use one of inquiry, mql, sal, sql, opportunity, closed_won, closed_lost, rejected, recycled, disqualified"
            },
        ),
        Kind::Flag if parse_flag(meaning).is_none() => Some("use true or false"),
        Kind::Int if meaning.parse::<i64>().is_err() => Some("use a whole number"),
        Kind::Real if meaning.parse::<f64>().is_err() => Some("use a number"),
        Kind::Key => Some("a key has no map"),
        _ => None,
    }
}

/// Checks that the source can give what the term holds.
fn fits(node: &Node<'_>, from: From, def: Option<&FieldDef>) -> Result<From, Error> {
    let Some(def) = def else { return Ok(from) };
    let text = matches!(def.kind, Kind::Code | Kind::Text);
    let fine = match &from {
        From::Constant(value) => {
            if let Some(hint) = misfit(value, def.kind) {
                return Err(node.error(format!("`{value}` is nothing that `{}` can hold", def.name), hint));
            }
            true
        }
        From::Columns { scale, day, .. } => {
            def.kind != Kind::Key
                && (scale.is_none() || matches!(def.kind, Kind::Money | Kind::Real | Kind::Int))
                && (!day || def.kind == Kind::When)
        }
        From::Key(_) | From::Person { .. } => def.kind == Kind::Key,
        From::MailDomain(_) | From::WebDomain(_) | From::Rest(_) => text,
        From::Agent(_) => text || def.kind == Kind::Flag,
    };
    if fine {
        return Ok(from);
    }
    let hint = match def.kind {
        Kind::Key => "a key is written { column = \"...\", key = \"rep\" } or { person = { ... } }",
        Kind::When => "a time is written \"column\" or { columns = [...] }",
        Kind::Money | Kind::Real | Kind::Int => "a number is written \"column\" or { column = \"...\", scale = 0.01 }",
        _ => "write \"column\" or { column = \"...\", map = \"...\" }",
    };
    Err(node.error(format!("`{}` cannot be made this way", def.name), hint))
}

const _: () = assert!(Stage::ALL.len() == 10); // the words in `misfit` name them all
