//! The split against enumeration, against reference numbers, and its invariances.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::shapley::{centred_share, column_sums, lmdi, order_range, split, split_to_minor_units, waterfall};
use proptest::prelude::*;
use serde_json::Value;

fn fixture() -> Value {
    serde_json::from_str(include_str!("fixtures/gap_shapley.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap()],
    }
}

fn worst(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

/// Shapley's definition, all 2^k subsets: the oracle.
fn enumerate(f0: &[f64], f1: &[f64], k: usize) -> Vec<f64> {
    let mut factorial = vec![1.0f64; k + 1];
    for i in 1..=k {
        factorial[i] = factorial[i - 1] * i as f64;
    }
    let mut out = Vec::new();
    for (a, b) in f0.chunks(k).zip(f1.chunks(k)) {
        let value = |set: usize| (0..k).map(|j| if set >> j & 1 == 1 { b[j] } else { a[j] }).product::<f64>();
        for j in 0..k {
            let mut phi = 0.0;
            for set in (0..1usize << k).filter(|set| set >> j & 1 == 0) {
                let size = set.count_ones() as usize;
                let weight = factorial[size] * factorial[k - size - 1] / factorial[k];
                phi += weight * (value(set | 1 << j) - value(set));
            }
            out.push(phi);
        }
    }
    out
}

#[test]
fn agrees_with_the_reference_gap() {
    let f = fixture();
    let (f0, f1) = (numbers(&f["f0"]), numbers(&f["f1"]));
    let got = split(&f0, &f1, 8).unwrap();
    assert!(worst(&got.cells, &numbers(&f["phi_segment_factor"])) < 1e-9);
    assert!(worst(&got.column_sums, &numbers(&f["phi_factor"])) < 1e-9);
    assert!(worst(&got.row_sums, &numbers(&f["phi_segment"])) < 1e-9);
    assert!(worst(&got.cells, &enumerate(&f0, &f1, 8)) < 1e-9);
    let gap = f["gap"].as_f64().unwrap();
    assert!((got.gap() - gap).abs() < 1e-12 * gap.abs());
    assert!((got.column_sums.iter().sum::<f64>() - gap).abs() < 1e-12 * gap.abs());
    assert!((got.row_sums.iter().sum::<f64>() - gap).abs() < 1e-12 * gap.abs());
    println!("shapley: worst cell {:e}", worst(&got.cells, &numbers(&f["phi_segment_factor"])));
    println!("shapley: vs enumeration {:e}", worst(&got.cells, &enumerate(&f0, &f1, 8)));
}

#[test]
fn agrees_with_the_reference_centred_mix() {
    let f = fixture();
    let (f0, f1) = (numbers(&f["f0"]), numbers(&f["f1"]));
    let got = centred_share(&f0, &f1, 8, 1, &[7; 4]).unwrap();
    assert!(worst(&got, &numbers(&f["mix_centred_by_segment"])) < 1e-8);
    let plain = split(&f0, &f1, 8).unwrap().column_sums[1];
    assert!((got.iter().sum::<f64>() - plain).abs() < 1e-9);
    println!("centred: worst {:e}", worst(&got, &numbers(&f["mix_centred_by_segment"])));
}

#[test]
fn agrees_with_the_reference_waterfalls_and_lmdi() {
    let f = fixture();
    let (f0, f1) = (numbers(&f["f0"]), numbers(&f["f1"]));
    let listed: Vec<usize> = (0..8).collect();
    let reverse: Vec<usize> = (0..8).rev().collect();
    assert!(worst(&waterfall(&f0, &f1, 8, &listed).unwrap(), &numbers(&f["waterfall_listed_order"])) < 1e-9);
    assert!(worst(&waterfall(&f0, &f1, 8, &reverse).unwrap(), &numbers(&f["waterfall_reverse_order"])) < 1e-9);
    let range = order_range(&f0, &f1, 8).unwrap();
    assert!(worst(&range.least, &numbers(&f["waterfall_min"])) < 1e-9);
    assert!(worst(&range.greatest, &numbers(&f["waterfall_max"])) < 1e-9);
    let index = lmdi(&f0, &f1, 8).unwrap();
    assert_eq!(index.defined, [true, true, true, false]);
    assert!(worst(&index.cells[..24], &numbers(&f["lmdi_first3_segments"])) < 1e-8);
    assert!(index.cells[24..].iter().all(|v| *v == 0.0));
}

#[test]
fn centred_means_are_taken_within_each_group() {
    // Two streams, each with shares that add to one: the total of each is kept on its own.
    let f0 = [10.0, 0.3, 5.0, 10.0, 0.7, 2.0, 40.0, 0.5, 1.0, 40.0, 0.5, 3.0];
    let f1 = [12.0, 0.4, 5.5, 12.0, 0.6, 2.0, 30.0, 0.2, 1.0, 30.0, 0.8, 2.0];
    let got = centred_share(&f0, &f1, 3, 1, &[9, 9, 4, 4]).unwrap();
    let plain = split(&f0, &f1, 3).unwrap();
    let mix = |s: usize| plain.cells[s * 3 + 1];
    assert!((got[0] + got[1] - mix(0) - mix(1)).abs() < 1e-12);
    assert!((got[2] + got[3] - mix(2) - mix(3)).abs() < 1e-12);
    let alone = centred_share(&f0[..6], &f1[..6], 3, 1, &[0, 0]).unwrap();
    assert!(worst(&got[..2], &alone) < 1e-12);
    // The rich segment of the first stream grew, the poor one shrank: both are gains.
    assert!(got[0] > 0.0 && got[1] > 0.0);
    // A stream that is new keeps the column total all the same.
    let mut born = f0;
    born[7] = 0.0;
    born[10] = 0.0;
    let got: f64 = centred_share(&born, &f1, 3, 1, &[9, 9, 4, 4]).unwrap().iter().sum();
    assert!((got - split(&born, &f1, 3).unwrap().column_sums[1]).abs() < 1e-12);
}

/// The definition integrated by brute force: large changes and few factors, where one node too few shows.
#[test]
fn the_centred_column_is_the_integral_it_says() {
    for k in [2usize, 3, 4, 5] {
        let f = |s: usize, j: usize, period: usize| match j {
            0 => [[0.1, 0.7], [0.6, 0.1], [0.3, 0.2]][s][period],
            _ => 1.0 + ((s * 7 + j * 5 + period * 11) % 9) as f64,
        };
        let table = |period| -> Vec<f64> { (0..3 * k).map(|i| f(i / k, i % k, period)).collect() };
        let (f0, f1) = (table(0), table(1));
        let steps = 20_000;
        let mut brute = [0.0; 3];
        for i in 0..steps {
            let t = (f64::from(i) + 0.5) / f64::from(steps);
            let at = |s: usize, j: usize| f(s, j, 0) + t * (f(s, j, 1) - f(s, j, 0));
            let others: Vec<f64> = (0..3).map(|s| (1..k).map(|j| at(s, j)).product()).collect();
            let mean = (0..3).map(|s| at(s, 0) * others[s]).sum::<f64>();
            for s in 0..3 {
                brute[s] += (f(s, 0, 1) - f(s, 0, 0)) * (others[s] - mean) / f64::from(steps);
            }
        }
        let got = centred_share(&f0, &f1, k, 0, &[0; 3]).unwrap();
        let size = brute.iter().fold(1.0f64, |m, v| m.max(v.abs()));
        assert!(worst(&got, &brute) < 1e-7 * size, "{k}: {got:?} {brute:?}");
    }
}

#[test]
fn refuses_what_is_not_a_table() {
    assert_eq!(split(&[1.0], &[1.0], 0).unwrap_err().code(), "stats.shape");
    assert_eq!(split(&[1.0; 3], &[1.0; 3], 2).unwrap_err().code(), "stats.shape");
    assert_eq!(split(&[1.0; 2], &[1.0; 4], 2).unwrap_err().code(), "stats.shape");
    assert_eq!(split(&[f64::NAN], &[1.0], 1).unwrap_err().code(), "stats.not_finite");
    assert_eq!(split(&[1e200; 2], &[2e200; 2], 2).unwrap_err().code(), "stats.not_finite");
    assert_eq!(order_range(&[1.0; 17], &[1.0; 17], 17).unwrap_err().code(), "stats.too_many");
    assert_eq!(waterfall(&[1.0; 2], &[1.0; 2], 2, &[0, 0]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(centred_share(&[1.0; 2], &[1.0; 2], 2, 2, &[0]).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(split(&[], &[], usize::MAX).unwrap_err().code(), "stats.too_many");
    assert_eq!(split(&[], &[], 3).unwrap().column_sums, [0.0; 3]);
    assert!(centred_share(&[], &[], 3, 0, &[]).unwrap().is_empty());
    assert_eq!(split_to_minor_units(&[1.0, f64::NAN], 1).unwrap_err().code(), "stats.not_finite");
    assert_eq!(split_to_minor_units(&[1.0, 2.0], 30).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(split_to_minor_units(&[], 1).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(split_to_minor_units(&[], 0).unwrap(), [0i64; 0]);
    assert_eq!(split_to_minor_units(&[1e300, -1e300], 0).unwrap_err().code(), "stats.out_of_range");
}

#[test]
fn minor_units_follow_the_largest_remainder() {
    assert_eq!(split_to_minor_units(&[3.5, 2.25, 4.25], 10).unwrap(), [4, 2, 4]);
    assert_eq!(split_to_minor_units(&[-3.5, -2.25, -4.25], -10).unwrap(), [-4, -2, -4]);
    assert_eq!(split_to_minor_units(&[0.0, 0.4, 0.0, 0.6], 1).unwrap(), [0, 0, 0, 1]);
    assert_eq!(split_to_minor_units(&[0.0, 0.0], 0).unwrap(), [0, 0]);
    assert_eq!(split_to_minor_units(&[1.0, 2.0, 0.0], 4).unwrap(), [2, 2, 0]);
    assert_eq!(split_to_minor_units(&[1.0, 2.0, 0.0], 2).unwrap(), [1, 1, 0]);
}

/// Factor tables: values of either sign with zeros among them, and unchanged factors.
fn tables() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, usize)> {
    let value = || prop_oneof![1 => Just(0.0), 8 => -2.0f64..3.0, 4 => 0.0f64..1.0, 1 => Just(1000.0)];
    (1usize..=10, 1usize..=5).prop_flat_map(move |(k, s)| {
        let rows = prop::collection::vec(value(), k * s);
        let pairs = prop::collection::vec((value(), prop::bool::weighted(0.2)), k * s);
        (rows, pairs).prop_map(move |(f0, pairs)| {
            let f1 = f0.iter().zip(pairs).map(|(x, (y, same))| if same { *x } else { y }).collect();
            (f0, f1, k)
        })
    })
}

/// Largest product on the way between the two rows: the scale rounding is measured against.
fn scale(f0: &[f64], f1: &[f64], k: usize) -> f64 {
    let rows = f0.chunks(k).zip(f1.chunks(k));
    1e-300
        + rows.map(|(a, b)| a.iter().zip(b).map(|(x, y)| x.abs().max(y.abs()).max(1e-3)).product::<f64>()).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_enumeration_and_adds_both_ways((f0, f1, k) in tables()) {
        let size = scale(&f0, &f1, k);
        let got = split(&f0, &f1, k).unwrap();
        prop_assert!(worst(&got.cells, &enumerate(&f0, &f1, k)) <= 1e-9 * size);
        prop_assert!((got.column_sums.iter().sum::<f64>() - got.gap()).abs() <= 1e-12 * size);
        for ((a, b), row) in f0.chunks(k).zip(f1.chunks(k)).zip(&got.row_sums) {
            let own = b.iter().product::<f64>() - a.iter().product::<f64>();
            prop_assert!((row - own).abs() <= 1e-12 * scale(a, b, k));
        }
        let mut sums = vec![0.0; k];
        column_sums(&f0, &f1, k, &mut sums).unwrap();
        prop_assert_eq!(&sums, &got.column_sums);
        for ((x, y), phi) in f0.iter().zip(&f1).zip(&got.cells) {
            prop_assert!(phi.is_finite());
            prop_assert!(x != y || *phi == 0.0);
        }
    }

    #[test]
    fn swapped_periods_negate((f0, f1, k) in tables()) {
        let size = scale(&f0, &f1, k);
        let (there, back) = (split(&f0, &f1, k).unwrap(), split(&f1, &f0, k).unwrap());
        for (x, y) in there.cells.iter().zip(&back.cells) {
            prop_assert!((x + y).abs() <= 1e-12 * size);
        }
    }

    #[test]
    fn permuted_factors_and_segments_permute((f0, f1, k) in tables(), turn in 0usize..10) {
        let size = scale(&f0, &f1, k);
        let turned = |f: &[f64]| f.chunks(k).rev().flat_map(|row| (0..k).map(|j| row[(j + turn) % k])).collect::<Vec<f64>>();
        let got = split(&turned(&f0), &turned(&f1), k).unwrap();
        let plain = split(&f0, &f1, k).unwrap();
        prop_assert!(worst(&got.cells, &turned(&plain.cells)) <= 1e-12 * size);
    }

    #[test]
    fn coarser_segments_add_the_parts_of_finer_ones((f0, f1, k) in tables(), cut in 0usize..=5) {
        let cut = cut.min(f0.len() / k) * k;
        let whole = split(&f0, &f1, k).unwrap();
        let (one, two) = (split(&f0[..cut], &f1[..cut], k).unwrap(), split(&f0[cut..], &f1[cut..], k).unwrap());
        for j in 0..k {
            let apart = one.column_sums[j] + two.column_sums[j];
            prop_assert!((apart - whole.column_sums[j]).abs() <= 1e-12 * scale(&f0, &f1, k));
        }
        prop_assert_eq!([one.cells, two.cells].concat(), whole.cells);
    }

    #[test]
    fn another_currency_scales((f0, f1, k) in tables(), rate in 0.01f64..100.0) {
        let priced = |f: &[f64]| f.iter().enumerate().map(|(i, v)| if i % k == k - 1 { v * rate } else { *v }).collect::<Vec<f64>>();
        let plain = split(&f0, &f1, k).unwrap();
        let got = split(&priced(&f0), &priced(&f1), k).unwrap();
        for (x, y) in plain.cells.iter().zip(&got.cells) {
            prop_assert!((x * rate - y).abs() <= 1e-12 * scale(&f0, &f1, k) * rate);
        }
    }

    #[test]
    fn the_split_lies_within_the_range_of_orders((f0, f1, k) in tables()) {
        let size = scale(&f0, &f1, k);
        let (got, range) = (split(&f0, &f1, k).unwrap(), order_range(&f0, &f1, k).unwrap());
        let order: Vec<usize> = (0..k).rev().collect();
        let steps = waterfall(&f0, &f1, k, &order).unwrap();
        prop_assert!((steps.iter().sum::<f64>() - got.gap()).abs() <= 1e-12 * size);
        for (j, step) in steps.iter().enumerate() {
            for value in [got.column_sums[j], *step] {
                prop_assert!(range.least[j] - 1e-10 * size <= value && value <= range.greatest[j] + 1e-10 * size);
            }
        }
    }

    #[test]
    fn the_centred_column_keeps_its_total((f0, f1, k) in tables(), share in 0usize..10, groups in prop::collection::vec(0u32..3, 5)) {
        // Shares are not negative; whether they add to one must not matter for the total.
        let share = share % k;
        let positive = |f: &[f64]| f.iter().enumerate().map(|(i, v)| if i % k == share { v.abs() } else { *v }).collect::<Vec<f64>>();
        let (f0, f1) = (positive(&f0), positive(&f1));
        let got = centred_share(&f0, &f1, k, share, &groups[..f0.len() / k]).unwrap();
        let plain = split(&f0, &f1, k).unwrap();
        prop_assert!((got.iter().sum::<f64>() - plain.column_sums[share]).abs() <= 1e-8 * scale(&f0, &f1, k));
    }

    #[test]
    fn minor_units_add_to_the_gap_exactly(parts in prop::collection::vec(prop_oneof![Just(0.0), -1e9f64..1e9], 1..40)) {
        let target = parts.iter().sum::<f64>().round() as i64;
        let got = split_to_minor_units(&parts, target).unwrap();
        prop_assert_eq!(got.iter().sum::<i64>(), target);
        for (part, units) in parts.iter().zip(&got) {
            prop_assert!((part - *units as f64).abs() < 1.0 + 1e-6);
            prop_assert!(*part != 0.0 || *units == 0 || parts.iter().all(|p| *p == 0.0));
        }
    }

    #[test]
    fn any_numbers_give_a_number_or_an_error(values in prop::collection::vec(any::<f64>(), 12), k in 0usize..5) {
        let (f0, f1) = values.split_at(6);
        if let Ok(got) = split(f0, f1, k) {
            prop_assert!(got.cells.iter().all(|v| v.is_finite()));
        }
        let _ = (order_range(f0, f1, k), lmdi(f0, f1, k), centred_share(f0, f1, k, 0, &[0, 1]));
        let _ = split_to_minor_units(&values, 3);
    }
}

#[test]
fn is_exact_for_twenty_factors() {
    // Analytic: f goes from 0 to 1 in every factor, so every part is Int t^19 dt = 1/20.
    let got = split(&[0.0; 20], &[1.0; 20], 20).unwrap();
    assert!(got.cells.iter().all(|phi| (phi - 0.05).abs() < 1e-15));
}
