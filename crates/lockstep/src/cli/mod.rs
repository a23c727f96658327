//! The command line: what can be asked, with examples. No behaviour here.

mod agreement;
mod leads;
mod pages;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use agreement::{Agreement, AgreementWhat, KeyArgs, KeyWhat, Preview, Sign};
pub use leads::{Capacity, Clocks, Goal, Order, Outcome, Queue, Score};
pub use pages::{PersonArgs, PersonWhat, Serve, UserArgs, UserWhat};

/// The neutral referee between sales and marketing: why revenue moved, how sure that is, and what nobody can tell.
#[derive(Parser, Debug)]
#[command(name = "lockstep", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Start here:\n  lockstep demo                        an invented company, start to finish\n  lockstep import ~/crm-exports        your own files into ./lockstep-home\n  lockstep report                      why revenue moved, and how sure that is\n\nExit codes: 0 done, 1 done with rejects or refusals, 2 not done."
)]
pub struct Cli {
    /// The folder that holds one company's ledger
    #[arg(long, global = true, env = "LOCKSTEP_HOME", default_value = "lockstep-home", value_name = "DIR")]
    pub home: PathBuf,
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress lines
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make an invented company, import its exports and print its verdict
    #[command(
        after_help = "Examples:\n  lockstep demo\n  lockstep demo --company shifted --leads 50000 --seed 7\n  lockstep demo --company messy --format html > verdict.html"
    )]
    Demo(Demo),
    /// Read exports of CRM, marketing and ad tools into the ledger, as one batch
    #[command(
        after_help = "Examples:\n  lockstep import ~/Downloads/salesforce-export.zip\n  lockstep import exports/ --dry-run\n  lockstep import deals.csv --mapping mappings/our-crm.toml\n  lockstep import report.csv --date-order dmy --time-zone Europe/Berlin --currency EUR"
    )]
    Import(Import),
    /// Suggest a mapping for files that import does not know
    #[command(
        after_help = "Example:\n  lockstep map pipeline.csv > our-crm.toml   # read it, mend it, then\n  lockstep import pipeline.csv --mapping our-crm.toml"
    )]
    Map(Map),
    /// List rows that could not be read, or export them to be fixed and imported again
    #[command(
        after_help = "Examples:\n  lockstep rejects\n  lockstep rejects --export fixed/      # one CSV a file: fix the rows, then\n  lockstep import fixed/"
    )]
    Rejects(Rejects),
    /// List what sources or fields say differently, and the rule that decided
    Contradictions(Limit),
    /// Answer a question: why revenue moved, where the funnel changed
    #[command(
        after_help = "Examples:\n  lockstep report\n  lockstep report verdict --period 2026Q3 --against year-ago\n  lockstep report verdict --against plan plan.csv\n  lockstep report funnel --by source --by segment\n  lockstep report --format html > verdict.html\n  lockstep report --at 2026-07-01       # as it was known then"
    )]
    Report(Report),
    /// Check a claim that either team makes, or where a quoted number comes from
    #[command(
        after_help = "Examples:\n  lockstep claim --where 'source = Webinar and created in 2026Q2' --metric win_rate --below rest\n  lockstep claim --where 'segment in (SMB, Mid) and handed off in 2026Q2' --metric coverage --below before\n  lockstep claim save webinars --where 'source = Webinar and created in 2027Q1' --metric conversion --below rest --by sales\n  lockstep claim webinars              # once its period has passed\n  lockstep claim list\n  lockstep claim --quote '21x more likely to convert within 5 minutes'\n\nA filter: COLUMN = VALUE, COLUMN in (ONE, OTHER), COLUMN not in (ONE, OTHER), created in PERIOD, handed off in PERIOD, closed in PERIOD, with `and` between.\nMetrics: coverage, fast_share, contact_rate, mql_rate, acceptance, qualification, opportunity_rate, win_rate, conversion."
    )]
    Claim(Box<Claim>),
    /// Open the rows behind a figure of the last report, down to file and line
    #[command(after_help = "Example:\n  lockstep rows verdict.win_rate --limit 20")]
    Rows(Rows),
    /// The agreement between the teams: write, compare, propose, sign, end
    #[command(
        after_help = "Examples:\n  lockstep agreement new > agreement.toml   # a draft with a comment on everything\n  lockstep agreement new --from-data        # a draft that asks for what both teams do already\n  lockstep agreement check agreement.toml\n  lockstep agreement preview agreement.toml # what it would have changed over the last year\n  lockstep agreement show agreement.toml\n  lockstep agreement propose agreement.toml\n  lockstep agreement sign 1 --key vp-sales.key\n  lockstep agreement history\n  lockstep agreement diff 1 agreement.toml  # the version signed against the file"
    )]
    Agreement(Agreement),
    /// Show step by step how one lead's entries became its facts
    #[command(after_help = "Example:\n  lockstep explain 00Q5e000001abcdEAA")]
    Explain(Explain),
    /// Keys that sign agreements: make one, register its public half for a role
    #[command(
        after_help = "Examples:\n  lockstep key new --party sales --role 'VP Sales' --out vp-sales.key   # the signer, who keeps it\n  lockstep key register vp-sales.key.pub                               # whoever runs the home\n  lockstep key list"
    )]
    Key(KeyArgs),
    /// What a lead's score comes to, line by line; how well the rules tell leads apart; rules fitted to the own records
    #[command(
        after_help = "Examples:\n  lockstep score 00Q5e000001abcdEAA\n  lockstep score 00Q5e000001abcdEAA --as-of 2026-06-30 --under 2\n  lockstep score rules                 # what each rule tells\n  lockstep score fit --points-file points.toml\n  lockstep score junk --competitor example.com   # students, consultants, free mail, bounced mail: what they came to"
    )]
    Score(Score),
    /// Where the bar should stand, given how many people there are to work leads
    #[command(
        after_help = "Examples:\n  lockstep capacity\n  lockstep capacity --under 2 --reps 12 --leads-per-rep 25\n  lockstep capacity --minutes-per-attempt 20 --cost-per-hour 60 --decay 0.5"
    )]
    Capacity(Capacity),
    /// Serve the pages: sign in with a browser
    #[command(
        after_help = "Examples:\n  lockstep user add mei --role admin      # the first one; then\n  lockstep serve                             # http://127.0.0.1:8600\n  lockstep serve --listen 0.0.0.0:8600 --secure --behind-proxy   # behind a proxy that speaks TLS"
    )]
    Serve(Serve),
    /// Who may sign in: add, list, close, another password
    #[command(
        after_help = "Examples:\n  lockstep user add mei --role admin --label 'Mei Lin'\n  lockstep user add tomas --role rep --owner 005Q5000001abcd < password.txt\n  lockstep user list\n  lockstep user close tomas"
    )]
    User(UserArgs),
    /// The clocks of the agreement one by one: which leads are late, which still run and until when
    #[command(
        after_help = "Examples:\n  lockstep clocks                      # late ones of the last full quarter\n  lockstep clocks --period 2026Q4 --running   # those that still run, the most urgent first\n  lockstep clocks --clause first_attempt --csv > late.csv"
    )]
    Clocks(Clocks),
    /// The follow-up queue: open clocks, first the lead that loses most by waiting another hour
    #[command(
        after_help = "Examples:\n  lockstep queue\n  lockstep queue --owner 005Q5000001abcd --order clock\n  lockstep queue --csv > queue.csv"
    )]
    Queue(Queue),
    /// What it takes to win so much: customers, opportunities, leads and spend by the own rates
    #[command(after_help = "Examples:\n  lockstep goal 2400000\n  lockstep goal 2400000 --by product")]
    Goal(Goal),
    /// Check every batch and the chain; names the first bad file and where
    #[command(
        after_help = "Examples:\n  lockstep verify\n  lockstep verify --against receipt-1-sales.json   # nothing before that signature was rewritten"
    )]
    Verify(Verify),
    /// What is in the ledger, until when, and whether every row is accounted for
    Status,
    /// Show or change a setting: fiscal_year_start, currency, time_zone, own_domains
    #[command(
        after_help = "Examples:\n  lockstep set\n  lockstep set fiscal_year_start 2\n  lockstep set currency EUR"
    )]
    Set(Set),
    /// Record that two records are one, or that they are not
    #[command(
        after_help = "Examples:\n  lockstep link lead:00Q1 opportunity:0061\n  lockstep link lead:00Q1 opportunity:0061 --withdraw"
    )]
    Link(Link),
    /// What is held of one human, and forgetting them
    #[command(
        after_help = "Examples:\n  lockstep person export ann@example.com > ann.json\n  lockstep person erase ann@example.com --yes   # names, mails, phones and what was said; the ledger verifies as before"
    )]
    Person(PersonArgs),
    /// Let a batch that was misread count no more; nothing is rewritten, and reports as of before still see it
    #[command(
        after_help = "Example:\n  lockstep status                       # lists the batches\n  lockstep withdraw 3 --reason 'dates were read as day first'\n  lockstep import deals.csv --date-order mdy"
    )]
    Withdraw(Withdraw),
    /// Write the exports of an invented company whose truth is written beside them
    #[command(after_help = "Example:\n  lockstep simulate --company leaky --leads 20000 --seed 3 --out exports/")]
    Simulate(Simulate),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// `demo`
#[derive(Args, Debug)]
pub struct Demo {
    /// Which invented company: steady, leaky, flooded, discounted, shifted, slow, picky, turnover, gamed, tiny, messy, empty
    #[arg(long, default_value = "leaky")]
    pub company: String,
    /// How many leads
    #[arg(long)]
    pub leads: Option<u64>,
    /// Which run of the dice
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print the verdict and stop, also at a terminal
    #[arg(long)]
    pub once: bool,
    /// Stay and serve the pages, also where no terminal is
    #[arg(long, conflicts_with = "once")]
    pub serve: bool,
    /// Where to serve them
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8600")]
    pub listen: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `import`
#[derive(Args, Debug)]
pub struct Import {
    /// Files and folders; zip and gz are looked into
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// A mapping to use besides the built-in ones and those in the home
    #[arg(long, value_name = "FILE")]
    pub mapping: Vec<PathBuf>,
    /// The order of dates like 03/04/2026 where a file does not say
    #[arg(long, value_enum)]
    pub date_order: Option<DateOrder>,
    /// The decimal mark where a file does not say
    #[arg(long, value_enum)]
    pub decimal: Option<Decimal>,
    /// The time zone of local times (IANA name)
    #[arg(long)]
    pub time_zone: Option<String>,
    /// The currency of amounts that carry none
    #[arg(long)]
    pub currency: Option<String>,
    /// Record the batch as learned at this instant instead of now (for rebuilding a past ledger)
    #[arg(long, value_name = "INSTANT", hide = true)]
    pub recorded_at: Option<String>,
}

/// The order of day, month and year.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum DateOrder {
    /// Year, month, day
    Ymd,
    /// Day, month, year
    Dmy,
    /// Month, day, year
    Mdy,
}

/// The decimal mark.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum Decimal {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

/// `map`
#[derive(Args, Debug)]
pub struct Map {
    /// The file to look at
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
}

/// `rejects`
#[derive(Args, Debug)]
pub struct Rejects {
    /// Only of this batch
    #[arg(long)]
    pub batch: Option<u64>,
    /// Write them as CSV files into this folder
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
    /// How many to list
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}

/// A list with a limit.
#[derive(Args, Debug)]
pub struct Limit {
    /// How many to list
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}

/// How a report is printed.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal
    Text,
    /// Markdown
    Markdown,
    /// Every figure as a row
    Csv,
    /// The whole report as data
    Json,
    /// One self-contained page
    Html,
}

/// `report`
#[derive(Args, Debug)]
pub struct Report {
    /// Which room: verdict, scorecard, quality, followup, funnel; all of them where none is named
    pub room: Option<String>,
    /// The period asked about: 2026Q3, 2026-07, 2026, FY2026Q3, 2026-07-01..2026-09-30; the last full quarter where none is named
    #[arg(long)]
    pub period: Option<String>,
    /// Compared against: previous, year-ago, a period, or `plan FILE` (without a file: the plan in the ledger)
    #[arg(long, num_args = 1..=2, value_names = ["WHAT", "FILE"], default_values = ["previous"])]
    pub against: Vec<String>,
    /// Told apart by: source, segment, channel, campaign, industry, country, product, ... (once or twice)
    #[arg(long, value_name = "DIM")]
    pub by: Vec<String>,
    /// As it was known at a batch number or a day
    #[arg(long, value_name = "HEAD|DATE")]
    pub at: Option<String>,
    /// As if nothing had happened after this day
    #[arg(long, value_name = "DATE")]
    pub as_if: Option<String>,
    /// Read the period under this version of the agreement (number or hash), whatever was in force
    #[arg(long, value_name = "VERSION")]
    pub under: Option<String>,
    /// How to print it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// The seed of the draws behind the intervals
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Columns of the text page; the terminal's width where none is given
    #[arg(long)]
    pub width: Option<usize>,
}

/// `claim`
#[derive(Args, Debug)]
pub struct Claim {
    /// `save`, `list`, or the name of a saved claim; a claim made here and now where nothing is named
    pub what: Option<String>,
    /// The name to save it under
    pub name: Option<String>,
    /// Which cases the claim is about
    #[arg(long = "where", value_name = "FILTER")]
    pub filter: Option<String>,
    /// Which rate
    #[arg(long)]
    pub metric: Option<String>,
    /// Claimed to be lower than: rest (all other cases), before (the same in the period before), or a number like 20%
    #[arg(long, value_name = "WHAT", conflicts_with = "above")]
    pub below: Option<String>,
    /// Claimed to be higher than: rest, before, or a number
    #[arg(long, value_name = "WHAT")]
    pub above: Option<String>,
    /// Which team makes it: a label that changes no figure
    #[arg(long, value_enum)]
    pub by: Option<Team>,
    /// Where a quoted number comes from, instead of a claim about the own records
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["what", "filter", "metric", "below", "above", "by", "at", "as_if"])]
    pub quote: Option<String>,
    /// As it was known at a batch number or a day
    #[arg(long, value_name = "HEAD|DATE")]
    pub at: Option<String>,
    /// As if nothing had happened after this day
    #[arg(long, value_name = "DATE")]
    pub as_if: Option<String>,
    /// How to print it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// The seed of the redraws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Columns of the text page; the terminal's width where none is given
    #[arg(long)]
    pub width: Option<usize>,
}

/// One of the two teams.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Team {
    /// Sales
    Sales,
    /// Marketing
    Marketing,
}

/// `rows`
#[derive(Args, Debug)]
pub struct Rows {
    /// The figure's id as printed beside it
    pub figure: String,
    /// How many rows to list
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
}

/// `verify`
#[derive(Args, Debug)]
pub struct Verify {
    /// A receipt that a signature left: nothing before it was rewritten?
    #[arg(long, value_name = "RECEIPT")]
    pub against: Option<PathBuf>,
}

/// `explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// The lead's id as its source gives it
    pub lead: String,
    /// Stages as if this version of the agreement had always been in force: its number, or the beginning of its hash
    #[arg(long, value_name = "VERSION")]
    pub under: Option<String>,
}

/// `set`
#[derive(Args, Debug)]
pub struct Set {
    /// Which setting
    pub name: Option<String>,
    /// Its new value
    pub value: Option<String>,
}

/// `link`
#[derive(Args, Debug)]
pub struct Link {
    /// The thing that is linked, such as lead:00Q1
    pub from: String,
    /// What it is linked to, such as opportunity:0061
    pub to: String,
    /// Withdraw the link
    #[arg(long)]
    pub withdraw: bool,
    /// The source system of both ids
    #[arg(long, default_value = "salesforce")]
    pub system: String,
}

/// `withdraw`
#[derive(Args, Debug)]
pub struct Withdraw {
    /// The batch's number, as `status` lists it
    pub batch: u64,
    /// Why, for whoever reads the ledger later
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `simulate`
#[derive(Args, Debug)]
pub struct Simulate {
    /// Which invented company
    #[arg(long)]
    pub company: String,
    /// How many leads
    #[arg(long)]
    pub leads: Option<u64>,
    /// Which run of the dice
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to write the exports
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Mean marketing touches per lead (for measuring at other shapes)
    #[arg(long, value_name = "MEAN", hide = true)]
    pub touches_per_lead: Option<f64>,
    /// Mean sales activities per lead (likewise)
    #[arg(long, value_name = "MEAN", hide = true)]
    pub activities_per_lead: Option<f64>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_arguments_are_called_alike() {
        super::Cli::command().debug_assert();
    }
}
