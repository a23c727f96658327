//! What the slice dealt out by lot tells: leads apart from reps.
//!
//! Leads that came to it by lot and were worked by a procedure that stayed as it was moved only with leads and market;
//! what the others moved beyond that is left for reps and procedure. Nothing is said where the lot was none (its leads
//! are of other sources than the rest), where its procedure moved, or where too few leads went through it.
//!
//! Here: counts and the two numbers. Not here: words. Invariant: its leads are in no other figure of the room, so that
//! the two changes are independent.

use stats::crossed::{Cells, Factor, Model};
use stats::homogeneity::Homogeneity;
use stats::interval::Interval;
use tallies::Tally;

use super::blend::expit;
use super::change::Change;
use super::levels::Estimate;
use super::read::Reading;
use super::settings::{LEAST_IN_PERIOD, LOT_CHANGED, LOT_UNEVEN};
use crate::columns::LOT;

/// A source's leads in both periods.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Dealt out by lot, and how many of those came to the outcome.
    pub dealt: [(f64, f64); 2],
    /// Of the dealt, tried within the hour.
    pub fast: [f64; 2],
    /// All others.
    pub others: [f64; 2],
}

/// The axes of a tally of `quality.lot`.
const SOURCE: usize = 0;
const LANE: usize = 2;

/// By source, from the cells that `period` puts into one of the periods.
pub fn counts(tally: &Tally, outcome: usize, period: impl Fn(usize) -> Option<usize>) -> Vec<Counts> {
    let sources = tally.axes.first().map_or(0, |axis| axis.labels.len());
    let mut out = vec![Counts::default(); sources];
    let last = tally.measured.len().saturating_sub(1);
    for cell in 0..tally.cells {
        let place = tally.at.get(cell * tally.axes.len() + SOURCE).copied().unwrap_or(0) as usize;
        let (Some(period), Some(counts)) = (period(cell), out.get_mut(place)) else { continue };
        if tally.label(cell, LANE).text().is_some_and(|lane| LOT.contains(&lane)) {
            let dealt = &mut counts.dealt[period];
            *dealt = (dealt.0 + tally.real(cell, 0), dealt.1 + tally.real(cell, outcome + 1));
            counts.fast[period] += tally.real(cell, last);
        } else {
            counts.others[period] += tally.real(cell, 0);
        }
    }
    // in an order of their content: names decide nothing
    let content = |c: &Counts| c.dealt.map(|(n, y)| (n as i64, y as i64));
    out.sort_by_key(|c| (content(c), c.others.map(|n| n as i64)));
    out
}

/// Why the slice tells nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoLot {
    /// Leads and outcomes in each period.
    TooFew([(f64, f64); 2]),
    /// Its leads came from other sources than the rest: the chance of that by lot.
    Uneven(f64),
    /// Its own follow-up moved: shares tried within the hour.
    Changed([f64; 2]),
    /// The fit has no maximum.
    NotComputable,
}

/// What it tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Leads and outcomes in each period.
    pub totals: [(f64, f64); 2],
    /// The factor by which leads and market moved the odds.
    pub odds: Estimate,
    /// What is left of the common change, likewise: reps and procedure.
    pub rest: Estimate,
    /// Chance of a mix of sources this uneven by lot.
    pub even: f64,
}

/// The two numbers.
///
/// # Errors
/// Why there are none.
pub fn lot(reading: &Reading, counts: &[Counts], change: &Change) -> Result<Lot, NoLot> {
    let totals = [0, 1].map(|t| counts.iter().fold((0.0, 0.0), |(n, y), c| (n + c.dealt[t].0, y + c.dealt[t].1)));
    if totals.iter().any(|(n, y)| y.min(n - y) < LEAST_IN_PERIOD) {
        return Err(NoLot::TooFew(totals));
    }
    let mix = |t: usize| Homogeneity::of(&counts.iter().map(|c| [c.dealt[t].0, c.others[t]]).collect::<Vec<_>>());
    let even = mix(0).and(mix(1)).p();
    if even < LOT_UNEVEN {
        return Err(NoLot::Uneven(even));
    }
    let fast = [0, 1].map(|t| counts.iter().map(|c| c.fast[t]).sum::<f64>());
    let slow = [0, 1].map(|t: usize| totals[t].0 - fast[t]);
    if reading.plan.has_attempts && Homogeneity::of(&[fast, slow]).p() < LOT_CHANGED {
        return Err(NoLot::Changed([0, 1].map(|t: usize| fast[t] / totals[t].0)));
    }
    let (moved, se, freedom) = drift(counts).ok_or(NoLot::NotComputable)?;
    let odds = |mean: f64, se: f64| {
        let interval = Interval::student(mean, se, freedom).ok_or(NoLot::NotComputable)?;
        Ok(Estimate { value: mean.exp(), interval: interval.map(f64::exp) })
    };
    let common = change.odds;
    let width = (common.interval.hi90 / common.interval.lo90).ln();
    let of_common = width / (2.0 * stats::inverse::normal_quantile(0.95).ok_or(NoLot::NotComputable)?);
    Ok(Lot { totals, odds: odds(moved, se)?, rest: odds(common.value.ln() - moved, se.hypot(of_common))?, even })
}

/// By how much the log odds moved for all sources alike, its standard error, and the degrees of freedom (Satterthwaite):
/// what single sources moved by themselves is an effect of its own, known from as many as there are.
fn drift(counts: &[Counts]) -> Option<(f64, f64, f64)> {
    let there: Vec<&Counts> = counts.iter().filter(|c| c.dealt.iter().any(|d| d.0 > 0.0)).collect();
    if there.len() < 2 {
        let d = there.first()?.dealt;
        let logit = |t: usize| (d[t].1 / (d[t].0 - d[t].1)).ln();
        let variance: f64 = d.iter().map(|(n, y)| 1.0 / y + 1.0 / (n - y)).sum();
        return Some((logit(1) - logit(0), variance.sqrt(), d[0].0 + d[1].0 - 2.0));
    }
    let (mut n, mut y, mut x, mut source, mut moved) = (vec![], vec![], vec![], vec![], vec![]);
    for (place, counts) in there.iter().enumerate() {
        for (t, dealt) in counts.dealt.iter().enumerate().filter(|(_, d)| d.0 > 0.0) {
            n.push(dealt.0);
            y.push(dealt.1);
            x.extend([f64::from(u8::from(t == 0)), f64::from(u8::from(t == 1))]);
            source.push(place as u32);
            moved.push((2 * place + t) as u32);
        }
    }
    let factors = [Factor { levels: &source, size: there.len() }, Factor { levels: &moved, size: 2 * there.len() }];
    let fit = Model::new(&Cells { n: &n, y: &y, x: &x, columns: 2, factors: &factors }).ok()?.fit().ok()?;
    let [a, b] = fit.beta.get(..2)? else { return None };
    let [aa, ab, _, bb] = fit.covariance.get(..4)? else { return None };
    let variance = (aa + bb - 2.0 * ab).max(0.0);
    // what the rows leave open if no source moved by itself; the rest is learned from the sources, few as they are
    let mut information = vec![[0.0f64; 2]; there.len()];
    for ((level, n), eta) in moved.iter().zip(&n).zip(&fit.linear_predictor) {
        let p = expit(*eta);
        information[*level as usize / 2][*level as usize % 2] += n * p * (1.0 - p);
    }
    let within =
        1.0 / information.iter().filter(|i| i[0] * i[1] > 0.0).map(|i| i[0] * i[1] / (i[0] + i[1])).sum::<f64>();
    let between = (variance - within).max(1e-6 * variance);
    let freedom = (there.len() as f64 - 1.0) * (variance / between) * (variance / between);
    Some((b - a, variance.sqrt(), freedom.min(1e6)))
}
