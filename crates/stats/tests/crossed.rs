//! Crossed effects: the study's numbers, exact gradients, invariances, known truth, and bad input.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

mod crossed_data;

use crossed_data::{Owned, fixture, numbers, simulated};
use lockstep_stats::crossed::{Cells, Factor, Model, components};

fn near(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (g, e) in got.iter().zip(expected) {
        assert!((g - e).abs() <= tolerance, "{what}: {g} against {e}");
    }
}

#[test]
fn fit_agrees_with_the_study_and_glmer() {
    let (data, all) = fixture();
    let fit = data.model().fit().unwrap();
    let f = &all["fit"];
    let within = |key: &str| all["tolerance"][key].as_f64().unwrap();
    let value = |key: &str| f[key].as_f64().unwrap();
    near(&[fit.log_likelihood], &[value("loglik")], within("loglik"), "log-likelihood");
    near(&[fit.log_likelihood], &[-1020.2677009691], within("loglik"), "glmer's log-likelihood");
    near(&[fit.log_likelihood_of_trials], &[value("loglik_no_const")], within("loglik"), "of trials");
    near(&fit.beta, &numbers(&f["beta"]), within("beta"), "beta");
    near(&fit.beta, &[-1.44727029, 0.52965732, 0.56061333], within("beta"), "glmer's beta");
    near(&fit.se, &numbers(&f["se_given_sigma"]), 1e-4, "se");
    let sd: Vec<f64> = ["source", "rep", "month"].iter().map(|k| f["sd"][k].as_f64().unwrap()).collect();
    near(&fit.sigma, &sd, within("sd"), "sd");
    for (k, name) in ["source", "rep", "month"].iter().enumerate() {
        near(&fit.effects[k], &numbers(&f[format!("b_{name}")]), within("b"), "effects");
        near(&fit.effect_sd[k], &numbers(&f[format!("b_{name}_sd")]), within("b"), "effect sd");
    }
    assert_eq!(fit.at_boundary, vec![false; 3]);
    let off = fit.log_likelihood + 1020.2677009691;
    println!("crossed: {} evaluations, {} Newton steps, off glmer by {off:e}", fit.evaluations, fit.newton_steps);
}

#[test]
fn laplace_and_gradient_at_given_spreads_agree_with_the_study() {
    let (data, all) = fixture();
    let f = &all["fixed_sigma_check"];
    let model = data.model();
    let sigma = numbers(&f["sigma"]);
    let mode = model.joint_mode(&sigma).unwrap();
    near(&mode.beta, &numbers(&f["joint_mode_beta"]), 1e-7, "joint mode");
    for (k, name) in ["source", "rep", "month"].iter().enumerate() {
        near(&mode.effects[k], &numbers(&f[format!("b_{name}")]), 1e-7, "effects");
    }
    let at = model.evaluate(&numbers(&f["joint_mode_beta"]), &sigma).unwrap();
    near(&[at.log_likelihood_of_trials], &[f["laplace_loglik_no_const"].as_f64().unwrap()], 1e-7, "Laplace");
    near(&at.slope_sigma, &numbers(&f["grad_sigma"]), 1e-7, "slope in sigma");
    near(&at.slope_beta, &numbers(&f["grad_beta"]), 1e-7, "slope in beta");
}

#[test]
fn gradient_agrees_with_finite_differences_for_every_number_of_factors() {
    for sizes in [&[][..], &[7], &[5, 9], &[4, 6, 3], &[3, 4, 5, 2], &[3, 2, 4, 3, 2], &[2, 3, 2, 3, 2, 4]] {
        let data = simulated(11, 600, sizes, &[-0.5, 0.4], &vec![0.6; sizes.len()]);
        let model = data.model();
        let beta = vec![-0.3, 0.2];
        let sigma: Vec<f64> = (0..sizes.len()).map(|k| 0.3 + 0.1 * k as f64).collect();
        let at = model.evaluate(&beta, &sigma).unwrap();
        let h = 1e-4;
        let value = |beta: &[f64], sigma: &[f64]| model.evaluate(beta, sigma).unwrap().log_likelihood_of_trials;
        let slope = |get: &dyn Fn(f64) -> f64| (8.0 * (get(h) - get(-h)) - (get(2.0 * h) - get(-2.0 * h))) / (12.0 * h);
        for j in 0..2 {
            let moved = slope(&|by| {
                let mut beta = beta.clone();
                beta[j] += by;
                value(&beta, &sigma)
            });
            assert!((moved - at.slope_beta[j]).abs() < 1e-6, "{sizes:?}: {moved} against {}", at.slope_beta[j]);
        }
        for k in 0..sizes.len() {
            let moved = slope(&|by| {
                let mut sigma = sigma.clone();
                sigma[k] += by;
                value(&beta, &sigma)
            });
            assert!((moved - at.slope_sigma[k]).abs() < 1e-6, "{sizes:?}: {moved} against {}", at.slope_sigma[k]);
        }
    }
}

#[test]
fn splitting_cells_into_trials_changes_only_the_constant() {
    let (data, _) = fixture();
    let mut rows = Owned { columns: data.columns, levels: vec![Vec::new(); 3], ..data.clone() };
    rows.n.clear();
    rows.y.clear();
    rows.x.clear();
    for i in 0..data.n.len() {
        for trial in 0..data.n[i] as usize {
            rows.n.push(1.0);
            rows.y.push(f64::from(u8::from((trial as f64) < data.y[i])));
            rows.x.extend_from_slice(&data.x[i * 3..i * 3 + 3]);
            for k in 0..3 {
                rows.levels[k].push(data.levels[k][i]);
            }
        }
    }
    let (cells, trials) = (data.model().fit().unwrap(), rows.model().fit().unwrap());
    let apart = cells.log_likelihood_of_trials - trials.log_likelihood_of_trials;
    assert!(apart.abs() < 1e-8, "{apart}");
    assert_eq!(trials.log_likelihood, trials.log_likelihood_of_trials);
    near(&trials.beta, &cells.beta, 1e-8, "beta");
    near(&trials.sigma, &cells.sigma, 1e-8, "sigma");
    near(&trials.effects[1], &cells.effects[1], 1e-8, "effects");
}

#[test]
fn renaming_levels_and_reordering_cells_and_factors_changes_nothing() {
    let (data, _) = fixture();
    let mut other = data.clone();
    for (levels, size) in other.levels.iter_mut().zip(&data.sizes) {
        levels.iter_mut().for_each(|l| *l = *size as u32 - 1 - *l);
    }
    let cells = data.n.len();
    let from: Vec<usize> = (0..cells).map(|i| i * 5 % cells).collect();
    assert!(cells % 5 != 0);
    other.n = from.iter().map(|i| data.n[*i]).collect();
    other.y = from.iter().map(|i| data.y[*i]).collect();
    other.x = from.iter().flat_map(|i| data.x[i * 3..i * 3 + 3].to_vec()).collect();
    for levels in &mut other.levels {
        *levels = from.iter().map(|i| levels[*i]).collect();
    }
    other.levels.reverse();
    other.sizes.reverse();
    let (a, b) = (data.model().fit().unwrap(), other.model().fit().unwrap());
    near(&[a.log_likelihood], &[b.log_likelihood], 1e-9, "log-likelihood");
    near(&a.beta, &b.beta, 1e-9, "beta");
    near(&a.se, &b.se, 1e-9, "se");
    for k in 0..3 {
        near(&[a.sigma[k]], &[b.sigma[2 - k]], 1e-9, "sigma");
        let back: Vec<f64> = b.effects[2 - k].iter().rev().copied().collect();
        near(&a.effects[k], &back, 1e-9, "effects");
    }
    for (place, i) in from.iter().enumerate() {
        assert!((a.linear_predictor[*i] - b.linear_predictor[place]).abs() < 1e-9);
    }
}

#[test]
fn threads_change_no_bit() {
    let data = simulated(3, 60_000, &[150, 90, 12], &[-1.0, 0.3], &[0.4, 0.5, 0.2]);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| data.model().fit().unwrap())
    };
    let (one, two) = (run(1), run(2));
    let bits = |fit: &lockstep_stats::crossed::Fit| {
        let lists = [&fit.beta, &fit.se, &fit.sigma, &fit.linear_predictor, &fit.effects[0], &fit.effect_sd[1]];
        lists.iter().flat_map(|l| l.iter().map(|v| v.to_bits())).collect::<Vec<u64>>()
    };
    assert_eq!(bits(&one), bits(&two));
    assert_eq!(one.log_likelihood.to_bits(), two.log_likelihood.to_bits());
}

#[test]
fn known_truth_is_recovered() {
    let truth = [0.5, 0.3, 0.2];
    let data = simulated(7, 200_000, &[120, 80, 40], &[-1.2, 0.5], &truth);
    let fit = data.model().fit().unwrap();
    assert!((fit.beta[1] - 0.5).abs() < 4.0 * fit.se[1]);
    for (k, (got, sd)) in fit.sigma.iter().zip(truth).enumerate() {
        let realised = (data.truth[k].iter().map(|b| b * b).sum::<f64>() / data.truth[k].len() as f64).sqrt();
        assert!((got - realised).abs() < 0.1 * sd + 0.02, "{got} against {realised}");
        let inside = fit.effects[k].iter().zip(&fit.effect_sd[k]).zip(&data.truth[k]);
        let centre: f64 = data.truth[k].iter().sum::<f64>() / data.truth[k].len() as f64;
        let hits = inside.filter(|((b, sd), t)| (*b - (*t - centre)).abs() < 2.5 * *sd).count();
        assert!(hits as f64 >= 0.9 * data.truth[k].len() as f64, "{hits}");
    }
}

#[test]
fn a_factor_of_chance_alone_is_told_from_one_that_matters() {
    let data = simulated(21, 20_000, &[40, 25], &[-0.7, 0.2], &[0.5, 0.0]);
    let fit = data.model().fit().unwrap();
    let (real, chance) = (data.model().test_spread(&fit, 0).unwrap(), data.model().test_spread(&fit, 1).unwrap());
    assert!(real.p < 1e-6 && chance.p > 0.01, "{real:?} {chance:?}");
    // Over many worlds of chance, about half of the fits lie at the boundary, and few tests reject.
    let (mut boundary, mut rejected, mut evaluations) = (0, 0, 0);
    for seed in 0..40 {
        let data = simulated(1000 + seed, 3_000, &[12, 30], &[-0.7, 0.2], &[0.4, 0.0]);
        let model = data.model();
        let fit = model.fit().unwrap();
        let test = model.test_spread(&fit, 1).unwrap();
        assert!(fit.sigma.iter().all(|s| s.is_finite()) && (0.0..=1.0).contains(&test.p));
        assert_eq!(fit.at_boundary[1], fit.sigma[1] == 0.0);
        boundary += usize::from(fit.at_boundary[1]);
        rejected += usize::from(test.p < 0.05);
        evaluations += fit.evaluations;
    }
    println!("crossed: {boundary} of 40 at the boundary, {rejected} rejected, {} evaluations each", evaluations / 40);
    assert!((8..=32).contains(&boundary) && rejected <= 6);
}

#[test]
fn a_fit_at_the_boundary_is_the_fit_without_the_factor() {
    // Every level has the same outcome: no spread at all.
    let n = vec![10.0; 24];
    let y: Vec<f64> = (0..24).map(|i| if i % 2 == 0 { 3.0 } else { 6.0 }).collect();
    let x: Vec<f64> = (0..24).flat_map(|i| [1.0, f64::from(i % 2)]).collect();
    let levels: Vec<u32> = (0..24).map(|i| i / 2).collect();
    let factors = [Factor { levels: &levels, size: 12 }];
    let with = Model::new(&Cells { n: &n, y: &y, x: &x, columns: 2, factors: &factors }).unwrap();
    let without = Model::new(&Cells { n: &n, y: &y, x: &x, columns: 2, factors: &[] }).unwrap();
    let (a, b) = (with.fit().unwrap(), without.fit().unwrap());
    assert_eq!(a.sigma, vec![0.0]);
    assert!(a.at_boundary[0] && a.effects[0].iter().all(|e| *e == 0.0));
    near(&a.beta, &b.beta, 1e-8, "beta");
    near(&b.beta, &[(0.3f64 / 0.7).ln(), (0.6f64 / 0.4).ln() - (0.3f64 / 0.7).ln()], 1e-8, "plain logistic");
    near(&[a.log_likelihood], &[b.log_likelihood], 1e-9, "log-likelihood");
    assert_eq!(with.test_spread(&a, 0).unwrap().p, 1.0);
    assert_eq!(with.test_spread(&a, 1).unwrap_err().code(), "stats.out_of_range");
    assert!(b.sigma.is_empty() && b.effects.is_empty());
}

#[test]
fn parts_that_cannot_be_compared_are_told_apart() {
    let n = [1.0, 2.0, 1.0, 0.0, 1.0];
    let (a, b) = ([0, 0, 1, 1, 3], [0, 1, 2, 1, 2]);
    let first = Factor { levels: &a, size: 5 };
    let second = Factor { levels: &b, size: 3 };
    let got = components(&n, &first, &second).unwrap();
    assert_eq!(got.count, 2);
    assert_eq!(got.first, vec![Some(0), Some(1), None, Some(1), None]);
    assert_eq!(got.second, vec![Some(0), Some(0), Some(1)]);
    let joined = components(&[1.0; 5], &first, &second).unwrap();
    assert_eq!(joined.count, 1);
    assert_eq!(components(&n, &Factor { levels: &a, size: 3 }, &second).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(components(&n[1..], &first, &second).unwrap_err().code(), "stats.shape");
    let vast = Factor { levels: &a, size: usize::MAX };
    assert_eq!(components(&n, &vast, &second).unwrap_err().code(), "stats.too_many");
}

/// No panic and no endless search; either finite numbers or a clear error.
#[test]
fn data_that_determine_nothing_end_as_an_error_or_as_finite_numbers() {
    let base = simulated(5, 400, &[6, 5], &[-0.3, 0.4], &[0.5, 0.5]);
    let code = |data: &Owned| Model::new(&data.cells(&data.factors())).and_then(|m| m.fit()).map_err(|e| e.code());
    let ok = |data: &Owned| {
        let fit = data.model().fit().unwrap();
        let lists = [&fit.beta, &fit.se, &fit.sigma, &fit.linear_predictor, &fit.effects[0], &fit.effect_sd[0]];
        assert!(lists.iter().all(|l| l.iter().all(|v| v.is_finite())));
        fit
    };
    let with = |change: &dyn Fn(&mut Owned)| {
        let mut data = base.clone();
        change(&mut data);
        data
    };
    assert_eq!(code(&with(&|d| d.y.fill(0.0))).unwrap_err(), "stats.too_few");
    assert_eq!(code(&with(&|d| d.y = d.n.clone())).unwrap_err(), "stats.too_few");
    assert_eq!(code(&with(&|d| d.n.fill(0.0))).unwrap_err(), "stats.out_of_range");
    let nothing = Owned { n: vec![], y: vec![], x: vec![], levels: vec![vec![], vec![]], ..base.clone() };
    assert_eq!(code(&nothing).unwrap_err(), "stats.too_few");
    // A level all misses, another all hits: shrunk, not infinite.
    let fit = ok(&with(&|d| {
        for i in 0..d.n.len() {
            match d.levels[0][i] {
                0 => d.y[i] = 0.0,
                1 => d.y[i] = d.n[i],
                _ => {}
            }
        }
    }));
    assert!(fit.effects[0][0] < -1.0 && fit.effects[0][1] > 1.0);
    // Every level all or nothing.
    let all = with(&|d| {
        for i in 0..d.n.len() {
            d.y[i] = if d.levels[0][i] % 2 == 0 { 0.0 } else { d.n[i] };
        }
    });
    if let Err(code) = code(&all) {
        assert_eq!(code, "stats.no_convergence");
    }
    // A fixed column that separates.
    let separated = with(&|d| {
        for i in 0..d.n.len() {
            let inside = d.levels[0][i] == 2;
            d.x[i * 2 + 1] = f64::from(u8::from(inside));
            if inside {
                d.y[i] = 0.0;
            }
        }
    });
    assert_eq!(code(&separated).unwrap_err(), "stats.no_convergence");
    // Collinear and empty columns.
    let doubled = with(&|d| d.x.chunks_exact_mut(2).for_each(|row| row[1] = -3.0 * row[0]));
    assert_eq!(code(&doubled).unwrap_err(), "stats.out_of_range");
    let empty = with(&|d| d.x.chunks_exact_mut(2).for_each(|row| row[1] = 0.0));
    assert_eq!(code(&empty).unwrap_err(), "stats.out_of_range");
    // One level; levels without cells; every cell its own level; the same factor twice.
    let one = ok(&with(&|d| {
        d.levels[1].fill(0);
        d.sizes[1] = 1;
    }));
    assert!(one.at_boundary[1]);
    let sparse = ok(&with(&|d| d.sizes[1] = 50));
    assert!((sparse.effect_sd[1][49] - sparse.sigma[1]).abs() < 1e-12);
    let own = with(&|d| {
        d.levels[0] = (0..d.n.len() as u32).collect();
        d.sizes[0] = d.n.len();
    });
    if let Err(code) = code(&own) {
        assert_eq!(code, "stats.no_convergence");
    }
    ok(&with(&|d| d.levels[1] = d.levels[0].iter().map(|l| l % 5).collect()));
    ok(&with(&|d| {
        d.levels[1] = d.levels[0].clone();
        d.sizes[1] = d.sizes[0];
    }));
    // No fixed columns; far-off units; trials of 0 among the others.
    ok(&with(&|d| {
        d.x.clear();
        d.columns = 0;
    }));
    ok(&with(&|d| d.x.chunks_exact_mut(2).for_each(|row| row[1] = 1e6 + 1e3 * row[1])));
    let zeros = with(&|d| {
        for i in 0..40 {
            d.n[i] = 0.0;
            d.y[i] = 0.0;
            d.x[2 * i + 1] = 1e9;
        }
    });
    ok(&zeros);
    // Shapes and values.
    assert_eq!(code(&with(&|d| d.y.truncate(3))).unwrap_err(), "stats.shape");
    assert_eq!(code(&with(&|d| d.x.truncate(3))).unwrap_err(), "stats.shape");
    assert_eq!(code(&with(&|d| d.levels[1].truncate(3))).unwrap_err(), "stats.shape");
    assert_eq!(code(&with(&|d| d.x[0] = f64::NAN)).unwrap_err(), "stats.not_finite");
    assert_eq!(code(&with(&|d| d.y[0] = d.n[0] + 1.0)).unwrap_err(), "stats.out_of_range");
    assert_eq!(code(&with(&|d| d.levels[0][0] = 6)).unwrap_err(), "stats.out_of_range");
    assert_eq!(code(&with(&|d| d.sizes[0] = usize::MAX)).unwrap_err(), "stats.too_many");
    let model = base.model();
    assert_eq!(model.evaluate(&[0.0], &[0.1, 0.1]).unwrap_err().code(), "stats.shape");
    assert_eq!(model.evaluate(&[0.0; 2], &[0.1, -0.1]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(model.joint_mode(&[0.1, f64::INFINITY]).unwrap_err().code(), "stats.not_finite");
}
