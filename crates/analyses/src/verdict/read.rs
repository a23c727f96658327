//! From tallies to numbers by segment, cohort and side. Judges nothing and draws nothing.
//!
//! Invariant: the numbers of a segment do not depend on what it is called.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tallies::{Label, Tally};

use super::follow::{self, Classes, Worth};
use super::late;
use super::numbers::{Closed, Cohort, Measured, Reading, Segment, Total};
use super::plan::{Plan, Side, Stream};
use super::settings::{
    LEAST_FOLLOWED, LEAST_IN_SEGMENTS, LEAST_LOSS_SHARE, LEAST_LOSSES, LEAST_TO_CROSS, LEAST_TRIED, MOST_CELLS,
    MOST_SEGMENTS, OWN_PACE,
};
use crate::columns::said;
use crate::maturity::{Later, Law, Outcomes};
use crate::records::{self};
use crate::{Lay, Question};

/// Takes the answers in the order of `specs`.
pub fn read(question: &Question, lay: &Lay, tallies: &[Tally]) -> Option<Reading> {
    let plan: Plan = super::plan::plan(question, lay);
    let mut answers = tallies.iter();
    let mut totals = [Total::default(); 2];
    for total in &mut totals {
        let (all, lead) = (answers.next()?, answers.next()?);
        *total = Total {
            wins: all.int(0, 0) + lead.int(0, 0),
            priced: all.int(0, 1) + lead.int(0, 1),
            amount: all.int(0, 2) + lead.int(0, 2),
            not_converted: all.int(0, 3),
            contradicted: all.int(0, 4),
            contradicted_amount: all.int(0, 5),
            lost: all.int(0, 6),
            lead_only: lead.int(0, 0),
        };
    }
    let fates = answers.next()?.clone();
    let missing_wins = records::missing_wins(question, answers.next()?, answers.next()?, answers.next()?);
    let mut streams = Vec::new();
    for stream in &plan.streams {
        streams.push(one_stream(stream, &plan.sides, &mut answers)?);
    }
    Some(Reading { sides: plan.sides, totals, streams, fates, missing_wins })
}

/// The values of both columns.
type Key = (Label, Label);

struct Raw<'a> {
    begun: &'a Tally,
    closed: &'a Tally,
    weeks: &'a Tally,
    followed: Option<&'a Tally>,
    open: Vec<&'a Tally>,
}

fn one_stream<'a>(plan: &Stream, sides: &[Side; 2], answers: &mut impl Iterator<Item = &'a Tally>) -> Option<Measured> {
    let mut raws = Vec::new();
    for _ in sides {
        let (begun, closed, weeks) = (answers.next()?, answers.next()?, answers.next()?);
        let followed = if plan.follow.is_some() { Some(answers.next()?) } else { None };
        let open = plan.steps.iter().map(|_| answers.next()).collect::<Option<Vec<_>>>()?;
        raws.push(Raw { begun, closed, weeks, followed, open });
    }
    let union = answers.next()?;
    let extra = plan.among().map_or(0, |among| among.len());
    let union = (0..=plan.steps.len() + extra).map(|m| union.int(0, m).max(0) as u64).collect();
    let mut laws = Vec::new();
    for step in &plan.steps {
        let steps = i64::try_from(step.later_count()).unwrap_or(1);
        laws.push(law(answers.next()?, steps, step.to == terms::Stage::ClosedWon));
    }
    let axis = plan.columns().count();
    let lags = sides[1].lags.len();
    let empty = Segment {
        cohorts: [(); 2].map(|()| vec![cohort(plan); lags]),
        closed: [(); 2].map(|()| vec![Closed::default(); lags]),
        ..Segment::default()
    };
    let mut segments: BTreeMap<Key, Segment> = BTreeMap::new();
    let mut pace_spread = [(); 2].map(|()| vec![vec![0.0; plan.steps.len()]; lags]);
    for (side, raw) in raws.iter().enumerate() {
        let place = |tally: &Tally, cell: usize| -> Option<(Key, usize)> {
            let of = |at: usize| if at < axis { tally.label(cell, at).clone() } else { Label::Missing };
            let label = (of(0), of(1));
            let bin = usize::try_from(tally.label(cell, axis).number()?).ok()?;
            // bin 1 is the oldest cohort, the last lag
            Some((label, lags.checked_sub(bin)?)).filter(|(_, lag)| *lag < lags)
        };
        for cell in 0..raw.begun.cells {
            let Some((label, lag)) = place(raw.begun, cell) else { continue };
            let cohort = &mut segments.entry(label).or_insert_with(|| empty.clone()).cohorts[side][lag];
            cohort.n = raw.begun.real(cell, 0);
            for (step, got) in cohort.got.iter_mut().enumerate() {
                *got = raw.begun.real(cell, 1 + step);
            }
        }
        for cell in 0..raw.closed.cells {
            let Some((label, lag)) = place(raw.closed, cell) else { continue };
            let m = |i: usize| raw.closed.real(cell, i);
            segments.entry(label).or_insert_with(|| empty.clone()).closed[side][lag] = Closed {
                won: m(0),
                lost: m(1),
                priced: m(2),
                amount: m(3),
                listed: m(4),
                list: m(5),
                listed_amount: m(6),
                log: m(7),
                log_squared: m(8),
            };
        }
        if let (Some(tally), Some(follow)) = (raw.followed, &plan.follow) {
            for cell in 0..tally.cells {
                let Some((label, lag)) = place(tally, cell) else { continue };
                let cohort = &mut segments.entry(label).or_insert_with(|| empty.clone()).cohorts[side][lag];
                for (step, sums) in cohort.followed.iter_mut().enumerate() {
                    for (took, sum) in sums.iter_mut().enumerate() {
                        let [all, reached] = [0, 1].map(|m| tally.real(cell, 4 * step + 2 * took + m));
                        follow::add(sum, &follow.classes(tally, cell, axis + 1, all, reached));
                    }
                }
            }
        }
        for (step, (tally, law)) in raw.open.iter().zip(&laws).enumerate() {
            let mut open: BTreeMap<(Key, usize), Vec<(u32, f64)>> = BTreeMap::new();
            let mut by_lag: Vec<Vec<(u32, f64)>> = vec![Vec::new(); lags];
            for cell in 0..tally.cells {
                let Some((label, lag)) = place(tally, cell) else { continue };
                let Some(age) = tally.label(cell, axis + 1).number() else { continue };
                let age = u32::try_from(age).unwrap_or(0);
                open.entry((label, lag)).or_default().push((age, tally.real(cell, 0)));
                by_lag[lag].push((age, tally.real(cell, 0)));
            }
            for (lag, open) in by_lag.iter().enumerate() {
                let all = law.0.as_ref().map(|law| law.forecast(open)).unwrap_or_default();
                let spread = if all.expected > 0.0 { all.estimation.max(0.0).sqrt() / all.expected } else { 0.0 };
                pace_spread[side][lag][step] = spread.min(2.0);
            }
            for ((label, lag), open) in open {
                if let Some(segment) = segments.get_mut(&label) {
                    let later = law.0.as_ref().map(|law| law.forecast(&open)).unwrap_or_default();
                    segment.cohorts[side][lag].later[step] = later;
                }
            }
            for segment in segments.values_mut() {
                for cohort in &mut segment.cohorts[side] {
                    cohort.fresh[step] = law.0.as_ref().map_or(0.0, Law::ever);
                }
            }
        }
    }
    let mut named: BTreeMap<Label, Segment> = BTreeMap::new();
    for ((label, _), cell) in &segments {
        match named.entry(label.clone()) {
            Entry::Occupied(mut segment) => segment.get_mut().add(cell),
            Entry::Vacant(place) => {
                place.insert(Segment { name: said(label), labels: vec![label.clone()], ..cell.clone() });
            }
        }
    }
    let named: Vec<((), Segment)> = named.into_values().map(|segment| ((), segment)).collect();
    // small ones lose their segment first: the second column is what prices and paces hang on
    let cells: Vec<(Label, Segment)> = segments.into_iter().map(|((_, within), cell)| (within, cell)).collect();
    let mut weeks = [Vec::new(), Vec::new()];
    let mut by_week = [BTreeMap::new(), BTreeMap::new()];
    for (side, raw) in raws.iter().enumerate() {
        for cell in 0..raw.weeks.cells {
            let (list, amount, n) = (raw.weeks.real(cell, 1), raw.weeks.real(cell, 2), raw.weeks.real(cell, 0));
            let bin = raw.weeks.label(cell, usize::from(plan.column.is_some())).number();
            weeks[side].push((list, amount, bin.is_some_and(|bin| late::is_late(bin, &sides[side]))));
            if let Some(bin) = bin {
                let slot: &mut (f64, f64, f64) = by_week[side].entry(bin).or_default();
                slot.0 += list;
                slot.1 += amount;
                slot.2 += n;
            }
        }
        // the order of cells follows the labels; the sum of squares must not
        weeks[side].sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    }
    let least = if plan.within.is_some() { LEAST_TO_CROSS } else { LEAST_IN_SEGMENTS };
    let mut plan = plan.clone();
    let closes = |side: usize| {
        let (won, lost) = named
            .iter()
            .flat_map(|(_, s)| &s.closed[side])
            .fold((0.0, 0.0), |(won, lost), c| (won + c.won, lost + c.lost));
        lost >= LEAST_LOSSES as f64 && lost >= LEAST_LOSS_SHARE * (won + lost)
    };
    plan.closes = plan.closes && closes(0) && closes(1);
    let mut out = Measured {
        plan,
        segments: pooled(named, LEAST_IN_SEGMENTS, MOST_SEGMENTS),
        cells: pooled(cells, least, MOST_CELLS),
        pace_spread,
        laws: laws.iter().map(|l| l.1).collect(),
        weeks,
        by_week,
        worth: vec![],
        union,
    };
    out.worth = worth(&out).unwrap_or_default();
    if !out.worth.is_empty() && !Worth::sooner_is_more(&out.worth) {
        if let Some(follow) = &mut out.plan.follow {
            follow.speed = false;
        }
        let all = out.segments.iter_mut().chain(&mut out.cells);
        let cohorts = all.flat_map(|s| s.cohorts.iter_mut().flatten());
        cohorts
            .flat_map(|c| c.followed.iter_mut().flatten())
            .for_each(|classes| *classes = follow::at_any_speed(classes));
        out.worth = worth(&out).unwrap_or_default();
    }
    Some(out)
}

fn cohort(plan: &Stream) -> Cohort {
    let steps = plan.steps.len();
    let followed = plan.follow.as_ref().map_or(0, |f| f.steps.len());
    Cohort {
        n: 0.0,
        got: vec![0.0; steps],
        later: vec![Later::default(); steps],
        fresh: vec![0.0; steps],
        followed: vec![[[0.0; follow::CLASSES]; 2]; followed],
    }
}

/// What each class is worth at each followed step, within segment and side; `None` where too few were tried on a side.
fn worth(stream: &Measured) -> Option<Vec<Worth>> {
    let follow = stream.plan.follow.as_ref()?;
    let enough = |side: usize| {
        let classes = stream.followed(side, &vec![1.0; stream.weights().len()]);
        let (tried, all) = (follow::tried(&classes), classes.iter().sum::<f64>());
        tried >= LEAST_FOLLOWED && tried >= LEAST_TRIED * all
    };
    let strata = |place: usize| -> Vec<(Classes, Classes)> {
        let sides = stream.cells.iter().flat_map(|s| &s.cohorts);
        sides
            .map(|cohorts| {
                let mut sums = [[0.0; follow::CLASSES]; 2];
                for cohort in cohorts {
                    sums.iter_mut().zip(&cohort.followed[place]).for_each(|(a, b)| follow::add(a, b));
                }
                (sums[0], sums[1])
            })
            .collect()
    };
    (enough(0) && enough(1)).then(|| (0..follow.steps.len()).map(|place| Worth::of(&strata(place))).collect())
}

/// The law of a step: from those who began since the period started where that suffices, so that a change of pace shows
/// as timing and not as a rate; else from all.
fn law(tally: &Tally, steps: i64, is_last: bool) -> (Option<Law>, &'static str) {
    let own = Outcomes::read(tally, (1, 2), steps, |c| tally.label(c, 0).number() == Some(1));
    let all = Outcomes::read(tally, (1, 2), steps, |_| true);
    for outcomes in [&own, &all] {
        if outcomes.events() < OWN_PACE && std::ptr::eq(outcomes, &own) {
            continue;
        }
        // without recorded exits the tail of a win may lie past what was seen: only a model says how far
        if is_last && outcomes.exits() < 0.2 * outcomes.rows() {
            if let Some(choice) = outcomes.cure().filter(|c| c.best.covariance.is_some()) {
                let open: Vec<(f64, f64)> =
                    outcomes.cells.iter().filter(|c| c.1 == 0).map(|c| (f64::from(c.0), c.2)).collect();
                let beyond = choice.best.forecast(&open, None).map_or(1.0, |f| f.extrapolated);
                if beyond <= 0.5 {
                    let law = Law::Cure(Box::new(choice.best));
                    let words = law.words();
                    return (Some(law), words);
                }
            }
            if std::ptr::eq(outcomes, &own) {
                continue;
            }
        }
        if let Some(curves) = outcomes.curves() {
            return (Some(Law::of_curves(curves)), "Aalen-Johansen by age");
        }
    }
    (None, "nothing projected")
}

/// Pools small segments of the same group, and orders all by content.
fn pooled<Group: Ord>(mut segments: Vec<(Group, Segment)>, least: u64, most: usize) -> Vec<Segment> {
    let in_order = |a: &Segment, b: &Segment| b.rows().total_cmp(&a.rows()).then_with(|| b.content().cmp(&a.content()));
    segments.sort_by(|(_, a), (_, b)| in_order(a, b));
    let keep = segments.iter().filter(|(_, s)| s.rows() >= least as f64).count().clamp(1, most).min(segments.len());
    let mut groups: BTreeMap<Group, Vec<Segment>> = BTreeMap::new();
    for (group, segment) in segments.split_off(keep) {
        groups.entry(group).or_default().push(segment);
    }
    let mut out: Vec<Segment> = segments.into_iter().map(|(_, s)| s).collect();
    for rest in groups.into_values() {
        let mut sum = rest[0].clone();
        for other in &rest[1..] {
            sum.add(other);
        }
        // pooling one segment would only rename it
        if rest.len() > 1 {
            sum.name = format!("other ({} small ones)", rest.len());
            sum.labels = rest.into_iter().flat_map(|s| s.labels).collect();
        }
        out.push(sum);
    }
    // of a single group what is pooled stays last
    if out.len() > keep + 1 {
        out.sort_by(in_order);
    }
    out
}
