//! What is drawn is what the truth says, and what is planted shows.

#![allow(clippy::unwrap_used, clippy::panic)]

mod written;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use lockstep_simulate::{Company, Truth};
use written::company;

const LEADS: u64 = 12_000;

type Known = BTreeMap<(Company, u64), Arc<OnceLock<Truth>>>;

/// Truths of written companies; each is written once for all tests here.
fn truths(name: Company, seeds: std::ops::Range<u64>) -> Vec<Truth> {
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
    let truth = |seed| {
        let cell = KNOWN.lock().unwrap().entry((name, seed)).or_default().clone();
        cell.get_or_init(|| company(name, LEADS, seed).truth).clone()
    };
    seeds.map(truth).collect()
}

/// Mean won revenue of the current quarter, in dollars.
fn won(truths: &[Truth]) -> f64 {
    truths.iter().map(|t| t.realised.periods[7].won_cents as f64 / 100.0).sum::<f64>() / truths.len() as f64
}

/// Realised and true rates agree within four standard errors.
fn agree(truths: &[Truth]) {
    let rates = &truths[0].rates;
    let levels = [rates.mql_rate, rates.acceptance, rates.qualification, rates.opportunity_rate, rates.win_rate];
    for when in 0..2 {
        for (gate, level) in levels.iter().enumerate() {
            let entered: u64 = truths.iter().map(|t| t.realised.gates[when][gate].entered).sum();
            let passed: u64 = truths.iter().map(|t| t.realised.gates[when][gate].passed).sum();
            let (rate, p) = (passed as f64 / entered as f64, level[when]);
            let error = (p * (1.0 - p) / entered as f64).sqrt();
            // what enters later gates in the current quarter began before it: half a point of slack for that
            let slack = 4.0 * error + 0.005 + if when == 1 && gate > 0 { 0.02 } else { 0.0 };
            assert!((rate - p).abs() < slack, "{:?} gate {gate} at {when}: {rate} against {p}", truths[0].company);
        }
    }
}

#[test]
fn rates_in_the_steady_world_are_the_true_ones() {
    let truths = truths(Company::Steady, 1..4);
    agree(&truths);
    for truth in &truths {
        let r = &truth.realised;
        let share = r.leads_won as f64 / LEADS as f64;
        assert!((0.06..0.085).contains(&share), "lead to won {share}");
        assert!((28.0..45.0).contains(&r.median_days_to_won), "{}", r.median_days_to_won);
        let opportunities: u64 = r.periods.iter().map(|p| p.opportunities).sum();
        let direct = r.direct_opportunities as f64 / opportunities as f64;
        assert!((0.065..0.095).contains(&direct), "without a lead {direct}");
        assert!(truth.planted.is_empty());
        for p in &r.periods {
            assert!((p.leads as f64 - 1500.0).abs() < 4.0 * 1500_f64.sqrt(), "{} leads", p.leads);
        }
        let p = &r.periods[5];
        assert!(p.won_same_quarter + p.won_quarter_before > p.won * 8 / 10);
    }
}

#[test]
fn what_is_expected_is_what_happens_on_average() {
    let truths = truths(Company::Steady, 1..6);
    let all: f64 = truths.iter().flat_map(|t| &t.realised.periods[2..]).map(|p| p.won_cents as f64 / 100.0).sum();
    let mean = all / (truths.len() * 6) as f64;
    let expected = truths[0].expected_won[0];
    assert!((mean / expected - 1.0).abs() < 0.06, "{mean} against {expected}");
}

#[test]
fn every_planted_change_moves_the_current_quarter_as_the_truth_says() {
    let steady = truths(Company::Steady, 1..4);
    for name in
        [Company::Leaky, Company::Discounted, Company::Shifted, Company::Slow, Company::Turnover, Company::Flooded]
    {
        let here = truths(name, 1..4);
        let size: f64 = here[0].planted.iter().chain(&here[0].side_effects).map(|p| p.size_money).sum();
        let whole = here[0].expected_won[1] - here[0].expected_won[0];
        assert!((size - whole).abs() < 1.0, "{}: parts {size}, whole {whole}", name.name());
        let moved = won(&here) - won(&steady);
        assert!(moved.signum() == size.signum(), "{}: moved {moved}, planted {size}", name.name());
        // the flooded company's effect is small and its extra leads are new draws
        let slack = 0.4 * size.abs() + 0.05 * here[0].expected_won[0];
        assert!((moved - size).abs() < slack, "{}: moved {moved}, planted {size}", name.name());
        for (a, b) in here.iter().zip(&steady) {
            assert_eq!(
                a.realised.periods[..7].iter().map(|p| p.won_cents).sum::<i64>(),
                b.realised.periods[..7].iter().map(|p| p.won_cents).sum::<i64>(),
                "{}: the past moved",
                name.name()
            );
        }
    }
}

#[test]
fn planted_rates_are_realised() {
    for name in [Company::Leaky, Company::Flooded, Company::Turnover] {
        agree(&truths(name, 1..4));
    }
    let flooded = &truths(Company::Flooded, 1..2)[0];
    assert_eq!(flooded.planted.len(), 3);
    let [before, after] = flooded.rates.volume;
    assert!((after / before - 1.8).abs() < 1e-9);
    assert!((flooded.realised.periods[7].leads as f64 / 1500.0 - 1.8).abs() < 0.1);
    let p = &truths(Company::Discounted, 1..2)[0].realised.periods[7];
    let given = 1.0 - p.won_cents as f64 / p.won_list_cents as f64;
    assert!((0.26..0.34).contains(&given), "discount {given}");
}

#[test]
fn in_the_shifted_company_every_source_converts_as_before() {
    let shifted = &truths(Company::Shifted, 1..2)[0];
    let steady = &truths(Company::Steady, 1..2)[0];
    for (a, b) in shifted.cells.iter().zip(&steady.cells) {
        assert_eq!((a.rates, a.list_price), (b.rates, b.list_price));
    }
    assert!(shifted.rates.mql_rate[1] < shifted.rates.mql_rate[0]);
    assert_eq!(shifted.realised.periods[7].leads, steady.realised.periods[7].leads);
}

#[test]
fn speed_looks_better_than_it_is_in_the_picky_company() {
    let picky = &truths(Company::Picky, 1..2)[0];
    let speed = picky.speed.as_ref().unwrap();
    assert!(speed.naive_difference > 2.5 * speed.true_difference);
    assert!(speed.true_difference > 0.0);
    assert!(picky.planted.is_empty());
}

#[test]
fn gaming_changes_statuses_and_tasks_and_no_revenue() {
    let (gamed, steady) = (company(Company::Gamed, LEADS, 1), company(Company::Steady, LEADS, 1));
    assert_eq!(gamed.truth.realised.periods, steady.truth.realised.periods);
    let gaming = gamed.truth.gaming.unwrap();
    assert!(gaming.flips > 300);
    let fakes = gamed.table("salesforce/Task.csv").iter().filter(|t| t["CreatedDate"] > t["CompletedDateTime"]).count();
    assert_eq!(fakes as u64, gaming.fake_tasks);
    assert!(gaming.fake_tasks > 2 * gaming.bulk_seconds);
    assert_eq!(steady.table("salesforce/Task.csv").len() + fakes, gamed.table("salesforce/Task.csv").len());
}
