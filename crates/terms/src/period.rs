//! Periods of a fiscal calendar: month, quarter, year, or any range of days.

use serde::{Deserialize, Serialize};

use crate::Day;

/// The month in which the fiscal year starts, 1 to 12. A fiscal year is named after the calendar year in which it
/// ends, as most companies do; with a start in January that is the calendar year itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FiscalYear {
    start_month: u8,
}

impl Default for FiscalYear {
    fn default() -> Self {
        FiscalYear { start_month: 1 }
    }
}

impl FiscalYear {
    /// A fiscal year that starts on the first of this month (1 to 12).
    pub fn starting_in(month: u8) -> Option<FiscalYear> {
        (1..=12).contains(&month).then_some(FiscalYear { start_month: month })
    }

    /// The month in which it starts, 1 to 12.
    pub const fn start_month(self) -> u8 {
        self.start_month
    }

    /// Months since year 0 on the fiscal calendar: fiscal year × 12 + month of the fiscal year (0 to 11).
    fn month_index(self, day: Day) -> i32 {
        let (y, m, _) = day.ymd();
        let shift = if self.start_month == 1 { 0 } else { 13 - i32::from(self.start_month) };
        y * 12 + (m - 1) + shift
    }

    /// The first day of a fiscal month index.
    fn month_start(self, index: i32) -> Day {
        let shift = if self.start_month == 1 { 0 } else { 13 - i32::from(self.start_month) };
        let calendar = index - shift;
        Day::from_ymd(calendar.div_euclid(12), calendar.rem_euclid(12) + 1, 1).unwrap_or(Day(0))
    }

    /// The number of the period of this unit that holds the day; consecutive periods have consecutive numbers.
    pub fn index(self, unit: PeriodUnit, day: Day) -> i32 {
        let months = self.month_index(day);
        match unit {
            PeriodUnit::Month => months,
            PeriodUnit::Quarter => months.div_euclid(3),
            PeriodUnit::Year => months.div_euclid(12),
            PeriodUnit::Week => (day.0 + 3).div_euclid(7),
        }
    }

    /// The period with this number.
    pub fn period(self, unit: PeriodUnit, index: i32) -> Period {
        let months = |per: i32| (self.month_start(index * per), self.month_start((index + 1) * per).plus(-1));
        let (first, last) = match unit {
            PeriodUnit::Month => months(1),
            PeriodUnit::Quarter => months(3),
            PeriodUnit::Year => months(12),
            PeriodUnit::Week => (Day(index * 7 - 3), Day(index * 7 + 3)),
        };
        Period { first, last, unit: Some(unit), fiscal: self }
    }

    /// The period of this unit that holds the day.
    pub fn period_of(self, unit: PeriodUnit, day: Day) -> Period {
        self.period(unit, self.index(unit, day))
    }

    /// Reads `2026Q3`, `2026-Q3`, `FY2026Q3`, `2026-07` (a calendar month), `2026`, `FY2026`, or `2026-07-01..2026-09-30`.
    pub fn parse_period(self, text: &str) -> Option<Period> {
        let text = text.trim();
        if let Some((a, b)) = text.split_once("..") {
            let (first, last) = (Day::parse(a)?, Day::parse(b)?);
            return (first <= last).then_some(Period { first, last, unit: None, fiscal: self });
        }
        let upper = text.to_ascii_uppercase();
        let body = upper.strip_prefix("FY").unwrap_or(&upper);
        if let Some((y, q)) = body.split_once('Q') {
            let year: i32 = y.trim_end_matches(['-', ' ']).parse().ok()?;
            let quarter: i32 = q.parse().ok()?;
            return ((1..=4).contains(&quarter) && (1..=9999).contains(&year))
                .then(|| self.period(PeriodUnit::Quarter, year * 4 + quarter - 1));
        }
        if let Some((y, m)) = body.split_once('-') {
            let day = Day::from_ymd(y.parse().ok()?, m.parse().ok()?, 1)?;
            return Some(self.period_of(PeriodUnit::Month, day));
        }
        let year: i32 = body.parse().ok()?;
        (1..=9999).contains(&year).then(|| self.period(PeriodUnit::Year, year))
    }
}

/// The units in which periods are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three months of the fiscal year.
    Quarter,
    /// A fiscal year.
    Year,
}

/// A stretch of days, both ends included, with its place on a fiscal calendar where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// Its unit, `None` for a free range.
    pub unit: Option<PeriodUnit>,
    /// On which fiscal calendar.
    pub fiscal: FiscalYear,
}

impl Period {
    /// How many days it has.
    pub const fn days(self) -> i32 {
        self.last.0 - self.first.0 + 1
    }

    /// Whether the day falls in it.
    pub fn holds(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// The period just before, of the same unit (of the same length for a free range).
    pub fn previous(self) -> Period {
        match self.unit {
            Some(unit) => self.fiscal.period(unit, self.fiscal.index(unit, self.first) - 1),
            None => Period { first: self.first.plus(-self.days()), last: self.first.plus(-1), ..self },
        }
    }

    /// The same period a year before (29 February becomes 28 February for a free range).
    pub fn year_ago(self) -> Period {
        let back = |day: Day| {
            let (y, m, d) = day.ymd();
            Day::from_ymd(y - 1, m, d).or_else(|| Day::from_ymd(y - 1, m, d - 1)).unwrap_or(day.plus(-365))
        };
        match self.unit {
            Some(PeriodUnit::Month) => self.fiscal.period(PeriodUnit::Month, self.index() - 12),
            Some(PeriodUnit::Quarter) => self.fiscal.period(PeriodUnit::Quarter, self.index() - 4),
            Some(PeriodUnit::Year) => self.fiscal.period(PeriodUnit::Year, self.index() - 1),
            Some(PeriodUnit::Week) => self.fiscal.period(PeriodUnit::Week, self.index() - 52),
            None => Period { first: back(self.first), last: back(self.last), ..self },
        }
    }

    /// Its number among the periods of its unit (of quarters for a free range).
    pub fn index(self) -> i32 {
        self.fiscal.index(self.unit.unwrap_or(PeriodUnit::Quarter), self.first)
    }
}

impl std::fmt::Display for Period {
    /// `2026Q3`, `2026-07`, `2026`, or `2026-07-01..2026-09-30`; `FY` before years that do not start in January.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fy = if self.fiscal.start_month == 1 { "" } else { "FY" };
        let index = self.index();
        match self.unit {
            Some(PeriodUnit::Quarter) => write!(f, "{fy}{}Q{}", index.div_euclid(4), index.rem_euclid(4) + 1),
            Some(PeriodUnit::Year) => write!(f, "{fy}{index}"),
            Some(PeriodUnit::Month) => {
                let (y, m, _) = self.first.ymd();
                write!(f, "{y:04}-{m:02}")
            }
            Some(PeriodUnit::Week) | None => write!(f, "{}..{}", self.first, self.last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn quarters_follow_the_fiscal_calendar() {
        let calendar = FiscalYear::default();
        let q3 = calendar.parse_period("2026Q3").unwrap();
        assert_eq!((q3.first, q3.last), (day("2026-07-01"), day("2026-09-30")));
        assert_eq!(q3.previous().to_string(), "2026Q2");
        assert_eq!(q3.year_ago().to_string(), "2025Q3");
        let february = FiscalYear::starting_in(2).unwrap();
        let q1 = february.parse_period("FY2027Q1").unwrap();
        assert_eq!((q1.first, q1.last), (day("2026-02-01"), day("2026-04-30")));
        assert_eq!(february.period_of(PeriodUnit::Quarter, day("2027-01-31")).to_string(), "FY2027Q4");
    }

    #[test]
    fn every_day_is_in_the_period_it_is_numbered_to() {
        for month in 1..=12 {
            let fiscal = FiscalYear::starting_in(month).unwrap();
            for n in (15_000..22_000).step_by(11) {
                for unit in [PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Quarter, PeriodUnit::Year] {
                    let period = fiscal.period_of(unit, Day(n));
                    assert!(period.holds(Day(n)), "{month} {n} {unit:?} {period}");
                    assert_eq!(period.previous().last.plus(1), period.first);
                }
                let quarter = fiscal.period_of(PeriodUnit::Quarter, Day(n));
                assert_eq!(fiscal.parse_period(&quarter.to_string()), Some(quarter));
            }
        }
    }

    #[test]
    fn reads_months_years_and_ranges_and_refuses_the_rest() {
        let fiscal = FiscalYear::default();
        assert_eq!(fiscal.parse_period("2026-07").unwrap().days(), 31);
        assert_eq!(fiscal.parse_period("2026").unwrap().days(), 365);
        assert_eq!(fiscal.parse_period("2026-01-10..2026-01-12").unwrap().days(), 3);
        for wrong in ["2026Q5", "Q3", "2026-13", "soon", "2026-01-10..2026-01-09", ""] {
            assert_eq!(fiscal.parse_period(wrong), None, "{wrong}");
        }
    }
}
