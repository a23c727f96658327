//! How far do leads get, how fast, and what do the records say about themselves?
//!
//! Counts and stage-to-stage rates over the stages that are recorded, by cohort and by one or two columns. A rate of five
//! events or more has a Jeffreys interval; a young cohort is completed step by step (Aalen-Johansen, or a mixture cure
//! model where exits are not recorded) and marked with the projected share. `docs/methods/funnel.md` has formulas,
//! assumptions and measured figures. It refuses cohorts without dates, a completion that the record does not bound, and
//! any rate per person.
//!
//! Not here: why a rate moved. Invariant: no young cohort stands raw beside an old one, and no table is ordered by rate.

mod cohort_tables;
mod cohorts;
mod judge;
mod measure;
mod records;
mod sections;
mod settings;
mod specs;
mod words;

#[cfg(test)]
mod tests;

use report::{Refusal, Section};
use tallies::{Spec, Tally};

use crate::columns::{PERSONAL, dimension};
use crate::{Answer, Lay, Question};
use sections::Context;

/// The question, in words.
pub const QUESTION: &str =
    "How far do leads get, how fast, and which parts of the record cannot be read as they stand?";

/// What this room counts.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    specs::specs(question, lay)
}

/// What this room says.
pub fn run(question: &Question, lay: &Lay, tallies: &[Tally]) -> Answer {
    let Some(reading) = measure::read(question, lay, tallies) else {
        let mut section = empty("funnel.overall", "How far they get");
        section.refusals.push(refusal("no_rows", words::NO_ROWS));
        section.answer = "Cannot tell how far leads get: there are neither leads nor opportunities.".to_owned();
        return Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() };
    };
    let context = Context { question, reading: &reading };
    let mut overall = context.overall();
    overall.refusals = refusals(question, lay, &reading);
    overall
        .caveats
        .extend(lay.missing_stages().into_iter().filter(|_| lay.leads > 0).map(|s| words::stage_missing(s.word())));
    let headline = overall.answer.clone();
    let mut sections = vec![overall];
    if let Some(mut cohorts) = context.cohorts() {
        if reading.progress.iter().any(|p| p.at_boundary) {
            cohorts.refusals.push(refusal("unbounded_projection", words::AT_BOUNDARY));
        }
        sections.push(cohorts);
    }
    sections.extend(context.waits());
    sections.extend(context.first_actions());
    sections.extend(context.opportunities());
    Answer { headline, sections, ..Answer::default() }
}

fn refusals(question: &Question, lay: &Lay, reading: &measure::Reading) -> Vec<Refusal> {
    let mut out = Vec::new();
    for name in &question.by {
        if PERSONAL.contains(&name.as_str()) {
            out.push(refusal("per_person", words::PERSON));
        } else if dimension(reading.flow.grain, name).is_none() {
            let [asked, had, needed] = words::no_column(name);
            out.push(refusal("no_such_column", [&asked, &had, &needed]));
        }
    }
    if reading.cohorts.is_empty() {
        out.push(refusal("no_dates", words::NO_DATES));
    } else if reading.waits.n < crate::figures::LEAST_EVENTS {
        out.push(refusal("no_win_dates", words::NO_WIN_DATES));
    }
    // where leads say themselves that they were won, the funnel follows that
    if lay.unlinked() && lay.lead_only_wins == 0 {
        let [asked, had, needed] = words::unlinked(lay.opportunities, &question.link_field);
        out.push(refusal("leads_not_linked", [&asked, &had, &needed]));
    }
    // known for those who won and for no other: every rep would win all
    if lay.leads > 0 && reading.known_people.iter().any(|(won, other)| *won > 0 && *other == 0) {
        out.push(refusal("rep_only_when_won", words::PER_REP));
    }
    out
}

fn refusal(code: &str, [asked, had, needed]: [&str; 3]) -> Refusal {
    Refusal { code: code.to_owned(), asked: asked.to_owned(), had: had.to_owned(), needed: needed.to_owned() }
}

/// A section with nothing in it yet.
fn empty(id: &str, title: &str) -> Section {
    crate::answer::empty_section(id, title, words::METHOD)
}
