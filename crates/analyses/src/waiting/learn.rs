//! From counts to odds that fall with waiting, and what an outcome brings.

use std::collections::HashMap;

use stats::draws::Draws;
use stats::interval::Interval;
use stats::logistic::{Design, Factor, Trials, fit};
use tallies::Tally;

use super::specs::{EDGES, LEAST_OUTCOMES, Plan};
use super::{Loss, Step, Waiting};

/// Stretches of waiting.
const STEPS: usize = EDGES.len() + 1;
/// The wait that stands for each, in minutes: the geometric middle; five minutes for the first, a fortnight for the last.
const MIDDLE: [f64; STEPS] = [5.0, 30.0, 120.0, 588.0, 2_494.0, 6_598.0, 20_160.0];
/// Levels of source or segment with fewer leads are one.
const LEAST_LEVEL: f64 = 50.0;
/// Outcomes of a segment at which its own mean counts as much as that of all.
const SHRINK: f64 = 20.0;
/// Outcomes on either side of a step below which it is none of its own: its stretch is with the one before.
const LEAST_STEP: f64 = 15.0;
/// Draws behind each interval.
const DRAWS: usize = 200;

/// A level of a factor by its text; those seldom seen, and those never seen, are level 0.
#[derive(Clone, Debug, Default)]
struct Levels(HashMap<Option<String>, u32>);

impl Levels {
    /// Levels in the order of their texts, from what was counted of each.
    fn of(counted: HashMap<Option<String>, f64>) -> Levels {
        let mut often: Vec<Option<String>> =
            counted.into_iter().filter(|(_, n)| *n >= LEAST_LEVEL).map(|(text, _)| text).collect();
        often.sort();
        Levels((1..).zip(often).map(|(n, text)| (text, n)).collect())
    }

    fn at(&self, text: Option<&str>) -> u32 {
        self.0.get(&text.map(str::to_owned)).copied().unwrap_or(0)
    }

    fn len(&self) -> usize {
        self.0.len() + 1
    }
}

/// What a loss is computed from.
#[derive(Clone, Debug)]
pub struct Learned {
    source: Levels,
    segment: Levels,
    /// Log-odds where a lead is tried at once: of all, and above it of each source and segment.
    base: f64,
    of_source: Vec<f64>,
    of_segment: Vec<f64>,
    /// Log-odds of each stretch below the first, never rising; and drawn likewise.
    fall: [f64; STEPS],
    draws: Vec<([f64; STEPS], f64)>,
    /// What an outcome brings, by level of the segment.
    worth: Vec<f64>,
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Makes values that should not rise so, by pooling neighbours that do (weights as given).
fn falling(values: &[f64; STEPS], weights: &[f64; STEPS]) -> [f64; STEPS] {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(STEPS);
    for (value, weight) in values.iter().zip(weights) {
        blocks.push((*value, weight.max(1e-9), 1));
        while let [.., a, b] = blocks.as_slice()
            && b.0 > a.0
        {
            let merged = ((a.0 * a.1 + b.0 * b.1) / (a.1 + b.1), a.1 + b.1, a.2 + b.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(merged);
        }
    }
    let mut out = [0.0; STEPS];
    let mut place = 0;
    for (value, _, n) in blocks {
        out[place..place + n].fill(value);
        place += n;
    }
    out
}

/// The same below its first.
fn below_first(values: [f64; STEPS]) -> [f64; STEPS] {
    values.map(|v| v - values[0])
}

/// The steps that have enough outcomes on both sides: after one, its stretch and those joined to it; before it, likewise.
fn kept(outcomes: &[f64; STEPS]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut before = outcomes[0];
    for step in 1..STEPS {
        let after: f64 = outcomes[step..].iter().sum();
        if before >= LEAST_STEP && after >= LEAST_STEP {
            out.push(step);
            before = 0.0;
        }
        before += outcomes[step];
    }
    out
}

/// What a curve says at a wait: straight between the middles, level before the first and after the last.
fn at(curve: &[f64; STEPS], waited: f64) -> f64 {
    let next = MIDDLE.partition_point(|m| *m <= waited);
    match next {
        0 => curve[0],
        STEPS => curve[STEPS - 1],
        _ => {
            let share = (waited - MIDDLE[next - 1]) / (MIDDLE[next] - MIDDLE[next - 1]);
            curve[next - 1] + share * (curve[next] - curve[next - 1])
        }
    }
}

/// Leads alike: how many, and how many of them with the outcome.
struct Row {
    source: Option<String>,
    segment: Option<String>,
    step: usize,
    n: f64,
    k: f64,
}

/// Learns from the tallies of `specs`; why not, where they do not allow it.
pub fn learned(plan: &Plan, tallies: &[Tally], seed: u64) -> Result<Waiting, String> {
    let [cells, worth] = tallies else { return Err("nothing was counted".to_owned()) };
    let (mut by_source, mut by_segment) = (HashMap::new(), HashMap::new());
    let mut rows: Vec<Row> = Vec::with_capacity(cells.cells);
    for cell in 0..cells.cells {
        let text = |axis: usize| cells.label(cell, axis).text().map(str::to_owned);
        let Some(step) = cells.label(cell, 2).number().and_then(|n| usize::try_from(n).ok()) else { continue };
        let (n, k) = (cells.int(cell, 0) as f64, cells.int(cell, 1) as f64);
        *by_source.entry(text(0)).or_insert(0.0) += n;
        *by_segment.entry(text(1)).or_insert(0.0) += n;
        rows.push(Row { source: text(0), segment: text(1), step: step.min(STEPS - 1), n, k });
    }
    let (mut weights, mut outcomes) = ([0.0; STEPS], [0.0; STEPS]);
    for row in &rows {
        weights[row.step] += row.n;
        outcomes[row.step] += row.k;
    }
    let (leads, came): (f64, f64) = (weights.iter().sum(), outcomes.iter().sum());
    if came < LEAST_OUTCOMES as f64 {
        return Err(format!("{came} leads that were tried {}, and {LEAST_OUTCOMES} are needed", plan.word));
    }
    let (source, segment) = (Levels::of(by_source), Levels::of(by_segment));
    let of = |f: &dyn Fn(&Row) -> f64| -> Vec<f64> { rows.iter().map(f).collect() };
    // each column is one step down from the stretch before, so that a step has a standard error of its own
    let kept = kept(&outcomes);
    let columns: Vec<Vec<f64>> = kept.iter().map(|step| of(&|row| f64::from(u8::from(row.step >= *step)))).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let sources: Vec<u32> = rows.iter().map(|r| source.at(r.source.as_deref())).collect();
    let segments: Vec<u32> = rows.iter().map(|r| segment.at(r.segment.as_deref())).collect();
    let mut factors = Vec::new();
    if source.len() > 1 {
        factors.push(Factor { index: &sources, levels: source.len() });
    }
    if segment.len() > 1 {
        factors.push(Factor { index: &segments, levels: segment.len() });
    }
    let (n, k) = (of(&|row| row.n), of(&|row| row.k));
    let design = Design::new(rows.len(), &columns, &factors).map_err(|e| e.to_string())?;
    let fitted = fit(&design, Trials { n: Some(&n), k: &k }, 0.0, None).map_err(|e| e.to_string())?;
    let (coefficients, errors) = (&fitted.coefficients, fitted.standard_errors());
    let mut next = 1 + kept.len();
    let mut take = |index: &[u32], levels: usize| -> Vec<f64> {
        // the first level of a factor is the one that the others stand against
        let mut out = vec![0.0; levels];
        let mut weight = vec![0.0; levels];
        index.iter().zip(&n).for_each(|(level, n)| weight[*level as usize] += n);
        if levels > 1 {
            for slot in out.iter_mut().skip(1) {
                *slot = coefficients.get(next).copied().unwrap_or(0.0);
                next += 1;
            }
            // a text that was never seen is like the mean of the others
            if weight[0] == 0.0 {
                out[0] = out.iter().zip(&weight).map(|(effect, n)| effect * n).sum::<f64>() / leads;
            }
        }
        out
    };
    let (of_source, of_segment) = (take(&sources, source.len()), take(&segments, segment.len()));
    let curve = |steps: &dyn Fn(usize) -> f64| {
        let mut levels = [0.0; STEPS];
        for step in 1..STEPS {
            levels[step] = levels[step - 1] + steps(step);
        }
        below_first(falling(&levels, &weights))
    };
    let place = |step: usize| kept.iter().position(|k| *k == step).map(|at| 1 + at);
    let mean = |step: usize| place(step).and_then(|at| coefficients.get(at)).copied().unwrap_or(0.0);
    let error = |step: usize| place(step).and_then(|at| errors.get(at)).copied().unwrap_or(0.0);
    let fall = curve(&mean);
    let (own, scale) = amounts(worth, &segment)?;
    let mut draws = Vec::with_capacity(DRAWS);
    for n in 0..DRAWS {
        let mut stream = Draws::stream(seed, n as u64);
        let noise: Vec<f64> = (0..STEPS).map(|_| stream.normal()).collect();
        let drawn = curve(&|step| mean(step) + error(step) * noise[step]);
        draws.push((drawn, stream.mean(1.0, scale).map_err(|e| e.to_string())?));
    }
    let steps = (0..STEPS)
        .map(|step| Step {
            from: if step == 0 { 0 } else { EDGES[step - 1] },
            leads: weights[step] as u64,
            outcomes: outcomes[step] as u64,
            odds: fall[step].exp(),
        })
        .collect();
    let base = coefficients.first().copied().unwrap_or(0.0);
    let learned = Learned { source, segment, base, of_source, of_segment, fall, draws, worth: own };
    Ok(Waiting { outcome: plan.word, leads: (leads as u64, came as u64), steps, learned })
}

/// What an outcome brings by segment, each drawn towards that of all; and the relative standard error of that of all.
fn amounts(worth: &Tally, segment: &Levels) -> Result<(Vec<f64>, f64), String> {
    let mut own = vec![(0.0, 0.0); segment.len()];
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for cell in 0..worth.cells {
        let slot = &mut own[segment.at(worth.label(cell, 0).text()) as usize];
        let (count, amount) = (worth.int(cell, 0) as f64, worth.int(cell, 1) as f64);
        *slot = (slot.0 + count, slot.1 + amount);
        (n, sum, squares) = (n + count, sum + amount, squares + worth.real(cell, 2));
    }
    if n < 1.0 || sum <= 0.0 {
        return Err("what was won in that time has no amount".to_owned());
    }
    let mean = sum / n;
    let error = ((squares / n - mean * mean).max(0.0) / n).sqrt();
    Ok((own.iter().map(|(count, amount)| (amount + SHRINK * mean) / (count + SHRINK)).collect(), error / mean))
}

impl Learned {
    pub fn loss(&self, source: Option<&str>, segment: Option<&str>, waited: i64) -> Loss {
        let (source, segment) = (self.source.at(source) as usize, self.segment.at(segment) as usize);
        let level = self.base + self.of_source[source] + self.of_segment[segment];
        let waited = waited.max(0) as f64;
        let chance = |curve: &[f64; STEPS], waited: f64| expit(level + at(curve, waited));
        let lost = |curve: &[f64; STEPS], scale: f64| {
            let fall = chance(curve, waited) - chance(curve, waited + 60.0);
            fall.max(0.0) * self.worth[segment] * scale
        };
        // the mean of the draws is what is lost in expectation. The fitted curve itself can lie outside of all of them: pooling steps
        // that rise takes worth from one draw and none from another
        let mut drawn: Vec<f64> = self.draws.iter().map(|(curve, scale)| lost(curve, *scale)).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len().max(1) as f64;
        let certain = Interval { lo90: mean, lo50: mean, hi50: mean, hi90: mean };
        let interval = Interval::of_draws(&mut drawn).unwrap_or(certain);
        let by_hour = mean.clamp(interval.lo90, interval.hi90);
        Loss { chance: chance(&self.fall, waited), by_hour, interval }
    }
}
