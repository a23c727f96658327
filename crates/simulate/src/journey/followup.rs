//! The attempts an SDR makes after a hand-off, in working hours. Whom they reach hangs on what is done.

use crate::chance::{Chance, Spread};
use crate::time::{Moment, Zone, add_working};
use crate::trade::{Effort, MOST_TRIES};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Rang out
    NoAnswer,
    /// Left a message
    Voicemail,
    /// Spoke
    Connected,
    /// Mail without answer
    Sent,
    /// Mail with answer
    Replied,
}

impl Outcome {
    /// Two-way contact.
    pub const fn is_contact(self) -> bool {
        matches!(self, Outcome::Connected | Outcome::Replied)
    }

    /// By phone rather than by mail.
    pub const fn is_call(self) -> bool {
        matches!(self, Outcome::NoAnswer | Outcome::Voicemail | Outcome::Connected)
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Moment,
    /// How it ended.
    pub outcome: Outcome,
}

/// All attempts of one hand-off.
#[derive(Debug, Clone, Default)]
pub struct Followup {
    /// In time order; empty if the lead was never attempted.
    pub attempts: Vec<Attempt>,
}

/// Working minutes between attempts.
const GAP: Spread = Spread(&[(0.0, 60.0), (0.5, 420.0), (1.0, 900.0)]);

/// The chances of one lead, drawn before anything is done, so that worlds differ only by what they do.
struct Luck {
    tried: f64,
    wait: f64,
    tries: f64,
    /// For each attempt: reached, how it ended, how long until the next.
    attempts: [[f64; 3]; MOST_TRIES],
}

impl Luck {
    fn draw(chance: &mut Chance) -> Luck {
        Luck {
            tried: chance.unit(),
            wait: chance.unit(),
            tries: chance.unit(),
            attempts: std::array::from_fn(|_| std::array::from_fn(|_| chance.unit())),
        }
    }

    /// When the first attempt comes, if there is one.
    fn first(&self, effort: &Effort, handoff: Moment, zone: Zone) -> Moment {
        add_working(zone, handoff, (effort.wait(self.wait) * 60.0) as i64)
    }
}

impl Followup {
    /// The attempts after a hand-off, until the lead is reached or given up.
    pub fn draw(effort: &Effort, chance: &mut Chance, handoff: Moment, zone: Zone) -> Followup {
        let luck = Luck::draw(chance);
        if luck.tried >= effort.tried {
            return Followup::default();
        }
        let first = luck.first(effort, handoff, zone);
        let hazard = effort.hazards(first.0 - handoff.0);
        let tries = effort.tries(luck.tries);
        let reached = (0..tries).find(|n| luck.attempts[*n][0] < hazard[*n]);
        Followup::until(&luck, (first, zone), reached.map_or(tries, |n| n + 1), reached.is_some())
    }

    /// The attempts of a lead that is reached, and the chance of that.
    pub fn reached(effort: &Effort, chance: &mut Chance, handoff: Moment, zone: Zone) -> (Followup, f64) {
        let luck = Luck::draw(chance);
        let first = luck.first(effort, handoff, zone);
        let by_attempt = effort.reached_at(first.0 - handoff.0);
        let all: f64 = by_attempt.iter().sum();
        let mut left = luck.attempts[0][0] * all;
        let last = by_attempt.iter().position(|p| {
            left -= p;
            left < 0.0
        });
        let count = last.unwrap_or(0) + 1;
        (Followup::until(&luck, (first, zone), count, true), effort.tried * all)
    }

    fn until(luck: &Luck, (first, zone): (Moment, Zone), count: usize, reached: bool) -> Followup {
        let mut attempts = Vec::with_capacity(count);
        let mut at = first;
        for (n, [_, how, gap]) in luck.attempts.iter().take(count).enumerate() {
            if n > 0 {
                at = add_working(zone, at, (GAP.at(*gap) * 60.0) as i64);
            }
            let outcome = match (reached && n + 1 == count, *how) {
                (true, u) if u < 0.7 => Outcome::Connected,
                (true, _) => Outcome::Replied,
                (false, u) if u < 0.35 => Outcome::NoAnswer,
                (false, u) if u < 0.6 => Outcome::Voicemail,
                (false, _) => Outcome::Sent,
            };
            attempts.push(Attempt { at, outcome });
        }
        Followup { attempts }
    }

    /// The first attempt.
    pub fn first(&self) -> Option<Moment> {
        self.attempts.first().map(|a| a.at)
    }

    /// The last attempt.
    pub fn last(&self) -> Option<Moment> {
        self.attempts.last().map(|a| a.at)
    }

    /// The first two-way contact.
    pub fn contact(&self) -> Option<Moment> {
        self.attempts.iter().find(|a| a.outcome.is_contact()).map(|a| a.at)
    }
}
