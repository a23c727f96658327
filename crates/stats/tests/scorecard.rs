//! The points scorecard: the reference fixture, recovery of invented companies, what must not matter, bad input.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::scorecard::{Binning, Column, Places, SelectedBy, fit, quality, quality_intervals, with_binnings};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;

fn near(got: f64, truth: &Value, tolerance: f64) {
    let truth = truth.as_f64().unwrap();
    assert!((got - truth).abs() <= tolerance, "{got} {truth}");
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

#[test]
fn agrees_with_the_reference() {
    let f: Value = serde_json::from_str(include_str!("fixtures/scorecard.json")).unwrap();
    let tolerance = |key: &str| f["tolerance"][key].as_f64().unwrap();
    let list = |key: &str| f[key].as_array().unwrap();
    let names = ["event", "referral", "web"];
    let level = |v: &Value| names.iter().position(|n| Some(*n) == v.as_str()).map(|i| i as u32);
    let times: Vec<Option<f64>> = list("time_on_site").iter().map(Value::as_f64).collect();
    let sources: Vec<Option<u32>> = list("source").iter().map(level).collect();
    assert!(sources.iter().all(Option::is_some) && times.iter().any(Option::is_none));
    let good: Vec<bool> = list("y").iter().map(|y| whole(y) == 1).collect();
    let columns = [Column::Numbers(&times), Column::Levels { index: &sources, levels: 3 }];
    let cuts = Places::Cuts(list("cuts").iter().map(|c| c.as_f64().unwrap()).collect());
    let by_time = Binning::at(cuts, &columns[0], &good).unwrap();
    let by_source = Binning::at(Places::Levels(vec![Some(0), Some(1), Some(2)]), &columns[1], &good).unwrap();
    for (bin, truth) in by_time.bins.iter().zip(list("woe_time")) {
        near(bin.weight, truth, tolerance("woe"));
    }
    for (bin, name) in by_source.bins.iter().zip(names) {
        near(bin.weight, &f["woe_source"][name], tolerance("woe"));
    }
    near(by_time.information, &f["iv_time"], tolerance("woe"));
    near(by_source.information, &f["iv_source"], tolerance("woe"));
    let card = with_binnings(&columns, &[by_time, by_source], &good).unwrap();
    assert_eq!(card.selected_by, SelectedBy::Caller);
    let truth = list("logistic");
    near(card.intercept, &truth[0], tolerance("coef"));
    near(card.features[0].coefficient, &truth[1], tolerance("coef"));
    near(card.features[1].coefficient, &truth[2], tolerance("coef"));
    near(card.log_likelihood, &f["loglik"], 1e-9);
    assert_eq!(card.features[0].points, list("points_time").iter().map(whole).collect::<Vec<_>>());
    let points: Vec<i64> = names.iter().map(|n| whole(&f["points_source"][n])).collect();
    assert_eq!(card.features[1].points, points);
    let totals = card.totals(&columns).unwrap();
    assert_eq!(totals, list("scores").iter().map(whole).collect::<Vec<_>>());
    near(card.calibration.intercept, &f["calibration"]["intercept"], tolerance("coef"));
    near(card.calibration.slope, &f["calibration"]["slope"], tolerance("coef"));
    let chance: Vec<f64> = totals.iter().map(|t| card.probability(*t)).collect();
    let told = quality(&chance, &good).unwrap();
    near(told.auc, &f["auc"], tolerance("metrics"));
    near(told.log_loss, &f["logloss"], tolerance("metrics"));
    near(told.brier, &f["brier"], tolerance("metrics"));
}

/// Rows with a number, a source and three columns that tell nothing; `chance` is the true one of what is recorded.
struct World {
    number: Vec<Option<f64>>,
    source: Vec<Option<u32>>,
    noise: [Vec<Option<f64>>; 3],
    chance: Vec<f64>,
    good: Vec<bool>,
}

impl World {
    fn new(rows: usize, seed: u64) -> World {
        let mut dice = Pcg64::seed_from_u64(seed);
        let mut out =
            World { number: vec![], source: vec![], noise: [vec![], vec![], vec![]], chance: vec![], good: vec![] };
        for _ in 0..rows {
            let (x, source) = (dice.random::<f64>(), (dice.random::<f64>() * 5.0) as u32);
            let at = |x: f64| {
                let eta = -1.5 + 2.4 * (x - 0.5) + [-0.8, -0.2, 0.0, 0.5, 1.1][source as usize];
                1.0 / (1.0 + (-eta).exp())
            };
            let recorded = dice.random::<f64>() > 0.1;
            let mean = (0..100).map(|i| at((f64::from(i) + 0.5) / 100.0)).sum::<f64>() / 100.0;
            out.number.push(recorded.then_some(x));
            out.source.push(Some(source));
            for column in &mut out.noise {
                column.push(Some(dice.random::<f64>()));
            }
            out.chance.push(if recorded { at(x) } else { mean });
            out.good.push(dice.random::<f64>() < at(x));
        }
        out
    }

    fn columns(&self) -> Vec<Column<'_>> {
        let mut out = vec![Column::Numbers(&self.noise[0]), Column::Numbers(&self.number)];
        out.extend([Column::Levels { index: &self.source, levels: 5 }]);
        out.extend([Column::Numbers(&self.noise[1]), Column::Numbers(&self.noise[2])]);
        out
    }
}

#[test]
fn finds_the_columns_that_tell_and_comes_near_the_true_chance_on_rows_it_has_not_seen() {
    for seed in 0..5 {
        let (world, later) = (World::new(6_000, seed), World::new(6_000, 100 + seed));
        let card = fit(&world.columns(), &world.good).unwrap();
        assert_eq!(card.selected_by, SelectedBy::Information);
        let mut chosen: Vec<usize> = card.features.iter().map(|f| f.column).collect();
        chosen.sort_unstable();
        assert_eq!(chosen, [1, 2], "seed {seed}");
        assert!(card.features.iter().all(|f| f.coefficient > 0.0));
        let chance: Vec<f64> = card.totals(&later.columns()).unwrap().iter().map(|t| card.probability(*t)).collect();
        let (got, ceiling) = (quality(&chance, &later.good).unwrap(), quality(&later.chance, &later.good).unwrap());
        assert!(got.auc - 0.5 >= 0.95 * (ceiling.auc - 0.5), "seed {seed}: {} {}", got.auc, ceiling.auc);
        assert!(got.calibration_error < 0.03, "seed {seed}: {}", got.calibration_error);
        assert!((got.slope.unwrap() - 1.0).abs() < 0.15, "seed {seed}");
        let interval = quality_intervals(&chance, &later.good, 200, 1).unwrap();
        assert!(interval.auc.lo90 < got.auc && got.auc < interval.auc.hi90);
        assert!(interval.auc.hi90 - interval.auc.lo90 < 0.06);
    }
}

#[test]
fn a_hundred_rows_are_shrunk_and_their_intervals_are_wide() {
    let world = World::new(100, 3);
    let card = fit(&world.columns(), &world.good).unwrap();
    assert_eq!((card.selected_by, card.rows), (SelectedBy::Ridge, 100));
    let many = World::new(20_000, 3);
    let sure = fit(&many.columns(), &many.good).unwrap();
    let width = |card: &lockstep_stats::scorecard::Scorecard| {
        let feature = card.features.iter().find(|f| f.column == 2).unwrap();
        let bins = 0..feature.points.len();
        let all: Vec<f64> = bins.filter_map(|b| feature.points_interval(b)).map(|i| i.hi90 - i.lo90).collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    assert!(width(&card) > 5.0 * width(&sure), "{} {}", width(&card), width(&sure));
    assert!(card.totals(&world.columns()).unwrap().iter().all(|t| (0.0..=1.0).contains(&card.probability(*t))));
}

#[test]
fn the_order_of_rows_the_names_of_levels_and_the_unit_of_a_number_do_not_matter() {
    let world = World::new(3_000, 8);
    let card = fit(&world.columns(), &world.good).unwrap();
    let totals = card.totals(&world.columns()).unwrap();
    let turned = |i: usize| (i * 1_009 + 17) % 3_000;
    let unit = |v: Option<f64>| v.map(|v| (3.0 * v).exp());
    let numbers: Vec<Option<f64>> = (0..3_000).map(|i| unit(world.number[turned(i)])).collect();
    let sources: Vec<Option<u32>> = (0..3_000).map(|i| world.source[turned(i)].map(|s| (s + 3) % 5)).collect();
    let noise: [Vec<Option<f64>>; 3] =
        [0, 1, 2].map(|n| (0..3_000).map(|i| world.noise[n][turned(i)].map(|v| v * 1e6 - 4.0)).collect());
    let columns = [
        Column::Numbers(&noise[0]),
        Column::Numbers(&numbers),
        Column::Levels { index: &sources, levels: 5 },
        Column::Numbers(&noise[1]),
        Column::Numbers(&noise[2]),
    ];
    let good: Vec<bool> = (0..3_000).map(|i| world.good[turned(i)]).collect();
    let again = fit(&columns, &good).unwrap().totals(&columns).unwrap();
    assert!((0..3_000).all(|i| again[i] == totals[turned(i)]));
}

#[test]
fn the_area_is_the_share_of_pairs_in_the_right_order() {
    let mut dice = Pcg64::seed_from_u64(4);
    let chance: Vec<f64> = (0..300).map(|_| (dice.random::<f64>() * 12.0).floor() / 12.0).collect();
    let good: Vec<bool> = chance.iter().map(|p| dice.random::<f64>() < 0.2 + 0.5 * p).collect();
    let (mut right, mut pairs) = (0.0, 0.0);
    for (p, _) in chance.iter().zip(&good).filter(|(_, g)| **g) {
        for (q, _) in chance.iter().zip(&good).filter(|(_, g)| !**g) {
            right += if p > q {
                1.0
            } else if p == q {
                0.5
            } else {
                0.0
            };
            pairs += 1.0;
        }
    }
    let told = quality(&chance, &good).unwrap();
    assert!((told.auc - right / pairs).abs() < 1e-12);
    // an increasing change leaves the order as it was
    let other: Vec<f64> = chance.iter().map(|p| p * p).collect();
    assert_eq!(quality(&other, &good).unwrap().auc, told.auc);
    assert_eq!(quality(&[0.5; 300], &good).unwrap().slope, None);
}

#[test]
fn bad_input_is_an_error() {
    let values: Vec<Option<f64>> = (0..50).map(|i| Some(f64::from(i))).collect();
    let good: Vec<bool> = (0..50).map(|i| i % 2 == 0).collect();
    let column = Column::Numbers(&values);
    assert!(fit(&[column], &good[..40]).is_err() && fit(&[], &good).is_err());
    assert!(fit(&[column], &[true; 50]).is_err() && fit(&[column], &[false; 50]).is_err());
    let bad = vec![Some(f64::NAN); 50];
    assert!(fit(&[Column::Numbers(&bad)], &good).is_err());
    let index = vec![Some(7); 50];
    assert!(fit(&[Column::Levels { index: &index, levels: 3 }], &good).is_err());
    assert!(Binning::at(Places::Cuts(vec![2.0, 1.0]), &column, &good).is_err());
    assert!(Binning::at(Places::Levels(vec![]), &column, &good).is_err());
    // a column of one value tells nothing
    let same = vec![Some(1.0); 50];
    assert!(fit(&[Column::Numbers(&same)], &good).is_err());
    assert!(quality(&[0.5, 1.5], &[true, false]).is_err() && quality(&[0.5], &[true]).is_err());
    assert!(quality(&[0.5, f64::NAN], &[true, false]).is_err());
    let binning = Binning::of(&column, &good).unwrap();
    assert!(with_binnings(&[column, column], &[binning], &good).is_err());
}
