//! Which column is which term of an entity.
//!
//! The best pair of column and term is taken first, then the next best of those left. Deliberately not here: which
//! entity it is. Invariant: a column has at most one term and a term at most one column.

use entries::{Kind, catalogue};
use terms::Entity;

use super::Placed;
use super::dictionary;
use super::fold;
use super::looks::Looks;

/// The columns with their places in the header.
pub(super) struct Placement {
    pub placed: Vec<Spot>,
    pub unplaced: Vec<(String, String)>,
}

/// One placed column.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub index: usize,
    pub placed: Placed,
}

/// Below this a pair is not worth showing: about what a label inside a longer label with unfitting cells reaches.
const LEAST: f64 = 0.3;

/// Labels of a column that holds the currency of the row.
const CURRENCY: &str = "currency|currency code|currency iso code|deal currency|amount currency|waehrung|wahrung|wahrungscode|devise|monnaie|moneda|divisa|moeda|valuta|munt";

/// Places the columns of a table whose rows are this kind of thing.
pub(super) fn place(entity: Entity, header: &[String], looks: &[Looks]) -> Placement {
    let words: Vec<String> = header.iter().map(|label| fold::words(label)).collect();
    let mut pairs = Vec::new();
    for (index, words) in words.iter().enumerate() {
        if unnameable(&header[index]).is_some() {
            continue;
        }
        for (order, (term, labels)) in dictionary::terms(entity).iter().enumerate() {
            pairs.extend(
                score(entity, term, labels, words, &looks[index]).map(|(s, why)| (s, index, order, *term, why)),
            );
        }
        if let Some((score, label)) = best_label(CURRENCY, words, "") {
            pairs.push((score, index, usize::MAX, "currency", format!("the header says `{label}`")));
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut placed: Vec<Spot> = Vec::new();
    let mut taken_by: Vec<Option<String>> = vec![None; header.len()];
    for (confidence, index, _, term, why) in pairs {
        if placed.iter().any(|p| p.index == index) {
            continue;
        }
        match placed.iter().find(|p| p.placed.term == term) {
            Some(other) => {
                let reason = format!("`{}` is already `{term}`", other.placed.column);
                taken_by[index].get_or_insert(reason);
            }
            None => placed.push(spot(index, &header[index], term, confidence, why)),
        }
    }
    place_by_cells(entity, header, looks, &mut placed);
    placed.sort_by_key(|p| p.index);
    let unplaced = (0..header.len())
        .filter(|index| !placed.iter().any(|p| p.index == *index))
        .map(|index| (header[index].clone(), why_not(&header[index], &looks[index], taken_by[index].take())))
        .collect();
    Placement { placed, unplaced }
}

fn spot(index: usize, column: &str, term: &str, confidence: f64, why: String) -> Spot {
    let confidence = (confidence * 100.0).round() / 100.0;
    Spot { index, placed: Placed { column: column.to_owned(), term: term.to_owned(), confidence, why } }
}

/// A term, the share of cells that look like it, and what to say about it.
type Known = (&'static str, fn(&Looks) -> f64, &'static str);

/// Mails and phones are known by their cells, whatever the header says; an id by being another in every row.
fn place_by_cells(entity: Entity, header: &[String], looks: &[Looks], placed: &mut Vec<Spot>) {
    let has = |term: &str| dictionary::terms(entity).iter().any(|(t, _)| *t == term);
    if has("id") && !placed.iter().any(|p| p.placed.term == "id") {
        let rows = looks.iter().map(|l| l.filled).max().unwrap_or(0);
        let named = |i: usize| {
            let words = fold::words(&header[i]);
            let last = words.rsplit(' ').next().unwrap_or("");
            ["id", "key", "number", "no", "nr", "code", "uuid"].contains(&last)
        };
        let free = |i: &usize| unnameable(&header[*i]).is_none() && !placed.iter().any(|p| p.index == *i);
        let is_named = |i: &usize| named(*i) && looks[*i].filled > 1 && looks[*i].distinct >= 1.0;
        let is_key = |i: &usize| is_key(&looks[*i], *i, rows);
        let columns = || (0..header.len()).filter(free);
        let found = (columns().find(is_named).map(|i| (i, 0.6, "it is named as one and every value is another")))
            .or_else(|| {
                columns().find(is_key).map(|i| (i, 0.45, "every row has a value of its own, written as a key"))
            });
        if let Some((index, confidence, why)) = found {
            placed.push(spot(index, &header[index], "id", confidence, why.to_owned()));
        }
    }
    let known: [Known; 2] = [
        ("person.mail", |l| l.mails, "the cells look like mail addresses"),
        ("person.phone", |l| l.phones, "the cells look like phone numbers"),
    ];
    for (term, share, why) in known {
        if !has(term) || placed.iter().any(|p| p.placed.term == term) {
            continue;
        }
        let best = (0..header.len())
            .filter(|i| unnameable(&header[*i]).is_none())
            .filter(|i| share(&looks[*i]) > 0.6 && !placed.iter().any(|p| p.index == *i))
            .max_by(|a, b| share(&looks[*a]).total_cmp(&share(&looks[*b])).then(b.cmp(a)));
        if let Some(index) = best {
            placed.push(spot(index, &header[index], term, 0.7 * share(&looks[index]), why.to_owned()));
        }
    }
}

/// Rows below which a value of its own in every row says nothing.
const ROWS_FOR_A_KEY: usize = 8;

/// Whether a column whose name says nothing is a key by its cells: each row has a value, each another, of one word with
/// a digit; numbers alone are amounts as often, so they count in the first column only.
fn is_key(looks: &Looks, place: usize, rows: usize) -> bool {
    rows >= ROWS_FOR_A_KEY
        && looks.filled == rows
        && looks.distinct >= 1.0
        && looks.keys >= 1.0
        && looks.dates < 0.2
        && looks.amounts + looks.percents < 0.2
        && looks.is_personal().is_none()
        && (looks.numbers < 0.2 || place == 0)
}

/// Why a mapping cannot name a column.
pub(super) fn unnameable(column: &str) -> Option<&'static str> {
    match column.trim() {
        "" => Some("has no name"),
        name if name.contains('|') => Some("has a `|` in its name"),
        name if name.contains("..") => Some("has `..` in its name"),
        name if name.starts_with('@') => Some("begins with `@`"),
        _ => None,
    }
}

fn why_not(column: &str, looks: &Looks, taken: Option<String>) -> String {
    if let Some(why) = unnameable(column) {
        return why.to_owned();
    }
    if let Some(personal) = looks.is_personal() {
        return format!("{personal}: a person's data stays out of the ledger");
    }
    if looks.filled == 0 {
        return "has no value in the sample".to_owned();
    }
    taken.unwrap_or_else(|| "no term of ours fits its name".to_owned())
}

/// How well a column fits a term, and why.
fn score(entity: Entity, term: &str, labels: &str, words: &str, looks: &Looks) -> Option<(f64, String)> {
    let (by_name, label) = best_label(labels, words, entity.word())?;
    let (factor, cells) = fit(entity, term, looks);
    let score = by_name * factor;
    (score >= LEAST).then(|| (score, format!("the header says `{label}`{cells}")))
}

/// The label nearest to the words of a header, 0.95 where they are the same.
fn best_label<'a>(labels: &'a str, words: &str, entity: &str) -> Option<(f64, &'a str)> {
    if words.is_empty() {
        return None;
    }
    let squeezed: String = words.split(' ').collect();
    let bare = undecorated(words, entity);
    let bare_squeezed: String = bare.split(' ').collect();
    let mut best: Option<(f64, &str)> = None;
    for label in labels.split('|') {
        let label_squeezed: String = label.split(' ').collect();
        let score = if squeezed == label_squeezed {
            0.95
        } else if bare_squeezed == label_squeezed {
            0.85
        } else if label.len() >= 4 && is_run_of_words(label, words) {
            // the longer the label beside what is around it, the likelier it is what the header means
            0.45 + 0.3 * label.len() as f64 / words.len() as f64
        } else {
            continue;
        };
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, label));
        }
    }
    best
}

fn is_run_of_words(label: &str, words: &str) -> bool {
    words.match_indices(label).any(|(at, _)| {
        let before = at == 0 || words.as_bytes().get(at - 1) == Some(&b' ');
        let after = words.as_bytes().get(at + label.len()).is_none_or(|b| *b == b' ');
        before && after
    })
}

/// A header without what tools put around a name: the thing's own word, `property`, the `c` of custom fields.
fn undecorated(words: &str, entity: &str) -> String {
    const AROUND: [&str; 16] = [
        "property",
        "hs",
        "custom",
        "field",
        "lead",
        "contact",
        "person",
        "account",
        "company",
        "opportunity",
        "deal",
        "prospect",
        "crm",
        "activity",
        "campaign",
        "record",
    ];
    let mut parts: Vec<&str> = words.split(' ').collect();
    if parts.len() > 1 && parts.last() == Some(&"c") {
        parts.pop();
    }
    while parts.len() > 1 && (AROUND.contains(&parts[0]) || parts[0] == entity) {
        parts.remove(0);
    }
    parts.join(" ")
}

/// How well the cells fit a term: a factor on the score of the name, and what to say about it.
fn fit(entity: Entity, term: &str, looks: &Looks) -> (f64, &'static str) {
    if looks.filled == 0 {
        return (0.8, ", no value in the sample");
    }
    let sure = |share: f64, yes: &'static str, no: &'static str| if share >= 0.6 { (1.0, yes) } else { (0.3, no) };
    match term {
        "id" if looks.distinct >= 0.98 => (1.0, " and every value is another"),
        "id" => (0.5, ", but values repeat"),
        "subject" => (1.0, ""),
        "person.mail" => sure(looks.mails, " and the cells are mail addresses", ", but few cells are mail addresses"),
        "person.phone" if looks.phones + looks.numbers >= 0.6 => (1.0, " and the cells are numbers"),
        "person.phone" => (0.4, ", but few cells are phone numbers"),
        "person.name" | "person.first" | "person.last" if looks.mails > 0.3 || looks.numbers + looks.dates > 0.5 => {
            (0.2, "")
        }
        "person.name" if looks.names < 0.3 => (0.7, ", but few cells are two words"),
        "person.name" | "person.first" | "person.last" => (1.0, ""),
        "deleted" => sure(looks.flags, " and the cells are yes or no", ", but the cells are not yes or no"),
        "valid_at" if entity == Entity::Plan => (1.0, ""),
        "valid_at" => sure(looks.dates, " and the cells are dates", ", but few cells are dates"),
        _ => fit_field(entity, term, looks),
    }
}

fn fit_field(entity: Entity, term: &str, looks: &Looks) -> (f64, &'static str) {
    let numeric = looks.numbers + looks.amounts + looks.percents;
    let kind = catalogue::field(entity, term).and_then(|f| catalogue::fields(entity).get(f)).map(|f| f.kind);
    match kind {
        Some(Kind::When) if looks.dates >= 0.6 => (1.0, " and the cells are dates"),
        Some(Kind::When) => (0.3, ", but few cells are dates"),
        Some(Kind::Money | Kind::Int | Kind::Real) if numeric >= 0.6 && looks.dates < 0.6 => {
            (1.0, " and the cells are numbers")
        }
        Some(Kind::Money | Kind::Int | Kind::Real) => (0.3, ", but few cells are numbers"),
        Some(Kind::Flag) if looks.flags >= 0.6 => (1.0, " and the cells are yes or no"),
        Some(Kind::Flag) if looks.values.len() <= 8 && looks.dates < 0.6 => (0.7, " and there are few values"),
        Some(Kind::Flag) => (0.3, ", but the cells are not yes or no"),
        Some(Kind::Stage) if looks.is_personal().is_some() || looks.dates > 0.6 => (0.0, ""),
        Some(Kind::Stage) if looks.values.len() <= 40 && looks.length < 40.0 => (1.0, " and there are few values"),
        Some(Kind::Stage) => (0.4, ", but there are many values"),
        Some(Kind::Key) if looks.dates > 0.6 => (0.2, ""),
        Some(Kind::Key) => (1.0, ""),
        Some(Kind::Code | Kind::Text) if looks.is_personal().is_some() => (0.0, ""),
        Some(Kind::Code | Kind::Text) if looks.dates > 0.8 || looks.length > 120.0 => (0.2, ""),
        Some(Kind::Code) if looks.numbers > 0.9 => (0.8, ", but the cells are numbers"),
        Some(Kind::Code) if !looks.has_few_values() => (0.9, ", with many values"),
        _ => (1.0, ""),
    }
}

/// Whether a term holds a time.
pub(super) fn is_when(entity: Entity, term: &str) -> bool {
    let kind = catalogue::field(entity, term).and_then(|f| catalogue::fields(entity).get(f)).map(|f| f.kind);
    term == "valid_at" || kind == Some(Kind::When)
}

/// The kind of the field a term is, if it is one.
pub(super) fn kind(entity: Entity, term: &str) -> Option<Kind> {
    catalogue::field(entity, term).and_then(|f| catalogue::fields(entity).get(f)).map(|f| f.kind)
}
