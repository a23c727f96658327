//! What is known at a head of the ledger: its facts by the definitions in force, and the settings that shape a report.
//!
//! Invariant: what is known is a function of the head, the settings and the version of the agreement that is asked for.

use std::path::{Path, PathBuf};

use agreement::Definitions;
use agreement::stages::Ruled;
use facts::{Mapped, Options};
use ledger::{Head, HeadSpec};
use report::Provenance;
use terms::{Currency, Day, Entity, FiscalYear, Instant, Period, PeriodUnit};

use crate::aside::Aside;
use crate::commands::status::Completeness;
use crate::failure::Failure;
use crate::home::{Home, Settings};
use crate::kept::Kept;
use crate::output::Style;
use crate::timings::Timings;
use crate::{agreements, scoring};

/// A head with the facts of its journeys and the settings that shape a report.
pub struct Known {
    /// Which batches.
    pub head: Head,
    /// Their facts.
    pub facts: Mapped,
    /// The settings in force.
    pub settings: Settings,
    /// As if nothing had happened after this day.
    pub as_if: Option<Day>,
    /// Under this version of the agreement, where one was asked for.
    pub under: Option<String>,
    /// When ages and open cohorts are judged.
    pub as_of: Instant,
    /// In which definitions.
    pub definitions: Definitions,
    /// Where the facts are while this lasts, of a home that cannot be written.
    _aside: Vec<Aside>,
    /// What was read of the head so far.
    pub kept: Kept,
}

fn head_spec(text: &str) -> Result<HeadSpec, Failure> {
    if let Ok(seq) = text.parse::<u64>() {
        return Ok(HeadSpec::Seq(seq));
    }
    if let Some(day) = Day::parse(text) {
        return Ok(HeadSpec::Date(Instant(day.plus(1).start().0 - 1)));
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(HeadSpec::Date(Instant(at.as_millisecond())));
    }
    Err(Failure::new("bad_head", format!("`{text}`: is no batch number and no day"))
        .hint("write --at 3 or --at 2026-07-01"))
}

/// The head of a batch number or a day.
pub fn head_at(home: &Home, at: &str) -> Result<Head, Failure> {
    let head = home.ledger.at(&head_spec(at)?)?;
    if head.seq() == 0 && home.ledger.head().seq() > 0 {
        return Err(Failure::new("nothing_then", format!("`{at}`: nothing had been imported by then"))
            .hint("lockstep status lists when each batch was recorded; --as-if DAY leaves out what happened later"));
    }
    Ok(head)
}

impl Known {
    /// What was known at a head, with its facts built where they are not there yet.
    pub fn open(home: &Home, at: Option<&str>, as_if: Option<&str>, style: Style) -> Result<Known, Failure> {
        Known::open_under(home, at, as_if, None, style)
    }

    /// The same as if a version of the agreement had always been in force, signed or not.
    pub fn open_under(
        home: &Home,
        at: Option<&str>,
        as_if: Option<&str>,
        under: Option<&str>,
        style: Style,
    ) -> Result<Known, Failure> {
        let quiet = style.quiet || style.json;
        Known::open_telling(home, at, as_if, under, &|p: facts::Progress| {
            if !quiet && p.entries > 2_000_000 {
                eprintln!("facts: {:?} of {} entries", p.stage, faces::format::count(p.entries as i64));
            }
        })
    }

    /// The same, telling how far the making of facts has come.
    pub fn open_telling(
        home: &Home,
        at: Option<&str>,
        as_if: Option<&str>,
        under: Option<&str>,
        tell: &(dyn Fn(facts::Progress) + Sync),
    ) -> Result<Known, Failure> {
        let head = match at {
            None => home.ledger.head().clone(),
            Some(text) => head_at(home, text)?,
        };
        if head.seq() == 0 {
            return Err(Failure::new("empty_ledger", format!("`{}`: holds nothing at that head", home.root.display()))
                .hint("import something first: lockstep import PATH"));
        }
        let as_if = match as_if {
            None => None,
            Some(text) => Some(Day::parse(text).ok_or_else(|| {
                Failure::new("bad_day", format!("`{text}`: is no day")).hint("write it like 2026-06-30")
            })?),
        };
        let settings = home.settings()?;
        let through = head.data_through().unwrap_or(Instant(0));
        let as_of = match as_if {
            Some(day) => Instant(through.0.min(day.plus(1).start().0 - 1)),
            None => through,
        };
        let options = Options {
            as_if: as_if.map(|day| Instant(day.plus(1).start().0 - 1).minutes()),
            currency: settings.currency,
            own_domains: settings.own_domains.clone(),
            entered: Vec::new(),
        };
        let (mut aside, mut in_use) = (Vec::new(), Vec::new());
        let mut open = |definitions: &Definitions, options: &Options, before: Option<&Mapped>| {
            let (facts, made_aside) = facts_of(home, &head, (definitions, options, before), tell)?;
            aside.extend(made_aside);
            in_use.push(facts.folder().to_owned());
            Ok::<_, Failure>(facts)
        };
        let held = held(&head, under)?;
        let waits = |d: Definitions, one: &analyses::InForce| d.with_waits(&one.agreement, one.from, one.until);
        let recorded = held.iter().fold(Definitions::default(), waits);
        let ruled = ruled(held);
        let known = |head, facts, definitions| Known {
            head,
            facts,
            settings: settings.clone(),
            as_if,
            under: under.map(str::to_owned),
            as_of,
            definitions,
            _aside: Vec::new(),
            kept: Kept::default(),
        };
        let mut out = if ruled.is_empty() {
            let before = earlier(&home.facts(), &head, &recorded, &options);
            let facts = open(&recorded, &options, before.as_ref())?;
            known(head.clone(), facts, recorded)
        } else {
            let definitions = recorded.clone().with_rules(ruled.iter().map(|one| one.stretch.clone()).collect());
            let facts = match facts::standing(&home.facts(), &head, &definitions, &options)? {
                Some(facts) => facts,
                None => {
                    // who entered a stage by a rule is told from the facts in which it is as recorded
                    let root = home.facts();
                    let before = earlier(&root, &head, &recorded, &options);
                    let facts = open(&recorded, &options, before.as_ref())?;
                    let timings = Timings::start();
                    let before = earlier(&root, &head, &definitions, &options);
                    let base = known(head.clone(), facts, recorded);
                    let entered = scoring::entered(&base, &ruled, before.as_ref())?;
                    timings.ends("stages by rules");
                    open(&definitions, &Options { entered, ..options }, before.as_ref())?
                }
            };
            known(head.clone(), facts, definitions)
        };
        in_use.push(out.facts.folder().to_owned());
        out._aside = aside;
        if !home.desk.is_read_only() {
            tidy(&home.facts(), &in_use);
        }
        Ok(out)
    }

    /// The reporting currency.
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.facts.index().made.currency).unwrap_or(Currency::UNKNOWN)
    }

    /// The period asked about: the one named, else the last full quarter.
    pub fn period(&self, asked: Option<&str>) -> Result<Period, Failure> {
        let fiscal = self.settings.fiscal;
        match asked {
            Some(text) => parse_period(fiscal, text),
            None => {
                let current = fiscal.period_of(PeriodUnit::Quarter, self.as_of.day());
                Ok(if self.as_of.day() >= current.last { current } else { current.previous() })
            }
        }
    }

    /// Where a report about some period comes from.
    pub fn provenance(&self, period: String, against: String, seed: u64) -> Provenance {
        let counts = [Entity::Lead, Entity::Opportunity, Entity::Activity, Entity::Touch, Entity::SpendDay]
            .into_iter()
            .filter(|e| self.head.count(*e) > 0)
            .map(|e| format!("{} {} entries", faces::format::count(self.head.count(e) as i64), e.word()))
            .collect();
        Provenance {
            head: self.head.seq(),
            head_hash: self.head.hash().to_owned(),
            data_through: self.head.data_through().map_or_else(|| "not known".to_owned(), |t| t.to_string()),
            as_of: self.as_of.to_string(),
            as_if: self.as_if.map(|d| d.to_string()),
            under: self.under.clone(),
            definitions: self.definitions.name().to_owned(),
            period,
            against,
            fiscal_start: self.settings.fiscal.start_month(),
            currency: self.currency().code().to_owned(),
            seed,
            counts,
            completeness: Completeness::of(&self.head).sentence(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Versions of the agreement that held or hold, in the order of time, as the book of a head says it.
fn held(head: &Head, under: Option<&str>) -> Result<Vec<analyses::InForce>, Failure> {
    if head.count(Entity::Agreement) == 0 {
        return Ok(Vec::new());
    }
    agreements::in_force(&agreements::book(head)?, Instant(i64::MAX), under)
}

/// Stages that they define by rules.
fn ruled(held: Vec<analyses::InForce>) -> Vec<Ruled> {
    let of = |one: analyses::InForce| {
        Ruled::of(&one.agreement, u32::try_from(one.number).unwrap_or(u32::MAX), one.from, one.until)
    };
    held.into_iter().filter_map(of).collect()
}

/// Facts of a head, built where they are not there yet, in a folder aside where the home cannot be written.
fn facts_of(
    home: &Home,
    head: &Head,
    (definitions, options, before): (&Definitions, &Options, Option<&Mapped>),
    tell: &(dyn Fn(facts::Progress) + Sync),
) -> Result<(Mapped, Option<Aside>), Failure> {
    let timings = Timings::start();
    let open = |folder: &Path| {
        facts::open_or_build(folder, head, definitions, options, before, &|p: facts::Progress| {
            timings.ends(&format!("facts until {:?}", p.stage));
            tell(p);
        })
    };
    match open(&home.facts()) {
        Err(_) if home.desk.is_read_only() => {
            let aside = Aside::new()?;
            Ok((open(aside.path())?, Some(aside)))
        }
        facts => Ok((facts?, None)),
    }
}

/// Folders of facts that are kept: facts are disposable, and a few heads are asked for in turn, some by two definitions.
const KEPT: usize = 8;

/// Removes the oldest folders of facts. What cannot be removed stays: it is only room on the disk.
fn tidy(root: &Path, in_use: &[PathBuf]) {
    let Ok(entries) = std::fs::read_dir(root) else { return };
    let mut folders: Vec<(std::time::SystemTime, PathBuf)> = entries
        .filter_map(|e| {
            let e = e.ok()?;
            Some((e.metadata().ok()?.modified().ok()?, e.path()))
        })
        .filter(|(_, path)| !in_use.contains(path) && path.is_dir())
        .collect();
    folders.sort();
    let spare = folders.len().saturating_sub(KEPT - 1);
    for (_, path) in folders.into_iter().take(spare) {
        let _ = std::fs::remove_dir_all(path);
    }
}

/// The facts of an earlier head by the same definitions, so that only the journeys that changed since are folded again.
fn earlier(folder: &Path, head: &Head, definitions: &Definitions, options: &Options) -> Option<Mapped> {
    if options.as_if.is_some() || folder.join(facts::folder_of(head, definitions, options)).exists() {
        return None; // the head's own facts are there
    }
    (1..head.seq()).rev().take(8).find_map(|seq| {
        let old = head.at(&HeadSpec::Seq(seq)).ok()?;
        let path = folder.join(facts::folder_of(&old, definitions, options));
        if path.exists() { Mapped::open(&path).ok() } else { None }
    })
}

/// The period of a text.
pub fn parse_period(fiscal: FiscalYear, text: &str) -> Result<Period, Failure> {
    fiscal.parse_period(text).ok_or_else(|| {
        Failure::new("bad_period", format!("`{text}`: is no period"))
            .hint("write it like 2026Q3, 2026-07, 2026, FY2026Q3 or 2026-07-01..2026-09-30")
    })
}
