//! When each lead entered the stages that signed texts define by rules, from the ledger.
//!
//! Here: what is known of a lead over time and what it did, laid beside the rules ([`agreement::stages`] walks along it). Not
//! here: what such a stage does to a journey (the fold). Invariant: only what was recorded by a moment decides about it; what a
//! record says first it is taken to have said from the beginning, because nobody knows better.

use std::collections::HashSet;

use agreement::document::condition::Ask;
use agreement::document::scoring::{Of, Scoring};
use agreement::score::{Matches, add_up, fits, looks_back};
use agreement::stages::{Enters, Ruled, SCORE, asks_for_more, entered as enters};
use entries::catalogue::link;
use facts::{Entered, Mapped};
use ledger::Filter;
use rayon::prelude::*;
use terms::{Entity, Instant};

use super::all::Leads;
use super::records::{Only, Records, Said, groups};
use super::touches::{Fit, Touched, touched};
use crate::failure::Failure;
use crate::known::Known;

/// A term of a rule: the column, and for each of its texts whether it fits; the first is what is not known.
struct Term {
    column: usize,
    fits: Vec<bool>,
}

/// The rules of one stretch, by the terms that they ask.
struct Rules<'r> {
    ruled: &'r Ruled,
    /// Scoring rules of what is known: place, terms.
    of_lead: Vec<(usize, Vec<usize>)>,
    /// Rules of stages: terms, and what is asked of the score.
    of_stages: Vec<(Vec<usize>, Vec<&'r Ask>)>,
    /// Scoring rules of touches, by what they ask.
    of_touch: Vec<Vec<usize>>,
}

/// The leads of a head that entered stages by rules, by the facts in which those stages are as recorded. With the facts by the
/// same rules of an earlier head only leads are judged anew that hang together with something new.
pub fn entered(known: &Known, ruled: &[Ruled], before: Option<&Mapped>) -> Result<Vec<Entered>, Failure> {
    let Some((before, only)) = before.map(|before| Ok::<_, Failure>((before, news(known, before)?))).transpose()?
    else {
        return judged(known, ruled, &Only::default());
    };
    let Some(only) = only else { return judged(known, ruled, &Only::default()) };
    let mut out = facts::entered_of(before)?;
    if !only.about.is_empty() {
        out.retain(|e| only.about.binary_search(&e.lead).is_err());
        out.extend(judged(known, ruled, &only)?);
        out.sort_unstable();
    }
    Ok(out)
}

/// One in so many leads, and more than so many: then all are judged anew.
const SHARE: usize = 10;
const SMALL: usize = 10_000;

/// What hangs together with what is new since earlier facts; `None` where that is much, or anything that all are judged by changed.
fn news(known: &Known, before: &Mapped) -> Result<Option<Only>, Failure> {
    let seq = before.index().made.seq;
    let old = known.head.at(&ledger::HeadSpec::Seq(seq))?;
    let is_new = |entity| known.head.count(entity) != old.count(entity);
    if old.hash() != before.index().made.head
        || old.withdrawn().len() != known.head.withdrawn().len()
        || is_new(Entity::Campaign)
    {
        return Ok(None);
    }
    let most = SMALL.max(usize::try_from(known.head.count(Entity::Lead)).unwrap_or(usize::MAX) / SHARE);
    let mut subjects: HashSet<u64> = HashSet::new();
    for entity in [
        Entity::Lead,
        Entity::Person,
        Entity::Opportunity,
        Entity::StageChange,
        Entity::FieldChange,
        Entity::Touch,
        Entity::Link,
    ] {
        let ends = if entity == Entity::Link { vec![link::FROM, link::TO] } else { vec![] };
        let filter = Filter { after_seq: seq, fields: Some(ends.clone()), ..Filter::default() };
        for item in known.head.entries(entity, filter)? {
            let (_, entry) = item?;
            subjects.extend([entry.id.hash, entry.subject.hash]);
            subjects.extend(ends.iter().filter_map(|end| entry.get(*end).key()).map(|key| key.hash));
            if subjects.len() > 2 * most {
                return Ok(None);
            }
        }
    }
    // who was together with any of them, and who is
    let were: HashSet<u64> = subjects.iter().filter_map(|s| before.journey_of(*s)).collect();
    subjects.extend(were.iter().flat_map(|journey| before.subjects_of(*journey)));
    let journeys: HashSet<u64> = subjects.iter().filter_map(|s| known.facts.journey_of(*s)).collect();
    subjects.extend(journeys.iter().flat_map(|journey| known.facts.subjects_of(*journey)));
    if subjects.len() > 2 * most {
        return Ok(None);
    }
    let mut about: Vec<u64> = subjects.into_iter().collect();
    about.sort_unstable();
    Ok(Some(Only { about, journeys }))
}

fn judged(known: &Known, ruled: &[Ruled], only: &Only) -> Result<Vec<Entered>, Failure> {
    let (groups, places) = groups(known, only)?;
    let (records, touches) =
        rayon::join(|| Records::read(known, asked(ruled), &places, only), || did(known, ruled, &places, only));
    let (records, touches) = (records?, touches?);
    let (terms, rules) = rules(&records, &touches, ruled);
    let of_places = |n: usize| {
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        let fits = touches.fits.partition_point(|f| f.place < n)..touches.fits.partition_point(|f| f.place <= n);
        (records.of(n), &touches.fits[fits])
    };
    let out: Vec<Vec<Entered>> = groups
        .par_iter()
        .enumerate()
        .map(|(n, group)| {
            let (said, fits) = of_places(n);
            let judge = Judge { records: &records, terms: &terms, rules: &rules, said, fits };
            group.leads.iter().flat_map(|lead| judge.lead(*lead, ruled)).collect()
        })
        .collect();
    let mut out: Vec<Entered> = out.into_iter().flatten().collect();
    out.sort_unstable();
    Ok(out)
}

/// The terms that rules ask, each with what fits it, and the rules by them.
fn rules<'r>(records: &Records, touches: &Touched, ruled: &'r [Ruled]) -> (Vec<Term>, Vec<Rules<'r>>) {
    let mut terms: Vec<Term> = Vec::new();
    let mut term = |column: &str, ask: &Ask| {
        let column = records.columns.iter().position(|c| c == column)?;
        let texts = records.texts.get(column)?.iter().map(|text| fits(ask, Some(text)));
        terms.push(Term { column, fits: std::iter::once(fits(ask, None)).chain(texts).collect() });
        Some(terms.len() - 1)
    };
    let mut out = Vec::new();
    for (text, one) in ruled.iter().enumerate() {
        let scored = one.scoring.rules.iter().enumerate().filter(|(_, r)| r.of == Of::Lead && looks_back(r));
        let of_lead =
            scored.map(|(n, r)| (n, r.when.terms.iter().filter_map(|t| term(&t.column, &t.ask)).collect())).collect();
        let of_stages = one
            .rules
            .iter()
            .map(|rule| {
                let (score, other): (Vec<_>, Vec<_>) = rule.terms.iter().partition(|t| t.column == SCORE);
                let other = other.into_iter().filter_map(|t| term(&t.column, &t.ask)).collect();
                (other, score.into_iter().map(|t| &t.ask).collect())
            })
            .collect();
        out.push(Rules { ruled: one, of_lead, of_stages, of_touch: touches.of_text(text) });
    }
    (terms, out)
}

/// The columns that rules ask records for.
fn asked(ruled: &[Ruled]) -> Vec<String> {
    let scored = ruled.iter().flat_map(|r| &r.scoring.rules).filter(|r| r.of == Of::Lead && looks_back(r));
    let of_stages = ruled.iter().flat_map(|r| &r.rules).flat_map(|rule| &rule.terms).filter(|t| t.column != SCORE);
    scored.flat_map(|rule| &rule.when.terms).chain(of_stages).map(|term| term.column.clone()).collect()
}

/// Touches that fit scoring rules of all stretches.
fn did(known: &Known, ruled: &[Ruled], places: &Leads, only: &Only) -> Result<Touched, Failure> {
    if !ruled.iter().any(Ruled::asks_score) {
        return Ok(Touched::default());
    }
    let texts: Vec<&Scoring> = ruled.iter().map(|one| &one.scoring).collect();
    touched(known, &texts, places, &only.about, &|_| {})
}

/// What is known of the leads of one place.
struct Judge<'a> {
    records: &'a Records,
    terms: &'a [Term],
    rules: &'a [Rules<'a>],
    said: &'a [Said],
    fits: &'a [Fit],
}

impl Judge<'_> {
    /// The stages that a lead entered by rules.
    fn lead(&self, (key, created): (u64, Option<i64>), ruled: &[Ruled]) -> Vec<Entered> {
        let recorded = || self.said.iter().filter(|s| s.subject == key && s.from.0 > i64::MIN).map(|s| s.from).min();
        let Some(since) = created.map(|minute| Instant(minute * terms::MINUTE_MS)).or_else(recorded) else {
            return Vec::new(); // nobody knows when it came
        };
        let mut happened = vec![(since, key)];
        happened.extend(self.said.iter().filter(|s| s.from > since).map(|s| (s.from, s.subject)));
        happened.extend(self.fits.iter().filter(|f| f.at > since).map(|f| (f.at, f.id)));
        happened.sort_unstable();
        happened.dedup_by_key(|(at, _)| *at);
        let moments: Vec<Instant> = happened.iter().map(|(at, _)| *at).collect();
        let mut states: Vec<Option<State>> = self.rules.iter().map(|_| None).collect();
        let entered = enters(ruled, &moments, |stretch, rule, at| {
            let (Some(rules), Some(state)) = (self.rules.get(stretch), states.get_mut(stretch)) else { return false };
            at >= since && self.holds(rules, state, rule, (key, since), at)
        });
        let told = |e: Enters| {
            let (at, by) = *happened.get(e.moment)?;
            Some(Entered { lead: key, at, stage: e.stage, version: e.version, by })
        };
        entered.into_iter().filter_map(told).collect()
    }

    fn holds(
        &self,
        rules: &Rules<'_>,
        state: &mut Option<State>,
        rule: usize,
        (key, since): (u64, Instant),
        at: Instant,
    ) -> bool {
        let Some((terms, score)) = rules.of_stages.get(rule) else { return false };
        let standing = self.said.iter().filter(|s| s.from <= at).count();
        if state.as_ref().is_none_or(|state| state.standing != standing) {
            *state = Some(self.state(rules, state.take(), (key, at), standing));
        }
        let Some(state) = state else { return false };
        if !terms.iter().all(|term| self.fits(*term, &state.values)) {
            return false;
        }
        if score.is_empty() {
            return true;
        }
        let scored = add_up(&rules.ruled.scoring, since, &state.matches, at);
        let total = scored.total.to_string();
        score.iter().all(|ask| fits(ask, Some(&total)) && (scored.missing.is_empty() || !asks_for_more(ask)))
    }

    fn fits(&self, term: usize, values: &[u32]) -> bool {
        let Some(term) = self.terms.get(term) else { return false };
        let value = values.get(term.column).copied().unwrap_or(0);
        term.fits.get(value as usize).copied().unwrap_or(false)
    }

    /// What is known at an instant, and which scoring rules it fits; touches are the same at all times.
    fn state(&self, rules: &Rules<'_>, before: Option<State>, (key, at): (u64, Instant), standing: usize) -> State {
        let mut matches = before.map_or_else(
            || {
                let mut matches = Matches::none(rules.ruled.scoring.rules.len());
                for (n, fit) in self.fits.iter().enumerate() {
                    for rule in rules.of_touch.get(usize::from(fit.asked)).into_iter().flatten() {
                        matches.touches[*rule].push((fit.at, n));
                    }
                }
                matches
            },
            |state| state.matches,
        );
        let values = self.records.standing(self.said, key, at);
        for (rule, terms) in &rules.of_lead {
            let all = terms.iter().all(|term| self.fits(*term, &values));
            matches.lead.get_mut(*rule).into_iter().for_each(|fits| *fits = all);
        }
        State { standing, values, matches }
    }
}

/// What is known of a lead while nothing more is recorded.
struct State {
    /// How many versions stand.
    standing: usize,
    values: Vec<u32>,
    matches: Matches,
}
