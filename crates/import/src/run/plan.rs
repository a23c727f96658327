//! A mapping compiled for one file's header: columns by place, terms by field, nothing left to look up for a row.

use entries::{FieldId, Kind, Value, catalogue};
use terms::{Currency, Entity};

use super::columns::Columns;
use super::keys::KeyMaker;
use crate::Error;
use crate::contract::Settings;
use crate::mapping::{Ask, Column, EntityRule, From, KeyFrom, Mapping, Moment, Test, ValueMap, fold, stage};
use crate::piece::Piece;
use crate::table::{Cells, Head};
use crate::values::{DateRule, Decimal, Number, Zone, parse_date, parse_flag, parse_money, parse_number};

/// What to do with a row of one file.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) columns: Columns<'a>,
    pub(super) ignores: Vec<(Vec<Check<'a>>, &'a str)>,
    pub(super) entities: Vec<EntityPlan<'a>>,
    pub(super) currency_column: Option<usize>,
    /// The currency where neither cell nor row shows one.
    pub(super) currency: Option<Currency>,
    /// Columns read as dates, and as numbers with decimals.
    pub(super) dates: Vec<usize>,
    pub(super) numbers: Vec<usize>,
    pub(super) memos: usize,
    pub(super) salesforce_ids: bool,
}

#[derive(Debug)]
pub(super) struct EntityPlan<'a> {
    pub(super) entity: Entity,
    pub(super) when: Vec<Check<'a>>,
    /// Made once for each part of this cell.
    pub(super) each: Option<usize>,
    pub(super) id: Vec<usize>,
    /// The row's content stands for the id.
    pub(super) without_id: bool,
    pub(super) prefix: &'a str,
    pub(super) maker: KeyMaker,
    pub(super) subject: Vec<SourcePlan<'a>>,
    pub(super) valid_at: Vec<MomentPlan>,
    pub(super) deleted: Option<usize>,
    pub(super) set: Vec<SetPlan<'a>>,
    pub(super) match_rule: Option<FieldId>,
    /// Whether an entity before it may make the same thing out of the same row.
    pub(super) may_join: bool,
}

#[derive(Debug)]
pub(super) struct SetPlan<'a> {
    pub(super) field: FieldId,
    pub(super) kind: Kind,
    pub(super) from: Vec<SourcePlan<'a>>,
    /// Whether people are asked for it: after all else of the row was read.
    pub(super) later: bool,
}

#[derive(Debug)]
pub(super) enum MomentPlan {
    At(usize),
    Between(usize, usize),
}

#[derive(Debug)]
pub(super) enum SourcePlan<'a> {
    Constant(Value),
    Cell { places: Vec<usize>, scale: Option<Number>, day: bool },
    Mapped { places: Vec<usize>, map: &'a ValueMap, memo: usize },
    Key { places: Vec<usize>, makers: Vec<KeyMaker>, prefix: &'a str, only: Option<Entity>, first: bool },
    Alias { places: Vec<usize>, entity: Entity, system: &'a str, memo: usize },
    Person { mail: Vec<usize>, phone: Vec<usize>, name: Vec<usize>, first: Vec<usize>, last: Vec<usize> },
    MailDomain(Vec<usize>),
    WebDomain(Vec<usize>),
    Agent(Vec<usize>),
    Rest(Vec<usize>),
}

impl EntityPlan<'_> {
    /// Whether it takes anything from the file at all.
    fn reads_the_file(&self) -> bool {
        let constant = |source: &SourcePlan<'_>| matches!(source, SourcePlan::Constant(_));
        !self.id.is_empty() || !self.valid_at.is_empty() || self.set.iter().any(|set| !set.from.iter().all(constant))
    }
}

impl SourcePlan<'_> {
    pub(super) fn asks_people(&self) -> bool {
        matches!(self, SourcePlan::Alias { .. } | SourcePlan::Person { .. })
    }
}

/// A test of one cell.
#[derive(Debug)]
pub(super) struct Check<'a> {
    place: Option<usize>,
    ask: &'a Ask,
}

impl Check<'_> {
    pub(super) fn holds(&self, columns: &Columns<'_>, cells: Cells<'_>) -> bool {
        holds(self.ask, self.place.map_or("", |place| columns.cell(cells, place)))
    }
}

fn holds(ask: &Ask, cell: &str) -> bool {
    let is = |text: &String| {
        text.len() == cell.len() && text.eq_ignore_ascii_case(cell) || (!cell.is_ascii() && *text == fold(cell))
    };
    match ask {
        Ask::Empty => cell.is_empty(),
        Ask::NotEmpty => !cell.is_empty(),
        Ask::In(texts) => texts.iter().any(is),
        Ask::NotIn(texts) => !texts.iter().any(is),
        Ask::StartsWith(text) => match cell.get(..text.len()) {
            Some(head) if cell.is_ascii() => head.eq_ignore_ascii_case(text),
            _ => fold(cell).starts_with(text.as_str()),
        },
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        piece: &'a Piece,
        mapping: &'a Mapping,
        settings: &Settings,
        head: &'a Head,
    ) -> Result<Plan<'a>, Error> {
        let file = &mapping.file;
        let columns = Columns::new(head, &piece.file_name(), &file.null);
        let currency_column = file.currency_column.as_ref().and_then(|column| columns.find(column));
        let mut builder = Builder { columns, mapping, settings, memos: 0, dates: Vec::new(), numbers: Vec::new() };
        let mut missing = Vec::new();
        let mut entities: Vec<EntityPlan<'a>> = Vec::new();
        let mut possible = mapping.entities.is_empty();
        for rule in &mapping.entities {
            let never = builder.never(&rule.when);
            let mut plan = builder.entity(rule);
            if !plan.reads_the_file() {
                missing.extend(rule.id.iter().map(|column| column.text.clone()));
                continue;
            }
            possible = true;
            let nothing_each = rule.each.is_some() && plan.each.is_none();
            if never || nothing_each {
                continue;
            }
            plan.may_join = entities.iter().any(|other| other.entity == plan.entity);
            entities.push(plan);
        }
        if !possible {
            missing.dedup();
            let cause = format!("mapping `{}` needs the columns {}", mapping.name, quoted(&missing));
            return Err(Error::new("missing_columns", &piece.name, cause)
                .with_hint("export the file with these columns, or name the right ones in the mapping"));
        }
        let ignores = mapping.ignores.iter().map(|i| (builder.checks(&i.when), i.reason.as_str())).collect();
        let Builder { columns, memos, mut dates, mut numbers, .. } = builder;
        dates.sort_unstable();
        dates.dedup();
        numbers.sort_unstable();
        numbers.dedup();
        let currency = file.currency.or(settings.currency);
        let currency_column = currency_column.filter(|_| file.currency.is_none());
        let salesforce_ids = file.salesforce_ids;
        Ok(Plan { columns, ignores, entities, currency_column, currency, dates, numbers, memos, salesforce_ids })
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

struct Builder<'a, 's> {
    columns: Columns<'a>,
    mapping: &'a Mapping,
    settings: &'s Settings,
    memos: usize,
    dates: Vec<usize>,
    numbers: Vec<usize>,
}

impl<'a> Builder<'a, '_> {
    fn checks(&self, tests: &'a [Test]) -> Vec<Check<'a>> {
        tests.iter().map(|test| Check { place: self.columns.find(&test.column), ask: &test.ask }).collect()
    }

    /// Whether a test of a column that the file lacks keeps every row out.
    fn never(&self, tests: &[Test]) -> bool {
        tests.iter().any(|test| self.columns.find(&test.column).is_none() && !holds(&test.ask, ""))
    }

    fn memo(&mut self) -> usize {
        self.memos += 1;
        self.memos - 1
    }

    fn entity(&mut self, rule: &'a EntityRule) -> EntityPlan<'a> {
        let mut set = Vec::new();
        for wanted in &rule.set {
            let Some(kind) = catalogue::fields(rule.entity).get(wanted.field).map(|def| def.kind) else { continue };
            let from: Vec<_> = wanted.from.iter().filter_map(|from| self.source(from, kind)).collect();
            if !from.is_empty() {
                let later = from.iter().any(SourcePlan::asks_people);
                set.push(SetPlan { field: wanted.field, kind, from, later });
            }
        }
        let valid_at = rule.valid_at.iter().filter_map(|moment| self.moment(moment)).collect();
        EntityPlan {
            entity: rule.entity,
            when: self.checks(&rule.when),
            each: rule.each.as_ref().and_then(|column| self.columns.find(column)),
            id: self.columns.find_all(&rule.id),
            without_id: self.columns.find_all(&rule.id).is_empty(),
            prefix: &rule.id_prefix,
            maker: KeyMaker::new(rule.entity, &self.mapping.system),
            subject: rule.subject.iter().filter_map(|from| self.source(from, Kind::Key)).collect(),
            valid_at,
            deleted: rule.deleted.as_ref().and_then(|column| self.columns.find(column)),
            set,
            match_rule: catalogue::field(rule.entity, "match_rule"),
            may_join: false,
        }
    }

    fn moment(&mut self, moment: &Moment) -> Option<MomentPlan> {
        let plan = match moment {
            Moment::At(column) => MomentPlan::At(self.columns.find(column)?),
            Moment::Between(first, last) => MomentPlan::Between(self.columns.find(first)?, self.columns.find(last)?),
        };
        match plan {
            MomentPlan::At(place) => self.dates.push(place),
            MomentPlan::Between(first, last) => self.dates.extend([first, last]),
        }
        Some(plan)
    }

    /// The source with its places; `None` where the file has none of its columns.
    fn source(&mut self, from: &'a From, kind: Kind) -> Option<SourcePlan<'a>> {
        let some = |columns: &Columns<'_>, wanted: &[Column]| {
            let places = columns.find_all(wanted);
            (!places.is_empty()).then_some(places)
        };
        Some(match from {
            From::Constant(text) => SourcePlan::Constant(self.constant(text, kind)),
            From::Columns { columns, map: Some(map), .. } => {
                let places = some(&self.columns, columns)?;
                SourcePlan::Mapped { places, map, memo: self.memo() }
            }
            From::Columns { columns, map: None, scale, day } => {
                let places = some(&self.columns, columns)?;
                match kind {
                    Kind::When => self.dates.extend(&places),
                    Kind::Money | Kind::Real | Kind::Int => self.numbers.extend(&places),
                    _ => {}
                }
                SourcePlan::Cell { places, scale: *scale, day: *day }
            }
            From::Key(key) => self.key(key)?,
            From::Person { mail, phone, name, first, last } => {
                let all = |wanted: &[Column]| self.columns.find_all(wanted);
                let (mail, phone) = (all(mail), all(phone));
                if mail.is_empty() && phone.is_empty() {
                    return None; // a name alone tells nobody apart
                }
                SourcePlan::Person { mail, phone, name: all(name), first: all(first), last: all(last) }
            }
            From::MailDomain(columns) => SourcePlan::MailDomain(some(&self.columns, columns)?),
            From::WebDomain(columns) => SourcePlan::WebDomain(some(&self.columns, columns)?),
            From::Agent(columns) => SourcePlan::Agent(some(&self.columns, columns)?),
            From::Rest(columns) => SourcePlan::Rest(some(&self.columns, columns)?),
        })
    }

    fn key(&mut self, key: &'a KeyFrom) -> Option<SourcePlan<'a>> {
        let places = self.columns.find_all(&key.columns);
        if places.is_empty() {
            return None;
        }
        let system: &'a str = key.system.as_deref().unwrap_or(&self.mapping.system);
        if let (true, Some(entity)) = (key.alias, key.entity) {
            return Some(SourcePlan::Alias { places, entity, system, memo: self.memo() });
        }
        let makers = match key.entity {
            Some(entity) => vec![KeyMaker::new(entity, system)],
            None => Entity::ALL.into_iter().map(|entity| KeyMaker::new(entity, system)).collect(),
        };
        Some(SourcePlan::Key { places, makers, prefix: &key.prefix, only: key.only, first: key.first })
    }

    fn constant(&self, text: &str, kind: Kind) -> Value {
        if kind == Kind::Money {
            let currency = self.mapping.file.currency.or(self.settings.currency);
            return parse_money(text, Some(Decimal::Point), currency, None).map_or(Value::None, Value::Money);
        }
        meaning(text, kind)
    }
}

/// The value of a constant or of a map's meaning; empty is none.
pub(super) fn meaning(text: &str, kind: Kind) -> Value {
    if text.is_empty() {
        return Value::None;
    }
    let number = || parse_number(text, Some(Decimal::Point)).ok();
    let value = match kind {
        Kind::Code | Kind::Text => Some(Value::Text(text.into())),
        Kind::Int => number().and_then(Number::whole).map(Value::Int),
        Kind::Real => number().map(|n| Value::Real(n.real())),
        Kind::Money => parse_money(text, Some(Decimal::Point), None, None).ok().map(Value::Money),
        Kind::When => {
            let rule = DateRule { order: None, zone: Zone::utc(), serial: false };
            parse_date(text, &rule).ok().map(Value::When)
        }
        Kind::Flag => parse_flag(text).map(Value::Flag),
        Kind::Stage => stage(text).map(Value::Stage),
        Kind::Key => None,
    };
    value.unwrap_or(Value::None)
}
