//! When leads come in and become an mql, and how much working time a hand-off then has ahead of it.
//!
//! Only additions and multiplications, which every machine rounds alike.

use std::sync::LazyLock;

use super::staff::{SDRS, zone};
use crate::chance::Spread;
use crate::time::{Day, Moment, working_between};

/// Leads of a weekend day or holiday, for each lead of a working day.
pub const DAY_OFF: f64 = 0.2;

/// Hour of the day (UTC) leads come in: the offices of Europe and America.
pub const HOUR: Spread = Spread(&[(0.0, 0.0), (0.05, 6.0), (0.35, 12.0), (0.9, 20.0), (1.0, 23.99)]);

/// Hours from inquiry to mql.
pub const TO_MQL: Spread = Spread(&[(0.0, 0.02), (0.3, 0.4), (0.55, 6.0), (0.8, 36.0), (0.95, 110.0), (1.0, 220.0)]);

/// Seconds of the clock until which a first attempt is soon, and within a day: a lead waits at night too.
pub const SOON: [i64; 2] = [3_600, 86_400];

/// For each of [`SOON`]: the share of hand-offs that have so many whole working minutes within it, by minutes.
pub static AT_WORK: LazyLock<[Vec<f64>; 2]> = LazyLock::new(|| {
    const HOURS: usize = 24;
    const WAITS: usize = 40;
    let monday = Day::new(2026, 6, 8);
    let middle = |of: Spread, n: usize, parts: usize| of.at((n as f64 + 0.5) / parts as f64);
    SOON.map(|edge| {
        let mut shares = vec![0.0; edge as usize / 60 + 1];
        let mut all = 0.0;
        for day in (0..7).map(|n| monday.plus(n)) {
            let weight = if day.is_weekend() { DAY_OFF } else { 1.0 };
            for (hour, wait) in (0..HOURS).flat_map(|h| (0..WAITS).map(move |w| (h, w))) {
                let hours = middle(HOUR, hour, HOURS) + middle(TO_MQL, wait, WAITS);
                let handoff = Moment::midnight(day).plus((hours * 3_600.0) as i64);
                for sdr in SDRS {
                    let minutes = working_between(zone(sdr), handoff, handoff.plus(edge)) / 60;
                    shares[minutes as usize] += weight;
                    all += weight;
                }
            }
        }
        shares.iter_mut().for_each(|share| *share /= all);
        shares
    })
});
