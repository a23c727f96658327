//! Opening what is known at a head: which definitions hold there, and facts by them, made where they are not there yet.
//!
//! Not here: what is known ([`Known`]). Invariant: facts are a function of the head, the settings and the versions that hold.

use std::path::{Path, PathBuf};

use agreement::Definitions;
use agreement::stages::Ruled;
use analyses::InForce;
use facts::{Mapped, Options};
use ledger::{Head, HeadSpec};
use terms::{Day, Instant};

use crate::aside::Aside;
use crate::failure::Failure;
use crate::home::{Home, Settings};
use crate::kept::Kept;
use crate::known::Known;
use crate::scoring;
use crate::timings::Timings;

/// What is opened.
pub struct Opening<'a> {
    /// Whose home it is in.
    pub home: &'a Home,
    /// Which batches.
    pub head: Head,
    /// The settings in force.
    pub settings: Settings,
    /// As if nothing had happened after this day.
    pub as_if: Option<Day>,
    /// When ages and open cohorts are judged.
    pub as_of: Instant,
    /// Folders of facts that are in use besides.
    pub in_use: Vec<PathBuf>,
    /// How far the making of facts has come.
    pub tell: &'a (dyn Fn(facts::Progress) + Sync),
}

impl Opening<'_> {
    /// What is known by versions of the agreement that hold or held, in the order of time.
    pub fn by(self, held: Vec<InForce>, under: Option<&str>) -> Result<Known, Failure> {
        let Opening { home, head, settings, as_if, as_of, mut in_use, tell } = self;
        let options = Options {
            as_if: as_if.map(|day| Instant(day.plus(1).start().0 - 1).minutes()),
            currency: settings.currency,
            own_domains: settings.own_domains.clone(),
            entered: Vec::new(),
        };
        let mut aside = Vec::new();
        let mut open = |definitions: &Definitions, options: &Options, before: Option<&Mapped>| {
            let (facts, made_aside) = facts_of(home, &head, (definitions, options, before), tell)?;
            aside.extend(made_aside);
            in_use.push(facts.folder().to_owned());
            Ok::<_, Failure>(facts)
        };
        let recorded = recorded(&held);
        let ruled = ruled(&held);
        let known = |head, facts, definitions| Known {
            head,
            facts,
            settings: settings.clone(),
            as_if,
            under: under.map(str::to_owned),
            as_of,
            definitions,
            aside: Vec::new(),
            desk: home.desk.clone(),
            kept: Kept::default(),
        };
        let mut out = if ruled.is_empty() {
            let before = earlier(&home.facts(), &head, &recorded, &options);
            let facts = open(&recorded, &options, before.as_ref())?;
            known(head.clone(), facts, recorded)
        } else {
            let definitions = with_rules(recorded.clone(), &ruled);
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
        out.aside = aside;
        if !home.desk.is_read_only() {
            tidy(&home.facts(), &in_use);
        }
        Ok(out)
    }
}

/// What versions say of stages and clocks, where they hold.
pub fn definitions(held: &[InForce]) -> Definitions {
    let (recorded, ruled) = (recorded(held), ruled(held));
    if ruled.is_empty() { recorded } else { with_rules(recorded, &ruled) }
}

/// The same with each stage as recorded.
fn recorded(held: &[InForce]) -> Definitions {
    let waits = |d: Definitions, one: &InForce| d.with_waits(&one.agreement, one.from, one.until);
    held.iter().fold(Definitions::default(), waits)
}

fn with_rules(recorded: Definitions, ruled: &[Ruled]) -> Definitions {
    recorded.with_rules(ruled.iter().map(|one| one.stretch.clone()).collect())
}

/// Stages that they define by rules.
fn ruled(held: &[InForce]) -> Vec<Ruled> {
    let of =
        |one: &InForce| Ruled::of(&one.agreement, u32::try_from(one.number).unwrap_or(u32::MAX), one.from, one.until);
    held.iter().filter_map(of).collect()
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
