//! The fold beside figures that another tool counted from real data. Skipped where the data is absent.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // A test may stop at the first surprise.
#![allow(clippy::disallowed_methods)] // The test reads files and the environment; the fold does not.

extern crate lockstep_journey as journey;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use agreement::{ActivityKind, Definitions, Direction};
use journey::{Event, Fold, JourneyFacts, JourneyInput, LeadCycle, LeadSeen, Source, What};
use terms::{Day, Entity, Instant, Key, Stage, When};

fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LOCKSTEP_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no reference data");
    None
}

/// `2012-03-14 15:04:54.681`, with anything of a fraction and a zone behind it that is UTC.
fn instant(text: &str) -> When {
    let day = Day::parse(&text[..10]).unwrap();
    let part = |a: usize, b: usize| text.get(a..b).map_or(0, |t| t.parse::<i64>().unwrap());
    let milli = text.get(19..).and_then(|t| t.strip_prefix('.')).map_or(0, |t| {
        let digits: String = t.chars().take_while(char::is_ascii_digit).chain("000".chars()).take(3).collect();
        digits.parse::<i64>().unwrap()
    });
    When::Instant(Instant(
        day.start().0 + part(11, 13) * 3_600_000 + part(14, 16) * 60_000 + part(17, 19) * 1_000 + milli,
    ))
}

#[derive(Default)]
struct Case {
    events: Vec<Event>,
    leads: Vec<LeadSeen>,
    origin: String,
}

impl Case {
    fn version(&mut self, key: Key, at: When, line: u32, seen: LeadSeen) {
        self.leads.push(seen);
        let what = What::LeadSeen(self.leads.len() as u32 - 1);
        self.events.push(Event::new(at, key, key, Source { batch: 1, file: 0, line }, what));
    }
}

fn folded(cases: &BTreeMap<String, Case>) -> Vec<(&Case, LeadCycle)> {
    let definitions = Definitions::default();
    let mut fold = Fold::new(&definitions, None);
    let mut facts = JourneyFacts::default();
    let mut out = Vec::new();
    for (i, case) in cases.values().enumerate() {
        facts.cycles.clear();
        let input = JourneyInput {
            journey: i as u64 + 1,
            events: &case.events,
            leads: &case.leads,
            opportunities: &[],
            lead_links: &[],
            opportunity_links: &[],
        };
        fold.run(&input, &mut facts);
        out.extend(facts.cycles.iter().map(|c| (case, *c)));
    }
    out
}

#[test]
fn olist_has_its_wins_by_origin_and_one_before_its_first_contact() {
    let (Some(mqls), Some(deals)) = (
        data("olist-marketing-funnel/olist_marketing_qualified_leads_dataset.csv"),
        data("olist-marketing-funnel/olist_closed_deals_dataset.csv"),
    ) else {
        return;
    };
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    let key = |id: &str| Key::of(Entity::Lead, "olist", id);
    for (i, line) in std::fs::read_to_string(mqls).unwrap().lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let created_at = When::Day(Day::parse(cells[1]).unwrap());
        let case = cases.entry(cells[0].to_owned()).or_default();
        case.origin = cells[3].trim().to_owned();
        let seen = LeadSeen { created_at, stage: Some(Stage::Mql), source: 1, ..LeadSeen::default() };
        case.version(key(cells[0]), created_at, i as u32, seen);
    }
    for (i, line) in std::fs::read_to_string(deals).unwrap().lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let won_at = instant(cells[4]);
        let case = cases.get_mut(cells[0]).unwrap();
        let seen = LeadSeen { won_at, stage: Some(Stage::ClosedWon), ..LeadSeen::default() };
        case.version(key(cells[0]), won_at, i as u32, seen);
    }
    let rows = folded(&cases);
    assert_eq!(rows.len(), 8_000);
    let won = |of: &dyn Fn(&Case) -> bool| {
        let own: Vec<_> = rows.iter().filter(|(case, _)| of(case)).collect();
        (own.len(), own.iter().filter(|(_, c)| c.reached_won == 1).count())
    };
    assert_eq!(won(&|_| true), (8_000, 842));
    assert_eq!(won(&|c| c.origin == "organic_search"), (2_296, 271));
    assert_eq!(won(&|c| c.origin == "unknown"), (1_099, 179));
    assert_eq!(won(&|c| c.origin.is_empty()), (60, 14));
    assert!(rows.iter().all(|(_, c)| c.source == 1 && c.reached_mql == 1), "the later version keeps the source");
    assert_eq!(rows.iter().filter(|(_, c)| c.won_before_created == 1).count(), 1);
    let mut days: Vec<i32> = rows
        .iter()
        .filter(|(_, c)| c.reached_won == 1)
        .map(|(_, c)| c.won_at.div_euclid(1_440) - c.created_at.div_euclid(1_440))
        .collect();
    days.sort_unstable();
    assert_eq!((days[0], days[841], days[420], days[421]), (-2, 427, 14, 14));
}

#[test]
fn bpi_2012_has_its_funnel_and_its_first_calls() {
    let Some(path) = data("bpic2012-loan-events/bpic2012_events.csv.gz") else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for (i, line) in text.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (id, activity, lifecycle, at) = (cells[0], cells[3].trim(), cells[4], instant(cells[5]));
        let key = Key::of(Entity::Lead, "bpic2012", id);
        let source = Source { batch: 1, file: 0, line: i as u32 };
        let own = Key::of(Entity::Activity, "bpic2012", &i.to_string());
        let case = cases.entry(id.to_owned()).or_default();
        let stage = match activity {
            "A_SUBMITTED" => Stage::Inquiry,
            "A_PREACCEPTED" => Stage::Mql,
            "A_ACCEPTED" => Stage::Sal,
            "A_FINALIZED" => Stage::Sql,
            "O_SENT" => Stage::Opportunity,
            "A_APPROVED" => Stage::ClosedWon,
            "A_DECLINED" => Stage::Disqualified,
            "A_CANCELLED" => Stage::ClosedLost,
            "W_Afhandelen leads" if lifecycle == "SCHEDULE" => {
                case.version(key, at, i as u32, LeadSeen { handoff_at: at, ..LeadSeen::default() });
                continue;
            }
            "W_Afhandelen leads" if lifecycle == "START" => {
                let what = What::Activity {
                    rep: 0,
                    kind: ActivityKind::Call,
                    direction: Direction::Outbound,
                    contact: false,
                    automatic: false,
                    done: Some(true),
                    written_after: 0,
                };
                case.events.push(Event::new(at, own, key, source, what));
                continue;
            }
            _ => continue,
        };
        if stage == Stage::Inquiry {
            let seen = LeadSeen { created_at: at, stage: Some(stage), ..LeadSeen::default() };
            case.version(key, at, i as u32, seen);
        }
        let what = What::StageEntered { stage: Some(stage), raw: 0, amount: journey::NO_MONEY, waits: false };
        case.events.push(Event::new(at, own, key, source, what));
    }
    let rows = folded(&cases);
    assert_eq!(rows.len(), 13_087, "no case begins a second cycle");
    let count = |of: &dyn Fn(&LeadCycle) -> bool| rows.iter().filter(|(_, c)| of(c)).count();
    assert_eq!(count(&|c| c.mql_at != journey::NO_TIME), 7_367);
    assert_eq!(count(&|c| c.sal_at != journey::NO_TIME), 5_113);
    assert_eq!(count(&|c| c.opportunity_at != journey::NO_TIME), 5_015);
    assert_eq!(count(&|c| c.reached_won == 1), 2_246);
    assert_eq!(count(&|c| c.disqualified_at != journey::NO_TIME), 7_635);
    assert_eq!(count(&|c| c.lost_at != journey::NO_TIME), 2_807);
    assert_eq!(count(&|c| c.reached_won == 0 && c.exited == 0), 399, "still open");

    let mut waits: Vec<i32> =
        rows.iter().filter(|(_, c)| c.attempts > 0).map(|(_, c)| c.first_attempt_at - c.handoff_at).collect();
    waits.sort_unstable();
    assert_eq!(waits.len(), 4_755, "none never started");
    // whole minutes: at most one off
    let at = |share: f64| f64::from(waits[(share * 4_754.0) as usize]);
    for (share, minutes) in [(0.25, 9.90), (0.5, 42.45), (0.75, 592.19), (0.9, 888.25), (1.0, 42.15 * 60.0)] {
        assert!((at(share) - minutes).abs() <= 1.5, "{share}: {} beside {minutes}", at(share));
    }
    assert!(waits[0] >= 0);
}
