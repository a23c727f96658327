//! Money in the reporting currency, by recorded rates.
//!
//! The rate is the latest on or before the day; where only the opposite rate is recorded, its reciprocal. No rate, or
//! no currency where the reporting one is known: not converted, which is said and never guessed.

use std::collections::BTreeMap;

use terms::{Currency, Day, Money};

/// The rates of a head, into one currency.
#[derive(Clone, Debug)]
pub(super) struct Rates {
    to: Currency,
    /// For each currency its rates by day.
    rates: BTreeMap<Currency, Vec<(i32, f64)>>,
}

impl Rates {
    /// `recorded`: day, from, to, rate.
    pub fn new(to: Currency, recorded: &[(i32, Currency, Currency, f64)]) -> Rates {
        let mut rates: BTreeMap<Currency, BTreeMap<i32, f64>> = BTreeMap::new();
        let good = |rate: &f64| rate.is_finite() && *rate > 0.0;
        // a direct rate beats the reciprocal of the opposite one of the same day
        for (day, from, _, rate) in recorded.iter().filter(|(_, _, t, r)| *t == to && good(r)) {
            rates.entry(*from).or_default().insert(*day, *rate);
        }
        for (day, _, back, rate) in recorded.iter().filter(|(_, f, _, r)| *f == to && good(r)) {
            rates.entry(*back).or_default().entry(*day).or_insert(1.0 / rate);
        }
        Rates { to, rates: rates.into_iter().map(|(c, days)| (c, days.into_iter().collect())).collect() }
    }

    /// The reporting currency.
    pub const fn reporting(&self) -> Currency {
        self.to
    }

    /// Minor units of the reporting currency; `None` where there is no rate. Without a day the latest rate is taken.
    pub fn convert(&self, money: Money, day: Option<Day>) -> Option<i64> {
        if money.currency == self.to {
            return Some(money.minor);
        }
        let rates = self.rates.get(&money.currency)?;
        let upto = day.map_or(rates.len(), |day| rates.partition_point(|(d, _)| *d <= day.0));
        let (_, rate) = rates.get(upto.checked_sub(1)?)?;
        let shift = self.to.decimals() as i32 - money.currency.decimals() as i32;
        Some((money.minor as f64 * rate * 10f64.powi(shift)).round() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Currency {
        Currency::parse(text).unwrap()
    }

    #[test]
    fn the_latest_rate_on_or_before_the_day_is_taken() {
        let (usd, eur, jpy) = (code("USD"), code("EUR"), code("JPY"));
        let rates = Rates::new(usd, &[(10, eur, usd, 1.1), (20, eur, usd, 1.2), (10, usd, jpy, 100.0)]);
        let euros = Money::new(1_000, eur);
        assert_eq!(rates.convert(euros, Some(Day(9))), None);
        assert_eq!(rates.convert(euros, Some(Day(19))), Some(1_100));
        assert_eq!(rates.convert(euros, Some(Day(20))), Some(1_200));
        assert_eq!(rates.convert(euros, None), Some(1_200));
        assert_eq!(rates.convert(Money::new(500, jpy), Some(Day(11))), Some(500));
        assert_eq!(rates.convert(Money::new(500, code("GBP")), Some(Day(11))), None);
        assert_eq!(rates.convert(Money::new(500, usd), None), Some(500));
    }
}
