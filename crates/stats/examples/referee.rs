//! Prints how well the estimators of `stats::effect` recover a known effect, as a table.
//!
//! `cargo run --release -p lockstep-stats --example referee [simulations]`

#[path = "../tests/referee_world/mod.rs"]
mod referee_world;

use rayon::prelude::*;
use referee_world::{ESTIMATORS, SCENARIOS, run, summaries};

fn main() {
    let simulations = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(300u64).max(1);
    println!("{simulations} simulations each, seeds 1000 to {}\n", 999 + simulations);
    println!(
        "| scenario | estimator | bias, % of truth (its standard error) | RMSE | mean standard error | coverage of 90% |"
    );
    println!("|---|---|---|---|---|---|");
    for scenario in SCENARIOS {
        let runs: Vec<_> = (1000..1000 + simulations).into_par_iter().map(|seed| run(scenario, seed)).collect();
        for (name, s) in ESTIMATORS.iter().zip(summaries(&runs)) {
            let (bias, bias_se) = (100.0 * s.bias, 100.0 * s.bias_se);
            println!(
                "| {} | {name} | {bias:+.1} ({bias_se:.1}) | {:.4} | {:.4} | {:.2} |",
                scenario.name, s.rmse, s.mean_se, s.coverage
            );
        }
    }
}
