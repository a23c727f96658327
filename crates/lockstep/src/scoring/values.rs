//! Values of a lead and of a touch by the names that a rule uses.

use std::borrow::Cow;
use std::collections::HashMap;

use agreement::score::{Columns, WRITTEN_LATER};
use entries::catalogue::{self, lead};
use entries::{Entry, Value};
use ledger::{Filter, Head};
use terms::{Entity, Key, When};

use crate::failure::Failure;

/// The fields that hold these columns; the tool's own columns stand together in one.
pub fn fields<'c>(entity: Entity, columns: impl Iterator<Item = &'c str>) -> Filter {
    let mut fields: Vec<usize> = Vec::new();
    for column in columns {
        match catalogue::field(entity, column) {
            Some(field) => fields.push(field),
            None if entity == Entity::Lead => fields.push(lead::ATTRIBUTES),
            None => {}
        }
    }
    Filter { fields: Some(fields), ..Filter::default() }
}

/// Names of campaigns by their keys.
#[derive(Debug, Default)]
pub struct Campaigns(HashMap<Key, String>);

impl Campaigns {
    /// As a head knows them.
    pub fn read(head: &Head) -> Result<Campaigns, Failure> {
        let mut out = HashMap::new();
        for item in head.entries(Entity::Campaign, Filter::default())? {
            let (_, entry) = item?;
            if let Some(name) = entry.get(catalogue::campaign::NAME).text() {
                out.insert(entry.id, name.to_owned());
            }
        }
        Ok(Campaigns(out))
    }

    /// The name of a campaign by the hash of its key.
    pub fn of_hash(&self, hash: u64) -> Option<&str> {
        self.0.get(&Key { entity: Entity::Campaign, hash }).map(String::as_str)
    }

    fn name(&self, key: Key) -> Option<Cow<'_, str>> {
        self.0.get(&key).map(|n| Cow::Borrowed(n.as_str()))
    }
}

/// What is known of a lead: the versions of its records, the one asked for first, the newest of each before older ones.
#[derive(Debug)]
pub struct Lead<'a> {
    pub records: &'a [Entry],
    pub campaigns: &'a Campaigns,
}

impl Columns for Lead<'_> {
    fn value(&self, column: &str) -> Option<Cow<'_, str>> {
        if WRITTEN_LATER.contains(&column) {
            return None;
        }
        let column = Column::of(column);
        self.records.iter().find_map(|record| column.value(record, self.campaigns))
    }
}

/// One touch.
#[derive(Debug)]
pub struct Touch<'a> {
    pub entry: &'a Entry,
    pub campaigns: &'a Campaigns,
}

impl Columns for Touch<'_> {
    fn value(&self, column: &str) -> Option<Cow<'_, str>> {
        let value = self.entry.get(catalogue::field(Entity::Touch, column)?);
        said(value, self.campaigns)
    }
}

/// A column of records of leads and persons: one of ours, or one that its tool has besides. Its place is looked up once.
#[derive(Clone, Copy, Debug)]
pub struct Column<'c> {
    name: &'c str,
    of_lead: Option<usize>,
    of_person: Option<usize>,
}

impl<'c> Column<'c> {
    /// By its name.
    pub fn of(name: &'c str) -> Column<'c> {
        let field = |entity| catalogue::field(entity, name);
        Column { name, of_lead: field(Entity::Lead), of_person: field(Entity::Person) }
    }

    /// What a record has there.
    pub fn value<'a>(&self, record: &'a Entry, campaigns: &'a Campaigns) -> Option<Cow<'a, str>> {
        let is_lead = record.entity == Entity::Lead;
        let field = if is_lead { self.of_lead } else { self.of_person };
        if let Some(field) = field {
            return said(record.get(field), campaigns);
        }
        if !is_lead {
            return None;
        }
        attributes(record.get(lead::ATTRIBUTES).text().unwrap_or(""))
            .find(|(name, _)| name.eq_ignore_ascii_case(self.name))
            .map(|(_, value)| Cow::Borrowed(value))
    }
}

/// The columns that a tool has besides ours, as `name=value` lines.
pub fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}

/// A value as text; of a campaign its name.
pub fn said<'a>(value: &'a Value, campaigns: &'a Campaigns) -> Option<Cow<'a, str>> {
    Some(match value {
        Value::None => return None,
        Value::Text(text) => Cow::Borrowed(text.as_ref()),
        Value::Int(n) => Cow::Owned(n.to_string()),
        Value::Real(n) => Cow::Owned(n.to_string()),
        Value::Flag(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Value::Stage(stage) => Cow::Borrowed(stage.word()),
        Value::When(When::Unknown) => return None,
        Value::When(when) => Cow::Owned(when.to_string()),
        Value::Money(money) => {
            let unit = 10_f64.powi(money.currency.decimals().cast_signed());
            Cow::Owned((money.minor as f64 / unit).to_string())
        }
        Value::Key(key) => return campaigns.name(*key),
    })
}
