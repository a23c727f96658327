//! From a reading to findings: a closed list of cases. Computes nothing new.

use stats::inverse::normal_quantile;

use super::change::{Change, Drift};
use super::levels::Levels;
use super::settings::ALPHA;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Case {
    SourcesDiffer,
    SourcesAlike,
    RepsDiffer,
    RepsAlike,
    SourceDrift { source: usize, up: bool },
    NoSourceDrift,
    RepsMoved,
    Common,
    NoCommon,
}

/// About the levels: sources first, then reps.
pub fn of_levels(levels: &Levels) -> Vec<Case> {
    let differ = |p: f64, yes, no| if p < ALPHA { yes } else { no };
    let mut out = vec![differ(levels.source_spread.test.p, Case::SourcesDiffer, Case::SourcesAlike)];
    out.extend(levels.reps.map(|r| differ(r.spread.test.p, Case::RepsDiffer, Case::RepsAlike)));
    out
}

/// About the change: in common, sources against one another, reps against one another.
pub fn of_change(change: &Change) -> Vec<Case> {
    let known = |i: &stats::interval::Interval| i.lo90 > 0.0 || i.hi90 < 0.0;
    let common = &change.common;
    let mut out = vec![if known(&common.interval) { Case::Common } else { Case::NoCommon }];
    let far: Vec<&Drift> = change.drifts.iter().filter(|d| d.deviations.abs() >= limit(change.drifts.len())).collect();
    out.extend(far.iter().map(|d| Case::SourceDrift { source: d.source, up: d.deviations > 0.0 }));
    if far.is_empty() && !change.drifts.is_empty() {
        out.push(Case::NoSourceDrift);
    }
    let reps = change.parts[4].filter(|_| change.has_reps && change.rep_p.is_some_and(|p| p < ALPHA));
    out.extend(reps.filter(|part| known(&part.interval)).map(|_| Case::RepsMoved));
    out
}

/// Standard deviations beyond which one of so many drifts is told: two-sided 5% over all of them (Bonferroni).
fn limit(drifts: usize) -> f64 {
    normal_quantile(1.0 - ALPHA / 2.0 / drifts.max(1) as f64).unwrap_or(f64::INFINITY)
}
