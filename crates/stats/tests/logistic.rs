//! Logistic regression: cells equal rows, what it says of columns and levels it cannot determine, agreement in odd
//! cases with a second computation.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::logistic::{Design, Factor, SEPARATED_RIDGE, Trials, fit};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

struct Rows {
    x: Vec<f64>,
    a: Vec<u32>,
    b: Vec<u32>,
    y: Vec<f64>,
}

fn rows(seed: u64, n: usize, x_levels: u32) -> Rows {
    let mut world = Pcg64::seed_from_u64(seed);
    let mut out = Rows { x: vec![], a: vec![], b: vec![], y: vec![] };
    for _ in 0..n {
        let (x, a, b) = (world.random_range(0..x_levels), world.random_range(0..4u32), world.random_range(0..3u32));
        let eta = -1.0 + 0.3 * f64::from(x) - 0.4 * f64::from(a) + 0.2 * f64::from(b);
        out.y.push(f64::from(u8::from(world.random::<f64>() < 1.0 / (1.0 + (-eta).exp()))));
        out.x.push(f64::from(x));
        out.a.push(a);
        out.b.push(b);
    }
    out
}

fn close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= tolerance * x.abs().max(1.0))
}

#[test]
fn cells_give_the_fit_of_their_rows() {
    let r = rows(1, 3_000, 5);
    let design = Design::new(3_000, &[&r.x], &[Factor { index: &r.a, levels: 4 }, Factor { index: &r.b, levels: 3 }]);
    let by_row = fit(&design.unwrap(), Trials { n: None, k: &r.y }, 0.0, None).unwrap();
    let mut cells = std::collections::BTreeMap::new();
    for i in 0..3_000 {
        let cell = cells.entry((r.x[i] as u32, r.a[i], r.b[i])).or_insert((0.0, 0.0));
        cell.0 += 1.0;
        cell.1 += r.y[i];
    }
    let x: Vec<f64> = cells.keys().map(|c| f64::from(c.0)).collect();
    let (a, b): (Vec<u32>, Vec<u32>) = cells.keys().map(|c| (c.1, c.2)).unzip();
    let (n, k): (Vec<f64>, Vec<f64>) = cells.values().copied().unzip();
    let factors = [Factor { index: &a, levels: 4 }, Factor { index: &b, levels: 3 }];
    let by_cell =
        fit(&Design::new(n.len(), &[&x], &factors).unwrap(), Trials { n: Some(&n), k: &k }, 0.0, None).unwrap();
    assert!(close(&by_row.coefficients, &by_cell.coefficients, 1e-9));
    assert!(close(&by_row.standard_errors(), &by_cell.standard_errors(), 1e-9));
    assert!((by_row.log_likelihood - by_cell.log_likelihood).abs() < 1e-8);
    assert!(!by_row.separated && by_row.dropped.iter().all(|d| !d));
}

/// A factor of two groups has its odds ratio in closed form, and its standard error is Woolf's.
#[test]
fn one_factor_is_the_table_of_two_by_two() {
    let index = [0u32, 1];
    let design = Design::new(2, &[], &[Factor { index: &index, levels: 2 }]).unwrap();
    let got = fit(&design, Trials { n: Some(&[50.0, 40.0]), k: &[20.0, 30.0] }, 0.0, None).unwrap();
    assert!((got.coefficients[1] - (30.0f64 / 10.0 * 30.0 / 20.0).ln()).abs() < 1e-10);
    let woolf = (1.0f64 / 20.0 + 1.0 / 30.0 + 1.0 / 30.0 + 1.0 / 10.0).sqrt();
    assert!((got.standard_errors()[1] - woolf).abs() < 1e-10);
}

#[test]
fn drops_what_earlier_columns_determine_and_levels_without_trials() {
    let r = rows(2, 500, 5);
    let twice: Vec<f64> = r.x.iter().map(|x| 2.0 * x - 7.0).collect();
    let constant = vec![3.0; 500];
    let few = Design::new(500, &[&r.x], &[Factor { index: &r.a, levels: 4 }]).unwrap();
    let many = Design::new(
        500,
        &[&r.x, &twice, &constant],
        &[Factor { index: &r.a, levels: 9 }, Factor { index: &r.a, levels: 4 }],
    )
    .unwrap();
    let trials = Trials { n: None, k: &r.y };
    let (few, many) = (fit(&few, trials, 0.0, None).unwrap(), fit(&many, trials, 0.0, None).unwrap());
    assert!((few.log_likelihood - many.log_likelihood).abs() < 1e-9);
    let kept: Vec<f64> = many.coefficients.iter().zip(&many.dropped).filter(|(_, d)| !**d).map(|(c, _)| *c).collect();
    assert!(close(&kept, &few.coefficients, 1e-8));
    assert_eq!(many.dropped.iter().filter(|d| **d).count(), 2 + 5 + 3);
    assert!(!many.separated);
}

#[test]
fn an_infinite_coefficient_is_flagged_and_bounded() {
    // Perfectly separated by a number, by a level, by a pair of levels.
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let y: Vec<f64> = (0..40).map(|i| f64::from(u8::from(i >= 23))).collect();
    let design = Design::new(40, &[&x], &[]).unwrap();
    let number = fit(&design, Trials { n: None, k: &y }, 0.0, None).unwrap();
    let (a, b) = ([0u32, 0, 1, 1], [0u32, 1, 0, 1]);
    let n = [50.0; 4];
    let one = Design::new(4, &[], &[Factor { index: &a, levels: 2 }]).unwrap();
    let level = fit(&one, Trials { n: Some(&n), k: &[20.0, 30.0, 0.0, 0.0] }, 0.0, None).unwrap();
    let two = Design::new(4, &[], &[Factor { index: &a, levels: 2 }, Factor { index: &b, levels: 2 }]).unwrap();
    let pair = fit(&two, Trials { n: Some(&n), k: &[0.0, 25.0, 25.0, 50.0] }, 0.0, None).unwrap();
    // No level is without outcomes or failures here, and yet the coefficients run off together.
    for (name, f) in [("number", &number), ("level", &level), ("pair", &pair)] {
        assert!(f.separated && f.ridge == SEPARATED_RIDGE, "{name}");
        assert!(f.coefficients.iter().all(|c| c.is_finite() && c.abs() < 40.0), "{name} {:?}", f.coefficients);
        assert!(f.standard_errors().iter().all(|s| s.is_finite() && *s < 60.0), "{name} {:?}", f.standard_errors());
    }
    // The other level's rate is hardly touched.
    assert!((level.probabilities(&one, None).unwrap()[0] - 0.5).abs() < 1e-3);
    assert!(level.probabilities(&one, None).unwrap()[2] < 0.005);
}

#[test]
fn says_what_is_wrong_with_the_arguments() {
    let x = [1.0, 2.0, 3.0];
    let design = Design::new(3, &[&x], &[]).unwrap();
    let code = |k: &[f64]| fit(&design, Trials { n: None, k }, 0.0, None).unwrap_err().code();
    assert_eq!(code(&[0.0, 0.0, 0.0]), "stats.too_few");
    assert_eq!(code(&[1.0, 1.0, 1.0]), "stats.too_few");
    assert_eq!(code(&[1.0, 2.0, 1.0]), "stats.out_of_range");
    assert_eq!(code(&[1.0, f64::NAN, 1.0]), "stats.not_finite");
    assert_eq!(code(&[1.0]), "stats.shape");
    assert_eq!(Design::new(0, &[], &[]).unwrap_err().code(), "stats.too_few");
    assert_eq!(
        Design::new(3, &[], &[Factor { index: &[0, 1, 2], levels: 2 }]).unwrap_err().code(),
        "stats.out_of_range"
    );
    assert_eq!(
        Design::new(3, &[], &[Factor { index: &[0, 1, 2], levels: 9_999 }]).unwrap_err().code(),
        "stats.too_many"
    );
    assert_eq!(Design::new(3, &[&[1.0, f64::INFINITY, 0.0]], &[]).unwrap_err().code(), "stats.not_finite");
    assert_eq!(Design::new(3, &[&[1e300, -1e300, 0.0]], &[]).unwrap_err().code(), "stats.not_finite");
    let offset = fit(&design, Trials { n: None, k: &[1.0, 0.0, 1.0] }, 0.0, Some(&[0.0])).unwrap_err();
    assert_eq!(offset.code(), "stats.shape");
}

#[test]
fn an_offset_moves_the_intercept_and_threads_change_no_bit() {
    let r = rows(3, 40_000, 5);
    let design = Design::new(40_000, &[&r.x], &[Factor { index: &r.a, levels: 4 }]).unwrap();
    let trials = Trials { n: None, k: &r.y };
    let plain = fit(&design, trials, 0.0, None).unwrap();
    let moved = fit(&design, trials, 0.0, Some(&vec![0.7; 40_000])).unwrap();
    assert!((plain.coefficients[0] - moved.coefficients[0] - 0.7).abs() < 1e-9);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = one.install(|| fit(&design, trials, 0.0, None).unwrap());
    assert_eq!(plain.coefficients, alone.coefficients);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn units_and_the_choice_of_reference_change_nothing(seed in 0u64..10_000, shift in -1e4f64..1e4, scale in 1e-3f64..1e3, ridge in prop::sample::select(vec![0.0, 0.5])) {
        let r = rows(seed, 60, 5);
        let x: Vec<f64> = r.x.iter().map(|x| shift + scale * x).collect();
        let a: Vec<u32> = r.a.iter().map(|a| 3 - a).collect();
        let first = Design::new(60, &[&r.x], &[Factor { index: &r.a, levels: 4 }]).unwrap();
        let second = Design::new(60, &[&x], &[Factor { index: &a, levels: 4 }]).unwrap();
        let trials = Trials { n: None, k: &r.y };
        if let (Ok(f), Ok(s)) = (fit(&first, trials, ridge, None), fit(&second, trials, ridge, None)) {
            prop_assert_eq!(f.separated, s.separated);
            let (p, q) = (f.probabilities(&first, None).unwrap(), s.probabilities(&second, None).unwrap());
            prop_assert!(close(&p, &q, 1e-6), "{:?} {:?}", f.coefficients, s.coefficients);
            prop_assert!(f.standard_errors().iter().chain(&s.standard_errors()).all(|v| v.is_finite()));
        }
    }
}
