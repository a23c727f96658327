//! `lockstep simulate`: the exports of an invented company, with its truth beside them.

use std::path::Path;

use simulate::{Company, Plan, Truth};

use crate::cli;
use crate::failure::Failure;
use crate::output::{self, Ended, Style};
use crate::progress::Line;

/// Runs the command.
pub fn run(args: &cli::Simulate, style: Style) -> Result<Ended, Failure> {
    let mut plan = plan(&args.company, args.leads, args.seed)?;
    plan.touches_per_lead = args.touches_per_lead.unwrap_or(plan.touches_per_lead);
    plan.activities_per_lead = args.activities_per_lead.unwrap_or(plan.activities_per_lead);
    let truth = write_plan(&plan, &args.out, style)?;
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
    write_plan(&plan(company, leads, seed)?, out, style)
}

fn plan(company: &str, leads: Option<u64>, seed: u64) -> Result<Plan, Failure> {
    let mut plan = Plan::new(self::company(company)?, seed);
    plan.leads = leads.unwrap_or(plan.leads);
    Ok(plan)
}

fn write_plan(plan: &Plan, out: &Path, style: Style) -> Result<Truth, Failure> {
    let mut line = Line::start("writing exports", 0, style.quiet || style.json);
    let truth = simulate::write(plan, out, &mut |rows| line.at(0, 0, rows))?;
    line.done();
    Ok(truth)
}

/// The company of a name.
pub fn company(name: &str) -> Result<Company, Failure> {
    Company::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Company::ALL.iter().map(|c| c.name()).collect();
        Failure::new("unknown_company", format!("`{name}`: is no invented company"))
            .hint(format!("one of {}", names.join(", ")))
    })
}
