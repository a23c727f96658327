//! Whatever the cells are, a fit ends: finite numbers or a clear error.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

mod crossed_data;

use crossed_data::Owned;
use lockstep_stats::crossed::Model;
use proptest::prelude::*;

fn anything() -> impl Strategy<Value = Owned> {
    (0usize..40, 0usize..3, prop::collection::vec(1usize..9, 0..4)).prop_flat_map(|(cells, columns, sizes)| {
        let value = prop_oneof![Just(0.0), Just(1.0), -2.0..2.0, -1e6..1e6f64];
        let trials = prop_oneof![Just(0.0), Just(1.0), 0.0..5.0, Just(1e4)];
        let share = prop_oneof![Just(0.0), Just(1.0), 0.0..1.0];
        let levels: Vec<_> = sizes.iter().map(|size| prop::collection::vec(0..*size as u32, cells)).collect();
        (
            prop::collection::vec((trials, share), cells),
            prop::collection::vec(value, cells * columns),
            levels,
            any::<bool>(),
        )
            .prop_map(move |(outcomes, mut x, levels, intercept)| {
                if intercept && columns > 0 {
                    x.iter_mut().step_by(columns).for_each(|v| *v = 1.0);
                }
                let n: Vec<f64> = outcomes.iter().map(|(n, _)| *n).collect();
                let y = outcomes.iter().map(|(n, share)| (n * share).round().min(*n)).collect();
                Owned { n, y, x, columns, levels, sizes: sizes.clone(), truth: Vec::new() }
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fit_ends_in_finite_numbers_or_an_error(data in anything()) {
        let Ok(model) = Model::new(&data.cells(&data.factors())) else { return Ok(()) };
        let Ok(fit) = model.fit() else { return Ok(()) };
        let lists = fit.effects.iter().chain(&fit.effect_sd).chain([&fit.beta, &fit.se, &fit.sigma]);
        prop_assert!(lists.flatten().chain(&fit.linear_predictor).all(|v| v.is_finite()));
        prop_assert!(fit.log_likelihood.is_finite() && fit.sigma.iter().all(|s| *s >= 0.0));
        // No direction leads up: neither along a parameter nor off the boundary.
        let at = model.evaluate(&fit.beta, &fit.sigma).unwrap();
        prop_assert!((at.log_likelihood_of_trials - fit.log_likelihood_of_trials).abs() < 1e-6 * (1.0 + fit.log_likelihood.abs()));
        let gain = promised(&at.slope_beta, &fit.covariance);
        prop_assert!(gain < 1e-6, "a further gain of {gain}");
        for (k, slope) in at.slope_sigma.iter().enumerate() {
            prop_assert!(slope.abs() * fit.sigma[k] < 1e-3, "slope {slope} at {}", fit.sigma[k]);
            if let Ok(test) = model.test_spread(&fit, k) {
                prop_assert!(test.statistic >= 0.0 && (0.0..=1.0).contains(&test.p));
            }
        }
    }
}

/// Twice the log-likelihood that one more Newton step of the fixed effects promises: `g' C g`. Unlike slope
/// times standard error, column by column, it does not grow where columns nearly repeat each other.
fn promised(slope: &[f64], covariance: &[f64]) -> f64 {
    let rows = covariance.chunks_exact(slope.len().max(1));
    rows.zip(slope).map(|(row, g)| g * row.iter().zip(slope).map(|(c, h)| c * h).sum::<f64>()).sum()
}

/// One cell a million times the others: the columns nearly repeat each other, and rounding of that cell's
/// predictor is all that its slopes show.
#[test]
fn columns_that_one_large_cell_ties_together_end_at_the_top() {
    let x = [
        [0.0, -0.3],
        [1.0, 1.0],
        [1.0, 0.0],
        [1.0, 1.0],
        [0.0, 1.0],
        [888_986.778, -359_517.819],
        [0.0, 0.0],
        [1.0, 1.0],
        [0.0, 1.0],
        [0.0, -1.7],
        [1.0, 1.0],
    ];
    let data = Owned {
        n: vec![1.0, 1.0, 3.2, 1.9, 1.0, 1.3, 1.0, 1.0, 1.0, 1.1, 3.1],
        y: vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0],
        x: x.concat(),
        columns: 2,
        levels: vec![vec![0, 0, 0, 0, 0, 1, 4, 3, 0, 2, 0]],
        sizes: vec![5],
        truth: vec![],
    };
    let model = data.model();
    let fit = model.fit().unwrap();
    let at = model.evaluate(&fit.beta, &fit.sigma).unwrap();
    let gain = promised(&at.slope_beta, &fit.covariance);
    assert!(gain < 1e-6, "a further gain of {gain}");
}

/// Cells of ten thousand trials far out, which levels of two factors almost explain: the curvature gathered on the
/// way promised nothing more where the curvature there does.
#[test]
fn the_end_of_the_climb_is_measured_by_the_curvature_there() {
    let x = [
        [1.0, 43271.27691344081],
        [1.0, 1.716150047878712],
        [0.0, 0.0],
        [0.0, 0.0],
        [1.7623869011140332, -272867.78184405685],
        [1.0, 794610.6842998766],
        [0.0, 0.0],
        [944360.263308988, 0.0],
        [0.0, 0.0],
        [0.0, 0.0],
        [0.8831548849205229, 1.0],
        [0.0, 0.0],
        [1.191795406682828, 0.0],
        [0.0, 0.0],
        [0.0, 0.0],
        [1.0, 1.0],
        [0.0, 0.0],
    ];
    let data = Owned {
        n: vec![1e4, 1e4, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1e4, 0.0, 0.0, 1e4, 0.0],
        y: vec![1e4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1e4, 0.0],
        x: x.concat(),
        columns: 2,
        levels: vec![
            vec![7, 5, 0, 0, 1, 2, 0, 1, 0, 0, 7, 0, 3, 0, 0, 0, 0],
            vec![1, 2, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 6, 0, 0, 6, 0],
        ],
        sizes: vec![8, 7],
        truth: vec![],
    };
    let model = data.model();
    let Ok(fit) = model.fit() else { return };
    let at = model.evaluate(&fit.beta, &fit.sigma).unwrap();
    let gain = promised(&at.slope_beta, &fit.covariance);
    assert!(gain < 1e-6, "a further gain of {gain} at {:?} {:?}", fit.beta, fit.sigma);
}
