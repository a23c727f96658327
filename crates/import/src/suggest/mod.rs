//! A mapping for a table that nothing recognises, proposed from its header and a sample of its rows.
//!
//! Here: what each column probably holds, how sure that is, and a complete commented mapping to correct by hand.
//! Deliberately not here: reading files, and deciding anything: a suggestion is shown, never applied by itself.
//! Invariants: the mapping text parses; the same header and sample give the same suggestion; a column whose cells look
//! like mails or phones is never proposed for a text that reaches the ledger, and a rep known by name gets an alias.

mod dictionary;
mod entity;
mod fold;
mod looks;
mod place;
mod values;
mod write;

use terms::Entity;

use looks::Looks;

/// What a table probably is.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What one row is.
    pub entity: EntityGuess,
    /// Columns with the term each was given, in the order of the header.
    pub columns: Vec<Placed>,
    /// Columns that were given none, and why, in the order of the header.
    pub unplaced: Vec<(String, String)>,
    /// Placed date columns that can be read day first or month first.
    pub dates_needing_order: Vec<String>,
    /// Currency codes and signs seen in the cells, in order.
    pub currencies: Vec<String>,
    /// Distinct values of stage and flag columns with our best guess.
    pub values: Vec<ValueMap>,
    /// A complete mapping, with the confidence beside each line.
    pub toml: String,
}

/// What one row probably is.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityGuess {
    /// The most likely kind of thing.
    pub entity: Entity,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// The second most likely, with its own confidence.
    pub runner_up: Option<(Entity, f64)>,
}

/// One column and the term it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The column as the header has it.
    pub column: String,
    /// Our term; `id`, `deleted`, or a part of a person: `person.mail`, `person.phone`, `person.name`, ...
    pub term: String,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// Why, in a few words.
    pub why: String,
}

/// The distinct values of one column with what we take them for.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueMap {
    /// The column as the header has it.
    pub column: String,
    /// The name of the map in the mapping.
    pub map: String,
    /// Each value, and our word for it where there is a guess; most frequent first, then by value.
    pub values: Vec<(String, Option<String>)>,
}

/// Proposes a mapping for a table. `sample` holds rows of cells in the order of the header; short rows are fine.
pub fn suggest(header: &[String], sample: &[Vec<String>], file_name: &str) -> Suggestion {
    let looks: Vec<Looks> =
        (0..header.len()).map(|n| Looks::of(sample.iter().filter_map(|row| row.get(n)).map(String::as_str))).collect();
    let entity = entity::guess(header, &looks, file_name);
    let placement = place::place(entity.entity, header, &looks);
    let dates_needing_order = placement
        .placed
        .iter()
        .filter(|p| place::is_when(entity.entity, &p.placed.term) && looks[p.index].order_is_open)
        .map(|p| p.placed.column.clone())
        .collect();
    let mut currencies: Vec<String> = looks.iter().flat_map(|l| l.currencies.iter().cloned()).collect();
    currencies.sort();
    currencies.dedup();
    let values = values::maps(entity.entity, &placement.placed, &looks);
    let mut suggestion = Suggestion {
        entity,
        columns: placement.placed.iter().map(|p| p.placed.clone()).collect(),
        unplaced: placement.unplaced,
        dates_needing_order,
        currencies,
        values,
        toml: String::new(),
    };
    suggestion.toml = write::mapping(&suggestion, &placement.placed, &looks, file_name);
    suggestion
}

#[cfg(test)]
mod tests;
