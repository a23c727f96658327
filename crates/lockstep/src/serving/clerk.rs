//! Who carries what was taken in to the ledger, and makes pages show it.
//!
//! Here: one thread that waits for parcels; a bell to wake it; a board that says up to which parcel pages show all. Invariant:
//! whoever waits for the board is let go after a while: what they did is on the disk either way.

use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::{Serving, log, sweep};
use crate::failure::Failure;

/// Between two looks where nobody rings: parcels may have been left by a process before.
const LOOK: Duration = Duration::from_secs(5);

/// Facts of a large company take seconds: the thread rests so many times as long as it worked.
const REST: u32 = 3;

/// The bell and the board.
#[derive(Default)]
pub struct Desk {
    rung: Mutex<bool>,
    bell: Condvar,
    /// The number of the last parcel that pages show.
    shown: Mutex<i64>,
    board: Condvar,
}

impl Desk {
    /// Something was taken in.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }

    /// Waits until pages show a parcel, at most so long. Whether they do.
    pub fn wait_for(&self, number: i64, most: Duration) -> bool {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.board.wait_timeout_while(shown, most, |shown| *shown < number);
        *waited.unwrap_or_else(PoisonError::into_inner).0 >= number
    }

    fn wait_for_bell(&self) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(rung, LOOK, |rung| !*rung);
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }

    fn tell(&self, number: i64) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = number.max(*shown);
        self.board.notify_all();
    }
}

/// Carries parcels until the serving is dropped.
pub fn work(serving: Weak<Serving>) {
    loop {
        let Some(serving) = serving.upgrade() else { return };
        let desk: Arc<Desk> = serving.clerk.clone();
        let began = Instant::now();
        match carry(&serving) {
            Ok(true) => {
                drop(serving);
                std::thread::sleep(began.elapsed() * REST);
            }
            Ok(false) => {
                // a batch that another process made is shown to whoever follows
                if let Err(failure) = serving.known() {
                    log(&failure);
                }
                drop(serving);
                desk.wait_for_bell();
            }
            Err(failure) => {
                // an import that is under way holds the ledger: parcels wait on
                if failure.code != "busy" {
                    log(&failure);
                }
                drop(serving);
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
}

/// Takes all that waits to the ledger; whether there was anything.
fn carry(serving: &Serving) -> Result<bool, Failure> {
    let last = serving.inbox.last()?;
    if serving.inbox.count_waiting()? == 0 {
        serving.clerk.tell(last);
        return Ok(false);
    }
    let mut home = serving.own_home()?;
    while serving.inbox.count_waiting()? > 0 {
        sweep::sweep(&mut home, &serving.inbox, serving.now())?;
    }
    drop(home);
    serving.renew()?;
    serving.clerk.tell(last);
    Ok(true)
}
