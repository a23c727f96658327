//! What is asked: a tally is data, so that one scan can answer many, and another engine can answer the same.

use terms::{FiscalYear, PeriodUnit};

use crate::{Column, Grain};

/// A test of one row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// The value is recorded.
    Has(Column),
    /// The value is not recorded.
    Missing(Column),
    /// The number is recorded and lies in `lo..=hi` (minutes, days, counts, minor units).
    Between(Column, i64, i64),
    /// The small number (flag, stage) is recorded and equals this.
    Is(Column, u8),
    /// The text of a code column is one of these; `None` stands for not recorded.
    In(Column, Vec<Option<String>>),
    /// Both are recorded and the first number is smaller than the second (same unit).
    Before(Column, Column),
    /// Both are recorded and the second number less the first lies in `lo..=hi` (same unit).
    Elapsed(Column, Column, i64, i64),
    /// At least one holds.
    Any(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
}

/// By what rows are told apart. A row for which a dimension has no value has the label [`crate::Label::Missing`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// The text of a code column.
    Code(Column),
    /// The period of a column in minutes or days: its number on the fiscal calendar.
    Period(Column, PeriodUnit, FiscalYear),
    /// A small or count column as it is.
    Value(Column),
    /// The place among edges: 0 below the first, `n` at or above the last of `n` edges.
    Bins(Column, Vec<i64>),
    /// The number of a column divided by a width, rounded down: hours of a column in minutes by 60, days by 1,440.
    Every(Column, i64),
    /// The place among edges of the second number less the first (same unit), as for `Bins`. Missing where either is.
    Elapsed(Column, Column, Vec<i64>),
    /// What happened first after `from` and not after `as_of` (minutes): 0 nothing yet, else 1 + the place in `events`.
    /// An event at or before `from` counts as at `from`; ties go to the earlier in the list. Missing if `from` is
    /// missing or after `as_of`.
    Outcome {
        /// Start, in minutes.
        from: Column,
        /// Competing events, in minutes or days (a day counts as its end, 23:59).
        events: Vec<Column>,
        /// Observed until, in minutes.
        as_of: i64,
    },
    /// How long from `from` until that outcome (or until `as_of` where nothing happened), in bins of `bin` minutes,
    /// capped at `bins - 1`. Missing as for `Outcome`.
    Age {
        /// Start, in minutes.
        from: Column,
        /// Competing events, in minutes or days (a day counts as its end, 23:59).
        events: Vec<Column>,
        /// Observed until, in minutes.
        as_of: i64,
        /// Width of a bin in minutes.
        bin: i64,
        /// How many bins.
        bins: u32,
    },
    /// The place among edges, as for `Bins`, of the working minutes from `from` until that outcome (or until `as_of` where
    /// nothing happened). Missing as for `Outcome`.
    Worked {
        /// Start, in minutes.
        from: Column,
        /// Competing events, in minutes or days (a day counts as its end, 23:59).
        events: Vec<Column>,
        /// Observed until, in minutes.
        as_of: i64,
        /// When work goes on: first minute and the minute after the last, in order, none overlapping.
        spans: Spans,
        /// Leads whose time goes otherwise.
        apart: Apart,
        /// Ascending, in working minutes.
        edges: Vec<i64>,
    },
}

/// Stretches of working time in minutes since 1970, in order, none overlapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spans {
    /// First minute, the minute after the last, working minutes before it.
    all: std::sync::Arc<[(i64, i64, i64)]>,
}

impl Spans {
    /// From stretches in any order; those that overlap are one, empty ones are none.
    pub fn new(stretches: impl IntoIterator<Item = (i64, i64)>) -> Spans {
        let mut found: Vec<(i64, i64)> = stretches.into_iter().filter(|(from, to)| from < to).collect();
        found.sort_unstable();
        let mut all: Vec<(i64, i64, i64)> = Vec::with_capacity(found.len());
        for (from, to) in found {
            match all.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                Some(last) => {
                    let before = last.2 + last.1 - last.0;
                    all.push((from, to, before));
                }
                None => all.push((from, to, 0)),
            }
        }
        Spans { all: all.into() }
    }

    /// Working minutes before a minute.
    pub fn before(&self, minute: i64) -> i64 {
        let next = self.all.partition_point(|span| span.0 < minute);
        let Some((from, to, before)) = next.checked_sub(1).and_then(|place| self.all.get(place)) else { return 0 };
        before + minute.min(*to) - from
    }

    /// Working minutes from one minute until another; 0 where the second is not later.
    pub fn between(&self, from: i64, until: i64) -> i64 {
        (self.before(until) - self.before(from)).max(0)
    }

    /// Those that end after a minute, in order.
    pub fn from(&self, minute: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let first = self.all.partition_point(|span| span.1 <= minute);
        self.all.iter().skip(first).map(|(from, to, _)| (*from, *to))
    }

    /// First minute and the minute after the last of each.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.all.iter().map(|(from, to, _)| (*from, *to))
    }
}

/// How the clocks of one lead go apart from one calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Course {
    /// From which minute on which calendar counts (its place among those of [`Apart`]), in order; the first counts from the
    /// beginning. Empty where one calendar counts all the time.
    pub legs: Vec<(i64, u32)>,
    /// Stretches in which nothing counts: first minute and the minute after the last, in order, none overlapping.
    pub stills: Vec<(i64, i64)>,
}

/// Leads whose working time is not that of one calendar all the time: they passed from one office to another, or waited
/// as agreed. Rows are told by their lead ([`crate::columns::lead_cycle::KEY`]).
#[derive(Clone, Debug, Default)]
pub struct Apart(std::sync::Arc<Courses>);

#[derive(Debug, Default, PartialEq, Eq, Hash)]
struct Courses {
    calendars: Vec<Spans>,
    /// By lead.
    of: Vec<(u64, Course)>,
}

impl PartialEq for Apart {
    fn eq(&self, other: &Apart) -> bool {
        std::sync::Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}
impl Eq for Apart {}
impl std::hash::Hash for Apart {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // equal ones have as many
        (self.0.calendars.len(), self.0.of.len()).hash(state);
    }
}

impl Apart {
    /// Of these leads, each at most once; a place of no calendar counts nothing.
    pub fn new(calendars: Vec<Spans>, mut of: Vec<(u64, Course)>) -> Apart {
        of.sort_unstable_by_key(|one| one.0);
        Apart(std::sync::Arc::new(Courses { calendars, of }))
    }

    /// Whether no lead goes apart.
    pub fn is_empty(&self) -> bool {
        self.0.of.is_empty()
    }

    /// How the clocks of a lead go, where they go apart.
    pub fn of(&self, lead: u64) -> Option<&Course> {
        let place = self.0.of.binary_search_by_key(&lead, |one| one.0).ok()?;
        self.0.of.get(place).map(|one| &one.1)
    }

    /// Whether the clocks of a lead stand still at a minute.
    pub fn stands_still(&self, lead: u64, minute: i64) -> bool {
        self.of(lead).is_some_and(|course| course.stills.iter().any(|(from, until)| (*from..*until).contains(&minute)))
    }

    /// Working minutes of a lead from one minute until another; `spans` are those of a lead that does not go apart.
    pub fn between(&self, lead: u64, spans: &Spans, from: i64, until: i64) -> i64 {
        let Some(course) = self.of(lead) else { return spans.between(from, until) };
        self.pieces(course, spans, from, until).map(|(a, b, calendar)| calendar.between(a, b)).sum()
    }

    /// The first minute at which a lead has more working minutes than `limit` since one minute; none where its calendars end before.
    pub fn late_from(&self, lead: u64, spans: &Spans, from: i64, limit: i64) -> Option<i64> {
        let mut left = limit + 1;
        let mut among = |(a, b, calendar): (i64, i64, &Spans)| {
            for (first, end) in calendar.from(a).take_while(|(first, _)| *first < b) {
                let (first, end) = (first.max(a), end.min(b));
                if end - first >= left {
                    return Some(first + left);
                }
                left -= end - first;
            }
            None
        };
        match self.of(lead) {
            None => among((from, i64::MAX, spans)),
            Some(course) => self.pieces(course, spans, from, i64::MAX).find_map(among),
        }
    }

    /// Stretches that count, in order, each with its calendar.
    fn pieces<'a>(
        &'a self,
        course: &'a Course,
        spans: &'a Spans,
        from: i64,
        until: i64,
    ) -> impl Iterator<Item = (i64, i64, &'a Spans)> + 'a {
        let ends = course.legs.iter().skip(1).map(|leg| leg.0).chain([i64::MAX]);
        let calendars = course.legs.iter().map(|leg| self.0.calendars.get(leg.1 as usize));
        let starts = [i64::MIN].into_iter().chain(course.legs.iter().skip(1).map(|leg| leg.0));
        let all = if course.legs.is_empty() { Some(Some(spans)) } else { None };
        let legs = starts.zip(ends).zip(all.into_iter().chain(calendars));
        legs.flat_map(move |((start, end), calendar)| {
            let (first, b) = (start.max(from), end.min(until));
            let mut a = first;
            let mut out = Vec::new();
            for (stop, go) in course.stills.iter().filter(|still| still.1 > first).take_while(|still| still.0 < b) {
                if a < *stop {
                    out.push((a, *stop));
                }
                a = *go;
            }
            if a < b {
                out.push((a, b));
            }
            out.into_iter().filter_map(move |(a, b)| Some((a, b, calendar?)))
        })
    }
}

/// What is added up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Rows.
    Count,
    /// Rows that pass all tests.
    CountIf(Vec<Test>),
    /// The sum of a number over rows where it is recorded.
    Sum(Column),
    /// The same over rows that pass all tests.
    SumIf(Column, Vec<Test>),
    /// The sum of natural logarithms of a positive number over rows that pass all tests.
    SumLog(Column, Vec<Test>),
    /// The sum of squared natural logarithms, likewise.
    SumLogSquared(Column, Vec<Test>),
    /// The sum of squares of a number over rows that pass all tests (as a real number).
    SumSquared(Column, Vec<Test>),
    /// How many distinct recorded values of a code or key column.
    Distinct(Column),
}

/// One tally.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spec {
    /// A name for logs and tests.
    pub name: &'static str,
    /// Over which rows.
    pub grain: Grain,
    /// Rows that pass all of these.
    pub filter: Vec<Test>,
    /// Told apart by these.
    pub dims: Vec<Dim>,
    /// And these are added up in each cell.
    pub measures: Vec<Measure>,
}

/// The rows themselves, for evidence: bounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extract {
    /// Over which rows.
    pub grain: Grain,
    /// Rows that pass all of these.
    pub filter: Vec<Test>,
    /// Of those, in the order of their keys, so many are left out first.
    pub skip: usize,
    /// At most so many of the others.
    pub limit: usize,
    /// These columns of them; the others are as if nothing were recorded. `None` for all.
    pub columns: Option<Vec<Column>>,
}

impl Extract {
    /// All columns of all rows that pass.
    pub const fn all(grain: Grain, filter: Vec<Test>) -> Extract {
        Extract { grain, filter, skip: 0, limit: usize::MAX, columns: None }
    }

    /// Some columns of all rows that pass: of many rows the others take room.
    pub fn of(grain: Grain, filter: Vec<Test>, columns: &[Column]) -> Extract {
        Extract { columns: Some(columns.to_vec()), ..Extract::all(grain, filter) }
    }

    /// Whether a column is asked for.
    pub fn asks(&self, column: Column) -> bool {
        self.columns.as_ref().is_none_or(|columns| columns.contains(&column))
    }
}
