//! The split of the gap: exact parts to the minor unit, their intervals, and which is largest.
//!
//! Here: arithmetic. Not here: which part deserves a sentence. Invariant: the parts add to the counted gap exactly, and
//! the same question gives the same bytes.

use stats::draws::{Draws, largest, matrix};
use stats::interval::Interval;
use stats::shapley;

use super::cells::{self, Money, Table};
use super::chance;
use super::late::{self, Parts};
use super::numbers::Reading;
use super::replay::{Replay, taken_back};
use super::settings::LIST_COVERAGE;
use crate::Question;

/// The factors in funnel order.
pub const ORDER: [&str; 17] = [
    "volume",
    "mix",
    "mql_rate",
    "coverage",
    "speed",
    "persistence",
    "acceptance",
    "qualification",
    "opportunity_rate",
    "win_rate",
    "list_price",
    "discount",
    "quarter_end_discount",
    "amount_per_win",
    "timing",
    "opportunities_without_a_lead",
    "not_explained",
];

/// One factor's part of the gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub factor: &'static str,
    /// In minor units, or in wins where there is no money.
    pub value: f64,
    pub interval: Option<Interval>,
    /// P(largest of all in absolute value once chance is taken out).
    pub largest: f64,
    /// Standard deviation of the draws.
    pub deviation: f64,
    /// Least and greatest over all orders of a step-by-step walk, where asked for.
    pub orders: Option<(f64, f64)>,
}

impl Part {
    /// Whether the 90% interval leaves zero out.
    pub fn direction_known(&self) -> bool {
        self.interval.is_some_and(|i| i.lo90 > 0.0 || i.hi90 < 0.0)
    }
}

/// The whole split.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    pub money: Money,
    /// Counted totals of the base and of the asked period.
    pub totals: [i64; 2],
    /// In funnel order; they add up to the gap.
    pub parts: Vec<Part>,
    /// Draws of all parts, row-major, in their order: for sums of parts.
    pub draws: Vec<f64>,
    /// For each part: the asked period once more, with its factor as it was in the base.
    pub replays: Vec<Replay>,
    /// Where the split could not be computed: why.
    pub broken: Option<String>,
}

impl Split {
    /// The counted gap.
    pub fn gap(&self) -> i64 {
        self.totals[1] - self.totals[0]
    }

    /// The interval of a sum of parts.
    pub fn sum_interval(&self, places: &[usize]) -> Option<Interval> {
        let columns = self.parts.len();
        let mut sums: Vec<f64> =
            self.draws.chunks_exact(columns.max(1)).map(|row| places.iter().map(|p| row[*p]).sum()).collect();
        Interval::of_draws(&mut sums)
    }
}

/// What money there is to split.
pub fn money(reading: &Reading) -> Money {
    let (mut won, mut priced, mut covered) = (0.0, 0.0, true);
    for side in 0..2 {
        let (mut p, mut l) = (0.0, 0.0);
        for closed in reading.streams.iter().map(|s| s.closed(side)) {
            won += closed.won;
            p += closed.priced;
            l += closed.listed;
        }
        priced += p;
        covered &= l >= LIST_COVERAGE * p;
    }
    if priced <= 0.0 || (won > 0.0 && priced < 0.2 * won) {
        Money::Wins
    } else if covered {
        Money::ListAndDiscount
    } else {
        Money::Amount
    }
}

/// Splits the gap between the two sides.
pub fn split(question: &Question, reading: &Reading) -> Split {
    let money = money(reading);
    let total = |side: usize| {
        let t = &reading.totals[side];
        if money == Money::Wins { t.wins } else { t.amount }
    };
    let totals = [total(0), total(1)];
    let alone = reading.streams.len() == 1;
    let has_prices = money == Money::ListAndDiscount;
    let ends: Vec<Option<[Parts; 2]>> =
        reading.streams.iter().map(|stream| late::of_stream(stream, &reading.sides).filter(|_| has_prices)).collect();
    let names: Vec<Vec<&'static str>> = reading
        .streams
        .iter()
        .zip(&ends)
        .map(|(stream, ends)| cells::columns(stream, money, alone, ends.is_some()))
        .collect();
    let factors: Vec<&'static str> =
        ORDER.into_iter().filter(|f| *f == "not_explained" || names.iter().flatten().any(|n| n == f)).collect();
    let places: Vec<Vec<usize>> = names
        .iter()
        .map(|names| names.iter().map(|n| factors.iter().position(|f| f == n).unwrap_or(0)).collect())
        .collect();
    let exact: Vec<Table> =
        reading.streams.iter().zip(&ends).map(|(s, ends)| cells::exact(s, money, ends.as_ref())).collect();
    let count = factors.len();
    let mut values = vec![0.0; count];
    let mut broken = None;
    if let Err(error) = add_up(&exact, &places, &mut values) {
        broken = Some(error.to_string());
    }
    let same = shared_lags(reading);
    let spreads: Vec<cells::Spread> = reading.streams.iter().map(|s| cells::spread(s, &s.cells)).collect();
    let rest = (totals[1] - totals[0]) as f64 - values.iter().sum::<f64>();
    // the parts of each draw, then its replays
    let drawn = |draws: &mut Draws| -> Vec<Table> {
        let streams = reading.streams.iter().zip(&ends).zip(&spreads);
        streams.map(|((s, ends), spread)| cells::drawn(s, money, ends.as_ref(), spread, draws, &same)).collect()
    };
    let both = matrix(question.seed, question.draws.max(20), 2 * count, |draws, out| {
        let tables = drawn(draws);
        out.fill(0.0);
        let (parts, replays) = out.split_at_mut(count);
        add_up(&tables, &places, parts)?;
        taken_back(&tables, &places, replays);
        // what is outside the cells is counted, not estimated
        if let Some(last) = parts.last_mut() {
            *last += rest;
        }
        Ok(())
    })
    .unwrap_or_default();
    let half = |skip: usize| -> Vec<f64> {
        both.chunks_exact(2 * count).flat_map(|row| row.iter().skip(skip).take(count).copied()).collect()
    };
    let (mut draws, replayed) = (half(0), half(count));
    let names: Vec<&[&'static str]> = names.iter().map(Vec::as_slice).collect();
    let narrower = chance::narrower(question, &exact, &names, &factors, &drawn);
    chance::narrow(&mut draws, &narrower);
    if let Some(last) = values.last_mut() {
        *last += rest;
    }
    if money != Money::Wins {
        match shapley::split_to_minor_units(&values, totals[1] - totals[0]) {
            Ok(whole) => values = whole.into_iter().map(|v| v as f64).collect(),
            Err(error) => broken = broken.or(Some(error.to_string())),
        }
    }
    let intervals = Interval::of_columns(&draws, count).unwrap_or_default();
    let first = largest(&chance::beyond(&draws, &values), count).map(|l| l.largest).unwrap_or_default();
    let orders = if question.orders { order_ranges(&exact, &places, count) } else { None };
    let parts = factors
        .iter()
        .enumerate()
        .map(|(i, factor)| Part {
            factor,
            value: values[i],
            interval: intervals.get(i).copied().filter(|_| *factor != "not_explained"),
            largest: first.get(i).copied().unwrap_or(0.0),
            deviation: chance::mean_and_deviation(&draws, count, i).1,
            orders: orders.as_ref().and_then(|o| o.get(i).copied()),
        })
        .collect();
    let mut back = vec![0.0; count];
    taken_back(&exact, &places, &mut back);
    let spread = Interval::of_columns(&replayed, count).unwrap_or_default();
    let replays =
        back.into_iter().enumerate().map(|(i, value)| Replay { value, interval: spread.get(i).copied() }).collect();
    Split { money, totals, parts, draws, replays, broken }
}

/// Adds every column's part of every stream into its factor.
fn add_up(tables: &[Table], places: &[Vec<usize>], out: &mut [f64]) -> stats::Result<()> {
    for (table, places) in tables.iter().zip(places) {
        if table.columns == 0 {
            continue;
        }
        let mut sums = vec![0.0; table.columns];
        shapley::column_sums(&table.sides[0], &table.sides[1], table.columns, &mut sums)?;
        for (sum, place) in sums.iter().zip(places) {
            out[*place] += sum;
        }
    }
    Ok(())
}

/// For each lag of the asked side, the lag of the base that is the same stretch of days.
fn shared_lags(reading: &Reading) -> Vec<Option<usize>> {
    let [base, asked] = &reading.sides;
    asked.lags.iter().map(|days| base.lags.iter().position(|other| other == days)).collect()
}

fn order_ranges(tables: &[Table], places: &[Vec<usize>], factors: usize) -> Option<Vec<(f64, f64)>> {
    let mut out = vec![(0.0, 0.0); factors];
    for (table, places) in tables.iter().zip(places) {
        if table.columns == 0 {
            continue;
        }
        let range = shapley::order_range(&table.sides[0], &table.sides[1], table.columns).ok()?;
        for ((least, greatest), place) in range.least.iter().zip(&range.greatest).zip(places) {
            out[*place].0 += least;
            out[*place].1 += greatest;
        }
    }
    Some(out)
}
