//! The minutes in which something can have happened.

use terms::{Day, MINUTE_MS, When};

use crate::{Event, NO_TIME};

/// First and last possible minute since 1970; both [`NO_TIME`] where nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub first: i32,
    pub last: i32,
}

impl Span {
    pub const NONE: Span = Span { first: NO_TIME, last: NO_TIME };

    // called a few times a row: the arithmetic of `terms`, where the compiler can inline it
    pub fn of(when: When) -> Span {
        let days = |first: Day, last: Day| Span {
            first: first.0.saturating_mul(1_440),
            last: last.0.saturating_mul(1_440).saturating_add(1_439),
        };
        match when {
            When::Instant(at) => {
                let minute = at.0.div_euclid(MINUTE_MS) as i32;
                Span { first: minute, last: minute }
            }
            When::Day(day) => days(day, day),
            When::Range(first, last) => days(first, last),
            When::Unknown => Span::NONE,
        }
    }

    pub fn of_event(event: &Event) -> Span {
        Span { first: event.minutes(), last: event.last_minute() }
    }

    pub const fn is_known(self) -> bool {
        self.first != NO_TIME
    }

    pub fn known(self) -> Option<Span> {
        self.is_known().then_some(self)
    }

    /// The day it began, [`NO_TIME`] where unknown.
    pub const fn day(self) -> i32 {
        if self.is_known() { self.first.div_euclid(1_440) } else { NO_TIME }
    }

    /// Certainly over before the other began.
    pub const fn is_before(self, other: Span) -> bool {
        self.is_known() && other.is_known() && self.last < other.first
    }

    /// The time itself, as precise as minutes are.
    pub const fn when(self) -> When {
        if !self.is_known() {
            When::Unknown
        } else if self.first == self.last {
            When::Instant(terms::Instant(self.first as i64 * MINUTE_MS))
        } else {
            let (first, last) = (self.first.div_euclid(1_440), self.last.div_euclid(1_440));
            if first == last { When::Day(Day(first)) } else { When::Range(Day(first), Day(last)) }
        }
    }
}
