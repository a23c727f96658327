//! What this room counts. The order of the specs is the order in which `measure` takes the answers.

use tallies::columns::{self, lead_cycle as lead};
use tallies::{Column, Dim, Grain, Measure, Spec, Test};

use super::settings::{HORIZON_DAYS, LANDMARK, LEAST_OUTCOMES, RECORDED, SPEED_EDGES};
use crate::columns::DAY;
use crate::{Lay, Question};

/// What is compared: from when, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The hand-off where it is recorded for half of the leads, else the creation.
    pub start: Column,
    /// When the outcome came.
    pub outcome: Column,
    /// The outcome in words.
    pub word: &'static str,
    /// Covariates recorded for nearly all.
    pub covariates: Vec<Column>,
    /// Leads that began by here have been watched for the whole horizon.
    pub latest: i64,
    /// The one class that is compared, where the other is hardly ever (or nearly always) tried within the hour.
    pub only: Option<Class>,
}

/// Whether a lead was qualified (`mql`) by the start. One that qualified later is with those that never did: what came
/// after the start must not tell leads apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Later,
    Qualified,
}

/// Beyond every difference of two times.
const EVER: i64 = 1 << 33;

/// The plan that the record allows; `None` without activities.
pub fn plan(question: &Question, lay: &Lay) -> Option<Plan> {
    if lay.attempts == 0 {
        return None;
    }
    let (outcome, word) = if lay.timed[5] >= LEAST_OUTCOMES {
        (lead::WON_AT, "won")
    } else if lay.timed[4] >= LEAST_OUTCOMES {
        (lead::OPPORTUNITY_AT, "made an opportunity")
    } else {
        (lead::FIRST_CONTACT_AT, "contacted")
    };
    let pairs = lay.distinct.iter().zip(&lay.filled);
    let covariates = pairs
        .filter(|(d, f)| {
            ["source", "product", "segment", "country"].contains(&d.0)
                && (2..=60).contains(&d.1)
                && f.1 as f64 >= RECORDED * lay.leads as f64
        })
        .filter_map(|(d, _)| columns::column(Grain::LeadCycle, d.0))
        .collect();
    let start = if 2 * lay.handed >= lay.leads { lead::HANDOFF_AT } else { lead::CREATED_AT };
    Some(Plan { start, outcome, word, covariates, latest: question.as_of_minutes - HORIZON_DAYS * DAY, only: None })
}

impl Plan {
    /// Leads of a class.
    pub fn class(&self, class: Class) -> Test {
        let qualified = Test::Elapsed(lead::MQL_AT, self.start, 0, EVER);
        if class == Class::Qualified { qualified } else { Test::Not(Box::new(qualified)) }
    }

    fn apart(&self) -> Dim {
        Dim::Elapsed(lead::MQL_AT, self.start, vec![0])
    }

    /// Leads with a start.
    pub fn begun(&self) -> Vec<Test> {
        let mut out = vec![Test::Has(self.start)];
        out.extend(self.only.map(|c| self.class(c)));
        out
    }

    /// Watched for the whole horizon.
    pub fn mature(&self) -> Vec<Test> {
        let mut out = vec![Test::Between(self.start, i64::from(i32::MIN) + 1, self.latest)];
        out.extend(self.only.map(|c| self.class(c)));
        out
    }

    /// Of those, with a first attempt whose time is known (or none).
    pub fn timed(&self) -> Vec<Test> {
        let mut out = self.mature();
        out.push(Test::Not(Box::new(Test::Is(lead::FIRST_IS_DAY, 1))));
        out
    }

    /// Had the outcome by the landmark: in neither arm.
    pub fn early(&self) -> Test {
        Test::Elapsed(self.start, self.outcome, i64::from(i32::MIN), LANDMARK)
    }

    /// Of the timed, without the outcome by the landmark.
    pub fn compared(&self) -> Vec<Test> {
        let mut out = self.timed();
        out.push(Test::Not(Box::new(self.early())));
        out
    }

    /// First tried within the landmark.
    pub fn fast(&self) -> Test {
        Test::Elapsed(self.start, lead::FIRST_ATTEMPT_AT, 0, LANDMARK)
    }

    /// In one arm of the comparison.
    pub fn arm(&self, fast: bool) -> Vec<Test> {
        let mut out = self.compared();
        out.push(if fast { self.fast() } else { Test::Not(Box::new(self.fast())) });
        out
    }

    /// The outcome within the horizon.
    pub fn came(&self) -> Test {
        Test::Elapsed(self.start, self.outcome, i64::from(i32::MIN), HORIZON_DAYS * DAY)
    }
}

fn spec(name: &'static str, filter: Vec<Test>, dims: Vec<Dim>, measures: Vec<Measure>) -> Spec {
    Spec { name, grain: Grain::LeadCycle, filter, dims, measures }
}

/// Everything this room counts.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    let Some(plan) = plan(question, lay) else { return Vec::new() };
    let counted = |tests: Vec<Test>| Measure::CountIf(tests);
    let with = |mut tests: Vec<Test>, last: Test| {
        tests.push(last);
        tests
    };
    let mut dims: Vec<Dim> = plan.covariates.iter().copied().map(Dim::Code).collect();
    dims.extend([plan.apart(), Dim::Code(lead::OWNER), Dim::Every(plan.start, 60)]);
    let arms = [true, false].map(|fast| [counted(plan.arm(fast)), counted(with(plan.arm(fast), plan.came()))]);
    let mut measures = vec![Measure::Count];
    measures.extend(arms.concat());
    let is_day = with(plan.mature(), Test::Is(lead::FIRST_IS_DAY, 1));
    let early = with(plan.timed(), plan.early());
    let told_apart = vec![
        counted(plan.begun()),
        counted(plan.mature()),
        counted(is_day),
        counted(early),
        counted(vec![Test::Missing(plan.start)]),
    ];
    vec![
        spec("followup.cells", plan.begun(), dims, measures),
        spec(
            "followup.speed",
            plan.timed(),
            vec![plan.apart(), Dim::Elapsed(plan.start, lead::FIRST_ATTEMPT_AT, SPEED_EDGES.to_vec())],
            vec![Measure::Count, counted(vec![plan.came()])],
        ),
        spec("followup.told_apart", vec![], vec![plan.apart()], told_apart),
    ]
}
