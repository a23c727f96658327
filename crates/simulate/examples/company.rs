//! Writes one company: `company <name> <folder> [leads] [seed]`, and says how long it took by rows.

use std::path::PathBuf;

use lockstep_simulate::{Company, Plan, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let company = args.next().and_then(|name| Company::parse(&name)).ok_or("name a company")?;
    let out = PathBuf::from(args.next().ok_or("name a folder")?);
    let mut plan = Plan::new(company, 1);
    if let Some(leads) = args.next() {
        plan.leads = leads.parse()?;
    }
    if let Some(seed) = args.next() {
        plan.seed = seed.parse()?;
    }
    let mut rows = 0;
    let truth = write(&plan, &out, &mut |n| rows = n)?;
    println!("{} leads, {rows} rows, {} planted", truth.leads, truth.planted.len());
    Ok(())
}
