//! What chance does to the parts of a split: their draws made as wide as the parts really vary, and the parts without it.
//!
//! Draws of a product of estimates vary more than the product: in small cells the chance of each factor is multiplied
//! with that of the others once in the estimate and once more in the draws (`stats::shapley::noise`). Here: by how much
//! draws are narrowed, and the parts shrunk for ranking. Not here: drawing. Invariant: neither moves a part, nor the mean
//! of its draws.

use stats::draws::{Draws, matrix};
use stats::shapley::{Moments, Noise, noise};

use super::cells::Table;
use crate::Question;

/// Draws from which the variances of the factors are taken: each entry's to a tenth, and thousands of them are summed.
const DRAWS: usize = 200;

/// The least share of a part's deviation that is kept: what is below rests on cells with next to no cases.
const LEAST_KEPT: f64 = 0.5;

/// Factors whose parts are sums over cells that vary independently of each other. The others' chance is common to cells (how
/// many began, the pace of a cohort, the worth of follow-up, the end of a quarter) and not counted twice.
///
/// Mix and win rate are not among them: shares of all leads move together, and closings of few opportunities vary more than
/// their cells tell. Drawn as they are, their deviations are those that they have over 200 invented companies; narrowed, they
/// were a fifth and a tenth too small (docs/methods/recovery.md).
const BY_CELL: [&str; 6] =
    ["mql_rate", "acceptance", "qualification", "opportunity_rate", "list_price", "amount_per_win"];

/// For each factor, the share of its draws' deviation that is its own.
pub fn narrower(
    question: &Question,
    exact: &[Table],
    names: &[&[&'static str]],
    factors: &[&'static str],
    drawn: &(impl Fn(&mut Draws) -> Vec<Table> + Sync),
) -> Vec<f64> {
    let mut sums = vec![Noise::default(); factors.len()];
    for (names, of) in noise_of(question, exact, names, drawn) {
        for (name, noise) in names.iter().zip(of) {
            if let Some(place) = factors.iter().position(|f| f == name) {
                sums[place].drawn += noise.drawn;
                sums[place].estimated += noise.estimated;
            }
        }
    }
    factors
        .iter()
        .zip(sums)
        .map(|(factor, sum)| {
            let is_known = BY_CELL.contains(factor) && sum.drawn > 0.0;
            if is_known { (sum.estimated / sum.drawn).max(0.0).sqrt().clamp(LEAST_KEPT, 1.0) } else { 1.0 }
        })
        .collect()
}

/// The noise of each stream's columns, with their names; nothing where the draws fail, which leaves them as wide as they are.
fn noise_of<'a>(
    question: &Question,
    exact: &[Table],
    names: &'a [&'a [&'static str]],
    drawn: &(impl Fn(&mut Draws) -> Vec<Table> + Sync),
) -> Vec<(&'a [&'static str], Vec<Noise>)> {
    let entries: usize = exact.iter().map(|t| t.sides.iter().map(Vec::len).sum::<usize>()).sum();
    let all = matrix(question.seed, DRAWS.min(question.draws.max(20)), entries, |draws, out| {
        let values = drawn(draws).into_iter().flat_map(|t| t.sides).flatten();
        out.iter_mut().zip(values).for_each(|(out, value)| *out = value);
        Ok(())
    })
    .unwrap_or_default();
    let (mut out, mut start) = (Vec::new(), 0);
    for (table, names) in exact.iter().zip(names) {
        let [first, second] = [table.sides[0].len(), table.sides[1].len()];
        let mut moments = Moments::new(first);
        let rows = all.chunks_exact(entries.max(1)).map(|row| &row[start..start + first + second]);
        let all_added = rows.map(|row| row.split_at(first)).try_for_each(|(a, b)| moments.add(a, b));
        start += first + second;
        if table.columns > 0
            && all_added.is_ok()
            && let Ok(noise) = noise(&table.sides[0], &table.sides[1], table.columns, &moments)
        {
            out.push((*names, noise));
        }
    }
    out
}

/// Draws each factor closer to the mean of its draws by its share.
pub fn narrow(draws: &mut [f64], shares: &[f64]) {
    let columns = shares.len().max(1);
    for (column, share) in shares.iter().enumerate().filter(|(_, share)| **share < 1.0) {
        let (mean, _) = mean_and_deviation(draws, columns, column);
        for value in draws.iter_mut().skip(column).step_by(columns) {
            *value = mean + share * (*value - mean);
        }
    }
}

/// Draws of the parts without chance: each part `v` with deviation `s` is shrunk to `(1 - s² / v²) v`, nothing where it
/// is within one deviation, and keeps all its deviation.
///
/// The mean under a normal prior around zero whose variance is the likeliest for this part alone, `v² - s²` (the
/// positive-part James-Stein factor of one dimension): what may be chance alone does not take the first place from a
/// smaller part that is surely there. The posterior's own deviation, `s √(1 - s² / v²)`, would take that prior as known,
/// which one number does not tell (Morris 1983, "Parametric empirical Bayes inference").
pub fn beyond(draws: &[f64], values: &[f64]) -> Vec<f64> {
    let columns = values.len().max(1);
    let mut out = draws.to_vec();
    for (column, value) in values.iter().enumerate() {
        let (mean, deviation) = mean_and_deviation(draws, columns, column);
        let kept = if *value == 0.0 { 0.0 } else { (1.0 - (deviation / value).powi(2)).max(0.0) };
        for drawn in out.iter_mut().skip(column).step_by(columns) {
            *drawn += kept * value - mean;
        }
    }
    out
}

/// Mean and standard deviation of one column of draws.
pub fn mean_and_deviation(draws: &[f64], columns: usize, column: usize) -> (f64, f64) {
    let values = || draws.iter().skip(column).step_by(columns.max(1));
    let n = values().count() as f64;
    if n < 2.0 {
        return (values().sum(), 0.0);
    }
    let mean = values().sum::<f64>() / n;
    (mean, (values().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_narrowed_around_their_mean() {
        let mut draws = vec![1.0, 10.0, 3.0, 30.0, 5.0, 20.0];
        narrow(&mut draws, &[0.5, 1.0]);
        assert_eq!(draws, vec![2.0, 10.0, 3.0, 30.0, 4.0, 20.0]);
    }

    #[test]
    fn what_may_be_chance_does_not_take_the_first_place() {
        let mut draws = Vec::new();
        let mut source = Draws::new(1);
        for _ in 0..2_000 {
            draws.extend([900.0 + 600.0 * source.normal(), -700.0 + 150.0 * source.normal(), 10.0 * source.normal()]);
        }
        let without = beyond(&draws, &[900.0, -700.0, 4.0]);
        let largest = stats::draws::largest(&without, 3).unwrap().largest;
        assert!(largest[1] > 0.55 && largest[0] > 0.05 && largest[2] == 0.0, "{largest:?}");
        let (mean, deviation) = mean_and_deviation(&without, 3, 1);
        assert!((mean + 700.0 * (1.0 - 150.0f64.powi(2) / 490_000.0)).abs() < 5.0 && (deviation - 150.0).abs() < 10.0);
    }
}
