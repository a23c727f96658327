//! What must hold for every journey: arrival does not matter, and the past can be replayed.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // A test may stop at the first surprise.

extern crate lockstep_journey as journey;

mod notation;

use journey::{Event, LeadSeen, OpportunitySeen, What};
use notation::Journey;
use proptest::prelude::*;

/// One random line: kind, minute of the journey, precision, choice, choice.
type Seed = (u8, u32, u8, u8, u8);

const DAYS: u32 = 120;

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    prop::collection::vec((0u8..12, 0..DAYS * 1_440, 0u8..6, 0u8..10, 0u8..4), 0..24)
}

fn time(minute: u32) -> String {
    let day = terms::Day::parse("2026-01-01").unwrap().plus((minute / 1_440) as i32);
    format!("{day} {:02}:{:02}", minute / 60 % 24, minute % 60)
}

fn dated(minute: u32, precision: u8, unknown: bool) -> String {
    match precision {
        0 if unknown => "?".to_owned(),
        1 => time(minute)[..10].to_owned(),
        _ => time(minute),
    }
}

/// A journey whose records know only what had happened when they were made. `messy` adds unknown times, deletions and
/// several versions of one event.
fn text(seeds: &[Seed], messy: bool) -> String {
    let stages = terms::Stage::ALL.map(terms::Stage::word);
    let mut lines = vec![
        format!("{} lead source=web", time(7 * 1_440 + 60)),
        format!("{} lead:b source=event stage=inquiry", time(20 * 1_440)),
        format!("{} opportunity amount=100 lead=a is_closed=no is_won=no closed_at=2026-12-31", time(30 * 1_440)),
        format!("{} opportunity:opp2 amount=70 lead=b", time(45 * 1_440)),
    ];
    for (i, (kind, minute, precision, choice, other)) in seeds.iter().enumerate() {
        let lead = if other % 2 == 0 { "a" } else { "b" };
        let opp = if other % 2 == 0 { "opp" } else { "opp2" };
        let stage = stages[usize::from(*choice)];
        let at = dated(*minute, *precision, messy);
        let exact = time(*minute);
        // records begin with their first version
        let after = |first: u32| time((*minute).max(first));
        let first = if lead == "a" { 7 * 1_440 + 61 } else { 20 * 1_440 + 1 };
        let first_opp = if opp == "opp" { 30 * 1_440 + 1 } else { 45 * 1_440 + 1 };
        let id = if messy && *choice == 9 { format!("id={}", i / 2) } else { String::new() };
        let about = ["person", "a", "b", "opp"][usize::from(*other)];
        lines.push(match kind {
            0..=2 => format!("{at} stage:{lead} {stage} {id}"),
            3 => format!("{at} touch email about={about} {id}"),
            4 => format!("{at} touch ads auto about={about} {id}"),
            5 => format!("{at} call out about={about} {id}"),
            6 => format!("{at} meeting out two_way about={about} {id}"),
            7 => format!("{} lead:{lead} stage={stage} owner=u{choice} batch=2", after(first)),
            8 => {
                let t = after(first);
                format!("{t} lead:{lead} is_converted=yes converted_at={} batch=2", t.replace(' ', "T"))
            }
            9 => {
                let t = after(first_opp);
                let closed = ["is_won=yes is_closed=yes", "is_won=no is_closed=yes", "is_closed=no is_won=no"];
                format!(
                    "{t} opportunity:{opp} amount={choice} closed_at={} {} batch=2",
                    &t[..10],
                    closed[usize::from(*choice % 3)]
                )
            }
            10 => {
                let t = after(first_opp);
                let stage = ["opportunity", "closed_won", "closed_lost"][usize::from(*choice % 3)];
                format!("{t} stage:{opp} {stage} amount={choice}")
            }
            _ if messy && *choice < 2 => format!("{} delete:{lead} batch=3", after(first)),
            _ => format!("{exact} task done about={about} {id}"),
        });
    }
    lines.join("\n")
}

/// The same journey, arrived in another order: events and the records they point at.
fn shuffled(journey: &Journey, seed: u64) -> Journey {
    let mut state = seed | 1;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let mut out = journey.clone();
    for i in (1..out.events.len()).rev() {
        out.events.swap(i, next(i + 1));
    }
    let (mut leads, mut opportunities): (Vec<LeadSeen>, Vec<OpportunitySeen>) = (Vec::new(), Vec::new());
    for event in &mut out.events {
        match &mut event.what {
            What::LeadSeen(at) => {
                leads.push(journey.leads[*at as usize]);
                *at = leads.len() as u32 - 1;
            }
            What::OpportunitySeen(at) => {
                opportunities.push(journey.opportunities[*at as usize]);
                *at = opportunities.len() as u32 - 1;
            }
            _ => {}
        }
    }
    (out.leads, out.opportunities) = (leads, opportunities);
    out.opportunity_links.reverse();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_changes_nothing(seeds in seeds(), seed: u64, as_if in prop::option::of(0..DAYS as i32 * 1_440)) {
        let journey = Journey::read(&text(&seeds, true));
        let as_if = as_if.map(|m| notation::minutes("2026-01-01") + m);
        prop_assert_eq!(journey.facts_as_if(as_if), shuffled(&journey, seed).facts_as_if(as_if));
    }

    #[test]
    fn folding_as_if_at_a_moment_equals_folding_what_had_happened_by_then(seeds in seeds(), minute in 0..DAYS as i32 * 1_440) {
        let journey = Journey::read(&text(&seeds, false));
        let as_if = notation::minutes("2026-01-01") + minute;
        let mut prefix = journey.clone();
        prefix.events.retain(|e: &Event| e.when().minutes().is_none_or(|m| m <= as_if));
        let (then, replayed) = (journey.facts_as_if(Some(as_if)), prefix.facts());
        prop_assert_eq!(journey.told(&then), prefix.told(&replayed));
        prop_assert_eq!(then, replayed);
    }

    #[test]
    fn rows_keep_their_promises(seeds in seeds()) {
        let journey = Journey::read(&text(&seeds, true));
        let facts = journey.facts();
        let mut spent = std::collections::BTreeSet::new();
        for c in &facts.cycles {
            let steps = [c.reached_mql, c.reached_sal, c.reached_sql, c.reached_opportunity, c.reached_won];
            prop_assert!(steps.windows(2).all(|w| w[0] >= w[1]), "a later stage implies the earlier: {:?}", steps);
            prop_assert!(c.reached_won + c.exited <= 1, "won and left at once");
            prop_assert!(c.opportunity == 0 || spent.insert(c.opportunity), "money counted twice");
            prop_assert!(c.first_attempt_at == journey::NO_TIME || c.first_attempt_at >= c.handoff_at);
            prop_assert!(c.first_attempt_at == journey::NO_TIME || c.attempts > 0);
        }
        for o in &facts.opportunities {
            prop_assert_eq!(o.won_on != journey::NO_TIME && o.lost_on != journey::NO_TIME, false);
        }
    }

    #[test]
    fn explaining_changes_no_figure(seeds in seeds()) {
        let journey = Journey::read(&text(&seeds, true));
        let (facts, told) = journey::explain(&journey.input(), &agreement::Definitions::default(), None, &|_| None);
        prop_assert_eq!(facts, journey.facts());
        prop_assert!(told.len() >= facts_rows(&journey));
    }
}

fn facts_rows(journey: &Journey) -> usize {
    let facts = journey.facts();
    facts.cycles.len().min(1) + facts.opportunities.len()
}
