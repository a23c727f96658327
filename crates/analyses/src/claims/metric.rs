//! The rates that claims are made about, and what each counts in these facts.
//!
//! Here: for a metric and a moment, which rows are cases, what outcome counts, and how long a case must have been
//! watched. Not here: numbers. Invariant: every case is watched equally long, so that a young cohort never stands raw
//! beside an old one.

use report::Refusal;
use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Grain, Test};
use terms::Stage;

use super::claim::Moment;
use super::settings::{ATTEMPT_WEEKS, FAST_HOURS, WEEKS};
use super::words;
use crate::Lay;
use crate::columns::{DAY, all, at, got_to};

/// Columns that tell how a case went: a filter on them would be a claim about itself.
pub const OUTCOMES: [&str; 2] = ["stage_raw", "reason"];

/// A rate that a claim can be made about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Leads that become marketing-qualified.
    MqlRate,
    /// Of those, accepted by sales.
    Acceptance,
    /// Of those, qualified by sales.
    Qualification,
    /// Of those, with an opportunity.
    OpportunityRate,
    /// Opportunities that are won.
    WinRate,
    /// Leads that are won.
    Conversion,
    /// Leads attempted within 14 days of the hand-off.
    Coverage,
    /// Leads with a two-way contact within 14 days of the hand-off.
    ContactRate,
    /// Leads attempted within an hour of the hand-off.
    FastShare,
}

impl Metric {
    /// All metrics, in funnel order.
    pub const ALL: [Metric; 9] = [
        Metric::Coverage,
        Metric::FastShare,
        Metric::ContactRate,
        Metric::MqlRate,
        Metric::Acceptance,
        Metric::Qualification,
        Metric::OpportunityRate,
        Metric::WinRate,
        Metric::Conversion,
    ];

    /// As written on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Metric::MqlRate => "mql_rate",
            Metric::Acceptance => "acceptance",
            Metric::Qualification => "qualification",
            Metric::OpportunityRate => "opportunity_rate",
            Metric::WinRate => "win_rate",
            Metric::Conversion => "conversion",
            Metric::Coverage => "coverage",
            Metric::ContactRate => "contact_rate",
            Metric::FastShare => "fast_share",
        }
    }

    /// The metric of that word.
    pub fn parse(word: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|m| m.word().eq_ignore_ascii_case(word))
    }

    /// The stage that its outcome is, if it is one.
    const fn stage(self) -> Option<Stage> {
        match self {
            Metric::MqlRate => Some(Stage::Mql),
            Metric::Acceptance => Some(Stage::Sal),
            Metric::Qualification => Some(Stage::Sql),
            Metric::OpportunityRate => Some(Stage::Opportunity),
            Metric::WinRate | Metric::Conversion => Some(Stage::ClosedWon),
            Metric::Coverage | Metric::ContactRate | Metric::FastShare => None,
        }
    }

    /// Whether its outcome is a win.
    pub const fn is_win(self) -> bool {
        matches!(self, Metric::WinRate | Metric::Conversion)
    }
}

/// What a claim's rate counts in these facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Rows of which grain.
    pub grain: Grain,
    /// The moment a window is about.
    pub moment: Column,
    /// Which rows are cases.
    pub case: Vec<Test>,
    /// How the outcome is found.
    pub how: How,
    /// What cases are called.
    pub cases: String,
    /// What their outcome is, as a participle: `won`, `accepted by sales`.
    pub outcome: &'static str,
}

/// How a case's outcome is found.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// The case is over: these tests tell.
    Over(Vec<Test>),
    /// It came within a wait that every case was watched for.
    Within {
        /// The wait begins here.
        from: Column,
        /// What counts, whichever comes first.
        events: Vec<Column>,
        /// Minutes of one step of the wait.
        step: i64,
        /// Waits to choose from, in steps, shortest first.
        waits: &'static [u32],
        /// Rows that have the outcome and no date of it: not cases.
        undated: Vec<Test>,
    },
}

const WEEK: i64 = 7 * DAY;

impl Study {
    /// The study of a metric over cases whose `moment` (creation where none is named) lies in a window.
    ///
    /// # Errors
    /// A refusal where these facts cannot tell.
    pub fn of(metric: Metric, moment: Option<Moment>, lay: &Lay) -> Result<Study, Refusal> {
        let moment = moment.unwrap_or(Moment::Created);
        let unlinked = lay.unlinked() && lay.lead_only_wins == 0;
        if moment == Moment::Closed {
            return if metric == Metric::WinRate {
                closings(lay)
            } else {
                Err(words::closed_is_for_wins(metric.word()))
            };
        }
        if metric == Metric::WinRate && (lay.leads == 0 || unlinked) && moment == Moment::Created {
            return opened(lay);
        }
        let column = if moment == Moment::Created { lead::CREATED_AT } else { lead::HANDOFF_AT };
        if lay.leads == 0 {
            return Err(words::no_leads(metric.word()));
        }
        let Some(stage) = metric.stage() else { return attempts(metric, column, lay) };
        if stage >= Stage::Opportunity && unlinked {
            return Err(words::unlinked(metric.word(), lay.opportunities));
        }
        step(metric, stage, column, lay)
    }

    /// The test that a case was watched for so many steps.
    pub fn watched(&self, steps: u32, as_of: i64) -> Vec<Test> {
        match &self.how {
            How::Over(_) => vec![],
            How::Within { from, step, .. } => {
                vec![Test::Between(*from, i64::from(i32::MIN) + 1, as_of - i64::from(steps) * step)]
            }
        }
    }

    /// Which rows are cases, without those whose outcome has no date.
    pub fn rows(&self) -> Vec<Test> {
        let mut out = self.case.clone();
        if let How::Within { undated, .. } = &self.how
            && !undated.is_empty()
        {
            out.push(Test::Not(Box::new(all(undated.clone()))));
        }
        out
    }
}

/// A step of the funnel of leads: from the stage before it (from the first, for the whole way) to its end.
fn step(metric: Metric, to: Stage, moment: Column, lay: &Lay) -> Result<Study, Refusal> {
    let stages = lay.stages();
    let place = |s: Stage| Stage::FORWARD.iter().position(|x| *x == s).unwrap_or(0);
    let Some(here) = stages.iter().position(|s| *s == to).filter(|here| *here > 0) else {
        return Err(words::no_stage(metric.word(), to.word()));
    };
    let from = if metric == Metric::Conversion { stages[0] } else { stages[here - 1] };
    let later: Vec<Stage> = Stage::FORWARD.into_iter().filter(|s| *s >= to).collect();
    if later.iter().all(|s| lay.timed[place(*s)] == 0) {
        return Err(words::no_dates(metric.word(), to.word()));
    }
    let events: Vec<Column> = later.into_iter().filter_map(at).collect();
    let start = at(from).filter(|_| lay.timed[place(from)] > 0 && from != stages[0]).unwrap_or(lead::CREATED_AT);
    let mut undated = got_to(to);
    undated.extend(events.iter().map(|c| Test::Missing(*c)));
    Ok(Study {
        grain: Grain::LeadCycle,
        moment,
        case: got_to(from),
        how: How::Within { from: start, events, step: WEEK, waits: &WEEKS, undated },
        cases: words::leads_from(from == stages[0], from.word()),
        outcome: words::outcome(to),
    })
}

/// Attempts and contacts after the hand-off.
fn attempts(metric: Metric, moment: Column, lay: &Lay) -> Result<Study, Refusal> {
    let (event, step, waits, outcome): (Column, i64, &'static [u32], _) = match metric {
        Metric::ContactRate => (lead::FIRST_CONTACT_AT, WEEK, &ATTEMPT_WEEKS, "in a two-way contact"),
        Metric::FastShare => (lead::FIRST_ATTEMPT_AT, 60, &FAST_HOURS, "attempted"),
        _ => (lead::FIRST_ATTEMPT_AT, WEEK, &ATTEMPT_WEEKS, "attempted"),
    };
    let recorded = if metric == Metric::ContactRate { lay.contacts } else { lay.attempts };
    if recorded == 0 {
        return Err(words::no_activities(metric.word()));
    }
    // a first attempt that is known by its day alone is neither within the hour nor beyond it
    let by_the_hour = metric == Metric::FastShare;
    let day_alone = Test::Not(Box::new(Test::Is(lead::FIRST_IS_DAY, 1)));
    Ok(Study {
        grain: Grain::LeadCycle,
        moment,
        case: std::iter::once(Test::Has(lead::HANDOFF_AT)).chain(by_the_hour.then_some(day_alone)).collect(),
        how: How::Within { from: lead::HANDOFF_AT, events: vec![event], step, waits, undated: vec![] },
        cases: words::HANDED_OFF.to_owned(),
        outcome,
    })
}

/// Opportunities by their close day.
fn closings(lay: &Lay) -> Result<Study, Refusal> {
    if lay.won == 0 || lay.lost == 0 {
        return Err(words::no_closings(lay.won, lay.lost));
    }
    Ok(Study {
        grain: Grain::Opportunity,
        moment: opp::CLOSED_ON,
        case: vec![Test::Any(vec![Test::Has(opp::WON_ON), Test::Has(opp::LOST_ON)])],
        how: How::Over(vec![Test::Has(opp::WON_ON)]),
        cases: words::CLOSED.to_owned(),
        outcome: words::outcome(Stage::ClosedWon),
    })
}

/// Opportunities by the day they were opened.
fn opened(lay: &Lay) -> Result<Study, Refusal> {
    if lay.dated_opportunities == 0 || lay.won == 0 {
        return Err(words::no_dates(Metric::WinRate.word(), Stage::ClosedWon.word()));
    }
    Ok(Study {
        grain: Grain::Opportunity,
        moment: opp::CREATED_AT,
        case: vec![],
        how: How::Within {
            from: opp::CREATED_AT,
            events: vec![opp::WON_ON],
            step: WEEK,
            waits: &WEEKS,
            undated: vec![Test::Is(opp::STAGE, Stage::ClosedWon as u8), Test::Missing(opp::WON_ON)],
        },
        cases: words::OPENED.to_owned(),
        outcome: words::outcome(Stage::ClosedWon),
    })
}
