//! Every column that leads have, as a card may be fitted on it: what is known of a lead, and what it did until its moment.
//!
//! Invariant: what the mapping keeps apart as written after sales contact is marked so; nothing is dropped silently.

use std::collections::BTreeMap;

use agreement::score::WRITTEN_LATER;
use analyses::points::{Looks, Named, Values, quoted};
use entries::catalogue::{self, field_change, lead, touch};
use entries::{Entry, Value};
use hashbrown::HashMap;
use ledger::Filter;
use terms::Entity;

use super::all::Leads;
use super::machines::Machines;
use super::one::instant;
use super::places::Places;
use super::values::{Column, attributes, fields};
use crate::failure::Failure;
use crate::known::Known;

/// Kinds and assets of touches that are looked at, at most, the most frequent first.
const MOST_TOUCHES: usize = 40;
/// Texts of a column beyond which no more are told apart.
const MOST_TEXTS: usize = 20_000;

/// A column as it is read: texts, numbered as they come.
#[derive(Default)]
struct Read {
    numbered: HashMap<String, u32>,
    texts: Vec<String>,
    codes: Vec<u32>,
    late: bool,
}

impl Read {
    /// Takes a value; one of another record of the same person only where there is none yet.
    fn set(&mut self, (place, is_own): (usize, bool), leads: usize, text: &str) {
        let text = text.trim();
        self.codes.resize(leads, 0);
        if text.is_empty() || !is_own && self.codes[place] > 0 {
            return;
        }
        // as conditions compare: without regard to case
        let known = self.numbered.get(&text.to_lowercase()).copied();
        let code = known.or_else(|| {
            let code = u32::try_from(self.texts.len() + 1).ok().filter(|_| self.texts.len() < MOST_TEXTS)?;
            self.numbered.insert(text.to_lowercase(), code);
            self.texts.push(text.to_owned());
            Some(code)
        });
        self.codes[place] = code.unwrap_or(0);
    }
}

/// All columns of the leads.
pub fn columns(known: &Known, leads: &Leads) -> Result<Vec<Named>, Failure> {
    let (read, (changed, did)) =
        rayon::join(|| of_records(known, leads), || rayon::join(|| changed_after(known, leads), || did(known, leads)));
    let (read, changed) = (read?, changed?);
    let mut out: Vec<Named> = read
        .into_iter()
        .filter(|(_, read)| !read.texts.is_empty())
        .map(|(name, read)| Named {
            changed_after: changed.get(&name).copied().unwrap_or(0),
            late: read.late,
            of: Looks::Lead,
            values: values(&read),
            name,
        })
        .collect();
    out.extend(did?);
    Ok(out)
}

/// What records say, column by column.
fn of_records(known: &Known, leads: &Leads) -> Result<BTreeMap<String, Read>, Failure> {
    let campaigns = known.campaigns()?;
    let mut read: BTreeMap<String, Read> = BTreeMap::new();
    let rows = leads.keys.len();
    let ours: Vec<(&str, Column<'_>)> = catalogue::fields(Entity::Lead)
        .iter()
        .map(|f| f.name)
        .filter(|name| {
            !WRITTEN_LATER.contains(name)
                && !["person", "match_rule", "account", "attributes", "created_at"].contains(name)
        })
        .map(|name| (name, Column::of(name)))
        .collect();
    let mut places = Places::of(known, leads);
    for entity in [Entity::Person, Entity::Lead] {
        for item in known.head.entries(entity, Filter::default())? {
            let (_, entry) = item?;
            let Some(place) = places.find(entry.id.hash).filter(|_| !entry.deleted) else { continue };
            let place = (place, leads.keys[place] == entry.id.hash);
            for (name, column) in &ours {
                let Some(text) = column.value(&entry, campaigns) else { continue };
                match read.get_mut(*name) {
                    Some(read) => read.set(place, rows, &text),
                    None => read.entry((*name).to_owned()).or_default().set(place, rows, &text),
                }
            }
            if entity == Entity::Lead {
                others(&entry, place, rows, &mut read);
            }
        }
    }
    Ok(read)
}

/// Columns that the tool has besides ours; those written later are marked so.
fn others(entry: &Entry, place: (usize, bool), rows: usize, read: &mut BTreeMap<String, Read>) {
    for (field, late) in [(lead::ATTRIBUTES, false), (lead::LATE_ATTRIBUTES, true)] {
        for (name, value) in attributes(entry.get(field).text().unwrap_or("")) {
            let column = read.entry(name.to_owned()).or_default();
            column.late |= late;
            column.set(place, rows, value);
        }
    }
    // what sales writes is named too, so that the page says that it was refused
    for name in ["stage_raw", "owner", "reason"] {
        let value = catalogue::field(Entity::Lead, name).map(|f| entry.get(f));
        let text = match value {
            Some(Value::Text(text)) => text.to_string(),
            Some(Value::Key(key)) => format!("{:x}", key.hash),
            _ => continue,
        };
        let column = read.entry(name.to_owned()).or_default();
        column.late = true;
        column.set(place, rows, &text);
    }
}

/// Numbers where nearly all are, and more than a few.
fn values(read: &Read) -> Values {
    let parsed: Vec<Option<f64>> =
        read.texts.iter().map(|t| t.replace(',', "").parse::<f64>().ok().filter(|n| n.is_finite())).collect();
    let of = |code: &u32| (*code as usize).checked_sub(1);
    let known = read.codes.iter().filter(|c| **c > 0).count();
    let numbers = read.codes.iter().filter_map(of).filter(|t| parsed[*t].is_some()).count();
    if parsed.len() > 10 && numbers * 100 >= known * 95 {
        return Values::Numbers(read.codes.iter().map(|c| of(c).and_then(|t| parsed[t])).collect());
    }
    let index = read.codes.iter().map(|c| of(c).and_then(|t| u32::try_from(t).ok())).collect();
    Values::Levels { index, labels: read.texts.clone() }
}

/// By column: leads for which it was changed after their moment.
fn changed_after(known: &Known, leads: &Leads) -> Result<HashMap<String, u64>, Failure> {
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    let mut places = Places::of(known, leads);
    for item in known.head.entries(Entity::FieldChange, fields(Entity::FieldChange, ["field"].into_iter()))? {
        let (_, entry) = item?;
        let (Some(at), Some(place)) = (instant(entry.valid_at), places.find(entry.subject.hash)) else {
            continue;
        };
        let field = entry.get(field_change::FIELD).text().unwrap_or("");
        if i64::from(at.minutes()) > leads.moments[place] && !field.is_empty() {
            seen.entry(field.to_owned()).or_default().push(place);
        }
    }
    let count = |mut places: Vec<usize>| {
        places.sort_unstable();
        places.dedup();
        places.len() as u64
    };
    Ok(seen.into_iter().map(|(field, places)| (field, count(places))).collect())
}

/// Whether a lead ever did something of a kind until its moment: by kind, and by kind and asset.
fn did(known: &Known, leads: &Leads) -> Result<Vec<Named>, Failure> {
    let mut seen: HashMap<(String, String), Vec<(u32, u64)>> = HashMap::new();
    let mut machines = Machines::default();
    let mut places = Places::of(known, leads);
    let needed = ["kind", "asset", "campaign", "automatic"].into_iter();
    for item in known.head.entries(Entity::Touch, fields(Entity::Touch, needed))? {
        let (_, entry) = item?;
        let (Some(at), Some(place)) = (instant(entry.valid_at), places.find(entry.subject.hash)) else {
            continue;
        };
        let machine = entry.get(touch::AUTOMATIC).flag() == Some(true) && !leads.machines;
        if machine || entry.deleted || i64::from(at.minutes()) > leads.moments[place] {
            continue;
        }
        if !leads.machines {
            machines.see(place, &entry);
        }
        let text = |field| entry.get(field).text().unwrap_or("").to_owned();
        let (kind, asset) = (text(touch::KIND), text(touch::ASSET));
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        if !asset.is_empty() {
            seen.entry((kind.clone(), asset)).or_default().push((place, entry.id.hash));
        }
        if !kind.is_empty() {
            seen.entry((kind, String::new())).or_default().push((place, entry.id.hash));
        }
    }
    let rows = leads.keys.len();
    let machines = machines.found();
    let mut all: Vec<((String, String), Vec<u32>)> = seen
        .into_iter()
        .map(|(key, touches)| {
            let mut places: Vec<u32> = touches.into_iter().filter(|t| !machines.contains(&t.1)).map(|t| t.0).collect();
            places.sort_unstable();
            places.dedup();
            (key, places)
        })
        .filter(|(_, places)| places.len() * 100 >= rows)
        .collect();
    all.sort_by(|a, b| (b.1.len(), &a.0).cmp(&(a.1.len(), &b.0)));
    all.truncate(MOST_TOUCHES);
    Ok(all
        .into_iter()
        .map(|((kind, asset), places)| {
            let mut index = vec![Some(0); rows];
            places.iter().for_each(|p| index[*p as usize] = Some(1));
            let labels = vec!["no".to_owned(), "yes".to_owned()];
            let (name, when) = if asset.is_empty() {
                (format!("did {kind}"), format!("kind = {}", quoted(&kind)))
            } else {
                (format!("did {kind} {asset}"), format!("kind = {} and asset = {}", quoted(&kind), quoted(&asset)))
            };
            let (of, values) = (Looks::Touch(when), Values::Levels { index, labels });
            Named { name, of, values, late: false, changed_after: 0 }
        })
        .collect())
}
