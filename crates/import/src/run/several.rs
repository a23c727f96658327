//! A cell that holds several values: `101;102`, `101,102`, `Jane Doe (jane@x.com);Bo Li (bo@y.com)`.
//!
//! Semicolons always part values; commas do only where every part is an id, since a name may hold one.

use crate::table::Cells;

/// The values of a cell, trimmed, without empty ones.
pub(super) fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let separator = if !cell.contains(';') && parted_by_commas(cell) { ',' } else { ';' };
    cell.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

/// The first of them; the cell itself where there is one.
pub(super) fn first(cell: &str) -> &str {
    if cell.contains([';', ',']) { parts(cell).next().unwrap_or("") } else { cell }
}

fn parted_by_commas(cell: &str) -> bool {
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let has_digit = |part: &str| part.bytes().any(|b| b.is_ascii_digit());
    cell.contains(',') && cell.split(',').map(str::trim).all(|part| is_id(part) && has_digit(part))
}

/// A row of which one cell reads otherwise.
#[derive(Debug, Default)]
pub(super) struct Substituted {
    text: String,
    ends: Vec<usize>,
}

impl Substituted {
    pub(super) fn of<'s>(&'s mut self, cells: Cells<'_>, place: usize, part: &str) -> Cells<'s> {
        self.text.clear();
        self.ends.clear();
        for (n, cell) in cells.iter().enumerate() {
            self.text.push_str(if n == place { part } else { cell });
            self.ends.push(self.text.len());
        }
        Cells::new(&self.text, &self.ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_part_at_commas_and_names_do_not() {
        let all = |cell| parts(cell).collect::<Vec<_>>();
        assert_eq!(all("101;102"), ["101", "102"]);
        assert_eq!(all("101, 102 ,103"), ["101", "102", "103"]);
        assert_eq!(all(" 101 ;; "), ["101"]);
        assert_eq!(all("Doe, Jane (jane@x.com); Bo (bo@y.com)"), ["Doe, Jane (jane@x.com)", "Bo (bo@y.com)"]);
        assert_eq!(all("Acme, Inc"), ["Acme, Inc"]);
        assert!(all("").is_empty());
        assert_eq!((first("101;102"), first("Acme, Inc"), first(";"), first("a")), ("101", "Acme, Inc", "", "a"));
    }
}
