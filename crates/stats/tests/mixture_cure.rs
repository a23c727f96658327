//! The mixture against lifelines, its invariances, and recovery of a known truth.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::mixture_cure::{Family, Fit, Item, choose, fit};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;

fn reference() -> (Value, Vec<Item>) {
    let f: Value = serde_json::from_str(include_str!("fixtures/mixture_cure.json")).unwrap();
    let column = |key: &str| f[key].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<f64>>();
    let pairs = column("T").into_iter().zip(column("event"));
    let items = pairs.map(|(age, event)| Item { age, event: event == 1.0, weight: 1.0 }).collect();
    (f, items)
}

#[test]
fn agrees_with_the_reference() {
    let (f, items) = reference();
    let got = fit(&items, Family::Weibull).unwrap();
    let number = |key: &str| f[key].as_f64().unwrap();
    println!("cure: log-likelihood off by {:e}", got.log_likelihood - number("loglik"));
    assert!((got.log_likelihood - number("loglik")).abs() < 1e-6);
    for (got, truth) in [(got.pi, number("pi")), (got.scale, number("lam")), (got.shape, number("rho"))] {
        println!("cure: parameter off by {:e} relative", got / truth - 1.0);
        assert!((got / truth - 1.0).abs() < 1e-4, "{got} {truth}");
    }
    for row in f["p_win_given_open"].as_array().unwrap() {
        let number = |key: &str| row[key].as_f64().unwrap();
        let age = number("age");
        println!(
            "cure: later {:e} next {:e}",
            got.later(age) - number("p"),
            got.within(age, 30.0) - number("p_next30")
        );
        assert!((got.later(age) - number("p")).abs() < 1e-5);
        assert!((got.within(age, 30.0) - number("p_next30")).abs() < 1e-5);
    }
    assert!(!got.at_boundary);
    let (se, interval) = (got.se_pi().unwrap(), got.interval_pi().unwrap());
    assert!(se > 0.0 && interval.lo90 < got.pi && got.pi < interval.hi90);
    let choice = choose(&items).unwrap();
    assert!(choice.best.log_likelihood >= choice.other.unwrap().log_likelihood);
}

#[test]
fn order_grouping_and_unit_do_not_matter() {
    let (_, items) = reference();
    let whole: Vec<Item> = items.iter().map(|i| Item { age: i.age.ceil(), ..*i }).collect();
    for family in [Family::Weibull, Family::LogLogistic] {
        let plain = fit(&whole, family).unwrap();
        let backward: Vec<Item> = whole.iter().rev().copied().collect();
        assert_eq!(plain, fit(&backward, family).unwrap());
        let double: Vec<Item> = whole.iter().map(|i| Item { weight: 2.0, ..*i }).collect();
        let twice: Vec<Item> = whole.iter().chain(&whole).copied().collect();
        let (double, twice) = (fit(&double, family).unwrap(), fit(&twice, family).unwrap());
        assert!((double.log_likelihood - twice.log_likelihood).abs() < 1e-8 && (double.pi - twice.pi).abs() < 1e-9);
        assert!((double.pi - plain.pi).abs() < 1e-8);
        assert!((double.se_pi().unwrap() * 2f64.sqrt() / plain.se_pi().unwrap() - 1.0).abs() < 1e-6);
        let hours: Vec<Item> = whole.iter().map(|i| Item { age: i.age * 24.0, ..*i }).collect();
        let hours = fit(&hours, family).unwrap();
        assert!((hours.scale / plain.scale / 24.0 - 1.0).abs() < 1e-7 && (hours.pi - plain.pi).abs() < 1e-8);
    }
}

#[test]
fn forecast_variance_agrees_with_numeric_derivatives() {
    let (_, items) = reference();
    let open = [(0.0, 3.0), (10.0, 40.0), (90.0, 25.0), (170.0, 60.0), (400.0, 5.0)];
    for family in [Family::Weibull, Family::LogLogistic] {
        let got = fit(&items, family).unwrap();
        for horizon in [None, Some(30.0), Some(200.0)] {
            let expected = |fit: &Fit| fit.forecast(&open, horizon).unwrap().expected;
            let moved = |j: usize, step: f64| {
                let mut other = got.clone();
                match j {
                    0 => {
                        let logit = (got.pi / (1.0 - got.pi)).ln() + step;
                        other.pi = 1.0 / (1.0 + (-logit).exp());
                    }
                    1 => other.scale *= step.exp(),
                    _ => other.shape *= step.exp(),
                }
                expected(&other)
            };
            let g = [0, 1, 2].map(|j| (moved(j, 1e-5) - moved(j, -1e-5)) / 2e-5);
            let c = got.covariance.unwrap();
            let brute: f64 = (0..3).flat_map(|i| (0..3).map(move |j| (i, j))).map(|(i, j)| g[i] * c[i][j] * g[j]).sum();
            let f = got.forecast(&open, horizon).unwrap();
            assert!((f.variance_estimation.unwrap() / brute - 1.0).abs() < 1e-5, "{family:?} {horizon:?}");
            let by_hand: f64 = open.iter().map(|(a, n)| n * horizon.map_or(got.later(*a), |h| got.within(*a, h))).sum();
            assert!((f.expected - by_hand).abs() < 1e-9);
            assert!((0.0..=1.0).contains(&f.extrapolated));
        }
        // Items older than anything seen lie wholly in the extrapolated part, a short window on young ones not at all.
        assert!((got.forecast(&[(400.0, 5.0)], None).unwrap().extrapolated - 1.0).abs() < 1e-9);
        assert_eq!(got.forecast(&[(10.0, 5.0)], Some(30.0)).unwrap().extrapolated, 0.0);
    }
}

fn invented(world: &mut Pcg64, n: usize, family: Family) -> Vec<Item> {
    (0..n)
        .map(|_| {
            let seen: f64 = world.random_range(1.0..180.0);
            let u: f64 = world.random_range(1e-9..1.0);
            let time = match family {
                Family::Weibull => 45.0 * (-u.ln()).powf(1.0 / 1.4),
                Family::LogLogistic => 35.0 * (u / (1.0 - u)).powf(1.0 / 2.5),
            };
            let event = world.random::<f64>() < 0.25 && time < seen;
            Item { age: if event { time } else { seen }, event, weight: 1.0 }
        })
        .collect()
}

#[test]
fn recovers_a_truth_of_a_quarter_with_honest_standard_errors() {
    let mut world = Pcg64::seed_from_u64(17);
    let (runs, mut sum, mut naive, mut held, mut used) = (200, 0.0, 0.0, 0u32, 0u32);
    for _ in 0..runs {
        let items = invented(&mut world, 800, Family::Weibull);
        naive += items.iter().filter(|i| i.event).count() as f64 / 800.0 / f64::from(runs);
        let got = fit(&items, Family::Weibull).unwrap();
        let Some(interval) = got.interval_pi() else { continue };
        used += 1;
        sum += got.pi;
        held += u32::from(interval.lo90 <= 0.25 && 0.25 <= interval.hi90);
    }
    let (mean, coverage) = (sum / f64::from(used), f64::from(held) / f64::from(used));
    println!("cure recovery: mean {mean:.4} naive {naive:.4} coverage {coverage:.3} used {used}");
    assert!(used >= 196, "{used}");
    assert!((mean - 0.25).abs() < 0.01, "{mean}");
    assert!(naive < 0.2);
    assert!((coverage - 0.9).abs() < 0.064, "{coverage}");
}

#[test]
fn the_likelier_family_is_usually_the_true_one() {
    let mut world = Pcg64::seed_from_u64(23);
    for family in [Family::Weibull, Family::LogLogistic] {
        let right =
            (0..20).filter(|_| choose(&invented(&mut world, 3000, family)).unwrap().best.family == family).count();
        println!("choice: {family:?} {right}/20");
        assert!(right >= 15, "{family:?} {right}");
    }
}

#[test]
fn forecast_intervals_hold_what_comes() {
    let mut world = Pcg64::seed_from_u64(29);
    let (runs, mut held) = (150, 0u32);
    for _ in 0..runs {
        let items = invented(&mut world, 1200, Family::Weibull);
        let got = fit(&items, Family::Weibull).unwrap();
        let open: Vec<(f64, f64)> = items.iter().filter(|i| !i.event).map(|i| (i.age, 1.0)).collect();
        let forecast = got.forecast(&open, Some(60.0)).unwrap();
        let truth = Fit { pi: 0.25, scale: 45.0, shape: 1.4, ..got.clone() };
        let came: u32 = open.iter().map(|(age, _)| u32::from(world.random::<f64>() < truth.within(*age, 60.0))).sum();
        let Some(variance) = forecast.variance() else { continue };
        held += u32::from((f64::from(came) - forecast.expected).abs() < 1.645 * variance.sqrt());
    }
    let coverage = f64::from(held) / f64::from(runs);
    println!("cure forecast coverage: {coverage:.3}");
    assert!((coverage - 0.9).abs() < 0.075, "{coverage}");
}

#[test]
fn refuses_what_does_not_determine_a_curve() {
    let item = |age: f64, event: bool| Item { age, event, weight: 1.0 };
    assert_eq!(fit(&[], Family::Weibull).unwrap_err().code(), "stats.too_few");
    let two = [item(3.0, true), item(3.0, true), item(5.0, true), item(9.0, false)];
    assert_eq!(fit(&two, Family::Weibull).unwrap_err().had_and_needed(), Some((2, 3)));
    assert_eq!(choose(&[item(0.0, true)]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(fit(&[item(f64::NAN, true)], Family::Weibull).unwrap_err().code(), "stats.not_finite");
    let nobody_left: Vec<Item> = (1..60).map(|i| item(f64::from(i), true)).collect();
    for family in [Family::Weibull, Family::LogLogistic] {
        let got = fit(&nobody_left, family).unwrap();
        assert!(got.at_boundary && got.pi > 0.999 && got.se_pi().is_none(), "{got:?}");
        let f = got.forecast(&[(5.0, 1.0)], None).unwrap();
        assert!(f.variance().is_none() && f.expected.is_finite());
    }
    let (_, items) = reference();
    let got = fit(&items, Family::Weibull).unwrap();
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(got.forecast(&[(bad, 1.0)], None).is_err());
        assert!(got.forecast(&[(1.0, bad)], None).is_err());
        assert!(got.forecast(&[(1.0, 1.0)], Some(bad)).is_err());
    }
    assert_eq!(got.within(10.0, -5.0), 0.0);
    assert_eq!(got.incidence(0.0), 0.0);
    assert_eq!(got.forecast(&[], None).unwrap().extrapolated, 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_items_give_a_curve_or_an_error(raw in prop::collection::vec((0.0f64..1e4, prop::bool::ANY, 0.0f64..50.0), 0..40), age in 0.0f64..2e4, h in 0.0f64..2e4) {
        let items: Vec<Item> = raw.iter().map(|(age, event, weight)| Item { age: *age, event: *event, weight: *weight }).collect();
        if let Ok(choice) = choose(&items) {
            let got = choice.best;
            let (later, within) = (got.later(age), got.within(age, h));
            prop_assert!(0.0 <= within && within <= later + 1e-12 && later <= got.pi + 1e-12, "{} {} {:?}", within, later, got);
            let f = got.forecast(&[(age, 3.0)], Some(h)).unwrap();
            prop_assert!(f.expected.is_finite() && f.variance().is_none_or(f64::is_finite));
        }
    }
}
