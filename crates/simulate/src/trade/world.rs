//! How a company's world differs from the steady one, as a handful of numbers.
//!
//! A planted change touches what happens from [`PLANTED`] on: leads created, hand-offs made,
//! opportunities decided. What happened before is as in the steady world, draw by draw.

use std::sync::LazyLock;

use super::effort::{BY_SPEED, Effort, FLAT, TRIED};
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

/// The usual effort by source and segment; where speed matters, and where it does nothing.
static USUAL: LazyLock<[[[Effort; 3]; 8]; 2]> = LazyLock::new(|| {
    let acceptance =
        |source: Source, segment: Segment| source.rate(Gate::Acceptance) * segment.factor(Gate::Acceptance);
    [BY_SPEED, FLAT].map(|by_speed| {
        Source::ALL.map(|source| Segment::ALL.map(|segment| Effort::usual(acceptance(source, segment), by_speed)))
    })
});

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
    /// Share of hand-offs that is tried at all.
    pub tried: f64,
    /// What working time to the first attempt is multiplied by.
    pub answer: f64,
    /// Whether leads are given up after half as many attempts.
    pub thin: bool,
    /// Whether the speed of the first attempt does nothing to its chance to reach (in all quarters).
    pub flat: bool,
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

impl World {
    /// Nothing planted.
    pub const STEADY: World = World {
        extra: 0.0,
        weak_mql: 1.0,
        weak_qualification: 1.0,
        shifted: false,
        tried: TRIED,
        answer: 1.0,
        thin: false,
        flat: false,
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
            Company::Leaky => World { tried: 0.5, answer: 4.0, thin: true, ..steady },
            Company::Flooded => World { extra: 0.8, weak_mql: 0.40, weak_qualification: 0.30, ..steady },
            Company::Discounted => World { slump: Some(Slump { early: 265.0, late: 490.0 }), ..steady },
            Company::Shifted => World { shifted: true, ..steady },
            Company::Slow => World { pace: 1.9, ..steady },
            // there speed acts on the win rate alone, so that what it seems to do there is one number
            Company::Picky => World { picky: true, flat: true, ..steady },
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
        match source.filter(|_| gate == Gate::Acceptance) {
            Some(source) => self.effort(source, segment, at).acceptance(),
            None => usual.min(0.97),
        }
    }

    /// What is done about the hand-offs of a source and segment at a moment.
    pub fn effort(&self, source: Source, segment: Segment, at: Moment) -> Effort {
        let usual = USUAL[usize::from(self.flat)][source as usize][segment as usize];
        if at < PLANTED {
            return usual;
        }
        Effort { tried: self.tried, answer: self.answer, thin: self.thin, ..usual }
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
