//! Competing risks against R's numbers, against brute force, and on invented cohorts with known truth.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::aalen_johansen::{AtRisk, Calendar, CalendarTable, Curves, Ending};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;

fn column(f: &Value, key: &str) -> Vec<f64> {
    f[key].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn ending(code: f64) -> Ending {
    [Ending::Open, Ending::First, Ending::Second][code as usize]
}

fn worst(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

#[test]
fn agrees_with_the_reference() {
    let f: Value = serde_json::from_str(include_str!("fixtures/aalen_johansen.json")).unwrap();
    let items = column(&f, "age").into_iter().zip(column(&f, "event")).map(|(a, e)| (a as u32, ending(e)));
    let table = AtRisk::from_items(items, 14).unwrap();
    assert_eq!(table.at_risk(), column(&f, "at_risk"));
    let curves = Curves::estimate(&table);
    let figures = [
        worst(&curves.survival, &column(&f, "surv")),
        worst(&curves.first, &column(&f, "cif_win")),
        worst(&curves.second, &column(&f, "cif_lost")),
        worst(&curves.later(), &column(&f, "p_win_given_open_at")),
    ];
    println!("aalen-johansen: {figures:?}");
    assert!(figures.iter().all(|v| *v < 1e-12));
    assert_eq!(curves.oldest(), Some(14));
}

/// Without censoring the estimator is the plain share, and the variance is the binomial one.
#[test]
fn without_open_items_it_is_the_plain_share() {
    let items = (0..200u32).map(|i| (i % 7, if i % 5 == 0 { Ending::First } else { Ending::Second }));
    let curves = Curves::estimate(&AtRisk::from_items(items, 6).unwrap());
    assert!((curves.first[6] - 0.2).abs() < 1e-12);
    assert!(curves.survival[6].abs() < 1e-12);
    assert!((curves.variance_first(6).unwrap() - 0.2 * 0.8 / 200.0).abs() < 1e-12);
    assert_eq!(curves.variance_first(7), None);
    assert_eq!(curves.later()[6], 0.0);
}

#[test]
fn empty_and_impossible_tables() {
    let empty = Curves::estimate(&AtRisk::from_counts(&[], &[], &[]).unwrap());
    assert!(empty.later().is_empty() && empty.within(3).is_empty() && empty.oldest().is_none());
    let f = empty.forecast(&[2.0, 3.0], Some(4)).unwrap();
    assert_eq!((f.expected, f.variance(), f.beyond), (0.0, 0.0, 5.0));
    let none = Curves::estimate(&AtRisk::from_counts(&[0.0; 3], &[0.0; 3], &[0.0; 3]).unwrap());
    assert_eq!(none.survival, [1.0; 3]);
    assert_eq!(AtRisk::from_counts(&[1.0], &[], &[0.0]).unwrap_err().code(), "stats.shape");
    assert_eq!(AtRisk::from_counts(&[1.0], &[1.0], &[1.0]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(AtRisk::from_counts(&[f64::NAN], &[0.0], &[0.0]).unwrap_err().code(), "stats.not_finite");
    assert_eq!(AtRisk::from_items([], u32::MAX).unwrap_err().code(), "stats.too_many");
    assert_eq!(none.forecast(&[-1.0], None).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(none.forecast(&[f64::NAN], None).unwrap_err().code(), "stats.not_finite");
}

fn tables() -> impl Strategy<Value = AtRisk> {
    prop::collection::vec((0u32..12, 0usize..3), 1..150)
        .prop_map(|items| AtRisk::from_items(items.into_iter().map(|(a, e)| (a, ending(e as f64))), 11).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn states_add_to_one_and_windows_grow(table in tables(), h in 0usize..15) {
        let c = Curves::estimate(&table);
        let (later, within, more) = (c.later(), c.within(h), c.within(h + 1));
        for a in 0..12 {
            prop_assert!((c.survival[a] + c.first[a] + c.second[a] - 1.0).abs() < 1e-12);
            prop_assert!(within[a] <= more[a] + 1e-15 && more[a] <= later[a] + 1e-15 && (0.0..=1.0).contains(&later[a]));
            if c.survival[a] > 1e-9 {
                prop_assert!((later[a] - (c.first[11] - c.first[a]) / c.survival[a]).abs() < 1e-9);
            }
        }
    }

    /// The delta method by brute force: numeric derivatives in every hazard, multinomial covariance.
    #[test]
    fn variances_agree_with_numeric_derivatives(table in tables(), open in prop::collection::vec(0.0f64..9.0, 12), h in 0usize..13) {
        let horizon = if h == 12 { None } else { Some(h) };
        let c = Curves::estimate(&table);
        // One more age with certainty keeps the perturbed hazards inside [0, 1] by using a plain evaluator.
        let evaluate = |h1: &[f64], h2: &[f64]| -> f64 {
            open.iter().enumerate().map(|(a, n)| {
                let last = horizon.map_or(11, |h| (a + h).min(11));
                n * (a + 1..=last).rev().fold(0.0, |later, u| h1[u] + (1.0 - h1[u] - h2[u]) * later)
            }).sum()
        };
        let cif = |h1: &[f64], h2: &[f64]| (0..12).rev().fold(0.0, |later, u| h1[u] + (1.0 - h1[u] - h2[u]) * later);
        let delta = |f: &dyn Fn(&[f64], &[f64]) -> f64| -> f64 {
            let mut variance = 0.0;
            for u in 0..12 {
                let n = table.at_risk()[u];
                if n == 0.0 { continue; }
                let slope = |second: bool| {
                    let at = |step: f64| {
                        let (mut h1, mut h2) = (c.hazard_first.clone(), c.hazard_second.clone());
                        *(if second { &mut h2[u] } else { &mut h1[u] }) += step;
                        f(&h1, &h2)
                    };
                    (at(1e-4) - at(-1e-4)) / 2e-4
                };
                let (s1, s2, h1, h2) = (slope(false), slope(true), c.hazard_first[u], c.hazard_second[u]);
                variance += (s1 * s1 * h1 * (1.0 - h1) + s2 * s2 * h2 * (1.0 - h2) - 2.0 * s1 * s2 * h1 * h2) / n;
            }
            variance
        };
        let got = c.forecast(&open, horizon).unwrap();
        prop_assert!((got.expected - evaluate(&c.hazard_first, &c.hazard_second)).abs() < 1e-9);
        let brute = delta(&evaluate);
        prop_assert!((got.variance_estimation - brute).abs() < 1e-6 * (1.0 + brute), "{} {}", got.variance_estimation, brute);
        let brute = delta(&cif);
        prop_assert!((c.variance_first(11).unwrap() - brute).abs() < 1e-8);
    }
}

/// A cohort stream whose truth is a quarter: young cohorts make every plain ratio low.
fn cohort(world: &mut Pcg64, n: usize) -> Vec<(u32, Ending)> {
    (0..n)
        .map(|_| {
            let seen = world.random_range(1..=60u32);
            let first = world.random::<f64>() < 0.25;
            let mean = if first { 25.0 } else { 12.0 };
            let age = (-world.random::<f64>().ln() * mean).min(59.0) as u32;
            match (age < seen, first) {
                (false, _) => (seen - 1, Ending::Open),
                (true, true) => (age, Ending::First),
                (true, false) => (age, Ending::Second),
            }
        })
        .collect()
}

#[test]
fn recovers_a_truth_of_a_quarter_from_young_cohorts() {
    let mut world = Pcg64::seed_from_u64(11);
    let (mut sum, mut naive, mut held) = (0.0, 0.0, 0u32);
    let runs = 200;
    for _ in 0..runs {
        let items = cohort(&mut world, 1500);
        naive += items.iter().filter(|i| i.1 == Ending::First).count() as f64 / 1500.0;
        let curves = Curves::estimate(&AtRisk::from_items(items, 59).unwrap());
        // Ages 0..=58 hold all but the capped tail, which lands on 59.
        let truth = 0.25 * (1.0 - (-59.0f64 / 25.0).exp());
        let (got, se) = (curves.first[58], curves.variance_first(58).unwrap().sqrt());
        sum += got - truth;
        held += u32::from((got - truth).abs() < 1.645 * se);
    }
    let (bias, coverage) = (sum / f64::from(runs), f64::from(held) / f64::from(runs));
    println!("recovery: bias {bias:.4} coverage {coverage:.3} naive {:.3}", naive / f64::from(runs));
    assert!(bias.abs() < 0.005, "{bias}");
    assert!((coverage - 0.9).abs() < 0.064, "{coverage}");
    assert!(naive / f64::from(runs) < 0.2);
}

/// Hazards by day of age and month of the quarter, with a known rhythm.
fn rhythm(world: &mut Pcg64, ages: usize, scale: f64) -> (CalendarTable, [f64; 3], [f64; 3]) {
    let (f1, f2) = ([0.5, 0.7, 1.8], [1.2, 1.1, 0.7]);
    let (mut n, mut d1, mut d2) = (Vec::new(), Vec::new(), Vec::new());
    for a in 0..ages {
        for m in 0..3 {
            let at_risk = (scale * (1.0 - a as f64 / (2 * ages) as f64)).round();
            let (h1, h2) = (0.02 * f1[m], 0.03 * f2[m]);
            let (mut c1, mut c2) = (0.0, 0.0);
            for _ in 0..at_risk as usize {
                let x: f64 = world.random();
                c1 += f64::from(u8::from(x < h1));
                c2 += f64::from(u8::from(x >= h1 && x < h1 + h2));
            }
            n.push(at_risk);
            d1.push(c1);
            d2.push(c2);
        }
    }
    (CalendarTable::from_counts(&n, &d1, &d2).unwrap(), f1, f2)
}

#[test]
fn recovers_month_of_quarter_factors_and_needs_four_quarters() {
    let (table, f1, f2) = rhythm(&mut Pcg64::seed_from_u64(3), 60, 400.0);
    let error = Calendar::estimate(&table, 3).unwrap_err();
    assert_eq!((error.code(), error.had_and_needed()), ("stats.too_few", Some((3, 4))));
    let got = Calendar::estimate(&table, 4).unwrap();
    for m in 0..3 {
        assert!((got.factor_first[m] - f1[m]).abs() < 0.12, "{:?}", got.factor_first);
        assert!((got.factor_second[m] - f2[m]).abs() < 0.12, "{:?}", got.factor_second);
    }
    let open = [50.0; 40];
    let expect = |m: u8| got.forecast(&open, &[m; 10]).unwrap();
    assert!(expect(0).expected < 0.5 * expect(2).expected);
    assert!(expect(2).variance_estimation > 0.0 && expect(2).variance_estimation < expect(2).variance());
    assert_eq!(got.forecast(&open, &[3]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(got.forecast(&[f64::NAN], &[0]).unwrap_err().code(), "stats.not_finite");
    assert_eq!(got.forecast(&open, &[]).unwrap().expected, 0.0);
}

#[test]
fn without_a_rhythm_the_calendar_forecast_is_the_age_only_one() {
    let (ages, h1, h2) = (20, 0.04, 0.06);
    let n: Vec<f64> = (0..ages * 3).map(|i| 100.0 + (i % 7) as f64).collect();
    let d1: Vec<f64> = n.iter().map(|n| n * h1).collect();
    let d2: Vec<f64> = n.iter().map(|n| n * h2).collect();
    let calendar = Calendar::estimate(&CalendarTable::from_counts(&n, &d1, &d2).unwrap(), 8).unwrap();
    assert!(worst(&calendar.factor_first, &[1.0; 3]) < 1e-12 && worst(&calendar.factor_second, &[1.0; 3]) < 1e-12);
    let by_age = |c: &[f64]| c.chunks(3).map(|r| r.iter().sum()).collect::<Vec<f64>>();
    let curves = Curves::estimate(&AtRisk::from_counts(&by_age(&n), &by_age(&d1), &by_age(&d2)).unwrap());
    let open: Vec<f64> = (0..25).map(f64::from).collect();
    let (a, b) = (calendar.forecast(&open, &[0, 0, 1, 1, 2, 2]).unwrap(), curves.forecast(&open, Some(6)).unwrap());
    assert!((a.expected - b.expected).abs() < 1e-9 && (a.variance_chance - b.variance_chance).abs() < 1e-9);
    assert_eq!(a.beyond, b.beyond);
    // Factors cost variance; Poisson instead of multinomial information costs a little more.
    assert!(a.variance_estimation > b.variance_estimation * 0.9, "{} {}", a.variance_estimation, b.variance_estimation);
}

/// The delta method by brute force: on counts that follow the model exactly, the variance is the sum over
/// cells of the squared derivative of the refitted forecast times the Poisson variance of the cell.
#[test]
fn calendar_variance_agrees_with_numeric_derivatives() {
    let (ages, f1, f2) = (5, [0.5, 0.8, 1.7], [1.3, 1.1, 0.6]);
    let n: Vec<f64> = (0..ages * 3).map(|i| 90.0 - 4.0 * i as f64 + 7.0 * (i % 4) as f64).collect();
    let events = |h: f64, f: [f64; 3]| -> Vec<f64> {
        let hazard = |i: usize| h * (1.0 + (i / 3) as f64 / 5.0) * f[i % 3];
        (0..ages * 3).map(|i| n[i] * hazard(i)).collect()
    };
    let (d1, d2) = (events(0.05, f1), events(0.08, f2));
    let (open, months) = ([30.0, 12.0, 7.0, 40.0, 9.0], [1u8, 2, 2, 0]);
    let forecast = |d1: &[f64], d2: &[f64]| {
        let table = CalendarTable::from_counts(&n, d1, d2).unwrap();
        Calendar::estimate(&table, 4).unwrap().forecast(&open, &months).unwrap()
    };
    let mut brute = 0.0;
    for i in 0..ages * 3 {
        for second in [false, true] {
            let at = |step: f64| {
                let (mut a, mut b) = (d1.clone(), d2.clone());
                *(if second { &mut b[i] } else { &mut a[i] }) += step;
                forecast(&a, &b).expected
            };
            let slope = (at(1e-3) - at(-1e-3)) / 2e-3;
            brute += slope * slope * if second { d2[i] } else { d1[i] };
        }
    }
    let got = forecast(&d1, &d2).variance_estimation;
    assert!((got / brute - 1.0).abs() < 1e-5, "{got} {brute}");
}

/// The delta method of the calendar forecast against repeated worlds.
#[test]
fn calendar_variance_matches_its_sampling_variance() {
    let mut world = Pcg64::seed_from_u64(21);
    let (open, months) = ([30.0; 12], [0u8, 0, 1, 1, 2, 2, 2]);
    let (mut values, mut claimed) = (Vec::new(), 0.0);
    for _ in 0..300 {
        let got = Calendar::estimate(&rhythm(&mut world, 18, 60.0).0, 4).unwrap().forecast(&open, &months).unwrap();
        values.push(got.expected);
        claimed += got.variance_estimation / 300.0;
    }
    let mean = values.iter().sum::<f64>() / 300.0;
    let seen = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 299.0;
    println!("calendar variance: seen {seen:.3} claimed {claimed:.3}");
    assert!((claimed / seen - 1.0).abs() < 0.25, "{seen} {claimed}");
}

#[test]
fn calendar_survives_empty_months_ages_and_extreme_factors() {
    let none = CalendarTable::from_counts(&[], &[], &[]).unwrap();
    assert_eq!(Calendar::estimate(&none, 9).unwrap_err().code(), "stats.too_few");
    let quiet = CalendarTable::from_counts(&[5.0; 9], &[0.0; 9], &[0.0; 9]).unwrap();
    let got = Calendar::estimate(&quiet, 4).unwrap();
    assert_eq!(got.factor_first, [1.0; 3]);
    assert_eq!(got.forecast(&[4.0; 3], &[0, 1]).unwrap().variance(), 0.0);
    // Everything happens in month 2.
    let burst: Vec<f64> = (0..9).map(|i| if i % 3 == 2 { 5.0 } else { 0.0 }).collect();
    let got = Calendar::estimate(&CalendarTable::from_counts(&[5.0; 9], &burst, &[0.0; 9]).unwrap(), 4).unwrap();
    let f = got.forecast(&[4.0; 3], &[2, 2]).unwrap();
    assert!(f.expected.is_finite() && f.expected <= 12.0 + 1e-9 && f.variance().is_finite());
    assert_eq!(got.forecast(&[4.0; 3], &[0, 1]).unwrap().expected, 0.0);
    assert_eq!(CalendarTable::from_counts(&[1.0; 4], &[0.0; 4], &[0.0; 4]).unwrap_err().code(), "stats.shape");
}
