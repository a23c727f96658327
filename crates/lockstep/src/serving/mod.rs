//! What the served pages ask for, answered from the home.
//!
//! Here: one head with its facts, held until another process makes a newer one; reports worked out once for each head and question.
//! Not here: pages (`web`). Invariant: a page shows what the commands print for the same question, because both come from the same
//! functions.

mod cache;
mod clocks;
mod papers;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use desk::Desk;
use report::Report;
use web::{
    Asked, ClaimAsked, Clocks, LeadPage, LedgerPage, Listing, SavedLine, Text, Trouble, TroubleKind, VersionLine,
};

use self::cache::Cache;
use crate::cli;
use crate::commands::claim::{self, Written};
use crate::commands::report::{Known, make_of};
use crate::commands::rows;
use crate::failure::Failure;
use crate::home::Home;
use crate::output::Style;

/// No progress: nobody stands at a terminal.
const STYLE: Style = Style { json: false, quiet: true };

/// The seed of the draws, as the commands have it unless asked otherwise.
const SEED: u64 = 1;

/// A head of the ledger with its facts.
struct Held {
    /// When the folder of manifests was last written.
    written: Option<SystemTime>,
    home: Arc<Home>,
    known: Option<Arc<Known>>,
    /// The hash of the newest head whose facts were asked for.
    asked: String,
}

/// The home, as pages ask it.
pub struct Serving {
    root: PathBuf,
    desk: Desk,
    held: Arc<Mutex<Held>>,
    reports: Cache<Asked, Report>,
    claims: Cache<ClaimAsked, Report>,
    clocks: Cache<(), Clocks>,
}

impl Serving {
    /// Over a home; a fresh connection to its desk, beside the one that sessions use.
    pub fn of(home: Home) -> Serving {
        let (root, desk) = (home.root.clone(), home.desk.clone());
        let held = Held { written: written(&root), home: Arc::new(home), known: None, asked: String::new() };
        Serving {
            root,
            desk,
            held: Arc::new(Mutex::new(held)),
            reports: Cache::default(),
            claims: Cache::default(),
            clocks: Cache::default(),
        }
    }

    /// The home as it is now: opened again where a batch came since.
    fn home(&self) -> Result<Arc<Home>, Failure> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = written(&self.root);
        if now != held.written {
            let ledger = ledger::Ledger::open(self.root.join("ledger"))?.with_index(self.root.join("index"));
            let home = Home { root: self.root.clone(), ledger, desk: self.desk.clone() };
            (held.written, held.home) = (now, Arc::new(home));
        }
        Ok(held.home.clone())
    }

    /// What is known at the newest head whose facts stand. Those of a newer one are made beside: until then readers see what
    /// they saw, and pages say which batch that is.
    fn known(&self) -> Result<Arc<Known>, Failure> {
        let home = self.home()?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = home.ledger.head().hash().to_owned();
        let Some(known) = held.known.clone() else {
            let known = Arc::new(Known::open(&home, None, None, STYLE)?);
            held.known = Some(known.clone());
            return Ok(known);
        };
        if known.head.hash() != newest && held.asked != newest {
            held.asked = newest;
            let shared = self.held.clone();
            std::thread::spawn(move || match Known::open(&home, None, None, STYLE) {
                Ok(newer) => {
                    let mut held = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    // of two that were made at once the later batch stays
                    if held.known.as_ref().is_none_or(|k| k.head.seq() <= newer.head.seq()) {
                        held.known = Some(Arc::new(newer));
                    }
                }
                Err(failure) => log(&failure),
            });
        }
        Ok(known)
    }

    /// Works out what is most asked for, so that the first reader need not wait.
    pub fn warm(&self) {
        for room in web::Room::ALL {
            let _ = web::Source::report(self, &Asked { room, period: None, against: None });
        }
        let _ = web::Source::clocks(self, None);
    }
}

/// When the folder of manifests was last written: it is whenever a batch is made.
fn written(root: &std::path::Path) -> Option<SystemTime> {
    std::fs::metadata(root.join("ledger").join("manifests")).ok()?.modified().ok()
}

/// A line for whoever runs the machine.
fn log(failure: &Failure) {
    eprintln!("{}", serde_json::json!({ "level": "ERROR", "code": failure.code, "message": failure.message }));
}

/// A failure as pages say it.
fn trouble(failure: Failure) -> Trouble {
    const ASKED: [&str; 13] = [
        "claim_exists",
        "bad_period",
        "bad_against",
        "no_plan",
        "bad_claim",
        "bad_metric",
        "bad_comparison",
        "bad_by",
        "claims.filter",
        "analyses.filter",
        "bad_filter",
        "no_evidence",
        "per_person",
    ];
    const MISSING: [&str; 5] = ["unknown_figure", "unknown_lead", "unknown_claim", "unknown_version", "empty_ledger"];
    let is_asked = ASKED.contains(&failure.code.as_str())
        || failure.code.starts_with("analyses.") && failure.code != "analyses.facts";
    let kind = match failure.code.as_str() {
        code if MISSING.contains(&code) => TroubleKind::Missing,
        _ if is_asked => TroubleKind::Asked,
        _ => TroubleKind::Ours,
    };
    // what is ours may name folders of the machine: the log has it, the page does not
    let message = if kind == TroubleKind::Ours {
        log(&failure);
        "the records could not be read".to_owned()
    } else {
        failure.message
    };
    Trouble { kind, code: failure.code, message, hint: failure.hint }
}

fn question(asked: &Asked) -> cli::Report {
    cli::Report {
        room: Some(asked.room.word().to_owned()),
        period: asked.period.clone(),
        against: vec![asked.against.clone().unwrap_or_else(|| "previous".to_owned())],
        by: Vec::new(),
        at: None,
        as_if: None,
        under: None,
        format: None,
        seed: SEED,
        width: None,
    }
}

/// Rows of a figure on a page.
const ROWS: usize = 200;

impl web::Source for Serving {
    fn report(&self, asked: &Asked) -> Result<Arc<Report>, Trouble> {
        let known = self.known().map_err(trouble)?;
        let head = known.head.hash().to_owned();
        self.reports.get(&head, asked, || make_of(&known, &question(asked)).map_err(trouble))
    }

    fn rows(&self, asked: &Asked, figure: &str) -> Result<Listing, Trouble> {
        let report = self.report(asked)?;
        let known = self.known().map_err(trouble)?;
        let json = serde_json::to_value(&*report)
            .map_err(|e| trouble(Failure::new("damaged", format!("a report could not be read: {e}"))))?;
        let evidence = rows::evidence(&json, figure).map_err(trouble)?;
        let found = rows::behind(&known, &evidence, ROWS).map_err(trouble)?;
        let mut heads = vec!["file and line".to_owned()];
        heads.extend(found.shown.iter().map(|name| name.replace('_', " ")));
        let rows: Vec<Vec<Text>> = found
            .rows
            .into_iter()
            .map(|(file, line, _, cells)| {
                let place = format!("{}:{line}", file.rsplit('/').next().unwrap_or(&file));
                std::iter::once(place).chain(cells).map(Text::from).collect()
            })
            .collect();
        let note = format!(
            "{} of {} {} rows. The line is the one of the export as it was imported.",
            faces::format::count(rows.len() as i64),
            faces::format::count(i64::try_from(evidence.rows).unwrap_or(i64::MAX)),
            found.grain.word().replace('_', " ")
        );
        Ok(Listing { title: label(&json, figure).unwrap_or_else(|| figure.to_owned()), heads, rows, note })
    }

    fn claim(&self, asked: &ClaimAsked) -> Result<Arc<Report>, Trouble> {
        let known = self.known().map_err(trouble)?;
        let head = known.head.hash().to_owned();
        let work = || -> Result<Report, Failure> {
            let home = self.home()?;
            let saved = match asked.name.as_str() {
                "" => None,
                name => Some(home.desk.claim(name)?.ok_or_else(|| claim::unknown(&home, name))?),
            };
            let written = match &saved {
                Some(saved) => Written::saved(saved)?,
                None => written_of(asked)?,
            };
            Ok(claim::check(&known, &written, saved.as_ref(), (SEED, None), &known.facts)?.0)
        };
        self.claims.get(&head, asked, || work().map_err(trouble))
    }

    fn save_claim(&self, name: &str, asked: &ClaimAsked, team: terms::Team) -> Result<(), Trouble> {
        let known = self.known().map_err(trouble)?;
        let keep = || claim::keep(&*self.home()?, &known, name, written_of(asked)?, team).map(|_| ());
        keep().map_err(trouble)
    }

    fn claims(&self) -> Result<Vec<SavedLine>, Trouble> {
        papers::claims(&*self.home().map_err(trouble)?).map_err(trouble)
    }

    fn metrics(&self) -> Vec<&'static str> {
        analyses::claims::Metric::ALL.iter().map(|m| m.word()).collect()
    }

    fn clocks(&self, owner: Option<&str>) -> Result<Clocks, Trouble> {
        let known = self.known().map_err(trouble)?;
        let head = known.head.hash().to_owned();
        let all = self.clocks.get(&head, &(), || clocks::open(&known).map_err(trouble))?;
        let mut out = (*all).clone();
        if let Some(owner) = owner {
            out.late.retain(|c| c.owner == owner);
            out.running.retain(|c| c.owner == owner);
        }
        Ok(out)
    }

    fn lead(&self, id: &str) -> Result<LeadPage, Trouble> {
        papers::lead(&*self.known().map_err(trouble)?, id).map_err(trouble)
    }

    fn agreements(&self) -> Result<Vec<VersionLine>, Trouble> {
        papers::agreements(&*self.home().map_err(trouble)?).map_err(trouble)
    }

    fn ledger(&self) -> Result<LedgerPage, Trouble> {
        Ok(papers::ledger(&*self.home().map_err(trouble)?))
    }

    fn rejects(&self) -> Result<Listing, Trouble> {
        papers::rejects(&*self.home().map_err(trouble)?).map_err(trouble)
    }

    fn ready(&self) -> Result<(), Trouble> {
        self.known().map(|_| ()).map_err(trouble)
    }
}

/// A claim as its form has it.
fn written_of(asked: &ClaimAsked) -> Result<Written, Failure> {
    Ok(Written {
        filter: asked.filter.clone(),
        metric: asked.metric.clone(),
        side: analyses::claims::Side::parse(&asked.side)
            .ok_or_else(|| Failure::new("bad_claim", "the claim says neither below nor above"))?,
        against: asked.against.clone(),
    })
}

/// What a figure is called, wherever it stands in a report.
fn label(value: &serde_json::Value, id: &str) -> Option<String> {
    match value {
        serde_json::Value::Object(map) => {
            if map.get("id").and_then(|v| v.as_str()) == Some(id) && map.contains_key("certainty") {
                return map.get("label").and_then(|v| v.as_str()).map(str::to_owned);
            }
            map.values().find_map(|v| label(v, id))
        }
        serde_json::Value::Array(items) => items.iter().find_map(|v| label(v, id)),
        _ => None,
    }
}
