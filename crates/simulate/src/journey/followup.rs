//! The attempts an SDR makes after a hand-off, in working hours.

use crate::chance::{Chance, Spread};
use crate::time::{Moment, PLANTED, Zone, add_working};
use crate::trade::World;

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

/// Working minutes from hand-off to first attempt.
const ANSWER: Spread = Spread(&[(0.0, 3.0), (0.25, 22.0), (0.5, 75.0), (0.75, 230.0), (0.92, 650.0), (1.0, 1_400.0)]);
/// Working minutes between attempts.
const GAP: Spread = Spread(&[(0.0, 60.0), (0.5, 420.0), (1.0, 900.0)]);
/// Weights of 1, 2, ... attempts until contact.
const UNTIL_CONTACT: [f64; 5] = [0.40, 0.25, 0.17, 0.11, 0.07];
/// Weights of 1, 2, ... attempts in vain.
const IN_VAIN: [f64; 5] = [0.22, 0.24, 0.22, 0.18, 0.14];

impl Followup {
    /// The attempts after a hand-off. `accepted` leads are reached; of the others some are never attempted.
    pub fn draw(
        world: &World,
        chance: &mut Chance,
        handoff: Moment,
        zone: Zone,
        pace: f64,
        accepted: bool,
    ) -> Followup {
        let planted = handoff >= PLANTED;
        let (pattern, wait) = (chance.unit(), ANSWER.draw(chance));
        let wait = wait * pace * if planted { world.answer } else { 1.0 };
        let shares = if planted { world.unaccepted } else { World::STEADY.unaccepted };
        let (count, contact) = if accepted {
            (1 + chance.weighted(&UNTIL_CONTACT), true)
        } else if pattern < shares[0] {
            return Followup::default();
        } else if pattern < shares[0] + shares[1] {
            let tries = 1 + chance.weighted(&IN_VAIN);
            (if planted && world.answer > 1.0 { tries.div_ceil(2) } else { tries }, false)
        } else {
            (1 + chance.weighted(&UNTIL_CONTACT), true)
        };
        let mut attempts = Vec::with_capacity(count);
        let mut at = add_working(zone, handoff, (wait * 60.0) as i64);
        for n in 1..=count {
            if n > 1 {
                at = add_working(zone, at, (GAP.draw(chance) * 60.0) as i64);
            }
            let outcome = match (contact && n == count, chance.unit()) {
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
