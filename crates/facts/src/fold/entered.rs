//! Stages that leads entered by rules of signed texts: handed in by the caller, folded with what happened, and kept beside the
//! facts, so that a later head folds again only leads for which they changed.
//!
//! Not here: when a lead enters one (the caller asks the rules). Invariant: kept rows are sorted and each stands once.

use std::path::Path;

use journey::{Event, Source, What};
use terms::{Entity, Instant, Key, When};

use crate::Error;
use crate::store::{Extra, Mapped, open_extra};

/// A lead entered a stage by a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entered {
    /// The hash of the lead's key.
    pub lead: u64,
    /// When.
    pub at: Instant,
    /// Which stage.
    pub stage: terms::Stage,
    /// The version of the agreement whose rule it is.
    pub version: u32,
    /// What happened then: the hash of a touch, or of a record of the lead.
    pub by: u64,
}

const NAME: &str = "entered.rows";
const BYTES: usize = 32;

impl Entered {
    fn event(&self, source: Source) -> Event {
        let lead = Key { entity: Entity::Lead, hash: self.lead };
        let said = format!("{:016x} {} {}", self.lead, self.stage.word(), self.at.0);
        let id = Key::of(Entity::StageChange, "agreement", &said);
        let what = What::EnteredByRule { stage: self.stage, version: self.version };
        Event::new(When::Instant(self.at), id, lead, source, what)
    }

    fn bytes(&self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        let fields: [&[u8]; 5] = [
            &self.lead.to_le_bytes(),
            &self.at.0.to_le_bytes(),
            &u32::from(self.stage as u8).to_le_bytes(),
            &self.version.to_le_bytes(),
            &self.by.to_le_bytes(),
        ];
        for (slot, byte) in out.iter_mut().zip(fields.into_iter().flatten()) {
            *slot = *byte;
        }
        out
    }

    fn read(bytes: &[u8]) -> Option<Entered> {
        let long = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        Some(Entered {
            lead: long(0)?,
            at: Instant(long(8)?.cast_signed()),
            stage: terms::Stage::from_number(u8::try_from(word(16)?).ok()?)?,
            version: word(20)?,
            by: long(24)?,
        })
    }
}

/// In order, each once.
pub(super) fn sorted(entered: &[Entered]) -> Vec<Entered> {
    let mut out = entered.to_vec();
    out.sort_unstable();
    out.dedup();
    out
}

/// Those of some leads as events, each with the row of what happened then, where it is among these.
pub(super) fn events(entered: &[Entered], mine: impl Fn(u64) -> bool, among: &[Event]) -> Vec<Event> {
    let source = |by: u64| among.iter().rfind(|event| event.id == by).map_or(Source::default(), |event| event.source);
    entered.iter().filter(|e| mine(e.lead)).map(|e| e.event(source(e.by))).collect()
}

/// Adds them to the versions of records, by the place of their journey; rows are told from the whole journey alone ([`events`]).
pub(super) fn add(records: &mut Vec<(u32, Event)>, entered: &[Entered], place: impl Fn(u64) -> Option<u32>) {
    let before = records.len();
    records.extend(entered.iter().filter_map(|e| Some((place(e.lead)?, e.event(Source::default())))));
    if records.len() > before {
        records.sort_by_key(|(journey, _)| *journey);
    }
}

/// The file that keeps them, where there are any.
pub(super) fn file(entered: &[Entered]) -> Option<Extra<'static>> {
    let bytes = entered.iter().flat_map(Entered::bytes).collect();
    (!entered.is_empty()).then(|| Extra::new(NAME, bytes, entered.len()))
}

/// Those kept beside facts.
pub(super) fn open(folder: &Path) -> Result<Vec<Entered>, Error> {
    let path = folder.join(NAME);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let (rows, bytes) = open_extra(&path)?;
    let all: Option<Vec<Entered>> = bytes.as_slice().chunks_exact(BYTES).take(rows).map(Entered::read).collect();
    all.filter(|all| all.len() == rows).ok_or_else(|| Error::damaged(&path, "is no list of stages entered"))
}

/// The stages entered by rules that facts were made with, in order of lead and time.
///
/// # Errors
/// Where the list is damaged, or the disk does not give it.
pub fn entered_of(facts: &Mapped) -> Result<Vec<Entered>, Error> {
    open(facts.folder())
}

/// Leads of which the one sorted list says something else than the other.
pub(super) fn changed(one: &[Entered], other: &[Entered]) -> Vec<u64> {
    let (mut a, mut b) = (one.iter().peekable(), other.iter().peekable());
    let mut out = Vec::new();
    loop {
        let next = match (a.peek(), b.peek()) {
            (None, None) => break,
            (Some(x), Some(y)) if x == y => {
                a.next();
                b.next();
                continue;
            }
            (Some(x), Some(y)) if x < y => a.next(),
            (Some(_), None) => a.next(),
            (_, Some(_)) => b.next(),
        };
        out.extend(next.map(|e| e.lead));
    }
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(lead: u64, at: i64, version: u32) -> Entered {
        Entered { lead, at: Instant(at), stage: terms::Stage::Mql, version, by: lead ^ 77 }
    }

    #[test]
    fn what_is_kept_comes_back_and_a_damaged_file_is_no_answer() {
        let folder = std::env::temp_dir().join(format!("lockstep-entered-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(open(&folder).unwrap(), []);
        let all = [one(u64::MAX, -5, 1), one(7, i64::MAX, u32::MAX)];
        file(&all).unwrap().write(&folder).unwrap();
        assert_eq!(open(&folder).unwrap(), all);
        let path = folder.join(NAME);
        let mut bytes = std::fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(open(&folder).unwrap_err().wants_rebuild());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_changed_is_what_stands_in_one_list_alone() {
        let (old, new) = ([one(1, 5, 1), one(2, 5, 1), one(4, 1, 1)], [one(1, 5, 1), one(2, 6, 1), one(3, 1, 1)]);
        assert_eq!(changed(&old, &new), [2, 3, 4]);
        assert_eq!(changed(&old, &old), Vec::<u64>::new());
        assert_eq!(changed(&[], &new), [1, 2, 3]);
    }
}
