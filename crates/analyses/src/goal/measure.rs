//! Rates, amounts and needs of each segment, with draws.

use stats::draws::Draws;
use stats::interval::Interval;
use tallies::columns::{lead_cycle as lead, opportunity as opp, spend_day};
use tallies::{Column, Dim, Grain, Measure, Spec, Tally, Test};

use super::Asked;
use crate::columns::{DAY, lead_won_between, said};
use crate::records::AGE_DAYS;
use crate::{Lay, figures::LEAST_EVENTS};

/// The start of a lead: its hand-off where that is recorded for half of them, else its creation.
pub fn start(lay: &Lay) -> Column {
    if 2 * lay.handed >= lay.leads { lead::HANDOFF_AT } else { lead::CREATED_AT }
}

/// How long a win takes.
pub fn waits(lay: &Lay, as_of: i64) -> Spec {
    let from = start(lay);
    Spec {
        name: "goal.waits",
        grain: Grain::LeadCycle,
        filter: vec![Test::Has(from), Test::Has(lead::WON_AT)],
        dims: vec![Dim::Age { from, events: vec![lead::WON_AT], as_of, bin: DAY, bins: AGE_DAYS }],
        measures: vec![Measure::Count],
    }
}

/// What became of the leads of a year, by segment; and what was spent in it.
pub fn specs(lay: &Lay, by: Option<Column>, window: (i64, i64)) -> Vec<Spec> {
    let won = vec![Test::Is(lead::REACHED_WON, 1), Test::Has(lead::AMOUNT)];
    vec![
        Spec {
            name: "goal.leads",
            grain: Grain::LeadCycle,
            filter: vec![Test::Between(start(lay), window.0, window.1)],
            dims: by.into_iter().map(Dim::Code).collect(),
            measures: vec![
                Measure::Count,
                Measure::CountIf(vec![Test::Is(lead::REACHED_OPPORTUNITY, 1)]),
                Measure::CountIf(won.clone()),
                Measure::SumIf(lead::AMOUNT, won.clone()),
                Measure::SumSquared(lead::AMOUNT, won),
            ],
        },
        Spec {
            name: "goal.spend",
            grain: Grain::SpendDay,
            filter: vec![Test::Between(spend_day::DAY, window.0.div_euclid(DAY), window.1.div_euclid(DAY))],
            dims: vec![],
            measures: vec![Measure::Sum(spend_day::COST)],
        },
    ]
}

/// What was won in these days.
pub fn won(first: i64, last: i64) -> [Spec; 2] {
    let all = |name, grain, filter, amount| {
        let measures = vec![Measure::Sum(amount)];
        Spec { name, grain, filter, dims: vec![], measures }
    };
    let mut lead_only = lead_won_between(first, last);
    lead_only.push(Test::Missing(lead::OPPORTUNITY));
    [
        all("goal.won", Grain::Opportunity, vec![Test::Between(opp::WON_ON, first, last)], opp::AMOUNT),
        all("goal.won_on_leads", Grain::LeadCycle, lead_only, lead::AMOUNT),
    ]
}

/// One segment of a year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    pub name: String,
    pub leads: u64,
    pub opportunities: u64,
    pub won: u64,
    /// What was won, in minor units, and the sum of squares.
    sum: f64,
    squares: f64,
}

/// What a segment takes, or all of them: point and draws of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    pub customers: Drawn,
    pub opportunities: Drawn,
    pub leads: Drawn,
    /// What a lead is worth, in minor units.
    pub worth: Drawn,
    /// What a customer brings, in minor units.
    pub amount: Drawn,
}

/// A number, and its interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    pub value: f64,
    pub interval: Option<Interval>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub segments: Vec<(Segment, Needs)>,
    pub all: (Segment, Needs),
    /// What was spent for one lead, in minor units; none where nothing was.
    pub spend: Option<f64>,
}

/// Wins from which a goal can be worked back.
const LEAST_WINS: u64 = 20;

/// From the answers to the specs.
pub fn read(tallies: &[Tally], asked: &Asked) -> Option<Found> {
    let [leads, spend] = tallies else { return None };
    let count = |cell, measure| u64::try_from(leads.int(cell, measure)).unwrap_or(0);
    let mut segments: Vec<Segment> = (0..leads.cells)
        .map(|cell| Segment {
            name: if leads.axes.is_empty() { "all".to_owned() } else { said(leads.label(cell, 0)) },
            leads: count(cell, 0),
            opportunities: count(cell, 1).max(count(cell, 2)),
            won: count(cell, 2),
            sum: leads.real(cell, 3),
            squares: leads.real(cell, 4),
        })
        .collect();
    // few wins tell no rate of their own
    let few = |s: &Segment| s.won < 2 * LEAST_EVENTS;
    let mut rest = Segment { name: "all others".to_owned(), ..Segment::default() };
    if segments.len() > 1 {
        segments.iter().filter(|s| few(s)).for_each(|s| rest.add(s));
        segments.retain(|s| !few(s));
    }
    if rest.leads > 0 {
        segments.push(rest);
    }
    let mut all = Segment { name: "all".to_owned(), ..Segment::default() };
    segments.iter().for_each(|s| all.add(s));
    if all.won < LEAST_WINS || all.sum <= 0.0 {
        return None;
    }
    let spent = spend.int(0, 0) as f64;
    let share = |s: &Segment| s.sum / all.sum;
    let points: Vec<[f64; 5]> = segments.iter().map(|s| s.needs(asked.goal * share(s))).collect();
    // draws: one row a draw, five numbers a segment
    let mut drawn: Vec<Vec<[f64; 5]>> = Vec::with_capacity(asked.draws);
    for draw in 0..asked.draws {
        let mut draws = Draws::stream(asked.seed, draw as u64);
        drawn.push(segments.iter().map(|s| s.drawn(asked.goal * share(s), &mut draws)).collect::<Option<_>>()?);
    }
    let interval = |of: &dyn Fn(&Vec<[f64; 5]>) -> f64| {
        let mut values: Vec<f64> = drawn.iter().map(of).collect();
        Interval::of_draws(&mut values)
    };
    let own =
        |place: usize, what: usize| Drawn { value: points[place][what], interval: interval(&|row| row[place][what]) };
    let sum = |what: usize| Drawn {
        value: points.iter().map(|p| p[what]).sum(),
        interval: interval(&|row| row.iter().map(|p| p[what]).sum()),
    };
    let total = |over: usize| Drawn {
        value: asked.goal / points.iter().map(|p| p[over]).sum::<f64>(),
        interval: interval(&|row| asked.goal / row.iter().map(|p| p[over]).sum::<f64>()),
    };
    let needs = |n: usize| Needs {
        customers: own(n, 0),
        opportunities: own(n, 1),
        leads: own(n, 2),
        worth: own(n, 3),
        amount: own(n, 4),
    };
    let together = Needs { customers: sum(0), opportunities: sum(1), leads: sum(2), worth: total(2), amount: total(0) };
    let spend = (spent > 0.0 && all.leads > 0).then(|| spent / all.leads as f64);
    let with = (0..segments.len()).map(needs).collect::<Vec<_>>();
    Some(Found { segments: segments.into_iter().zip(with).collect(), all: (all, together), spend })
}

impl Segment {
    fn add(&mut self, other: &Segment) {
        self.leads += other.leads;
        self.opportunities += other.opportunities;
        self.won += other.won;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// Mean of what a win brings, and its standard error.
    fn amount(&self) -> (f64, f64) {
        let n = self.won.max(1) as f64;
        let mean = self.sum / n;
        (mean, ((self.squares / n - mean * mean).max(0.0) / n).sqrt())
    }

    /// Customers, opportunities, leads, worth of a lead, amount of a customer.
    fn needs(&self, goal: f64) -> [f64; 5] {
        let rates =
            [self.won as f64 / self.opportunities.max(1) as f64, self.opportunities as f64 / self.leads.max(1) as f64];
        chain(goal, self.amount().0, rates)
    }

    fn drawn(&self, goal: f64, draws: &mut Draws) -> Option<[f64; 5]> {
        let (mean, se) = self.amount();
        let amount = if mean > 0.0 { draws.mean(mean, se).ok()? } else { 0.0 };
        let wins = draws.rate(self.won as f64, self.opportunities as f64).ok()?;
        let made = draws.rate(self.opportunities as f64, self.leads as f64).ok()?;
        Some(chain(goal, amount, [wins, made]))
    }
}

fn chain(goal: f64, amount: f64, [wins, made]: [f64; 2]) -> [f64; 5] {
    let over = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let customers = over(goal, amount);
    let opportunities = over(customers, wins);
    [customers, opportunities, over(opportunities, made), amount * wins * made, amount]
}
