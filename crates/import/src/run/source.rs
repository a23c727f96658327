//! One source of a value -> the value, for one row.

use std::cell::RefCell;
use std::collections::BTreeMap;

use compact_str::CompactString;
use entries::{Kind, Value};
use terms::{Currency, Key, When};

use super::evidence::Told;
use super::keys::{Occurrences, is_damaged, salesforce_id};
use super::memo::Memo;
use super::plan::{Plan, SourcePlan, meaning};
use super::row::{Stop, Wrong};
use super::several;
use crate::Error;
use crate::contract::{People, Seen, Settings};
use crate::mapping::{Mapping, ValueMap, salesforce_kind, stage};
use crate::piece::Piece;
use crate::table::{Cells, Head};
use crate::values::{self, DateOrder, Decimal, Number, Zone, parse_flag};

/// A text longer than this is no name, code or source.
const MAX_TEXT: usize = 1 << 16;
/// How many values that a map does not know are told apart.
const MAX_UNMAPPED: usize = 1_000;

/// Counts a value among those told apart.
fn note(values: &mut BTreeMap<String, u64>, cell: &str) {
    let shown: String = cell.chars().take(100).collect();
    if let Some(times) = values.get_mut(&shown) {
        *times += 1;
    } else if values.len() < MAX_UNMAPPED {
        values.insert(shown, 1);
    }
}

/// What is learned while the rows of a file go by.
pub(super) struct State<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) piece: &'a Piece,
    pub(super) head: &'a Head,
    pub(super) zone: Zone,
    pub(super) fiscal: terms::FiscalYear,
    pub(super) order: Option<DateOrder>,
    pub(super) decimal: Option<Decimal>,
    /// By column: the order that its rows have shown, once it was needed.
    pub(super) orders: Vec<Option<Option<DateOrder>>>,
    pub(super) decimals: Vec<Option<Decimal>>,
    pub(super) told: Option<Told>,
    pub(super) memos: Vec<Memo<Value>>,
    pub(super) currencies: Memo<Option<Currency>>,
    /// The currency of the row, once it was asked for.
    pub(super) currency: Option<Option<Currency>>,
    pub(super) occurrences: Occurrences,
    pub(super) unmapped: BTreeMap<usize, BTreeMap<String, u64>>,
    /// By column: Salesforce ids whose last three characters do not fit the others.
    pub(super) damaged_ids: RefCell<BTreeMap<usize, BTreeMap<String, u64>>>,
    pub(super) id: String,
    pub(super) scratch: Vec<u8>,
    pub(super) text: String,
    pub(super) other_text: String,
}

impl<'a> State<'a> {
    pub(super) fn new(
        piece: &'a Piece,
        head: &'a Head,
        plan: &'a Plan<'a>,
        mapping: &Mapping,
        settings: &Settings,
    ) -> Result<State<'a>, Error> {
        let places = head.header.len() + 8;
        Ok(State {
            plan,
            piece,
            head,
            zone: Zone::named(mapping.file.time_zone.as_deref().unwrap_or(&settings.time_zone))?,
            fiscal: settings.fiscal,
            order: settings.date_order.or(mapping.file.date_order),
            decimal: settings.decimal.or(mapping.file.decimal),
            orders: vec![None; places],
            decimals: vec![None; places],
            told: None,
            memos: (0..plan.memos).map(|_| Memo::new()).collect(),
            currencies: Memo::new(),
            currency: None,
            occurrences: Occurrences::default(),
            unmapped: BTreeMap::new(),
            damaged_ids: RefCell::default(),
            id: String::new(),
            scratch: Vec::new(),
            text: String::new(),
            other_text: String::new(),
        })
    }

    pub(super) fn start_row(&mut self) {
        self.currency = None;
    }

    pub(super) fn content_id(&mut self, mapping: &str, cells: Cells<'_>) -> String {
        self.occurrences.id(mapping, cells, &mut self.scratch)
    }

    pub(super) fn id_text<'c>(&self, cells: Cells<'c>, place: usize) -> &'c str
    where
        'a: 'c,
    {
        let cell = self.plan.columns.cell(cells, place);
        if !self.plan.salesforce_ids {
            return cell;
        }
        if is_damaged(cell) {
            note(self.damaged_ids.borrow_mut().entry(place).or_default(), cell);
        }
        salesforce_id(cell)
    }

    pub(super) fn wrong(&self, place: usize, read: &str, expected: &str, hint: &str) -> Stop {
        Stop::Reject(Box::new(Wrong {
            column: self.plan.columns.name(place).to_owned(),
            read: read.to_owned(),
            expected: expected.to_owned(),
            hint: hint.to_owned(),
        }))
    }

    fn first<'c>(&self, cells: Cells<'c>, places: &[usize]) -> Option<(usize, &'c str)>
    where
        'a: 'c,
    {
        let cell = |place: &usize| (*place, self.plan.columns.cell(cells, *place));
        places.iter().map(cell).find(|(_, cell)| !cell.is_empty())
    }

    /// A value that needs no people.
    pub(super) fn value(&mut self, source: &SourcePlan<'_>, kind: Kind, cells: Cells<'_>) -> Result<Value, Stop> {
        match source {
            SourcePlan::Constant(value) => Ok(value.clone()),
            SourcePlan::Cell { places, scale, day } => {
                for place in places {
                    let value = self.cell(cells, *place, kind, *scale, *day)?;
                    if !value.is_none() {
                        return Ok(value);
                    }
                }
                Ok(Value::None)
            }
            SourcePlan::Mapped { places, map, memo } => self.mapped(cells, places, map, *memo, kind),
            SourcePlan::Key { places, makers, prefix, only, first } => {
                for place in places {
                    let id = self.id_text(cells, *place);
                    let id = if *first { several::first(id) } else { id };
                    if id.is_empty() {
                        continue;
                    }
                    let maker = match makers.as_slice() {
                        [maker] => Some(maker),
                        all => salesforce_kind(id).and_then(|entity| all.get(entity as usize)),
                    };
                    let Some(maker) = maker else { continue };
                    let key = if prefix.is_empty() {
                        maker.key(id, &mut self.scratch)
                    } else {
                        maker.key(&format!("{prefix}|{id}"), &mut self.scratch)
                    };
                    if only.is_none_or(|only| only == key.entity) {
                        return Ok(Value::Key(key));
                    }
                }
                Ok(Value::None)
            }
            SourcePlan::MailDomain(places) => {
                let mut text = std::mem::take(&mut self.text);
                let all = places.iter().map(|place| self.plan.columns.cell(cells, *place));
                let found =
                    all.into_iter().find_map(|cell| values::mail_domain(cell, &mut text).map(CompactString::from));
                self.text = text;
                Ok(found.map_or(Value::None, Value::Text))
            }
            SourcePlan::WebDomain(places) => {
                let mut text = std::mem::take(&mut self.text);
                let all = places.iter().map(|place| self.plan.columns.cell(cells, *place));
                let found =
                    all.into_iter().find_map(|cell| values::web_domain(cell, &mut text).map(CompactString::from));
                self.text = text;
                Ok(found.map_or(Value::None, Value::Text))
            }
            SourcePlan::Agent(places) => {
                let mut all = places.iter().map(|place| self.plan.columns.cell(cells, *place));
                Ok(match all.find_map(values::known_machine) {
                    None => Value::None,
                    Some(_) if kind == Kind::Flag => Value::Flag(true),
                    Some(name) => Value::Text(CompactString::from(format!("its program says that it is {name}"))),
                })
            }
            SourcePlan::Rest(places) => Ok(self.rest(cells, places)),
            SourcePlan::Alias { .. } | SourcePlan::Person { .. } => Ok(Value::None),
        }
    }

    /// Any value; for a person also by which rule they were known.
    pub(super) fn value_by_people(
        &mut self,
        source: &SourcePlan<'_>,
        kind: Kind,
        cells: Cells<'_>,
        people: &mut dyn People,
    ) -> Result<(Value, Option<&'static str>), Stop> {
        match source {
            SourcePlan::Alias { places, entity, system, memo } => {
                let Some((_, name)) = self.first(cells, places) else { return Ok((Value::None, None)) };
                let Some(memo) = self.memos.get_mut(*memo) else { return Ok((Value::None, None)) };
                let key = memo.get(name, |name| people.alias(*entity, system, name).map(Value::Key))?;
                Ok((key, None))
            }
            SourcePlan::Person { mail, phone, name, first, last } => {
                let (mut mail_text, mut phone_text) =
                    (std::mem::take(&mut self.text), std::mem::take(&mut self.other_text));
                let columns = &self.plan.columns;
                let cell = |place: &usize| columns.cell(cells, *place);
                let one = |place: &usize| several::first(cell(place));
                let mail_read = mail.iter().map(one).find(|cell| values::mail(cell, &mut mail_text).is_some());
                let phone_read = phone.iter().map(cell).find(|cell| values::phone(cell, &mut phone_text).is_some());
                let mut found = Ok((Value::None, None));
                if mail_read.is_some() || phone_read.is_some() {
                    let part = |places: &[usize]| places.iter().map(cell).find(|cell| !cell.is_empty()).unwrap_or("");
                    let joined = match part(name) {
                        "" => format!("{} {}", part(first), part(last)),
                        name => name.to_owned(),
                    };
                    let joined = joined.trim();
                    let seen = Seen {
                        mail: mail_read.map_or("", |_| mail_text.as_str()),
                        phone: phone_read.map_or("", |_| phone_text.as_str()),
                        name: (!joined.is_empty()).then_some(joined),
                        mail_read: mail_read.unwrap_or(""),
                        phone_read: phone_read.unwrap_or(""),
                    };
                    found = people.person(&seen).map(|(key, rule): (Key, _)| (Value::Key(key), Some(rule)));
                }
                (self.text, self.other_text) = (mail_text, phone_text);
                Ok(found?)
            }
            other => Ok((self.value(other, kind, cells)?, None)),
        }
    }

    fn cell(
        &mut self,
        cells: Cells<'_>,
        place: usize,
        kind: Kind,
        scale: Option<Number>,
        day: bool,
    ) -> Result<Value, Stop> {
        let cell = self.plan.columns.cell(cells, place);
        if cell.is_empty() {
            return Ok(Value::None);
        }
        match kind {
            Kind::Code | Kind::Text if cell.len() > MAX_TEXT => {
                Err(self.wrong(place, cell, "a text of at most 65,536 characters", "shorten it, or map another column"))
            }
            Kind::Code | Kind::Text => Ok(Value::Text(CompactString::from(cell))),
            Kind::Int => self.whole(cells, place, cell, scale),
            Kind::Real => {
                let number = self.number(place, cell)?;
                let number = match scale {
                    Some(scale) => number.scaled(scale),
                    None => Some(number),
                };
                number.map(|number| Value::Real(number.real())).ok_or_else(|| self.no_number(place, cell))
            }
            Kind::Money => self.money(cells, place, cell, scale),
            Kind::When => Ok(match self.when(cells, place, day)? {
                When::Unknown => Value::None,
                when => Value::When(when),
            }),
            Kind::Flag => Ok(self.flag(cells, place)?.map_or(Value::None, Value::Flag)),
            Kind::Stage => match stage(cell) {
                Some(stage) => Ok(Value::Stage(stage)),
                None => {
                    self.note_unmapped(place, cell);
                    Ok(Value::None)
                }
            },
            Kind::Key => Ok(Value::None),
        }
    }

    fn mapped(
        &mut self,
        cells: Cells<'_>,
        places: &[usize],
        map: &ValueMap,
        memo: usize,
        kind: Kind,
    ) -> Result<Value, Stop> {
        let mut raw = None;
        for place in places {
            let cell = self.plan.columns.cell(cells, *place);
            if cell.is_empty() {
                continue;
            }
            let Some(memo) = self.memos.get_mut(memo) else { break };
            // a meaning that is empty is kept apart from no meaning: it is a decision
            let found = memo.get(cell, |cell| {
                Ok::<_, Stop>(map.find(cell).map_or(Value::When(When::Unknown), |text| meaning(text, kind)))
            })?;
            if found != Value::When(When::Unknown) {
                return Ok(found);
            }
            raw.get_or_insert((*place, cell));
        }
        let Some((place, raw)) = raw else { return Ok(Value::None) };
        match &map.otherwise {
            Some(otherwise) => Ok(meaning(otherwise, kind)),
            None if matches!(kind, Kind::Code | Kind::Text) => self.cell(cells, place, kind, None, false),
            None => {
                if kind == Kind::Stage {
                    self.note_unmapped(place, raw);
                }
                Ok(Value::None)
            }
        }
    }

    fn note_unmapped(&mut self, place: usize, cell: &str) {
        note(self.unmapped.entry(place).or_default(), cell);
    }

    fn rest(&self, cells: Cells<'_>, places: &[usize]) -> Value {
        let mut lines = String::new();
        for place in places {
            let cell = self.plan.columns.cell(cells, *place);
            if cell.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.push_str(self.plan.columns.name(*place));
            lines.push('=');
            // a value is one line
            lines.extend(cell.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }));
        }
        if lines.is_empty() { Value::None } else { Value::Text(lines.into()) }
    }

    pub(super) fn flag(&self, cells: Cells<'_>, place: usize) -> Result<Option<bool>, Stop> {
        match self.plan.columns.cell(cells, place) {
            "" => Ok(None),
            cell => parse_flag(cell).map(Some).ok_or_else(|| {
                self.wrong(place, cell, "yes or no: 1, 0, true, false, yes, no", "map other words in the mapping")
            }),
        }
    }
}
