//! The lay of the land: what the facts hold at all, from one small first call.
//!
//! Here: which stages, columns, dates and money are recorded. Not here: any answer. Invariant: what is not recorded is
//! known here, so that a room skips it and says so.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Dim, Grain, Measure, Spec, Tally, Test};
use terms::{FiscalYear, PeriodUnit, Stage};

use crate::columns::{self, DEFAULTS, at, dimension, got_to};

/// What is recorded, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lay {
    /// Lead cycles.
    pub leads: u64,
    /// Of those, with a time of creation.
    pub dated_leads: u64,
    /// Got at least as far as each of `Stage::FORWARD`.
    pub reached: [u64; 6],
    /// Have a time for each of `Stage::FORWARD`.
    pub timed: [u64; 6],
    /// Ended without a win, and with a time.
    pub exits: u64,
    /// With an opportunity that was lost, and when.
    pub lead_losses: u64,
    /// Lead cycles won without an opportunity of their own.
    pub lead_only_wins: u64,
    /// Of those, with an amount.
    pub lead_only_with_amount: u64,
    /// With a first attempt after the hand-off.
    pub attempts: u64,
    /// Of the first attempts, known by their day alone.
    pub day_attempts: u64,
    /// With a first two-way contact.
    pub contacts: u64,
    /// With a time of hand-off.
    pub handed: u64,
    /// Dealt out by lot, to be worked by a procedure that stays as it is.
    pub by_lot: u64,
    /// Opportunities.
    pub opportunities: u64,
    /// Of those, with a time of creation.
    pub dated_opportunities: u64,
    /// Of those, without a lead.
    pub without_lead: u64,
    /// Won, with a close day.
    pub won: u64,
    /// Lost, with a close day.
    pub lost: u64,
    /// Won and with an amount, at either grain.
    pub won_with_amount: u64,
    /// Won and with a list price, at either grain.
    pub won_with_list: u64,
    /// Months (numbers on the fiscal calendar) in which leads were created: first, last.
    pub lead_months: Option<(i32, i32)>,
    /// Months in which opportunities were opened: first, last.
    pub opportunity_months: Option<(i32, i32)>,
    /// Distinct values of the columns that rooms choose from by themselves, among leads and opportunities.
    pub distinct: Vec<(&'static str, u64, u64)>,
    /// Rows with a value of those columns, among leads and opportunities.
    pub filled: Vec<(&'static str, u64, u64)>,
    /// Leads that were won, and that were not: all; those that became mql; those that were attempted in time; both.
    pub ends: [(u64, u64); 4],
    /// For each of `LEAD_REPS`: how many of each of these name the rep.
    pub lead_reps: Vec<[(u64, u64); 4]>,
    /// Opportunities with an owner that closed as won, and that closed as lost.
    pub opportunity_owners: (u64, u64),
}

/// The columns that say which rep worked a lead: who tried first, else who owns it; or its development rep.
pub const LEAD_REPS: [&[Column]; 2] = [&[lead::FIRST_REP, lead::OWNER], &[lead::SDR]];

/// What to count first.
pub fn specs(fiscal: FiscalYear) -> Vec<Spec> {
    let mut of_leads = vec![Measure::Count, Measure::CountIf(vec![Test::Has(lead::CREATED_AT)])];
    of_leads.extend(Stage::FORWARD.map(|s| Measure::CountIf(got_to(s))));
    of_leads.extend(Stage::FORWARD.map(|s| Measure::CountIf(at(s).map(Test::Has).into_iter().collect())));
    let lead_only = vec![Test::Is(lead::REACHED_WON, 1), Test::Missing(lead::OPPORTUNITY)];
    let with = |mut tests: Vec<Test>, column| {
        tests.push(Test::Has(column));
        Measure::CountIf(tests)
    };
    of_leads.extend([
        Measure::CountIf(vec![Test::Has(lead::EXIT_AT)]),
        Measure::CountIf(vec![Test::Has(lead::LOST_AT)]),
        Measure::CountIf(lead_only.clone()),
        with(lead_only.clone(), lead::AMOUNT),
        with(lead_only, lead::LIST_PRICE),
        Measure::CountIf(vec![Test::Has(lead::FIRST_ATTEMPT_AT)]),
        Measure::CountIf(vec![Test::Has(lead::FIRST_CONTACT_AT)]),
        Measure::CountIf(vec![Test::Has(lead::FIRST_ATTEMPT_AT), Test::Is(lead::FIRST_IS_DAY, 1)]),
    ]);
    let mut of_opportunities = vec![
        Measure::Count,
        Measure::CountIf(vec![Test::Has(opp::CREATED_AT)]),
        Measure::CountIf(vec![Test::Not(Box::new(Test::Is(opp::HAS_LEAD, 1)))]),
        Measure::CountIf(vec![Test::Has(opp::WON_ON)]),
        Measure::CountIf(vec![Test::Has(opp::LOST_ON)]),
        with(vec![Test::Has(opp::WON_ON)], opp::AMOUNT),
        with(vec![Test::Has(opp::WON_ON)], opp::LIST_PRICE),
    ];
    for name in DEFAULTS {
        for (grain, measures) in [(Grain::LeadCycle, &mut of_leads), (Grain::Opportunity, &mut of_opportunities)] {
            if let Some(column) = dimension(grain, name) {
                measures.extend([Measure::Distinct(column), Measure::CountIf(vec![Test::Has(column)])]);
            } else {
                measures.extend([Measure::CountIf(vec![Test::Any(vec![])]), Measure::CountIf(vec![Test::Any(vec![])])]);
            }
        }
    }
    of_leads.push(Measure::CountIf(vec![Test::Has(lead::HANDOFF_AT)]));
    of_leads.push(Measure::CountIf(vec![columns::by_lot()]));
    let months = |name, grain, column| Spec {
        name,
        grain,
        filter: vec![Test::Has(column)],
        dims: vec![Dim::Period(column, PeriodUnit::Month, fiscal)],
        measures: vec![Measure::Count],
    };
    let all = |name, grain, measures| Spec { name, grain, filter: vec![], dims: vec![], measures };
    let won = Test::Is(lead::REACHED_WON, 1);
    let won_or_not = |tests: &[Test]| {
        [won.clone(), Test::Not(Box::new(won.clone()))]
            .map(|test| Measure::CountIf(tests.iter().cloned().chain([test]).collect()))
    };
    let (mql, tried) = (vec![Test::Is(lead::REACHED_MQL, 1)], columns::tried());
    let mut lead_reps = Vec::new();
    for known in std::iter::once(None).chain(LEAD_REPS.iter().map(|c| Some(columns::any(c)))) {
        for among in [vec![], mql.clone(), tried.clone(), [mql.clone(), tried.clone()].concat()] {
            lead_reps.extend(won_or_not(&known.clone().into_iter().chain(among).collect::<Vec<Test>>()));
        }
    }
    let owners =
        [opp::WON_ON, opp::LOST_ON].map(|end| Measure::CountIf(vec![Test::Has(opp::OWNER), Test::Has(end)])).to_vec();
    vec![
        all("lay.leads", Grain::LeadCycle, of_leads),
        all("lay.opportunities", Grain::Opportunity, of_opportunities),
        months("lay.lead_months", Grain::LeadCycle, lead::CREATED_AT),
        months("lay.opportunity_months", Grain::Opportunity, opp::CREATED_AT),
        all("lay.lead_reps", Grain::LeadCycle, lead_reps),
        all("lay.opportunity_owners", Grain::Opportunity, owners),
    ]
}

impl Lay {
    /// From the answers to its specs, in their order.
    pub fn read(tallies: &[Tally]) -> Lay {
        let number = |t: usize, m: usize| tallies.get(t).map_or(0, |t| u64::try_from(t.int(0, m)).unwrap_or(0));
        let months = |t: usize| {
            let tally = tallies.get(t)?;
            let labels = &tally.axes.first()?.labels;
            let first = labels.iter().find_map(|l| l.number())?;
            let last = labels.iter().rev().find_map(|l| l.number())?;
            Some((i32::try_from(first).ok()?, i32::try_from(last).ok()?))
        };
        let (after_leads, after_opps) = (22, 7);
        let pairs = |step: usize| {
            DEFAULTS
                .iter()
                .enumerate()
                .map(|(i, name)| (*name, number(0, after_leads + 2 * i + step), number(1, after_opps + 2 * i + step)))
                .collect()
        };
        let both = |i: usize| [0, 2, 4, 6].map(|m| (number(4, 8 * i + m), number(4, 8 * i + m + 1)));
        Lay {
            leads: number(0, 0),
            dated_leads: number(0, 1),
            reached: [0, 1, 2, 3, 4, 5].map(|i| number(0, 2 + i)),
            timed: [0, 1, 2, 3, 4, 5].map(|i| number(0, 8 + i)),
            exits: number(0, 14),
            lead_losses: number(0, 15),
            lead_only_wins: number(0, 16),
            lead_only_with_amount: number(0, 17),
            attempts: number(0, 19),
            contacts: number(0, 20),
            day_attempts: number(0, 21),
            handed: number(0, after_leads + 2 * DEFAULTS.len()),
            by_lot: number(0, after_leads + 2 * DEFAULTS.len() + 1),
            opportunities: number(1, 0),
            dated_opportunities: number(1, 1),
            without_lead: number(1, 2),
            won: number(1, 3),
            lost: number(1, 4),
            won_with_amount: number(1, 5) + number(0, 17),
            won_with_list: number(1, 6) + number(0, 18),
            lead_months: months(2),
            opportunity_months: months(3),
            distinct: pairs(0),
            filled: pairs(1),
            ends: both(0),
            lead_reps: (1..=LEAD_REPS.len()).map(both).collect(),
            opportunity_owners: (number(5, 0), number(5, 1)),
        }
    }

    /// Whether there are leads and opportunities, and nothing says which lead became which: no opportunity has a lead,
    /// and no win on a lead's own record could stand for revenue (none has a date, or none has an amount while
    /// opportunities do). What leads contributed cannot be told then, and is not 0.
    pub fn unlinked(&self) -> bool {
        let tells_revenue =
            self.timed[5] > 0 && (self.lead_only_with_amount > 0 || self.won_with_amount == self.lead_only_with_amount);
        self.leads > 0 && self.opportunities > 0 && self.without_lead == self.opportunities && !tells_revenue
    }

    /// The same without the leads, where they cannot be followed to any opportunity.
    pub fn followed(&self) -> Lay {
        let mut lay = self.clone();
        if self.unlinked() {
            (lay.leads, lay.dated_leads, lay.lead_months) = (0, 0, None);
        }
        lay
    }

    /// The stages of the funnel that are recorded, in order; the first is where every lead is at least.
    ///
    /// A stage counts as recorded when somebody stands at it or left from it, or has a time for it; a stage that every
    /// lead has reached from the start (an export of mql only) takes the place of the inquiry.
    pub fn stages(&self) -> Vec<Stage> {
        let mut out: Vec<Stage> = Vec::new();
        for (i, stage) in Stage::FORWARD.into_iter().enumerate() {
            let here = self.reached[i];
            let stands = here > self.reached.get(i + 1).copied().unwrap_or(0);
            let recorded = here > 0 && (stands || self.timed[i] > 0);
            if stage == Stage::Inquiry {
                if here > 0 {
                    out.push(stage);
                }
            } else if recorded && here == self.reached[0] && stage != Stage::ClosedWon && out.len() == 1 {
                out[0] = stage;
            } else if recorded {
                out.push(stage);
            }
        }
        out
    }

    /// Stages that nothing was recorded for, in order.
    pub fn missing_stages(&self) -> Vec<Stage> {
        let there = self.stages();
        let from = there.first().copied().unwrap_or(Stage::Inquiry);
        Stage::FORWARD.into_iter().filter(|s| *s > from && !there.contains(s)).collect()
    }

    /// The column to tell leads apart by: the asked one, else the first that is recorded for half of them and has
    /// between 2 and 60 values. `None` where there is none.
    pub fn column(&self, grain: Grain, asked: &[String]) -> Option<tallies::Column> {
        if let Some(name) = asked.first() {
            return columns::dimension(grain, name);
        }
        DEFAULTS.iter().find_map(|name| self.recorded(grain, name).then(|| columns::dimension(grain, name)).flatten())
    }

    /// A second column to tell the rows of one value of the first apart: the asked one, else one that is recorded for half
    /// of them and leaves `least` rows on average for each pair of values. What size a customer is comes first: prices
    /// and the time it takes to win hang on it most. `None` where there is none.
    pub fn within(&self, grain: Grain, asked: &[String], least: u64) -> Option<tallies::Column> {
        const ORDER: [&str; 5] = ["segment", "product", "industry", "country", "source"];
        let first = self.column(grain, asked)?;
        if let Some(name) = asked.get(1) {
            return columns::dimension(grain, name).filter(|c| *c != first);
        }
        let rows = if grain == Grain::LeadCycle { self.leads } else { self.opportunities };
        let values = |name: &str| {
            let of = self.distinct.iter().find(|d| d.0 == name)?;
            Some(if grain == Grain::LeadCycle { of.1 } else { of.2 })
        };
        let apart = values(first.name)?.max(1);
        ORDER
            .into_iter()
            .filter(|name| *name != first.name && self.recorded(grain, name))
            .filter(|name| values(name).is_some_and(|own| rows >= least * apart * own))
            .find_map(|name| columns::dimension(grain, name))
    }

    /// Whether one of the usual columns is recorded for half of the rows and has between 2 and 60 values.
    pub fn recorded(&self, grain: Grain, name: &str) -> bool {
        let rows = if grain == Grain::LeadCycle { self.leads } else { self.opportunities };
        let pick = |pair: &(&'static str, u64, u64)| if grain == Grain::LeadCycle { pair.1 } else { pair.2 };
        let of = |all: &[(&'static str, u64, u64)]| all.iter().find(|p| p.0 == name).map_or(0, pick);
        (2..=60).contains(&of(&self.distinct)) && 2 * of(&self.filled) >= rows
    }
}
