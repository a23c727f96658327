//! The thresholds of this room, each with the reason for its value.

/// A p-value at or below this stands: one in twenty, what both teams are used to.
pub const STANDS: f64 = 0.05;

/// Cases from which a filter belongs to the alternatives that a claim could have been picked from. A policy and never the
/// claim's size, and as low as the smallest claim that is answered: where nothing was there, a picker who was free to choose
/// smaller filters than the floor (150, or the claim's own size) got through in 12% of 800 companies, and with 30 in 5% of 2,000. The
/// price is power: a planted difference of 15 points was found in 90% of runs instead of 94%.
pub const FLOOR: u64 = LEAST_CASES;

/// Redraws behind a scan p-value: the smallest is 1 in 1,000.
pub const REDRAWS: u32 = 999;

/// Most redraws, where a claim on a set of values needs smaller p-values than one on a single value.
pub const MOST_REDRAWS: u32 = 9_999;

/// Fewer cases than this on either side: one case more or less moves a rate by three points and more.
pub const LEAST_CASES: u64 = 30;

/// Fewer cases with the outcome than this, inside and outside together: no comparison is worth making.
pub const LEAST_OUTCOMES: u64 = 10;

/// Part of the other side's rate that a difference must have to be worth naming: less than a tenth changes no decision.
pub const WORTH: f64 = 0.1;

/// Part of the difference that must be left once both sides are alike in another column: if more than half goes away, that
/// column is the larger part of the story.
pub const LEFT: f64 = 0.5;

/// Part of the claim's cases that must be old enough: below two in three what is judged is another claim.
pub const COVERED: f64 = 2.0 / 3.0;

/// Part of all outcomes that come within the usual wait: the rest trickles in over years.
pub const USUAL: f64 = 0.9;

/// Part of all outcomes that must come within a shorter wait to let it stand for the whole.
pub const AT_LEAST: f64 = 0.5;

/// Outcomes from which waits are learned.
pub const LEARNED: u64 = 50;

/// Part of the alternatives that are as strong, from which a claim is called ordinary.
pub const ORDINARY: f64 = 0.2;

/// Waits in weeks that a cohort is judged after, shortest first: half a month, one, two, three, four, six months.
pub const WEEKS: [u32; 6] = [2, 4, 8, 13, 18, 26];

/// Weeks within which a lead counts as attempted or contacted: fourteen days, after which a lead is as good as dropped.
pub const ATTEMPT_WEEKS: [u32; 1] = [2];

/// Hours within which a first attempt is fast: one, as in most agreements; clock time.
pub const FAST_HOURS: [u32; 1] = [1];

/// Months that alternatives are sought in: two years, as far as people remember and definitions last.
pub const MONTHS: i32 = 24;

/// Dimensions of the alternatives besides time; with more, the family would hold filters nobody would state.
pub const MOST_COLUMNS: usize = 3;

/// Values of one dimension that stand by themselves; rarer ones are pooled.
pub const MOST_VALUES: usize = 60;

/// Leads an account from which leads are redrawn by account, as leads of one account may resemble each other.
pub const PER_ACCOUNT: f64 = 1.1;

/// Other columns by which a claim is looked at in parts.
pub const MOST_PARTS: usize = 4;

/// Rows in a table of other values.
pub const MOST_ROWS: usize = 40;

/// Part of cases whose outcome has no date, from which the outcome cannot be placed in time.
pub const UNDATED: f64 = 0.1;
