//! Which mapping a piece is for, by its column names and its file name.
//!
//! Among the mappings that fit, the higher priority wins, then the larger score: one point for each header that it
//! names and finds, two for a file name that fits. A tie is not decided here.

use std::collections::HashSet;

use super::{Column, Mapping};
use crate::piece::{Piece, looks_like_prose};
use crate::table;

/// What a piece was recognised as.
#[derive(Clone, Debug)]
pub enum Recognised<'m> {
    /// This mapping, and why.
    Mapping(&'m Mapping, String),
    /// A table that no mapping fits.
    Unknown {
        /// Its columns.
        header: Vec<String>,
        /// The mappings that come closest, best first, at most three.
        closest: Vec<Closest>,
    },
    /// Several mappings fit equally well.
    Ambiguous {
        /// Their names.
        mappings: Vec<String>,
    },
    /// No table.
    NotData {
        /// Why.
        reason: String,
    },
}

/// A mapping that nearly fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closest {
    /// Its name.
    pub mapping: String,
    /// The headers that it asks for and the file lacks.
    pub missing: Vec<String>,
    /// The headers that it forbids and the file has.
    pub forbidden: Vec<String>,
}

/// Finds the mapping of a piece.
pub fn recognise<'m>(piece: &Piece, mappings: &'m [Mapping]) -> Recognised<'m> {
    let file_name = piece.file_name();
    let header = match table::head(piece, false) {
        Ok(head) => head.header,
        Err(error) => return Recognised::NotData { reason: error.to_string() },
    };
    let mut known = HashSet::new();
    for keys in header.iter().map(|name| table::header_keys(name)) {
        known.insert(keys.whole);
        known.extend(keys.without_currency.map(|(bare, _)| bare));
    }
    let mut fits: Vec<(i64, usize, &Mapping, bool)> = Vec::new();
    let mut closest = Vec::new();
    for mapping in mappings {
        let tried = mapping.try_on(&known, &file_name);
        if tried.fits() {
            fits.push((mapping.recognise.priority, tried.found + 2 * usize::from(tried.named), mapping, tried.named));
        } else if tried.found > 0 {
            let share = tried.found * 1_000 / (tried.found + tried.missing.len() + tried.forbidden.len());
            let closest_one =
                Closest { mapping: mapping.name.clone(), missing: tried.missing, forbidden: tried.forbidden };
            closest.push((share, tried.found, closest_one));
        }
    }
    fits.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| a.2.name.cmp(&b.2.name)));
    match fits.as_slice() {
        [] if looks_like_prose(&file_name) => Recognised::NotData { reason: "text, not a table".into() },
        [] => {
            closest.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| a.2.mapping.cmp(&b.2.mapping)));
            let closest = closest.into_iter().take(3).map(|(_, _, closest)| closest).collect();
            Recognised::Unknown { header, closest }
        }
        [first, second, ..] if (first.0, first.1) == (second.0, second.1) => {
            let same = fits.iter().take_while(|fit| (fit.0, fit.1) == (first.0, first.1));
            Recognised::Ambiguous { mappings: same.map(|fit| fit.2.name.clone()).collect() }
        }
        [(_, score, mapping, named), ..] => {
            let headers = score - 2 * usize::from(*named);
            let file = if *named { " and the file name" } else { "" };
            Recognised::Mapping(mapping, format!("{headers} of its columns{file}"))
        }
    }
}

struct Tried {
    found: usize,
    named: bool,
    missing: Vec<String>,
    forbidden: Vec<String>,
    unnamed: bool,
}

impl Tried {
    fn fits(&self) -> bool {
        self.missing.is_empty() && self.forbidden.is_empty() && !self.unnamed
    }
}

impl Mapping {
    fn try_on(&self, known: &HashSet<String>, file_name: &str) -> Tried {
        let marks = &self.recognise;
        let has = |column: &&Column| column.plain.iter().any(|name| known.contains(name));
        let text = |column: &Column| column.text.clone();
        let found_all = marks.headers.iter().filter(has).count();
        let found_any = marks.any_headers.iter().filter(has).count();
        let mut missing: Vec<String> = marks.headers.iter().filter(|c| !has(c)).map(text).collect();
        if !marks.any_headers.is_empty() && found_any < marks.at_least {
            missing.extend(marks.any_headers.iter().filter(|c| !has(c)).take(marks.at_least - found_any).map(text));
        }
        let named = marks.files.as_ref().is_some_and(|files| files.is_match(file_name));
        let nothing = marks.headers.is_empty() && marks.any_headers.is_empty() && !marks.files_required;
        Tried {
            found: found_all + found_any,
            named,
            missing,
            forbidden: marks.not_headers.iter().filter(has).map(text).collect(),
            unnamed: nothing || (marks.files_required && !named),
        }
    }
}
