//! The queues before a team: the reference fixture, a simulation, what must hold at the edges, bad input.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use std::collections::BinaryHeap;

use lockstep_stats::capacity::{Band, Habit, Point, Team, best, curve, flat, knapsack, queue, spread};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;

fn near(got: f64, truth: f64, tolerance: f64) {
    assert!((got - truth).abs() <= tolerance * truth.abs().max(1.0), "{got} {truth}");
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

#[test]
fn agrees_with_the_reference() {
    let f: Value = serde_json::from_str(include_str!("fixtures/capacity_bar.json")).unwrap();
    let tolerance = number(&f["tolerance"]);
    let cases = f["queue_cases"].as_array().unwrap();
    assert!(cases.len() >= 6);
    for case in cases {
        let team = Team {
            servers: case["c"].as_u64().unwrap() as u32,
            each: number(&case["mu"]),
            decay: number(&case["delta"]),
            cost: 0.0,
        };
        let lam = number(&case["lam"]);
        let cold = queue(lam, &team, Habit::WorksCold).unwrap();
        near(cold.waits, number(&case["erlang_c"]), tolerance);
        near(cold.kept, number(&case["mean_decay"]), tolerance);
        let go = queue(lam, &team, Habit::LetsGo).unwrap();
        near(go.kept, number(&case["erlang_a_served"]), tolerance);
        near(go.waiting.unwrap(), number(&case["erlang_a_queue"]), tolerance);
        near(go.waits, number(&case["erlang_a_pwait"]), tolerance);
    }
    let c = &f["curve"];
    let scores = numbers(&c["scores"]);
    let each = number(&c["Lam"]) / scores.len() as f64;
    let bands: Vec<Band> = scores.iter().map(|p| Band { arrivals: each, worth: p * number(&c["value"]) }).collect();
    let team = Team {
        servers: c["c"].as_u64().unwrap() as u32,
        each: number(&c["mu"]),
        decay: number(&c["delta"]),
        cost: number(&c["cost_per_touch"]),
    };
    for (habit, key, bar) in [(Habit::WorksCold, "revenue_C", "best_C"), (Habit::LetsGo, "revenue_A", "best_A")] {
        let points = curve(&bands, &team, habit).unwrap();
        for ((point, revenue), lam) in points.iter().zip(numbers(&c[key])).zip(numbers(&c["lam"])) {
            near(point.net, revenue, tolerance);
            near(point.passed, lam, tolerance);
        }
        assert_eq!(scores[best(&points).unwrap()], number(&c[bar]), "{bar}");
    }
}

/// The same queue played out: arrivals one by one, each to the server that is free first.
#[test]
fn a_queue_played_out_keeps_what_the_formula_says() {
    let (arrivals, team) = (28.0, Team { servers: 4, each: 8.0, decay: 3.0, cost: 0.0 });
    let mut dice = Pcg64::seed_from_u64(5);
    let mut spent = |rate: f64| -> f64 { -(1.0 - dice.random::<f64>()).ln() / rate };
    // time at which each server is free, soonest first; whole nanounits order without NaN
    let mut free: BinaryHeap<std::cmp::Reverse<u64>> = (0..team.servers).map(|_| std::cmp::Reverse(0)).collect();
    let (mut now, mut kept, mut waited, rows) = (0.0, 0.0, 0.0, 300_000);
    for _ in 0..rows {
        now += spent(arrivals);
        let std::cmp::Reverse(soonest) = free.pop().unwrap();
        let start = now.max(soonest as f64 / 1e9);
        kept += (-team.decay * (start - now)).exp();
        waited += f64::from(u8::from(start > now));
        free.push(std::cmp::Reverse(((start + spent(team.each)) * 1e9) as u64));
    }
    let told = queue(arrivals, &team, Habit::WorksCold).unwrap();
    // waits follow one another, so the error is that of far fewer rows: .01 is about four of it
    assert!((kept / f64::from(rows) - told.kept).abs() < 0.01, "{} {}", kept / f64::from(rows), told.kept);
    assert!((waited / f64::from(rows) - told.waits).abs() < 0.02, "{} {}", waited / f64::from(rows), told.waits);
}

#[test]
fn what_is_let_go_is_what_the_servers_cannot_take() {
    for (arrivals, servers) in [(1e4, 3), (400.0, 10), (1e6, 1_000)] {
        let team = Team { servers, each: 20.0, decay: 0.5, cost: 0.0 };
        let told = queue(arrivals, &team, Habit::LetsGo).unwrap();
        near(told.kept * arrivals, f64::from(servers) * 20.0, 1e-9);
        assert_eq!(told.waits, 1.0);
    }
    // nothing decays, and the servers keep up: all is kept
    let patient = Team { servers: 3, each: 10.0, decay: 0.0, cost: 0.0 };
    for habit in [Habit::WorksCold, Habit::LetsGo] {
        assert_eq!(queue(20.0, &patient, habit).unwrap().kept, 1.0);
        assert_eq!(queue(0.0, &patient, habit).unwrap().waits, 0.0);
        assert_eq!(queue(60.0, &patient, habit).unwrap().waiting, None);
    }
}

proptest! {
    #[test]
    fn more_arrivals_wait_longer_and_more_servers_shorten(
        load in 0.05_f64..3.0, servers in 1_u32..60, decay in 0.01_f64..20.0,
    ) {
        let team = Team { servers, each: 7.0, decay, cost: 1.0 };
        let room = f64::from(servers) * 7.0;
        for habit in [Habit::WorksCold, Habit::LetsGo] {
            let here = queue(load * room, &team, habit).unwrap();
            let more = queue(load * room * 1.1, &team, habit).unwrap();
            let helped = queue(load * room, &Team { servers: servers + 1, ..team }, habit).unwrap();
            prop_assert!((0.0..=1.0).contains(&here.kept) && (0.0..=1.0).contains(&here.waits));
            prop_assert!(more.kept <= here.kept + 1e-12 && helped.kept >= here.kept - 1e-12);
            // nobody is served whom the servers cannot take
            prop_assert!(here.kept * load <= 1.0 + 1e-9);
        }
        // who lets go of the cold ones keeps at least as much as who works them
        let kept = |habit| queue(load * room, &team, habit).unwrap().kept;
        prop_assert!(kept(Habit::LetsGo) >= kept(Habit::WorksCold) - 1e-12);
    }
}

#[test]
fn hours_go_to_what_is_worth_most_an_hour() {
    let band = |arrivals: f64, worth: f64| Band { arrivals, worth };
    let bands = [band(10.0, 100.0), band(10.0, 90.0), band(10.0, 30.0), band(5.0, -1.0)];
    // an hour of the second is worth 180, of the first 100, of the third 30
    let filled = knapsack(&bands, &[1.0, 0.5, 1.0, 0.1], 18.0).unwrap();
    near(filled.bound, 10.0 * 90.0 + 10.0 * 100.0 + 3.0 * 30.0, 1e-12);
    assert_eq!((filled.price, filled.used, filled.whole), (30.0, 18.0, 2));
    let all = knapsack(&bands, &[1.0, 0.5, 1.0, 0.1], 100.0).unwrap();
    assert_eq!((all.price, all.used, all.whole), (0.0, 25.0, 3));
    // no queue gives more
    let team = Team { servers: 2, each: 9.0, decay: 1.0, cost: 0.0 };
    let bound = knapsack(&bands, &[1.0; 4], 18.0).unwrap().bound;
    for habit in [Habit::WorksCold, Habit::LetsGo] {
        assert!(curve(&bands, &team, habit).unwrap().iter().all(|p| p.net <= bound));
    }
}

#[test]
fn the_flat_stretch_and_the_spread_are_those_of_the_curve() {
    let points = |nets: &[f64]| -> Vec<Point> {
        nets.iter().map(|net| Point { passed: 1.0, utilisation: 0.5, kept: 1.0, net: *net }).collect()
    };
    let curve = points(&[50.0, 96.0, 100.0, 97.0, 60.0, 99.0]);
    assert_eq!((best(&curve), flat(&curve, 0.05)), (Some(2), Some((1, 3))));
    assert_eq!(flat(&points(&[-3.0, -1.0]), 0.05), None);
    assert_eq!(best(&[]), None);
    let curves: Vec<Vec<Point>> = (0..100).map(|i| points(&[1.0, if i < 75 { 2.0 } else { 0.0 }])).collect();
    let told = spread(&curves).unwrap();
    near(told.share_best[0], 0.25, 1e-12);
    near(told.share_best[1], 0.75, 1e-12);
    assert_eq!(told.net.len(), 2);
}

#[test]
fn bad_input_is_an_error() {
    let team = Team { servers: 2, each: 9.0, decay: 1.0, cost: 0.0 };
    let at = |team: Team| queue(3.0, &team, Habit::LetsGo).is_err();
    assert!(at(Team { servers: 0, ..team }) && at(Team { each: 0.0, ..team }) && at(Team { decay: -1.0, ..team }));
    assert!(at(Team { cost: f64::NAN, ..team }) && at(Team { servers: u32::MAX, ..team }));
    assert!(queue(f64::NAN, &team, Habit::WorksCold).is_err() && queue(-1.0, &team, Habit::WorksCold).is_err());
    // a queue that would need more states than memory of anything
    assert!(queue(1e15, &Team { decay: 1e-6, ..team }, Habit::LetsGo).is_err());
    assert!(curve(&[], &team, Habit::LetsGo).is_err() && spread(&[]).is_err());
    let band = Band { arrivals: 1.0, worth: 1.0 };
    assert!(knapsack(&[band], &[], 1.0).is_err() && knapsack(&[band], &[0.0], 1.0).is_err());
    assert!(knapsack(&[Band { worth: f64::INFINITY, ..band }], &[1.0], 1.0).is_err());
}
