//! An invented company whose sources, reps and months are known, for the tests of this room.
//!
//! Not here: anything but leads. Invariant: same world, same seed, same table; names do not touch a draw.

use tallies::columns::lead_cycle as lead;
use tallies::plain::Tables;
use tallies::{Grain, Table};
use terms::{Currency, FiscalYear};

use crate::Question;
use crate::invented::Dice;

pub const SOURCES: usize = 8;
pub const REPS: usize = 10;
/// Log odds of each source and rep against the mean; they add to 0.
const SOURCE: [f64; SOURCES] = [0.6, -0.5, 0.2, 0.9, -0.9, 0.3, -0.4, -0.2];
const REP: [f64; REPS] = [0.5, -0.3, 0.1, -0.6, 0.4, 0.0, -0.2, 0.3, -0.4, 0.2];
const SHARE: [f64; SOURCES] = [0.2, 0.2, 0.15, 0.13, 0.12, 0.08, 0.07, 0.05];
const MONTH: [f64; 15] = [0.1, -0.1, 0.0, 0.2, 0.0, -0.2, 0.1, 0.0, -0.1, 0.1, 0.0, -0.1, 0.0, 0.1, -0.1];
const BASE: f64 = -1.2;
const FAST: f64 = 0.5;
/// 2025-07-01.
const START: i64 = 20_270;
/// 2026-07-01: from here on what is planted holds.
const PLANTED: i64 = 20_635;
/// The end of 2026-12-31.
const AS_OF: i64 = (20_818 + 1) * 1_440 - 1;

#[derive(Clone, Copy, Debug)]
pub struct Planted {
    pub leads: usize,
    /// Times each rep's effect.
    pub skill: f64,
    /// What moves for all.
    pub common: f64,
    /// What moves for the first source alone.
    pub first_source: f64,
    /// What moves for the three reps with the most leads.
    pub big_reps: f64,
    /// Sources and reps in two halves that share nothing.
    pub apart: bool,
    /// Owners known for wins alone.
    pub only_won: bool,
    /// Share of the leads dealt out by lot to a team that stays as it is.
    pub lot: f64,
    /// What moves for all but those: reps and procedure.
    pub reps: f64,
    /// Whether the lot falls on some sources alone.
    pub uneven: bool,
    /// Whether the team of the lot is faster from then on.
    pub hurried: bool,
    /// By how much sources and reps are renamed in a circle.
    pub renamed: usize,
}

impl Default for Planted {
    fn default() -> Planted {
        Planted {
            leads: 9_000,
            skill: 1.0,
            common: 0.0,
            first_source: 0.0,
            big_reps: 0.0,
            apart: false,
            only_won: false,
            lot: 0.0,
            reps: 0.0,
            uneven: false,
            hurried: false,
            renamed: 0,
        }
    }
}

pub fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

pub fn question() -> Question {
    let period = FiscalYear::default().parse_period("2026Q3").unwrap();
    Question { draws: 200, ..Question::new(period, AS_OF, Currency::parse("USD").unwrap()) }
}

pub fn source_name(source: usize) -> String {
    format!("s{source}")
}

/// The table, and the true rate of all rows had they come from each source.
pub fn world(planted: &Planted, seed: u64) -> (Tables, [f64; SOURCES]) {
    let mut dice = Dice::new(seed);
    let mut leads = Table::new(Grain::LeadCycle, planted.leads);
    let mut truth = [0.0; SOURCES];
    for i in 0..planted.leads {
        let day = START + (dice.unit() * (15.0 * 30.5 - 1.0)) as i64;
        let source = pick(&mut dice, &SHARE);
        // the first three reps get half of the leads; the mean of the reps does not follow their numbers
        let weights: [f64; REPS] = std::array::from_fn(|r| {
            let meets = !planted.apart || (r < REPS / 2) == (source < SOURCES / 2);
            f64::from(u8::from(meets))
                * if r < 3 { 1.0 } else { 3.0 / 7.0 }
                * if r % 2 == source % 2 { 1.5 } else { 1.0 }
        });
        let rep = pick(&mut dice, &weights);
        let by_lot = planted.lot > 0.0 && dice.unit() < planted.lot && !(planted.uneven && source > 3);
        let late = day >= PLANTED;
        let fast = dice.unit() < if by_lot && late && planted.hurried { 0.8 } else { 0.5 };
        let month = (((day - START) as f64 / 30.5) as usize).min(14);
        let late = f64::from(u8::from(late));
        let own_rep = if by_lot { 0.0 } else { planted.skill * REP[rep] + late * planted.reps };
        let rest = BASE
            + own_rep
            + MONTH[month]
            + FAST * f64::from(u8::from(fast))
            + late * planted.common
            + late * planted.big_reps * f64::from(u8::from(rep < 3));
        let own = |s: usize| SOURCE[s] + late * planted.first_source * f64::from(u8::from(s == 0));
        for (s, sum) in truth.iter_mut().enumerate() {
            *sum += expit(rest + own(s)) / planted.leads as f64;
        }
        let is_won = dice.unit() < expit(rest + own(source));
        let created = day * 1_440 + (dice.unit() * 1_439.0) as i64;
        let first = created + if fast { 10 } else { 300 };
        let won = created + 400 + (dice.wait(6.0).min(25.0) * 1_440.0) as i64;
        leads.set(lead::KEY, i, i as i64 + 1);
        leads.set_text(lead::SOURCE, i, &source_name((source + planted.renamed) % SOURCES));
        if !planted.only_won || is_won {
            let name = if by_lot { "lot".to_owned() } else { format!("r{}", (rep + 3 * planted.renamed) % REPS) };
            leads.set_text(lead::OWNER, i, &name);
        }
        if by_lot {
            leads.set_text(lead::LANE, i, crate::columns::LOT[i % 2]);
        }
        for (column, value) in [(lead::CREATED_AT, created), (lead::HANDOFF_AT, created), (lead::HAS_CREATED_AT, 1)] {
            leads.set(column, i, value);
        }
        leads.set(lead::FIRST_ATTEMPT_AT, i, first);
        leads.set(lead::FIRST_IS_DAY, i, 0);
        leads.set(lead::REACHED_WON, i, i64::from(is_won));
        if is_won {
            leads.set(lead::WON_AT, i, won);
        }
    }
    (Tables { tables: vec![leads] }, truth)
}

fn pick(dice: &mut Dice, weights: &[f64]) -> usize {
    let mut left = dice.unit() * weights.iter().sum::<f64>();
    weights
        .iter()
        .position(|w| {
            left -= w;
            left < 0.0
        })
        .unwrap_or(0)
}
