//! What was planted, and what it is expected to have done to the current quarter's won revenue.

use serde::Serialize;

use super::{Expected, Rates};
use crate::Company;
use crate::time::{CURRENT, PLANTED};
use crate::trade::World;

/// One planted change.
#[derive(Debug, Clone, Serialize)]
pub struct Planted {
    /// One of: volume, mix, mql_rate, acceptance, qualification, opportunity_rate, win_rate, list_price, discount, timing.
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
        Company::Leaky => {
            let slow = World { answer: World::of(company).answer, ..World::STEADY };
            let side = Expected::of(&slow, leads).won[CURRENT] - steady.won[CURRENT];
            let touches = "hand-offs from then on";
            let main = one("acceptance", size - side, Some(rates.acceptance), touches);
            (vec![main], vec![one("timing", side, None, touches)])
        }
        Company::Flooded => (flooded(&World::of(company), here.fresh, size, rates), vec![]),
        Company::Discounted => {
            (vec![one("discount", size, Some(rates.discount), "opportunities decided from then on")], vec![])
        }
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
