//! Leads that pass from one office to another and wait, against a clock of its own that is asked lead by lead.

use agreement::clock::{Hours, Run};
use report::{Cell, Section};
use tallies::columns::{lead_cycle as lead, lead_turn as turn};
use tallies::plain::Tables;
use tallies::{Grain, Table};
use terms::{Day, Instant};

use super::{DAY, HOUR, Lead, MONDAY, asked, evidence_holds, force, question, tables, told};
use crate::scorecard::clocks;
use crate::{Question, Turn};

const OFFICES: &str = "[[office]]\nname = \"berlin\"\nzone = \"Europe/Berlin\"\nhours = \"Mon-Fri 09:00-17:00\"\n\
[[office]]\nname = \"boston\"\nzone = \"America/New_York\"\nhours = \"Mon-Thu 08:00-16:00\"\nreps = [\"bob\"]\n";
const PAUSE: &str = "[[pause]]\nreason = \"asked to be called later\"\nstages = [\"On hold\"]\nclocks = \"sales\"\n";
const FIRST: &str = "[sales]\nfirst_attempt = { within = \"4 working hours\", at_least = \"90%\" }\n";

fn at(lead: u64, from: Option<i64>, until: Option<i64>, who: &str) -> Turn {
    Turn { lead, waits: false, from, until, name: Some(who.into()) }
}

fn wait(lead: u64, from: i64, until: Option<i64>, stage: &str) -> Turn {
    Turn { lead, waits: true, from: Some(from), until, name: Some(stage.into()) }
}

/// The tables with these turns as rows of facts too, so that evidence can be looked up.
fn with_turns(mut all: Tables, turns: &[Turn]) -> Tables {
    let mut table = Table::new(Grain::LeadTurn, turns.len());
    for (row, one) in turns.iter().enumerate() {
        table.set(turn::KEY, row, one.lead as i64);
        table.set(turn::WAITS, row, i64::from(one.waits));
        for (column, time) in [(turn::FROM_AT, one.from), (turn::UNTIL_AT, one.until)] {
            time.into_iter().for_each(|time| table.set(column, row, time));
        }
        let column = if one.waits { turn::STAGE_RAW } else { turn::OWNER };
        one.name.iter().for_each(|name| table.set_text(column, row, name));
    }
    all.tables.push(table);
    all
}

fn stood_still(section: &Section) -> Option<Vec<(u64, u64)>> {
    let table = section.tables.iter().find(|t| t.id.ends_with(".waited"))?;
    let figures = table.rows[0].cells[1..].iter();
    let pair = |cell: &Cell| if let Cell::Figure(f) = cell { (f.of.unwrap_or(0), f.n) } else { (0, 0) };
    Some(figures.map(pair).collect())
}

/// 120 leads with owners and waits of all kinds: elapsed, deadline and late or not are those of [`Run`], lead by lead.
#[test]
fn clocks_of_leads_that_pass_and_wait_are_those_of_the_clock_itself() {
    let words = format!("{FIRST}{OFFICES}{PAUSE}");
    let agreed = force(1, "2026-07-01", None, &words);
    let (first, last) = (Day(20_600), Day(20_900));
    let hours: Vec<Hours> = agreed.agreement.offices.iter().map(|o| Hours::new(&o.calendar, first, last)).collect();
    let (mut leads, mut texts, mut turns, mut runs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut chance = 7_u64;
    let mut draw = move |by: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((chance >> 33) % by) as i64
    };
    let instant = |minute: i64| Instant(minute * 60_000);
    for n in 0..120_usize {
        let key = n as u64 + 1;
        let handed = MONDAY + draw(20) * DAY + draw(1_440);
        let tried = handed + draw(4_000);
        leads.push(vec![(lead::HANDOFF_AT, handed), (lead::FIRST_ATTEMPT_AT, tried), (lead::FIRST_IS_DAY, 0)]);
        // from one office to the other and back, at any times about the clock
        let (mut run, mut since, mut owner) = (None::<Run<'_>>, None, draw(2));
        let mut times: Vec<i64> = (0..draw(4)).map(|_| handed - 500 + draw(3_000)).collect();
        times.sort_unstable();
        times.dedup();
        for time in times.iter().copied().map(Some).chain([None]) {
            let office = &hours[owner as usize];
            let begins = since.unwrap_or(handed).max(handed);
            run = Some(match run {
                None => Run::new(instant(handed), office),
                Some(run) => run.passed(instant(begins), office),
            });
            if !times.is_empty() {
                turns.push(at(key, since, time, if owner == 1 { "bob" } else { "berta" }));
            }
            if time.is_some() {
                (since, owner) = (time, 1 - owner);
            }
        }
        if owner == 1 {
            texts.push((n, lead::OWNER, "bob"));
        }
        let mut begins = handed - 300;
        for _ in 0..draw(3) {
            begins += draw(600);
            let ends = begins + draw(900);
            turns.push(wait(key, begins, Some(ends), "ON HOLD"));
            run = run.map(|run| run.paused(instant(begins), Some(instant(ends))));
            begins = ends;
        }
        runs.push((key, handed, tried, run.unwrap()));
    }
    turns.sort();
    let all = with_turns(tables(&leads, &texts), &turns);
    let question = Question { turns: turns.into(), ..question(vec![agreed]) };
    let found = clocks(&question, &all).unwrap();
    assert_eq!(found.len(), 120);
    let (mut late, mut apart) = (0, 0);
    for (key, handed, tried, run) in runs {
        let one = found.iter().find(|clock| clock.lead == key).unwrap();
        let worked = run.elapsed(instant(tried)).unwrap() / 60_000;
        assert_eq!(one.ran == crate::scorecard::Ran::Late, worked > 240, "lead {key}: {worked}");
        assert_eq!(one.late_from, Some(run.deadline(241 * 60_000).unwrap().minutes().into()), "lead {key}");
        late += u64::from(worked > 240);
        let alone = Run::new(instant(handed), &hours[0]).elapsed(instant(tried)).unwrap() / 60_000;
        apart += u64::from(alone != worked);
    }
    assert!((20..100).contains(&late) && apart >= 60, "{late} {apart}");
    let said = asked(&question, &all);
    evidence_holds(&said, &all);
    let (delivered, ..) = told(&said.sections[0], "sales", "first attempt");
    assert_eq!(delivered, format!("{} of 120", 120 - late));
}

/// On Monday at 09:00 in Berlin handed over, tried after eight working hours, six of them on hold.
#[test]
fn a_wait_counts_as_far_as_the_agreement_allows_and_what_it_changed_is_shown() {
    let handed = MONDAY + 7 * HOUR;
    let leads: Vec<Lead<'_>> = (0..30)
        .map(|_| vec![(lead::HANDOFF_AT, handed), (lead::FIRST_ATTEMPT_AT, handed + 8 * HOUR), (lead::FIRST_IS_DAY, 0)])
        .collect();
    let turns: Vec<Turn> = (1..=30)
        .flat_map(|key| [(1, 4), (5, 8)].map(|(a, b)| wait(key, handed + a * HOUR, Some(handed + b * HOUR), "On hold")))
        .collect();
    let all = with_turns(tables(&leads, &[]), &turns);
    let kept = |pause: &str| {
        let agreed = force(1, "2026-07-01", None, &format!("{FIRST}{OFFICES}{pause}"));
        let question = Question { turns: turns.clone().into(), ..question(vec![agreed]) };
        let said = asked(&question, &all);
        (told(&said.sections[0], "sales", "first attempt").0, stood_still(&said.sections[0]))
    };
    let one = |k| Some(vec![(k, 30), (0, 30), (0, 60)]);
    assert_eq!(kept(PAUSE), ("30 of 30".to_owned(), one(30)));
    // four of the six hours are allowed: four of eight worked is in time; three are not enough
    assert_eq!(kept(&format!("{PAUSE}at_most = \"4 working hours\"\n")), ("30 of 30".to_owned(), one(30)));
    assert_eq!(kept(&format!("{PAUSE}at_most = \"3 working hours\"\n")), ("0 of 30".to_owned(), one(0)));
    // of the other side, of another stage, or none
    assert_eq!(kept(&PAUSE.replace("sales", "marketing")), ("0 of 30".to_owned(), None));
    assert_eq!(kept(&PAUSE.replace("On hold", "Nurture")), ("0 of 30".to_owned(), None));
    assert_eq!(kept(""), ("0 of 30".to_owned(), None));
    assert_eq!(kept(&PAUSE.replace("clocks = \"sales\"\n", "")), ("30 of 30".to_owned(), one(30)));
}
