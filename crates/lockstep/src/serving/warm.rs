//! What is most asked for, worked out before anybody asks: when the program starts, and after an import.
//!
//! Invariant: it takes a quarter of the time and half of the processors at most, and what people do on pages makes it begin no new
//! round.

use std::sync::Weak;
use std::time::{Duration, Instant};

use tokio::sync::watch::Receiver;
use web::{Asked, Moment, Room, Source};

use super::{Serving, sweep};

/// It rests so many times as long as it worked.
const REST: u32 = 3;
/// Between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Works until the serving is dropped.
pub fn work(serving: &Weak<Serving>, mut moments: Receiver<Moment>) {
    let mut warmed = None;
    let half = std::thread::available_parallelism().map_or(1, |all| all.get().div_ceil(2));
    // threads of its own: what readers ask for does not stand in line behind it
    let Ok(threads) = rayon::ThreadPoolBuilder::new().num_threads(half).build() else { return };
    loop {
        let Some(held) = serving.upgrade() else { return };
        let batch = moments.borrow_and_update().batch;
        let began = Instant::now();
        if warmed.is_none() || warmed != Some(batch) && is_of_records(&held) {
            threads.install(|| round(&held));
            warmed = Some(held.holding.moments.borrow().batch);
        }
        drop(held);
        std::thread::sleep((began.elapsed() * REST).max(LOOK));
    }
}

/// Whether the newest batch tells of more than what people did here.
fn is_of_records(serving: &Serving) -> bool {
    let Ok(home) = serving.home() else { return false };
    let newest = home.ledger.head().manifests().next_back().map(|m| m.source.clone());
    newest.is_none_or(|source| source != sweep::PAGES)
}

/// The reports of the last full quarter, and the clocks.
fn round(serving: &Serving) {
    let _ = Source::clocks(serving, None);
    for room in Room::ALL {
        let _ = Source::report(serving, &Asked::of(room));
    }
}
