//! What is measured: two sides, the cohorts each side's revenue came from, and the streams that feed it.
//!
//! Here: periods, lags, streams and their steps. Not here: the specs that count them. Invariant: both sides have the same
//! lags.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Grain, Test};
use terms::{Day, Period, PeriodUnit, Stage};

use super::follow::Follow;
use super::settings::{LEAST_CONTACTS, LEAST_LOSS_SHARE, LEAST_TO_CROSS, MOST_BY_DAY, OWN_LAGS, SPEEDS, SPEEDS_BY_DAY};
use crate::columns::{DAY, at, got_to};
use crate::{Lay, Question};

/// One of the two periods compared, and the cohorts it draws on: lag 0 first, older ones pooled last.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub period: Period,
    pub lags: Vec<(Day, Day)>,
}

impl Side {
    /// First and last minute of the cohorts, and where they part.
    pub fn edges(&self) -> Vec<i64> {
        let mut edges: Vec<i64> = self.lags.iter().rev().map(|(first, _)| i64::from(first.0) * DAY).collect();
        edges.push((i64::from(self.period.last.0) + 1) * DAY);
        edges
    }

    /// The test that a row began in these cohorts.
    pub fn began(&self, column: Column) -> Test {
        let edges = self.edges();
        let lo = edges.first().copied().unwrap_or(0);
        Test::Between(column, lo, edges.last().copied().unwrap_or(0) - 1)
    }

    pub fn days(&self) -> (i64, i64) {
        (i64::from(self.period.first.0), i64::from(self.period.last.0))
    }

    /// Minutes of the period.
    pub fn minutes(&self) -> (i64, i64) {
        (i64::from(self.period.first.0) * DAY, (i64::from(self.period.last.0) + 1) * DAY - 1)
    }
}

/// A step that a cohort takes on its way, as one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub factor: &'static str,
    pub from: Stage,
    pub to: Stage,
    pub from_at: Column,
    pub later: Vec<Column>,
    pub exits: Vec<Column>,
    pub here: Vec<Test>,
    pub there: Vec<Test>,
    pub gone: Vec<Test>,
}

impl Step {
    /// How many columns say that the step was taken.
    pub fn later_count(&self) -> usize {
        self.later.len()
    }
}

/// One stream of revenue: opportunities that came from leads, or those without one.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    pub grain: Grain,
    pub column: Option<Column>,
    /// A second column by which the split tells rows of one segment apart.
    pub within: Option<Column>,
    pub created: Column,
    pub filter: Vec<Test>,
    pub steps: Vec<Step>,
    /// Whether losses are recorded, so that the win rate is counted among what closed.
    pub closes: bool,
    /// The follow-up, where activities are recorded.
    pub follow: Option<Follow>,
}

/// Everything that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The base, then the asked period.
    pub sides: [Side; 2],
    pub streams: Vec<Stream>,
}

/// The factor that a step into this stage is.
pub fn factor_into(stage: Stage) -> &'static str {
    match stage {
        Stage::Mql => "mql_rate",
        Stage::Sal => "acceptance",
        Stage::Sql => "qualification",
        Stage::Opportunity => "opportunity_rate",
        _ => "win_rate",
    }
}

/// The plan for a question.
pub fn plan(question: &Question, lay: &Lay) -> Plan {
    let mut streams = Vec::new();
    if lay.dated_leads > 0 {
        streams.push(lead_stream(question, lay));
    }
    if lay.dated_opportunities > 0 {
        streams.push(opportunity_stream(question, lay));
    }
    Plan { sides: sides(question, lay), streams }
}

fn sides(question: &Question, lay: &Lay) -> [Side; 2] {
    let periods = [question.base(), question.period];
    let months = [lay.lead_months, lay.opportunity_months];
    let start = months.iter().flatten().map(|m| question.fiscal.period(PeriodUnit::Month, m.0).first).min();
    let most = match question.period.unit {
        Some(PeriodUnit::Month) => 9,
        Some(PeriodUnit::Week) => 23,
        Some(PeriodUnit::Year) => 2,
        Some(PeriodUnit::Quarter) | None => 5,
    };
    // both sides pool the same number of older cohorts, or the older side would seem to have had fewer leads
    let pooled = periods.map(|period| older(period, most, start)).into_iter().min().unwrap_or(0);
    periods.map(|period| {
        let mut lags = vec![(period.first, period.last)];
        let mut at = period;
        while lags.len() < OWN_LAGS {
            at = at.previous();
            lags.push((at.first, at.last));
        }
        if pooled > 0 {
            let last = at.previous().last;
            for _ in 0..pooled {
                at = at.previous();
            }
            lags.push((at.first, last));
        }
        Side { period, lags }
    })
}

/// How many of the cohorts older than the own lags the records reach back to, at most `most`.
fn older(period: Period, most: usize, start: Option<Day>) -> usize {
    let mut at = period;
    for _ in 0..OWN_LAGS {
        at = at.previous();
    }
    let mut count = 0;
    while count < most && start.is_some_and(|start| start <= at.last) {
        count += 1;
        at = at.previous();
    }
    count
}

fn lead_stream(question: &Question, lay: &Lay) -> Stream {
    let stages = lay.stages();
    let enough = |lost: u64, won: u64| lost as f64 > LEAST_LOSS_SHARE * (lost + won) as f64;
    let closes = enough(lay.lead_losses, lay.reached[5]) && stages.contains(&Stage::Opportunity);
    let last = if closes { Stage::Opportunity } else { Stage::ClosedWon };
    let steps: Vec<Step> = stages
        .windows(2)
        .filter(|pair| pair[1] <= last)
        .filter_map(|pair| {
            let later = Stage::FORWARD.into_iter().filter(|s| *s >= pair[1]).filter_map(at).collect();
            let gone = match pair[1] {
                Stage::ClosedWon => vec![Test::Any(vec![Test::Is(lead::EXITED, 1), Test::Has(lead::LOST_AT)])],
                _ => vec![Test::Is(lead::EXITED, 1)],
            };
            Some(Step {
                factor: factor_into(pair[1]),
                from: pair[0],
                to: pair[1],
                from_at: if lay.timed[place(pair[0])] > 0 { at(pair[0])? } else { lead::CREATED_AT },
                later,
                exits: vec![lead::EXIT_AT, lead::LOST_AT],
                here: got_to(pair[0]),
                there: got_to(pair[1]),
                gone,
            })
        })
        .collect();
    Stream {
        grain: Grain::LeadCycle,
        column: lay.column(Grain::LeadCycle, &question.by),
        within: lay.within(Grain::LeadCycle, &question.by, LEAST_TO_CROSS),
        created: lead::CREATED_AT,
        filter: vec![],
        follow: follow(question, lay, &steps),
        steps,
        closes,
    }
}

/// What follow-up can be told apart: the steps from the hand-off on.
fn follow(question: &Question, lay: &Lay, steps: &[Step]) -> Option<Follow> {
    if lay.attempts == 0 {
        return None;
    }
    let has_mql = steps.iter().any(|s| s.from == Stage::Mql);
    let followed = |s: &Step| if has_mql { s.from >= Stage::Mql } else { true };
    let stood = if has_mql { lay.reached[place(Stage::Mql)] } else { lay.leads };
    let by_day = lay.day_attempts as f64 > MOST_BY_DAY * lay.attempts as f64;
    Some(Follow {
        start: if 2 * lay.handed >= stood { lead::HANDOFF_AT } else { lead::CREATED_AT },
        edges: if by_day { SPEEDS_BY_DAY } else { SPEEDS },
        speed: true,
        persistence: lay.contacts as f64 >= LEAST_CONTACTS * lay.attempts as f64,
        steps: (0..steps.len()).filter(|i| followed(&steps[*i])).collect(),
        latest: Follow::latest(question.as_of_minutes),
    })
    .filter(|f| !f.steps.is_empty())
}

fn opportunity_stream(question: &Question, lay: &Lay) -> Stream {
    let closes = lay.lost as f64 > LEAST_LOSS_SHARE * (lay.lost + lay.won) as f64;
    let step = Step {
        factor: "win_rate",
        from: Stage::Opportunity,
        to: Stage::ClosedWon,
        from_at: opp::CREATED_AT,
        later: vec![opp::WON_ON],
        exits: vec![opp::LOST_ON],
        here: vec![],
        there: vec![Test::Has(opp::WON_ON)],
        gone: vec![Test::Has(opp::CLOSED_ON)],
    };
    Stream {
        grain: Grain::Opportunity,
        column: lay.column(Grain::Opportunity, &question.by),
        within: lay.within(Grain::Opportunity, &question.by, LEAST_TO_CROSS),
        created: opp::CREATED_AT,
        filter: vec![Test::Not(Box::new(Test::Is(opp::HAS_LEAD, 1)))],
        steps: if closes { vec![] } else { vec![step] },
        closes,
        follow: None,
    }
}

fn place(stage: Stage) -> usize {
    Stage::FORWARD.iter().position(|s| *s == stage).unwrap_or(0)
}
