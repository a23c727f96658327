//! Prints how long the split of a gap takes with its draws: segments, factors, draws.
//!
//! `cargo run --release -p lockstep-stats --example gap [segments] [factors] [draws]`
//!
//! Each draw moves every column of both sides by a normal number, as the verdict's draws do with their cells, and
//! splits the moved tables.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // An example may stop at a surprise, and looks at the clock.

use std::time::Instant;

use lockstep_stats::draws::matrix;
use lockstep_stats::shapley;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

fn main() {
    let given = |place: usize, or: usize| std::env::args().nth(place).and_then(|n| n.parse().ok()).unwrap_or(or);
    let (segments, factors, draws) = (given(1, 10_000), given(2, 8), given(3, 1_000));
    let mut chance = Pcg64::seed_from_u64(20_260_201);
    let mut side = || -> Vec<f64> { (0..segments * factors).map(|_| 0.2 + chance.random::<f64>()).collect() };
    let (before, after) = (side(), side());
    let start = Instant::now();
    let whole = shapley::split(&before, &after, factors).unwrap();
    let once = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let drawn = matrix(1, draws, factors, |draws, out| {
        let moved = |side: &[f64], draws: &mut lockstep_stats::draws::Draws| -> Vec<f64> {
            let by: Vec<f64> = (0..factors).map(|_| 1.0 + 0.01 * draws.normal()).collect();
            side.chunks_exact(factors).flat_map(|row| row.iter().zip(&by).map(|(x, b)| x * b)).collect()
        };
        let (a, b) = (moved(&before, draws), moved(&after, draws));
        shapley::column_sums(&a, &b, factors, out)
    })
    .unwrap();
    let all = start.elapsed().as_secs_f64();
    let gap = whole.total1 - whole.total0;
    assert!((whole.column_sums.iter().sum::<f64>() - gap).abs() <= 1e-9 * whole.total0.abs());
    println!("| segments | factors | draws | exact split, s | all draws, s |\n|---|---|---|---|---|");
    println!("| {segments} | {factors} | {} | {once:.4} | {all:.3} |", drawn.len() / factors);
}
