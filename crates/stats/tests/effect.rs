//! Effects: the reference fixture, cells equal rows, balance, and what cannot be computed.

#![allow(clippy::unwrap_used)] // A test may stop at the first surprise.

use lockstep_stats::effect::{Instrumented, Setting, Study, e_value, estimate, instrument};
use lockstep_stats::logistic::{Design, Factor, Trials};
use serde_json::Value;

fn fixture() -> Value {
    serde_json::from_str(include_str!("fixtures/follow_up_effect.json")).unwrap()
}

fn reals(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn indices(v: &Value) -> Vec<u32> {
    v.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect()
}

fn near(got: f64, truth: &Value, tolerance: f64) {
    let truth = truth.as_f64().unwrap();
    assert!((got - truth).abs() < tolerance, "{got} {truth}");
}

#[test]
fn agrees_with_the_reference() {
    let f = fixture();
    let (group, x, load) = (indices(&f["rep"]), reals(&f["x"]), reals(&f["load"]));
    let (treated, y) = (indices(&f["T"]), reals(&f["y"]));
    let (coef, tol) = (f["tolerance"]["coef"].as_f64().unwrap(), f["tolerance"]["estimates"].as_f64().unwrap());
    let design = Design::new(y.len(), &[&x], &[Factor { index: &group, levels: 4 }]).unwrap();
    let outcome = Trials { n: None, k: &y };
    let got = estimate(&Study { design: &design, treated: &treated, outcome }).unwrap();
    for (fit, key) in [(&got.propensity, "ps_coef"), (&got.outcome, "outcome_coef")] {
        let truth = f[key].as_array().unwrap();
        assert_eq!(fit.coefficients.len(), truth.len());
        for (c, t) in fit.coefficients.iter().zip(truth) {
            near(*c, t, coef);
        }
    }
    near(got.outcome.log_likelihood, &f["outcome_loglik"], tol);
    near(got.crude.difference(), &f["naive"], tol);
    near(got.standardised.difference(), &f["gcomp_rd"], tol);
    near(got.standardised.ratio().unwrap(), &f["gcomp_rr"], tol);
    near(got.doubly_robust.difference(), &f["aipw_rd"], tol);
    near(got.doubly_robust.se(), &f["aipw_se"], tol);
    near(got.overlap_weighted.difference(), &f["overlap_rd"], tol);
    near(got.standardised.e_value().unwrap(), &f["evalue"], tol);
    for pair in f["evalue_examples"].as_array().unwrap() {
        near(e_value(pair[0].as_f64().unwrap()).unwrap(), &pair[1], tol);
    }
    let setting = Setting { design: &design, strata: None, treated: &treated, outcome, instrument: &load };
    let iv = instrument(&setting).unwrap();
    near(iv.effect, &f["iv_load_rd"], tol);
    near(iv.se, &f["iv_robust_se"], tol);
    assert!(iv.first_stage < 0.0 && iv.first_stage_f > 10.0);
    // Strata and the same dummies take out the same; only the enlargement differs.
    let plain = Design::new(y.len(), &[&x], &[]).unwrap();
    let strata = Some(Factor { index: &group, levels: 4 });
    let within = instrument(&Setting { design: &plain, strata, ..setting }).unwrap();
    let both = instrument(&Setting { strata, ..setting }).unwrap();
    for other in [within, both] {
        assert!((other.effect - iv.effect).abs() < 1e-10);
        assert!((other.se - iv.se * (600.0f64 / 596.0).sqrt()).abs() < 1e-10);
    }
}

/// Invented cells with everything uneven.
type Columns = (Vec<f64>, Vec<u32>, Vec<u32>, Vec<f64>, Vec<f64>, Vec<f64>);

fn cells() -> Columns {
    let (mut x, mut g, mut t, mut n, mut k, mut z) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    for i in 0..48u32 {
        x.push(f64::from(i % 4) - 1.5);
        g.push(i / 4 % 3);
        t.push(u32::from(i % 2 == (i / 12) % 2));
        z.push(f64::from((i * 7) % 11) - 3.0 * f64::from(t[i as usize]));
        n.push(f64::from(3 + (i * 5) % 7));
        k.push(f64::from((i * 3 + t[i as usize]) % 4).min(n[i as usize]));
    }
    (x, g, t, n, k, z)
}

#[test]
fn cells_give_the_answers_of_their_rows() {
    let (x, g, t, n, k, z) = cells();
    let (mut rx, mut rg, mut rt, mut ry, mut rz) = (vec![], vec![], vec![], vec![], vec![]);
    for i in 0..x.len() {
        for j in 0..n[i] as u32 {
            rx.push(x[i]);
            rg.push(g[i]);
            rt.push(t[i]);
            rz.push(z[i]);
            ry.push(f64::from(u8::from(f64::from(j) < k[i])));
        }
    }
    let cell = Design::new(x.len(), &[&x], &[Factor { index: &g, levels: 3 }]).unwrap();
    let row = Design::new(rx.len(), &[&rx], &[Factor { index: &rg, levels: 3 }]).unwrap();
    let (c, r) = (
        Study { design: &cell, treated: &t, outcome: Trials { n: Some(&n), k: &k } },
        Study { design: &row, treated: &rt, outcome: Trials { n: None, k: &ry } },
    );
    let (a, b) = (estimate(&c).unwrap(), estimate(&r).unwrap());
    for (a, b) in [
        (a.crude, b.crude),
        (a.standardised, b.standardised),
        (a.doubly_robust, b.doubly_robust),
        (a.overlap_weighted, b.overlap_weighted),
    ] {
        assert!((a.difference() - b.difference()).abs() < 1e-9 && (a.se() - b.se()).abs() < 1e-9, "{a:?} {b:?}");
        assert!((a.ratio().unwrap() - b.ratio().unwrap()).abs() < 1e-8);
    }
    assert!((a.overlap.outside - b.overlap.outside).abs() < 1e-12);
    assert!((a.overlap.treated.1 - b.overlap.treated.1).abs() < 1e-6);
    for (a, b) in a.balance.iter().zip(&b.balance) {
        assert!((a.before - b.before).abs() < 1e-9 && (a.inverse_weighted - b.inverse_weighted).abs() < 1e-6);
        assert!(a.overlap_weighted.abs() < 1e-7, "overlap weights balance exactly: {a:?}");
    }
    assert!(a.balance.iter().any(|b| b.before.abs() > 0.01));
    let iv = |s: &Study<'_>, z: &[f64], g: &[u32]| -> Instrumented {
        let strata = Some(Factor { index: g, levels: 3 });
        instrument(&Setting { design: s.design, strata, treated: s.treated, outcome: s.outcome, instrument: z })
            .unwrap()
    };
    let (a, b) = (iv(&c, &z, &g), iv(&r, &rz, &rg));
    assert!((a.effect - b.effect).abs() < 1e-9 && (a.se - b.se).abs() < 1e-9, "{a:?} {b:?}");
    assert!((a.first_stage_f / b.first_stage_f - 1.0).abs() < 1e-9);
}

#[test]
fn the_e_value_of_a_bound_is_one_where_no_effect_is_inside() {
    let (x, g, t, n, k, _) = cells();
    let design = Design::new(x.len(), &[&x], &[Factor { index: &g, levels: 3 }]).unwrap();
    let got = estimate(&Study { design: &design, treated: &t, outcome: Trials { n: Some(&n), k: &k } }).unwrap();
    let b = got.doubly_robust.ratio_bounds(0.9).unwrap();
    assert!(b.lo < got.doubly_robust.ratio().unwrap() && got.doubly_robust.ratio().unwrap() < b.hi);
    let e = got.doubly_robust.e_value_of_bound(0.9).unwrap();
    assert!(e >= 1.0 && e <= got.doubly_robust.e_value().unwrap());
    assert_eq!(e == 1.0, b.lo <= 1.0 && 1.0 <= b.hi);
    assert_eq!(e_value(1.0), Some(1.0));
    for ratio in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(e_value(ratio), None);
    }
    assert_eq!(got.doubly_robust.ratio_bounds(1.0), None);
}

#[test]
fn says_what_cannot_be_computed() {
    let (x, g, t, n, k, z) = cells();
    let design = Design::new(x.len(), &[&x], &[Factor { index: &g, levels: 3 }]).unwrap();
    let outcome = Trials { n: Some(&n), k: &k };
    let code = |treated: &[u32]| estimate(&Study { design: &design, treated, outcome }).unwrap_err().code();
    assert_eq!(code(&[1; 48]), "stats.too_few");
    assert_eq!(code(&[0; 48]), "stats.too_few");
    assert_eq!(code(&[2; 48]), "stats.out_of_range");
    assert_eq!(code(&[1]), "stats.shape");
    let none = vec![0.0; 48];
    let nothing = Study { design: &design, treated: &t, outcome: Trials { n: Some(&n), k: &none } };
    assert_eq!(estimate(&nothing).unwrap_err().code(), "stats.too_few");
    let of = |z: &[f64], strata| {
        instrument(&Setting { design: &design, strata, treated: &t, outcome, instrument: z }).map_err(|e| e.code())
    };
    assert_eq!(of(&[1.0; 48], None).unwrap_err(), "stats.no_convergence");
    assert_eq!(of(&x, None).unwrap_err(), "stats.no_convergence");
    assert_eq!(of(&[f64::NAN; 48], None).unwrap_err(), "stats.not_finite");
    let own: Vec<u32> = (0..48).collect();
    assert!(of(&z, Some(Factor { index: &own, levels: 48 })).is_err());
    assert!(of(&z, None).is_ok());
}

#[test]
fn a_group_always_treated_is_shown_not_hidden() {
    // Group 2 is always treated: its propensity is near 1, and the diagnostics say so.
    let g: Vec<u32> = (0..300).map(|i| i % 3).collect();
    let t: Vec<u32> = (0..300).map(|i| u32::from(i % 3 == 2 || i % 7 < 3)).collect();
    let y: Vec<f64> = (0..300).map(|i| f64::from(u8::from(i % 5 < 2))).collect();
    let design = Design::new(300, &[], &[Factor { index: &g, levels: 3 }]).unwrap();
    let got = estimate(&Study { design: &design, treated: &t, outcome: Trials { n: None, k: &y } }).unwrap();
    assert!(got.propensity.separated && !got.outcome.separated);
    assert!(got.overlap.highest > 0.99 && (got.overlap.outside - 1.0 / 3.0).abs() < 0.01);
    for m in [got.crude, got.standardised, got.doubly_robust, got.overlap_weighted] {
        assert!(m.difference().is_finite() && m.se().is_finite());
    }
}
