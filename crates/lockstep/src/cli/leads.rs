//! The words of `score`, `capacity` and `goal`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

/// `score`
#[derive(Args, Debug)]
pub struct Score {
    /// The lead's id as its source gives it; or `rules`, `fit` or `junk`
    pub what: String,
    /// As of the end of this day, or this instant; the end of the data where none is named
    #[arg(long, value_name = "DATE|INSTANT")]
    pub as_of: Option<String>,
    /// Under this version of the agreement (number or hash), whatever was in force
    #[arg(long, value_name = "VERSION")]
    pub under: Option<String>,
    /// What leads are looked at for: opportunity where such are recorded, else won
    #[arg(long, value_enum)]
    pub outcome: Option<Outcome>,
    /// With `junk`: the mail domain of a competitor (several times)
    #[arg(long, value_name = "DOMAIN")]
    pub competitor: Vec<String>,
    /// Count touches that are taken for a machine's as well
    #[arg(long)]
    pub machines: bool,
    /// Fit on this column even though its name, or how well it tells, says that sales writes it (several times)
    #[arg(long, value_name = "COLUMN")]
    pub with: Vec<String>,
    /// Do not fit on this column (several times)
    #[arg(long, value_name = "COLUMN")]
    pub without: Vec<String>,
    /// Write the fitted rules to this file, in the agreement's own form
    #[arg(long, value_name = "FILE")]
    pub points_file: Option<PathBuf>,
    /// The seed of the splits
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How to print a page
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Columns of the text page; the terminal's width where none is given
    #[arg(long)]
    pub width: Option<usize>,
}

/// `capacity`
#[derive(Args, Debug)]
pub struct Capacity {
    /// Score by this version of the agreement (number or hash), whatever was in force
    #[arg(long, value_name = "VERSION")]
    pub under: Option<String>,
    /// People who work leads in a week; measured where not given
    #[arg(long)]
    pub reps: Option<f64>,
    /// Leads that one of them can take on in a week; measured where not given
    #[arg(long, value_name = "N")]
    pub leads_per_rep: Option<f64>,
    /// Minutes that one attempt takes; measured from calls, else 15
    #[arg(long, value_name = "MINUTES")]
    pub minutes_per_attempt: Option<f64>,
    /// What an hour costs, in the reporting currency; nothing where not given
    #[arg(long, value_name = "MONEY")]
    pub cost_per_hour: Option<f64>,
    /// Rate at which a week of waiting takes worth (0.5 leaves 61% after a week); learned where not given
    #[arg(long, value_name = "RATE")]
    pub decay: Option<f64>,
    /// How to print it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Columns of the text page; the terminal's width where none is given
    #[arg(long)]
    pub width: Option<usize>,
    /// The seed of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// `clocks`
#[derive(Args, Debug)]
pub struct Clocks {
    /// The period in which they started: 2026Q3, 2026-07, ...; the last full quarter where none is named
    #[arg(long)]
    pub period: Option<String>,
    /// Under this version of the agreement (number or hash), whatever was in force
    #[arg(long, value_name = "VERSION")]
    pub under: Option<String>,
    /// Of this clause only: first_attempt, disposition, rejected_leads, recycled_leads
    #[arg(long)]
    pub clause: Option<String>,
    /// Those that still run, the most urgent first
    #[arg(long, conflicts_with = "all")]
    pub running: bool,
    /// All of them: late, running and in time
    #[arg(long)]
    pub all: bool,
    /// As CSV, all of them
    #[arg(long)]
    pub csv: bool,
    /// How many to list
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
}

/// `queue`
#[derive(Args, Debug)]
pub struct Queue {
    /// Of the leads of this owner only, by the id that the CRM gives
    #[arg(long, value_name = "ID")]
    pub owner: Option<String>,
    /// What stands first; by what waiting loses where that can be told
    #[arg(long, value_enum, default_value = "value")]
    pub order: Order,
    /// As CSV, all of them
    #[arg(long)]
    pub csv: bool,
    /// How many to list
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
}

/// What stands first in the queue.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The lead that loses most by waiting another hour
    Value,
    /// Late clocks, then the next to run out
    Clock,
}

/// `goal`
#[derive(Args, Debug)]
pub struct Goal {
    /// What shall be won, in units of the reporting currency
    pub won: f64,
    /// Told apart by: segment, product, source, ...
    #[arg(long, value_name = "DIM")]
    pub by: Option<String>,
    /// How to print it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Columns of the text page; the terminal's width where none is given
    #[arg(long)]
    pub width: Option<usize>,
    /// The seed of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What a lead came to.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Sales accepted it
    Accepted,
    /// It became an opportunity
    Opportunity,
    /// It was won
    Won,
}
