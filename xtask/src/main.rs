//! Checks and chores that run on this workspace: `cargo xtask walls`, `cargo xtask tidy`.
//!
//! Both also run as tests. Invariant: a rule of the house that a machine can check is checked here.

mod tidy;
mod walls;

fn main() -> std::process::ExitCode {
    let problems = match std::env::args().nth(1).as_deref() {
        Some("walls") => walls::problems(),
        Some("tidy") => tidy::problems(),
        _ => {
            eprintln!("usage: cargo xtask walls | tidy");
            return std::process::ExitCode::from(2);
        }
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
