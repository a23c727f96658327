//! What each factor was and is, over all segments: the numbers behind a row's note.
//!
//! Invariant: counted where nothing is still to come, else marked as projected.

use report::{Certainty, Evidence, Figure, Unit, Value};
use stats::binomial::jeffreys_interval;
use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Grain, Test};
use terms::Stage;

use super::late;
use super::numbers::{Closed, Measured, Reading};
use super::settings::MATURE;
use super::split::Split;
use crate::Question;
use crate::evidence::from_tests;
use crate::figures::{About, house};

/// One factor's level on both sides, and the cases it rests on.
#[derive(Clone, Debug)]
pub struct Level {
    pub factor: &'static str,
    pub label: String,
    pub before: Option<Figure>,
    pub after: Option<Figure>,
    pub n: u64,
    pub evidence: Option<Evidence>,
    /// The two ends of a rate that stands for more than one step.
    pub collapsed: Option<(Stage, Stage)>,
}

const BOTH: [usize; 2] = [0, 1];

/// The stage before `to` in a funnel where everything is recorded.
fn usual_from(to: Stage) -> Option<Stage> {
    let at = Stage::FORWARD.iter().position(|s| *s == to)?;
    Stage::FORWARD.get(at.checked_sub(1)?).copied()
}

/// The levels of all parts of the split, in their order.
pub fn levels(question: &Question, reading: &Reading, split: &Split) -> Vec<Level> {
    split.parts.iter().map(|part| level(question, reading, split, part.factor)).collect()
}

/// What the rows of a stream are called.
pub fn of(stream: &Measured) -> &'static str {
    if stream.plan.grain == Grain::LeadCycle { "leads" } else { "opportunities" }
}

fn level(question: &Question, reading: &Reading, split: &Split, factor: &'static str) -> Level {
    let collapsed = reading.streams.first().and_then(|stream| {
        let step = stream.plan.steps.iter().find(|s| s.factor == factor)?;
        (usual_from(step.to) != Some(step.from)).then_some((step.from, step.to))
    });
    let label = super::words::label(factor, collapsed);
    let mut out = Level { factor, label, before: None, after: None, n: 0, evidence: None, collapsed };
    let Some(main) = reading.streams.first() else { return out };
    let periods = [reading.sides[0].period.to_string(), reading.sides[1].period.to_string()];
    let money = Unit::Money(question.currency);
    let name = |side: usize| format!("verdict.{factor}.{}", ["before", "after"][side]);
    let about = |side: usize, method: &str| About::new(periods[side].clone(), method);
    let all = [0, 1].map(|side| {
        reading.streams.iter().map(|s| s.closed(side)).fold(Closed::default(), |mut sum, c| {
            sum.won += c.won;
            sum.lost += c.lost;
            sum.priced += c.priced;
            sum.amount += c.amount;
            sum.listed += c.listed;
            sum.list += c.list;
            sum.listed_amount += c.listed_amount;
            sum
        })
    });
    let both = |f: &dyn Fn(usize) -> Option<Figure>| (f(0), f(1));
    let count = |x: f64| x.max(0.0).round() as u64;
    let label = out.label.clone();
    // how many began in a period, weighted by when the wins came
    let counted = |stream: &Measured, side: usize| {
        let weights = stream.weights();
        let n: f64 = stream
            .segments
            .iter()
            .flat_map(|s| s.cohorts[side].iter().zip(&weights).zip(&reading.sides[side].lags))
            .map(|((c, w), lag)| w * c.n / periods_in(reading, side, lag))
            .sum();
        let value = Value::Real((n * 10.0).round() / 10.0);
        let rows: f64 = stream.segments.iter().flat_map(|s| &s.cohorts[side]).map(|c| c.n).sum();
        let about = about(side, "begun in a period, weighted by when the wins came");
        let evidence = Some(stood(reading, stream, side, 0));
        Some(about.figure(&name(side), &label, Unit::Count, value, Certainty::Counted, (count(rows), None), evidence))
    };
    let begun = |stream: &Measured, extra: &[Test], rows: u64| {
        let mut tests = stream.plan.either(&reading.sides);
        tests.extend(extra.iter().cloned());
        Some(from_tests(stream.plan.grain, &tests, rows))
    };
    let wins = |sides: &[usize], lost: bool| {
        let tests = |grain: Grain| -> Vec<Test> {
            let ends = sides.iter().map(|side| &reading.sides[*side]).flat_map(|side| {
                let (first, last) = side.days();
                let won = if grain == Grain::Opportunity {
                    crate::columns::won_between(first, last)
                } else {
                    crate::columns::all(crate::columns::lead_won_between(first, last))
                };
                let lost_test = if grain == Grain::Opportunity {
                    Test::Between(opp::LOST_ON, first, last)
                } else {
                    crate::columns::all(crate::columns::lead_lost_between(first, last))
                };
                if lost { vec![won, lost_test] } else { vec![won] }
            });
            vec![Test::Any(ends.collect())]
        };
        let grain =
            if reading.totals.iter().all(|t| t.lead_only == t.wins) { Grain::LeadCycle } else { Grain::Opportunity };
        let rows: i64 =
            sides
                .iter()
                .map(|side| &reading.totals[*side])
                .map(|t| {
                    if grain == Grain::LeadCycle {
                        t.wins
                    } else {
                        t.wins - t.lead_only + if lost { t.lost } else { 0 }
                    }
                })
                .sum();
        let lead_losses = sides.iter().map(|side| all[*side].lost).sum::<f64>();
        let rows = rows.max(0) as u64 + if lost && grain == Grain::LeadCycle { count(lead_losses) } else { 0 };
        Some(from_tests(grain, &tests(grain), rows))
    };
    match factor {
        "volume" | "mix" => {
            out.n = main.union.first().copied().unwrap_or(0);
            out.evidence = begun(main, &[], out.n);
            if factor == "volume" {
                (out.before, out.after) = both(&|side| counted(main, side));
            }
        }
        "opportunities_without_a_lead" => {
            if let Some(stream) = reading.streams.get(1) {
                out.n = stream.union.first().copied().unwrap_or(0);
                out.evidence = begun(stream, &[], out.n);
                (out.before, out.after) = both(&|side| counted(stream, side));
            }
        }
        "timing" => {
            out.n = count(all[0].won + all[0].lost + all[1].won + all[1].lost);
            out.evidence = wins(&BOTH, main.plan.closes);
            (out.before, out.after) = both(&|side| {
                let about = about(side, "closed in the period, summed over cohorts");
                timing(&about, &name(side), &label, main, side, wins(&[side], main.plan.closes))
            });
        }
        "win_rate" if main.plan.closes || main.plan.steps.iter().all(|s| s.factor != "win_rate") => {
            out.n = count(all[0].won + all[0].lost + all[1].won + all[1].lost);
            out.evidence = wins(&BOTH, true);
            (out.before, out.after) = both(&|side| {
                let (k, n) = (count(all[side].won), count(all[side].won + all[side].lost));
                Some(about(side, "won of closed in the period").share(&name(side), &label, k, n, wins(&[side], true)))
            });
        }
        "list_price" | "amount_per_win" => {
            out.n = count(all[0].priced + all[1].priced);
            out.evidence = wins(&BOTH, false);
            (out.before, out.after) = both(&|side| {
                let c = &all[side];
                let (sum, n) = if factor == "list_price" { (c.list, c.listed) } else { (c.amount, c.priced) };
                (n > 0.0).then(|| {
                    about(side, "mean over wins").counted(
                        &name(side),
                        &label,
                        money,
                        (sum / n).round() as i64,
                        count(n),
                        wins(&[side], false),
                    )
                })
            });
        }
        "discount" | "quarter_end_discount" => {
            let is_end = factor == "quarter_end_discount";
            out.n = count(all[0].listed + all[1].listed);
            out.evidence = wins(&BOTH, false);
            let ends = late::of_all(reading).filter(|_| split.parts.iter().any(|p| p.factor == "quarter_end_discount"));
            (out.before, out.after) = both(&|side| {
                let c = &all[side];
                let (value, method, n) = match &ends {
                    Some(ends) if is_end => (
                        1.0 - ends[side].factor(),
                        "given away in the last two weeks beyond the weeks before",
                        c.listed,
                    ),
                    Some(ends) => {
                        let early = ends[side].early;
                        (1.0 - early.kept(), "given away until two weeks before the end", early.wins)
                    }
                    None => (1.0 - c.listed_amount / c.list, "given away of the list price of wins", c.listed),
                };
                let (n, evidence) = ((count(n), None), wins(&[side], false));
                let about = about(side, method);
                (c.list > 0.0).then(|| {
                    about.figure(&name(side), &label, Unit::Share, Value::Real(value), Certainty::Counted, n, evidence)
                })
            });
        }
        "coverage" | "speed" | "persistence" => {
            let place = super::cells::FOLLOW_UP.iter().position(|f| *f == factor).unwrap_or(0);
            if let Some(among) = main.plan.among().map(|among| among[place].clone()) {
                out.n = main.union.get(main.plan.steps.len() + 1 + place).copied().unwrap_or(0);
                out.evidence = begun(main, &among, out.n);
                (out.before, out.after) = both(&|side| {
                    let weights = main.weights();
                    let all = vec![1.0; weights.len()];
                    let [whole, weighted, squared] = [all, weights.clone(), weights.iter().map(|w| w * w).collect()]
                        .map(|w| super::follow::shares(&main.followed(side, &w))[place]);
                    let mut tests = main.plan.filter.clone();
                    tests.push(reading.sides[side].began(main.plan.created));
                    tests.extend(among.iter().cloned());
                    let evidence = from_tests(main.plan.grain, &tests, count(whole.1));
                    let about = about(side, super::words::of_followed(factor, main.plan.follow.as_ref()));
                    if whole.0 < crate::figures::LEAST_EVENTS as f64 || weighted.1 <= 0.0 {
                        let k = Some(count(whole.0));
                        return Some(about.withheld(&name(side), &label, Unit::Share, count(whole.1), k));
                    }
                    // effective cases of a weighted share (Kish)
                    let (share, cases) = (weighted.0 / weighted.1, weighted.1 * weighted.1 / squared.1);
                    let interval = jeffreys_interval(share * cases, cases).map(house);
                    let n = count(whole.1);
                    Some(about.estimated(&name(side), &label, Unit::Share, share, interval, n, Some(evidence)))
                });
            }
        }
        "not_explained" => {
            out.n = reading.totals.iter().map(|t| t.wins.max(0) as u64).sum();
            out.evidence = wins(&BOTH, false);
        }
        _ => {
            if let Some(step) = main.plan.steps.iter().position(|s| s.factor == factor) {
                out.n = main.union.get(step + 1).copied().unwrap_or(0);
                out.evidence = begun(main, &main.plan.steps[step].here, out.n);
                (out.before, out.after) = both(&|side| {
                    let evidence = stood(reading, main, side, step);
                    rate(&about(side, ""), &name(side), &label, main, (side, step), evidence)
                });
            }
        }
    }
    out
}

/// The rows of one side's cohorts that stand or stood before a step, as evidence.
fn stood(reading: &Reading, stream: &Measured, side: usize, step: usize) -> Evidence {
    let mut tests = stream.plan.filter.clone();
    tests.push(reading.sides[side].began(stream.plan.created));
    tests.extend(stream.plan.steps.get(step).iter().flat_map(|s| s.here.iter().cloned()));
    let cohorts = stream.segments.iter().flat_map(|s| &s.cohorts[side]);
    let rows: f64 = cohorts.map(|c| if step == 0 { c.n } else { c.got[step - 1] }).sum();
    from_tests(stream.plan.grain, &tests, rows.max(0.0).round() as u64)
}

/// How many periods a lag holds.
fn periods_in(reading: &Reading, side: usize, lag: &(terms::Day, terms::Day)) -> f64 {
    let one = f64::from(reading.sides[side].period.days());
    (f64::from(lag.1.0 - lag.0.0 + 1) / one).round().max(1.0)
}

/// The share of each cohort that closed in the period, summed over cohorts: 1 where as much closes as begins.
fn timing(
    about: &About,
    id: &str,
    label: &str,
    stream: &Measured,
    side: usize,
    evidence: Option<Evidence>,
) -> Option<Figure> {
    let lags = stream.segments.first()?.cohorts[side].len();
    let (mut value, mut variance, mut n) = (0.0, 0.0, 0.0);
    for lag in 0..lags {
        let reach: f64 =
            stream.segments.iter().filter_map(|s| s.cohorts[side][lag].ultimate(&[]).last().copied()).sum();
        let closed: f64 = stream
            .segments
            .iter()
            .map(|s| s.closed[side][lag])
            .map(|c| if stream.plan.closes { c.won + c.lost } else { c.won })
            .sum();
        if reach > 0.0 {
            let share = (closed / reach).min(1.0);
            value += share;
            variance += share * (1.0 - share) / reach;
            n += reach;
        }
    }
    let interval = stats::interval::Interval::normal(value, variance.sqrt()).map(|i| house(i.map(|x| x.max(0.0))));
    let figure = about.estimated(id, label, Unit::Share, value, interval, n.round() as u64, evidence);
    let coming = |c: &super::numbers::Cohort| {
        c.ultimate(&[]).last().copied().unwrap_or(0.0) - c.got.last().copied().unwrap_or(c.n)
    };
    let projected: f64 = stream.segments.iter().flat_map(|s| &s.cohorts[side]).map(coming).sum();
    Some(if projected > MATURE * n { About::projected(figure) } else { figure })
}

/// The rate of a step, weighted by when the wins came.
fn rate(
    about: &About,
    id: &str,
    label: &str,
    stream: &Measured,
    (side, step): (usize, usize),
    evidence: Evidence,
) -> Option<Figure> {
    let weights = stream.weights();
    let (mut k, mut n) = (0.0, 0.0);
    for segment in 0..stream.segments.len() {
        let (passed, stood) = stream.passed(segment, side, step, &weights);
        k += passed;
        n += stood;
    }
    if n <= 0.0 {
        return None;
    }
    // effective cases of a weighted share (Kish)
    let (mut sum, mut squares, mut got, mut stood, mut seen) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (cohort, w) in stream.segments.iter().flat_map(|s| s.cohorts[side].iter().zip(&weights)) {
        let decided = cohort.decided(step);
        sum += w * decided;
        squares += w * w * decided;
        got += cohort.got[step];
        seen += w * cohort.got[step];
        stood += if step == 0 { cohort.n } else { cohort.got[step - 1] };
    }
    let decided = if squares > 0.0 { (sum * sum / squares).max(1.0) } else { 1.0 };
    let rate = (k / n).clamp(0.0, 1.0);
    let method = format!("weighted by when the wins came; {}", stream.laws.get(step).copied().unwrap_or("counted"));
    let about = About::new(about.period.clone(), method);
    let cases = stood.round() as u64;
    if got < crate::figures::LEAST_EVENTS as f64 {
        return Some(about.withheld(id, label, Unit::Share, cases, Some(got.round() as u64)));
    }
    let interval = jeffreys_interval(rate * decided, decided).map(house);
    let figure = about.estimated(id, label, Unit::Share, rate, interval, cases, Some(evidence));
    Some(if k - seen > MATURE * k { About::projected(figure) } else { figure })
}

/// The share of what a side's cohorts come to in the end that is still to come, weighted by when the wins came.
pub fn projected(reading: &Reading, side: usize) -> Option<Figure> {
    let stream = reading.streams.first()?;
    let step = stream.plan.steps.len().checked_sub(1)?;
    let (mut all, mut coming, mut variance, mut rows) = (0.0, 0.0, 0.0, 0.0);
    for (lag, weight) in stream.weights().into_iter().enumerate() {
        let cohorts = stream.segments.iter().filter_map(|s| s.cohorts[side].get(lag));
        let (reach, later) = cohorts.fold((0.0, 0.0), |(reach, later), c| {
            let end = c.ultimate(&[]).last().copied().unwrap_or(0.0);
            (reach + end, later + end - c.got[step])
        });
        all += weight * reach;
        coming += weight * later;
        rows += reach;
        let spread = stream.pace_spread[side].get(lag).and_then(|s| s.get(step)).copied().unwrap_or(0.0);
        variance += (weight * later * spread).powi(2);
    }
    let share = (coming / all).max(0.0);
    let interval = stats::interval::Interval::normal(share, variance.sqrt() / all)?;
    let id = format!("verdict.projected.{}", ["before", "after"][side]);
    let about = About::new(reading.sides[side].period.to_string(), "still to come, weighted by when the wins came");
    let interval = Some(house(interval.map(|x| x.clamp(0.0, 1.0))));
    let evidence = Some(stood(reading, stream, side, 0));
    let rows = rows.max(0.0).round() as u64;
    Some(About::projected(about.estimated(&id, "Still to come", Unit::Share, share, interval, rows, evidence)))
}

/// The wins of one side, as evidence.
pub fn wins_of(reading: &Reading, side: usize) -> Option<Evidence> {
    let (first, last) = reading.sides[side].days();
    let total = &reading.totals[side];
    let rows = total.wins.max(0) as u64;
    Some(if total.lead_only == total.wins && total.wins > 0 {
        let mut tests = crate::columns::lead_won_between(first, last);
        tests.push(Test::Missing(lead::OPPORTUNITY));
        from_tests(Grain::LeadCycle, &tests, rows)
    } else {
        let own = rows.saturating_sub(total.lead_only.max(0) as u64);
        from_tests(Grain::Opportunity, &[crate::columns::won_between(first, last)], own)
    })
}
