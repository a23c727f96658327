//! The list of rooms in reading order, and the one shared scan that answers them.
//!
//! Invariant: at most two calls to the facts, however many rooms are asked.

use report::{Figure, Section};
use tallies::{Facts, Spec, Tally};

use crate::{Error, Lay, Question, figures, followup, funnel, lay, quality, scorecard, verdict};

/// One question of the house.
#[derive(Clone, Copy)]
pub struct Room {
    /// Its name, as asked for.
    pub name: &'static str,
    /// What it asks, in words.
    pub question: &'static str,
    /// What it counts.
    pub specs: fn(&Question, &Lay) -> Vec<Spec>,
    /// What it says.
    pub run: fn(&Question, &Lay, &[Tally]) -> Answer,
}

/// All rooms, in reading order.
pub const ROOMS: [Room; 5] = [
    Room { name: "verdict", question: verdict::QUESTION, specs: verdict::specs, run: verdict::run },
    Room { name: "scorecard", question: scorecard::QUESTION, specs: scorecard::specs, run: scorecard::run },
    Room { name: "quality", question: quality::QUESTION, specs: quality::specs, run: quality::run },
    Room { name: "followup", question: followup::QUESTION, specs: followup::specs, run: followup::run },
    Room { name: "funnel", question: funnel::QUESTION, specs: funnel::specs, run: funnel::run },
];

/// What the rooms say together: the parts of a report that come from analysis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// One or two sentences.
    pub headline: String,
    /// How sure that is.
    pub how_sure: Vec<String>,
    /// The headline number.
    pub figure: Option<Figure>,
    /// In reading order.
    pub sections: Vec<Section>,
}

/// Answers a question with the rooms named, all where none is. The first room in reading order gives the headline.
///
/// # Errors
/// `analyses.room` for a name that is no room, `analyses.facts` where the facts could not be read.
pub fn answer<F: Facts>(question: &Question, rooms: &[&str], facts: &F) -> Result<Answer, Error> {
    if let Some(unknown) = rooms.iter().find(|name| ROOMS.iter().all(|r| r.name != **name)) {
        return Err(Error::room(unknown));
    }
    // without an agreement there is nothing to keep: only who asks by name is told so
    let stands = |room: &Room| room.name != "scorecard" || !question.agreements.is_empty();
    let asked: Vec<&Room> =
        ROOMS.iter().filter(|r| if rooms.is_empty() { stands(r) } else { rooms.contains(&r.name) }).collect();
    let lay = Lay::read(&facts.answer(&lay::specs(question.fiscal)).map_err(Error::facts)?);
    let specs: Vec<Vec<Spec>> = asked.iter().map(|room| (room.specs)(question, &lay)).collect();
    let tallies = facts.answer(&specs.concat()).map_err(Error::facts)?;
    let mut out = Answer::default();
    let mut from = 0;
    for (room, specs) in asked.iter().zip(&specs) {
        let own = tallies.get(from..from + specs.len()).unwrap_or_default();
        from += specs.len();
        let said = (room.run)(question, &lay, own);
        if out.headline.is_empty() {
            (out.headline, out.how_sure, out.figure) = (said.headline, said.how_sure, said.figure);
        }
        out.sections.extend(said.sections);
    }
    // where the room that tells them refused, the notes stand with the first section there is
    for note in question.batch_notes.iter().map(|n| figures::plain(n)) {
        if out.sections.iter().all(|s| !s.caveats.contains(&note))
            && let Some(first) = out.sections.first_mut()
        {
            first.caveats.push(note);
        }
    }
    Ok(out)
}

/// A section with nothing in it yet.
pub fn empty_section(id: &str, title: &str, method: &str) -> Section {
    Section {
        id: id.to_owned(),
        title: title.to_owned(),
        answer: String::new(),
        findings: vec![],
        charts: vec![],
        tables: vec![],
        caveats: vec![],
        refusals: vec![],
        not_known: vec![],
        method: method.to_owned(),
    }
}
