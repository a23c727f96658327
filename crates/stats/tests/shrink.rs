//! Shrinking of changes: the definition by hand, and less error than the raw change on invented segments.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::shrink::{Counts, shrink};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_distr::{Binomial, Distribution, Normal};
use rand_pcg::Pcg64;

fn counts(k0: f64, n0: f64, k1: f64, n1: f64) -> Counts {
    Counts { k0, n0, k1, n1 }
}

/// Worked through the formulas step by step, outside the code's arrangement.
#[test]
fn agrees_with_the_definition_worked_by_hand() {
    let data = [counts(30.0, 100.0, 10.0, 100.0), counts(20.0, 80.0, 22.0, 80.0), counts(5.0, 40.0, 9.0, 30.0)];
    let got = shrink(&data).unwrap();
    let mut d = Vec::new();
    let mut v = Vec::new();
    for c in data {
        let cells = [c.k0 + 0.5, c.n0 - c.k0 + 0.5, c.k1 + 0.5, c.n1 - c.k1 + 0.5];
        d.push((cells[2] / cells[3]).ln() - (cells[0] / cells[1]).ln());
        v.push(cells.iter().map(|x| 1.0 / x).sum::<f64>());
    }
    let w: Vec<f64> = v.iter().map(|v| 1.0 / v).collect();
    let sum = |f: &dyn Fn(usize) -> f64| (0..3).map(f).sum::<f64>();
    let fixed = sum(&|i| w[i] * d[i]) / sum(&|i| w[i]);
    let q = sum(&|i| w[i] * (d[i] - fixed).powi(2));
    let tau2 = (q - 2.0) / (sum(&|i| w[i]) - sum(&|i| w[i] * w[i]) / sum(&|i| w[i]));
    assert!(tau2 > 0.1);
    let m = sum(&|i| d[i] / (v[i] + tau2)) / sum(&|i| 1.0 / (v[i] + tau2));
    assert!((got.between - tau2).abs() < 1e-12 && (got.common - m).abs() < 1e-12 && got.used == 3);
    let logit = |p: f64| (p / (1.0 - p)).ln();
    for (i, s) in got.segments.iter().enumerate() {
        let shrunk = m + tau2 / (tau2 + v[i]) * (d[i] - m);
        assert!((s.shrunk - shrunk).abs() < 1e-12 && (s.change - d[i]).abs() < 1e-12);
        assert!((logit(s.rate1) - logit(s.rate0) - shrunk).abs() < 1e-12);
    }
}

#[test]
fn follows_the_carry_over_rule_without_trials() {
    let got = shrink(&[
        counts(0.0, 0.0, 3.0, 9.0),
        counts(3.0, 9.0, 0.0, 0.0),
        counts(0.0, 0.0, 0.0, 0.0),
        counts(5.0, 10.0, 5.0, 10.0),
    ])
    .unwrap();
    assert_eq!(got.used, 1);
    for s in &got.segments[..3] {
        assert_eq!((s.change, s.shrunk), (0.0, 0.0));
        assert_eq!(s.rate0, s.rate1);
    }
    assert_eq!(got.segments[0].rate0, 0.35);
    assert_eq!(got.segments[2].rate0, 0.0);
    assert!(shrink(&[]).unwrap().segments.is_empty());
    assert_eq!(shrink(&[counts(2.0, 1.0, 0.0, 0.0)]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(shrink(&[counts(f64::NAN, 1.0, 0.0, 0.0)]).unwrap_err().code(), "stats.not_finite");
}

#[test]
fn shrunk_changes_are_nearer_the_truth() {
    let mut world = Pcg64::seed_from_u64(55);
    let (mut raw, mut shrunk) = (0.0, 0.0);
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    for _ in 0..100 {
        let mut data = Vec::new();
        let mut truth = Vec::new();
        for _ in 0..40 {
            let base: f64 = Normal::new(-1.0, 0.4).unwrap().sample(&mut world);
            let change: f64 = Normal::new(-0.2, 0.25).unwrap().sample(&mut world);
            let mut k = |p: f64| Binomial::new(60, p).unwrap().sample(&mut world) as f64;
            data.push(counts(k(expit(base)), 60.0, k(expit(base + change)), 60.0));
            truth.push(change);
        }
        for (s, t) in shrink(&data).unwrap().segments.iter().zip(truth) {
            raw += (s.change - t).powi(2);
            shrunk += (s.shrunk - t).powi(2);
        }
    }
    println!("shrink: error ratio {:.3}", (shrunk / raw).sqrt());
    assert!((shrunk / raw).sqrt() < 0.65);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shrunk_lies_between_own_and_common_and_reversal_negates(raw in prop::collection::vec((1u32..200, 1u32..200, 0.0f64..=1.0, 0.0f64..=1.0), 1..20)) {
        let data: Vec<Counts> = raw.iter().map(|(n0, n1, a, b)| {
            let (n0, n1) = (f64::from(*n0), f64::from(*n1));
            counts((a * n0).floor(), n0, (b * n1).floor(), n1)
        }).collect();
        let back: Vec<Counts> = data.iter().map(|c| counts(c.k1, c.n1, c.k0, c.n0)).collect();
        let (got, back) = (shrink(&data).unwrap(), shrink(&back).unwrap());
        for (s, b) in got.segments.iter().zip(&back.segments) {
            prop_assert!(s.shrunk >= s.change.min(got.common) - 1e-12 && s.shrunk <= s.change.max(got.common) + 1e-12);
            prop_assert!((s.shrunk + b.shrunk).abs() < 1e-9 && (s.rate0 - b.rate1).abs() < 1e-9);
            prop_assert!(0.0 < s.rate0 && s.rate0 < 1.0 && 0.0 < s.rate1 && s.rate1 < 1.0);
        }
    }
}
