//! When an office works, by its own wall clock.
//!
//! Invariant: a calendar that exists can be worked with: its zone is known and its shifts are times of the day.

use std::collections::BTreeMap;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use terms::Day;

/// Minutes in a day.
const DAY: u16 = 1_440;

/// Days of the week as they are written, Monday first.
const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// One stretch of work, in minutes after local midnight. It begins when the wall clock first shows `from` (or, where the
/// clock is put forward over it, a later time) and ends when it first shows `to`; one that ends at or before its start
/// ends on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    /// 0 to 1,439.
    pub from: u16,
    /// 0 to 1,440, and not `from`.
    pub to: u16,
}

impl Shift {
    /// Reads `09:00-17:30`; `22:00-06:00` ends on the next day, `00:00-24:00` is the whole day.
    ///
    /// # Errors
    /// What was read, and what was expected.
    pub fn parse(text: &str) -> Result<Shift, CalendarError> {
        let bad = || CalendarError::Shift(text.trim().to_owned());
        let (from, to) = text.split_once('-').ok_or_else(bad)?;
        let shift = Shift { from: minutes(from).ok_or_else(bad)?, to: minutes(to).ok_or_else(bad)? };
        if shift.is_possible() { Ok(shift) } else { Err(bad()) }
    }

    fn is_possible(self) -> bool {
        self.from < DAY && self.to <= DAY && self.from != self.to
    }
}

/// Why there is no such calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// No zone of this name.
    Zone(String),
    /// No stretch of work.
    Shift(String),
    /// No day or days of the week.
    Days(String),
}

impl std::fmt::Display for CalendarError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CalendarError::Zone(read) => write!(f, "`{read}`: no time zone; expected a name such as Europe/Berlin"),
            CalendarError::Shift(read) => {
                write!(
                    f,
                    "`{read}`: no working hours; expected two times such as 09:00-17:30 (22:00-06:00 ends on the next day)"
                )
            }
            CalendarError::Days(read) => write!(f, "`{read}`: no days of the week; expected such as Mon-Fri or Sat"),
        }
    }
}

impl std::error::Error for CalendarError {}

/// The working hours of an office.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    week: [Vec<Shift>; 7],
    days: BTreeMap<Day, Vec<Shift>>,
}

impl Calendar {
    /// From a zone's name and the week as it is written: `Mon-Fri 09:00-17:30`, several parted by commas, several
    /// stretches a day as well.
    ///
    /// # Errors
    /// The part that could not be read.
    pub fn parse(zone: &str, week: &str) -> Result<Calendar, CalendarError> {
        let zone = TimeZoneDatabase::bundled().get(zone.trim()).map_err(|_| CalendarError::Zone(zone.to_owned()))?;
        let mut out = Calendar { zone, week: Default::default(), days: BTreeMap::new() };
        for part in week.split(',') {
            let (days, shift) =
                part.trim().rsplit_once(' ').ok_or_else(|| CalendarError::Shift(part.trim().to_owned()))?;
            let shift = Shift::parse(shift)?;
            for day in weekdays(days)? {
                out.week[day].push(shift);
            }
        }
        Ok(out)
    }

    /// The same with days that differ: no shift at all on a holiday, other shifts on a short day.
    ///
    /// # Errors
    /// A shift that is none.
    pub fn with_days(mut self, days: impl IntoIterator<Item = (Day, Vec<Shift>)>) -> Result<Calendar, CalendarError> {
        for (day, shifts) in days {
            if let Some(bad) = shifts.iter().find(|s| !s.is_possible()) {
                return Err(CalendarError::Shift(format!("minutes {} to {}", bad.from, bad.to)));
            }
            self.days.insert(day, shifts);
        }
        Ok(self)
    }

    /// The zone that its wall clock shows.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The shifts that begin on a day.
    pub fn shifts(&self, day: Day) -> &[Shift] {
        self.days.get(&day).unwrap_or(&self.week[usize::from(day.weekday())])
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str| if text.len() == 2 { text.parse::<u16>().ok() } else { None };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (minute < 60 && 60 * hour + minute <= DAY).then_some(60 * hour + minute)
}

/// `Mon`, or `Mon-Fri`, which may go over the end of the week.
fn weekdays(text: &str) -> Result<Vec<usize>, CalendarError> {
    let bad = || CalendarError::Days(text.trim().to_owned());
    let place = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        WEEK.iter().position(|day| *day == name).ok_or_else(bad)
    };
    match text.split_once('-') {
        None => Ok(vec![place(text)?]),
        Some((from, to)) => {
            let (from, to) = (place(from)?, place(to)?);
            Ok((0..=(to + 7 - from) % 7).map(|n| (from + n) % 7).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read_as_they_are_written() {
        let calendar =
            Calendar::parse("Europe/Berlin", "Mon-Thu 09:00-12:00, mon-thu 13:00-17:30, Fri 08:00-14:00").unwrap();
        let monday = Day::from_ymd(2026, 7, 6).unwrap();
        assert_eq!(calendar.shifts(monday), [Shift { from: 540, to: 720 }, Shift { from: 780, to: 1_050 }]);
        assert_eq!(calendar.shifts(monday.plus(4)), [Shift { from: 480, to: 840 }]);
        assert!(calendar.shifts(monday.plus(5)).is_empty());
        let nights = Calendar::parse("Asia/Kolkata", "Sat-Mon 22:00-06:00").unwrap();
        assert_eq!([5, 6, 7, 8].map(|d| nights.shifts(monday.plus(d)).len()), [1, 1, 1, 0]);
        let holiday = calendar.with_days([(monday, vec![])]).unwrap();
        assert!(holiday.shifts(monday).is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (zone, week, said) in [
            ("Europe/Berlln", "Mon-Fri 09:00-17:00", "`Europe/Berlln`: no time zone"),
            ("Europe/Berlin", "Mon-Fri 9-17", "`9-17`: no working hours"),
            ("Europe/Berlin", "Mon-Fri 09:00-09:00", "`09:00-09:00`: no working hours"),
            ("Europe/Berlin", "Mon-Fri 09:00-25:00", "`09:00-25:00`: no working hours"),
            ("Europe/Berlin", "Montag 09:00-17:00", "`Montag`: no days"),
            ("Europe/Berlin", "", "``: no working hours"),
        ] {
            let error = Calendar::parse(zone, week).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
        let calendar = Calendar::parse("UTC", "Mon 09:00-10:00").unwrap();
        assert!(calendar.with_days([(Day(0), vec![Shift { from: 5, to: 5 }])]).is_err());
    }
}
