//! How a company's world differs from the steady one, as a handful of numbers.
//!
//! A planted change touches what happens from [`PLANTED`] on: leads created, hand-offs made,
//! opportunities decided. What happened before is as in the steady world, draw by draw.

use super::{Gate, SHIFTED, Segment, Source};
use crate::Company;
use crate::time::{Moment, PLANTED};

/// Planted discounts, as means in tenths of a percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slump {
    /// Until two weeks before the quarter's end.
    pub early: f64,
    /// In its last two weeks.
    pub late: f64,
}

/// A company's world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct World {
    /// Extra leads in the current quarter, as a share of a usual quarter's.
    pub extra: f64,
    /// What the extra leads' mql rate is multiplied by.
    pub weak_mql: f64,
    /// What the extra leads' qualification is multiplied by.
    pub weak_qualification: f64,
    /// Whether the source mix has shifted.
    pub shifted: bool,
    /// What acceptance is multiplied by.
    pub acceptance: f64,
    /// What working time to the first attempt is multiplied by.
    pub answer: f64,
    /// Share of not accepted leads that are: never attempted, tried in vain, turned down.
    pub unaccepted: [f64; 3],
    /// Account executives' seats that changed hands.
    pub new_seats: usize,
    /// What the win rate of those seats is multiplied by.
    pub new_win: f64,
    /// What the remaining time of open opportunities is multiplied by.
    pub pace: f64,
    /// Planted discounts.
    pub slump: Option<Slump>,
    /// Whether fast reps take the best leads (in all quarters).
    pub picky: bool,
    /// Share of hand-offs with a status flip.
    pub flips: f64,
}

/// Share of not accepted leads that are never attempted, tried in vain, turned down.
const UNACCEPTED: [f64; 3] = [0.32, 0.48, 0.20];

impl World {
    /// Nothing planted.
    pub const STEADY: World = World {
        extra: 0.0,
        weak_mql: 1.0,
        weak_qualification: 1.0,
        shifted: false,
        acceptance: 1.0,
        answer: 1.0,
        unaccepted: UNACCEPTED,
        new_seats: 0,
        new_win: 1.0,
        pace: 1.0,
        slump: None,
        picky: false,
        flips: 0.0,
    };

    /// The world of a company.
    pub fn of(company: Company) -> World {
        let steady = World::STEADY;
        match company {
            Company::Leaky => World { acceptance: 0.6, answer: 4.0, unaccepted: [0.55, 0.34, 0.11], ..steady },
            Company::Flooded => World { extra: 0.8, weak_mql: 0.40, weak_qualification: 0.30, ..steady },
            Company::Discounted => World { slump: Some(Slump { early: 265.0, late: 490.0 }), ..steady },
            Company::Shifted => World { shifted: true, ..steady },
            Company::Slow => World { pace: 1.9, ..steady },
            Company::Picky => World { picky: true, ..steady },
            // 7 of 9 seats at 0.55 make 0.65 overall
            Company::Turnover => World { new_seats: 7, new_win: 0.55, ..steady },
            Company::Gamed => World { flips: 0.6, ..steady },
            Company::Steady | Company::Tiny | Company::Messy | Company::Empty => steady,
        }
    }

    /// The source shares of leads created at a moment.
    pub fn mix(&self, at: Moment) -> [f64; 8] {
        if self.shifted && at >= PLANTED { SHIFTED } else { Source::shares() }
    }

    /// The chance to pass a gate, before what hangs on the single lead or seat.
    pub fn rate(&self, gate: Gate, source: Option<Source>, segment: Segment, at: Moment) -> f64 {
        // without a lead there is only the last gate
        let usual = source.map_or(0.29, |s| s.rate(gate)) * segment.factor(gate);
        let planted = if gate == Gate::Acceptance && at >= PLANTED { self.acceptance } else { 1.0 };
        (usual * planted).min(0.97)
    }

    /// What a lead's quality (0 to 1, mean factor 1) and a fast answer do to its win rate.
    pub fn luck(&self, quality: f64, fast: bool) -> f64 {
        if !self.picky {
            return 1.0;
        }
        (0.4 + 1.2 * quality) * if fast { Self::FAST } else { Self::LATE }
    }

    /// True effect of an answer within a working hour on the win rate (picky only).
    pub const FAST: f64 = 1.04;
    /// True effect of a later answer (picky only).
    pub const LATE: f64 = 0.97;

    /// What the win rate of a seat is multiplied by for opportunities decided at a moment.
    pub fn seat(&self, seat: usize, at: Moment) -> f64 {
        if self.is_new(seat, at) { self.new_win } else { 1.0 }
    }

    /// Whether a new account executive sits on the seat.
    pub fn is_new(&self, seat: usize, at: Moment) -> bool {
        at >= PLANTED && seat < self.new_seats
    }

    /// When an opportunity created at one moment closes that would usually close at another.
    pub fn close(&self, created: Moment, usual: Moment) -> Moment {
        let from = created.max(PLANTED);
        if usual <= from {
            return usual;
        }
        from.plus(((usual.0 - from.0) as f64 * self.pace) as i64)
    }
}
