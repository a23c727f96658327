//! Clauses that are judged by what is read beside the facts: target accounts, requests.

use terms::Team;

use super::*;
use crate::{Requested, Worked};

#[test]
fn target_accounts_are_worked_in_every_period_or_the_clause_is_not_kept() {
    let clauses = "target_accounts = [\"a.example\", \"b.example\", \"c.example\"]\n";
    let owed =
        |share: &str| format!("{clauses}[sales]\ntarget_accounts = {{ at_least = \"{share}\", per = \"month\" }}\n");
    let day = |text: &str| i64::from(Day::parse(text).unwrap().start().minutes());
    let one = |domain: &str, at: &[&str]| Worked {
        domain: domain.to_owned(),
        accounts: vec![],
        is_known: !at.is_empty(),
        at: at.iter().map(|d| day(d)).collect(),
    };
    let judged = |share: &str, worked: Vec<Worked>| {
        // keys before tables are of the document itself
        let text = owed(share);
        let head = "name = \"t\"\neffective = 2026-01-01\n";
        let signers = "[signers]\nsales = [\"S\"]\nmarketing = [\"M\"]\n";
        let (targets, rest) = text.split_once("[sales]").unwrap();
        let agreement = Agreement::parse(&format!("{head}{targets}{signers}[sales]{rest}"), "t").unwrap();
        let from = Day::parse("2026-01-01").unwrap().start();
        let force = InForce { number: 1, from, until: None, agreement, is_asked: false };
        let question = Question { worked, ..question(vec![force]) };
        asked(&question, &tables(&[vec![(lead::CREATED_AT, MONDAY)]], &[]))
    };
    let both = ["2026-07-01", "2026-08-15", "2026-09-01"];
    let worked = || {
        vec![
            one("a.example", &both),
            one("B.example", &["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-01"]),
            one("c.example", &[]),
            one("other.example", &both),
        ]
    };
    let kept = judged("60%", worked());
    let (delivered, all, stands) = told(&kept.sections[0], "sales", "target accounts");
    assert_eq!((delivered.as_str(), all, stands.as_str()), ("2 of 3", 3, "kept"));
    assert!(kept.sections[0].caveats.iter().any(|c| c.starts_with("Of the 3 target accounts 1 are in no record")));
    let not = judged("70%", worked());
    assert_eq!(told(&not.sections[0], "sales", "target accounts").2, "not kept");
    assert_eq!(codes(&not.sections[0]), ["not_kept"]);
    // in August nobody worked b
    let mut gap = worked();
    gap[1].at.remove(1);
    assert_eq!(told(&judged("60%", gap).sections[0], "sales", "target accounts").0, "1 of 3");
    let (.., stands) = told(&judged("60%", vec![one("c.example", &[])]).sections[0], "sales", "target accounts");
    assert!(stands.starts_with("cannot be told: no account, lead or contact has a domain"), "{stands}");
}

#[test]
fn requests_run_in_working_hours_and_conversations_count_by_period() {
    let text = format!(
        "{OFFICE}[sales]\ncustomer_access = {{ count = 1, per = \"month\" }}\n[marketing]\ncontent_requests = {{ within = \"8 working hours\", at_least = \"50%\" }}\n"
    );
    let at = |day: &str, hour: i64| i64::from(Day::parse(day).unwrap().start().minutes()) + hour * HOUR;
    let content = |asked: Option<i64>, answered: Option<i64>| Requested { of: Team::Marketing, asked, answered };
    let given = |day: &str| Requested { of: Team::Sales, asked: None, answered: Some(at(day, 12)) };
    let judged = |requests: Vec<Requested>| {
        let question = Question { requests, ..question(vec![force(1, "2026-01-01", None, &text)]) };
        asked(&question, &tables(&[vec![(lead::CREATED_AT, MONDAY)]], &[]))
    };
    // Friday 16:00 to Monday 16:00 is eight working hours, a minute more is late; one of June is not of the period
    let friday = at("2026-07-10", 16);
    let said = judged(vec![
        content(Some(friday), Some(at("2026-07-13", 16))),
        content(Some(friday), Some(at("2026-07-13", 16) + 1)),
        content(Some(friday), None),
        content(Some(AS_OF - HOUR), None),
        content(Some(at("2026-06-01", 9)), None),
        content(None, Some(friday)),
        given("2026-07-31"),
        given("2026-08-01"),
        given("2026-09-30"),
    ]);
    let section = &said.sections[0];
    let (.., all, _) = told(section, "marketing", "content requests");
    let judged_here = section.tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.cells).find_map(|cell| match cell {
        Cell::Figure(f) if f.id == "scorecard.v1.marketing.content_requests" => Some((f.of, f.n)),
        _ => None,
    });
    let running = u64::from(AS_OF - HOUR <= at("2026-09-30", 24));
    assert_eq!((judged_here, all), (Some((Some(1), 3)), 3 + running));
    assert_eq!(told(section, "sales", "customer access"), ("1".to_owned(), 3, "kept".to_owned()));
    let fewer = judged(vec![given("2026-07-31"), given("2026-09-30")]);
    assert_eq!(told(&fewer.sections[0], "sales", "customer access").2, "not kept");
    let (.., stands) = told(&fewer.sections[0], "marketing", "content requests");
    assert_eq!(stands, "cannot be told: no request for content is recorded");
}
