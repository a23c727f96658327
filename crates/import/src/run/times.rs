//! Cells that hold times, and the order of dates that a column shows.

use terms::{FiscalYear, When};

use super::evidence::{self, Told};
use super::row::Stop;
use super::source::State;
use crate::Error;
use crate::table::Cells;
use crate::values::{DateFault, DateOrder, read_shape, resolve};

/// A period such as `2026Q3`, `Q3 2026`, `FY2026Q3` or `2026-07`, as its days. A bare year is none: it may be a number.
fn period(cell: &str, fiscal: FiscalYear) -> Option<When> {
    let cell = cell.trim();
    let named = cell.contains(['Q', 'q']) || (cell.len() == 7 && cell.as_bytes().get(4) == Some(&b'-'));
    let text = match cell.split_once(' ') {
        Some((quarter, year)) if quarter.starts_with(['Q', 'q']) => format!("{}{quarter}", year.trim()),
        _ => cell.replace(' ', ""),
    };
    let period = named.then(|| fiscal.parse_period(&text)).flatten()?;
    Some(When::Range(period.first, period.last))
}

impl State<'_> {
    /// The days that the report names above its header.
    pub(super) fn range(&self) -> When {
        match self.head.range {
            Some((first, last)) if first == last => When::Day(first),
            Some((first, last)) => When::Range(first, last),
            None => When::Unknown,
        }
    }

    pub(super) fn between(&mut self, cells: Cells<'_>, first: usize, last: usize) -> Result<When, Stop> {
        let (from, to) = (self.when(cells, first, true)?, self.when(cells, last, true)?);
        match (from.first_day(), to.last_day()) {
            (Some(from), Some(to)) if from == to => Ok(When::Day(from)),
            (Some(from), Some(to)) if from < to => Ok(When::Range(from, to)),
            (Some(_), Some(_)) => {
                let read = self.plan.columns.cell(cells, last);
                Err(self.wrong(last, read, "a day on or after the first day", "correct one of the two days"))
            }
            (Some(day), None) | (None, Some(day)) => Ok(When::Day(day)),
            (None, None) => Ok(When::Unknown),
        }
    }

    /// A time, unknown where the cell is empty.
    pub(super) fn when(&mut self, cells: Cells<'_>, place: usize, day: bool) -> Result<When, Stop> {
        let cell = self.plan.columns.cell(cells, place);
        if cell.is_empty() {
            return Ok(When::Unknown);
        }
        let bad = |state: &Self| {
            state.wrong(
                place,
                cell,
                "a date such as 2026-07-31 or 2026-07-31 14:05",
                "correct the date, or empty the cell",
            )
        };
        let Some(mut shape) = read_shape(cell, self.head.serial) else {
            return period(cell, self.fiscal).ok_or_else(|| bad(self));
        };
        if day {
            shape = shape.without_clock();
        }
        let mut order = self.order;
        if shape.needs_order(order) {
            order = self.shown_order(place)?;
        }
        match resolve(shape, order, &self.zone) {
            Ok(when) => Ok(when),
            Err(DateFault::Bad) => Err(bad(self)),
            // a special column, or a file that changed while it was read
            Err(DateFault::Ambiguous) => Err(self.wrong(place, cell, "a date with one reading", "give a date order")),
        }
    }

    fn shown_order(&mut self, place: usize) -> Result<Option<DateOrder>, Error> {
        if let Some(Some(known)) = self.orders.get(place) {
            return Ok(*known);
        }
        let (file, column) = (&self.piece.name, self.plan.columns.name(place).to_owned());
        let order = self.told()?.order(place, file, &column)?;
        if let Some(slot) = self.orders.get_mut(place) {
            *slot = Some(order);
        }
        Ok(order)
    }

    pub(super) fn told(&mut self) -> Result<&Told, Error> {
        let told = match self.told.take() {
            Some(told) => told,
            None => {
                let plan = self.plan;
                evidence::gather(self.piece, self.head, &plan.columns, &plan.dates, &plan.numbers)?
            }
        };
        Ok(self.told.insert(told))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_its_days_on_the_fiscal_calendar() {
        let calendar = FiscalYear::default();
        let range = |text| period(text, calendar).map(|w| w.to_string());
        for text in ["2026Q3", "2026-Q3", "Q3 2026", "2026 Q3", "FY2026Q3", "q3 2026"] {
            assert_eq!(range(text).as_deref(), Some("2026-07-01..2026-09-30"), "{text}");
        }
        assert_eq!(range("2026-07").as_deref(), Some("2026-07-01..2026-07-31"));
        for text in ["2026", "Q5 2026", "quarter", "2026-13", ""] {
            assert_eq!(range(text), None, "{text}");
        }
        let february = FiscalYear::starting_in(2).unwrap();
        assert_eq!(period("FY2027Q1", february).map(|w| w.to_string()).as_deref(), Some("2026-02-01..2026-04-30"));
    }
}
