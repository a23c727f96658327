//! `lockstep simulate`: the exports of an invented company, with its truth beside them.

use std::path::Path;

use simulate::{Company, Plan, Truth};

use crate::cli;
use crate::failure::Failure;
use crate::output::{self, Ended, Style};
use crate::progress::Line;

/// Runs the command.
pub fn run(args: &cli::Simulate, style: Style) -> Result<Ended, Failure> {
    let truth = write(&args.company, args.leads, args.seed, &args.out, style)?;
    if style.json {
        let value = serde_json::to_value(&truth).unwrap_or_default();
        output::print_json(&value)?;
    } else {
        output::print(&format!(
            "Wrote the exports of `{}` (seed {}) to {}\nIts truth stands in {}\nNext: lockstep import {}\n",
            args.company,
            args.seed,
            args.out.display(),
            args.out.join("truth.json").display(),
            args.out.display()
        ))?;
    }
    Ok(Ended::Done)
}

/// Writes the exports of a company by name.
pub fn write(company: &str, leads: Option<u64>, seed: u64, out: &Path, style: Style) -> Result<Truth, Failure> {
    let company = self::company(company)?;
    let mut plan = Plan::new(company, seed);
    if let Some(leads) = leads {
        plan.leads = leads;
    }
    let mut line = Line::start("writing exports", 0, style.quiet || style.json);
    let truth = simulate::write(&plan, out, &mut |rows| line.at(0, 0, rows))?;
    line.done();
    Ok(truth)
}

/// The company of a name.
pub fn company(name: &str) -> Result<Company, Failure> {
    Company::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Company::ALL.iter().map(|c| c.name()).collect();
        Failure::new("unknown_company", format!("`{name}`: is no invented company")).hint(format!("one of {}", names.join(", ")))
    })
}
