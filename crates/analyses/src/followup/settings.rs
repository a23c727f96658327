//! The thresholds of this room, each with the reason for its value.

/// Minutes within which a first attempt is called fast: the bound most agreements between the teams use.
pub const LANDMARK: i64 = 60;

/// Days from hand-off within which an outcome counts, and for which a lead must have been watched: a quarter, so that
/// every lead has had the same time and none is projected.
pub const HORIZON_DAYS: i64 = 90;

/// Outcomes from which a stage is used: ten for each of about twenty columns of a model.
pub const LEAST_OUTCOMES: u64 = 200;

/// Leads and outcomes in each arm below which nothing is compared: an interval would be wider than any effect told of.
pub const LEAST_ARM: (f64, f64) = (100.0, 10.0);

/// A covariate must be recorded for this share of leads: one recorded less often may have been filled in only for the
/// leads that went far, and would then be a result of the treatment.
pub const RECORDED: f64 = 0.95;

/// Owners in one model; with more, a model of a hundred thousand leads no longer takes seconds.
pub const MOST_OWNERS: usize = 300;

/// Hours before a hand-off whose arrivals make the load: one day, so that what arrived overnight still waits.
pub const LOAD_HOURS: i64 = 24;

/// Share of a class tried within the hour below which (or above one less it) the class is left out: it has no like
/// leads in the other group, and the same bounds tell a propensity that allows no comparison.
pub const HARDLY: f64 = 0.05;

/// Below this first-stage F an instrument is weak (Staiger and Stock 1997).
pub const LEAST_F: f64 = 10.0;

/// Distance of the two answers, in standard errors of it, from which they disagree: 5% of agreeing pairs do. Where this
/// distance is larger than the difference anyone would quote, the load cannot check it: no speed effect at all would pass.
pub const DISAGREE: f64 = 1.96;

/// Share of leads with a propensity outside [.05, .95] from which the arms are not comparable: half.
pub const MOST_OUTSIDE: f64 = 0.5;

/// Share of hand-offs at the very first hour of a day from which there is no time of day: chance gives 1 in 24.
pub const ALL_MIDNIGHT: f64 = 0.95;

/// Upper edges, in minutes, of the speed table: five minutes, an hour, a day, three days.
pub const SPEED_EDGES: [i64; 4] = [6, 61, 1_441, 4_321];
