//! Prints how long the quality room takes on invented leads: `answer` whole, of which the plain executor (which stands
//! here for the scan of facts) takes a part that is printed too.
//!
//! `cargo run --release -p lockstep-analyses --example quality_speed [leads] [sources] [reps]`

#![allow(clippy::disallowed_methods)] // An example looks at the clock.

use std::time::Instant;

use lockstep_analyses::{Error, Question, answer};
use tallies::columns::lead_cycle as lead;
use tallies::plain::Tables;
use tallies::{Extract, Facts, Grain, Spec, Table, Tally};
use terms::{Currency, FiscalYear};

/// Counts, and remembers how long counting took.
struct Timed {
    tables: Tables,
    spent: std::cell::Cell<f64>,
    cells: std::cell::Cell<usize>,
}

impl Facts for Timed {
    type Error = <Tables as Facts>::Error;

    fn answer(&self, specs: &[Spec]) -> Result<Vec<Tally>, Self::Error> {
        let start = Instant::now();
        let out = self.tables.answer(specs);
        self.spent.set(self.spent.get() + start.elapsed().as_secs_f64());
        let cells = out.iter().flatten().map(|t| t.cells).max().unwrap_or(0);
        self.cells.set(self.cells.get().max(cells));
        out
    }

    fn extract(&self, extract: &Extract) -> Result<Table, Self::Error> {
        self.tables.extract(extract)
    }
}

/// A number in 0..1 that follows from the last one.
fn roll(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1u64 << 53) as f64
}

fn main() -> Result<(), Error> {
    let given = |place: usize, other: usize| std::env::args().nth(place).and_then(|n| n.parse().ok()).unwrap_or(other);
    let (leads, sources, reps) = (given(1, 1_000_000), given(2, 300), given(3, 300));
    let mut state = 7;
    let mut table = Table::new(Grain::LeadCycle, leads);
    for i in 0..leads {
        let (source, rep) = (roll(&mut state) * sources as f64, roll(&mut state) * reps as f64);
        let day = 20_089 + (roll(&mut state) * 730.0) as i64;
        let wait = if roll(&mut state) < 0.5 { 10 } else { 300 };
        let effect = |level: f64, of: usize| (level.floor() / of as f64 - 0.5) * 1.2;
        let odds = (effect(source, sources) + effect(rep, reps) - 1.2).exp();
        let won = roll(&mut state) < odds / (1.0 + odds);
        let at = day * 1_440 + (roll(&mut state) * 1_439.0) as i64;
        table.set(lead::KEY, i, i as i64 + 1);
        table.set_text(lead::SOURCE, i, &format!("s{}", source as usize));
        table.set_text(lead::OWNER, i, &format!("r{}", rep as usize));
        for (column, value) in [
            (lead::CREATED_AT, at),
            (lead::HANDOFF_AT, at),
            (lead::HAS_CREATED_AT, 1),
            (lead::FIRST_ATTEMPT_AT, at + wait),
        ] {
            table.set(column, i, value);
        }
        table.set(lead::FIRST_IS_DAY, i, 0);
        table.set(lead::REACHED_WON, i, i64::from(won));
        if won {
            table.set(lead::WON_AT, i, at + 400 + (roll(&mut state) * 20.0 * 1_440.0) as i64);
        }
    }
    let timed = Timed { tables: Tables { tables: vec![table] }, spent: 0.0.into(), cells: 0.into() };
    let (Some(period), Some(currency)) = (FiscalYear::default().parse_period("2026Q3"), Currency::parse("USD")) else {
        return Ok(());
    };
    let question = Question::new(period, (20_818 + 1) * 1_440 - 1, currency);
    let start = Instant::now();
    let said = answer(&question, &["quality"], &timed)?;
    let (all, counted) = (start.elapsed().as_secs_f64(), timed.spent.get());
    println!("{}", said.headline);
    println!("{leads} leads, {} cells: room {:.2} s, counting {counted:.2} s", timed.cells.get(), all - counted);
    Ok(())
}
