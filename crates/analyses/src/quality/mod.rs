//! Did the leads change, or the reps, or neither: lead quality apart from skill, follow-up and time.
//!
//! Cells of source, rep, month and follow-up within the hour are fitted with crossed effects. Said are: the rate of each
//! source at the same reps, months and follow-up; skill as one spread with its test; and the change between two periods
//! in six parts, of which what moved for all alike stays whole ("leads, reps or market"), with the line and the reversal
//! point that say what would have to be true. `docs/methods/quality.md` has the formulas, the assumptions and the
//! measured figures. It refuses where sources and reps fall into groups that share nothing, where reps are known for wins
//! alone, and where too few rows are old enough.
//!
//! Not here: the effect of follow-up (it is held fixed), and any figure per person. Invariant: names decide nothing.

mod blend;
mod change;
mod changes;
mod fixed;
mod judge;
mod levels;
mod lot;
mod lots;
mod meet;
mod plan;
mod posterior;
mod read;
mod sections;
mod settings;
mod spread;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use report::{Refusal, Section};
use tallies::{Spec, Tally};

use crate::columns::PERSONAL;
use crate::{Answer, Lay, Question};
use plan::{NoPlan, NoRep, Plan};
use read::{NoChange, NoReading, Reading};
use sections::{Context, empty, refusal};

/// The question, in words.
pub const QUESTION: &str = "Did the leads change, or the reps, or neither, and what of it cannot be told apart?";

/// What this room counts.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    plan::specs(question, lay)
}

/// What this room says.
pub fn run(question: &Question, lay: &Lay, tallies: &[Tally]) -> Answer {
    let plan = match plan::plan(question, lay) {
        Ok(plan) => plan,
        Err(NoPlan::Dates) => return refused(refusal("no_dates", &words::REFUSE_DATES)),
        Err(NoPlan::Source) => return refused(refusal("no_source", &words::REFUSE_SOURCE)),
        Err(NoPlan::Outcome) => return refused(refusal("no_outcome", &words::REFUSE_OUTCOME)),
    };
    let by = plan.source.name.replace('_', " ");
    let reading = match read::read(question, &plan, tallies) {
        Ok(reading) => reading,
        Err(why) => return refused(unread(&why, &plan, &by)),
    };
    let context = Context::new(question, &reading);
    let levels = match levels::levels(&reading) {
        Ok(levels) => levels,
        Err(error) => return refused(refusal("not_computable", &words::not_computable(&error.to_string()))),
    };
    let mut first = context.sources(&levels);
    first.refusals.extend(of_reps(question, &reading.plan, &levels));
    let reps = context.reps(&levels);
    let change = changed(question, &reading, &context);
    let mut headline = vec![first.answer.clone()];
    headline.extend(reps.iter().map(|s| s.answer.clone()));
    let figure = change.charts.iter().find_map(|chart| match chart {
        report::Chart::Waterfall(w) => Some(w.gap.clone()),
        _ => None,
    });
    if !change.answer.is_empty() && figure.is_some() {
        headline = vec![change.answer.clone()];
    }
    let mut sections = vec![first];
    sections.extend(reps);
    sections.push(change);
    Answer { headline: headline.join(" "), how_sure: vec![], figure, sections }
}

fn changed(question: &Question, reading: &Reading, context: &Context) -> Section {
    let (period, base) = (question.period.to_string(), question.base().to_string());
    let refuse = |code: &str, words: [String; 3]| {
        let mut section = empty("quality.change", "What moved the rate");
        section.answer = format!("Cannot tell {}: {}.", words[0], words[1]);
        section.refusals.push(refusal(code, &words));
        section
    };
    match reading.change {
        Err(NoChange::TooYoung) => {
            let days = reading.outcome.days.unwrap_or(0) as i32;
            let middle = (question.period.first.0 + question.period.last.0 + 1) / 2;
            let from = terms::Day(middle + days).to_string();
            refuse("too_young", words::refuse_young((100.0 * reading.told) as u64, &period, &from))
        }
        Err(NoChange::TooFew(counts)) => {
            let counts = counts.map(|(n, y)| (n as u64, y as u64));
            refuse("too_few_in_period", words::refuse_few_in_period(counts, &period, &base))
        }
        Ok(()) => match change::change(reading, question.seed, question.draws) {
            Ok(change) => context.change(&change),
            Err(why) => refuse("not_computable", words::not_computable(&why)),
        },
    }
}

/// What was asked of persons, and what is not known of reps.
fn of_reps(question: &Question, plan: &Plan, levels: &levels::Levels) -> Vec<Refusal> {
    let mut out = Vec::new();
    if question.by.iter().any(|name| PERSONAL.contains(&name.as_str())) {
        out.push(refusal("per_person", &words::REFUSE_PERSON));
    }
    match plan.rep {
        Err(NoRep::OnlyWhenWon) => out.push(refusal("rep_only_when_won", &words::REFUSE_ONLY_WON)),
        Err(NoRep::Held) => out.push(refusal("rep_is_outcome", &words::REFUSE_HELD)),
        Err(NoRep::NotRecorded) => out.push(refusal("no_rep", &words::REFUSE_NO_REP)),
        Ok(_) if levels.reps.is_none() => out.push(refusal("too_few_reps", &words::REFUSE_FEW_REPS)),
        Ok(_) => {}
    }
    out
}

fn unread(why: &NoReading, plan: &Plan, by: &str) -> Refusal {
    let outcome = plan.outcomes.first().map(|o| words::outcome(o.stage, o.days)).unwrap_or_default();
    match why {
        NoReading::Disconnected(groups, share) => {
            refusal("disconnected", &words::refuse_disconnected(*groups, by, (100.0 * share) as u64))
        }
        NoReading::TooFew(y, n) => refusal("too_few", &words::refuse_few(*y as u64, *n as u64, &outcome)),
        NoReading::OneSource => refusal("no_source", &words::REFUSE_SOURCE),
        NoReading::Nothing => refusal("no_dates", &words::REFUSE_DATES),
    }
}

fn refused(refusal: Refusal) -> Answer {
    let mut section = empty("quality.sources", "Where they came from");
    section.answer = format!("Cannot tell {}: {}.", refusal.asked, refusal.had);
    section.refusals.push(refusal);
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}
