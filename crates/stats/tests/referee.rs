//! Recovery of a known effect in invented organisations: right where everything is recorded, visibly wrong where
//! something is hidden, and the instrument right there too. The full table is in `docs/methods/follow_up_effect.md`.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

mod referee_world;

use rayon::prelude::*;
use referee_world::{ESTIMATORS, Run, SCENARIOS, Summary, run, summaries};

const RUNS: u64 = 120;

fn recover(scenario: usize) -> [Summary; 5] {
    let runs: Vec<Run> = (1000..1000 + RUNS).into_par_iter().map(|seed| run(SCENARIOS[scenario], seed)).collect();
    let all = summaries(&runs);
    for (name, s) in ESTIMATORS.iter().zip(&all) {
        println!(
            "{}: {name}: bias {:+.1}% (se {:.1}), RMSE {:.4}, coverage {:.2}",
            SCENARIOS[scenario].name,
            100.0 * s.bias,
            100.0 * s.bias_se,
            s.rmse,
            s.coverage
        );
    }
    all
}

fn honest(coverage: f64) -> bool {
    (coverage - 0.9).abs() <= 3.0 * (0.09 / RUNS as f64).sqrt()
}

#[test]
fn adjustment_finds_the_effect_where_everything_is_recorded() {
    for scenario in [0, 1] {
        let [crude, adjusted @ .., by_instrument] = recover(scenario);
        assert!(crude.bias.abs() >= 0.3 && crude.coverage < 0.1);
        for s in adjusted {
            assert!(s.bias.abs() <= 0.02 && honest(s.coverage), "{} {}", s.bias, s.coverage);
            assert!((s.mean_se / s.rmse - 1.0).abs() < 0.15, "{} {}", s.mean_se, s.rmse);
        }
        assert!(honest(by_instrument.coverage), "{}", by_instrument.coverage);
    }
}

#[test]
fn only_the_instrument_finds_it_where_something_is_hidden() {
    let [crude, _, doubly_robust, overlap_weighted, by_instrument] = recover(2);
    assert!(crude.bias >= 0.3);
    assert!(doubly_robust.bias > 0.25 && overlap_weighted.bias > 0.25 && doubly_robust.coverage < 0.1);
    assert!(by_instrument.bias.abs() <= 0.03 && honest(by_instrument.coverage), "{}", by_instrument.bias);
}
