//! Where the records themselves begin: wins that are most likely missing before a date.
//!
//! Here: one rule, used by both rooms. Not here: what to say about it. Rule: the first recorded win comes later after the
//! first recorded lead than 95 of 100 wins take, measured on leads created since that win.

use stats::quantile::of_histogram;
use tallies::{Column, Dim, Grain, Measure, Spec, Tally, Test};
use terms::{Day, PeriodUnit};

use crate::Question;
use crate::columns::DAY;

/// Wins from which the usual wait is known well enough to say that earlier ones are missing.
const LEAST_WINS: u64 = 20;
/// Leads before the first win that make a gap worth telling: fewer may have had no luck.
const LEAST_LEADS: u64 = 30;
/// Days by which a wait is followed: four years.
pub const AGE_DAYS: u32 = 1_460;

/// Wins that are missing before a date.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingWins {
    /// First day of the week of the first recorded win.
    pub first_win: Day,
    /// The first month with leads, as its number.
    pub first_month: i32,
    /// Days within which 95 of 100 wins come.
    pub usual_days: f64,
    /// Wins that was learned from.
    pub wins: u64,
    /// Leads created in months before the one of the first win.
    pub leads_before: u64,
    /// First month (its number) that is whole after the first win.
    pub from_month: i32,
}

/// The three tallies the rule needs: waits by month of creation, the weeks with wins, the weeks with leads.
pub fn specs(question: &Question, grain: Grain, created: Column, won: &[Column]) -> Vec<Spec> {
    let as_of = question.as_of_minutes;
    let waits = vec![
        Dim::Period(created, PeriodUnit::Month, question.fiscal),
        Dim::Outcome { from: created, events: won.to_vec(), as_of },
        Dim::Age { from: created, events: won.to_vec(), as_of, bin: DAY, bins: AGE_DAYS },
    ];
    let weeks = won.first().map(|c| Dim::Period(*c, PeriodUnit::Week, question.fiscal)).into_iter().collect();
    let filter = won.iter().map(|c| Test::Has(*c)).collect();
    let begun = vec![Dim::Period(created, PeriodUnit::Week, question.fiscal)];
    let measures = vec![Measure::Count];
    vec![
        Spec { name: "records.waits", grain, filter: vec![], dims: waits, measures: measures.clone() },
        Spec { name: "records.wins", grain, filter, dims: weeks, measures: measures.clone() },
        Spec { name: "records.begun", grain, filter: vec![Test::Has(created)], dims: begun, measures },
    ]
}

/// Whether wins are missing before the first recorded one.
pub fn missing_wins(question: &Question, waits: &Tally, wins: &Tally, begun: &Tally) -> Option<MissingWins> {
    let first_week = |tally: &Tally| {
        let week = i32::try_from((0..tally.cells).find_map(|c| tally.label(c, 0).number())?).ok()?;
        Some(question.fiscal.period(PeriodUnit::Week, week).first)
    };
    let (first_win, first_lead) = (first_week(wins)?, first_week(begun)?);
    // the week may begin in the month before the win: the month of its last day is surely begun
    let from_month = question.fiscal.index(PeriodUnit::Month, first_win.plus(6)) + 1;
    let month = |cell: usize| waits.label(cell, 0).number().and_then(|m| i32::try_from(m).ok());
    let first_month = (0..waits.cells).find_map(month)?;
    let count = |cell: usize| u64::try_from(waits.int(cell, 0)).unwrap_or(0);
    let since: Vec<(f64, u64)> = (0..waits.cells)
        .filter(|c| waits.label(*c, 1).number() == Some(1) && month(*c).is_some_and(|m| m >= from_month))
        .filter_map(|c| Some((waits.label(c, 2).number()? as f64, count(c))))
        .collect();
    let learned: u64 = since.iter().map(|s| s.1).sum();
    if learned < LEAST_WINS {
        return None;
    }
    let usual_days = of_histogram(&since, &[0.95])?.first().copied()?;
    let leads_before = (0..waits.cells).filter(|c| month(*c).is_some_and(|m| m + 1 < from_month)).map(count).sum();
    let gap = f64::from(first_win.0 - first_lead.0);
    (gap > usual_days && leads_before >= LEAST_LEADS).then_some(MissingWins {
        first_win,
        first_month,
        usual_days,
        wins: learned,
        leads_before,
        from_month,
    })
}
