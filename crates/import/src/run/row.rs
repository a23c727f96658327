//! One row -> its entries.
//!
//! Invariant: nothing of a row is handed over before all of it was read, and people are asked for last, so that a
//! reject leaves no trace.

use entries::{Entry, Kind, RowRef, Value};
use terms::When;

use super::plan::{EntityPlan, MomentPlan, Plan};
use super::several::{self, Substituted};
use super::source::State;
use super::warnings::{damaged_ids, unmapped};
use crate::Error;
use crate::contract::{People, Settings, Sink, Warning};
use crate::mapping::Mapping;
use crate::piece::Piece;
use crate::table::{Cells, Head};

/// Why a row gives nothing.
pub(super) enum Stop {
    Reject(Box<Wrong>),
    Error(Box<Error>),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(Box::new(error))
    }
}

/// What is wrong with one cell.
pub(super) struct Wrong {
    pub(super) column: String,
    pub(super) read: String,
    pub(super) expected: String,
    pub(super) hint: String,
}

pub(super) struct Mapper<'a> {
    plan: &'a Plan<'a>,
    state: State<'a>,
    mapping: &'a str,
    file: &'a str,
    entries: Vec<Entry>,
    /// Which of the entries belong to the row under way.
    made: Vec<bool>,
    /// Of entities that are made once for each part of a cell: the place of the plan, the part, and what was made.
    more: Vec<(usize, String, Entry)>,
    substituted: Substituted,
}

impl<'a> Mapper<'a> {
    pub(super) fn new(
        piece: &'a Piece,
        head: &'a Head,
        plan: &'a Plan<'a>,
        mapping: &'a Mapping,
        settings: &Settings,
    ) -> Result<Mapper<'a>, Error> {
        Ok(Mapper {
            plan,
            state: State::new(piece, head, plan, mapping, settings)?,
            mapping: &mapping.name,
            file: &piece.name,
            entries: plan.entities.iter().map(|plan| Entry::new(plan.entity)).collect(),
            made: vec![false; plan.entities.len()],
            more: Vec::new(),
            substituted: Substituted::default(),
        })
    }

    /// The entries of the row just read.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let single = self.entries.iter().zip(&self.made).filter(|(_, made)| **made).map(|(entry, _)| entry);
        single.chain(self.more.iter().map(|(_, _, entry)| entry))
    }

    /// Reads one row. `Some` is why it is ignored.
    pub(super) fn row(
        &mut self,
        cells: Cells<'_>,
        at: RowRef,
        sink: &mut dyn Sink,
        people: &mut dyn People,
    ) -> Result<Option<&'a str>, Stop> {
        let plan = self.plan;
        for (checks, reason) in &plan.ignores {
            if checks.iter().all(|check| check.holds(&plan.columns, cells)) {
                return Ok(Some(reason));
            }
        }
        self.state.start_row();
        self.more.clear();
        let mut any = false;
        let mut content_id = None;
        for (n, entity) in plan.entities.iter().enumerate() {
            let wanted = entity.when.iter().all(|check| check.holds(&plan.columns, cells));
            self.made[n] = wanted;
            if !wanted {
                continue;
            }
            any = true;
            if entity.without_id && content_id.is_none() {
                content_id = Some(self.state.content_id(self.mapping, cells));
            }
            if let Some(place) = entity.each {
                self.made[n] = false;
                self.each(n, place, cells, at, content_id.as_deref())?;
                continue;
            }
            let entry = &mut self.entries[n];
            entry.reset(entity.entity);
            entry.row = at;
            self.state.identify(entity, cells, content_id.as_deref(), None, entry)?;
            sink.expect(entry.id);
            self.state.fill(entity, cells, entry)?;
        }
        if !any {
            return Ok(Some("filtered by the mapping"));
        }
        for (n, entity) in plan.entities.iter().enumerate() {
            if self.made[n] {
                self.state.ask_people(entity, cells, &mut self.entries[n], people)?;
                if entity.may_join {
                    self.join(n);
                }
            }
        }
        for (n, part, entry) in &mut self.more {
            if let Some(entity) = plan.entities.get(*n)
                && let Some(place) = entity.each
            {
                let cells = self.substituted.of(cells, place, part);
                self.state.ask_people(entity, cells, entry, people)?;
            }
        }
        Ok(None)
    }

    /// One entry for each part of a cell; in it the column reads as that part.
    fn each(
        &mut self,
        n: usize,
        place: usize,
        cells: Cells<'_>,
        at: RowRef,
        content_id: Option<&str>,
    ) -> Result<(), Stop> {
        let Some(plan) = self.plan.entities.get(n) else { return Ok(()) };
        // an id that does not name the column is told apart by the part's number: a mail must not stand in it
        let numbered = !plan.id.contains(&place);
        for (number, part) in several::parts(self.plan.columns.cell(cells, place)).enumerate() {
            let cells = self.substituted.of(cells, place, part);
            let mut entry = Entry::new(plan.entity);
            entry.row = at;
            self.state.identify(plan, cells, content_id, numbered.then_some(number + 1), &mut entry)?;
            self.state.fill(plan, cells, &mut entry)?;
            if self.more.iter().all(|(_, _, other)| other.id != entry.id) {
                self.more.push((n, part.to_owned(), entry));
            }
        }
        Ok(())
    }

    /// Two entities of a row that are the same thing are one entry: the first, with what it lacked.
    fn join(&mut self, n: usize) {
        let (before, after) = self.entries.split_at_mut(n);
        let Some(twin) = after.first() else { return };
        let same = |(m, entry): &(usize, &mut Entry)| self.made[*m] && entry.id == twin.id;
        let Some((_, first)) = before.iter_mut().enumerate().find(same) else { return };
        for (field, value) in twin.values().iter().enumerate() {
            if first.get(field).is_none() && !value.is_none() {
                first.set(field, value.clone());
            }
        }
        if first.valid_at == When::Unknown {
            first.valid_at = twin.valid_at;
        }
        self.made[n] = false;
    }

    pub(super) fn warnings(&self) -> Vec<Warning> {
        let columns = &self.plan.columns;
        let all = self.state.unmapped.iter();
        let damaged = self.state.damaged_ids.borrow();
        all.map(|(place, values)| {
            let values = values.iter().map(|(value, n)| (value.clone(), *n)).collect();
            unmapped(self.file, columns.name(*place), values)
        })
        .chain(damaged.iter().map(|(place, values)| damaged_ids(self.file, columns.name(*place), values)))
        .collect()
    }
}

impl State<'_> {
    /// Sets the id, its key and, for now, the subject.
    fn identify(
        &mut self,
        plan: &EntityPlan<'_>,
        cells: Cells<'_>,
        content_id: Option<&str>,
        number: Option<usize>,
        entry: &mut Entry,
    ) -> Result<(), Stop> {
        let mut id = std::mem::take(&mut self.id);
        id.clear();
        if !plan.prefix.is_empty() {
            id.push_str(plan.prefix);
            id.push('|');
        }
        let start = id.len();
        match content_id.filter(|_| plan.without_id) {
            Some(content) => id.push_str(content),
            None => {
                let mut any = false;
                for (n, place) in plan.id.iter().enumerate() {
                    if n > 0 {
                        id.push('|');
                    }
                    let part = self.id_text(cells, *place);
                    any |= !part.is_empty();
                    id.push_str(part);
                }
                if !any {
                    self.id = id;
                    let column = plan.id.first().map_or("", |place| self.plan.columns.name(*place));
                    return Err(Stop::Reject(Box::new(Wrong {
                        column: column.to_owned(),
                        read: String::new(),
                        expected: format!("the id of the {}", plan.entity.word()),
                        hint: "a row without its id cannot be known again; add it, or leave the row out".into(),
                    })));
                }
            }
        }
        if let Some(number) = number {
            id.push_str(&format!("|{number}"));
        }
        entry.id = plan.maker.key(&id, &mut self.scratch);
        if !plan.without_id {
            entry.id_text.clear();
            entry.id_text.push_str(&id);
        }
        debug_assert!(id.len() > start);
        entry.subject = entry.id;
        self.id = id;
        Ok(())
    }

    /// Reads all that needs no people.
    fn fill(&mut self, plan: &EntityPlan<'_>, cells: Cells<'_>, entry: &mut Entry) -> Result<(), Stop> {
        for moment in &plan.valid_at {
            let when = match moment {
                MomentPlan::At(place) if self.plan.columns.is_range(*place) => self.range(),
                MomentPlan::At(place) => self.when(cells, *place, false)?,
                MomentPlan::Between(first, last) => self.between(cells, *first, *last)?,
            };
            if when != When::Unknown {
                entry.valid_at = when;
                break;
            }
        }
        if let Some(place) = plan.deleted {
            entry.deleted = self.flag(cells, place)?.unwrap_or(false);
        }
        if !plan.subject.is_empty() && !plan.subject.iter().any(|source| source.asks_people()) {
            for source in &plan.subject {
                if let Value::Key(key) = self.value(source, Kind::Key, cells)? {
                    entry.subject = key;
                    break;
                }
            }
        }
        for set in plan.set.iter().filter(|set| !set.later) {
            for source in &set.from {
                let value = self.value(source, set.kind, cells)?;
                if !value.is_none() {
                    entry.set(set.field, value);
                    break;
                }
            }
        }
        Ok(())
    }

    /// Reads what people are asked for.
    fn ask_people(
        &mut self,
        plan: &EntityPlan<'_>,
        cells: Cells<'_>,
        entry: &mut Entry,
        people: &mut dyn People,
    ) -> Result<(), Stop> {
        if plan.subject.iter().any(|source| source.asks_people()) {
            for source in &plan.subject {
                if let (Value::Key(key), _) = self.value_by_people(source, Kind::Key, cells, people)? {
                    entry.subject = key;
                    break;
                }
            }
        }
        for set in plan.set.iter().filter(|set| set.later) {
            for source in &set.from {
                let (value, rule) = self.value_by_people(source, set.kind, cells, people)?;
                if value.is_none() {
                    continue;
                }
                entry.set(set.field, value);
                if let (Some(rule), Some(field)) = (rule, plan.match_rule) {
                    entry.set(field, Value::Text(rule.into()));
                }
                break;
            }
        }
        Ok(())
    }
}
