use super::*;

/// Leads first tried at one speed, by attempt: reached, given up.
fn way(to: &mut Classes, speed: usize, reached: [f64; 4], given_up: [f64; 4]) {
    for attempt in 0..TRIES {
        to[at(speed, attempt)] = reached[attempt];
        to[at(speed, attempt) + 1] = given_up[attempt];
    }
}

/// Two segments; the second is twice the first.
fn strata() -> Vec<(Classes, Classes)> {
    let (mut n, mut k) = ([0.0; CLASSES], [0.0; CLASSES]);
    (n[0], k[0]) = (200.0, 4.0);
    way(&mut n, 0, [100.0, 40.0, 20.0, 10.0], [20.0, 15.0, 10.0, 10.0]);
    way(&mut k, 0, [80.0, 32.0, 16.0, 8.0], [1.0, 1.0, 1.0, 1.0]);
    way(&mut n, 1, [80.0, 30.0, 20.0, 10.0], [40.0, 25.0, 10.0, 15.0]);
    way(&mut k, 1, [64.0, 24.0, 16.0, 8.0], [2.0, 1.0, 0.0, 1.0]);
    way(&mut n, 2, [30.0, 20.0, 10.0, 5.0], [30.0, 20.0, 10.0, 10.0]);
    way(&mut k, 2, [24.0, 16.0, 8.0, 4.0], [1.0, 1.0, 1.0, 0.0]);
    vec![(n, k), (n.map(|x| x * 2.0), k.map(|x| x * 2.0))]
}

fn near(factors: [f64; 3], wanted: [f64; 3]) {
    let off = factors.iter().zip(wanted).map(|(f, w)| (f - w).abs()).fold(0.0, f64::max);
    assert!(off < 1e-9, "{factors:?} for {wanted:?}");
}

#[test]
fn the_usual_way_moves_nothing() {
    near(Worth::of(&strata()).factors(&strata()[0].0).unwrap(), [1.0; 3]);
}

#[test]
fn each_factor_moves_alone() {
    let worth = Worth::of(&strata());
    let usual = strata()[0].0;
    let mut fewer = usual.map(|n| n * 0.5);
    fewer[0] = 400.0;
    let [coverage, speed, persistence] = worth.factors(&fewer).unwrap();
    assert!(coverage < 0.8, "{coverage}");
    near([1.0, speed, persistence], [1.0; 3]);
    // the same ways, more of the late
    let mut later = usual;
    later[at(2, 0)..at(2, TRIES)].iter_mut().for_each(|n| *n *= 3.0);
    later[0] *= later[1..].iter().sum::<f64>() / tried(&usual);
    let [coverage, speed, persistence] = worth.factors(&later).unwrap();
    assert!(speed < 0.99, "{speed}");
    near([coverage, 1.0, persistence], [1.0; 3]);
    // the same speeds and the same reach of an attempt, given up after the first
    let mut thin = usual;
    for speed in 0..SPEEDS {
        let first = Way::of(&usual, speed);
        way(&mut thin, speed, [first.reached[0], 0.0, 0.0, 0.0], [first.left[0] - first.reached[0], 0.0, 0.0, 0.0]);
    }
    let [coverage, speed, persistence] = worth.factors(&thin).unwrap();
    assert!(persistence < 0.85, "{persistence}");
    near([coverage, speed, 1.0], [1.0; 3]);
}

/// Where those called soon came to no more, speed is not told apart.
#[test]
fn sooner_that_came_to_less_is_no_factor() {
    assert!(Worth::sooner_is_more(&[Worth::of(&strata())]));
    let turned = |share: f64| {
        let turn = |(n, k): &(Classes, Classes)| {
            let mut k = *k;
            k[at(0, 0)..at(0, TRIES)].iter_mut().for_each(|k| *k *= share);
            (*n, k)
        };
        vec![Worth::of(&strata().iter().map(turn).collect::<Vec<_>>())]
    };
    assert!(Worth::sooner_is_more(&turned(0.98)));
    assert!(!Worth::sooner_is_more(&turned(0.7)));
    assert!(!Worth::sooner_is_more(&turned(0.5)));
    assert!(!Worth::sooner_is_more(&[]));
}

#[test]
fn without_speeds_the_rest_stays_what_it_was() {
    let merged: Vec<_> = strata().iter().map(|(n, k)| (at_any_speed(n), at_any_speed(k))).collect();
    for ((n, _), (m, _)) in strata().iter().zip(&merged) {
        assert_eq!((n.iter().sum::<f64>(), tried(n)), (m.iter().sum::<f64>(), tried(m)));
        assert_eq!((shares(n)[0], shares(n)[2]), (shares(m)[0], shares(m)[2]));
    }
    let mut fewer = merged[0].0.map(|n| n * 0.5);
    fewer[0] = 400.0;
    let [coverage, speed, persistence] = Worth::of(&merged).factors(&fewer).unwrap();
    assert!(coverage < 0.8, "{coverage}");
    near([1.0, speed, persistence], [1.0; 3]);
}

/// Whoever is reached less is no less persisted with: what an attempt reaches is no factor of follow-up.
#[test]
fn leads_that_are_harder_to_reach_move_nothing() {
    let worth = Worth::of(&strata());
    let (mut easy, mut hard) = ([0.0; CLASSES], [0.0; CLASSES]);
    easy[0] = 10.0;
    hard[0] = 10.0;
    // of the silent 60% go on each time
    way(&mut easy, 1, [50.0, 15.0, 4.5, 1.35], [20.0, 6.0, 1.8, 1.35]);
    way(&mut hard, 1, [20.0, 9.6, 4.608, 2.21184], [32.0, 15.36, 7.3728, 8.84736]);
    let [a, b] = [easy, hard].map(|c| worth.factors(&c).unwrap());
    assert!((a[2] / b[2] - 1.0).abs() < 1e-9, "{a:?} {b:?}");
}

/// Twice the leads of a better segment were tried: within segments nothing differs.
#[test]
fn what_segments_differ_by_is_no_worth_of_a_class() {
    let segment = |never: f64, tried: f64, rate: f64| {
        let mut n = [0.0; CLASSES];
        (n[0], n[2]) = (never, tried);
        (n, n.map(|x| x * rate))
    };
    let worth = Worth::of(&[segment(10_000.0, 40_000.0, 0.6), segment(40_000.0, 10_000.0, 0.2)]);
    assert!((worth.ratio[0] / worth.ratio[2] - 1.0).abs() < 0.001, "{:?}", worth.ratio);
}

/// On one side nobody was tried soon: what soon is worth comes from the other alone.
#[test]
fn a_side_without_a_class_says_nothing_about_it() {
    let side = |soon: f64, late: f64, level: f64| {
        let (mut n, mut k) = ([0.0; CLASSES], [0.0; CLASSES]);
        (n[0], n[at(0, 0)], n[at(1, 0)]) = (10_000.0, soon, late);
        (k[0], k[at(0, 0)], k[at(1, 0)]) = (100.0, soon * level, late * level * 0.5);
        (n, k)
    };
    let worth = Worth::of(&[side(40_000.0, 20_000.0, 0.6), side(0.0, 60_000.0, 0.6)]);
    assert!((worth.ratio[at(1, 0)] / worth.ratio[at(0, 0)] - 0.5).abs() < 0.01, "{:?}", worth.ratio);
    assert!(worth.variance[at(1, 0)] > 1.0 / 40_000.0, "{:?}", worth.variance);
}

/// Where nearly all are reached at once, giving up early costs less than where few are.
#[test]
fn trying_again_is_worth_what_it_reaches_in_the_segment() {
    let segment = |reach: f64, on: f64| {
        let (mut n, mut left) = ([0.0; CLASSES], 1_000.0);
        for attempt in 0..TRIES {
            let silent = left * (1.0 - reach);
            let next = if attempt + 1 < TRIES { silent * on } else { 0.0 };
            (n[at(1, attempt)], n[at(1, attempt) + 1]) = (left * reach, silent - next);
            left = next;
        }
        n
    };
    let took = |n: Classes| {
        let mut k = [0.0; CLASSES];
        (0..TRIES).for_each(|attempt| k[at(1, attempt)] = 0.9 * n[at(1, attempt)]);
        (n, k)
    };
    let (easy, hard) = ([segment(0.8, 0.9), segment(0.8, 0.3)], [segment(0.3, 0.9), segment(0.3, 0.3)]);
    let worth = Worth::of(&easy.iter().chain(&hard).map(|n| took(*n)).collect::<Vec<_>>());
    let fell = |[before, after]: &[Classes; 2]| {
        let mut both = *before;
        add(&mut both, after);
        let own = worth.within(&both);
        own.factors(after).unwrap()[2] / own.factors(before).unwrap()[2]
    };
    // 1 - (1 - reach)^n over attempts that are made: by hand
    let reached = |reach: f64, on: f64| (0..TRIES).map(|n| ((1.0 - reach) * on).powi(n as i32) * reach).sum::<f64>();
    for (segment, reach) in [(&easy, 0.8), (&hard, 0.3)] {
        let wanted = reached(reach, 0.3) / reached(reach, 0.9);
        assert!((fell(segment) / wanted - 1.0).abs() < 0.02, "{} for {wanted}", fell(segment));
    }
}

#[test]
fn nobody_and_nothing_known_give_no_factors() {
    assert_eq!(Worth::of(&strata()).factors(&[0.0; CLASSES]), None);
    assert_eq!(Worth::of(&[]).factors(&[1.0; CLASSES]), None);
}
