//! What has the speed of the first attempt to do with what becomes of a lead?
//!
//! Speed is compared at a landmark: first tried within 60 minutes of hand-off, or not; outcomes by then are in neither
//! group. Crude, standardised, doubly robust and overlap-weighted answers stand beside an instrument, the load of
//! arrivals. Where the last two disagree beyond noise the room says that something not recorded confounds. It refuses
//! without activities, without a time of day, with too few, and any effect of a further call. `docs/methods/followup.md`
//! has formulas, assumptions and measured figures.
//!
//! Not here: coverage, speed and persistence as factors of a gap (the verdict has them); rates per person. Invariant: nothing that happened after the hand-off is held alike.

mod compare;
mod judge;
mod measure;
mod sections;
mod settings;
mod specs;
mod words;

#[cfg(test)]
mod tests;

use report::{Refusal, Section};
use tallies::{Spec, Tally};

use crate::{Answer, Lay, Question};

/// The question, in words.
pub const QUESTION: &str = "What has the speed of the first attempt to do with what becomes of a lead?";

/// What this room counts.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    specs::specs(question, lay)
}

/// What this room says.
pub fn run(question: &Question, lay: &Lay, tallies: &[Tally]) -> Answer {
    let Some(reading) = measure::read(question, lay, tallies) else {
        let mut section = empty("followup.effect", "Speed and outcome");
        section.answer = "Cannot tell how leads were followed up: no activities are recorded.".to_owned();
        section.refusals.push(refusal("no_activities", words::NO_ACTIVITIES));
        return Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() };
    };
    let section = sections::effect(&reading);
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}

fn refusal(code: &str, [asked, had, needed]: [&str; 3]) -> Refusal {
    Refusal { code: code.to_owned(), asked: asked.to_owned(), had: had.to_owned(), needed: needed.to_owned() }
}

/// A section with nothing in it yet.
fn empty(id: &str, title: &str) -> Section {
    crate::answer::empty_section(id, title, words::METHOD)
}
