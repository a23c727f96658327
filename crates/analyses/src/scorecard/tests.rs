use agreement::document::Agreement;
use report::{Cell, Section, Value};
use tallies::columns::lead_cycle as lead;
use tallies::plain::Tables;
use tallies::{Column, Grain, Table};
use terms::{Currency, Day, FiscalYear, Instant};

use crate::tests::{complete, evidence_holds};
use crate::{Answer, InForce, Question, answer};

/// Monday 2026-07-06, in minutes: the first week of a quarter of whole weeks.
const MONDAY: i64 = 20_640 * 1_440;
/// Until the end of 2026-10-04.
const AS_OF: i64 = 20_731 * 1_440 - 1;
mod beside;
mod courses;

const DAY: i64 = 1_440;
const HOUR: i64 = 60;

const OFFICE: &str = "[[office]]\nname = \"here\"\nzone = \"UTC\"\nhours = \"Mon-Fri 09:00-17:00\"\n";

fn agreement(clauses: &str) -> Agreement {
    let head = "name = \"t\"\neffective = 2026-01-01\n[signers]\nsales = [\"S\"]\nmarketing = [\"M\"]\n";
    Agreement::parse(&format!("{head}{clauses}"), "t").unwrap()
}

fn force(number: usize, from: &str, until: Option<&str>, clauses: &str) -> InForce {
    let day = |text: &str| Day::parse(text).unwrap().start();
    InForce { number, from: day(from), until: until.map(day), agreement: agreement(clauses), is_asked: false }
}

fn question(agreements: Vec<InForce>) -> Question {
    let period = FiscalYear::default().parse_period("2026Q3").unwrap();
    Question { agreements, ..Question::new(period, AS_OF, Currency::parse("EUR").unwrap()) }
}

/// One lead: what is set on it.
type Lead<'a> = Vec<(Column, i64)>;

fn tables(leads: &[Lead<'_>], texts: &[(usize, Column, &str)]) -> Tables {
    let mut table = Table::new(Grain::LeadCycle, leads.len());
    for (i, lead) in leads.iter().enumerate() {
        table.set(lead::KEY, i, i as i64 + 1);
        for (column, value) in lead {
            table.set(*column, i, *value);
            if *column == lead::HANDOFF_AT {
                table.set(lead::CREATED_AT, i, value - 2 * HOUR);
            }
            // on record at once, unless it is set after
            if [lead::FIRST_ATTEMPT_AT, lead::FIRST_CONTACT_AT].contains(column) {
                table.set(lead::ON_RECORD_AT, i, *value);
            }
        }
    }
    for (i, column, text) in texts {
        table.set_text(*column, *i, text);
    }
    Tables { tables: vec![table] }
}

fn asked(question: &Question, tables: &Tables) -> Answer {
    let answer = answer(question, &["scorecard"], tables).unwrap();
    complete(&answer);
    evidence_holds(&answer, tables);
    answer
}

/// A row of a team's table: delivered as `k of n`, in all, how it stands.
fn told(section: &Section, team: &str, clause: &str) -> (String, u64, String) {
    let table = section.tables.iter().find(|t| t.id.ends_with(&format!(".{team}"))).unwrap();
    let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
    let row = table.rows.iter().find(|r| text(&r.cells[0]) == clause).unwrap();
    let delivered = match &row.cells[2] {
        Cell::Figure(f) => match (f.of, f.value) {
            (Some(k), _) => format!("{k} of {}", f.n),
            (None, Value::Whole(n)) => n.to_string(),
            _ => String::new(),
        },
        _ => "nothing".to_owned(),
    };
    let all = if let Cell::Figure(f) = &row.cells[3] { f.n } else { 0 };
    (delivered, all, text(&row.cells[5]))
}

fn codes(section: &Section) -> Vec<&str> {
    section.findings.iter().map(|f| f.code.as_str()).collect()
}

const FIRST: &str = "[sales]\nfirst_attempt = { within = \"4 working hours\", at_least = \"90%\" }\n";

/// Leads handed over on Fridays at 16:00 and tried on Monday at 11:00: three working hours, 67 by the clock.
#[test]
fn a_night_and_a_weekend_are_nobodys_delay() {
    let friday = |week: i64| MONDAY + week * 7 * DAY + 4 * DAY + 16 * HOUR;
    let leads: Vec<Lead<'_>> = (0..80)
        .map(|i| {
            let handed = friday(i % 10);
            vec![(lead::HANDOFF_AT, handed), (lead::FIRST_ATTEMPT_AT, handed + 67 * HOUR), (lead::FIRST_IS_DAY, 0)]
        })
        .collect();
    let tables = tables(&leads, &[]);
    let said = asked(&question(vec![force(1, "2026-07-01", None, &format!("{FIRST}{OFFICE}"))]), &tables);
    let section = &said.sections[0];
    assert_eq!(told(section, "sales", "first attempt"), ("80 of 80".to_owned(), 80, "kept".to_owned()));
    assert_eq!(codes(section), ["working_hours_matter"]);
    // without an office every hour is a working hour
    let said = asked(&question(vec![force(1, "2026-07-01", None, FIRST)]), &tables);
    let section = &said.sections[0];
    assert_eq!(told(section, "sales", "first attempt"), ("0 of 80".to_owned(), 80, "not kept".to_owned()));
    assert_eq!(codes(section), ["not_kept"]);
    assert!(section.caveats.iter().any(|c| c.contains("names no office")));
}

/// To the minute: the last one in time, the next one not; a lead whose time still runs is not judged, kept or not.
#[test]
fn the_last_minute_is_in_time_and_what_still_runs_is_not_judged() {
    let handed = MONDAY + 9 * HOUR;
    let try_after = |minutes: i64| {
        vec![(lead::HANDOFF_AT, handed), (lead::FIRST_ATTEMPT_AT, handed + minutes), (lead::FIRST_IS_DAY, 0)]
    };
    // Sunday 2026-10-04 ends the record: a lead of Friday 16:00 has had one working hour
    let late = 20_729 * DAY - DAY + 16 * HOUR;
    assert_eq!(Day(20_728).weekday(), 4);
    let running = vec![(lead::HANDOFF_AT, late)];
    let quick = vec![(lead::HANDOFF_AT, late), (lead::FIRST_ATTEMPT_AT, late + 5), (lead::FIRST_IS_DAY, 0)];
    let never = vec![(lead::HANDOFF_AT, handed)];
    let tables = tables(&[try_after(240), try_after(241), running, quick, never], &[]);
    let mut question = question(vec![force(1, "2026-07-01", None, &format!("{FIRST}{OFFICE}"))]);
    question.period = FiscalYear::default().parse_period("2026-07-01..2026-10-04").unwrap();
    let said = asked(&question, &tables);
    let (delivered, all, _) = told(&said.sections[0], "sales", "first attempt");
    assert_eq!((delivered.as_str(), all), ("1 of 3", 5));
    let waiting = said.sections[0].tables.iter().find(|t| t.id.ends_with("not_judged")).unwrap();
    let Cell::Figure(open) = &waiting.rows[0].cells[1] else { panic!() };
    assert_eq!(open.n, 2);
}

/// A status that was changed within the hour is no attempt; a contact that came from the lead is one.
#[test]
fn a_status_flip_stops_no_clock() {
    let handed = MONDAY + 10 * HOUR;
    let flipped = vec![(lead::HANDOFF_AT, handed), (lead::SAL_AT, handed + 10), (lead::EXIT_AT, handed + 20)];
    let contacted = vec![(lead::HANDOFF_AT, handed), (lead::FIRST_CONTACT_AT, handed + 30)];
    let tried = vec![(lead::HANDOFF_AT, handed), (lead::FIRST_ATTEMPT_AT, handed + 30), (lead::FIRST_IS_DAY, 0)];
    let mut leads: Vec<Lead<'_>> = (0..60).map(|_| flipped.clone()).collect();
    leads.extend((0..20).map(|_| contacted.clone()));
    leads.push(tried);
    let clauses = format!("{FIRST}disposition = {{ within = \"1 working day\", at_least = \"50%\" }}\n{OFFICE}");
    let said = asked(&question(vec![force(1, "2026-07-01", None, &clauses)]), &tables(&leads, &[]));
    let section = &said.sections[0];
    assert_eq!(told(section, "sales", "first attempt"), ("21 of 81".to_owned(), 81, "not kept".to_owned()));
    // what was decided is another clause
    assert_eq!(told(section, "sales", "disposition"), ("60 of 81".to_owned(), 81, "kept".to_owned()));
}

/// Tasks dated to the hand-off and written down days later move no clock, and the page says how many there are; records
/// that were all made in a move from another tool are taken as they are dated.
#[test]
fn back_dated_tasks_move_no_clock() {
    let handed = |i: i64| MONDAY + i % 5 * DAY + 10 * HOUR;
    let tried = |i: i64, after: i64, recorded: i64| {
        vec![
            (lead::HANDOFF_AT, handed(i)),
            (lead::FIRST_ATTEMPT_AT, handed(i) + after),
            (lead::FIRST_IS_DAY, 0),
            (lead::ON_RECORD_AT, handed(i) + recorded),
        ]
    };
    let clauses = format!("{FIRST}{OFFICE}");
    let told_of = |leads: &[Lead<'_>]| {
        let said = asked(&question(vec![force(1, "2026-07-01", None, &clauses)]), &tables(leads, &[]));
        let section = said.sections[0].clone();
        (told(&section, "sales", "first attempt").0, section)
    };
    let mut leads: Vec<Lead<'_>> = (0..50).map(|i| tried(i, 120, 120)).collect();
    leads.extend((0..30).map(|i| tried(i, 2, 3 * DAY)));
    let (delivered, section) = told_of(&leads);
    assert_eq!(delivered, "50 of 80");
    assert_eq!(codes(&section), ["not_kept", "written_later"]);
    let table = section.tables.iter().find(|t| t.id.ends_with(".on_record")).unwrap();
    let Cell::Figure(differ) = &table.rows[0].cells[3] else { panic!() };
    assert_eq!(differ.n, 30);
    let moved: Vec<Lead<'_>> = (0..80).map(|i| tried(i, 120, 40 * DAY)).collect();
    let (delivered, section) = told_of(&moved);
    assert_eq!(delivered, "80 of 80");
    assert!(section.caveats.iter().any(|c| c.contains("move from another tool")), "{:?}", section.caveats);
}

/// The list of clocks adds up to what the scorecard counts, and says since when each was late.
#[test]
fn the_clocks_one_by_one_are_those_that_are_counted() {
    let mut leads: Vec<Lead<'_>> = Vec::new();
    for i in 0..400_i64 {
        let handed = MONDAY + i * 331;
        let mut lead = vec![(lead::HANDOFF_AT, handed), (lead::FIRST_IS_DAY, 0)];
        if i % 3 > 0 {
            lead.push((lead::FIRST_ATTEMPT_AT, handed + i * 37 % 4_000));
        }
        if i % 5 > 0 {
            lead.push((lead::SAL_AT, handed + i * 91 % 9_000));
        }
        leads.push(lead);
    }
    let clauses = format!("{FIRST}disposition = {{ within = \"2 working days\", at_least = \"50%\" }}\n{OFFICE}");
    let tables = tables(&leads, &[]);
    let question = question(vec![force(1, "2026-07-01", None, &clauses)]);
    let said = asked(&question, &tables);
    let all = super::clocks(&question, &tables).unwrap();
    for (clause, name) in [("first_attempt", "first attempt"), ("disposition", "disposition")] {
        let of = |is: &dyn Fn(&super::OneClock) -> bool| all.iter().filter(|c| c.clause == clause && is(c)).count();
        let over = of(&|c| c.is_over);
        let in_time = of(&|c| c.is_over && c.ran == super::Ran::InTime);
        assert_eq!(told(&said.sections[0], "sales", name).0, format!("{in_time} of {over}"));
        assert_eq!(of(&|c| c.ran == super::Ran::Late && !c.is_over), 0);
        assert!(of(&|c| c.ran == super::Ran::Late) > 50 && in_time > 50, "{in_time} of {over}");
    }
    for clock in &all {
        let Some(late) = clock.late_from else { continue };
        let stopped = clock.stopped.unwrap_or(AS_OF);
        assert_eq!(clock.ran == super::Ran::Late, stopped >= late, "{clock:?}");
    }
}

#[test]
fn each_version_judges_what_fell_in_its_time() {
    let mut leads: Vec<Lead<'_>> = Vec::new();
    for i in 0..120 {
        let handed = MONDAY + (i % 60) / 5 * 7 * DAY + (i % 5) * DAY + 10 * HOUR;
        leads.push(vec![
            (lead::HANDOFF_AT, handed),
            (lead::FIRST_ATTEMPT_AT, handed + 3 * HOUR),
            (lead::FIRST_IS_DAY, 0),
        ]);
    }
    let strict = FIRST.replace("4 working", "2 working");
    let versions = vec![
        force(1, "2026-01-01", Some("2026-08-17"), &format!("{FIRST}{OFFICE}")),
        force(2, "2026-08-17", None, &format!("{strict}{OFFICE}")),
    ];
    let tables = tables(&leads, &[]);
    let said = asked(&question(versions.clone()), &tables);
    let [first, second] = &said.sections[..] else { panic!() };
    assert_eq!(told(first, "sales", "first attempt"), ("60 of 60".to_owned(), 60, "kept".to_owned()));
    assert_eq!(told(second, "sales", "first attempt"), ("0 of 60".to_owned(), 60, "not kept".to_owned()));
    assert!(first.caveats[0].contains("from 2026-07-01 to 2026-08-16"), "{:?}", first.caveats);
    assert!(said.headline.contains("version 2"));
    // read under the other one, all of it
    let mut under = versions[0].clone();
    (under.from, under.until, under.is_asked) = (Instant(i64::MIN), None, true);
    let said = asked(&question(vec![under]), &tables);
    assert_eq!(told(&said.sections[0], "sales", "first attempt").0, "120 of 120");
    assert!(said.sections[0].title.ends_with("read under version 1"));
    assert!(said.sections[0].caveats[0].contains("as if it had been in force"));
    // before it began there was none
    let mut before = question(versions);
    before.period = FiscalYear::default().parse_period("2025Q3").unwrap();
    let said = asked(&before, &tables);
    assert_eq!(said.sections[0].refusals[0].code, "no_agreement");
}

/// Lead by lead: Berlin's morning is Boston's night.
#[test]
fn a_clock_follows_the_office_of_the_rep_or_of_the_lead() {
    // 08:30 UTC: Berlin works since half past nine, Boston does not
    let handed = MONDAY + 8 * HOUR + 30;
    let lead = vec![(lead::HANDOFF_AT, handed), (lead::FIRST_ATTEMPT_AT, handed + 6 * HOUR), (lead::FIRST_IS_DAY, 0)];
    let leads: Vec<Lead<'_>> = (0..3).map(|_| lead.clone()).collect();
    let texts = [
        (0, lead::OWNER, "b1"),
        (0, lead::COUNTRY, "DE"),
        (1, lead::OWNER, "u1"),
        (1, lead::COUNTRY, "DE"),
        (2, lead::OWNER, "x"),
        (2, lead::COUNTRY, "US"),
    ];
    let office = |name: &str, zone: &str, country: &str, rep: &str| {
        format!(
            "[[office]]\nname = \"{name}\"\nzone = \"{zone}\"\nhours = \"Mon-Fri 09:00-17:00\"\ncountries = [\"{country}\"]\nreps = [\"{rep}\"]\n"
        )
    };
    let offices = office("berlin", "Europe/Berlin", "DE", "b1") + &office("boston", "America/New_York", "US", "u1");
    for (whose, kept) in [("rep", 1), ("lead", 1)] {
        let clauses = format!("{FIRST}{offices}");
        let text = format!(
            "name = \"t\"\neffective = 2026-01-01\nclocks_follow = \"{whose}\"\n[signers]\nsales = [\"S\"]\nmarketing = [\"M\"]\n{clauses}"
        );
        let agreement = Agreement::parse(&text, "t").unwrap();
        let from = Day::parse("2026-07-01").unwrap().start();
        let force = InForce { number: 1, from, until: None, agreement, is_asked: false };
        let said = asked(&question(vec![force]), &tables(&leads, &texts));
        // six hours of Berlin are too many; of Boston they are an hour and a half
        let (delivered, ..) = told(&said.sections[0], "sales", "first attempt");
        assert_eq!(delivered, format!("{kept} of 3"), "{whose}");
    }
}

#[test]
fn leads_by_period_and_segment_count_whole_periods_only() {
    let clauses = "[[marketing.leads]]\nsegment = \"Large\"\ncount = 3\nper = \"month\"\n[[marketing.leads]]\ncount = 9\nper = \"month\"\n[[marketing.leads]]\nsegment = \"Huge\"\ncount = 1\nper = \"quarter\"\n";
    let mut leads: Vec<Lead<'_>> = Vec::new();
    let mut texts = Vec::new();
    for (month, n) in [(7, 10), (8, 8), (9, 12)] {
        for i in 0..n {
            let day = Day::from_ymd(2026, month, 2 + i).unwrap();
            if i % 3 == 0 {
                texts.push((leads.len(), lead::SEGMENT, "Large"));
            }
            leads.push(vec![(lead::HANDOFF_AT, i64::from(day.0) * DAY + 600)]);
        }
    }
    let tables = tables(&leads, &texts);
    let said = asked(&question(vec![force(1, "2026-07-01", None, clauses)]), &tables);
    let section = &said.sections[0];
    assert_eq!(told(section, "marketing", "leads, Large"), ("3".to_owned(), 11, "kept".to_owned()));
    assert_eq!(told(section, "marketing", "leads"), ("8".to_owned(), 30, "not kept".to_owned()));
    let (_, _, stands) = told(section, "marketing", "leads, Huge");
    assert!(stands.starts_with("cannot be told: no lead has ever had the segment `Huge`"), "{stands}");
    // a version of the middle of July on is not asked for July
    let said = asked(&question(vec![force(1, "2026-07-15", None, clauses)]), &tables);
    assert_eq!(told(&said.sections[0], "marketing", "leads").1, 20);
}

/// 300 leads of the year before came to 30 wins of 1,000.00, so that one is worth 100.00; 80 leads of the quarter are worth
/// 8,000.00, give or take a third.
#[test]
fn leads_are_worth_what_their_like_came_to() {
    let mut leads: Vec<Lead<'_>> = Vec::new();
    for i in 0..300 {
        let handed = MONDAY - 300 * DAY + i * DAY / 2;
        let mut lead = vec![(lead::HANDOFF_AT, handed), (lead::REACHED_WON, i64::from(i % 10 == 0))];
        if i % 10 == 0 {
            lead.extend([(lead::WON_AT, handed + 20 * DAY), (lead::AMOUNT, 100_000)]);
        }
        leads.push(lead);
    }
    leads.extend((0..80).map(|i| vec![(lead::HANDOFF_AT, MONDAY + i % 60 * DAY + 600), (lead::REACHED_WON, 0)]));
    let tables = tables(&leads, &[]);
    for (value, stands) in [(4_000, "kept"), (8_000, "the data cannot say"), (14_000, "not kept")] {
        let clauses = format!("[[marketing.lead_value]]\nvalue = {value}\nper = \"quarter\"\n");
        let said = asked(&question(vec![force(1, "2026-07-01", None, &clauses)]), &tables);
        let section = &said.sections[0];
        assert_eq!(told(section, "marketing", "lead value").2, stands, "{value}");
        let figure =
            crate::placeholders::figures(section).find(|f| f.id == "scorecard.v1.marketing.lead_value").unwrap();
        assert!(matches!(figure.value, Value::Real(x) if (x - 800_000.0).abs() < 1e-6), "{figure:?}");
    }
    let few: Vec<Lead<'_>> =
        leads.iter().filter(|l| l.iter().all(|c| c.0 != lead::WON_AT)).cloned().chain([leads[0].clone()]).collect();
    let clauses = "[[marketing.lead_value]]\nvalue = 5\nper = \"quarter\"\n";
    let said = asked(&question(vec![force(1, "2026-07-01", None, clauses)]), &super::tests::tables(&few, &[]));
    assert!(told(&said.sections[0], "marketing", "lead value").2.starts_with("cannot be told: fewer than 20"));
}

#[test]
fn opportunities_are_judged_when_leads_are_old_enough() {
    let clauses = "[marketing]\nopportunity_rate = { at_least = \"20%\" }\n";
    let mut leads: Vec<Lead<'_>> = Vec::new();
    for i in 0..400 {
        let handed = MONDAY + (i % 80) * DAY + 600;
        let mut lead = vec![(lead::HANDOFF_AT, handed), (lead::REACHED_OPPORTUNITY, 0)];
        let comes = handed + (5 + i % 20) * DAY;
        if i % 3 == 0 && comes <= AS_OF {
            lead = vec![(lead::HANDOFF_AT, handed), (lead::REACHED_OPPORTUNITY, 1), (lead::OPPORTUNITY_AT, comes)];
        }
        leads.push(lead);
    }
    let said = asked(&question(vec![force(1, "2026-07-01", None, clauses)]), &tables(&leads, &[]));
    let section = &said.sections[0];
    let (delivered, all, stands) = told(section, "marketing", "opportunity rate");
    let (k, n) =
        delivered.split_once(" of ").map(|(k, n)| (k.parse::<f64>().unwrap(), n.parse::<f64>().unwrap())).unwrap();
    assert!((k / n - 1.0 / 3.0).abs() < 0.02 && n < 400.0 && all == 400, "{delivered}");
    assert_eq!(stands, "kept");
}

#[test]
fn a_recycled_lead_has_a_clock_of_marketings_own_until_it_comes_back_or_is_closed() {
    let clauses =
        format!("[sales]\n[marketing]\nrecycled_leads = {{ within = \"30 days\", at_least = \"60%\" }}\n{OFFICE}");
    let handed = MONDAY + 10 * HOUR;
    let recycled = |end: Option<(Column, i64)>| {
        let mut lead = vec![(lead::HANDOFF_AT, handed), (lead::RECYCLED_AT, handed + DAY)];
        lead.extend(end.map(|(column, days)| (column, handed + DAY + days * DAY)));
        lead
    };
    let leads = [
        recycled(Some((lead::RETURNED_AT, 20))),
        recycled(Some((lead::DISQUALIFIED_AT, 10))),
        recycled(Some((lead::RETURNED_AT, 45))),
        recycled(None),
    ];
    let said = asked(&question(vec![force(1, "2026-07-01", None, &clauses)]), &tables(&leads, &[]));
    let section = &said.sections[0];
    let (delivered, all, stands) = told(section, "marketing", "recycled leads");
    assert_eq!((delivered.as_str(), all, stands.as_str()), ("2 of 4", 4, "the data cannot say"));
}

#[test]
fn returns_fields_and_answers_to_rejections() {
    let clauses = format!(
        "[sales]\nattempts = {{ count = 3, over = \"5 days\" }}\n[marketing]\ncompleteness = {{ fields = [\"country\", \"industry\"], at_least = \"50%\" }}\nrejected_leads = {{ within = \"2 working days\", at_least = \"60%\" }}\n{OFFICE}"
    );
    let handed = MONDAY + 10 * HOUR;
    let returned = |tries: i64, days: i64| {
        vec![
            (lead::HANDOFF_AT, handed),
            (lead::FIRST_ATTEMPT_AT, handed + HOUR),
            (lead::TRIES, tries),
            (lead::RECYCLED_AT, handed + HOUR + days * DAY),
        ]
    };
    let mut answered = returned(1, 1);
    answered.push((lead::FIRST_CONTACT_AT, handed + 2 * HOUR));
    let mut late_answer = returned(3, 6);
    late_answer.push((lead::FIRST_CONTACT_AT, handed + 20 * DAY));
    let rejected = |days: Option<i64>| {
        let mut lead = vec![(lead::HANDOFF_AT, handed), (lead::REJECTED_AT, handed + DAY)];
        lead.extend(days.map(|d| (lead::DISQUALIFIED_AT, handed + DAY + d * DAY)));
        lead
    };
    let leads = [
        returned(3, 5),
        returned(3, 4),
        returned(2, 9),
        answered,
        late_answer,
        rejected(Some(1)),
        rejected(Some(9)),
        rejected(None),
    ];
    let mut texts: Vec<(usize, Column, &str)> = (0..8).map(|i| (i, lead::COUNTRY, "DE")).collect();
    texts.extend((0..6).map(|i| (i, lead::INDUSTRY, "Steel")));
    let said = asked(&question(vec![force(1, "2026-07-01", None, &clauses)]), &tables(&leads, &texts));
    let section = &said.sections[0];
    // the one that answered is no return without an answer; one that was broken is enough where every one was promised
    assert_eq!(told(section, "sales", "attempts"), ("2 of 4".to_owned(), 4, "not kept".to_owned()));
    assert_eq!(told(section, "marketing", "completeness").0, "6 of 8");
    assert_eq!(
        told(section, "marketing", "rejected leads"),
        ("1 of 3".to_owned(), 3, "the data cannot say".to_owned())
    );
    assert_eq!(codes(section), ["not_kept", "cannot_say", "cannot_say"]);
}

#[test]
fn what_no_record_holds_says_so_and_what_would_settle_it() {
    let draft = Agreement::parse(agreement::document::DRAFT, "draft").unwrap();
    let from = Day::parse("2026-07-01").unwrap().start();
    let force = InForce { number: 1, from, until: None, agreement: draft, is_asked: false };
    let leads = [vec![(lead::CREATED_AT, MONDAY)]];
    let said = asked(&question(vec![force]), &tables(&leads, &[]));
    let section = &said.sections[0];
    // eleven clauses, of which that on rejected leads had nothing to answer
    assert_eq!(section.not_known.len(), 10);
    assert!(section.not_known.iter().all(|n| !n.settle.is_empty()));
    let (.., stands) = told(section, "sales", "first attempt");
    assert_eq!(stands, "cannot be told: no hand-off has a time");
    // both sides by the same columns
    let heads = |team: &str| section.tables.iter().find(|t| t.id.ends_with(team)).unwrap().columns.clone();
    assert_eq!(heads(".sales"), heads(".marketing"));
}

#[test]
fn without_an_agreement_only_who_asks_for_it_is_told() {
    let tables = tables(&[vec![(lead::CREATED_AT, MONDAY)]], &[]);
    let said = asked(&question(vec![]), &tables);
    assert_eq!(said.sections[0].refusals[0].code, "no_agreement");
    let all = answer(&question(vec![]), &[], &tables).unwrap();
    assert!(all.sections.iter().all(|s| !s.id.starts_with("scorecard")));
}
