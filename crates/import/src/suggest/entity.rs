//! What one row of a table is: a lead, an opportunity, a day of spend.
//!
//! Each kind of thing is tried; what counts is how many of its own terms the columns fill, the words in header and
//! file name, and how much of the table is left over.

use terms::Entity;

use super::EntityGuess;
use super::dictionary::{self, CANDIDATES};
use super::fold;
use super::looks::Looks;
use super::place;

/// A word in the file's name says more than one in the header, since people name files by what is in them.
const FILE_WORD: f64 = 1.5;
const HEADER_WORD: f64 = 0.6;
/// What placing every column is worth.
const COVERAGE: f64 = 2.0;

/// The most likely kind of thing and the runner-up.
pub(super) fn guess(header: &[String], looks: &[Looks], file_name: &str) -> EntityGuess {
    let mut scored: Vec<(f64, Entity)> =
        CANDIDATES.iter().map(|entity| (evidence(*entity, header, looks, file_name), *entity)).collect();
    // equal evidence keeps the order of the candidates
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, entity) = scored.first().copied().unwrap_or((0.0, Entity::Lead));
    let second = scored.get(1).copied().filter(|(score, _)| *score > 0.0);
    let second_score = second.map_or(0.0, |(score, _)| score);
    // three terms of its own are about what a bare table has
    let enough = (best / 3.0).min(1.0);
    let total = (best + second_score).max(f64::MIN_POSITIVE);
    let round = |x: f64| (x * 100.0).round() / 100.0;
    let lead_of_best = ((best - second_score) / best.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    let confidence = round((0.5 + lead_of_best).min(0.99) * enough);
    EntityGuess {
        entity,
        confidence,
        runner_up: second.map(|(score, entity)| (entity, round((score / total).min(1.0 - confidence).max(0.0)))),
    }
}

fn evidence(entity: Entity, header: &[String], looks: &[Looks], file_name: &str) -> f64 {
    let placement = place::place(entity, header, looks);
    if placement.placed.is_empty() {
        return 0.0;
    }
    let terms: f64 = placement.placed.iter().map(|p| weight(&p.placed.term) * p.placed.confidence).sum();
    let coverage = COVERAGE * placement.placed.len() as f64 / header.len().max(1) as f64;
    let own: Vec<&str> = dictionary::words_for(entity).split('|').collect();
    let says = |text: &str| {
        let padded = format!(" {} ", fold::words(text));
        own.iter().any(|word| padded.contains(&format!(" {word} ")))
    };
    let stem = file_name.rsplit(['/', '\\', '!']).next().unwrap_or("").split('.').next().unwrap_or("");
    let in_file = if says(stem) { FILE_WORD } else { 0.0 };
    let in_header = HEADER_WORD * header.iter().filter(|label| says(label)).count().min(4) as f64;
    terms + coverage + in_file + in_header - missing(entity, &placement.placed)
}

/// A term that many kinds of things share says little about which it is.
fn weight(term: &str) -> f64 {
    let shared = CANDIDATES.iter().filter(|e| dictionary::terms(**e).iter().any(|(t, _)| *t == term)).count();
    1.0 / (shared.max(1) as f64).sqrt()
}

/// What a kind of thing cannot be without.
fn missing(entity: Entity, placed: &[place::Spot]) -> f64 {
    let needs: &[&[&str]] = match entity {
        Entity::SpendDay => &[&["cost"]],
        Entity::StageChange => &[&["stage"], &["subject"], &["valid_at"]],
        Entity::Activity => {
            &[&["valid_at", "scheduled_at", "logged_at"], &["kind", "outcome", "direction", "duration_seconds"]]
        }
        Entity::Touch => &[&["subject"], &["valid_at"]],
        Entity::Opportunity => &[&["amount", "closed_at", "is_won", "stage"]],
        Entity::Account | Entity::Campaign | Entity::Product => &[&["name"]],
        Entity::Person | Entity::Rep => &[&["person.mail", "person.name", "person.last", "person.phone"]],
        Entity::Rate => &[&["rate"], &["from"], &["to"]],
        Entity::Plan => &[&["metric"], &["amount", "count"]],
        _ => &[],
    };
    let lacks = needs.iter().filter(|any| !placed.iter().any(|p| any.contains(&p.placed.term.as_str()))).count();
    2.5 * lacks as f64
}
