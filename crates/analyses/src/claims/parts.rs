//! The claim in parts: within each value of another column, and with both sides alike in that column.
//!
//! Both sides alike: the difference within each value, weighted by the claim's own cases (direct standardisation). Not
//! here: what it means. Invariant: values that one side does not have weigh nothing, and how much that is is told.

use stats::interval::Interval as House;
use tallies::Test;

use super::claim::Against;
use super::cube::{Choice, Count, Watched};
use super::measure::{Compared, Measure, Other};
use super::settings::LEAST_CASES;
use crate::columns::{is, said};
use crate::figures::house;

/// One value of the other column.
#[derive(Clone, Debug, PartialEq)]
pub struct Stratum {
    pub label: String,
    pub compared: Compared,
}

/// One other column.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub column: &'static str,
    pub strata: Vec<Stratum>,
    /// The difference with both sides alike, if enough of the claim's cases have a counterpart.
    pub alike: Option<(f64, report::Interval)>,
    /// The claim's cases in values that both sides have.
    pub matched: u64,
}

/// Every other column that both sides have values of. Only where the claim is about the rest: a period before and a number
/// have no parts.
pub fn read(measure: &Measure<'_>, rows: &[Watched]) -> Vec<Part> {
    if measure.ask.claim.against != Against::Rest {
        return vec![];
    }
    measure.plan.parts.iter().zip(rows).filter_map(|(column, watched)| part(measure, *column, watched)).collect()
}

fn part(measure: &Measure<'_>, column: tallies::Column, watched: &Watched) -> Option<Part> {
    let cube = watched.cube(&measure.wait);
    let axis = measure.plan.chosen.len();
    let labels = cube.labels.get(axis)?;
    // the conditions' levels in this cube's own numbering
    let levels = measure.plan.chosen.iter().zip(&cube.labels).map(|(chosen, labels)| {
        Some((0u32..).zip(labels).filter(|(_, l)| chosen.labels.contains(l) == chosen.is).map(|(i, _)| i).collect())
    });
    let choice = Choice { levels: levels.collect(), pieces: measure.choice.pieces.clone() };
    let (mut strata, mut matched) = (Vec::new(), 0);
    for (level, label) in (0u32..).zip(labels) {
        let here = |l: &super::cube::Levels| l[axis] == level;
        let inside = cube.sum(|c| here(&c.levels) && choice.holds(&c.levels, c.piece));
        let all = cube.sum(|c| here(&c.levels));
        let outside = inside.out_of(all);
        if inside.n == 0 || outside.n == 0 {
            continue;
        }
        matched += inside.n;
        let is_value = is(column, label);
        let mut tests = measure.all_tests(&choice.pieces);
        tests.extend(measure.conditions(None));
        tests.push(is_value.clone());
        let Other::Cases(_, mut others) = measure.rest(&measure.choice, None, &measure.ground) else { continue };
        others.push(is_value);
        strata.push(Stratum {
            label: said(label),
            compared: Compared::new(inside, tests, Other::Cases(outside, others)),
        });
    }
    if strata.len() < 2 {
        return None;
    }
    let enough = 2 * matched >= measure_inside(&cube, &choice) && matched >= LEAST_CASES;
    let alike = if enough { standardised(&strata, matched) } else { None };
    Some(Part { column: column.name, strata, alike, matched })
}

fn measure_inside(cube: &super::cube::Cube, choice: &Choice) -> u64 {
    cube.sum(|c| choice.holds(&c.levels, c.piece)).n
}

/// The weighted difference with its normal interval; half a case is added on both sides of each rate's variance, so that a
/// value with no outcome is not taken for certain.
fn standardised(strata: &[Stratum], matched: u64) -> Option<(f64, report::Interval)> {
    let variance = |c: Count| {
        let p = (c.k as f64 + 0.5) / (c.n as f64 + 1.0);
        p * (1.0 - p) / c.n as f64
    };
    let (mut mean, mut total) = (0.0, 0.0);
    for stratum in strata {
        let Other::Cases(other, _) = &stratum.compared.other else { return None };
        let weight = stratum.compared.inside.n as f64 / matched as f64;
        mean += weight * stratum.compared.difference;
        total += weight * weight * (variance(stratum.compared.inside) + variance(*other));
    }
    Some((mean, house(House::normal(mean, total.sqrt())?)))
}

/// The tests of some cases, for their evidence.
pub fn tests_of(other: &Other) -> Vec<Test> {
    match other {
        Other::Cases(_, tests) => tests.clone(),
        Other::Number(_) => vec![],
    }
}
