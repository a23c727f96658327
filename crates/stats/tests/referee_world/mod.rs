//! The simulator `referee-sim-1`: an invented organisation whose treatment effect is known, and the estimators beside
//! it. Shared by a test and an example.
//!
//! 24,000 rows, 16 sources, 24 hands, two periods. Treatment depends on the covariate, on the hand's seniority, on
//! the period and on the hand's load (which acts on nothing else); outcome on the covariate, source, hand, period and
//! treatment. Cherry-picking: senior hands get the better rows. Hidden: something unrecorded acts on who gets the row,
//! on treatment and on outcome.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::effect::{Means, Setting, Study, estimate, instrument};
use lockstep_stats::interval::Interval;
use lockstep_stats::logistic::{Design, Factor, Trials};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Gamma, Normal};
use rand_pcg::Pcg64;

const ROWS: usize = 24_000;
const SOURCES: usize = 16;
const HANDS: usize = 24;

/// Who gets which row, and whether something is unrecorded.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    pub cherry_pick: bool,
    pub hidden: bool,
}

pub const SCENARIOS: [Scenario; 4] = [
    Scenario { name: "A random, observed", cherry_pick: false, hidden: false },
    Scenario { name: "B cherry-pick, observed", cherry_pick: true, hidden: false },
    Scenario { name: "C cherry-pick + hidden", cherry_pick: true, hidden: true },
    Scenario { name: "D random + hidden", cherry_pick: false, hidden: true },
];

pub const ESTIMATORS: [&str; 5] = ["crude", "standardised", "doubly robust", "overlap weights", "instrument"];

/// Estimate, standard error and interval.
#[derive(Clone, Copy)]
pub struct Answer {
    pub estimate: f64,
    pub se: f64,
    pub interval: Interval,
}

/// One simulated organisation: the true mean difference, and one answer an estimator.
pub struct Run {
    pub truth: f64,
    pub answers: [Answer; 5],
}

/// Columns of the invented rows.
struct Rows {
    x: Vec<f64>,
    load: Vec<f64>,
    hand: Vec<u32>,
    source: Vec<u32>,
    period: Vec<u32>,
    stratum: Vec<u32>,
    treated: Vec<u32>,
    y: Vec<f64>,
    truth: f64,
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn pick(shares: &[f64], u: f64) -> usize {
    let mut left = u * shares.iter().sum::<f64>();
    for (i, s) in shares.iter().enumerate() {
        left -= s;
        if left < 0.0 {
            return i;
        }
    }
    shares.len() - 1
}

fn rows(scenario: Scenario, seed: u64) -> Rows {
    let mut chance = Pcg64::seed_from_u64(seed);
    let standard = Normal::new(0.0, 1.0).unwrap();
    let normal = |mean: f64, sd: f64, chance: &mut Pcg64| mean + sd * standard.sample(chance);
    let many = |n: usize, mean: f64, sd: f64, chance: &mut Pcg64| -> Vec<f64> {
        (0..n).map(|_| normal(mean, sd, chance)).collect()
    };
    let a = many(SOURCES, 0.0, 0.6, &mut chance);
    let drift = many(SOURCES, -0.3, 0.2, &mut chance);
    let centre = many(SOURCES, 0.0, 0.4, &mut chance);
    let shift = many(SOURCES, 0.0, 0.5, &mut chance);
    let z = many(HANDS, 0.0, 1.0, &mut chance);
    let other = many(HANDS, 0.0, 1.0, &mut chance);
    let growth = many(HANDS, 0.1, 0.1, &mut chance);
    let gamma = Gamma::new(3.0, 1.0).unwrap();
    let first: Vec<f64> = (0..SOURCES).map(|_| gamma.sample(&mut chance)).collect();
    let second: Vec<f64> = (0..SOURCES).map(|s| first[s] * (shift[s] - 0.3 * a[s]).exp()).collect();
    let seniority: Vec<f64> = z.iter().zip(&other).map(|(z, o)| 0.5 * z + 0.75f64.sqrt() * o).collect();
    let h = if scenario.hidden { 0.5 } else { 0.0 };
    let mut out = Rows {
        x: vec![],
        load: vec![],
        hand: vec![],
        source: vec![],
        period: vec![],
        stratum: vec![],
        treated: vec![],
        y: vec![],
        truth: 0.0,
    };
    let mut shares = [1.0; HANDS];
    for i in 0..ROWS {
        let period = i * 2 / ROWS;
        let source = pick(if period == 0 { &first } else { &second }, chance.random());
        let x = normal(centre[source], 1.0, &mut chance).round().clamp(-2.0, 2.0);
        let g = normal(0.0, 1.0, &mut chance);
        if scenario.cherry_pick {
            let promise = 0.7 * x + if scenario.hidden { 0.7 * g } else { 0.0 };
            for (share, s) in shares.iter_mut().zip(&seniority) {
                *share = (0.6 * s * promise).exp();
            }
        }
        let hand = pick(&shares, chance.random());
        let (load, p) = (normal(0.0, 1.0, &mut chance), period as f64);
        let give = -0.2 + 0.5 * x + 1.2 * h * g + 0.5 * seniority[hand] + 0.3 * p - load;
        let treated = u32::from(chance.random::<f64>() < expit(give));
        let skill = 0.4 * z[hand] + growth[hand] * p;
        let eta = -2.2 + a[source] + drift[source] * p + 0.45 * x + h * g + skill;
        let rate = expit(eta + 0.5 * f64::from(treated));
        out.truth += (expit(eta + 0.5) - expit(eta)) / ROWS as f64;
        out.y.push(f64::from(u8::from(chance.random::<f64>() < rate)));
        out.x.push(x);
        out.load.push(load);
        out.hand.push(hand as u32);
        out.source.push(source as u32);
        out.period.push(period as u32);
        out.stratum.push(((hand * SOURCES + source) * 2 + period) as u32);
        out.treated.push(treated);
    }
    out
}

/// Simulates one organisation and lets every estimator answer.
pub fn run(scenario: Scenario, seed: u64) -> Run {
    let rows = rows(scenario, seed);
    let factors = [
        Factor { index: &rows.hand, levels: HANDS },
        Factor { index: &rows.source, levels: SOURCES },
        Factor { index: &rows.period, levels: 2 },
    ];
    let design = Design::new(ROWS, &[&rows.x], &factors).unwrap();
    let outcome = Trials { n: None, k: &rows.y };
    let e = estimate(&Study { design: &design, treated: &rows.treated, outcome }).unwrap();
    let covariate = Design::new(ROWS, &[&rows.x], &[]).unwrap();
    let strata = Some(Factor { index: &rows.stratum, levels: HANDS * SOURCES * 2 });
    let setting = Setting { design: &covariate, strata, treated: &rows.treated, outcome, instrument: &rows.load };
    let iv = instrument(&setting).unwrap();
    let of = |m: Means| Answer { estimate: m.difference(), se: m.se(), interval: m.interval().unwrap() };
    let by_instrument = Answer { estimate: iv.effect, se: iv.se, interval: iv.interval().unwrap() };
    Run {
        truth: rows.truth,
        answers: [of(e.crude), of(e.standardised), of(e.doubly_robust), of(e.overlap_weighted), by_instrument],
    }
}

/// One estimator over many runs.
#[derive(Clone, Copy)]
pub struct Summary {
    /// Mean error in shares of the mean truth.
    pub bias: f64,
    /// Standard error of `bias`.
    pub bias_se: f64,
    pub rmse: f64,
    pub mean_se: f64,
    /// Share of 90 % intervals that hold the run's truth.
    pub coverage: f64,
}

/// All estimators over `runs`.
pub fn summaries(runs: &[Run]) -> [Summary; 5] {
    let n = runs.len() as f64;
    let truth = runs.iter().map(|r| r.truth).sum::<f64>() / n;
    std::array::from_fn(|j| {
        let mean = |f: &dyn Fn(&Run, &Answer) -> f64| runs.iter().map(|r| f(r, &r.answers[j])).sum::<f64>() / n;
        let error = mean(&|r, a| a.estimate - r.truth);
        let square = mean(&|r, a| (a.estimate - r.truth).powi(2));
        Summary {
            bias: error / truth,
            bias_se: ((square - error * error) / n).sqrt() / truth,
            rmse: square.sqrt(),
            mean_se: mean(&|_, a| a.se),
            coverage: mean(&|r, a| f64::from(u8::from((a.interval.lo90..=a.interval.hi90).contains(&r.truth)))),
        }
    })
}
