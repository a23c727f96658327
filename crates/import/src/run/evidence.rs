//! What a whole column tells about the order of its dates and its decimal sign.
//!
//! Gathered by one pass over the file, and only when a cell is met that has two readings.
//! Invariant: a column is either shown to be written one way, or the operator is asked.

use std::collections::BTreeMap;

use terms::Day;

use super::columns::Columns;
use crate::Error;
use crate::piece::Piece;
use crate::table::{self, Head};
use crate::values::{DateOrder, Decimal, Evidence, Hint, amount_evidence, order_evidence, read_shape};

/// A cell that shows something: its line and text.
type Shown = Option<(u32, String)>;

#[derive(Debug, Default)]
struct Dates {
    day_first: Shown,
    month_first: Shown,
    either: Shown,
}

#[derive(Debug, Default)]
struct Numbers {
    point: Shown,
    comma: Shown,
}

/// What the columns of one file tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    dates: BTreeMap<usize, Dates>,
    numbers: BTreeMap<usize, Numbers>,
}

pub(super) fn gather(
    piece: &Piece,
    head: &Head,
    columns: &Columns<'_>,
    dates: &[usize],
    numbers: &[usize],
) -> Result<Told, Error> {
    let mut told = Told::default();
    table::stream(piece, head, &mut |chunk| {
        for n in 0..chunk.len() {
            let (cells, line) = (chunk.row(n), chunk.line(n));
            let note = |shown: &mut Shown, text: &str| {
                shown.get_or_insert_with(|| (line, text.to_owned()));
            };
            for place in dates {
                let text = columns.cell(cells, *place);
                let Some(shape) = (!text.is_empty()).then(|| read_shape(text, head.serial)).flatten() else { continue };
                let seen = match order_evidence(shape) {
                    Hint::Nothing => continue,
                    hint => (hint, told.dates.entry(*place).or_default()),
                };
                match seen {
                    (Hint::DayFirst, dates) => note(&mut dates.day_first, text),
                    (Hint::MonthFirst, dates) => note(&mut dates.month_first, text),
                    (_, dates) => note(&mut dates.either, text),
                }
            }
            for place in numbers {
                let text = columns.cell(cells, *place);
                match amount_evidence(text) {
                    Evidence::Is(Decimal::Point) => note(&mut told.numbers.entry(*place).or_default().point, text),
                    Evidence::Is(Decimal::Comma) => note(&mut told.numbers.entry(*place).or_default().comma, text),
                    Evidence::Nothing | Evidence::Ambiguous => {}
                }
            }
        }
        Ok(true)
    })?;
    Ok(told)
}

impl Told {
    /// The order of a column's dates, `None` where none of its dates needs one.
    pub(super) fn order(&self, place: usize, file: &str, column: &str) -> Result<Option<DateOrder>, Error> {
        let Some(dates) = self.dates.get(&place) else { return Ok(None) };
        let hint = "say how the column is written: date_order = \"dmy\" or \"mdy\" under [file] in the mapping, or \
                    --date-order";
        match (&dates.day_first, &dates.month_first, &dates.either) {
            (Some((one, day)), Some((two, month)), _) => {
                let cause = format!(
                    "column `{column}`: `{day}` on line {one} has the day first, `{month}` on line {two} the month"
                );
                Err(Error::new("contradictory_dates", file, cause).with_hint(hint))
            }
            (Some(_), None, _) => Ok(Some(DateOrder::Dmy)),
            (None, Some(_), _) => Ok(Some(DateOrder::Mdy)),
            (None, None, Some((line, text))) => {
                let readings = two_readings(text);
                let cause = format!("column `{column}`: `{text}` on line {line} is {readings}, and no row tells which");
                Err(Error::new("ambiguous_dates", file, cause).with_hint(hint))
            }
            (None, None, None) => Ok(None),
        }
    }

    /// The decimal sign of a column's numbers; where the column shows none, that of the file's other columns.
    pub(super) fn decimal(&self, place: usize, read: &str, file: &str, column: &str) -> Result<Decimal, Error> {
        let hint =
            "say which sign the decimals have: decimal = \".\" or \",\" under [file] in the mapping, or --decimal";
        let all = || self.numbers.values();
        let own = self.numbers.get(&place).map(|own| (own.point.is_some(), own.comma.is_some()));
        let (point, comma) =
            own.unwrap_or_else(|| (all().any(|n| n.point.is_some()), all().any(|n| n.comma.is_some())));
        match (point, comma) {
            (true, false) => Ok(Decimal::Point),
            (false, true) => Ok(Decimal::Comma),
            (true, true) => {
                let cause = format!("column `{column}`: `{read}` has two readings, and the rows contradict each other");
                Err(Error::new("contradictory_decimals", file, cause).with_hint(hint))
            }
            (false, false) => {
                let cause = format!(
                    "column `{column}`: `{read}` may have a decimal sign or group thousands, and no row tells which"
                );
                Err(Error::new("ambiguous_decimals", file, cause).with_hint(hint))
            }
        }
    }
}

fn two_readings(text: &str) -> String {
    use crate::values::{DateRule, Zone, parse_date};
    let read = |order| {
        let rule = DateRule { order: Some(order), zone: Zone::utc(), serial: false };
        parse_date(text, &rule)
            .ok()
            .and_then(|when| when.first_day())
            .map_or_else(String::new, |day: Day| day.to_string())
    };
    format!("{} or {}", read(DateOrder::Dmy), read(DateOrder::Mdy))
}
