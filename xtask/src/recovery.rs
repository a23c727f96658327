//! Recovery: invented companies whose truth is known go through the whole program, and what it says is held against it.
//!
//! `cargo run --release -p xtask -- recovery [--seeds N] [--leads N] [--jobs N] [--company NAME]...` runs the program
//! named by `LOCKSTEP_BIN` (else the release one of the target folder) and prints tables in Markdown; without `--company`
//! also those of the estimators of follow-up and of the claims, which have programs of their own. Deliberately not
//! here: any judgement of how good is good enough; that stands in `docs/methods/recovery.md`. The invariant: the same
//! program, seeds and leads print the same table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// Companies with one planted story, and the one where nothing changes.
const COMPANIES: &[&str] = &["leaky", "flooded", "discounted", "shifted", "slow", "turnover", "steady"];

/// Leads a company has: at 20,000 every planted main effect is at least two of its standard errors.
const LEADS: u64 = 20_000;

/// Seeds of each company: a share of 90% is told within 2 points (one standard error).
const SEEDS: u64 = 200;

/// What else is recovered: package, example, its arguments.
const EXAMPLES: [(&str, &str, &str); 2] =
    [("lockstep-stats", "referee", "300"), ("lockstep-analyses", "picker", "1000")];

/// Reports between two lines of progress.
const TOLD: usize = 20;

/// A 90% interval reaches this many standard errors to each side.
const HALF_WIDTH: f64 = 1.645;

/// One bar of the waterfall, in units of the currency.
struct Part {
    factor: String,
    value: f64,
    lo: f64,
    hi: f64,
}

/// What one company of one seed said.
struct Run {
    company: &'static str,
    parts: Vec<Part>,
    /// The factor that the report names as the largest.
    named: Option<String>,
    /// The planted factors with their expected effect, the largest first.
    planted: Vec<(String, f64)>,
}

struct Asked {
    seeds: u64,
    leads: u64,
    jobs: usize,
    companies: Vec<&'static str>,
}

fn asked(args: &[String]) -> Result<Asked, String> {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut asked = Asked { seeds: SEEDS, leads: LEADS, jobs, companies: Vec::new() };
    let mut args = args.iter();
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("`{name}`: has no value"))?;
        let number = || value.parse::<u64>().map_err(|e| format!("`{name} {value}`: {e}"));
        match name.as_str() {
            "--seeds" => asked.seeds = number()?,
            "--leads" => asked.leads = number()?,
            "--jobs" => asked.jobs = number()?.max(1) as usize,
            "--company" => {
                let known = COMPANIES.iter().find(|c| *c == value);
                asked.companies.push(known.ok_or_else(|| format!("`{value}`: is none of {}", COMPANIES.join(", ")))?);
            }
            _ => return Err(format!("`{name}`: not known; there are --seeds, --leads, --jobs and --company")),
        }
    }
    if asked.companies.is_empty() {
        asked.companies = COMPANIES.to_vec();
    }
    Ok(asked)
}

fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("LOCKSTEP_BIN") {
        return named.into();
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(here, PathBuf::from).join("release/lockstep")
}

/// All objects of a report that are a bar of its waterfall or a finding.
fn gather<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(items)) = map.get(key) {
                found.extend(items);
            }
            map.values().for_each(|v| gather(v, key, found));
        }
        Value::Array(items) => items.iter().for_each(|v| gather(v, key, found)),
        _ => {}
    }
}

fn part(step: &Value) -> Option<Part> {
    let figure = step.get("figure")?;
    let interval = figure.get("certainty")?.get("interval")?;
    let number = |v: &Value, key: &str| v.get(key).and_then(Value::as_f64).map(|n| n / 100.0);
    Some(Part {
        factor: figure.get("id")?.as_str()?.strip_prefix("verdict.")?.to_owned(),
        value: number(figure.get("value")?, "value")?,
        lo: number(interval, "lo90")?,
        hi: number(interval, "hi90")?,
    })
}

/// Files with nothing but marketing touches: half of all rows, and they take no part in the split.
const TOUCHES: [&str; 4] =
    ["email_event.csv", "email_event_open.csv", "email_event_click.csv", "contact_form_submission.csv"];

/// Runs the program in a folder; gives what it printed. A report with a refusal in it ends with 1.
fn told(program: &Path, folder: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let told = Command::new(program)
        .current_dir(folder)
        .args(args)
        .output()
        .map_err(|e| format!("`{}`: {e}", program.display()))?;
    match told.status.code() {
        Some(0 | 1) => Ok(told.stdout),
        _ => Err(format!("{args:?}: {}", String::from_utf8_lossy(&told.stderr))),
    }
}

fn run(program: &Path, company: &'static str, seed: u64, leads: u64) -> Result<Run, String> {
    let folder = std::env::temp_dir().join(format!("lockstep-recovery-{}-{company}-{seed}", std::process::id()));
    let made = std::fs::create_dir_all(&folder).map_err(|e| e.to_string()).and_then(|()| {
        let (seed, leads) = (seed.to_string(), leads.to_string());
        let simulate = ["simulate", "--company", company, "--seed", &seed, "--leads", &leads, "--out", "exports"];
        told(program, &folder, &simulate)?;
        for file in TOUCHES {
            std::fs::remove_file(folder.join("exports/hubspot").join(file)).map_err(|e| format!("`{file}`: {e}"))?;
        }
        told(program, &folder, &["--home", "home", "--quiet", "import", "exports"])?;
        let report = told(program, &folder, &["--home", "home", "report", "verdict", "--json"])?;
        let truth = std::fs::read_to_string(folder.join("exports/truth.json")).map_err(|e| e.to_string())?;
        Ok((report, truth))
    });
    let _ = std::fs::remove_dir_all(&folder);
    let (report, truth) = made.map_err(|e| format!("{company} {seed}: {e}"))?;
    let bad = |e: serde_json::Error| format!("{company} {seed}: {e}");
    let report: Value = serde_json::from_slice(&report).map_err(bad)?;
    let truth: Value = serde_json::from_str(&truth).map_err(bad)?;
    let (mut steps, mut findings, mut planted) = (Vec::new(), Vec::new(), Vec::new());
    let first = report.pointer("/sections/0").ok_or_else(|| format!("{company} {seed}: a report without sections"))?;
    gather(first, "steps", &mut steps);
    gather(first, "findings", &mut findings);
    gather(&truth, "planted", &mut planted);
    let named = findings.iter().find(|f| f["code"] == "largest").and_then(|f| {
        let (_, rest) = f["text"].as_str()?.split_once("{verdict.")?;
        Some(rest.split_once('}')?.0.to_owned())
    });
    let mut planted: Vec<(String, f64)> =
        planted.iter().filter_map(|p| Some((p["factor"].as_str()?.to_owned(), p["size_money"].as_f64()?))).collect();
    planted.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let parts: Vec<Part> = steps.into_iter().filter_map(part).collect();
    if parts.is_empty() {
        return Err(format!("{company} {seed}: no factor with an interval"));
    }
    Ok(Run { company, parts, named, planted })
}

/// Runs every company with every seed; the order of the answer does not depend on which ended first.
fn runs(asked: &Asked) -> Result<Vec<Run>, String> {
    let program = program();
    let todo: Vec<(&'static str, u64)> =
        asked.companies.iter().flat_map(|c| (1..=asked.seeds).map(move |s| (*c, s))).collect();
    let (next, began) = (AtomicUsize::new(0), std::time::Instant::now());
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..asked.jobs {
            scope.spawn(|| {
                while let Some((company, seed)) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = run(&program, company, *seed, asked.leads);
                    if let Ok(mut done) = done.lock() {
                        done.insert((*company, *seed), run);
                        if done.len() % TOLD == 0 {
                            let each = began.elapsed() / done.len() as u32;
                            let left = each * (todo.len() - done.len()) as u32;
                            eprintln!(
                                "{} of {} reports, about {} min left",
                                done.len(),
                                todo.len(),
                                left.as_secs() / 60
                            );
                        }
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().map_err(|e| e.to_string())?;
    todo.iter().map(|of| done.remove(of).unwrap_or_else(|| Err(format!("{of:?} did not run")))).collect()
}

impl Part {
    /// Its size once chance is taken out, as the report ranks: what its variance leaves of it.
    fn beyond_chance(&self) -> f64 {
        let error = (self.hi - self.lo) / (2.0 * HALF_WIDTH);
        (self.value.abs() - error * error / self.value.abs().max(1e-9)).max(0.0)
    }
}

/// The factor that comes first once chance is taken out.
fn first(run: &Run) -> &str {
    run.parts.iter().max_by(|a, b| a.beyond_chance().total_cmp(&b.beyond_chance())).map_or("", |p| &p.factor)
}

fn largest(run: &Run) -> &str {
    run.parts.iter().max_by(|a, b| a.value.abs().total_cmp(&b.value.abs())).map_or("", |p| &p.factor)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), v| (sum + v, n + 1.0));
    if n > 0.0 { sum / n } else { f64::NAN }
}

/// The share of items for which something holds.
fn share<T>(items: &[T], holds: impl Fn(&T) -> bool) -> String {
    format!("{:.0}%", 100.0 * mean(items.iter().map(|i| f64::from(u8::from(holds(i))))))
}

/// One row a planted factor: how often it is the largest, its sign, its interval.
fn planted(all: &[&Run]) {
    let Some(first) = all.first() else { return };
    let main = first.planted.first().map_or("", |p| p.0.as_str());
    for (factor, size) in &first.planted {
        let parts: Vec<&Part> = all.iter().filter_map(|r| r.parts.iter().find(|p| p.factor == *factor)).collect();
        let error = mean(parts.iter().map(|p| (p.hi - p.lo) / (2.0 * HALF_WIDTH)));
        let middle = mean(parts.iter().map(|p| p.value));
        let spread = mean(parts.iter().map(|p| (p.value - middle).powi(2))).sqrt();
        // only the main one of a story is expected to be the largest
        let is_largest = if factor == main { share(all, |r| largest(r) == factor) } else { "".to_owned() };
        let is_first = if factor == main { share(all, |r| self::first(r) == factor) } else { "".to_owned() };
        let is_named = if factor == main { share(all, |r| r.named.as_deref() == Some(factor)) } else { "".to_owned() };
        println!(
            "| {} | {factor} | {size:.0} | {} | {:.1} | {is_largest} | {is_first} | {is_named} | {} | {} | {} | {middle:.0} | {error:.0} | {spread:.0} |",
            first.company,
            parts.len(),
            size.abs() / error,
            share(&parts, |p| p.value.signum() == size.signum()),
            share(&parts, |p| p.lo > 0.0 || p.hi < 0.0),
            share(&parts, |p| p.lo <= *size && *size <= p.hi),
        );
    }
}

/// One row a factor: how often its interval excludes zero, and the factor is named, where nothing changed.
fn placebo(all: &[&Run]) {
    println!("\nNothing planted (steady): share of 90% intervals that exclude zero; the honest rate is 10%.\n");
    println!(
        "| factor | reports that have it | intervals that exclude zero | named as the largest | mean estimate | mean standard error | spread over seeds |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut names: Vec<&str> = Vec::new();
    for part in all.iter().flat_map(|r| &r.parts) {
        // a factor is not apart in every report
        if !names.contains(&part.factor.as_str()) {
            names.push(&part.factor);
        }
    }
    let excludes = |p: &&Part| p.lo > 0.0 || p.hi < 0.0;
    let mut every: Vec<&Part> = Vec::new();
    for name in names {
        let parts: Vec<&Part> = all.iter().filter_map(|r| r.parts.iter().find(|p| p.factor == name)).collect();
        let middle = mean(parts.iter().map(|p| p.value));
        println!(
            "| {name} | {} | {} | {} | {middle:.0} | {:.0} | {:.0} |",
            parts.len(),
            share(&parts, excludes),
            share(all, |r| r.named.as_deref() == Some(name)),
            mean(parts.iter().map(|p| (p.hi - p.lo) / (2.0 * HALF_WIDTH))),
            mean(parts.iter().map(|p| (p.value - middle).powi(2))).sqrt(),
        );
        every.extend(parts);
    }
    println!(
        "| **all** | {} | **{}** | **{}** of {} | | | |",
        every.len(),
        share(&every, excludes),
        share(all, |r| r.named.is_some()),
        all.len()
    );
}

/// Runs an example, which prints a table of its own.
fn printed((package, example, argument): &(&str, &str, &str)) -> Result<(), String> {
    println!("\n`cargo run --release -p {package} --example {example} {argument}`\n");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let ended = Command::new(cargo)
        .args(["run", "--quiet", "--release", "-p", package, "--example", example, argument])
        .status()
        .map_err(|e| format!("{example}: {e}"))?;
    if ended.success() { Ok(()) } else { Err(format!("{example}: ended with {ended}")) }
}

/// Measures and prints; an answer is a reason why it could not be measured.
pub fn measure(args: &[String]) -> Vec<String> {
    let done = asked(args).and_then(|asked| runs(&asked).map(|runs| (asked, runs)));
    let (asked, runs) = match done {
        Ok(done) => done,
        Err(problem) => return vec![problem],
    };
    println!("{} seeds (1 to {0}) of each company, {} leads.\n", asked.seeds, asked.leads);
    println!(
        "| company | planted factor | expected effect | reports that have it | in standard errors | is the longest bar | is first, chance taken out | named as the largest | sign right | interval excludes zero | interval holds the expected effect | mean estimate | mean standard error | spread over seeds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for company in &asked.companies {
        planted(&runs.iter().filter(|r| r.company == *company).collect::<Vec<_>>());
    }
    let steady: Vec<&Run> = runs.iter().filter(|r| r.company == "steady").collect();
    if !steady.is_empty() {
        placebo(&steady);
    }
    if asked.companies.len() < COMPANIES.len() {
        return Vec::new();
    }
    EXAMPLES.iter().filter_map(|example| printed(example).err()).collect()
}
