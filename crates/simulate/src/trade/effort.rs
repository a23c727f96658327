//! What SDRs do about a hand-off, and whom they reach by it.
//!
//! A lead is tried or not; the first attempt comes sooner or later; whoever is not reached is tried again or given up. Each
//! attempt reaches with some chance, the first with more of it when it comes soon. Of the reached a share is accepted. The chance
//! of one attempt is such that the usual effort reaches the square root of the acceptance of those tried, and accepts
//! as large a share of the reached: so acceptance over all is the source's own, and follow-up is what makes it.
//!
//! Only additions, multiplications and square roots, which every machine rounds alike.

use super::when::{AT_WORK, SOON};
use crate::chance::Spread;

/// Most attempts at one lead.
pub const MOST_TRIES: usize = 5;

/// Share of hand-offs that is usually tried at all.
pub const TRIED: f64 = 0.95;

/// Usual shares of leads tried 1, 2, ... times if not reached.
const TRIES: [f64; MOST_TRIES] = [0.16, 0.22, 0.25, 0.22, 0.15];

/// Working minutes from hand-off to first attempt.
const ANSWER: Spread = Spread(&[(0.0, 3.0), (0.25, 22.0), (0.5, 75.0), (0.75, 230.0), (0.92, 650.0), (1.0, 1_400.0)]);

/// What the first attempt's chance to reach is multiplied by: soon, within a day, later.
pub const BY_SPEED: [f64; 3] = [1.4, 1.0, 0.6];

/// The same where speed does nothing.
pub const FLAT: [f64; 3] = [1.0; 3];

/// What is done about the leads of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Share tried at all.
    pub tried: f64,
    /// What working time to the first attempt is multiplied by.
    pub answer: f64,
    /// Whether leads are given up after half as many attempts.
    pub thin: bool,
    /// What the first attempt's chance is multiplied by.
    pub by_speed: [f64; 3],
    /// Chance of one attempt to reach.
    pub hazard: f64,
    /// Share of the reached that is accepted.
    pub accepted: f64,
}

impl Effort {
    /// The usual effort about leads of this acceptance, where speed does this.
    pub fn usual(acceptance: f64, by_speed: [f64; 3]) -> Effort {
        let share = (acceptance / TRIED).clamp(0.0, 1.0).sqrt();
        let mut effort = Effort { tried: TRIED, answer: 1.0, thin: false, by_speed, hazard: 0.0, accepted: share };
        let (mut low, mut high) = (0.0, 0.95);
        let speeds = effort.speeds();
        for _ in 0..50 {
            effort.hazard = 0.5 * (low + high);
            if effort.reach_at(&speeds) < share {
                low = effort.hazard;
            } else {
                high = effort.hazard;
            }
        }
        effort
    }

    /// Working minutes to the first attempt at a quantile.
    pub fn wait(&self, quantile: f64) -> f64 {
        ANSWER.at(quantile) * self.answer
    }

    /// Attempts at a lead that is not reached, at a quantile.
    pub fn tries(&self, quantile: f64) -> usize {
        let mut left = quantile;
        let usual = TRIES.iter().position(|share| {
            left -= share;
            left < 0.0
        });
        let usual = usual.unwrap_or(MOST_TRIES - 1) + 1;
        if self.thin { usual.div_ceil(2) } else { usual }
    }

    /// Chance of each attempt to reach, where the first comes after so many seconds of the clock.
    pub fn hazards(&self, waited: i64) -> [f64; MOST_TRIES] {
        let speed = SOON.iter().position(|edge| waited <= *edge).unwrap_or(2);
        self.hazards_of(speed)
    }

    fn hazards_of(&self, speed: usize) -> [f64; MOST_TRIES] {
        let mut out = [self.hazard; MOST_TRIES];
        out[0] = (out[0] * self.by_speed[speed]).min(1.0);
        out
    }

    /// Chance to reach at the first, second, ... attempt, of a lead first tried after so many seconds.
    pub fn reached_at(&self, waited: i64) -> [f64; MOST_TRIES] {
        self.by_attempt(self.hazards(waited))
    }

    fn by_attempt(&self, hazards: [f64; MOST_TRIES]) -> [f64; MOST_TRIES] {
        let mut silent = 1.0;
        std::array::from_fn(|n| {
            let goes_on: f64 = (0..MOST_TRIES).filter(|t| self.given_up(t + 1) > n).map(|t| TRIES[t]).sum();
            let here = goes_on * silent * hazards[n];
            silent *= 1.0 - hazards[n];
            here
        })
    }

    fn given_up(&self, usual: usize) -> usize {
        if self.thin { usual.div_ceil(2) } else { usual }
    }

    /// Shares of the tried whose first attempt is soon, within a day, later.
    pub fn speeds(&self) -> [f64; 3] {
        let within = |shares: &[f64]| {
            shares.iter().enumerate().map(|(at, share)| share * ANSWER.below(at as f64 / self.answer)).sum::<f64>()
        };
        let [soon, day] = [within(&AT_WORK[0]), within(&AT_WORK[1])];
        [soon, day - soon, 1.0 - day]
    }

    /// Share of the tried that is reached.
    pub fn reach(&self) -> f64 {
        self.reach_at(&self.speeds())
    }

    fn reach_at(&self, speeds: &[f64; 3]) -> f64 {
        (0..3).map(|k| speeds[k] * self.by_attempt(self.hazards_of(k)).iter().sum::<f64>()).sum()
    }

    /// Share of all that is accepted.
    pub fn acceptance(&self) -> f64 {
        self.tried * self.reach() * self.accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_effort_comes_to_the_acceptance_it_was_made_for() {
        for acceptance in [0.4, 0.56, 0.71, 0.88] {
            for by_speed in [BY_SPEED, FLAT] {
                let effort = Effort::usual(acceptance, by_speed);
                assert!((effort.acceptance() - acceptance).abs() < 1e-9, "{acceptance}: {effort:?}");
            }
        }
    }

    #[test]
    fn doing_less_reaches_fewer_and_speed_alone_does_nothing_where_it_is_flat() {
        let usual = Effort::usual(0.71, BY_SPEED);
        let slow = Effort { answer: 4.0, ..usual };
        let thin = Effort { thin: true, ..usual };
        assert!(slow.acceptance() < 0.98 * usual.acceptance(), "{}", slow.acceptance());
        assert!(thin.acceptance() < 0.95 * usual.acceptance(), "{}", thin.acceptance());
        let flat = Effort::usual(0.71, FLAT);
        assert!((Effort { answer: 4.0, ..flat }.acceptance() - flat.acceptance()).abs() < 1e-12);
        assert!((usual.speeds().iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
