//! Why did won revenue move from one period to another?
//!
//! Won revenue of each period is cut into cells (segment × how many periods earlier its lead began), in each of which it
//! is exactly a product of factors; the change is split by the Shapley value, free of order and exact to the cent, with
//! intervals from draws of both sides. `docs/methods/verdict.md` has the formulas, the assumptions and the measured
//! figures. It refuses where there are no dates, and below five wins on a side; without amounts it splits the number of
//! wins, without list prices price and discount are one factor.
//!
//! Not here: whether lead quality, follow-up or skill moved a rate (they are inside it), and any figure per person.
//! Invariant: parts, the row `not explained` included, add up to the counted difference.

mod cells;
mod chance;
mod follow;
mod groups;
mod judge;
mod late;
mod levels;
mod numbers;
mod open;
mod plan;
mod planned;
mod ranking;
mod read;
mod replay;
mod sections;
mod segments;
mod settings;
mod specs;
mod split;
mod tables;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_followed;

use report::{Section, Unit};
use tallies::{Spec, Tally};

use crate::columns::PERSONAL;
use crate::figures::{About, cell, row, text};
use crate::{Answer, Lay, Question};
use cells::Money;
use planned::planned;
use sections::{Context, empty, refusal};
use settings::LEAST_WINS;

/// The question, in words.
pub const QUESTION: &str = "Why did won revenue move, how sure is that, and what cannot be told?";

/// What this room counts.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    specs::specs(question, &lay.followed())
}

/// What this room says.
pub fn run(question: &Question, lay: &Lay, tallies: &[Tally]) -> Answer {
    let refuse = |[asked, had, needed]: [&str; 3], code: &str| {
        let mut section = empty("verdict.waterfall", "Why it moved", words::METHOD);
        section.refusals.push(refusal(code, [asked, had, needed]));
        section.answer = format!("Cannot tell {asked}. What there is: {had}.");
        Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
    };
    let (unlinked, lay) = (lay.unlinked(), &lay.followed());
    if lay.dated_leads == 0 && lay.dated_opportunities == 0 {
        return refuse(words::REFUSE_NO_DATES, "no_dates");
    }
    let Some(reading) = read::read(question, lay, tallies) else {
        return refuse(words::REFUSE_NO_DATES, "no_dates");
    };
    let mut notes = empty("", "", "");
    asked_for(question, lay, &mut notes);
    if unlinked {
        let [asked, had, needed] = words::refuse_unlinked(lay.opportunities, &question.link_field);
        notes.refusals.push(refusal("leads_not_linked", [&asked, &had, &needed]));
    }
    let wins = [0, 1].map(|side: usize| reading.totals[side].wins.max(0) as u64);
    if wins.iter().any(|w| *w < LEAST_WINS) {
        return too_few(question, &reading, wins, notes);
    }
    let split = split::split(question, &reading);
    if let Some(why) = &split.broken {
        return refuse([words::ASKED_SPLIT, why, "numbers that can be multiplied"], "not_computable");
    }
    let context = Context::new(question, &reading, &split);
    let mut main = context.main();
    main.refusals.extend(notes.refusals);
    main.caveats.extend(notes.caveats);
    match split.money {
        Money::Wins => main.refusals.push(refusal("no_amount", words::REFUSE_NO_AMOUNT)),
        Money::Amount => main.refusals.push(refusal("no_list_price", words::REFUSE_NO_LIST)),
        Money::ListAndDiscount => {}
    }
    if let Some(leads) = reading.streams.first().filter(|s| s.plan.grain == tallies::Grain::LeadCycle) {
        if leads.worth.is_empty() {
            main.refusals.push(refusal("no_follow_up", words::REFUSE_FOLLOW_UP));
        } else {
            main.caveats.push(words::AT_USUAL.to_owned());
            if leads.plan.follow.as_ref().is_some_and(|f| !f.speed) {
                main.refusals.push(refusal("speed_not_apart", words::REFUSE_SPEED));
            }
        }
    }
    caveats(question, lay, &reading, &mut main);
    if planned(question).is_some() && context.planned.is_none() {
        main.caveats.push(words::NO_PLAN_LINE.to_owned());
    }
    let mut all = vec![main, context.owners(), context.replays()];
    all.extend(context.segments());
    let open = open::open(&reading.fates, question.as_of_minutes, question.fiscal);
    all.extend(context.open(&open));
    context.said(all)
}

/// What was asked for and cannot be.
fn asked_for(question: &Question, lay: &Lay, out: &mut Section) {
    for name in &question.by {
        let grain = if lay.leads > 0 { tallies::Grain::LeadCycle } else { tallies::Grain::Opportunity };
        if PERSONAL.contains(&name.as_str()) {
            out.refusals.push(refusal("per_person", words::REFUSE_PERSON));
        } else if crate::columns::dimension(grain, name).is_none() {
            let [asked, had, needed] = words::refuse_column(name);
            out.refusals.push(refusal("no_such_column", [&asked, &had, &needed]));
        }
    }
}

fn caveats(question: &Question, lay: &Lay, reading: &numbers::Reading, out: &mut Section) {
    if (i64::from(question.period.last.0) + 1) * crate::columns::DAY - 1 > question.as_of_minutes {
        out.caveats.push(words::PERIOD_NOT_OVER.to_owned());
    }
    if reading.streams.iter().any(|s| !s.plan.closes && !s.segments.is_empty()) {
        out.caveats.push(words::NO_LOSSES.to_owned());
    }
    if reading.totals.iter().any(|t| t.not_converted > 0) {
        out.caveats.push(words::NOT_CONVERTED.to_owned());
    }
    let month = |m: i32| question.fiscal.period(terms::PeriodUnit::Month, m).first;
    let oldest = reading.sides.iter().filter_map(|s| s.lags.last()).map(|l| l.0).min();
    if let Some(m) = reading.missing_wins.as_ref().filter(|m| oldest.is_some_and(|o| o < month(m.from_month))) {
        out.caveats.push(words::missing_wins(&m.first_win.to_string()));
    }
    let (began, months) =
        if lay.dated_leads > 0 { ("leads", lay.lead_months) } else { ("opportunities", lay.opportunity_months) };
    let last_asked = question.period.last.0.min((question.as_of_minutes / crate::columns::DAY) as i32);
    if let Some((_, newest)) = months
        && month(newest + 1).0 <= last_asked
    {
        out.caveats.push(words::records_end(began, &month(newest + 1).plus(-1).to_string()));
    }
    if reading.sides[1].lags.len() <= settings::OWN_LAGS {
        out.caveats.push(words::NO_OLDER.to_owned());
    }
    if lay.dated_leads > 0 {
        out.caveats.extend(lay.missing_stages().into_iter().map(|s| words::collapsed(s.word())));
    }
    out.caveats.extend(question.batch_notes.iter().map(|n| crate::figures::plain(n)));
}

/// Counts shown, split refused.
fn too_few(question: &Question, reading: &numbers::Reading, wins: [u64; 2], notes: Section) -> Answer {
    let mut section = empty("verdict.waterfall", "Why it moved", words::METHOD);
    section.refusals = notes.refusals;
    let base_empty = wins[0] == 0;
    let had = format!("{} wins in {} and {} in {}", wins[0], question.base(), wins[1], question.period);
    let code = if base_empty { "no_base_period" } else { "too_few_wins" };
    section.refusals.push(refusal(code, [words::ASKED_SPLIT, &had, words::NEED_WINS]));
    section.answer = format!("Cannot tell {}: there are {had}.", words::ASKED_SPLIT);
    let mut rows = Vec::new();
    for (side, (id, period)) in
        [("before", question.base().to_string()), ("after", question.period.to_string())].into_iter().enumerate()
    {
        let about = About::new(period.clone(), "counted by close day");
        let evidence = levels::wins_of(reading, side);
        let count = about.count(&format!("verdict.wins.{id}"), "Wins", wins[side], evidence.clone());
        let mut cells = vec![text(period), cell(count)];
        let total = &reading.totals[side];
        let money = Unit::Money(question.currency);
        let name = ["verdict.from", "verdict.to"][side];
        cells.push(cell(about.counted(name, "Won amount", money, total.amount, total.priced.max(0) as u64, evidence)));
        rows.push(row(cells));
    }
    section.tables.push(report::Table {
        id: "verdict.counted".to_owned(),
        title: "Wins by close day".to_owned(),
        columns: ["period", "wins", "amount"].map(str::to_owned).to_vec(),
        rows,
        note: String::new(),
    });
    if planned(question) == Some(None) {
        section.caveats.push(words::NO_PLAN_LINE.to_owned());
    }
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}
