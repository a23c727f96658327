//! Draws: reproducible, with the moments they claim, and intervals that hold the truth.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::draws::{Draws, largest, matrix};
use lockstep_stats::interval::Interval;
use lockstep_stats::shapley::{column_sums, split};
use rand::SeedableRng;
use rand_distr::{Binomial, Distribution, Poisson};

#[test]
fn same_seed_same_bytes_on_any_number_of_threads() {
    let fill = |d: &mut Draws, row: &mut [f64]| {
        row[0] = d.count(12.0)?;
        row[1] = d.rate(3.0, 10.0)?;
        row[2] = d.mean(5000.0, 300.0)?;
        d.shares(&[3.0, 0.0, 9.5], &mut row[3..])
    };
    let all = matrix(7, 500, 6, fill).unwrap();
    let one =
        rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| matrix(7, 500, 6, fill).unwrap());
    assert!(all.iter().zip(&one).all(|(a, b)| a.to_bits() == b.to_bits()));
    assert_ne!(all, matrix(8, 500, 6, fill).unwrap());
    for row in all.chunks(6) {
        assert!((row[3..].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn draws_have_the_moments_of_their_posterior() {
    let n = 40_000;
    let all = matrix(1, n, 4, |d, row| {
        row[0] = d.count(12.0)?;
        row[1] = d.rate(3.5, 10.0)?;
        row[2] = d.mean(5000.0, 300.0)?.ln();
        let mut shares = [0.0; 3];
        d.shares(&[3.0, 0.0, 9.5], &mut shares)?;
        row[3] = shares[0];
        Ok(())
    })
    .unwrap();
    let truth = [
        (12.5, 12.5),
        (4.0 / 11.0, 4.0 * 7.0 / (121.0 * 12.0)),
        (5000f64.ln(), 0.0036),
        (3.5 / 14.0, 0.25 * 0.75 / 15.0),
    ];
    for (j, (mean, variance)) in truth.into_iter().enumerate() {
        let column: Vec<f64> = all.iter().skip(j).step_by(4).copied().collect();
        let got = column.iter().sum::<f64>() / n as f64;
        let spread = column.iter().map(|v| (v - got) * (v - got)).sum::<f64>() / n as f64;
        assert!((got - mean).abs() < 4.0 * (variance / n as f64).sqrt(), "{j}: {got} {mean}");
        assert!((spread / variance - 1.0).abs() < 0.06, "{j}: {spread} {variance}");
    }
}

#[test]
fn refuses_impossible_counts() {
    let mut d = Draws::new(1);
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(d.count(bad).is_err());
        assert!(d.rate(bad, 5.0).is_err());
        assert!(d.rate(1.0, bad).is_err());
        assert!(d.mean(bad, 1.0).is_err());
        assert!(d.mean(1.0, bad).is_err());
        assert!(d.shares(&[bad], &mut [0.0]).is_err());
    }
    assert!(d.rate(6.0, 5.0).is_err());
    assert!(d.mean(0.0, 1.0).is_err());
    assert!(d.mean(1e-300, 1e12).is_err());
    assert!(d.shares(&[1.0], &mut []).is_err());
    assert_eq!(d.mean(0.0, 0.0).unwrap(), 0.0);
    assert!((0.0..=1.0).contains(&d.rate(0.0, 0.0).unwrap()));
    assert!(d.count(1e15).unwrap().is_finite());
    assert!(d.count(1e300).is_err());
    assert!(matrix(1, 3, 0, |_, _| Ok(())).unwrap().is_empty());
    assert!(matrix(1, usize::MAX, 2, |_, _| Ok(())).is_err());
    assert_eq!(
        matrix(1, 3, 1, |d, row| d.rate(2.0, 1.0).map(|v| row[0] = v)).unwrap_err().code(),
        "stats.out_of_range"
    );
}

#[test]
fn names_the_largest_column_and_its_sign() {
    let draws = [-5.0, 1.0, 0.0, -4.0, -4.0, 0.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0];
    let got = largest(&draws, 3).unwrap();
    assert_eq!(got.largest, [0.375, 0.375, 0.0]);
    assert_eq!(got.above, [0.25, 0.5, 0.0]);
    assert_eq!(got.below, [0.5, 0.25, 0.0]);
    assert_eq!(largest(&[], 3).unwrap_err().code(), "stats.too_few");
    assert_eq!(largest(&[1.0; 4], 3).unwrap_err().code(), "stats.shape");
    assert_eq!(largest(&[1.0, f64::NAN], 2).unwrap_err().code(), "stats.not_finite");
    assert_eq!(Interval::of_columns(&[], 2).unwrap_err().code(), "stats.too_few");
    let intervals = Interval::of_columns(&draws, 3).unwrap();
    assert_eq!(intervals.len(), 3);
    assert!(intervals[0].lo90 < intervals[0].hi50);
}

/// 12 segments, 6 factors (count, share, three rates, a mean with its standard error), real changes: 90 %
/// intervals of every column must hold the true part about nine times in ten.
#[test]
fn intervals_of_the_parts_hold_the_truth() {
    const SEGMENTS: usize = 12;
    const SIMULATIONS: u64 = 150;
    let (volume, rates0) = ([600.0, 660.0], [0.7, 0.5, 0.3]);
    let mut world = rand_pcg::Pcg64::seed_from_u64(5);
    let truth = |period: usize| -> Vec<f64> {
        let mut f = Vec::new();
        for s in 0..SEGMENTS {
            let tilt = (s as f64 + 0.5) / SEGMENTS as f64 - 0.5;
            let share = (1.0 + if period == 0 { 0.5 } else { -0.3 } * tilt) / SEGMENTS as f64;
            let drop = if period == 0 { 1.0 } else { 0.85 };
            f.extend([volume[period], share, rates0[0] + 0.2 * tilt, rates0[1] * drop, rates0[2] - 0.1 * tilt]);
            f.push(8000.0 * (1.0 + 0.3 * tilt) * if period == 0 { 1.0 } else { 1.05 });
        }
        f
    };
    let (t0, t1) = (truth(0), truth(1));
    let target = split(&t0, &t1, 6).unwrap().column_sums;
    let mut held = [0u32; 6];
    for simulation in 0..SIMULATIONS {
        // Observe.
        let mut seen: Vec<[f64; 6]> = Vec::new();
        for row in t0.chunks(6).chain(t1.chunks(6)) {
            let n: f64 = Poisson::new(row[0] * row[1]).unwrap().sample(&mut world);
            let mut chain = [n, 0.0, 0.0, 0.0, 0.0, 0.0];
            for j in 0..3 {
                chain[j + 1] = Binomial::new(chain[j] as u64, row[j + 2]).unwrap().sample(&mut world) as f64;
            }
            let z: f64 = rand_distr::StandardNormal.sample(&mut world);
            chain[5] = row[5] * 0.05;
            chain[4] = row[5] + chain[5] * z;
            seen.push(chain);
        }
        let draws = matrix(simulation, 200, 6, |d, out| {
            let mut periods = Vec::new();
            for half in seen.chunks(SEGMENTS) {
                let total = d.count(half.iter().map(|c| c[0]).sum())?;
                let mut shares = [0.0; SEGMENTS];
                d.shares(&half.iter().map(|c| c[0]).collect::<Vec<f64>>(), &mut shares)?;
                let mut f = Vec::new();
                for (c, share) in half.iter().zip(shares) {
                    f.extend([
                        total,
                        share,
                        d.rate(c[1], c[0])?,
                        d.rate(c[2], c[1])?,
                        d.rate(c[3], c[2])?,
                        d.mean(c[4], c[5])?,
                    ]);
                }
                periods.push(f);
            }
            column_sums(&periods[0], &periods[1], 6, out)
        })
        .unwrap();
        for (j, interval) in Interval::of_columns(&draws, 6).unwrap().iter().enumerate() {
            held[j] += u32::from(interval.lo90 <= target[j] && target[j] <= interval.hi90);
        }
    }
    // 3 standard errors of a coverage of .90, and .02 for the prior's pull in small segments.
    let slack = 3.0 * (0.09 / SIMULATIONS as f64).sqrt() + 0.02;
    println!("coverage: {:?}", held.map(|h| f64::from(h) / SIMULATIONS as f64));
    for (j, h) in held.into_iter().enumerate() {
        let coverage = f64::from(h) / SIMULATIONS as f64;
        assert!((coverage - 0.9).abs() < slack, "column {j}: {coverage}");
    }
}
