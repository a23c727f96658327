//! One lead: its records as of an instant, and its touches.

use std::collections::{BTreeMap, HashMap};

use agreement::document::scoring::{Of, Scoring};
use agreement::score::{Machine, Mail, Mailing, machine};
use entries::Entry;
use entries::catalogue::{lead, person, touch};
use ledger::{Filter, Head};
use terms::{Entity, Instant, Key, When};

use super::values::fields;
use crate::failure::Failure;
use crate::known::Known;

/// A touch, and the row it was read from.
#[derive(Debug)]
pub struct Seen {
    pub at: Instant,
    pub entry: Entry,
    pub place: String,
}

/// One lead.
#[derive(Debug)]
pub struct One {
    /// Its records, the one asked for first: of each the version that stood at the instant, or else the first there is.
    pub records: Vec<Entry>,
    /// Since when it is known.
    pub since: Instant,
    /// Touches with a time that were not taken for a machine's, in order.
    pub touches: Vec<Seen>,
    /// Touches that were taken for a machine's, by the reason.
    pub machine: BTreeMap<String, u64>,
    /// Records whose first version is younger than the instant: what they say may have been written later.
    pub younger: Vec<When>,
}

/// An event of a mailing, if a touch is one.
pub fn mail(entry: &Entry, traps: &[String]) -> Option<Mail> {
    let what = Mailing::of(entry.get(touch::KIND).text()?)?;
    // a day alone says nothing of seconds
    let When::Instant(at) = entry.valid_at else { return None };
    let mailing = entry.get(touch::CAMPAIGN).key().map_or(0, |k| k.hash);
    let link = entry.get(touch::ASSET).text().unwrap_or("");
    let number = if link.is_empty() { 0 } else { Key::of(Entity::Touch, "link", link).hash };
    Some(Mail { at, what, mailing, link: number, is_trap: is_trap(link, traps) })
}

/// Whether a touch that is no mail's is of a trap; those of mails tell of their whole mailing.
pub fn is_trapped(entry: &Entry, traps: &[String]) -> bool {
    is_trap(entry.get(touch::ASSET).text().unwrap_or(""), traps) && mail(entry, &[]).is_none()
}

/// Whether what was touched is one of the traps that no reader sees.
pub fn is_trap(asset: &str, traps: &[String]) -> bool {
    !traps.is_empty() && {
        let asset = asset.to_lowercase();
        traps.iter().any(|trap| asset.contains(trap))
    }
}

/// The first instant of a time, if it is known.
pub fn instant(when: When) -> Option<Instant> {
    match when {
        When::Instant(at) => Some(at),
        When::Day(day) | When::Range(day, _) => Some(day.start()),
        When::Unknown => None,
    }
}

/// What belongs to the journey of a lead.
pub fn subjects(known: &Known, asked: Key) -> Vec<u64> {
    known.facts.journey_of(asked.hash).map_or_else(Vec::new, |journey| known.facts.subjects_of(journey))
}

/// Reads what a scoring looks at of a lead, to whose journey these belong, as of an instant.
pub fn one(
    known: &Known,
    (asked, of): (Key, &[u64]),
    scoring: &Scoring,
    (at, machines): (Instant, bool),
) -> Result<One, Failure> {
    let subjects: Vec<u64> =
        std::iter::once(asked.hash).chain(of.iter().copied().filter(|s| *s != asked.hash)).collect();
    let mut out = One { records: vec![], since: at, touches: vec![], machine: BTreeMap::new(), younger: vec![] };
    let mut since = None;
    // a column that is not asked for costs as much to read as one that is
    let asked_of = |which| {
        let rules = scoring.rules.iter().filter(move |rule| rule.of == which);
        rules.flat_map(|rule| &rule.when.terms).map(|term| term.column.as_str())
    };
    let of_lead = || ["created_at"].into_iter().chain(asked_of(Of::Lead));
    let of_touch = ["kind", "campaign", "asset", "automatic", "reason"].into_iter().chain(asked_of(Of::Touch));
    let read = |entity, wanted| all(&known.head, entity, &subjects, wanted);
    let mut leads = read(Entity::Lead, fields(Entity::Lead, of_lead()))?;
    let mut people = read(Entity::Person, fields(Entity::Person, of_lead()))?;
    let mut touches = read(Entity::Touch, fields(Entity::Touch, of_touch))?;
    for subject in &subjects {
        for (found, created) in [(&mut leads, lead::CREATED_AT), (&mut people, person::CREATED_AT)] {
            let versions = found.remove(subject).unwrap_or_default();
            for version in &versions {
                let first = instant(version.0.get(created).when()).or_else(|| instant(version.0.valid_at));
                since = [since, first].into_iter().flatten().min();
            }
            let stood = |e: &Entry| instant(e.valid_at).is_none_or(|from| from <= at);
            let place = versions.iter().rposition(|(e, _)| stood(e));
            if let (None, Some((first, _))) = (place, versions.first()) {
                out.younger.push(first.valid_at);
            }
            out.records.extend(versions.into_iter().nth(place.unwrap_or(0)).map(|(e, _)| e));
        }
    }
    for subject in &subjects {
        for (entry, place) in touches.remove(subject).unwrap_or_default() {
            if entry.get(touch::AUTOMATIC).flag() == Some(true) && !machines {
                let reason = entry.get(touch::REASON).text().unwrap_or("marked so by its tool").to_owned();
                *out.machine.entry(reason).or_default() += 1;
            } else if is_trapped(&entry, &scoring.traps) && !machines {
                *out.machine.entry(Machine::Trap.words().to_owned()).or_default() += 1;
            } else if let Some(then) = instant(entry.valid_at) {
                out.touches.push(Seen { at: then, entry, place });
            }
        }
    }
    if !machines {
        let mails: Vec<Option<Mail>> = out.touches.iter().map(|t| mail(&t.entry, &scoring.traps)).collect();
        let known: Vec<Mail> = mails.iter().copied().flatten().collect();
        let mut why = machine(&known).into_iter();
        let mut keep =
            mails.iter().map(|m| if m.is_some() { why.next().flatten() } else { None }).collect::<Vec<_>>().into_iter();
        out.touches.retain(|_| match keep.next().flatten() {
            Some(why) => {
                *out.machine.entry(why.words().to_owned()).or_default() += 1;
                false
            }
            None => true,
        });
    }
    out.touches.sort_by(|a, b| (a.at, &a.place).cmp(&(b.at, &b.place)));
    out.since = since.unwrap_or(at);
    Ok(out)
}

/// Entries about subjects (their touches, or versions of their own records) that are not deleted, each thing's last version last,
/// with their places.
fn all(
    head: &Head,
    entity: Entity,
    subjects: &[u64],
    wanted: Filter,
) -> Result<HashMap<u64, Vec<(Entry, String)>>, Failure> {
    let mut about = subjects.to_vec();
    about.sort_unstable();
    let mut out: HashMap<u64, Vec<(Entry, String)>> = HashMap::new();
    for item in head.entries(entity, Filter { about, ..wanted })? {
        let (stamp, entry) = item?;
        let place = format!("{}:{}", stamp.file.rsplit('/').next().unwrap_or(&stamp.file), entry.row.line);
        let own = out.entry(entry.subject.hash).or_default();
        if entity == Entity::Touch {
            // a later version of the same touch takes its place
            own.retain(|(e, _)| e.id != entry.id);
        }
        own.push((entry, place));
    }
    out.values_mut().for_each(|own| own.retain(|(e, _)| !e.deleted));
    Ok(out)
}
