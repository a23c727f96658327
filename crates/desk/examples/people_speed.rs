//! Prints how fast people are taken in: `cargo run --release -p lockstep-desk --example people_speed -- 1000000`.

use std::error::Error;
use std::time::Instant;

use lockstep_desk::{Desk, Seen};

fn main() -> Result<(), Box<dyn Error>> {
    let people: u64 = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = std::env::temp_dir().join(format!("desk-speed-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("desk.sqlite");
    let run = |label: &str| -> Result<(), Box<dyn Error>> {
        let desk = Desk::open(&file)?;
        let start = Instant::now();
        for n in 0..people {
            let mail = format!("person{}@company{}.example", n, n % 50_000);
            let phone = format!("+4930{:09}", n.wrapping_mul(2_654_435_761) % 1_000_000_000);
            let name = format!("Given{} Family{}", n % 1_000, n);
            desk.person(&Seen { mail: Some(&mail), phone: Some(&phone), name: Some(&name) })?;
        }
        let asked = start.elapsed();
        desk.flush()?;
        println!("{label}: {people} rows, {asked:?} until flush, {:?} in all", start.elapsed());
        Ok(())
    };
    run("all new")?;
    run("all known")?;
    println!("file: {} MB", std::fs::metadata(&file)?.len() / 1_000_000);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
