//! What records of leads said in some columns, and since when: every version of each.
//!
//! Not here: what is asked of it. Invariant: the lead's own record decides, and others of the same person where it says nothing.

use std::collections::{HashMap, HashSet};

use ledger::Filter;
use tallies::columns::lead_cycle;
use tallies::{Extract, Facts, Grain, Test};
use terms::{Entity, Instant};

use super::all::Leads;
use super::one::instant;
use super::places::Places;
use super::values::{Column, fields};
use crate::failure::Failure;
use crate::known::Known;

/// Leads of a journey up to which they are looked at together.
const TOGETHER: usize = 64;

/// Leads that are judged by the same happenings.
pub struct Group {
    /// Key and creation, in minutes since 1970.
    pub leads: Vec<(u64, Option<i64>)>,
}

/// A version of a record: of whom, since when, and where its values begin.
pub struct Said {
    pub place: u32,
    pub subject: u64,
    pub from: Instant,
    pub values: u32,
}

/// What is read of a head: everything, or what is about some subjects and their journeys.
#[derive(Default)]
pub struct Only {
    /// Sorted; empty for all.
    pub about: Vec<u64>,
    pub journeys: HashSet<u64>,
}

impl Only {
    fn fields<'c>(&self, entity: Entity, columns: impl Iterator<Item = &'c str>) -> Filter {
        Filter { about: self.about.clone(), ..fields(entity, columns) }
    }
}

/// Leads by what they are judged by, and the place of each journey or lead among them.
pub fn groups(known: &Known, only: &Only) -> Result<(Vec<Group>, Leads), Failure> {
    let columns = [lead_cycle::JOURNEY, lead_cycle::KEY, lead_cycle::CREATED_AT];
    let first = vec![Test::Between(lead_cycle::CYCLE, 0, 0)];
    let table = known.facts.extract(&Extract::of(Grain::LeadCycle, first, &columns))?;
    let key = |column, row| table.number(column, row).unwrap_or(0).cast_unsigned();
    let mut all: Vec<(u64, u64, Option<i64>)> = (0..table.rows)
        .map(|r| (key(lead_cycle::JOURNEY, r), key(lead_cycle::KEY, r), table.number(lead_cycle::CREATED_AT, r)))
        .filter(|(journey, ..)| only.about.is_empty() || only.journeys.contains(journey))
        .collect();
    all.sort_unstable();
    let (mut groups, mut places) = (Vec::new(), Leads::default());
    let place = |groups: &Vec<Group>| u32::try_from(groups.len()).unwrap_or(u32::MAX);
    for journey in all.chunk_by(|a, b| a.0 == b.0) {
        if journey.len() <= TOGETHER {
            places.places.extend(journey.first().map(|(journey, ..)| (*journey, place(&groups))));
            groups.push(Group { leads: journey.iter().map(|(_, key, at)| (*key, *at)).collect() });
            continue;
        }
        for (_, key, at) in journey {
            places.alone.insert(*key, place(&groups));
            groups.push(Group { leads: vec![(*key, *at)] });
        }
    }
    Ok((groups, places))
}

/// What records say in some columns.
pub struct Records {
    pub columns: Vec<String>,
    /// The texts of each column; a value is the number of its text from 1 on, and 0 where none is known.
    pub texts: Vec<Vec<String>>,
    /// In order of place, subject and time.
    pub said: Vec<Said>,
    /// The values of each version, column after column.
    pub values: Vec<u32>,
}

impl Records {
    /// All versions of records of leads at these places.
    pub fn read(known: &Known, mut columns: Vec<String>, places: &Leads, only: &Only) -> Result<Records, Failure> {
        columns.sort_unstable();
        columns.dedup();
        let mut out = Records { texts: vec![Vec::new(); columns.len()], columns, said: vec![], values: vec![] };
        let mut numbered: Vec<HashMap<String, u32>> = vec![HashMap::new(); out.columns.len()];
        let columns = out.columns.clone();
        let asked: Vec<Column<'_>> = columns.iter().map(|c| Column::of(c)).collect();
        let (campaigns, mut places) = (known.campaigns()?, Places::of(known, places));
        for entity in [Entity::Person, Entity::Lead] {
            if entity == Entity::Person && out.columns.is_empty() {
                continue;
            }
            for item in known.head.entries(entity, only.fields(entity, out.columns.iter().map(String::as_str)))? {
                let (_, entry) = item?;
                let Some(place) = places.find(entry.id.hash).filter(|_| !entry.deleted) else { continue };
                let values = u32::try_from(out.values.len()).unwrap_or(u32::MAX);
                for ((column, texts), numbered) in asked.iter().zip(&mut out.texts).zip(&mut numbered) {
                    let text = column.value(&entry, campaigns).filter(|text| !text.trim().is_empty());
                    out.values.push(text.map_or(0, |text| match numbered.get(text.as_ref()) {
                        Some(code) => *code,
                        None => {
                            texts.push(text.clone().into_owned());
                            let code = u32::try_from(texts.len()).unwrap_or(0);
                            numbered.insert(text.into_owned(), code);
                            code
                        }
                    }));
                }
                let from = instant(entry.valid_at).unwrap_or(Instant(i64::MIN));
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                out.said.push(Said { place, subject: entry.id.hash, from, values });
            }
        }
        // of versions of one time the one recorded last stands, as the ledger gives them
        out.said.sort_by_key(|said| (said.place, said.subject, said.from));
        Ok(out)
    }

    /// What stands of one place at an instant, column after column; `key` is the lead's own.
    pub fn standing(&self, said: &[Said], key: u64, at: Instant) -> Vec<u32> {
        let mut values = vec![0; self.columns.len()];
        let own =
            said.chunk_by(|a, b| a.subject == b.subject).filter(|of| of.first().is_some_and(|s| s.subject == key));
        let others =
            said.chunk_by(|a, b| a.subject == b.subject).filter(|of| of.first().is_some_and(|s| s.subject != key));
        for record in own.chain(others) {
            for (column, value) in values.iter_mut().enumerate().filter(|(_, value)| **value == 0) {
                *value = self.value(record, column, at);
            }
        }
        values
    }

    /// The versions of one place.
    pub fn of(&self, place: u32) -> &[Said] {
        let of = self.said.partition_point(|s| s.place < place)..self.said.partition_point(|s| s.place <= place);
        self.said.get(of).unwrap_or(&[])
    }

    /// What a record says in a column at an instant: its last version by then that says anything, else the first that does.
    fn value(&self, record: &[Said], column: usize, at: Instant) -> u32 {
        let of = |said: &Said| self.values.get(said.values as usize + column).copied().filter(|v| *v != 0);
        let by_then = record.partition_point(|said| said.from <= at);
        let (before, after) = record.split_at(by_then);
        let first = if before.is_empty() { after.first().and_then(of) } else { None };
        before.iter().rev().find_map(of).or(first).unwrap_or(0)
    }
}
