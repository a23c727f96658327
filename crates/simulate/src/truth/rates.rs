//! The rates of the world over all leads, worked out from its tables.

use serde::Serialize;

use crate::time::{Moment, PLANTED};
use crate::trade::{AE_SEATS, DISCOUNT, Gate, Segment, Source, World, list_mean};

/// Rates over all leads of first cycles, before and after 2026-07-01.
#[derive(Debug, Clone, Serialize)]
pub struct Rates {
    /// Leads per quarter.
    pub volume: [f64; 2],
    /// inquiry to mql.
    pub mql_rate: [f64; 2],
    /// Hand-offs that are tried at all.
    pub coverage: [f64; 2],
    /// Of those, first tried within an hour of the hand-off, by the clock.
    pub speed: [f64; 2],
    /// mql to sal.
    pub acceptance: [f64; 2],
    /// sal to sql.
    pub qualification: [f64; 2],
    /// sql to opportunity.
    pub opportunity_rate: [f64; 2],
    /// opportunity (with a lead) to closed_won.
    pub win_rate: [f64; 2],
    /// Mean list price of opportunities with a lead that are won.
    pub list_price: [f64; 2],
    /// Mean discount, as a share of the list price; the planted one is the mean over the quarter's days.
    pub discount: [f64; 2],
}

/// The usual rates of one source and segment.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    /// Source.
    pub source: &'static str,
    /// Segment.
    pub segment: &'static str,
    /// Share of leads, before and after.
    pub share: [f64; 2],
    /// inquiry to mql, mql to sal, sal to sql, sql to opportunity, opportunity to closed_won; before.
    pub rates: [f64; 5],
    /// Mean list price.
    pub list_price: f64,
}

/// Overall rates, and the table of cells.
pub fn rates(world: &World, leads: u64) -> (Rates, Vec<Cell>) {
    let (before, after) = (PLANTED.plus(-1), PLANTED);
    let (b, a) = (Flow::at(world, before), Flow::at(world, after));
    let both = |f: fn(&Flow) -> f64| [f(&b), f(&a)];
    let efforts = [before, after].map(|at| world.effort(Source::ALL[0], Segment::ALL[0], at));
    let per_quarter = leads as f64 / 8.0;
    let rates = Rates {
        volume: [per_quarter, per_quarter * (1.0 + world.extra)],
        mql_rate: both(|f| f.through[1] / f.through[0]),
        coverage: efforts.map(|e| e.tried),
        speed: efforts.map(|e| e.speeds()[0]),
        acceptance: both(|f| f.through[2] / f.through[1]),
        qualification: both(|f| f.through[3] / f.through[2]),
        opportunity_rate: both(|f| f.through[4] / f.through[3]),
        win_rate: both(|f| f.through[5] / f.through[4]),
        list_price: both(|f| f.list / f.through[5]),
        discount: [DISCOUNT.mean() / 1000.0, discount(world)],
    };
    (rates, cells(world, before, after))
}

fn discount(world: &World) -> f64 {
    // 14 of the quarter's 92 days are late
    world.slump.map_or(DISCOUNT.mean(), |s| (s.early * 78.0 + s.late * 14.0) / 92.0) / 1000.0
}

/// How many of one lead reach each stage, from inquiry to closed won, and their list price.
#[derive(Default)]
struct Flow {
    through: [f64; 6],
    list: f64,
}

impl Flow {
    fn at(world: &World, at: Moment) -> Flow {
        let mut flow = Flow::default();
        let seats = (0..AE_SEATS).map(|s| world.seat(s, at)).sum::<f64>() / AE_SEATS as f64;
        let extra = if at >= PLANTED { world.extra } else { 0.0 };
        for (weak, size) in [(false, 1.0), (true, extra)] {
            for (source, share) in Source::ALL.into_iter().zip(world.mix(at)) {
                for segment in Segment::ALL {
                    let mut n = share * segment.share() * size;
                    flow.through[0] += n;
                    for gate in Gate::ALL {
                        n *= world.rate(gate, Some(source), segment, at)
                            * match gate {
                                Gate::Mql if weak => world.weak_mql,
                                Gate::Qualification if weak => world.weak_qualification,
                                Gate::Win => seats,
                                _ => 1.0,
                            };
                        flow.through[gate as usize + 1] += n;
                    }
                    flow.list += n * list_mean(Some(source), segment);
                }
            }
        }
        flow
    }
}

fn cells(world: &World, before: Moment, after: Moment) -> Vec<Cell> {
    let mut cells = Vec::new();
    for source in Source::ALL {
        for segment in Segment::ALL {
            cells.push(Cell {
                source: source.name(),
                segment: segment.name(),
                share: [before, after].map(|at| world.mix(at)[source as usize] * segment.share()),
                rates: Gate::ALL.map(|g| world.rate(g, Some(source), segment, before)),
                list_price: list_mean(Some(source), segment),
            });
        }
    }
    cells
}
