//! Which column of this file a mapping means, and what its cells show.

use std::collections::HashMap;

use terms::Currency;

use crate::mapping::Column;
use crate::table::{Cells, Head, header_keys};

/// Columns that no file has and every mapping may name.
const SPECIAL: [&str; 3] = ["@range_first", "@range_last", "@file"];
/// The place of `@range_first` among them.
pub(super) const RANGE_FIRST: usize = 0;

/// Cells that hold no value, in any column; compared as they stand.
const NOTHING: [&str; 11] = ["NULL", "null", "Null", "\\N", "#N/A", "N/A", "n/a", "NaN", "nan", "#REF!", "#VALUE!"];

/// The columns of one file.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    head: &'a Head,
    places: HashMap<String, usize>,
    currencies: Vec<Option<Currency>>,
    special: [String; 3],
    null: &'a [String],
    longest_null: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn new(head: &'a Head, file: &str, null: &'a [String]) -> Columns<'a> {
        let mut places = HashMap::new();
        let mut currencies = vec![None; head.header.len()];
        let keys: Vec<_> = head.header.iter().map(|name| header_keys(name)).collect();
        for (n, keys) in keys.iter().enumerate() {
            places.entry(keys.whole.clone()).or_insert(n);
        }
        // `Amount spent (USD)` is also `Amount spent`, unless there is such a column
        for (n, keys) in keys.into_iter().enumerate() {
            if let Some((bare, currency)) = keys.without_currency {
                places.entry(bare).or_insert(n);
                currencies[n] = Some(currency);
            }
        }
        let day = |day: Option<terms::Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let special = [day(head.range.map(|r| r.0)), day(head.range.map(|r| r.1)), file.to_owned()];
        let longest_null = null.iter().map(String::as_str).chain(NOTHING).map(str::len).max().unwrap_or(0);
        Columns { head, places, currencies, special, null, longest_null }
    }

    /// The place of a column, `None` where the file does not have it.
    pub(super) fn find(&self, column: &Column) -> Option<usize> {
        column.plain.iter().find_map(|name| {
            if let Some(n) = SPECIAL.iter().position(|special| special == name) {
                return Some(self.head.header.len() + n).filter(|_| !self.special[n].is_empty());
            }
            self.places.get(name).copied()
        })
    }

    /// The places of those that the file has.
    pub(super) fn find_all(&self, columns: &[Column]) -> Vec<usize> {
        columns.iter().filter_map(|column| self.find(column)).collect()
    }

    pub(super) fn is_range(&self, place: usize) -> bool {
        place == self.head.header.len() + RANGE_FIRST
    }

    /// The name of a column as the file has it.
    pub(super) fn name(&self, place: usize) -> &str {
        let special = || SPECIAL.get(place.wrapping_sub(self.head.header.len())).copied();
        self.head.header.get(place).map(String::as_str).or_else(special).unwrap_or("")
    }

    /// The currency that a column's name shows.
    pub(super) fn currency(&self, place: usize) -> Option<Currency> {
        self.currencies.get(place).copied().flatten()
    }

    /// A cell, trimmed; empty where it holds no value.
    #[inline]
    pub(super) fn cell<'c>(&'c self, cells: Cells<'c>, place: usize) -> &'c str {
        if place >= self.head.header.len() {
            return self.special.get(place - self.head.header.len()).map_or("", String::as_str);
        }
        let cell = trim(cells.get(place));
        if cell.len() <= self.longest_null && self.is_nothing(cell) { "" } else { cell }
    }

    fn is_nothing(&self, cell: &str) -> bool {
        cell.is_empty()
            || (matches!(cell.as_bytes()[0], b'N' | b'n' | b'\\' | b'#') && NOTHING.contains(&cell))
            || self.null.iter().any(|null| null == cell)
    }
}

#[inline]
fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}
