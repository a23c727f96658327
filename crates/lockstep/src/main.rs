//! The front door: reads the command line, opens the home, wires the crates, prints, and says how it ended.
//!
//! Not here: any decision about data. Invariant: exit codes are 0 done, 1 done with rejects or refusals, 2 not done.

mod agreements;
mod aside;
mod cli;
mod commands;
mod drafting;
mod failure;
mod home;
mod importing;
mod kept;
mod known;
mod opening;
mod output;
mod progress;
mod reps;
mod requests;
mod scoring;
mod serving;
mod targets;
mod timings;
mod turns;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::output::{Ended, Style};

/// What the system's allocator keeps of memory that was given back, a server of a large company holds for good.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let style = Style { json: cli.json, quiet: cli.quiet };
    match run(&cli, style) {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::WithRejects) => ExitCode::from(1),
        Err(failure) => {
            if style.json {
                println!("{:#}", failure.to_json());
            } else {
                eprintln!("lockstep: {failure} [{}]", failure.code);
                if let Some(hint) = &failure.hint {
                    eprintln!("hint: {hint}");
                }
            }
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli, style: Style) -> Result<Ended, Failure> {
    let home = cli.home.as_path();
    match &cli.command {
        Command::Demo(args) => commands::demo::run(args, cli, style),
        Command::Import(args) => commands::import::run(args, home, style),
        Command::Person(args) => commands::person::run(args, home, style),
        Command::Map(args) => commands::map::run(args, style),
        Command::Rejects(args) => commands::rejects::run(args, home, style),
        Command::Contradictions(args) => commands::contradictions::run(args, home, style),
        Command::Report(args) => commands::report::run(args, home, style),
        Command::Agreement(args) => commands::agreement::run(args, home, style),
        Command::Claim(args) => commands::claim::run(args, home, style),
        Command::Rows(args) => commands::rows::run(args, home, style),
        Command::Explain(args) => commands::explain::run(args, home, style),
        Command::Key(args) => commands::key::run(args, home, style),
        Command::Capacity(args) => commands::capacity::run(args, home, style),
        Command::Clocks(args) => commands::clocks::run(args, home, style),
        Command::Queue(args) => commands::queue::run(args, home, style),
        Command::Goal(args) => commands::goal::run(args, home, style),
        Command::User(args) => commands::user::run(args, home, style),
        Command::Serve(args) => commands::serve::run(args, home, style),
        Command::Score(args) => commands::score::run(args, home, style),
        Command::Verify(args) => commands::verify::run(args, home, style),
        Command::Status => commands::status::run(home, style),
        Command::Set(args) => commands::set::run(args, home, style),
        Command::Link(args) => commands::link::run(args, home, style),
        Command::Withdraw(args) => commands::withdraw::run(args, home, style),
        Command::Simulate(args) => commands::simulate::run(args, style),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "lockstep", &mut std::io::stdout());
            Ok(Ended::Done)
        }
    }
}
