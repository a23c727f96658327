//! What is read of a head again and again, read once: the book of agreements, the names of campaigns, the steps of disputes,
//! what owners are called.
//!
//! Invariant: a head never changes, so what was read of it holds as long as it is held.

use std::sync::OnceLock;

use agreement::book::Book;
use agreement::dispute::Step;
use agreement::document::Agreement;
use analyses::InForce;
use terms::Instant;

use crate::agreements;
use crate::failure::Failure;
use crate::known::Known;
use crate::reps::Reps;
use crate::scoring::Campaigns;
use crate::serving::disputes;

/// What was read so far.
#[derive(Default)]
pub struct Kept {
    book: OnceLock<Book>,
    campaigns: OnceLock<Campaigns>,
    disputes: OnceLock<Vec<(Step, String)>>,
    reps: OnceLock<Reps>,
}

fn once<T>(slot: &OnceLock<T>, read: impl FnOnce() -> Result<T, Failure>) -> Result<&T, Failure> {
    match slot.get() {
        Some(kept) => Ok(kept),
        None => {
            let read = read()?;
            Ok(slot.get_or_init(|| read))
        }
    }
}

impl Known {
    /// The versions that were in force until an instant; or the one asked for, as if it always had been.
    ///
    /// # Errors
    /// Where the ledger cannot be read, or no version is named so.
    pub fn in_force(&self, until: Instant, under: Option<&str>) -> Result<Vec<InForce>, Failure> {
        let mut out = agreements::in_force(self.book()?, until, under)?;
        out.iter_mut().try_for_each(|force| self.name(&mut force.agreement))?;
        Ok(out)
    }

    /// Names the reps and countries of an agreement as facts do, so that clocks go by their offices.
    ///
    /// # Errors
    /// Where the ledger or the desk cannot be read.
    pub fn name(&self, agreement: &mut Agreement) -> Result<(), Failure> {
        if agreement.offices.len() > 1 {
            self.reps()?.name(agreement);
        }
        Ok(())
    }

    /// What else owners are called.
    ///
    /// # Errors
    /// Where the ledger or the desk cannot be read.
    pub fn reps(&self) -> Result<&Reps, Failure> {
        once(&self.kept.reps, || Reps::read(self))
    }

    /// The book of agreements.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn book(&self) -> Result<&Book, Failure> {
        once(&self.kept.book, || agreements::book(&self.head))
    }

    /// The names of campaigns.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn campaigns(&self) -> Result<&Campaigns, Failure> {
        once(&self.kept.campaigns, || Campaigns::read(&self.head))
    }

    /// The steps of disputes that the ledger holds, each with the id of its lead.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn dispute_steps(&self) -> Result<&[(Step, String)], Failure> {
        once(&self.kept.disputes, || disputes::steps(&self.head)).map(Vec::as_slice)
    }
}
