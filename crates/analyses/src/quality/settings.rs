//! The thresholds of this room, each with the reason for its value.

/// Months of history that levels are learned from: two years hold each season twice.
pub const MONTHS: i32 = 24;

/// Minutes within which a first attempt counts as fast: the hour that agreements usually name.
pub const FAST_MINUTES: i64 = 60;

/// Days within which an outcome has to come, so that a young lead and an old one are asked the same.
pub const HORIZONS: [i64; 3] = [30, 90, 180];

/// The first horizon is taken by which this share of those who come within the longest have come: what is missing
/// comes alike to all.
pub const COME: f64 = 0.8;

/// Outcomes among old leads from which that share is known to within a tenth.
pub const LEAST_COME: f64 = 50.0;

/// Share of the asked period's leads that must be old enough to be told by an outcome: below half, the part that is
/// told says too little about the period.
pub const TOLD: f64 = 0.5;

/// Outcomes, and as many without, from which rates are split over sources: ten for each of three things told apart.
pub const LEAST_EVENTS: f64 = 30.0;

/// The same in each of two periods for a change to be split.
pub const LEAST_IN_PERIOD: f64 = 20.0;

/// Rows a source needs to have a row of its own in a table, in each period for its drift: a rate of one in ten then
/// rests on three events.
pub const LEAST_IN_SOURCE: f64 = 30.0;

/// Rows in one table.
pub const MOST_ROWS: usize = 60;

/// Sources that are fitted one by one; the rest are one.
pub const MOST_SOURCES: usize = 1_000;

/// Reps from which a spread is shown: with fewer it would tell of single persons, and a spread of four numbers is
/// itself known to within a factor of three.
pub const LEAST_REPS: usize = 5;

/// Share of the rows without the outcome for which the rep has to be known.
pub const REP_KNOWN: f64 = 0.5;

/// By how much more of the rows with the outcome than of those without may name the rep: beyond it, to have a rep is a
/// part of the outcome.
pub const REP_KNOWN_GAP: f64 = 0.2;

/// Share of the wins that must have an attempt for rows without one to be left out: below it attempts are not all
/// recorded, and no attempt on record does not mean that nobody tried.
pub const WORKED: f64 = 0.8;

/// Outcomes that would be expected of what one rep holds, when there is none: chance alone does that once in a billion.
pub const HELD: f64 = 20.0;

/// Share of the rows that the largest connected group of sources and reps must hold; what lies outside is then left out
/// and said. Below it there are two companies, not one.
pub const CONNECTED: f64 = 0.9;

/// The test of a spread says "differs" below this.
pub const ALPHA: f64 = 0.05;

/// Values of a second column that are held fixed; the rest are one.
pub const MOST_SEGMENTS: usize = 8;

/// Rows a value of it, or a way of following up, needs to be held fixed by itself.
pub const LEAST_FIXED: f64 = 30.0;

/// Outcomes, and as many without, that each month of both periods must have to be fitted by itself.
pub const LEAST_IN_MONTH: f64 = 5.0;

/// Steps of the line from a common change to a change of leads: by what factor the odds moved because of reps or market
/// alone. A third more or less is as far as two quarters have been seen to part.
pub const LINE: [f64; 5] = [0.70, 0.85, 1.0, 1.15, 1.30];

/// Pairs of source and rep times draws: beyond it fewer draws are made, at least [`LEAST_DRAWS`].
pub const MOST_WORK: usize = 1_000_000;

/// Draws from which a 90% interval is known to a fifth of its width.
pub const LEAST_DRAWS: usize = 100;

/// Lead cycles from which quarters are told apart instead of months: the table of cells then stays in memory.
pub const COARSE: u64 = 3_000_000;

/// A mix of sources less likely than this by lot was not dealt by lot: one slice in a thousand is refused wrongly.
pub const LOT_UNEVEN: f64 = 0.001;

/// A share tried within the hour that moved less likely than this by chance: the procedure did not stay as it was.
pub const LOT_CHANGED: f64 = 0.01;
