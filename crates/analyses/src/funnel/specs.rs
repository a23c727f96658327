//! What this room counts. The order of the specs is the order in which `measure` takes the answers.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Dim, Grain, Measure, Spec, Test};
use terms::{PeriodUnit, Stage};

use super::settings::ATTEMPT_MINUTES;
use crate::columns::{DAY, DEFAULTS, all, at, dimension, got_to};
use crate::records::{self, AGE_DAYS};
use crate::{Lay, Question};

/// A funnel of one grain: its stages, and the steps between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    pub grain: Grain,
    pub created: Column,
    /// Words of the stages, first to last.
    pub stages: Vec<&'static str>,
    pub steps: Vec<Step>,
}

/// One step between two stages.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub here: Vec<Test>,
    pub there: Vec<Test>,
    from_at: Column,
    pub later: Vec<Column>,
    exits: Vec<Column>,
    gone_untimed: Vec<Test>,
    pub is_last: bool,
}

/// The funnel that the facts allow: of leads where there are any, else of opportunities.
pub fn flow(lay: &Lay) -> Option<Flow> {
    if lay.leads > 0 {
        let stages = lay.stages();
        let place = |s: Stage| Stage::FORWARD.iter().position(|x| *x == s).unwrap_or(0);
        let steps = stages
            .windows(2)
            .map(|pair| Step {
                here: got_to(pair[0]),
                there: got_to(pair[1]),
                from_at: at(pair[0]).filter(|_| lay.timed[place(pair[0])] > 0).unwrap_or(lead::CREATED_AT),
                later: Stage::FORWARD.into_iter().filter(|s| *s >= pair[1]).filter_map(at).collect(),
                exits: vec![lead::EXIT_AT, lead::LOST_AT],
                gone_untimed: vec![
                    Test::Is(lead::EXITED, 1),
                    Test::Missing(lead::EXIT_AT),
                    Test::Missing(lead::LOST_AT),
                ],
                is_last: pair[1] == Stage::ClosedWon,
            })
            .collect();
        let stages = stages.into_iter().map(Stage::word).collect();
        return Some(Flow { grain: Grain::LeadCycle, created: lead::CREATED_AT, stages, steps });
    }
    (lay.opportunities > 0).then(|| Flow {
        grain: Grain::Opportunity,
        created: opp::CREATED_AT,
        stages: vec![Stage::Opportunity.word(), Stage::ClosedWon.word()],
        steps: vec![Step {
            here: vec![],
            there: vec![Test::Has(opp::WON_ON)],
            from_at: opp::CREATED_AT,
            later: vec![opp::WON_ON],
            exits: vec![opp::LOST_ON],
            gone_untimed: vec![Test::Any(vec![])],
            is_last: true,
        }],
    })
}

/// The columns to tell the flow apart by: those asked (two at most), else the lay's choice.
pub fn by(question: &Question, lay: &Lay, grain: Grain) -> Vec<Column> {
    let asked: Vec<Column> = question.by.iter().take(2).filter_map(|name| dimension(grain, name)).collect();
    if !asked.is_empty() {
        return asked;
    }
    lay.column(grain, &[]).into_iter().collect()
}

/// The columns of the tables of opportunities.
pub fn opportunity_columns(question: &Question, lay: &Lay) -> Vec<Column> {
    let asked = by(question, lay, Grain::Opportunity);
    if !question.by.is_empty() && !asked.is_empty() {
        return asked;
    }
    DEFAULTS
        .iter()
        .enumerate()
        .filter(|(i, _)| lay.distinct.get(*i).is_some_and(|d| (2..=60).contains(&d.2)))
        .filter_map(|(_, name)| dimension(Grain::Opportunity, name))
        .filter(|c| ["source", "product", "team"].contains(&c.name))
        .collect()
}

impl Flow {
    /// How many got to each stage.
    pub fn reach(&self) -> Vec<Measure> {
        let mut out = vec![Measure::Count];
        out.extend(self.steps.iter().map(|s| Measure::CountIf(s.there.clone())));
        out
    }

    fn spec(&self, name: &'static str, filter: Vec<Test>, dims: Vec<Dim>, measures: Vec<Measure>) -> Spec {
        Spec { name, grain: self.grain, filter, dims, measures }
    }

    /// How a step went in each cohort, by age in days.
    fn step(&self, step: &Step, question: &Question) -> Spec {
        let events: Vec<Column> = step.later.iter().chain(&step.exits).copied().collect();
        let untimed = step.later.iter().map(|c| Test::Missing(*c)).collect::<Vec<Test>>();
        let mut filter = step.here.clone();
        filter.push(Test::Not(Box::new(all(step.gone_untimed.clone()))));
        filter.push(Test::Not(Box::new(all(step.there.iter().cloned().chain(untimed).collect()))));
        let (from, as_of) = (step.from_at, question.as_of_minutes);
        let dims = vec![
            Dim::Period(self.created, question.cohorts, question.fiscal),
            Dim::Outcome { from, events: events.clone(), as_of },
            Dim::Age { from, events, as_of, bin: DAY, bins: AGE_DAYS },
        ];
        self.spec("funnel.step", filter, dims, vec![Measure::Count])
    }
}

/// All specs.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    let mut out = Vec::new();
    let Some(flow) = flow(lay) else { return out };
    let as_of = question.as_of_minutes;
    let created = flow.created;
    let dims: Vec<Dim> = by(question, lay, flow.grain).into_iter().map(Dim::Code).collect();
    out.push(flow.spec("funnel.all", vec![], vec![], flow.reach()));
    out.push(flow.spec("funnel.by", vec![], dims, flow.reach()));
    let seen = Test::Between(created, i64::from(i32::MIN) + 1, as_of);
    let cohorts = Dim::Period(created, question.cohorts, question.fiscal);
    out.push(flow.spec("funnel.cohorts", vec![seen], vec![cohorts], flow.reach()));
    out.extend(flow.steps.iter().map(|step| flow.step(step, question)));

    // how long a win takes: by month of creation, and by the first dimension
    let won: Vec<Column> = flow.steps.last().map(|s| s.later.clone()).unwrap_or_default();
    out.extend(records::specs(question, flow.grain, created, &won));
    let timed: Vec<Test> = won.iter().map(|c| Test::Has(*c)).collect();
    let first = by(question, lay, flow.grain).first().copied();
    let dims = vec![
        first.map_or(Dim::Bins(created, vec![]), Dim::Code),
        Dim::Outcome { from: created, events: won.clone(), as_of },
        Dim::Age { from: created, events: won, as_of, bin: DAY, bins: AGE_DAYS },
    ];
    out.push(flow.spec("funnel.waits_by", timed, dims, vec![Measure::Count]));

    if flow.grain == Grain::LeadCycle {
        let with = |column, won: bool| {
            let test = Test::Is(lead::REACHED_WON, 1);
            Measure::CountIf(vec![Test::Has(column), if won { test } else { Test::Not(Box::new(test)) }])
        };
        let early = Measure::CountIf(vec![Test::Is(lead::WON_BEFORE_CREATED, 1)]);
        let measures = vec![
            early,
            with(lead::OWNER, true),
            with(lead::OWNER, false),
            with(lead::SDR, true),
            with(lead::SDR, false),
            Measure::CountIf(vec![Test::Has(lead::HANDOFF_AT)]),
        ];
        out.push(flow.spec("funnel.traps", vec![], vec![], measures));
        for to in [lead::FIRST_ATTEMPT_AT, lead::FIRST_CONTACT_AT] {
            let age = Dim::Age { from: lead::HANDOFF_AT, events: vec![to], as_of, bin: 1, bins: ATTEMPT_MINUTES };
            out.push(flow.spec("funnel.first", vec![Test::Has(to)], vec![age], vec![Measure::Count]));
        }
    }
    if lay.opportunities > 0 {
        out.extend(of_opportunities(question, lay));
    }
    out
}

fn of_opportunities(question: &Question, lay: &Lay) -> Vec<Spec> {
    let (won, lost) = (vec![Test::Has(opp::WON_ON)], vec![Test::Has(opp::LOST_ON)]);
    let closed = vec![Measure::CountIf(won.clone()), Measure::CountIf(lost.clone())];
    let spec = |name, filter, dims, measures| Spec { name, grain: Grain::Opportunity, filter, dims, measures };
    let mut full = vec![Measure::Count];
    full.extend(closed.clone());
    full.push(Measure::SumIf(opp::AMOUNT, won));
    let mut out: Vec<Spec> = opportunity_columns(question, lay)
        .into_iter()
        .map(|c| spec("funnel.opportunities", vec![], vec![Dim::Code(c)], full.clone()))
        .collect();
    let closes = vec![Test::Has(opp::CLOSED_ON)];
    let period = |unit| vec![Dim::Period(opp::CLOSED_ON, unit, question.fiscal)];
    out.push(spec("funnel.close_months", closes.clone(), period(PeriodUnit::Month), closed.clone()));
    out.push(spec("funnel.close_weeks", closes, period(PeriodUnit::Week), closed));
    let is = |column| vec![Test::Is(column, 1)];
    out.push(spec(
        "funnel.unmatched_products",
        is(opp::PRODUCT_UNMATCHED),
        vec![Dim::Code(opp::PRODUCT)],
        vec![Measure::Count],
    ));
    let rule = Test::In(opp::ACCOUNT_RULE, vec![Some("unmatched".to_owned())]);
    let measures = vec![Measure::CountIf(vec![rule]), Measure::Count];
    out.push(spec("funnel.unmatched_accounts", vec![], vec![], measures));
    out
}
