//! What a command prints, and how it ends.

use std::io::{IsTerminal, Write};

use crate::failure::Failure;

/// How a command ended, apart from errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Done.
    Done,
    /// Done, with rejects or refusals.
    WithRejects,
}

/// What every command knows about how to print.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// As JSON.
    pub json: bool,
    /// No progress.
    pub quiet: bool,
}

impl Style {
    /// The terminal's columns: `COLUMNS`, else 100; never so few or so many that a table cannot be laid out.
    pub fn columns(self) -> usize {
        std::env::var("COLUMNS").ok().and_then(|c| c.parse::<usize>().ok()).unwrap_or(100).clamp(40, 400)
    }

    /// Whether to use bold and dim.
    pub fn ansi(self) -> bool {
        std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
    }
}

/// Prints to standard output. A closed pipe is no error: the reader has read enough.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new("io", format!("standard output: could not write: {e}")))
        }
        _ => Ok(()),
    }
}

/// Prints a JSON value, indented.
pub fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    print(&format!("{value:#}\n"))
}
