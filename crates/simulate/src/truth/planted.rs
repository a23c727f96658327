//! What was planted, and what it is expected to have done to the current quarter's won revenue.

use serde::Serialize;

use super::{Expected, Rates};
use crate::Company;
use crate::time::{CURRENT, PLANTED};
use crate::trade::{DISCOUNT, Slump, World};

/// One planted change.
#[derive(Debug, Clone, Serialize)]
pub struct Planted {
    /// One of: volume, mix, mql_rate, coverage, speed, persistence,
    /// qualification, win_rate, discount, quarter_end_discount, timing.
    pub factor: &'static str,
    /// What it did to revenue: `down` or `up`.
    pub direction: &'static str,
    /// Expected effect on the current quarter's won revenue against no plant, in units of the currency.
    pub size_money: f64,
    /// The factor's level before, where it has one level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<f64>,
    /// Its level after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<f64>,
    /// The first day it holds.
    pub from: String,
    /// Whom it touches.
    pub touches: &'static str,
}

fn one(factor: &'static str, size: f64, levels: Option<[f64; 2]>, touches: &'static str) -> Planted {
    Planted {
        factor,
        direction: if size < 0.0 { "down" } else { "up" },
        size_money: (size * 100.0).round() / 100.0,
        before: levels.map(|l| l[0]),
        after: levels.map(|l| l[1]),
        from: PLANTED.day().to_string(),
        touches,
    }
}

/// What was planted in a company, and its side effects.
pub fn planted(
    company: Company,
    leads: u64,
    (steady, here): (&Expected, &Expected),
    rates: &Rates,
) -> (Vec<Planted>, Vec<Planted>) {
    let size = here.won[CURRENT] - steady.won[CURRENT];
    match company {
        Company::Leaky => leaky(&World::of(company), leads, steady.won[CURRENT], rates),
        Company::Flooded => (flooded(&World::of(company), here.fresh, size, rates), vec![]),
        Company::Discounted => (discounted(leads, steady.won[CURRENT], size, rates), vec![]),
        Company::Shifted => (vec![one("mix", size, None, "leads created from then on")], vec![]),
        Company::Slow => {
            let touches = "opportunities open then or created later";
            (vec![one("timing", size, Some([1.0, World::of(company).pace]), touches)], vec![])
        }
        Company::Turnover => {
            (vec![one("win_rate", size, Some(rates.win_rate), "opportunities decided from then on")], vec![])
        }
        _ => (vec![], vec![]),
    }
}

/// Splits the effect of larger discounts over those of the weeks before and those of the last two, fairly over both orders
/// (Shapley): the last weeks keep the same part of what the others keep in both.
fn discounted(leads: u64, steady: f64, size: f64, rates: &Rates) -> Vec<Planted> {
    let world = World::of(Company::Discounted);
    let Some(slump) = world.slump else { return vec![] };
    let of = |slump: Slump| Expected::of(&World { slump: Some(slump), ..world }, leads).won[CURRENT];
    let kept = (1000.0 - slump.late) / (1000.0 - slump.early);
    let usual = DISCOUNT.mean();
    let cut = of(Slump { late: slump.early, ..slump }) - steady;
    let end = of(Slump { early: usual, late: 1000.0 - kept * (1000.0 - usual) }) - steady;
    let levels = Some([rates.discount[0], slump.early / 1000.0]);
    let late = "opportunities decided in the last two weeks of the quarter";
    vec![
        one("discount", (cut + size - end) / 2.0, levels, "opportunities decided from then on"),
        one("quarter_end_discount", (end + size - cut) / 2.0, None, late),
    ]
}

/// Splits the effect of less follow-up over coverage, speed and persistence, fairly over all orders (Shapley). What
/// later answers do by being later, and not by reaching fewer, is a side effect on timing.
fn leaky(world: &World, leads: u64, steady: f64, rates: &Rates) -> (Vec<Planted>, Vec<Planted>) {
    let of = |set: usize| {
        let on = |bit: usize| set >> bit & 1 == 1;
        let mut part = World::STEADY;
        part.tried = if on(0) { world.tried } else { part.tried };
        part.answer = if on(1) { world.answer } else { part.answer };
        part.thin = on(2) && world.thin;
        Expected::of(&part, leads).won[CURRENT]
    };
    let won: Vec<f64> = (0..8).map(of).collect();
    // of one factor before none, one or both of the two others
    let weights = [1.0 / 3.0, 1.0 / 6.0, 1.0 / 3.0];
    let part = |bit: usize| {
        let without = (0..8usize).filter(|set| set >> bit & 1 == 0);
        without.map(|set| weights[set.count_ones() as usize] * (won[set | 1 << bit] - won[set])).sum::<f64>()
    };
    let late = World { answer: world.answer, flat: true, ..World::STEADY };
    let flat = World { flat: true, ..World::STEADY };
    let side = Expected::of(&late, leads).won[CURRENT] - Expected::of(&flat, leads).won[CURRENT];
    debug_assert!((won[0] - steady).abs() <= 1e-6 * steady.abs());
    let touches = "hand-offs from then on";
    let planted = vec![
        one("coverage", part(0), Some(rates.coverage), touches),
        one("speed", part(1) - side, Some(rates.speed), touches),
        one("persistence", part(2), None, touches),
    ];
    (planted, vec![one("timing", side, None, touches)])
}

/// Splits the effect of the extra leads over volume, mql rate and qualification, fairly over all orders (Shapley).
fn flooded(world: &World, fresh: f64, size: f64, rates: &Rates) -> Vec<Planted> {
    let (more, m, q) = (world.extra, world.weak_mql, world.weak_qualification);
    let factors = [1.0 + more, (1.0 + more * m) / (1.0 + more), (1.0 + more * m * q) / (1.0 + more * m)];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let mut parts = [0.0; 3];
    for order in orders {
        let mut level = fresh;
        for factor in order {
            parts[factor] += level * (factors[factor] - 1.0) / orders.len() as f64;
            level *= factors[factor];
        }
    }
    // the products ignore the little that hangs on segments and second cycles: the rest goes where the volume is
    parts[0] += size - parts.iter().sum::<f64>();
    let touches = "leads created from then on";
    vec![
        one("volume", parts[0], Some(rates.volume), touches),
        one("mql_rate", parts[1], Some(rates.mql_rate), touches),
        one("qualification", parts[2], Some(rates.qualification), touches),
    ]
}
