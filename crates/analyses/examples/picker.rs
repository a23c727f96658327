//! Prints how often a picker gets through where nothing is there, and how often a planted difference does.
//!
//! `cargo run --release -p lockstep-analyses --example picker [seeds] [redraws]`

use lockstep_analyses::Error;
use lockstep_analyses::claims::Side;
use lockstep_analyses::claims::picker::{Rates, false_positives, power};

fn main() -> Result<(), Error> {
    let given = |place: usize| std::env::args().nth(place).and_then(|n| n.parse::<u32>().ok());
    let (seeds, redraws) = (u64::from(given(1).unwrap_or(400)), given(2).unwrap_or(999));
    println!("| claim | runs | alone at .05 | after the search at .05 | held |\n|---|---|---|---|---|");
    let line = |what: &str, r: Rates| {
        println!("| {what} | {} | {} | {} | {} |", r.runs, r.alone, r.searched, r.held);
    };
    line("picked, below, nothing there", false_positives(0..seeds, Side::Below, redraws)?);
    line("picked, above, nothing there", false_positives(0..seeds, Side::Above, redraws)?);
    for points in [6, 10, 15] {
        line(&format!("planted, +{points} points"), power(0..seeds, f64::from(points) / 100.0, redraws)?);
    }
    Ok(())
}
