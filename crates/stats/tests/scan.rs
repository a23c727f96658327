//! The claim check: the reference fixture, false alarms of one who searches, power, clusters, threads.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::scan::{Cell, Cells, Claim, Member, Redraw, Rule, Scan, strength};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;

fn near(got: f64, truth: &Value, tolerance: f64) {
    let truth = truth.as_f64().unwrap();
    assert!((got - truth).abs() < tolerance, "{got} {truth}");
}

#[test]
fn agrees_with_the_reference() {
    let f: Value = serde_json::from_str(include_str!("fixtures/claim_scan.json")).unwrap();
    let mut cells = Vec::new();
    for a in 0..3 {
        for b in 0..2 {
            for time in 0..12 {
                let of = |key: &str| f[key][a][b][time].as_u64().unwrap() as u32;
                cells.push(Cell {
                    levels: vec![a as u32, b as u32],
                    time: time as u32,
                    n: of("n_cube"),
                    k: of("k_cube"),
                });
            }
        }
    }
    let scan = Scan::new(Cells::new(&[3, 2], 12, cells).unwrap(), Redraw::Trials).unwrap();
    let exact = f["tolerance"]["deterministic"].as_f64().unwrap();
    for case in f["cases"].as_array().unwrap() {
        let at = |i: usize| case["claim"][i].as_i64().unwrap();
        let levels = (0..2).map(|i| u32::try_from(at(i)).ok()).collect();
        let claim = Claim { levels, from: at(2) as u32, to: at(3) as u32 };
        let rule = Rule { floor: case["n_floor"].as_u64().unwrap(), redraws: 9_999, seed: 3 };
        let got = scan.check(&claim, rule).unwrap();
        assert_eq!((got.n, got.k), (case["n"].as_u64().unwrap(), case["k"].as_u64().unwrap()));
        assert_eq!(got.family as u64, case["family_size"].as_u64().unwrap());
        near(got.rate, &case["rate"], exact);
        near(got.wilson.lo, &case["wilson90"][0], exact);
        near(got.wilson.hi, &case["wilson90"][1], exact);
        near(got.base_rate, &case["base_rate"], exact);
        near(got.outside_rate.unwrap(), &case["outside_rate"], exact);
        near(got.strength, &case["signed_root_llr"], exact);
        near(got.naive_p, &case["naive_p"], exact);
        near(got.rank_share, &case["rank_share"], exact);
        near(got.scan_p, &case["scan_p"], f["tolerance"]["scan_p"].as_f64().unwrap());
    }
}

const SIZES: [usize; 2] = [8, 5];
const TIMES: usize = 12;

/// 4,000 trials over 8 x 5 levels and 12 periods, rate .2; `lift` where level 0 of the first dimension meets periods
/// 3 to 9.
fn world(seed: u64, lift: f64) -> Scan {
    let mut chance = Pcg64::seed_from_u64(seed);
    let mut cells: Vec<Cell> = (0..SIZES[0] * SIZES[1] * TIMES)
        .map(|i| Cell {
            levels: vec![(i / TIMES / SIZES[1]) as u32, (i / TIMES % SIZES[1]) as u32],
            time: (i % TIMES) as u32,
            n: 0,
            k: 0,
        })
        .collect();
    for _ in 0..4_000 {
        let i = chance.random_range(0..cells.len());
        let cell = &mut cells[i];
        let more = if cell.levels[0] == 0 && (3..9).contains(&cell.time) { lift } else { 0.0 };
        cell.n += 1;
        cell.k += u32::from(chance.random::<f64>() < 0.2 + more);
    }
    Scan::new(Cells::new(&SIZES, TIMES, cells).unwrap(), Redraw::Trials).unwrap()
}

#[test]
fn who_picks_the_strongest_filter_is_believed_in_one_of_twenty_nulls() {
    let (mut naive, mut scan) = (0, 0);
    for seed in 0..400 {
        let world = world(seed, 0.0);
        let claim = world.strongest(150).unwrap().unwrap();
        let got = world.check(&claim, Rule { floor: 150, redraws: 199, seed }).unwrap();
        naive += u32::from(got.naive_p <= 0.05);
        scan += u32::from(got.scan_p <= 0.05);
    }
    println!("scan: of 400 nulls, naive p <= .05 in {naive}, scan p <= .05 in {scan}");
    assert!(naive > 390);
    assert!((0.02..=0.09).contains(&(f64::from(scan) / 400.0)));
}

#[test]
fn a_true_lift_of_fifteen_points_is_mostly_seen() {
    let claim = Claim { levels: vec![Some(0), None], from: 3, to: 9 };
    let (mut seen, mut trials) = (0, 0);
    for seed in 0..200 {
        let got = world(10_000 + seed, 0.15).check(&claim, Rule { floor: 150, redraws: 199, seed }).unwrap();
        seen += u32::from(got.scan_p <= 0.05);
        trials += got.n;
    }
    println!("scan: power at +15 points {:.3} with {:.0} trials", f64::from(seen) / 200.0, trials as f64 / 200.0);
    assert!(f64::from(seen) / 200.0 >= 0.75);
}

/// 600 clusters of 2 to 8 trials, each in one level of one dimension; a cluster's rate is 0 or high, so trials of a
/// cluster resemble each other strongly.
fn clustered(seed: u64) -> (Cells, Vec<Member>) {
    let mut chance = Pcg64::seed_from_u64(seed);
    let (levels, times) = (6usize, 6usize);
    let mut cells: Vec<Cell> = (0..levels * times)
        .map(|i| Cell { levels: vec![(i / times) as u32], time: (i % times) as u32, n: 0, k: 0 })
        .collect();
    let mut members = Vec::new();
    for cluster in 0..600 {
        let (level, first) = (chance.random_range(0..levels), chance.random_range(0..times));
        let rate = if chance.random::<f64>() < 0.3 { 0.7 } else { 0.03 };
        for _ in 0..chance.random_range(2..9u32) {
            let cell = level * times + (first + chance.random_range(0..2)).min(times - 1);
            let k = u32::from(chance.random::<f64>() < rate);
            cells[cell].n += 1;
            cells[cell].k += k;
            members.push(Member { cluster, cell: cell as u32, n: 1, k });
        }
    }
    (Cells::new(&[levels], times, cells).unwrap(), members)
}

#[test]
fn redraws_by_cluster_keep_their_promise_where_redraws_by_trial_do_not() {
    let (mut by_trial, mut by_cluster) = (0, 0);
    for seed in 0..400 {
        let (cells, members) = clustered(seed);
        let rule = Rule { floor: 150, redraws: 199, seed };
        for (redraw, count) in [(Redraw::Trials, &mut by_trial), (Redraw::Clusters(&members), &mut by_cluster)] {
            let scan = Scan::new(cells.clone(), redraw).unwrap();
            let claim = scan.strongest(150).unwrap().unwrap();
            *count += u32::from(scan.check(&claim, rule).unwrap().scan_p <= 0.05);
            assert_eq!(scan.alone(), 0);
        }
    }
    println!("scan: of 400 correlated nulls, by trial {by_trial}, by cluster {by_cluster}");
    assert!(f64::from(by_trial) / 400.0 > 0.15);
    assert!((0.02..=0.09).contains(&(f64::from(by_cluster) / 400.0)));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let claim = Claim { levels: vec![Some(1), None], from: 0, to: 12 };
    let rule = Rule { floor: 150, redraws: 999, seed: 8 };
    let run = |threads: usize, scan: &Scan| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scan.check(&claim, rule).unwrap())
    };
    let scan = world(5, 0.05);
    assert_eq!(run(1, &scan), run(3, &scan));
    assert!(run(1, &scan).scan_p > 0.0);
}

/// Counting by hand: every level or all of five dimensions of two levels, at most two of them fixed.
#[test]
fn more_than_three_dimensions_fix_at_most_two() {
    let cells: Vec<Cell> =
        (0..32u32).map(|i| Cell { levels: (0..5).map(|d| i >> d & 1).collect(), time: 0, n: 10, k: i % 4 }).collect();
    let scan = Scan::new(Cells::new(&[2; 5], 1, cells).unwrap(), Redraw::Trials).unwrap();
    let rule = Rule { floor: 1, redraws: 9, seed: 1 };
    let levels = |fixed: usize| (0..5).map(|d| (d < fixed).then_some(0)).collect::<Vec<_>>();
    let got = scan.check(&Claim { levels: levels(2), from: 0, to: 1 }, rule).unwrap();
    assert_eq!(got.family, 5 * 2 + 10 * 4);
    assert_eq!(got.n, 80);
    let three = scan.check(&Claim { levels: levels(3), from: 0, to: 1 }, rule);
    assert_eq!(three.unwrap_err().code(), "stats.out_of_range");
    let all = scan.check(&Claim { levels: levels(0), from: 0, to: 1 }, rule).unwrap();
    assert_eq!((all.strength, all.outside_rate, all.naive_p), (0.0, None, 0.5));
}

#[test]
fn says_what_cannot_be_checked() {
    let cell = |n, k| Cell { levels: vec![0], time: 0, n, k };
    let code = |cells| Cells::new(&[2], 2, cells).unwrap_err().code();
    assert_eq!(code(vec![]), "stats.too_few");
    assert_eq!(code(vec![cell(1, 2)]), "stats.out_of_range");
    assert_eq!(code(vec![Cell { levels: vec![2], time: 0, n: 1, k: 0 }]), "stats.out_of_range");
    assert_eq!(code(vec![Cell { levels: vec![], time: 0, n: 1, k: 0 }]), "stats.shape");
    assert_eq!(code(vec![cell(u32::MAX, 0), cell(1, 0)]), "stats.too_many");
    let cells = Cells::new(&[2], 2, vec![cell(9, 3)]).unwrap();
    let wrong = [Member { cluster: 0, cell: 0, n: 9, k: 2 }];
    assert_eq!(Scan::new(cells.clone(), Redraw::Clusters(&wrong)).unwrap_err().code(), "stats.out_of_range");
    let scan = Scan::new(cells, Redraw::Trials).unwrap();
    let rule = Rule { floor: 1, redraws: 9, seed: 1 };
    let claim = |level, from, to| Claim { levels: vec![Some(level)], from, to };
    assert_eq!(scan.check(&claim(1, 0, 1), rule).unwrap_err().code(), "stats.too_few");
    assert_eq!(scan.check(&claim(2, 0, 1), rule).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(scan.check(&claim(0, 1, 1), rule).unwrap_err().code(), "stats.out_of_range");
    assert_eq!(scan.check(&claim(0, 0, 1), Rule { redraws: 0, ..rule }).unwrap_err().code(), "stats.too_few");
    // Everything is in one filter: nothing stands out, nothing is NaN.
    let got = scan.check(&claim(0, 0, 2), rule).unwrap();
    assert_eq!((got.family, got.rank_share, got.scan_p), (0, 1.0, 0.1));
    assert_eq!(scan.strongest(1).unwrap(), None);
    assert_eq!(strength(3, 0, 1, 5), 0.0);
    assert!(strength(9, 2, 1, 5).is_finite());
}
