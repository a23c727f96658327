//! How often somebody may try to sign in.
//!
//! By client and user together, and by client alone: whoever guesses is slowed down, and nobody can lock somebody else out
//! from another address. Invariant: what is kept is bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use terms::Instant;

/// Failures that are free.
const FREE: u32 = 5;
/// Failures of one client over all users that are free.
const FREE_OF_CLIENT: u32 = 20;
/// The longest wait, in milliseconds: a quarter of an hour.
const LONGEST: i64 = 15 * 60_000;
/// Forgotten after so long without a failure, in milliseconds.
const FORGOTTEN: i64 = 60 * 60_000;
/// At most so many are remembered.
const MOST: usize = 100_000;

/// Failures so far.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Throttle {
    /// Seconds to wait before another try; 0 for none.
    pub fn wait(&self, client: &str, user: &str, now: Instant) -> i64 {
        let all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |key: &str, free: u32| {
            let Some((count, last)) = all.get(key) else { return 0 };
            let over = count.saturating_sub(free);
            if over == 0 {
                return 0;
            }
            let wait = (1_000_i64 << over.min(20)).min(LONGEST);
            (last.0 + wait - now.0 + 999).div_euclid(1_000).max(0)
        };
        of(&pair(client, user), FREE).max(of(client, FREE_OF_CLIENT))
    }

    /// Notes a failure.
    pub fn failed(&self, client: &str, user: &str, now: Instant) {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, (_, last)| now.0 - last.0 < FORGOTTEN);
        }
        for key in [pair(client, user), client.to_owned()] {
            if all.len() >= MOST && !all.contains_key(&key) {
                continue;
            }
            let (count, last) = all.entry(key).or_insert((0, now));
            if now.0 - last.0 >= FORGOTTEN {
                *count = 0;
            }
            (*count, *last) = (count.saturating_add(1), now);
        }
    }

    /// Forgets the failures of somebody who signed in.
    pub fn succeeded(&self, client: &str, user: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(&pair(client, user));
    }
}

fn pair(client: &str, user: &str) -> String {
    // a name is as long as somebody types it
    let short: String = user.chars().take(100).collect();
    format!("{client} {short}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_guesses_waits_longer_each_time_and_others_do_not() {
        let throttle = Throttle::default();
        (0..5).for_each(|_| throttle.failed("here", "mei", Instant(0)));
        assert_eq!(throttle.wait("here", "mei", Instant(0)), 0);
        throttle.failed("here", "mei", Instant(0));
        assert_eq!(throttle.wait("here", "mei", Instant(0)), 2);
        throttle.failed("here", "mei", Instant(0));
        assert_eq!(throttle.wait("here", "mei", Instant(0)), 4);
        // another address, another user: no wait
        assert_eq!(throttle.wait("there", "mei", Instant(0)), 0);
        assert_eq!(throttle.wait("here", "tomas", Instant(0)), 0);
        assert_eq!(throttle.wait("here", "mei", Instant(4_000)), 0);
        (0..40).for_each(|_| throttle.failed("here", "mei", Instant(0)));
        assert_eq!(throttle.wait("here", "mei", Instant(0)), 900);
        throttle.succeeded("here", "mei");
        // the client is slowed down still: it failed 47 times
        assert_eq!(throttle.wait("here", "tomas", Instant(0)), 900);
    }

    #[test]
    fn failures_are_forgotten() {
        let throttle = Throttle::default();
        (0..9).for_each(|_| throttle.failed("here", "mei", Instant(0)));
        throttle.failed("here", "mei", Instant(FORGOTTEN));
        assert_eq!(throttle.wait("here", "mei", Instant(FORGOTTEN)), 0);
    }
}
