//! One cycle of a lead: inquiry or nurture, mql, hand-off, follow-up, sal, sql, and its exit or conversion.

use super::Followup;
use crate::chance::{Chance, Spread};
use crate::time::{Moment, Zone, at_work, working_between};
use crate::trade::{Gate, SDRS, Segment, Source, TO_MQL, World, zone};

/// What a lead's chances hang on.
#[derive(Debug, Clone, Copy)]
pub struct Traits {
    /// Its source.
    pub source: Source,
    /// Its company's size class.
    pub segment: Segment,
    /// One of the planted extra leads.
    pub weak: bool,
    /// 0 to 1; shows in the rating, and matters only in the picky world.
    pub quality: f64,
}

/// How a cycle ended without conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitKind {
    /// Turned down by sales, for a reason
    Rejected,
    /// Did not qualify
    Disqualified,
    /// Back to nurture
    Recycled,
}

/// The end of a cycle without conversion.
#[derive(Debug, Clone, Copy)]
pub struct Exit {
    /// When.
    pub at: Moment,
    /// How.
    pub kind: ExitKind,
}

/// One cycle. A lead whose mql is `None` never left inquiry (or nurture).
#[derive(Debug, Clone, Default)]
pub struct Cycle {
    /// Marketing-qualified.
    pub mql: Option<Moment>,
    /// Passed to sales; the clock starts.
    pub handoff: Option<Moment>,
    /// User number of the SDR.
    pub sdr: usize,
    /// Attempts after the hand-off.
    pub followup: Followup,
    /// Accepted by sales.
    pub sal: Option<Moment>,
    /// The meeting in which it qualified.
    pub meeting: Option<Moment>,
    /// Sales-qualified.
    pub sql: Option<Moment>,
    /// Converted to an opportunity.
    pub conversion: Option<Moment>,
    /// Left without conversion.
    pub exit: Option<Exit>,
}

/// Chance that a recycled lead qualifies for marketing again.
pub const AGAIN: f64 = 0.30;
/// Days from recycling to mql.
const NURTURE: Spread = Spread(&[(0.0, 14.0), (0.5, 32.0), (1.0, 75.0)]);
/// Minutes from mql to hand-off: the system's own delay.
const ROUTING: Spread = Spread(&[(0.0, 0.5), (0.5, 4.0), (0.9, 30.0), (1.0, 180.0)]);
/// Days from sal to sql.
const TO_SQL: Spread = Spread(&[(0.0, 0.05), (0.4, 1.6), (0.75, 5.0), (1.0, 16.0)]);
/// Days from sql to opportunity.
const TO_OPPORTUNITY: Spread = Spread(&[(0.0, 0.02), (0.5, 1.0), (0.85, 4.0), (1.0, 10.0)]);
/// Days until a lead that goes nowhere is let go.
const LET_GO: Spread = Spread(&[(0.0, 3.0), (0.5, 9.0), (1.0, 25.0)]);

impl Cycle {
    /// A cycle starting at `from`. `forced` passes every gate and returns the chance of that as weight;
    /// otherwise gates are rolled and the weight is 1.
    pub fn draw(
        world: &World,
        traits: &Traits,
        chance: &mut Chance,
        (from, again): (Moment, bool),
        forced: bool,
    ) -> (Cycle, f64) {
        let gates: [f64; 4] = std::array::from_fn(|_| chance.unit());
        let waits: [f64; 6] = std::array::from_fn(|_| chance.unit());
        let hours: [f64; 4] = std::array::from_fn(|_| chance.unit());
        let mut weight = 1.0;
        let mut pass = |gate: usize, p: f64| {
            if forced {
                weight *= p;
            }
            forced || gates[gate] < p
        };
        let rate = |gate, at| world.rate(gate, Some(traits.source), traits.segment, at);
        let weak = |factor| if traits.weak { factor } else { 1.0 };

        let mut cycle = Cycle { sdr: sdr(world, traits.quality, chance), ..Cycle::default() };
        let zone = zone(cycle.sdr);
        let (mql, p) = if again {
            (from.plus_days(NURTURE.at(waits[0])), AGAIN)
        } else {
            (from.plus((TO_MQL.at(waits[0]) * 3600.0) as i64 + 30), rate(Gate::Mql, from))
        };
        if !pass(0, p * weak(world.weak_mql)) {
            return (cycle, weight);
        }
        let handoff = mql.plus((ROUTING.at(waits[1]) * 60.0) as i64);
        (cycle.mql, cycle.handoff) = (Some(mql), Some(handoff));

        let mut effort = world.effort(traits.source, traits.segment, handoff);
        effort.answer *= pace(world, cycle.sdr);
        let accepted = if forced {
            let (followup, reached) = Followup::reached(&effort, chance, handoff, zone);
            cycle.followup = followup;
            pass(1, reached * effort.accepted)
        } else {
            cycle.followup = Followup::draw(&effort, chance, handoff, zone);
            pass(1, effort.accepted)
        };
        let Some(sal) = cycle.followup.contact().map(|c| c.plus(60 + (waits[2] * 900.0) as i64)) else {
            let silent = cycle.followup.attempts.is_empty();
            if !(silent && gates[2] < 0.8) {
                let quiet = if silent { 30.0 } else { 0.0 } + LET_GO.at(waits[2]);
                let last = cycle.followup.last().unwrap_or(handoff);
                cycle.leave(zone, last.plus_days(quiet), hours[0], last, (gates[3] < 0.35, ExitKind::Rejected));
            }
            return (cycle, weight);
        };
        if !accepted {
            cycle.leave(zone, sal, hours[0], sal, (gates[3] < 0.15, ExitKind::Rejected));
            return (cycle, weight);
        }
        cycle.sal = Some(sal);

        let met = at_work(zone, sal.plus_days(TO_SQL.at(waits[3])), hours[1], sal);
        if !pass(2, rate(Gate::Qualification, sal) * weak(world.weak_qualification)) {
            cycle.leave(zone, met, hours[2], met, (gates[3] < 0.32, ExitKind::Disqualified));
            return (cycle, weight);
        }
        let sql = met.plus(600 + (waits[4] * 5400.0) as i64);
        (cycle.meeting, cycle.sql) = (Some(met), Some(sql));

        let next = at_work(zone, sql.plus_days(TO_OPPORTUNITY.at(waits[5])), hours[3], sql);
        if pass(3, rate(Gate::Opportunity, sql)) {
            cycle.conversion = Some(next);
        } else {
            cycle.leave(zone, next.plus_days(5.0), hours[2], next, (hours[0] < 0.35, ExitKind::Disqualified));
        }
        (cycle, weight)
    }

    fn leave(&mut self, zone: Zone, near: Moment, of_day: f64, after: Moment, (back, other): (bool, ExitKind)) {
        let kind = if back { ExitKind::Recycled } else { other };
        self.exit = Some(Exit { at: at_work(zone, near, of_day, after), kind });
    }

    /// When it was recycled, if it was.
    pub fn recycled(&self) -> Option<Moment> {
        self.exit.filter(|e| e.kind == ExitKind::Recycled).map(|e| e.at)
    }

    /// Whether the first attempt came within a working hour of the hand-off.
    pub fn is_fast(&self) -> bool {
        match (self.handoff, self.followup.first()) {
            (Some(handoff), Some(first)) => working_between(zone(self.sdr), handoff, first) <= 3600,
            _ => false,
        }
    }
}

/// How many SDRs answer fast in the picky world; they get most of the leads of upper quality.
const FAST_SDRS: usize = 4;

fn sdr(world: &World, quality: f64, chance: &mut Chance) -> usize {
    let (who, u) = (chance.unit(), chance.unit());
    let n = SDRS.len();
    if !world.picky {
        return SDRS.start + (who * n as f64) as usize;
    }
    let fast = u < if quality > 0.5 { 0.8 } else { 0.1 };
    let (from, count) = if fast { (0, FAST_SDRS) } else { (FAST_SDRS, n - FAST_SDRS) };
    SDRS.start + from + (who * count as f64) as usize
}

fn pace(world: &World, sdr: usize) -> f64 {
    match world.picky {
        false => 1.0,
        true if sdr < SDRS.start + FAST_SDRS => 0.25,
        true => 1.7,
    }
}
