//! Times the crossed-effects model on invented trials.
//!
//!     cargo run --release -p lockstep-stats --example crossed -- 1000000 300 300 24 [folder]
//!
//! Trials, then the levels of three factors. Prints one line; with a folder it also writes the cells as
//! `cells.csv` (a, b, c, x, t, n, y), for `benches/crossed.R`.

#![allow(clippy::disallowed_methods)] // A benchmark reads the clock and writes a file.

use std::fmt::Write;
use std::time::Instant;

use lockstep_stats::crossed::{Cells, Factor, Model};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

const SPREADS: [f64; 3] = [0.4, 0.6, 0.25];
const BETA: [f64; 3] = [-2.0, 0.45, 0.5];

struct Data {
    keys: Vec<u64>,
    n: Vec<f64>,
    y: Vec<f64>,
}

fn simulate(trials: usize, sizes: [usize; 3]) -> Data {
    let mut world = Pcg64::seed_from_u64(20_260_202);
    let mut normal = |sd: f64| {
        let value: f64 = StandardNormal.sample(&mut world);
        sd * value
    };
    let effects: Vec<Vec<f64>> =
        sizes.iter().zip(SPREADS).map(|(size, sd)| (0..*size).map(|_| normal(sd)).collect()).collect();
    let mut outcomes: Vec<u64> = Vec::with_capacity(trials);
    for _ in 0..trials {
        let mut key = 0;
        let mut eta = BETA[0];
        for (size, effects) in sizes.iter().zip(&effects) {
            // Some levels are more frequent than others.
            let level = ((*size as f64) * world.random::<f64>().powf(1.3)) as usize;
            let level = level.min(size - 1);
            key = key * *size as u64 + level as u64;
            eta += effects[level];
        }
        for beta in &BETA[1..] {
            let on = world.random::<f64>() < 0.5;
            key = key * 2 + u64::from(on);
            eta += if on { *beta } else { 0.0 };
        }
        let hit = world.random::<f64>() < 1.0 / (1.0 + (-eta).exp());
        outcomes.push(key * 2 + u64::from(hit));
    }
    outcomes.sort_unstable();
    let mut out = Data { keys: Vec::new(), n: Vec::new(), y: Vec::new() };
    for outcome in outcomes {
        if out.keys.last() != Some(&(outcome / 2)) {
            out.keys.push(outcome / 2);
            out.n.push(0.0);
            out.y.push(0.0);
        }
        if let (Some(n), Some(y)) = (out.n.last_mut(), out.y.last_mut()) {
            *n += 1.0;
            *y += (outcome % 2) as f64;
        }
    }
    out
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, other: usize| arguments.get(i).map_or(Ok(other), |a| a.parse());
    let (trials, sizes) = (number(0, 100_000)?, [number(1, 100)?, number(2, 100)?, number(3, 24)?]);
    let data = simulate(trials, sizes);
    let part = |key: u64, from: usize| -> u32 {
        let below: u64 = sizes.iter().skip(from + 1).map(|s| *s as u64).product::<u64>() * 4;
        (key / below % sizes[from] as u64) as u32
    };
    let levels: Vec<Vec<u32>> = (0..3).map(|k| data.keys.iter().map(|key| part(*key, k)).collect()).collect();
    let x: Vec<f64> = data.keys.iter().flat_map(|key| [1.0, (key / 2 % 2) as f64, (key % 2) as f64]).collect();

    if let Some(folder) = arguments.get(4) {
        let mut text = String::from("a,b,c,x,t,n,y\n");
        for (i, row) in x.chunks_exact(3).enumerate() {
            let (a, b, c) = (levels[0][i], levels[1][i], levels[2][i]);
            writeln!(text, "{a},{b},{c},{},{},{},{}", row[1], row[2], data.n[i], data.y[i])?;
        }
        std::fs::create_dir_all(folder)?;
        std::fs::write(std::path::Path::new(folder).join("cells.csv"), text)?;
    }

    let factors: Vec<Factor> = levels.iter().zip(sizes).map(|(levels, size)| Factor { levels, size }).collect();
    let started = Instant::now();
    let model = Model::new(&Cells { n: &data.n, y: &data.y, x: &x, columns: 3, factors: &factors })?;
    let laid_out = started.elapsed();
    let fit = model.fit()?;
    let seconds = started.elapsed();
    println!(
        "trials {trials} levels {sizes:?} cells {} seconds {:.3} (layout {:.3}) evaluations {} newton {}",
        data.n.len(),
        seconds.as_secs_f64(),
        laid_out.as_secs_f64(),
        fit.evaluations,
        fit.newton_steps
    );
    println!("log-likelihood {:.7} beta {:.8?} sigma {:.8?}", fit.log_likelihood, fit.beta, fit.sigma);
    Ok(())
}
