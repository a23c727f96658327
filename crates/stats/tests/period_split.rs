//! The split of a change between periods: the study's numbers, exactness, and bad input.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::period_split::{Period, PeriodSplit, period_split};
use lockstep_stats::shapley::{coalitions, coalitions_of, split};
use proptest::prelude::*;
use serde_json::Value;

/// One side's numbers, flattened.
#[derive(Clone, Debug, PartialEq)]
struct Side {
    mix: Vec<f64>,
    allocation: Vec<f64>,
    treated: Vec<f64>,
    stratum: Vec<f64>,
    unit: Vec<f64>,
    shared: f64,
}

impl Side {
    fn period(&self) -> Period<'_> {
        Period {
            mix: &self.mix,
            allocation: &self.allocation,
            treated: &self.treated,
            stratum: &self.stratum,
            unit: &self.unit,
            shared: self.shared,
        }
    }
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn fixture() -> (Value, Vec<f64>, Side, Side) {
    let all: Value = serde_json::from_str(include_str!("fixtures/quality_vs_skill_shapley.json")).unwrap();
    let columns = flat(&all["x"]);
    let (mu, slope) = (all["mu"].as_f64().unwrap(), all["beta_x"].as_f64().unwrap());
    let side = |key: &str| {
        let p = &all[key];
        let groups = flat(&p["a"]);
        Side {
            mix: flat(&p["lead"]),
            allocation: flat(&p["rep"]),
            treated: flat(&p["pT"]),
            // A stratum is a group at a value of x.
            stratum: groups.iter().flat_map(|a| vec![*a; columns.len()]).collect(),
            unit: flat(&p["b"]),
            shared: p["c"].as_f64().unwrap(),
        }
    };
    let (first, second) = (side("period0"), side("period1"));
    let base = (0..first.mix.len()).map(|s| mu + slope * columns[s % columns.len()]).collect();
    (all, base, first, second)
}

#[test]
fn agrees_with_the_study() {
    let (all, base, first, second) = fixture();
    let tolerance = all["tolerance"].as_f64().unwrap();
    let number = |key: &str| all[key].as_f64().unwrap();
    let got = period_split(&base, number("tau"), &first.period(), &second.period()).unwrap();
    assert!((got.rate0 - number("rate0")).abs() < tolerance && (got.rate1 - number("rate1")).abs() < tolerance);
    for (got, expected) in got.parts().iter().zip(flat(&all["phi"])) {
        assert!((got - expected).abs() < tolerance, "{got} {expected}");
    }
    assert!((got.parts().iter().sum::<f64>() - got.gap()).abs() < tolerance);
    assert!((got.mix + got.stratum - number("leads_without_common")).abs() < tolerance);
    assert!((got.allocation + got.treated + got.unit - number("sales_without_common")).abs() < tolerance);
    assert!((got.shared - number("common_not_attributable")).abs() < tolerance);
}

#[test]
fn what_did_not_change_has_no_share_and_swapping_negates() {
    let (_, base, first, second) = fixture();
    let run = |a: &Side, b: &Side| period_split(&base, 0.6, &a.period(), &b.period()).unwrap();
    let (there, back) = (run(&first, &second), run(&second, &first));
    for (a, b) in there.parts().iter().zip(back.parts()) {
        assert!((a + b).abs() < 1e-15);
    }
    assert_eq!(run(&first, &first).parts(), [0.0; 6]);
    let get: [fn(&PeriodSplit) -> f64; 2] = [|s| s.unit, |s| s.treated];
    let kept = [Side { unit: first.unit.clone(), ..second.clone() }, Side { treated: first.treated.clone(), ..second }];
    for (side, get) in kept.iter().zip(get) {
        let got = run(&first, side);
        assert_eq!(get(&got), 0.0);
        assert!((got.parts().iter().sum::<f64>() - got.gap()).abs() < 1e-15);
    }
}

#[test]
fn coalitions_of_a_product_are_its_split() {
    let (f0, f1) = ([2.0, 0.5, -1.0, 3.0, 0.0], [2.5, 0.25, 1.0, 3.0, 0.7]);
    let mixed = |set: u32| Ok((0..5).map(|j| if set >> j & 1 == 1 { f1[j] } else { f0[j] }).product());
    let got = coalitions_of(5, mixed).unwrap();
    let exact = split(&f0, &f1, 5).unwrap();
    for (a, b) in got.iter().zip(&exact.cells) {
        assert!((a - b).abs() < 1e-14);
    }
}

#[test]
fn refuses_what_cannot_be_split() {
    let (_, base, first, second) = fixture();
    let code = |base: &[f64], side: &Side| period_split(base, 0.6, &first.period(), &side.period()).unwrap_err().code();
    assert_eq!(code(&base[1..], &second), "stats.shape");
    assert_eq!(code(&base, &Side { unit: vec![0.0], ..second.clone() }), "stats.shape");
    assert_eq!(code(&base, &Side { shared: f64::NAN, ..second.clone() }), "stats.not_finite");
    assert_eq!(code(&base, &Side { treated: vec![1.1; 18], ..second.clone() }), "stats.out_of_range");
    assert_eq!(code(&base, &Side { mix: vec![-0.1; 6], ..second }), "stats.out_of_range");
    assert_eq!(coalitions(2, &[0.0; 3]).unwrap_err().code(), "stats.shape");
    assert_eq!(coalitions(40, &[0.0; 3]).unwrap_err().code(), "stats.too_many");
    assert_eq!(coalitions_of(40, |_| Ok(0.0)).unwrap_err().code(), "stats.too_many");
    assert_eq!(coalitions(1, &[0.0, f64::INFINITY]).unwrap_err().code(), "stats.not_finite");
    assert!(coalitions(0, &[3.0]).unwrap().is_empty());
}

fn sides() -> impl Strategy<Value = (Side, Side)> {
    (1usize..5, 1usize..5).prop_flat_map(|(strata, units)| {
        let side = move || {
            let list = |range: std::ops::Range<f64>, size| prop::collection::vec(range, size);
            let pairs = strata * units;
            (list(0.0..1.0, strata), list(0.0..1.0, pairs), list(0.0..1.0, pairs), list(-3.0..3.0, strata))
                .prop_flat_map(move |(mix, allocation, treated, stratum)| {
                    (prop::collection::vec(-3.0..3.0, units), -2.0..2.0).prop_map(move |(unit, shared)| Side {
                        mix: mix.clone(),
                        allocation: allocation.clone(),
                        treated: treated.clone(),
                        stratum: stratum.clone(),
                        unit,
                        shared,
                    })
                })
        };
        (side(), side())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_add_to_the_gap((first, second) in sides(), effect in -2.0..2.0) {
        let base = vec![-0.5; first.mix.len()];
        let got = period_split(&base, effect, &first.period(), &second.period()).unwrap();
        prop_assert!((got.parts().iter().sum::<f64>() - got.gap()).abs() < 1e-12);
        prop_assert!(got.parts().iter().all(|v| v.is_finite()));
    }
}
