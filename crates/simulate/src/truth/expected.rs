//! Expected won revenue by quarter, from forced journeys with weights.

use super::Speed;
use crate::chance::{Chance, Strand};
use crate::journey::{Cycle, Days, Deal, Traits};
use crate::time::{CURRENT, Moment, QUARTERS, Quarter};
use crate::trade::{Gate, Segment, Source, World};

/// Forced journeys per quarter, source and segment; about 1% noise on a quarter's revenue.
const SAMPLES: u64 = 200;
/// The expectation has a seed of its own.
const SEED: u64 = 0x010c_57e9;

/// Expected values of a world.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// Won revenue in dollars by the quarter of the close date.
    pub won: [f64; QUARTERS],
    /// Of the current quarter's, what comes from leads (not extra ones) created in it.
    pub fresh: f64,
    /// Opportunities and chances to win by fast (0) and late (1) first answer.
    answer: [(f64, f64); 2],
}

/// Expected opportunities without a lead per quarter: 8% of all.
pub fn direct_per_quarter(leads: f64) -> f64 {
    let mut rate = 0.0;
    for source in Source::ALL {
        for segment in Segment::ALL {
            let gates = Gate::ALL[..4].iter().map(|g| source.rate(*g) * segment.factor(*g));
            rate += source.share() * segment.share() * gates.product::<f64>();
        }
    }
    leads / QUARTERS as f64 * rate * 0.08 / 0.92
}

impl Expected {
    /// The expected values of a world with so many base leads.
    pub fn of(world: &World, leads: u64) -> Expected {
        let mut expected = Expected::default();
        let per_quarter = leads as f64 / QUARTERS as f64;
        let direct = direct_per_quarter(leads as f64);
        for quarter in Quarter::all() {
            // the same draws in each quarter, so that quarters differ only by their calendar
            let mut number = 0;
            let days = Days::of(quarter);
            for segment in Segment::ALL {
                for source in Source::ALL.map(Some).into_iter().chain([None]) {
                    for n in 0..SAMPLES {
                        number += 1;
                        let day = days.at((n as f64 + 0.5) / SAMPLES as f64);
                        let at = Moment::midnight(day).plus(16 * 3600);
                        let of = segment.share() / SAMPLES as f64;
                        match source {
                            None => expected.direct(world, number, (segment, at), direct * of),
                            Some(source) => {
                                let share = world.mix(at)[source as usize] * per_quarter * of;
                                expected.lead(world, number, (source, segment, at), share, quarter.0 == CURRENT);
                            }
                        }
                    }
                }
            }
        }
        expected
    }

    fn direct(&mut self, world: &World, number: u64, (segment, at): (Segment, Moment), share: f64) {
        let mut chance = Chance::new(SEED, Strand::Direct, number);
        let deal = Deal::draw(world, &mut chance, (None, segment), at, 1.0, true);
        self.add(&deal, share);
    }

    fn lead(&mut self, world: &World, number: u64, lead: (Source, Segment, Moment), share: f64, current: bool) {
        let (source, segment, at) = lead;
        let quality = Chance::new(SEED, Strand::Person, number).unit();
        let traits = Traits { source, segment, weak: false, quality };
        let fresh = self.journey(world, number, &traits, at, share);
        if current {
            self.fresh += fresh;
            if world.extra > 0.0 {
                self.journey(world, number, &Traits { weak: true, ..traits }, at, share * world.extra);
            }
        }
    }

    /// Adds one journey: its first cycle forced to the end, and a second forced one if a rolled first was recycled.
    fn journey(&mut self, world: &World, number: u64, traits: &Traits, at: Moment, share: f64) -> f64 {
        let mut chance = Chance::new(SEED, Strand::Cycle, number);
        let forced = Cycle::draw(world, traits, &mut chance, (at, false), true);
        let mut added = self.cycle(world, number, traits, &forced, share);
        let mut chance = Chance::new(SEED, Strand::Cycle, number);
        let (rolled, _) = Cycle::draw(world, traits, &mut chance, (at, false), false);
        if let Some(at) = rolled.recycled() {
            let mut chance = Chance::new(SEED, Strand::Again, number);
            let again = Cycle::draw(world, traits, &mut chance, (at, true), true);
            added += self.cycle(world, number, traits, &again, share);
        }
        added
    }

    fn cycle(&mut self, world: &World, n: u64, traits: &Traits, (cycle, weight): &(Cycle, f64), share: f64) -> f64 {
        let Some(created) = cycle.conversion else { return 0.0 };
        let fast = cycle.is_fast();
        let mut chance = Chance::new(SEED, Strand::Deal, n);
        let of = (Some(traits.source), traits.segment);
        let deal = Deal::draw(world, &mut chance, of, created, world.luck(traits.quality, fast), true);
        let side = &mut self.answer[usize::from(!fast)];
        side.0 += share * weight;
        side.1 += share * weight * deal.chance_to_win;
        self.add(&deal, share * weight)
    }

    /// Adds a forced win by its chance; returns what went into the current quarter.
    fn add(&mut self, deal: &Deal, share: f64) -> f64 {
        let Some(quarter) = Quarter::of(deal.close_day) else { return 0.0 };
        let money = share * deal.chance_to_win * deal.amount() as f64 / 100.0;
        self.won[quarter.0] += money;
        if quarter.0 == CURRENT { money } else { 0.0 }
    }

    /// What speed seems to do to the win rate.
    pub fn speed(&self) -> Option<Speed> {
        let [fast, late] = self.answer.map(|(n, won)| if n > 0.0 { won / n } else { 0.0 });
        let all = (self.answer[0].1 + self.answer[1].1) / (self.answer[0].0 + self.answer[1].0);
        all.is_finite().then_some(Speed {
            naive_difference: fast - late,
            true_difference: all * (World::FAST - World::LATE),
            win_rates: [fast, late],
        })
    }
}
