//! What the served pages ask for, answered from the home.
//!
//! Here: one head with its facts, held until another process makes a newer one; reports worked out once for each head and question.
//! Not here: pages (`web`). Invariant: a page shows what the commands print for the same question, because both come from the same
//! functions.

mod acted;
mod acts;
mod answers;
mod cache;
mod clerk;
pub mod clocks;
pub mod disputes;
mod huddle;
mod items;
mod leads;
mod making;
mod mend;
mod papers;
mod rooms;
mod signing;
pub mod sweep;
mod team;
mod uploads;
mod warm;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use desk::{Desk, Inbox, Sent, TakenIn};
use report::Report;
use tokio::sync::watch;
use web::{
    Answer, Asked, By, CheckedText, ClaimAsked, Clocks, DisputeLine, Huddle, ImportState, LeadAct, LeadPage,
    LeadsAsked, LeadsPage, LedgerPage, Listing, Moment, Paged, Recorded, Said, SavedLine, SettingLine, Signing,
    TakenItems, Text, Trouble, TroubleKind, VersionLine,
};

use self::cache::Cache;
use crate::agreements;
use crate::commands::claim::{self, Written};
use crate::commands::{explain, preview, rows, verify};
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::known::Known;
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

/// What pages show, held for all of them.
struct Holding {
    held: Mutex<Held>,
    /// Whoever makes facts: two threads that made the same ones would spoil them.
    making: Mutex<()>,
    /// What was known at the earlier batch that was asked for last.
    past: Mutex<Option<Arc<Known>>>,
    /// How far facts of such a batch are, while they are made.
    made: making::Making,
    /// What pages show now, for those that follow it.
    moments: watch::Sender<Moment>,
}

/// The home, as pages ask it.
pub struct Serving {
    root: PathBuf,
    desk: Desk,
    holding: Arc<Holding>,
    reports: Cache<Asked, Report>,
    claims: Cache<ClaimAsked, Report>,
    open: Cache<(), clocks::Open>,
    /// All clocks as of a minute; of a large company they take some megabytes.
    clocks: Cache<i64, Clocks>,
    leads: Cache<String, (web::LeadPage, terms::Key)>,
    books: Cache<(), agreement::book::Book>,
    clocks_of: Cache<(i64, Vec<String>), Clocks>,
    lines: Cache<(), team::Lines>,
    /// What was done on pages or pushed, until the ledger has it.
    inbox: Inbox,
    clerk: Arc<clerk::Desk>,
    /// The import that somebody began on a page.
    uploads: Arc<uploads::Uploads>,
    /// By how many milliseconds the company's time is ahead of the machine's: an invented company lives in its own.
    ahead: i64,
}

/// How long whoever did something waits for pages to show it; it is on the disk before.
const PATIENCE: Duration = Duration::from_millis(2_500);

impl Serving {
    /// Over a home; a fresh connection to its desk, beside the one that sessions use.
    ///
    /// # Errors
    /// Where the inbox cannot be opened.
    pub fn of(home: Home, ahead: i64) -> Result<Serving, Failure> {
        let (root, desk) = (home.root.clone(), home.desk.clone());
        let inbox = Inbox::open(root.join("inbox.sqlite"))?;
        uploads::Uploads::clean(&root);
        let held = Held { written: written(&root), home: Arc::new(home), known: None, asked: String::new() };
        Ok(Serving {
            inbox,
            clerk: Arc::default(),
            uploads: Arc::default(),
            ahead,
            root,
            desk,
            holding: Arc::new(Holding {
                held: Mutex::new(held),
                making: Mutex::default(),
                made: making::Making::default(),
                past: Mutex::default(),
                moments: watch::Sender::default(),
            }),
            reports: Cache::default(),
            claims: Cache::default(),
            open: Cache::default(),
            clocks: Cache::of(2),
            leads: Cache::default(),
            books: Cache::default(),
            clocks_of: Cache::default(),
            lines: Cache::default(),
        })
    }

    /// Starts whoever carries what was taken in to the ledger.
    pub fn start(self: &Arc<Serving>) {
        let serving = Arc::downgrade(self);
        std::thread::spawn(move || clerk::work(serving));
        let serving = Arc::downgrade(self);
        let moments = self.holding.moments.subscribe();
        std::thread::spawn(move || warm::work(&serving, moments));
    }

    /// Now, in the company's time.
    fn now(&self) -> terms::Instant {
        terms::Instant(home::now().0 + self.ahead)
    }

    /// Knows the newest head, its facts made here and now.
    fn renew(&self) -> Result<(), Failure> {
        let home = self.home()?;
        self.holding.make(&home).map(drop)
    }

    /// Puts what was done where it cannot be lost, and waits a little for pages to show it.
    fn keep(&self, acted: &[acted::Acted], subject: Option<u64>, by: &By) -> Result<bool, Failure> {
        let lines = acted.iter().map(acted::Acted::line).collect::<Result<Vec<_>, _>>()?;
        let body = lines.join("\n");
        let sent = Sent {
            sender: &by.user,
            name: None,
            digest: "",
            received: self.now(),
            source: sweep::PAGES,
            subject,
            body: &body,
            answer: "",
        };
        let TakenIn::New(number) = self.inbox.take_in(&sent)? else { return Ok(false) };
        self.holding.tick();
        self.clerk.ring();
        Ok(self.clerk.wait_for(number, PATIENCE))
    }

    /// All disputes as pages show them, what waits in the inbox included; the newest first.
    fn disputes_of(&self, known: &Known, of: Option<u64>) -> Result<Vec<DisputeLine>, Failure> {
        let mut out = Vec::new();
        for one in disputes::all(known.dispute_steps()?, Some(&self.inbox))?.iter().rev() {
            let subject = one.dispute.subject;
            if of.is_none_or(|of| of == subject.hash) {
                let owner = papers::owner(known, subject)?;
                out.push(disputes::line(one, owner, &self.desk, self.now())?);
            }
        }
        Ok(out)
    }

    /// Writes to the ledger here and now. While an import holds it, this waits a little and then says so.
    fn writing<T>(&self, act: impl Fn(&mut Home) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut home = self.own_home()?;
        let mut tries = 0;
        loop {
            match act(&mut home) {
                Err(failure) if matches!(failure.code.as_str(), "busy" | "lost_race") && tries < 20 => {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(100));
                }
                done => return done,
            }
        }
    }

    fn take_items(&self, items: &[u8], key: Option<&str>, by: &By) -> Result<TakenItems, Failure> {
        let (received, usual) = (self.now(), self.home()?.settings()?.currency);
        let (body, answer) = items::sorted(items, received, usual)?;
        if body.is_empty() && key.is_none() {
            return Ok(answer);
        }
        let told = serde_json::to_string(&answer).map_err(|e| Failure::new("damaged", e.to_string()))?;
        let sent = Sent {
            sender: &by.user,
            name: key,
            digest: &items::digest(items),
            received,
            source: sweep::API,
            subject: None,
            body: &body,
            answer: &told,
        };
        match self.inbox.take_in(&sent)? {
            // nobody waits to see it: what comes within a few seconds makes one batch
            TakenIn::New(_) => Ok(answer),
            TakenIn::Again(told) => serde_json::from_str(&told).map_err(|e| Failure::new("damaged", e.to_string())),
            TakenIn::KeyUsed => Err(Failure::new("key_used", "other items came under this key before")
                .hint("send each set of items under a key of its own, and the same set again under the same key")),
        }
    }

    /// The open clocks of a head.
    fn open_clocks(&self, known: &Known) -> Result<Arc<clocks::Open>, Trouble> {
        self.open.get(known.head.hash(), &(), || clocks::open(known).map_err(trouble))
    }

    /// The agreements of a home, read once for each head.
    fn book(&self, home: &Home) -> Result<Arc<agreement::book::Book>, Trouble> {
        let head = home.ledger.head();
        self.books.get(head.hash(), &(), || crate::agreements::book(head).map_err(trouble))
    }

    /// The home as it is now: opened again where a batch came since.
    fn home(&self) -> Result<Arc<Home>, Failure> {
        let mut held = self.holding.held();
        let now = written(&self.root);
        if now != held.written {
            // what was read of older batches is kept
            let mut ledger = held.home.ledger.clone();
            ledger.refresh()?;
            let home = Home { root: self.root.clone(), ledger, desk: self.desk.clone() };
            (held.written, held.home) = (now, Arc::new(home));
        }
        Ok(held.home.clone())
    }

    /// The home with a connection of its own to the desk, for who writes: a page that reads does not wait for it.
    fn own_home(&self) -> Result<Home, Failure> {
        let ledger = self.home()?.ledger.clone();
        Ok(Home { root: self.root.clone(), ledger, desk: Desk::open(self.root.join("desk.sqlite"))? })
    }

    /// What was known at an earlier batch or day. Its facts are made beside where they do not stand, for one batch at a time:
    /// whoever asks before they do is told how far it is.
    fn known_at(&self, at: &str) -> Result<Arc<Known>, Failure> {
        let home = self.home()?;
        let seq = crate::known::head_at(&home, at)?.seq();
        let held = || self.holding.past().clone().filter(|known| known.head.seq() == seq);
        if let Some(known) = held() {
            return Ok(known);
        }
        if self.holding.made.begin(seq) {
            let (holding, at) = (self.holding.clone(), at.to_owned());
            let failed = Arc::new(Mutex::new(None));
            let told = failed.clone();
            std::thread::spawn(move || {
                let _one = holding.making.lock().unwrap_or_else(PoisonError::into_inner);
                let tell = |p: facts::Progress| holding.made.tell(p.stage);
                match Known::open_telling(&home, Some(&at), None, None, &tell) {
                    Ok(known) => *holding.past() = Some(Arc::new(known)),
                    Err(failure) => {
                        log(&failure);
                        *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
                    }
                }
                holding.made.end();
            });
            self.holding.made.wait(PATIENCE);
            if let Some(failure) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Err(failure);
            }
        } else {
            self.holding.made.wait(PATIENCE);
        }
        let again =
            || Failure::new(making::WORKING, format!("what was known at batch {seq} is about to be worked out"));
        held().ok_or_else(|| self.holding.made.said(seq).unwrap_or_else(again))
    }

    /// What is known at the newest head whose facts stand. Those of a newer one are made beside: until then readers see what
    /// they saw, and pages say which batch that is.
    fn known(&self) -> Result<Arc<Known>, Failure> {
        let home = self.home()?;
        let mut held = self.holding.held();
        let Some(known) = held.known.clone() else {
            drop(held);
            return self.holding.make(&home);
        };
        let newest = home.ledger.head().hash().to_owned();
        if known.head.hash() != newest && held.asked != newest {
            held.asked = newest;
            let holding = self.holding.clone();
            std::thread::spawn(move || {
                if let Err(failure) = holding.make(&home) {
                    log(&failure);
                }
            });
        }
        Ok(known)
    }
}

impl Holding {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn past(&self) -> MutexGuard<'_, Option<Arc<Known>>> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something that pages show changed, and no batch came.
    fn tick(&self) {
        self.moments.send_modify(|moment| moment.tick += 1);
    }

    /// Makes the facts of a home's head, by one thread at a time, and holds them unless a later head is known already; gives what
    /// is held then.
    fn make(&self, home: &Home) -> Result<Arc<Known>, Failure> {
        let _one = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = |known: &Arc<Known>| known.head.seq() >= home.ledger.head().seq();
        if let Some(known) = self.held().known.clone().filter(is_known) {
            return Ok(known);
        }
        let newer = Arc::new(Known::open(home, None, None, STYLE)?);
        self.held().known = Some(newer.clone());
        self.moments.send_modify(|moment| moment.batch = newer.head.seq());
        Ok(newer)
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
    const ASKED: [&str; 39] = [
        "ledger_broken",
        "unknown_head",
        "bad_head",
        "nothing_then",
        "bad_receipt",
        "ledger_rewritten",
        "claim_exists",
        "bad_period",
        "bad_against",
        "no_plan",
        "bad_claim",
        "bad_metric",
        "bad_comparison",
        "bad_by",
        "bad_number",
        "bad_outcome",
        "bad_rows",
        "claims.filter",
        "analyses.filter",
        "bad_filter",
        "no_evidence",
        "per_person",
        "cannot_now",
        "no_reason",
        "no_words",
        "too_long",
        "no_side",
        "not_taken",
        "bad_items",
        "key_used",
        "agreement",
        "seal",
        "bad_cursor",
        "bad_stage",
        "bad_setting",
        "unknown_setting",
        "import_runs",
        "no_upload",
        "mapping",
    ];
    const MISSING: [&str; 7] = [
        "unknown_rejects",
        "unknown_figure",
        "unknown_lead",
        "unknown_claim",
        "unknown_version",
        "unknown_dispute",
        "empty_ledger",
    ];
    let is_asked = ASKED.contains(&failure.code.as_str())
        || failure.code.starts_with("analyses.") && failure.code != "analyses.facts";
    let kind = match failure.code.as_str() {
        code if MISSING.contains(&code) => TroubleKind::Missing,
        making::WORKING => TroubleKind::Later,
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

/// Rows of a figure on a page.
const ROWS: usize = 200;

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
