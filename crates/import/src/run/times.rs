//! Cells that hold times, and the order of dates that a column shows.

use terms::When;

use super::evidence::{self, Told};
use super::row::Stop;
use super::source::State;
use crate::Error;
use crate::table::Cells;
use crate::values::{DateFault, DateOrder, read_shape, resolve};

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
        let Some(mut shape) = read_shape(cell, self.head.serial) else { return Err(bad(self)) };
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
