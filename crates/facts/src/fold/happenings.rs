//! Stage changes, field changes, activities and touches of one bucket, packed and routed to the buckets of their
//! journeys.
//!
//! Most of an event is the same for many (what happened, from which file): that is kept once as a [`Shape`]. What is
//! left takes 28 bytes. Rows lie sorted by subject, so a subject's journey is looked up once a run.
//! Invariant: an event of a journey that has neither lead nor opportunity is counted and left out.

use std::ops::Range;

use agreement::{ActivityKind, Definitions, Direction};
use entries::catalogue;
use hashbrown::HashMap;
use identity::Index;
use journey::{Changed, Event, NO_MONEY, Source, What, written_after};
use ledger::columns::{Wanted, few, scan};
use rayon::prelude::*;
use terms::{Currency, Day, Entity, Instant, Key, Money, When};

use super::owners::Owners;
use super::read::Rows;
use super::records::{Context, Met, columns};
use super::reference::ByKey;
use crate::Error;

/// Which journeys there are, and whose.
pub(super) struct Journeys<'a> {
    /// Those that have a lead or an opportunity, sorted.
    pub ids: Vec<u64>,
    /// Subject to the place of its journey.
    pub places: Places,
    /// An activity or touch that a link ties to a lead, contact or opportunity.
    pub tied: ByKey<Key>,
    /// Where only some journeys are at hand: whether a subject belongs to another one, to which then what is about it goes.
    pub elsewhere: Option<&'a (dyn Fn(u64) -> bool + Sync)>,
}

/// Subjects and the places of their journeys. Rows of a bucket come in the order of subjects too, so that what a look-up
/// needs of memory was mostly needed by the one before.
#[derive(Default)]
pub(super) struct Places(Index);

impl Places {
    pub fn new(mut pairs: Vec<(u64, u32)>) -> Places {
        pairs.par_sort_unstable();
        Places(Index::sorted(pairs))
    }

    pub fn get(&self, subject: u64) -> Option<u32> {
        self.0.get(subject)
    }

    pub fn pairs(&self) -> &[(u64, u32)] {
        self.0.pairs()
    }
}

/// What many events share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub what: What,
    of: Entity,
    entity: Entity,
    deleted: bool,
    /// 0 instant, 1 day, 2 range, 3 unknown.
    when: u8,
    /// Days of a range after its first.
    days: i32,
    batch: u32,
    file: u32,
}

/// The rest of one event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    // halves, so that nothing is lost to alignment: there are tens of millions of these
    ms: [u32; 2],
    id: [u32; 2],
    line: u32,
    shape: u32,
    subject: u32,
    /// The place of its journey.
    pub journey: u32,
}

const fn halves(n: u64) -> [u32; 2] {
    [n as u32, (n >> 32) as u32]
}

const fn joined(halves: [u32; 2]) -> u64 {
    halves[0] as u64 | (halves[1] as u64) << 32
}

/// What one bucket of the ledger gave.
#[derive(Default)]
pub(super) struct Routed {
    pub shapes: Vec<Shape>,
    subjects: Vec<u64>,
    /// By the bucket of the journey.
    pub events: Vec<Vec<Packed>>,
    pub read: u64,
    /// Events that met no journey.
    pub strays: u64,
}

impl Routed {
    /// The event as the fold takes it.
    pub fn event(&self, packed: &Packed) -> Option<Event> {
        let shape = self.shapes.get(packed.shape as usize)?;
        let at = Instant(joined(packed.ms) as i64);
        let day = at.day();
        let when = match shape.when {
            0 => When::Instant(at),
            1 => When::Day(day),
            2 => When::Range(day, Day(day.0.saturating_add(shape.days))),
            _ => When::Unknown,
        };
        let subject = Key { entity: shape.of, hash: self.subjects.get(packed.subject as usize).copied()? };
        let id = Key { entity: shape.entity, hash: joined(packed.id) };
        let source = Source { batch: shape.batch, file: shape.file, line: packed.line };
        Some(Event::new(when, id, subject, source, shape.what).deleted(shape.deleted))
    }
}

struct Router<'a> {
    journeys: &'a Journeys<'a>,
    shapes: HashMap<Shape, u32>,
    out: Routed,
    last: (u64, Option<u32>),
    wanted: Range<u8>,
}

impl Router<'_> {
    fn place(&mut self, subject: u64) -> Option<u32> {
        if self.last.0 != subject || self.out.subjects.is_empty() {
            self.last = (subject, self.journeys.places.get(subject));
            if self.last.1.is_some() {
                self.out.subjects.push(subject);
            }
        }
        self.last.1
    }

    /// The subject that the event is routed by, and the place of its journey.
    fn meet(&mut self, subject: Key, id: u64, other: Option<Key>) -> Option<(Key, u32)> {
        if let Some(place) = self.place(subject.hash) {
            return Some((subject, place));
        }
        let is_elsewhere = |key: Key| self.journeys.elsewhere.is_some_and(|elsewhere| elsewhere(key.hash));
        if is_elsewhere(subject) {
            return None;
        }
        let tied = other.into_iter().chain(self.journeys.tied.get(&id).copied());
        for key in tied {
            if let Some(place) = self.journeys.places.get(key.hash) {
                self.out.subjects.push(key.hash);
                self.last = (key.hash, Some(place));
                return Some((key, place));
            }
            if is_elsewhere(key) {
                return None;
            }
        }
        None
    }

    #[allow(clippy::too_many_arguments, reason = "one row of the ledger")]
    fn push(
        &mut self,
        (entity, id): (Entity, u64),
        (subject, journey): (Key, u32),
        when: When,
        deleted: bool,
        (batch, file, line): (u32, u32, u32),
        what: What,
    ) {
        let bucket = self.journeys.ids.get(journey as usize).map_or(0, |id| ledger::bucket_of(*id));
        if !self.wanted.contains(&bucket) {
            return;
        }
        let (ms, kind, days) = match when {
            When::Instant(at) => (at.0, 0, 0),
            When::Day(day) => (day.start().0, 1, 0),
            When::Range(a, b) => (a.start().0, 2, b.0.saturating_sub(a.0)),
            When::Unknown => (0, 3, 0),
        };
        let shape = Shape { what, of: subject.entity, entity, deleted, when: kind, days, batch, file };
        let next = self.out.shapes.len() as u32;
        let shape = match self.shapes.get(&shape) {
            Some(known) => *known,
            None => {
                self.shapes.insert(shape, next);
                self.out.shapes.push(shape);
                next
            }
        };

        if let Some(events) = self.out.events.get_mut(usize::from(bucket)) {
            let subject = self.out.subjects.len().saturating_sub(1) as u32;
            events.push(Packed { ms: halves(ms as u64), id: halves(id), line, shape, subject, journey });
        }
    }
}

/// Which rows are read.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// Those of one bucket of the ledger.
    Bucket(u8),
    /// Those about some journeys.
    Few(Wanted<'a>),
}

/// The happenings among these rows that belong to these journeys.
pub(super) fn of_rows(
    c: &Context<'_>,
    journeys: &Journeys<'_>,
    definitions: &Definitions,
    which: Which<'_>,
    wanted: &Range<u8>,
) -> Result<Routed, Error> {
    let out = Routed { events: vec![Vec::new(); usize::from(ledger::BUCKETS)], ..Routed::default() };
    let mut router = Router { journeys, shapes: HashMap::new(), out, last: (0, None), wanted: wanted.clone() };
    stage_changes(c, definitions, which, &mut router)?;
    field_changes(c, which, &mut router)?;
    activities(c, definitions, which, &mut router)?;
    touches(c, which, &mut router)?;
    let mut out = router.out;
    out.events.iter_mut().for_each(Vec::shrink_to_fit);
    out.shapes.shrink_to_fit();
    out.subjects.shrink_to_fit();
    Ok(out)
}

/// Each row that meets a journey, to be packed with what `what` says of it.
fn each<'r>(
    rows: &Rows<'r>,
    entity: Entity,
    router: &mut Router<'_>,
    other: impl Fn(usize) -> Option<Key>,
    mut what: impl FnMut(usize, When) -> Option<What>,
) {
    let (ids, subjects, kinds) = (rows.keys("id"), rows.keys("subject"), rows.small("subject_kind"));
    let (valid, deleted) = (rows.valid(), rows.flags("deleted"));
    let (file, line) = (rows.numbers("file"), rows.numbers("line"));
    router.out.read += rows.len as u64;
    for row in 0..rows.len {
        let id = ids.key(row);
        let subject = Key { entity: kinds.entity(row).unwrap_or(entity), hash: subjects.key(row) };
        let Some(met) = router.meet(subject, id, other(row)) else {
            router.out.strays += 1;
            continue;
        };
        let when = valid.get(row);
        if let Some(what) = what(row, when) {
            let at = (rows.seq, file.get(row).unwrap_or(0), line.get(row).unwrap_or(0));
            router.push((entity, id), met, when, deleted.get(row).unwrap_or(false), at, what);
        }
    }
}

fn names(entity: Entity, fields: &[usize]) -> Vec<String> {
    let mut names = columns(entity, fields);
    names.push("subject_kind".to_owned());
    names
}

macro_rules! chunks {
    ($c:expr, $entity:expr, $fields:expr, $which:expr, |$rows:ident| $body:block) => {
        let names = names($entity, $fields);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match $which {
            Which::Bucket(bucket) => {
                for chunk in scan($c.head, $entity, Some(bucket), &names)? {
                    let chunk = chunk?;
                    let $rows = Rows::of(&chunk);
                    $body
                }
            }
            Which::Few(wanted) => {
                for chunk in few($c.head, 1..$c.head.seq() + 1, $entity, wanted, &names)? {
                    let $rows = Rows::of(&chunk);
                    $body
                }
            }
        }
    };
}

fn stage_changes(
    c: &Context<'_>,
    definitions: &Definitions,
    which: Which<'_>,
    router: &mut Router<'_>,
) -> Result<(), Error> {
    use catalogue::stage_change as f;
    chunks!(c, Entity::StageChange, &[f::STAGE, f::STAGE_RAW, f::AMOUNT], which, |rows| {
        let (stage, raw, amount) = (rows.small("stage"), rows.codes("stage_raw", c.texts), rows.money("amount"));
        let waits = rows.meanings("stage_raw", |text| {
            let within = definitions.waits_in(text);
            [within.start, within.end]
        });
        each(
            &rows,
            Entity::StageChange,
            router,
            |_| None,
            |row, when| {
                let amount = amount.get(row).and_then(|m| c.rates.convert(m, when.first_day())).unwrap_or(NO_MONEY);
                let waits = waits.get(row).is_some_and(|[a, b]| definitions.waits(&(a..b), when));
                Some(What::StageEntered { stage: stage.stage(row), raw: raw.get(row), amount, waits })
            },
        );
    });
    Ok(())
}

fn field_changes(c: &Context<'_>, which: Which<'_>, router: &mut Router<'_>) -> Result<(), Error> {
    use catalogue::field_change as f;
    let mut owners = Owners::new(c);
    chunks!(c, Entity::FieldChange, &[f::FIELD, f::OLD, f::NEW], which, |rows| {
        let field = rows.meanings("field", |word| match word.trim().to_ascii_lowercase().as_str() {
            "owner" => Changed::Owner,
            "amount" => Changed::Amount,
            "closed_at" | "close_date" | "closedate" => Changed::CloseDate,
            _ => Changed::Other,
        });
        let (old, new, file) = (rows.words("old"), rows.words("new"), rows.numbers("file"));
        each(
            &rows,
            Entity::FieldChange,
            router,
            |_| None,
            |row, when| {
                let field = field.get(row).filter(|f| *f != Changed::Other)?;
                let file = (rows.seq, file.get(row).unwrap_or(0));
                let mut value = |text: Option<&str>| match (field, text.unwrap_or("").trim()) {
                    (_, "") => i64::MIN,
                    (Changed::Owner, text) => i64::from(owners.code(file, text)),
                    (_, text) => changed_value(c, field, text, when),
                };
                Some(What::FieldChanged { field, old: value(old.get(row)), new: value(new.get(row)) })
            },
        );
    });
    Ok(())
}

/// The value of a changed field as a number; `i64::MIN` where it cannot be read.
fn changed_value(c: &Context<'_>, field: Changed, text: &str, when: When) -> i64 {
    match field {
        Changed::CloseDate => text.get(..10).and_then(Day::parse).map_or(i64::MIN, |day| i64::from(day.0)),
        Changed::Amount => amount(text)
            .and_then(|(number, currency)| {
                let currency = currency.unwrap_or(c.rates.reporting());
                let minor = (number * 10f64.powi(currency.decimals() as i32)).round();
                c.rates.convert(Money::new(minor as i64, currency), when.first_day())
            })
            .unwrap_or(i64::MIN),
        Changed::Owner | Changed::Other => i64::MIN, // by `owners`, and of nothing else a value is asked
    }
}

/// A plain number, with its currency after it where there is one: `1200.50`, `1200.50 USD`.
fn amount(text: &str) -> Option<(f64, Option<Currency>)> {
    let (number, currency) = match text.split_once(' ') {
        Some((number, code)) => (number, Some(Currency::parse(code)?)),
        None => (text, None),
    };
    number.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| (n, currency))
}

fn activities(
    c: &Context<'_>,
    definitions: &Definitions,
    which: Which<'_>,
    router: &mut Router<'_>,
) -> Result<(), Error> {
    use catalogue::activity as f;
    let fields =
        [f::KIND, f::DIRECTION, f::OUTCOME, f::TWO_WAY, f::AUTOMATIC, f::REP, f::DONE, f::OPPORTUNITY, f::LOGGED_AT];
    let mut reps = Met::default();
    chunks!(c, Entity::Activity, &fields, which, |rows| {
        let kind = rows.meanings("kind", ActivityKind::parse);
        let direction = rows.meanings("direction", Direction::parse);
        let contact = rows.meanings("outcome", |text| definitions.is_contact_outcome(text));
        let (two_way, automatic, done) = (rows.flags("two_way"), rows.flags("automatic"), rows.flags("done"));
        let (rep, opportunity, logged) = (rows.keys("rep"), rows.keys("opportunity"), rows.times("logged_at"));
        let other = |row| opportunity.get(row).map(|hash| Key { entity: Entity::Opportunity, hash });
        each(&rows, Entity::Activity, router, other, |row, when| {
            Some(What::Activity {
                rep: reps.of(rep.key(row), |k| c.reference.rep(k, c.texts)).0,
                kind: kind.get(row).unwrap_or(ActivityKind::Other),
                direction: direction.get(row).unwrap_or(Direction::Unknown),
                contact: two_way.get(row) == Some(true) || contact.get(row) == Some(true),
                automatic: automatic.get(row).unwrap_or(false),
                done: done.get(row),
                written_after: written_after(when, logged.get(row)),
            })
        });
    });
    Ok(())
}

fn touches(c: &Context<'_>, which: Which<'_>, router: &mut Router<'_>) -> Result<(), Error> {
    use catalogue::touch as f;
    let mut campaigns = Met::default();
    chunks!(c, Entity::Touch, &[f::CHANNEL, f::CAMPAIGN, f::AUTOMATIC], which, |rows| {
        let channel = rows.codes("channel", c.texts);
        let (campaign, automatic) = (rows.keys("campaign"), rows.flags("automatic"));
        each(
            &rows,
            Entity::Touch,
            router,
            |_| None,
            |row, _| {
                Some(What::Touch {
                    channel: channel.get(row),
                    campaign: campaigns.of(campaign.key(row), |k| c.reference.campaign(k, c.texts)),
                    automatic: automatic.get(row).unwrap_or(false),
                })
            },
        );
    });
    Ok(())
}
