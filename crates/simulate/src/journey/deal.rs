//! An opportunity: its steps, price, discount and end.

use crate::chance::{Chance, Spread};
use crate::time::{CURRENT, Day, Moment, PLANTED, Quarter, at_work};
use crate::trade::{AE_SEATS, DISCOUNT, Gate, Segment, Source, User, World, list_price, zone};

/// The open steps with probability in percent and forecast category.
pub const STEPS: [(&str, i64, &str); 4] = [
    ("Prospecting", 10, "Pipeline"),
    ("Qualification", 25, "Pipeline"),
    ("Proposal/Price Quote", 50, "BestCase"),
    ("Negotiation/Review", 75, "Forecast"),
];

/// An opportunity.
#[derive(Debug, Clone)]
pub struct Deal {
    /// When each of the [`STEPS`] was entered; the first is the creation. Lost ones may end early.
    pub steps: Vec<Moment>,
    /// The account executive's seat.
    pub seat: usize,
    /// Whether a successor has taken it over.
    pub successor: bool,
    /// List price in whole dollars, a multiple of ten.
    pub list: i64,
    /// Discount in tenths of a percent.
    pub discount: i64,
    /// When it was decided.
    pub close: Moment,
    /// The local day of that: the close date.
    pub close_day: Day,
    /// Won or lost.
    pub won: bool,
    /// The chance it had.
    pub chance_to_win: f64,
}

/// Days from creation to close, for a pace of 1.
const DURATION: Spread =
    Spread(&[(0.0, 0.3), (0.2, 3.5), (0.38, 11.0), (0.5, 24.0), (0.7, 41.0), (0.9, 63.0), (0.98, 86.0), (1.0, 105.0)]);
/// Share of the duration at which each step begins.
const BEGINS: [f64; 4] = [0.0, 0.14, 0.38, 0.70];
/// Weights of the last step of a lost opportunity.
const LOST_AT: [f64; 4] = [0.18, 0.28, 0.32, 0.22];

impl Deal {
    /// An opportunity created at a moment; `forced` wins it.
    pub fn draw(
        world: &World,
        chance: &mut Chance,
        (source, segment): (Option<Source>, Segment),
        created: Moment,
        luck: f64,
        forced: bool,
    ) -> Deal {
        let seat = chance.below(AE_SEATS as u64) as usize;
        let list = list_price(source, segment, chance);
        let (gate, usual_discount, hour) = (chance.unit(), DISCOUNT.draw(chance), chance.unit());
        let (slump, jitter, lost_at) = (chance.unit(), chance.unit(), chance.weighted(&LOST_AT));
        let zone = zone(User::on_seat(seat, false));

        let usual = created.plus_days(DURATION.draw(chance) * segment.pace());
        let close = at_work(zone, world.close(created, usual), hour, created.plus(3600));
        let close_day = zone.local_day(close);
        let rate = world.rate(Gate::Win, source, segment, created);
        let chance_to_win = (rate * world.seat(seat, close) * luck).min(0.97);
        let won = forced || gate < chance_to_win;
        let reached = if won { STEPS.len() } else { lost_at + 1 };

        let span = (close.0 - created.0) as f64;
        let mut steps = vec![created];
        for begin in BEGINS.iter().take(reached).skip(1) {
            let last = *steps.last().unwrap_or(&created);
            let near = created.plus((span * (begin + 0.06 * jitter)) as i64);
            let at = at_work(zone, near, (hour + begin).fract(), last);
            steps.push(if at < close { at } else { last.plus((close.0 - last.0) / 2) });
        }
        let discount = match world.slump.filter(|_| close >= PLANTED) {
            _ if reached < STEPS.len() => 0,
            Some(s) => {
                let late = close_day > Quarter(CURRENT).last().plus(-14);
                (if late { s.late } else { s.early }) * (0.75 + 0.5 * slump)
            }
            .round() as i64,
            None => (usual_discount / 5.0).round() as i64 * 5,
        };
        Deal { steps, seat, successor: world.is_new(seat, close), list, discount, close, close_day, won, chance_to_win }
    }

    /// When it was created.
    pub fn created(&self) -> Moment {
        self.steps[0]
    }

    /// The agreed amount in cents.
    pub const fn amount(&self) -> i64 {
        self.list * (1000 - self.discount) / 10
    }

    /// The user number of the owner at a moment.
    pub fn owner(&self, at: Moment) -> usize {
        User::on_seat(self.seat, self.successor && at >= PLANTED)
    }
}
