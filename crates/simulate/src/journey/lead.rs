//! A lead with all that becomes of it.

use super::{Cycle, Deal, Traits};
use crate::chance::{Chance, Strand};
use crate::time::Moment;
use crate::trade::{Employer, Person, World};

/// The one or two cycles of a lead and its opportunity.
#[derive(Debug, Clone)]
pub struct Journey {
    /// From inquiry.
    pub first: Cycle,
    /// After recycling, if marketing qualified it again.
    pub second: Option<Cycle>,
    /// The opportunity of whichever cycle converted.
    pub deal: Option<Deal>,
}

/// A lead as it came in.
#[derive(Debug, Clone)]
pub struct Lead {
    /// Its number, 0 upwards; the planted extra leads come last.
    pub number: u64,
    /// When it was created in the CRM.
    pub created: Moment,
    /// Source, segment, quality.
    pub traits: Traits,
    /// Number of the campaign that brought it.
    pub campaign: usize,
    /// Who.
    pub person: Person,
    /// Where they work.
    pub employer: Employer,
    /// When the marketing tool first saw the person; not after `created`.
    pub seen: Moment,
    /// What became of it.
    pub journey: Journey,
}

impl Journey {
    /// What becomes of a lead created at a moment.
    pub fn draw(world: &World, traits: &Traits, seed: u64, number: u64, created: Moment) -> Journey {
        let mut chance = Chance::new(seed, Strand::Cycle, number);
        let (first, _) = Cycle::draw(world, traits, &mut chance, (created, false), false);
        let second = first.recycled().and_then(|at| {
            let mut chance = Chance::new(seed, Strand::Again, number);
            let (cycle, _) = Cycle::draw(world, traits, &mut chance, (at, true), false);
            cycle.mql.is_some().then_some(cycle)
        });
        let cycle = second.as_ref().unwrap_or(&first);
        let luck = world.luck(traits.quality, cycle.is_fast());
        let deal = cycle.conversion.map(|at| {
            let mut chance = Chance::new(seed, Strand::Deal, number);
            Deal::draw(world, &mut chance, (Some(traits.source), traits.segment), at, luck, false)
        });
        Journey { first, second, deal }
    }

    /// Both cycles, oldest first.
    pub fn cycles(&self) -> impl Iterator<Item = &Cycle> {
        std::iter::once(&self.first).chain(self.second.as_ref())
    }

    /// When the lead converted.
    pub fn conversion(&self) -> Option<Moment> {
        self.deal.as_ref().map(Deal::created)
    }
}
