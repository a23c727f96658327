//! All leads of a plan, one after the other in order of their days, in bounded memory.

use super::{Deal, Journey, Lead, Traits};
use crate::Plan;
use crate::chance::{Chance, Spread, Strand};
use crate::time::{CURRENT, Day, FIRST_DAY, HOLIDAYS, Moment, Quarter};
use crate::trade::{CAMPAIGNS, DAY_OFF, Employer, HOUR, Person, Segment, Source, World, of_source};

/// Days before the CRM knew the lead that the marketing tool did.
const SEEN_BEFORE: Spread = Spread(&[(0.0, 0.0), (0.45, 0.001), (0.8, 6.0), (1.0, 30.0)]);
/// Share of leads from a company that has converted before.
const COLLEAGUES: f64 = 0.06;

/// The weights of a quarter's days; a weekend day has a fifth of a working day's leads.
#[derive(Debug)]
pub struct Days {
    first: Day,
    upto: Vec<f64>,
}

impl Days {
    /// The days of a quarter.
    pub fn of(quarter: Quarter) -> Days {
        let first = quarter.first();
        let mut total = 0.0;
        let upto = (first.0..=quarter.last().0)
            .map(|n| {
                total += if Day(n).is_weekend() || HOLIDAYS.contains(&Day(n)) { DAY_OFF } else { 1.0 };
                total
            })
            .collect();
        Days { first, upto }
    }

    /// The day below which share `p` of the quarter's leads lie.
    pub fn at(&self, p: f64) -> Day {
        let target = p * self.upto.last().copied().unwrap_or(1.0);
        self.first.plus(self.upto.partition_point(|u| *u <= target) as i32)
    }
}

/// The stream of leads.
#[derive(Debug)]
pub struct Leads {
    world: World,
    seed: u64,
    /// Leads still to come by day, the base ones and then the extra ones.
    counts: Vec<(Day, u64, bool)>,
    place: usize,
    next: u64,
    /// Who will have converted, and when.
    pending: Vec<(Moment, Employer)>,
    converted: Vec<(Moment, Employer)>,
    turn: usize,
}

/// How many converted companies are remembered, to bound memory.
const REMEMBERED: usize = 2048;

impl Leads {
    /// The leads of a plan. The base leads are spread over the eight quarters by chance, evenly.
    pub fn new(plan: &Plan, world: World) -> Leads {
        let base = plan.base_leads();
        let mut chance = Chance::new(plan.seed, Strand::Placement, 0);
        let span = (Quarter(CURRENT).last().0 - FIRST_DAY.0) as usize + 1;
        let quarters: Vec<Days> = Quarter::all().map(Days::of).collect();
        let mut usual = vec![0_u64; span];
        for _ in 0..base {
            let quarter = chance.below(quarters.len() as u64) as usize;
            usual[(quarters[quarter].at(chance.unit()).0 - FIRST_DAY.0) as usize] += 1;
        }
        let mut extra = vec![0_u64; span];
        for _ in 0..(base as f64 / quarters.len() as f64 * world.extra).round() as u64 {
            extra[(quarters[CURRENT].at(chance.unit()).0 - FIRST_DAY.0) as usize] += 1;
        }
        let days = |counts: Vec<u64>, weak| {
            counts.into_iter().enumerate().map(move |(n, c)| (FIRST_DAY.plus(n as i32), c, weak))
        };
        let counts = days(usual, false).chain(days(extra, true)).filter(|(_, c, _)| *c > 0).collect();
        Leads { world, seed: plan.seed, counts, place: 0, next: 0, pending: Vec::new(), converted: Vec::new(), turn: 0 }
    }

    /// Remembers who had converted before a moment; what comes later must not show in leads created by then.
    fn remember(&mut self, until: Moment) {
        let mut due: Vec<(Moment, Employer)> = self.pending.extract_if(.., |(at, _)| *at < until).collect();
        due.sort_by_key(|(at, _)| at.0);
        for converted in due {
            if self.converted.len() < REMEMBERED {
                self.converted.push(converted);
            } else {
                self.converted[self.turn] = converted;
                self.turn = (self.turn + 1) % REMEMBERED;
            }
        }
    }

    /// A remembered company of the segment that had converted by `at`.
    fn colleague(&self, chance: &mut Chance, segment: Segment, at: Moment) -> Option<Employer> {
        if !chance.yes(COLLEAGUES) || self.converted.is_empty() {
            return None;
        }
        (0..6).find_map(|_| {
            let (when, employer) = *chance.pick(&self.converted);
            (when < at && employer.segment == segment).then_some(employer)
        })
    }
}

impl Iterator for Leads {
    type Item = Lead;

    fn next(&mut self) -> Option<Lead> {
        while self.counts.get(self.place)?.1 == 0 {
            self.place += 1;
            if let Some((day, _, _)) = self.counts.get(self.place) {
                self.remember(Moment::midnight(*day));
            }
        }
        let (day, left, weak) = self.counts.get_mut(self.place)?;
        *left -= 1;
        let (day, weak, number) = (*day, *weak, self.next);
        self.next += 1;

        let mut chance = Chance::new(self.seed, Strand::Person, number);
        let created = Moment::midnight(day).plus((HOUR.draw(&mut chance) * 3600.0) as i64);
        let source = Source::ALL[chance.weighted(&self.world.mix(created))];
        let segment = Segment::ALL[chance.weighted(&Segment::ALL.map(Segment::share))];
        let traits = Traits { source, segment, weak, quality: chance.unit() };
        let seen = created.plus(-((SEEN_BEFORE.draw(&mut chance) * 86_400.0) as i64) - chance.between(20, 300));
        let range = of_source(source);
        let campaign = range.start + chance.below(range.len() as u64) as usize;
        let person = Person::draw(number, &mut chance);
        let fresh = Employer::draw(number, segment, &mut chance);
        let employer = self.colleague(&mut chance, segment, created).unwrap_or(fresh);
        debug_assert!(campaign < CAMPAIGNS.len());

        let journey = Journey::draw(&self.world, &traits, self.seed, number, created);
        let lead = Lead { number, created, traits, campaign, person, employer, seen, journey };
        self.pending.extend(lead.journey.conversion().map(|at| (at, lead.employer)));
        Some(lead)
    }
}

/// Opportunities without a lead, found by the account executives: `per_quarter` on average.
pub fn direct_deals(seed: u64, per_quarter: f64) -> Vec<(Segment, Moment)> {
    let mut chance = Chance::new(seed, Strand::Direct, 0);
    let mut deals = Vec::new();
    for quarter in Quarter::all() {
        let days = Days::of(quarter);
        let whole = per_quarter as u64;
        let count = whole + u64::from(chance.yes(per_quarter - whole as f64));
        for _ in 0..count {
            let day = days.at(chance.unit());
            let segment = Segment::ALL[chance.weighted(&Segment::ALL.map(Segment::share))];
            deals.push((segment, Moment::midnight(day).plus(chance.between(13 * 3600, 21 * 3600))));
        }
    }
    deals
}

impl Deal {
    /// Number `n` of the opportunities without a lead.
    pub fn direct(world: &World, seed: u64, n: u64, (segment, created): (Segment, Moment)) -> Deal {
        Deal::draw(world, &mut Chance::new(seed, Strand::Direct, n + 1), (None, segment), created, 1.0, false)
    }
}
