use report::Value;
use stats::capacity as kernel;
use terms::Currency;

use super::*;
use crate::invented::Dice;
use crate::placeholders;
use crate::tests::complete;

/// Chance of a win of a lead that is tried at once, by its band of points: 10, 20, ... 80.
const CHANCES: [f64; 8] = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.18, 0.3];
const WORTH: f64 = 1_000_000.0;
const DECAY: f64 = 0.5;

/// Leads of a year; of those who have gone cold, this share is tried all the same.
fn leads(n: usize, cold: f64, seed: u64) -> Vec<Lead> {
    let mut dice = Dice::new(seed);
    (0..n)
        .map(|_| {
            let band = (dice.unit() * 8.0) as usize;
            let waits = dice.wait(0.8);
            let is_tried = waits < 1.0 / DECAY || dice.unit() < cold;
            let chance = if is_tried { CHANCES[band] * (-DECAY * waits).exp() } else { 0.0 };
            let won = if dice.unit() < chance { WORTH } else { 0.0 };
            let waited = is_tried.then_some(waits);
            Lead { points: 10 * (band as i64 + 1), waited, attempts: 3, won }
        })
        .collect()
}

fn setting(value: f64) -> Setting {
    Setting { value, from: "given".to_owned() }
}

fn settings(reps: f64, decay: Option<f64>) -> Settings {
    let team = Team { reps: setting(reps), each: setting(20.0), minutes: setting(20.0), hour: setting(0.0), decay };
    Settings { team, weeks: 52.0, seed: 1, draws: 100 }
}

fn asked(leads: &[Lead], settings: &Settings, bar: Option<i64>) -> crate::Answer {
    let currency = Currency::parse("EUR").unwrap();
    let answer = page(&Asked { leads, settings, bar, currency, period: "2026", notes: &[] });
    complete(&answer);
    answer
}

fn value(answer: &crate::Answer, id: &str) -> f64 {
    let found = placeholders::figures(&answer.sections[0]).find(|f| f.id == id).unwrap_or_else(|| panic!("no {id}"));
    if let Value::Real(x) = found.value { x } else { panic!("{id} is withheld") }
}

fn codes(answer: &crate::Answer) -> Vec<&str> {
    answer.sections[0].findings.iter().map(|f| f.code.as_str()).collect()
}

/// 30,000 leads a year are 577 a week; a team of 15 that takes 20 each cannot work them all. The curve is that of the queue
/// at the true chances, within what the draws allow, and the best bar is the true one or next to it.
#[test]
fn the_best_bar_is_that_of_the_true_chances() {
    let leads = leads(30_000, 0.9, 3);
    let settings = settings(15.0, Some(DECAY));
    let answer = asked(&leads, &settings, Some(45));
    let bands: Vec<kernel::Band> = CHANCES
        .iter()
        .rev()
        .enumerate()
        .map(|(place, chance)| {
            let n = leads.iter().filter(|l| l.points == 80 - 10 * place as i64).count();
            kernel::Band { arrivals: n as f64 / 52.0, worth: chance * WORTH }
        })
        .collect();
    let team = kernel::Team { servers: 15, each: 20.0, decay: DECAY, cost: 0.0 };
    let truth = kernel::curve(&bands, &team, kernel::Habit::WorksCold).unwrap();
    let best = kernel::best(&truth).unwrap();
    let figure = placeholders::figures(&answer.sections[0]).find(|f| f.id == "capacity.best.net").unwrap();
    let report::Certainty::Estimated(interval) = figure.certainty else { panic!() };
    assert!(interval.lo90 < truth[best].net && truth[best].net < interval.hi90, "{interval:?} {}", truth[best].net);
    for (place, point) in truth.iter().enumerate() {
        let net = value(&answer, &format!("capacity.bar.{place}.net"));
        assert!((net / point.net - 1.0).abs() < 0.15 || point.net < 1.0, "bar {place}: {net} beside {}", point.net);
    }
    assert!(codes(&answer).contains(&"overfull") && codes(&answer).contains(&"today"));
    // today's bar of 45 is that of the bands from 50 on
    let today = value(&answer, "capacity.today.passed");
    assert!((today - truth[3].passed).abs() < 1e-9, "{today}");
    let price = value(&answer, "capacity.price");
    assert!(price > 0.0);
}

#[test]
fn what_reps_do_with_cold_leads_decides_the_model() {
    let settings = settings(15.0, Some(DECAY));
    let cold = asked(&leads(20_000, 0.9, 5), &settings, None);
    assert!(cold.headline.contains("however cold"), "{}", cold.headline);
    let fresh = asked(&leads(20_000, 0.1, 5), &settings, None);
    assert!(fresh.headline.contains("lets cold leads go"), "{}", fresh.headline);
    // a team that lets go has a lower bar: a full week costs it little
    let best = |a: &crate::Answer| value(a, "capacity.other.points");
    assert!(best(&fresh) >= best(&cold), "{} {}", best(&fresh), best(&cold));
}

/// A decay that is learned is near the true one where who waits is chance, and is called confounded.
#[test]
fn a_decay_that_is_learned_is_called_confounded() {
    let answer = asked(&leads(60_000, 1.0, 7), &settings(25.0, None), None);
    let learned = value(&answer, "capacity.setting.decay");
    // in odds, which fall a little faster than chances; waits beyond four weeks are not told apart
    assert!((learned - DECAY).abs() < 0.1, "{learned}");
    let said = answer.sections[0].caveats.join(" ");
    assert!(said.contains("not drawn by lot: reps try the promising ones first"), "{said}");
}

#[test]
fn a_team_with_hours_to_spare_is_told_that_one_more_is_worth_nothing() {
    let answer = asked(&leads(20_000, 0.9, 9), &settings(100.0, Some(DECAY)), None);
    assert_eq!(value(&answer, "capacity.price"), 0.0);
    let price = answer.sections[0].findings.iter().find(|f| f.code == "price").unwrap();
    assert!(price.text.contains("worth nothing"), "{}", price.text);
    // nothing is lost by passing all of them
    assert!(value(&answer, "capacity.bar.7.kept") > 0.9);
}

#[test]
fn too_few_wins_or_one_score_for_all_are_refused() {
    let settings = settings(15.0, None);
    for leads in [
        leads(60, 0.9, 1),
        leads(5_000, 0.9, 1).into_iter().map(|l| Lead { points: 5, ..l }).collect(),
        leads(5_000, 0.9, 1).into_iter().map(|l| Lead { waited: None, ..l }).collect(),
        vec![],
    ] {
        let answer = asked(&leads, &settings, None);
        assert_eq!(answer.sections[0].refusals[0].code, "too_few");
    }
}
