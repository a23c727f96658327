//! Facts that are being made for pages: which batch, how far, and what is said to whoever waits.
//!
//! Not here: making them. Invariant: whoever asks is answered within [`PATIENCE`](super::PATIENCE), with the answer or with how
//! far it is.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use facts::Stage;

use crate::failure::Failure;

/// The code of what is said while facts are being made.
pub const WORKING: &str = "working";

/// Steps, what is done in each, and by which share of the time it has been done, as measured on a million leads.
const STEPS: [(Stage, &str, f64); 5] = [
    (Stage::Records, "records are read", 0.0),
    (Stage::Links, "records are linked to persons and accounts", 0.15),
    (Stage::Happenings, "activities and touches are read", 0.3),
    (Stage::Folding, "each lead is followed", 0.6),
    (Stage::Writing, "facts are written", 0.8),
];

/// What is under way.
#[derive(Clone, Copy)]
struct Work {
    batch: u64,
    since: Instant,
    stage: Stage,
}

/// What is under way, if anything is, for all threads.
#[derive(Default)]
pub struct Making {
    work: Mutex<Option<Work>>,
    done: Condvar,
}

impl Making {
    fn work(&self) -> MutexGuard<'_, Option<Work>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Facts of a batch are being made; false where some are already.
    pub fn begin(&self, batch: u64) -> bool {
        let mut work = self.work();
        let is_free = work.is_none();
        if is_free {
            *work = Some(Work { batch, since: Instant::now(), stage: Stage::Records });
        }
        is_free
    }

    /// It has come to a step.
    pub fn tell(&self, stage: Stage) {
        if let Some(work) = self.work().as_mut() {
            work.stage = stage;
        }
    }

    /// It has ended.
    pub fn end(&self) {
        *self.work() = None;
        self.done.notify_all();
    }

    /// Waits until nothing is under way, for so long at most.
    pub fn wait(&self, most: Duration) {
        let _ = self.done.wait_timeout_while(self.work(), most, |work| work.is_some());
    }

    /// What is said to whoever asks for a batch while facts are being made; nothing where none are.
    pub fn said(&self, batch: u64) -> Option<Failure> {
        let work = (*self.work())?;
        let passed = work.since.elapsed();
        let place = STEPS.iter().position(|step| step.0 == work.stage)?;
        let (_, what, share) = STEPS.get(place)?;
        let left = match passed.mul_f64(if *share > 0.0 { 1.0 / share - 1.0 } else { 0.0 }).as_secs() {
            0 => String::new(),
            left => format!(", about {left} more"),
        };
        let first = if work.batch == batch { String::new() } else { " for somebody else, first".to_owned() };
        let message = format!(
            "what was known at batch {} is being worked out{first}: step {} of {}, {what}; {} seconds so far{left}",
            work.batch,
            place + 1,
            STEPS.len(),
            passed.as_secs()
        );
        let hint = "nothing to do: a page goes on by itself, and can be left; a program asks again in some seconds";
        Some(Failure::new(WORKING, message).hint(hint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_says_how_far_it_is_and_for_whom() {
        let making = Making::default();
        assert!(making.said(3).is_none());
        assert!(making.begin(3) && !making.begin(4));
        making.tell(Stage::Folding);
        let words = making.said(3).unwrap().message;
        assert!(words.starts_with("what was known at batch 3 is being worked out: step 4 of 5"), "{words}");
        assert!(making.said(4).unwrap().message.contains("for somebody else, first"));
        making.wait(Duration::from_millis(1));
        making.end();
        assert!(making.said(3).is_none() && making.begin(4));
    }
}
