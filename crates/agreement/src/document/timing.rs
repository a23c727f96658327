//! How much of a span has passed: the stretches in which it counts, and how much there is of it.
//!
//! Not here: what starts and ends a clock. Invariant: within a span means counted at most its limit, whatever its unit.

use terms::{Day, Instant};

use super::offices::Office;
use super::span::{Span, Unit};
use crate::clock::Hours;

/// What counts towards a span, in whole minutes since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// First minute and the minute after the last of each stretch that counts, in order.
    pub stretches: Vec<(i64, i64)>,
    /// The span has passed when more than so many minutes were counted.
    pub limit: i64,
}

impl Span {
    /// What counts towards it by an office's calendar, over these days.
    ///
    /// A working day counts from its first minute: what begins on Monday afternoon and has one working day is in time
    /// until the office opens on Wednesday.
    pub fn counted(&self, office: Option<&Office>, first: Day, last: Day) -> Counted {
        let amount = i64::from(self.amount);
        let always = vec![(i64::from(first.start().minutes()), i64::from(last.plus(1).start().minutes()))];
        let (stretches, limit) = match (self.unit, office) {
            (Unit::WorkingMinutes, Some(office)) => {
                let hours = Hours::new(&office.calendar, first, last);
                (hours.spans().map(|(from, to)| (minute(from), minute(to))).collect(), amount)
            }
            (Unit::WorkingDays, Some(office)) => {
                let mornings = Hours::mornings(&office.calendar, first, last);
                (mornings.into_iter().map(|at| (minute(at), minute(at) + 1)).collect(), amount)
            }
            // without an office every hour and every day is a working one
            (Unit::WorkingMinutes | Unit::Minutes, _) => (always, amount),
            (Unit::WorkingDays | Unit::Days, _) => (always, amount * 1_440),
        };
        Counted { stretches, limit }
    }

    /// As many minutes by the clock: four working hours are four hours, two working days are two days.
    pub fn by_the_clock(&self) -> i64 {
        match self.unit {
            Unit::WorkingMinutes | Unit::Minutes => i64::from(self.amount),
            Unit::WorkingDays | Unit::Days => i64::from(self.amount) * 1_440,
        }
    }

    /// Whether it counts by an office's calendar.
    pub fn is_working(&self) -> bool {
        matches!(self.unit, Unit::WorkingMinutes | Unit::WorkingDays)
    }

    /// Whether it counts whole days, so that what is known by its day alone can be judged by it.
    pub fn is_in_days(&self) -> bool {
        matches!(self.unit, Unit::WorkingDays | Unit::Days)
    }
}

fn minute(at: Instant) -> i64 {
    i64::from(at.minutes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Calendar;

    fn office() -> Office {
        let calendar = Calendar::parse("UTC", "Mon-Fri 09:00-17:00").unwrap();
        Office { name: "here".to_owned(), calendar, countries: vec![], reps: vec![] }
    }

    /// Counted from one minute until another.
    fn between(counted: &Counted, from: i64, until: i64) -> i64 {
        counted.stretches.iter().map(|(a, b)| (until.min(*b) - from.max(*a)).max(0)).sum()
    }

    /// Monday 2026-07-06 and the two weeks after it.
    fn counted(text: &str) -> (Counted, i64) {
        let monday = Day::from_ymd(2026, 7, 6).unwrap();
        let span = Span::parse(text).unwrap();
        (span.counted(Some(&office()), monday, monday.plus(13)), i64::from(monday.start().minutes()))
    }

    #[test]
    fn a_saturday_lead_with_one_working_hour_is_due_on_monday_at_ten() {
        let (counted, monday) = counted("1 working hour");
        let saturday = monday + 5 * 1_440 + 15 * 60;
        let next_monday = monday + 7 * 1_440;
        assert_eq!(counted.limit, 60);
        assert_eq!(between(&counted, saturday, next_monday + 10 * 60), 60);
        assert_eq!(between(&counted, saturday, next_monday + 10 * 60 + 1), 61);
    }

    #[test]
    fn a_working_day_ends_when_the_office_opens_after_it() {
        let (counted, monday) = counted("1 working day");
        let afternoon = monday + 15 * 60;
        assert!(between(&counted, afternoon, monday + 2 * 1_440 + 9 * 60) <= counted.limit);
        assert!(between(&counted, afternoon, monday + 2 * 1_440 + 9 * 60 + 1) > counted.limit);
        // over a weekend: from Friday afternoon until Tuesday morning
        let friday = monday + 4 * 1_440 + 15 * 60;
        assert!(between(&counted, friday, monday + 8 * 1_440 + 9 * 60) <= counted.limit);
        assert!(between(&counted, friday, monday + 8 * 1_440 + 9 * 60 + 1) > counted.limit);
    }

    #[test]
    fn spans_of_the_clock_count_always() {
        let (counted, monday) = counted("2 days");
        assert_eq!((counted.limit, between(&counted, monday, monday + 2_880)), (2_880, 2_880));
        let span = Span::parse("4 working hours").unwrap();
        assert_eq!(span.by_the_clock(), 240);
        assert_eq!(span.counted(None, Day(0), Day(1)).stretches, [(0, 2_880)]);
    }
}
