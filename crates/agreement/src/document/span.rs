//! Spans of time as an agreement writes them: `4 working hours`, `10 days`.
//!
//! Invariant: what is written differently and means the same reads as the same.

/// In which time a span counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Minutes of the calendar that a clause follows.
    WorkingMinutes,
    /// Days on which that calendar works at all.
    WorkingDays,
    /// Minutes of the clock.
    Minutes,
    /// Days of the year.
    Days,
}

/// So much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// How many; at least 1.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

impl Span {
    /// Reads `30 working minutes`, `4 working hours`, `2 working days`, `30 minutes`, `4 hours`, `10 days`, `2 weeks`.
    pub fn parse(text: &str) -> Option<Span> {
        let lower = text.trim().to_lowercase();
        let mut words = lower.split_whitespace();
        let amount: u32 = words.next()?.parse().ok()?;
        let (working, unit) = match (words.next()?, words.next()) {
            ("working" | "business", Some(unit)) => (true, unit),
            (unit, None) => (false, unit),
            _ => return None,
        };
        let (unit, times) = match (unit.strip_suffix('s').unwrap_or(unit), working) {
            ("minute", true) => (Unit::WorkingMinutes, 1),
            ("hour", true) => (Unit::WorkingMinutes, 60),
            ("day", true) => (Unit::WorkingDays, 1),
            ("minute", false) => (Unit::Minutes, 1),
            ("hour", false) => (Unit::Minutes, 60),
            ("day", false) => (Unit::Days, 1),
            ("week", false) => (Unit::Days, 7),
            _ => return None,
        };
        let amount = amount.checked_mul(times).filter(|n| *n > 0)?;
        words.next().is_none().then_some(Span { amount, unit })
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (working, minutes) = match self.unit {
            Unit::WorkingMinutes => ("working ", true),
            Unit::WorkingDays => ("working ", false),
            Unit::Minutes => ("", true),
            Unit::Days => ("", false),
        };
        let (amount, word) = match (minutes, self.amount % 60) {
            (true, 0) => (self.amount / 60, "hour"),
            (true, _) => (self.amount, "minute"),
            (false, _) => (self.amount, "day"),
        };
        write!(f, "{amount} {working}{word}{}", if amount == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_reads_and_is_said_the_same() {
        for (written, said) in [
            ("4 working hours", "4 working hours"),
            ("240 working minutes", "4 working hours"),
            (" 1 Business Hour ", "1 working hour"),
            ("90 minutes", "90 minutes"),
            ("2 weeks", "14 days"),
            ("1 working day", "1 working day"),
        ] {
            let span = Span::parse(written).unwrap();
            assert_eq!(span.to_string(), said);
            assert_eq!(Span::parse(said), Some(span));
        }
        for bad in [
            "",
            "4",
            "0 days",
            "four hours",
            "4 working",
            "4 working weeks",
            "-1 days",
            "4 hours late",
            "99999999 hours",
        ] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }
}
