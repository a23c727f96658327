//! A planted fall of the odds is found again; noise makes no loss rise or fall below nothing.

use tallies::columns::lead_cycle as lead;
use tallies::plain::Tables;
use tallies::{Grain, Table};
use terms::{Currency, FiscalYear};

use super::{EDGES, Waiting, learn};
use crate::Question;
use crate::invented::Dice;

const AS_OF: i64 = 29_000_000;
/// The wait at which each stretch is at its middle, as `learn` has it.
const MIDDLE: [f64; 7] = [5.0, 30.0, 120.0, 588.0, 2_494.0, 6_598.0, 20_160.0];
const WON: i64 = 1_000_000;

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Leads of two sources, tried after a wait of any stretch; the log-odds of a win are those of `fall` at the stretch.
fn company(leads: usize, fall: [f64; 7], seed: u64) -> Tables {
    let mut dice = Dice::new(seed);
    let mut table = Table::new(Grain::LeadCycle, leads);
    for i in 0..leads {
        let at = AS_OF - 91 * 1_440 - (dice.unit() * 400.0 * 1_440.0) as i64;
        let good = dice.unit() < 0.5;
        let step = (dice.unit() * 7.0) as usize;
        let (low, high) = (if step == 0 { 0 } else { EDGES[step - 1] }, EDGES.get(step).copied().unwrap_or(40_000));
        let wait = low + (dice.unit() * (high - low) as f64) as i64;
        let won = dice.unit() < expit(if good { -0.5 } else { -1.8 } + fall[step]);
        table.set(lead::KEY, i, i as i64 + 1);
        table.set_text(lead::SOURCE, i, if good { "Referral" } else { "List" });
        table.set(lead::CREATED_AT, i, at);
        table.set(lead::HANDOFF_AT, i, at);
        table.set(lead::FIRST_IS_DAY, i, 0);
        table.set(lead::FIRST_ATTEMPT_AT, i, at + wait);
        table.set(lead::REACHED_WON, i, i64::from(won));
        if won {
            table.set(lead::WON_AT, i, at + 50 * 1_440);
            table.set(lead::AMOUNT, i, WON);
        }
    }
    Tables { tables: vec![table] }
}

fn learned(tables: &Tables) -> Result<Waiting, String> {
    let period = FiscalYear::default().parse_period("2025Q1").unwrap();
    learn(&Question::new(period, AS_OF, Currency::parse("USD").unwrap()), tables).unwrap()
}

const FALL: [f64; 7] = [0.0, -0.2, -0.5, -1.0, -1.5, -1.8, -2.0];

/// What an hour more loses of a good lead that has waited 300 minutes: on the straight line between two middles.
fn truth() -> f64 {
    let at = |w: f64| FALL[2] + (w - MIDDLE[2]) / (MIDDLE[3] - MIDDLE[2]) * (FALL[3] - FALL[2]);
    (expit(-0.5 + at(300.0)) - expit(-0.5 + at(360.0))) * WON as f64
}

#[test]
fn a_planted_fall_is_found_and_its_interval_covers_it() {
    let mut covered = 0;
    for seed in 1..=60 {
        let loss = learned(&company(6_000, FALL, seed)).unwrap().loss(Some("Referral"), None, 300);
        covered += i32::from(loss.interval.lo90 <= truth() && truth() <= loss.interval.hi90);
    }
    // 54 of 60 are expected, and fewer than 48 or more than 59 hardly ever
    assert!((48..=59).contains(&covered), "{covered}");
    let large = learned(&company(120_000, FALL, 7)).unwrap();
    let loss = large.loss(Some("Referral"), None, 300);
    assert!((loss.by_hour / truth() - 1.0).abs() < 0.2, "{} for {}", loss.by_hour, truth());
    assert!((loss.chance - expit(-0.5 - 0.69)).abs() < 0.02, "{}", loss.chance);
    assert_eq!(large.outcome, "won");
    for (step, fall) in large.steps.iter().zip(FALL) {
        assert!((step.odds.ln() - fall).abs() < 0.12, "{step:?} {fall}");
    }
}

#[test]
fn the_better_lead_loses_more_and_one_that_waited_long_loses_no_more() {
    let found = learned(&company(60_000, FALL, 3)).unwrap();
    let of = |source: &str, waited: i64| found.loss(Some(source), None, waited).by_hour;
    assert!(of("Referral", 60) > 2.0 * of("List", 60));
    assert!(of("Referral", 10) > of("Referral", 2_000));
    assert_eq!(of("Referral", 50_000), 0.0);
    // a source that nobody has seen is like the mean of the others
    let new = of("Never seen", 60);
    assert!(of("List", 60) < new && new < of("Referral", 60));
}

#[test]
fn where_waiting_costs_nothing_no_loss_is_told_and_none_is_below_nothing() {
    for seed in 1..=20 {
        let found = learned(&company(4_000, [0.0; 7], seed)).unwrap();
        for waited in [0, 10, 100, 1_000, 9_000, 30_000] {
            let loss = found.loss(Some("List"), None, waited);
            assert!(loss.by_hour >= 0.0 && loss.interval.lo90 >= 0.0, "{loss:?}");
        }
        assert!(found.steps.windows(2).all(|pair| pair[1].odds <= pair[0].odds + 1e-9));
        // an hour is a small part of the longest stretch
        assert!(found.loss(Some("List"), None, 9_000).by_hour < WON as f64 / 1_000.0);
    }
}

#[test]
fn too_few_outcomes_and_no_attempts_are_said() {
    assert!(learned(&company(100, FALL, 1)).unwrap_err().contains("fewer than 60"));
    assert!(learned(&Tables { tables: vec![] }).unwrap_err().contains("no attempts"));
}
