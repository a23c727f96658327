//! Somebody who looks through all filters and claims the one that looks strongest: how often does that stand?
//!
//! Here: a company in which nothing differs but by chance, the picker, and a planted difference, each run through the
//! whole check. Tests run a few of them, a recovery run many. Not here: how many are few enough. Invariant: same seed,
//! same company, same claim.

use stats::draws::Draws;
use stats::scan::{self, Cell, Cells, Redraw, Scan};
use tallies::columns::lead_cycle as lead;
use tallies::plain::Tables;
use tallies::{Grain, Table};
use terms::{Day, FiscalYear};

use super::{Against, Ask, Claim, Metric, Side, Verdict, check, filter};
use crate::Error;

/// Leads of the company.
const LEADS: usize = 4_000;
const SOURCES: u64 = 8;
const SEGMENTS: u64 = 5;
const MONTHS: u64 = 12;
/// What share of leads is won where nothing is planted.
const BASE: f64 = 0.2;
/// The first day with leads: 2025-01-01.
const START: Day = Day(20_089);
/// Everything is over by then: 2026-12-31.
const AS_OF: i64 = (20_818 + 1) * 1_440 - 1;

/// What became of some claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Claims checked.
    pub runs: u32,
    /// Of those, with a chance alone of one in twenty or less.
    pub alone: u32,
    /// With a chance after the search of one in twenty or less.
    pub searched: u32,
    /// That held or held in part.
    pub held: u32,
}

struct Company {
    /// Source, segment, month, won.
    leads: Vec<(u64, u64, u64, bool)>,
    days: Vec<i32>,
}

impl Company {
    /// Leads of one seed; those of the first source in the first half of the year are won more often by `lift`.
    fn new(seed: u64, lift: f64) -> Company {
        let mut draws = Draws::new(seed);
        // Beta(1, 1): anywhere between 0 and 1 alike
        let mut unit = || draws.rate(0.5, 1.0).unwrap_or(0.5);
        let (mut leads, mut days) = (Vec::with_capacity(LEADS), Vec::with_capacity(LEADS));
        for _ in 0..LEADS {
            let mut pick = |of: u64| ((unit() * of as f64) as u64).min(of - 1);
            let (source, segment, day) = (pick(SOURCES), pick(SEGMENTS), START.plus(pick(365) as i32));
            let (_, month, _) = day.ymd();
            let month = month as u64 - 1;
            let planted = source == 0 && month < 6;
            leads.push((source, segment, month, unit() < BASE + if planted { lift } else { 0.0 }));
            days.push(day.0);
        }
        Company { leads, days }
    }

    fn tables(&self) -> Tables {
        let mut table = Table::new(Grain::LeadCycle, LEADS);
        for (i, ((source, segment, _, won), day)) in self.leads.iter().zip(&self.days).enumerate() {
            let created = i64::from(*day) * 1_440 + 600;
            table.set(lead::KEY, i, i as i64 + 1);
            table.set_text(lead::SOURCE, i, &format!("source {source}"));
            table.set_text(lead::SEGMENT, i, &format!("segment {segment}"));
            table.set(lead::CREATED_AT, i, created);
            for column in [lead::REACHED_MQL, lead::REACHED_SAL, lead::REACHED_SQL, lead::REACHED_OPPORTUNITY] {
                table.set(column, i, i64::from(*won));
            }
            table.set(lead::REACHED_WON, i, i64::from(*won));
            if *won {
                table.set(lead::WON_AT, i, created + 8 * 1_440);
            }
        }
        Tables { tables: vec![table] }
    }

    /// The strongest filters on a side, of at least so many leads.
    fn picks(&self, side: Side) -> Vec<String> {
        let cell = |(source, segment, month, won): &(u64, u64, u64, bool)| Cell {
            levels: vec![*source as u32, *segment as u32],
            time: *month as u32,
            n: 1,
            k: u32::from(*won == (side == Side::Above)),
        };
        let sizes = [SOURCES as usize, SEGMENTS as usize];
        let cells = Cells::new(&sizes, MONTHS as usize, self.leads.iter().map(cell).collect());
        let Ok(scan) = cells.and_then(|c| Scan::new(c, Redraw::Trials)) else { return vec![] };
        // large, middling and as small as is answered at all
        let strongest = [150, 80, super::settings::LEAST_CASES];
        let mut out: Vec<String> = strongest.iter().filter_map(|f| Some(text(&scan.strongest(*f).ok()??))).collect();
        out.dedup();
        out
    }
}

/// A filter of the kernel as somebody would write it.
fn text(claim: &scan::Claim) -> String {
    let fiscal = FiscalYear::default();
    let month = |m: u32| fiscal.period(terms::PeriodUnit::Month, 2025 * 12 + m as i32);
    let names = ["source", "segment"];
    let mut parts: Vec<String> = claim
        .levels
        .iter()
        .zip(names)
        .filter_map(|(level, name)| level.map(|l| format!("{name} = {name} {l}")))
        .collect();
    if claim.to - claim.from < MONTHS as u32 {
        parts.push(format!("created in {}..{}", month(claim.from).first, month(claim.to - 1).last));
    }
    parts.join(" and ")
}

fn checked(tables: &Tables, words: &str, side: Side, redraws: u32, seed: u64, rates: &mut Rates) -> Result<(), Error> {
    let fiscal = FiscalYear::default();
    let claim = Claim { filter: filter(words, fiscal)?, metric: Metric::Conversion, side, against: Against::Rest };
    let mut ask = Ask::new(claim, AS_OF, fiscal);
    (ask.redraws, ask.seed) = (redraws, seed);
    let checked = check(&ask, tables)?;
    let stands = |p: Option<f64>| u32::from(p.is_some_and(|p| p <= super::settings::STANDS));
    rates.alone = rates.alone.max(stands(checked.alone));
    rates.searched = rates.searched.max(stands(checked.searched));
    let held = matches!(checked.verdict, Verdict::Holds | Verdict::HoldsInPart);
    rates.held = rates.held.max(u32::from(held));
    Ok(())
}

fn add(all: &mut Rates, one: Rates) {
    all.runs += 1;
    all.alone += one.alone;
    all.searched += one.searched;
    all.held += one.held;
}

/// Where nothing is there: a picker claims the strongest filter that the company holds, of whatever size suits best.
///
/// # Errors
/// As [`check`].
pub fn false_positives(seeds: std::ops::Range<u64>, side: Side, redraws: u32) -> Result<Rates, Error> {
    let mut all = Rates::default();
    for seed in seeds {
        let company = Company::new(seed, 0.0);
        let (tables, mut one) = (company.tables(), Rates::default());
        for words in company.picks(side) {
            checked(&tables, &words, side, redraws, seed, &mut one)?;
        }
        add(&mut all, one);
    }
    Ok(all)
}

/// Where some 250 leads are won more often by `lift` (0 to 0.8): an honest claim about just these.
///
/// # Errors
/// As [`check`].
pub fn power(seeds: std::ops::Range<u64>, lift: f64, redraws: u32) -> Result<Rates, Error> {
    let mut all = Rates::default();
    for seed in seeds {
        let (tables, mut one) = (Company::new(seed, lift).tables(), Rates::default());
        let words = "source = source 0 and created in 2025-01-01..2025-06-30";
        checked(&tables, words, Side::Above, redraws, seed, &mut one)?;
        add(&mut all, one);
    }
    Ok(all)
}
