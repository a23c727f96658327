//! Cells that hold numbers and money, and the decimal sign that a column shows.

use entries::Value;
use terms::Currency;

use super::row::Stop;
use super::source::State;
use crate::Error;
use crate::table::Cells;
use crate::values::{AmountFault, Decimal, Number, NumberFault, parse_money, parse_number};

impl State<'_> {
    fn shown_decimal(&mut self, place: usize, cell: &str) -> Result<Decimal, Error> {
        if self.head.machine {
            return Ok(Decimal::Point); // a number's own text; only typed text is written otherwise
        }
        if let Some(Some(known)) = self.decimals.get(place) {
            return Ok(*known);
        }
        let (file, column) = (&self.piece.name, self.plan.columns.name(place).to_owned());
        let decimal = self.told()?.decimal(place, cell, file, &column)?;
        if let Some(slot) = self.decimals.get_mut(place) {
            *slot = Some(decimal);
        }
        Ok(decimal)
    }

    pub(super) fn no_number(&self, place: usize, cell: &str) -> Stop {
        self.wrong(place, cell, "a number such as 12500.00", "correct the number, or empty the cell")
    }

    pub(super) fn number(&mut self, place: usize, cell: &str) -> Result<Number, Stop> {
        let number = match parse_number(cell, self.decimal) {
            Err(NumberFault::Ambiguous) => {
                let decimal = self.shown_decimal(place, cell)?;
                parse_number(cell, Some(decimal))
            }
            read => read,
        };
        number.map_err(|_| self.no_number(place, cell))
    }

    pub(super) fn whole(
        &mut self,
        cells: Cells<'_>,
        place: usize,
        cell: &str,
        scale: Option<Number>,
    ) -> Result<Value, Stop> {
        let number = match parse_number(cell, self.decimal) {
            Err(NumberFault::Ambiguous) => {
                // 1,234 can be whole in one reading only; 1.000 and 1,000 have two
                let point = parse_number(cell, Some(Decimal::Point)).ok().filter(|n| n.whole().is_some());
                let comma = parse_number(cell, Some(Decimal::Comma)).ok().filter(|n| n.whole().is_some());
                match (point, comma) {
                    (Some(one), None) | (None, Some(one)) => Ok(one),
                    _ if cell.contains(',') => point.ok_or(NumberFault::Bad),
                    _ => return self.whole_by_column(place, cell, scale),
                }
            }
            read => read,
        };
        let _ = cells;
        self.whole_of(place, cell, number.ok(), scale)
    }

    fn whole_by_column(&mut self, place: usize, cell: &str, scale: Option<Number>) -> Result<Value, Stop> {
        let decimal = self.shown_decimal(place, cell)?;
        self.whole_of(place, cell, parse_number(cell, Some(decimal)).ok(), scale)
    }

    fn whole_of(&self, place: usize, cell: &str, number: Option<Number>, scale: Option<Number>) -> Result<Value, Stop> {
        let scaled = number.filter(|number| !number.percent).and_then(|number| match scale {
            Some(scale) => number.scaled(scale),
            None => Some(number),
        });
        let whole = scaled.and_then(Number::whole);
        whole.map(Value::Int).ok_or_else(|| {
            self.wrong(place, cell, "a whole number such as 1250", "correct the number, or empty the cell")
        })
    }

    pub(super) fn money(
        &mut self,
        cells: Cells<'_>,
        place: usize,
        cell: &str,
        scale: Option<Number>,
    ) -> Result<Value, Stop> {
        let currency = self.currency(cells, place)?;
        let money = match parse_money(cell, self.decimal, currency, scale) {
            Err(AmountFault::Ambiguous) => {
                let decimal = self.shown_decimal(place, cell)?;
                parse_money(cell, Some(decimal), currency, scale)
            }
            read => read,
        };
        money.map(Value::Money).map_err(|fault| match fault {
            AmountFault::UnknownCurrency => {
                let hint = "give the file's currency: currency = \"SEK\" under [file] in the mapping";
                self.wrong(place, cell, "an amount whose currency is known", hint)
            }
            AmountFault::TooLarge => self.wrong(place, cell, "an amount below 90,000,000,000,000,000", "correct it"),
            AmountFault::Bad | AmountFault::Ambiguous => {
                self.wrong(place, cell, "an amount such as 12500.00", "correct the amount, or empty the cell")
            }
        })
    }

    /// The currency of amounts that show none: the column's, the row's, the file's.
    fn currency(&mut self, cells: Cells<'_>, place: usize) -> Result<Option<Currency>, Stop> {
        if let Some(currency) = self.plan.columns.currency(place) {
            return Ok(Some(currency));
        }
        if let Some(known) = self.currency {
            return Ok(known);
        }
        let mut currency = self.plan.currency;
        if let Some(column) = self.plan.currency_column {
            let code = self.plan.columns.cell(cells, column);
            if !code.is_empty() {
                let read = self.currencies.get(code, |code| Ok::<_, Stop>(Currency::parse(code)))?;
                if read.is_none() {
                    return Err(self.wrong(column, code, "a currency code such as USD", "correct the code"));
                }
                currency = read;
            }
        }
        self.currency = Some(currency);
        Ok(currency)
    }
}
