//! A card fitted to the own records, and how good it is on leads that it has not seen.
//!
//! Not here: sentences. Invariant: same leads, same seed, same card; quality is never measured on the leads that a card was
//! fitted on.

use stats::scorecard::{Column, Quality, QualityIntervals, Scorecard, fit, quality, quality_intervals};

use super::columns::{Named, Refused, Values, refused};

/// Leads that a card is fitted on at most; more tell no more than these.
pub const MOST_LEADS: usize = 200_000;
/// Leads with the outcome, and without it, from which a card can be fitted.
pub const LEAST_OUTCOMES: usize = 10;
/// Share of leads with a time from which a split by time is made; share of the leads that are the earlier part.
const DATED: f64 = 0.9;
const EARLIER: f64 = 0.7;
/// Redraws of intervals.
const REDRAWS: usize = 200;
/// Tells the split into halves from the sample.
const HALVES: u64 = 0x68_61_6c_76_65_73;

/// How good a card is on leads that it was not fitted on.
#[derive(Clone, Debug)]
pub struct Held {
    /// The quality.
    pub quality: Quality,
    /// Its intervals.
    pub intervals: QualityIntervals,
}

/// A fitted card.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The columns it was chosen from: places in those given.
    pub from: Vec<usize>,
    /// Those that were refused.
    pub refused: Vec<(usize, Refused)>,
    /// The card, fitted on all leads; its columns are places in `from`.
    pub card: Scorecard,
    /// On the last third of leads, fitted on the first two; `None` where times are not recorded, or too few.
    pub later: Option<Held>,
    /// On halves, fitted on the other half.
    pub halves: Option<Held>,
    /// Leads it was fitted on.
    pub leads: usize,
}

/// Fits a card. `when`: the moment of each lead, where it is known.
///
/// # Errors
/// The number of leads with the outcome and without it, where one is too few; or that no column is left.
pub fn card(
    columns: &[Named],
    good: &[bool],
    when: &[Option<i64>],
    (with, without): (&[String], &[String]),
    seed: u64,
) -> Result<Fitted, (usize, usize)> {
    let rows = sample(good.len(), MOST_LEADS, seed);
    let good: Vec<bool> = rows.iter().map(|r| good[*r]).collect();
    let positives = good.iter().filter(|g| **g).count();
    let counts = (positives, good.len() - positives);
    if counts.0 < LEAST_OUTCOMES || counts.1 < LEAST_OUTCOMES {
        return Err(counts);
    }
    let is_in = |names: &[String], name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let (mut from, mut out) = (Vec::new(), Vec::new());
    let mut values = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let own = Named { values: column.values.of_rows(&rows), ..column.clone() };
        let why = if is_in(without, &column.name) {
            Some(Refused::Asked)
        } else {
            refused(&own, &good, is_in(with, &column.name))
        };
        match why {
            Some(why) => out.push((place, why)),
            None => {
                from.push(place);
                values.push(own.values);
            }
        }
    }
    let all: Vec<usize> = (0..rows.len()).collect();
    let card = fitted(&values, &good, &all).ok_or(counts)?;
    let dated: Vec<(i64, usize)> = rows.iter().enumerate().filter_map(|(i, r)| Some((when[*r]?, i))).collect();
    let later =
        if dated.len() as f64 >= DATED * rows.len() as f64 { by_time(&values, &good, dated, seed) } else { None };
    let halves = by_halves(&values, &good, seed);
    Ok(Fitted { from, refused: out, card, later, halves, leads: rows.len() })
}

/// So many rows, evenly chosen by a seed, in order.
fn sample(rows: usize, most: usize, seed: u64) -> Vec<usize> {
    let mut chosen: Vec<(u64, usize)> = (0..rows).map(|row| (mixed(seed, row as u64), row)).collect();
    if rows > most {
        chosen.sort_unstable();
        chosen.truncate(most);
    }
    let mut out: Vec<usize> = chosen.into_iter().map(|c| c.1).collect();
    out.sort_unstable();
    out
}

/// A number that a seed and another one give: splitmix64.
fn mixed(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

fn fitted(values: &[Values], good: &[bool], rows: &[usize]) -> Option<Scorecard> {
    let own: Vec<Values> = values.iter().map(|v| v.of_rows(rows)).collect();
    let columns: Vec<Column<'_>> = own.iter().map(Values::column).collect();
    let good: Vec<bool> = rows.iter().map(|r| good[*r]).collect();
    fit(&columns, &good).ok()
}

/// Chances of some rows by a card that was fitted on others.
fn chances(values: &[Values], good: &[bool], learn: &[usize], tell: &[usize]) -> Option<Vec<f64>> {
    let card = fitted(values, good, learn)?;
    let own: Vec<Values> = values.iter().map(|v| v.of_rows(tell)).collect();
    let columns: Vec<Column<'_>> = own.iter().map(Values::column).collect();
    Some(card.totals(&columns).ok()?.into_iter().map(|total| card.probability(total)).collect())
}

fn held(chance: &[f64], good: &[bool], seed: u64) -> Option<Held> {
    let quality = quality(chance, good).ok()?;
    let intervals = quality_intervals(chance, good, REDRAWS, seed).ok()?;
    Some(Held { quality, intervals })
}

fn by_time(values: &[Values], good: &[bool], mut dated: Vec<(i64, usize)>, seed: u64) -> Option<Held> {
    dated.sort_unstable();
    let order: Vec<usize> = dated.into_iter().map(|d| d.1).collect();
    let (learn, tell) = order.split_at((EARLIER * order.len() as f64) as usize);
    let chance = chances(values, good, learn, tell)?;
    held(&chance, &tell.iter().map(|r| good[*r]).collect::<Vec<bool>>(), seed)
}

/// The chance of each lead by the card of the half that it is not in.
fn by_halves(values: &[Values], good: &[bool], seed: u64) -> Option<Held> {
    let mut order: Vec<usize> = (0..good.len()).collect();
    order.sort_by_key(|row| mixed(seed ^ HALVES, *row as u64));
    let (a, b) = order.split_at(order.len() / 2);
    let mut chance = vec![0.0; good.len()];
    for (learn, tell) in [(a, b), (b, a)] {
        for (row, own) in tell.iter().zip(chances(values, good, learn, tell)?) {
            chance[*row] = own;
        }
    }
    held(&chance, good, seed)
}
