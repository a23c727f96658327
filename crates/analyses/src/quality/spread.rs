//! How far the levels of one factor differ: the standard deviation of their effects, with an interval.
//!
//! Each level's own effect is estimated once from its rows at the fitted rest (score over information); given those, the
//! spread has a one-dimensional likelihood, whose drops by 1.353 and 0.227 bound the 90% and 50% intervals.
//!
//! Not here: the test of no spread ([`stats::crossed::Model::test_spread`]). Invariant: an interval holds the fitted
//! spread, and starts at 0 where no spread at all is that likely.

use stats::interval::Interval;

/// Half of the chi-square quantiles with one degree of freedom at 90% and 50%.
const DROPS: [f64; 2] = [1.352_77, 0.227_47];

/// Beyond this no spread of log odds is looked for.
const MOST: f64 = 5.0;

/// One level's own effect and its variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Own {
    pub effect: f64,
    pub variance: f64,
    /// Information of its rows.
    pub information: f64,
}

/// Each level's own effect, from the rows' counts at the fitted log odds.
pub fn own(effects: &[f64], rows: impl Iterator<Item = (usize, f64, f64, f64)>) -> Vec<Option<Own>> {
    let mut sums = vec![(0.0, 0.0); effects.len()];
    for (level, n, y, eta) in rows {
        let mean = super::blend::expit(eta);
        sums[level].0 += y - n * mean;
        sums[level].1 += n * mean * (1.0 - mean);
    }
    let made = |((score, information), effect): (&(f64, f64), &f64)| {
        (*information > 0.0).then(|| Own {
            effect: effect + score / information,
            variance: 1.0 / information,
            information: *information,
        })
    };
    sums.iter().zip(effects).map(made).collect()
}

/// The spread that intervals of levels rest on: where no spread is the likeliest, levels are still not known to be equal,
/// and half of what is possible is taken.
pub fn known(levels: &[Option<Own>], fitted: f64) -> f64 {
    if fitted > 0.0 { fitted } else { interval(levels, fitted).map_or(0.0, |i| i.hi50) }
}

fn likelihood(own: &[Own], spread: f64) -> f64 {
    own.iter()
        .map(|o| {
            let v = spread * spread + o.variance;
            -0.5 * (v.ln() + o.effect * o.effect / v)
        })
        .sum()
}

/// The interval of a fitted spread.
pub fn interval(levels: &[Option<Own>], fitted: f64) -> Option<Interval> {
    let own: Vec<Own> = levels.iter().flatten().copied().collect();
    if own.len() < 2 || !fitted.is_finite() {
        return None;
    }
    let top = best(&own);
    let most = likelihood(&own, top);
    let falls = |spread: f64, drop: f64| most - likelihood(&own, spread) >= drop;
    let bound = |drop: f64, (mut inside, mut outside): (f64, f64)| {
        for _ in 0..60 {
            let middle = 0.5 * (inside + outside);
            if falls(middle, drop) { outside = middle } else { inside = middle }
        }
        0.5 * (inside + outside)
    };
    let low = |drop: f64| if falls(0.0, drop) { bound(drop, (top, 0.0)) } else { 0.0 };
    let high = |drop: f64| if falls(MOST, drop) { bound(drop, (top, MOST)) } else { MOST };
    let [wide, narrow] = DROPS;
    Some(Interval {
        lo90: low(wide).min(fitted),
        lo50: low(narrow).min(fitted),
        hi50: high(narrow).max(fitted),
        hi90: high(wide).max(fitted),
    })
}

/// The likeliest spread: a coarse walk, then a fine one.
fn best(own: &[Own]) -> f64 {
    let (mut at, mut step) = (0.0, 0.05);
    let mut top = likelihood(own, 0.0);
    for _ in 0..3 {
        let from: f64 = at;
        for i in -20..=if step > 0.01 { 100 } else { 20 } {
            let spread = (from + f64::from(i) * step).clamp(0.0, MOST);
            let value = likelihood(own, spread);
            if value > top {
                (at, top) = (spread, value);
            }
        }
        step /= 20.0;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(effects: &[f64], variance: f64) -> Vec<Option<Own>> {
        effects.iter().map(|e| Some(Own { effect: *e, variance, information: 1.0 / variance })).collect()
    }

    #[test]
    fn equal_levels_may_have_no_spread_and_far_ones_do_not() {
        let equal = interval(&levels(&[0.01, -0.02, 0.0, 0.02, -0.01, 0.0], 0.01), 0.0).unwrap();
        assert_eq!((equal.lo90, equal.lo50), (0.0, 0.0));
        assert!(equal.hi90 > equal.hi50 && equal.hi90 < 0.3, "{equal:?}");
        let far = interval(&levels(&[0.8, -0.9, 0.5, -0.4, 1.1, -1.2], 0.01), 0.87).unwrap();
        assert!(far.lo90 > 0.4 && far.lo90 < far.lo50 && far.hi50 < far.hi90 && far.hi90 < 2.5, "{far:?}");
        assert!(interval(&levels(&[0.1], 0.1), 0.0).is_none());
    }

    #[test]
    fn an_own_effect_solves_its_rows_to_first_order() {
        // 30 of 100 at log odds of 0: one step from an effect of 0 is (30 - 50) / 25
        let own = own(&[0.0, 0.0], [(0, 100.0, 30.0, 0.0)].into_iter());
        assert!((own[0].unwrap().effect + 0.8).abs() < 1e-12 && (own[0].unwrap().variance - 0.04).abs() < 1e-12);
        assert_eq!(own[1], None);
    }
}
