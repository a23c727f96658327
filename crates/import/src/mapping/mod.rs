//! A mapping: how the columns of one kind of file become our terms. Written in TOML, checked whole when it is read.
//!
//! The format, with what the short form leaves out:
//! - a header name, wherever one is given, may be alternatives (`"Id|Lead ID"`); the first that the file has is meant;
//!   names are compared by letters and digits only;
//! - a term may have several sources, tried in turn: `owner = [{ column = "OwnerId", key = "rep" }, { column =
//!   "Lead Owner", key = "rep", alias = true }]`;
//! - with `columns` and `map`, the first column whose value is in the map gives the value;
//! - a When term may say `day = true`: the day as written, without its hour;
//! - a key may say `prefix = "won"` to point at an entity made with `id_prefix = "won"`, `only = "opportunity"` to leave
//!   out keys of other kinds, `system = "other"`, and `first = true` where a cell may hold several ids (`101;102`);
//! - an entity may say `each = "Column"`: it is made once for each id in that cell, and in it the column reads as that one
//!   (where its `id` does not name that column, the number of the part is added to it);
//! - an `id` whose columns the file lacks is made of those that it has; where it has none, of the row's content;
//! - several entities of a row that turn out to be the same thing are one entry;
//! - `valid_at` may name a range: `{ range = ["Reporting starts", "Reporting ends"] }` or `"A..B"`, or `"@range_first"` for the days that a report
//!   names above its header. Both are also columns: `@range_first`, `@range_last`, and `@file` for the file's name;
//! - an `[[ignore]]` without `when` takes every row.
//!
//! Invariant: a mapping that is parsed has only terms that its entities have, and maps that lead to values they can hold.

mod catalogue;
mod parse;
mod recognise;
mod sources;

pub use catalogue::{Catalogue, builtin};
pub use recognise::{Closest, Recognised, recognise};

use compact_str::CompactString;
use entries::FieldId;
use globset::GlobSet;
use terms::{Currency, Entity, Stage};

use crate::Error;
use crate::values::{DateOrder, Decimal, Number};

/// How one kind of file becomes entries.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(crate) name: String,
    pub(crate) system: String,
    pub(crate) description: String,
    pub(crate) hash: u128,
    pub(crate) recognise: Marks,
    pub(crate) file: FileRule,
    pub(crate) ignores: Vec<Ignore>,
    pub(crate) entities: Vec<EntityRule>,
}

impl Mapping {
    /// Reads a mapping. `origin` is where it came from, for messages.
    ///
    /// # Errors
    /// `mapping`, naming the line and what is wrong on it; the hint names the fix.
    pub fn parse(toml: &str, origin: &str) -> Result<Mapping, Error> {
        Ok(parse::mapping(toml, origin)?)
    }

    /// Its unique name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace of the ids in its files.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// What files it is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// A hash of its text.
    pub fn hash(&self) -> u128 {
        self.hash
    }

    /// The entities that its rows may feed, each once, in order.
    pub fn entities(&self) -> Vec<Entity> {
        let mut entities: Vec<Entity> = self.entities.iter().map(|rule| rule.entity).collect();
        entities.sort();
        entities.dedup();
        entities
    }
}

/// By what a file is recognised.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) files: Option<GlobSet>,
    pub(crate) files_required: bool,
    pub(crate) headers: Vec<Column>,
    pub(crate) any_headers: Vec<Column>,
    pub(crate) at_least: usize,
    pub(crate) not_headers: Vec<Column>,
    pub(crate) priority: i64,
}

/// A column by its header names: alternatives, as written and as compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) text: String,
    pub(crate) plain: Vec<String>,
}

/// How the file as a whole is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileRule {
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) time_zone: Option<String>,
    pub(crate) decimal: Option<Decimal>,
    pub(crate) currency: Option<Currency>,
    pub(crate) currency_column: Option<Column>,
    pub(crate) null: Vec<String>,
    pub(crate) salesforce_ids: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Ignore {
    pub(crate) when: Vec<Test>,
    pub(crate) reason: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) column: Column,
    pub(crate) ask: Ask,
}

/// What is asked of a cell. Texts are lower case and trimmed.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    In(Vec<String>),
    NotIn(Vec<String>),
    StartsWith(String),
    Empty,
    NotEmpty,
}

#[derive(Clone, Debug)]
pub(crate) struct EntityRule {
    pub(crate) entity: Entity,
    pub(crate) when: Vec<Test>,
    /// Made once for each part of this column's cell.
    pub(crate) each: Option<Column>,
    pub(crate) id: Vec<Column>,
    pub(crate) id_prefix: String,
    pub(crate) subject: Vec<From>,
    pub(crate) valid_at: Vec<Moment>,
    pub(crate) deleted: Option<Column>,
    pub(crate) set: Vec<Set>,
}

#[derive(Clone, Debug)]
pub(crate) enum Moment {
    At(Column),
    Between(Column, Column),
}

#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) field: FieldId,
    /// Tried in turn.
    pub(crate) from: Vec<From>,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum From {
    /// A constant.
    Constant(CompactString),
    /// The first of these columns that is not empty (or, with a map, whose value is in it).
    Columns {
        columns: Vec<Column>,
        map: Option<ValueMap>,
        scale: Option<Number>,
        day: bool,
    },
    Key(KeyFrom),
    Person {
        mail: Vec<Column>,
        phone: Vec<Column>,
        name: Vec<Column>,
        first: Vec<Column>,
        last: Vec<Column>,
    },
    MailDomain(Vec<Column>),
    WebDomain(Vec<Column>),
    /// Whether a program without a reader made it, or which, by what it says of itself.
    Agent(Vec<Column>),
    /// `name=value` lines.
    Rest(Vec<Column>),
}

#[derive(Clone, Debug)]
pub(crate) struct KeyFrom {
    pub(crate) columns: Vec<Column>,
    /// `None`: by the prefix of a Salesforce id.
    pub(crate) entity: Option<Entity>,
    pub(crate) only: Option<Entity>,
    pub(crate) system: Option<String>,
    pub(crate) prefix: String,
    pub(crate) alias: bool,
    /// Of several ids in a cell the first.
    pub(crate) first: bool,
}

/// A value map: what is written -> what it means.
#[derive(Clone, Debug, Default)]
pub(crate) struct ValueMap {
    pub(crate) exact: std::collections::HashMap<String, CompactString>,
    /// In the order of the file.
    pub(crate) patterns: Vec<(Vec<String>, CompactString)>,
    /// `else`: what to take where the map has no entry.
    pub(crate) otherwise: Option<CompactString>,
}

impl ValueMap {
    /// What a written value means; exact beats pattern, the first pattern wins. Without `else`.
    pub(crate) fn find(&self, written: &str) -> Option<&CompactString> {
        let lower = fold(written);
        self.exact
            .get(&lower)
            .or_else(|| self.patterns.iter().find(|(parts, _)| matches(parts, &lower)).map(|(_, meaning)| meaning))
    }
}

/// How texts are compared: trimmed, lower case.
pub(crate) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether a text fits a pattern cut at its `*`.
fn matches(parts: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = parts else { return parts.first().is_some_and(|only| only == text) };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}

/// The kinds of thing that Salesforce ids name by their first three characters.
pub(crate) fn salesforce_kind(id: &str) -> Option<Entity> {
    match id.get(..3)? {
        "00Q" => Some(Entity::Lead),
        "003" => Some(Entity::Person),
        "001" => Some(Entity::Account),
        "006" => Some(Entity::Opportunity),
        "005" => Some(Entity::Rep),
        "701" => Some(Entity::Campaign),
        _ => None,
    }
}

pub(crate) fn stage(word: &str) -> Option<Stage> {
    Stage::parse(word.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_in_order_and_whole() {
        let fits =
            |pattern: &str, text: &str| matches(&pattern.split('*').map(str::to_owned).collect::<Vec<_>>(), text);
        assert!(fits("*closed*won*", "closed - won"));
        assert!(fits("call*", "call with ann"));
        assert!(fits("*", ""));
        assert!(!fits("call*", "a call"));
        assert!(!fits("a*a", "a"));
        assert!(!fits("*won*closed*", "closed won"));
    }
}
