//! Checks and chores that run on this workspace: `cargo xtask walls`, `cargo xtask tidy`,
//! `cargo xtask recovery`.
//!
//! The first two also run as tests. Invariant: a rule of the house that a machine can check is checked here.

mod recovery;
mod tidy;
mod walls;

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let problems = match args.first().map(String::as_str) {
        Some("walls") => walls::problems(),
        Some("tidy") => tidy::problems(),
        Some("recovery") => recovery::measure(args.get(1..).unwrap_or_default()),
        _ => {
            eprintln!("usage: cargo xtask walls | tidy | recovery [--seeds N] [--leads N] [--jobs N] [--company NAME]");
            return std::process::ExitCode::from(2);
        }
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
