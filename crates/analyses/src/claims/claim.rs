//! What a claim is: a filter, a metric, a side and what it is compared with. No numbers of the facts.

use terms::{Day, Period, Team};

use super::metric::Metric;

/// One condition on a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The fact column's name.
    pub column: String,
    /// Whether the values are those meant, or all others.
    pub is: bool,
    /// The values as written, later as recorded; `None` for not recorded.
    pub values: Vec<Option<String>>,
}

/// Which day of a case lies in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When it was created.
    Created,
    /// When it passed from marketing to sales.
    HandedOff,
    /// When it closed.
    Closed,
}

impl Moment {
    /// As written in a filter.
    pub const fn word(self) -> &'static str {
        match self {
            Moment::Created => "created",
            Moment::HandedOff => "handed off",
            Moment::Closed => "closed",
        }
    }
}

/// A window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Of which moment.
    pub moment: Moment,
    /// In which days.
    pub period: Period,
}

/// Which cases a claim is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// All of these hold.
    pub conditions: Vec<Condition>,
    /// And this, if any.
    pub window: Option<Window>,
}

/// On which side a claim sees its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Lower.
    Below,
    /// Higher.
    Above,
}

impl Side {
    /// The sign of the difference it claims.
    pub const fn sign(self) -> f64 {
        match self {
            Side::Below => -1.0,
            Side::Above => 1.0,
        }
    }

    /// As written on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Side::Below => "below",
            Side::Above => "above",
        }
    }

    /// The side of that word.
    pub fn parse(word: &str) -> Option<Side> {
        [Side::Below, Side::Above].into_iter().find(|s| s.word() == word)
    }
}

/// What a rate is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Against {
    /// All other cases.
    Rest,
    /// The same filter in the period before.
    Before,
    /// A number, 0 to 1.
    Number(f64),
}

impl Against {
    /// Reads `rest`, `before`, `20%` or `0.2`.
    pub fn parse(text: &str) -> Option<Against> {
        match text.trim().to_ascii_lowercase().as_str() {
            "rest" => Some(Against::Rest),
            "before" => Some(Against::Before),
            number => {
                let (number, scale) = number.strip_suffix('%').map_or((number, 1.0), |n| (n, 0.01));
                let x = number.trim().parse::<f64>().ok()? * scale;
                (x > 0.0 && x < 1.0).then_some(Against::Number(x))
            }
        }
    }
}

/// One claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// About which cases.
    pub filter: Filter,
    /// About which rate.
    pub metric: Metric,
    /// On which side.
    pub side: Side,
    /// Of what.
    pub against: Against,
}

/// When and by whom a claim was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// When, in minutes since 1970.
    pub at_minutes: i64,
    /// By which team: a label, and nothing else.
    pub by: Team,
}

impl Registered {
    /// The day of it.
    pub fn day(&self) -> Day {
        Day(i32::try_from(self.at_minutes.div_euclid(1_440)).unwrap_or(i32::MAX))
    }

    /// Whether that was before the window closed: then nobody could pick the window by its outcome.
    pub fn is_before_the_close_of(&self, window: Option<&Window>) -> bool {
        window.is_some_and(|w| self.at_minutes < i64::from(w.period.last.0 + 1) * 1_440)
    }
}
