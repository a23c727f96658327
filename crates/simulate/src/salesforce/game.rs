//! The gamed company: statuses flipped seconds after the hand-off, and tasks that never happened,
//! logged in bulk on Friday afternoons and dated back to the hand-off.

use std::collections::BTreeSet;

use super::activity::{About, Task, task};
use super::{Links, Salesforce};
use crate::Error;
use crate::chance::{Chance, Strand};
use crate::journey::{Cycle, Lead, Outcome};
use crate::time::{Moment, PLANTED, THROUGH};
use crate::trade::{World, zone};
use crate::truth::Gaming;

/// What was made up so far.
#[derive(Debug, Default)]
pub struct Game {
    flips: u64,
    fakes: u64,
    seconds: BTreeSet<Moment>,
}

impl Game {
    pub fn count(&self) -> Gaming {
        Gaming { flips: self.flips, fake_tasks: self.fakes, bulk_seconds: self.seconds.len() as u64 }
    }
}

/// When the status of a cycle is flipped, if it is. Draws twice for every cycle.
pub fn flip(cycle: &Cycle, world: &World, chance: &mut Chance) -> Option<Moment> {
    let (yes, seconds) = (chance.yes(world.flips), chance.between(2, 9));
    cycle.handoff.filter(|at| yes && *at >= PLANTED).map(|at| at.plus(seconds)).filter(|at| *at <= THROUGH)
}

impl Salesforce {
    pub(super) fn game(&mut self, lead: &Lead, links: Option<&Links>) -> Result<(), Error> {
        if self.world.flips == 0.0 {
            return Ok(());
        }
        let mut chance = Chance::new(self.seed, Strand::Game, lead.number);
        for cycle in lead.journey.cycles() {
            let (Some(handoff), Some(flip)) = (cycle.handoff, flip(cycle, &self.world, &mut chance)) else { continue };
            self.game.flips += 1;
            let zone = zone(cycle.sdr);
            let day = zone.local_day(flip);
            let friday = day.plus((4 - day.weekday()).rem_euclid(7));
            let logged = zone.instant(friday, 16 * 3600 + 58 * 60 + cycle.sdr as i64);
            if logged > THROUGH || logged <= flip {
                continue;
            }
            self.game.seconds.insert(logged);
            self.game.fakes += 1;
            let fake = Task { done: handoff.plus(120), logged, owner: cycle.sdr, outcome: Outcome::Voicemail };
            task(&mut self.task, &About::of(lead, links), &fake)?;
        }
        Ok(())
    }
}
