//! The eight calendar quarters of leads; fiscal quarters are the same.

use super::{Day, Moment};

/// How many quarters have leads.
pub const QUARTERS: usize = 8;
/// Index of the quarter in question, 2026Q3.
pub const CURRENT: usize = 7;
/// The first day with leads.
pub const FIRST_DAY: Day = Day::new(2024, 10, 1);
/// From here on the planted change holds: 2026-07-01 00:00 UTC.
pub const PLANTED: Moment = Moment::midnight(Day::new(2026, 7, 1));

/// A calendar quarter, counted from 2024Q4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter(pub usize);

impl Quarter {
    /// The quarter of a day; `None` before the first and after the eighth.
    pub fn of(day: Day) -> Option<Quarter> {
        let (y, m, _) = day.civil();
        let index = (y - 2024) * 4 + (m - 1) / 3 - 3;
        usize::try_from(index).ok().filter(|i| *i < QUARTERS).map(Quarter)
    }

    /// The first day.
    pub fn first(self) -> Day {
        let months = self.0 as i32 * 3 + 9;
        Day::new(2024 + months / 12, months % 12 + 1, 1)
    }

    /// The last day.
    pub fn last(self) -> Day {
        Quarter(self.0 + 1).first().plus(-1)
    }

    /// `2026Q3`.
    pub fn name(self) -> String {
        let (y, m, _) = self.first().civil();
        format!("{y}Q{}", (m - 1) / 3 + 1)
    }

    /// All eight, oldest first.
    pub fn all() -> impl Iterator<Item = Quarter> {
        (0..QUARTERS).map(Quarter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eighth_quarter_is_the_third_of_2026() {
        assert_eq!(Quarter(CURRENT).name(), "2026Q3");
        assert_eq!(Quarter(0).first(), FIRST_DAY);
        assert_eq!(Quarter(CURRENT).last(), Day::new(2026, 9, 30));
        assert_eq!(Quarter::of(Day::new(2026, 10, 1)), None);
        assert_eq!(Quarter::of(Day::new(2024, 9, 30)), None);
        assert_eq!(Moment::midnight(Quarter(CURRENT).first()), PLANTED);
    }
}
