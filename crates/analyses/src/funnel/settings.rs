//! The thresholds of this room, each with the reason for its value.

/// A cohort is mature when less than this share of its expected total is still to come: below what a percent can show.
pub const MATURE: f64 = 0.02;

/// Minutes by which first attempts are followed: thirty days; later ones count as that.
pub const ATTEMPT_MINUTES: u32 = 43_200;

/// Rows in one table; the rest are one row.
pub const MOST_ROWS: usize = 60;

/// Fewer exits than this share of the leads that began a step: exits are not recorded, and an old open lead may be
/// either. Then only a cure model can tell.
pub const EXITS_RECORDED: f64 = 0.2;

/// Days into a quarter after which the first closing makes it a part of a quarter.
pub const LATE_START_DAYS: i32 = 14;

/// Difference of two win rates, beyond intervals that do not touch, from which bunching is told.
pub const LEAST_BUNCHING: f64 = 0.05;

/// Names that sources give to "we do not know where it came from", in small letters.
pub const UNATTRIBUTED: [&str; 11] = [
    "unknown",
    "not recorded",
    "none",
    "n/a",
    "na",
    "(not set)",
    "(none)",
    "not set",
    "unattributed",
    "undefined",
    "null",
];
