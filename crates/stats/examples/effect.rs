//! Prints how long the effect kernels take on a million rows with 300 and 100 levels.
//!
//! `cargo run --release -p lockstep-stats --example effect [rows]`

#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // An example may stop at a surprise, and looks at the clock.

use std::time::Instant;

use lockstep_stats::effect::{Setting, Study, estimate, instrument};
use lockstep_stats::logistic::{Design, Factor, Trials, fit};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

fn main() {
    let rows = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000usize).max(1_000);
    println!("| rows | levels | columns | fit s | all effects s | instrument s |\n|---|---|---|---|---|---|");
    for (a, b) in [(24u32, 16u32), (300, 100), (1_000, 300)] {
        let mut chance = Pcg64::seed_from_u64(1);
        let (mut x, mut load, mut y) = (Vec::new(), Vec::new(), Vec::new());
        let (mut first, mut second, mut period, mut stratum, mut treated) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for i in 0..rows {
            let (f, s, p) = (chance.random_range(0..a), chance.random_range(0..b), u32::from(i >= rows / 2));
            let (v, l) = (f64::from(chance.random_range(0..5u32)) - 2.0, chance.random::<f64>());
            let logit = |eta: f64| 1.0 / (1.0 + (-eta).exp());
            let t = u32::from(chance.random::<f64>() < logit(0.5 * v - l + f64::from(f % 7) / 10.0));
            let rate = logit(-2.0 + 0.45 * v + 0.5 * f64::from(t) + f64::from(s % 5) / 10.0);
            y.push(f64::from(u8::from(chance.random::<f64>() < rate)));
            x.push(v);
            load.push(l);
            first.push(f);
            second.push(s);
            period.push(p);
            stratum.push((f * b + s) * 2 + p);
            treated.push(t);
        }
        let factors = [
            Factor { index: &first, levels: a as usize },
            Factor { index: &second, levels: b as usize },
            Factor { index: &period, levels: 2 },
        ];
        let design = Design::new(rows, &[&x], &factors).unwrap();
        let outcome = Trials { n: None, k: &y };
        let start = Instant::now();
        let one = fit(&design, outcome, 0.0, None).unwrap();
        let fitted = start.elapsed().as_secs_f64();
        let start = Instant::now();
        estimate(&Study { design: &design, treated: &treated, outcome }).unwrap();
        let effects = start.elapsed().as_secs_f64();
        let plain = Design::new(rows, &[&x], &[]).unwrap();
        let strata = Some(Factor { index: &stratum, levels: (a * b * 2) as usize });
        let start = Instant::now();
        instrument(&Setting { design: &plain, strata, treated: &treated, outcome, instrument: &load }).unwrap();
        let by_instrument = start.elapsed().as_secs_f64();
        let columns = one.coefficients.len();
        println!("| {rows} | {a} and {b} | {columns} | {fitted:.2} | {effects:.2} | {by_instrument:.2} |");
    }
}
