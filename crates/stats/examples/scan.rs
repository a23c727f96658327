//! Prints how long one claim check takes: three dimensions, 24 periods, 999 redraws.
//!
//! `cargo run --release -p lockstep-stats --example scan [trials]`

#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // An example may stop at a surprise, and looks at the clock.

use std::time::Instant;

use lockstep_stats::scan::{Cell, Cells, Member, Redraw, Rule, Scan};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

const SIZES: [usize; 3] = [8, 5, 4];
const TIMES: usize = 24;

fn main() {
    let given = std::env::args().nth(1).and_then(|n| n.parse().ok());
    println!("| trials | redraw | filters | redraws | scan p | seconds |\n|---|---|---|---|---|---|");
    for trials in given.map_or(vec![20_000usize, 200_000, 1_000_000], |n| vec![n]) {
        let mut chance = Pcg64::seed_from_u64(1);
        let count = SIZES.iter().product::<usize>() * TIMES;
        let mut n = vec![0u32; count];
        let mut k = vec![0u32; count];
        let mut members = Vec::with_capacity(trials);
        for trial in 0..trials {
            let (i, hit) = (chance.random_range(0..count), u32::from(chance.random::<f64>() < 0.2));
            n[i] += 1;
            k[i] += hit;
            members.push(Member { cluster: (trial / 4) as u32, cell: i as u32, n: 1, k: hit });
        }
        let level = |i: usize, below: usize, size: usize| (i / below % size) as u32;
        let cells: Vec<Cell> = (0..count)
            .map(|i| Cell {
                levels: vec![level(i, TIMES * 20, 8), level(i, TIMES * 4, 5), level(i, TIMES, 4)],
                time: (i % TIMES) as u32,
                n: n[i],
                k: k[i],
            })
            .collect();
        for (name, redraw) in [("trials", Redraw::Trials), ("clusters of 4", Redraw::Clusters(&members))] {
            let start = Instant::now();
            let scan = Scan::new(Cells::new(&SIZES, TIMES, cells.clone()).unwrap(), redraw).unwrap();
            // The strongest there is: few redraws pass it, so nearly all of them look at every filter.
            let claim = scan.strongest(150).unwrap().unwrap();
            let got = scan.check(&claim, Rule { floor: 150, redraws: 999, seed: 1 }).unwrap();
            let seconds = start.elapsed().as_secs_f64();
            println!("| {trials} | {name} | {} | 999 | {:.3} | {seconds:.3} |", got.family, got.scan_p);
        }
    }
}
