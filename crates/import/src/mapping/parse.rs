//! TOML -> [`Mapping`]. Every mistake is named with its line.

use std::collections::HashMap;

use compact_str::CompactString;
use entries::catalogue;
use globset::{Glob, GlobSetBuilder};
use terms::{Currency, Entity};

use super::sources::from;
use super::{Ask, Column, EntityRule, FileRule, From, Ignore, Mapping, Marks, Moment, Set, Test, ValueMap, fold};
use crate::table::plain;
use crate::values::{DateOrder, Decimal, Zone};
use lined::{Document, Error, Node, Table};

pub(super) type Maps = HashMap<String, ValueMap>;

pub(super) fn mapping(text: &str, origin: &str) -> Result<Mapping, Error> {
    let document = Document::parse(text, origin, "the mapping format")?;
    let source = document.source();
    let mut root = document.root();
    let name = root.text("name")?.filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| root.error("no name", "start with name = \"tool-object\""))?;
    let system = root.text("system")?.filter(|system| !system.trim().is_empty());
    let system = system.ok_or_else(|| root.error("no system", "add system = \"tool\", the namespace of its ids"))?;
    let description = root.text("description")?.unwrap_or_default();
    let marks = match root.table("recognise")? {
        Some(table) => marks(table)?,
        None => Marks::default(),
    };
    let file = match root.table("file")? {
        Some(table) => file(table)?,
        None => FileRule::default(),
    };
    let maps = match root.table("values")? {
        Some(table) => values(&table)?,
        None => Maps::new(),
    };
    let mut ignores = Vec::new();
    for mut table in root.tables("ignore")? {
        let when = tests(&mut table)?;
        let reason = table.text("reason")?;
        let reason = reason
            .ok_or_else(|| table.error("no reason", "add reason = \"...\": rows are never ignored without one"))?;
        table.done()?;
        ignores.push(Ignore { when, reason });
    }
    let mut entities: Vec<EntityRule> = Vec::new();
    for table in root.tables("entity")? {
        let at = table.at();
        let rule = entity(table, &maps)?;
        let twice = |other: &EntityRule| {
            other.entity == rule.entity
                && other.id.is_empty()
                && rule.id.is_empty()
                && other.id_prefix == rule.id_prefix
        };
        if entities.iter().any(twice) {
            let cause = format!("a second `{}` without an id would have the first one's key", rule.entity.word());
            return Err(source.error("", at, cause, "give one of them an id_prefix"));
        }
        entities.push(rule);
    }
    root.done()?;
    if entities.is_empty() && ignores.is_empty() {
        return Err(source.error("", 0, "neither an [[entity]] nor an [[ignore]]", "say what a row becomes"));
    }
    let hash = xxhash_rust::xxh3::xxh3_128(text.as_bytes());
    Ok(Mapping { name, system, description, hash, recognise: marks, file, ignores, entities })
}

pub(super) fn column(node: &Node<'_>) -> Result<Column, Error> {
    column_of(&node.text()?).ok_or_else(|| node.error("an empty column name", "name a column of the header"))
}

fn column_of(text: &str) -> Option<Column> {
    let plain: Vec<String> = text
        .split('|')
        .map(|name| if name.trim().starts_with('@') { name.trim().to_lowercase() } else { plain_or_raw(name) })
        .filter(|name| !name.is_empty())
        .collect();
    (!plain.is_empty()).then(|| Column { text: text.to_owned(), plain })
}

/// A name without any letter or digit is compared as it stands.
fn plain_or_raw(name: &str) -> String {
    let plain = plain(name);
    if plain.is_empty() { name.trim().to_owned() } else { plain }
}

pub(super) fn columns(node: Option<Node<'_>>) -> Result<Vec<Column>, Error> {
    node.map_or(Ok(Vec::new()), |node| node.list().iter().map(column).collect())
}

fn marks(mut table: Table<'_>) -> Result<Marks, Error> {
    let files = table.take("files");
    let files = match files {
        Some(node) => {
            let mut set = GlobSetBuilder::new();
            for item in node.list() {
                let glob = Glob::new(&item.text()?.to_lowercase());
                set.add(glob.map_err(|cause| item.error(cause, "use * and ? as in file names"))?);
            }
            Some(set.build().map_err(|cause| node.error(cause, "use fewer or simpler patterns"))?)
        }
        None => None,
    };
    let files_required = table.flag("files_required")?;
    let headers = columns(table.take("headers"))?;
    let any_headers = columns(table.take("any_headers"))?;
    let at_least = table.whole("at_least")?.unwrap_or(1);
    let not_headers = columns(table.take("not_headers"))?;
    let priority = table.whole("priority")?.unwrap_or(0);
    let at_least = usize::try_from(at_least).unwrap_or(0);
    if at_least > any_headers.len() && !any_headers.is_empty() {
        return Err(table.error("at_least is more than any_headers has", "lower it"));
    }
    if headers.is_empty() && any_headers.is_empty() && !files_required {
        return Err(
            table.error("nothing to recognise a file by", "add headers = [...], or files with files_required = true")
        );
    }
    table.done()?;
    Ok(Marks { files, files_required, headers, any_headers, at_least, not_headers, priority })
}

fn file(mut table: Table<'_>) -> Result<FileRule, Error> {
    let mut rule = FileRule::default();
    if let Some(node) = table.take("date_order") {
        let order = DateOrder::parse(&node.text()?);
        rule.date_order = Some(order.ok_or_else(|| node.error("no such order", "use ymd, dmy or mdy"))?);
    }
    if let Some(node) = table.take("time_zone") {
        let zone = node.text()?;
        Zone::named(&zone).map_err(|cause| node.error(&cause, cause.hint().unwrap_or_default()))?;
        rule.time_zone = Some(zone);
    }
    if let Some(node) = table.take("decimal") {
        rule.decimal = match node.text()?.as_str() {
            "." => Some(Decimal::Point),
            "," => Some(Decimal::Comma),
            _ => return Err(node.error("no such decimal sign", "use \".\" or \",\"")),
        };
    }
    if let Some(node) = table.take("currency") {
        let currency = Currency::parse(&node.text()?);
        rule.currency = Some(currency.ok_or_else(|| node.error("no currency code", "use a code such as USD"))?);
    }
    rule.currency_column = table.take("currency_column").map(|node| column(&node)).transpose()?;
    rule.null = table.texts("null")?.iter().map(|text| text.trim().to_owned()).collect();
    if let Some(node) = table.take("id_style") {
        match node.text()?.as_str() {
            "salesforce" => rule.salesforce_ids = true,
            "plain" => {}
            _ => return Err(node.error("no such id style", "use \"salesforce\" or leave it out")),
        }
    }
    table.done()?;
    Ok(rule)
}

fn values(table: &Table<'_>) -> Result<Maps, Error> {
    let mut maps = Maps::new();
    for (name, _, node) in table.all() {
        let mut map = ValueMap::default();
        for (written, _, meaning) in node.table()?.all() {
            let (written, meaning) = (fold(written), CompactString::from(meaning.constant()?));
            if written.contains('*') {
                map.patterns.push((written.split('*').map(str::to_owned).collect(), meaning));
            } else {
                map.exact.insert(written, meaning);
            }
        }
        maps.insert(name.to_owned(), map);
    }
    Ok(maps)
}

fn tests(table: &mut Table<'_>) -> Result<Vec<Test>, Error> {
    let mut tests = Vec::new();
    for mut table in table.tables("when")? {
        let column = column_in(&mut table)?;
        let mut asks = Vec::new();
        let folded = |texts: Vec<String>| texts.iter().map(|text| fold(text)).collect::<Vec<_>>();
        if table.has("in") {
            asks.push(Ask::In(folded(table.texts("in")?)));
        }
        if table.has("not_in") {
            asks.push(Ask::NotIn(folded(table.texts("not_in")?)));
        }
        if let Some(node) = table.take("equals") {
            asks.push(Ask::In(vec![fold(&node.constant()?)]));
        }
        if let Some(node) = table.take("starts_with") {
            asks.push(Ask::StartsWith(fold(&node.constant()?)));
        }
        if let Some(node) = table.take("empty") {
            asks.push(if node.as_flag() == Some(false) { Ask::NotEmpty } else { Ask::Empty });
        }
        if let Some(node) = table.take("not_empty") {
            asks.push(if node.as_flag() == Some(false) { Ask::Empty } else { Ask::NotEmpty });
        }
        if asks.is_empty() {
            let hint = "add one of in, not_in, equals, starts_with, empty = true, not_empty = true";
            return Err(table.error("a test that asks nothing", hint));
        }
        tests.extend(asks.into_iter().map(|ask| Test { column: column.clone(), ask }));
        let _ = (table.take("in"), table.take("not_in"));
        table.done()?;
    }
    Ok(tests)
}

fn column_in(table: &mut Table<'_>) -> Result<Column, Error> {
    match table.take("column") {
        Some(node) => column(&node),
        None => Err(table.error("no column", "add column = \"...\"")),
    }
}

fn entity(mut table: Table<'_>, maps: &Maps) -> Result<EntityRule, Error> {
    let Some(node) = table.take("entity") else {
        return Err(table.error("no entity", "add entity = \"lead\" or another word of ours"));
    };
    let word = node.text()?;
    let Some(entity) = Entity::parse(&word) else {
        let known: Vec<&str> = Entity::ALL.iter().map(|e| e.word()).collect();
        return Err(node.error(format!("`{word}` is no entity"), format!("use one of {}", known.join(", "))));
    };
    if entity == Entity::Agreement {
        return Err(node.error("agreements are not imported", "use `lockstep agreement` and `lockstep key`"));
    }
    if entity == Entity::Dispute {
        return Err(node.error("disputes are not imported", "they are opened and answered on the pages"));
    }
    let when = tests(&mut table)?;
    let each = table.take("each").map(|node| column(&node)).transpose()?;
    let id = columns(table.take("id"))?;
    let id_prefix = table.text("id_prefix")?.unwrap_or_default();
    let subject = match table.take("subject") {
        Some(node) => {
            let mut subject = Vec::new();
            for item in node.list() {
                match from(item.clone(), entity, None, maps)? {
                    key @ From::Key(_) => subject.push(key),
                    person @ From::Person { .. } => subject.push(person),
                    _ => return Err(item.error("a subject is a key", "write { column = \"...\", key = \"lead\" }")),
                }
            }
            subject
        }
        None => Vec::new(),
    };
    let mut valid_at = Vec::new();
    if let Some(node) = table.take("valid_at") {
        for item in node.list() {
            if item.is_table() {
                let mut range = item.table()?;
                let ends = columns(range.take("range"))?;
                let [first, last] = ends.as_slice() else {
                    return Err(item.error("a range has a first and a last column", "write { range = [\"A\", \"B\"] }"));
                };
                valid_at.push(Moment::Between(first.clone(), last.clone()));
                range.done()?;
                continue;
            }
            let text = item.text()?;
            let bad = || item.error("an empty column name", "name a column of the header");
            valid_at.push(match text.split_once("..") {
                Some((first, last)) => {
                    Moment::Between(column_of(first).ok_or_else(bad)?, column_of(last).ok_or_else(bad)?)
                }
                None => Moment::At(column_of(&text).ok_or_else(bad)?),
            });
        }
    }
    let deleted = table.take("deleted").map(|node| column(&node)).transpose()?;
    let mut set = Vec::new();
    if let Some(terms) = table.table("set")? {
        for (term, at, node) in terms.all() {
            let Some(field) = catalogue::field(entity, term) else {
                let known: Vec<&str> = catalogue::fields(entity).iter().map(|f| f.name).collect();
                let hint = format!("a {} has {}", entity.word(), known.join(", "));
                return Err(terms.source().error(
                    terms.place(),
                    at,
                    format!("`{term}` is no term of a {}", entity.word()),
                    hint,
                ));
            };
            let Some(def) = catalogue::fields(entity).get(field) else { continue };
            let from = node.list().into_iter().map(|item| from(item, entity, Some(def), maps));
            set.push(Set { field, from: from.collect::<Result<_, _>>()? });
        }
    }
    table.done()?;
    Ok(EntityRule { entity, when, each, id, id_prefix, subject, valid_at, deleted, set })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
name = "t"
system = "s"
[recognise]
headers = ["Id"]
[[entity]]
entity = "lead"
id = ["Id"]
[entity.set]
stage = { column = "Status", map = "m" }
owner = [{ column = "OwnerId", key = "rep" }, { column = "Owner", key = "rep", alias = true }]
[values.m]
"New" = "inquiry"
"*won*" = "closed_won"
"#;

    fn wrong(find: &str, put: &str) -> (String, String) {
        assert!(GOOD.contains(find), "{find}");
        let error = Mapping::parse(&GOOD.replacen(find, put, 1), "m.toml").unwrap_err();
        assert_eq!(error.code(), "mapping");
        (error.to_string(), error.hint().unwrap_or_default())
    }

    #[test]
    fn a_good_mapping_is_read() {
        let mapping = Mapping::parse(GOOD, "m.toml").unwrap();
        assert_eq!((mapping.name(), mapping.system(), mapping.entities()), ("t", "s", vec![Entity::Lead]));
    }

    #[test]
    fn a_wrong_mapping_names_the_line_and_the_fix() {
        for (find, put, line, cause) in [
            ("name = \"t\"", "nam = \"t\"", 1, "no name"),
            ("entity = \"lead\"", "entity = \"deal\"", 7, "`deal` is no entity"),
            ("stage =", "stag =", 10, "`stag` is no term of a lead"),
            ("\"closed_won\"", "\"won\"", 10, "[values.m] gives `won`"),
            ("map = \"m\"", "map = \"n\"", 10, "no [values.n]"),
            ("id = [\"Id\"]", "id = [\"Id\"]\ncolour = 1", 9, "`colour` is not known here"),
            ("id = [\"Id\"]", "id = [\"Id\"", 9, ""),
            (
                "owner = [",
                "company = { key = \"rep\", column = \"x\" }\nowner = [",
                11,
                "`company` cannot be made this way",
            ),
            ("headers = [\"Id\"]", "priority = 1", 4, "nothing to recognise a file by"),
            ("owner = [", "score = { column = \"x\", scale = \"y\" }\nowner = [", 11, "no number"),
        ] {
            let (message, hint) = wrong(find, put);
            assert!(message.starts_with(&format!("`m.toml:{line}`: {cause}")), "{put}: {message}");
            assert!(!hint.is_empty(), "{message}");
        }
    }
}
