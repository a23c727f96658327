//! The thresholds of this room, each with the reason for its value.

/// Fewer wins than this in a period and the split is refused: with four, one more or less moves revenue by a quarter.
pub const LEAST_WINS: u64 = 5;

/// Segments with fewer rows than this over both periods together are pooled: at 30 a period a rate of one in ten still
/// rests on three events, below that a segment of its own only adds noise.
pub const LEAST_IN_SEGMENTS: u64 = 60;

/// Rows a cell of both columns needs: on average, for a second column to be told apart unasked; and each, not to be pooled
/// with the cells of the other segments. Over eight cohorts it is thirty a cohort.
pub const LEAST_TO_CROSS: u64 = 240;

/// At most so many cells of both columns; the rest are pooled.
pub const MOST_CELLS: usize = 48;

/// At most so many segments; the rest are pooled. More cannot be read, and each must hold its own rates.
pub const MOST_SEGMENTS: usize = 24;

/// Lags of their own; older cohorts are pooled. Revenue of a quarter rarely comes from leads older than three.
pub const OWN_LAGS: usize = 3;

/// Losses closed in each period from which the win rate is taken among closed opportunities.
pub const LEAST_LOSSES: u64 = 5;

/// And at least this share of what closed: fewer recorded losses than one in ten closings means they are not recorded.
pub const LEAST_LOSS_SHARE: f64 = 0.1;

/// Share of wins with a list price from which price and discount are told apart.
pub const LIST_COVERAGE: f64 = 0.8;

/// Steps seen among those who began since the period started, from which their own pace is used; below it the
/// uncertainty of a curve is larger than the change it should follow.
pub const OWN_PACE: f64 = 50.0;

/// A factor is named as the largest only from this probability on: "more likely than not" is the weakest word for it.
pub const NAMED: f64 = 0.55;

/// And only when it lies so many standard deviations from zero: two-sided 5% over sixteen factors (Bonferroni), as many
/// as a report can have, so that pure noise names a factor in at most one report of twenty.
pub const NAMED_DEVIATIONS: f64 = 2.96;

/// Days by which ages are followed; two years hold every step we have seen.
pub const AGE_DAYS: u32 = 730;

/// Weeks by which open opportunities are followed.
pub const AGE_WEEKS: u32 = 156;

/// Weeks ahead for which the open opportunities are forecast: one quarter.
pub const WEEKS_AHEAD: usize = 13;

/// The last days of a quarter that are looked at for discounts.
pub const LAST_DAYS: i64 = 14;

/// Days from hand-off after which follow-up is judged: most attempts come within a week or never.
pub const FOLLOWED_DAYS: i64 = 7;

/// Upper edges of the speeds, in minutes: an hour and a day; where one first attempt in five is known by its day
/// alone, a day and three days.
pub const SPEEDS: [i64; 2] = [61, 1_441];
pub const SPEEDS_BY_DAY: [i64; 2] = [1_441, 4_321];
pub const MOST_BY_DAY: f64 = 0.2;

/// Follow-up is a factor from this share of handed-off leads tried on each side: below, what was done was not recorded.
pub const LEAST_TRIED: f64 = 0.05;

/// And from so many on each side.
pub const LEAST_FOLLOWED: f64 = 100.0;

/// Share of first attempts with a recorded contact from which it is known who was not reached.
pub const LEAST_CONTACTS: f64 = 0.05;

/// Leads of the usual kind that a segment's own way of follow-up leans on: enough for a tiny segment to be taken for a usual
/// one, too few to matter in one of some hundred.
pub const LEANS_ON: f64 = 30.0;

/// Cases a segment needs in both periods to take part in the search for reversals.
pub const LEAST_FOR_REVERSAL: f64 = 30.0;

/// A level is marked as projected when at least this share of it is still to come: below, no percent would show it.
pub const MATURE: f64 = 0.02;
