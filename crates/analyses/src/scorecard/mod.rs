//! What did each side promise the other, and what came of it?
//!
//! Each version that was in force in the period is judged on what fell in its time, clause by clause, with the same words
//! and the same layout for both teams: promised, delivered, of how many, how sure, and whether it was kept. Clocks run in
//! the working hours of the office that the agreement names; what is not yet due is not judged, and what no export holds is
//! said to be unknown. `docs/methods/scorecard.md` has the rules.
//!
//! Not here: reading the document (`agreement`), the book of signatures, rates per person. Invariant: a share is called
//! kept or not only where its whole 90% interval lies on one side of what was promised.

mod clauses;
mod courses;
mod judge;
mod list;
mod measure;
mod offices;
mod plan;
mod sections;
mod waits;
mod words;

#[cfg(test)]
mod tests;

pub use clauses::is_kept;
pub use list::{OneClock, Ran, clocks};

use report::{Refusal, Section};
use tallies::{Spec, Tally};

use crate::{Answer, Lay, Question};

/// The question, in words.
pub const QUESTION: &str = "What did each side promise the other, and what came of it?";

/// What this room counts.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    plan::plans(question, lay).iter().flat_map(plan::Plan::specs).collect()
}

/// What this room says.
pub fn run(question: &Question, lay: &Lay, tallies: &[Tally]) -> Answer {
    let plans = plan::plans(question, lay);
    if plans.is_empty() {
        return refused(question);
    }
    let mut rest = tallies;
    let mut sections = Vec::new();
    for plan in &plans {
        let (own, others) = rest.split_at(plan.specs().len().min(rest.len()));
        rest = others;
        sections.push(sections::section(question, plan, own));
    }
    // the version that held last speaks for the report
    let headline = sections.last().map(|s| s.answer.clone()).unwrap_or_default();
    Answer { headline, sections, ..Answer::default() }
}

fn refused(question: &Question) -> Answer {
    let mut section = empty("scorecard.none", "What each side owes the other");
    let period = question.period.to_string();
    section.answer = words::no_agreement(&period);
    let [asked, had, needed] = words::NO_AGREEMENT.map(str::to_owned);
    let had = had.replace("PERIOD", &period);
    section.refusals.push(Refusal { code: "no_agreement".to_owned(), asked, had, needed });
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}

/// A section with nothing in it yet.
fn empty(id: &str, title: &str) -> Section {
    crate::answer::empty_section(id, title, words::METHOD)
}
