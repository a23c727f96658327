//! A small invented company as fact tables, for tests: what is planted is known.
//!
//! Not here: files, entries, names. Invariant: same world, same seed, same tables.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::plain::Tables;
use tallies::{Grain, Table};
use terms::{Day, Stage};

/// What happens from [`World::PLANTED`] on, and how large the company is.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub per_quarter: usize,
    pub extra: f64,
    pub weak_mql: f64,
    pub weak_qualification: f64,
    pub shifted: bool,
    pub acceptance: f64,
    pub mql: f64,
    pub opportunity: f64,
    pub win: f64,
    pub pace: f64,
    pub discount: f64,
    pub late_discount: f64,
    pub list: f64,
    pub losses: bool,
    pub lists: bool,
    pub amounts: bool,
    /// Whether reps' attempts are recorded, and what becomes of three shares from then on: tried at all, within the
    /// hour, tried again.
    pub activities: bool,
    pub tried: f64,
    pub soon: f64,
    pub again: f64,
    /// Whether one company in five is large: pays five times as much and takes twice as long.
    pub sizes: bool,
}

pub const SOURCES: [&str; 6] = ["Web", "Organic Search", "Paid Social", "Webinar", "Partner Referral", "Outbound"];
const SIZES: [&str; 2] = ["Small", "Large"];
const SHARES: [f64; 6] = [0.30, 0.24, 0.18, 0.12, 0.09, 0.07];
const SHIFTED: [f64; 6] = [0.18, 0.12, 0.50, 0.06, 0.04, 0.10];
/// mql, sal, sql, opportunity, won.
const RATES: [[f64; 5]; 6] = [
    [0.48, 0.71, 0.62, 0.84, 0.36],
    [0.50, 0.73, 0.64, 0.85, 0.38],
    [0.32, 0.56, 0.50, 0.79, 0.27],
    [0.62, 0.73, 0.62, 0.85, 0.37],
    [0.78, 0.88, 0.77, 0.92, 0.48],
    [0.44, 0.80, 0.60, 0.81, 0.32],
];

impl Default for World {
    fn default() -> World {
        World {
            per_quarter: 900,
            extra: 0.0,
            weak_mql: 1.0,
            weak_qualification: 1.0,
            shifted: false,
            acceptance: 1.0,
            mql: 1.0,
            opportunity: 1.0,
            win: 1.0,
            pace: 1.0,
            discount: 0.1,
            late_discount: 0.1,
            list: 1.0,
            losses: true,
            lists: true,
            amounts: true,
            activities: false,
            tried: 1.0,
            soon: 1.0,
            again: 1.0,
            sizes: false,
        }
    }
}

/// A generator of its own, so that tests need no other: PCG-XSH-RR 64/32.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x853c_49e6_748f_ea9b);
        for _ in 0..4 {
            dice.unit();
        }
        dice
    }

    pub fn unit(&mut self) -> f64 {
        let old = self.0;
        self.0 = old.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (((old >> 18) ^ old) >> 27) as u32;
        f64::from(mixed.rotate_right((old >> 59) as u32)) / 4_294_967_296.0
    }

    fn yes(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        weights
            .iter()
            .position(|w| {
                left -= w;
                left < 0.0
            })
            .unwrap_or(weights.len() - 1)
    }

    /// Exponential with this mean.
    pub fn wait(&mut self, mean: f64) -> f64 {
        -(1.0 - self.unit()).ln() * mean
    }
}

#[derive(Clone, Copy, Default)]
struct Row {
    source: usize,
    large: bool,
    created: i64,
    at: [Option<i64>; 4],
    exit: Option<i64>,
    opp: Option<usize>,
    done: Option<Done>,
}

/// What was done about a lead after its hand-off.
#[derive(Clone, Copy)]
struct Done {
    handed: i64,
    first: Option<i64>,
    contact: Option<i64>,
    tries: i64,
}

#[derive(Clone, Copy)]
struct Deal {
    lead: Option<usize>,
    source: usize,
    large: bool,
    created: i64,
    close: Option<(i64, bool)>,
    list: i64,
    amount: i64,
}

impl World {
    /// From here on the planted change holds: 2026-07-01.
    pub const PLANTED: Day = Day(20_635);
    /// The first day with leads: 2024-10-01.
    pub const START: Day = Day(19_997);
    /// Until when anything was observed: the end of 2026-10-04.
    pub const AS_OF: i64 = (20_730 + 1) * 1_440 - 1;

    /// The fact tables of one seed.
    pub fn tables(&self, seed: u64) -> Tables {
        let mut dice = Dice::new(seed);
        let (mut rows, mut deals) = (Vec::new(), Vec::new());
        let days = 8 * 91 + 2;
        for _ in 0..self.per_quarter * 8 {
            let at = i64::from(Self::START.0) * 1_440 + (dice.unit() * f64::from(days) * 1_440.0) as i64;
            self.lead(&mut dice, at, false, &mut rows, &mut deals);
        }
        for _ in 0..(self.per_quarter as f64 * self.extra) as usize {
            let at = i64::from(Self::PLANTED.0) * 1_440 + (dice.unit() * 92.0 * 1_440.0) as i64;
            self.lead(&mut dice, at, true, &mut rows, &mut deals);
        }
        for _ in 0..self.per_quarter * 8 / 75 {
            let created = i64::from(Self::START.0) * 1_440 + (dice.unit() * f64::from(days) * 1_440.0) as i64;
            let source = dice.pick(&SHARES);
            let large = self.sizes && dice.yes(0.2);
            let deal = self.deal(&mut dice, None, (source, large), created);
            deals.push(deal);
        }
        self.fill(&rows, &deals)
    }

    fn planted(at: i64) -> bool {
        at >= i64::from(Self::PLANTED.0) * 1_440
    }

    fn lead(&self, dice: &mut Dice, created: i64, weak: bool, rows: &mut Vec<Row>, deals: &mut Vec<Deal>) {
        let shares = if self.shifted && Self::planted(created) { SHIFTED } else { SHARES };
        let source = dice.pick(&shares);
        let large = self.sizes && dice.yes(0.2);
        let mut row = Row { source, large, created, ..Row::default() };
        let mut at = created;
        let waits = [0.6, 1.0, 3.0, 2.0];
        for step in 0..4 {
            let then = at + (dice.wait(waits[step]) * 1_440.0) as i64 + 1;
            let planted = Self::planted(at);
            let mut worth = 1.0;
            if step == 1 && self.activities {
                let (done, ratio) = self.follow_up(dice, at, planted);
                (row.done, worth) = (Some(done), ratio);
            }
            let change = match step {
                0 if weak => self.weak_mql,
                0 if planted => self.mql,
                1 if planted => self.acceptance,
                2 if weak => self.weak_qualification,
                3 if planted => self.opportunity,
                _ => 1.0,
            };
            if !dice.yes((RATES[source][step] * change * worth).min(0.97)) {
                if step > 0 || dice.yes(0.3) {
                    row.exit = Some(then + (dice.wait(8.0) * 1_440.0) as i64).filter(|t| *t <= Self::AS_OF);
                }
                break;
            }
            if then > Self::AS_OF {
                break;
            }
            at = then;
            row.at[step] = Some(at);
        }
        if row.at[3].is_some() {
            row.opp = Some(deals.len());
            let deal = self.deal(dice, Some(rows.len()), (source, large), at);
            deals.push(deal);
        }
        rows.push(row);
    }

    /// What is done about a lead handed off at a moment, and what its acceptance is multiplied by.
    fn follow_up(&self, dice: &mut Dice, handed: i64, planted: bool) -> (Done, f64) {
        let share = |usual: f64, change: f64| usual * if planted { change } else { 1.0 };
        let mut done = Done { handed, first: None, contact: None, tries: 0 };
        if !dice.yes(share(0.9, self.tried)) {
            return (done, 0.05);
        }
        let is_soon = dice.yes(share(0.6, self.soon));
        let first = handed + (dice.unit() * if is_soon { 55.0 } else { 2_880.0 }) as i64 + if is_soon { 1 } else { 90 };
        (done.first, done.tries) = (Some(first), 1);
        let speed = if is_soon { 1.15 } else { 0.75 };
        if dice.yes(0.35) {
            done.contact = Some(first);
            return (done, speed * 1.2);
        }
        if dice.yes(share(0.7, self.again)) {
            done.tries = 2;
            return (done, speed);
        }
        (done, speed * 0.5)
    }

    fn deal(&self, dice: &mut Dice, lead: Option<usize>, (source, large): (usize, bool), created: i64) -> Deal {
        let days = (2.0 + dice.wait(14.0) + dice.wait(14.0)) * if large { 2.0 } else { 1.0 };
        let usual = created + (days * 1_440.0) as i64;
        let from = created.max(i64::from(Self::PLANTED.0) * 1_440);
        let close = if usual <= from { usual } else { from + ((usual - from) as f64 * self.pace) as i64 };
        let planted = Self::planted(close);
        let won = dice.yes(RATES[source][4] * if planted { self.win } else { 1.0 });
        let late = planted && close >= i64::from(Self::PLANTED.0 + 78) * 1_440;
        let mean = if late {
            self.late_discount
        } else if planted {
            self.discount
        } else {
            0.1
        };
        let discount = mean * 2.0 * dice.unit();
        let mut list = 10_000.0 * (0.4 + 0.6 * dice.wait(1.0)) * (1.0 + 0.1 * source as f64);
        if planted {
            list *= self.list;
        }
        if large {
            list *= 5.0;
        }
        let list = list as i64 * 100;
        Deal {
            lead,
            source,
            large,
            created,
            close: Some((close, won)).filter(|c| c.0 <= Self::AS_OF && (won || self.losses)),
            list,
            amount: (list as f64 * (1.0 - discount)) as i64,
        }
    }

    fn fill(&self, rows: &[Row], deals: &[Deal]) -> Tables {
        let mut leads = Table::new(Grain::LeadCycle, rows.len());
        for (i, row) in rows.iter().enumerate() {
            leads.set(lead::KEY, i, i as i64 + 1);
            leads.set_text(lead::SOURCE, i, SOURCES[row.source]);
            if self.sizes {
                leads.set_text(lead::SEGMENT, i, SIZES[usize::from(row.large)]);
            }
            leads.set(lead::CREATED_AT, i, row.created);
            leads.set(lead::HAS_CREATED_AT, i, 1);
            leads.set(lead::WON_BEFORE_CREATED, i, 0);
            let ats = [lead::MQL_AT, lead::SAL_AT, lead::SQL_AT, lead::OPPORTUNITY_AT];
            let reached = [lead::REACHED_MQL, lead::REACHED_SAL, lead::REACHED_SQL, lead::REACHED_OPPORTUNITY];
            for ((at, column), reached) in row.at.iter().zip(ats).zip(reached) {
                leads.set(reached, i, i64::from(at.is_some()));
                if let Some(at) = at {
                    leads.set(column, i, *at);
                }
            }
            leads.set(lead::REACHED_WON, i, 0);
            leads.set(lead::EXITED, i, i64::from(row.exit.is_some()));
            if let Some(exit) = row.exit {
                leads.set(lead::EXIT_AT, i, exit);
            }
            if let Some(done) = row.done {
                leads.set(lead::HANDOFF_AT, i, done.handed);
                for (column, at) in [(lead::FIRST_ATTEMPT_AT, done.first), (lead::FIRST_CONTACT_AT, done.contact)] {
                    if let Some(at) = at.filter(|at| *at <= Self::AS_OF) {
                        leads.set(column, i, at);
                    }
                }
                leads.set(lead::TRIES, i, done.tries);
            }
            let Some(deal) = row.opp.map(|o| &deals[o]) else { continue };
            leads.set(lead::OPPORTUNITY, i, row.opp.map_or(0, |o| o as i64 + 1));
            if self.amounts {
                leads.set(lead::AMOUNT, i, deal.amount);
            }
            if self.lists {
                leads.set(lead::LIST_PRICE, i, deal.list);
            }
            if let Some((close, won)) = deal.close {
                leads.set(lead::CLOSED_ON, i, close.div_euclid(1_440));
                if won {
                    leads.set(lead::REACHED_WON, i, 1);
                    leads.set(lead::WON_AT, i, close);
                } else {
                    leads.set(lead::LOST_AT, i, close);
                    leads.set(lead::EXIT_AT, i, close);
                    leads.set(lead::EXITED, i, 1);
                }
            }
        }
        let mut opps = Table::new(Grain::Opportunity, deals.len());
        for (i, deal) in deals.iter().enumerate() {
            opps.set(opp::KEY, i, i as i64 + 1);
            opps.set_text(opp::SOURCE, i, SOURCES[deal.source]);
            if self.sizes {
                opps.set_text(opp::SEGMENT, i, SIZES[usize::from(deal.large)]);
            }
            opps.set(opp::HAS_LEAD, i, i64::from(deal.lead.is_some()));
            opps.set(opp::CREATED_AT, i, deal.created);
            opps.set(opp::STAGE, i, Stage::Opportunity as i64);
            if self.amounts {
                opps.set(opp::AMOUNT, i, deal.amount);
            }
            if self.lists {
                opps.set(opp::LIST_PRICE, i, deal.list);
            }
            if let Some((close, won)) = deal.close {
                let day = close.div_euclid(1_440);
                opps.set(opp::CLOSED_ON, i, day);
                opps.set(if won { opp::WON_ON } else { opp::LOST_ON }, i, day);
                let stage = if won { Stage::ClosedWon } else { Stage::ClosedLost };
                opps.set(opp::STAGE, i, stage as i64);
            }
        }
        Tables { tables: vec![leads, opps] }
    }
}
