//! The home: one folder that holds one company's ledger, desk, facts and mappings.
//!
//! Invariant: a home of a newer format is never written to.

use std::fs;
use std::path::{Path, PathBuf};

use desk::Desk;
use ledger::Ledger;
use terms::{Currency, FiscalYear, Instant};

use crate::failure::Failure;

/// The format of the folder itself: which things stand in it and under which names.
const FORMAT: u32 = 1;

/// An open home.
pub struct Home {
    /// The folder.
    pub root: PathBuf,
    /// What was observed.
    pub ledger: Ledger,
    /// What people wrote.
    pub desk: Desk,
}

/// The settings that shape a report or an import.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The fiscal calendar.
    pub fiscal: FiscalYear,
    /// The reporting currency, where set.
    pub currency: Option<Currency>,
    /// The time zone of local times.
    pub time_zone: String,
    /// The company's own mail domains, never matched to an account.
    pub own_domains: Vec<String>,
}

/// The names of settings, each with what it expects.
pub const SETTINGS: &[(&str, &str)] = &[
    ("fiscal_year_start", "the month in which the fiscal year starts, 1 to 12"),
    ("currency", "the reporting currency, such as USD"),
    ("time_zone", "the time zone of local times, such as Europe/Berlin"),
    ("own_domains", "the company's own mail domains, with commas between"),
];

impl Home {
    /// Opens a home, and makes it where there is none. Its marker comes last, so that a home whose making was cut off
    /// counts as none and is made again.
    pub fn open_or_create(root: &Path) -> Result<Home, Failure> {
        fs::create_dir_all(root).map_err(|e| Failure::io(root, "make the folder", &e))?;
        let marker = root.join("home.json");
        let folder = root.join("ledger");
        if !marker.exists() {
            let foreign = fs::read_dir(root).map_err(|e| Failure::io(root, "read", &e))?.next().is_some();
            if foreign && !folder.exists() {
                return Err(Failure::new(
                    "not_a_home",
                    format!("`{}`: is not empty and is no home of Lockstep", root.display()),
                )
                .hint("choose an empty or new folder with --home"));
            }
            if !begun(&folder) {
                match Ledger::create(&folder) {
                    Ok(_) => {}
                    Err(_) if begun(&folder) => {} // another import made it in the meantime
                    Err(e) => return Err(e.into()),
                }
            }
            let staged = root.join(format!("home.json.{}.new", std::process::id()));
            let text = format!("{{\"format\":{FORMAT}}}\n");
            fs::write(&staged, text).map_err(|e| Failure::io(&staged, "write", &e))?;
            fs::rename(&staged, &marker).map_err(|e| Failure::io(&marker, "write", &e))?;
        }
        Home::open(root)
    }

    /// Opens a home that must be there.
    pub fn open(root: &Path) -> Result<Home, Failure> {
        Home::opened(root, Desk::open)
    }

    /// Opens a home to look at: one that cannot be written will do.
    pub fn open_to_read(root: &Path) -> Result<Home, Failure> {
        Home::opened(root, Desk::open_to_read)
    }

    fn opened(root: &Path, desk: impl FnOnce(PathBuf) -> Result<Desk, desk::Error>) -> Result<Home, Failure> {
        let marker = root.join("home.json");
        let text = match fs::read_to_string(&marker) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Failure::new("no_home", format!("`{}`: is no home of Lockstep", root.display()))
                    .hint("import something first (`lockstep import PATH`), or name the home with --home"));
            }
            Err(e) => return Err(Failure::io(&marker, "read", &e)),
        };
        known_format(root, &marker, &text)?;
        let ledger = Ledger::open(root.join("ledger"))?.with_index(root.join("index"));
        let desk = desk(root.join("desk.sqlite"))?;
        Ok(Home { root: root.to_owned(), ledger, desk })
    }

    /// The settings in force.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let all = self.desk.settings()?;
        let fiscal = all.get("fiscal_year_start").and_then(|m| m.parse().ok()).and_then(FiscalYear::starting_in);
        Ok(Settings {
            fiscal: fiscal.unwrap_or_default(),
            currency: all.get("currency").and_then(|c| Currency::parse(c)),
            time_zone: all.get("time_zone").cloned().unwrap_or_else(|| "UTC".to_owned()),
            own_domains: all
                .get("own_domains")
                .map(|d| d.split(',').map(|d| d.trim().to_ascii_lowercase()).filter(|d| !d.is_empty()).collect())
                .unwrap_or_default(),
        })
    }

    /// The folder of facts.
    pub fn facts(&self) -> PathBuf {
        self.root.join("facts")
    }

    /// The folder of the company's own mappings.
    pub fn mappings(&self) -> PathBuf {
        self.root.join("mappings")
    }
}

/// Checks what a home says of its own format.
pub fn check_format(root: &Path) -> Result<(), Failure> {
    let marker = root.join("home.json");
    let text = fs::read_to_string(&marker).map_err(|e| Failure::io(&marker, "read", &e))?;
    known_format(root, &marker, &text)
}

/// Refuses a home of a newer format, and one that does not say its own.
fn known_format(root: &Path, marker: &Path, text: &str) -> Result<(), Failure> {
    let format = serde_json::from_str::<serde_json::Value>(text).ok().and_then(|v| v.get("format")?.as_u64());
    match format {
        Some(n) if n <= u64::from(FORMAT) => Ok(()),
        Some(n) => Err(Failure::new(
            "newer_format",
            format!("`{}`: has format {n}, this Lockstep knows up to {FORMAT}", root.display()),
        )
        .hint("use the newer Lockstep that wrote it")),
        None => Err(Failure::new("damaged", format!("`{}`: does not say its format", marker.display()))),
    }
}

/// Whether a ledger stands in this folder, whole or damaged. The folder alone is what a making that was cut off leaves.
pub fn begun(ledger: &Path) -> bool {
    let batches = || fs::read_dir(ledger.join("manifests")).is_ok_and(|mut names| names.next().is_some());
    ledger.join("format.json").exists() || batches()
}

/// Now, by the machine's clock. Read at the front door only, and handed on as a value.
pub fn now() -> Instant {
    Instant(jiff::Timestamp::now().as_millisecond())
}

/// Checks a setting's value and gives it in the form in which it is kept.
pub fn check_setting(name: &str, value: &str) -> Result<String, Failure> {
    let expected = SETTINGS.iter().find(|(n, _)| *n == name).map(|(_, e)| *e);
    let Some(expected) = expected else {
        let names: Vec<&str> = SETTINGS.iter().map(|(n, _)| *n).collect();
        return Err(Failure::new("unknown_setting", format!("`{name}`: is no setting"))
            .hint(format!("settings are {}", names.join(", "))));
    };
    let value = value.trim();
    let kept = match name {
        "fiscal_year_start" => {
            value.parse::<u8>().ok().and_then(FiscalYear::starting_in).map(|f| f.start_month().to_string())
        }
        "currency" => Currency::parse(value).map(|c| c.code().to_owned()),
        "time_zone" => jiff::tz::TimeZone::get(value).ok().map(|_| value.to_owned()),
        _ => Some(value.to_ascii_lowercase()),
    };
    kept.ok_or_else(|| Failure::new("bad_setting", format!("`{name}`: read `{value}`, expected {expected}")))
}
