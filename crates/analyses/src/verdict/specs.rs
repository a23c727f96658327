//! The specs that count what the plan names, in the order in which `read` takes the answers.
//!
//! Invariant: both sides are asked for the same cells.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Dim, Grain, Measure, Spec, Test};
use terms::PeriodUnit;

use super::follow::Follow;
use super::plan::{Side, Step, Stream, plan};
use super::settings::{AGE_DAYS, AGE_WEEKS};
use crate::columns::{DAY, all, lead_lost_between, lead_won_between, won_between};
use crate::{Lay, Question, records};

impl Stream {
    /// The columns that make the cells.
    pub fn columns(&self) -> impl Iterator<Item = Column> {
        self.column.into_iter().chain(self.within)
    }

    fn dims(&self, side: &Side) -> Vec<Dim> {
        let mut dims: Vec<Dim> = self.columns().map(Dim::Code).collect();
        dims.push(Dim::Bins(self.created, side.edges()));
        dims
    }

    fn rows(&self, side: &Side) -> Vec<Test> {
        let mut filter = self.filter.clone();
        filter.push(side.began(self.created));
        filter
    }

    /// Won in the side's period.
    pub fn won(&self, side: &Side) -> Vec<Test> {
        let (first, last) = side.days();
        match self.grain {
            Grain::LeadCycle => lead_won_between(first, last),
            _ => vec![won_between(first, last)],
        }
    }

    /// Lost in the side's period.
    pub fn lost(&self, side: &Side) -> Vec<Test> {
        let (first, last) = side.days();
        match self.grain {
            Grain::LeadCycle => lead_lost_between(first, last),
            _ => vec![Test::Between(opp::LOST_ON, first, last)],
        }
    }

    fn money(&self) -> (Column, Column) {
        match self.grain {
            Grain::LeadCycle => (lead::AMOUNT, lead::LIST_PRICE),
            _ => (opp::AMOUNT, opp::LIST_PRICE),
        }
    }

    /// How many rows began, and how many of them got to each step.
    fn begun(&self, side: &Side) -> Spec {
        let mut measures = vec![Measure::Count];
        measures.extend(self.steps.iter().map(|s| Measure::CountIf(s.there.clone())));
        let filter = self.rows(side);
        Spec { name: "verdict.begun", grain: self.grain, filter, dims: self.dims(side), measures }
    }

    /// What was done about the leads that stood before each followed step, and how many took it.
    fn followed(&self, side: &Side) -> Option<Spec> {
        let follow = self.follow.as_ref()?;
        let mut filter = self.rows(side);
        filter.extend(follow.rows());
        let mut dims = self.dims(side);
        dims.extend(follow.dims());
        let mut measures = Vec::new();
        for step in follow.steps.iter().map(|s| &self.steps[*s]) {
            let reached = |tests: &[Test]| tests.iter().cloned().chain([Follow::reached()]).collect::<Vec<Test>>();
            let took: Vec<Test> = step.here.iter().chain(&step.there).cloned().collect();
            let both = [step.here.clone(), reached(&step.here), took.clone(), reached(&took)];
            measures.extend(both.map(Measure::CountIf));
        }
        Some(Spec { name: "verdict.followed", grain: self.grain, filter, dims, measures })
    }

    /// What closed in the period.
    fn closed(&self, side: &Side) -> Spec {
        let (won, lost) = (self.won(side), self.lost(side));
        let (amount, list) = self.money();
        let with = |tests: &[Test]| won.iter().cloned().chain(tests.iter().cloned()).collect::<Vec<Test>>();
        let priced = with(&[Test::Has(amount)]);
        let listed = with(&[Test::Has(amount), Test::Between(list, 1, i64::MAX)]);
        let measures = vec![
            Measure::CountIf(won.clone()),
            Measure::CountIf(lost.clone()),
            Measure::CountIf(priced.clone()),
            Measure::SumIf(amount, priced.clone()),
            Measure::CountIf(listed.clone()),
            Measure::SumIf(list, listed.clone()),
            Measure::SumIf(amount, listed),
            Measure::SumLog(amount, priced.clone()),
            Measure::SumLogSquared(amount, priced),
        ];
        let mut filter = self.rows(side);
        filter.push(Test::Any(vec![all(won), all(lost)]));
        Spec { name: "verdict.closed", grain: self.grain, filter, dims: self.dims(side), measures }
    }

    /// Who stands before a step, by age.
    fn open(&self, side: &Side, step: &Step, as_of: i64) -> Spec {
        let mut filter = self.rows(side);
        filter.extend(step.here.iter().cloned());
        filter.push(Test::Not(Box::new(all(step.there.clone()))));
        filter.push(Test::Not(Box::new(all(step.gone.clone()))));
        let mut dims = self.dims(side);
        dims.push(Dim::Age { from: step.from_at, events: vec![], as_of, bin: DAY, bins: AGE_DAYS });
        Spec { name: "verdict.open", grain: self.grain, filter, dims, measures: vec![Measure::Count] }
    }

    /// All rows of the cohorts of either side, and how many of them stand or stood before each step.
    fn union(&self, sides: &[Side; 2]) -> Spec {
        let mut measures = vec![Measure::Count];
        measures.extend(self.steps.iter().map(|s| Measure::CountIf(s.here.clone())));
        measures.extend(self.among().into_iter().flatten().map(Measure::CountIf));
        Spec { name: "verdict.union", grain: self.grain, filter: self.either(sides), dims: vec![], measures }
    }

    /// What coverage, speed and persistence are shares of, at the first followed step.
    pub fn among(&self) -> Option<[Vec<Test>; 3]> {
        let follow = self.follow.as_ref()?;
        Some(follow.among(&self.steps.get(*follow.steps.first()?)?.here))
    }

    /// The rows of the cohorts of either side.
    pub fn either(&self, sides: &[Side; 2]) -> Vec<Test> {
        let mut filter = self.filter.clone();
        filter.push(Test::Any(sides.iter().map(|s| s.began(self.created)).collect()));
        filter
    }

    /// How a step went, by age: among those who began before the period, and since.
    fn pace(&self, step: &Step, since: i64, as_of: i64) -> Spec {
        let events: Vec<Column> = step.later.iter().chain(&step.exits).copied().collect();
        let mut filter = self.filter.clone();
        filter.extend(step.here.iter().cloned());
        // gone without a time: neither open nor known when
        if self.grain == Grain::LeadCycle {
            filter.push(Test::Not(Box::new(all(vec![Test::Is(lead::EXITED, 1), Test::Missing(lead::EXIT_AT)]))));
        }
        let untimed = step.later.iter().map(|c| Test::Missing(*c)).collect::<Vec<Test>>();
        filter.push(Test::Not(Box::new(all(step.there.iter().cloned().chain(untimed).collect()))));
        let from = step.from_at;
        let dims = vec![
            Dim::Bins(from, vec![since]),
            Dim::Outcome { from, events: events.clone(), as_of },
            Dim::Age { from, events, as_of, bin: DAY, bins: AGE_DAYS },
        ];
        Spec { name: "verdict.pace", grain: self.grain, filter, dims, measures: vec![Measure::Count] }
    }

    /// Wins with a list price by segment and week before the period's end: how much the discount varies.
    fn weeks(&self, side: &Side) -> Spec {
        let (amount, list) = self.money();
        let (first, last) = side.days();
        let mut filter = self.filter.clone();
        filter.extend(self.won(side));
        filter.extend([Test::Has(amount), Test::Between(list, 1, i64::MAX)]);
        let closed = if self.grain == Grain::LeadCycle { lead::CLOSED_ON } else { opp::WON_ON };
        let mut edges: Vec<i64> = (0..=((last - first) / 7).min(60)).map(|w| last + 1 - 7 * w).collect();
        edges.reverse();
        let mut dims: Vec<Dim> = self.column.map(Dim::Code).into_iter().collect();
        dims.push(Dim::Bins(closed, edges));
        let measures = vec![Measure::Count, Measure::Sum(list), Measure::Sum(amount)];
        Spec { name: "verdict.weeks", grain: self.grain, filter, dims, measures }
    }
}

/// Everything that closed in a side, at the grain of the opportunity.
fn total(side: &Side) -> Spec {
    let (first, last) = side.days();
    let won = won_between(first, last);
    let lost = Test::Between(opp::LOST_ON, first, last);
    let also = |test: Test| vec![won.clone(), test];
    let measures = vec![
        Measure::CountIf(vec![won.clone()]),
        Measure::CountIf(also(Test::Has(opp::AMOUNT))),
        Measure::SumIf(opp::AMOUNT, vec![won.clone()]),
        Measure::CountIf(also(Test::Is(opp::NOT_CONVERTED, 1))),
        Measure::CountIf(also(Test::Is(opp::CONTRADICTED, 1))),
        Measure::SumIf(opp::AMOUNT, also(Test::Is(opp::CONTRADICTED, 1))),
        Measure::CountIf(vec![lost.clone()]),
    ];
    let filter = vec![Test::Any(vec![won, lost])];
    Spec { name: "verdict.total", grain: Grain::Opportunity, filter, dims: vec![], measures }
}

/// Wins recorded on the lead alone.
fn lead_only(side: &Side) -> Spec {
    let (first, last) = side.days();
    let mut filter = lead_won_between(first, last);
    filter.push(Test::Missing(lead::OPPORTUNITY));
    let measures = vec![Measure::Count, Measure::CountIf(vec![Test::Has(lead::AMOUNT)]), Measure::Sum(lead::AMOUNT)];
    Spec { name: "verdict.lead_only", grain: Grain::LeadCycle, filter, dims: vec![], measures }
}

/// All opportunities by the week they were opened and how long until what.
fn fates(as_of: i64) -> Spec {
    let events = vec![opp::WON_ON, opp::LOST_ON];
    let from = opp::CREATED_AT;
    let dims = vec![
        Dim::Period(from, PeriodUnit::Week, terms::FiscalYear::default()),
        Dim::Outcome { from, events: events.clone(), as_of },
        Dim::Age { from, events, as_of, bin: 7 * DAY, bins: AGE_WEEKS },
    ];
    let measures = vec![Measure::Count, Measure::CountIf(vec![Test::Has(opp::AMOUNT)]), Measure::Sum(opp::AMOUNT)];
    Spec { name: "verdict.fates", grain: Grain::Opportunity, filter: vec![Test::Has(from)], dims, measures }
}

/// All specs, in the order in which `read` takes the answers.
pub fn specs(question: &Question, lay: &Lay) -> Vec<Spec> {
    let plan = plan(question, lay);
    let since = plan.sides[1].minutes().0;
    let mut out: Vec<Spec> = plan.sides.iter().flat_map(|side| [total(side), lead_only(side)]).collect();
    out.push(fates(question.as_of_minutes));
    out.extend(records::specs(question, Grain::LeadCycle, lead::CREATED_AT, &[lead::WON_AT]));
    for stream in &plan.streams {
        for side in &plan.sides {
            out.extend([stream.begun(side), stream.closed(side), stream.weeks(side)]);
            out.extend(stream.followed(side));
            out.extend(stream.steps.iter().map(|step| stream.open(side, step, question.as_of_minutes)));
        }
        out.push(stream.union(&plan.sides));
        out.extend(stream.steps.iter().map(|step| stream.pace(step, since, question.as_of_minutes)));
    }
    out
}
