//! What is counted to learn what waiting costs.

use tallies::columns::lead_cycle as lead;
use tallies::{Column, Dim, Grain, Measure, Spec, Test};

use crate::columns::DAY;
use crate::{Lay, Question};

/// Upper edges of the stretches of waiting, in minutes: a quarter of an hour, an hour, four, a day, three days, a week.
pub const EDGES: [i64; 6] = [15, 60, 240, 1_440, 4_320, 10_080];

/// Days from hand-off within which an outcome counts, and for which a lead must have been watched: a quarter.
const HORIZON: i64 = 90 * DAY;
/// Leads of so many days before that are looked at: two years, so that small companies have enough.
const LOOK: i64 = 730 * DAY;
/// Outcomes below which nothing is learned: ten for each step.
pub const LEAST_OUTCOMES: u64 = 60;

/// From when, and for what.
#[derive(Clone, Debug)]
pub struct Plan {
    pub start: Column,
    pub outcome: Column,
    pub word: &'static str,
    until: i64,
}

/// The plan that the record allows, or why none.
pub fn plan(question: &Question, lay: &Lay) -> Result<Plan, String> {
    if lay.attempts == 0 {
        return Err("no attempts are recorded".to_owned());
    }
    if lay.won_with_amount == 0 {
        return Err("no win is recorded with an amount".to_owned());
    }
    let (outcome, word) = if lay.timed[5] >= LEAST_OUTCOMES {
        (lead::WON_AT, "won")
    } else if lay.timed[4] >= LEAST_OUTCOMES {
        (lead::OPPORTUNITY_AT, "became an opportunity")
    } else {
        return Err(format!("fewer than {LEAST_OUTCOMES} leads came to an opportunity or a win"));
    };
    let start = if 2 * lay.handed >= lay.leads { lead::HANDOFF_AT } else { lead::CREATED_AT };
    Ok(Plan { start, outcome, word, until: question.as_of_minutes - HORIZON })
}

/// Everything that is counted: leads tried, by source, segment and wait; outcomes and what they brought, by segment.
pub fn specs(plan: &Plan) -> Vec<Spec> {
    let watched = Test::Between(plan.start, plan.until - LOOK, plan.until);
    let came = Test::Elapsed(plan.start, plan.outcome, i64::from(i32::MIN), HORIZON);
    let timed = [Test::Has(lead::FIRST_ATTEMPT_AT), Test::Not(Box::new(Test::Is(lead::FIRST_IS_DAY, 1)))];
    // an attempt before the hand-off did not wait
    let after = Test::Elapsed(plan.start, lead::FIRST_ATTEMPT_AT, 0, i64::from(i32::MAX));
    let won = vec![Test::Is(lead::REACHED_WON, 1), Test::Has(lead::AMOUNT)];
    vec![
        Spec {
            name: "waiting.cells",
            grain: Grain::LeadCycle,
            filter: [watched.clone()].into_iter().chain(timed).chain([after]).collect(),
            dims: vec![
                Dim::Code(lead::SOURCE),
                Dim::Code(lead::SEGMENT),
                Dim::Elapsed(plan.start, lead::FIRST_ATTEMPT_AT, EDGES.to_vec()),
            ],
            measures: vec![Measure::Count, Measure::CountIf(vec![came.clone()])],
        },
        Spec {
            name: "waiting.worth",
            grain: Grain::LeadCycle,
            filter: vec![watched, came],
            dims: vec![Dim::Code(lead::SEGMENT)],
            measures: vec![
                Measure::Count,
                Measure::SumIf(lead::AMOUNT, won.clone()),
                Measure::SumSquared(lead::AMOUNT, won),
            ],
        },
    ]
}
