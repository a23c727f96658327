//! How far a long job is: a line that moves on a terminal, plain lines in a pipe, nothing when quiet.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// One line of progress.
pub struct Line {
    bar: Option<ProgressBar>,
    plain: bool,
    name: String,
    started: Instant,
    said: Instant,
}

/// How often a plain line is printed.
const EVERY: Duration = Duration::from_secs(5);

impl Line {
    /// Starts a line; `total` is in the unit of `at`, 0 where not known.
    pub fn start(name: &str, total: u64, quiet: bool) -> Line {
        let terminal = std::io::stderr().is_terminal();
        let bar = (terminal && !quiet).then(|| {
            let bar = if total > 0 { ProgressBar::new(total) } else { ProgressBar::new_spinner() };
            let template = if total > 0 {
                "{prefix:<28!} {bar:24} {percent:>3}%  {msg}  {eta} left"
            } else {
                "{prefix:<28!} {spinner}  {msg}"
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("━╸ "));
            }
            bar.set_prefix(name.to_owned());
            bar
        });
        let now = Instant::now();
        Line { bar, plain: !terminal && !quiet, name: name.to_owned(), started: now, said: now }
    }

    /// Says how far it is: bytes (or steps) done of `total`, and rows.
    pub fn at(&mut self, done: u64, total: u64, rows: u64) {
        let seconds = self.started.elapsed().as_secs_f64().max(1e-3);
        let rate = rows as f64 / seconds;
        let message = format!("{} rows, {}/s", faces::format::count(rows as i64), faces::format::count(rate as i64));
        if let Some(bar) = &self.bar {
            if total > 0 {
                bar.set_length(total);
            }
            bar.set_position(done);
            bar.set_message(message);
        } else if self.plain && self.said.elapsed() >= EVERY {
            self.said = Instant::now();
            let left = if done > 0 && total > done {
                format!(", about {:.0} s left", seconds * (total - done) as f64 / done as f64)
            } else {
                String::new()
            };
            eprintln!("{}: {message}{left}", self.name);
        }
    }

    /// Ends the line.
    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
