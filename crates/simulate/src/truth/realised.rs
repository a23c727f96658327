//! What a seed's draws came to, counted while the files are written.

use serde::Serialize;

use crate::journey::{Cycle, Deal, Lead};
use crate::time::{Moment, PLANTED, QUARTERS, Quarter, THROUGH};

/// Passed of entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many met the gate.
    pub entered: u64,
    /// How many passed.
    pub passed: u64,
}

impl Share {
    fn count(&mut self, passed: bool) {
        self.entered += 1;
        self.passed += u64::from(passed);
    }

    /// Passed of entered; 0 if none entered.
    pub fn rate(self) -> f64 {
        self.passed as f64 / self.entered.max(1) as f64
    }
}

/// What happened in one quarter and is in the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    /// `2026Q3`.
    pub period: String,
    /// Leads created.
    pub leads: u64,
    /// Became mql, once a cycle.
    pub mql: u64,
    /// Became sal, once a cycle.
    pub sal: u64,
    /// Became sql.
    pub sql: u64,
    /// Opportunities created, with and without a lead.
    pub opportunities: u64,
    /// Won by close date.
    pub won: u64,
    /// Of those, with a lead created in the same quarter.
    pub won_same_quarter: u64,
    /// Of those, with a lead created in the quarter before.
    pub won_quarter_before: u64,
    /// Amount won, in cents.
    pub won_cents: i64,
    /// List price of what was won, in cents.
    pub won_list_cents: i64,
}

/// What the draws came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Realised {
    /// By quarter.
    pub periods: Vec<Period>,
    /// First cycles at their gates before and after 2026-07-01 by the time of the gate, to their true end
    /// even where the files end earlier; in gate order.
    pub gates: [[Share; 5]; 2],
    /// Leads won, to their true end.
    pub leads_won: u64,
    /// Hand-offs in the files without any attempt.
    pub never_attempted: u64,
    /// Second cycles in the files.
    pub second_cycles: u64,
    /// Opportunities without a lead in the files.
    pub direct_opportunities: u64,
    /// Bursts of link-scanner clicks in the mail events.
    pub scanner_bursts: u64,
    /// Leads whose company had converted before.
    pub colleagues: u64,
    /// Median days from lead to close of won leads, to their true end.
    pub median_days_to_won: f64,
    #[serde(skip)]
    days_to_won: Vec<u64>,
}

/// Made-up activity in the files of the gamed company.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Gaming {
    /// Status flips without any activity.
    pub flips: u64,
    /// Tasks that never happened.
    pub fake_tasks: u64,
    /// Seconds at which they were logged in bulk.
    pub bulk_seconds: u64,
}

impl Realised {
    pub(crate) fn new() -> Realised {
        let periods = Quarter::all().map(|q| Period { period: q.name(), ..Period::default() }).collect();
        Realised { periods, days_to_won: vec![0; 400], ..Realised::default() }
    }

    fn at(&mut self, at: Option<Moment>) -> Option<&mut Period> {
        let at = at.filter(|t| *t <= THROUGH)?;
        Quarter::of(at.day()).and_then(|q| self.periods.get_mut(q.0))
    }

    pub(crate) fn lead(&mut self, lead: &Lead) {
        if let Some(p) = self.at(Some(lead.created)) {
            p.leads += 1;
        }
        self.colleagues += u64::from(lead.number != lead.employer.number);
        self.first_gates(
            lead.created,
            &lead.journey.first,
            lead.journey.second.is_none().then_some(()).and(lead.journey.deal.as_ref()),
        );
        for cycle in lead.journey.cycles() {
            self.cycle(cycle);
        }
        self.second_cycles += u64::from(lead.journey.second.as_ref().and_then(|c| c.mql).is_some_and(|t| t <= THROUGH));
        if let Some(deal) = &lead.journey.deal {
            self.deal(deal, Some(lead.created));
        }
    }

    fn first_gates(&mut self, created: Moment, cycle: &Cycle, deal: Option<&Deal>) {
        let met = [
            (Some(created), cycle.mql.is_some()),
            (cycle.handoff, cycle.sal.is_some()),
            (cycle.sal, cycle.sql.is_some()),
            (cycle.sql, cycle.conversion.is_some()),
            (deal.map(|d| d.close), deal.is_some_and(|d| d.won)),
        ];
        for (gate, (at, passed)) in met.into_iter().enumerate() {
            if let Some(at) = at {
                self.gates[usize::from(at >= PLANTED)][gate].count(passed);
            }
        }
    }

    fn cycle(&mut self, cycle: &Cycle) {
        if let Some(p) = self.at(cycle.mql) {
            p.mql += 1;
        }
        if let Some(p) = self.at(cycle.sal) {
            p.sal += 1;
        }
        if let Some(p) = self.at(cycle.sql) {
            p.sql += 1;
        }
        let silent = cycle.followup.attempts.is_empty() && cycle.handoff.is_some_and(|t| t <= THROUGH);
        self.never_attempted += u64::from(silent);
    }

    /// Counts an opportunity; `lead` is when its lead was created.
    pub(crate) fn deal(&mut self, deal: &Deal, lead: Option<Moment>) {
        if let Some(p) = self.at(Some(deal.created())) {
            p.opportunities += 1;
        }
        self.direct_opportunities += u64::from(lead.is_none() && deal.created() <= THROUGH);
        if !deal.won {
            return;
        }
        if let Some(created) = lead {
            self.leads_won += 1;
            let days = (deal.close.0 - created.0) / 86_400;
            let last = self.days_to_won.len() - 1;
            self.days_to_won[(days.max(0) as usize).min(last)] += 1;
        }
        let Some(quarter) = Quarter::of(deal.close_day).filter(|_| deal.close <= THROUGH) else { return };
        let from = lead.and_then(|t| Quarter::of(t.day()));
        let p = &mut self.periods[quarter.0];
        p.won += 1;
        p.won_cents += deal.amount();
        p.won_list_cents += deal.list * 100;
        p.won_same_quarter += u64::from(from == Some(quarter));
        p.won_quarter_before += u64::from(from.is_some_and(|f| f.0 + 1 == quarter.0));
    }

    pub(crate) fn finish(&mut self) {
        let total: u64 = self.days_to_won.iter().sum();
        let mut seen = 0;
        let middle = self.days_to_won.iter().position(|n| {
            seen += n;
            seen * 2 >= total.max(1)
        });
        self.median_days_to_won = middle.map_or(0.0, |d| d as f64 + 0.5);
        debug_assert_eq!(self.periods.len(), QUARTERS);
    }
}
