//! One thing that happened, packed into 64 bytes.
//!
//! Here: the envelope (when, which thing, about whom, from which row) and what happened. What is large (the fields of a
//! lead or an opportunity) lies in a slice beside the events and is named by its place there. Invariant: an event is
//! plain data; two events of the same `id` are two versions of one thing, of which the fold keeps one.

use agreement::{ActivityKind, Direction};
use terms::{Day, Entity, Instant, Key, MINUTE_MS, Stage, When};

use crate::Code;

/// Where an entry was read. `batch` is the batch's number in the order of the ledger: a higher one was recorded later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Source {
    /// The batch, counted in the order of the ledger.
    pub batch: u32,
    /// The file within the batch.
    pub file: u32,
    /// The line within the file.
    pub line: u32,
}

/// Which field of a lead or an opportunity changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Changed {
    /// The rep who owns it; values are codes.
    Owner,
    /// The amount; values are minor units of the reporting currency.
    Amount,
    /// The close date; values are days since 1970.
    CloseDate,
    /// Any other field; values are codes, and nothing is derived from them.
    Other,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A version of a lead record: its place in [`crate::JourneyInput::leads`].
    LeadSeen(u32),
    /// A version of an opportunity record: its place in [`crate::JourneyInput::opportunities`].
    OpportunitySeen(u32),
    /// A lead or an opportunity (the subject) entered a stage.
    StageEntered {
        /// The stage in our words, `None` where the raw one has no place in them.
        stage: Option<Stage>,
        /// As recorded.
        raw: Code,
        /// The amount at that moment, in minor units of the reporting currency, [`crate::NO_MONEY`] where not recorded.
        amount: i64,
        /// As recorded it is one in which an agreement lets clocks stand still, and then none of ours.
        waits: bool,
    },
    /// A lead (the subject) entered a stage by the rule of a signed text.
    EnteredByRule {
        /// The stage.
        stage: Stage,
        /// The version of the agreement whose rule it is.
        version: u32,
    },
    /// A lead (the subject) was converted, told apart from its own record.
    Converted {
        /// Into this opportunity, 0 where not recorded.
        opportunity: u64,
    },
    /// A field of a lead or an opportunity (the subject) changed; `i64::MIN` where a value is not recorded.
    FieldChanged {
        /// Which field.
        field: Changed,
        /// Before.
        old: i64,
        /// After.
        new: i64,
    },
    /// A sales action; the subject is a lead, a person, an opportunity or an account.
    Activity {
        /// Who did it, by the source's id.
        rep: Code,
        /// Which kind.
        kind: ActivityKind,
        /// Which way.
        direction: Direction,
        /// Both sides spoke, by its flag or by [`agreement::Definitions::is_contact_outcome`].
        contact: bool,
        /// A machine did it.
        automatic: bool,
        /// Whether it was done, `None` where not recorded.
        done: Option<bool>,
        /// Minutes after which it was written down (see [`written_after`]); 0 at once, or where that is not recorded.
        written_after: i32,
    },
    /// A marketing touchpoint; the subject is a lead or a person.
    Touch {
        /// Its channel.
        channel: Code,
        /// Its campaign, by name where known.
        campaign: Code,
        /// Taken for a machine's.
        automatic: bool,
    },
}

/// Minutes from when something is said to have happened until it was written down, rounded up: to hours for the first two
/// days, then to days, 60 at most (beyond that one number tells as much as another). 0 where either is not known.
pub fn written_after(said: When, logged: When) -> i32 {
    let (Some(said), Some(logged)) = (said.minutes(), logged.minutes()) else { return 0 };
    let step = |minutes: i64, of: i64| (minutes + of - 1) / of * of;
    let late = (i64::from(logged) - i64::from(said)).max(0);
    let late = if step(late, 60) <= 2_880 { step(late, 60) } else { step(late, 1_440).min(86_400) };
    i32::try_from(late).unwrap_or(0)
}

/// One observed version of one thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// The first instant it can have been, in milliseconds since 1970; `i64::MAX` where unknown.
    ms: i64,
    /// The thing itself: the hash of the entry's id.
    pub id: u64,
    /// About whom or what: the hash of the entry's subject.
    pub subject: u64,
    /// What happened.
    pub what: What,
    /// From which row.
    pub source: Source,
    /// 0 for an instant, 1 for a day, `n` for a range of `n` days, `u16::MAX` where unknown.
    span: u16,
    /// What kind of thing the subject is.
    pub of: Entity,
    /// The source says that the thing was deleted.
    pub deleted: bool,
}

const UNKNOWN: u16 = u16::MAX;

impl Event {
    /// An event that was not deleted. `valid_at`, `id` and `subject` are the entry's.
    pub const fn new(valid_at: When, id: Key, subject: Key, source: Source, what: What) -> Event {
        let (ms, span) = match valid_at {
            When::Instant(at) => (at.0, 0),
            When::Day(day) => (day.start().0, 1),
            When::Range(first, last) => {
                let days = (last.0 as i64 - first.0 as i64).saturating_add(1);
                let span = if days < 1 {
                    1
                } else if days >= UNKNOWN as i64 {
                    UNKNOWN - 1
                } else {
                    days as u16
                };
                (first.start().0, span)
            }
            When::Unknown => (i64::MAX, UNKNOWN),
        };
        Event { ms, id: id.hash, subject: subject.hash, what, source, span, of: subject.entity, deleted: false }
    }

    /// The same, deleted by this version.
    #[must_use]
    pub const fn deleted(mut self, deleted: bool) -> Event {
        self.deleted = deleted;
        self
    }

    /// When it happened, as far as the source says.
    pub const fn when(&self) -> When {
        match self.span {
            0 => When::Instant(Instant(self.ms)),
            1 => When::Day(Instant(self.ms).day()),
            UNKNOWN => When::Unknown,
            n => When::Range(Instant(self.ms).day(), Day(Instant(self.ms).day().0 + n as i32 - 1)),
        }
    }

    /// Orders what happened as [`When::order`] does.
    pub(crate) const fn order(&self) -> (i64, u16) {
        // a day before the instants of that day, a short range before a long one
        (self.ms, if self.span == 0 { UNKNOWN } else { self.span })
    }

    /// Whole minutes since 1970 of its first possible moment, [`crate::NO_TIME`] where unknown.
    pub(crate) const fn minutes(&self) -> i32 {
        if self.span == UNKNOWN { crate::NO_TIME } else { self.ms.div_euclid(MINUTE_MS) as i32 }
    }

    /// The last minute it can have been, [`crate::NO_TIME`] where unknown.
    pub(crate) const fn last_minute(&self) -> i32 {
        match self.span {
            UNKNOWN => crate::NO_TIME,
            0 => self.ms.div_euclid(MINUTE_MS) as i32,
            n => self.ms.div_euclid(MINUTE_MS) as i32 + n as i32 * 1_440 - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_takes_one_cache_line() {
        assert!(size_of::<Event>() <= 64, "{}", size_of::<Event>());
    }

    #[test]
    fn its_time_comes_back_and_sorts_like_every_time() {
        let key = Key { entity: Entity::Lead, hash: 1 };
        let event = |when| Event::new(when, key, key, Source::default(), What::Converted { opportunity: 0 });
        let times = [
            When::Day(Day(10)),
            When::Range(Day(10), Day(12)),
            When::Range(Day(10), Day(30)),
            When::Instant(Day(10).start()),
            When::Instant(Instant(Day(10).start().0 + 61_000)),
            When::Day(Day(11)),
            When::Unknown,
        ];
        for when in times {
            assert_eq!(event(when).when(), when);
        }
        for pair in times.windows(2) {
            assert!(event(pair[0]).order() < event(pair[1]).order(), "{pair:?}");
        }
        assert_eq!(event(When::Day(Day(0))).last_minute(), 1_439);
    }
}
